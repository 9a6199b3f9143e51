//! `tilde state --resetter`: a class that puts back what a request may change.

use std::path::Path;

use tilde_resident::{Fact, resetter};

use super::files::Files;
use super::report;
use crate::args::{Framework, StateArgs};
use crate::commands::build::count;
use crate::console::Console;
use crate::disk::{self, Outcome, Write};
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Problem, Severity};
use crate::rules::{self, Rules};

/// The name of the class where standard output is the file.
const CLASS: &str = "Resetter";

/// Writes the class, and says what it leaves.
pub(super) fn write(
    args: &StateArgs,
    files: &Files,
    facts: &[Fact],
    rules: &[Rules],
    console: Console,
) -> Result<ExitStatus, Error> {
    let path = args.output.as_deref().unwrap_or(Path::new("-"));
    let class = class(args, path)?;
    let facts: Vec<Fact> =
        facts.iter().filter(|fact| !is_allowed(files, fact, rules)).cloned().collect();
    let resetter = resetter(&facts, &class, framework(args.framework));
    if disk::is_dash(path) {
        inputs::print(resetter.code.as_bytes())?;
    } else {
        disk::check_output(path)?;
        let outcomes = disk::write_all(&[Write::new(path, resetter.code.as_bytes())])?;
        let verb = if outcomes == [Outcome::Wrote] { "wrote" } else { "unchanged:" };
        let pieces = count(resetter.count, "piece");
        console.note(format!("{verb} {}: it puts back {pieces} of state", path.display()));
    }
    for left in &resetter.left {
        console.note(format!("it cannot put back {left}"));
    }
    if !resetter.setup.is_empty() {
        console.note(&resetter.setup);
    }
    Ok(ExitStatus::Done)
}

/// The name that is asked for, or the one of the file.
fn class(args: &StateArgs, path: &Path) -> Result<String, Problem> {
    if let Some(class) = &args.class {
        return Ok(class.clone());
    }
    if disk::is_dash(path) {
        return Ok(CLASS.to_owned());
    }
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    crate::args::class_name(stem).map_err(|error| {
        let message = format!("cannot call a class as {}: {error}", path.display());
        Problem::error("T-USAGE", message).help("name it with --class")
    })
}

/// Whether a rule or a comment says that it may stay.
fn is_allowed(files: &Files, fact: &Fact, rules: &[Rules]) -> bool {
    let mut problem = [report::problem_as(files, fact, fact.code(), String::new())];
    rules::apply(rules, &mut problem);
    problem[0].severity == Severity::Note
}

fn framework(framework: Framework) -> tilde_resident::Framework {
    match framework {
        Framework::Plain => tilde_resident::Framework::Plain,
        Framework::LaravelSwoole => tilde_resident::Framework::LaravelSwoole,
        Framework::Octane => tilde_resident::Framework::Octane,
        Framework::Symfony => tilde_resident::Framework::Symfony,
        Framework::Hyperf => tilde_resident::Framework::Hyperf,
    }
}
