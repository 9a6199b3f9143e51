//! `tilde docker init`: writes the files of an image.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tilde_docker::{Need, Way, recipe};

use super::app::App;
use super::args::InitArgs;
use super::folder;
use crate::console::Console;
use crate::disk::{self, Outcome, Write};
use crate::exit::ExitStatus;
use crate::problem::{Error, Problem};

/// Most reasons that are told of an extension.
const MAX_REASONS: usize = 2;

pub(super) fn run(args: &InitArgs, console: Console) -> Result<ExitStatus, Error> {
    let folder = folder(args.path.as_deref())?;
    let app = App::find(&folder, &args.image, console)?;
    let files = tilde_docker::files(&app.image);
    let paths: Vec<PathBuf> =
        files.iter().map(|file| disk::normal(&folder.join(file.path))).collect();
    if !args.overwrite {
        for (file, path) in files.iter().zip(&paths) {
            check_free(path, file.text.as_bytes())?;
        }
    }
    let mut writes = Vec::new();
    for (file, path) in files.iter().zip(&paths) {
        writes.push(Write { makes_folder: true, ..Write::new(path, file.text.as_bytes()) });
    }
    let outcomes = disk::write_all(&writes)?;
    for (file, path) in files.iter().zip(&paths).filter(|(file, _)| file.is_program) {
        make_program(path).map_err(|error| {
            let reason = disk::reason(&error);
            let message = format!("cannot make {} a program: {reason}", file.path);
            Problem::error("T-WRITE", message)
        })?;
    }
    for (path, outcome) in paths.iter().zip(&outcomes) {
        let word = match outcome {
            Outcome::Wrote => "wrote",
            Outcome::Unchanged => "unchanged",
        };
        console.note(format!("{word} {}", path.display()));
    }
    say_needs(&app, console);
    console.note(format!("help: docker build -t {0} . && docker/test.sh {0}", app.image.name));
    Ok(if app.has_findings { ExitStatus::Findings } else { ExitStatus::Done })
}

/// An error if a file would be replaced by another one.
fn check_free(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    if path.symlink_metadata().is_err() || disk::has_bytes(path, &[bytes], 0) {
        return Ok(());
    }
    let message = format!("{} is there already", path.display());
    let help = "--overwrite replaces it; tilde docker check shows what is different";
    Err(Problem::error("T-WRITE", message).help(help))
}

/// Whoever may read it may run it.
fn make_program(path: &Path) -> std::io::Result<()> {
    let mut permissions = fs::metadata(path)?.permissions();
    let mode = permissions.mode();
    let runs = mode | (mode & 0o444) >> 2;
    if runs == mode {
        return Ok(());
    }
    permissions.set_mode(runs);
    fs::set_permissions(path, permissions)
}

/// Which extensions are installed, and why.
fn say_needs(app: &App, console: Console) {
    let php = app.image.php.last().copied().unwrap_or_default();
    let is_built_in =
        |need: &Need| recipe(&need.extension, php).is_some_and(|it| it.way == Way::BuiltIn);
    for need in app.image.needs.iter().filter(|need| !is_built_in(need)) {
        let word = if need.is_optional { "optional" } else { "installs" };
        let mut reasons: Vec<String> = need.reasons.iter().map(ToString::to_string).collect();
        let more = reasons.len().saturating_sub(MAX_REASONS);
        reasons.truncate(MAX_REASONS);
        if more > 0 {
            reasons.push(format!("{more} more"));
        }
        console.note(format!("{word} {}: {}", need.extension, reasons.join("; ")));
    }
}
