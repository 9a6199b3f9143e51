//! Which members cannot stand with others, and get a file of their own.
//!
//! PHP declares the classes of a whole file before it runs, knows one meaning of a
//! name in a file, and gives whoever includes a file its variables. Where the code
//! of a member could tell that it is not in its own file, it is put into one: a
//! companion of the bundle that holds nothing else. All that included the member
//! includes the companion instead.

use std::collections::BTreeMap;
use std::path::Path;

use tilde_lexer::Version;

use crate::Recipe;
use crate::diagnostic::{Diagnostic, Severity};
use crate::files::companion;
use crate::link::Link;
use crate::module::range;
use crate::scan::Scan;
use crate::source::SourceId;

/// The codes of what does not matter in a file of one's own.
const MENDED: [&str; 9] = [
    "T-COMPLAINT",
    "T-DECLARE",
    "T-EARLY",
    "T-IMPORT",
    "T-LABEL",
    "T-MAGIC",
    "T-RETURN",
    "T-SHAPE",
    "T-STATIC",
];

/// The members that need a file of their own, each with the first reason. None
/// where the bundle can have no companions.
pub(crate) fn needed(
    scan: &Scan,
    link: &Link<'_>,
    findings: &[Diagnostic],
    recipe: &Recipe,
) -> BTreeMap<SourceId, Diagnostic> {
    let mut needed = BTreeMap::new();
    if !recipe.has_companions || recipe.output.is_none() || lacks_loader(link, recipe) {
        return needed;
    }
    let errors = findings.iter().filter(|it| it.severity == Severity::Error);
    for finding in errors.filter(|it| MENDED.contains(&it.code)) {
        let Some(source) = finding.labels.first().map(|label| label.source) else { continue };
        if !link.is_alone(source) {
            needed.entry(source).or_insert_with(|| finding.clone());
        }
    }
    let sets_precision = scan.not_plain().any(|module| module.facts.precision.is_some());
    for module in scan.not_plain().filter(|it| it.is_on_demand() && !it.is_alone) {
        let Some(float) = module.facts.float.filter(|_| sets_precision) else { continue };
        let message = "PHP joins numbers to strings when it compiles the file";
        let reason = Diagnostic::error("T-COMPLAINT", message);
        let reason = reason.label(module.source, range(float), "with the precision of that time");
        needed.entry(module.source).or_insert(reason);
    }
    for module in scan.not_plain() {
        for include in &module.facts.includes {
            let Some(target) = link.unresolved(include, module) else { continue };
            let message = "it is included for its variables, or where it may not be reached";
            let reason = || {
                let reason = Diagnostic::error("T-INCLUDE", message);
                reason.label(module.source, range(include.span), "included here")
            };
            needed.entry(target).or_insert_with(reason);
        }
    }
    needed
}

/// Whether the code that runs members would need a newer PHP: no file of their own
/// helps then.
fn lacks_loader(link: &Link<'_>, recipe: &Recipe) -> bool {
    link.loader.is_some() && recipe.oldest < Version::V5_3
}

/// What is said of a member with a file of its own.
pub(crate) fn note(
    scan: &Scan,
    source: SourceId,
    reason: Diagnostic,
    recipe: &Recipe,
) -> Diagnostic {
    let file = scan.modules.iter().find(|module| module.source == source).map_or(0, |it| it.file);
    let output = recipe.output.as_deref().unwrap_or(Path::new(""));
    let name = companion(output, file);
    let message = format!("in a file of its own, {}: {}", name.display(), reason.message);
    let mut note = Diagnostic::note("T-ALONE", message);
    if reason.labels.first().is_none_or(|label| label.source != source) {
        note = note.label(source, 0..0, "");
    }
    note.labels.extend(reason.labels);
    note
}
