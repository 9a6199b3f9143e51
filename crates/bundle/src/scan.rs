//! The first phase: read and parse every member, all at the same time.
//!
//! Everything comes out in the recipe's order, what runs on demand at the end. Nothing is decided here: that is
//! what [`check`](crate::check) and [`link`](crate::link) do.

use std::path::PathBuf;

use rayon::prelude::*;
use tilde_eval::Sources;
use tilde_syntax::Arena;

use crate::Recipe;
use crate::diagnostic::Diagnostic;
use crate::module::{Load, Module};
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

/// Reads and parses the members of a recipe.
pub(crate) fn scan(sources: &dyn Sources, recipe: &Recipe) -> Scan {
    let read = |path: &PathBuf| (path.clone(), sources.read(path).map_err(|it| it.to_string()));
    members(recipe.files.par_iter().chain(&recipe.on_demand).map(read), recipe)
}

/// Parses members that have been read.
pub(crate) fn parse(sources: Vec<Source>, recipe: &Recipe) -> Scan {
    members(sources.into_par_iter().map(|source| (source.path, Ok(source.text))), recipe)
}

/// The bytes of a file, or why there are none.
type Read = (PathBuf, Result<Vec<u8>, String>);

fn members(read: impl IndexedParallelIterator<Item = Read>, recipe: &Recipe) -> Scan {
    let len = read.len();
    let member = |arena: &mut Arena, (index, read)| {
        let id = SourceId(index as u32);
        let (source, mut diagnostics) = source(id, read);
        let load = if index < len - recipe.on_demand.len() { Load::AtOnce } else { Load::OnDemand };
        let (module, findings) = Module::new(id, load, &source.text, recipe, arena);
        diagnostics.extend(findings);
        (source, module, diagnostics)
    };
    let members: Vec<_> = read.enumerate().map_init(Arena::new, member).collect();
    let mut scan = Scan { sources: Vec::new(), modules: Vec::new(), diagnostics: Vec::new() };
    for (source, module, diagnostics) in members {
        scan.sources.push(source);
        scan.modules.push(module);
        scan.diagnostics.extend(diagnostics);
    }
    scan
}

fn source(id: SourceId, (path, text): Read) -> (Source, Vec<Diagnostic>) {
    let text = text.and_then(|text| match u32::try_from(text.len()) {
        Ok(_) => Ok(text),
        Err(_) => Err("the file is larger than 4 GiB".to_owned()),
    });
    match text {
        Ok(text) => (Source { path, text }, Vec::new()),
        Err(reason) => {
            let message = format!("cannot read {}: {reason}", path.display());
            let diagnostic = Diagnostic::error("T-READ", message).label(id, 0..0, "");
            (Source { path, text: Vec::new() }, vec![diagnostic])
        }
    }
}
