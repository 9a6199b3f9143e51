//! Pipes, devices and descriptors: written to, never replaced, and read only
//! where the user names them.

use std::fs;
use std::process::Command;

use crate::thinkphp::{CONFIG, configured};
use crate::util::Dir;

fn fifo(dir: &Dir, name: &str) {
    assert!(Command::new("mkfifo").arg(dir.path(name)).status().unwrap().success());
}

#[test]
fn a_pipe_under_a_pattern_is_passed_over() {
    let dir = Dir::project();
    fifo(&dir, "lib/pipe.php");
    let run = dir.run(["build"]);
    assert!(run.code == 0 && run.stderr.contains("2 files"), "{run}");
    let run = dir.run(["lint", "lib"]);
    assert!(run.code == 0 && run.stderr.contains("2 files"), "{run}");
}

/// What a project brings along cannot make anybody wait.
#[test]
fn a_pipe_that_a_project_names_is_an_error() {
    let dir = Dir::project();
    fifo(&dir, "pipe.php");
    let bundle = |lines: &str| format!("[[bundle]]\nfiles = [\"lib/a.php\"]\n{lines}\n");
    let cases = [
        "[[bundle]]\nfiles = [\"pipe.php\"]\noutput = \"out/all.php\"\n".to_owned(),
        bundle("on-demand = [\"pipe.php\"]\noutput = \"out/all.php\""),
        bundle("output = \"pipe.php\""),
    ];
    for config in cases {
        dir.write("tilde.toml", &config);
        for command in ["build", "check"] {
            let run = dir.run([command]);
            let is_refused = run.code == 2 && run.stderr.contains("it is a pipe or a device");
            assert!(is_refused, "{config}{run}");
        }
    }
    fifo(&dir, "all.php.map");
    dir.write("tilde.toml", bundle("output = \"all.php\"\nmap = true"));
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("cannot write all.php.map: it is a pipe or a device"), "{run}");
    let run = dir.run(["phar", "create", "-o", "a.phar", "."]);
    assert!(run.code == 0, "{run}");
}

#[test]
fn a_pipe_of_an_application_is_not_waited_for() {
    let dir = configured("[thinkphp]\nroot = \"public\"\n");
    fifo(&dir, "public/App/pipe");
    dir.write(CONFIG, "<?php\nreturn array('t' => file_get_contents('./App/pipe'));\n");
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("App/pipe: it is a pipe or a device"), "{run}");
    dir.write("tilde.toml", "[thinkphp]\nroot = \"public\"\nconstants = \"public/App/pipe\"\n");
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("App/pipe: it is a pipe or a device"), "{run}");
    dir.write("tilde.toml", "[thinkphp]\nroot = \"public\"\n");
    dir.write(CONFIG, "<?php\nreturn array();\n");
    dir.folder("public/App/Runtime");
    fifo(&dir, "public/App/Runtime/~runtime.php");
    for command in ["build", "check"] {
        let run = dir.run([command]);
        assert!(run.code == 2 && run.stderr.contains("it is a pipe or a device"), "{run}");
    }
}

#[test]
fn a_pipe_that_is_named_is_read() {
    let run = Dir::new().shell("tilde build -q <(echo '<?php echo 17;') -o -").run();
    assert!(run.code == 0 && run.text().contains("17"), "{run}");
}

#[test]
fn check_does_not_read_pipes_and_devices() {
    let dir = Dir::project();
    fifo(&dir, "out/pipe");
    for output in ["out/pipe", "/dev/zero", "/dev/stdout"] {
        let run = dir.run(["check", "lib/a.php", "-o", output]);
        assert!(run.code == 2 && run.stderr.contains("it is a pipe or a device"), "{run}");
        let run = dir.run(["build", "lib/a.php", "--dry-run", "-o", output]);
        assert!(run.code == 0 && run.stderr.contains("would write"), "{run}");
    }
}

#[test]
fn a_descriptor_keeps_the_file_behind_it() {
    let dir = Dir::project();
    for output in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        let script = format!("echo keep >log; tilde build -q lib/a.php -o {output} >>log");
        assert_eq!(dir.shell(&script).run().code, 0);
        let log = dir.text("log");
        assert!(log.starts_with("keep\n<?php") && log.contains("function a()"), "{log}");
    }
    let script = "{ echo one; tilde build -q lib/a.php -o /dev/stdout; echo two; } >log";
    assert_eq!(dir.shell(script).run().code, 0);
    let log = dir.text("log");
    assert!(log.starts_with("one\n<?php") && log.ends_with("two\n"), "{log}");
    let script = "echo keep >log; exec 7>>log; tilde build -q lib/a.php -o /dev/fd/7";
    assert_eq!(dir.shell(script).run().code, 0);
    assert!(dir.text("log").starts_with("keep\n<?php"));
    let script = "tilde build -q lib/a.php -o >(cat >copy); sleep 0.2; wait";
    assert_eq!(dir.shell(script).run().code, 0);
    assert!(fs::read_to_string(dir.path("copy")).is_ok_and(|text| text.contains("function a()")));
}

#[test]
fn a_closed_pipe_keeps_the_status() {
    let dir = Dir::project();
    dir.write("big.php", "<?php\n".to_owned() + &"$a = 1;\n".repeat(100_000) + "}");
    let status = |command: &str| {
        dir.shell(&format!("set +e; tilde {command} | true; exit ${{PIPESTATUS[0]}}")).run().code
    };
    assert_eq!(status("check big.php -q -o none.php --style lines"), 2);
    dir.write("big.php", "<?php\n".to_owned() + &"$a = 1;\n".repeat(100_000));
    assert_eq!(status("check big.php -q -o none.php"), 1);
    assert_eq!(status("strip big.php nope.php"), 2);
    assert_eq!(status("tokens big.php"), 0);
}
