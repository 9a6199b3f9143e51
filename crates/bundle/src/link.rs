//! The plan of a bundle: its head, and a part for each member with its edits.
//!
//! Parts stand one after the other in PHP code, each from the start of a line to
//! the end of one. So nothing that a part holds depends on its neighbours, and
//! all of them are printed and proved at the same time.

use rayon::prelude::*;
use tilde_lexer::{TokenKind as K, Version};

use crate::Recipe;
use crate::diagnostic::Diagnostic;
use crate::edit::{Edits, NewToken, new_token};
use crate::rewrite::{Context, Rewritten, rewrite};
use crate::scan::Scan;
use crate::source::SourceId;
use crate::style::{Docs, Style};

/// A bundle, still as tokens.
pub(crate) struct Plan {
    pub(crate) head: Vec<NewToken>,
    /// One for each member that goes in, in order.
    pub(crate) parts: Vec<Part>,
}

/// A member and what is changed in it.
pub(crate) struct Part {
    pub(crate) source: SourceId,
    pub(crate) edits: Edits,
}

/// Plans a bundle of members that can be bundled.
pub(crate) fn link(scan: &Scan, recipe: &Recipe) -> (Plan, Vec<Diagnostic>) {
    let (is_wrapped, has_docs) = (is_wrapped(scan, recipe), has_docs(recipe));
    let rewritten: Vec<Rewritten> = scan
        .modules
        .par_iter()
        .enumerate()
        .map(|(index, module)| {
            rewrite(Context {
                module,
                text: &scan.sources[index].text,
                options: recipe.lexer,
                is_wrapped,
                has_docs,
                is_first: index == 0,
                is_last: index + 1 == scan.modules.len(),
            })
        })
        .collect();
    let mut plan = Plan { head: Vec::new(), parts: Vec::new() };
    let mut diagnostics = Vec::new();
    for (module, member) in scan.modules.iter().zip(rewritten) {
        plan.head.extend(member.shebang);
        diagnostics.extend(member.diagnostics);
        if !module.is_empty() {
            plan.parts.push(Part { source: module.source, edits: member.edits });
        }
    }
    plan.head.push(new_token(K::OpenTag, b"<?php\n"));
    if scan.modules.iter().any(|module| module.facts.is_strict()) {
        plan.head.extend(STRICT);
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
fn is_wrapped(scan: &Scan, recipe: &Recipe) -> bool {
    let has_scope =
        |facts: &crate::facts::Facts| !facts.namespaces.is_empty() || !facts.imports.is_empty();
    scan.modules.len() > 1
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
