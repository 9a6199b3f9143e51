//! `tilde module pack`: modules to packages.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use rayon::prelude::*;
use tilde_module::resolve;

use super::args::PackArgs;
use super::package::{Package, Packer};
use super::project::{Project, Source, select, unresolved};
use super::report;
use super::words::words;
use crate::commands::phar::{create, file_word, grouped};
use crate::console::Console;
use crate::disk::{self, Outcome};
use crate::exit::ExitStatus;
use crate::problem::{Error, Problem};
use crate::threads;

pub(super) fn run(args: &PackArgs, console: Console) -> Result<ExitStatus, Error> {
    let words = words(&args.project);
    let project = Project::new(&args.project);
    let time = create::time()?;
    let sources = project.sources()?;
    let selected = selected(args, &sources)?;
    let targets = targets(args, &project, &selected)?;
    let (candidates, mut warnings) = candidates(&project, &sources);
    let wanted: Vec<&str> = selected.iter().map(|it| it.manifest.name.as_str()).collect();
    // A package can be handed on where what it needs is not.
    warnings
        .extend(resolve(&wanted, &candidates).err().map(|it| unresolved(&it)).unwrap_or_default());
    threads::plan(&args.threads);
    let packer = Packer::new(args, &project)?;
    let packages = make(&packer, &selected, |_| time)?;
    warnings.extend(packages.iter().flat_map(|it| it.warnings.iter().cloned()));
    let status = report(console, &warnings);
    for ((package, target), source) in packages.iter().zip(&targets).zip(&selected) {
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(|error| {
                let message = format!("cannot make {}: {}", folder.display(), disk::reason(&error));
                Problem::error("T-WRITE", message)
            })?;
        }
        let word = match disk::write_with(target, |file| package.write(file))? {
            Outcome::Wrote => words.wrote,
            Outcome::Unchanged => words.unchanged,
        };
        let (count, entries) = (package.files.len(), file_word(package.files.len()));
        let (name, count) = (&source.manifest.name, grouped(count as u64));
        console.note(format!("{word} {name}: {} ({count} {entries})", target.display()));
    }
    Ok(status)
}

/// The modules that are asked for.
pub(super) fn selected<'s>(
    args: &PackArgs,
    sources: &'s [Source],
) -> Result<Vec<&'s Source>, Vec<Problem>> {
    if !args.all {
        return select(sources, &args.names);
    }
    if sources.is_empty() {
        let problem = Problem::error("T-MODULE", "there is no module below src");
        return Err(vec![problem.help("a module is a folder below src with a zm.json")]);
    }
    Ok(sources.iter().collect())
}

/// What modules can depend on, and why some packages cannot be read.
fn candidates(
    project: &Project,
    sources: &[Source],
) -> (Vec<tilde_module::Candidate>, Vec<Problem>) {
    let (packages, warnings) = project.packages();
    (Project::candidates(sources, &packages), warnings)
}

/// Makes all packages at once.
pub(super) fn make(
    packer: &Packer<'_>,
    sources: &[&Source],
    time: impl Fn(usize) -> u32 + Sync,
) -> Result<Vec<Package>, Vec<Problem>> {
    let package = |(index, source): (usize, &&Source)| packer.package(source, time(index));
    let made: Vec<Result<Package, Vec<Problem>>> =
        sources.par_iter().enumerate().map(package).collect();
    let mut packages = Vec::new();
    let mut problems = Vec::new();
    for package in made {
        match package {
            Ok(package) => packages.push(package),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(packages) } else { Err(problems) }
}

/// Where the packages go.
pub(super) fn targets(
    args: &PackArgs,
    project: &Project,
    sources: &[&Source],
) -> Result<Vec<PathBuf>, Problem> {
    let folder = args.target.clone().unwrap_or_else(|| project.data.join("output"));
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    for source in sources {
        let (name, file) = (&source.manifest.name, source.manifest.file_name());
        if let Some(other) = taken.insert(file.clone(), name) {
            let message = format!("the packages of {other} and {name} would both be {file}");
            return Err(Problem::error("T-MODULE", message).help("rename one of them"));
        }
    }
    Ok(sources.iter().map(|source| folder.join(source.manifest.file_name())).collect())
}
