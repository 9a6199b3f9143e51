//! `tilde docker`: what it finds in projects, writes and compares.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::util::Dir;

/// A project with a bundle, a web root and tests.
fn project() -> Dir {
    let dir = Dir::project();
    dir.write("public/index.php", "<?php\nrequire __DIR__ . '/../out/all.php';\necho a();\n");
    dir.write("tests/AllTest.php", "<?php\nimagecreate(1, 1);\n");
    dir
}

#[test]
fn files_are_written_once() {
    let dir = project();
    let run = dir.run(["docker", "init"]);
    assert_eq!(run.code, 0, "{run}");
    let mode = dir.path("docker/test.sh").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o111, 0o111);
    assert!(dir.text("docker/opcache.ini").contains("opcache.validate_timestamps = 0"));
    // Tests are nothing of the image.
    assert!(!dir.text("Dockerfile").contains("gd"));
    assert!(dir.text(".dockerignore").contains("\ntests\n"));
    let run = dir.run(["docker", "init"]);
    assert!(run.code == 0 && run.stderr.contains("unchanged Dockerfile"), "{run}");
    dir.write("docker/php.ini", "; mine\n");
    let run = dir.fail(["docker", "init"]);
    assert!(run.stderr.contains("--overwrite replaces it"), "{run}");
    assert_eq!(dir.run(["docker", "check"]).code, 1);
    assert_eq!(dir.run(["docker", "init", "--overwrite"]).code, 0);
    assert_eq!(dir.run(["docker", "check"]).code, 0);
}

#[test]
fn check_takes_the_options_of_the_dockerfile() {
    let dir = project();
    let options = [
        "docker",
        "init",
        "--variant",
        "apache",
        "--variant",
        "cli",
        "--script",
        "lib/a.php",
        "--with",
        "redis",
        "--name",
        "it's",
        "--php",
        "8.3",
        "--writable",
        "data files",
    ];
    let run = dir.run(options);
    assert_eq!(run.code, 0, "{run}");
    let text = dir.text("Dockerfile");
    assert!(text.contains("pecl install \"redis-${REDIS_VERSION}\""), "{text}");
    assert!(text.contains("RUN tilde build --php 8.3\n"), "{text}");
    let stages: Vec<&str> = text.lines().filter(|line| line.starts_with("FROM ")).collect();
    assert_eq!(stages.last(), Some(&"FROM scratch AS apache"));
    let run = dir.run(["docker", "check"]);
    assert_eq!(run.code, 0, "{run}");
}

/// Each variant on each base, in the same project.
#[test]
fn all_variants_are_written() {
    let dir = project();
    for variant in ["fpm", "apache", "cli", "swoole", "frankenphp"] {
        for base in ["debian", "alpine"] {
            let args = ["docker", "init", "--overwrite", "--variant", variant, "--base", base];
            let args = args.into_iter().chain(["--script", "lib/a.php", "--with", "gd"]);
            if variant == "apache" && base == "alpine" {
                let run = dir.fail(args);
                assert!(run.stderr.contains("no image of Apache on Alpine"), "{run}");
                continue;
            }
            let run = dir.run(args);
            assert_eq!(run.code, 0, "{run}");
            let text = dir.text("Dockerfile");
            assert!(text.contains(&format!("FROM scratch AS {variant}\n")), "{text}");
            assert!(text.contains("\nSTOPSIGNAL ") && text.contains("\nHEALTHCHECK "), "{text}");
            let user = if base == "alpine" { "\nUSER 82:82\n" } else { "\nUSER 33:33\n" };
            assert!(text.contains(user), "{text}");
            assert_eq!(dir.run(["docker", "check"]).code, 0);
            for script in ["docker/test.sh"] {
                let run = Command::new("shellcheck").arg(dir.path(script)).output();
                let output = run.expect("shellcheck is installed by scripts/install-tools");
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
            }
        }
    }
}

#[test]
fn an_extension_without_a_recipe_is_an_error() {
    let dir = project();
    dir.write("composer.json", "{ \"require\": { \"ext-redsi\": \"*\" } }");
    let run = dir.fail(["docker", "init"]);
    assert!(
        run.stderr.contains("is it `redis`?") && run.stderr.contains("composer.json:1:"),
        "{run}"
    );
    let run = dir.run(["docker", "init", "--without", "redsi"]);
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn the_context_is_what_docker_would_be_sent() {
    let dir = project();
    dir.write(".dockerignore", "tests\n*.toml\n!tilde.toml\n**/*.log\n");
    dir.write("notes.toml", "");
    dir.write("lib/a.log", "");
    std::os::unix::fs::symlink("a.php", dir.path("lib/link.php")).unwrap();
    let run = dir.run(["docker", "build-context"]);
    let expected =
        ".dockerignore\nlib/a.php\nlib/b.php\nlib/link.php\npublic/index.php\ntilde.toml\n";
    assert_eq!(run.text(), expected, "{run}");
    for name in ["tests/one.tar", "tests/two.tar"] {
        let run = dir.tilde(["docker", "build-context", "-o", name]);
        assert_eq!(run.env("SOURCE_DATE_EPOCH", "1700000000").run().code, 0);
    }
    let read = |name: &str| std::fs::read(dir.path(name)).unwrap();
    assert_eq!(read("tests/one.tar"), read("tests/two.tar"));
    let mut tar = Command::new("tar");
    let list = tar.args(["-tf", "tests/one.tar"]).current_dir(dir.path("")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&list.stdout), expected);
}
