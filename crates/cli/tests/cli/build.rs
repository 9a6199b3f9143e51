//! `tilde build`.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::{Command, Stdio};
use std::thread;

use crate::util::{Dir, assert_run};

#[test]
fn writes_what_the_configuration_declares() {
    let dir = Dir::project();
    let run = dir.run(["build"]);
    assert_run!(run);
    let text = dir.text("out/all.php");
    assert!(text.contains("function a()") && text.contains("function b()"), "{text}");
    assert!(!text.contains("one"), "{text}");
}

#[test]
fn finds_the_configuration_above() {
    let dir = Dir::project();
    dir.folder("deep/er");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilde"));
    let output = command.arg("build").current_dir(dir.path("deep/er")).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("wrote ../../out/all.php "), "{stderr}");
}

#[test]
fn takes_a_folder_a_configuration_or_both() {
    let dir = Dir::new();
    dir.write("shop/a.php", "<?php\n$a = 1;\n");
    dir.write("shop/other.toml", "[[bundle]]\nfiles = [\"a.php\"]\noutput = \"other.php\"\n");
    dir.write("shop/tilde.toml", "[[bundle]]\nfiles = [\"a.php\"]\noutput = \"all.php\"\n");
    assert!(dir.run(["build", "shop"]).stderr.starts_with("wrote shop/all.php "));
    assert!(dir.run(["build", "shop/other.toml"]).stderr.starts_with("wrote shop/other.php "));
    assert!(dir.run(["build", "--config", "shop/other.toml"]).stderr.contains("shop/other.php"));
}

#[test]
fn a_second_build_touches_nothing() {
    let dir = Dir::project();
    assert_eq!(dir.run(["build"]).code, 0);
    let before = dir.files_left();
    let run = dir.run(["build"]);
    assert_run!(run);
    assert_eq!(dir.files_left(), before);
}

#[test]
fn bundles_files_in_the_order_of_the_command_line() {
    let dir = Dir::project();
    assert_eq!(dir.run(["build", "lib/b.php", "lib/a.php", "-o", "all.php"]).code, 0);
    let text = dir.text("all.php");
    assert!(text.find("function b()") < text.find("function a()"), "{text}");
}

#[test]
fn prints_to_standard_output() {
    let dir = Dir::project();
    let before = dir.files_left();
    let run = dir.run(["build", "lib/b.php", "-o", "-", "-q"]);
    assert!(run.text().contains("function b()"), "{run}");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(dir.files_left(), before);
}

#[test]
fn reads_standard_input() {
    let dir = Dir::project();
    let run = dir.tilde(["build", "-", "-o", "-"]).run_with("<?php\necho 'from stdin';\n");
    assert!(run.text().contains("'from stdin'"), "{run}");
}

#[test]
fn reads_lists_of_files() {
    let dir = Dir::project();
    dir.write("list", "lib/a.php\r\n\nlib/b.php\n");
    assert_eq!(dir.run(["build", "--files-from", "list", "-o", "all.php"]).code, 0);
    assert!(dir.text("all.php").contains("function b()"));
    let tilde = dir.tilde(["build", "--files-from", "-", "-0", "-o", "nul.php"]);
    assert_eq!(tilde.run_with("lib/a.php\0lib/b.php").code, 0);
    assert_eq!(dir.text("all.php"), dir.text("nul.php"));
}

#[test]
fn takes_file_names_that_are_no_text() {
    let dir = Dir::project();
    let name = OsStr::from_bytes(b"lib/\xd6\xd0.php");
    dir.write(name, "<?php\nfunction zhong() {}\n");
    let list = [name.as_bytes(), b"\n"].concat();
    let run = dir.tilde(["build", "--files-from", "-", "-o", "-"]).run_with(list);
    assert!(run.text().contains("zhong"), "{run}");
    assert_eq!(dir.run(["build"]).code, 0);
    assert!(dir.text("out/all.php").contains("zhong"));
}

#[test]
fn puts_outputs_into_another_folder() {
    let dir = Dir::project();
    dir.folder("dist");
    assert_eq!(dir.run(["build", "--out", "dist"]).code, 0);
    assert!(dir.path("dist/all.php").exists());
    assert!(!dir.path("out/all.php").exists());
}

#[test]
fn a_dry_run_writes_nothing() {
    let dir = Dir::project();
    let before = dir.files_left();
    let run = dir.run(["build", "--dry-run"]);
    assert_run!(run);
    assert_eq!(dir.files_left(), before);
}

#[test]
fn gives_an_account() {
    let dir = Dir::project();
    assert_eq!(dir.run(["build", "--metafile", "meta.json"]).code, 0);
    let meta: serde_json::Value = serde_json::from_str(&dir.text("meta.json")).unwrap();
    assert_eq!(meta["version"], "0.1.0");
    assert_eq!(meta["outputs"][0]["path"], "out/all.php");
    assert_eq!(meta["outputs"][0]["bytes"], dir.text("out/all.php").len());
    assert_eq!(meta["inputs"][1]["path"], "lib/b.php");
    assert_eq!(meta["inputs"][1]["bytes"], dir.text("lib/b.php").len());
    assert_eq!(meta["inputs"][1]["bundle"], "all.php");
}

#[test]
fn the_output_does_not_depend_on_the_threads() {
    let dir = Dir::project();
    for index in 0..50 {
        dir.write(format!("lib/f{index}.php"), format!("<?php\nfunction f{index}() {{}}\n"));
    }
    assert_eq!(dir.run(["build", "-j", "1"]).code, 0);
    let one = dir.text("out/all.php");
    assert_eq!(dir.run(["build", "-j", "8"]).code, 0);
    assert_eq!(dir.text("out/all.php"), one);
}

#[test]
fn a_pattern_leaves_out_what_is_named() {
    let dir = Dir::project();
    let files = "[\"lib/b.php\", \"lib/*.php\", \"lib/**/*.php\"]";
    dir.write("tilde.toml", format!("[[bundle]]\nfiles = {files}\noutput = \"out/all.php\"\n"));
    dir.write("lib/.hidden.php", "<?php\nfunction hidden() {}\n");
    assert_eq!(dir.run(["build"]).code, 0);
    let text = dir.text("out/all.php");
    assert!(text.find("function b()") < text.find("function a()"), "{text}");
    assert_eq!(text.matches("function").count(), 2, "{text}");
}

#[test]
fn keeps_modes_and_honours_the_umask() {
    let dir = Dir::project();
    let mode = |path: &str| fs::metadata(dir.path(path)).unwrap().permissions().mode() & 0o7777;
    let build = |umask: &str| {
        let script = format!("umask {umask}; exec \"$0\" build -q");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_tilde")]).current_dir(dir.path(""));
        assert!(shell.status().unwrap().success());
    };
    build("027");
    assert_eq!(mode("out/all.php"), 0o640);
    fs::set_permissions(dir.path("out/all.php"), fs::Permissions::from_mode(0o604)).unwrap();
    dir.write("lib/a.php", "<?php\nfunction a() { return 3; }\n");
    build("077");
    assert_eq!(mode("out/all.php"), 0o604);
    assert!(dir.text("out/all.php").contains("return 3"));
}

#[test]
fn an_output_that_is_a_link_stays_one() {
    let dir = Dir::project();
    dir.folder("real");
    symlink("../real/all.php", dir.path("out/all.php")).unwrap();
    assert_eq!(dir.run(["build"]).code, 0);
    assert!(dir.path("out/all.php").is_symlink());
    assert!(dir.text("real/all.php").contains("function a()"));
}

#[test]
fn a_device_is_written_to_and_not_replaced() {
    let dir = Dir::project();
    assert_eq!(dir.run(["build", "lib/a.php", "-o", "/dev/null"]).code, 0);
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn builds_at_the_same_time_do_not_disturb_each_other() {
    let dir = Dir::project();
    assert_eq!(dir.run(["build"]).code, 0);
    let expected = dir.text("out/all.php");
    fs::remove_file(dir.path("out/all.php")).unwrap();
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                let run = dir.run(["build"]);
                assert_eq!(run.code, 0, "{run}");
            });
        }
    });
    assert_eq!(dir.text("out/all.php"), expected);
    assert_eq!(fs::read_dir(dir.path("out")).unwrap().count(), 1);
}

#[test]
fn a_closed_pipe_is_success() {
    let dir = Dir::project();
    dir.write("big.php", "<?php\n".to_owned() + &"$a = 1;\n".repeat(100_000));
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilde"));
    command.args(["tokens", "big.php"]).current_dir(dir.path("")).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn says_its_version() {
    assert_eq!(Dir::new().run(["--version"]).text(), "tilde 0.1.0\n");
}

#[test]
fn alone_it_helps() {
    let run = Dir::new().run([""; 0]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("Usage: tilde"), "{run}");
}

#[test]
fn composer_tells_the_version() {
    let dir = Dir::project();
    dir.write("composer.json", r#"{"require": {"php": "^7.4 || ^8.0"}}"#);
    dir.write("a.php", "<?php\nA\\B;\n");
    // Qualified names became one token in PHP 8.0.
    assert!(!dir.run(["tokens", "a.php"]).text().contains("T_NAME_QUALIFIED"));
    assert!(dir.run(["tokens", "a.php", "--php", "8.0"]).text().contains("T_NAME_QUALIFIED"));
    dir.write("tilde.toml", "[target]\nphp = \"8.1\"\n");
    assert!(dir.run(["tokens", "a.php"]).text().contains("T_NAME_QUALIFIED"));
}

/// Two bundles with the same paths, and one and its copy, in one program.
#[test]
fn bundles_with_the_same_paths() {
    let dir = Dir::new();
    for (folder, name) in [("one", "One"), ("two", "Two")] {
        let class = format!("<?php\nclass {name} {{ static $folder = __DIR__; }}\n");
        dir.write(format!("{folder}/lib/a.php"), class);
        let bundle = format!("{folder}/all.php");
        let run = dir.run(["build", &format!("{folder}/lib/a.php"), "-o", &bundle]);
        assert_eq!(run.code, 0, "{run}");
    }
    let said = |code: &str| {
        let php = Command::new("php")
            .args(["-d", "display_errors=1", "-r", code])
            .current_dir(dir.path(""))
            .output();
        String::from_utf8(php.unwrap().stdout).unwrap()
    };
    let load = "require 'one/all.php'; require 'two/all.php'; ";
    let here = fs::canonicalize(dir.path("")).unwrap();
    let folders = said(&format!("{load} echo One::$folder, ' ', Two::$folder;"));
    assert_eq!(folders, format!("{0}/one/lib {0}/two/lib", here.display()));
    fs::create_dir(dir.path("three")).unwrap();
    dir.write("three/all.php", dir.text("one/all.php").replace("class One", "class Three"));
    let copy = said("require 'one/all.php'; require 'three/all.php'; echo 'loaded';");
    assert!(copy.contains("a copy of this bundle is loaded already: "), "{copy}");
    assert!(!copy.ends_with("loaded"), "{copy}");
}

/// Paths as they are here, also for a PHP that cannot compute them as constants.
#[test]
fn absolute_paths() {
    let dir = Dir::new();
    dir.write(
        "lib/a.php",
        "<?php\nclass A { public $file = __FILE__; public $folder = __DIR__; }\n",
    );
    let here = fs::canonicalize(dir.path("lib")).unwrap();
    for php in ["5.6", "8.2"] {
        let args = ["build", "lib/a.php", "-o", "all.php", "--paths", "absolute", "--php", php];
        assert_eq!(dir.run(args).code, 0);
        let bundle = dir.text("all.php");
        let expected = format!("$file='{0}/a.php';public$folder='{0}'", here.display());
        assert!(bundle.contains(&expected), "{bundle}");
    }
    assert_eq!(dir.run(["build", "lib/a.php", "-o", "all.php", "--php", "5.6"]).code, 2);
    dir.write(
        "tilde.toml",
        "[[bundle]]\nfiles = [\"lib\"]\noutput = \"all.php\"\npaths = \"absolute\"\n",
    );
    assert_eq!(dir.run(["build"]).code, 0);
    assert!(!dir.text("all.php").contains("TILDE_ROOT"), "{}", dir.text("all.php"));
    assert_eq!(dir.run(["build", "--paths", "relative"]).code, 0);
    assert!(dir.text("all.php").contains("TILDE_ROOT"), "{}", dir.text("all.php"));
}
