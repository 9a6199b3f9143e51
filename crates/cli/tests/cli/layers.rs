//! The layers of a configuration: files that are extended, `tilde.toml`, the environment,
//! variables and options.

use std::os::unix::fs::{chown, symlink};

use crate::util::{Dir, Run, Tilde};

const SOURCE: &str = "<?php
/** What is kept. */
function one() {
    // A comment.

    $a = [1 ,  2];
    return  $a;
}
";

/// From the weakest to the strongest: who says it, and which style.
const LAYERS: [(&str, &str); 6] = [
    ("default", "lines"),
    ("shared/base.toml:2", "thinkphp-2.0"),
    ("tilde.toml:6", "php"),
    ("tilde.production.toml:3", "tight"),
    ("TILDE_STYLE", "thinkphp-2.2"),
    ("--style", "lines"),
];

/// A project with those layers above the default that have a bit.
fn project(layers: usize) -> Dir {
    let dir = Dir::new();
    let style = |layer: usize| match layers >> (layer - 1) & 1 {
        1 => format!("style = \"{}\"\n", LAYERS[layer].1),
        _ => String::new(),
    };
    dir.write("lib/one.php", SOURCE);
    dir.folder("dist");
    let name = "[[bundle]]\nname = \"one\"\n";
    dir.write("shared/base.toml", format!("[[bundle]]\n{}name = \"one\"\n", style(1)));
    let files = "files = [\"lib/one.php\"]\noutput = \"dist/one.php\"\n";
    dir.write("tilde.toml", format!("extends = \"shared/base.toml\"\n{name}{files}{}", style(2)));
    dir.write("tilde.production.toml", format!("{name}{}", style(3)));
    dir
}

/// A command with the variable and the option, where these layers are.
fn command(dir: &Dir, name: &str, layers: usize) -> Tilde {
    let mut args = vec![name, "--env", "production"];
    if layers & 16 != 0 {
        args.extend(["--style", LAYERS[5].1]);
    }
    let tilde = dir.tilde(args);
    if layers & 8 == 0 { tilde } else { tilde.env("TILDE_STYLE", LAYERS[4].1) }
}

/// What the bundle of a style is.
fn bundle(dir: &Dir, style: &str) -> String {
    assert_eq!(
        dir.run(["build", "-q", "lib/one.php", "-o", "dist/other.php", "--style", style]).code,
        0
    );
    dir.text("dist/other.php")
}

fn done(run: &Run) -> String {
    assert_eq!(run.code, 0, "{run}");
    run.text().to_owned()
}

#[test]
fn the_uppermost_layer_counts() {
    for layers in 0..32 {
        let dir = project(layers);
        let top = (1..6).rev().find(|layer| layers >> (layer - 1) & 1 == 1).unwrap_or(0);
        let (origin, style) = LAYERS[top];
        done(&command(&dir, "build", layers).run());
        let built = dir.text("dist/one.php");
        assert_eq!(built, bundle(&dir, style), "{layers:#b}");
        let listed = done(&command(&dir, "config", layers).run());
        let line = listed.lines().find(|line| line.starts_with("style = ")).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words[2..], [format!("\"{style}\"").as_str(), "#", origin], "{layers:#b}");
        // What it shows is a configuration, which builds the same.
        dir.write("tilde.toml", listed);
        done(&dir.run(["build"]));
        assert_eq!(dir.text("dist/one.php"), built, "{layers:#b}");
    }
}

#[test]
fn the_version_of_php_has_layers_too() {
    for layers in 0..16 {
        let dir = project(0);
        let has = |layer: usize| layers >> layer & 1 == 1;
        let mut expected = ("\"8.5\"", "default: the newest");
        if has(0) {
            dir.write("composer.json", "{ \"require\": { \"php\": \"7.1.*\" } }");
            expected = ("\"7.1\"", "composer.json");
        }
        if has(1) {
            dir.write("shared/base.toml", "target.php = \"7.2\"\n");
            expected = ("\"7.2\"", "shared/base.toml:1");
        }
        let tilde = dir.tilde(if has(3) { &["config", "--php", "7.4"][..] } else { &["config"] });
        let tilde = if has(2) { tilde.env("TILDE_PHP", "7.3") } else { tilde };
        if has(2) {
            expected = ("\"7.3\"", "TILDE_PHP");
        }
        if has(3) {
            expected = ("\"7.4\"", "--php");
        }
        let listed = done(&tilde.run());
        let line = listed.lines().find(|line| line.starts_with("php = ")).unwrap();
        let (value, origin) = line.strip_prefix("php = ").unwrap().split_once('#').unwrap();
        assert_eq!((value.trim(), origin.trim()), expected, "{layers:#b}");
    }
}

#[test]
fn an_environment_must_be_there() {
    let dir = project(0);
    let run = dir.fail(["build", "--env", "prod"]);
    assert!(run.stderr.contains("TILDE_ENV is one of: production"), "{run}");
    let run = dir.tilde(["build"]).env("TILDE_ENV", "prod").run();
    assert!(run.code == 2 && run.stderr.contains("no environment `prod`"), "{run}");
    let run = dir.fail(["build", "--env", "../production"]);
    assert!(run.stderr.contains("letters, digits"), "{run}");
    // Where nothing is configured there are no environments.
    done(&dir.tilde(["build", "lib/one.php", "-o", "-"]).env("TILDE_ENV", "production").run());
}

#[test]
fn what_cannot_be_extended() {
    let dir = project(0);
    dir.write("shared/base.toml", "extends = [\"../tilde.toml\"]\n");
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("tilde.toml extends itself"), "{run}");
    assert!(run.stderr.contains("shared/base.toml:1:12"), "{run}");
    dir.write("shared/base.toml", "extends = \"nothing.toml\"\n");
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("cannot read shared/nothing.toml"), "{run}");
    dir.write("shared/base.toml", "extends = 1\nstyle = 1\n");
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("`extends` must be a string"), "{run}");
    dir.write("shared/base.toml", "[target]\nphp = \"9.9\"\nstyle = 1\n");
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("shared/base.toml:2:7"), "{run}");
    assert!(run.stderr.contains("shared/base.toml:3:1"), "{run}");
}

#[test]
fn a_configuration_has_not_too_many_files() {
    let dir = project(0);
    for index in 0..110 {
        dir.write(format!("{index}.toml"), format!("extends = \"{}.toml\"\n", index + 1));
    }
    dir.write("tilde.toml", "extends = \"0.toml\"\n");
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("a configuration of more than 100 files"), "{run}");
}

/// A file of somebody else decides nothing, and a folder is no file.
#[test]
fn only_files_of_ones_own_are_extended() {
    let dir = project(0);
    dir.folder("folder.toml");
    dir.write("tilde.toml", "extends = \"folder.toml\"\n");
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("it is no file of yours"), "{run}");
    dir.write("of_others.toml", "");
    // Only root can give files away.
    let path = if chown(dir.path("of_others.toml"), Some(54_321), None).is_ok() {
        "of_others.toml"
    } else {
        "/etc/hostname"
    };
    dir.write("tilde.toml", format!("extends = \"{path}\"\n"));
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("it is no file of yours"), "{run}");
}

/// What two files extend is read once, below both.
#[test]
fn what_is_extended_twice_is_below_both() {
    let dir = project(0);
    dir.write("a.toml", "extends = \"shared/base.toml\"\n[target]\nphp = \"7.1\"\n");
    dir.write("b.toml", "extends = \"link.toml\"\n");
    symlink("shared/base.toml", dir.path("link.toml")).unwrap();
    dir.write("shared/base.toml", "[target]\nphp = \"5.6\"\n");
    let config = dir.text("tilde.toml").replace("\"shared/base.toml\"", "[\"a.toml\", \"b.toml\"]");
    dir.write("tilde.toml", config);
    let listed = done(&dir.run(["config"]));
    assert!(
        listed.starts_with("# shared/base.toml\n# a.toml\n# b.toml\n# tilde.toml\n"),
        "{listed}"
    );
    assert!(listed.contains("php = \"7.1\""), "{listed}");
}

#[test]
fn watch_follows_all_layers() {
    let dir = project(0);
    let running = dir.tilde(["watch", "--env", "production"]).start();
    running.wait_for("] built 1 output, ");
    dir.save("tilde.production.toml", "[[bundle]]\nname = \"one\"\nstyle = \"tight\"\n");
    running.wait_for("] rebuilt 1 output, ");
    dir.save("tilde.production.toml", "");
    running.wait_for("] rebuilt 1 output, ");
    dir.save("shared/base.toml", "[[bundle]]\nname = \"one\"\nstyle = \"php\"\n");
    running.wait_for("] rebuilt 1 output, ");
    assert_eq!(running.finish(), 0);
}

#[test]
fn variables_that_mean_nothing_here_are_no_error() {
    let dir = project(0);
    let tilde = dir.tilde(["build"]);
    done(&tilde.env("TILDE_ALLOW_PHP", "1").env("TILDE_ENTRY", "admin.php").run());
    let run = dir.tilde(["build"]).env("TILDE_STYLE", "x").run();
    assert!(
        run.code == 2 && run.stderr.contains("the variable TILDE_STYLE cannot be used"),
        "{run}"
    );
}
