//! What cannot be the body of a function, where a member becomes one.
//!
//! In a function PHP declares nothing ahead of its place and knows neither
//! imports nor constants, and what is compiled with the bundle is compiled even
//! if nothing ever asks for it.

use tilde_lexer::Version;
use tilde_syntax::Span;

use super::LEAVE_OUT;
use crate::Recipe;
use crate::diagnostic::Diagnostic;
use crate::facts::Constants;
use crate::loader::{declaring, owner};
use crate::module::{Module, range};
use crate::scan::Scan;

const AT_ONCE: &str = "list this file among those that run at once";

pub(super) fn check(scan: &Scan, recipe: &Recipe, diagnostics: &mut Vec<Diagnostic>) {
    let mut functions = scan.modules.iter().filter(|module| module.is_function()).peekable();
    if let Some(first) = functions.peek()
        && recipe.oldest < Version::V5_3
    {
        let message = "files that run on demand or have variables of their own need PHP 5.3";
        let finding = Diagnostic::error("T-SHAPE", message).label(first.source, 0..0, "");
        diagnostics.push(finding.help(AT_ONCE));
        return;
    }
    for module in functions {
        code(module, recipe.oldest, diagnostics);
        if module.is_on_demand() {
            complaint(module, diagnostics);
        }
    }
    ambiguous(scan, diagnostics);
}

/// Code that means something else in a function, or nothing.
fn code(module: &Module, version: Version, diagnostics: &mut Vec<Diagnostic>) {
    let body = &module.facts.body;
    let mut refuse = |span: Option<Span>, code, message: &str| {
        let finding = span.map(|span| {
            let finding = Diagnostic::error(code, message).label(module.source, range(span), "");
            finding.help(format!("{AT_ONCE}, or {LEAVE_OUT}"))
        });
        diagnostics.extend(finding);
    };
    refuse(body.late_import, "T-SHAPE", "an import after other code cannot be in a function");
    let is_stuck = |it: &&Constants| it.has_attributes || version < Version::V7_0;
    let constant = body.constants.iter().find(is_stuck).map(|it| it.span);
    refuse(constant, "T-SHAPE", "this `const` cannot be in a function");
    refuse(body.loader, "T-SCOPE", "this would see who loads the file");
    refuse(body.function_name, "T-MAGIC", "this would name a function of the bundle");
    if body.segments.len() > 1 && !module.only_declares() {
        let message = "code in several namespaces cannot be in one function";
        refuse(module.facts.first_effect, "T-SHAPE", message);
    }
}

/// What PHP says as soon as it compiles the bundle, be it for a file that nothing
/// asks for.
fn complaint(module: &Module, diagnostics: &mut Vec<Diagnostic>) {
    let Some(span) = module.facts.body.complaint else { return };
    let message = "PHP would complain about this even if nothing asks for the file";
    let finding = Diagnostic::error("T-COMPLAINT", message)
        .label(module.source, range(span), "PHP complains about this")
        .help(format!("correct it, or {LEAVE_OUT}"));
    diagnostics.push(finding);
}

/// A class that several files on demand declare: which of them is it?
fn ambiguous(scan: &Scan, diagnostics: &mut Vec<Diagnostic>) {
    for (class, modules) in declaring(scan) {
        let [first, again, ..] = *modules else { continue };
        if owner(scan, class, &modules).is_some() {
            continue;
        }
        let name = String::from_utf8_lossy(class);
        let message = format!("two files on demand declare the class `{name}`");
        let place = |module: &Module| {
            let mut declarations = module.facts.declarations.iter();
            let found = declarations.find(|it| it.full_name() == class);
            found.map_or(0..0, |it| range(it.span))
        };
        let finding = Diagnostic::error("T-DUP", message)
            .label(again.source, place(again), "declared again")
            .label(first.source, place(first), "first declared here");
        diagnostics.push(finding.help("leave one of the two files out"));
    }
}
