//! `tilde strip`: files without comments and blanks.
//!
//! One file that cannot be read does not stop the others, and with `--out-dir` nothing is written before all places are
//! known to be good.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use tilde_bundle::{Docs, StripOptions};

use crate::args::StripArgs;
use crate::commands::build::tidy;
use crate::console::Console;
use crate::discover;
use crate::disk::{self, Identity, Write};
use crate::exit::ExitStatus;
use crate::inputs::{self, Inputs};
use crate::problem::{Error, Problem};
use crate::progress::Progress;
use crate::project;
use crate::scope::Scope;
use crate::stream;

pub(crate) fn run(args: &StripArgs, console: Console) -> Result<ExitStatus, Error> {
    project::check_docs(args.docs.choice(), args.style)?;
    let options = StripOptions {
        lexer: discover::options_here(&args.php, &mut Scope::default())?,
        style: args.style,
        docs: args.docs.choice().unwrap_or(Docs::Drop),
    };
    let inputs = inputs::list_or_stdin(&args.files, &args.list, console)?;
    let progress = Progress::new(console, inputs.paths.len());
    let problems = match &args.out_dir {
        None => stream::print_each(&inputs, &args.threads, &progress, |source, out| {
            tilde_bundle::strip_onto(out, source, &options);
        })?,
        Some(folder) => {
            let targets = targets(&inputs, folder)?;
            tidy(targets.values().map(PathBuf::as_path), console);
            let work = |_: &Path, source: Vec<u8>| tilde_bundle::strip(&source, &options);
            inputs::for_each(&inputs, &args.threads, &progress, work, |path, text| {
                Ok(write(&targets[path], &text)?)
            })?
        }
    };
    drop(progress);
    console.report(&problems);
    Ok(if problems.is_empty() { ExitStatus::Done } else { ExitStatus::Failed })
}

fn write(target: &Path, text: &[u8]) -> Result<(), Problem> {
    let folder = disk::folder_of(target);
    fs::create_dir_all(folder).map_err(|error| {
        Problem::error(
            "T-WRITE",
            format!("cannot create the folder {}: {}", folder.display(), disk::reason(&error)),
        )
    })?;
    disk::write_all(&[Write::new(target, text)])?;
    Ok(())
}

/// Where each input goes below `folder`.
fn targets(inputs: &Inputs, folder: &Path) -> Result<BTreeMap<PathBuf, PathBuf>, Vec<Problem>> {
    let identities: BTreeSet<Identity> = inputs
        .paths
        .iter()
        .filter_map(|path| fs::metadata(path).ok())
        .map(|metadata| Identity::of(&metadata))
        .collect();
    let mut targets: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    let mut sources: BTreeMap<PathBuf, &Path> = BTreeMap::new();
    let common = common_folder(&inputs.paths);
    let mut problems = Vec::new();
    for path in &inputs.paths {
        let is_stdin = inputs.stdin.is_some() && disk::is_dash(path);
        let Some(below) = relative(path, common).filter(|_| !is_stdin) else {
            let message = format!("cannot place {} below {}", path.display(), folder.display());
            let help = "give files of the current folder, by their names";
            problems.push(Problem::error("T-USAGE", message).help(help));
            continue;
        };
        let target = folder.join(below);
        if fs::metadata(&target).is_ok_and(|metadata| identities.contains(&Identity::of(&metadata)))
        {
            let message = format!("cannot write {}: it is an input", target.display());
            let help = "give --out-dir another folder, so that no source is lost";
            problems.push(Problem::error("T-OUTPUT", message).help(help));
        }
        if let Some(other) = sources.insert(target.clone(), path)
            && other != path
        {
            let message = format!(
                "{} and {} would both be written to {}",
                other.display(),
                path.display(),
                target.display()
            );
            problems.push(Problem::error("T-OUTPUT", message).help("name each file once"));
        }
        targets.insert(path.clone(), target);
    }
    if problems.is_empty() { Ok(targets) } else { Err(problems) }
}

/// The folder that all absolute paths have in common.
fn common_folder(paths: &[PathBuf]) -> Option<&Path> {
    let mut folders =
        paths.iter().filter(|path| path.is_absolute()).map(|path| disk::folder_of(path));
    let first = folders.next()?;
    let common = |a: &'_ Path, b: &Path| {
        a.ancestors().find(|above| b.starts_with(above)).map(Path::as_os_str).map_or(0, OsStr::len)
    };
    let len = folders.map(|folder| common(first, folder)).min();
    first.ancestors().find(|above| len.is_none_or(|len| above.as_os_str().len() <= len))
}

/// The path from the current folder, else from what the absolute paths have in
/// common; none if it leads out of it.
fn relative(path: &Path, common: Option<&Path>) -> Option<PathBuf> {
    let path = if path.is_absolute() {
        let current = env::current_dir().ok();
        let below = current.as_deref().and_then(|current| path.strip_prefix(current).ok());
        below.or_else(|| path.strip_prefix(common?).ok())?
    } else {
        path
    };
    let path = disk::normal(path);
    let is_below = path.components().all(|component| matches!(component, Component::Normal(_)));
    (is_below && path.file_name().is_some()).then_some(path)
}
