//! `tilde module`: packages of the framework Zhamao, without PHP.
//!
//! `project.rs` finds the modules, `package.rs` makes a package in memory; the
//! commands move files. A package may come from anywhere, so every path in it is
//! checked, and nothing of it is executed.

pub(crate) mod args;
mod check;
mod configured;
mod list;
mod pack;
mod package;
mod project;
mod unpack;
mod words;

pub(crate) use self::configured::{Modules, plan_all};
use crate::console::Console;
use crate::exit::ExitStatus;
use crate::problem::{Error, Problem, Severity};

use args::{ModuleArgs, ModuleCommand};

pub(crate) fn run(args: &ModuleArgs, console: Console) -> Result<ExitStatus, Error> {
    match &args.command {
        ModuleCommand::List(args) => list::run(args, console),
        ModuleCommand::Pack(args) => pack::run(args, console),
        ModuleCommand::Unpack(args) => unpack::run(args, console),
        ModuleCommand::Check(args) => check::run(args, console),
    }
}

/// Reports warnings, and says what they make of the exit status.
fn report(console: Console, warnings: &[Problem]) -> ExitStatus {
    if warnings.is_empty() {
        return ExitStatus::Done;
    }
    console.report(warnings);
    ExitStatus::Findings
}

fn warning(message: impl Into<String>) -> Problem {
    Problem { severity: Severity::Warning, ..Problem::error("T-MODULE", message) }
}
