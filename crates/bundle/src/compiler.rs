//! Builds that are repeated: what a change cannot have altered is kept.
//!
//! Two things are worth keeping, since each takes time with the bytes of a member: what
//! a member is on its own, and its printed and proved pieces. A piece depends on the
//! member's bytes, on the edits that the rules made, and on how the recipe prints, and
//! on nothing else; so a piece is used again where these are equal, whatever happened
//! elsewhere. All that is between members is worked out anew each time. A build that
//! keeps nothing is the same build.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tilde_eval::Sources;

use crate::edit::{Edits, NewToken};
use crate::link::Part;
use crate::scan::{self, Scanned};
use crate::{Build, Printed, Recipe, finish};

/// A build that can be repeated.
///
/// [`Compiler::build`] returns what [`build`](crate::build) does, provided that
/// [`Compiler::forget`] was told of each member whose bytes may have changed since they
/// were read.
pub struct Compiler {
    kept: Kept,
}

impl Compiler {
    /// One that knows nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self { kept: Kept { is_keeping: true, ..Kept::default() } }
    }

    /// One that keeps nothing, for a build that is not repeated.
    pub(crate) fn once() -> Self {
        Self { kept: Kept::default() }
    }

    /// The bytes of a member may have changed; the path is as the recipe has it.
    pub fn forget(&mut self, path: &Path) {
        if let Some(member) = self.kept.members.get_mut(path) {
            member.is_stale = true;
        }
    }

    /// The bytes of a member as they were read last; none if that is not known.
    #[must_use]
    pub fn text(&self, path: &Path) -> Option<&[u8]> {
        self.kept.scanned(path).map(|scanned| &**scanned.text)
    }

    /// Reads those members that are not known and joins all of them.
    pub fn build(&mut self, sources: &dyn Sources, recipe: &Recipe) -> Build {
        self.kept.follow(recipe);
        let scan = scan::scan(sources, recipe, &mut self.kept);
        finish(scan, sources, recipe, &mut self.kept)
    }
}

impl Default for Compiler {
    fn default() -> Self {
        Self::new()
    }
}

/// What is known from earlier builds, if anything is.
#[derive(Default)]
pub(crate) struct Kept {
    is_keeping: bool,
    /// The recipe without its lists.
    recipe: Option<Recipe>,
    members: HashMap<PathBuf, Member>,
    /// Code of the bundle's own.
    generated: HashMap<Vec<NewToken>, Arc<Printed>>,
}

struct Member {
    scanned: Scanned,
    /// The bytes may have changed.
    is_stale: bool,
    /// Its pieces as they were printed last, and from which edits.
    edits: Vec<Edits>,
    printed: Vec<Arc<Printed>>,
}

/// So many parts of the bundle's own are kept at most.
const MAX_GENERATED: usize = 1000;

impl Member {
    fn new(scanned: Scanned) -> Self {
        Self { scanned, is_stale: false, edits: Vec::new(), printed: Vec::new() }
    }
}

impl Kept {
    /// Forgets everything if the recipe reads or prints in another way.
    fn follow(&mut self, recipe: &Recipe) {
        let recipe = Recipe {
            files: Vec::new(),
            on_demand: Vec::new(),
            composer_files: Vec::new(),
            ..recipe.clone()
        };
        if self.recipe.as_ref() != Some(&recipe) {
            self.members.clear();
            self.generated.clear();
            self.recipe = Some(recipe);
        }
    }

    /// What a member is whose bytes have not changed.
    pub(crate) fn scanned(&self, path: &Path) -> Option<&Scanned> {
        self.members.get(path).filter(|it| !it.is_stale).map(|it| &it.scanned)
    }

    /// What a member is that has these bytes still, or again.
    pub(crate) fn with_text(&self, path: &Path, text: &[u8]) -> Option<&Scanned> {
        let scanned = &self.members.get(path)?.scanned;
        (**scanned.text == *text).then_some(scanned)
    }

    /// Keeps what was read, and nothing of other members. What could not be read is
    /// read again.
    pub(crate) fn keep_scanned(&mut self, members: &[(PathBuf, Scanned)]) {
        if !self.is_keeping {
            return;
        }
        for (path, scanned) in members {
            match self.members.get_mut(path) {
                _ if !scanned.is_read => drop(self.members.remove(path)),
                Some(old) if Arc::ptr_eq(&old.scanned.text, &scanned.text) => old.is_stale = false,
                _ => {
                    self.members.insert(path.clone(), Member::new(scanned.clone()));
                }
            }
        }
        if self.members.len() > members.len() {
            let paths: HashSet<&PathBuf> = members.iter().map(|(path, _)| path).collect();
            self.members.retain(|path, _| paths.contains(path));
        }
    }

    /// A part of the plan that the last build had as well, of the member of this path.
    pub(crate) fn printed(&self, part: &Part, path: Option<&Path>) -> Option<Vec<Arc<Printed>>> {
        let pieces = match part {
            Part::Generated(tokens) => return Some(vec![self.generated.get(tokens)?.clone()]),
            Part::Member { pieces, .. } => pieces,
        };
        let member = self.members.get(path?)?;
        (member.edits == *pieces && !pieces.is_empty()).then(|| member.printed.clone())
    }

    /// Keeps parts that were proved, each with what it was made from. `path` says of
    /// which member a part is.
    pub(crate) fn keep_parts<'p>(
        &mut self,
        parts: Vec<(Part, Vec<Arc<Printed>>)>,
        path: impl Fn(usize) -> &'p Path,
    ) {
        for (part, printed) in parts {
            match part {
                Part::Generated(tokens) => {
                    if self.generated.len() > MAX_GENERATED {
                        self.generated.clear();
                    }
                    self.generated.extend(printed.into_iter().next().map(|it| (tokens, it)));
                }
                Part::Member { position, pieces } => {
                    if let Some(member) = self.members.get_mut(path(position)) {
                        (member.edits, member.printed) = (pieces, printed);
                    }
                }
            }
        }
    }

    /// Whether anything is kept.
    pub(crate) fn is_keeping(&self) -> bool {
        self.is_keeping
    }
}
