//! Declarations that come too early: PHP declares functions and plain classes of
//! a whole file before its first statement runs, and a bundle is one file.
//!
//! A member that runs before another one must not be able to tell. It can by
//! asking (`function_exists('f')`), and by a call that PHP looks for in the
//! namespace first, and then among the global functions.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Classes, LEAVE_OUT, Spot, late};
use crate::diagnostic::Diagnostic;
use crate::facts::{self, Calls, Declaration, Question, Symbol};
use crate::module::{Module, range};
use crate::scan::Scan;

/// What the members so far can tell.
struct Witnesses<'a> {
    functions: HashMap<&'a [u8], &'a Calls>,
    /// Outside of functions.
    outside: Names<'a>,
    /// In functions of a name.
    inside: BTreeMap<&'a [u8], Names<'a>>,
    /// In methods and closures.
    elsewhere: Names<'a>,
    /// The functions that have been called by name.
    called: HashSet<&'a [u8]>,
    /// Whether anything may have been called.
    is_open: bool,
}

#[derive(Default)]
struct Names<'a> {
    /// By the names that are asked for.
    questions: HashMap<&'a [u8], Spot>,
    /// By the names that PHP looks for in a namespace first.
    fallbacks: HashMap<(Symbol, &'a [u8]), Spot>,
    /// A question for a name that is known only when the program runs.
    any: Option<Spot>,
}

pub(super) fn check(scan: &Scan, classes: &Classes<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut witnesses = Witnesses::new(scan);
    // As they are listed: that is how they run without a bundle.
    let (on_demand, mut listed): (Vec<_>, Vec<(usize, &Module)>) =
        scan.modules.iter().enumerate().partition(|(_, module)| module.is_on_demand());
    listed.sort_by_key(|(_, module)| module.source);
    // They may run before all others.
    for (index, module) in &on_demand {
        witnesses.add(*index, module);
    }
    let mut last = 0;
    for (index, module) in listed {
        let is_ahead = index < last;
        last = last.max(index);
        for declaration in &module.facts.declarations {
            let is_moved = is_ahead && declaration.is_unconditional && !module.is_function();
            let is_early = module.hoists(declaration) || is_moved;
            let found = if module.is_function() {
                witnesses.outside.of(declaration, false)
            } else {
                witnesses.of(declaration, is_early)
            };
            if let Some((what, place)) = found {
                diagnostics.push(finding(scan, module, declaration, what, place));
            }
        }
        witnesses.add(index, module);
    }
    // Their own code is in functions, which PHP looks at one by one.
    for (_, module) in on_demand {
        for declaration in &module.facts.declarations {
            if let Some((what, place)) = witnesses.outside.of(declaration, false) {
                diagnostics.push(finding(scan, module, declaration, what, place));
            }
        }
    }
    for index in 0..scan.modules.len() {
        bound(scan, classes, index, diagnostics);
    }
}

impl<'a> Witnesses<'a> {
    fn new(scan: &'a Scan) -> Self {
        let functions = scan.modules.iter().flat_map(|module| &module.facts.functions);
        Self {
            functions: functions.map(|(name, calls)| (&**name, calls)).collect(),
            outside: Names::default(),
            inside: BTreeMap::new(),
            elsewhere: Names::default(),
            called: HashSet::new(),
            is_open: false,
        }
    }

    fn add(&mut self, index: usize, module: &'a Module) {
        for Question { name, span, place, .. } in &module.facts.questions {
            let names = self.names(module, place);
            match name {
                Some(name) => {
                    names.questions.entry(name).or_insert((index, *span));
                }
                None => names.any = names.any.or(Some((index, *span))),
            }
        }
        for it in &module.facts.fallbacks {
            let names = self.names(module, &it.place);
            names.fallbacks.entry((it.symbol, &it.name)).or_insert((index, it.span));
        }
        if !module.is_on_demand() {
            self.call(&module.facts.calls);
        }
    }

    fn names(&mut self, module: &Module, place: &'a facts::Place) -> &mut Names<'a> {
        match place {
            facts::Place::TopLevel if module.is_function() => &mut self.elsewhere,
            facts::Place::TopLevel => &mut self.outside,
            facts::Place::Function(name) => self.inside.entry(name).or_default(),
            facts::Place::Other => &mut self.elsewhere,
        }
    }

    /// Notes what a member calls when it runs, and what that calls.
    fn call(&mut self, calls: &'a Calls) {
        let mut waiting = vec![calls];
        while let Some(calls) = waiting.pop() {
            self.is_open |= calls.is_open;
            for name in &calls.names {
                if self.called.insert(name) {
                    waiting.extend(self.functions.get(&**name));
                }
            }
        }
    }

    /// What could tell that this is declared too early, and where.
    fn of(&self, declaration: &Declaration, is_early: bool) -> Option<(&'static str, Spot)> {
        let is_called = |name: &[u8]| self.is_open || self.called.contains(name);
        let mut inside = self.inside.iter().filter(|(name, _)| is_called(name));
        let found = || inside.find_map(|(_, names)| names.of(declaration, is_early));
        let elsewhere = || self.elsewhere.of(declaration, is_early).filter(|_| self.is_open);
        self.outside.of(declaration, is_early).or_else(found).or_else(elsewhere)
    }
}

impl Names<'_> {
    fn of(&self, declaration: &Declaration, is_early: bool) -> Option<(&'static str, Spot)> {
        let name = declaration.full_name();
        // OPcache remembers for a whole file which of both it was, so that even a
        // declaration under a condition comes too late.
        if let Some(place) = self.fallbacks.get(&(declaration.symbol, &name)) {
            return Some(("a global one is used here until then", *place));
        }
        let asked = self.questions.get(&*name).copied().or(self.any);
        let place = asked.filter(|_| is_early)?;
        Some(("this asks whether it is there", place))
    }
}

fn finding(
    scan: &Scan,
    module: &Module,
    declaration: &Declaration,
    what: &str,
    (witness, at): Spot,
) -> Diagnostic {
    let name = String::from_utf8_lossy(&declaration.full_name()).into_owned();
    Diagnostic::error("T-EARLY", format!("`{name}` would be declared before its file runs"))
        .label(module.source, range(declaration.span), "PHP declares this when it reads the bundle")
        .label(scan.modules[witness].source, range(at), what)
        .help(format!("put this file before that one, or {LEAVE_OUT}"))
}

/// In a file of its own a class is there from the start if its parent is, from
/// whatever file. In a bundle the parent must be one that PHP declares early.
fn bound(scan: &Scan, classes: &Classes<'_>, index: usize, diagnostics: &mut Vec<Diagnostic>) {
    let module = &scan.modules[index];
    let Some(runs) = module.facts.runs_code else { return };
    let hoisted = module.facts.declarations.iter().filter(|it| module.hoists(it));
    for declaration in hoisted.filter(|it| runs.start < it.span.start) {
        let Some(parent) = declaration.parents.first() else { continue };
        let Some((other, place)) = late(scan, classes, &parent.name) else { continue };
        if other >= index {
            continue;
        }
        let name = String::from_utf8_lossy(&declaration.full_name()).into_owned();
        let message = format!("`{name}` would be declared only where it stands");
        let diagnostic = Diagnostic::error("T-EARLY", message)
            .label(module.source, range(declaration.span), "declared here")
            .label(module.source, range(runs), "what runs here may use it")
            .label(
                scan.modules[other].source,
                range(place),
                "PHP does not declare its parent early",
            )
            .help(format!("declare the class above the code, or {LEAVE_OUT}"));
        diagnostics.push(diagnostic);
    }
}
