//! The command line of `tilde phar`.

// The comments are the help texts, where backticks would be shown as such.
#![allow(clippy::doc_markdown)]

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use tilde_bundle::Style;
use tilde_phar::{Compression, SignatureKind};

use crate::args::{DocsArgs, ListArgs, PhpArgs, ThreadsArgs};

#[derive(Args)]
pub(crate) struct PharArgs {
    #[command(subcommand)]
    pub(crate) command: PharCommand,
}

#[derive(Subcommand)]
pub(crate) enum PharCommand {
    /// Write an archive of files and folders
    #[command(after_help = "Examples:
  tilde phar create src -o app.phar --main main.php
  tilde phar create bin src vendor -o app.phar --main bin/app.php --strip tight
  git ls-files -z | tilde phar create --files-from - -0 -o app.phar

The same files make the same bytes: entries are sorted, and their time is that
of SOURCE_DATE_EPOCH, else 1 January 1980.")]
    Create(CreateArgs),

    /// List the entries of an archive
    List(ListEntriesArgs),

    /// Write the entries of an archive to files
    #[command(
        after_help = "All or nothing: an archive that is damaged, or has a name that leads out of
DIR, writes no file.

Examples:
  tilde phar extract app.phar -o app
  tilde phar extract app.phar --only 'src/**' --overwrite -o app"
    )]
    Extract(ExtractArgs),

    /// Compare the signature and the check sum of every entry
    #[command(
        after_help = "Ends with 1 when an archive is damaged. PHP itself does not compare the check
sums of entries that are not compressed."
    )]
    Verify(VerifyArgs),

    /// Show what an archive says of itself
    Info(InfoArgs),

    /// Compare the entries of two archives
    #[command(
        after_help = "Ends with 1 when they differ. PHP entries are compared by their tokens: blanks
and comments make no difference unless --bytes is given."
    )]
    Diff(DiffArgs),
}

#[derive(Args)]
pub(crate) struct CreateArgs {
    /// The files, and folders with all that is in them
    #[arg(value_name = "DIR|FILE", required_unless_present = "files_from")]
    pub(crate) paths: Vec<PathBuf>,

    /// The archive to write (`-`: standard output)
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,

    /// Names in the archive are relative to this folder (default: the one
    /// folder that is given, else the current folder)
    #[arg(long, value_name = "DIR")]
    pub(crate) base: Option<PathBuf>,

    /// The entry that runs when the archive does (default: index.php, if there
    /// is one)
    #[arg(long, value_name = "NAME", conflicts_with = "stub")]
    pub(crate) main: Option<String>,

    /// The script at the start of the archive, up to __HALT_COMPILER();
    #[arg(long, value_name = "FILE")]
    pub(crate) stub: Option<PathBuf>,

    /// A second name for phar:// (default: none, so that no two can clash)
    #[arg(long, value_name = "NAME")]
    pub(crate) alias: Option<String>,

    /// How entries are compressed
    #[arg(long, value_enum, value_name = "HOW", default_value = "none")]
    pub(crate) compress: Compress,

    /// The digest at the end
    #[arg(long, value_enum, value_name = "KIND", default_value = "sha256")]
    pub(crate) sign: Sign,

    /// Strip PHP entries (.php, .phtml, .inc): lines, tight, php, thinkphp-2.0 or
    /// thinkphp-2.2
    #[arg(long, value_name = "STYLE")]
    pub(crate) strip: Option<Style>,

    /// Leave out what matches, by its name in the archive; a pattern without `/`
    /// counts in every folder; repeatable. Folders .git, .hg and .svn are always
    /// left out
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    #[command(flatten)]
    pub(crate) docs: DocsArgs,

    #[command(flatten)]
    pub(crate) list: ListArgs,

    #[command(flatten)]
    pub(crate) php: PhpArgs,

    #[command(flatten)]
    pub(crate) threads: ThreadsArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Compress {
    None,
    Gz,
    Bz2,
}

impl Compress {
    pub(crate) fn compression(self) -> Compression {
        match self {
            Self::None => Compression::None,
            Self::Gz => Compression::Gzip,
            Self::Bz2 => Compression::Bzip2,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sign {
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

impl Sign {
    pub(crate) fn kind(self) -> SignatureKind {
        match self {
            Self::Md5 => SignatureKind::Md5,
            Self::Sha1 => SignatureKind::Sha1,
            Self::Sha256 => SignatureKind::Sha256,
            Self::Sha512 => SignatureKind::Sha512,
        }
    }
}

#[derive(Args)]
pub(crate) struct ListEntriesArgs {
    /// The archive
    #[arg(value_name = "PHAR")]
    pub(crate) archive: PathBuf,
}

#[derive(Args)]
pub(crate) struct InfoArgs {
    /// The archive
    #[arg(value_name = "PHAR")]
    pub(crate) archive: PathBuf,
}

#[derive(Args)]
pub(crate) struct ExtractArgs {
    /// The archive
    #[arg(value_name = "PHAR")]
    pub(crate) archive: PathBuf,

    /// The folder to write to; it is made if it is missing
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,

    /// Only the entries that match; repeatable
    #[arg(long, value_name = "GLOB")]
    pub(crate) only: Vec<String>,

    /// Replace files that exist
    #[arg(long)]
    pub(crate) overwrite: bool,

    #[command(flatten)]
    pub(crate) key: KeyArgs,

    #[command(flatten)]
    pub(crate) limit: LimitArgs,
}

#[derive(Args)]
pub(crate) struct VerifyArgs {
    /// The archives
    #[arg(value_name = "PHAR", required = true)]
    pub(crate) archives: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) key: KeyArgs,

    #[command(flatten)]
    pub(crate) limit: LimitArgs,
}

#[derive(Args)]
pub(crate) struct DiffArgs {
    /// The archive before
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,

    /// The archive after
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,

    /// Compare all entries byte by byte
    #[arg(long)]
    pub(crate) bytes: bool,

    #[command(flatten)]
    pub(crate) php: PhpArgs,

    #[command(flatten)]
    pub(crate) limit: LimitArgs,
}

#[derive(Args)]
pub(crate) struct KeyArgs {
    /// The public key that checks an OpenSSL signature (default: PHAR.pubkey, if
    /// there is one)
    #[arg(long, value_name = "FILE")]
    pub(crate) public_key: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct LimitArgs {
    /// Refuse an archive whose compressed entries become more bytes than this,
    /// such as 500M or 8G
    #[arg(long, value_name = "SIZE", default_value = "1G", value_parser = Size::parse)]
    pub(crate) limit: Size,
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size(pub(crate) u64);

impl Size {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let units = [('K', 1 << 10), ('M', 1 << 20), ('G', 1 << 30)];
        let unit = units.iter().find(|(letter, _)| text.ends_with(*letter));
        let (digits, factor) =
            unit.map_or((text, 1), |(_, factor)| (&text[..text.len() - 1], *factor));
        let number: u64 = digits.parse().map_err(|_| "write it as a number, or as 500M or 8G")?;
        number.checked_mul(factor).map(Self).ok_or("it is too large")
    }
}
