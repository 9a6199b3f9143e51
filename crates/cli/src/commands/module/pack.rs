//! `tilde module pack`: modules to packages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tilde_bundle::{Docs, StripOptions, Style};
use tilde_module::resolve;

use super::args::PackArgs;
use super::package::{Package, Packer};
use super::project::{Project, Source, select, unresolved};
use super::report;
use super::words::words;
use crate::commands::phar::{create, file_word, grouped};
use crate::config;
use crate::console::Console;
use crate::discover::{self, Choice};
use crate::disk::{self, Outcome, Write};
use crate::exit::ExitStatus;
use crate::problem::{Error, Problem};
use crate::project::check_docs;
use crate::scope::Scope;
use crate::threads;

pub(super) fn run(args: &PackArgs, console: Console) -> Result<ExitStatus, Error> {
    let words = words(&args.project);
    let project = Project::new(&args.project);
    let time = create::time()?;
    let sources = project.sources()?;
    let selected = selected(args.names(), &sources)?;
    let targets = targets(args.target.as_deref(), &project, &selected)?;
    let mut warnings = missing(&project, &sources, &selected);
    threads::plan(&args.threads);
    let packer = packer(args, &project)?;
    let packages = make(&packer, &selected, |_| time)?;
    warnings.extend(packages.iter().flat_map(|it| it.warnings.iter().cloned()));
    let status = report(console, &warnings);
    let archives: Vec<Vec<u8>> = packages.iter().map(Package::bytes).collect::<Result<_, _>>()?;
    let write = |(path, bytes)| Write { makes_folder: true, ..Write::new(path, bytes) };
    let writes: Vec<Write<'_>> = targets
        .iter()
        .map(PathBuf::as_path)
        .zip(archives.iter().map(Vec::as_slice))
        .map(write)
        .collect();
    let outcomes = disk::write_all(&writes)?;
    let written = packages.iter().zip(&targets).zip(outcomes);
    for (((package, target), outcome), source) in written.zip(&selected) {
        let word = match outcome {
            Outcome::Wrote => words.wrote,
            Outcome::Unchanged => words.unchanged,
        };
        let (count, entries) = (package.files.len(), file_word(package.files.len()));
        let (name, count) = (&source.manifest.name, grouped(count as u64));
        console.note(format!("{word} {name}: {} ({count} {entries})", target.display()));
    }
    Ok(status)
}

/// What the arguments want packages to be made with.
pub(super) fn packer<'p>(args: &PackArgs, project: &'p Project) -> Result<Packer<'p>, Error> {
    let usual = config::Target::default();
    let php = discover::choose(&args.php, &usual, &project.root, &mut Scope::default())?;
    let strip = strip_options(args.strip, args.docs.choice(), php)?;
    Ok(Packer::new(project, args.cache.as_deref(), php.oldest(), strip)?)
}

/// How PHP files are stripped, if a style is given.
pub(super) fn strip_options(
    style: Option<Style>,
    docs: Option<Docs>,
    php: Choice,
) -> Result<Option<StripOptions>, Problem> {
    let Some(style) = style else { return Ok(None) };
    check_docs(docs, style)?;
    let docs = docs.unwrap_or(Docs::Drop);
    Ok(Some(StripOptions { lexer: php.options, oldest: php.oldest, style, docs }))
}

/// The modules of these names; all if there are none.
pub(super) fn selected<'s>(
    names: Option<&[String]>,
    sources: &'s [Source],
) -> Result<Vec<&'s Source>, Vec<Problem>> {
    if let Some(names) = names {
        return select(sources, names);
    }
    if sources.is_empty() {
        let problem = Problem::error("T-MODULE", "there is no module below src");
        return Err(vec![problem.help("a module is a folder below src with a zm.json")]);
    }
    Ok(sources.iter().collect())
}

/// What modules need and is not there, and why some packages cannot be read. These are
/// warnings: a package can be handed on where what it needs is not.
pub(super) fn missing(project: &Project, sources: &[Source], selected: &[&Source]) -> Vec<Problem> {
    let (packages, mut warnings) = project.packages();
    let candidates = Project::candidates(sources, &packages);
    let wanted: Vec<&str> = selected.iter().map(|it| it.manifest.name.as_str()).collect();
    let faults = resolve(&wanted, &candidates).err();
    warnings.extend(faults.map(|it| unresolved(&it)).unwrap_or_default());
    warnings
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
    folder: Option<&Path>,
    project: &Project,
    sources: &[&Source],
) -> Result<Vec<PathBuf>, Problem> {
    let folder = folder.map_or_else(|| project.output(), Path::to_owned);
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
