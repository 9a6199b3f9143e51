//! `tilde build`: compile, then write what changed.
//!
//! Nothing is written before everything is compiled, and the metafile is part of
//! the same write.

pub(crate) mod analyze;
mod member;
mod metafile;
mod review;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use crate::args::BuildArgs;
use crate::budget;
use crate::cache::{self, Cache, Recalled, RecalledOutput};
use crate::commands::explain;
use crate::compile::{self, Compiled, Output};
use crate::console::Console;
use crate::disk::{self, Durability, Outcome, Write, Written};
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{self, Error, Problem, Severity};
use crate::project::{self, Project};
use crate::scope::Scope;

pub(crate) fn run(args: &BuildArgs, console: Console) -> Result<ExitStatus, Error> {
    let started = Instant::now();
    let time = SystemTime::now();
    if let Some(code) = &args.explain.explain {
        return explain::run(code);
    }
    let mut project = project::plan(&args.project, &mut Scope::ignored())?;
    project.budgets.replace(&args.budget.budget);
    if !args.dry_run && !args.review {
        tidy(project.targets.iter().map(|target| target.output.as_path()), console);
    }
    let cache = Cache::of(&args.cache, &project, time);
    let is_plain =
        !args.dry_run && !args.review && !args.verbose && !args.analyze && args.metafile.is_none();
    let recalled = cache.as_ref().filter(|_| is_plain).and_then(Cache::recall);
    if let Some(recalled) = recalled.filter(|it| project.budgets.have_room(&it.outputs)) {
        return recall(&recalled, &project, started, console);
    }
    if args.review {
        let mut compiled = compile::compile(&project, console)?;
        budget::judge(&mut compiled, &project, console);
        return review::propose(&compiled, console);
    }
    let (compiled, outcomes) = write_all(args, &project, cache.as_ref(), console)?;
    console.report(&compiled.findings);
    list(&compiled, &outcomes, args, console);
    if args.analyze {
        inputs::print(analyze::text(&compiled).as_bytes())?;
    }
    let briefs: Vec<Brief<'_>> = compiled.outputs.iter().map(Brief::of).collect();
    let findings = &compiled.findings;
    console.note(summary(&briefs, findings, &outcomes, args.dry_run, started.elapsed()));
    Ok(if compiled.has_findings() { ExitStatus::Findings } else { ExitStatus::Done })
}

/// Compiles and writes what has changed, or says what would be written.
fn write_all(
    args: &BuildArgs,
    project: &Project,
    cache: Option<&Cache<'_>>,
    console: Console,
) -> Result<(Compiled, Vec<Outcome>), Error> {
    let metafile = args.metafile.as_deref();
    let (mut compiled, answers) = cache::compile(cache, project, console)?;
    check_metafile(metafile, project, &compiled)?;
    if args.analyze {
        check_stdout(metafile, &compiled)?;
    }
    // What was found before the budgets were looked at is the same the next time.
    let found = compiled.findings.len();
    budget::judge(&mut compiled, project, console);
    let exceeded = compiled.findings.split_off(found);
    let metafile = metafile.map(|path| (path, metafile::text(&compiled)));
    let outdated = outdated(project, compiled.outputs.iter().map(|it| it.path.as_path()));
    let outcomes = if args.dry_run {
        for path in &outdated {
            console.note(format!("would remove {}", path.display()));
        }
        preview(&compiled)
    } else {
        let metafile = metafile.as_ref().map(|(path, text)| (*path, text.as_str()));
        let written = publish(&compiled, metafile, Durability::Disk, console)?;
        compiled.findings.extend(remove(&outdated, console));
        written.outcomes
    };
    if let Some(cache) = cache {
        cache.remember(&compiled, answers);
    }
    compiled.findings.extend(exceeded);
    Ok((compiled, outcomes))
}

/// Writes what the cache has and the disk has not, and says what a build would say.
fn recall(
    recalled: &Recalled,
    project: &Project,
    started: Instant,
    console: Console,
) -> Result<ExitStatus, Error> {
    let writes: Vec<Write<'_>> = recalled.outputs.iter().filter_map(missing).collect();
    let outdated = outdated(project, recalled.outputs.iter().map(|it| it.path.as_path()));
    disk::write_all(&writes)?;
    let mut findings = recalled.findings.clone();
    findings.extend(remove(&outdated, console));
    console.report(&findings);
    let outcome = |output: &RecalledOutput| match output.bytes {
        Some(_) => Outcome::Wrote,
        None => Outcome::Unchanged,
    };
    let outcomes: Vec<Outcome> = recalled.outputs.iter().map(outcome).collect();
    let briefs: Vec<Brief<'_>> = recalled.outputs.iter().map(Brief::recalled).collect();
    for (brief, outcome) in briefs.iter().zip(&outcomes) {
        console.note(line(brief, *outcome, false));
    }
    console.note(summary(&briefs, &findings, &outcomes, false, started.elapsed()));
    let has_findings = compile::has_findings(&findings);
    Ok(if has_findings { ExitStatus::Findings } else { ExitStatus::Done })
}

/// What an earlier build of the project has written and this one does not.
fn outdated<'p>(project: &Project, outputs: impl Iterator<Item = &'p Path>) -> Vec<PathBuf> {
    project.composer.as_ref().map(|app| app.outdated(outputs)).unwrap_or_default()
}

fn missing(output: &RecalledOutput) -> Option<Write<'_>> {
    let write = Write::new(&output.path, output.bytes.as_deref()?);
    Some(Write { makes_folder: output.makes_folder, ..write })
}

/// What is said of an output.
struct Brief<'a> {
    path: &'a Path,
    is_map: bool,
    /// How many sources are in it.
    inputs: usize,
    /// How many bytes these have.
    input_len: u64,
    len: u64,
}

impl<'a> Brief<'a> {
    fn of(output: &'a Output) -> Self {
        Self {
            path: &output.path,
            is_map: output.is_map,
            inputs: output.inputs.len(),
            input_len: output.input_len(),
            len: output.bytes.len() as u64,
        }
    }

    fn recalled(output: &'a RecalledOutput) -> Self {
        let RecalledOutput { path, is_map, inputs, input_len, len, .. } = output;
        Self { path, is_map: *is_map, inputs: *inputs, input_len: *input_len, len: *len }
    }
}

/// A line for each output, and for its members where they are asked for.
fn list(compiled: &Compiled, outcomes: &[Outcome], args: &BuildArgs, console: Console) {
    for (output, outcome) in compiled.outputs.iter().zip(outcomes) {
        console.note(line(&Brief::of(output), *outcome, args.dry_run));
        let members = if args.dry_run || args.verbose {
            member::lines(output, args.verbose)
        } else {
            Vec::new()
        };
        for line in members {
            console.note(line);
        }
    }
}

fn check_metafile(
    path: Option<&Path>,
    project: &Project,
    compiled: &Compiled,
) -> Result<(), Problem> {
    let Some(path) = path else { return Ok(()) };
    if disk::is_dash(path) {
        if compiled.outputs.iter().any(Output::is_stdout) {
            let message = "standard output cannot take both the bundle and the metafile";
            return Err(Problem::error("T-USAGE", message).help("give one of them a file name"));
        }
        return Ok(());
    }
    project.check_input(path, None)?;
    let place = disk::place_of(path);
    let is_output = |output: &&Output| disk::place_of(&output.path) == place;
    match compiled.outputs.iter().find(is_output) {
        None => Ok(()),
        Some(Output { name, .. }) => {
            let message =
                format!("cannot write {}: the bundle `{name}` goes there", path.display());
            Err(Problem::error("T-OUTPUT", message).help("choose another name for --metafile"))
        }
    }
}

/// An error if something else than the table goes to standard output.
fn check_stdout(metafile: Option<&Path>, compiled: &Compiled) -> Result<(), Problem> {
    let name = if compiled.outputs.iter().any(Output::is_stdout) {
        "bundle"
    } else if metafile.is_some_and(disk::is_dash) {
        "metafile"
    } else {
        return Ok(());
    };
    let message = format!("standard output cannot take both the {name} and the table of --analyze");
    Err(Problem::error("T-USAGE", message).help(format!("give the {name} a file name")))
}

/// Takes back what a killed build has left half done where these files go, and
/// says so.
pub(crate) fn tidy<'a>(paths: impl IntoIterator<Item = &'a Path>, console: Console) {
    let undone = disk::tidy(paths);
    if undone > 0 {
        let files = count(undone, "file");
        console.note(format!("a build was killed between its outputs; took {files} of it back"));
    }
}

/// Writes the outputs and the metafile: all of them or none. What goes to standard output
/// goes there last, when nothing else can fail. Takes back what a killed build has left,
/// but for `watch`, which has done so before its first build.
pub(crate) fn publish(
    compiled: &Compiled,
    metafile: Option<(&Path, &str)>,
    durability: Durability,
    console: Console,
) -> Result<Written, Error> {
    let files = compiled.outputs.iter().filter(|output| !output.is_stdout());
    let mut writes: Vec<Write<'_>> = files.map(write).collect();
    let (printed, written): (Vec<_>, Vec<_>) =
        metafile.into_iter().partition(|(path, _)| disk::is_dash(path));
    writes.extend(written.iter().map(|(path, text)| Write::new(path, text.as_bytes())));
    if durability == Durability::Disk {
        tidy(writes.iter().map(|write| write.path), console);
    }
    let Written { outcomes, replaced } = disk::write_all_as(&writes, durability)?;
    let mut outcomes = outcomes.into_iter();
    for output in compiled.outputs.iter().filter(|output| output.is_stdout()) {
        inputs::print(output.bytes.whole())?;
    }
    for (_, text) in printed {
        inputs::print(text.as_bytes())?;
    }
    let outcome = |output: &Output| {
        let outcome = if output.is_stdout() { None } else { outcomes.next() };
        outcome.unwrap_or(Outcome::Wrote)
    };
    let outcomes = compiled.outputs.iter().map(outcome).collect();
    Ok(Written { outcomes, replaced })
}

/// Removes outputs of a former build, and their folder if it is empty then. Returns what
/// could not be done.
fn remove(paths: &[PathBuf], console: Console) -> Vec<Problem> {
    let mut problems = Vec::new();
    for path in paths {
        match fs::remove_file(path) {
            Ok(()) => {
                console.note(format!("removed {}", path.display()));
                // It fails unless nothing is in it.
                let _ = fs::remove_dir(disk::folder_of(path));
            }
            Err(error) => {
                let reason = disk::reason(&error);
                let message = format!("cannot remove {}: {reason}", path.display());
                let help = "no output uses it any more; remove it yourself";
                let problem = Problem::error("T-WRITE", message).help(help);
                problems.push(Problem { severity: Severity::Warning, ..problem });
            }
        }
    }
    problems
}

fn write(output: &Output) -> Write<'_> {
    Write {
        path: &output.path,
        bytes: output.bytes.pieces(),
        new: output.bytes.first_new().unwrap_or_default(),
        makes_folder: output.makes_folder,
        newer_than: output.newer_than.as_deref(),
    }
}

/// What [`publish`] would do.
fn preview(compiled: &Compiled) -> Vec<Outcome> {
    let outcome = |output: &Output| {
        let has_bytes = disk::has_bytes(&output.path, &output.bytes.pieces(), 0);
        if has_bytes { Outcome::Unchanged } else { Outcome::Wrote }
    };
    compiled.outputs.iter().map(outcome).collect()
}

fn line(output: &Brief<'_>, outcome: Outcome, is_dry_run: bool) -> String {
    let verb = match outcome {
        Outcome::Wrote if is_dry_run => "would write",
        Outcome::Wrote => "wrote",
        Outcome::Unchanged => "unchanged",
    };
    let path = if disk::is_dash(output.path) {
        "standard output".into()
    } else {
        output.path.display().to_string()
    };
    let (before, after) = (Size(output.input_len), Size(output.len));
    if output.is_map {
        return format!("{verb} {path}  {after}");
    }
    format!("{verb} {path}  {}, {before} -> {after}", count(output.inputs, "file"))
}

fn summary(
    outputs: &[Brief<'_>],
    findings: &[Problem],
    outcomes: &[Outcome],
    is_dry_run: bool,
    elapsed: Duration,
) -> String {
    let verb = if !outcomes.contains(&Outcome::Wrote) {
        "nothing changed: "
    } else if is_dry_run {
        "nothing written (dry run): "
    } else {
        ""
    };
    let before = outputs.iter().map(|output| output.input_len).sum();
    let after = outputs.iter().filter(|output| !output.is_map).map(|output| output.len).sum();
    let files = outputs.iter().map(|output| output.inputs).sum();
    format!(
        "{verb}{}, {}, {} -> {} in {} ms{}",
        count(outputs.len(), "output"),
        count(files, "file"),
        Size(before),
        Size(after),
        elapsed.as_millis(),
        problem::tally(findings).map_or(String::new(), |counts| format!("; {counts}"))
    )
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// A number of bytes for people, in decimal units.
pub(crate) struct Size(pub(crate) u64);

impl fmt::Display for Size {
    #[allow(clippy::cast_precision_loss)] // one decimal is shown
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes @ 0..1_000 => write!(f, "{bytes} B"),
            bytes @ 1_000..999_950 => write!(f, "{:.1} kB", bytes as f64 / 1e3),
            bytes @ 999_950..999_950_000 => write!(f, "{:.1} MB", bytes as f64 / 1e6),
            bytes => write!(f, "{:.1} GB", bytes as f64 / 1e9),
        }
    }
}
