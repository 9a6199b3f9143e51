//! What a killed build leaves: whole outputs, and nothing that the next build
//! does not remove.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::util::Dir;

const KILLS: u64 = 40;

#[test]
fn outputs_are_whole_and_temporary_files_go() {
    let dir = Dir::project();
    let source = |marker: u64| {
        let line = format!("$a{marker} = {marker};\n");
        format!("<?php\n{}", line.repeat(40_000))
    };
    dir.write("lib/a.php", source(0));
    assert_eq!(dir.run(["build"]).code, 0);
    fs::set_permissions(dir.path("out/all.php"), fs::Permissions::from_mode(0o600)).unwrap();
    let mut texts = vec![dir.text("out/all.php")];
    let mut seed = 20_260_725_u64;
    for round in 1..=KILLS {
        dir.write("lib/a.php", source(round));
        texts.push(dir.run(["build", "-q", "lib/a.php", "lib/b.php", "-o", "-"]).text().to_owned());
        let mut command = Command::new(env!("CARGO_BIN_EXE_tilde"));
        command.args(["build", "-q"]).current_dir(dir.path("")).stdin(Stdio::null());
        let mut child = command.spawn().unwrap();
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        thread::sleep(Duration::from_micros((seed >> 33) % 60_000));
        child.kill().unwrap();
        child.wait().unwrap();
        let text = dir.text("out/all.php");
        assert!(texts.iter().rev().take(2).any(|whole| *whole == text), "round {round}");
        texts = vec![text];
        for entry in fs::read_dir(dir.path("out")).unwrap() {
            let mode = entry.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "round {round}");
        }
    }
    dir.write("out/.tilde-dead.tmp", "left behind");
    dir.write("lib/a.php", source(99));
    assert_eq!(dir.run(["build", "-q"]).code, 0);
    assert_eq!(fs::read_dir(dir.path("out")).unwrap().count(), 1);
}
