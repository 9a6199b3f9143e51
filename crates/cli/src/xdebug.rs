//! Maps for Xdebug, which maps lines by itself from 3.5 on: `.xdebug/all.php.map`.
//!
//! A line of such a map names lines of the bundle and the lines of a source that
//! they came from. Xdebug takes one source for a file, lines in rising order on both
//! sides, and rejects the whole map otherwise.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use tilde_bundle::map::{Mappings, SourceMap};

use crate::disk;
use crate::map::real;
use crate::problem::{Problem, Severity};

/// Xdebug reads lines of up to so many bytes, with the line break.
const MAX_LINE: usize = 2047;

/// Where the map of an output goes.
pub(crate) fn beside(output: &Path) -> PathBuf {
    let mut name = output.file_name().unwrap_or_default().to_owned();
    name.push(".map");
    disk::folder_of(output).join(".xdebug").join(name)
}

/// Lines of the bundle and of a source, from 1, both inclusive.
#[derive(Debug, PartialEq, Eq)]
struct Range {
    remote: (u32, u32),
    source: u32,
    local: (u32, u32),
}

impl Range {
    /// The same range with one more line, if it goes on there: each line has its
    /// own, or all of them the same.
    fn extended(&self, remote: u32, source: u32, local: u32) -> Option<Self> {
        let is_next = remote == self.remote.1 + 1 && source == self.source;
        let is_single = self.local.0 == self.local.1;
        let has_one_each = self.local.1 - self.local.0 == self.remote.1 - self.remote.0;
        let goes_on =
            (local == self.local.1 + 1 && has_one_each) || (local == self.local.1 && is_single);
        let extended =
            Self { remote: (self.remote.0, remote), source, local: (self.local.0, local) };
        (is_next && goes_on).then_some(extended)
    }
}

/// The text of a map, and what Xdebug makes of it if that is nothing.
pub(crate) fn text(
    output: &Path,
    map: &SourceMap,
    sources: &[PathBuf],
) -> (Vec<u8>, Option<Problem>) {
    let name = [b"./", output.file_name().unwrap_or_default().as_bytes()].concat();
    let paths: Vec<PathBuf> =
        map.sources.iter().map(|source| real(&sources[source.index()])).collect();
    let mut text = b"# Lines of a bundle and of its sources; tilde wrote this.\n".to_vec();
    let mut is_readable = !name.contains(&b'=');
    for range in ranges(map) {
        let path = paths[range.source as usize].as_os_str();
        let line = [
            &name,
            &numbers(range.remote)[..],
            b" = ",
            path.as_bytes(),
            &numbers(range.local),
            b"\n",
        ];
        let line = line.concat();
        is_readable &= line.len() <= MAX_LINE
            && line.iter().position(|it| *it == b'\n') == Some(line.len() - 1);
        text.extend(line);
    }
    let problem = match (is_readable, paths.len()) {
        (false, _) => Some("its paths are too long, or have `=` or line breaks in them"),
        (true, 0 | 1) => None,
        (true, _) => Some("Xdebug 3.5 takes one source for a file, and the bundle has several"),
    };
    (text, problem.map(|reason| rejected(output, reason)))
}

fn rejected(output: &Path, reason: &str) -> Problem {
    let message = format!("Xdebug will not read its map of {}: {reason}", output.display());
    let severity = Severity::Warning;
    let help = "debug with the files apart; `tilde where` finds places in the bundle";
    Problem { severity, ..Problem::error("T-XDEBUG", message).help(help) }
}

fn numbers((first, last): (u32, u32)) -> Vec<u8> {
    if first == last { format!(":{first}") } else { format!(":{first}-{last}") }.into_bytes()
}

/// The ranges, in the order of the bundle's lines. A line stands for the first
/// place in it.
fn ranges(map: &SourceMap) -> Vec<Range> {
    let Ok(mappings) = Mappings::new(map.mappings.clone(), map.sources.len()) else {
        return Vec::new();
    };
    let mut ranges: Vec<Range> = Vec::new();
    // The declarations of a member that come first are out of order.
    let mut ends: BTreeMap<u32, u32> = BTreeMap::new();
    for line in 0..mappings.len() {
        let segments = mappings.line(line);
        let Some(origin) = segments.iter().find_map(|it| it.origin) else { continue };
        let (remote, local) = (line as u32 + 1, origin.line + 1);
        let last = ranges.last_mut();
        if let Some((last, extended)) = last.and_then(|last| {
            Some(last.extended(remote, origin.source, local)?).map(|it| (last, it))
        }) {
            *last = extended;
        } else if ends.get(&origin.source).is_none_or(|end| *end < local) {
            let (remote, local) = ((remote, remote), (local, local));
            ranges.push(Range { remote, source: origin.source, local });
        } else {
            continue;
        }
        ends.insert(origin.source, local);
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use tilde_bundle::SourceId;

    #[test]
    fn lines_that_go_together_are_one_range() {
        // Lines 1 and 2 of the source, twice line 4, line 3, line 6.
        let mappings = "AAAA;AACA;;AAEA;AAAA;AADA;AAGA".to_owned();
        let map = SourceMap { sources: vec![SourceId(0)], mappings };
        let (text, problem) = text(Path::new("out/all.php"), &map, &["/lib/a.php".into()]);
        let text = String::from_utf8(text).expect("it is text");
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "./all.php:1-2 = /lib/a.php:1-2",
                "./all.php:4-5 = /lib/a.php:4",
                "./all.php:7 = /lib/a.php:6"
            ]
        );
        assert!(problem.is_none());
    }
}
