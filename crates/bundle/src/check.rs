//! What cannot be bundled, and why.
//!
//! Every finding here is a member that would behave otherwise in a bundle than
//! on its own. The order of the checks is the order of the messages, so it
//! must depend on nothing but the members.

mod early;
mod includes;
mod shape;
mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use foldhash::HashMap;
use rayon::prelude::*;
use tilde_lexer::Version;
use tilde_syntax::Span;

use crate::Recipe;
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::{Declaration, ParentKind, Reader, Return, Symbol};
use crate::link::Link;
use crate::module::{Module, range};
use crate::scan::Scan;
use crate::style::Style;
use crate::style::gap::is_unterminated;

/// A member and a place in it.
type Spot = (usize, Span);

/// A symbol, its namespace and its short name.
type Name<'src> = (Symbol, &'src [u8], &'src [u8]);

const LEAVE_OUT: &str = "leave this file out and include it separately";

pub(crate) fn check(scan: &Scan, link: &Link<'_>, recipe: &Recipe) -> Vec<Diagnostic> {
    let (mut diagnostics, others) =
        rayon::join(|| each(scan, link, recipe), || between(scan, link, recipe));
    diagnostics.extend(others);
    diagnostics
}

/// So many findings of one kind are kept of a member: nobody reads more.
const MAX_FINDINGS: usize = 10_000;

/// What each member is told on its own.
fn each(scan: &Scan, link: &Link<'_>, recipe: &Recipe) -> Vec<Diagnostic> {
    let last = scan.modules.iter().rposition(|module| !module.is_empty());
    let one = |(index, module): (usize, &Module)| {
        let mut diagnostics = Vec::new();
        if module.is_plain {
            return diagnostics;
        }
        hazards(scan, module, link, &mut diagnostics);
        shebang(scan, module, &mut diagnostics);
        prologue(scan, module, &mut diagnostics);
        unterminated(scan, module, &mut diagnostics);
        refused(module, &mut diagnostics);
        if Some(index) != last && !module.is_function() && !module.is_alone {
            returns(module, recipe, &mut diagnostics);
        }
        includes::check(scan, module, link, recipe, &mut diagnostics);
        state::check(scan, module, recipe, &mut diagnostics);
        diagnostics
    };
    let found: Vec<_> = scan.modules.par_iter().enumerate().map(one).collect();
    found.into_iter().flatten().collect()
}

/// What members cannot be together.
fn between(scan: &Scan, link: &Link<'_>, recipe: &Recipe) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    shape::check(scan, recipe, &mut diagnostics);
    complaints(scan, &mut diagnostics);
    strictness(scan, &mut diagnostics);
    labels(scan, link, &mut diagnostics);
    jumps(scan, &mut diagnostics);
    statics(scan, &mut diagnostics);
    let classes = declared(scan, &mut diagnostics);
    if recipe.oldest <= Version::V8_3 {
        imports(scan, &mut diagnostics);
    }
    order(scan, &classes, &mut diagnostics);
    early::check(scan, link, &mut diagnostics);
    readers(scan, recipe, &mut diagnostics);
    guards(scan, &classes, &mut diagnostics);
    diagnostics
}

fn hazards(scan: &Scan, module: &Module, link: &Link<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(span) = module.facts.halt {
        let diagnostic =
            Diagnostic::error("T-HALT", "`__halt_compiler` would cut off the rest of the bundle")
                .label(module.source, range(span), "")
                .help(LEAVE_OUT);
        diagnostics.push(diagnostic);
    }
    let is_known = link.root.as_ref().is_some_and(|root| root.has(module.source));
    let unknown = if is_known { Vec::new() } else { link.places(module) };
    let unknown = unknown.into_iter().take(MAX_FINDINGS);
    for span in unknown.chain(module.facts.literal_magic.filter(|_| is_known)) {
        let name = String::from_utf8_lossy(span.of(scan.text(module))).into_owned();
        let message = format!("`{name}` would name the bundle, not this file");
        let diagnostic = Diagnostic::error("T-MAGIC", message)
            .label(module.source, range(span), "")
            .help(format!(
                "write the bundle into a file, for PHP 7.0 or later, or write the path without `{name}`, or {LEAVE_OUT}"
            ));
        diagnostics.push(diagnostic);
    }
}

/// A `#!` line that takes the code of the file with it, or what comes after it in a bundle.
fn shebang(scan: &Scan, module: &Module, diagnostics: &mut Vec<Diagnostic>) {
    let text = scan.text(module);
    if text.starts_with(b"#!") && !text.contains(&b'\n') {
        let message = "this `#!` line has no end, so that PHP 8.0 skips the whole file";
        let diagnostic = Diagnostic::error("T-SHEBANG", message)
            .label(module.source, 0..2, "")
            .help("end the line with LF");
        diagnostics.push(diagnostic);
    }
}

fn prologue(scan: &Scan, module: &Module, diagnostics: &mut Vec<Diagnostic>) {
    let is_alone = || {
        let mut others = scan.modules.iter().filter(|it| !it.is_empty() && it.file == module.file);
        others.nth(1).is_none() && (!module.is_on_demand() || module.is_alone)
    };
    for declare in &module.facts.declares {
        let place = range(declare.span);
        let diagnostic = match declare.strict {
            Some(_) if declare.is_first => continue,
            Some(_) => Diagnostic::error("T-DECLARE", "`declare(strict_types)` must come first")
                .label(module.source, place, "")
                .help("make it the first statement of the file"),
            None if is_alone() => continue,
            None => Diagnostic::error(
                "T-DECLARE",
                "this `declare` would hold for the rest of the bundle",
            )
            .label(module.source, place, "")
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

/// What PHP's compiler refuses, though its parser takes it: as soon as it compiles the file,
/// so that nothing else of it would be there.
fn refused(module: &Module, diagnostics: &mut Vec<Diagnostic>) {
    let is_wrong = diagnostics.iter().any(|it| it.severity == Severity::Error);
    if module.is_alone || is_wrong {
        return;
    }
    let body = &module.facts.body;
    let message = "PHP refuses this file when it compiles it, as it would all of the bundle";
    let (message, span) = match (body.fatal, &body.refused) {
        (_, Some(it)) if it.is_certain => (format!("{message}: {}", it.message), it.span),
        (Some(span), _) => (message.to_owned(), span),
        (None, Some(it)) => (it.message.clone().into_owned(), it.span),
        (None, None) => return,
    };
    let diagnostic = Diagnostic::error("T-COMPLAINT", message)
        .label(module.source, range(span), "")
        .help(format!("correct it, or {LEAVE_OUT}"));
    diagnostics.push(diagnostic);
}

/// A `return` becomes a jump to the end of its part, where there may be one.
fn returns(module: &Module, recipe: &Recipe, diagnostics: &mut Vec<Diagnostic>) {
    let has_goto = recipe.oldest >= Version::V5_3;
    let leaves = |it: &&Return| !has_goto || it.is_in_finally;
    for it in module.facts.returns.iter().filter(leaves).take(MAX_FINDINGS) {
        let diagnostic =
            Diagnostic::error("T-RETURN", "`return` would leave the bundle, not only this file")
                .label(module.source, range(it.keyword), "")
                .help(format!(
                    "turn the condition around, make the file the last one, or {LEAVE_OUT}"
                ));
        diagnostics.push(diagnostic);
    }
}

/// PHP complains when it compiles a file: in a bundle before anything has run.
fn complaints(scan: &Scan, diagnostics: &mut Vec<Diagnostic>) {
    let mut runs: Vec<usize> = Vec::new();
    for module in scan.not_plain().filter(|module| !module.is_on_demand()) {
        if let Some(span) = module.facts.body.complaint.filter(|_| runs.contains(&module.file)) {
            let message = "PHP would complain about this before any other file has run";
            let diagnostic = Diagnostic::error("T-COMPLAINT", message)
                .label(module.source, range(span), "PHP complains about this")
                .help(format!("correct it, or {LEAVE_OUT}"));
            diagnostics.push(diagnostic);
        }
        if module.facts.first_effect.is_some() {
            runs.push(module.file);
        }
    }
}

fn strictness(scan: &Scan, diagnostics: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<usize, &Module> = BTreeMap::new();
    for module in scan.modules.iter().filter(|module| !module.is_empty()) {
        let other = *first.entry(module.file).or_insert(module);
        if other.is_strict == module.is_strict {
            continue;
        }
        let (strict, weak) = if other.is_strict { (other, module) } else { (module, other) };
        let declare = strict.facts.declares.iter().find(|declare| declare.strict == Some(true));
        let strict_span = declare.map_or(0..0, |declare| range(declare.span));
        let message = "strict and weak types cannot share one file";
        let diagnostic = Diagnostic::error("T-STRICT", message)
            .label(strict.source, strict_span, "this member is strict")
            .label(weak.source, crate::check::first(weak), "this one is not")
            .help("write the bundle into a file, which can have another one beside it");
        diagnostics.push(diagnostic);
        return;
    }
}

/// Labels of two members get new names, which nobody may have.
fn labels(scan: &Scan, link: &Link<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let jumps = |module: &Module| !module.facts.returns.is_empty();
    if link.shared_labels.is_empty() && !scan.not_plain().any(jumps) {
        return;
    }
    for module in scan.not_plain().filter(|module| !module.is_alone) {
        let is_ours = |name: &[u8]| memchr::memmem::find(name, b"tilde_").is_some();
        let name = |span: &Span| &scan.text(module)[range(*span)];
        let labels = module.facts.labels.iter().map(|span| (name(span), span));
        for (name, span) in labels.filter(|(name, _)| is_ours(name)) {
            let message =
                format!("the label `{}` is one of tilde's", String::from_utf8_lossy(name));
            let diagnostic = Diagnostic::error("T-LABEL", message)
                .label(module.source, range(*span), "")
                .help("rename it");
            diagnostics.push(diagnostic);
        }
    }
}

/// PHP takes a jump that is the first thing which a file does for one out of a
/// `finally`, where the file has one, and a `try` without it.
fn jumps(scan: &Scan, diagnostics: &mut Vec<Diagnostic>) {
    let mut started = BTreeSet::new();
    let inline = || scan.not_plain().filter(|it| !it.is_function() && !it.is_alone);
    for module in inline() {
        let Some(effect) = module.facts.first_effect else { continue };
        if !started.insert(module.file) {
            continue;
        }
        let returns = module.facts.returns.iter().map(|it| it.keyword.start);
        let gotos = module.facts.gotos.iter().map(|span| span.start);
        if !returns.chain(gotos).any(|at| effect.start <= at && at < effect.end) {
            continue;
        }
        let others = || inline().filter(|it| it.file == module.file && it.source != module.source);
        let has_plain_try = || others().any(|it| it.facts.plain_try.is_some());
        let own = module.facts.finally.filter(|_| has_plain_try());
        let finally = others().find_map(|it| Some((it.source, it.facts.finally?)));
        let finally = finally.or_else(|| Some((module.source, own?)));
        if let Some((source, finally)) = finally {
            let message = "PHP would take this for a jump out of a `finally`";
            let diagnostic = Diagnostic::error("T-LABEL", message)
                .label(module.source, range(effect), "the first thing in the bundle")
                .label(source, range(finally), "a `finally` of the same file")
                .help(format!("let something else come first, or {LEAVE_OUT}"));
            diagnostics.push(diagnostic);
        }
    }
}

/// What reads places and names that differ by nature: once each, with the first
/// place and how many members do so.
fn readers(scan: &Scan, recipe: &Recipe, diagnostics: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<Reader, (Spot, usize)> = BTreeMap::new();
    for (index, module) in scan.modules.iter().enumerate().filter(|(_, module)| !module.is_plain) {
        for (reader, span) in &module.facts.readers {
            first.entry(*reader).or_insert(((index, *span), 0)).1 += 1;
        }
    }
    for (reader, ((index, span), count)) in first {
        let (code, what) = match reader {
            Reader::IncludedFiles => ("T-INCLIST", "the list of included files has the bundle"),
            Reader::ReflectedFile => ("T-REFLFILE", "the file of what is reflected is the bundle"),
            Reader::ReflectedLine => {
                ("T-REFLLINE", "the lines of what is reflected are the bundle's")
            }
            Reader::Folder => ("T-FOLDER", "these are the files beside the bundle"),
            Reader::Globals => ("T-GLOBALS", "the order of global variables is the bundle's"),
            Reader::Declared => ("T-DECLARED", "names of tilde are in this list, in its order"),
            Reader::Assert => ("T-ASSERT", "the message is the code of the bundle"),
            Reader::Trace => ("T-TRACE", "files and lines of traces are the bundle's"),
            Reader::AnonymousName => ("T-ANON", "the name of a class without one has the bundle"),
        };
        let message = match count {
            1 => format!("{what}, not the member"),
            count => format!("{what}, not the members ({count} files read it)"),
        };
        let is_moved = reader == Reader::ReflectedLine && recipe.style != Style::Lines;
        let (diagnostic, help) = if is_moved {
            let message = format!("the style {} moves lines, which this code reads", recipe.style);
            (Diagnostic::error(code, message), "choose the style `lines`")
        } else {
            let help = match reader {
                Reader::Folder => "leave these files in their folder beside the bundle",
                _ => "no bundle can keep this; see that nothing depends on it",
            };
            (Diagnostic::note(code, message), help)
        };
        let label = (scan.modules[index].source, range(span));
        diagnostics.push(diagnostic.label(label.0, label.1, "read here").help(help));
    }
}

/// `if (!class_exists('A')) { class A {} }` asks autoloaders, which a bundle that
/// is loaded before them does not find.
fn guards(scan: &Scan, classes: &Classes<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for module in scan.not_plain().filter(|module| !module.is_on_demand()) {
        if module.facts.guards.is_empty() {
            continue;
        }
        let is_asked = |it: &&Declaration| it.symbol == Symbol::Class && !it.is_unconditional;
        // The first of a name.
        let declared = module.facts.declarations.iter().rev().filter(is_asked);
        let declared: HashMap<_, _> = declared.map(|it| (it.full_name(), it)).collect();
        for guard in &module.facts.guards {
            let Some(own) = declared.get(&*guard.name) else { continue };
            if classes.contains_key(&*guard.name) {
                continue;
            }
            let name = String::from_utf8_lossy(&guard.name);
            let message = format!("whether `{name}` is there, autoloaders are asked");
            let diagnostic = Diagnostic::note("T-GUARD", message)
                .label(module.source, range(guard.span), "asked here")
                .label(module.source, range(own.span), "declared if it is not there")
                .help("load the bundle where these files were loaded: after the same autoloaders");
            diagnostics.push(diagnostic);
        }
    }
}

/// `static $a` outside of functions belongs to a file; all files of a bundle are
/// one.
fn statics(scan: &Scan, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<(usize, &[u8]), Spot> = HashMap::default();
    let all = scan.modules.iter().enumerate();
    let inline = all.filter(|(_, module)| !module.is_plain && !module.is_function());
    for (index, module) in inline {
        for (name, span) in &module.facts.statics {
            let (first, place) = *seen.entry((module.file, name)).or_insert((index, *span));
            if first == index {
                continue;
            }
            let message = format!("`static {}` in two members", String::from_utf8_lossy(name));
            let diagnostic = Diagnostic::error("T-STATIC", message)
                .label(module.source, range(*span), "here again")
                .label(scan.modules[first].source, range(place), "first here")
                .help(format!("rename one of the variables, or {LEAVE_OUT}"));
            diagnostics.push(diagnostic);
        }
    }
}

/// The classes that are declared without a condition, by their full names.
type Classes<'a> = HashMap<&'a [u8], (Spot, &'a Declaration)>;

/// The first classes of their names. Nothing may be declared twice.
fn declared<'a>(scan: &'a Scan, diagnostics: &mut Vec<Diagnostic>) -> Classes<'a> {
    let (mut classes, mut functions) = (Classes::default(), Classes::default());
    classes.reserve(scan.modules.len());
    for (index, module, declaration) in unconditional(scan) {
        let (what, seen) = match declaration.symbol {
            Symbol::Class => ("class", &mut classes),
            Symbol::Function => ("function", &mut functions),
            Symbol::Constant => continue,
        };
        let new = ((index, declaration.span), declaration);
        let ((first, place), _) = *seen.entry(declaration.full_name()).or_insert(new);
        let other = &scan.modules[first];
        // Two classes on demand are looked at with the shape.
        let is_class = declaration.symbol == Symbol::Class;
        if first == index || is_class && module.is_on_demand() && other.is_on_demand() {
            continue;
        }
        let name = String::from_utf8_lossy(declaration.full_name());
        let diagnostic =
            Diagnostic::error("T-DUP", format!("two members declare the {what} `{name}`"))
                .label(module.source, range(declaration.span), "declared again")
                .label(other.source, range(place), "first declared here")
                .help("leave one of the two files out");
        diagnostics.push(diagnostic);
    }
    classes
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
    let mut seen: HashMap<(usize, Name<'_>), (usize, &Declaration)> = HashMap::default();
    for (index, module) in scan.modules.iter().enumerate() {
        for import in &module.facts.imports {
            let name = (import.symbol, import.namespace.as_slice(), import.short.as_slice());
            let Some(&(first, declared)) = seen.get(&(module.file, name)) else { continue };
            let other = &scan.modules[first];
            if declared.full_name() == import.target {
                continue;
            }
            let name = String::from_utf8_lossy(&import.short).into_owned();
            let message = format!("`{name}` is imported after another member declared it");
            let diagnostic = Diagnostic::error("T-IMPORT", message)
                .label(module.source, range(import.span), "imported here")
                .label(other.source, range(declared.span), "declared here, in the same namespace")
                .help("put the importing file first");
            diagnostics.push(diagnostic);
        }
        for declaration in &module.facts.declarations {
            let key = (declaration.symbol, declaration.namespace(), declaration.short());
            seen.entry((module.file, key)).or_insert((index, declaration));
        }
    }
}

/// The class of that name, or the first of its parents, that PHP declares only
/// where it stands: it is no plain class, or extends one that comes later. None
/// where PHP declares all of them before the first statement runs.
fn late(scan: &Scan, classes: &Classes<'_>, name: &[u8]) -> Option<Spot> {
    let (mut place, mut found) = *classes.get(name)?;
    for _ in 0..=classes.len() {
        if !scan.modules[place.0].hoists(found) {
            return Some(place);
        }
        let &(before, parent) = classes.get(&*found.parents.first()?.name)?;
        let is_before = (before.0, before.1.start) < (place.0, place.1.start);
        if !is_before {
            return Some(place);
        }
        (place, found) = (before, parent);
    }
    None
}

/// What a class is made of must be declared before it. What only declares was
/// put ahead already.
fn order(scan: &Scan, classes: &Classes<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (index, module, declaration) in unconditional(scan) {
        for parent in &declaration.parents {
            let Some(&((later, place), other)) = classes.get(&*parent.name) else { continue };
            let is_found = later <= index || module.is_on_demand();
            if is_found || late(scan, classes, other.full_name()).is_none() {
                continue;
            }
            let what = match parent.kind {
                ParentKind::Class => "parent class",
                ParentKind::Interface => "interface",
                ParentKind::Trait => "trait",
                ParentKind::Signature => "type",
            };
            let name = String::from_utf8_lossy(&parent.name);
            let message = format!("the {what} `{name}` comes later");
            let diagnostic = Diagnostic::error("T-ORDER", message)
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
