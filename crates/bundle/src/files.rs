//! Which file of the bundle each member is in: the bundle's own, but for what PHP
//! allows only once for each file.
//!
//! Types are strict in a whole file or not at all, other `declare`s hold to the end
//! of theirs, and up to PHP 8.3 a name that a file has declared cannot be imported
//! in it any more. What PHP says or computes when it compiles a file depends on
//! what has run until then. Where members do not agree, the bundle has companions beside
//! it, each of which it requires where the first member in it runs.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use foldhash::HashMap;
use tilde_lexer::Version;

use crate::Recipe;
use crate::edit::quoted;
use crate::facts::{Declaration, Symbol};
use crate::module::Module;
use crate::report::Obstacle;

/// A symbol, its namespace and its short name.
type Name<'a> = (Symbol, &'a [u8], &'a [u8]);

/// How many members have run code so far, and how many have set how numbers are printed.
#[derive(Clone, Copy, Default)]
struct Ran {
    effects: usize,
    precisions: usize,
}

impl Ran {
    fn add(&mut self, module: &Module) {
        if !module.is_plain && !module.is_on_demand() {
            self.effects += usize::from(module.facts.first_effect.is_some());
            self.precisions += usize::from(module.facts.precision.is_some());
        }
    }
}

/// What a file of the bundle holds so far.
#[derive(Default)]
struct File<'a> {
    /// None as long as nothing is in it.
    is_strict: Option<bool>,
    /// A `declare` holds in all of it.
    is_closed: bool,
    /// What had run before it was compiled.
    opened: Ran,
    /// What is declared, by symbol, namespace and short name, where that matters.
    declared: HashMap<Name<'a>, &'a Declaration>,
}

impl<'a> File<'a> {
    fn new(opened: Ran) -> Self {
        Self { opened, ..Self::default() }
    }

    fn takes(&self, module: &Module, ran: Ran, version: Version) -> bool {
        self.obstacle(module, ran, version).is_none()
    }

    /// What keeps a member out of it.
    fn obstacle(&self, module: &Module, ran: Ran, version: Version) -> Option<Obstacle> {
        let is_same = |strict| strict == module.is_strict;
        let is_open = !self.is_closed && (self.is_strict.is_none() || !has_own_declare(module));
        // PHP complains, and joins numbers to strings, when it compiles a file.
        let (runs, sets_precision) =
            (ran.effects > self.opened.effects, ran.precisions > self.opened.precisions);
        let is_compiled_late = !module.is_plain
            && (runs && module.facts.body.complaint.is_some()
                || sets_precision && module.facts.float.is_some());
        if !self.is_strict.is_none_or(is_same) {
            Some(Obstacle::Strictness)
        } else if !is_open {
            Some(Obstacle::Declare)
        } else if !module.is_on_demand() && is_compiled_late {
            Some(Obstacle::CompiledLate)
        } else if version < Version::V8_4 && self.clash(module).is_some() {
            Some(Obstacle::Import)
        } else {
            None
        }
    }

    /// An import of what is declared already, be it in another block.
    fn clash(&self, module: &Module) -> Option<usize> {
        module.facts.imports.iter().position(|import| {
            let key = (import.symbol, &*import.namespace, &*import.short);
            self.declared.get(&key).is_some_and(|it| it.full_name() != import.target)
        })
    }

    fn add(&mut self, module: &'a Module, version: Version) {
        self.is_strict = self.is_strict.or(Some(module.is_strict));
        self.is_closed |= has_own_declare(module);
        for it in module.facts.declarations.iter().filter(|_| version < Version::V8_4) {
            let key = (it.symbol, it.namespace(), it.short());
            self.declared.entry(key).or_insert(it);
        }
    }
}

/// Whether a `declare` of another kind holds for the rest of the file.
pub(crate) fn has_own_declare(module: &Module) -> bool {
    !module.is_plain && module.facts.declares.iter().any(|declare| declare.strict.is_none())
}

/// Gives each member its file, in the order in which they stand; 0 is the bundle.
pub(crate) fn assign(modules: &mut [Module], recipe: &Recipe) {
    let files = assigned(modules, recipe);
    for (module, (file, obstacle)) in modules.iter_mut().zip(files) {
        module.file = file;
        module.obstacle = obstacle;
    }
}

/// The file of each member, and what keeps it out of the bundle's own.
fn assigned(modules: &[Module], recipe: &Recipe) -> Vec<(usize, Option<Obstacle>)> {
    if !recipe.has_companions || recipe.output.is_none() {
        return vec![(0, None); modules.len()];
    }
    let version = recipe.oldest;
    let mut files = vec![File::default()];
    // What runs at once decides how the bundle itself is.
    let decides =
        |module: &&Module| !module.is_on_demand() && !module.is_empty() && !module.is_alone;
    let first = modules.iter().find(decides);
    if let Some(first) = first.filter(|first| !has_own_declare(first)) {
        files[0].is_strict = Some(first.is_strict);
    }
    // Those of what runs on demand are required first of all, in any order.
    let (mut current, mut ran) = (0, Ran::default());
    let mut assigned = Vec::with_capacity(modules.len());
    let mut were_on_demand = true;
    for module in modules {
        let is_on_demand = module.is_on_demand();
        if were_on_demand && !is_on_demand {
            (were_on_demand, current) = (false, 0);
        }
        let takes = |file: &usize| files[*file].takes(module, ran, version);
        let obstacle = files[0].obstacle(module, ran, version).filter(|_| !module.is_alone);
        let file = if module.is_alone {
            files.push(File { is_closed: true, ..File::new(ran) });
            // What comes after it has to run after it.
            current = if is_on_demand { current } else { 0 };
            files.len() - 1
        } else if module.is_empty() || obstacle.is_none() {
            // What comes after it has to run after it.
            current = if is_on_demand { current } else { 0 };
            0
        } else {
            let others = if is_on_demand { 1..files.len() } else { current..current + 1 };
            let found = others.into_iter().filter(|file| *file > 0).find(takes);
            current = found.unwrap_or(files.len());
            if found.is_none() {
                files.push(File::new(ran));
            }
            current
        };
        files[file].add(module, version);
        ran.add(module);
        assigned.push((file, obstacle.filter(|_| file > 0)));
    }
    assigned
}

/// The name of a companion: `all.2.php` beside `all.php`. Files of a bundle are numbered
/// from 0, which is the bundle itself.
#[must_use]
pub fn companion(output: &Path, file: usize) -> OsString {
    let mut name = output.file_stem().unwrap_or_default().to_owned();
    name.push(format!(".{}", file + 1));
    if let Some(extension) = output.extension() {
        name.push(".");
        name.push(extension);
    }
    name
}

/// The path of a companion, as code.
pub(crate) fn beside(file: usize, recipe: &Recipe) -> Vec<u8> {
    let output = recipe.output.as_deref().unwrap_or(Path::new(""));
    let path = [b"/", companion(output, file).as_bytes()].concat();
    let here: &[u8] = if recipe.oldest < Version::V5_3 { b"dirname(__FILE__)" } else { b"__DIR__" };
    [here, b".", &quoted(&path)].concat()
}
