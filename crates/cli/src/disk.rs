//! Files, read and written so that nothing is ever lost.
//!
//! Writing has three steps. First all new contents go to temporary files beside
//! their targets (`temporary.rs`), and what would stop a rename is looked for;
//! only when each is complete on disk do renames put them in place, all of them
//! or none (`journal.rs`). So a full disk, a read-only folder or a kill leaves
//! every old file as it was. A file that would not change is not touched at all.

mod journal;
mod probes;
mod temporary;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io::{
    self, BufRead as _, BufReader, ErrorKind, IoSlice, Read as _, Seek as _, SeekFrom, Write as _,
};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tilde_bundle::Sources;
pub(crate) use tilde_bundle::normal;

use self::journal::{Recovered, Rename};
pub(crate) use self::probes::{Answers, Hash, Links, Probes};
pub(crate) use self::temporary::TEMPORARY_PREFIX;
use self::temporary::Temporary;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::scope;

/// The longest source in bytes: token offsets are 32 bits wide.
pub(crate) const MAX_LEN: u64 = u32::MAX as u64;

/// Why a pipe or a device is not opened.
const A_STREAM: &str = "it is a pipe or a device";

/// The most bytes of a `tilde.toml`, a `composer.json` or a `zm.json`.
const MAX_CONFIGURATION_LEN: u64 = 4_000_000;
const A_LARGE_CONFIGURATION: &str =
    "it is larger than 4 MB, the limit of a configuration; name files by patterns, or divide it";

/// As many links as Linux follows.
const MAX_LINKS: usize = 40;

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
    pub(crate) probes: &'a Probes,
}

impl Sources for Disk<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.progress.step();
        match self.stdin {
            Some(stdin) if is_dash(path) => Ok(stdin.to_vec()),
            // The bundler puts the error's text into its message.
            _ => {
                let path = self.root.join(path);
                let read = open(&path).and_then(|(file, metadata)| {
                    let bytes = read_open(file, &metadata)?;
                    self.probes.note_read(&path, scope::stamp_of(&metadata), &bytes);
                    Ok(bytes)
                });
                read.map_err(|error| {
                    self.probes.note_unread(&path);
                    io::Error::new(error.kind(), reason(&error))
                })
            }
        }
    }

    fn is_file(&self, path: &Path) -> bool {
        self.probes.is_file(&self.root.join(path))
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.probes.is_dir(&self.root.join(path))
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        self.probes.realpath(&self.root.join(path))
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

/// Reads a file that the user has not named: a pipe, which would be waited for,
/// perhaps for ever, is an error, and so is a device.
pub(crate) fn read_regular(path: &Path) -> io::Result<(Vec<u8>, Identity)> {
    check_regular(path)?;
    read_identified(path)
}

/// An error where there is a pipe or a device.
pub(crate) fn check_regular(path: &Path) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|file| is_stream(&file)) {
        return Err(io::Error::new(ErrorKind::InvalidInput, A_STREAM));
    }
    Ok(())
}

/// Reads a configuration, which may not be as large as a source: its parsers keep
/// many times its length in memory.
pub(crate) fn read_configuration(path: &Path) -> io::Result<Vec<u8>> {
    let (file, metadata) = open(path)?;
    let mut bytes = Vec::new();
    if metadata.len() <= MAX_CONFIGURATION_LEN {
        file.take(MAX_CONFIGURATION_LEN + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 <= MAX_CONFIGURATION_LEN {
            return Ok(bytes);
        }
    }
    Err(io::Error::new(ErrorKind::InvalidData, A_LARGE_CONFIGURATION))
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino() }
    }

    /// What [`Identity::numbers`] has returned.
    pub(crate) fn of_numbers([device, inode]: [u64; 2]) -> Self {
        Self { device, inode }
    }

    /// The same identity as numbers.
    pub(crate) fn numbers(self) -> [u64; 2] {
        [self.device, self.inode]
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
        // The system's own means `ulimit -f`.
        ErrorKind::FileTooLarge if error.raw_os_error().is_some() => {
            "the limit for the size of a file is reached".to_owned()
        }
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

/// A pipe or a device among the sources of a project.
pub(crate) fn a_stream(path: &Path) -> Problem {
    let error = io::Error::new(ErrorKind::InvalidInput, A_STREAM);
    unreadable(path, &error).help("only the command line may name one")
}

/// New contents for a file.
pub(crate) struct Write<'a> {
    pub(crate) path: &'a Path,
    /// All bytes, in pieces.
    pub(crate) bytes: Vec<&'a [u8]>,
    /// The piece in which an old file is likely to differ.
    pub(crate) new: usize,
    /// Whether its folder is created if it is missing.
    pub(crate) makes_folder: bool,
    /// The file must be newer than this one, also if its bytes stay.
    pub(crate) newer_than: Option<&'a Path>,
}

impl<'a> Write<'a> {
    /// New contents for a file in a folder that is there.
    pub(crate) fn new(path: &'a Path, bytes: &'a [u8]) -> Self {
        Self { path, bytes: vec![bytes], new: 0, makes_folder: false, newer_than: None }
    }
}

/// What became of a [`Write`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Wrote,
    Unchanged,
}

/// When a new file may take the place of an old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// When its bytes are on the disk, so that one of the two outlives a power cut.
    Disk,
    /// When it is complete. After a power cut it may be neither; whoever builds again
    /// writes it again.
    System,
}

/// Writes all files or, if one cannot be written, none. Files that have these
/// bytes already are left alone.
pub(crate) fn write_all(writes: &[Write<'_>]) -> Result<Vec<Outcome>, Problem> {
    write_all_as(writes, Durability::Disk).map(|written| written.outcomes)
}

/// What [`write_all_as`] has done.
pub(crate) struct Written {
    /// One for each write.
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) replaced: Replaced,
}

/// Files that were replaced and that go with this value, which takes a while.
#[derive(Default)]
pub(crate) struct Replaced(Vec<(PathBuf, Temporary)>);

impl Replaced {
    /// The new files, by their places.
    pub(crate) fn new_files(&self) -> BTreeMap<PathBuf, File> {
        let new = self.0.iter().map(|(place, it)| Some((place.clone(), it.file.try_clone().ok()?)));
        new.flatten().collect()
    }
}

/// The same, and when the files take their places.
pub(crate) fn write_all_as(
    writes: &[Write<'_>],
    durability: Durability,
) -> Result<Written, Problem> {
    let prepared: Vec<Prepared<'_>> =
        writes.iter().map(|write| prepare(write, durability)).collect::<Result<_, _>>()?;
    let outcomes = prepared.iter().map(Prepared::outcome).collect();
    let mut renames = Vec::new();
    for prepared in prepared {
        match prepared {
            Prepared::Unchanged => {}
            Prepared::Rename(rename) => renames.push(rename),
            // A pipe fails more often than a rename, and cannot be taken back.
            Prepared::Direct(path, bytes) => write_directly(path, &bytes)?,
        }
    }
    journal::rename_all(&mut renames, durability)
        .map_err(|(index, error)| unwritable(renames[index].path, &error))?;
    let replaced = renames.into_iter().map(|it| (it.target, it.temporary)).collect();
    Ok(Written { outcomes, replaced: Replaced(replaced) })
}

/// Removes what killed builds have left where these files go. Returns how many
/// files are again what they were before such a build.
pub(crate) fn tidy<'a>(paths: impl IntoIterator<Item = &'a Path>) -> usize {
    let folders = real_folders(paths);
    let Recovered { undone, needed } = journal::recover(&folders);
    temporary::sweep(&folders, &needed);
    undone
}

/// Whether [`tidy`] would take something back.
pub(crate) fn is_interrupted<'a>(paths: impl IntoIterator<Item = &'a Path>) -> bool {
    journal::is_interrupted(&real_folders(paths))
}

/// The folders that files are written to, by their real names.
fn real_folders<'a>(paths: impl IntoIterator<Item = &'a Path>) -> BTreeSet<PathBuf> {
    let files = paths.into_iter().filter(|path| !is_dash(path) && !is_descriptor(path));
    files.filter_map(|path| fs::canonicalize(folder_of(&resolve(path).ok()?)).ok()).collect()
}

/// Makes a file that is written newer than another by a whole second, as PHP compares no
/// less than that. Leaves it alone if it is, or if there is no other file.
fn make_newer(write: &Write<'_>, file: impl FnOnce() -> io::Result<File>) -> Result<(), Problem> {
    let Some(path) = write.newer_than else { return Ok(()) };
    let Ok(other) = fs::metadata(path) else { return Ok(()) };
    let is_newer = file().and_then(|file| be_newer(&file, other.mtime()));
    let Some(cause) = is_newer.map_or_else(
        |error| Some(reason(&error)),
        |is_newer| (!is_newer).then(|| "no time is later than its own".to_owned()),
    ) else {
        return Ok(());
    };
    let (ours, other) = (write.path.display(), path.display());
    let message = format!("cannot make {ours} newer than {other}: {cause}");
    Err(Problem::error("T-WRITE", message).help(format!("give it the time of now: touch {other}")))
}

/// Whether the file is newer than this second, at last.
fn be_newer(file: &File, second: i64) -> io::Result<bool> {
    if file.metadata()?.mtime() > second {
        return Ok(true);
    }
    let after = Duration::from_secs(u64::try_from(second).map_or(0, |second| second + 1));
    let Some(time) = SystemTime::UNIX_EPOCH.checked_add(after) else { return Ok(false) };
    file.set_modified(time)?;
    Ok(file.metadata()?.mtime() > second)
}

/// Whether the file has exactly these bytes, which may come in pieces; `new` is the one that
/// is likely to differ, and is compared first. Pipes, devices and descriptors have none: to
/// read them could take for ever.
pub(crate) fn has_bytes(path: &Path, pieces: &[&[u8]], new: usize) -> bool {
    let len_of = |pieces: &[&[u8]]| pieces.iter().map(|piece| piece.len() as u64).sum::<u64>();
    let has_len = fs::metadata(path).is_ok_and(|old| old.is_file() && old.len() == len_of(pieces));
    let has = |place, pieces: &[&[u8]]| has_bytes_at(path, place, pieces).unwrap_or(false);
    let has_new = || pieces.get(new).is_none_or(|piece| has(len_of(&pieces[..new]), &[piece]));
    has_len && !is_descriptor(path) && has_new() && has(0, pieces)
}

/// Whether a file has these bytes from a place on.
fn has_bytes_at(path: &Path, place: u64, pieces: &[&[u8]]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(place))?;
    let mut file = BufReader::with_capacity(64 << 10, file);
    for piece in pieces {
        let mut rest = *piece;
        while !rest.is_empty() {
            let old = file.fill_buf()?;
            let len = old.len().min(rest.len());
            if len == 0 || old[..len] != rest[..len] {
                return Ok(false);
            }
            file.consume(len);
            rest = &rest[len..];
        }
    }
    Ok(true)
}

/// Writes pieces one after the other, many with each call of the system.
pub(crate) fn write_pieces(file: &mut impl io::Write, pieces: &[&[u8]]) -> io::Result<()> {
    let mut slices: Vec<IoSlice<'_>> = pieces.iter().map(|piece| IoSlice::new(piece)).collect();
    let mut rest = &mut *slices;
    IoSlice::advance_slices(&mut rest, 0);
    while !rest.is_empty() {
        match file.write_vectored(rest) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(len) => IoSlice::advance_slices(&mut rest, len),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
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
    tidy([path]);
    let mut temporary = Temporary::locked(folder_of(&target)).map_err(fail)?;
    work(&mut temporary.file)?;
    if old.is_some() && has_same_bytes(&mut temporary.file, &target).map_err(fail)? {
        return Ok(Outcome::Unchanged);
    }
    temporary.finish(old.as_ref()).map_err(fail)?;
    // Where nothing is replaced, nothing is lost if the machine stops now, and
    // to wait for the disk takes longer than to write an archive.
    if old.is_some() {
        temporary.file.sync_data().map_err(fail)?;
    }
    temporary.rename(&target).map_err(fail)?;
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

/// Whether an open file has the same bytes as another one.
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
    Rename(Rename<'a>),
    /// A device or a pipe: it cannot be replaced, only written to.
    Direct(&'a Path, Vec<&'a [u8]>),
}

impl Prepared<'_> {
    fn outcome(&self) -> Outcome {
        match self {
            Self::Unchanged => Outcome::Unchanged,
            Self::Rename(_) | Self::Direct(..) => Outcome::Wrote,
        }
    }
}

fn prepare<'a>(write: &Write<'a>, durability: Durability) -> Result<Prepared<'a>, Problem> {
    let (path, bytes) = (write.path, &write.bytes);
    if write.makes_folder {
        make_folder(path)?;
    }
    if is_descriptor(path) {
        return Ok(Prepared::Direct(path, bytes.clone()));
    }
    let target = resolve(path).map_err(|error| unwritable(path, &error))?;
    let old = match fs::metadata(&target) {
        Ok(old) if old.is_dir() => {
            return Err(unwritable(path, &ErrorKind::IsADirectory.into()));
        }
        Ok(old) if is_stream(&old) => return Ok(Prepared::Direct(path, bytes.clone())),
        Ok(_) if has_bytes(&target, bytes, write.new) => {
            make_newer(write, || File::open(&target))?;
            return Ok(Prepared::Unchanged);
        }
        Ok(old) => Some(old),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(unwritable(path, &error)),
    };
    if let Some(old) = &old {
        check_replaceable(path, &target, old)?;
    }
    let temporary = Temporary::new(&target, bytes, old.as_ref(), durability);
    let temporary = temporary.map_err(|error| unwritable(path, &error))?;
    make_newer(write, || temporary.file.try_clone())?;
    Ok(Prepared::Rename(Rename { temporary, target, path }))
}

fn make_folder(path: &Path) -> Result<(), Problem> {
    let folder = folder_of(path);
    fs::create_dir_all(folder).map_err(|error| {
        let (path, folder) = (path.display(), folder.display());
        let message = format!("cannot write {path}: cannot create {folder}: {}", reason(&error));
        Problem::error("T-WRITE", message)
    })
}

/// An error if the system lets nobody put another file into the place of this
/// one, though its folder takes new files.
fn check_replaceable(path: &Path, target: &Path, old: &Metadata) -> Result<(), Problem> {
    let folder = folder_of(target);
    let refuse = |reason: &str, help: String| {
        let message = format!("cannot write {}: {reason}", path.display());
        Err(Problem::error("T-WRITE", message).help(help))
    };
    if has_attribute(target, MOUNT_ROOT) {
        let help = "mount its folder instead, or print into it: -o - > FILE";
        return refuse("it is a mount of its own, which cannot be replaced", help.to_owned());
    }
    if has_attribute(target, FIXED) {
        let help = format!("allow changes: chattr -i -a {}", path.display());
        return refuse("it is marked as immutable or append-only", help);
    }
    if has_attribute(folder, FIXED) {
        let help = format!("allow changes: chattr -i -a {}", folder.display());
        return refuse("its folder is marked as immutable or append-only", help);
    }
    let user = rustix::process::geteuid().as_raw();
    let owner = fs::metadata(folder).map_err(|error| unwritable(path, &error))?;
    let is_sticky = owner.mode() & STICKY != 0;
    if is_sticky && user != 0 && ![owner.uid(), old.uid()].contains(&user) {
        let help = "remove it as its owner, or choose another folder";
        return refuse("its folder is sticky, and it belongs to another user", help.to_owned());
    }
    Ok(())
}

/// The bit of a folder in which only owners may replace files, such as `/tmp`.
const STICKY: u32 = 0o1000;

#[cfg(target_os = "linux")]
use rustix::fs::StatxAttributes;
#[cfg(target_os = "linux")]
const MOUNT_ROOT: StatxAttributes = StatxAttributes::MOUNT_ROOT;
#[cfg(target_os = "linux")]
const FIXED: StatxAttributes = StatxAttributes::IMMUTABLE.union(StatxAttributes::APPEND);

/// Whether a file has one of these attributes, as far as the system tells.
#[cfg(target_os = "linux")]
fn has_attribute(path: &Path, wanted: StatxAttributes) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxFlags, statx};
    let found = statx(CWD, path, AtFlags::empty(), StatxFlags::BASIC_STATS);
    found.is_ok_and(|found| found.stx_attributes.intersects(wanted))
}

// Elsewhere the rename fails, and the journal takes the others back.
#[cfg(not(target_os = "linux"))]
const MOUNT_ROOT: () = ();
#[cfg(not(target_os = "linux"))]
const FIXED: () = ();
#[cfg(not(target_os = "linux"))]
fn has_attribute(_: &Path, (): ()) -> bool {
    false
}

fn write_directly(path: &Path, bytes: &[&[u8]]) -> Result<(), Problem> {
    match write_to_stream(path, bytes) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(unwritable(path, &error)),
        _ => Ok(()),
    }
}

fn write_to_stream(path: &Path, bytes: &[&[u8]]) -> io::Result<()> {
    // The descriptor itself, which knows where in a file it stands: to open its
    // name would begin at the start of a log that the shell appends to.
    match descriptor(path).as_deref() {
        Some(name) if name == "1" => {
            let mut stdout = io::stdout().lock();
            write_pieces(&mut stdout, bytes).and_then(|()| stdout.flush())
        }
        Some(name) if name == "2" => write_pieces(&mut io::stderr().lock(), bytes),
        Some(_) => write_pieces(&mut File::options().append(true).open(path)?, bytes),
        None => write_pieces(&mut File::options().write(true).open(path)?, bytes),
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

/// An error if there is a pipe or a device where the user has not named one.
pub(crate) fn check_output(path: &Path) -> Result<(), Problem> {
    if fs::metadata(path).is_ok_and(|old| is_stream(&old)) {
        let message = format!("cannot write {}: {A_STREAM}", path.display());
        let help = "only -o writes to one: remove it, or name another output";
        return Err(Problem::error("T-OUTPUT", message).help(help));
    }
    Ok(())
}

/// Whether it is a pipe or a device.
pub(crate) fn is_stream(metadata: &Metadata) -> bool {
    let kind = metadata.file_type();
    kind.is_char_device() || kind.is_block_device() || kind.is_fifo() || kind.is_socket()
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
