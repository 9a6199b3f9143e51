//! What a person sees at a terminal: what is waited for, and messages that fit.
//!
//! The terminal is a real one, a pair of a controller and a user's side; when all
//! who have the user's side are gone, Linux answers the controller with an error.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::util::Dir;

/// Both sides of a terminal of so many columns.
pub(crate) fn pair(columns: u16) -> (File, File) {
    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).map(File::from).unwrap();
    grantpt(&controller).unwrap();
    unlockpt(&controller).unwrap();
    let name = ptsname(&controller, Vec::new()).unwrap().into_string().unwrap();
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&controller, size).unwrap();
    (controller, File::options().read(true).write(true).open(name).unwrap())
}

/// What a command prints at a terminal of so many columns, where somebody types.
fn at_terminal(dir: &Dir, columns: u16, typed: &[u8], args: &[&str]) -> String {
    let (mut controller, user) = pair(columns);
    let mut child = Command::new(env!("CARGO_BIN_EXE_tilde"))
        .args(args)
        .current_dir(dir.path(""))
        .env("NO_COLOR", "1")
        .stdin(user.try_clone().unwrap())
        .stdout(user.try_clone().unwrap())
        .stderr(user)
        .spawn()
        .unwrap();
    controller.write_all(typed).unwrap();
    let (mut text, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(len @ 1..) = controller.read(&mut buffer) {
        text.extend_from_slice(&buffer[..len]);
    }
    child.wait().unwrap();
    String::from_utf8(text).unwrap().replace('\r', "")
}

#[test]
fn who_waits_for_the_terminal_says_so() {
    for command in ["lint", "strip", "tokens"] {
        let text = at_terminal(&Dir::new(), 80, b"<?php echo 1;\n\x04", &[command]);
        assert!(text.contains("reading PHP from the terminal; Ctrl-D ends it"), "{text}");
    }
}

#[test]
fn messages_wrap_at_words() {
    let dir = Dir::new();
    let config = "[[bundle]]\nfiles = [\"nowhere-to-be-found.php\"]\noutput = \"out.php\"\n\
                  colour = \"of a key that nobody knows, in a line that is rather long\"\n";
    dir.write("tilde.toml", config);
    for columns in [40, 55, 100] {
        let text = at_terminal(&dir, columns, b"", &["build"]);
        let is_source = |line: &&str| line.contains('│') || line.contains('╭');
        for line in text.lines().filter(|line| !is_source(line)) {
            assert!(line.chars().count() <= columns.into(), "{columns}: {line}\n{text}");
            assert!(!line.ends_with('-'), "{columns}: {text}");
        }
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("unknown key `colour` in [[bundle]]"), "{columns}: {text}");
    }
}

/// What a terminal is emptied with.
const CLEAR: &str = "\u{1b}[2J\u{1b}[3J\u{1b}[H";

#[test]
fn watch_clears_the_terminal_before_each_build() {
    for (option, clears) in [("--clear", true), ("-q", false)] {
        let dir = Dir::project();
        let (mut controller, user) = pair(100);
        let mut command = Command::new(env!("CARGO_BIN_EXE_tilde"));
        command.args(["watch", option, "--exec", "echo done >> done"]).current_dir(dir.path(""));
        command.stdin(user.try_clone().unwrap()).stdout(user.try_clone().unwrap()).stderr(user);
        let mut child = command.spawn().unwrap();
        // It has the user's side open too.
        drop(command);
        let builds = || fs::read_to_string(dir.path("done")).map_or(0, |it| it.lines().count());
        for build in 1..=3 {
            let end = Instant::now() + Duration::from_secs(20);
            while builds() < build {
                assert!(Instant::now() < end, "build {build}");
                thread::sleep(Duration::from_millis(5));
            }
            dir.save("lib/a.php", format!("<?php\nfunction a() {{ return 'x{build}'; }}\n"));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let (mut text, mut buffer) = (Vec::new(), [0; 4096]);
        while let Ok(len @ 1..) = controller.read(&mut buffer) {
            text.extend_from_slice(&buffer[..len]);
        }
        let text = String::from_utf8(text).unwrap();
        let cleared = text.matches(CLEAR).count();
        assert!(if clears { cleared >= 3 } else { cleared == 0 }, "{option}: {text:?}");
    }
}
