//! Facts in words.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::*;
use tilde_resident::{Fact, How, Kind, Rank, Site, WriteSite};

use super::files::Files;
use crate::allow::{self, Allowance};
use crate::args::OutputFormat;
use crate::problem::{Place, Problem, Severity};

/// So many writes are shown with their places.
const MAX_WRITES: usize = 3;

/// So many global variables of one file are findings of their own; more are one.
const MAX_GLOBALS: usize = 1;

/// The facts as findings: a warning if one is likely a leak, else a note. Lines of the
/// sources are only taken for a format that shows them.
pub(super) fn problems(files: &Files, facts: &[&Fact], format: OutputFormat) -> Vec<Problem> {
    let places = Places::of(files, format);
    facts.par_iter().map(|fact| problem(&places, fact)).collect()
}

/// The same, with the global variables of a file in one finding where there are many.
pub(super) fn joined(problems: Vec<Problem>) -> Vec<Problem> {
    let is_of = |problem: &Problem| {
        problem.code == "T-STATE-GLOBAL" && problem.severity == Severity::Warning
    };
    let mut of_file: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for problem in problems.iter().filter(|problem| is_of(problem)) {
        *of_file.entry(problem.places[0].path.clone()).or_default() += 1;
    }
    of_file.retain(|_, count| *count > MAX_GLOBALS);
    let mut joined: Vec<Problem> = Vec::new();
    let mut at: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for problem in problems {
        let path = problem.places.first().map(|place| place.path.clone()).unwrap_or_default();
        match (of_file.get(&path).filter(|_| is_of(&problem)), at.get(&path)) {
            (None, _) => joined.push(problem),
            (Some(_), Some(index)) => {
                joined[*index].places.extend(problem.places.into_iter().next());
                joined[*index].help.push(problem.message);
            }
            (Some(number), None) => {
                at.insert(path, joined.len());
                let message =
                    format!("{number} global variables hold something of a request or grow");
                let places = problem.places.into_iter().take(1).collect();
                joined.push(Problem { message, places, help: vec![problem.message], ..problem });
            }
        }
    }
    joined
}

/// A finding about a fact, with another message.
pub(super) fn problem_as(
    files: &Files,
    fact: &Fact,
    code: &'static str,
    message: String,
) -> Problem {
    let places = Places::of(files, OutputFormat::Text);
    let problem = Problem { severity: Severity::Warning, ..Problem::error(code, message) };
    let mut problem = problem.at(places.place(fact.site, String::new()));
    problem.allowed = places.allowed(fact, code);
    problem
}

fn problem(places: &Places<'_>, fact: &Fact) -> Problem {
    let severity = if fact.is_alarm { Severity::Warning } else { Severity::Note };
    let message = format!("{} {}: {}", subject(fact), verb(fact), fact.reason);
    let problem = Problem { severity, ..Problem::error(fact.code(), message) };
    let is_declared = fact.writes.first().is_none_or(|write| write.site != fact.site);
    let own = is_declared.then(|| places.place(fact.site, String::new()));
    let writes = fact.writes.iter().take(MAX_WRITES);
    let shown: Vec<Place> =
        own.into_iter().chain(writes.map(|write| places.place(write.site, note(write)))).collect();
    let mut problem = Problem { places: shown, ..problem };
    if fact.writes.len() > MAX_WRITES {
        problem.help.push(format!("{} places more", fact.writes.len() - MAX_WRITES));
    }
    problem.allowed = places.allowed(fact, fact.code());
    problem
}

/// The places of facts in their files.
struct Places<'f> {
    files: &'f Files,
    has_text: bool,
}

impl<'f> Places<'f> {
    fn of(files: &'f Files, format: OutputFormat) -> Self {
        Self { files, has_text: format == OutputFormat::Text }
    }

    fn place(&self, site: Site, note: String) -> Place {
        let text = &self.files.texts[site.file];
        let (bytes, lines) = (&text.bytes, text.lines());
        let span = site.span.start as usize..site.span.end as usize;
        let path = self.files.paths[site.file].clone();
        let excerpt =
            if self.has_text { lines.excerpt(bytes, span) } else { lines.bare(bytes, span) };
        Place { path, excerpt, note }
    }

    /// The comment that allows a fact: where it is declared, or at one of its writes.
    fn allowed(&self, fact: &Fact, code: &str) -> Option<Box<Allowance>> {
        let writes = fact.writes.iter().map(|write| write.site);
        let sites = std::iter::once(fact.site).chain(writes);
        sites.into_iter().find_map(|site| {
            let text = &self.files.texts[site.file];
            if text.comments().is_empty() {
                return None;
            }
            let line = text.lines().line(site.span.start as usize);
            allow::find(text.comments(), code, line).cloned().map(Box::new)
        })
    }
}

fn subject(fact: &Fact) -> String {
    let name = String::from_utf8_lossy(&fact.name);
    match fact.kind {
        Kind::Property => format!("the static property {name}"),
        Kind::Variable => format!("the static variable {name}"),
        Kind::Global => format!("the global variable {name}"),
        Kind::Input => format!("the superglobal {name}"),
        Kind::Constant => format!("the constant {name}"),
        Kind::Container => format!("the binding by {name}()"),
        Kind::Unknown => format!("a write of {name}"),
        Kind::Process | Kind::Exit | Kind::Header | Kind::Output | Kind::Block => {
            format!("`{name}`")
        }
    }
}

fn verb(fact: &Fact) -> &'static str {
    match (fact.rank, fact.kind) {
        (Rank::Boot, _) => "stays as it is after the start",
        (Rank::Restored, _) => "is put back",
        (Rank::Memo, _) => "is filled once",
        (Rank::Replaced, Kind::Unknown) => "may be one of any state",
        (Rank::Replaced, _) => "changes",
        (Rank::Grows, _) => "grows",
        (Rank::Forbidden, _) => "must not happen in a worker",
        (Rank::Request, _) => "holds something of a request",
    }
}

fn note(write: &WriteSite) -> String {
    let what = match &write.how {
        How::Replaced => "here",
        How::Filled => "filled here",
        How::Counted => "counted here",
        How::Appended => "more here",
        How::Keyed(_) | How::Element => "an element here",
        How::Inside => "the object in it changes here",
        How::Referenced => "a reference to it",
        How::Passed => "handed to a function that may change it",
        How::Removed => "less here",
    };
    if write.is_certain { what.to_owned() } else { format!("perhaps {what}") }
}
