//! `include` in a bundle: a member must not be loaded a second time, and other
//! files must be found where the member would have found them.

use tilde_syntax::TokenKind;

use super::{LEAVE_OUT, MAX_FINDINGS};
use crate::Recipe;
use crate::diagnostic::Diagnostic;
use crate::facts::{Include, IncludePath, Lookup};
use crate::link::Link;
use crate::module::{Module, range};
use crate::scan::Scan;

pub(super) fn check(
    scan: &Scan,
    module: &Module,
    link: &Link<'_>,
    recipe: &Recipe,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let file = &scan.sources[module.source.index()].path;
    let is_lost = |lookup: &&Lookup| {
        let is_found = lookup.path.is_some() && link.finds_files(module).is_some();
        !is_found && !link.is_beside(file, recipe)
    };
    for lookup in module.facts.lookups.iter().filter(is_lost) {
        let message =
            "PHP would look for the file beside the bundle, not beside this file, at last";
        let diagnostic = Diagnostic::error("T-INCREL", message)
            .label(module.source, range(lookup.span), "")
            .help(format!("name the file with `__DIR__`, or {LEAVE_OUT}"));
        diagnostics.push(diagnostic);
    }
    let includes = module.facts.includes.iter();
    let before = diagnostics.len();
    for include in includes.filter(|include| link.resolve(include, module).is_none()) {
        if diagnostics.len() - before >= MAX_FINDINGS {
            break;
        }
        let target = link.members.find(module.source, &include.path);
        let finding = match target {
            Some(target) => {
                let path = scan.sources[target.index()].path.display();
                let message = format!("{path} is in the bundle, and is included here as a file");
                let help = if link.is_bound_to_scope(include, module) {
                    format!("it has variables that belong to whoever includes it; {LEAVE_OUT}")
                } else if !include.is_sure && target > module.source {
                    "it may not be reached: let that file run on demand".to_owned()
                } else if include.is_once() {
                    format!(
                        "put that file before this one and name it with __DIR__, or {LEAVE_OUT}"
                    )
                } else {
                    "let that file run on demand, or leave it out of the bundle".to_owned()
                };
                Some(Diagnostic::error("T-INCLUDE", message).help(help))
            }
            None => relative(scan, module, include, link, recipe),
        };
        let label = |it: Diagnostic| it.label(module.source, range(include.span), "");
        diagnostics.extend(finding.map(label));
    }
}

/// PHP looks for `'a.php'` beside the file that includes it, at last.
fn relative(
    scan: &Scan,
    module: &Module,
    include: &Include,
    link: &Link<'_>,
    recipe: &Recipe,
) -> Option<Diagnostic> {
    let (IncludePath::Literal(path) | IncludePath::Starting(path)) = &include.path else {
        return None;
    };
    let is_rooted = [&b"/"[..], b"./", b"../"].iter().any(|start| path.starts_with(start));
    let has_scheme = memchr::memmem::find(path, b"://").is_some();
    let file = &scan.sources[module.source.index()].path;
    if link.path_function(include, module).is_some()
        || is_rooted
        || has_scheme
        || path.is_empty()
        || link.is_beside(file, recipe)
    {
        return None;
    }
    let word = match include.kind {
        TokenKind::Include => "include",
        TokenKind::IncludeOnce => "include_once",
        TokenKind::RequireOnce => "require_once",
        _ => "require",
    };
    let path = String::from_utf8_lossy(path);
    let message = format!("`{path}` would be looked for beside the bundle, not beside this file");
    let help = format!("write `{word} __DIR__ . '/{path}'`, or {LEAVE_OUT}");
    Some(Diagnostic::error("T-INCREL", message).help(help))
}
