//! `tilde tokens`.

use crate::util::Dir;

#[test]
fn tab_separated() {
    let dir = Dir::new();
    dir.write("a.php", "<?php\necho 1;\n");
    dir.write("b.php", "hi");
    let run = dir.run(["tokens", "a.php", "b.php"]);
    let expected = "\
# a.php
T_OPEN_TAG\t6\t1
T_ECHO\t4\t2
T_WHITESPACE\t1\t2
T_LNUMBER\t1\t2
;\t1\t2
T_WHITESPACE\t1\t2
# b.php
T_INLINE_HTML\t2\t1
";
    assert_eq!((run.code, run.text()), (0, expected));
}

#[test]
fn standard_input_and_lists() {
    let dir = Dir::new();
    dir.write("b.php", "hi");
    let run = dir.tilde(["tokens", "-", "b.php"]).run_with("x");
    assert_eq!(run.text(), "# -\nT_INLINE_HTML\t1\t1\n# b.php\nT_INLINE_HTML\t2\t1\n");
    let run = dir.tilde(["tokens", "--files-from", "-", "-0"]).run_with("b.php\0");
    assert_eq!(run.text(), "# b.php\nT_INLINE_HTML\t2\t1\n");
}

#[test]
fn json() {
    let dir = Dir::new();
    dir.write("a.php", b"<?php\n'\xd6\xd0';");
    dir.write("empty.php", "");
    let run = dir.run(["tokens", "--format", "json", "a.php", "nope.php", "empty.php"]);
    assert_eq!(run.code, 2);
    let json: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 2);
    assert_eq!(json[0]["path"], "a.php");
    let token = &json[0]["tokens"][1];
    assert_eq!(token["name"], "T_CONSTANT_ENCAPSED_STRING");
    assert_eq!(
        (&token["offset"], &token["length"], &token["line"]),
        (&6.into(), &4.into(), &2.into())
    );
    assert_eq!(token["text"], "'\u{fffd}\u{fffd}'");
    assert_eq!(json[1]["tokens"].as_array().unwrap().len(), 0);
}

#[test]
fn text_shows_the_bytes() {
    let dir = Dir::new();
    dir.write("a.php", b"<?php\n'\xd6';");
    let run = dir.run(["tokens", "--format", "text", "a.php"]);
    assert!(run.text().contains(r#" "<?php\n""#), "{run}");
    assert!(run.text().contains(r#" "'\xd6'""#), "{run}");
}

#[test]
fn short_tags() {
    let tokens =
        |value| Dir::new().tilde(["tokens", "--short-tags", value]).run_with("<? 1;").stdout;
    assert!(tokens("on").starts_with(b"# -\nT_OPEN_TAG\t2\t1\n"));
    assert!(tokens("off").starts_with(b"# -\nT_INLINE_HTML\t5\t1\n"));
}
