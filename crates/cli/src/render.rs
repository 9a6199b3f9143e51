//! Problems as people and machines want to read them.
//!
//! Snippets for a terminal, a line each and GitHub's workflow commands can be written one
//! by one; JSON, GitLab's code quality report, SARIF and JUnit are documents about all
//! problems of a run. The place of a snippet is given apart from its text, since
//! the text may be a cut copy whose columns are not the file's. Messages, notes
//! and paths hold names that anybody may have chosen, so none of them is shown
//! unescaped.

mod gitlab;
mod junit;
mod sarif;

use std::env;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};

use crate::args::OutputFormat;
use crate::escape::{escaped, is_control, shown};
use crate::problem::{Place, Problem, Severity};

/// Words are not wrapped into less than this.
const MIN_WIDTH: usize = 20;

/// How snippets look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) colour: bool,
    pub(crate) unicode: bool,
    /// Columns of the terminal; text for a file is not wrapped.
    pub(crate) width: Option<usize>,
}

impl Look {
    /// The text without control characters, wrapped at words behind something of
    /// that many columns. The renderer indents all lines but the first.
    fn wrapped(self, text: &str, indent: usize) -> String {
        let text = escaped(text);
        match self.width {
            None => text.into_owned(),
            Some(width) => {
                // The names of options and keys have hyphens, and are copied whole.
                let width = width.saturating_sub(indent).max(MIN_WIDTH);
                let options = textwrap::Options::new(width)
                    .word_splitter(textwrap::WordSplitter::NoHyphenation);
                textwrap::wrap(&text, options).join("\n")
            }
        }
    }
}

/// A document about all problems of a run, and about what is as it should be. None for a
/// format that has no documents.
pub(crate) fn document(
    format: OutputFormat,
    problems: &[&Problem],
    passed: &[String],
) -> Option<String> {
    let value = match format {
        OutputFormat::Text | OutputFormat::Short | OutputFormat::Github => return None,
        OutputFormat::Junit => return Some(junit::report(problems, passed)),
        OutputFormat::Json => problems.iter().map(|problem| json(problem)).collect(),
        OutputFormat::Gitlab => gitlab::report(problems),
        OutputFormat::Sarif => sarif::report(problems),
    };
    Some(json_text(&value.to_string()) + "\n")
}

/// The message and what helps, in lines.
fn whole_message(problem: &Problem) -> String {
    let lines = std::iter::once(&problem.message).chain(&problem.help);
    lines.map(|line| escaped(line)).collect::<Vec<_>>().join("\n")
}

/// A path as the CI system names it: relative to the project that it has checked out.
fn below_workspace(path: &Path) -> PathBuf {
    let root = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"].into_iter().find_map(env::var_os);
    let below = |root: PathBuf| {
        let absolute = crate::disk::normal(&std::path::absolute(path).ok()?);
        absolute.strip_prefix(root.canonicalize().ok()?).map(Path::to_owned).ok()
    };
    root.map(PathBuf::from).and_then(below).unwrap_or_else(|| crate::disk::normal(path))
}

/// The same as text.
fn ci_path(path: &Path) -> String {
    below_workspace(path).to_string_lossy().into_owned()
}

/// A problem with the lines that it is about.
pub(crate) fn text(problem: &Problem, look: Look) -> String {
    let indent = name(problem.severity).len() + problem.code.len() + "[]: ".len();
    let message = look.wrapped(&problem.message, indent);
    let title = level(problem.severity).primary_title(message).id(problem.code);
    let mut group = Group::with_title(title);
    for (index, place) in problem.places.iter().enumerate() {
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        group = group.element(origin(place));
        if place.excerpt.text.trim().is_empty() && place.note.is_empty() {
            continue;
        }
        let note = (!place.note.is_empty()).then(|| escaped(&place.note));
        let mark = kind.span(place.excerpt.span.clone()).label(note);
        let snippet = Snippet::source(place.excerpt.text.as_str())
            .line_start(place.excerpt.first_line)
            .annotation(mark);
        group = group.element(snippet);
    }
    if !problem.help.is_empty() {
        let lines =
            problem.help.iter().map(|line| look.wrapped(line, gutter(problem) + "= help: ".len()));
        group = group.element(Level::HELP.message(lines.collect::<Vec<_>>().join("\n")));
    }
    let renderer = if look.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = match look.width {
        Some(width) => renderer.term_width(width),
        None => renderer,
    };
    let decor = if look.unicode { DecorStyle::Unicode } else { DecorStyle::Ascii };
    let text = renderer.decor_style(decor).render(&[group]);
    text.split_inclusive('\n').filter(|line| !is_bare_mark(line)).collect()
}

/// The columns before the text of a snippet.
fn gutter(problem: &Problem) -> usize {
    let lines = problem
        .places
        .iter()
        .map(|place| place.excerpt.first_line + place.excerpt.text.lines().count());
    lines.max().unwrap_or(0).to_string().len() + 1
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
    Origin::path(shown(&place.path)).line(start.line).char_column(start.column)
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
        let _ = write!(line, "{}:{}:{}: ", shown(&place.path), start.line, start.column);
    }
    let message = escaped(&problem.message);
    let _ = write!(line, "{}[{}]: {message}", name(problem.severity), problem.code);
    line
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
        "help": (!problem.help.is_empty()).then(|| problem.help.join("\n")),
    })
}

/// The text of JSON without the control characters that JSON itself leaves as
/// they are. But for line breaks they can stand only in strings.
pub(crate) fn json_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if is_control(character) && character != '\n' {
            let _ = write!(escaped, "\\u{:04x}", u32::from(character));
        } else {
            escaped.push(character);
        }
    }
    escaped
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
        let path = github_value(&ci_path(&place.path));
        let _ = write!(command, ",file={path},line={},endLine={}", start.line, end.line);
        // GitHub takes columns only for a span within one line.
        if start.line == end.line {
            let _ = write!(command, ",col={},endColumn={}", start.column, end.column);
        }
    }
    let lines: Vec<String> = [&problem.message]
        .into_iter()
        .chain(&problem.help)
        .map(|line| percent(&escaped(line)))
        .collect();
    format!("{command}::{}", lines.join("%0A"))
}

/// GitHub's name for a severity.
fn annotation(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// A value of a workflow command. A line break in it is written as GitHub does, so that a
/// path stays what it is.
fn github_value(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| percent(&escaped(line))).collect();
    lines.join("%0A").replace(':', "%3A").replace(',', "%2C")
}

fn percent(text: &str) -> String {
    text.replace('%', "%25")
}
