//! `tilde docker build-context`: what a build of the image is given.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tar::{Builder, EntryType, Header};
use walkdir::WalkDir;

use super::args::ContextArgs;
use super::folder;
use super::ignore::Ignore;
use crate::commands::build::{Size, count};
use crate::commands::phar::create;
use crate::console::Console;
use crate::disk;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Problem};

const IGNORE: &str = ".dockerignore";
/// What Docker sends whatever the patterns say.
const ALWAYS: [&str; 2] = ["Dockerfile", IGNORE];

pub(super) fn run(args: &ContextArgs, console: Console) -> Result<ExitStatus, Error> {
    let folder = folder(args.path.as_deref())?;
    let files = files(&folder, args.output.as_deref())?;
    let len: u64 = files.iter().map(|file| file.len).sum();
    let said = format!("{}, {}", count(files.len(), "file"), Size(len));
    match &args.output {
        None => {
            let mut list = Vec::new();
            for file in &files {
                list.extend_from_slice(file.path.as_os_str().as_bytes());
                list.push(b'\n');
            }
            inputs::print(&list)?;
            console.note(said);
        }
        Some(output) => {
            let time = u64::from(create::time()?);
            disk::write_with(output, |target| archive(target, &folder, &files, time))?;
            let name = if disk::is_dash(output) {
                "standard output".to_owned()
            } else {
                output.display().to_string()
            };
            console.note(format!("wrote {name}: {said}"));
        }
    }
    Ok(ExitStatus::Done)
}

/// A file of the context, relative to the folder.
struct Entry {
    path: PathBuf,
    len: u64,
    /// Where a symbolic link leads.
    target: Option<PathBuf>,
    is_program: bool,
}

fn files(folder: &Path, output: Option<&Path>) -> Result<Vec<Entry>, Problem> {
    let path = disk::normal(&folder.join(IGNORE));
    let text = match disk::read(&path) {
        Ok(text) => String::from_utf8_lossy(&text).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(disk::unreadable(&path, &error)),
    };
    let ignore = Ignore::parse(&text, &path)?;
    let below = |path: &Path| path.strip_prefix(folder).unwrap_or(path).to_owned();
    // The archive is not in itself.
    let output = output.map(disk::place_of);
    let is_open = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_type().is_dir() || !ignore.is_closed(&below(entry.path()))
    };
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_open) {
        let entry = entry.map_err(|error| unreadable(folder, error))?;
        let path = below(entry.path());
        let is_sent = ALWAYS.iter().any(|it| path == Path::new(it)) || !ignore.is_ignored(&path);
        let is_output = output.as_ref().is_some_and(|it| *it == disk::place_of(entry.path()));
        if entry.file_type().is_dir() || !is_sent || is_output {
            continue;
        }
        let fail = |error| disk::unreadable(entry.path(), &error);
        let metadata = fs::symlink_metadata(entry.path()).map_err(fail)?;
        let target = if metadata.is_symlink() {
            Some(fs::read_link(entry.path()).map_err(fail)?)
        } else if metadata.is_file() {
            None
        } else {
            continue;
        };
        let len = if target.is_some() { 0 } else { metadata.len() };
        let is_program = metadata.permissions().mode() & 0o111 != 0;
        files.push(Entry { path, len, target, is_program });
    }
    Ok(files)
}

fn unreadable(folder: &Path, error: walkdir::Error) -> Problem {
    let path = error.path().unwrap_or(folder).to_owned();
    let error = error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into());
    disk::unreadable(&path, &error)
}

fn archive(target: &mut File, folder: &Path, files: &[Entry], time: u64) -> Result<(), Problem> {
    let mut builder = Builder::new(io::BufWriter::new(target));
    for file in files {
        let path = folder.join(&file.path);
        append(&mut builder, file, &path, time).map_err(|error| disk::unreadable(&path, &error))?;
    }
    let done = builder.into_inner().and_then(|mut writer| writer.flush());
    done.map_err(|error| {
        let message = format!("cannot write the archive: {}", disk::reason(&error));
        Problem::error("T-WRITE", message)
    })
}

fn append(
    builder: &mut Builder<impl io::Write>,
    file: &Entry,
    path: &Path,
    time: u64,
) -> io::Result<()> {
    let mut header = Header::new_gnu();
    header.set_mode(if file.is_program { 0o755 } else { 0o644 });
    header.set_mtime(time);
    if let Some(target) = &file.target {
        header.set_entry_type(EntryType::Symlink);
        header.set_size(0);
        return builder.append_link(&mut header, &file.path, target);
    }
    // One that grows meanwhile is taken as it is.
    let bytes = disk::read(path)?;
    header.set_size(bytes.len() as u64);
    builder.append_data(&mut header, &file.path, &*bytes)
}
