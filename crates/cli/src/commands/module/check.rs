//! `tilde module check`: whether packages are what their sources make.
//!
//! The time of a package is no difference: without `SOURCE_DATE_EPOCH` the one
//! that it has itself is taken.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;

use tilde_module::{Json, Kind};

use super::args::PackArgs;
use super::pack::{make, packer, selected, targets};
use super::project::{Packed, Project, package};
use super::report;
use super::words::words;
use crate::commands::phar::{create, shown};
use crate::console::Console;
use crate::disk;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Problem};
use crate::threads;

pub(super) fn run(args: &PackArgs, console: Console) -> Result<ExitStatus, Error> {
    let words = words(&args.project);
    let project = Project::new(&args.project);
    let sources = project.sources()?;
    let selected = selected(args.names(), &sources)?;
    let targets = targets(args.target.as_deref(), &project, &selected)?;
    let time = create::time()?;
    let is_given = env::var_os("SOURCE_DATE_EPOCH").is_some_and(|text| !text.is_empty());
    let old: Vec<Option<Packed>> = targets.iter().map(|path| package(path).ok()).collect();
    let times: Vec<u32> = old
        .iter()
        .map(|old| old.as_ref().and_then(packed_at).filter(|_| !is_given).unwrap_or(time))
        .collect();
    threads::plan(&args.threads);
    let packer = packer(args, &project)?;
    let packages = make(&packer, &selected, |index| times[index])?;
    let warnings: Vec<Problem> =
        packages.iter().flat_map(|it| it.warnings.iter().cloned()).collect();
    let mut status = report(console, &warnings);
    for ((package, target), old) in packages.iter().zip(&targets).zip(old) {
        let bytes = package.bytes()?;
        if !target.exists() {
            let line = format!("{}: {}\n", target.display(), words.missing);
            inputs::print(line.as_bytes())?;
            status = status.max(ExitStatus::Findings);
        } else if disk::read(target).map_err(|error| disk::unreadable(target, &error))? != bytes {
            inputs::print(differences(target, old, package).as_bytes())?;
            status = status.max(ExitStatus::Findings);
        } else {
            console.note(format!("{}: {}", target.display(), words.up_to_date));
        }
    }
    Ok(status)
}

fn packed_at(package: &Packed) -> Option<u32> {
    let Kind::Number(digits) = &package.plugin.get("pack-time").map(Json::value)?.kind else {
        return None;
    };
    // PHP takes 0 for unknown, and so no archive of ours has it.
    digits.parse().ok().filter(|time| *time > 0)
}

/// A line for each entry that differs.
fn differences(target: &Path, old: Option<Packed>, new: &super::package::Package) -> String {
    let target = target.display();
    let Some(mut old) = old else { return format!("{target}: it is no module package\n") };
    let mut before = BTreeMap::new();
    for entry in old.archive.entries() {
        let bytes = if entry.is_directory { Ok(Vec::new()) } else { entry.read(&mut old.file) };
        before.insert(entry.name.to_vec(), (bytes.ok(), entry.mode & 0o100 != 0));
    }
    let mut lines = String::new();
    let mut line = |word: &str, name: &[u8]| {
        lines.extend([&target.to_string(), ": ", word, " ", &shown(name), "\n"]);
    };
    for (name, contents) in &new.files {
        match before.remove(name) {
            None => line("added", name),
            Some((bytes, _)) if bytes.as_ref() != Some(&contents.bytes) => line("changed", name),
            Some((_, is_executable))
                if is_executable != contents.is_executable && !name.ends_with(b"/") =>
            {
                line("permissions of", name);
            }
            Some(_) => {}
        }
    }
    for name in before.keys() {
        line("removed", name);
    }
    if lines.is_empty() {
        lines = format!("{target}: the archive itself differs, its entries do not\n");
    }
    lines
}
