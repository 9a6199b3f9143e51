//! The command `tilde`.
//!
//! Here is the whole of a run: read the arguments, do the command, report,
//! exit. A reader who closes the pipe has seen enough; the exit status stays that
//! of the whole run.

// ThinkPHP is a name and no code.
#![allow(clippy::doc_markdown)]

mod allow;
mod args;
mod budget;
mod cache;
mod commands;
mod compare;
mod compile;
mod composer;
mod config;
mod console;
mod deployed;
mod discover;
mod disk;
mod escape;
mod excerpt;
mod exit;
mod git;
mod glob;
mod group;
mod inputs;
mod literal;
mod log;
mod map;
mod new_sides;
mod outputs;
mod pending;
mod php;
mod problem;
mod progress;
mod project;
mod reach;
mod render;
mod rules;
mod scope;
mod signals;
mod stream;
mod thinkphp;
mod threads;
mod variables;
mod versions;
mod xdebug;

use std::process::ExitCode;

use args::{Arguments, Command};
use console::Console;
use exit::ExitStatus;
use problem::{Error, Problem};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = args::parse(std::env::args_os());
    let console = Console::new(&arguments.terminal, arguments.command.is_checking());
    run(&arguments, console).unwrap_or_else(|error| report(error, console).into())
}

fn run(arguments: &Arguments, console: Console) -> Result<ExitCode, Error> {
    let status = match &arguments.command {
        Command::Build(args) => commands::build::run(args, console),
        Command::Check(args) => commands::check::run(args, console),
        Command::Diff(args) => commands::diff::run(args, console),
        Command::Review(args) => commands::review::review(args, console),
        Command::Accept(args) => commands::review::accept(args, console),
        Command::Reject(args) => commands::review::reject(args, console),
        Command::Init(args) => commands::init::run(args, console),
        Command::Config(args) => commands::config::run(args),
        Command::Completions(args) => commands::shell::completions(args),
        Command::Man(args) => commands::shell::man(args),
        Command::Watch(args) => commands::watch::run(args, console),
        Command::Strip(args) => commands::strip::run(args, console),
        Command::Tokens(args) => commands::tokens::run(args, console),
        Command::Lint(args) => commands::lint::run(args, console),
        Command::State(args) => commands::state::run(args, console),
        Command::Phar(args) => commands::phar::run(args, console),
        Command::Where(args) => commands::r#where::run(args, console),
        Command::Module(args) => commands::module::run(args, console),
        Command::Docker(args) => commands::docker::run(args, console),
        // Its status is that of the command that it runs.
        Command::Trace(args) => return commands::trace::run(args, console),
        Command::Bench(args) => commands::bench::run(args, console),
    };
    status.map(ExitCode::from)
}

fn report(error: Error, console: Console) -> ExitStatus {
    match error {
        Error::Stdout(error) => {
            let message = format!("cannot write to standard output: {}", disk::reason(&error));
            console.report(&[Problem::error("T-WRITE", message)]);
        }
        Error::Problems(problems) => {
            console.report(&problems);
            // One that stands alone needs no count.
            if let Some(counts) = problem::tally(&problems).filter(|_| problem::is_many(&problems))
            {
                console.note(counts);
            }
        }
    }
    ExitStatus::Failed
}
