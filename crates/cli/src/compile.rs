//! A project, compiled in memory.
//!
//! What `build`, `check` and `watch` have in common. Nothing is written here.
//! What a newcomer would get wrong: all bundles are compiled, also after one
//! has failed, so that one run shows all errors.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tilde_bundle::{Build, Diagnostic, Source};

use crate::args::ThreadsArgs;
use crate::console::Console;
use crate::disk::{self, Disk};
use crate::excerpt::Excerpt;
use crate::inputs;
use crate::problem::{Place, Problem};
use crate::progress::Progress;
use crate::project::{Project, Target};

/// All outputs of a project, and warnings about them.
pub(crate) struct Compiled {
    pub(crate) outputs: Vec<Output>,
    pub(crate) warnings: Vec<Problem>,
}

/// One output.
pub(crate) struct Output {
    /// The name of the bundle.
    pub(crate) name: String,
    /// Where it goes; `-` is standard output.
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
    pub(crate) inputs: Vec<Input>,
}

/// A source of an output.
pub(crate) struct Input {
    pub(crate) path: PathBuf,
    /// Its length in bytes.
    pub(crate) len: u64,
}

impl Output {
    pub(crate) fn is_stdout(&self) -> bool {
        disk::is_dash(&self.path)
    }

    /// The bytes of all inputs.
    pub(crate) fn input_len(&self) -> u64 {
        self.inputs.iter().map(|input| input.len).sum()
    }
}

/// Compiles all bundles. Returns all that was found, warnings too, if there is
/// an error.
pub(crate) fn compile(
    project: &Project,
    threads: &ThreadsArgs,
    console: Console,
) -> Result<Compiled, Vec<Problem>> {
    let progress = Progress::new(console, project.files_len());
    let disk = Disk { root: &project.root, stdin: project.stdin.as_deref(), progress: &progress };
    let one = |target: &Target| compile_one(&disk, target);
    let results: Vec<_> =
        inputs::in_pool(threads, || project.targets.par_iter().map(one).collect())?;
    drop(progress);

    let (outputs, problems): (Vec<_>, Vec<_>) = results.into_iter().unzip();
    let outputs: Vec<Output> = outputs.into_iter().flatten().collect();
    let warnings = once_each(problems.into_iter().flatten());
    if outputs.len() < project.targets.len() || warnings.iter().any(Problem::is_error) {
        return Err(warnings);
    }
    Ok(Compiled { outputs, warnings })
}

fn compile_one(disk: &Disk<'_>, target: &Target) -> (Option<Output>, Vec<Problem>) {
    let Build { sources, diagnostics, output, .. } = tilde_bundle::build(disk, &target.recipe);
    let problems =
        diagnostics.iter().map(|diagnostic| problem(diagnostic, &sources, disk.root)).collect();
    let input = |source: &Source| Input {
        path: disk.root.join(&source.path),
        len: source.text.len() as u64,
    };
    let output = output.map(|bytes| Output {
        name: target.recipe.name.clone(),
        path: target.output.clone(),
        bytes,
        inputs: sources.iter().map(input).collect(),
    });
    (output, problems)
}

fn problem(diagnostic: &Diagnostic, sources: &[Source], root: &Path) -> Problem {
    let place = |label: &tilde_bundle::Label| {
        let source = &sources[label.source.0 as usize];
        Place {
            path: root.join(&source.path),
            excerpt: Excerpt::new(&source.text, label.span.clone()),
            note: label.text.clone(),
        }
    };
    Problem {
        severity: diagnostic.severity,
        code: diagnostic.code,
        message: diagnostic.message.clone(),
        places: diagnostic.labels.iter().map(place).collect(),
        help: diagnostic.help.clone(),
    }
}

/// A file in two bundles has its faults in both; they are shown once.
fn once_each(problems: impl Iterator<Item = Problem>) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let key = |problem: &Problem| {
        let place = problem.places.first().map(|place| (place.path.clone(), place.excerpt.start));
        (place, problem.code, problem.message.clone())
    };
    problems.filter(|problem| seen.insert(key(problem))).collect()
}
