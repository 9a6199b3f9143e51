//! `tilde phar`: archives of PHP, without PHP.
//!
//! Here is what the commands share: opening an archive, the public key beside
//! it, and how names are shown. An archive may come from anywhere, so a name is
//! never printed as it is.

pub(crate) mod args;
pub(super) mod create;
pub(crate) mod diff;
mod extract;
mod info;
mod list;
pub(super) mod members;
mod verify;

use std::fmt::Write as _;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use bstr::ByteSlice as _;
use jiff::Timestamp;
use serde_json::Value;
use tilde_phar::{Archive, Compression, Entry, ErrorKind, PublicKey, SignatureCheck};

use crate::console::Console;
use crate::disk;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Problem};

use args::{LimitArgs, PharArgs, PharCommand};

pub(crate) fn run(args: &PharArgs, console: Console) -> Result<ExitStatus, Error> {
    match &args.command {
        PharCommand::Create(args) => create::run(args, console),
        PharCommand::List(args) => list::run(args, console),
        PharCommand::Extract(args) => extract::run(args, console),
        PharCommand::Verify(args) => verify::run(args, console),
        PharCommand::Info(args) => info::run(args, console),
        PharCommand::Diff(args) => diff::run(args, console),
    }
}

/// An archive and the file that it is.
pub(super) struct Opened {
    pub(super) archive: Archive,
    pub(super) file: BufReader<File>,
}

pub(super) fn open(path: &Path) -> Result<Opened, Problem> {
    let unreadable = |error: std::io::Error| disk::unreadable(path, &error);
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(unreadable(std::io::ErrorKind::IsADirectory.into()));
    }
    if !metadata.is_file() {
        let message = format!("cannot read {}: an archive must be a file", path.display());
        return Err(Problem::error("T-PHAR", message));
    }
    let mut file = BufReader::new(file);
    let archive = Archive::read(&mut file).map_err(|error| problem(path, &error))?;
    Ok(Opened { archive, file })
}

/// An archive that cannot be read, as a problem.
pub(super) fn problem(path: &Path, error: &tilde_phar::Error) -> Problem {
    if let ErrorKind::Io(error) = &error.kind {
        return disk::unreadable(path, error);
    }
    let problem = Problem::error("T-PHAR", format!("cannot read {}: {error}", path.display()));
    match &error.kind {
        ErrorKind::OtherFormat(format) => problem.help(match format {
            tilde_phar::OtherFormat::Zip => "use a tool for zip archives, such as unzip",
            tilde_phar::OtherFormat::Tar => "use a tool for tar archives, such as tar",
            tilde_phar::OtherFormat::Gzip => "unpack it with gunzip first",
            tilde_phar::OtherFormat::Bzip2 => "unpack it with bunzip2 first",
        }),
        _ => problem,
    }
}

/// An entry that cannot be read, as a problem.
pub(super) fn damaged(path: &Path, entry: &Entry<'_>, error: &tilde_phar::Error) -> Problem {
    let (path, name) = (path.display(), shown(entry.name));
    Problem::error("T-PHAR", format!("cannot read {name} of {path}: {error}"))
        .help("`tilde phar verify` says all that is damaged")
}

/// The key that was given, or the one that lies beside the archive, as PHP has
/// it there.
fn public_key(given: Option<&Path>, archive: &Path) -> Result<Option<PublicKey>, Problem> {
    let mut beside = archive.as_os_str().to_owned();
    beside.push(".pubkey");
    let beside = PathBuf::from(beside);
    let path = match given {
        Some(path) => path,
        None if beside.is_file() => &beside,
        None => return Ok(None),
    };
    let text = disk::read(path).map_err(|error| disk::unreadable(path, &error))?;
    let key = PublicKey::from_pem(&text.to_str_lossy()).map_err(|error| {
        let message = format!("cannot use the key {}: {error}", path.display());
        Problem::error("T-PHAR", message)
            .help("give the public key, as `openssl rsa -pubout` writes it")
    })?;
    Ok(Some(key))
}

/// Refuses an archive whose compressed entries become more bytes than the limit.
pub(super) fn check_limit(
    path: &Path,
    archive: &Archive,
    limit: &LimitArgs,
) -> Result<(), Problem> {
    let is_compressed = |entry: &Entry<'_>| entry.compression != Compression::None;
    let sizes = archive.entries().filter(is_compressed).map(|entry| u64::from(entry.size));
    let size: u64 = sizes.sum();
    if size <= limit.limit.0 {
        return Ok(());
    }
    let message = format!(
        "cannot unpack {}: its compressed entries would become {} bytes, the limit is {}",
        path.display(),
        grouped(size),
        grouped(limit.limit.0)
    );
    Err(Problem::error("T-PHAR", message).help("raise it with --limit if you trust the archive"))
}

/// What is wrong with a signature, in words; nothing if it is right.
fn signature_fault(check: SignatureCheck) -> Option<String> {
    match check {
        SignatureCheck::Good(_) => None,
        SignatureCheck::Missing => Some("there is no signature".to_owned()),
        SignatureCheck::Wrong(kind) => {
            Some(format!("the signature ({}) is not that of these bytes", kind.as_str()))
        }
        SignatureCheck::NeedsKey(kind) => Some(format!(
            "the signature ({}) needs a public key to be checked: give it with --public-key",
            kind.as_str()
        )),
    }
}

/// A name for people: without anything that a terminal would act upon.
pub(super) fn shown(name: &[u8]) -> String {
    let mut shown = String::new();
    for character in name.to_str_lossy().chars() {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// A number with a comma at each thousand.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A time in UTC, so that it is the same everywhere.
fn utc(seconds: u32) -> String {
    Timestamp::from_second(i64::from(seconds))
        .map_or_else(|_| seconds.to_string(), |time| time.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// The digest in hexadecimal digits, as PHP shows it.
fn hex(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in bytes {
        // A `String` takes all that is written to it.
        let _ = write!(hex, "{byte:02X}");
    }
    hex
}

pub(super) fn print_json(value: &Value) -> Result<(), Error> {
    inputs::print(format!("{value:#}\n").as_bytes())
}

pub(super) fn file_word(count: usize) -> &'static str {
    if count == 1 { "entry" } else { "entries" }
}
