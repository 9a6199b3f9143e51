//! What cannot be bundled, and why.
//!
//! Every finding here is a member that would behave otherwise in a bundle than
//! on its own. The order of the checks is the order of the messages, so it
//! must depend on nothing but the members.

use std::collections::HashMap;

use tilde_lexer::{TokenKind, Version};

use crate::Recipe;
use crate::diagnostic::Diagnostic;
use crate::outline::{Declaration, Fault, Symbol};
use crate::scan::{Module, Scan};

/// A member and a position in its outline.
type Place = (usize, usize);

/// A symbol, its namespace and its short name.
type Name<'src> = (Symbol, &'src [u8], &'src [u8]);

const LEAVE_OUT: &str = "leave this file out of the bundle and require it";

pub(crate) fn check(scan: &Scan, recipe: &Recipe) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let last = scan.modules.iter().rposition(|module| !is_empty(module));
    for (index, module) in scan.modules.iter().enumerate() {
        faults(module, &mut diagnostics);
        hazards(scan, module, &mut diagnostics);
        prologue(module, &mut diagnostics);
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

/// Whether the member does nothing at all.
pub(crate) fn is_empty(module: &Module) -> bool {
    let kinds = module.outline.significant.iter().map(|&index| module.tokens[index].kind);
    kinds
        .into_iter()
        .all(|kind| matches!(kind, TokenKind::OpenTag | TokenKind::CloseTag | TokenKind::Semicolon))
}

fn faults(module: &Module, diagnostics: &mut Vec<Diagnostic>) {
    for &fault in &module.outline.faults {
        let (code, message, span) = match fault {
            Fault::UnterminatedComment(index) => {
                ("T-UNTERM", "a comment that never ends", module.tokens[index].span())
            }
            Fault::Unterminated(position) => {
                ("T-UNTERM", "a string that never ends", module.span(position))
            }
            Fault::Unclosed(position) => {
                ("T-SYNTAX", "an opening bracket that is never closed", module.span(position))
            }
            Fault::Unopened(position) => {
                ("T-SYNTAX", "a closing bracket that closes nothing", module.span(position))
            }
            Fault::Unfinished(position) => {
                ("T-SYNTAX", "the file ends in the middle of a statement", module.span(position))
            }
        };
        let diagnostic = Diagnostic::error(code, message)
            .label(module.source, span, "")
            .help("it would run on into the next file of the bundle; correct the file first");
        diagnostics.push(diagnostic);
    }
}

fn hazards(scan: &Scan, module: &Module, diagnostics: &mut Vec<Diagnostic>) {
    let text = &scan.sources[module.source.index()].text;
    for &position in &module.outline.halts {
        let diagnostic =
            Diagnostic::error("T-HALT", "`__halt_compiler` would cut off the rest of the bundle")
                .label(module.source, module.span(position), "")
                .help(LEAVE_OUT);
        diagnostics.push(diagnostic);
    }
    for &position in &module.outline.paths {
        let token = module.token(position);
        let name = String::from_utf8_lossy(token.bytes(text)).into_owned();
        let message = format!("`{name}` would name the bundle, not this file");
        let diagnostic = Diagnostic::error("T-MAGIC", message)
            .label(module.source, token.span(), "")
            .help(format!("write the path without `{name}`, or {LEAVE_OUT}"));
        diagnostics.push(diagnostic);
    }
}

fn prologue(module: &Module, diagnostics: &mut Vec<Diagnostic>) {
    for declare in &module.outline.declares {
        let span = module.span(declare.position);
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
    if let Some(namespace) = module.outline.namespaces.first()
        && !namespace.is_allowed
    {
        let diagnostic =
            Diagnostic::error("T-SYNTAX", "`namespace` must be the first statement of the file")
                .label(module.source, module.span(namespace.position), "")
                .help("PHP refuses this file on its own, too; correct the file first");
        diagnostics.push(diagnostic);
    }
}

fn returns(module: &Module, diagnostics: &mut Vec<Diagnostic>) {
    for &position in &module.outline.returns {
        let diagnostic =
            Diagnostic::error("T-RETURN", "`return` would leave the bundle, not only this file")
                .label(module.source, module.span(position), "")
                .help(format!(
                    "turn the condition around, make the file the last one, or {LEAVE_OUT}"
                ));
        diagnostics.push(diagnostic);
    }
}

/// Whether the member asks for strict types.
pub(crate) fn is_strict(module: &Module) -> bool {
    module.outline.declares.iter().any(|declare| declare.strict == Some(true))
}

fn strictness(scan: &Scan, diagnostics: &mut Vec<Diagnostic>) {
    let mut members = scan.modules.iter().filter(|module| !is_empty(module));
    let strict = members.clone().find(|module| is_strict(module));
    let weak = members.find(|module| !is_strict(module));
    let (Some(strict), Some(weak)) = (strict, weak) else { return };
    let declare = strict.outline.declares.iter().find(|declare| declare.strict == Some(true));
    let strict_span = declare.map_or(0..0, |declare| strict.span(declare.position));
    let diagnostic = Diagnostic::error("T-STRICT", "strict and weak types cannot share one file")
        .label(strict.source, strict_span, "this member is strict")
        .label(weak.source, weak.span(0), "this one is not")
        .help("put the strict files into a bundle of their own, or make all of them strict");
    diagnostics.push(diagnostic);
}

fn labels(scan: &Scan, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&[u8], Place> = HashMap::new();
    for (index, module) in scan.modules.iter().enumerate() {
        for (name, position) in &module.outline.labels {
            let (first, first_position) = *seen.entry(name).or_insert((index, *position));
            if first == index {
                continue;
            }
            let message = format!("the label `{}` in two members", String::from_utf8_lossy(name));
            let other = &scan.modules[first];
            let diagnostic = Diagnostic::error("T-LABEL", message)
                .label(module.source, module.span(*position), "declared again")
                .label(other.source, other.span(first_position), "first declared here")
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
        let (first, position) = *seen.entry(key).or_insert((index, declaration.position));
        if first == index {
            continue;
        }
        let other = &scan.modules[first];
        let diagnostic =
            Diagnostic::error("T-DUP", format!("two members declare the {what} `{name}`"))
                .label(module.source, module.span(declaration.position), "declared again")
                .label(other.source, other.span(position), "first declared here")
                .help("leave one of the two files out of the bundle");
        diagnostics.push(diagnostic);
    }
}

fn unconditional(scan: &Scan) -> impl Iterator<Item = (usize, &Module, &Declaration)> {
    scan.modules.iter().enumerate().flat_map(|(index, module)| {
        let declarations = module.outline.declarations.iter();
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
        for import in &module.outline.imports {
            let key = (import.symbol, import.namespace.as_slice(), import.short.as_slice());
            let Some(&(first, position)) = seen.get(&key) else { continue };
            let other = &scan.modules[first];
            let is_same = other.outline.declarations.iter().any(|declaration| {
                declaration.position == position && declaration.full_name() == import.target
            });
            if is_same {
                continue;
            }
            let name = String::from_utf8_lossy(&import.short).into_owned();
            let message = format!("`{name}` is imported after another member declared it");
            let diagnostic = Diagnostic::error("T-IMPORT", message)
                .label(module.source, module.span(import.position), "imported here")
                .label(other.source, other.span(position), "declared here, in the same namespace")
                .help("put the importing file first");
            diagnostics.push(diagnostic);
        }
        for declaration in &module.outline.declarations {
            let key = (
                declaration.symbol,
                declaration.namespace.as_slice(),
                declaration.short.as_slice(),
            );
            seen.entry(key).or_insert((index, declaration.position));
        }
    }
}

fn order(scan: &Scan, diagnostics: &mut Vec<Diagnostic>) {
    let classes: HashMap<Vec<u8>, Place> = unconditional(scan)
        .filter(|(_, _, declaration)| declaration.symbol == Symbol::Class)
        .map(|(index, _, declaration)| (declaration.full_name(), (index, declaration.position)))
        .collect();
    for (index, module, declaration) in unconditional(scan) {
        let Some((parent, position)) = &declaration.parent else { continue };
        let Some(&(later, parent_position)) = classes.get(parent) else { continue };
        if later <= index {
            continue;
        }
        let other = &scan.modules[later];
        let name = String::from_utf8_lossy(parent).into_owned();
        let diagnostic =
            Diagnostic::warning("T-ORDER", format!("the parent class `{name}` comes later"))
                .label(module.source, module.span(*position), "extended here")
                .label(other.source, other.span(parent_position), "declared in a later member")
                .help("put the parent's file first");
        diagnostics.push(diagnostic);
    }
}
