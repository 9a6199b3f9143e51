//! Files, read and written so that nothing is ever lost.
//!
//! Writing has two steps. First all new contents go to temporary files beside
//! their targets; only when each of them is complete on disk do renames put
//! them in place. So a full disk or a read-only folder leaves every old file as
//! it was. A temporary file has the mode 0600 until it is complete, and is
//! locked while its process lives, so that what a killed one left is known. A
//! file that would not change is not touched at all.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, Permissions, TryLockError};
use std::io::{self, ErrorKind, Read as _, Seek as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{self as unix, FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use rustix::fs::Mode;
use tempfile::NamedTempFile;
use tilde_bundle::Sources;

use crate::problem::Problem;
use crate::progress::Progress;

/// The longest source in bytes: token offsets are 32 bits wide.
pub(crate) const MAX_LEN: u64 = u32::MAX as u64;

/// As many links as Linux follows.
const MAX_LINKS: usize = 40;

/// Temporary files are hidden and carry this in front, so that globs and
/// `watch` pass them over.
pub(crate) const TEMPORARY_PREFIX: &str = ".tilde-";
const TEMPORARY_SUFFIX: &str = ".tmp";

/// The path that means standard input or output.
pub(crate) fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The sources of a build: files below a folder, and perhaps standard input.
pub(crate) struct Disk<'a> {
    pub(crate) root: &'a Path,
    /// What `-` stands for, where it stands for something.
    pub(crate) stdin: Option<&'a [u8]>,
    pub(crate) progress: &'a Progress,
}

impl Sources for Disk<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.progress.step();
        match self.stdin {
            Some(stdin) if is_dash(path) => Ok(stdin.to_vec()),
            // The bundler puts the error's text into its message.
            _ => read(&self.root.join(path))
                .map_err(|error| io::Error::new(error.kind(), reason(&error))),
        }
    }

    fn is_file(&self, path: &Path) -> bool {
        self.root.join(path).is_file()
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.root.join(path).is_dir()
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        self.root.join(path).canonicalize().ok()
    }
}

/// Reads a source. `-` is no special name here.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    read_identified(path).map(|(bytes, _)| bytes)
}

/// Reads a source, and says which file it was.
pub(crate) fn read_identified(path: &Path) -> io::Result<(Vec<u8>, Identity)> {
    let (file, metadata) = open(path)?;
    Ok((read_open(file, &metadata)?, Identity::of(&metadata)))
}

/// Reads a source into a buffer that has served others. What comes back is the
/// part of it that the source takes.
pub(crate) fn read_into<'a>(path: &Path, buffer: &'a mut Vec<u8>) -> io::Result<&'a [u8]> {
    let (file, metadata) = open(path)?;
    let len = fill(buffer, file, &metadata)?;
    Ok(&buffer[..len])
}

/// The same for a file that is open.
pub(crate) fn read_open(file: File, metadata: &Metadata) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let len = fill(&mut bytes, file, metadata)?;
    bytes.truncate(len);
    Ok(bytes)
}

fn open(path: &Path) -> io::Result<(File, Metadata)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    check_kind(&metadata)?;
    Ok((file, metadata))
}

/// Reads a file to the start of a buffer. Says how much it was.
fn fill(buffer: &mut Vec<u8>, mut file: File, metadata: &Metadata) -> io::Result<usize> {
    let mut len = 0;
    if metadata.is_file() {
        let room = metadata.len() as usize + 1;
        if buffer.len() < room {
            buffer.resize(room, 0);
        }
        len = file.read(&mut buffer[..room])?;
        // A system may give less than was asked for before the end, too: Linux
        // never gives more than 2 GiB at once.
        if len + 1 == room {
            return Ok(len);
        }
    }
    // Not every file says how long it is (pipes, /proc), and one may grow.
    buffer.truncate(len);
    file.take(MAX_LEN + 1 - len as u64).read_to_end(buffer)?;
    check_len(buffer.len() as u64)?;
    Ok(buffer.len())
}

/// Reads standard input to its end.
pub(crate) fn read_stdin() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_LEN + 1).read_to_end(&mut bytes)?;
    check_len(bytes.len() as u64)?;
    Ok(bytes)
}

/// What the file is, links followed, if it can be a source.
pub(crate) fn stat(path: &Path) -> io::Result<Metadata> {
    let metadata = fs::metadata(path)?;
    check_kind(&metadata)?;
    Ok(metadata)
}

fn check_kind(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    check_len(metadata.len())
}

fn check_len(len: u64) -> io::Result<()> {
    if len > MAX_LEN { Err(ErrorKind::FileTooLarge.into()) } else { Ok(()) }
}

/// The same file has the same identity, by whatever name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino() }
    }
}

/// An error of the system in words that help, without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    // ELOOP has no stable name in std yet; it is 40 on Linux, 62 on macOS.
    let is_loop = matches!(error.raw_os_error(), Some(40 | 62)) && error.kind() != ErrorKind::Other;
    match error.kind() {
        _ if is_loop => "its symbolic links lead in a circle".to_owned(),
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder, not a file".to_owned(),
        ErrorKind::NotADirectory => "a part of this path is a file, not a folder".to_owned(),
        ErrorKind::FileTooLarge => "it is larger than 4 GiB".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::QuotaExceeded => "the disk quota is used up".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_owned()
        }
    }
}

/// A source that cannot be read, as a problem.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Problem {
    let message = format!("cannot read {}: {}", path.display(), reason(error));
    let problem = Problem::error("T-READ", message);
    match error.kind() {
        ErrorKind::NotFound if fs::symlink_metadata(path).is_ok() => {
            problem.help("it is a symbolic link whose target is gone")
        }
        ErrorKind::NotFound => problem.help("check the name"),
        ErrorKind::IsADirectory => {
            problem.help(format!("name the files in it, such as {}/*.php", path.display()))
        }
        ErrorKind::FileTooLarge => problem.help("tilde reads files of up to 4 GiB"),
        _ => problem,
    }
}

/// New contents for a file.
pub(crate) struct Write<'a> {
    pub(crate) path: &'a Path,
    pub(crate) bytes: &'a [u8],
    /// Whether its folder is created if it is missing.
    pub(crate) makes_folder: bool,
    /// The file must be newer than this one, also if its bytes stay.
    pub(crate) newer_than: Option<&'a Path>,
}

impl<'a> Write<'a> {
    /// New contents for a file in a folder that is there.
    pub(crate) fn new(path: &'a Path, bytes: &'a [u8]) -> Self {
        Self { path, bytes, makes_folder: false, newer_than: None }
    }
}

/// What became of a [`Write`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Wrote,
    Unchanged,
}

/// Writes all files or, if one cannot be written, none. Files that have these
/// bytes already are left alone.
///
/// Between the renames themselves there is no going back: if the second of two
/// fails although its folder took the temporary file, the first has happened.
pub(crate) fn write_all(writes: &[Write<'_>]) -> Result<Vec<Outcome>, Problem> {
    sweep(writes);
    let prepared: Vec<Prepared<'_>> = writes.iter().map(prepare).collect::<Result<_, _>>()?;
    let outcomes: Vec<Outcome> =
        prepared.into_iter().map(Prepared::commit).collect::<Result<_, _>>()?;
    for write in writes {
        if let Some(other) = write.newer_than {
            make_newer(write.path, other).map_err(|error| {
                let (path, other) = (write.path.display(), other.display());
                let reason = reason(&error);
                let message = format!("cannot make {path} newer than {other}: {reason}");
                Problem::error("T-WRITE", message)
            })?;
        }
    }
    Ok(outcomes)
}

/// Makes the file newer by a whole second, as PHP compares no less than that.
/// Leaves it alone if it is, or if there is no other file.
fn make_newer(path: &Path, other: &Path) -> io::Result<()> {
    let Ok(other) = fs::metadata(other) else { return Ok(()) };
    if fs::metadata(path)?.mtime() > other.mtime() {
        return Ok(());
    }
    let whole = match u64::try_from(other.mtime()) {
        Ok(seconds) => SystemTime::UNIX_EPOCH + Duration::from_secs(seconds),
        Err(_) => SystemTime::UNIX_EPOCH,
    };
    File::options().write(true).open(path)?.set_modified(whole + Duration::from_secs(1))
}

/// Whether the file has exactly these bytes. Pipes, devices and descriptors have
/// none: to read them could take for ever.
pub(crate) fn has_bytes(path: &Path, bytes: &[u8]) -> bool {
    let has_len =
        fs::metadata(path).is_ok_and(|old| old.is_file() && old.len() == bytes.len() as u64);
    has_len && !is_descriptor(path) && starts_with(path, bytes).unwrap_or(false)
}

fn starts_with(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut buffer = [0; 16 * 1024];
    for chunk in bytes.chunks(buffer.len()) {
        let old = &mut buffer[..chunk.len()];
        file.read_exact(old)?;
        if old != chunk {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes a file that is never in memory as a whole: `work` gets an empty file
/// beside the target, to write, read and seek in. If that fails, or the file has
/// these bytes already, nothing changes.
pub(crate) fn write_with(
    path: &Path,
    work: impl FnOnce(&mut File) -> Result<(), Problem>,
) -> Result<Outcome, Problem> {
    let fail = |error: io::Error| unwritable(path, &error);
    let target = resolve(path).map_err(fail)?;
    let old = fs::metadata(&target).ok();
    if old.as_ref().is_some_and(Metadata::is_dir) {
        return Err(fail(ErrorKind::IsADirectory.into()));
    }
    if is_dash(path) || is_descriptor(path) || old.as_ref().is_some_and(is_stream) {
        let mut file = tempfile::tempfile().map_err(fail)?;
        work(&mut file)?;
        file.rewind().map_err(fail)?;
        return stream_out(file, path).map(|()| Outcome::Wrote).map_err(fail);
    }
    sweep(&[Write::new(path, &[])]);
    let mut file = locked_temporary(folder_of(&target)).map_err(fail)?;
    work(file.as_file_mut())?;
    if old.is_some() && has_same_bytes(file.as_file_mut(), &target).map_err(fail)? {
        return Ok(Outcome::Unchanged);
    }
    finish(&file, old.as_ref()).map_err(fail)?;
    // Where nothing is replaced, nothing is lost if the machine stops now, and
    // to wait for the disk takes longer than to write an archive.
    if old.is_some() {
        file.as_file().sync_data().map_err(fail)?;
    }
    file.persist(&target).map_err(|error| fail(error.error))?;
    Ok(Outcome::Wrote)
}

/// Hands a file to an open descriptor, a device or a pipe. A reader who has
/// closed the pipe has seen enough.
fn stream_out(mut file: File, path: &Path) -> io::Result<()> {
    let is_stdout = is_dash(path) || descriptor(path).is_some_and(|name| name == "1");
    let copied = if is_stdout {
        io::copy(&mut file, &mut io::stdout().lock())
    } else {
        io::copy(&mut file, &mut File::options().append(true).open(path)?)
    };
    match copied {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

fn has_same_bytes(file: &mut File, target: &Path) -> io::Result<bool> {
    let mut old = File::open(target)?;
    if file.metadata()?.len() != old.metadata()?.len() {
        return Ok(false);
    }
    file.rewind()?;
    let (mut ours, mut theirs) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    loop {
        let len = file.read(&mut ours)?;
        if len == 0 {
            return Ok(true);
        }
        old.read_exact(&mut theirs[..len])?;
        if ours[..len] != theirs[..len] {
            return Ok(false);
        }
    }
}

/// A write that needs only its last step.
enum Prepared<'a> {
    Unchanged,
    /// A complete temporary file, and the place where it goes.
    Rename(NamedTempFile, PathBuf, &'a Path),
    /// A device or a pipe: it cannot be replaced, only written to.
    Direct(&'a Path, &'a [u8]),
}

fn prepare<'a>(write: &Write<'a>) -> Result<Prepared<'a>, Problem> {
    let (path, bytes) = (write.path, write.bytes);
    if write.makes_folder {
        let folder = folder_of(path);
        fs::create_dir_all(folder).map_err(|error| {
            let (path, folder) = (path.display(), folder.display());
            let reason = reason(&error);
            let message = format!("cannot write {path}: cannot create {folder}: {reason}");
            Problem::error("T-WRITE", message)
        })?;
    }
    if is_descriptor(path) {
        return Ok(Prepared::Direct(path, bytes));
    }
    let target = resolve(path).map_err(|error| unwritable(path, &error))?;
    let old = match fs::metadata(&target) {
        Ok(old) if old.is_dir() => {
            return Err(unwritable(path, &ErrorKind::IsADirectory.into()));
        }
        Ok(old) if is_stream(&old) => return Ok(Prepared::Direct(path, bytes)),
        Ok(_) if has_bytes(&target, bytes) => return Ok(Prepared::Unchanged),
        Ok(old) => Some(old),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(unwritable(path, &error)),
    };
    let file = temporary(&target, bytes, old.as_ref()).map_err(|error| unwritable(path, &error))?;
    Ok(Prepared::Rename(file, target, path))
}

impl Prepared<'_> {
    fn commit(self) -> Result<Outcome, Problem> {
        match self {
            Self::Unchanged => Ok(Outcome::Unchanged),
            Self::Rename(file, target, path) => match file.persist(target) {
                Ok(_) => Ok(Outcome::Wrote),
                Err(error) => Err(unwritable(path, &error.error)),
            },
            Self::Direct(path, bytes) => match write_to_stream(path, bytes) {
                Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                    Err(unwritable(path, &error))
                }
                _ => Ok(Outcome::Wrote),
            },
        }
    }
}

fn write_to_stream(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // The descriptor itself, which knows where in a file it stands: to open its
    // name would begin at the start of a log that the shell appends to.
    match descriptor(path).as_deref() {
        Some(name) if name == "1" => {
            let mut stdout = io::stdout().lock();
            stdout.write_all(bytes).and_then(|()| stdout.flush())
        }
        Some(name) if name == "2" => io::stderr().lock().write_all(bytes),
        Some(_) => File::options().append(true).open(path)?.write_all(bytes),
        None => File::options().write(true).open(path)?.write_all(bytes),
    }
}

/// Whether the path means an open file of this process: `/dev/stdout`,
/// `/dev/fd/5`, what a shell makes of `>(...)`, or a link to one. What it leads
/// to may be an ordinary file, but it is open already and must not be replaced.
pub(crate) fn is_descriptor(path: &Path) -> bool {
    descriptor(path).is_some()
}

/// The number of the descriptor that the path means.
fn descriptor(path: &Path) -> Option<OsString> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let folder = fs::canonicalize(folder_of(&path)).ok()?;
        let is_table = folder.starts_with("/proc") && folder.ends_with("fd");
        if is_table || folder == Path::new("/dev/fd") {
            return path.file_name().map(OsStr::to_owned);
        }
        path = folder.join(fs::read_link(&path).ok()?);
    }
    None
}

fn is_stream(metadata: &Metadata) -> bool {
    let kind = metadata.file_type();
    kind.is_char_device() || kind.is_block_device() || kind.is_fifo() || kind.is_socket()
}

/// A complete file beside `target`, with the mode and, where we may, the owner
/// of the file that it will replace. The mode comes last: nobody reads what
/// will be secret while it is written.
fn temporary(target: &Path, bytes: &[u8], old: Option<&Metadata>) -> io::Result<NamedTempFile> {
    let mut file = locked_temporary(folder_of(target))?;
    file.write_all(bytes)?;
    finish(&file, old)?;
    // A full disk may come to light only here.
    file.as_file().sync_data()?;
    Ok(file)
}

/// Gives a file that is complete the mode and the owner of the one that it will
/// replace.
fn finish(file: &NamedTempFile, old: Option<&Metadata>) -> io::Result<()> {
    if let Some(old) = old {
        // Only root may give a file away; anyone else keeps it, as `cp` does.
        let _ = unix::fchown(file.as_file(), Some(old.uid()), Some(old.gid()));
    }
    let mode = old.map_or(0o666 & !umask(), |old| old.mode() & 0o7777);
    file.as_file().set_permissions(Permissions::from_mode(mode))
}

/// An empty file that says by its lock that it is in use.
fn locked_temporary(folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        let mut builder = tempfile::Builder::new();
        let file = builder.prefix(TEMPORARY_PREFIX).suffix(TEMPORARY_SUFFIX).tempfile_in(folder)?;
        // Without locks, as on some network drives, nothing is swept either.
        let _ = file.as_file().lock();
        // Another process may have swept it away between its birth and its lock.
        if file.as_file().metadata()?.nlink() > 0 {
            return Ok(file);
        }
    }
}

/// Removes the temporary files of processes that were killed, from the folders
/// that are about to be written to.
fn sweep(writes: &[Write<'_>]) {
    let folders: BTreeSet<PathBuf> = writes
        .iter()
        .filter(|write| !is_descriptor(write.path))
        .filter_map(|write| Some(folder_of(&resolve(write.path).ok()?).to_owned()))
        .collect();
    for entry in folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten() {
        let name = entry.file_name();
        let name = name.as_bytes();
        let is_temporary = name.starts_with(TEMPORARY_PREFIX.as_bytes())
            && name.ends_with(TEMPORARY_SUFFIX.as_bytes());
        if is_temporary && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            remove_if_stale(&entry.path());
        }
    }
}

/// What cannot be removed stays; that is no reason not to build.
fn remove_if_stale(path: &Path) {
    let Ok(file) = File::open(path) else { return };
    match file.try_lock() {
        Ok(()) => drop(fs::remove_file(path)),
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => {}
    }
}

/// What the user takes from the mode of new files. To ask is to set it, so it
/// is asked once, and with the narrowest in between.
fn umask() -> u32 {
    static UMASK: OnceLock<u32> = OnceLock::new();
    *UMASK.get_or_init(|| {
        let umask = rustix::process::umask(Mode::RWXG | Mode::RWXO);
        rustix::process::umask(umask);
        umask.bits()
    })
}

fn unwritable(path: &Path, error: &io::Error) -> Problem {
    let folder = folder_of(path);
    let problem = |reason: String| {
        Problem::error("T-WRITE", format!("cannot write {}: {reason}", path.display()))
    };
    match error.kind() {
        ErrorKind::NotFound if !folder.exists() => {
            problem(format!("the folder {} does not exist", folder.display()))
                .help("create it or change \"output\"")
        }
        ErrorKind::NotFound => problem("its folder takes no files".to_owned()),
        ErrorKind::IsADirectory => {
            problem(reason(error)).help("give the name of a file in it, or --out for the folder")
        }
        _ => problem(reason(error)),
    }
}

/// The folder that a file is in; `.` for a bare name.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => path,
    }
}

/// Where a write to `path` really goes: symbolic links followed, also those
/// whose target does not exist yet.
pub(crate) fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&path) {
            Ok(target) => path = folder_of(&path).join(target),
            Err(_) => return Ok(path),
        }
    }
    // The system's own error for it.
    fs::metadata(&path).map(|_| path)
}

/// One name for each place to write to: the folder without links, `.` and `..`,
/// and the file name.
pub(crate) fn place_of(path: &Path) -> PathBuf {
    let path = resolve(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().unwrap_or_default();
    match fs::canonicalize(folder_of(&path)) {
        Ok(folder) => folder.join(name),
        Err(_) => normal(&path),
    }
}

/// The path without `.`, and without `..` as far as that can be said without
/// asking the disk.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        let is_after_name = matches!(normal.components().next_back(), Some(Component::Normal(_)));
        match component {
            Component::CurDir => {}
            Component::ParentDir if is_after_name => {
                normal.pop();
            }
            _ => normal.push(component),
        }
    }
    normal
}

/// The paths of a `--files-from` list; they are bytes, not text. Empty lines do
/// not count, and neither does a carriage return before a line break.
pub(crate) fn split_list(list: &[u8], is_null: bool) -> Vec<PathBuf> {
    let separator = if is_null { b'\0' } else { b'\n' };
    list.split(|byte| *byte == separator)
        .map(|line| match line.strip_suffix(b"\r") {
            Some(line) if !is_null => line,
            _ => line,
        })
        .filter(|line| !line.is_empty())
        .map(|line| PathBuf::from(OsStr::from_bytes(line)))
        .collect()
}
