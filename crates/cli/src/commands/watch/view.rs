//! Which changes concern a build, and how much of it.
//!
//! Events name paths without links, a project names them as it likes. Most saves
//! concern the bytes of one member and nothing else; all else that concerns the build
//! at all makes the project be worked out anew, since a file may be an input where it
//! was none.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::seen::Seen;
use crate::disk;
use crate::glob::Pattern;
use crate::project::Project;
use crate::scope::{self, Scope, Stamp};

/// What a build depends on, as events name it.
#[derive(Default)]
pub(super) struct View {
    /// What is not known may concern everything.
    is_complete: bool,
    /// Real paths, to those of the scope.
    names: HashMap<PathBuf, PathBuf>,
    /// The members of bundles, as the scope has them.
    members: HashSet<PathBuf>,
    /// Folders of inputs, those above them, and links to them.
    folders: HashSet<PathBuf>,
    /// What outputs looked like when they were written, by their places.
    outputs: BTreeMap<PathBuf, Option<Stamp>>,
    patterns: Vec<(PathBuf, Pattern)>,
    /// Folders of which all that is below counts.
    trees: Vec<PathBuf>,
    /// What git has while it changes many files.
    locks: BTreeSet<PathBuf>,
}

impl View {
    pub(super) fn new(scope: &Scope, seen: &Seen, project: Option<&Project>) -> Self {
        let patterns = project.into_iter().flat_map(|project| {
            let base = |it: &Pattern| Some((it.real_base(&project.root)?, it.clone()));
            project.patterns().iter().filter_map(base)
        });
        // What an application asks for is known in full only to itself.
        let has_members = |it: &&Project| it.applications.is_empty();
        let members = project.filter(has_members).into_iter().flat_map(Project::members);
        Self {
            is_complete: project.is_some(),
            names: seen.names(scope),
            members: members.collect(),
            folders: folders(scope),
            outputs: BTreeMap::new(),
            patterns: patterns.collect(),
            trees: scope.trees.iter().filter_map(|tree| tree.canonicalize().ok()).collect(),
            locks: scope.folders.iter().filter_map(|folder| git_lock(folder)).collect(),
        }
    }

    /// Remembers how outputs look now. What happens to them later, somebody else did.
    pub(super) fn take_outputs<'p>(&mut self, outputs: impl Iterator<Item = &'p Path>) {
        let places = outputs.map(disk::place_of);
        self.outputs = places.map(|place| (place.clone(), scope::stamp(&place))).collect();
    }

    /// Remembers what an earlier view knows of outputs.
    pub(super) fn keep_outputs(&mut self, old: Self) {
        self.outputs = old.outputs;
    }

    /// The outputs that are not what was written.
    pub(super) fn changed_outputs(&self) -> impl Iterator<Item = &PathBuf> {
        let is_changed = |it: &(&PathBuf, &Option<Stamp>)| scope::stamp(it.0) != *it.1;
        self.outputs.iter().filter(is_changed).map(|(place, _)| place)
    }

    /// Whether a path is one that the build reads.
    pub(super) fn is_input(&self, path: &Path) -> bool {
        self.names.contains_key(path)
    }

    /// Whether what happens to a path may change the outputs.
    pub(super) fn concerns(&self, path: &Path) -> bool {
        if let Some(stamp) = self.outputs.get(path) {
            return scope::stamp(path) != *stamp;
        }
        !self.is_complete
            || self.is_input(path)
            || self.folders.contains(path)
            || self.trees.iter().any(|tree| path.starts_with(tree))
            || !self.patterns.is_empty() && (path.is_dir() || self.would_match(path))
    }

    fn would_match(&self, path: &Path) -> bool {
        let mut below =
            self.patterns.iter().filter_map(|(base, it)| Some((path.strip_prefix(base).ok()?, it)));
        below.any(|(below, pattern)| pattern.would_match(below))
    }

    /// The scope's name of a path.
    pub(super) fn name(&self, path: &Path) -> Option<&PathBuf> {
        self.names.get(path)
    }

    /// The member that a path is, if no more has happened to it than that somebody has
    /// saved it.
    pub(super) fn saved(&self, path: &Path) -> Option<&PathBuf> {
        let member = self.names.get(path).filter(|name| self.members.contains(*name))?;
        fs::symlink_metadata(path).is_ok_and(|it| it.is_file()).then_some(member)
    }

    /// Whether git is at work.
    pub(super) fn is_locked(&self) -> bool {
        self.locks.iter().any(|lock| lock.exists())
    }
}

/// The folders on the way to all that a build depends on, as events may name them.
fn folders(scope: &Scope) -> HashSet<PathBuf> {
    let mut folders = HashSet::new();
    for folder in &scope.folders {
        let real = folder.canonicalize().ok();
        for path in std::path::absolute(folder).ok().into_iter().chain(real) {
            for above in path.ancestors() {
                let parent = above.parent().and_then(|parent| parent.canonicalize().ok());
                let name = parent.zip(above.file_name()).map(|(parent, name)| parent.join(name));
                if !folders.insert(above.to_owned()) {
                    break;
                }
                folders.extend(name);
            }
        }
    }
    folders
}

/// What git has while it changes files around a folder.
fn git_lock(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let git = folder.ancestors().map(|it| it.join(".git")).find(|it| it.exists())?;
    if git.is_dir() {
        return Some(git.join("index.lock"));
    }
    // A worktree of a repository elsewhere.
    let text = fs::read_to_string(&git).ok()?;
    let path = text.strip_prefix("gitdir:")?.trim();
    Some(disk::folder_of(&git).join(path).join("index.lock"))
}
