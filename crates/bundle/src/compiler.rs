//! Builds that are repeated: what a change cannot have altered is kept.
//!
//! Two things are worth keeping, since each takes time with the bytes of a member: what
//! a member is on its own, and its printed and proved pieces. A piece depends on the
//! member's bytes, on the edits that the rules made, and on how the recipe prints, and
//! on nothing else; so a piece is used again where these are equal, whatever happened
//! elsewhere. All that is between members is worked out anew each time. A build that
//! keeps nothing is the same build.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use foldhash::HashMap;
use tilde_eval::Sources;

use crate::edit::{Edits, NewToken};
use crate::link::Part;
use crate::members::{Paths, Written};
use crate::scan::{self, Scanned};
use crate::source::{Source, SourceId};
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
        if let Some(index) = self.kept.places.get(path.as_os_str()) {
            self.kept.members[*index].is_stale = true;
        }
    }

    /// The bytes of a member as they were read last; none if that is not known.
    #[must_use]
    pub fn text(&self, path: &Path) -> Option<&[u8]> {
        let member = &self.kept.members[*self.kept.places.get(path.as_os_str())?];
        (!member.is_stale).then_some(&member.scanned.text)
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
    /// In the order of the last recipe: those of a build have the numbers of its sources.
    members: Vec<Member>,
    /// Where among them each path is.
    places: HashMap<Written, usize>,
    paths: Option<Arc<Paths>>,
    /// Code of the bundle's own.
    generated: HashMap<Vec<NewToken>, Arc<Printed>>,
}

struct Member {
    path: Arc<Path>,
    scanned: Arc<Scanned>,
    /// The bytes may have changed.
    is_stale: bool,
    /// Its pieces as they were printed last, and from which edits.
    edits: Vec<Edits>,
    printed: Vec<Arc<Printed>>,
}

/// So many parts of the bundle's own are kept at most.
const MAX_GENERATED: usize = 1000;

impl Member {
    fn new(path: Arc<Path>, scanned: Arc<Scanned>) -> Self {
        let is_stale = !scanned.is_read;
        Self { path, scanned, is_stale, edits: Vec::new(), printed: Vec::new() }
    }
}

impl Kept {
    /// Forgets everything if the recipe reads or prints in another way, and puts the
    /// members into its order.
    fn follow(&mut self, recipe: &Recipe) {
        if !self.is_keeping {
            return;
        }
        let manner = recipe.manner();
        if self.recipe.as_ref() != Some(&manner) {
            *self = Self { is_keeping: true, recipe: Some(manner), ..Self::default() };
        }
        let members = self.members.iter().map(|member| member.path.as_os_str());
        if !recipe.paths().map(|path| path.as_os_str()).eq(members) {
            self.order(recipe);
        }
    }

    /// The members of a recipe, in its order; those that are not known are stale.
    fn order(&mut self, recipe: &Recipe) {
        let old = std::mem::take(&mut self.members).into_iter();
        let mut old: HashMap<Written, Member> =
            old.map(|member| (Written(member.path.clone()), member)).collect();
        let unread = |path: &Path| Member::new(path.into(), Arc::default());
        let member = |path: &PathBuf| old.remove(path.as_os_str()).unwrap_or_else(|| unread(path));
        self.members = recipe.paths().map(member).collect();
        let places = self.members.iter().enumerate();
        self.places = places.map(|(index, member)| (Written(member.path.clone()), index)).collect();
        self.paths = None;
    }

    /// The path of a member, if it is known.
    pub(crate) fn path(&self, index: usize) -> Option<&Arc<Path>> {
        self.members.get(index).map(|member| &member.path)
    }

    /// Which member each path names.
    pub(crate) fn paths(&mut self, sources: &[Source]) -> Arc<Paths> {
        let paths = self.paths.take().unwrap_or_else(|| Arc::new(Paths::of(sources)));
        self.paths = self.is_keeping.then(|| paths.clone());
        paths
    }

    /// What a member is whose bytes have not changed.
    pub(crate) fn scanned(&self, index: usize) -> Option<&Arc<Scanned>> {
        self.members.get(index).filter(|it| !it.is_stale).map(|it| &it.scanned)
    }

    /// What a member is that has these bytes still, or again.
    pub(crate) fn with_text(&self, index: usize, text: &[u8]) -> Option<&Arc<Scanned>> {
        let scanned = &self.members.get(index)?.scanned;
        (scanned.is_read && **scanned.text == *text).then_some(scanned)
    }

    /// Keeps what was read. What could not be read is read again.
    pub(crate) fn keep_scanned(&mut self, scanned: &[(Arc<Path>, Arc<Scanned>)]) {
        for (member, (path, scanned)) in self.members.iter_mut().zip(scanned) {
            if Arc::ptr_eq(&member.scanned, scanned) {
                member.is_stale &= !scanned.is_read;
            } else {
                *member = Member::new(path.clone(), scanned.clone());
            }
        }
    }

    /// A part of the plan that the last build had as well, of this member.
    pub(crate) fn printed(
        &self,
        part: &Part,
        source: Option<SourceId>,
    ) -> Option<Vec<Arc<Printed>>> {
        let pieces = match part {
            Part::Generated(tokens) => return Some(vec![self.generated.get(tokens)?.clone()]),
            Part::Member { pieces, .. } => pieces,
        };
        let member = self.members.get(source?.index())?;
        (member.edits == *pieces && !pieces.is_empty()).then(|| member.printed.clone())
    }

    /// Keeps parts that were proved, each with what it was made from. `sources` says
    /// which member stands where.
    pub(crate) fn keep_parts(
        &mut self,
        parts: Vec<(Part, Vec<Arc<Printed>>)>,
        sources: &[SourceId],
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
                    if let Some(member) = self.members.get_mut(sources[position].index()) {
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
