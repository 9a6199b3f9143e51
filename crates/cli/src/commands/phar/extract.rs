//! `tilde phar extract`: entries to files.
//!
//! The archive may come from anywhere. Every name is checked before a file is
//! written, all files are written to a folder of their own first, and only when
//! each of them has the CRC of its entry do they go to their places. So nothing
//! leaves the target, and a damaged archive leaves nothing behind.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tilde_phar::{Entry, ErrorKind, name};

use super::args::ExtractArgs;
use super::{
    Opened, check_limit, damaged, file_word, grouped, members, open, problem, public_key, shown,
    signature_fault,
};
use crate::console::Console;
use crate::disk;
use crate::exit::ExitStatus;
use crate::problem::{Error, Problem};

pub(crate) fn run(args: &ExtractArgs, console: Console) -> Result<ExitStatus, Error> {
    let mut opened = open(&args.archive)?;
    check_limit(&args.archive, &opened.archive, &args.limit)?;
    check_signature(args, &mut opened)?;
    let archive = opened.archive.clone();
    let entries = selected(args, archive.entries())?;
    check_names(&entries)?;
    check_targets(args, &entries)?;
    let made = make_folder(&args.output)?;
    let extracted =
        stage(args, &mut opened, &entries).and_then(|staged| publish(args, &staged, &entries));
    if let (Err(_), Some(made)) = (&extracted, made) {
        // What was not there before goes again, if nothing is in it.
        remove_empty(&args.output, &made);
    }
    extracted?;
    let (count, word) = (grouped(entries.len() as u64), file_word(entries.len()));
    console.note(format!("wrote {count} {word} to {}", args.output.display()));
    Ok(ExitStatus::Done)
}

/// PHP opens no archive whose signature is wrong. One that nobody can check for
/// lack of a key is taken: its entries are checked anyway.
fn check_signature(args: &ExtractArgs, opened: &mut Opened) -> Result<(), Problem> {
    let path = &args.archive;
    let key = public_key(args.key.public_key.as_deref(), path)?;
    let check = opened.archive.check_signature(&mut opened.file, key.as_ref());
    let check = check.map_err(|error| problem(path, &error))?;
    match (check, signature_fault(check)) {
        (tilde_phar::SignatureCheck::Wrong(_), Some(fault)) => {
            let message = format!("cannot unpack {}: {fault}", path.display());
            Err(Problem::error("T-PHAR", message)
                .help("it is damaged, or was changed: get it again"))
        }
        _ => Ok(()),
    }
}

fn selected<'a>(
    args: &ExtractArgs,
    entries: impl Iterator<Item = Entry<'a>>,
) -> Result<Vec<Entry<'a>>, Problem> {
    let only = members::globs(&args.only)?;
    let is_wanted = |entry: &Entry<'_>| {
        let name = entry.name.strip_suffix(b"/").unwrap_or(entry.name);
        args.only.is_empty() || only.is_match(OsStr::from_bytes(name))
    };
    let entries: Vec<Entry<'_>> = entries.filter(is_wanted).collect();
    if entries.is_empty() {
        let message = format!("no entry matches {}", args.only.join(" or "));
        return Err(Problem::error("T-NOMATCH", message).help("`tilde phar list` shows the names"));
    }
    Ok(entries)
}

fn check_names(entries: &[Entry<'_>]) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut files = BTreeSet::new();
    for entry in entries {
        let fault = match name::check(entry.name) {
            Err(fault) => Some(fault.to_string()),
            Ok(()) if entry.name.ends_with(b"/") && !entry.is_directory => {
                Some("ends with `/`, but is no directory".to_owned())
            }
            Ok(()) if !entry.is_directory && !files.insert(entry.name) => {
                Some("is there more than once".to_owned())
            }
            Ok(()) => None,
        };
        problems.extend(fault.map(|fault| refused(entry, &fault)));
    }
    // A file where another entry needs a folder.
    for entry in entries {
        let slashes = entry.name.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        if slashes.into_iter().any(|(at, _)| files.contains(&entry.name[..at])) {
            problems.push(refused(entry, "needs a folder where another entry is a file"));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn refused(entry: &Entry<'_>, fault: &str) -> Problem {
    Problem::error("T-PHAR", format!("cannot unpack `{}`: the name {fault}", shown(entry.name)))
        .help("choose other entries with --only")
}

fn path_of(folder: &Path, entry: &Entry<'_>) -> PathBuf {
    folder.join(OsStr::from_bytes(entry.name))
}

/// Nothing may be in the way, and no link may lead elsewhere.
fn check_targets(args: &ExtractArgs, entries: &[Entry<'_>]) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    for entry in entries {
        let path = path_of(&args.output, entry);
        let above = path.ancestors().skip(1).take_while(|above| *above != args.output);
        let is_blocked = |above: &&Path| fs::symlink_metadata(above).is_ok_and(|it| !it.is_dir());
        if let Some(above) = above.filter(is_blocked).last() {
            problems.push(in_the_way(&path, &format!("{} is no folder", above.display())));
            continue;
        }
        match fs::symlink_metadata(&path) {
            Ok(old) if entry.is_directory && !old.is_dir() => {
                problems.push(in_the_way(&path, "it is no folder"));
            }
            Ok(old) if !entry.is_directory && old.is_dir() => {
                problems.push(in_the_way(&path, "it is a folder"));
            }
            Ok(_) if !entry.is_directory && !args.overwrite => {
                let problem = in_the_way(&path, "it exists");
                problems.push(problem.help("replace it with --overwrite"));
            }
            _ => {}
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn in_the_way(path: &Path, reason: &str) -> Problem {
    Problem::error("T-WRITE", format!("cannot write {}: {reason}", path.display()))
}

/// Makes the folder, and returns the first that was missing, if any.
fn make_folder(folder: &Path) -> Result<Option<PathBuf>, Problem> {
    let missing = folder
        .ancestors()
        .take_while(|above| !above.as_os_str().is_empty() && fs::symlink_metadata(above).is_err());
    let made = missing.last().map(Path::to_owned);
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    Ok(made)
}

/// Removes a folder and those above it up to the first that was made.
fn remove_empty(folder: &Path, made: &Path) {
    for above in folder.ancestors() {
        if fs::remove_dir(above).is_err() || above == made {
            return;
        }
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Problem {
    in_the_way(path, &disk::reason(error))
}

/// Writes all files to a folder in the target, on the same file system.
fn stage(
    args: &ExtractArgs,
    opened: &mut Opened,
    entries: &[Entry<'_>],
) -> Result<TempDir, Problem> {
    let mut builder = tempfile::Builder::new();
    let staged = builder.prefix(disk::TEMPORARY_PREFIX).tempdir_in(&args.output);
    let staged = staged.map_err(|error| unwritable(&args.output, &error))?;
    for entry in entries {
        let path = path_of(staged.path(), entry);
        if let Err(error) = write(opened, entry, &path) {
            return Err(match error.kind {
                ErrorKind::Io(error) => unwritable(&path_of(&args.output, entry), &error),
                _ => damaged(&args.archive, entry, &error),
            });
        }
    }
    Ok(staged)
}

fn write(opened: &mut Opened, entry: &Entry<'_>, path: &Path) -> Result<(), tilde_phar::Error> {
    if entry.is_directory {
        return Ok(fs::create_dir_all(path)?);
    }
    fs::create_dir_all(disk::folder_of(path))?;
    let mut out = BufWriter::new(File::create_new(path)?);
    entry.copy_to(&mut opened.file, &mut out)?;
    out.flush()?;
    // Of the permissions only the one to execute is taken, and never more than
    // the umask allows: an archive made by others decides nothing else.
    let mode = out.get_ref().metadata()?.permissions().mode();
    let execute = if entry.mode & 0o100 == 0 { 0 } else { mode >> 2 & 0o111 };
    Ok(out.get_ref().set_permissions(Permissions::from_mode(mode | execute))?)
}

/// Puts all files in their places.
fn publish(args: &ExtractArgs, staged: &TempDir, entries: &[Entry<'_>]) -> Result<(), Problem> {
    for entry in entries {
        let path = path_of(&args.output, entry);
        let folder = if entry.is_directory { &path } else { disk::folder_of(&path) };
        let moved = fs::create_dir_all(folder).and_then(|()| {
            if entry.is_directory {
                Ok(())
            } else {
                fs::rename(path_of(staged.path(), entry), &path)
            }
        });
        moved.map_err(|error| unwritable(&path, &error))?;
    }
    Ok(())
}
