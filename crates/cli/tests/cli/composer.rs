//! Composer projects without a tilde.toml, installed by the real Composer. How they run is
//! tested in the crate composer.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::util::{Dir, Run};
use tilde_testing::composer::composer;

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

/// A file of `more` in the output of a build.
fn application_with_more() -> Dir {
    let dir = application();
    for name in ["One", "Two"] {
        let text = format!("<?php\nnamespace App\\More;\nclass {name} {{}}\n");
        dir.write(format!("src/More/{name}.php"), text);
    }
    let front = dir.text("public/index.php");
    let more = "if (($argv[1] ?? '') === 'more') { new App\\More\\One; new App\\More\\Two; }\n";
    dir.write("public/index.php", front + more);
    dir
}

fn trace(dir: &Dir, line: &str) -> Run {
    let line = format!("AUTOLOAD=vendor/autoload.php tilde trace -- {line}");
    dir.shell(&line).run()
}

#[test]
fn a_command_is_recorded() {
    let dir = application_with_more();
    let run = trace(&dir, "php public/index.php");
    assert!(run.code == 0 && run.text() == "kernel\n", "{run}");
    assert!(run.stderr.contains("recorded 1 request with 2 classes"), "{run}");
    // The script is PHP's own business, and so is the status.
    let text = "#!/usr/bin/env php\n".to_owned() + &dir.text("public/index.php") + "exit(3);\n";
    dir.write("public/run", text);
    let run = trace(&dir, "sh -c 'chmod +x public/run; php public/index.php; public/run more'");
    assert!(run.code == 3, "{run}");
    assert!(run.stderr.contains("recorded 2 requests of 2 kinds with 4 classes"), "{run}");
    assert!(run.stderr.contains("in vendor/tilde/traces.log, 3 in all"), "{run}");
    build(&dir);
    assert!(dir.text("vendor/tilde/tilde.json").contains("\"requests\": 3"));
    // The order of the lines does not count.
    let before = dir.files_left();
    let mut lines: Vec<String> =
        dir.text("vendor/tilde/traces.log").lines().map(str::to_owned).collect();
    lines.reverse();
    dir.write("vendor/tilde/traces.log", lines.join("\n") + "\n");
    build(&dir);
    let chunk = dir.path("vendor/tilde/chunks/01.php");
    assert_eq!(dir.files_left()[&chunk], before[&chunk]);
}

#[test]
fn a_command_that_records_nothing() {
    let dir = application();
    let run = trace(&dir, "php -n public/index.php");
    assert!(run.code == 0 && run.stderr.contains("has recorded nothing"), "{run}");
    assert_eq!(trace(&dir, "false").code, 1);
    let run = trace(&dir, "./nothing");
    assert!(run.code == 2 && run.stderr.contains("cannot run `./nothing`"), "{run}");
    let run = Dir::project().fail(["trace", "--", "true"]);
    assert!(run.stderr.contains("tilde.toml decides what is built here"), "{run}");
    let run = Dir::new().fail(["trace", "--", "true"]);
    assert!(run.stderr.contains("there is no ./composer.json"), "{run}");
}

/// A signal is for the command, whose end is reported.
#[test]
fn a_signal_ends_the_command() {
    let dir = application();
    dir.write(
        "wait",
        "<?php\nrequire 'vendor/autoload.php';\nnew App\\Kernel;\npcntl_async_signals(true);\n\
        pcntl_signal(SIGTERM, function () { exit(9); });\ntouch('started');\nsleep(60);\n",
    );
    let running = dir.shell("exec tilde trace -- php wait").start_without_stdin();
    running.wait_until("it runs", || dir.path("started").exists());
    let pid = rustix::process::Pid::from_raw(running.id().cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    running.wait_for("recorded 1 request");
    assert_eq!(running.finish(), 9);
}

/// What the build before has made and this one does not, goes: that, and nothing else.
#[test]
fn outputs_that_are_not_needed_any_more() {
    let dir = application_with_more();
    for args in ["", "more"] {
        trace(&dir, &format!("php public/index.php {args}"));
    }
    build(&dir);
    assert!(dir.text("vendor/tilde/tilde.json").contains("chunks/01.php"));
    dir.write("vendor/tilde/chunks/02.php", "mine");
    std::fs::remove_file(dir.path("vendor/tilde/traces.log")).unwrap();
    assert!(
        dir.run(["build", "--dry-run"]).stderr.contains("would remove vendor/tilde/chunks/01.php")
    );
    assert_eq!(dir.run(["check"]).code, 1);
    let run = dir.run(["build"]);
    assert!(run.code == 0 && run.stderr.contains("removed vendor/tilde/chunks/01.php"), "{run}");
    assert!(!dir.path("vendor/tilde/chunks/01.php").exists());
    assert_eq!(dir.text("vendor/tilde/chunks/02.php"), "mine");
    // What a repository brings along names nothing outside of the folder.
    let list = r#"{"outputs": [{"path": "../../src/Kernel.php"}, {"path": "link.php"},
        {"path": "chunks/../../../src/Kernel.php"}, {"path": "chunks"}, {"path": "chunks/02.php"}]}"#;
    dir.write("vendor/tilde/tilde.json", list);
    std::os::unix::fs::symlink(dir.path("src/Kernel.php"), dir.path("vendor/tilde/link.php"))
        .unwrap();
    let run = dir.run(["build"]);
    assert!(run.code == 0 && run.stderr.matches("removed").count() == 1, "{run}");
    assert!(dir.path("src/Kernel.php").exists() && dir.path("vendor/tilde/link.php").exists());
    assert!(!dir.path("vendor/tilde/chunks").exists());
}

/// Composer runs the build.
#[test]
fn composer_builds() {
    let dir = application();
    let run = dir.run(["init", "--composer"]);
    assert!(run.code == 0 && run.stderr.contains("wrote composer.json\nwrote .gitignore"), "{run}");
    assert!(!dir.path("tilde.toml").exists());
    assert_eq!(dir.text(".gitignore"), "/vendor/tilde/\n");
    let json: Value = serde_json::from_str(&dir.text("composer.json")).unwrap();
    assert_eq!(json["scripts"]["post-autoload-dump"], serde_json::json!(["tilde build"]));
    assert_eq!(json["name"], "our/app");
    let before = dir.files_left();
    assert_eq!(dir.run(["init", "--composer"]).code, 0);
    assert_eq!(dir.files_left(), before);
    dir.write(".gitignore", "/vendor");
    dir.run(["init", "--composer"]);
    assert_eq!(dir.text(".gitignore"), "/vendor");
    let composer = crate::util::corpus("composer/run");
    let run = dir.shell(&format!("{} dump-autoload", composer.display())).run();
    assert!(run.code == 0 && dir.path("vendor/tilde/core.php").exists(), "{run}");
}

/// Whatever happens to a project, a build with what is known of earlier ones makes what a build
/// that knows nothing does.
#[test]
fn what_is_known_of_earlier_builds_is_never_wrong() {
    let (dir, cache) = (application_with_more(), Dir::new());
    let home = cache.path("");
    let run = |args: &[&str]| dir.tilde(args).env("TILDE_CACHE_DIR", home.to_str().unwrap()).run();
    // A result that is of use is touched; one that is made again is another file.
    let results = || -> Vec<(u64, i64)> {
        let results = cache.files_left().into_keys();
        let results = results.filter(|it| it.parent().unwrap().ends_with("results"));
        let metadata = results.map(|it| std::fs::metadata(it).unwrap());
        metadata.map(|it| (it.ino(), it.mtime() * 1_000_000_000 + it.mtime_nsec())).collect()
    };
    let build = |what: &str, is_known: bool| {
        let before = results();
        let build = run(&["build"]);
        assert_eq!(build.code, 0, "{what}: {build}");
        let (after, names) = (results(), |it: &[(u64, i64)]| it.iter().map(|it| it.0).collect());
        let (old, new): (BTreeSet<u64>, BTreeSet<u64>) = (names(&before), names(&after));
        assert_eq!(old == new && before != after, is_known, "{what}: {build}");
        let fresh = run(&["check", "--no-cache"]);
        assert_eq!(fresh.code, 0, "{what}: {fresh}");
    };
    let kernel = dir.text("src/Kernel.php");
    build("the first build", false);
    build("nothing", true);
    dir.write("src/Kernel.php", kernel.replace("'kernel'", "'core'"));
    build("a class", false);
    dir.write("src/Kernel.php", &kernel);
    build("what it was", true);
    dir.write("bin/load.php", "<?php\nrequire_once __DIR__ . '/../src/Kernel.php';\n");
    build("a script that includes a class", false);
    std::fs::remove_file(dir.path("bin/load.php")).unwrap();
    build("no such script", false);
    build("nothing, again", true);
    dir.write("src/Again.php", "<?php\nnamespace App;\nclass Kernel {}\n");
    build("a class twice", false);
    std::fs::remove_file(dir.path("src/Again.php")).unwrap();
    build("once", false);
    // The same bytes elsewhere: `__DIR__` may be another one.
    dir.write("elsewhere/Kernel.php", &kernel);
    std::fs::remove_file(dir.path("src/Kernel.php")).unwrap();
    std::os::unix::fs::symlink("../elsewhere/Kernel.php", dir.path("src/Kernel.php")).unwrap();
    build("a link", false);
    build("nothing, with a link", true);
    dir.write("vendor/autoload_runtime.php", "<?php\n// Not of symfony/runtime.\n");
    build("a file that was not there", false);
    for args in ["", "more"] {
        trace(&dir, &format!("php public/index.php {args}"));
    }
    build("traces", false);
    assert!(dir.path("vendor/tilde/chunks/01.php").exists());
    let traces = dir.text("vendor/tilde/traces.log");
    std::fs::remove_file(dir.path("vendor/tilde/traces.log")).unwrap();
    build("no traces", true);
    assert!(!dir.path("vendor/tilde/chunks/01.php").exists());
    dir.write("vendor/tilde/traces.log", traces);
    build("traces, again", true);
    assert!(dir.path("vendor/tilde/chunks/01.php").exists());
    std::fs::remove_file(dir.path("vendor/tilde/core.php")).unwrap();
    dir.write("vendor/tilde/autoload.php", "<?php\n");
    build("outputs that are gone or changed", true);
    dir.write("composer.lock", dir.text("composer.lock") + "\n");
    build("another lock", false);
    let json = dir.text("composer.json");
    let exclude = r#""extra": {"tilde": {"exclude": ["src/More"]}}, "autoload""#;
    dir.write("composer.json", json.replacen("\"autoload\"", exclude, 1));
    build("a folder that is left out", false);
    composer(&dir.path(""), &["dump-autoload", "--optimize"]);
    build("a class map", false);
    build("nothing, at last", true);
}
