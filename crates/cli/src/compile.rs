//! A project, compiled in memory.
//!
//! What `build`, `check` and `watch` have in common. Nothing is written here.
//! All bundles are compiled, also after one has failed, so that one run shows
//! all errors.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use tilde_bundle::map::{Mappings, SourceMap};
use tilde_bundle::{Build, Bytes, Companion, Compiler, Diagnostic, MemberReport, Recipe, Source};
use tilde_lexer::Options;
use tilde_thinkphp::{Cache, Caches, Php};

use crate::allow::{self, Allowance};
use crate::commands::module::Modules;
use crate::compare::origin::Segments;
use crate::console::{Console, MAX_PROBLEMS};
use crate::disk::{self, Disk, Probes};
use crate::excerpt::Lines;
use crate::map;
use crate::new_sides::Located;
use crate::php::Interpreter;
use crate::problem::{Place, Problem, Severity};
use crate::progress::Progress;
use crate::project::{self, Choice, Maps, Project, Target};
use crate::rules;
use crate::thinkphp::Application;
use crate::xdebug;

/// All outputs of a project, and what was found on the way: no errors.
pub(crate) struct Compiled {
    pub(crate) outputs: Vec<Output>,
    pub(crate) findings: Vec<Problem>,
    /// An application has nothing to write, as its framework would not.
    is_without_caches: bool,
}

impl Compiled {
    /// Whether there is something to look at; mere notes are not.
    pub(crate) fn has_findings(&self) -> bool {
        self.is_without_caches || has_findings(&self.findings)
    }
}

/// Whether some of these are more than notes.
pub(crate) fn has_findings(findings: &[Problem]) -> bool {
    findings.iter().any(|problem| problem.severity != Severity::Note)
}

/// One output.
pub(crate) struct Output {
    /// The name of the bundle; `thinkphp-3.1` for an application.
    pub(crate) name: String,
    /// Where it goes; `-` is standard output.
    pub(crate) path: PathBuf,
    pub(crate) bytes: Bytes,
    /// The sources that are in it, in the order in which they stand.
    pub(crate) inputs: Vec<Input>,
    /// Members of its bundle that are in no output.
    pub(crate) left_out: Vec<Input>,
    /// Whether it only says where the code of another output came from.
    pub(crate) is_map: bool,
    /// Whether its folder is created if it is missing.
    pub(crate) makes_folder: bool,
    /// Whoever reads it believes it only while it is newer than this file.
    pub(crate) newer_than: Option<PathBuf>,
    /// How PHP reads it.
    pub(crate) lexer: Options,
    /// The first output of the bundle that it belongs to; none of a cache.
    pub(crate) bundle: Option<PathBuf>,
}

/// A source of an output.
pub(crate) struct Input {
    pub(crate) path: PathBuf,
    /// Its length in bytes.
    pub(crate) len: u64,
    /// How it came into a bundle; none in a cache of ThinkPHP.
    pub(crate) choice: Option<Choice>,
    /// What became of it; none in a cache, and where it is left out.
    pub(crate) member: Option<Member>,
}

/// What became of a member.
pub(crate) struct Member {
    /// Its place among all members of the bundle, from 1.
    pub(crate) order: usize,
    pub(crate) report: MemberReport,
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

/// What is kept from one build of a project to the next.
#[derive(Default)]
pub(crate) struct Kept {
    /// By the outputs of the bundles.
    compilers: BTreeMap<PathBuf, Compiler>,
    /// What the bundles asked of the disk.
    pub(crate) probes: Probes,
}

impl Kept {
    /// The bytes of these files may have changed.
    pub(crate) fn forget(&mut self, root: &Path, paths: &BTreeSet<PathBuf>) {
        for compiler in self.compilers.values_mut() {
            for path in paths {
                compiler.forget(path);
                compiler.forget(path.strip_prefix(root).unwrap_or(path));
            }
        }
    }

    /// Whether some bundle was built from other bytes of a file than it has now.
    pub(crate) fn is_outdated(&self, root: &Path, path: &Path) -> bool {
        let below = path.strip_prefix(root).unwrap_or(path);
        let texts = self.compilers.values().filter_map(|it| it.text(below).or(it.text(path)));
        let texts: Vec<&[u8]> = texts.collect();
        if texts.is_empty() {
            return false;
        }
        disk::read(path).map_or(true, |now| texts.iter().any(|it| *it != now))
    }

    /// The compilers of these bundles, in their order; those of others go.
    fn take(&mut self, targets: &[Target]) -> Vec<Compiler> {
        let mut old = std::mem::take(&mut self.compilers);
        let compiler = |target: &Target| old.remove(&target.output).unwrap_or_default();
        targets.iter().map(compiler).collect()
    }
}

/// Compiles all bundles and the application. Returns all that was found,
/// warnings too, if there is an error.
pub(crate) fn compile(project: &Project, console: Console) -> Result<Compiled, Vec<Problem>> {
    compile_noting(project, &Probes::default(), console)
}

/// The same, and `probes` note what the bundles ask of the disk.
pub(crate) fn compile_noting(
    project: &Project,
    probes: &Probes,
    console: Console,
) -> Result<Compiled, Vec<Problem>> {
    let bundles = |disk: &Disk<'_>| {
        let one =
            |target: &Target| outputs_of(disk, target, tilde_bundle::build(disk, &target.recipe));
        project.targets.par_iter().map(one).unzip()
    };
    compile_with(project, probes, bundles, console)
}

/// The same, with what the last build has left. Whoever calls has said what to forget.
pub(crate) fn compile_again(
    project: &Project,
    kept: &mut Kept,
    console: Console,
) -> Result<Compiled, Vec<Problem>> {
    let mut compilers = kept.take(&project.targets);
    let bundles = |disk: &Disk<'_>| {
        let one = |(target, compiler): (&Target, &mut Compiler)| {
            let build = compiler.build(disk, &target.recipe);
            outputs_of(disk, target, build)
        };
        project.targets.par_iter().zip(&mut compilers).map(one).unzip()
    };
    let compiled = compile_with(project, &kept.probes, bundles, console);
    let outputs = project.targets.iter().map(|target| target.output.clone());
    kept.compilers = outputs.zip(compilers).collect();
    compiled
}

/// What became of each bundle.
type Bundles = (Vec<Option<Vec<Output>>>, Vec<Vec<Problem>>);

fn compile_with(
    project: &Project,
    probes: &Probes,
    bundles: impl FnOnce(&Disk<'_>) -> Bundles,
    console: Console,
) -> Result<Compiled, Vec<Problem>> {
    let progress = Progress::new(console, project.files_len());
    let stdin = project.stdin.as_deref();
    let disk = Disk { root: &project.root, stdin, progress: &progress, probes };
    let (outputs, problems) = bundles(&disk);
    let (caches, of_caches): (Vec<_>, Vec<_>) =
        project.applications.iter().map(compile_application).unzip();
    let (packages, of_packages): (Vec<_>, Vec<_>) =
        project.modules.iter().map(Modules::compile).unzip();
    let (of_composer, found): (Vec<_>, Vec<_>) =
        project.composer.iter().map(|app| app.compile(probes)).unzip();
    drop(progress);

    let of_caches = of_caches.into_iter().chain(of_packages).chain(found).flatten();
    let mut problems: Vec<Problem> = problems.into_iter().flatten().chain(of_caches).collect();
    let outputs: Vec<Vec<Output>> = outputs.into_iter().flatten().collect();
    let is_short = outputs.len() < project.targets.len();
    let companions = outputs.iter().flat_map(|outputs| &outputs[1..]);
    problems.extend(companions.filter_map(|it| project.check_companion(&it.path).err()));
    let outputs: Vec<Output> = outputs.into_iter().flatten().collect();
    problems.extend(check_caches(project, &outputs, &caches));
    problems.extend(
        outputs.iter().chain(caches.iter().flatten()).filter_map(|it| check_len(it, disk::MAX_LEN)),
    );
    let mut findings = once_each(problems.into_iter());
    rules::apply(&project.rules, &mut findings);
    if is_short || findings.iter().any(Problem::is_error) {
        return Err(findings);
    }
    // Where the finding T-DEBUG says why, it alone decides.
    let has_reason = findings.iter().any(|finding| finding.code == "T-DEBUG");
    let is_without_caches = caches.iter().any(Vec::is_empty) && !has_reason;
    let outputs = outputs.into_iter().chain(caches.into_iter().flatten());
    let outputs = outputs.chain(packages.into_iter().flatten());
    let outputs = outputs.chain(of_composer.into_iter().flatten()).collect();
    Ok(Compiled { outputs, findings, is_without_caches })
}

/// The files of a bundle, each with where its code came from; `bundle` is its first output.
pub(crate) fn segments(project: &Project, bundle: &Path, console: Console) -> Vec<Located> {
    let Some(target) = project.targets.iter().find(|target| target.output == bundle) else {
        return Vec::new();
    };
    let (progress, probes) = (Progress::new(console, 0), Probes::default());
    let stdin = project.stdin.as_deref();
    let disk = Disk { root: &project.root, stdin, progress: &progress, probes: &probes };
    let recipe = Recipe { has_map: true, ..target.recipe.clone() };
    let build = tilde_bundle::build(&disk, &recipe);
    let first = build.output.zip(build.map);
    let companions = build.companions.into_iter().filter_map(|it| Some((it.bytes, it.map?)));
    let path =
        |source: &tilde_bundle::SourceId| disk.root.join(&build.sources[source.index()].path);
    let located = |(bytes, map): (Bytes, SourceMap)| {
        let sources: Vec<PathBuf> = map.sources.iter().map(path).collect();
        let mappings = Mappings::new(map.mappings, sources.len()).ok()?;
        let lines = (0..mappings.len()).map(|line| mappings.line(line));
        let segments = Segments::new(bytes.whole(), lines, sources);
        Some((bytes.whole().to_vec(), Arc::new(segments)))
    };
    first.into_iter().chain(companions).filter_map(located).collect()
}

/// An error if the output is too large to be read again as a source.
fn check_len(output: &Output, limit: u64) -> Option<Problem> {
    project::too_large(&output.name, output.bytes.len() as u64, limit)
}

/// The output of a bundle and the files beside it; none if there is an error.
fn outputs_of(
    disk: &Disk<'_>,
    target: &Target,
    build: Build,
) -> (Option<Vec<Output>>, Vec<Problem>) {
    let Build { sources, diagnostics, output, map, companions, members } = build;
    let local = |path: &Path| disk.root.join(path);
    let mut problems = problems(&diagnostics, &sources, local);
    let (mut files, left_out) = inputs_of(disk, target, &sources, members);
    files.resize_with(companions.len() + 1, Vec::new);
    let mut files = files.into_iter();
    let mut one = |path: PathBuf, bytes, left_out| Output {
        name: target.recipe.name.clone(),
        path,
        bytes,
        inputs: files.next().unwrap_or_default(),
        left_out,
        is_map: false,
        makes_folder: false,
        newer_than: None,
        lexer: target.recipe.lexer,
        bundle: Some(target.output.clone()),
    };
    let outputs = output.map(|bytes| {
        let mut maps = Vec::from_iter(map.map(|map| (0, map)));
        let mut outputs = vec![one(target.output.clone(), bytes, left_out)];
        for Companion { name, bytes, map } in companions {
            maps.extend(map.map(|map| (outputs.len(), map)));
            outputs.push(one(target.output.with_file_name(name), bytes, Vec::new()));
        }
        let is_stdin = |path: &Path| disk.stdin.is_some() && disk::is_dash(path);
        let place =
            |it: &Source| if is_stdin(&it.path) { it.path.to_path_buf() } else { local(&it.path) };
        let named = sources.iter().filter(|_| !maps.is_empty());
        let places: Vec<PathBuf> = named.map(place).collect();
        for (index, map) in maps {
            let (maps, found) = maps_of(&outputs[index], &map, &places, target.maps);
            outputs.extend(maps);
            problems.extend(found);
        }
        // `-o` names one file, the first.
        let unnamed = outputs.iter().skip(usize::from(target.place.is_none()));
        let streams = unnamed.filter_map(|it| disk::check_output(&it.path).err());
        problems.extend(streams.map(|problem| problem.at(target.place.clone())));
        outputs
    });
    (outputs, problems)
}

/// The inputs of each file of a bundle, in the order in which they stand, and those
/// that are in none.
fn inputs_of(
    disk: &Disk<'_>,
    target: &Target,
    sources: &[Source],
    members: Vec<MemberReport>,
) -> (Vec<Vec<Input>>, Vec<Input>) {
    let input = |(source, choice): (&Source, &Choice)| Input {
        path: disk.root.join(&source.path),
        len: source.text.len() as u64,
        choice: Some(choice.clone()),
        member: None,
    };
    let mut inputs: Vec<Option<Input>> =
        sources.par_iter().zip(&target.choices).map(|it| Some(input(it))).collect();
    let mut files: Vec<Vec<Input>> = Vec::new();
    for (index, report) in members.into_iter().enumerate() {
        let Some(input) = inputs[report.source.index()].take() else { continue };
        files.resize_with(files.len().max(report.file + 1), Vec::new);
        let file = &mut files[report.file];
        file.push(Input { member: Some(Member { order: index + 1, report }), ..input });
    }
    (files, inputs.into_iter().flatten().collect())
}

/// The maps that go beside an output. `sources` are the members, as they lie here.
pub(crate) fn maps_of(
    output: &Output,
    map: &SourceMap,
    sources: &[PathBuf],
    maps: Maps,
) -> (Vec<Output>, Option<Problem>) {
    let one = |path, bytes, makes_folder| Output {
        name: output.name.clone(),
        path,
        bytes: Bytes::from(bytes),
        inputs: Vec::new(),
        left_out: Vec::new(),
        is_map: true,
        makes_folder,
        newer_than: None,
        lexer: output.lexer,
        bundle: output.bundle.clone(),
    };
    let mut found = None;
    let mut outputs = Vec::new();
    if maps.source {
        let text = map::text(&output.path, output.bytes.whole(), map, sources);
        outputs.push(one(map::beside(&output.path), text, false));
    }
    if maps.xdebug {
        let (text, problem) = xdebug::text(&output.path, map, sources);
        outputs.push(one(xdebug::beside(&output.path), text, true));
        found = problem;
    }
    (outputs, found)
}

fn compile_application(application: &Application) -> (Vec<Output>, Vec<Problem>) {
    let php = application.php.as_deref().map(|binary| Interpreter { binary, application });
    let php = php.as_ref().map(|php| php as &dyn Php);
    let Caches { sources, diagnostics, caches, generation, constants } =
        tilde_thinkphp::build(&application.files, &application.recipe, php);
    let local = |path: &Path| application.shown(path);
    let mut problems = problems(&diagnostics, &sources, local);
    problems.extend(application.default_php());
    problems.extend(application.local_paths(&constants, &caches));
    problems.extend(application.refused_php());
    let name = application.name(generation);
    let mut outputs = Vec::new();
    for cache in caches {
        let path = cache_path(&cache, application).and_then(|path| {
            disk::check_output(&path).map_err(|problem| problem.at(application.place.clone()))?;
            Ok(path)
        });
        match path {
            Ok(path) => outputs.push(Output {
                name: name.clone(),
                path,
                inputs: cache
                    .members
                    .iter()
                    .map(|tilde_thinkphp::Member { source, len }| Input {
                        path: local(&sources[source.index()].path),
                        len: *len,
                        choice: None,
                        member: None,
                    })
                    .collect(),
                left_out: Vec::new(),
                is_map: false,
                makes_folder: true,
                newer_than: cache.newer_than.and_then(|path| application.files.local(&path)),
                lexer: application.recipe.target.options,
                bundle: None,
                bytes: cache.bytes.into(),
            }),
            Err(problem) => problems.push(problem),
        }
    }
    (outputs, problems)
}

/// Where a cache goes on this machine.
fn cache_path(cache: &Cache, application: &Application) -> Result<PathBuf, Problem> {
    let local = application.files.local(&cache.path);
    match (&application.out, local) {
        (Some(folder), _) => Ok(folder.join(application.files.file_name(&cache.path))),
        (None, Some(path)) if application.may_write(&path) => Ok(path),
        (None, Some(path)) => {
            let message = format!("the cache {} is outside of the application", path.display());
            let help =
                "give --allow T-OUTSIDE if you trust the application, or --out for the folder";
            Err(Problem::error(rules::OUTSIDE, message).at(application.place.clone()).help(help))
        }
        (None, None) => {
            let path = cache.path.display();
            let message = format!("cannot write {path}: nothing says where it is on this machine");
            let help = "map a folder above it with --map-path, or give --out";
            Err(Problem::error("T-OUTPUT", message).at(application.place.clone()).help(help))
        }
    }
}

/// What would be lost if the caches were written. Bundles were looked at before
/// they were compiled; where caches go is known only now.
fn check_caches(project: &Project, bundles: &[Output], caches: &[Vec<Output>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let files = bundles.iter().filter(|output| !output.is_stdout());
    let mut places: BTreeMap<PathBuf, &Output> =
        files.map(|output| (disk::place_of(&output.path), output)).collect();
    for output in bundles.iter().filter(|_| !project.applications.is_empty()) {
        problems.extend(project.check_input(&output.path, None).err());
    }
    let places_of = project.applications.iter().map(|application| application.place.as_ref());
    let caches = places_of.zip(caches);
    let caches = caches.flat_map(|(place, caches)| caches.iter().map(move |cache| (place, cache)));
    for (of_application, cache) in caches {
        problems.extend(project.check_input(&cache.path, of_application).err());
        if let Some(other) = places.insert(disk::place_of(&cache.path), cache) {
            let path = cache.path.display();
            let message = format!("cannot write {path}: `{}` goes there too", other.name);
            let problem = Problem::error("T-OUTPUT", message).at(of_application.cloned());
            problems.push(problem.help("give each output a place of its own"));
        }
    }
    problems
}

/// Diagnostics with the paths that `local` gives the sources.
pub(crate) fn problems(
    diagnostics: &[Diagnostic],
    sources: &[Source],
    local: impl Fn(&Path) -> PathBuf,
) -> Vec<Problem> {
    let mut lines: BTreeMap<usize, Lines> = BTreeMap::new();
    let mut place = |label: &tilde_bundle::Label, is_shown: bool| {
        let index = label.source.index();
        let source = &sources[index];
        let lines = lines.entry(index).or_insert_with(|| Lines::of(&source.text));
        let (text, span) = (&source.text, label.span.clone());
        Place {
            path: local(&source.path),
            excerpt: if is_shown { lines.excerpt(text, span) } else { lines.bare(text, span) },
            note: label.text.clone(),
        }
    };
    let mut comments: BTreeMap<usize, Vec<Allowance>> = BTreeMap::new();
    let mut allowed = |problem: &Problem, source: usize| {
        let of_source = || allow::comments(&sources[source].text);
        let comments = comments.entry(source).or_insert_with(of_source);
        let line = problem.places.first()?.excerpt.start.line;
        allow::find(comments, problem.code, line).cloned().map(Box::new)
    };
    let mut seen = BTreeMap::new();
    let mut problem = |diagnostic: &Diagnostic| {
        // What is not shown in full needs no text, and there may be very many.
        let count: &mut usize = seen.entry(diagnostic.severity).or_default();
        *count += 1;
        let is_shown = *count <= MAX_PROBLEMS;
        let mut problem = Problem {
            severity: diagnostic.severity,
            code: diagnostic.code,
            message: diagnostic.message.clone(),
            places: diagnostic.labels.iter().map(|label| place(label, is_shown)).collect(),
            help: diagnostic.help.iter().cloned().collect(),
            allowed: None,
        };
        let source = diagnostic.labels.first().map(|label| label.source.index());
        problem.allowed = source.and_then(|source| allowed(&problem, source));
        problem
    };
    diagnostics.iter().map(&mut problem).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_has_a_limit() {
        let output = Output {
            name: "all.php".to_owned(),
            path: "all.php".into(),
            bytes: vec![b' '; 9].into(),
            inputs: Vec::new(),
            left_out: Vec::new(),
            is_map: false,
            makes_folder: false,
            newer_than: None,
            lexer: Options::default(),
            bundle: None,
        };
        assert!(check_len(&output, 9).is_none());
        let problem = check_len(&output, 8).expect("9 bytes are more than 8");
        assert_eq!(
            problem.message,
            "the bundle `all.php` would have 9 bytes, and an output has up to 8"
        );
    }
}
