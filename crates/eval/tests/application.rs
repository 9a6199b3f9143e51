//! A whole application from its entry on: what nobody defines is not there.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;

use support::Files;
use tilde_eval::{Arena, Error, Evaluator, Target, Version, export};

fn run(version: Version, is_application: bool, source: &str) -> Result<String, Error> {
    let files = Files::new(&[
        ("/app/setting.php", "<?php return 'here';"),
        ("/app/Conf/other.php", "<?php return 'beside';"),
        ("/app/Conf/config.php", "<?php return include 'other.php';"),
    ]);
    let (arena, mut target) = (Arena::new(), Target::new(version));
    target.is_application = is_application;
    target.working_directory = Some("/app".into());
    let mut evaluator = Evaluator::new(&arena, &files, &target);
    let value = evaluator.run(Path::new("/app/index.php"), format!("<?php {source}").as_bytes())?;
    Ok(String::from_utf8(export::var_export(&value, &target).unwrap()).unwrap())
}

#[test]
fn a_request_begins_empty_and_can_be_changed() {
    for (source, expected) in [
        ("return empty($_GET['a']);", "true"),
        ("$_GET['a'] = 1; return $_GET['a'];", "1"),
        ("$_GET['a'] = 1; function f() { return $_GET['a']; } return f();", "1"),
        ("function f() { $_POST['b'] = 2; } f(); return $_POST['b'];", "2"),
        ("function f($a) { return $a; } $_GET = f($_GET); return count($_GET);", "0"),
    ] {
        assert_eq!(run(Version::V7_4, true, source).unwrap(), expected, "{source}");
        assert!(run(Version::V7_4, false, source).is_err(), "{source}");
    }
}

#[test]
fn a_name_that_is_no_constant_stands_for_itself() {
    let source = "return array(SOME_NAME => other);";
    let expected = "array (\n  'SOME_NAME' => 'other',\n)";
    assert_eq!(run(Version::V7_4, true, source).unwrap(), expected);
    assert_eq!(run(Version::V5_2, true, source).unwrap(), expected);
    assert!(run(Version::V8_0, true, source).is_err());
    assert!(run(Version::V7_4, false, source).is_err());
    // An extension may have it.
    assert!(run(Version::V7_4, true, "return CURLOPT_URL;").is_err());
}

#[test]
fn a_file_is_found_by_its_name_alone() {
    let path = "set_include_path(get_include_path() . PATH_SEPARATOR . '/app/Vendor'); ";
    for before in ["", path] {
        let run = |source: &str| run(Version::V7_4, true, &format!("{before}{source}")).unwrap();
        assert_eq!(run("return include 'setting.php';"), "'here'");
        assert_eq!(run("return include './Conf/config.php';"), "'beside'");
    }
}

#[test]
fn magic_quotes_are_what_the_target_says() {
    let source = "return array(ini_get('magic_quotes_gpc'), ini_get('magic_quotes_runtime'));";
    let gone = "array (\n  0 => false,\n  1 => false,\n)";
    assert_eq!(run(Version::V5_4, false, source).unwrap(), gone);
    assert_eq!(run(Version::V5_2, false, source).unwrap(), "array (\n  0 => '1',\n  1 => '0',\n)");
    assert!(run(Version::V7_4, false, "return ini_get('display_errors');").is_err());
}
