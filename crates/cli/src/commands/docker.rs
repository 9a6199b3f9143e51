//! `tilde docker`: the files of a production image for what a project builds.
//!
//! `app.rs` finds out what the files depend on, by way of the same plan and compilation as
//! `tilde build`; the crate docker writes them. The Dockerfile has the command line that
//! wrote it, so that `check` needs no options and compares with the same ones.

mod app;
pub(crate) mod args;
mod check;
mod context;
mod ignore;
mod init;

use std::path::{Path, PathBuf};

use tilde_docker::File;

use crate::console::Console;
use crate::disk;
use crate::exit::ExitStatus;
use crate::problem::{Error, Problem};

use args::{DockerArgs, DockerCommand, ImageArgs};

/// The file that has the command line.
const DOCKERFILE: &str = "Dockerfile";
/// What is in front of it there.
const COMMENT: &str = "#     ";

pub(crate) fn run(args: &DockerArgs, console: Console) -> Result<ExitStatus, Error> {
    match &args.command {
        DockerCommand::Init(args) => init::run(args, console),
        DockerCommand::BuildContext(args) => context::run(args, console),
        DockerCommand::Check(args) => check::run(args, console),
    }
}

/// The folder of the project.
fn folder(path: Option<&Path>) -> Result<PathBuf, Problem> {
    let folder = path.unwrap_or(Path::new("."));
    if folder.is_dir() {
        return Ok(folder.to_owned());
    }
    let error = match folder.metadata() {
        Err(error) => error,
        Ok(_) => std::io::ErrorKind::NotADirectory.into(),
    };
    Err(disk::unreadable(folder, &error).help("name the folder of the project"))
}

/// The files as they would be written now, for the options in the Dockerfile.
fn files_again(folder: &Path, console: Console) -> Result<Vec<File>, Error> {
    let path = disk::normal(&folder.join(DOCKERFILE));
    let text = disk::read(&path).map_err(|error| {
        let help = "tilde docker init writes it";
        disk::unreadable(&path, &error).help(help)
    })?;
    let args = options_in(&String::from_utf8_lossy(&text), &path)?;
    let app = app::App::find(folder, &args, console)?;
    Ok(tilde_docker::files(&app.image))
}

/// The options of the command line in a Dockerfile.
fn options_in(text: &str, path: &Path) -> Result<ImageArgs, Problem> {
    let not_ours = || {
        let message = format!("{} has no line that tilde wrote it", path.display());
        Problem::error("T-DOCKER", message)
            .help("tilde docker init --overwrite writes one, in place of it")
    };
    let line = text.lines().find_map(|line| line.strip_prefix(COMMENT)).ok_or_else(not_ours)?;
    let words = shlex::split(line).ok_or_else(not_ours)?;
    let options = words.strip_prefix(&["tilde", "docker", "init"].map(str::to_owned)[..]);
    args::parse(options.ok_or_else(not_ours)?).map_err(|reason| {
        let message = format!("cannot use the command line in {}: {reason}", path.display());
        Problem::error("T-DOCKER", message).help("correct the line, or run tilde docker init again")
    })
}
