//! `tilde check`: would a build change anything?
//!
//! Compiles in memory and compares each output with the file on disk. Nothing is written,
//! not even a temporary file. The report goes to standard output, whole: a document also
//! has what the build itself found.

mod hint;
mod report;
mod stale;

use std::time::Instant;

use crate::args::CheckArgs;
use crate::commands::build::count;
use crate::commands::explain;
use crate::compile::{self, Compiled};
use crate::console::Console;
use crate::disk;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Problem, Severity};
use crate::project::{self, Project};
use crate::rules;
use crate::scope::Scope;

pub(crate) use self::stale::{Stale, State};

pub(crate) fn run(args: &CheckArgs, console: Console) -> Result<ExitStatus, Error> {
    if let Some(code) = &args.explain.explain {
        return explain::run(code);
    }
    check(args, console).inspect_err(|error| {
        // Who reads the report of a CI system gets one that says why there is no other.
        if let Error::Problems(problems) = error {
            let document = report::document(console.format(), &[], problems, &[]);
            let _ = inputs::print(document.unwrap_or_default().as_bytes());
        }
    })
}

fn check(args: &CheckArgs, console: Console) -> Result<ExitStatus, Error> {
    let started = Instant::now();
    let project = project::plan(&args.project, &mut Scope::default())?;
    if project.targets.iter().any(|target| disk::is_dash(&target.output)) {
        let problem = Problem::error("T-USAGE", "check compares with files, and `-o -` is none");
        return Err(problem.help("give -o the name of a file").into());
    }
    let compiled = compile::compile(&project, console)?;
    let stale = stale::all(&compiled, &project, console)?;
    let (stale, allowed) = allowed(stale, &project);
    let report = report::Report { compiled: &compiled, stale: &stale, allowed: &allowed };
    report.print(args, console)?;
    if disk::is_interrupted(compiled.outputs.iter().map(|output| output.path.as_path())) {
        console.note_beside("a build was killed between its outputs; `tilde build` takes it back");
    }
    let outputs = count(compiled.outputs.len(), "output");
    if stale.is_empty() {
        let elapsed = started.elapsed().as_millis();
        console.note_beside(format!("{outputs} as a build would write them, in {elapsed} ms"));
    } else {
        hint::say(stale.len(), &outputs, console);
    }
    let is_clean = stale.is_empty() && !compiled.has_findings();
    Ok(if is_clean { ExitStatus::Done } else { ExitStatus::Findings })
}

/// The outputs that count, and those whose difference is expected.
fn allowed<'c>(stale: Vec<Stale<'c>>, project: &Project) -> (Vec<Stale<'c>>, Vec<Stale<'c>>) {
    let counts = |stale: &Stale<'_>| {
        let mut finding = [stale.finding()];
        rules::apply(&project.rules, &mut finding);
        finding[0].severity != Severity::Note
    };
    stale.into_iter().partition(counts)
}

/// What a build found and what would change, as problems.
fn problems(compiled: &Compiled, stale: &[Stale<'_>], allowed: &[Stale<'_>]) -> Vec<Problem> {
    let found = compiled.findings.iter().cloned();
    let note = |problem| Problem { severity: Severity::Note, ..problem };
    let allowed = allowed.iter().flat_map(Stale::problems).map(note);
    found.chain(stale.iter().flat_map(Stale::problems)).chain(allowed).collect()
}
