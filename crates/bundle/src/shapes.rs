//! Which shape each member gets: as it stands, with guarded declarations, or as a
//! function.
//!
//! PHP declares functions and plain classes of a whole file before its first
//! statement runs, and a bundle is one file. So what members declare behind code
//! that may tell is declared where it stands. With OPcache, equal calls of one
//! file share what they found first: code that must look again gets a function
//! of its own.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};
use tilde_lexer::{TokenKind as K, Version};
use tilde_syntax::Span;

use crate::Recipe;
use crate::facts::{Declaration, Facts, Include, Symbol, is_builtin};
use crate::members::Members;
use crate::module::{First, Module, Shape};
use crate::report::Reason;
use crate::scan::Scanned;
use crate::source::SourceId;

/// A function or constant with a namespace, by its full name.
pub(crate) type Name = (Symbol, Vec<u8>);

/// Chooses for all members, in the order in which they stand.
pub(crate) fn choose(modules: &mut [Module], members: &Members, recipe: &Recipe) {
    let version = recipe.oldest;
    for module in modules.iter_mut() {
        let is_function = module.is_called(recipe) && !module.is_alone;
        match is_function {
            false => module.take_shape(Shape::Inline, Reason::Plain),
            true if module.is_on_demand() => {
                module.take_shape(Shape::Function, Reason::OnDemand);
            }
            true => module.take_shape(Shape::Function, Reason::OwnScope),
        }
        module.first.clear();
    }
    included(modules, members, version);
    let listed = listed(modules);
    let shared = Fallbacks::new(modules, &listed, members);
    // A companion is compiled when it is required: what ran before is no matter.
    let mut told: HashSet<usize> = HashSet::default();
    let mut ran: HashSet<usize> = HashSet::default();
    let scanned = OnceCell::new();
    let mut declared = Declared::new(&listed, &scanned);
    for (position, &index) in listed.iter().enumerate() {
        let module = &modules[index];
        let is_alone = module.is_alone;
        let is_told_here = told.contains(&module.file) || shared.late.contains(&index);
        if module.is_plain && !is_told_here && !ran.contains(&module.file) {
            continue;
        }
        let hoists = module.facts.declarations.iter().any(|it| it.is_hoisted);
        // PHP may complain when it links a class with one of its own.
        let links = |it: &Declaration| {
            it.is_hoisted && it.parents.iter().any(|parent| is_builtin(&parent.name))
        };
        let complains = ran.contains(&module.file) && module.facts.declarations.iter().any(links);
        if !is_alone && shared.again.contains_key(&index) && can_be_function(module, version) {
            modules[index].take_shape(Shape::Function, Reason::LooksAgain);
        } else if hoists && !is_alone {
            let reason = if complains {
                Some(Reason::Complains)
            } else if is_told_here {
                Some(Reason::EarlierTells)
            } else {
                is_bound_late(modules, position, &mut declared).then_some(Reason::BoundLate)
            };
            if let Some(reason) = reason {
                modules[index].first = first(module, &declared.before(position, modules).there);
                modules[index].take_shape(Shape::Guarded, reason);
            }
        }
        if modules[index].facts.tells.is_some() || shared.calls.contains(&index) {
            told.insert(modules[index].file);
            told.insert(0);
        }
        if modules[index].facts.first_effect.is_some() {
            ran.insert(modules[index].file);
        }
    }
    for module in modules.iter_mut().filter(|module| module.is_function()) {
        module.first = first(module, &HashSet::default());
    }
}

/// The classes that members declare, in the order in which they run. Few members ask, so
/// they are worked out as far as somebody does.
struct Declared<'a> {
    listed: &'a [usize],
    scanned: &'a OnceCell<Vec<Arc<Scanned>>>,
    /// So many of the listed members are in it.
    len: usize,
    /// Those that are there for sure.
    there: HashSet<&'a [u8]>,
    /// Those that PHP declares early, each with the file that does.
    early: HashMap<&'a [u8], usize>,
}

impl<'a> Declared<'a> {
    fn new(listed: &'a [usize], scanned: &'a OnceCell<Vec<Arc<Scanned>>>) -> Self {
        let (there, early) = (HashSet::default(), HashMap::default());
        Self { listed, scanned, len: 0, there, early }
    }

    /// What the members before one of them declare, whose shapes are chosen.
    fn before(&mut self, position: usize, modules: &[Module]) -> &Self {
        let scanned = self.scanned.get_or_init(|| modules.iter().map(Module::scanned).collect());
        for index in self.listed.iter().take(position).skip(self.len) {
            self.add(&modules[*index], &scanned[*index].facts);
        }
        self.len = self.len.max(position);
        self
    }

    fn add(&mut self, module: &Module, facts: &'a Facts) {
        let unconditional = facts.declarations.iter().filter(|it| it.is_unconditional);
        for it in unconditional.filter(|it| it.symbol == Symbol::Class) {
            if !may_be_passed_over(module, it) {
                self.there.insert(it.full_name());
            }
            let mut parents = it.parents.iter();
            let is_early = module.hoists(it)
                && parents.all(|it| self.early.contains_key(&*it.name) || is_builtin(&it.name));
            if is_early {
                self.early.insert(it.full_name(), module.file);
            }
        }
    }
}

/// Whether the code of its file may leave that before a class is declared.
fn may_be_passed_over(module: &Module, class: &Declaration) -> bool {
    let facts = &module.facts;
    let returns = facts.returns.iter().map(|it| it.keyword);
    let mut leaves = returns.chain(facts.gotos.iter().copied());
    !class.is_hoisted_by_all && leaves.any(|span| span.start < class.span.start)
}

/// The members whose code outside of functions runs where the bundle is loaded, as they
/// are listed: that is how they run without a bundle.
pub(crate) fn listed(modules: &[Module]) -> Vec<usize> {
    let mut listed: Vec<usize> = (0..modules.len()).collect();
    listed.retain(|index| modules[*index].runs_at_place());
    listed.sort_by_key(|index| modules[*index].source);
    listed
}

/// Whether a member may declare functions and constants that no member shows.
fn is_opaque(module: &Module, members: &Members) -> bool {
    let is_unknown = |it: &Include| members.find(module.source, &it.path).is_none();
    !module.is_plain
        && (module.facts.unseen.is_some() || module.facts.includes.iter().any(is_unknown))
}

/// What another member includes runs there, and so it becomes a function, if
/// nobody can tell that it is one.
fn included(modules: &mut [Module], members: &Members, version: Version) {
    let mut targets: HashSet<SourceId> = HashSet::default();
    for module in modules.iter().filter(|module| !module.is_plain) {
        let fixed = module.facts.includes.iter().filter(|include| members.is_fixed(&include.path));
        let found = fixed.filter_map(|include| {
            let target = members.find(module.source, &include.path)?;
            let has_run = include.is_once() && target < module.source && !module.is_on_demand();
            (!has_run).then_some(target)
        });
        targets.extend(found);
    }
    for module in modules.iter_mut().filter(|module| targets.contains(&module.source)) {
        let is_inline = module.shape == Shape::Inline && !module.is_alone;
        if is_inline && can_be_function(module, version) {
            module.take_shape(Shape::Function, Reason::Included);
        }
    }
}

/// Whether a class that PHP would declare before the code of its file is declared
/// later in a bundle, and code in front of it may tell: what it is made of is
/// there, but not yet when the bundle is compiled.
fn is_bound_late(modules: &[Module], position: usize, declared: &mut Declared<'_>) -> bool {
    let module = &modules[declared.listed[position]];
    let first_place = first_place(module);
    let declarations = module.facts.declarations.iter();
    let is_told = |it: &&Declaration| {
        it.is_hoisted && !it.parents.is_empty() && before(first_place, it.span).is_some()
    };
    let mut classes = declarations.filter(is_told).peekable();
    if modules.len() == 1 || classes.peek().is_none() {
        return false;
    }
    let Declared { there, early, .. } = declared.before(position, modules);
    // A companion is compiled where it runs, and finds what has run before.
    let is_early = |name: &Vec<u8>| match early.get(&**name) {
        Some(file) => module.file > 0 || *file == 0,
        None => is_builtin(name),
    };
    classes.any(|it| {
        let signatures = it.signatures.iter().filter(|it| there.contains(&*it.name));
        it.parents.iter().chain(signatures).any(|need| !is_early(&need.name))
    })
}

/// Members with the same unqualified names outside of functions.
#[derive(Default)]
pub(crate) struct Fallbacks {
    /// They declare a name that was used before.
    late: HashSet<usize>,
    /// They use a name that an earlier member may have looked for in vain: the first such.
    pub(crate) again: BTreeMap<usize, Name>,
    /// They may call a function of a member.
    calls: HashSet<usize>,
}

impl Fallbacks {
    /// `listed` are the members whose code outside of functions is one function.
    pub(crate) fn new(modules: &[Module], listed: &[usize], members: &Members) -> Self {
        let looks = |module: &Module| !module.is_plain && !module.facts.fallbacks.is_empty();
        if !listed.iter().any(|index| looks(&modules[*index])) {
            return Self::default();
        }
        let mut declared: BTreeMap<Name, Vec<usize>> = BTreeMap::new();
        for (index, module) in modules.iter().enumerate() {
            let names = module.facts.declarations.iter();
            for it in names.filter(|it| it.symbol != Symbol::Class && !it.namespace().is_empty()) {
                declared.entry((it.symbol, it.full_name().to_vec())).or_default().push(index);
            }
        }
        let mut found = Self::default();
        let is_any_opaque = modules.iter().any(|module| is_opaque(module, members));
        let mut used: HashSet<(usize, Name)> = HashSet::default();
        // Names that no member declares, and those of them that others may have since.
        let (mut foreign, mut unsure) = (HashSet::default(), HashSet::default());
        for &index in listed {
            let module = &modules[index];
            let mut own: HashSet<(usize, Name)> = HashSet::default();
            for it in &module.facts.fallbacks {
                let name = (module.file, (it.symbol, it.name.clone()));
                if used.contains(&name) || unsure.contains(&name) {
                    found.again.entry(index).or_insert_with(|| name.1.clone());
                }
                let Some(declaring) = declared.get(&name.1) else {
                    foreign.insert(name);
                    continue;
                };
                if it.symbol == Symbol::Function {
                    found.calls.insert(index);
                }
                // Once it is there, all find it.
                let is_there = |it: &usize| {
                    *it != index
                        && !modules[*it].is_on_demand()
                        && modules[*it].source < module.source
                };
                if !declaring.iter().any(is_there) {
                    own.insert(name);
                }
            }
            used.extend(own);
            if is_any_opaque && (module.facts.tells.is_some() || is_opaque(module, members)) {
                unsure.extend(foreign.drain());
            }
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
                        let mut names = modules[*other].facts.fallbacks.iter();
                        is_before && names.any(|it| it.symbol == name.0 && it.name == name.1)
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
/// in front of one may tell. In a function, that depends for some on what is
/// there when it runs.
fn first(module: &Module, there: &HashSet<&[u8]>) -> Vec<First> {
    let facts = &module.facts;
    // Those of them that are there only if something else is.
    let (mut known, mut unsure) = (HashSet::default(), HashSet::default());
    let own: HashSet<&[u8]> = facts.declarations.iter().map(Declaration::full_name).collect();
    let mut found: Vec<First> = Vec::new();
    for (index, it) in facts.declarations.iter().enumerate().filter(|(_, it)| it.is_hoisted) {
        let is_there =
            |name: &Vec<u8>| known.contains(&**name) || there.contains(&**name) || is_builtin(name);
        let can_ask = module.is_function() && it.signatures.is_empty();
        let mut parents = it.parents.iter();
        if parents.all(|it| is_there(&it.name) || can_ask && !own.contains(&*it.name)) {
            let parent = it.parents.first().map(|parent| &parent.name);
            let parent =
                parent.filter(|name| !is_there(name) || unsure.contains(&***name)).cloned();
            known.insert(it.full_name());
            if parent.is_some() {
                unsure.insert(it.full_name());
            }
            found.push(First { index, parent });
        }
    }
    let first_place = first_place(module);
    let mut first_uses: HashMap<&[u8], u32> = HashMap::default();
    for parent in facts.declarations.iter().flat_map(|it| &it.parents) {
        let first = first_uses.entry(&parent.name).or_insert(parent.span.start);
        *first = parent.span.start.min(*first);
    }
    let is_late = |first: &First| {
        let it = &facts.declarations[first.index];
        let first_use = first_uses.get(it.full_name());
        before(first_place, it.span).is_some() || first_use.is_some_and(|at| *at < it.span.start)
    };
    let starts_with_tag = module.tokens.iter().next().is_some_and(|it| it.kind == K::OpenTag);
    // A `?>` behind the imports would stand in front of the declarations.
    let mut ends = facts.body.segments.iter().filter_map(|segment| segment.after);
    // PHP would complain twice about an import that stands in two pieces.
    let complains = facts.imports.iter().any(|it| facts.body.complaint == Some(it.span));
    let is_certain = || found.iter().all(|it| facts.declarations[it.index].is_hoisted_by_all);
    let keeps_doc = || found.iter().all(|it| !facts.declarations[it.index].is_doc_apart);
    let can_be = starts_with_tag
        && keeps_doc()
        && is_certain()
        && facts.body.late_import.is_none()
        && !complains
        && ends.all(|end| end.len() == 1);
    if can_be && found.iter().any(is_late) { found } else { Vec::new() }
}

/// A place, and what code there does.
type Place = (Span, &'static str);

/// The first place where code of the file may tell that something is not declared
/// yet, or leaves the file.
pub(crate) fn first_place(module: &Module) -> Option<Place> {
    let facts = &module.facts;
    let uses = facts.body.uses.map(|span| (span, "this runs before it, and may use it"));
    let returns = facts.returns.iter().map(|it| (it.keyword, "this may leave the file before it"));
    let includes = facts.includes.iter().filter(|it| it.is_outside);
    let includes = includes.map(|it| (it.span, "this runs before it, and may use it"));
    let jumps = facts.gotos.iter().map(|span| (*span, "this may jump over it"));
    // A file that is loaded on demand runs other code when it asks for a parent.
    let loads = facts.loads.filter(|_| module.is_function());
    let loads = loads.map(|span| (span, "this loads what it is made of before it"));
    let all = uses.into_iter().chain(includes).chain(returns).chain(jumps).chain(loads);
    all.min_by_key(|(span, _)| span.start)
}

/// The first of such places, if it is before another one.
pub(crate) fn before(first: Option<Place>, place: Span) -> Option<Place> {
    first.filter(|(span, _)| span.start < place.start)
}
