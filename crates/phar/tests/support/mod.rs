//! Archives as lines of text, in which ours and PHP's are compared; and PHP.
//!
//! A line an archive, then what it has, then a line an entry, by name:
//! `entry`, name, size, stored size, CRC, mode, time, compression, MD5 of the
//! contents and the metadata in hex, with tabs between.

// Each test uses a part of it.
#![allow(dead_code)]

use std::fmt::Write as _;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

use md5::{Digest as _, Md5};
use tilde_phar::Archive;

/// The npm builds that are asked.
pub(crate) const NPM: [&str; 3] = ["5.6", "7.4", "8.5"];

/// A PHP to ask.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Php {
    /// Debian's PHP 8.2.
    Native,
    /// The npm build of a version.
    Npm(&'static str),
}

impl Php {
    pub(crate) const ALL: [Self; 4] =
        [Self::Native, Self::Npm(NPM[0]), Self::Npm(NPM[1]), Self::Npm(NPM[2])];

    /// Runs a script of `tests/php` and returns what it prints.
    pub(crate) fn run(self, name: &str, args: &[&str]) -> String {
        let mut command = match self {
            Self::Native => Command::new("php"),
            Self::Npm(version) => {
                let mut command = Command::new("node");
                command.arg(root().join("scripts/oracle/php.mjs")).arg(version);
                command
            }
        };
        command.args(["-d", "phar.readonly=0"]);
        command.arg(root().join("crates/phar/tests/php").join(name)).args(args);
        let help = "PHP and Node.js are needed for the tests: scripts/install-tools";
        let output = command.output().expect(help);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(errors.is_empty(), "{self:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// How many archives are compared: all of them when `TILDE_CORPUS_ALL` is set.
pub(crate) fn count(some: usize, all: usize) -> usize {
    if std::env::var_os("TILDE_CORPUS_ALL").is_some() { all } else { some }
}

/// Numbers that look random, the same in each run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    pub(crate) fn is_one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// What we make of an archive.
pub(crate) fn describe(name: &str, bytes: &[u8]) -> String {
    let mut source = Cursor::new(bytes);
    let mut lines = format!("archive\t{name}\n");
    let archive = match Archive::read(&mut source) {
        Ok(archive) => archive,
        Err(error) => return lines + &format!("error\t{error}\n"),
    };
    let [major, minor, patch] = archive.version();
    writeln!(lines, "format\tphar\t{major}.{minor}.{patch}").unwrap();
    writeln!(lines, "alias\t{}", String::from_utf8_lossy(archive.alias())).unwrap();
    writeln!(lines, "metadata\t{}", hex(archive.metadata())).unwrap();
    let signature = archive.signature().expect("all are signed");
    writeln!(lines, "signature\t{}\t{}", signature.kind.as_str(), hex(&signature.bytes)).unwrap();
    let mut stub = Vec::new();
    archive.copy_stub(&mut source, &mut stub).unwrap();
    writeln!(lines, "stub\t{}", hex(&Md5::digest(&stub))).unwrap();
    let mut entries: Vec<_> = archive.entries().collect();
    entries.sort_by_key(|entry| entry.name);
    for entry in entries {
        let name = String::from_utf8_lossy(entry.name);
        if entry.is_directory {
            writeln!(lines, "directory\t{name}").unwrap();
            continue;
        }
        let contents = entry.read(&mut source).unwrap();
        writeln!(
            lines,
            "entry\t{name}\t{}\t{}\t{:08x}\t{:o}\t{}\t{}\t{}\t{}",
            entry.size,
            entry.stored_len,
            entry.crc,
            entry.mode,
            entry.time,
            entry.compression.as_str(),
            hex(&Md5::digest(&contents)),
            hex(entry.metadata)
        )
        .unwrap();
    }
    lines
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in bytes {
        write!(hex, "{byte:02x}").unwrap();
    }
    hex
}
