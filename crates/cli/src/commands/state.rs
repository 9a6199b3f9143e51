//! `tilde state`: what outlives a request in a resident worker.
//!
//! All files are scanned in parallel and then linked, since a property of one file may be
//! written in another. The report is what is likely a leak; it goes to standard output, in
//! the order of the files. A file with a syntax error is said, and ends the run with 2, but
//! the report is there.

mod files;
mod report;
mod reset;
mod snapshot;

use rayon::prelude::*;
use tilde_resident::Fact;

use self::files::Files;
use crate::args::StateArgs;
use crate::commands::build::count;
use crate::commands::explain;
use crate::config::Target;
use crate::console::Console;
use crate::discover::{self, Choice};
use crate::disk;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Problem, Severity};
use crate::render;
use crate::rules::{self, Rules};
use crate::scope::Scope;

pub(crate) fn run(args: &StateArgs, console: Console) -> Result<ExitStatus, Error> {
    if let Some(code) = &args.explain.explain {
        return explain::run(code);
    }
    let (php, rules) = settings(args)?;
    let (files, scanned, mistakes) = files::read(args, php, console)?;
    let facts = tilde_resident::link(&scanned);
    drop(scanned);
    let status = match &args.snapshot {
        None if args.resetter => reset::write(args, &files, &facts, &rules, console)?,
        Some(path) if args.check => snapshot::check(path, &files, &facts, &rules, console)?,
        Some(path) => snapshot::write(path, &files, &facts, console)?,
        None => list(args, &files, &facts, &rules, console)?,
    };
    console.report(&mistakes);
    Ok(if mistakes.is_empty() { status } else { ExitStatus::Failed })
}

/// How PHP reads the code, and which findings are expected: as the arguments say, else as the
/// project around the current folder says.
fn settings(args: &StateArgs) -> Result<(Choice, Vec<Rules>), Vec<Problem>> {
    let scope = &mut Scope::default();
    let mut rules = vec![Rules { allow: args.allow.clone(), deny: args.deny.clone() }];
    let here = std::path::Path::new(".");
    let Some(path) = discover::find(here, discover::CONFIG) else {
        return Ok((discover::choose(&args.php, &Target::default(), here, scope)?, rules));
    };
    let config = discover::read_config(&path, args.php.environment(), scope)?;
    let folder = disk::folder_of(&path);
    rules.push(config.rules.below(folder));
    Ok((discover::choose(&args.php, &config.target, folder, scope)?, rules))
}

/// Reports what is likely a leak, or all.
fn list(
    args: &StateArgs,
    files: &Files,
    facts: &[Fact],
    rules: &[Rules],
    console: Console,
) -> Result<ExitStatus, Error> {
    let known = args.baseline.as_ref().map(|path| snapshot::read(path)).transpose()?;
    let is_new = |fact: &&Fact| known.as_ref().is_none_or(|known| !known.has(files, fact));
    let is_wanted = |fact: &&Fact| args.all || fact.is_alarm;
    let wanted: Vec<&Fact> = facts.iter().filter(is_wanted).filter(is_new).collect();
    let alarms = if args.all && !console.format().is_document() {
        // There may be very many of them.
        let parts = wanted.chunks(WITH_LINES).enumerate();
        let looks = |part| if part == 0 { console } else { console.without_lines() };
        let parts = parts.map(|(part, facts)| (looks(part), facts));
        parts.map(|(look, facts)| print(&findings(files, facts, rules, look), look)).sum()
    } else {
        let found = findings(files, &wanted, rules, console);
        print(&if args.all { found } else { report::joined(found) }, console)
    }?;
    let (pieces, in_files) = (count(facts.len(), "piece"), count(files.paths.len(), "file"));
    let rest = if args.all { "" } else { "; --all shows all" };
    console.note_beside(match alarms {
        0 => format!("no likely leak among {pieces} of state in {in_files}{rest}"),
        _ => {
            format!("{} among {pieces} of state in {in_files}{rest}", count(alarms, "likely leak"))
        }
    });
    Ok(if alarms == 0 { ExitStatus::Done } else { ExitStatus::Findings })
}

fn findings(files: &Files, facts: &[&Fact], rules: &[Rules], console: Console) -> Vec<Problem> {
    let mut problems = report::problems(files, facts, console.format());
    rules::apply(rules, &mut problems);
    problems
}

/// So many findings are put into words at once, and so many are shown with lines of their
/// sources, where the format has them: the inventory of 10,000 files is smaller.
const WITH_LINES: usize = 10_000;

/// Writes the report, or a part of it, to standard output, and returns how many of these
/// are likely leaks.
fn print(problems: &[Problem], console: Console) -> Result<usize, Error> {
    let text = if console.format().is_document() {
        let problems: Vec<&Problem> = problems.iter().collect();
        render::document(console.format(), &problems, &[]).unwrap_or_default()
    } else {
        problems.par_iter().map(|problem| console.finding(problem)).collect()
    };
    inputs::print(text.as_bytes())?;
    Ok(problems.iter().filter(|it| it.severity != Severity::Note).count())
}
