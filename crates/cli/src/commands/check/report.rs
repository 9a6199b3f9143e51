//! What `check` prints, in each format.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::{Stale, State};
use crate::args::{CheckArgs, OutputFormat};
use crate::compare;
use crate::compare::text::{self, Look, paint};
use crate::compile::Compiled;
use crate::console::Console;
use crate::escape::shown;
use crate::inputs;
use crate::problem::{Error, Problem, Severity};
use crate::render;

/// So many rows of all diffs together, and of each one at the least.
const MAX_ROWS: usize = 120;
const MIN_ROWS: usize = 8;

/// More notes than this are only counted: they are no reason to fail.
const MAX_NOTES: usize = 10;

/// Says what a build would find, so that what differs is not lost among notes.
fn say(findings: &[Problem], console: Console) {
    let is_note = |problem: &&Problem| problem.severity == Severity::Note;
    let notes = || findings.iter().filter(is_note);
    if notes().count() <= MAX_NOTES {
        return console.report(findings);
    }
    let others: Vec<Problem> = findings.iter().filter(|it| !is_note(it)).cloned().collect();
    console.report(&others);
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for note in notes() {
        *codes.entry(note.code).or_default() += 1;
    }
    let codes: Vec<String> = codes.iter().map(|(code, len)| format!("{len} {code}")).collect();
    let (len, codes) = (notes().count(), codes.join(", "));
    console.note_beside(format!("{len} notes, which `tilde build` shows: {codes}"));
}

/// The report where all outputs are as they should be.
pub(super) fn print_same<'a>(
    findings: &[Problem],
    outputs: impl Iterator<Item = &'a Path>,
    console: Console,
) -> Result<(), Error> {
    let text = match console.format() {
        OutputFormat::Text => {
            say(findings, console);
            String::new()
        }
        OutputFormat::Short | OutputFormat::Github if console.is_quiet() => String::new(),
        OutputFormat::Short | OutputFormat::Github => {
            findings.iter().map(|it| console.finding(it)).collect()
        }
        format => {
            let passed: Vec<String> =
                outputs.map(|path| path.to_string_lossy().into_owned()).collect();
            document(format, &[], findings, &passed).unwrap_or_default()
        }
    };
    inputs::print(text.as_bytes())
}

pub(super) struct Report<'c> {
    pub(super) compiled: &'c Compiled,
    pub(super) stale: &'c [Stale<'c>],
    /// Those whose difference is expected.
    pub(super) allowed: &'c [Stale<'c>],
}

impl Report<'_> {
    pub(super) fn print(&self, args: &CheckArgs, console: Console) -> Result<(), Error> {
        match console.format() {
            OutputFormat::Text | OutputFormat::Short | OutputFormat::Github
                if console.is_quiet() =>
            {
                Ok(())
            }
            OutputFormat::Text => {
                say(&self.compiled.findings, console);
                self.allowed.iter().for_each(|stale| {
                    let (path, summary) = (stale.output.path.display(), stale.summary());
                    console.note(format!("{path} would change, which is allowed: {summary}"));
                });
                let is_coloured = console.stdout.colour;
                let text =
                    if args.stat { self.stat(is_coloured) } else { self.diff(args, is_coloured) };
                inputs::print(&text)
            }
            OutputFormat::Short | OutputFormat::Github => {
                let problems = super::problems(self.compiled, self.stale, self.allowed);
                let text: String = problems.iter().map(|it| console.finding(it)).collect();
                inputs::print(text.as_bytes())
            }
            format => {
                let problems = match format {
                    OutputFormat::Json => self.compiled.findings.clone(),
                    _ => super::problems(self.compiled, self.stale, self.allowed),
                };
                let document = document(format, self.stale, &problems, &self.passed());
                inputs::print(document.unwrap_or_default().as_bytes())
            }
        }
    }

    /// The outputs that are as they should be.
    fn passed(&self) -> Vec<String> {
        let is_stale =
            |path| self.stale.iter().chain(self.allowed).any(|it| it.output.path == path);
        let outputs = self.compiled.outputs.iter().filter(|it| !is_stale(&*it.path));
        outputs.map(|output| output.path.to_string_lossy().into_owned()).collect()
    }

    fn diff(&self, args: &CheckArgs, is_coloured: bool) -> Vec<u8> {
        let compared = self.stale.iter().filter(|it| it.comparison().is_some()).count().max(1);
        let max_rows = (MAX_ROWS / compared).max(MIN_ROWS);
        let look = Look { is_coloured, max_rows: (!args.full).then_some(max_rows) };
        let mut text = Vec::new();
        for stale in self.stale {
            let path = shown(&stale.output.path);
            let state = if stale.old.is_none() { "missing" } else { "on disk" };
            let (old, new) = (format!("{path} ({state})"), format!("{path} (would be written)"));
            text::head(&mut text, is_coloured, &old, &new);
            match stale.comparison() {
                Some(comparison) => text.extend(text::hunks(comparison, look)),
                None => paint(&mut text, is_coloured, "", stale.summary().as_bytes()),
            }
        }
        text
    }

    /// A line for each output, and one for each source of it.
    fn stat(&self, is_coloured: bool) -> Vec<u8> {
        let mut text = Vec::new();
        for stale in self.stale {
            let line = format!("{}: {}", shown(&stale.output.path), stale.summary());
            paint(&mut text, is_coloured, "1", line.as_bytes());
            let Some(comparison) = stale.comparison() else { continue };
            for (source, added, removed) in text::stat(comparison) {
                let source = source.map_or_else(|| "(unknown source)".to_owned(), |it| shown(&it));
                let line = format!("  {source}  +{added} -{removed} {}", noun(added + removed));
                paint(&mut text, is_coloured, "", line.as_bytes());
            }
        }
        text
    }
}

fn noun(rows: usize) -> &'static str {
    if rows == 1 { "statement" } else { "statements" }
}

/// The report as one document; none in a format that has none.
pub(super) fn document(
    format: OutputFormat,
    stale: &[Stale<'_>],
    problems: &[Problem],
    passed: &[String],
) -> Option<String> {
    let all: Vec<&Problem> = problems.iter().collect();
    if format != OutputFormat::Json {
        return render::document(format, &all, passed);
    }
    let same = passed.iter().map(|path| json!({ "path": path, "state": "same" }));
    let value = json!({
        "version": 1,
        "outputs": stale.iter().map(output).chain(same).collect::<Vec<Value>>(),
        "findings": all.into_iter().map(render::json).collect::<Vec<Value>>(),
    });
    Some(render::json_text(&value.to_string()) + "\n")
}

fn output(stale: &Stale<'_>) -> Value {
    let kind = match &stale.state {
        State::Missing => "missing",
        State::Map | State::Archive | State::Same(_) | State::Code(_) => "different",
    };
    let difference = match &stale.state {
        State::Missing => None,
        State::Map => Some("map"),
        State::Archive => Some("archive"),
        State::Same(difference) => Some(difference.name()),
        State::Code(_) => Some("code"),
    };
    json!({
        "path": stale.output.path.to_string_lossy(),
        "state": kind,
        "difference": difference,
        "summary": stale.summary(),
        "old_bytes": stale.old.as_ref().map(Vec::len),
        "new_bytes": stale.output.bytes.len(),
        "changes": stale.comparison().map(compare::report::changes).unwrap_or_default(),
    })
}
