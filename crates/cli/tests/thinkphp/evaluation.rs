//! What stops the evaluation of an application is told from the file that it
//! stands in, on the real binary.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::case;

/// What a build of `name` says after files were replaced, and its status.
fn build(name: &str, version: &str, files: &[(&str, &[u8])]) -> (Option<i32>, String) {
    let case = case::all().into_iter().find(|case| case.name == name).unwrap();
    let dir = TempDir::new().unwrap();
    let app = dir.path().join("app");
    case.lay_out(&app);
    for (path, bytes) in files {
        fs::write(app.join(path), bytes).unwrap();
    }
    let output = case::command(version, &app).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

const FUNCTION: &str = "Application/Common/Common/function.php";
const TAGS: &str = "Application/Common/Conf/tags.php";

#[test]
fn an_error_in_a_deferred_file_is_shown_there() {
    let comment = format!("<?php\n/*{}*/\nfoo();\n", " ".repeat(500));
    for tags in ["<?php\nfoo();\n", &comment] {
        for (function, shown) in [
            ("<?php\nfunction foo() {}\nfunction bar() {}\nfunction bar() {}\n", "redeclare bar()"),
            ("<?php\nfunction foo() {}\nfunction bar( {}\n", "syntax error"),
        ] {
            let files = [(FUNCTION, function.as_bytes()), (TAGS, tags.as_bytes())];
            let (status, said) = build("3.2/default", "5.6", &files);
            assert_eq!(status, Some(2), "{said}");
            assert!(said.contains(shown) && said.contains("function.php:"), "{said}");
            assert!(!said.contains("panicked"), "{said}");
        }
    }
}

/// A file of the framework that is itself a cache.
#[test]
fn a_cache_among_the_sources_is_no_panic() {
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/thinkphp");
    let caches: Vec<Vec<u8>> = walkdir::WalkDir::new(recorded)
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_name().to_string_lossy().ends_with("~runtime.php"))
        .filter(|entry| entry.path().to_string_lossy().contains("/default/"))
        .map(|entry| fs::read(entry.path()).unwrap())
        .collect();
    assert!(caches.len() > 4);
    for cache in &caches {
        for (name, path) in [
            ("3.2/default", "ThinkPHP/Conf/convention.php"),
            ("3.2/default", FUNCTION),
            ("3.1/default", "ThinkPHP/Common/functions.php"),
            ("2.1/default", "ThinkPHP/Lib/Think/Core/Think.class.php"),
        ] {
            let (status, said) = build(name, "5.6", &[(path, cache)]);
            assert!(matches!(status, Some(0..=2)), "{path}: {said}");
            assert!(!said.contains("panicked"), "{path}: {said}");
        }
    }
}

/// The entry script may make objects before and after the framework is there;
/// what starts it is the call of `run()`.
#[test]
fn the_start_is_the_call_that_runs_the_framework() {
    for (before, after) in [
        ("", "$app = new App();\ndefine('SITE', 'abc');\n$app->run();\ndefine('LATE', 1);\n"),
        ("", "$a = new ArrayObject();\ndefine('SITE', 'abc');\nApp::run();\ndefine('LATE', 1);\n"),
        (
            "class Own { function __construct($x) { define('SITE', $x); } }\nnew Own('abc');\n",
            "$app = new App;\n$app->run();\ndefine('LATE', 1);\n",
        ),
    ] {
        let entry = format!(
            "<?php\n{before}define('APP_PATH', './Notes');\n\
             require dirname(__FILE__) . '/ThinkPHP/ThinkPHP.php';\n{after}"
        );
        let case = case::all().into_iter().find(|case| case.name == "2.1/default").unwrap();
        let dir = TempDir::new().unwrap();
        let app = dir.path().join("app");
        case.lay_out(&app);
        fs::write(app.join("index.php"), entry).unwrap();
        let config = "<?php\nreturn array('site' => SITE, 'late' => defined('LATE'));\n";
        fs::write(app.join("Notes/Conf/config.php"), config).unwrap();
        let output = case::command("5.6", &app).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{said}");
        let caches = case::files(&app);
        let cache = caches.iter().find(|(path, _)| path.ends_with("~app.php"));
        let text = String::from_utf8_lossy(cache.unwrap().1).into_owned();
        assert!(text.contains("'site'=>'abc'") || text.contains("'site' => 'abc'"), "{text}");
        assert!(text.contains("'late'=>false") || text.contains("'late' => false"), "{text}");
    }
}
