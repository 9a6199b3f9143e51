//! `tilde check`: would a build change anything?
//!
//! Compiles in memory and prints a unified diff for each output that differs
//! from the file on disk. The diff is of bytes, not of text. Nothing is written but
//! the cache, not even a temporary file.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use similar::{ChangeTag, TextDiff};

use crate::args::CheckArgs;
use crate::cache::{self, Cache, Recalled};
use crate::commands::build::count;
use crate::commands::explain;
use crate::compile::{self, Output};
use crate::console::Console;
use crate::disk;
use crate::escape::escaped;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Problem};
use crate::project;
use crate::scope::Scope;

/// After this time a diff need no longer be the shortest one.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) fn run(args: &CheckArgs, console: Console) -> Result<ExitStatus, Error> {
    let started = Instant::now();
    let time = SystemTime::now();
    if let Some(code) = &args.explain.explain {
        return explain::run(code);
    }
    let project = project::plan(&args.project, &mut Scope::ignored())?;
    if project.targets.iter().any(|target| disk::is_dash(&target.output)) {
        let problem = Problem::error("T-USAGE", "check compares with files, and `-o -` is none");
        return Err(problem.help("give -o the name of the file").into());
    }
    let cache = Cache::of(&args.cache, &project, time);
    let recalled = cache.as_ref().and_then(Cache::recall);
    if let Some(recalled) = recalled.filter(Recalled::is_current) {
        return Ok(as_recalled(&recalled, started, console));
    }
    let (compiled, answers) = cache::compile(cache.as_ref(), &project, console)?;
    if let Some(cache) = &cache {
        cache.remember(&compiled, answers);
    }
    console.report(&compiled.findings);
    note_interrupted(compiled.outputs.iter().map(|output| output.path.as_path()), console);
    let mut different = 0;
    for output in &compiled.outputs {
        if let Some(diff) = difference(output, console.stdout.colour)? {
            different += 1;
            inputs::print(&diff)?;
        }
    }
    if different > 0 {
        let outputs = count(compiled.outputs.len(), "output");
        console.note(format!("{different} of {outputs} would change; `tilde build` writes them"));
    } else {
        note_same(compiled.outputs.len(), started, console);
    }
    let is_clean = different == 0 && !compiled.has_findings();
    Ok(if is_clean { ExitStatus::Done } else { ExitStatus::Findings })
}

/// What is said where the cache knows that all files are as they should be.
fn as_recalled(recalled: &Recalled, started: Instant, console: Console) -> ExitStatus {
    console.report(&recalled.findings);
    note_interrupted(recalled.outputs.iter().map(|output| output.path.as_path()), console);
    note_same(recalled.outputs.len(), started, console);
    let has_findings = compile::has_findings(&recalled.findings);
    if has_findings { ExitStatus::Findings } else { ExitStatus::Done }
}

fn note_interrupted<'a>(paths: impl Iterator<Item = &'a Path>, console: Console) {
    if disk::is_interrupted(paths) {
        console.note("a build was killed between its outputs; `tilde build` takes it back");
    }
}

fn note_same(outputs: usize, started: Instant, console: Console) {
    let outputs = count(outputs, "output");
    let elapsed = started.elapsed().as_millis();
    console.note(format!("{outputs} as a build would write them, in {elapsed} ms"));
}

/// The unified diff from the file on disk to what would be written, if they
/// differ.
fn difference(output: &Output, is_coloured: bool) -> Result<Option<Vec<u8>>, Problem> {
    let path = output.path.display().to_string();
    let path = escaped(&path);
    let is_stream = fs::metadata(&output.path).is_ok_and(|old| !old.is_file() && !old.is_dir());
    if is_stream || disk::is_descriptor(&output.path) {
        let message = format!("cannot compare with {path}: it is a pipe or a device");
        return Err(Problem::error("T-OUTPUT", message).help("give the name of a file"));
    }
    let (old, state) = match fs::read(&output.path) {
        Ok(old) if old == output.bytes => return Ok(None),
        Ok(old) => (old, "on disk"),
        Err(error) if error.kind() == ErrorKind::NotFound => (Vec::new(), "missing"),
        Err(error) => return Err(disk::unreadable(&output.path, &error)),
    };
    let paint = Paint { is_coloured };
    let mut text = Vec::new();
    // The bytes of an archive tell nobody anything.
    if output.bytes.ends_with(tilde_phar::SIGNATURE_MAGIC) {
        let line = format!("{path} ({state}): the archive differs");
        paint.line(&mut text, "1", line.as_bytes());
        return Ok(Some(text));
    }
    paint.line(&mut text, "1", format!("--- {path} ({state})").as_bytes());
    paint.line(&mut text, "1", format!("+++ {path} (would be written)").as_bytes());
    let diff =
        TextDiff::configure().timeout(PATIENCE).diff_lines(old.as_slice(), output.bytes.as_slice());
    for hunk in diff.unified_diff().iter_hunks() {
        paint.line(&mut text, "36", hunk.header().to_string().as_bytes());
        for change in hunk.iter_changes() {
            let (sign, colour) = match change.tag() {
                ChangeTag::Equal => (b' ', ""),
                ChangeTag::Delete => (b'-', "31"),
                ChangeTag::Insert => (b'+', "32"),
            };
            let value: &[u8] = change.value();
            let line = value.strip_suffix(b"\n").unwrap_or(value);
            paint.line(&mut text, colour, &[&[sign], line].concat());
            if line.len() == value.len() {
                paint.line(&mut text, "", b"\\ No newline at end of file");
            }
        }
    }
    Ok(Some(text))
}

/// Adds lines in a colour, given by its ANSI code; none for `""`.
struct Paint {
    is_coloured: bool,
}

impl Paint {
    fn line(&self, text: &mut Vec<u8>, colour: &str, line: &[u8]) {
        if self.is_coloured && !colour.is_empty() {
            text.extend_from_slice(format!("\x1b[{colour}m").as_bytes());
            text.extend_from_slice(line);
            text.extend_from_slice(b"\x1b[0m");
        } else {
            text.extend_from_slice(line);
        }
        text.push(b'\n');
    }
}
