//! Problems as a code quality report of GitLab.
//!
//! GitLab shows what is new against the target branch, by the fingerprints: they must not
//! depend on lines, which every change moves, and no two may be equal.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::map::fnv1a;
use crate::problem::{Problem, Severity};

/// Where a problem without a place is shown: GitLab wants a file.
const NOWHERE: &str = "tilde.toml";

/// An array, with all problems.
pub(crate) fn report(problems: &[&Problem]) -> Value {
    let mut seen = HashMap::new();
    problems.iter().map(|problem| issue(problem, &mut seen)).collect()
}

fn issue(problem: &Problem, seen: &mut HashMap<String, usize>) -> Value {
    let place = problem.places.first();
    let path = place.map_or_else(|| NOWHERE.to_owned(), |place| super::ci_path(&place.path));
    let key = format!("{}\0{path}\0{}", problem.code, problem.message);
    let count = seen.entry(key.clone()).or_default();
    *count += 1;
    json!({
        "description": super::whole_message(problem),
        "check_name": problem.code,
        "fingerprint": fingerprint(&format!("{key}\0{count}")),
        "severity": severity(problem.severity),
        "location": {
            "path": path,
            "lines": { "begin": place.map_or(1, |place| place.excerpt.start.line) },
        },
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Note => "info",
    }
}

/// The FNV-1a of a text.
pub(super) fn fingerprint(text: &str) -> String {
    format!("{:016x}", fnv1a(text.as_bytes()))
}
