//! What is compiled together: a core that nearly all requests use, and chunks of what is
//! used together.
//!
//! A file that a request loads for nothing costs time, so what few requests use is left to
//! Composer, and so is what no request used. Where nothing was recorded, the core is what
//! the scripts of the project reach, up to a size at which it gains even if a part of it is
//! not needed. The same input makes the same plan.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use tilde_bundle::Survey;
use tilde_lexer::{Options, Version};

use crate::Files;
use crate::classes::{Classes, Reading};
use crate::graph;
use crate::link::{Linked, Linker};
use crate::project::Project;
use crate::trace::Traces;

/// A class that this many of a hundred requests use is in the core.
const CORE_PERCENT: u64 = 90;
/// The sources of a core that is a guess have this many bytes at most.
const MAX_GUESS: usize = 128 << 10;
/// The sources of a chunk have this many bytes at most.
const MAX_CHUNK: usize = 256 << 10;
/// A chunk of fewer files would save nothing.
pub(crate) const MIN_CHUNK_FILES: usize = 2;

/// What is compiled.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The files of the core.
    pub(crate) core: Vec<usize>,
    /// The files of each chunk.
    pub(crate) chunks: Vec<Vec<usize>>,
    /// What is not compiled, and why.
    pub left: Vec<Left>,
    /// What the choice is based on.
    pub basis: Basis,
}

/// What a plan is based on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The code of these scripts: a guess.
    Guess(Vec<PathBuf>),
    /// So many recorded requests.
    Traces(u64),
}

/// A file that is not compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub(crate) file: usize,
    /// Why.
    pub why: Why,
}

/// Why a file is not compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Other code includes it by its path, and would declare its classes again.
    Included(PathBuf),
    /// Other code may include it, by a path that only the running program knows.
    PerhapsIncluded(PathBuf),
    /// composer.json says so.
    Excluded,
    /// Several files declare a class of it.
    Ambiguous,
    /// A class of it, or a parent of one, asks in which file it stands.
    ReflectsFile,
    /// Its code may end before it declares its class.
    MayNotDeclare,
    /// Its code cannot be in a file with others: why.
    Refused(String),
    /// No chunk takes it: too few requests use it.
    Rare,
    /// It may be used, and a core that is a guess has no place for it.
    Beyond,
}

impl Plan {
    /// Chooses by what requests have used, or by the code if nothing is known of them.
    #[must_use]
    pub fn new(
        files: &dyn Files,
        project: &Project,
        classes: &Classes,
        (lexer, oldest): (Options, Version),
        traces: &Traces,
    ) -> Self {
        let obstacles = obstacles(project, classes);
        let known: BTreeSet<usize> = classes.classes.iter().map(|it| it.file).collect();
        let is_candidate = |file: &usize| {
            let source = &classes.sources[*file];
            known.contains(file) && source.survey.is_some() && !source.is_dev
        };
        if traces.is_empty() {
            let reading = Reading { lexer, oldest };
            let entries = graph::entries(files, project);
            // A request has one entry, and loads nothing for the others.
            let first = &entries[..entries.len().min(1)];
            let reached = graph::reached(files, project, classes, reading, first);
            let reached: Vec<usize> = reached.into_iter().filter(is_candidate).collect();
            let (left, free): (Vec<_>, Vec<_>) =
                reached.into_iter().partition(|file| obstacles.contains_key(file));
            let linker = Linker::new(classes, oldest, true);
            let Linked { order, left: unlinked } = linker.link(&free, &BTreeSet::new(), false);
            let order: BTreeSet<usize> = order.into_iter().collect();
            let free = free.into_iter().filter(|file| order.contains(file));
            let (core, beyond) = up_to(MAX_GUESS, free, classes, &linker);
            let mut left = explained(left, &obstacles);
            let refused = |(file, reason)| Left { file, why: Why::Refused(reason) };
            left.extend(unlinked.into_iter().map(refused));
            left.extend(beyond.into_iter().map(|file| Left { file, why: Why::Beyond }));
            let basis = Basis::Guess(first.to_vec());
            return Self { core, chunks: Vec::new(), left, basis };
        }
        let users = users(classes, traces, is_candidate);
        let mut left = Vec::new();
        let mut core = Vec::new();
        let mut groups: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
        for (file, (sets, count)) in users {
            if obstacles.contains_key(&file) {
                left.extend(explained(vec![file], &obstacles));
            } else if count * 100 >= traces.len() * CORE_PERCENT {
                core.push(file);
            } else {
                groups.entry(sets).or_default().push(file);
            }
        }
        let mut chunks = Vec::new();
        for group in groups.into_values() {
            for chunk in split(group, classes) {
                if chunk.len() < MIN_CHUNK_FILES {
                    left.extend(chunk.into_iter().map(|file| Left { file, why: Why::Rare }));
                } else {
                    chunks.push(chunk);
                }
            }
        }
        left.sort_by_key(|it| it.file);
        Self { core, chunks, left, basis: Basis::Traces(traces.len()) }
    }
}

fn explained(files: Vec<usize>, obstacles: &BTreeMap<usize, Why>) -> Vec<Left> {
    let one = |file: usize| Some(Left { file, why: obstacles.get(&file)?.clone() });
    files.into_iter().filter_map(one).collect()
}

/// For each file, which sets of the traces have a class of it, and in how many requests.
fn users(
    classes: &Classes,
    traces: &Traces,
    is_candidate: impl Fn(&usize) -> bool,
) -> BTreeMap<usize, (Vec<usize>, u64)> {
    let mut users: BTreeMap<usize, (Vec<usize>, u64)> = BTreeMap::new();
    for (index, (names, count)) in traces.sets().enumerate() {
        let files: BTreeSet<usize> = names
            .iter()
            .filter_map(|name| classes.of_name(name))
            .map(|class| class.file)
            .filter(&is_candidate)
            .collect();
        for file in files {
            let (sets, sum) = users.entry(file).or_default();
            sets.push(index);
            *sum += count;
        }
    }
    users
}

/// The first files that have no more bytes than that together with what they need to be
/// declared, and the others.
fn up_to(
    max: usize,
    files: impl Iterator<Item = usize>,
    classes: &Classes,
    linker: &Linker<'_>,
) -> (Vec<usize>, Vec<usize>) {
    let (mut taken, mut beyond) = (BTreeSet::new(), Vec::new());
    let mut sum = 0;
    for file in files {
        let new = linker.with_needs(file, &taken);
        let len: usize = new.iter().map(|file| classes.sources[*file].text.len()).sum();
        if sum + len <= max {
            sum += len;
            taken.extend(new);
        } else {
            beyond.push(file);
        }
    }
    beyond.retain(|file| !taken.contains(file));
    (taken.into_iter().collect(), beyond)
}

/// Groups of files of no more than the size of a chunk, in order.
fn split(files: Vec<usize>, classes: &Classes) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut sum = usize::MAX;
    for file in files {
        let len = classes.sources[file].text.len();
        if sum.saturating_add(len) > MAX_CHUNK {
            groups.push(Vec::new());
            sum = 0;
        }
        sum += len;
        groups.last_mut().into_iter().for_each(|group| group.push(file));
    }
    groups
}

/// The files that must not be compiled, whatever else they say.
fn obstacles(project: &Project, classes: &Classes) -> BTreeMap<usize, Why> {
    let mut found: BTreeMap<usize, Why> = BTreeMap::new();
    for file in reflecting(classes) {
        found.insert(file, Why::ReflectsFile);
    }
    found.extend(undeclared(classes).map(|file| (file, Why::MayNotDeclare)));
    found.extend(classes.ambiguous.iter().map(|file| (*file, Why::Ambiguous)));
    let included = &classes.included;
    let possible = included.possible.iter();
    found.extend(possible.map(|(file, by)| (*file, Why::PerhapsIncluded(by.clone()))));
    let known = included.known.iter();
    found.extend(known.map(|(file, by)| (*file, Why::Included(by.clone()))));
    let is_excluded = |path: &Path| project.excluded.iter().any(|folder| path.starts_with(folder));
    let sources = classes.sources.iter().enumerate();
    let excluded = sources.filter(|(_, it)| is_excluded(&it.path) || is_excluded(&it.named));
    found.extend(excluded.map(|(file, _)| (file, Why::Excluded)));
    found
}

/// The files that may leave a class undeclared for which Composer loads them: Composer's loader
/// would run them a second time.
pub(crate) fn undeclared(classes: &Classes) -> impl Iterator<Item = usize> {
    classes.classes.iter().filter_map(|class| {
        let survey = classes.sources[class.file].survey.as_ref()?;
        let is_it = |name: &Vec<u8>| name.eq_ignore_ascii_case(&class.name);
        let is_sure = survey.classes.iter().any(|it| it.is_unconditional && is_it(&it.name));
        (survey.has_return || !is_sure).then_some(class.file)
    })
}

/// The files with a class that asks in which file it stands, or whose parents do: such as
/// one that looks for its templates beside itself.
fn reflecting(classes: &Classes) -> BTreeSet<usize> {
    let surveys = || {
        let all = classes.sources.iter().enumerate();
        all.filter_map(|(file, source)| Some((file, source.survey.as_ref()?)))
    };
    let names =
        |survey: &Survey| survey.classes.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    let mut files: BTreeSet<usize> =
        surveys().filter(|(_, survey)| survey.reflects_file).map(|(file, _)| file).collect();
    let mut asking: BTreeSet<Vec<u8>> =
        surveys().filter(|(_, it)| it.reflects_file).flat_map(|(_, it)| names(it)).collect();
    loop {
        let is_asking = |survey: &Survey| {
            let mut parents = survey.classes.iter().flat_map(|it| &it.parents);
            parents.any(|parent| asking.contains(parent))
        };
        let more: Vec<(usize, Vec<Vec<u8>>)> = surveys()
            .filter(|(file, survey)| !files.contains(file) && is_asking(survey))
            .map(|(file, survey)| (file, names(survey)))
            .collect();
        if more.is_empty() {
            return files;
        }
        for (file, names) in more {
            files.insert(file);
            asking.extend(names);
        }
    }
}
