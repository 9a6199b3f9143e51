//! Declarations that come too early or too late: PHP declares functions and
//! plain classes of a file before its first statement runs. Where that cannot be
//! kept, and code of the member itself may tell, the build stops.

use std::collections::HashMap;

use tilde_syntax::Span;

use super::{Classes, LEAVE_OUT, Spot, late};
use crate::diagnostic::Diagnostic;
use crate::facts::{Declaration, Symbol};
use crate::link::Link;
use crate::module::{Module, Shape, range};
use crate::scan::Scan;
use crate::shapes::{Fallbacks, before, is_builtin};

pub(super) fn check(
    scan: &Scan,
    classes: &Classes<'_>,
    link: &Link<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for module in scan.modules.iter().filter(|module| module.shape != Shape::Inline) {
        in_place(module, diagnostics);
    }
    if scan.modules.len() > 1 {
        for (index, _) in scan.modules.iter().enumerate() {
            bound(scan, classes, index, diagnostics);
        }
    }
    ahead(scan, link, diagnostics);
    fallbacks(scan, diagnostics);
}

fn name_of(declaration: &Declaration) -> String {
    String::from_utf8_lossy(&declaration.full_name()).into_owned()
}

/// What PHP declares before a file runs is declared where it stands in a function
/// and behind a guard.
fn in_place(module: &Module, diagnostics: &mut Vec<Diagnostic>) {
    let declarations = module.facts.declarations.iter().enumerate();
    let hoisted = declarations
        .filter(|(index, it)| it.is_hoisted && !module.first.contains(index))
        .map(|(_, it)| it);
    let classes: HashMap<Vec<u8>, Span> = hoisted
        .clone()
        .filter(|it| it.symbol == Symbol::Class)
        .map(|it| (it.full_name(), it.span))
        .collect();
    let own: HashMap<Vec<u8>, Span> =
        module.facts.declarations.iter().map(|it| (it.full_name(), it.span)).collect();
    let help = "move the declaration up, or let the file run on demand";
    for declaration in hoisted {
        // PHP itself declares it where it stands, since its parent comes later.
        let is_later = |at: &Span| at.start > declaration.span.start;
        let mut parents = declaration.parents.iter();
        if parents.any(|parent| own.get(&parent.name).is_some_and(is_later)) {
            continue;
        }
        if let Some((place, what)) = before(module, declaration.span) {
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
        let later = classes.get(&parent.name).filter(|at| at.start > parent.span.start);
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

/// In a file of its own a class is there from the start if its parent is, from
/// whatever file. In a bundle the parent must be one that PHP declares early.
fn bound(scan: &Scan, classes: &Classes<'_>, index: usize, diagnostics: &mut Vec<Diagnostic>) {
    let module = &scan.modules[index];
    for declaration in module.facts.declarations.iter().filter(|it| module.hoists(it)) {
        let Some(parent) = declaration.parents.first() else { continue };
        let Some((place, what)) = before(module, declaration.span) else { continue };
        let known = classes.get(&parent.name);
        // A companion is compiled after what stands before it.
        let file = known.map(|((other, _), _)| scan.modules[*other].file);
        let runs = known.is_some_and(|((other, _), _)| !scan.modules[*other].is_on_demand());
        let is_before = file != Some(module.file) && module.file > 0 && runs;
        let is_late = late(scan, classes, &parent.name).is_some();
        let is_early = file == Some(module.file) && !is_late || is_before;
        if is_early || known.is_none() && is_builtin(&parent.name) {
            continue;
        }
        // The parent comes later in any case, also without a bundle.
        if known.is_some_and(|((other, _), _)| *other >= index) {
            continue;
        }
        let message = format!("`{}` would be declared only where it stands", name_of(declaration));
        let mut diagnostic = Diagnostic::error("T-EARLY", message)
            .label(module.source, range(declaration.span), "declared here")
            .label(module.source, range(place), what);
        if let Some(&((other, place), _)) = known {
            let what = "PHP does not declare its parent early";
            diagnostic = diagnostic.label(scan.modules[other].source, range(place), what);
        }
        diagnostics
            .push(diagnostic.help(format!("declare the class above the code, or {LEAVE_OUT}")));
    }
}

/// A member that another one includes stands ahead of it: code in front of the
/// `include` may tell.
fn ahead(scan: &Scan, link: &Link<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for module in &scan.modules {
        let Some(uses) = module.facts.body.uses else { continue };
        let includes = module.facts.includes.iter();
        for include in includes.filter(|include| uses.start < include.span.start) {
            let Some(target) = link.members.find(module.source, &include.path) else { continue };
            let is_moved = link.is_moved_ahead(target, module.source);
            let file = scan.modules.iter().find(|it| it.source == target);
            if !is_moved || file.is_none_or(|it| it.facts.declarations.is_empty()) {
                continue;
            }
            let path = scan.sources[target.index()].path.display();
            let message = format!("{path} would run before the code that comes before its include");
            let diagnostic = Diagnostic::error("T-EARLY", message)
                .label(module.source, range(include.span), "included here")
                .label(module.source, range(uses), "this runs before it, and may tell")
                .help("put that file before this one, or let it run on demand");
            diagnostics.push(diagnostic);
        }
    }
}

/// With OPcache, equal unqualified names of one file share what they found first.
fn fallbacks(scan: &Scan, diagnostics: &mut Vec<Diagnostic>) {
    let mut listed: Vec<usize> = (0..scan.modules.len()).collect();
    listed.retain(|index| !scan.modules[*index].is_function());
    listed.sort_by_key(|index| scan.modules[*index].source);
    let found = Fallbacks::new(&scan.modules, &listed);
    for &index in listed.iter().filter(|index| found.again.contains(index)) {
        let module = &scan.modules[index];
        let Some((name, span, (first, place))) = shared(scan, &listed, index) else { continue };
        let name = String::from_utf8_lossy(&name).into_owned();
        let message = format!("`{name}` is another one here than in an earlier member");
        let diagnostic = Diagnostic::error("T-EARLY", message)
            .label(module.source, range(span), "used here")
            .label(scan.modules[first].source, range(place), "a global one is used here")
            .help(format!("write the name with its namespace, or {LEAVE_OUT}"));
        diagnostics.push(diagnostic);
    }
}

/// The name that a member shares with an earlier one.
fn shared(scan: &Scan, listed: &[usize], index: usize) -> Option<(Vec<u8>, Span, Spot)> {
    let earlier = listed.iter().take_while(|other| **other != index);
    let uses: Vec<_> = earlier
        .flat_map(|other| scan.modules[*other].facts.fallbacks.iter().map(move |it| (*other, it)))
        .collect();
    scan.modules[index].facts.fallbacks.iter().find_map(|own| {
        let is_same = |(_, it): &&(usize, &crate::facts::Fallback)| {
            it.symbol == own.symbol && it.name == own.name
        };
        let is_declared = scan.modules.iter().any(|module| {
            let mut all = module.facts.declarations.iter();
            all.any(|it| it.symbol == own.symbol && it.full_name() == own.name)
        });
        let (other, it) = uses.iter().find(is_same).filter(|_| is_declared)?;
        Some((own.name.clone(), own.span, (*other, it.span)))
    })
}
