//! Declarations that come too early: PHP declares functions and plain classes of
//! a whole file before its first statement runs, and a bundle is one file.
//!
//! A member that runs before another one must not be able to tell. It can by
//! asking (`function_exists('f')`), and by a call that PHP looks for in the
//! namespace first, and then among the global functions.

use std::collections::HashMap;

use super::{Classes, LEAVE_OUT, Place, late};
use crate::diagnostic::Diagnostic;
use crate::facts::{Declaration, Question, Symbol};
use crate::module::{Module, range};
use crate::scan::Scan;

/// What the members so far can tell.
#[derive(Default)]
struct Witnesses<'a> {
    /// By the names that are asked for.
    questions: HashMap<&'a [u8], Place>,
    /// By the names that PHP looks for in a namespace first.
    fallbacks: HashMap<(Symbol, &'a [u8]), Place>,
    /// A question for a name that is known only when the program runs.
    any: Option<Place>,
    has_run: bool,
}

pub(super) fn check(scan: &Scan, classes: &Classes<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut witnesses = Witnesses::default();
    for (index, module) in scan.modules.iter().enumerate() {
        for declaration in &module.facts.declarations {
            if let Some((what, place)) = witnesses.of(declaration) {
                diagnostics.push(finding(scan, module, declaration, what, place));
            }
        }
        bound(scan, classes, index, diagnostics);
        witnesses.add(index, module);
    }
}

impl<'a> Witnesses<'a> {
    fn add(&mut self, index: usize, module: &'a Module) {
        let facts = &module.facts;
        self.has_run |= facts.first_effect.is_some();
        for Question { name, span } in &facts.questions {
            match name {
                Some(name) => {
                    self.questions.entry(name).or_insert((index, *span));
                }
                None if facts.runs_code.is_some() || facts.first_effect.is_some() => {
                    self.any = self.any.or(Some((index, *span)));
                }
                None => {}
            }
        }
        for it in &facts.fallbacks {
            self.fallbacks.entry((it.symbol, &it.name)).or_insert((index, it.span));
        }
    }

    /// What could tell that this is declared too early, and where.
    fn of(&self, declaration: &Declaration) -> Option<(&'static str, Place)> {
        if !self.has_run {
            return None;
        }
        let name = declaration.full_name();
        let fallback = self.fallbacks.get(&(declaration.symbol, &name));
        // OPcache remembers for a whole file which of both it was, so that even a
        // declaration under a condition comes too late.
        if let Some(place) = fallback {
            return Some(("a global one is used here until then", *place));
        }
        let asked = self.questions.get(&*name).copied().or(self.any);
        let place = asked.filter(|_| declaration.is_hoisted)?;
        Some(("this asks whether it is there", place))
    }
}

fn finding(
    scan: &Scan,
    module: &Module,
    declaration: &Declaration,
    what: &str,
    (witness, at): Place,
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
    let hoisted = module.facts.declarations.iter().filter(|it| it.is_hoisted);
    for declaration in hoisted.filter(|it| runs.start < it.span.start) {
        let Some(parent) = declaration.parents.first() else { continue };
        let Some((other, place)) = late(classes, &parent.name) else { continue };
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
