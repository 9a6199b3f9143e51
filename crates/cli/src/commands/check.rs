//! `tilde check`: would a build change anything?
//!
//! Compiles in memory and compares each output with the file on disk. Nothing is written
//! but the cache, not even a temporary file. The report goes to standard output, whole: a document also
//! has what the build itself found.

mod hint;
mod report;
pub(crate) mod stale;

use std::path::Path;
use std::time::{Instant, SystemTime};

use crate::args::CheckArgs;
use crate::budget;
use crate::cache::{self, Cache, Recalled};
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
    let time = SystemTime::now();
    let mut project = project::plan(&args.project, &mut Scope::ignored())?;
    project.budgets.replace(&args.budget.budget);
    if project.targets.iter().any(|target| disk::is_dash(&target.output)) {
        let problem = Problem::error("T-USAGE", "check compares with files, and `-o -` is none");
        return Err(problem.help("give -o the name of a file").into());
    }
    let cache = Cache::of(&args.cache, &project, time);
    let recalled = cache.as_ref().and_then(Cache::recall).filter(Recalled::is_current);
    if let Some(recalled) = recalled.filter(|it| project.budgets.have_room(&it.outputs)) {
        return as_recalled(&recalled, started, console);
    }
    let (mut compiled, answers) = cache::compile(cache.as_ref(), &project, console)?;
    if let Some(cache) = &cache {
        cache.remember(&compiled, answers);
    }
    budget::judge(&mut compiled, &project, console);
    let stale = stale::all(&compiled, &project, console)?;
    let (stale, allowed) = allowed(stale, &project);
    let report = report::Report { compiled: &compiled, stale: &stale, allowed: &allowed };
    report.print(args, console)?;
    note_interrupted(compiled.outputs.iter().map(|output| output.path.as_path()), console);
    let outputs = count(compiled.outputs.len(), "output");
    if stale.is_empty() {
        note_same(&outputs, started, console);
    } else {
        hint::say(stale.len(), &outputs, console);
    }
    let is_clean = stale.is_empty() && !compiled.has_findings();
    Ok(if is_clean { ExitStatus::Done } else { ExitStatus::Findings })
}

/// What is said where the cache knows that all files are as they should be.
fn as_recalled(
    recalled: &Recalled,
    started: Instant,
    console: Console,
) -> Result<ExitStatus, Error> {
    let paths = || recalled.outputs.iter().map(|output| output.path.as_path());
    report::print_same(&recalled.findings, paths(), console)?;
    note_interrupted(paths(), console);
    note_same(&count(recalled.outputs.len(), "output"), started, console);
    let has_findings = compile::has_findings(&recalled.findings);
    Ok(if has_findings { ExitStatus::Findings } else { ExitStatus::Done })
}

fn note_interrupted<'a>(paths: impl Iterator<Item = &'a Path>, console: Console) {
    if disk::is_interrupted(paths) {
        console.note_beside("a build was killed between its outputs; `tilde build` takes it back");
    }
}

fn note_same(outputs: &str, started: Instant, console: Console) {
    let elapsed = started.elapsed().as_millis();
    console.note_beside(format!("{outputs} as a build would write them, in {elapsed} ms"));
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
