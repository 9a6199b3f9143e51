//! `tilde trace`: a command, in which PHP records the classes that it uses.
//!
//! PHP reads a folder of settings more, by `PHP_INI_SCAN_DIR`, which has the recorder as
//! `auto_prepend_file`. So it does not matter who starts PHP, be it a shebang or the command
//! itself. The command gets the terminal and the signals, and its exit status is ours.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, IsTerminal as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};

use rustix::process::Pid;
use tilde_composer::Traces;

use crate::args::TraceArgs;
use crate::commands::build::count;
use crate::composer::{self, App, TRACES};
use crate::console::Console;
use crate::disk::{self, Write};
use crate::problem::{Error, Problem, Severity};
use crate::signals::{self, Commanded, Folder};

/// Where PHP looks for more settings; an empty entry is where it looks anyway.
pub(crate) const SCAN_DIR: &str = "PHP_INI_SCAN_DIR";
/// Another file for what is recorded.
const TILDE_TRACES: &str = "TILDE_TRACES";
/// The recorder beside the outputs.
const RECORDER: &str = "record.php";

pub(crate) fn run(args: &TraceArgs, console: Console) -> Result<ExitCode, Error> {
    let app = composer::in_folder(args.project.as_deref(), args.out.as_deref())?;
    let recorder = app.out().join(RECORDER);
    let text = tilde_composer::recorder();
    disk::write_all(&[Write { makes_folder: true, ..Write::new(&recorder, text.as_bytes()) }])?;
    let traces = env::var_os(TILDE_TRACES).filter(|it| !it.is_empty()).map(PathBuf::from);
    let traces = traces.unwrap_or_else(|| app.out().join(TRACES));
    let traces = std::path::absolute(&traces).unwrap_or(traces);
    let settings = Settings::with(&format!("auto_prepend_file={}\n", quoted(&recorder)?))?;
    let before = fs::metadata(&traces).map_or(0, |it| it.len() as usize);
    let mut command = command(&args.command);
    command.env(SCAN_DIR, settings.scan_dir());
    if env::var_os(TILDE_TRACES).is_some() {
        command.env(TILDE_TRACES, &traces);
    }
    let status = wait(&mut command, &args.command[0])?;
    report(&app, &traces, before, console);
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default());
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)))
}

/// A folder of settings for PHP, which goes with the value and with tilde.
pub(crate) struct Settings(Folder);

impl Settings {
    /// One with these settings.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn with(text: &str) -> Result<Self, Problem> {
        let made = || {
            let folder = Folder::new("tilde-")?;
            fs::write(folder.path().join("tilde.ini"), text)?;
            Ok(folder)
        };
        let failed = |error: io::Error| {
            let reason = disk::reason(&error);
            Problem::error("T-WRITE", format!("cannot write settings for PHP: {reason}"))
        };
        made().map(Self).map_err(failed)
    }

    /// What `PHP_INI_SCAN_DIR` is with it.
    pub(crate) fn scan_dir(&self) -> OsString {
        let mut all = env::var_os(SCAN_DIR).unwrap_or_default();
        all.push(":");
        all.push(self.0.path());
        all
    }
}

/// A path as a value of php.ini.
fn quoted(path: &Path) -> Result<String, Problem> {
    let bytes = path.as_os_str().as_bytes();
    match path.to_str() {
        Some(text) if !bytes.iter().any(|byte| b"'\n\r".contains(byte)) => Ok(format!("'{text}'")),
        _ => {
            let message = format!("php.ini cannot name {}", path.display());
            Err(Problem::error("T-USAGE", message).help("put the outputs elsewhere, with --out"))
        }
    }
}

fn command(words: &[OsString]) -> Command {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    command
}

/// Runs a command in our place. With a terminal it stays in our process group, to which the
/// terminal belongs; without one it has a group of its own, so that signals end all of it.
fn wait(command: &mut Command, name: &OsStr) -> Result<ExitStatus, Problem> {
    let has_terminal = io::stdin().is_terminal();
    if !has_terminal {
        command.process_group(0);
    }
    let failed = |error: io::Error| {
        let (name, reason) = (name.to_string_lossy(), disk::reason(&error));
        Problem::error("T-USAGE", format!("cannot run `{name}`: {reason}"))
            .help("name a program and its arguments: tilde trace -- php bin/console list")
    };
    let mut live = signals::live();
    let mut child = command.spawn().map_err(failed)?;
    let process = Pid::from_child(&child);
    let commanded =
        if has_terminal { Commanded::Process(process) } else { Commanded::Group(process) };
    live.command = Some(commanded);
    drop(live);
    let status = child.wait();
    signals::live().command = None;
    status.map_err(failed)
}

/// What was recorded, and what to do next.
fn report(app: &App, traces: &Path, before: usize, console: Console) {
    let text = fs::read(traces).unwrap_or_default();
    let (mut all, mut new) = (Traces::default(), Traces::default());
    all.add(&text);
    new.add(text.get(before..).unwrap_or(&text));
    if new.is_empty() {
        let problem = Problem::error("T-COMPOSER", "the command has recorded nothing").help(
            "it must start PHP, without -n, in a way that it may write to the folder of the \
             outputs and ends by itself; a router script of PHP's own server has to require \
             the recorder",
        );
        console.report(&[Problem { severity: Severity::Warning, ..problem }]);
        return;
    }
    let requests = count(usize::try_from(new.len()).unwrap_or(usize::MAX), "request");
    let kinds = if new.kinds() < 2 { String::new() } else { format!(" of {} kinds", new.kinds()) };
    let classes =
        if new.classes() == 1 { "1 class".into() } else { format!("{} classes", new.classes()) };
    let sum = if all.len() > new.len() { format!(", {} in all", all.len()) } else { String::new() };
    console.note(format!(
        "recorded {requests}{kinds} with {classes} in {}{sum}",
        app.named(traces).display()
    ));
    console.note("help: record each kind of request that matters, then run `tilde build`");
}
