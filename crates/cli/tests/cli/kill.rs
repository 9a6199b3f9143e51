//! What a killed build leaves: whole outputs, which the next command makes the
//! old ones or the new ones, and nothing else.
//!
//! `TILDE_KILLS=10000` kills that often instead of a few times, each over one
//! output and over many, from the seed `TILDE_SEED` on. Half of the kills come at a
//! random moment, the others once the build has begun to put its files into their
//! places.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::util::{Dir, Run};

/// A project of many bundles of one file each.
struct Case {
    dir: Dir,
    outputs: usize,
    lines: usize,
    /// What tilde makes of a source with the marker 0.
    output: String,
    seed: u64,
    /// Kills that left some outputs new and some old.
    mixed: u64,
}

const MARKER: &str = "marker 0";

impl Case {
    fn new(outputs: usize, lines: usize) -> Self {
        let dir = Dir::new();
        let bundle = |index| {
            // In two folders, for which there is one journal.
            let folder = if index < outputs / 2 { "early" } else { "late" };
            format!(
                "[[bundle]]\nfiles = [\"lib/{index}.php\"]\noutput = \"{folder}/{index}.php\"\n"
            )
        };
        dir.write("tilde.toml", (0..outputs).map(bundle).collect::<String>());
        dir.folder("early");
        dir.folder("late");
        let seed = number("TILDE_SEED", 20_260_725);
        let mut case = Self { dir, outputs, lines, output: String::new(), seed, mixed: 0 };
        case.write_sources(0);
        assert_eq!(case.run().code, 0);
        case.output = case.texts().swap_remove(0);
        for path in case.paths() {
            fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
        }
        case
    }

    fn write_sources(&self, round: u64) {
        let line = format!("echo 'marker {round}';\n");
        for index in 0..self.outputs {
            self.dir
                .write(format!("lib/{index}.php"), format!("<?php\n{}", line.repeat(self.lines)));
        }
    }

    fn paths(&self) -> impl Iterator<Item = std::path::PathBuf> {
        (0..self.outputs).map(|index| {
            let folder = if index < self.outputs / 2 { "early" } else { "late" };
            self.dir.path(Path::new(folder).join(format!("{index}.php")))
        })
    }

    fn texts(&self) -> Vec<String> {
        self.paths().map(|path| fs::read_to_string(path).unwrap()).collect()
    }

    fn run(&self) -> Run {
        self.dir.run(["build"])
    }

    fn random(&mut self) -> u64 {
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.seed >> 33
    }

    /// The files beside the outputs.
    fn others(&self) -> impl Iterator<Item = std::path::PathBuf> {
        let folders = ["early", "late"].map(|folder| fs::read_dir(self.dir.path(folder)).unwrap());
        let paths = folders.into_iter().flatten().map(|entry| entry.unwrap().path());
        paths.filter(|path| path.file_name().unwrap().as_encoded_bytes().starts_with(b"."))
    }

    /// Starts a build and kills it.
    fn kill(&mut self, usual: Duration, is_late: bool) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tilde"));
        command.args(["build", "-q"]).current_dir(self.dir.path("")).stdin(Stdio::null());
        let mut child = command.spawn().unwrap();
        if is_late {
            self.step(&mut child);
        } else {
            let micros = u64::try_from(usual.as_micros()).unwrap() * 11 / 10;
            thread::sleep(Duration::from_micros(self.random() % micros));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Lets a build that has a journal go on in very small steps until it has done
    /// some of its renames, and stops it there.
    fn step(&self, child: &mut Child) {
        let pid = Pid::from_child(child);
        let inode = |path: &Path| fs::metadata(path).unwrap().ino();
        let first = self.paths().next().unwrap();
        let old = inode(&first);
        let has_journal =
            || self.others().any(|path| path.extension().is_some_and(|it| it == "journal"));
        while child.try_wait().unwrap().is_none() && !has_journal() {}
        while child.try_wait().unwrap().is_none() && inode(&first) == old {
            let _ = kill_process(pid, Signal::CONT);
            thread::yield_now();
            let _ = kill_process(pid, Signal::STOP);
        }
    }

    /// Each output is whole and as closed as before.
    fn check_whole(&mut self, old: &str, new: &str, round: u64) {
        let texts = self.texts();
        assert!(texts.iter().all(|text| text == old || text == new), "round {round}");
        self.mixed += u64::from(texts.iter().any(|text| *text != texts[0]));
        for path in self.paths().chain(self.others()) {
            let Ok(metadata) = fs::metadata(&path) else { continue };
            let mode = metadata.permissions().mode() & 0o777;
            assert_eq!(mode & !0o600, 0, "round {round}: {} {mode:o}", path.display());
        }
    }

    /// A command that cannot build, so that all it does is to tidy up.
    fn check_set(&self, round: u64) -> String {
        let source = self.dir.text("lib/0.php");
        self.dir.write("lib/0.php", "<?php\n)");
        let run = self.run();
        assert_eq!(run.code, 2, "round {round}: {run}");
        self.dir.write("lib/0.php", source);
        let mut texts = self.texts();
        assert!(texts.iter().all(|text| *text == texts[0]), "round {round}: {run}");
        let others: Vec<_> = self.others().collect();
        assert!(others.is_empty(), "round {round}: {others:?}\n{run}");
        texts.swap_remove(0)
    }

    fn rounds(&mut self, kills: u64) {
        let started = Instant::now();
        assert_eq!(self.run().code, 0);
        let usual = started.elapsed();
        let mut old = self.output.clone();
        for round in 1..=kills {
            self.write_sources(round);
            let new = self.output.replace(MARKER, &format!("marker {round}"));
            self.kill(usual, self.outputs > 1 && round % 2 == 0);
            self.check_whole(&old, &new, round);
            old = self.check_set(round);
            assert!(old.contains("marker"), "round {round}");
        }
        self.write_sources(kills + 1);
        assert_eq!(self.run().code, 0);
        let new = self.output.replace(MARKER, &format!("marker {}", kills + 1));
        assert!(self.texts().iter().all(|text| *text == new));
        println!(
            "{kills} kills over {} outputs, {} of them between renames",
            self.outputs, self.mixed
        );
    }
}

fn number(variable: &str, usual: u64) -> u64 {
    let asked = std::env::var(variable).ok();
    asked.map_or(usual, |it| it.parse().unwrap_or_else(|_| panic!("{variable} is a number")))
}

#[test]
fn one_output_is_old_or_new() {
    Case::new(1, 20_000).rounds(number("TILDE_KILLS", 10));
}

#[test]
fn many_outputs_are_all_old_or_all_new() {
    Case::new(40, 3).rounds(number("TILDE_KILLS", 16));
}

#[test]
fn what_was_taken_back_is_said() {
    let dir = Dir::project();
    assert_eq!(dir.run(["build"]).code, 0);
    let inode = dir.files_left()[&dir.path("out/all.php")].inode;
    // As a build leaves it that was killed after the first of its renames.
    dir.write("out/.tilde-1-0.tmp", "old");
    dir.write("out/.tilde-1.journal", format!("all.php\0.tilde-1-0.tmp\0{inode}\0"));
    let run = dir.run(["check"]);
    assert!(
        run.stderr.contains("killed between its outputs; `tilde build` takes it back"),
        "{run}"
    );
    dir.write("lib/a.php", "<?php )");
    let run = dir.run(["build"]);
    assert!(run.stderr.contains("killed between its outputs; took 1 file of it back"), "{run}");
    assert_eq!(dir.text("out/all.php"), "old");
    assert_eq!(fs::read_dir(dir.path("out")).unwrap().count(), 1);
}

#[test]
fn temporary_files_of_the_dead_go() {
    let dir = Dir::project();
    dir.write("out/.tilde-dead.tmp", "left behind");
    assert_eq!(dir.run(["build", "-q"]).code, 0);
    assert_eq!(fs::read_dir(dir.path("out")).unwrap().count(), 1);
}
