//! Problems as people and machines want to read them.
//!
//! Four formats: snippets for a terminal, a line each, JSON, and GitHub's
//! workflow commands. The place of a snippet is given apart from its text, since
//! the text may be a cut copy whose columns are not the file's.

use std::borrow::Cow;
use std::fmt::Write as _;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};

use crate::problem::{Place, Problem, Severity};

/// How snippets look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) colour: bool,
    pub(crate) unicode: bool,
}

/// A problem with the lines that it is about.
pub(crate) fn text(problem: &Problem, look: Look) -> String {
    let title = level(problem.severity).primary_title(&problem.message).id(problem.code);
    let mut group = Group::with_title(title);
    for (index, place) in problem.places.iter().enumerate() {
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let note = (!place.note.is_empty()).then_some(place.note.as_str());
        let mark = kind.span(place.excerpt.span.clone()).label(note);
        let snippet = Snippet::source(place.excerpt.text.as_str())
            .line_start(place.excerpt.first_line)
            .annotation(mark);
        group = group.element(origin(place)).element(snippet);
    }
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(help));
    }
    let renderer = if look.colour { Renderer::styled() } else { Renderer::plain() };
    let decor = if look.unicode { DecorStyle::Unicode } else { DecorStyle::Ascii };
    let text = renderer.decor_style(decor).render(&[group]);
    text.split_inclusive('\n').filter(|line| !is_bare_mark(line)).collect()
}

/// Whether the line is only the mark of a further file. The renderer draws it
/// for a snippet that has no path, and ours have theirs in the line before.
fn is_bare_mark(line: &str) -> bool {
    let mut rest = line;
    let mut plain = String::new();
    // Styles are `ESC [ ... m`.
    while let Some((text, style)) = rest.split_once('\x1b') {
        plain.push_str(text);
        rest = style.split_once('m').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    matches!(plain.trim(), ":::" | "⸬")
}

fn origin(place: &Place) -> Origin<'static> {
    let start = place.excerpt.start;
    Origin::path(place.path.display().to_string()).line(start.line).char_column(start.column)
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// `PATH:LINE:COLUMN: SEVERITY[CODE]: message`; without a place,
/// `SEVERITY[CODE]: message`.
pub(crate) fn short(problem: &Problem) -> String {
    let mut line = String::new();
    if let Some(place) = problem.places.first() {
        let start = place.excerpt.start;
        let _ = write!(line, "{}:{}:{}: ", place.path.display(), start.line, start.column);
    }
    let _ = write!(line, "{}[{}]: {}", name(problem.severity), problem.code, problem.message);
    line.replace('\n', " ")
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// One object with the fields `severity`, `code`, `message`, `places` and `help`.
pub(crate) fn json(problem: &Problem) -> Value {
    let places: Vec<Value> = problem.places.iter().map(place_json).collect();
    json!({
        "severity": name(problem.severity),
        "code": problem.code,
        "message": problem.message,
        "places": places,
        "help": problem.help,
    })
}

fn place_json(place: &Place) -> Value {
    let (start, end) = (place.excerpt.start, place.excerpt.end);
    json!({
        "path": place.path.to_string_lossy(),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "text": place.note,
    })
}

/// A workflow command that GitHub shows beside the changed line.
pub(crate) fn github(problem: &Problem) -> String {
    let mut command = format!("::{} title={}", annotation(problem.severity), problem.code);
    if let Some(place) = problem.places.first() {
        let (start, end) = (place.excerpt.start, place.excerpt.end);
        let path = place.path.display().to_string();
        let path = escape(&path).replace(':', "%3A").replace(',', "%2C");
        let _ = write!(command, ",file={path},line={},endLine={}", start.line, end.line);
        // GitHub takes columns only for a span within one line.
        if start.line == end.line {
            let _ = write!(command, ",col={},endColumn={}", start.column, end.column);
        }
    }
    let message = match &problem.help {
        Some(help) => Cow::Owned(format!("{}\n{help}", problem.message)),
        None => Cow::Borrowed(&problem.message),
    };
    format!("{command}::{}", escape(&message))
}

/// GitHub's name for a severity.
fn annotation(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
