//! Random operations on the files of a running `tilde watch`. After each one that a build
//! can take, its outputs become what a clean build would write; after others it says what
//! a clean build would say, and the last good outputs stay.
//!
//! `TILDE_OPERATIONS=5000` does so many instead of 300, from the seed `TILDE_SEED` on.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::util::{Dir, Random, Running};

/// Where files come and go.
const FOLDERS: [&str; 5] = ["lib", "lib/deep", "lib/deep/er", "lib/other", "list"];

const CONFIGURATIONS: [&str; 5] = [
    "files = [\"lib/**/*.php\"]",
    "files = [\"lib/**/*.php\"]\nstyle = \"tight\"",
    "files = [\"lib/**/*.php\"]\nexclude = [\"lib/deep\"]",
    "files = [\"lib/first.php\", \"lib/**/*.php\"]",
    "files = [\"lib/*.php\"]\non-demand = [\"list/*.php\"]",
];

const OUTPUTS: [&str; 3] = ["out/all.php", "out/list.php", "out/list.php.map"];

struct Project {
    dir: Dir,
    random: Random,
    /// What was done, for messages.
    done: Vec<String>,
    count: usize,
    /// What the outputs are as long as nothing can be built.
    good: Vec<Option<Vec<u8>>>,
    /// Whether the last operation had moments in between that a build can take.
    has_moments: bool,
    /// What was said since the last build ended.
    said: Vec<String>,
    /// The errors of the last build.
    errors: Vec<String>,
}

impl Project {
    fn new(seed: u64) -> Self {
        let dir = Dir::new();
        dir.write(".gitignore", "out\n*.tmp\n");
        dir.write("lib/first.php", "<?php\nfunction first() { return __DIR__; }\n");
        for (index, folder) in FOLDERS.iter().enumerate() {
            let code = format!("<?php\nclass Class{index} {{ const A = {index}; }}\n");
            dir.write(format!("{folder}/class{index}.php"), code);
        }
        dir.folder("out");
        let random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut project = Self {
            dir,
            random,
            done: Vec::new(),
            count: 100,
            good: Vec::new(),
            has_moments: false,
            said: Vec::new(),
            errors: Vec::new(),
        };
        project.configure(CONFIGURATIONS[0]);
        project.git(&["init", "-q", "-b", "branch0"]);
        // Git tidies up while others look at its folders, once there are many objects.
        project.git(&["config", "gc.auto", "0"]);
        project
    }

    fn git(&self, args: &[&str]) {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=T", "-c", "user.email=t@example.org"]).args(args);
        let run = command.current_dir(self.dir.path("")).output().expect("install git");
        assert!(run.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&run.stderr));
    }

    fn configure(&mut self, lists: &str) {
        let own =
            "[[bundle]]\nfiles = [\"list/**/*.php\"]\noutput = \"out/list.php\"\nmap = true\n";
        self.dir
            .save("tilde.toml", format!("[[bundle]]\n{lists}\noutput = \"out/all.php\"\n{own}"));
    }

    fn files(&self) -> Vec<PathBuf> {
        let below = |path: PathBuf| path.strip_prefix(self.dir.path("")).unwrap().to_owned();
        let files = self.dir.files_left().into_keys().map(below);
        files
            .filter(|path| path.extension().is_some_and(|it| it == "php"))
            .filter(|path| !path.starts_with("out"))
            .collect()
    }

    /// Code that declares something new, so that no two files clash.
    fn code(&mut self) -> String {
        self.count += 1;
        let count = self.count;
        self.random.one(&[
            format!("<?php\nfunction function{count}() {{ return {count}; }}\n"),
            format!("<?php\nnamespace N{count};\nclass C {{}}\n"),
            format!("<?php\nclass Class{count} {{ public $file = __FILE__; }}\n"),
            format!("<?php\n// nothing {count}\n"),
            format!("<?php\ninterface I{count} {{}}\nreturn;\n"),
        ])
    }

    /// Does something.
    fn operate(&mut self) {
        let files = self.files();
        let Some(path) = (!files.is_empty()).then(|| self.random.one(&files)) else {
            return self.create();
        };
        let shown = path.display().to_string();
        let choice = self.random.below(14);
        self.has_moments = matches!(choice, 0 | 1 | 8 | 11 | 13);
        let said = match choice {
            0 | 1 => {
                fs::write(self.dir.path(&path), self.code()).unwrap();
                format!("write {shown}")
            }
            2 | 3 => {
                let code = self.code();
                self.dir.save(&path, code);
                format!("save {shown}")
            }
            4 | 5 => return self.create(),
            6 => {
                fs::remove_file(self.dir.path(&path)).unwrap();
                format!("remove {shown}")
            }
            7 => {
                self.count += 1;
                let new = path.with_file_name(format!("file{}.php", self.count));
                fs::rename(self.dir.path(&path), self.dir.path(&new)).unwrap();
                format!("rename {shown} to {}", new.display())
            }
            8 => self.move_folder(),
            9 => {
                self.dir.save(&path, "<?php\nthis is no code\n");
                format!("break {shown}")
            }
            10 => {
                let lists = self.random.one(&CONFIGURATIONS);
                self.configure(lists);
                format!("configure {lists}")
            }
            11 => self.switch(),
            12 => {
                let index = self.random.below(OUTPUTS.len());
                let _ = fs::remove_file(self.dir.path(OUTPUTS[index]));
                // It comes back if something can be built.
                self.good[index] = None;
                format!("remove {}", OUTPUTS[index])
            }
            _ => {
                for path in files {
                    let code = self.code();
                    self.dir.save(path, code);
                }
                "save all".to_owned()
            }
        };
        self.done.push(said);
    }

    fn create(&mut self) {
        self.has_moments = false;
        let folder = self.random.one(&FOLDERS);
        let code = self.code();
        let path = format!("{folder}/new{}/file{}.php", self.random.below(3), self.count);
        self.dir.save(&path, code);
        self.done.push(format!("create {path}"));
    }

    /// Moves a folder with all in it, or removes it.
    fn move_folder(&mut self) -> String {
        let folders = ["lib/deep", "lib/deep/er", "lib/other", "lib/moved", "list/new0"];
        let (from, to) = (self.random.one(&folders), self.random.one(&folders));
        if !self.dir.path(from).exists() || to.starts_with(from) || from.starts_with(to) {
            return format!("move nothing from {from} to {to}");
        }
        let _ = fs::remove_dir_all(self.dir.path(to));
        fs::create_dir_all(self.dir.path(to).parent().unwrap()).unwrap();
        fs::rename(self.dir.path(from), self.dir.path(to)).unwrap();
        format!("move {from} to {to}")
    }

    fn switch(&mut self) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "all"]);
        let next = self.random.below(3);
        let name = format!("branch{next}");
        let has = self.dir.path(".git/refs/heads").join(&name).exists();
        let new: &[&str] = if has { &[] } else { &["-b"] };
        self.git(&[&["checkout", "-q"], new, &[&name]].concat());
        format!("switch to {name}")
    }

    fn outputs(&self) -> Vec<Option<Vec<u8>>> {
        OUTPUTS.map(|path| fs::read(self.dir.path(path)).ok()).into()
    }

    /// Makes it a project that can be built.
    fn mend(&mut self) {
        self.has_moments = true;
        self.dir.save("lib/first.php", "<?php\nfunction first() { return __DIR__; }\n");
        for path in self.files().into_iter().filter(|path| !path.ends_with("first.php")) {
            let code = self.code();
            self.dir.save(path, code);
        }
        let code = self.code();
        self.dir.save("list/mended.php", code);
        self.configure(CONFIGURATIONS[0]);
        self.done.push("mend".to_owned());
    }

    /// Waits until the outputs are what a clean build would write or, where that writes
    /// none, until its errors have been said. Returns whether it would write some.
    fn settle(&mut self, running: &Running, seed: u64) -> bool {
        let mut is_built = false;
        running.wait_until(&format!("seed {seed}, after {:#?}", self.done), || {
            let before = self.outputs();
            let check = self.dir.run(["check"]);
            is_built = check.code < 2;
            self.listen(running);
            if is_built {
                return check.text().is_empty() && before == self.outputs();
            }
            errors_in(check.stderr.lines()) == self.errors
        });
        if is_built || self.has_moments {
            self.good = self.outputs();
        }
        assert!(self.good == self.outputs(), "seed {seed}, after {:#?}", self.done);
        is_built
    }

    /// Takes note of what was said.
    fn listen(&mut self, running: &Running) {
        for line in running.said() {
            let has_ended = line.starts_with('[') && line.contains("] ");
            self.said.push(line);
            if has_ended {
                self.errors = errors_in(self.said.iter().map(String::as_str));
                self.said.clear();
            }
        }
    }
}

fn errors_in<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    lines.filter(|line| line.starts_with("error")).map(str::to_owned).collect()
}

fn number(name: &str, usual: u64) -> u64 {
    env::var(name).map_or(usual, |text| text.parse().unwrap())
}

#[test]
fn outputs_are_those_of_a_clean_build() {
    let (seed, operations) = (number("TILDE_SEED", 1), number("TILDE_OPERATIONS", 300));
    println!("seed {seed}");
    let mut project = Project::new(seed);
    let running = project.dir.tilde(["watch"]).start();
    running.wait_for("watching ");
    project.good = project.outputs();
    let (mut built, mut broken) = (0, 0);
    for _ in 0..operations {
        if broken < 3 {
            project.operate();
        } else {
            project.mend();
        }
        let is_built = project.settle(&running, seed);
        (built, broken) = if is_built { (built + 1, 0) } else { (built, broken + 1) };
    }
    // Chance must not break the project for most of the time.
    assert!(built * 2 > operations, "{built} of {operations}");
    assert_eq!(running.finish(), 0);
}
