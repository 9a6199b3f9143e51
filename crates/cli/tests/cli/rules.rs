//! Findings that are expected, and findings that are not.

use crate::util::Dir;

/// A bundle with the warning T-SHEBANG about `lib/b.php`: the first file keeps its line.
fn project(config: &str) -> Dir {
    let dir = Dir::project();
    let bundle = dir.text("tilde.toml");
    dir.write("tilde.toml", format!("{config}\n{bundle}"));
    dir.write("lib/a.php", "#!/usr/bin/php\n<?php\nfunction a() {}\n");
    dir.write("lib/b.php", "#!/usr/bin/php\n<?php\nfunction b() {}\n");
    dir
}

fn code(dir: &Dir, args: &[&str]) -> i32 {
    dir.run([&["build"], args].concat()).code
}

#[test]
fn an_allowed_finding_is_a_note() {
    let dir = project("");
    let run = dir.run(["build"]);
    assert!(run.code == 1 && run.stderr.contains("warning[T-SHEBANG]"), "{run}");
    let run = dir.run(["build", "--allow", "T-SHEBANG"]);
    assert!(run.code == 0 && run.stderr.contains("note[T-SHEBANG]"), "{run}");
    let run = dir.run(["build", "--allow", "T-SHEBANG", "-q"]);
    assert!(run.code == 0 && run.stderr.is_empty(), "{run}");
    assert_eq!(dir.run(["check", "--allow", "T-SHEBANG"]).code, 0);
    assert_eq!(code(&dir, &["--allow", "T-ORDER"]), 1);
}

#[test]
fn by_path() {
    let dir = project("");
    let allowed = |path: &str| code(&dir, &["--allow", &format!("T-SHEBANG:{path}")]);
    assert_eq!((allowed("lib"), allowed("./lib/"), allowed("lib/b.php")), (0, 0, 0));
    assert_eq!((allowed("lib/a.php"), allowed("li")), (1, 1));
    assert_eq!(code(&dir, &["--allow", "T-SHEBANG:a.php", "--allow", "T-SHEBANG:lib/b.php"]), 0);
}

#[test]
fn the_configuration_allows_and_the_command_line_denies() {
    let dir = project("allow = [\"T-SHEBANG:lib\"]");
    assert_eq!(code(&dir, &[]), 0);
    assert_eq!(code(&dir, &["--deny", "T-SHEBANG"]), 1);
    dir.folder("deep");
    assert_eq!(code(&dir, &["deep"]), 0);
    let dir = project("deny = [\"T-SHEBANG\"]");
    assert_eq!((code(&dir, &[]), code(&dir, &["--allow", "T-SHEBANG"])), (1, 0));
}

#[test]
fn a_denied_finding_of_a_path_may_be_allowed() {
    let dir = project("");
    let args = ["--deny", "T-SHEBANG", "--allow", "T-SHEBANG:lib"];
    assert_eq!((code(&dir, &args[..2]), code(&dir, &args)), (1, 0));
}

#[test]
fn an_error_cannot_be_allowed() {
    let dir = Dir::project();
    dir.write("lib/b.php", "<?php\n$b = spl_autoload_register();\n");
    let run = dir.fail(["build", "--allow", "T-INCREL"]);
    assert!(run.stderr.contains("error[T-INCREL]"), "{run}");
    assert!(
        run.stderr.contains("T-INCREL has stopped the build, so it cannot be allowed"),
        "{run}"
    );
}

#[test]
fn codes_that_are_none() {
    let run = Dir::project().fail(["build", "--allow", "T-SHEBNAG"]);
    assert!(run.stderr.contains("did you mean `T-SHEBANG`?"), "{run}");
    let run = Dir::project().fail(["build", "--deny", "T-SHEBANG:lib"]);
    assert!(run.stderr.contains("only a code can be denied"), "{run}");
    let run = project("allow = \"T-SHEBANG\"").fail(["build"]);
    assert!(run.stderr.contains("`allow` must be a list of codes"), "{run}");
    let run = project("deny = [\"nonsense\"]").fail(["build"]);
    assert!(run.stderr.contains("there is no finding with the code `nonsense`"), "{run}");
}
