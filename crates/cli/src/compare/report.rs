//! A comparison for machines: as JSON, and as findings at sources.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Change, Comparison, Hunk, Line, Tag, What, text};
use crate::escape::escaped;
use crate::excerpt::{Excerpt, Position};
use crate::problem::{Place, Problem, Severity};

/// So many changes are named in a line.
const MAX_NAMES: usize = 3;

/// `a() changed, B::c() added and 3 more`.
pub(crate) fn summary(comparison: &Comparison) -> String {
    let one = |change: &Change| format!("{} {}", escaped(&change.symbol), change.what.name());
    let changes = &comparison.changes;
    let named: Vec<String> = changes.iter().take(MAX_NAMES).map(one).collect();
    let more = changes.len().saturating_sub(MAX_NAMES);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    named.join(", ") + &rest
}

/// A warning for each hunk, at the source that it comes from, else at its line in the old
/// output, which is the file at `path`.
pub(crate) fn problems(
    comparison: &Comparison,
    path: &Path,
    code: &'static str,
    verb: &str,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for change in &comparison.changes {
        let what = format!("{} {}", change.what.name(), change.symbol);
        let message = format!("{} {verb}: {what}", path.display());
        let problem = || Problem { severity: Severity::Warning, ..Problem::error(code, &*message) };
        for hunk in &change.hunks {
            let help = text::rows(comparison, hunk);
            problems.push(Problem { help, ..problem() }.at(hunk_place(hunk, comparison, path)));
        }
        if change.hunks.is_empty() {
            problems.push(problem().at(place(path.to_owned(), 1)));
        }
    }
    problems
}

fn hunk_place(hunk: &Hunk, comparison: &Comparison, path: &Path) -> Place {
    if let Some(origin) = &hunk.origin {
        return place(origin.path.clone(), origin.line);
    }
    let line = hunk.lines.iter().find(|line| line.tag == Tag::Removed).unwrap_or(&hunk.lines[0]);
    let row = comparison.old.rows.get(line.old);
    place(path.to_owned(), row.map_or(1, |row| row.line))
}

/// A line of a file, without its text.
pub(crate) fn place(path: PathBuf, line: usize) -> Place {
    let start = Position { line, column: 1 };
    let excerpt = Excerpt { start, end: start, text: String::new(), first_line: line, span: 0..0 };
    Place { path, excerpt, note: String::new() }
}

/// The changes of a comparison, each with its hunks.
pub(crate) fn changes(comparison: &Comparison) -> Vec<Value> {
    comparison.changes.iter().map(|it| change(it, comparison)).collect()
}

fn change(change: &Change, comparison: &Comparison) -> Value {
    let from = match &change.what {
        What::Renamed { from } => Some(from),
        What::Added | What::Removed | What::Changed | What::Moved => None,
    };
    json!({
        "symbol": change.symbol,
        "kind": change.kind.name(),
        "class": change.class,
        "change": change.what.name(),
        "from": from,
        "old_bytes": change.old_len,
        "new_bytes": change.new_len,
        "hunks": change.hunks.iter().map(|it| hunk(it, comparison)).collect::<Vec<_>>(),
    })
}

fn hunk(hunk: &Hunk, comparison: &Comparison) -> Value {
    let line = |line: &Line| {
        let tag = match line.tag {
            Tag::Equal => "equal",
            Tag::Removed => "removed",
            Tag::Added => "added",
        };
        let text = String::from_utf8_lossy(&comparison.row(line).text);
        json!({ "tag": tag, "moved": line.is_moved, "text": text })
    };
    let first = hunk.lines[0];
    json!({
        "source": hunk.origin.as_ref().map(|it| it.path.to_string_lossy()),
        "line": hunk.origin.as_ref().map(|it| it.line),
        "old_line": comparison.old.rows.get(first.old).map(|row| row.line),
        "new_line": comparison.new.rows.get(first.new).map(|row| row.line),
        "lines": hunk.lines.iter().map(line).collect::<Vec<_>>(),
    })
}
