//! What a build says of each of its members.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::util::{Dir, assert_run};

/// A bundle with a member of each shape, and two companions.
fn project() -> Dir {
    let dir = Dir::new();
    dir.write(
        "tilde.toml",
        "[target]\nphp = \"8.2\"\n\n[[bundle]]\nfiles = [\"boot.php\", \"lib/*.php\"]\n\
         on-demand = [\"src\"]\noutput = \"all.php\"\n",
    );
    dir.write(
        "boot.php",
        "<?php\nnamespace Shop;\n\n// Is it there yet?\n\
         echo function_exists('Shop\\helper') ? 1 : 0;\n$path = __DIR__;\n",
    );
    dir.write("lib/empty.php", "<?php\n// nothing\n");
    dir.write("lib/helper.php", "<?php\nnamespace Shop;\nfunction helper() { return 1; }\n");
    dir.write("lib/strict.php", "<?php\ndeclare(strict_types=1);\nfunction strict() {}\n");
    let include = "if ($x) { $value = require __DIR__ . '/../src/values.php'; }\n";
    dir.write("lib/uses.php", format!("<?php\n$x = 1;\n{include}"));
    dir.write("src/Cart.php", "<?php\nnamespace Shop;\nclass Cart\n{\n}\n");
    dir.write("src/unasked.php", "<?php\n$y = 1;\n");
    dir.write("src/values.php", "<?php\nreturn [$x];\n");
    dir
}

fn metafile(dir: &Dir) -> Value {
    let run = dir.run(["build", "--metafile", "meta.json"]);
    assert_eq!(run.code, 0, "{run}");
    serde_json::from_str(&dir.text("meta.json")).unwrap()
}

fn input<'m>(meta: &'m Value, path: &str) -> &'m Value {
    let inputs = meta["inputs"].as_array().unwrap();
    inputs.iter().find(|input| input["path"] == path).unwrap()
}

#[test]
fn a_dry_run_prints_the_plan() {
    let dir = project();
    let before = dir.files_left();
    assert_run!(dir.run(["build", "--dry-run"]));
    assert_eq!(dir.files_left(), before);
}

#[test]
fn verbose_says_why() {
    assert_run!(project().run(["build", "-v"]));
}

#[test]
fn the_metafile_tells_of_each_input() {
    let dir = project();
    assert_eq!(dir.run(["build", "--metafile", "meta.json"]).code, 0);
    insta::assert_snapshot!(dir.text("meta.json"));
}

#[test]
fn the_document_names_all_keys_shapes_and_rules() {
    let meta = metafile(&project());
    let document = include_str!("../../../../docs/metafile.md");
    let is_named = |word: &str| {
        let mut rows = document.lines().filter_map(|line| line.strip_prefix("| `"));
        rows.any(|row| row.split_once('`').is_some_and(|(name, _)| name.trim_matches('"') == word))
    };
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let inputs = meta["inputs"].as_array().unwrap();
    let mut words: BTreeSet<String> = keys(&meta).into_iter().collect();
    words.extend(keys(&meta["outputs"][0]));
    for input in inputs {
        words.extend(keys(input));
        words.extend(input.get("edits").iter().flat_map(|edits| keys(edits)));
        words.insert(input["shape"].as_str().unwrap().to_owned());
    }
    assert!(words.contains("left out") && words.contains("guard"), "{words:?}");
    let missing: Vec<&String> = words.iter().filter(|word| !is_named(word)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn companions_count_their_own_inputs() {
    let dir = project();
    let meta = metafile(&dir);
    let inputs = meta["inputs"].as_array().unwrap();
    let outputs = meta["outputs"].as_array().unwrap();
    assert_eq!(outputs.len(), 3);
    for output in outputs {
        let own = inputs.iter().filter(|input| input["output"] == output["path"]);
        let sum = |key: &str| own.clone().map(|input| input[key].as_u64().unwrap()).sum::<u64>();
        assert!(output["files"].as_u64().unwrap() > 0, "{output}");
        assert_eq!(output["files"], own.clone().count());
        assert_eq!(output["input_bytes"], sum("bytes"));
        assert!(output["bytes"].as_u64().unwrap() > sum("output_bytes"), "{output}");
    }
    assert_eq!(input(&meta, "src/unasked.php")["output"], Value::Null);
}

#[test]
fn the_bytes_of_a_member_are_those_in_the_output() {
    let dir = project();
    for style in ["lines", "tight", "php"] {
        let run = dir.run(["build", "--style", style, "--metafile", "meta.json"]);
        assert_eq!(run.code, 0, "{run}");
        let meta: Value = serde_json::from_str(&dir.text("meta.json")).unwrap();
        let len = input(&meta, "lib/strict.php")["output_bytes"].as_u64().unwrap();
        let companion = dir.text("all.3.php");
        let (head, code) = companion.split_at(companion.len() - usize::try_from(len).unwrap());
        assert!(head.contains("strict_types") && !head.contains("function"), "{companion}");
        let code: String = code.split_whitespace().collect();
        assert_eq!(code, "namespace{functionstrict(){}}", "{style}");
    }
}

#[test]
fn a_member_is_listed_or_named() {
    let dir = Dir::project();
    dir.write("list", "lib/b.php\n");
    let options = ["--files-from", "list", "-o", "all.php", "--metafile", "meta.json"];
    assert_eq!(dir.run([&["build", "lib/a.php"], &options[..]].concat()).code, 0);
    let meta: Value = serde_json::from_str(&dir.text("meta.json")).unwrap();
    assert_eq!(input(&meta, "lib/a.php")["why"], "named");
    assert_eq!(input(&meta, "lib/b.php")["why"], "list");
}

#[test]
fn analyze_shows_what_is_big() {
    assert_run!(project().run(["build", "--analyze", "-q"]));
    let dir = Dir::project();
    for index in 0..30 {
        dir.write(format!("lib/f{index:02}.php"), format!("<?php\nfunction f{index:02}() {{}}\n"));
    }
    let run = dir.run(["build", "--analyze"]);
    assert!(run.text().contains("(12 members more)"), "{run}");
}

#[test]
fn the_table_has_standard_output_to_itself() {
    let dir = Dir::project();
    assert_run!(dir.fail(["build", "--analyze", "--metafile", "-"]));
    dir.fail(["build", "lib/a.php", "-o", "-", "--analyze"]);
    dir.fail(["build", "-v", "-q"]);
}
