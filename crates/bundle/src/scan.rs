//! The first phase: read every member and say what is in it.
//!
//! Members are read and lexed in parallel, but everything comes out in the
//! recipe's order. Nothing is decided here; that is [`link`](crate::link)'s.

use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::outline::{Outline, outline};
use tilde_eval::Sources;

use crate::source::{Source, SourceId};
use crate::token::{Token, lex};
use crate::{Recipe, RuntimeBlocks, runtime};

/// All members, in the recipe's order.
pub(crate) struct Scan {
    pub(crate) sources: Vec<Source>,
    /// One for each source.
    pub(crate) modules: Vec<Module>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// What is known of one member.
pub(crate) struct Module {
    pub(crate) source: SourceId,
    pub(crate) tokens: Vec<Token>,
    /// Runtime blocks to leave out, as ranges of tokens.
    pub(crate) removed: Vec<Range<usize>>,
    pub(crate) outline: Outline,
}

impl Module {
    /// The token at a position of the outline.
    pub(crate) fn token(&self, position: usize) -> Token {
        self.tokens[self.outline.significant[position]]
    }

    /// The bytes that the token at a position of the outline covers.
    pub(crate) fn span(&self, position: usize) -> Range<usize> {
        self.token(position).span()
    }
}

pub(crate) fn scan(sources: &dyn Sources, recipe: &Recipe) -> Scan {
    let members: Vec<_> = recipe
        .files
        .par_iter()
        .enumerate()
        .map(|(index, path)| member(sources, recipe, SourceId(index as u32), path))
        .collect();
    let mut scan = Scan { sources: Vec::new(), modules: Vec::new(), diagnostics: Vec::new() };
    for (source, module, diagnostics) in members {
        scan.sources.push(source);
        scan.modules.push(module);
        scan.diagnostics.extend(diagnostics);
    }
    scan
}

fn member(
    sources: &dyn Sources,
    recipe: &Recipe,
    id: SourceId,
    path: &Path,
) -> (Source, Module, Vec<Diagnostic>) {
    let (text, mut diagnostics) = read(sources, id, path);
    let tokens = lex(&text, recipe.lexer);
    let removed = match recipe.runtime_blocks {
        RuntimeBlocks::Keep => Vec::new(),
        RuntimeBlocks::Remove => {
            let (blocks, findings) = runtime::blocks(id, &text, &tokens);
            diagnostics.extend(findings);
            blocks
        }
    };
    let significant = significant(&tokens, &removed);
    let outline = outline(&text, &tokens, significant, recipe.lexer.version);
    let module = Module { source: id, tokens, removed, outline };
    (Source { path: path.to_path_buf(), text }, module, diagnostics)
}

fn read(sources: &dyn Sources, id: SourceId, path: &Path) -> (Vec<u8>, Vec<Diagnostic>) {
    let refuse = |reason: String| {
        let message = format!("cannot read {}: {reason}", path.display());
        let diagnostic = Diagnostic::error("T-READ", message).label(id, 0..0, "");
        (Vec::new(), vec![diagnostic])
    };
    match sources.read(path) {
        Err(error) => refuse(error.to_string()),
        Ok(text) if u32::try_from(text.len()).is_err() => {
            refuse("the file is larger than 4 GiB".to_owned())
        }
        Ok(text) => (text, Vec::new()),
    }
}

fn significant(tokens: &[Token], removed: &[Range<usize>]) -> Vec<usize> {
    let mut removed = removed.iter().peekable();
    (0..tokens.len())
        .filter(|index| {
            while removed.next_if(|range| range.end <= *index).is_some() {}
            let is_removed = removed.peek().is_some_and(|range| range.contains(index));
            !is_removed && !tokens[*index].kind.is_trivia()
        })
        .collect()
}
