//! Source maps on disk: `all.php.map` beside `all.php`.
//!
//! Sources are named as they are seen from the map's folder, so that both may be
//! moved together. Names are URLs there: `%` and bytes that are no UTF-8 are
//! written as `%25`. An entry of our own says of which output the map is: one that
//! an earlier build has left is never believed.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tilde_bundle::map::{Mappings, Origin, SourceMap};

use crate::compare::origin::{Segments, Side};
use crate::disk;
use crate::problem::Problem;

/// The code of all that is said about maps.
pub(crate) const CODE: &str = "T-MAP";

/// The member that was standard input.
const STDIN: &str = "php://stdin";

/// Where the map of an output goes.
pub(crate) fn beside(output: &Path) -> PathBuf {
    let mut path = output.as_os_str().to_owned();
    path.push(".map");
    path.into()
}

/// What the map beside an output says, if there is one of this very output.
pub(crate) fn side(output: &Path, bytes: &[u8]) -> Side {
    let map = if beside(output).is_file() { Map::of(output).ok() } else { None };
    map.map_or(Side::Unknown, |map| Side::Map(Arc::new(map.segments(bytes))))
}

#[derive(Serialize)]
struct Written<'a> {
    version: u8,
    file: String,
    sources: Vec<String>,
    names: [&'static str; 0],
    mappings: &'a str,
    x_tilde_output: String,
}

/// The text of a map. `sources` are the members of the build, as they lie on this
/// machine.
pub(crate) fn text(output: &Path, bytes: &[u8], map: &SourceMap, sources: &[PathBuf]) -> Vec<u8> {
    let folder = real(disk::folder_of(output));
    let name = |path: &PathBuf| {
        if disk::is_dash(path) {
            return STDIN.to_owned();
        }
        encoded(&seen_from(&folder, &real(path)))
    };
    let written = Written {
        version: 3,
        file: encoded(Path::new(output.file_name().unwrap_or_default())),
        sources: map.sources.iter().map(|source| name(&sources[source.index()])).collect(),
        names: [],
        mappings: &map.mappings,
        x_tilde_output: fingerprint(bytes),
    };
    let mut text = serde_json::to_vec(&written).expect("strings and numbers are JSON");
    text.push(b'\n');
    text
}

/// A path without links, absolute; as far as it is there.
pub(crate) fn real(path: &Path) -> PathBuf {
    let absolute =
        || std::path::absolute(path).map_or_else(|_| path.to_owned(), |it| disk::normal(&it));
    path.canonicalize().unwrap_or_else(|_| absolute())
}

/// A file as it is named in a folder; both are absolute.
fn seen_from(folder: &Path, file: &Path) -> PathBuf {
    let common = folder.components().zip(file.components()).take_while(|(one, other)| one == other);
    let common = common.count();
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    up.chain(file.components().skip(common)).collect()
}

fn encoded(path: &Path) -> String {
    let mut name = String::new();
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        name.push_str(&chunk.valid().replace('%', "%25"));
        name.extend(chunk.invalid().iter().map(|byte| format!("%{byte:02X}")));
    }
    name
}

fn decoded(name: &str) -> PathBuf {
    let mut path = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *byte == b'%');
        let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|digits| str::from_utf8(digits).ok());
        let escaped = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        path.push(escaped.unwrap_or(*byte));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    OsString::from_vec(path).into()
}

/// What tells an output from another one: its length and the FNV-1a of its bytes.
fn fingerprint(bytes: &[u8]) -> String {
    format!("{}-{:016x}", bytes.len(), fnv1a(bytes))
}

/// A hash that every build of tilde computes alike.
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, mix)
}

#[derive(Deserialize)]
struct Read {
    version: u64,
    sources: Vec<String>,
    mappings: String,
    x_tilde_output: Option<String>,
}

/// The map of an output, read from beside it.
pub(crate) struct Map {
    /// Where the sources lie, relative to the current folder or absolute.
    sources: Vec<PathBuf>,
    mappings: Mappings,
}

/// What a place in an output is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It came from there.
    One(Origin),
    /// The line holds code of several lines of source; this one comes first.
    Several(Origin),
    /// Code of the bundle's own, or nothing at all.
    Own,
}

impl Map {
    /// # Errors
    ///
    /// If there is no map, it is none, or it is that of another output.
    pub(crate) fn of(output: &Path) -> Result<Self, Problem> {
        let path = beside(output);
        let bytes = match disk::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => return Err(missing(output, &path, &error)),
        };
        let unusable = |reason: &str| {
            let message = format!("cannot use {}: {reason}", path.display());
            Problem::error(CODE, message).help(BUILD_AGAIN)
        };
        let read: Read =
            serde_json::from_slice(&bytes).map_err(|_| unusable("it is no source map"))?;
        if read.version != 3 {
            return Err(unusable("it is a source map of another version"));
        }
        // A map may lie somewhere without its output.
        let of = read.x_tilde_output.zip(disk::read(output).ok());
        if of.is_some_and(|(of, output)| of != fingerprint(&output)) {
            return Err(unusable(&format!("it is of another build of {}", output.display())));
        }
        let folder = folder_without_links(output);
        let source = |name: &String| {
            if name.contains("://") {
                return PathBuf::from(name);
            }
            disk::normal(&folder.join(decoded(name)))
        };
        let sources: Vec<PathBuf> = read.sources.iter().map(source).collect();
        let mappings = Mappings::new(read.mappings, sources.len());
        let mappings = mappings.map_err(|error| unusable(&error.to_string()))?;
        Ok(Self { sources, mappings })
    }

    /// All that it says of the output with these bytes.
    pub(crate) fn segments(self, output: &[u8]) -> Segments {
        let lines = (0..self.mappings.len()).map(|line| self.mappings.line(line));
        Segments::new(output, lines, self.sources.clone())
    }

    /// What a place is: a line and perhaps a column, from 1.
    pub(crate) fn find(&self, line: usize, column: Option<usize>) -> Answer {
        let segments = line.checked_sub(1).map(|line| self.mappings.line(line)).unwrap_or_default();
        if let Some(column) = column {
            let before = segments.iter().take_while(|it| (it.column as usize) < column);
            return before.last().and_then(|it| it.origin).map_or(Answer::Own, Answer::One);
        }
        let mut origins = segments.iter().filter_map(|it| it.origin);
        let Some(first) = origins.next() else { return Answer::Own };
        let is_same = |it: Origin| (it.source, it.line) == (first.source, first.line);
        if origins.all(is_same) { Answer::One(first) } else { Answer::Several(first) }
    }

    pub(crate) fn source(&self, origin: Origin) -> &Path {
        &self.sources[origin.source as usize]
    }
}

const BUILD_AGAIN: &str = "build it again with --map";

fn missing(output: &Path, path: &Path, error: &std::io::Error) -> Problem {
    if error.kind() != std::io::ErrorKind::NotFound {
        return disk::unreadable(path, error);
    }
    if let Err(error) = disk::stat(output) {
        return disk::unreadable(output, &error);
    }
    let message = format!("{} has no map: there is no {}", output.display(), path.display());
    let help = "build it with --map, or with `map = true` in its [[bundle]]";
    Problem::error(CODE, message).help(help)
}

/// The folder of a file, as it is written if no link is on the way: `..` leads
/// elsewhere behind one.
fn folder_without_links(file: &Path) -> PathBuf {
    let folder = disk::folder_of(file);
    match (folder.canonicalize(), std::path::absolute(folder)) {
        (Ok(real), Ok(absolute)) if real != disk::normal(&absolute) => real,
        _ => folder.to_owned(),
    }
}

/// A path as a person in this folder writes it.
pub(crate) fn shown(path: &Path) -> &OsStr {
    let here = std::env::current_dir().ok();
    let below = here.as_deref().and_then(|here| path.strip_prefix(here).ok());
    below.unwrap_or(path).as_os_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_folder_of_the_map() {
        let name = |folder: &str, file: &str| seen_from(Path::new(folder), Path::new(file));
        assert_eq!(name("/a/b", "/a/b/c.php"), Path::new("c.php"));
        assert_eq!(name("/a/b", "/a/c/d.php"), Path::new("../c/d.php"));
        assert_eq!(name("/", "/a.php"), Path::new("a.php"));
    }

    #[test]
    fn names_come_back_as_they_were() {
        for name in [&b"lib/a.php"[..], b"100%.php", b"%41", b"\xd6\xd0.php", b"a b#?.php", b"%"] {
            let path = Path::new(OsStr::from_bytes(name));
            assert_eq!(decoded(&encoded(path)), path);
        }
        assert_eq!(encoded(Path::new(OsStr::from_bytes(b"\xd6%"))), "%D6%25");
    }
}
