//! `tilde watch`. Each step waits for the line that the step must bring.

use std::fs::{self, OpenOptions};
use std::io::Write as _;

use crate::util::{Dir, Running};

fn watch(dir: &Dir, args: &[&str]) -> Running {
    let running = dir.tilde(["watch"].iter().chain(args)).start();
    running.wait_for("] built 1 output, ");
    running
}

/// The steps of a session, which must go the same however changes are found.
fn session(dir: &Dir, running: &Running) {
    let has = |text: &str| assert!(dir.text("out/all.php").contains(text), "{text}");

    // In place, and at one go.
    let mut file = OpenOptions::new().append(true).open(dir.path("lib/a.php")).unwrap();
    file.write_all(b"function more() { return 'edited'; }\n").unwrap();
    let line = running.wait_for("] rebuilt 1 output, 2 files in ");
    assert!(line.ends_with("(lib/a.php)"), "{line}");
    has("'edited'");

    dir.save("lib/b.php", "<?php\nfunction b() { return 'replaced'; }\n");
    running.wait_for("(lib/b.php)");
    has("'replaced'");

    // A second time: a watch on the file itself would be lost by now.
    dir.save("lib/b.php", "<?php\nfunction b() { return 'again'; }\n");
    running.wait_for("(lib/b.php)");
    has("'again'");

    dir.save("lib/c.php", "<?php\nfunction c() {}\n");
    running.wait_for("] rebuilt 1 output, 3 files in ");
    has("function c()");

    fs::remove_file(dir.path("lib/c.php")).unwrap();
    running.wait_for("] rebuilt 1 output, 2 files in ");

    dir.save("lib/a.php", "<?php\nfunction a() { return spl_autoload_register(); }\n");
    running.wait_for("error[T-INCREL]");
    running.wait_for("failed, the old outputs stay (lib/a.php)");
    has("'edited'");

    dir.save("lib/a.php", "<?php\nfunction a() { return 'mended'; }\n");
    running.wait_for("rebuilt");
    has("'mended'");
}

#[test]
fn follows_files() {
    let dir = Dir::project();
    let running = watch(&dir, &[]);
    session(&dir, &running);
    assert_eq!(running.finish(), 0);
}

#[test]
fn follows_files_by_looking() {
    let dir = Dir::project();
    let running = watch(&dir, &["--poll=20"]);
    session(&dir, &running);
    assert_eq!(running.finish(), 0);
}

#[test]
fn follows_the_configuration() {
    let dir = Dir::project();
    let running = watch(&dir, &[]);
    let config = dir.text("tilde.toml");

    dir.save("tilde.toml", config.replace("output", "ouput"));
    running.wait_for("did you mean `output`?");
    running.wait_for("failed, the old outputs stay (tilde.toml)");

    dir.save("tilde.toml", config.replace("lib/*.php", "lib/**/*.php"));
    running.wait_for("] unchanged 1 output, 2 files");

    // A new folder and what is made in it at once.
    dir.save("lib/deep/er/d.php", "<?php\nfunction d() {}\n");
    running.wait_for("3 files");
    dir.save("lib/deep/er/e.php", "<?php\nfunction e() {}\n");
    running.wait_for("4 files");

    fs::remove_dir_all(dir.path("lib/deep")).unwrap();
    running.wait_for("2 files");
    dir.save("lib/deep/f.php", "<?php\nfunction f() {}\n");
    running.wait_for("3 files");
    assert!(dir.text("out/all.php").contains("function f()"));
    assert_eq!(running.finish(), 0);
}

#[test]
fn begins_with_a_broken_project() {
    let dir = Dir::project();
    dir.save("tilde.toml", "[[bundle]]\nfiles = [\"src/*.php\"]\noutput = \"dist/all.php\"\n");
    let running = dir.tilde(["watch"]).start();
    running.wait_for("no file matches the pattern `src/*.php`");
    dir.save("src/a.php", "<?php\nfunction a() {}\n");
    running.wait_for("the folder dist does not exist");
    dir.folder("dist");
    running.wait_for("rebuilt 1 output, 1 file in ");
    assert_eq!(running.finish(), 0);
}

#[test]
fn recovers_when_its_own_folder_is_made_again() {
    let dir = Dir::new();
    let make = |text: &str| {
        dir.write("app/lib/a.php", format!("<?php\nfunction a() {{ return '{text}'; }}\n"));
        dir.save("app/tilde.toml", "[[bundle]]\nfiles = [\"lib/*.php\"]\noutput = \"all.php\"\n");
    };
    make("first");
    let running = dir.tilde(["watch"]).current_dir(&dir.path("app")).start();
    running.wait_for("] built 1 output, ");
    for text in ["second", "third"] {
        fs::remove_dir_all(dir.path("app")).unwrap();
        running.wait_for("] failed, the old outputs stay");
        make(text);
        running.wait_for("] rebuilt 1 output, ");
        assert!(dir.text("app/all.php").contains(text));
    }
    assert_eq!(running.finish(), 0);
}

#[test]
fn bundles_of_the_command_line_too() {
    let dir = Dir::project();
    let running = watch(&dir, &["lib/a.php", "-o", "all.php"]);
    dir.save("lib/b.php", "<?php\nfunction b() { return 'of no concern'; }\n");
    dir.save("lib/a.php", "<?php\nfunction a() { return 4; }\n");
    let line = running.wait_for("] rebuilt 1 output, 1 file in ");
    assert!(line.ends_with("(lib/a.php)"), "{line}");
}

#[test]
fn ends_with_standard_input() {
    let dir = Dir::project();
    let run = dir.run(["watch"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stderr.contains("] built 1 output, 2 files in "), "{run}");
}

#[test]
fn goes_on_without_standard_input() {
    let dir = Dir::project();
    let running = dir.tilde(["watch", "--ignore-stdin"]).start_without_stdin();
    running.wait_for("] built 1 output, ");
    dir.save("lib/a.php", "<?php\nfunction a() { return 5; }\n");
    running.wait_for("(lib/a.php)");
}

#[test]
fn standard_input_cannot_be_watched() {
    let dir = Dir::project();
    assert!(dir.fail(["watch", "-", "-o", "all.php"]).stderr.contains("T-USAGE"));
    assert!(dir.fail(["watch", "lib/a.php", "-o", "-"]).stderr.contains("T-USAGE"));
}

#[test]
fn says_what_it_watches_and_how_to_end_it() {
    let dir = Dir::project();
    let running = watch(&dir, &[]);
    running.wait_for("files; Ctrl-C or the end of standard input ends it");
    assert_eq!(running.finish(), 0);
}

#[test]
fn saves_without_a_change_are_no_news() {
    let dir = Dir::project();
    let running = watch(&dir, &[]);
    dir.save("lib/a.php", dir.text("lib/a.php"));
    dir.save("lib/b.php", "<?php\nfunction b() { return 3; }\n");
    let lines = running.lines_to("(lib/b.php)");
    assert_eq!(lines.iter().filter(|line| line.contains("] ")).count(), 1, "{lines:#?}");
}

#[test]
fn tells_machines_a_line_at_a_time() {
    let dir = Dir::project();
    let running = dir.tilde(["watch", "--output-format", "json"]).start();
    let next = || serde_json::from_str::<serde_json::Value>(&running.wait_for("{")).unwrap();
    let first = next();
    assert_eq!((&first["status"], &first["outputs"][0]["files"]), (&"built".into(), &2.into()));
    dir.save("lib/a.php", "<?php\nfunction a() { no code }\n");
    let failed = next();
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["problems"][0]["code"], "T-SYNTAX");
    assert_eq!(failed["changes"][0], "lib/a.php");
    dir.save("lib/a.php", "<?php\nfunction a() {}\n");
    let mended = next();
    assert_eq!(mended["status"], "rebuilt");
    assert_eq!(mended["outputs"][0]["bytes"], dir.text("out/all.php").len());
}

#[test]
fn runs_a_command_after_each_change() {
    let dir = Dir::project();
    let running = watch(&dir, &["--exec", "wc -c < out/all.php >> log; test -e fine"]);
    running.wait_for("the command has failed: exit status: 1");
    dir.write("fine", "");
    dir.save("lib/a.php", "<?php\nfunction a() { return 'other'; }\n");
    let len = dir.text("out/all.php").len();
    running.wait_until("it has run twice", || dir.text("log").lines().count() == 2);
    let last = dir.text("log").lines().last().map(|it| it.trim().to_owned());
    assert_ne!(last, Some(len.to_string()), "it runs after the output has changed");
    // Nothing changes in the output.
    dir.save("lib/a.php", "<?php\n/* x */\nfunction a() { return 'other'; }\n");
    running.wait_for("(lib/a.php)");
    assert_eq!(running.finish(), 0);
}

#[test]
fn a_command_never_runs_twice_at_once() {
    let dir = Dir::project();
    let command = "mkdir busy || echo twice >> log; sleep 0.2; rmdir busy; echo run >> log";
    let running = watch(&dir, &["--exec", command]);
    for text in ["1", "2", "3", "4"] {
        dir.save("lib/a.php", format!("<?php\nfunction a() {{ return 'x{text}'; }}\n"));
        running.wait_for("(lib/a.php)");
    }
    running.wait_until("it runs again", || {
        dir.path("log").exists() && dir.text("log").matches("run").count() >= 2
    });
    assert!(!dir.text("log").contains("twice"));
}

#[test]
fn a_command_is_ended_and_run_again() {
    let dir = Dir::project();
    let running = watch(&dir, &["--restart", "--exec", "echo start >> log; sleep 100 & wait"]);
    for count in 1..4 {
        running.wait_until("it runs", || {
            dir.path("log").exists() && dir.text("log").lines().count() == count
        });
        dir.save("lib/a.php", format!("<?php\nfunction a() {{ return 'x{count}'; }}\n"));
    }
    // The command ends with tilde, which waits for nothing.
    assert_eq!(running.finish(), 0);
}

#[test]
fn a_number_of_threads_beyond_reason() {
    let dir = Dir::project();
    let running = watch(&dir, &["-j", "1000000"]);
    let status = fs::read_to_string(format!("/proc/{}/status", running.id())).unwrap();
    let threads = status.lines().find_map(|line| line.strip_prefix("Threads:")).unwrap();
    let threads: usize = threads.trim().parse().unwrap();
    assert!((2..300).contains(&threads), "{threads} threads");
    assert_eq!(running.finish(), 0);
}
