//! The harness: a fresh folder, the real binary, and what both leave behind.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// A test that waits for an event gives up after this time.
const DEADLINE: Duration = Duration::from_secs(20);

/// What the environment of a test run says, and must not say to the binary.
const OUTER: &[&str] = &[
    "CI",
    "GITHUB_ACTIONS",
    "GITHUB_WORKSPACE",
    "GITLAB_CI",
    "CI_PROJECT_DIR",
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR_FORCE",
    "TILDE_ALLOW_PHP",
];

/// Takes from a command what the environment of a test run says.
pub(crate) fn clean(command: &mut Command) -> &mut Command {
    for name in OUTER {
        command.env_remove(name);
    }
    command
}

/// Numbers that look random, from a seed (xorshift).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    pub(crate) fn one<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

/// The folder of this project.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder of what `scripts/corpus` fetches.
pub(crate) fn corpus(part: &str) -> PathBuf {
    let corpus = std::env::var_os("TILDE_CORPUS").map(PathBuf::from);
    corpus.unwrap_or_else(|| repository().join(".corpus")).join(part).canonicalize().unwrap_or_else(
        |error| {
            panic!("there is no {part}: {error}; the head of scripts/corpus says what fetches it")
        },
    )
}

/// A fresh folder that goes away with the value.
pub(crate) struct Dir(tempfile::TempDir);

/// A file as a run left it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) bytes: Vec<u8>,
    /// Seconds and nanoseconds.
    pub(crate) modified: (i64, i64),
    pub(crate) inode: u64,
}

impl Dir {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with the project of most tests: two sources, one bundle.
    pub(crate) fn project() -> Self {
        let dir = Self::new();
        dir.write("tilde.toml", "[[bundle]]\nfiles = [\"lib/*.php\"]\noutput = \"out/all.php\"\n");
        dir.write("lib/a.php", "<?php\n// one\nfunction a() { return 1; }\n");
        dir.write("lib/b.php", "<?php\nfunction b() { return 2; }\n");
        dir.folder("out");
        dir
    }

    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(path)
    }

    pub(crate) fn folder(&self, path: &str) {
        fs::create_dir_all(self.path(path)).unwrap();
    }

    /// Writes a file in place, and its folder when that is missing.
    pub(crate) fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes a file that nobody can see half written, which a program that
    /// runs meanwhile could.
    pub(crate) fn save(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        self.write("saved.tmp", text);
        fs::rename(self.path("saved.tmp"), path).unwrap();
    }

    pub(crate) fn text(&self, path: &str) -> String {
        String::from_utf8(fs::read(self.path(path)).unwrap()).unwrap()
    }

    /// All files below, by path.
    pub(crate) fn files_left(&self) -> BTreeMap<PathBuf, Left> {
        let mut left = BTreeMap::new();
        let mut folders = vec![self.path("")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let metadata = fs::symlink_metadata(&path).unwrap();
                if metadata.is_dir() {
                    folders.push(path);
                } else if metadata.is_file() {
                    let modified = (metadata.mtime(), metadata.mtime_nsec());
                    // A sparse file of 4 GiB is not worth reading.
                    let is_short = metadata.len() < 1 << 20;
                    let bytes = if is_short { fs::read(&path).unwrap() } else { Vec::new() };
                    let inode = metadata.ino();
                    left.insert(path, Left { bytes, modified, inode });
                }
            }
        }
        left
    }

    /// The binary, to be run in this folder.
    pub(crate) fn tilde(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Tilde {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tilde"));
        command.current_dir(self.path("")).args(args).stdin(Stdio::null());
        clean(&mut command);
        Tilde(command)
    }

    /// The same binary by way of `unshare`, after this script: as root of namespaces of
    /// its own.
    pub(crate) fn tilde_as_root(&self, script: &str, args: &[&str]) -> Tilde {
        let mut command = Command::new("unshare");
        command.current_dir(self.path("")).args(["-U", "-r", "-m", "sh", "-c"]);
        command.arg(format!("{script} && exec \"$0\" \"$@\"")).arg(env!("CARGO_BIN_EXE_tilde"));
        command.args(args);
        Tilde(command)
    }

    /// A line of shell in this folder, with the binary in the path; git there knows who
    /// commits, and nothing else of this machine.
    pub(crate) fn shell(&self, line: &str) -> Tilde {
        let binary = Path::new(env!("CARGO_BIN_EXE_tilde")).parent().unwrap();
        let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("bash");
        command.args(["-e", "-c", line]).current_dir(self.path("")).env("PATH", path);
        clean(&mut command).stdin(Stdio::null()).env("GIT_CONFIG_GLOBAL", "/dev/null");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "A");
            command.env(format!("GIT_{who}_EMAIL"), "a@example.org");
        }
        Tilde(command)
    }

    /// Runs the binary in this folder.
    pub(crate) fn run(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Run {
        self.tilde(args).run()
    }

    /// Runs something that must fail with 2 and change no file.
    pub(crate) fn fail(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Run {
        let before = self.files_left();
        let run = self.run(args);
        assert_eq!(run.code, 2, "{run}");
        assert_eq!(self.files_left(), before, "{run}");
        run
    }
}

/// A command line.
pub(crate) struct Tilde(Command);

impl Tilde {
    /// Runs it there.
    pub(crate) fn current_dir(mut self, folder: &Path) -> Self {
        self.0.current_dir(folder);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    pub(crate) fn envs(mut self, variables: &[(&str, &str)]) -> Self {
        self.0.envs(variables.iter().copied());
        self
    }

    pub(crate) fn run(self) -> Run {
        self.run_with("")
    }

    /// Runs it with this standard input.
    pub(crate) fn run_with(mut self, stdin: impl AsRef<[u8]>) -> Run {
        self.0.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.0.spawn().unwrap();
        // The program may end without reading it all.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_ref());
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code().unwrap(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Starts it, with a standard input that stays open.
    pub(crate) fn start(mut self) -> Running {
        self.0.stdin(Stdio::piped());
        self.start_without_stdin()
    }

    /// Starts it, with a standard input that has nothing.
    pub(crate) fn start_without_stdin(mut self) -> Running {
        self.0.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = self.0.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Running { child, lines }
    }
}

/// How a run ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.stdout).unwrap()
    }

    /// Where bytes that are no UTF-8 are to be expected.
    pub(crate) fn text_lossy(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stdout = String::from_utf8_lossy(&self.stdout);
        write!(f, "exit: {}\nstdout:\n{stdout}\nstderr:\n{}", self.code, self.stderr)
    }
}

/// A run that goes on, such as `watch`.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    /// The next line on standard error that contains `text`. Fails the test
    /// when none comes.
    pub(crate) fn wait_for(&self, text: &str) -> String {
        let end = Instant::now() + DEADLINE;
        let mut seen = String::new();
        loop {
            let patience = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(patience) {
                Ok(line) if line.contains(text) => return line,
                Ok(line) => seen = seen + &line + "\n",
                Err(error) => panic!("no line with `{text}` ({error}) after:\n{seen}"),
            }
        }
    }

    /// The lines up to the next one that contains `text`, and that one.
    pub(crate) fn lines_to(&self, text: &str) -> Vec<String> {
        let end = Instant::now() + DEADLINE;
        let mut lines = Vec::new();
        while !lines.last().is_some_and(|line: &String| line.contains(text)) {
            let patience = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(patience) {
                Ok(line) => lines.push(line),
                Err(error) => panic!("no line with `{text}` ({error}) after:\n{lines:#?}"),
            }
        }
        lines
    }

    /// What was said since the last question, for messages.
    pub(crate) fn said(&self) -> Vec<String> {
        self.lines.try_iter().collect()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as nothing can that may tidy up.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until something holds, which the program sees to.
    pub(crate) fn wait_until(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let end = Instant::now() + DEADLINE;
        while !holds() {
            assert!(Instant::now() < end, "{what}: not so after:\n{:#?}", self.said());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Closes standard input and returns the exit code.
    pub(crate) fn finish(mut self) -> i32 {
        drop(self.child.stdin.take());
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Compares a run with its snapshot; times and temporary names are masked.
macro_rules! assert_run {
    ($run:expr) => {
        insta::with_settings!({filters => vec![
            (r"\d+ ms", "N ms"),
            (r"\[\d\d:\d\d:\d\d\]", "[TIME]"),
        ], omit_expression => true}, { insta::assert_snapshot!($run.to_string()) })
    };
}
pub(crate) use assert_run;
