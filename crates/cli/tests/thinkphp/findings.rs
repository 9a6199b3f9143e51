//! What tilde says about an application: a warning where the framework's own
//! caches do not do what the sources do, and nothing where all is well.
//!
//! The cases show most findings; [`CHANGES`] has the rest. A warning may
//! stand where the answer is the same: what is lost is then not part of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rayon::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

use crate::case::{self, Case, all, cases};

/// Cases that answer from their caches and still deserve a warning.
const WARNED: &[(&str, &str)] = &[
    // A list names a file that is not there, or there is no cache.
    ("2.0/core-list", "T-MISSING"),
    ("2.1/core-list", "T-MISSING"),
    // Only the core has a cache, for PHP ends before that of the application.
    ("2.0/ends", "T-STOPPED"),
    ("2.1/never-started", "T-STOPPED"),
    ("2.0/debug", "T-DEBUG"),
    ("2.2/debug", "T-DEBUG"),
    ("3.1/debug", "T-DEBUG"),
    ("3.2/debug", "T-DEBUG"),
    // Other constants, and cut strings, which the answers do not show.
    ("2.2/constants", "T-CONSTANT"),
    ("3.1/constants", "T-CONSTANT"),
    ("3.1/namespaced-constants", "T-CONSTANT"),
    ("3.2/lite-list", "T-CONSTANT"),
    ("2.0/markers", "T-MARKER"),
    ("3.1/markers", "T-MARKER"),
    // A string with a guard in it, which no answer shows.
    ("3.1/markers", "T-GLUE"),
    ("3.2/markers", "T-MARKER"),
];

/// Changes to a case, and the code that they give: case, file, content, code.
const CHANGES: &[(&str, &str, &str, &str)] = &[
    ("3.1/default", "App/Common/common.php", "<?php\n$app = __FILE__;\n", "T-MAGIC"),
    ("3.1/default", "App/Common/common.php", "<?php\nfunction note() {}\necho 1 ?>", "T-CLOSE-TAG"),
    (
        "3.1/default",
        "ThinkPHP/Lib/Behavior/ShowRuntimeBehavior.class.php",
        "<?php\n$a = \"open;\n",
        "T-SYNTAX",
    ),
    ("2.0/default", "ThinkPHP/Common/functions.php", "<?php\nfunction C() {}\n/* open", "T-UNTERM"),
    ("3.1/default", "App/Common/common.php", "\n<?php\nfunction note() {}\n", "T-BLANK"),
    ("3.1/default", "App/Common/common.php", "<?php\nfunction note() {} ?>\n\n", "T-BLANK"),
    (
        "3.2/default",
        "Application/Common/Common/function.php",
        "<?php\nfunction note() {}\n?>\r\n\r\n",
        "T-BLANK",
    ),
    ("3.1/default", "App/Common/common.php", "<?php\n$a = <<<A\nTHINK\nA;\n", "T-HEREDOC-THINK"),
    ("3.1/default", "App/Common/common.php", "<?php\n__halt_compiler();", "T-HALT"),
    (
        "3.1/default",
        "App/Common/common.php",
        "<?php\nif (1) { return; }\nfunction a() { if (A::class) { return function () { return 1; }; } }\n",
        "T-RETURN",
    ),
    ("3.1/default", "App/Conf/config.php", "<?php\nreturn array('now' => time());\n", "T-EVAL"),
    ("2.1/default", "Notes/Conf/core.php", "<?php\nreturn 1;\n", "T-LIST"),
    ("3.1/default", "index.php", "<?php\necho 1;\n", "T-FRAMEWORK"),
    ("3.1/default", "index.php", "<?php\ndefine('THINK_PATH', './none/');\n", "T-FRAMEWORK"),
    (
        "3.1/default",
        "index.php",
        "<?php\ndefine('ENGINE_NAME', 'sae');\ndefine('THINK_PATH', './ThinkPHP/');\n",
        "T-ENGINE",
    ),
];

/// Files that need a closer look with `--safe`.
const SAFE_CHANGES: &[&str] = &[
    "<?php\n$app = __FILE__;\n",
    "<?php\n__halt_compiler();",
    "<?php\nif (1) return;\n",
    "<?php\ndeclare(ticks=1);\n",
    "<?php\n//[RUNTIME]\nfunction a() {}\n",
    "<?php\n//[RUNTIME]\n//[RUNTIME]\nfunction a() {}\n//[/RUNTIME]\n//[/RUNTIME]\n",
    "<?php\nclass Think {}\n",
    "<?php\nfunction a() {",
    "\u{feff}<?php\n$a = <<<'A'\nTHINK $b\nA;\necho/**/1 ?>\n<p>\n<?php // end",
];

#[test]
fn what_breaks_is_warned_of() {
    let failures: Vec<String> = cases().par_iter().flat_map(failures).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn failures(case: &Case) -> Vec<String> {
    let mut failures = Vec::new();
    for version in case.strings("php") {
        let findings = findings(case, &version, &[], |_| {});
        let warnings = findings.iter().filter(|finding| finding["severity"] == "warning");
        let codes: Vec<&str> = warnings.map(|finding| finding["code"].as_str().unwrap()).collect();
        let name = &case.name;
        if case.breaks(&version) {
            if codes.is_empty() {
                failures.push(format!("{name} under PHP {version}: no warning"));
            }
            continue;
        }
        let is_known = |code: &&str| WARNED.contains(&(name, code));
        let unknown: Vec<_> = codes.iter().filter(|code| !is_known(code)).collect();
        if !unknown.is_empty() {
            failures.push(format!("{name} under PHP {version} works, but: {unknown:?}"));
        }
        let has_known = |(of, code): &&(&str, &str)| of == name && !codes.contains(code);
        if let Some((_, code)) = WARNED.iter().find(has_known) {
            failures.push(format!("{name} under PHP {version}: no {code}"));
        }
    }
    failures
}

/// All findings of all cases, by their codes and messages.
#[test]
fn findings_of_cases() {
    let cases = all();
    let of = |case: &Case| {
        let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for version in case.strings("php") {
            versions.entry(text(&findings(case, &version, &[], |_| {}))).or_default().push(version);
        }
        let texts = versions.into_iter().filter(|(text, _)| !text.is_empty());
        let texts =
            texts.map(|(text, versions)| format!("{} {}\n{text}", case.name, versions.join("+")));
        texts.collect::<Vec<_>>()
    };
    let texts: Vec<String> = cases.par_iter().flat_map(of).collect();
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn findings_of_changes() {
    let cases = all();
    let mut texts = Vec::new();
    for (name, file, content, code) in CHANGES {
        let case = cases.iter().find(|case| case.name == *name).unwrap();
        let change = |app: &Path| fs::write(app.join(file), content).unwrap();
        let findings = findings(case, "5.6", &[], change);
        assert!(findings.iter().any(|finding| finding["code"] == *code), "{code}: {findings:?}");
        texts.push(format!("{content:?}\n{}", text(&findings)));
    }
    insta::assert_snapshot!(texts.join("\n"));
}

/// What `--safe` refuses, and in which words.
#[test]
fn findings_of_safe_changes() {
    let case = all().into_iter().find(|case| case.name == "3.1/default").unwrap();
    let mut texts = Vec::new();
    for content in SAFE_CHANGES {
        let change = |app: &Path| fs::write(app.join("App/Common/common.php"), content).unwrap();
        let findings = findings(&case, "5.6", &["--safe"], change);
        texts.push(format!("{content:?}\n{}", text(&findings)));
    }
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn a_missing_entry_script_is_named() {
    let cases = all();
    let remove = |app: &Path| fs::remove_file(app.join("index.php")).unwrap();
    let findings = findings(&cases[0], "5.6", &[], remove);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0]["message"].as_str().unwrap().contains("index.php"), "{findings:?}");
}

/// What a build says, after a change to the application.
fn findings(case: &Case, version: &str, args: &[&str], change: impl Fn(&Path)) -> Vec<Value> {
    let dir = TempDir::new().unwrap();
    let app = dir.path().join("app");
    case.lay_out(&app);
    change(&app);
    let output =
        case::command(version, &app).args(["--output-format", "json"]).args(args).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    let text = text.replace(&format!("{}/", app.display()), "");
    let array = text.lines().find(|line| line.starts_with('[')).unwrap_or("[]");
    serde_json::from_str(array).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A line for each finding.
fn text(findings: &[Value]) -> String {
    let mut text = String::new();
    for finding in findings {
        let field = |name: &str| finding[name].as_str().unwrap_or_default();
        let (severity, code, message) = (field("severity"), field("code"), field("message"));
        let place = &finding["places"][0];
        let path = place["path"].as_str().unwrap_or("nowhere");
        let _ = writeln!(text, "  {path}:{}:{}", place["line"], place["column"]);
        let _ = writeln!(text, "    {severity}[{code}]: {message}");
        let _ = writeln!(text, "    = {}", field("help"));
    }
    text.replace(":null:null", "")
}
