//! Which files an output is large by, and which made it larger.
//!
//! Growth is that of the rows that differ, by the sources they came from: so it is known
//! also where the old output has no map. Of an archive only the sizes of files are known.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::commands::build::Size;
use crate::commands::build::analyze;
use crate::compare::origin::Origins;
use crate::compare::{Comparison, Hunk, Tag};
use crate::compile::Output;
use crate::disk;
use crate::map;
use crate::new_sides::NewSides;

/// So many files are named.
const MAX_FILES: usize = 5;

/// What there is to know, in lines.
pub(super) fn lines(output: &Output, sides: &NewSides) -> Vec<String> {
    let lens = output.inputs.iter().map(|it| (it.path.clone(), analyze::len(it).cast_signed()));
    let growth = disk::read(&output.path).ok().map(|old| growth(output, &old, sides));
    let named = |label: &str, files: Vec<(PathBuf, i64)>, sign: &str| {
        let list = listed(files, sign)?;
        Some(format!("{label}: {list}"))
    };
    let grown = growth.and_then(|files| named("grew most", files, "+"));
    grown.into_iter().chain(named("largest", lens.collect(), "")).collect()
}

fn listed(mut files: Vec<(PathBuf, i64)>, sign: &str) -> Option<String> {
    files.retain(|(_, len)| *len > 0);
    files.sort_by_key(|(_, len)| Reverse(*len));
    let one = |(path, len): &(PathBuf, i64)| {
        format!("{} ({sign}{})", path.display(), Size(len.unsigned_abs()))
    };
    let list: Vec<String> = files.iter().take(MAX_FILES).map(one).collect();
    (!list.is_empty()).then(|| list.join(", "))
}

/// How many bytes more of each file the new output has.
fn growth(output: &Output, old: &[u8], sides: &NewSides) -> Vec<(PathBuf, i64)> {
    if tilde_phar::is_archive(output.bytes.whole()) {
        return Vec::new();
    }
    let mut comparison = Comparison::of(old, output.bytes.whole(), output.lexer);
    let old = map::side(&output.path, old);
    comparison.locate(&Origins { old, new: sides.side(output) });
    let mut files: BTreeMap<&Path, i64> = BTreeMap::new();
    for hunk in comparison.changes.iter().flat_map(|change| &change.hunks) {
        if let Some(origin) = &hunk.origin {
            *files.entry(&origin.path).or_default() += grown_by(hunk, &comparison);
        }
    }
    files.into_iter().map(|(path, len)| (path.to_owned(), len)).collect()
}

fn grown_by(hunk: &Hunk, comparison: &Comparison) -> i64 {
    let len = |line| {
        let row = comparison.row(line);
        (row.end - row.offset).cast_signed() as i64
    };
    let signed = hunk.lines.iter().map(|line| match line.tag {
        Tag::Equal => 0,
        Tag::Removed => -len(line),
        Tag::Added => len(line),
    });
    signed.sum()
}
