//! Problems as a SARIF 2.1.0 log.
//!
//! Paths are URI references: every byte that a URI cannot hold is percent-encoded, so a
//! path that is no UTF-8 comes through whole. Columns count characters, as everywhere.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use serde_json::{Value, json};

use super::gitlab::fingerprint;
use crate::problem::{Place, Problem, Severity};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The log of one run. It was successful unless one of the problems stopped it.
pub(crate) fn report(problems: &[&Problem]) -> Value {
    let codes: BTreeSet<&str> = problems.iter().map(|problem| problem.code).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let is_successful = !problems.iter().any(|problem| problem.is_error());
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "tilde",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": is_successful }],
            "results": problems.iter().map(|it| result(it, &codes)).collect::<Vec<_>>(),
        }],
    })
}

fn rule(code: &str) -> Value {
    let text = tilde_bundle::explain(code).unwrap_or(code);
    let first = text.split(". ").next().unwrap_or(text).replace('\n', " ");
    json!({
        "id": code,
        "shortDescription": { "text": first.trim_end_matches('.') },
        "fullDescription": { "text": text.trim_end() },
    })
}

fn result(problem: &Problem, codes: &[&str]) -> Value {
    let locations: Vec<Value> = problem.places.iter().take(1).map(location).collect();
    let others = problem.places.iter().skip(1).enumerate();
    let related: Vec<Value> = others
        .map(|(index, place)| {
            let mut location = location(place);
            location["id"] = json!(index);
            location["message"] = json!({ "text": place.note });
            location
        })
        .collect();
    let path = problem.places.first().map_or(String::new(), |place| uri(&place.path));
    let key = format!("{}\0{path}\0{}", problem.code, problem.message);
    let is_suppressed = problem.severity == Severity::Note && problem.allowed.is_some();
    let suppression = json!({
        "kind": "inSource",
        "justification": problem.allowed.as_ref().map(|comment| comment.reason.as_str()),
    });
    let suppressions: Vec<Value> = is_suppressed.then_some(suppression).into_iter().collect();
    json!({
        "suppressions": suppressions,
        "ruleId": problem.code,
        "ruleIndex": codes.iter().position(|code| *code == problem.code),
        "level": level(problem.severity),
        "message": { "text": super::whole_message(problem) },
        "locations": locations,
        "relatedLocations": related,
        "partialFingerprints": { "tilde/v1": fingerprint(&key) },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn location(place: &Place) -> Value {
    let (start, end) = (place.excerpt.start, place.excerpt.end);
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&place.path) },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    }})
}

/// A path as a URI reference; relative to the project of the CI system, if it is below.
fn uri(path: &Path) -> String {
    let path = super::below_workspace(path);
    let bytes = path.as_os_str().as_bytes();
    let mut uri = String::from(if bytes.starts_with(b"/") { "file://" } else { "" });
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(*byte));
            }
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn paths_are_uris() {
        let of = |path: &[u8]| uri(Path::new(OsStr::from_bytes(path)));
        assert_eq!(of(b"lib/a b#?%:\n.php"), "lib/a%20b%23%3F%25%3A%0A.php");
        assert_eq!(of(b"\xd6\xd0.php"), "%D6%D0.php");
        assert_eq!(of(b"/srv/a.php"), "file:///srv/a.php");
    }
}
