//! `tilde init`: a first `tilde.toml` for what is here.
//!
//! What was found decides: a web root of ThinkPHP, a composer.json, PHP files. The file is
//! written before it is tried, so that one that does not build yet is there to be mended;
//! one that is there already is never replaced.

mod composer;
mod found;
mod text;

use std::fs::{self, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use self::found::Found;
use crate::args::{InitArgs, ProjectArgs};
use crate::commands::build::count;
use crate::compile::{self, Compiled};
use crate::console::Console;
use crate::discover::CONFIG;
use crate::disk;
use crate::exit::ExitStatus;
use crate::problem::{Error, Problem};
use crate::project;
use crate::scope::Scope;

pub(crate) fn run(args: &InitArgs, console: Console) -> Result<ExitStatus, Error> {
    let (folder, files) = split(&args.paths)?;
    if args.composer {
        return composer::run(&folder, console);
    }
    let path = disk::normal(&folder.join(CONFIG));
    check_free(&path)?;
    let found = if files.is_empty() { Found::in_folder(&folder)? } else { Found::files(files)? };
    let text = text::of(&found)?;
    write(&path, &text)?;
    if let Found::Bundle(bundle) = &found {
        make_folder(&folder.join(&bundle.output))?;
    }
    console.note(format!("wrote {} for {}", path.display(), said(&found)));
    let args = ProjectArgs { config: Some(path), ..ProjectArgs::default() };
    match project::plan(&args, &mut Scope::ignored()).and_then(|it| compile::compile(&it, console))
    {
        Ok(compiled) => {
            report(&compiled, console);
            Ok(if compiled.has_findings() { ExitStatus::Findings } else { ExitStatus::Done })
        }
        Err(problems) => {
            console.report(&problems);
            console.note("it does not build yet: mend what is said above, or edit tilde.toml");
            Ok(ExitStatus::Findings)
        }
    }
}

/// The folder of the configuration, and the files to bundle.
fn split(paths: &[PathBuf]) -> Result<(PathBuf, &[PathBuf]), Problem> {
    match paths {
        [] => Ok((PathBuf::from("."), paths)),
        [folder] if folder.is_dir() => Ok((folder.clone(), &[])),
        _ => {
            for path in paths {
                disk::stat(path).map_err(|error| disk::unreadable(path, &error))?;
            }
            Ok((PathBuf::from("."), paths))
        }
    }
}

/// An error if there is something that the file would replace.
fn check_free(path: &Path) -> Result<(), Problem> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(disk::unreadable(path, &error)),
        Ok(_) => Err(taken(path)),
    }
}

fn taken(path: &Path) -> Problem {
    let message = format!("{} is there already, and init replaces nothing", path.display());
    Problem::error("T-WRITE", message).help("remove it first if you want another one")
}

/// Writes the file whole or not at all, and never over another one.
fn write(path: &Path, text: &str) -> Result<(), Problem> {
    let failed = |error: std::io::Error| {
        let message = format!("cannot write {}: {}", path.display(), disk::reason(&error));
        Problem::error("T-WRITE", message)
    };
    let mut builder = tempfile::Builder::new();
    let file = builder.prefix(disk::TEMPORARY_PREFIX).permissions(Permissions::from_mode(0o666));
    let mut file = file.tempfile_in(disk::folder_of(path)).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist_noclobber(path).map(|_| ()).map_err(|error| match error.error.kind() {
        ErrorKind::AlreadyExists => taken(path),
        _ => failed(error.error),
    })
}

/// Makes the folder of an output, since a build makes none: it may be misspelled.
fn make_folder(output: &Path) -> Result<(), Problem> {
    let folder = disk::folder_of(output);
    fs::create_dir_all(folder).map_err(|error| {
        let (path, reason) = (folder.display(), disk::reason(&error));
        Problem::error("T-WRITE", format!("cannot make the folder {path}: {reason}"))
    })
}

fn said(found: &Found) -> String {
    match found {
        Found::ThinkPhp { release, .. } => format!("ThinkPHP {release}"),
        Found::Bundle(bundle) => bundle.origin.clone(),
    }
}

/// What a build would do now, and how to start it.
fn report(compiled: &Compiled, console: Console) {
    console.report(&compiled.findings);
    let outputs = compiled.outputs.iter().filter(|output| !output.is_map);
    for output in outputs {
        let files = count(output.inputs.len(), "file");
        console.note(format!("it bundles {files} into {}", output.path.display()));
    }
    console.note("help: `tilde build` writes that, `tilde config --schema` helps editors");
}
