//! `tilde init` writes a first configuration that builds, and `tilde config --schema` says what it may be.

use std::fs;

use crate::formats;
use crate::thinkphp;
use crate::util::{Dir, Run, assert_run};

/// Runs `init`, then a build of what it wrote, neither of which may find anything.
fn init(dir: &Dir, args: &[&str]) -> Run {
    let run = dir.run([&["init"], args].concat());
    assert_eq!(run.code, 0, "{run}");
    let build = dir.run(["build"]);
    assert_eq!(build.code, 0, "{build}\n{}", dir.text("tilde.toml"));
    run
}

#[test]
fn composer_json() {
    let dir = Dir::new();
    let json = r#"{
        "name": "shop/cart", "require": { "php": ">=7.4" },
        "autoload": {
            "psr-4": { "Shop\\": "src/", "Shop\\Old\\": ["src/Old", "missing"] },
            "classmap": ["lib"], "files": ["helpers.php"], "exclude-from-classmap": ["/lib/x/"]
        }
    }"#;
    dir.write("composer.json", json);
    dir.write("src/Cart.php", "<?php\nnamespace Shop;\nclass Cart extends Base {}\n");
    dir.write("src/Base.php", "<?php\nnamespace Shop;\nclass Base {}\n");
    dir.write("src/Old/Cart.php", "<?php\nnamespace Shop\\Old;\nclass Cart {}\n");
    dir.write("lib/Tax.php", "<?php\nclass Tax {}\n");
    dir.write("lib/x/No.php", "<?php\nclass No {}\n");
    dir.write("helpers.php", "<?php\nfunction tax() { return new Tax; }\n");
    let run = init(&dir, &[]);
    assert_run!(format!("{run}\n--- tilde.toml\n{}", dir.text("tilde.toml")));
    let bundle = dir.text("dist/cart.php");
    assert!(bundle.contains("class Base") && !bundle.contains("class No"), "{bundle}");
    // The second time there is something to lose.
    assert_run!(dir.fail(["init"]));
    dir.fail(["init", "helpers.php"]);
}

#[test]
fn a_folder_and_files() {
    let dir = Dir::new();
    dir.write("shop/index.php", "<?php\necho b();\n");
    dir.write("shop/lib/b.php", "<?php\nfunction b() { return 2; }\n");
    dir.write("shop/vendor/c.php", "<?php\nfunction c() { return 3; }\n");
    let run = dir.run(["init", "shop"]);
    assert!(run.code == 0 && dir.run(["build", "shop"]).code == 0, "{run}");
    let bundle = dir.text("shop/dist/all.php");
    assert!(bundle.contains("function b") && !bundle.contains("function c"), "{bundle}");
    let run = init(&dir, &["shop/lib/b.php", "shop/index.php"]);
    assert_run!(format!("{run}\n--- tilde.toml\n{}", dir.text("tilde.toml")));
    assert!(dir.text("dist/all.php").find("function b") < dir.text("dist/all.php").find("echo"));
}

#[test]
fn thinkphp_roots() {
    for (generation, folder) in [
        ("2.0", ""),
        ("2.1", "public"),
        ("2.2", ""),
        ("3.0", "www"),
        ("3.1", ""),
        ("3.2", "public"),
    ] {
        let dir = Dir::new();
        thinkphp::copy(&dir, generation, folder);
        let run = dir.run(["init"]);
        // The applications of the tests have findings of their own.
        assert!(run.code < 2 && !run.stderr.contains("not build"), "{generation}: {run}");
        assert!(run.stderr.contains(&format!("for ThinkPHP {generation}")), "{generation}: {run}");
        let check = dir.run(["check"]);
        assert!(check.code == 1 && check.text().contains('~'), "{generation}: {check}");
    }
    let dir = Dir::new();
    thinkphp::copy(&dir, "3.1", "public");
    dir.run(["init"]);
    assert_run!(dir.text("tilde.toml"));
}

/// The file is there to be mended, and so is what is wrong.
#[test]
fn what_does_not_build_yet() {
    let dir = Dir::new();
    dir.write("a.php", "<?php\nf(;\n");
    let run = dir.run(["init"]);
    assert!(run.code == 1 && run.stderr.contains("T-SYNTAX"), "{run}");
    assert!(run.stderr.ends_with("or edit tilde.toml\n"), "{run}");
    dir.write("a.php", "<?php\nf();\n");
    assert_eq!(dir.run(["build"]).code, 0);
}

#[test]
fn nothing_to_configure() {
    assert_run!(Dir::new().fail(["init"]));
    let dir = Dir::new();
    dir.write("composer.json", "{");
    assert!(dir.fail(["init"]).stderr.contains("T-COMPOSER"));
    dir.write("composer.json", "{}");
    assert!(dir.fail(["init", "missing.php"]).stderr.contains("T-READ"));
    dir.write("lib/a.php", "<?php\n");
    let run = dir.tilde(["init", "../lib/a.php"]).current_dir(&dir.path("lib")).run();
    assert!(run.code == 2 && run.stderr.contains("not below the folder"), "{run}");
}

/// A link that leads nowhere would be written through, or replaced.
#[test]
fn links_are_files_too() {
    let dir = Dir::new();
    dir.write("a.php", "<?php\nf();\n");
    std::os::unix::fs::symlink("elsewhere.toml", dir.path("tilde.toml")).unwrap();
    dir.fail(["init"]);
    assert!(!dir.path("elsewhere.toml").exists());
}

/// The schema takes the configurations of this repository.
#[test]
fn schema_of_the_configuration() {
    let dir = Dir::new();
    let run = dir.run(["config", "--schema"]);
    assert_eq!(run.code, 0, "{run}");
    dir.write("schema.json", &run.stdout);
    let blog = formats::file("../../testdata/apps/blog/tilde.toml");
    let value: serde_json::Value = toml::from_str(&fs::read_to_string(blog).unwrap()).unwrap();
    formats::validate(&dir.path("schema.json"), value.to_string().as_bytes());
}
