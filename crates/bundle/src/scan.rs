//! The first phase: read and parse every member, all at the same time.
//!
//! Everything comes out in the recipe's order. Nothing is decided here: that is
//! what [`check`](crate::check) and [`link`](crate::link) do.

use std::path::Path;

use rayon::prelude::*;
use tilde_eval::Sources;
use tilde_syntax::Arena;

use crate::Recipe;
use crate::diagnostic::Diagnostic;
use crate::module::Module;
use crate::source::{Source, SourceId};

/// All members, in the recipe's order.
pub(crate) struct Scan {
    pub(crate) sources: Vec<Source>,
    /// One for each source, in the order in which they stand in the bundle.
    pub(crate) modules: Vec<Module>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Scan {
    /// The bytes of a member.
    pub(crate) fn text(&self, module: &Module) -> &[u8] {
        &self.sources[module.source.index()].text
    }
}

pub(crate) fn scan(sources: &dyn Sources, recipe: &Recipe) -> Scan {
    let members: Vec<_> = recipe
        .files
        .par_iter()
        .enumerate()
        .map_init(Arena::new, |arena, (index, path)| {
            member(sources, recipe, SourceId(index as u32), path, arena)
        })
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
    arena: &mut Arena,
) -> (Source, Module, Vec<Diagnostic>) {
    let (text, mut diagnostics) = read(sources, id, path);
    let (module, findings) = Module::new(id, &text, recipe.lexer, recipe.runtime_blocks, arena);
    diagnostics.extend(findings);
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
