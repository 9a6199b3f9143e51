//! Which shape each member gets: as it stands, with guarded declarations, or as a
//! function.
//!
//! PHP declares functions and plain classes of a whole file before its first
//! statement runs, and a bundle is one file. So what members declare behind code
//! that may tell is declared where it stands. With OPcache, equal calls of one
//! file share what they found first: code that must look again gets a function
//! of its own.

use std::collections::{BTreeMap, HashSet};

use tilde_lexer::{TokenKind as K, Version};
use tilde_syntax::Span;

use crate::facts::Symbol;
use crate::module::{Module, Shape};

/// A function or constant with a namespace, by its full name.
type Name = (Symbol, Vec<u8>);

/// Chooses for all members, in the order in which they stand.
pub(crate) fn choose(modules: &mut [Module], version: Version) {
    // As they are listed: that is how they run without a bundle.
    let mut listed: Vec<usize> = (0..modules.len()).collect();
    listed.retain(|index| modules[*index].shape == Shape::Inline);
    listed.sort_by_key(|index| modules[*index].source);
    let shared = Fallbacks::new(modules, &listed);
    // A companion is compiled when it is required: what ran before is no matter.
    let mut told: HashSet<usize> = HashSet::new();
    for index in listed {
        let module = &modules[index];
        let is_told_here = told.contains(&module.file) || shared.late.contains(&index);
        if shared.again.contains(&index) && can_be_function(module, version) {
            modules[index].shape = Shape::Function;
        } else if is_told_here && module.facts.declarations.iter().any(|it| it.is_hoisted) {
            modules[index].first = first(module);
            modules[index].shape = Shape::Guarded;
        }
        if modules[index].facts.tells.is_some() || shared.calls.contains(&index) {
            told.insert(modules[index].file);
            told.insert(0);
        }
    }
}

/// Members with the same unqualified names outside of functions.
#[derive(Default)]
pub(crate) struct Fallbacks {
    /// They declare a name that was used before.
    late: HashSet<usize>,
    /// They use a name that an earlier member may have looked for in vain.
    pub(crate) again: HashSet<usize>,
    /// They may call a function of a member.
    calls: HashSet<usize>,
}

impl Fallbacks {
    /// `listed` are the members whose code outside of functions is one function.
    pub(crate) fn new(modules: &[Module], listed: &[usize]) -> Self {
        let mut declared: BTreeMap<Name, Vec<usize>> = BTreeMap::new();
        for (index, module) in modules.iter().enumerate() {
            let names = module.facts.declarations.iter();
            for it in names.filter(|it| it.symbol != Symbol::Class && !it.namespace.is_empty()) {
                declared.entry((it.symbol, it.full_name())).or_default().push(index);
            }
        }
        let mut found = Self::default();
        let mut used: HashSet<(usize, Name)> = HashSet::new();
        for &index in listed {
            let file = modules[index].file;
            let mut own: HashSet<(usize, Name)> = HashSet::new();
            for it in &modules[index].facts.fallbacks {
                let name = (it.symbol, it.name.clone());
                let Some(declaring) = declared.get(&name) else { continue };
                let name = (file, name);
                if it.symbol == Symbol::Function {
                    found.calls.insert(index);
                }
                if used.contains(&name) {
                    found.again.insert(index);
                }
                // Once it is there, all find it.
                let is_there = |it: &usize| {
                    *it != index
                        && !modules[*it].is_on_demand()
                        && modules[*it].source < modules[index].source
                };
                if !declaring.iter().any(is_there) {
                    own.insert(name);
                }
            }
            used.extend(own);
        }
        for (name, declaring) in declared {
            let before = |index: &usize| {
                let module = &modules[*index];
                let used = || used.contains(&(module.file, name.clone()));
                used()
                    && listed.iter().any(|other| {
                        let other_file = modules[*other].file;
                        let is_before =
                            other_file == module.file && modules[*other].source < module.source;
                        let mut uses = modules[*other].facts.fallbacks.iter();
                        is_before && uses.any(|it| it.symbol == name.0 && it.name == name.1)
                    })
            };
            found.late.extend(declaring.into_iter().filter(before));
        }
        found
    }
}

/// Whether nobody can tell that the code of a member is in a function.
pub(crate) fn can_be_function(module: &Module, version: Version) -> bool {
    let (facts, body) = (&module.facts, &module.facts.body);
    let is_free = body.variable.is_none() && body.loader.is_none() && body.function_name.is_none();
    let includes = facts.includes.iter().any(|include| include.is_outside);
    let is_one = body.segments.len() == 1 || module.only_declares();
    let is_plain = body.late_import.is_none() && body.constants.is_empty();
    version >= Version::V5_3 && is_free && !includes && is_one && is_plain
}

/// The declarations that PHP makes before the code of the file runs, where code
/// in front of one may tell.
fn first(module: &Module) -> Vec<usize> {
    let facts = &module.facts;
    let mut known: HashSet<Vec<u8>> = HashSet::new();
    let mut found = Vec::new();
    for (index, it) in facts.declarations.iter().enumerate().filter(|(_, it)| it.is_hoisted) {
        let is_there = |name: &Vec<u8>| known.contains(name) || is_builtin(name);
        if it.parents.iter().all(|parent| is_there(&parent.name)) {
            known.insert(it.full_name());
            found.push(index);
        }
    }
    let is_late = |index: &usize| {
        let it = &facts.declarations[*index];
        let name = it.full_name();
        let mut parents = facts.declarations.iter().flat_map(|it| &it.parents);
        before(module, it.span).is_some()
            || parents.any(|parent| parent.name == name && parent.span.start < it.span.start)
    };
    let starts_with_tag = module.tokens.iter().next().is_some_and(|it| it.kind == K::OpenTag);
    // A `?>` behind the imports would stand in front of the declarations.
    let mut ends = facts.body.segments.iter().filter_map(|segment| segment.after);
    let can_be =
        starts_with_tag && facts.body.late_import.is_none() && ends.all(|end| end.len() == 1);
    if can_be && found.iter().any(is_late) { found } else { Vec::new() }
}

/// The first place before another one where code of the file may tell that
/// something is not declared yet, or leaves the file.
pub(crate) fn before(module: &Module, place: Span) -> Option<(Span, &'static str)> {
    let facts = &module.facts;
    let uses = facts.body.uses.map(|span| (span, "this runs before it, and may use it"));
    let returns = facts.returns.iter().map(|it| (it.keyword, "this may leave the file before it"));
    let jumps = facts.gotos.iter().map(|(_, span)| (*span, "this may jump over it"));
    let all = uses.into_iter().chain(returns).chain(jumps);
    all.filter(|(span, _)| span.start < place.start).min_by_key(|(span, _)| span.start)
}

/// Classes of PHP that are there before any code, whichever extensions it has,
/// and that others extend.
pub(crate) fn is_builtin(name: &[u8]) -> bool {
    BUILTIN.contains(&name)
}

const BUILTIN: &[&[u8]] = &[
    b"arrayiterator",
    b"arrayobject",
    b"badfunctioncallexception",
    b"badmethodcallexception",
    b"cachingiterator",
    b"datetime",
    b"datetimezone",
    b"directoryiterator",
    b"domainexception",
    b"errorexception",
    b"exception",
    b"filteriterator",
    b"invalidargumentexception",
    b"iteratoriterator",
    b"lengthexception",
    b"limititerator",
    b"logicexception",
    b"outofboundsexception",
    b"outofrangeexception",
    b"overflowexception",
    b"php_user_filter",
    b"rangeexception",
    b"recursivearrayiterator",
    b"recursivedirectoryiterator",
    b"recursivefilteriterator",
    b"recursiveiteratoriterator",
    b"reflectionclass",
    b"reflectionexception",
    b"reflectionfunction",
    b"reflectionmethod",
    b"reflectionobject",
    b"reflectionparameter",
    b"reflectionproperty",
    b"runtimeexception",
    b"splfileinfo",
    b"splfileobject",
    b"splobjectstorage",
    b"stdclass",
    b"underflowexception",
    b"unexpectedvalueexception",
];
