//! `tilde strip`: files without comments and blanks.
//!
//! One file that cannot be read does not stop the others, and with `--out-dir` nothing is written before all places are
//! known to be good.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use tilde_bundle::{Docs, Source, SourceId, StripOptions, Style};

use crate::args::StripArgs;
use crate::commands::build::tidy;
use crate::compile;
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
    let php = discover::choose_here(&args.php, &mut Scope::default())?;
    let options = StripOptions {
        lexer: php.options,
        oldest: php.oldest,
        style: args.style,
        docs: args.docs.choice().unwrap_or(Docs::Drop),
    };
    let inputs = inputs::list_or_stdin(&args.files, &args.list, console)?;
    let progress = Progress::new(console, inputs.paths.len());
    let problems = match &args.out_dir {
        None => stream::print_each(&inputs, &args.threads, &progress, |path, source, out| {
            check(path, source, options)?;
            tilde_bundle::strip_onto(out, source, &options);
            Ok(())
        })?,
        Some(folder) => {
            let targets = targets(&inputs, folder)?;
            tidy(targets.values().map(PathBuf::as_path), console);
            let work = |path: &Path, source: Vec<u8>| checked(path, &source, options);
            let mut refused = Vec::new();
            let done = |path: &Path, text: Result<Vec<u8>, Problem>| {
                match text {
                    Ok(text) => write(&targets[path], &text)?,
                    Err(problem) => refused.push(problem),
                }
                Ok(())
            };
            let mut problems = inputs::for_each(&inputs, &args.threads, &progress, work, done)?;
            problems.extend(refused);
            problems
        }
    };
    drop(progress);
    console.report(&problems);
    Ok(if problems.is_empty() { ExitStatus::Done } else { ExitStatus::Failed })
}

/// A file, stripped, if all versions of PHP read the same in it.
pub(super) fn checked(path: &Path, text: &[u8], options: StripOptions) -> Result<Vec<u8>, Problem> {
    check(path, text, options)?;
    Ok(tilde_bundle::strip(text, &options))
}

/// Whether all versions of PHP read the same in a file.
fn check(path: &Path, text: &[u8], options: StripOptions) -> Result<(), Problem> {
    let StripOptions { lexer, oldest, style, .. } = options;
    if oldest == lexer.version {
        return Ok(());
    }
    if !matches!(style, Style::Lines | Style::Tight) {
        let message = format!("the style {style} is another one in each version of PHP");
        let problem = Problem::error("T-USAGE", message);
        return Err(problem.help("name one with --php, or use the style `lines` or `tight`"));
    }
    match tilde_bundle::range_of_versions(SourceId(0), text, oldest, lexer) {
        None => Ok(()),
        Some(finding) => {
            let source = Source { path: path.into(), text: Arc::new(text.to_vec()) };
            let mut problems = compile::problems(&[finding], &[source], Path::to_owned);
            problems.pop().map_or(Ok(()), Err)
        }
    }
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
