//! Results of earlier builds on disk: whatever happens to sources, outputs and the cache
//! itself, a build and a check are what they are without it.
//!
//! `TILDE_OPERATIONS=5000` does so many random operations instead of 60, from the seed
//! `TILDE_SEED` on.

use std::env;
use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::util::{Dir, Random, Run};

/// A project with a cache of its own.
struct Case {
    dir: Dir,
    cache: Dir,
}

impl Case {
    fn new() -> Self {
        Self { dir: Dir::project(), cache: Dir::new() }
    }

    fn run(&self, args: &[&str]) -> Run {
        let cache = self.cache.path("");
        self.dir.tilde(args).env("TILDE_CACHE_DIR", cache.to_str().unwrap()).run()
    }

    /// A build, which must be one that knows nothing.
    fn build(&self) -> Run {
        let build = self.findings(&["build"]);
        let fresh = self.findings(&["check", "--no-cache"]);
        let check = self.findings(&["check"]);
        for other in [&fresh, &check] {
            assert_eq!(
                (build.code, &build.stderr),
                (other.code, &other.stderr),
                "{build}\n{other}"
            );
            assert!(other.stdout.is_empty(), "{other}");
        }
        build
    }

    /// What a command finds, without the outputs and the time that it took.
    fn findings(&self, args: &[&str]) -> Run {
        let mut run = self.run(args);
        let is_finding = |line: &&str| {
            !["wrote ", "unchanged "].iter().any(|start| line.starts_with(start))
                && !line.contains(" ms")
        };
        let found = run.stderr.lines().filter(is_finding);
        run.stderr = found.flat_map(|line| [line, "\n"]).collect();
        run
    }

    /// The files of the cache in one of its folders.
    fn kept(&self, folder: &str) -> Vec<PathBuf> {
        if !self.cache.path("").exists() {
            return Vec::new();
        }
        let parents = self.cache.files_left().into_keys();
        parents.filter(|path| path.parent().unwrap().ends_with(folder)).collect()
    }

    /// When a result was of use last.
    fn used(&self) -> Vec<SystemTime> {
        let paths = self.kept("results").into_iter();
        paths.map(|path| fs::metadata(path).unwrap().modified().unwrap()).collect()
    }
}

#[test]
fn a_build_that_changes_nothing_is_remembered() {
    let case = Case::new();
    assert!(case.run(&["build"]).stderr.contains("wrote out/all.php"));
    let before = case.used();
    assert_eq!(before.len(), 1);
    let again = case.run(&["build"]);
    assert!(again.stderr.contains("nothing changed: 1 output, 2 files"), "{again}");
    assert!(case.used() > before);
    let (before, output) = (case.used(), case.dir.text("out/all.php"));
    let check = case.run(&["check"]);
    assert!(check.stderr.contains("1 output as a build would write them"), "{check}");
    assert!(case.used() > before);
    // What is gone comes from the cache, with what is said of it.
    fs::remove_file(case.dir.path("out/all.php")).unwrap();
    let before = case.used();
    let run = case.run(&["build"]);
    assert!(run.stderr.contains("wrote out/all.php  2 files"), "{run}");
    assert!(case.used() > before && case.dir.text("out/all.php") == output);
}

#[test]
fn findings_are_said_again() {
    let case = Case::new();
    let code = "#!/usr/bin/env php\n<?php\nfunction b() { return __FILE__; }\n";
    case.dir.write("lib/b.php", code);
    let first = case.build();
    assert_eq!(first.code, 1, "{first}");
    let before = case.used();
    assert_eq!(case.build().stderr, first.stderr);
    assert!(case.used() > before);
}

#[test]
fn a_cache_that_is_not_wanted_is_left_alone() {
    for args in [&["build", "--no-cache"][..], &["check", "--no-cache"]] {
        let case = Case::new();
        case.run(args);
        assert!(case.cache.files_left().is_empty());
    }
    let case = Case::new();
    let none = case.dir.tilde(["build"]).env("TILDE_NO_CACHE", "1");
    let none = none.env("TILDE_CACHE_DIR", case.cache.path("").to_str().unwrap()).run();
    assert!(none.code == 0 && case.cache.files_left().is_empty(), "{none}");
    // Where it is, by all that can say so.
    let home = case.cache.path("");
    let tilde = |args: &[&str]| case.dir.tilde(args).env("TILDE_CACHE_DIR", "");
    tilde(&["build", "--cache-dir", home.join("a").to_str().unwrap()]).run();
    tilde(&["build"]).env("XDG_CACHE_HOME", home.join("b").to_str().unwrap()).run();
    let home_only = tilde(&["build"]).env("XDG_CACHE_HOME", "");
    home_only.env("HOME", home.join("c").to_str().unwrap()).run();
    for folder in ["a", "b/tilde", "c/.cache/tilde"] {
        assert!(home.join(folder).join("CACHEDIR.TAG").is_file(), "{folder}");
    }
}

#[test]
fn a_cache_that_cannot_be_is_no_matter() {
    let case = Case::new();
    case.cache.write("file", "");
    let file = case.cache.path("file");
    for dir in [file.to_str().unwrap(), "/proc/nothing", "/dev/full"] {
        let run = case.dir.run(["build", "--cache-dir", dir]);
        assert_eq!(run.code, 0, "{run}");
    }
    // One that others may write to could say anything.
    fs::set_permissions(case.cache.path(""), fs::Permissions::from_mode(0o777)).unwrap();
    case.build();
    assert_eq!(case.cache.files_left().len(), 1);
}

/// A change that leaves the length and the time of a file, right after a build.
#[test]
fn a_change_that_cannot_be_seen_is_seen() {
    let case = Case::new();
    for round in 0..20 {
        let path = case.dir.path("lib/a.php");
        fs::write(&path, format!("<?php\nfunction a() {{ return {}; }}\n", round % 10)).unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        File::open(&path).unwrap().set_modified(time).unwrap();
        if round % 3 == 0 {
            let output = case.dir.path("out/all.php");
            let text = fs::read_to_string(&output).unwrap_or_default().replace("return", "retarn");
            fs::write(output, text).unwrap();
        }
        case.build();
        assert!(case.dir.text("out/all.php").contains(&format!("return {};", round % 10)));
    }
}

#[test]
fn builds_at_the_same_time_do_not_disturb_each_other() {
    let case = Case::new();
    for round in 0..10 {
        case.dir.save("lib/a.php", format!("<?php\nfunction a() {{ return {round}; }}\n"));
        let start = |_| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_tilde"));
            command.args(["build", "-q"]).env("TILDE_CACHE_DIR", case.cache.path(""));
            command.current_dir(case.dir.path("")).stdin(Stdio::null()).spawn().unwrap()
        };
        let children: Vec<_> = (0..4).map(start).collect();
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
        case.build();
    }
}

const CONFIGURATIONS: [&str; 5] = [
    "files = [\"lib/**/*.php\"]",
    "files = [\"lib/**/*.php\"]\nstyle = \"tight\"",
    "files = [\"lib/**/*.php\"]\nmap = true",
    "files = [\"lib/a.php\"]\non-demand = [\"lib/**/*.php\"]",
    "files = [\"lib/**/*.php\"]\n[rules]\ndeny = [\"T-SHEBANG\"]",
];

impl Case {
    /// Does something to the project or the cache, and says what.
    fn operate(&self, random: &mut Random, round: u64) -> String {
        let name = random.one(&["a", "b", "c", "deep/d", "deep/e"]);
        let path = self.dir.path(format!("lib/{name}.php"));
        let output = self.dir.path("out/all.php");
        match random.below(12) {
            0..=3 => {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, code(random, name, round)).unwrap();
                format!("write {name}")
            }
            4 => {
                let _ = fs::remove_file(&path);
                format!("remove {name}")
            }
            5 => {
                let lists = random.one(&CONFIGURATIONS);
                let text = format!("[[bundle]]\noutput = \"out/all.php\"\n{lists}\n");
                self.dir.write("tilde.toml", text);
                format!("configure {lists}")
            }
            6 => damage(&output, random, "output"),
            7 => {
                let kept = ["index", "results", "outputs"].map(|it| self.kept(it)).concat();
                let Some(one) = (!kept.is_empty()).then(|| random.one(&kept)) else {
                    return "no cache".to_owned();
                };
                damage(&one, random, "cache")
            }
            8 => {
                let _ = fs::remove_dir_all(self.cache.path(""));
                "remove the cache".to_owned()
            }
            9 => {
                // What an include may find.
                let there = self.dir.path("opt/x.php");
                if there.exists() {
                    fs::remove_dir_all(self.dir.path("opt")).unwrap();
                } else {
                    self.dir.write("opt/x.php", "<?php\nreturn 1;\n");
                }
                "include".to_owned()
            }
            10 => self.relink(random),
            _ => self.kill(random),
        }
    }

    /// Makes the folder of sources a link to another one, or back.
    fn relink(&self, random: &mut Random) -> String {
        let lib = self.dir.path("lib");
        if lib.is_symlink() {
            fs::remove_file(&lib).unwrap();
        } else {
            fs::rename(&lib, self.dir.path("lib0")).unwrap();
        }
        let target = random.one(&["lib0", "lib1"]);
        let copy = ["-a", "lib0/.", "lib1"];
        let copied = Command::new("cp").args(copy).current_dir(self.dir.path("")).status();
        assert!(copied.unwrap().success());
        symlink(target, lib).unwrap();
        format!("link to {target}")
    }

    /// Starts a build and kills it at some moment.
    fn kill(&self, random: &mut Random) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tilde"));
        command.args(["build", "-q"]).env("TILDE_CACHE_DIR", self.cache.path(""));
        command.stderr(Stdio::null()).current_dir(self.dir.path("")).stdin(Stdio::null());
        let mut child = command.spawn().unwrap();
        thread::sleep(Duration::from_micros(random.below(30_000) as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        "kill".to_owned()
    }
}

fn code(random: &mut Random, name: &str, round: u64) -> String {
    let name = name.replace('/', "_");
    let round = round % 4;
    random.one(&[
        format!("<?php\nfunction {name}() {{ return {round}; }}\n"),
        format!("#!/usr/bin/env php\n<?php\nfunction {name}() {{ return {round}; }}\n"),
        format!("<?php\nclass {name} {{ const A = __DIR__ . '{round}'; }}\n"),
        format!("<?php\nfunction {name}() {{ return include 'opt/x.php'; }}\n"),
        format!("<?php\nnamespace N{round};\nfunction {name}() {{ return __FILE__; }}\n"),
    ])
}

/// Changes a byte, removes the end, or removes the file.
fn damage(path: &Path, random: &mut Random, what: &str) -> String {
    let Ok(mut bytes) = fs::read(path) else { return format!("no {what}") };
    let time = fs::metadata(path).unwrap().modified().unwrap();
    match random.below(3) {
        0 if !bytes.is_empty() => {
            let at = random.below(bytes.len());
            bytes[at] ^= 4;
            fs::write(path, bytes).unwrap();
            File::open(path).unwrap().set_modified(time).unwrap();
        }
        1 => fs::write(path, &bytes[..bytes.len() / 2]).unwrap(),
        _ => fs::remove_file(path).unwrap(),
    }
    format!("damage {what}")
}

fn number(name: &str, usual: u64) -> u64 {
    env::var(name).map_or(usual, |text| text.parse().unwrap())
}

#[test]
fn whatever_happens_a_build_is_a_clean_one() {
    let (seed, operations) = (number("TILDE_SEED", 1), number("TILDE_OPERATIONS", 60));
    println!("seed {seed}");
    let case = Case::new();
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut recalled = 0;
    for round in 0..operations {
        let done = case.operate(&mut random, round);
        println!("{round}: {done}");
        let build = case.findings(&["build"]);
        let fresh = case.findings(&["check", "--no-cache"]);
        assert_eq!((build.code, &build.stderr), (fresh.code, &fresh.stderr), "{build}\n{fresh}");
        assert!(fresh.stdout.is_empty(), "{fresh}");
        let before = case.used();
        let again = case.findings(&["check"]);
        assert_eq!((again.code, &again.stderr), (fresh.code, &fresh.stderr), "{again}\n{fresh}");
        assert!(again.stdout.is_empty(), "{again}");
        recalled += u64::from(case.used() != before);
    }
    // Most of them can be built, and then the check has nothing to do.
    assert!(recalled * 2 > operations, "{recalled} of {operations}");
}
