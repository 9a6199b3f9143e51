//! What a signal leaves: no temporary file, and no process that tilde started.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::thinkphp::{CONFIG, configured};
use crate::util::Dir;

/// As often as a condition is looked at.
const PAUSE: Duration = Duration::from_millis(5);

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < end, "in vain: {what}");
        thread::sleep(PAUSE);
    }
}

/// An output, and a pipe that nobody reads, for `--metafile`: tilde waits there,
/// with a temporary file for the output.
fn stuck() -> Dir {
    let dir = Dir::project();
    let config = "[[bundle]]\nfiles = [\"lib/a.php\"]\noutput = \"out/all.php\"\n";
    dir.write("tilde.toml", config);
    dir.write("out/all.php", "old");
    assert!(Command::new("mkfifo").arg(dir.path("pipe")).status().unwrap().success());
    dir
}

/// Whatever signals the caller of the tests ignores, as `nohup` does, heeds them all.
fn start(dir: &Dir, script: &str) -> Child {
    let mut command = Command::new("env");
    command.args(["--default-signal", "sh", "-c", script, env!("CARGO_BIN_EXE_tilde")]);
    command.current_dir(dir.path(""));
    command.env_remove("TILDE_ALLOW_PHP").stdin(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

fn files(dir: &Dir) -> usize {
    fs::read_dir(dir.path("out")).unwrap().count()
}

#[test]
fn temporary_files_go() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT] {
        let dir = stuck();
        let mut child = start(&dir, "ulimit -c 0; exec \"$0\" build --metafile pipe");
        wait_until("a temporary file", || files(&dir) == 2);
        send(&child, signal);
        assert_eq!(child.wait().unwrap().signal(), Some(signal.as_raw()));
        assert_eq!((files(&dir), dir.text("out/all.php").as_str()), (1, "old"));
    }
}

#[test]
fn what_the_caller_ignores_stays_ignored() {
    let dir = stuck();
    let mut child = start(&dir, "trap '' HUP; exec \"$0\" build --metafile pipe");
    wait_until("a temporary file", || files(&dir) == 2);
    send(&child, Signal::HUP);
    send(&child, Signal::TERM);
    assert_eq!(child.wait().unwrap().signal(), Some(Signal::TERM.as_raw()));
}

#[test]
fn php_ends_with_tilde() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::KILL] {
        let dir =
            configured("[thinkphp]\nroot = \"public\"\neval = \"php\"\nphp-binary = \"./php\"\n");
        dir.write(CONFIG, "<?php\nreturn array('pid' => getmypid());\n");
        dir.write("php", "#!/bin/sh\nsleep 600 &\necho $$ $! >pids.new\nmv pids.new pids\nwait\n");
        assert!(Command::new("chmod").arg("+x").arg(dir.path("php")).status().unwrap().success());
        let mut child = start(&dir, "exec \"$0\" build --allow-php --php 7.4");
        wait_until("PHP", || dir.path("public/pids").exists());
        let pids = dir.text("public/pids");
        send(&child, signal);
        assert_eq!(child.wait().unwrap().signal(), Some(signal.as_raw()));
        wait_until("the end of PHP", || pids.split_whitespace().all(has_ended));
    }
}

/// One without a parent that waits for it stays a zombie.
fn has_ended(pid: &str) -> bool {
    let status = fs::read_to_string(Path::new("/proc").join(pid).join("stat"));
    status.is_err() || status.is_ok_and(|status| status.contains(") Z "))
}
