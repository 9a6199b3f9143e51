//! Reports for machines, read by programs that are not ours.
//!
//! jq and `xmllint` read what is JSON and XML, Python's `jsonschema` compares with the
//! documented schemas, and GitHub's workflow commands are read by their documented form.
//! `scripts/install-tools` installs them.

use std::ffi::OsStr;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::util::{Dir, Run};

/// Names that a format could stumble over, in their order.
const NAMES: [&[u8]; 5] =
    [b"\"q'<&>.php", b"a b.php", b"new\nline.php", b"per%cent:,.php", b"\xd6\xd0.php"];

/// The same as text.
const SHOWN: [&str; 5] =
    ["\"q'<&>.php", "a b.php", "new\nline.php", "per%cent:,.php", "\u{fffd}\u{fffd}.php"];

/// A bundle of files with such names, each of which has changed since.
fn strange() -> Dir {
    let dir = Dir::project();
    std::fs::remove_dir_all(dir.path("lib")).unwrap();
    let write = |result: usize| {
        for (index, name) in NAMES.iter().enumerate() {
            let source = format!("<?php\n\nfunction f{index}()\n{{\n    return {result};\n}}\n");
            dir.write(Path::new("lib").join(OsStr::from_bytes(name)), source);
        }
    };
    write(1);
    assert_eq!(dir.run(["build"]).code, 0);
    write(2);
    dir
}

/// What a program says of this input; it must take it.
pub(crate) fn read(program: &str, args: &[&str], input: &[u8]) -> String {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}; scripts/install-tools installs it"));
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let (input, error) = (String::from_utf8_lossy(input), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program} {args:?}: {error}\n{input}");
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn jq(filter: &str, input: &[u8]) -> Value {
    serde_json::from_str(&read("jq", &["-c", "-e", filter], input)).unwrap()
}

pub(crate) fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub(crate) fn validate(schema: &Path, input: &[u8]) {
    let script = file("tests/cli/formats/validate.py");
    read("python3", &[script.to_str().unwrap(), schema.to_str().unwrap()], input);
}

/// The workflow commands on these lines.
fn commands(input: &[u8]) -> Vec<Value> {
    let script = file("tests/cli/formats/commands.py");
    serde_json::from_str(&read("python3", &[script.to_str().unwrap()], input)).unwrap()
}

/// The schema that OASIS has published: a package that is only looked into has it.
static SARIF: LazyLock<PathBuf> = LazyLock::new(|| {
    let args = ["metadata", "--format-version=1", "--locked", "--manifest-path"];
    let mut command = Command::new(env!("CARGO"));
    let output = command.args(args).arg(file("Cargo.toml")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    let package = packages.find(|package| package["name"] == "serde-sarif").unwrap();
    Path::new(package["manifest_path"].as_str().unwrap()).with_file_name("src/schema.json")
});

/// Reads a report by what its format asks for.
pub(crate) fn take(format: &str, report: &[u8]) {
    match format {
        "json" => validate(&file("../../docs/schemas/check.json"), report),
        "sarif" => {
            validate(&SARIF, report);
            jq(".runs | length == 1", report);
        }
        "gitlab" => {
            jq("type == \"array\" and ([.[].fingerprint] | length == (unique | length))", report);
            jq(
                "all(.[]; (.description | length > 0) and (.check_name | startswith(\"T-\")) and \
                 (.severity | IN(\"info\", \"minor\", \"major\", \"critical\", \"blocker\")) and \
                 (.location.path | startswith(\"/\") | not) and (.location.lines.begin >= 1))",
                report,
            );
        }
        "junit" => {
            let count = |xpath: &str| read("xmllint", &["--xpath", xpath, "-"], report);
            read("xmllint", &["--noout", "-"], report);
            assert_eq!(count("count(//testcase) > 0"), "true\n");
            assert_eq!(count("count(//testcase) = /testsuites/@tests"), "true\n");
            assert_eq!(count("count(//failure) = /testsuites/testsuite/@failures"), "true\n");
        }
        _ => drop(commands(report)),
    }
}

const FORMATS: [&str; 5] = ["json", "github", "gitlab", "sarif", "junit"];

/// Sorted, since findings come in the order of the output.
fn texts(value: &Value) -> Vec<String> {
    let values = value.as_array().unwrap();
    let mut texts: Vec<String> = values.iter().map(|it| it.as_str().unwrap().to_owned()).collect();
    texts.sort();
    texts
}

fn sources() -> Vec<String> {
    SHOWN.iter().map(|name| format!("lib/{name}")).collect()
}

fn check(dir: &Dir, format: &str) -> Run {
    let run = dir.run(["check", "--output-format", format]);
    assert_eq!(run.code, 1, "{run}");
    take(format, &run.stdout);
    run
}

#[test]
fn json_has_the_paths() {
    let run = check(&strange(), "json");
    let found = jq("[.outputs[].changes[].hunks[].source]", &run.stdout);
    assert_eq!(texts(&found), sources());
    assert_eq!(jq("[.outputs[].changes[].hunks[].line] | unique", &run.stdout), json!([5]));
    assert_eq!(jq(".version", &run.stdout), 1);
}

#[test]
fn github_has_the_paths() {
    let found = commands(&check(&strange(), "github").stdout);
    let files: Value = found.iter().map(|command| command["file"].clone()).collect();
    assert_eq!(texts(&files), sources());
    for command in found {
        assert_eq!((&command["name"], &command["line"]), (&json!("warning"), &json!("5")));
        assert!(command["message"].as_str().unwrap().contains("\n+    return 2;"), "{command}");
    }
}

#[test]
fn gitlab_has_the_paths() {
    let run = check(&strange(), "gitlab");
    assert_eq!(texts(&jq("[.[].location.path]", &run.stdout)), sources());
}

/// Also bytes that are no UTF-8: a URI holds them all.
#[test]
fn sarif_has_the_paths() {
    let run = check(&strange(), "sarif");
    let uri = ".locations[0].physicalLocation.artifactLocation.uri";
    let found = jq(&format!("[.runs[0].results[]{uri}]"), &run.stdout);
    let script = "import json, sys, urllib.parse as url\n\
        print(json.dumps([url.unquote_to_bytes(it).hex() for it in json.load(sys.stdin)]))";
    let bytes = read("python3", &["-c", script], found.to_string().as_bytes());
    let hex = |name: &&[u8]| {
        let path = [b"lib/", *name].concat();
        path.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
    };
    let expected: Vec<String> = NAMES.iter().map(hex).collect();
    assert_eq!(texts(&serde_json::from_str(&bytes).unwrap()), expected);
}

#[test]
fn junit_has_the_paths() {
    let run = check(&strange(), "junit");
    let found = (1..=NAMES.len()).map(|index| {
        let xpath = format!("string(//testcase[{index}]/@file)");
        let text = read("xmllint", &["--xpath", &xpath, "-"], &run.stdout);
        text.strip_suffix('\n').unwrap().to_owned()
    });
    let mut found: Vec<String> = found.collect();
    found.sort();
    // A line break within an attribute is a blank to XML, so it is spelled out.
    let expected: Vec<String> = sources().iter().map(|it| it.replace('\n', r"\n")).collect();
    assert_eq!(found, expected);
}

/// XML has no way to write some characters.
#[test]
fn junit_of_what_xml_cannot_hold() {
    let dir = Dir::project();
    dir.write("lib/\u{ffff}\u{1}.php", "<?php\nf(;\n");
    let run = dir.run(["check", "--output-format", "junit"]);
    assert_eq!(run.code, 2, "{run}");
    take("junit", &run.stdout);
}

/// Each way in which a check may end.
#[test]
fn every_outcome_has_a_report() {
    let dir = Dir::project();
    let outcome = |code: i32, args: &[&str]| {
        for format in FORMATS {
            let run = dir.run([&["check", "--output-format", format], args].concat());
            assert_eq!(run.code, code, "{run}");
            take(format, &run.stdout);
        }
    };
    outcome(1, &[]);
    assert_eq!(dir.run(["build"]).code, 0);
    outcome(0, &[]);
    dir.write("lib/b.php", "<?php\nfunction b() { return 2; }\n\nfunction c() {}\n");
    outcome(1, &[]);
    outcome(0, &["--allow", "T-STALE"]);
    dir.write("lib/b.php", "#!/usr/bin/php\n<?php\nfunction b() { return 2; }\n");
    outcome(1, &[]);
    dir.write("lib/b.php", "<?php\nfunction b( { return 2; }\n");
    outcome(2, &[]);
}

/// What a build and a search for syntax errors have found.
#[test]
fn diagnostics_have_the_same_formats() {
    let dir = Dir::project();
    dir.write("lib/a b.php", "#!/usr/bin/php\n<?php\nfunction b() {}\n");
    dir.write("lib/b.php", "#!/usr/bin/php\n<?php\nfunction c() {}\n");
    dir.write("broken.php", "<?php\nf(;\n");
    for format in FORMATS {
        let build = dir.run(["build", "--output-format", format]);
        assert_eq!(build.code, 1, "{build}");
        let lint = dir.run(["lint", "broken.php", "--output-format", format]);
        assert_eq!(lint.code, 1, "{lint}");
        if format == "json" {
            let schema = file("../../docs/schemas/findings.json");
            validate(&schema, build.stderr.as_bytes());
            validate(&schema, &lint.stdout);
        } else {
            // The line that says what was written is beside the annotations.
            let is_command = |line: &&str| format != "github" || line.starts_with("::");
            let lines = build.stderr.split_inclusive('\n').filter(is_command);
            take(format, lines.collect::<String>().as_bytes());
            take(format, &lint.stdout);
        }
        assert!(build.stderr.contains("T-SHEBANG"), "{build}");
    }
}

#[test]
fn the_ci_system_chooses() {
    let dir = strange();
    let run = dir.tilde(["check"]).env("GITHUB_ACTIONS", "true").run();
    assert_eq!(commands(&run.stdout).len(), NAMES.len());
    let run = dir.tilde(["check"]).env("GITLAB_CI", "true").run();
    take("gitlab", &run.stdout);
    assert!(run.stderr.contains("help: `tilde build` writes them"), "{run}");
    let run = dir.tilde(["check", "--output-format", "text"]).env("GITLAB_CI", "true").run();
    assert!(run.text_lossy().starts_with("--- out/all.php"), "{run}");
    // A file on standard output is no report.
    let run = dir.tilde(["strip", "tilde.toml"]).env("GITLAB_CI", "true").run();
    assert_eq!((run.code, &*run.stderr), (0, ""));
}

/// The system knows files by their paths in the repository.
#[test]
fn paths_are_those_of_the_repository() {
    let dir = Dir::new();
    dir.write("shop/tilde.toml", "[[bundle]]\nfiles = [\"lib/*.php\"]\noutput = \"all.php\"\n");
    dir.write("shop/lib/b.php", "<?php\nfunction b() { return 2; }\n");
    assert_eq!(dir.run(["build", "shop"]).code, 0);
    dir.write("shop/lib/b.php", "<?php\nfunction b() { return 3; }\n");
    let root = dir.path("").to_str().unwrap().to_owned();
    let run = |name: &str, format: &str| {
        let check = dir.tilde(["check", "--output-format", format]).env(name, &root);
        check.current_dir(&dir.path("shop")).run().stdout
    };
    let github = commands(&run("GITHUB_WORKSPACE", "github"));
    assert_eq!(github[0]["file"], "shop/lib/b.php");
    let gitlab = run("CI_PROJECT_DIR", "gitlab");
    assert_eq!(jq(".[0].location.path", &gitlab), "shop/lib/b.php");
}

/// A comment in the source says that a finding is expected, and why.
#[test]
fn comments_allow() {
    let dir = Dir::project();
    let source = |comment: &str| {
        dir.write(
            "lib/b.php",
            format!("<?php\nfunction b($c)\n{{\n{comment}    return get_declared_classes();\n}}\n"),
        );
        let build = dir.run(["build", "--output-format", "sarif", "--deny", "T-DECLARED"]);
        (
            build.code,
            jq(
                "[.runs[0].results[] | select(.ruleId == \"T-DECLARED\")][0]",
                build.stderr.as_bytes(),
            ),
        )
    };
    let (code, result) = source("");
    assert_eq!(
        (code, &result["level"], &result["suppressions"]),
        (1, &json!("warning"), &json!([]))
    );
    // What the command line says comes before the comment.
    let (code, _) = source("    // tilde-allow T-DECLARED it is only counted\n");
    assert_eq!(code, 1);
    let config = dir.text("tilde.toml");
    dir.write("tilde.toml", format!("deny = [\"T-DECLARED\"]\n{config}"));
    let run = dir.run(["build", "--output-format", "sarif"]);
    assert_eq!(run.code, 0, "{run}");
    let results = jq(".runs[0].results", run.stderr.as_bytes());
    let result =
        results.as_array().unwrap().iter().find(|it| it["ruleId"] == "T-DECLARED").unwrap();
    assert_eq!(result["suppressions"][0]["justification"], "it is only counted");
    // Without a reason it allows nothing, and the message says so.
    let (code, _) = source("    // tilde-allow T-DECLARED\n");
    assert_eq!(code, 1);
    let run = dir.run(["build"]);
    assert!(
        run.code == 1 && run.stderr.contains("write why: `// tilde-allow T-DECLARED REASON`"),
        "{run}"
    );
}
