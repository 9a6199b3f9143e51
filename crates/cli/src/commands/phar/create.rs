//! `tilde phar create`: files into an archive.
//!
//! Small files are read and packed by all threads, a batch at a time, while the
//! batch before is written; large ones go through in pieces. The archive is read
//! again and compared before it takes the place of an old one.

use std::collections::BTreeMap;
use std::env;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rayon::prelude::*;
use tilde_bundle::{Docs, StripOptions};
use tilde_phar::{
    Archive, Compression, ErrorKind, Member, Packed, Part, Settings, Writer, pack, stub,
};

use super::args::{Compress, CreateArgs};
use super::{file_word, grouped, members, shown};
use crate::commands::strip;
use crate::console::Console;
use crate::discover;
use crate::disk::{self, Outcome};
use crate::exit::ExitStatus;
use crate::problem::{Error, Problem, Severity};
use crate::progress::Progress;
use crate::project;
use crate::scope::Scope;
use crate::threads;

/// A batch has this many files, of which none is longer.
const BATCH_FILES: usize = 128;
const MAX_LEN: u64 = 128 << 10;

/// 1 January 1980, in seconds since 1970: the earliest time that a zip archive
/// can have, and so one that no tool is surprised by.
const DEFAULT_TIME: u32 = 315_532_800;

/// Files of these kinds are PHP.
const PHP: [&[u8]; 3] = [b"php", b"phtml", b"inc"];

pub(crate) fn run(args: &CreateArgs, console: Console) -> Result<ExitStatus, Error> {
    let strip = strip_options(args)?;
    let time = time()?;
    let files = members::find(args)?;
    let settings = settings(args, &files, time)?;
    threads::plan(&args.threads);
    let progress = Progress::new(console, files.len());
    let packer = Packer { compression: args.compress.compression(), strip, progress: &progress };
    let outcome = disk::write_with(&args.output, |file| {
        packer.write(file, settings, &files)?;
        verify(|| Shared { file, at: 0 }, files.len())
    })?;
    drop(progress);
    if args.compress != Compress::None {
        console.report(&[fork_note()]);
    }
    let word = match outcome {
        Outcome::Wrote => "wrote",
        Outcome::Unchanged => "unchanged",
    };
    let (count, word_of) = (grouped(files.len() as u64), file_word(files.len()));
    console.note(format!("{word} {}: {count} {word_of}", args.output.display()));
    Ok(ExitStatus::Done)
}

fn fork_note() -> Problem {
    let message = "compressed entries are unpacked into a file that processes share: after a fork \
                   they read each other's place in it";
    let problem = Problem::error("T-PHAR", message)
        .help("leave out --compress where workers are forked after the archive was loaded");
    Problem { severity: Severity::Note, ..problem }
}

fn strip_options(args: &CreateArgs) -> Result<Option<StripOptions>, Error> {
    let Some(style) = args.strip else { return Ok(None) };
    project::check_docs(args.docs.choice(), style)?;
    let php = discover::choose_here(&args.php, &mut Scope::default())?;
    Ok(Some(StripOptions {
        lexer: php.options,
        oldest: php.oldest,
        style,
        docs: args.docs.choice().unwrap_or(Docs::Drop),
    }))
}

/// When the entries were changed, as they say.
pub(in crate::commands) fn time() -> Result<u32, Problem> {
    let Some(text) = env::var_os("SOURCE_DATE_EPOCH").filter(|text| !text.is_empty()) else {
        return Ok(DEFAULT_TIME);
    };
    let fail = |reason: &str| {
        let message = format!("cannot use SOURCE_DATE_EPOCH={}: {reason}", shown(text.as_bytes()));
        Problem::error("T-USAGE", message).help("give seconds since 1970, as `date +%s` does")
    };
    let seconds: u32 =
        text.to_str().and_then(|text| text.parse().ok()).ok_or_else(|| fail("it is no time"))?;
    if SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.into()) > SystemTime::now() {
        return Err(fail("it is in the future"));
    }
    // PHP takes 0 for unknown.
    Ok(seconds.max(1))
}

fn settings(
    args: &CreateArgs,
    files: &BTreeMap<Vec<u8>, PathBuf>,
    time: u32,
) -> Result<Settings, Problem> {
    let alias = args.alias.clone().unwrap_or_default().into_bytes();
    let stub = match (&args.stub, &args.main) {
        (Some(path), _) => {
            let text = disk::read(path).map_err(|error| disk::unreadable(path, &error))?;
            stub::custom(&text).map_err(|error| {
                let message = format!("cannot use the stub {}: {error}", path.display());
                Problem::error("T-PHAR", message)
            })?
        }
        (None, Some(main)) if !files.contains_key(main.as_bytes()) => {
            let message = format!("there is no entry `{main}` to be the main one");
            return Err(Problem::error("T-USAGE", message)
                .help("give its name in the archive, as `tilde phar list` shows it"));
        }
        (None, Some(main)) => stub::running(main.as_bytes(), &alias),
        (None, None) if files.contains_key(&b"index.php"[..]) => {
            stub::running(b"index.php", &alias)
        }
        (None, None) => stub::library(&alias),
    };
    Ok(Settings::new(stub).with_alias(alias).with_signature(args.sign.kind()).with_time(time))
}

struct Packer<'a> {
    compression: Compression,
    strip: Option<StripOptions>,
    progress: &'a Progress,
}

/// A file on its way into the archive.
enum Contents {
    Packed(Packed),
    Large(File, bool),
}

impl Packer<'_> {
    fn write(
        &self,
        file: &mut File,
        settings: Settings,
        files: &BTreeMap<Vec<u8>, PathBuf>,
    ) -> Result<(), Problem> {
        let members = files.keys().map(|name| Member::file(name.clone())).collect();
        let mut writer = Writer::new(file, settings, members).map_err(|e| unwritable(&e))?;
        // Folders have no contents.
        let is_file = |(name, path): (&Vec<u8>, _)| (!name.ends_with(b"/")).then_some(path);
        let paths: Vec<&PathBuf> = files.iter().filter_map(is_file).collect();
        let mut packed = Vec::new();
        for batch in paths.chunks(BATCH_FILES) {
            let (written, next) = rayon::join(
                || self.write_batch(&mut writer, std::mem::take(&mut packed)),
                || self.pack_batch(batch),
            );
            written?;
            packed = next?;
        }
        self.write_batch(&mut writer, packed)?;
        writer.finish().map_err(|error| unwritable(&error))?;
        Ok(())
    }

    fn pack_batch<'p>(&self, batch: &[&'p PathBuf]) -> Result<Vec<(&'p Path, Contents)>, Problem> {
        let pack = |path: &&'p PathBuf| Ok((path.as_path(), self.pack(path)?));
        batch.par_iter().map(pack).collect()
    }

    fn write_batch(
        &self,
        writer: &mut Writer<&mut File>,
        batch: Vec<(&Path, Contents)>,
    ) -> Result<(), Problem> {
        for (path, contents) in batch {
            let added = match contents {
                Contents::Packed(packed) => writer.add(packed),
                Contents::Large(mut file, is_executable) => {
                    writer.add_stream(&mut file, self.compression, is_executable)
                }
            };
            added.map_err(|error| unpackable(path, &error))?;
        }
        Ok(())
    }

    fn pack(&self, path: &Path) -> Result<Contents, Problem> {
        self.progress.step();
        let unreadable = |error| disk::unreadable(path, &error);
        let file = File::open(path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            let message =
                format!("cannot take {}: it is neither a file nor a folder", path.display());
            return Err(Problem::error("T-PHAR", message).help("leave it out with --exclude"));
        }
        threads::add_work(metadata.len());
        let is_executable = metadata.permissions().mode() & 0o100 != 0;
        let strip = self.strip.as_ref().filter(|_| is_php(path));
        if strip.is_none() && metadata.len() > MAX_LEN {
            return Ok(Contents::Large(file, is_executable));
        }
        let contents = disk::read_open(file, &metadata).map_err(unreadable)?;
        let contents = match strip {
            Some(options) => strip::checked(path, &contents, *options)?,
            None => contents,
        };
        let packed = pack(contents, self.compression);
        let mut packed = packed.map_err(|error| unpackable(path, &error))?;
        packed.is_executable = is_executable;
        Ok(Contents::Packed(packed))
    }
}

pub(in crate::commands) fn is_php(path: &Path) -> bool {
    path.extension()
        .is_some_and(|end| PHP.iter().any(|php| php.eq_ignore_ascii_case(end.as_bytes())))
}

fn unpackable(path: &Path, error: &tilde_phar::Error) -> Problem {
    match &error.kind {
        ErrorKind::TooLarge(Part::Contents) => {
            let message = format!("cannot take {}: it has 4 GiB or more", path.display());
            Problem::error("T-PHAR", message)
        }
        _ => unwritable(error),
    }
}

pub(in crate::commands) fn unwritable(error: &tilde_phar::Error) -> Problem {
    let problem = Problem::error(
        "T-PHAR",
        format!(
            "cannot write the archive: {}",
            match &error.kind {
                ErrorKind::Io(error) => disk::reason(error),
                _ => error.to_string(),
            }
        ),
    );
    match &error.kind {
        ErrorKind::Name(..) => problem.help("rename it, or leave it out with --exclude"),
        ErrorKind::NoEntries => problem.help("PHP opens no archive without entries"),
        _ => problem,
    }
}

/// What was written must be what PHP will read. The signature is that of bytes
/// that were read back already.
pub(in crate::commands) fn verify<R: Read + Seek>(
    open: impl Fn() -> R + Sync,
    count: usize,
) -> Result<(), Problem> {
    let check = || {
        let archive = Archive::read(&mut open())?;
        let is_whole = archive.len() == count && archive.unclaimed_len() == 0;
        Ok(is_whole && !is_damaged(&archive, &open)?)
    };
    match check() {
        Ok(true) => Ok(()),
        Err(tilde_phar::Error { kind: ErrorKind::Io(error), .. }) => {
            let message = format!("cannot read the archive back: {}", disk::reason(&error));
            Err(Problem::error("T-PHAR", message))
        }
        Ok(false) | Err(_) => {
            let message = "the archive is not what was put in: this is a bug in tilde";
            Err(Problem::error("T-PHAR", message).help("please report it"))
        }
    }
}

fn is_damaged<R: Read + Seek>(
    archive: &Archive,
    open: &(impl Fn() -> R + Sync),
) -> Result<bool, tilde_phar::Error> {
    // Few parts: each looks for its first entry from the start.
    let len = archive.len().div_ceil(4 * rayon::current_num_threads()).max(BATCH_FILES);
    let starts: Vec<usize> = (0..archive.len()).step_by(len).collect();
    let damaged = |&start: &usize| {
        let numbers = start..archive.len().min(start + len);
        archive.damaged_among(numbers, &mut open())
    };
    let damaged: Vec<_> = starts.par_iter().map(damaged).collect::<Result<_, _>>()?;
    Ok(damaged.into_iter().flatten().next().is_some())
}

/// A file that several threads read, each from a place of its own.
struct Shared<'f> {
    file: &'f File,
    at: u64,
}

impl Read for Shared<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Shared<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (base, offset) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::Current(offset) => (self.at, offset),
            SeekFrom::End(offset) => (self.file.metadata()?.len(), offset),
        };
        let at = base.checked_add_signed(offset);
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
