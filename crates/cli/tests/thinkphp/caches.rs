//! The caches must be those that the framework's own builder wrote, byte for
//! byte.
//!
//! Each version of each case runs twice where its constants are recorded: once
//! they are worked out from the entry script, once they are given.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rayon::prelude::*;
use tempfile::TempDir;

use crate::case::{self, Case, Files, cases, files, indented};

/// Bytes that are shown before and from the first difference on.
const BEFORE: usize = 60;
const AFTER: usize = 90;

#[test]
fn caches_are_those_of_the_framework() {
    let cases = cases();
    let runs: Vec<Run<'_>> = cases.iter().flat_map(runs).collect();
    let failures: Vec<String> = runs.par_iter().filter_map(|run| run.failure().err()).collect();
    let (failed, all) = (failures.len(), runs.len());
    assert!(failures.is_empty(), "{}\n{failed} of {all} builds differ", failures.join("\n"));
}

#[test]
fn a_changed_builder_of_the_framework_counts() {
    const CODE: &str = "set_include_path(get_include_path() . PATH_SEPARATOR . VENDOR_PATH);";
    let cases = cases();
    let case = cases.iter().find(|case| case.name == "3.1/default").unwrap();
    let built = |builder: &str| {
        let dir = TempDir::new().unwrap();
        let app = dir.path().join("app");
        case.lay_out(&app);
        let path = app.join("ThinkPHP/Common/runtime.php");
        let code = fs::read_to_string(&path).unwrap();
        fs::write(&path, code.replacen("<?php", &format!("<?php\n{builder}"), 1)).unwrap();
        assert!(case::command("5.6", &app).status().unwrap().success());
        String::from_utf8(files(&app).remove(Path::new("App/Runtime/~runtime.php")).unwrap())
            .unwrap()
    };
    let with = |code: &str| {
        let guard = r#"str_replace("defined('THINK_PATH') or exit();", '', $c)"#;
        built(&format!("function build_runtime_cache($c) {{ return {guard} . '{code}'; }}"))
    };
    let usual = built("");
    assert_eq!(with(CODE), usual);
    assert_eq!(usual.matches(CODE).count(), 1);
    assert_eq!(with(""), usual.replace(&format!("{CODE} "), ""));
}

/// What a build makes of the default case of 3.1 with these files changed.
fn built_with(changes: &[(&str, &dyn Fn(String) -> String)]) -> String {
    let cases = case::all();
    let case = cases.iter().find(|case| case.name == "3.1/default").unwrap();
    let dir = TempDir::new().unwrap();
    let app = dir.path().join("app");
    case.lay_out(&app);
    for (path, change) in changes {
        let path = app.join(path);
        let text = fs::read_to_string(&path).unwrap_or_default();
        fs::write(&path, change(text)).unwrap();
    }
    let output = case::command("5.6", &app).output().unwrap();
    assert!(output.status.code() < Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    let cache = files(&app).remove(Path::new("App/Runtime/~runtime.php")).unwrap();
    String::from_utf8(cache).unwrap()
}

/// 3.0 wrote constants as 2.2 does before its release, and there are sites with
/// that and any other change of the framework.
#[test]
fn a_changed_array_define_counts() {
    let old = |text: String| {
        text.replacen(
            "<?php",
            "<?php\nfunction array_define($a) { $s = 'if(!defined(\\'' . 1; }",
            1,
        )
    };
    let usual = built_with(&[]);
    let changed = built_with(&[("ThinkPHP/Common/common.php", &old)]);
    assert!(usual.contains("defined('APP_PATH') or define('APP_PATH',"), "{usual}");
    assert!(changed.contains("if(!defined('APP_PATH')) define('APP_PATH',"), "{changed}");
    assert!(!changed.contains("defined('APP_PATH') or"), "{changed}");
}

#[test]
fn a_changed_list_of_the_builder_counts() {
    let builder = |text: String| {
        let list =
            "array(CORE_PATH . 'Core/Think.class.php', // `;` is no end\n CORE_PATH . 'none.php')";
        let code = format!(
            "<?php\nfunction build_runtime_cache() {{\n    $content = 'set_include_path(get_include_path() . \
             PATH_SEPARATOR . VENDOR_PATH);';\n    // the $list\n    $list = {list};\n}}\n"
        );
        text.replacen("<?php", &code, 1)
    };
    let (usual, changed) =
        (built_with(&[]), built_with(&[("ThinkPHP/Common/runtime.php", &builder)]));
    assert!(usual.contains("class ThinkException") && usual.contains("class Think "), "{usual}");
    assert!(
        !changed.contains("class ThinkException") && changed.contains("class Think "),
        "{changed}"
    );
}

#[test]
fn a_changed_name_of_the_functions_counts() {
    let class = |text: String| {
        let code = "if (is_file(COMMON_PATH . 'function.php')) { }";
        format!("{text}\n/* {code} */")
    };
    let functions = |_: String| "<?php function of_another_name() {}".to_owned();
    let usual = built_with(&[("App/Common/function.php", &functions)]);
    let changed = built_with(&[
        ("App/Common/function.php", &functions),
        ("ThinkPHP/Lib/Core/Think.class.php", &class),
    ]);
    assert!(usual.contains("function title(") && !usual.contains("of_another_name"), "{usual}");
    assert!(
        changed.contains("of_another_name") && !changed.contains("function title("),
        "{changed}"
    );
}

#[test]
fn a_changed_language_pack_counts() {
    let class = |code: &'static str| {
        move |text: String| {
            let usual = "L(include THINK_PATH.'Lang/'.strtolower(C('DEFAULT_LANG')).'.php');";
            format!("{text}\n/* {} */", code.replace("USUAL", usual))
        }
    };
    let words = |text: &'static str| move |_: String| text.to_owned();
    let usual = built_with(&[("ThinkPHP/Lib/Core/Think.class.php", &class("USUAL"))]);
    let other = built_with(&[
        (
            "ThinkPHP/Lib/Core/Think.class.php",
            &class(
                "$LANG = array(); include THINK_PATH . 'Lang/' . strtolower(C('DEFAULT_LANG')) . '.lang.php';\n L($LANG);",
            ),
        ),
        ("ThinkPHP/Lang/en-us.lang.php", &words("<?php $LANG['Other'] = 'words';")),
    ]);
    let returned = built_with(&[
        (
            "ThinkPHP/Lib/Core/Think.class.php",
            &class("L(include THINK_PATH.'Lang/'.strtolower(C('DEFAULT_LANG')).'.inc');"),
        ),
        ("ThinkPHP/Lang/en-us.inc", &words("<?php return array('other' => 'words');")),
    ]);
    assert!(usual.contains("L(array ( '_"), "{usual}");
    for changed in [other, returned] {
        assert!(changed.contains("L(array ( 'OTHER' => 'words', ));"), "{changed}");
    }
}

/// One build of a case.
struct Run<'a> {
    case: &'a Case,
    version: String,
    constants: Option<PathBuf>,
}

impl Run<'_> {
    /// All that is other than recorded.
    fn failure(&self) -> Result<(), String> {
        let dir = TempDir::new().unwrap();
        let app = dir.path().join("app");
        self.case.lay_out(&app);
        let sources: BTreeSet<PathBuf> = files(&app).into_keys().collect();

        let output = self.command(&app).output().unwrap();
        let mut caches = files(&app);
        caches.retain(|path, _| !sources.contains(path));
        let mut failure = String::new();
        let code = output.status.code();
        if !matches!(code, Some(0 | 1)) {
            let stderr = String::from_utf8_lossy(&output.stderr);
            let _ = writeln!(failure, "  exit status {code:?}\n{}", indented(&stderr));
        }
        failure += &differences(&self.case.expected(&self.version), &caches);
        if failure.is_empty() {
            return Ok(());
        }
        let how = if self.constants.is_some() { ", constants given" } else { "" };
        Err(format!("{} under PHP {}{how}:\n{failure}", self.case.name, self.version))
    }

    fn command(&self, app: &Path) -> Command {
        let mut command = case::command(&self.version, app);
        if let Some(constants) = &self.constants {
            command.arg("--constants").arg(constants);
        }
        command
    }
}

fn runs(case: &Case) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    for version in case.strings("php") {
        runs.push(Run { case, version: version.clone(), constants: None });
        if let Some(constants) = case.constants(&version) {
            runs.push(Run { case, version, constants: Some(constants) });
        }
    }
    runs
}

/// A paragraph for each file that is missing, other, or one too many.
fn differences(expected: &Files, actual: &Files) -> String {
    let mut text = String::new();
    for (path, expected) in expected {
        let name = path.display();
        match actual.get(path) {
            None => {
                let _ = writeln!(text, "  {name} is missing");
            }
            Some(actual) if actual != expected => {
                let is_same = |(one, other): &(&u8, &u8)| one == other;
                let at = expected.iter().zip(actual).take_while(is_same).count();
                let (was, is) = (shown(expected, at), shown(actual, at));
                let _ = writeln!(text, "  {name} differs at byte {at}:\n    - {was}\n    + {is}");
            }
            Some(_) => {}
        }
    }
    for path in actual.keys().filter(|path| !expected.contains_key(*path)) {
        let _ = writeln!(text, "  {} should not be there", path.display());
    }
    text
}

fn shown(bytes: &[u8], at: usize) -> String {
    let (from, to) = (at.saturating_sub(BEFORE), (at + AFTER).min(bytes.len()));
    format!("{}\u{2502}{}", bytes[from..at].escape_ascii(), bytes[at..to].escape_ascii())
}
