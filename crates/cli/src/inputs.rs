//! The files that a command line names, one after the other or in a list.
//!
//! Also the work on many files whose results come out in order: a chunk at a
//! time, so that memory stays bounded however long the list is. Paths are bytes,
//! and lists of them need not be UTF-8.

use std::fs;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::args::{ListArgs, ThreadsArgs};
use crate::console::Console;
use crate::disk;
use crate::glob;
use crate::problem::{Error, Problem};
use crate::progress::Progress;
use crate::scope::Scope;
use crate::threads;

/// A chunk of work ends with this many files or source bytes.
const CHUNK_FILES: usize = 512;
const CHUNK_BYTES: u64 = 32 << 20;

/// The inputs of a command.
pub(crate) struct Inputs {
    pub(crate) paths: Vec<PathBuf>,
    /// What `-` among them stands for.
    pub(crate) stdin: Option<Vec<u8>>,
}

impl Inputs {
    /// The bytes of one of the paths.
    pub(crate) fn read(&self, path: &Path) -> Result<Vec<u8>, Problem> {
        match &self.stdin {
            Some(stdin) if disk::is_dash(path) => Ok(stdin.clone()),
            _ => disk::read(path).map_err(|error| disk::unreadable(path, &error)),
        }
    }
}

/// The given paths and then those of the list. Reads standard input if one of
/// them is `-`.
pub(crate) fn list(
    paths: &[PathBuf],
    list: &ListArgs,
    scope: &mut Scope,
) -> Result<Inputs, Problem> {
    let mut paths = paths.to_vec();
    let is_stdin_taken = paths.iter().any(|path| disk::is_dash(path));
    match &list.files_from {
        Some(path) if disk::is_dash(path) && is_stdin_taken => {
            let message = "standard input cannot be both a file and the list of files";
            return Err(Problem::error("T-USAGE", message).help("give one of them by its name"));
        }
        Some(path) if disk::is_dash(path) => {
            let text = disk::read_stdin().map_err(|error| disk::unreadable(path, &error))?;
            paths.extend(disk::split_list(&text, list.null));
            // A `-` in a list from standard input can only be a file's name.
            return Ok(Inputs { paths, stdin: None });
        }
        Some(path) => {
            scope.file(path);
            let text = disk::read(path).map_err(|error| disk::unreadable(path, &error))?;
            paths.extend(disk::split_list(&text, list.null));
        }
        None => {}
    }
    let stdin = if paths.iter().any(|path| disk::is_dash(path)) {
        let stdin = disk::read_stdin();
        Some(stdin.map_err(|error| disk::unreadable(Path::new("-"), &error))?)
    } else {
        None
    };
    Ok(Inputs { paths, stdin })
}

/// The same for a command that reads standard input when nothing is named, and
/// of a folder the PHP files below it.
pub(crate) fn list_or_stdin(
    paths: &[PathBuf],
    list_args: &ListArgs,
    console: Console,
) -> Result<Inputs, Problem> {
    let scope = &mut Scope::default();
    if paths.is_empty() && list_args.files_from.is_none() {
        if io::stdin().is_terminal() {
            console.note("reading PHP from the terminal; Ctrl-D ends it");
        }
        return list(&[PathBuf::from("-")], list_args, scope);
    }
    let mut all = Vec::new();
    for path in paths {
        if path.is_dir() { all.extend(glob::php_files(path)?) } else { all.push(path.clone()) }
    }
    list(&all, list_args, scope)
}

/// Does `work` on every input in parallel and hands the results to `done` in
/// the order of the inputs. Returns the problems of those that failed.
pub(crate) fn for_each<T: Send>(
    inputs: &Inputs,
    threads: &ThreadsArgs,
    progress: &Progress,
    work: impl Fn(&Path, Vec<u8>) -> T + Sync,
    mut done: impl FnMut(&Path, T) -> Result<(), Error>,
) -> Result<Vec<Problem>, Error> {
    threads::plan(threads);
    let mut problems = Vec::new();
    let mut rest = inputs.paths.as_slice();
    while !rest.is_empty() {
        let (len, bytes) = chunk_len(rest);
        threads::add_work(bytes);
        let (chunk, after) = rest.split_at(len);
        rest = after;
        let one = |path: &PathBuf| {
            progress.step();
            Ok(work(path, inputs.read(path)?))
        };
        let results: Vec<Result<T, Problem>> = chunk.par_iter().map(one).collect();
        for (path, result) in chunk.iter().zip(results) {
            match result {
                Ok(result) => done(path, result)?,
                Err(problem) => problems.push(problem),
            }
        }
    }
    Ok(problems)
}

/// How many files are in the next chunk, and how many bytes, as far as is known.
fn chunk_len(paths: &[PathBuf]) -> (usize, u64) {
    let mut bytes = 0;
    let is_within = |path: &&PathBuf| {
        let fits = bytes < CHUNK_BYTES;
        bytes += fs::metadata(path).map_or(0, |metadata| metadata.len());
        fits
    };
    let len = paths.iter().take(CHUNK_FILES).take_while(is_within).count();
    (len.max(1), bytes)
}

/// Writes to standard output. A reader who has closed the pipe has seen enough;
/// the work goes on, since its exit status is that of the whole run.
pub(crate) fn print(bytes: &[u8]) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::Stdout(error)),
        _ => Ok(()),
    }
}
