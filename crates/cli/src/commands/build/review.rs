//! `build --review`: what would change goes beside the outputs, where it waits.
//!
//! A pending file that an earlier run has left and that is no change any more goes away.

use crate::commands::review;
use crate::compile::{Compiled, Output};
use crate::console::Console;
use crate::disk::{self, Write};
use crate::exit::ExitStatus;
use crate::pending::{self, Pending};
use crate::problem::{Error, Problem};

use super::count;

pub(super) fn propose(compiled: &Compiled, console: Console) -> Result<ExitStatus, Error> {
    if compiled.outputs.iter().any(Output::is_stdout) {
        let message = "a change of standard output cannot be reviewed";
        return Err(Problem::error("T-USAGE", message).help("give -o the name of a file").into());
    }
    console.report(&compiled.findings);
    let is_changed = |output: &&Output| !disk::has_bytes(&output.path, &output.bytes.pieces(), 0);
    let (changed, same): (Vec<_>, Vec<_>) = compiled.outputs.iter().partition(is_changed);
    if pending::is_ci() && !changed.is_empty() {
        for output in &changed {
            console.note(format!("would change {}", output.path.display()));
        }
        console.note(format!("nothing written in CI: {}", count(changed.len(), "output")));
        console.note("help: run `tilde build --review` and `tilde review` on your machine, and commit the outputs");
        return Ok(ExitStatus::Findings);
    }
    if !pending::is_ci() {
        same.iter().try_for_each(|output| Pending::of(&output.path).remove())?;
        write(&changed)?;
    }
    for output in &changed {
        console.note(format!("pending {}", Pending::of(&output.path).file.display()));
    }
    if changed.is_empty() {
        console.note(format!("nothing changed: {}", count(compiled.outputs.len(), "output")));
    } else {
        review::hint(changed.len(), console);
    }
    let is_clean = changed.is_empty() && !compiled.has_findings();
    Ok(if is_clean { ExitStatus::Done } else { ExitStatus::Findings })
}

fn write(changed: &[&Output]) -> Result<(), Problem> {
    let pending: Vec<Pending> = changed.iter().map(|output| Pending::of(&output.path)).collect();
    let writes: Vec<Write<'_>> = changed
        .iter()
        .zip(&pending)
        .map(|(output, pending)| Write {
            path: &pending.file,
            bytes: output.bytes.pieces(),
            new: 0,
            makes_folder: output.makes_folder,
            newer_than: None,
        })
        .collect();
    disk::write_all(&writes)?;
    Ok(())
}
