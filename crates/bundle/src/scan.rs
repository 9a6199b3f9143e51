//! The first phase: read and parse every member, all at the same time.
//!
//! Everything comes out in the recipe's order, what runs on demand at the end. Nothing
//! is decided here: that is what [`check`](crate::check) and [`link`](crate::link) do.
//! What a member is on its own depends on its bytes and on how the recipe reads code,
//! and on nothing else, so that it may be known from an earlier build.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use tilde_eval::Sources;
use tilde_syntax::{Arena, Span, Token, Tokens};

use crate::Recipe;
use crate::compiler::Kept;
use crate::diagnostic::Diagnostic;
use crate::facts::Facts;
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
    /// The members that rules have something to do with.
    pub(crate) fn not_plain(&self) -> impl Iterator<Item = &Module> {
        self.modules.iter().filter(|module| !module.is_plain)
    }

    /// The bytes of a member.
    pub(crate) fn text(&self, module: &Module) -> &[u8] {
        &self.sources[module.source.index()].text
    }
}

/// What a member is on its own.
#[derive(Default)]
pub(crate) struct Scanned {
    pub(crate) text: Arc<Vec<u8>>,
    pub(crate) tokens: Tokens,
    /// The opening tags among them, but for what it begins with.
    pub(crate) tags: Vec<Token>,
    /// Runtime blocks to leave out, in bytes.
    pub(crate) removed: Vec<Span>,
    pub(crate) facts: Facts,
    /// What is wrong with it. Their labels are places of the member itself.
    pub(crate) findings: Vec<Diagnostic>,
    pub(crate) is_read: bool,
    /// Nothing is wrong with it, it is one piece of PHP code, and
    /// [nothing in that](Facts::is_plain) asks for more than to be printed.
    pub(crate) is_plain: bool,
}

/// Reads and parses the members of a recipe, but for what is known of them.
pub(crate) fn scan(sources: &dyn Sources, recipe: &Recipe, kept: &mut Kept) -> Scan {
    let known = &*kept;
    let scanned = |arena: &mut Arena, (index, path): (usize, &PathBuf)| {
        let shared = known.path(index).cloned().unwrap_or_else(|| path.as_path().into());
        if let Some(scanned) = known.scanned(index) {
            return (shared, scanned.clone());
        }
        let read = sources.read(path).map_err(|error| error.to_string());
        let same = read.as_ref().ok().and_then(|text| known.with_text(index, text));
        let scanned = same.cloned();
        let scanned = scanned.unwrap_or_else(|| scan_member(path, read, recipe, arena).into());
        (shared, scanned)
    };
    let paths = recipe.files.par_iter().chain(&recipe.on_demand);
    let members: Vec<_> = paths.enumerate().map_init(Arena::new, scanned).collect();
    kept.keep_scanned(&members);
    gather(members, recipe)
}

/// Parses members that have been read.
pub(crate) fn parse(sources: Vec<Source>, recipe: &Recipe) -> Scan {
    let scanned = |arena: &mut Arena, source: Source| {
        let scanned = Scanned::of(source.text, recipe, arena);
        (source.path, Arc::new(scanned))
    };
    gather(sources.into_par_iter().map_init(Arena::new, scanned).collect(), recipe)
}

fn gather(members: Vec<(Arc<Path>, Arc<Scanned>)>, recipe: &Recipe) -> Scan {
    let at_once = members.len() - recipe.on_demand.len();
    let (sources, modules) = (Vec::with_capacity(members.len()), Vec::with_capacity(members.len()));
    let mut scan = Scan { sources, modules, diagnostics: Vec::new() };
    for (index, (path, scanned)) in members.into_iter().enumerate() {
        let id = SourceId(index as u32);
        let load = if index < at_once { Load::AtOnce } else { Load::OnDemand };
        scan.sources.push(Source { path, text: scanned.text.clone() });
        let module = Module::new(id, load, scanned);
        if !module.is_plain {
            let findings = module.findings.iter().cloned().map(|it| it.of(id));
            scan.diagnostics.extend(findings);
        }
        scan.modules.push(module);
    }
    scan
}

/// The bytes of a file, or why there are none.
type Read = Result<Vec<u8>, String>;

fn scan_member(path: &Path, read: Read, recipe: &Recipe, arena: &mut Arena) -> Scanned {
    let read = read.and_then(|text| match u32::try_from(text.len()) {
        Ok(_) => Ok(text),
        Err(_) => Err("the file is larger than 4 GiB".to_owned()),
    });
    match read {
        Ok(text) => Scanned::of(Arc::new(text), recipe, arena),
        Err(reason) => {
            let message = format!("cannot read {}: {reason}", path.display());
            let unread = Diagnostic::error("T-READ", message).label(SourceId(0), 0..0, "");
            let mut scanned = Scanned::of(Arc::default(), recipe, arena);
            scanned.findings.insert(0, unread);
            Scanned { is_read: false, ..scanned }
        }
    }
}
