//! The plan of a bundle: its head, and a part for each member with its edits.
//!
//! Parts stand one after the other in PHP code, each from the start of a line to
//! the end of one. So nothing that a part holds depends on its neighbours, and
//! all of them are printed and proved at the same time.

use std::collections::BTreeSet;
use std::path::Path;

use rayon::prelude::*;
use tilde_eval::Sources;
use tilde_lexer::{TokenKind as K, Version};

use crate::Recipe;
use crate::diagnostic::Diagnostic;
use crate::edit::{Edits, NewToken, new_token};
use crate::facts::{Facts, Include};
use crate::members::Members;
use crate::rewrite::{Context, Rewritten, rewrite};
use crate::root::{Root, folder_of};
use crate::scan::Scan;
use crate::source::SourceId;
use crate::style::{Docs, Style};

/// What holds between members.
pub(crate) struct Link<'a> {
    pub(crate) members: &'a Members,
    sources: &'a dyn Sources,
    /// Where each source stands in the bundle.
    positions: Vec<usize>,
    /// Labels of more than one member.
    pub(crate) shared_labels: BTreeSet<Vec<u8>>,
    /// Where members are from the bundle; none where nobody asks, or nothing is
    /// known.
    pub(crate) root: Option<Root>,
}

impl<'a> Link<'a> {
    pub(crate) fn new(
        scan: &Scan,
        members: &'a Members,
        sources: &'a dyn Sources,
        recipe: &Recipe,
    ) -> Self {
        let mut positions = vec![0; scan.sources.len()];
        for (position, module) in scan.modules.iter().enumerate() {
            positions[module.source.index()] = position;
        }
        let root = Root::new(scan, sources, recipe);
        Self { members, sources, positions, shared_labels: shared_labels(scan), root }
    }

    /// Whether an `include` in a member names, for sure, one that has run then, so
    /// that PHP would load nothing.
    pub(crate) fn is_done(&self, include: &Include, source: SourceId) -> bool {
        let target = self.members.find(source, &include.path);
        include.is_once()
            && include.path.is_fixed()
            && target.is_some_and(|target| self.is_before(target, source))
    }

    /// Whether the bundle goes into the folder of a member.
    pub(crate) fn is_beside(&self, member: &Path, recipe: &Recipe) -> bool {
        let folder = |path: &Path| self.sources.realpath(folder_of(path));
        let output = recipe.output.as_deref().and_then(folder);
        output.is_some() && output == folder(member)
    }

    /// Whether one member stands before another one.
    fn is_before(&self, first: SourceId, second: SourceId) -> bool {
        self.positions[first.index()] < self.positions[second.index()]
    }
}

fn shared_labels(scan: &Scan) -> BTreeSet<Vec<u8>> {
    let mut seen = BTreeSet::new();
    let mut shared = BTreeSet::new();
    for module in &scan.modules {
        let own: BTreeSet<&[u8]> = module.facts.labels.iter().map(|(name, _)| &**name).collect();
        shared.extend(own.iter().filter(|name| seen.contains(**name)).map(|name| name.to_vec()));
        seen.extend(own);
    }
    shared
}

/// A bundle, still as tokens.
pub(crate) struct Plan {
    pub(crate) head: Vec<NewToken>,
    /// One for each member that goes in, in order.
    pub(crate) parts: Vec<Part>,
}

/// A member and what is changed in it.
pub(crate) struct Part {
    /// Where it stands among the modules.
    pub(crate) position: usize,
    pub(crate) edits: Edits,
}

/// Plans a bundle of members that can be bundled.
pub(crate) fn link(scan: &Scan, link: &Link<'_>, recipe: &Recipe) -> (Plan, Vec<Diagnostic>) {
    let (is_wrapped, has_docs) = (is_wrapped(scan, link, recipe), has_docs(recipe));
    let last = scan.modules.iter().rposition(|module| !module.is_empty());
    let one = |(position, module)| {
        rewrite(Context {
            module,
            text: scan.text(module),
            options: recipe.lexer,
            marks: recipe.marks,
            is_wrapped,
            has_docs,
            position,
            is_last: Some(position) >= last,
            link,
        })
    };
    let rewritten: Vec<Rewritten> = scan.modules.par_iter().enumerate().map(one).collect();
    let mut plan = Plan { head: Vec::new(), parts: Vec::new() };
    let mut diagnostics = Vec::new();
    for (position, (module, member)) in scan.modules.iter().zip(rewritten).enumerate() {
        plan.head.extend(member.shebang);
        diagnostics.extend(member.diagnostics);
        if !module.is_empty() {
            plan.parts.push(Part { position, edits: member.edits });
        }
    }
    plan.head.push(new_token(K::OpenTag, b"<?php\n"));
    if scan.modules.iter().any(|module| module.facts.is_strict()) {
        plan.head.extend(STRICT);
    }
    if let Some(root) = &link.root {
        plan.head.extend(root.definition(is_wrapped, recipe.lexer.version));
    }
    (plan, diagnostics)
}

const STRICT: [NewToken; 7] = [
    new_token(K::Declare, b"declare"),
    new_token(K::OpenParenthesis, b"("),
    new_token(K::String, b"strict_types"),
    new_token(K::Equal, b"="),
    new_token(K::LNumber, b"1"),
    new_token(K::CloseParenthesis, b")"),
    new_token(K::Semicolon, b";"),
];

/// A namespace, and also an import, holds to the end of the file, unless it is
/// in a block.
fn is_wrapped(scan: &Scan, link: &Link<'_>, recipe: &Recipe) -> bool {
    let has_scope = |facts: &Facts| !facts.namespaces.is_empty() || !facts.imports.is_empty();
    (scan.modules.len() > 1 || link.root.is_some())
        && recipe.lexer.version >= Version::V5_3
        && scan.modules.iter().any(|module| has_scope(&module.facts))
}

/// Whether doc comments stay.
pub(crate) fn has_docs(recipe: &Recipe) -> bool {
    match recipe.style {
        Style::Lines | Style::Tight => recipe.docs == Docs::Keep,
        Style::Php | Style::ThinkPhp20 | Style::ThinkPhp22 => false,
    }
}
