//! Declarations that come too early or too late: PHP declares functions and
//! plain classes of a file before its first statement runs. Where that cannot be
//! kept, and code of the member itself may tell, the build stops.

use foldhash::{HashMap, HashSet};
use tilde_syntax::Span;

use super::LEAVE_OUT;
use crate::diagnostic::Diagnostic;
use crate::facts::{Declaration, Symbol};
use crate::link::Link;
use crate::module::{Module, Shape, range};
use crate::scan::Scan;
use crate::shapes::{Fallbacks, before, first_place, listed};

pub(super) fn check(scan: &Scan, link: &Link<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for module in scan.modules.iter().filter(|module| module.shape != Shape::Inline) {
        in_place(module, diagnostics);
    }
    fallbacks(scan, link, diagnostics);
}

fn name_of(declaration: &Declaration) -> String {
    String::from_utf8_lossy(declaration.full_name()).into_owned()
}

/// What PHP declares before a file runs is declared where it stands in a function
/// and behind a guard.
fn in_place(module: &Module, diagnostics: &mut Vec<Diagnostic>) {
    let first: HashSet<usize> = module.first.iter().map(|it| it.index).collect();
    let declarations = module.facts.declarations.iter().enumerate();
    let hoisted = declarations
        .filter(|(index, it)| it.is_hoisted && !first.contains(index))
        .map(|(_, it)| it);
    let classes: HashMap<&[u8], Span> = hoisted
        .clone()
        .filter(|it| it.symbol == Symbol::Class)
        .map(|it| (it.full_name(), it.span))
        .collect();
    let help = "move the declaration up, or let the file run on demand";
    let first_place = first_place(module);
    for declaration in hoisted {
        if let Some((place, what)) = before(first_place, declaration.span) {
            let message =
                format!("`{}` would be declared only where it stands", name_of(declaration));
            let diagnostic = Diagnostic::error("T-EARLY", message)
                .label(module.source, range(declaration.span), "declared here")
                .label(module.source, range(place), what)
                .help(format!("{help}, or {LEAVE_OUT}"));
            diagnostics.push(diagnostic);
        }
    }
    for parent in module.facts.declarations.iter().flat_map(|it| &it.parents) {
        let later = classes.get(&*parent.name).filter(|at| at.start > parent.span.start);
        if let Some(later) = later {
            let message = format!("`{}` comes later", String::from_utf8_lossy(&parent.name));
            let diagnostic = Diagnostic::error("T-ORDER", message)
                .label(module.source, range(parent.span), "needed here")
                .label(module.source, range(*later), "declared here")
                .help("move the declaration up");
            diagnostics.push(diagnostic);
        }
    }
}

/// With OPcache, equal unqualified names of one file share what they found first.
fn fallbacks(scan: &Scan, link: &Link<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let listed = listed(&scan.modules);
    let found = Fallbacks::new(&scan.modules, &listed, link.members);
    for (index, name) in found.again {
        let module = &scan.modules[index];
        let uses = |other: usize| {
            let mut all = scan.modules[other].facts.fallbacks.iter();
            let found = all.find(|it| it.symbol == name.0 && it.name == name.1)?;
            Some((other, found.span))
        };
        let earlier = listed.iter().take_while(|other| **other != index);
        let first = earlier.copied().find_map(uses);
        let (Some((first, at)), Some((_, place))) = (first, uses(index)) else { continue };
        let name = String::from_utf8_lossy(&name.1).into_owned();
        let message = format!("`{name}` may be another one here than in an earlier member");
        let diagnostic = Diagnostic::error("T-EARLY", message)
            .label(module.source, range(place), "used here")
            .label(scan.modules[first].source, range(at), "a global one may be used here")
            .help(format!("write the name with its namespace, or {LEAVE_OUT}"));
        diagnostics.push(diagnostic);
    }
}
