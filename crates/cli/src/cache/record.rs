//! What the cache knows, as bytes.
//!
//! Numbers are eight bytes, least first; bytes and lists have their length in front. The
//! files of a cache belong to one build of tilde, so there is one form and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::allow::Allowance;
use crate::disk::{Hash, Identity};
use crate::excerpt::Excerpt;
use crate::glob::Script;
use crate::problem::{Place, Problem, Severity};
use crate::scope::Stamp;

/// A file whose bytes are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) stamp: Stamp,
    pub(super) hash: Hash,
    /// It may have changed since and look so all the same.
    pub(super) is_fresh: bool,
}

/// The files of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Index {
    /// In the order in which the project names them.
    pub(super) members: Vec<Known>,
    /// The paths of the last of them: those that only a build finds.
    pub(super) read: Vec<PathBuf>,
    pub(super) outputs: BTreeMap<PathBuf, Known>,
}

/// What became of members with certain bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) files: BTreeMap<OsString, bool>,
    pub(super) folders: BTreeMap<OsString, bool>,
    pub(super) real: BTreeMap<OsString, Option<PathBuf>>,
    /// The scripts below a folder, but for what is below another one.
    pub(super) listings: BTreeMap<(PathBuf, PathBuf), Arc<[Script]>>,
    pub(super) unread: BTreeSet<PathBuf>,
    pub(super) outputs: Vec<Product>,
    /// As [`problems_to_bytes`] has them.
    pub(super) findings: Vec<u8>,
}

/// An output of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Product {
    pub(super) path: PathBuf,
    pub(super) hash: Hash,
    pub(super) len: u64,
    pub(super) makes_folder: bool,
    pub(super) is_map: bool,
    /// How many sources are in it.
    pub(super) inputs: u64,
    /// How many bytes these have.
    pub(super) input_len: u64,
}

impl Index {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Writer::default();
        bytes.list(&self.members, Writer::known);
        bytes.list(&self.read, |bytes, path| bytes.path(path));
        bytes.list(&self.outputs, |bytes, (path, known)| {
            bytes.path(path);
            bytes.known(known);
        });
        bytes.0
    }

    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Reader(bytes);
        let members = bytes.list(Reader::known)?;
        let read = bytes.list(Reader::path)?;
        let outputs = bytes.list(|bytes| Some((bytes.path()?, bytes.known()?)))?;
        bytes.0.is_empty().then_some(Self { members, read, outputs })
    }
}

impl Record {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Writer::default();
        for answers in [&self.files, &self.folders] {
            bytes.list(answers, |bytes, (path, answer)| {
                bytes.bytes(path.as_bytes());
                bytes.number(u64::from(*answer));
            });
        }
        bytes.list(&self.real, |bytes, (path, real)| {
            bytes.bytes(path.as_bytes());
            bytes.list(real, |bytes, real| bytes.path(real));
        });
        bytes.list(&self.listings, |bytes, ((folder, except), scripts)| {
            bytes.path(folder);
            bytes.path(except);
            bytes.list(scripts.iter(), |bytes, script| {
                bytes.path(&script.path);
                bytes.number(u64::from(script.is_link));
            });
        });
        bytes.list(&self.unread, |bytes, path| bytes.path(path));
        bytes.list(&self.outputs, Writer::product);
        bytes.bytes(&self.findings);
        bytes.0
    }

    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Reader(bytes);
        let answer = |bytes: &mut Reader<'_>| Some((bytes.text()?, bytes.number()? != 0));
        let files = bytes.list(answer)?;
        let folders = bytes.list(answer)?;
        let real = bytes.list(|bytes| {
            let path = bytes.text()?;
            let real: Vec<PathBuf> = bytes.list(Reader::path)?;
            Some((path, real.into_iter().next()))
        })?;
        let listings = bytes.list(|bytes| {
            let key = (bytes.path()?, bytes.path()?);
            let scripts: Vec<Script> = bytes.list(|bytes| {
                Some(Script { path: bytes.path()?, is_link: bytes.number()? != 0 })
            })?;
            Some((key, scripts.into()))
        })?;
        let unread = bytes.list(Reader::path)?;
        let outputs = bytes.list(Reader::product)?;
        let findings = bytes.bytes()?.to_vec();
        bytes.0.is_empty().then_some(Self {
            files,
            folders,
            real,
            listings,
            unread,
            outputs,
            findings,
        })
    }
}

#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, number: u64) {
        self.0.extend(number.to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend(bytes);
    }

    fn path(&mut self, path: &Path) {
        self.bytes(path.as_os_str().as_bytes());
    }

    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut one: impl FnMut(&mut Self, T)) {
        let start = self.0.len();
        self.number(0);
        let mut len: u64 = 0;
        for item in items {
            one(self, item);
            len += 1;
        }
        self.0[start..start + 8].copy_from_slice(&len.to_le_bytes());
    }

    fn known(&mut self, known: &Known) {
        let (identity, len, modified, changed) = known.stamp;
        for number in identity.numbers().into_iter().chain([len]) {
            self.number(number);
        }
        for number in [modified.0, modified.1, changed.0, changed.1] {
            self.number(number.cast_unsigned());
        }
        self.number(u64::from(known.is_fresh));
        self.0.extend(known.hash);
    }

    fn product(&mut self, product: &Product) {
        self.path(&product.path);
        self.0.extend(product.hash);
        for number in [product.len, product.inputs, product.input_len] {
            self.number(number);
        }
        self.number(u64::from(product.makes_folder));
        self.number(u64::from(product.is_map));
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take<const LEN: usize>(&mut self) -> Option<[u8; LEN]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn number(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    fn signed(&mut self) -> Option<i64> {
        self.number().map(u64::cast_signed)
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes)
    }

    fn text(&mut self) -> Option<OsString> {
        self.bytes().map(|bytes| OsStr::from_bytes(bytes).to_owned())
    }

    fn path(&mut self) -> Option<PathBuf> {
        self.text().map(PathBuf::from)
    }

    fn list<T, C: FromIterator<T>>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<C> {
        let len = self.number()?;
        (0..len).map(|_| one(self)).collect()
    }

    fn known(&mut self) -> Option<Known> {
        let identity = Identity::of_numbers([self.number()?, self.number()?]);
        let len = self.number()?;
        let modified = (self.signed()?, self.signed()?);
        let changed = (self.signed()?, self.signed()?);
        let stamp = (identity, len, modified, changed);
        Some(Known { stamp, is_fresh: self.number()? != 0, hash: self.take()? })
    }

    fn product(&mut self) -> Option<Product> {
        let (path, hash) = (self.path()?, self.take()?);
        let [len, inputs, input_len] = [self.number()?, self.number()?, self.number()?];
        let (makes_folder, is_map) = (self.number()? != 0, self.number()? != 0);
        Some(Product { path, hash, len, makes_folder, is_map, inputs, input_len })
    }
}

#[derive(Serialize, Deserialize)]
struct Finding {
    /// `E`, `W` or `N`.
    severity: char,
    code: String,
    message: String,
    /// Paths are bytes.
    places: Vec<(Vec<u8>, Excerpt, String)>,
    help: Vec<String>,
    allowed: Option<Allowance>,
}

/// Findings, to be shown again.
pub(super) fn problems_to_bytes(problems: &[Problem]) -> Vec<u8> {
    let place =
        |it: &Place| (it.path.as_os_str().as_bytes().to_vec(), it.excerpt.clone(), it.note.clone());
    let finding = |it: &Problem| Finding {
        severity: match it.severity {
            Severity::Error => 'E',
            Severity::Warning => 'W',
            Severity::Note => 'N',
        },
        code: it.code.to_owned(),
        message: it.message.clone(),
        places: it.places.iter().map(place).collect(),
        help: it.help.clone(),
        allowed: it.allowed.as_deref().cloned(),
    };
    let findings: Vec<Finding> = problems.iter().map(finding).collect();
    serde_json::to_vec(&findings).expect("strings and numbers are JSON")
}

pub(super) fn parse_problems(bytes: &[u8]) -> Option<Vec<Problem>> {
    let findings: Vec<Finding> = serde_json::from_slice(bytes).ok()?;
    let place = |(path, excerpt, note): (Vec<u8>, _, _)| Place {
        path: OsStr::from_bytes(&path).into(),
        excerpt,
        note,
    };
    let problem = |it: Finding| {
        Some(Problem {
            severity: match it.severity {
                'E' => Severity::Error,
                'W' => Severity::Warning,
                'N' => Severity::Note,
                _ => return None,
            },
            code: known_code(it.code),
            message: it.message,
            places: it.places.into_iter().map(place).collect(),
            help: it.help,
            allowed: it.allowed.map(Box::new),
        })
    };
    findings.into_iter().map(problem).collect()
}

/// A code as the program's text has it; one that is not explained stays in memory.
fn known_code(code: String) -> &'static str {
    tilde_bundle::codes().find(|known| *known == code).unwrap_or_else(|| code.leak())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let stamp = (Identity::of_numbers([1, u64::MAX]), 3, (-4, 5), (6, 7));
        let known = Known { stamp, hash: [8; 32], is_fresh: true };
        let outputs = BTreeMap::from([(PathBuf::from("out.php"), known)]);
        let members = vec![known, Known { is_fresh: false, ..known }];
        let index = Index { members, read: vec!["a.php".into()], outputs };
        let bytes = index.to_bytes();
        assert_eq!(Index::parse(&bytes), Some(index));
        for len in 0..bytes.len() {
            assert_eq!(Index::parse(&bytes[..len]), None);
        }
        let product = Product {
            path: OsStr::from_bytes(b"a\xff").into(),
            hash: [9; 32],
            len: 1,
            makes_folder: false,
            is_map: true,
            inputs: 2,
            input_len: 3,
        };
        let script = Script { path: "a/c.php".into(), is_link: true };
        let real = [("a".into(), Some("/a".into())), ("b".into(), None)];
        let record = Record {
            files: [("a".into(), true)].into(),
            folders: [("b".into(), false)].into(),
            real: real.into(),
            listings: [(("a".into(), "a/b".into()), vec![script].into())].into(),
            unread: ["gone.php".into()].into(),
            outputs: vec![product],
            findings: b"[]".to_vec(),
        };
        let bytes = record.to_bytes();
        assert_eq!(Record::parse(&bytes), Some(record));
        for len in 0..bytes.len() {
            assert_eq!(Record::parse(&bytes[..len]), None);
        }
    }

    #[test]
    fn findings_look_the_same_again() {
        let place = Place {
            path: OsStr::from_bytes(b"a\xff.php").into(),
            excerpt: Excerpt::new(b"<?php\necho 1;", 6..10),
            note: "here".to_owned(),
        };
        let problem = |code| Problem::error(code, "x").at(place.clone()).help("y");
        let problems = [problem("T-READ"), problem("T-of-nobody")];
        let again = parse_problems(&problems_to_bytes(&problems)).unwrap();
        assert_eq!(format!("{again:?}"), format!("{problems:?}"));
    }
}
