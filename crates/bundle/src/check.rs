//! What cannot be bundled, and why.
//!
//! Every finding here is a member that would behave otherwise in a bundle than
//! on its own. The order of the checks is the order of the messages, so it
//! must depend on nothing but the members.

use std::collections::HashMap;
use std::ops::Range;

use tilde_lexer::{TokenKind, Version};
use tilde_syntax::Span;

use crate::Recipe;
use crate::diagnostic::Diagnostic;
use crate::facts::{Declaration, ParentKind, Symbol};
use crate::module::{Module, range};
use crate::scan::Scan;
use crate::style::gap::is_unterminated;

/// A member and a place in it.
type Place = (usize, Span);

/// A symbol, its namespace and its short name.
type Name<'src> = (Symbol, &'src [u8], &'src [u8]);

const LEAVE_OUT: &str = "leave this file out of the bundle and require it";

pub(crate) fn check(scan: &Scan, recipe: &Recipe) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let last = scan.modules.iter().rposition(|module| !module.is_empty());
    for (index, module) in scan.modules.iter().enumerate() {
        hazards(scan, module, &mut diagnostics);
        prologue(module, &mut diagnostics);
        unterminated(scan, module, &mut diagnostics);
        if Some(index) != last {
            returns(module, &mut diagnostics);
        }
    }
    strictness(scan, &mut diagnostics);
    labels(scan, &mut diagnostics);
    duplicates(scan, &mut diagnostics);
    if recipe.lexer.version <= Version::V8_3 {
        imports(scan, &mut diagnostics);
    }
    order(scan, &mut diagnostics);
    diagnostics
}

fn hazards(scan: &Scan, module: &Module, diagnostics: &mut Vec<Diagnostic>) {
    let text = &scan.sources[module.source.index()].text;
    if let Some(span) = module.facts.halt {
        let diagnostic =
            Diagnostic::error("T-HALT", "`__halt_compiler` would cut off the rest of the bundle")
                .label(module.source, range(span), "")
                .help(LEAVE_OUT);
        diagnostics.push(diagnostic);
    }
    for &(kind, span) in &module.facts.magic {
        if kind == TokenKind::Line {
            continue;
        }
        let name = String::from_utf8_lossy(span.of(text)).into_owned();
        let message = format!("`{name}` would name the bundle, not this file");
        let diagnostic = Diagnostic::error("T-MAGIC", message)
            .label(module.source, range(span), "")
            .help(format!("write the path without `{name}`, or {LEAVE_OUT}"));
        diagnostics.push(diagnostic);
    }
}

fn prologue(module: &Module, diagnostics: &mut Vec<Diagnostic>) {
    for declare in &module.facts.declares {
        let span = range(declare.span);
        let diagnostic = match declare.strict {
            Some(_) if declare.is_first => continue,
            Some(_) => Diagnostic::error("T-DECLARE", "`declare(strict_types)` must come first")
                .label(module.source, span, "")
                .help("make it the first statement of the file"),
            None => Diagnostic::error(
                "T-DECLARE",
                "this `declare` would hold for the rest of the bundle",
            )
            .label(module.source, span, "")
            .help(format!("use the form with a block where there is one, or {LEAVE_OUT}")),
        };
        diagnostics.push(diagnostic);
    }
    if let Some(namespace) = module.facts.namespaces.first()
        && module.facts.is_namespace_late
    {
        let diagnostic =
            Diagnostic::error("T-SYNTAX", "`namespace` must be the first statement of the file")
                .label(module.source, range(namespace.keyword), "")
                .help("PHP refuses this file on its own, too; correct the file first");
        diagnostics.push(diagnostic);
    }
}

/// Up to PHP 7.4 a comment may end with its file.
fn unterminated(scan: &Scan, module: &Module, diagnostics: &mut Vec<Diagnostic>) {
    let text = &scan.sources[module.source.index()].text;
    let Some(last) = module.tokens.iter().next_back() else { return };
    if is_unterminated(last.kind, last.span.of(text)) {
        let diagnostic = Diagnostic::error("T-UNTERM", "a comment that never ends")
            .label(module.source, range(last.span), "")
            .help("it would run on into the next file of the bundle; correct the file first");
        diagnostics.push(diagnostic);
    }
}

fn returns(module: &Module, diagnostics: &mut Vec<Diagnostic>) {
    for &span in &module.facts.returns {
        let diagnostic =
            Diagnostic::error("T-RETURN", "`return` would leave the bundle, not only this file")
                .label(module.source, range(span), "")
                .help(format!(
                    "turn the condition around, make the file the last one, or {LEAVE_OUT}"
                ));
        diagnostics.push(diagnostic);
    }
}

fn strictness(scan: &Scan, diagnostics: &mut Vec<Diagnostic>) {
    let mut members = scan.modules.iter().filter(|module| !module.is_empty());
    let strict = members.clone().find(|module| module.facts.is_strict());
    let weak = members.find(|module| !module.facts.is_strict());
    let (Some(strict), Some(weak)) = (strict, weak) else { return };
    let declare = strict.facts.declares.iter().find(|declare| declare.strict == Some(true));
    let strict_span = declare.map_or(0..0, |declare| range(declare.span));
    let diagnostic = Diagnostic::error("T-STRICT", "strict and weak types cannot share one file")
        .label(strict.source, strict_span, "this member is strict")
        .label(weak.source, first(weak), "this one is not")
        .help("put the strict files into a bundle of their own, or make all of them strict");
    diagnostics.push(diagnostic);
}

fn labels(scan: &Scan, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&[u8], Place> = HashMap::new();
    for (index, module) in scan.modules.iter().enumerate() {
        for (name, span) in &module.facts.labels {
            let (first, first_span) = *seen.entry(name).or_insert((index, *span));
            if first == index {
                continue;
            }
            let message = format!("the label `{}` in two members", String::from_utf8_lossy(name));
            let other = &scan.modules[first];
            let diagnostic = Diagnostic::error("T-LABEL", message)
                .label(module.source, range(*span), "declared again")
                .label(other.source, range(first_span), "first declared here")
                .help("rename one of them");
            diagnostics.push(diagnostic);
        }
    }
}

fn duplicates(scan: &Scan, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<(Symbol, Vec<u8>), Place> = HashMap::new();
    for (index, module, declaration) in unconditional(scan) {
        let what = match declaration.symbol {
            Symbol::Class => "class",
            Symbol::Function => "function",
            Symbol::Constant => continue,
        };
        let key = (declaration.symbol, declaration.full_name());
        let name = String::from_utf8_lossy(&key.1).into_owned();
        let (first, place) = *seen.entry(key).or_insert((index, declaration.span));
        if first == index {
            continue;
        }
        let other = &scan.modules[first];
        let diagnostic =
            Diagnostic::error("T-DUP", format!("two members declare the {what} `{name}`"))
                .label(module.source, range(declaration.span), "declared again")
                .label(other.source, range(place), "first declared here")
                .help("leave one of the two files out of the bundle");
        diagnostics.push(diagnostic);
    }
}

fn unconditional(scan: &Scan) -> impl Iterator<Item = (usize, &Module, &Declaration)> {
    scan.modules.iter().enumerate().flat_map(|(index, module)| {
        let declarations = module.facts.declarations.iter();
        declarations
            .filter(|declaration| declaration.is_unconditional)
            .map(move |declaration| (index, module, declaration))
    })
}

/// Up to PHP 8.3 an import is refused when the same file declared its short
/// name in the same namespace before, be it in another block.
fn imports(scan: &Scan, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<Name<'_>, Place> = HashMap::new();
    for (index, module) in scan.modules.iter().enumerate() {
        for import in &module.facts.imports {
            let key = (import.symbol, import.namespace.as_slice(), import.short.as_slice());
            let Some(&(first, place)) = seen.get(&key) else { continue };
            let other = &scan.modules[first];
            let is_same = other.facts.declarations.iter().any(|declaration| {
                declaration.span == place && declaration.full_name() == import.target
            });
            if is_same {
                continue;
            }
            let name = String::from_utf8_lossy(&import.short).into_owned();
            let message = format!("`{name}` is imported after another member declared it");
            let diagnostic = Diagnostic::error("T-IMPORT", message)
                .label(module.source, range(import.span), "imported here")
                .label(other.source, range(place), "declared here, in the same namespace")
                .help("put the importing file first");
            diagnostics.push(diagnostic);
        }
        for declaration in &module.facts.declarations {
            let key = (
                declaration.symbol,
                declaration.namespace.as_slice(),
                declaration.short.as_slice(),
            );
            seen.entry(key).or_insert((index, declaration.span));
        }
    }
}

/// What a class is made of must be declared before it.
fn order(scan: &Scan, diagnostics: &mut Vec<Diagnostic>) {
    let classes: HashMap<Vec<u8>, Place> = unconditional(scan)
        .filter(|(_, _, declaration)| declaration.symbol == Symbol::Class)
        .map(|(index, _, declaration)| (declaration.full_name(), (index, declaration.span)))
        .collect();
    for (index, module, declaration) in unconditional(scan) {
        for parent in &declaration.parents {
            let Some(&(later, place)) = classes.get(&parent.name) else { continue };
            if later <= index {
                continue;
            }
            let what = match parent.kind {
                ParentKind::Class => "parent class",
                ParentKind::Interface => "interface",
                ParentKind::Trait => "trait",
            };
            let name = String::from_utf8_lossy(&parent.name);
            let message = format!("the {what} `{name}` comes later");
            let diagnostic = Diagnostic::warning("T-ORDER", message)
                .label(module.source, range(parent.span), "needed here")
                .label(scan.modules[later].source, range(place), "declared in a later member")
                .help("put that file first");
            diagnostics.push(diagnostic);
        }
    }
}

/// The first token that does something.
fn first(module: &Module) -> Range<usize> {
    module.significant().next().map_or(0..0, |token| range(token.span))
}
