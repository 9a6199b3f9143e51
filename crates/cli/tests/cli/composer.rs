//! Composer projects without a tilde.toml, installed by the real Composer. How they run is
//! tested in the crate composer.

use std::path::{Path, PathBuf};

use crate::support::composer;
use crate::util::Dir;

/// The files of an application of ours.
const FILES: &[(&str, &str)] = &[
    (
        "composer.json",
        r#"{"name": "our/app", "require": {"php": ">=8.1", "acme/lib": "*"},
            "repositories": [{"type": "path", "url": "packages/*"}, {"packagist.org": false}],
            "minimum-stability": "dev", "autoload": {"psr-4": {"App\\": "src/"}}}"#,
    ),
    (
        "packages/lib/composer.json",
        r#"{"name": "acme/lib", "version": "1.0.0", "autoload": {"psr-4": {"Acme\\": "src/"}}}"#,
    ),
    ("packages/lib/src/Base.php", "<?php\nnamespace Acme;\nabstract class Base {}\n"),
    (
        "src/Kernel.php",
        "<?php\nnamespace App;\nclass Kernel extends \\Acme\\Base { public $name = 'kernel'; }\n",
    ),
    (
        "public/index.php",
        "<?php\nrequire __DIR__ . '/../' . getenv('AUTOLOAD');\necho (new App\\Kernel)->name, \"\\n\";\n",
    ),
];

fn application() -> Dir {
    let dir = Dir::new();
    for (path, text) in FILES {
        dir.write(path, text);
    }
    composer(&dir.path(""), &["install"]);
    dir
}

fn build(dir: &Dir) {
    let run = dir.run(["build"]);
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn the_same_sources_make_the_same_files() {
    let dir = application();
    build(&dir);
    let first = dir.files_left();
    assert!(dir.run(["build", "-j", "1"]).stderr.contains("nothing changed"));
    assert_eq!(dir.files_left(), first);
    assert_eq!(dir.run(["check"]).code, 0);
    dir.write("src/Kernel.php", dir.text("src/Kernel.php").replace("'kernel'", "'core'"));
    assert_eq!(dir.run(["check"]).code, 1);
    // What Composer installs is noticed, too.
    build(&dir);
    dir.write("composer.lock", dir.text("composer.lock") + "\n");
    assert_eq!(dir.run(["check"]).code, 1);
}

#[test]
fn what_is_wrong_with_a_project() {
    let dir = Dir::new();
    dir.write("composer.json", "{\"name\": }");
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("composer.json:1:10"), "{run}");
    dir.write("composer.json", "{}");
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("there is no vendor/composer/installed.json"), "{run}");
    assert!(run.stderr.contains("run `composer install`"), "{run}");
    let dir = application();
    build(&dir);
    let before = dir.files_left();
    dir.write("vendor/composer/autoload_psr4.php", "<?php\nreturn rand();\n");
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("vendor/composer/autoload_psr4.php"), "{run}");
    assert!(run.stderr.contains("composer dump-autoload"), "{run}");
    let left = dir.files_left();
    let core = Path::new("vendor/tilde/core.php");
    let find = |files: &std::collections::BTreeMap<PathBuf, crate::util::Left>| {
        files.iter().find(|(path, _)| path.ends_with(core)).map(|(_, it)| it.bytes.clone())
    };
    assert!(find(&before).is_some() && find(&before) == find(&left));
    let run = dir.fail(["watch"]);
    assert!(run.stderr.contains("TILDE_DEV=1"), "{run}");
}
