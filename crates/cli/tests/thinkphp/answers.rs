//! The applications keep working: each answers from tilde's caches as it does
//! from its sources.
//!
//! PHP is asked three times: with no cache, with the framework's own kind, and
//! with those of `--safe`. The framework must take what it finds: no file may
//! be another after a request, or newer. Some cases must
//! fail: the framework's own caches do not always do what the
//! sources do, and there tilde's may not either, unless they are `--safe`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use rayon::prelude::*;
use tempfile::TempDir;
use walkdir::WalkDir;

use crate::case::{self, Case, builder, cases, files, indented};

/// An old PHP and a new one: more would take too long.
const VERSIONS: &[&str] = &["5.6", "7.4"];

/// Cases that `--safe` refuses, and what it says.
const REFUSED: &[(&str, &str)] = &[
    // PHP takes what follows `__halt_compiler` for data, wherever the file ends.
    ("3.2/halt-compiler", "error[T-HALT]: `__halt_compiler` would cut off"),
    // A `declare` without a block has no end but the file's.
    ("3.2/namespaces", "error[T-DECLARE]: this `declare` would hold for the rest"),
];

/// Cases whose framework writes its caches at each request.
const REWRITTEN: &[&str] = &[
    // RUNTIME_ALLINONE comes too late for ~allinone.php to be looked for.
    "2.1/late-constants",
];

/// Cases in which PHP stops, before and after there are caches.
const STOPPED: &[&str] = &["2.1/stops"];

#[test]
fn applications_answer_from_caches_as_from_sources() {
    let cases = cases();
    let failures: Vec<String> =
        VERSIONS.par_iter().flat_map(|version| failures(&cases, version)).collect();
    assert!(failures.is_empty(), "{}\n{} failures", failures.join("\n"), failures.len());
}

fn failures(cases: &[Case], version: &str) -> Vec<String> {
    let cases = cases.iter().filter(|case| case.strings("php").iter().any(|one| one == version));
    let cases: Vec<&Case> = cases.collect();
    let trials: Vec<Trial<'_>> = cases.par_iter().map(|case| Trial::new(case, version)).collect();
    let groups: Vec<Vec<&Path>> = trials.iter().map(Trial::folders).collect();
    let answers = ask(version, &groups);
    let failures = trials.iter().zip(answers).flat_map(|(trial, answers)| {
        let name = format!("{} under PHP {version}", trial.case.name);
        trial.failures(answers).into_iter().map(move |text| format!("{name}: {text}"))
    });
    failures.collect()
}

/// A case, laid out and built in every way.
struct Trial<'a> {
    case: &'a Case,
    version: &'a str,
    sources: State,
    built: State,
    safe: State,
    _dir: TempDir,
}

impl<'a> Trial<'a> {
    fn new(case: &'a Case, version: &'a str) -> Self {
        let dir = TempDir::new().unwrap();
        let state = |name, args| State::new(case, version, dir.path().join(name), args);
        Self {
            case,
            version,
            sources: state("sources", None),
            built: state("built", Some(&[])),
            safe: state("safe", Some(&["--safe"])),
            _dir: dir,
        }
    }

    /// What PHP is asked.
    fn folders(&self) -> Vec<&Path> {
        let mut folders = vec![&*self.sources.folder, &*self.built.folder];
        if self.safe.is_built {
            folders.push(&self.safe.folder);
        }
        folders
    }

    fn failures(&self, answers: Vec<Vec<u8>>) -> Vec<String> {
        let mut answers = answers.into_iter();
        let sources = answers.next().unwrap();
        if STOPPED.contains(&&*self.case.name) {
            let failure = || "there is an answer from the sources".to_owned();
            return is_answer(&sources).then(failure).into_iter().collect();
        }
        if !is_answer(&sources) {
            return vec![format!("no answer from the sources:\n{}", shown(&sources))];
        }
        let built = self.failures_of_built(&sources, &answers.next().unwrap());
        let safe = self.failures_of_safe(&sources, answers.next());
        built.into_iter().chain(safe).collect()
    }

    fn failures_of_built(&self, sources: &[u8], answer: &[u8]) -> Vec<String> {
        if !self.built.is_built {
            return vec![format!("no build:\n{}", indented(&self.built.said))];
        }
        let works = is_answer(answer) && last_line(answer) == last_line(sources);
        match (works, self.case.breaks(self.version)) {
            (true, true) => vec![format!("the caches work:\n{}", shown(answer))],
            (false, false) => vec![format!("the caches do not work:\n{}", shown(answer))],
            (true, false) => self.changes(&self.built),
            (false, true) => Vec::new(),
        }
    }

    fn changes(&self, state: &State) -> Vec<String> {
        if REWRITTEN.contains(&&*self.case.name) { Vec::new() } else { state.changes() }
    }

    fn failures_of_safe(&self, sources: &[u8], answer: Option<Vec<u8>>) -> Vec<String> {
        let name = &*self.case.name;
        let refused = REFUSED.iter().find(|(case, ..)| *case == name);
        match (answer, refused) {
            (None, Some((_, said))) if self.safe.said.contains(said) => Vec::new(),
            (None, _) => vec![format!("no build with --safe:\n{}", indented(&self.safe.said))],
            (Some(_), Some((_, said))) => vec![format!("--safe does not say {said}")],
            (Some(answer), None) => {
                // What it leaves out it says.
                let leaves_out = self.safe.said.contains("[T-BOM]");
                let expected = if leaves_out { without_bom(sources) } else { sources.to_vec() };
                let works = is_answer(&answer) && last_line(&answer) == last_line(&expected);
                if works {
                    return self.changes(&self.safe);
                }
                vec![format!("the caches of --safe do not work:\n{}", shown(&answer))]
            }
        }
    }
}

/// An application and its caches, in a folder that PHP sees as /srv.
struct State {
    folder: PathBuf,
    /// What was there before PHP was asked.
    before: BTreeMap<PathBuf, Identity>,
    is_built: bool,
    /// What tilde said.
    said: String,
}

/// A file's content, and when it was written.
type Identity = (Vec<u8>, i64, i64);

impl State {
    /// Without arguments for tilde, the framework builds.
    fn new(case: &Case, version: &str, folder: PathBuf, args: Option<&[&str]>) -> Self {
        let app = folder.join("app");
        case.lay_out(&app);
        set_whole_seconds(&app);
        fs::create_dir(folder.join("builder")).unwrap();
        for (path, bytes) in files(&builder()) {
            fs::write(folder.join("builder").join(path), bytes).unwrap();
        }
        // The builder writes all constants there.
        fs::create_dir(folder.join("record")).unwrap();
        let mut state =
            Self { folder, before: BTreeMap::new(), is_built: true, said: String::new() };
        if let Some(args) = args {
            let output = case::command(version, &app).args(args).output().unwrap();
            state.is_built = matches!(output.status.code(), Some(0 | 1));
            state.said = String::from_utf8_lossy(&output.stderr).into_owned();
        }
        state.before = identities(&app);
        state
    }

    /// What the request did to files.
    fn changes(&self) -> Vec<String> {
        let after = identities(&self.folder.join("app"));
        let is_other =
            |(path, identity): &(&PathBuf, &Identity)| self.before.get(*path) != Some(identity);
        let others = after.iter().filter(is_other);
        others.map(|(path, _)| format!("the request wrote {}", path.display())).collect()
    }
}

fn identities(folder: &Path) -> BTreeMap<PathBuf, Identity> {
    let entries = WalkDir::new(folder).into_iter().map(Result::unwrap);
    let entries = entries.filter(|entry| entry.file_type().is_file());
    entries
        .map(|entry| {
            let metadata = entry.metadata().unwrap();
            let path = entry.path().strip_prefix(folder).unwrap().to_owned();
            let bytes = fs::read(entry.path()).unwrap();
            (path, (bytes, metadata.mtime(), metadata.mtime_nsec()))
        })
        .collect()
}

/// Node rounds a file's time up: 10.9997 seconds are 11 for its PHP, which is not older than
/// what was written a moment later. A request would write such caches again.
fn set_whole_seconds(folder: &Path) {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(now);
    for entry in WalkDir::new(folder).into_iter().map(Result::unwrap) {
        if entry.file_type().is_file() {
            File::open(entry.path()).unwrap().set_modified(time).unwrap();
        }
    }
}

/// Warnings come before the answer, which is the last line.
fn last_line(answer: &[u8]) -> &[u8] {
    answer.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap_or_default()
}

fn without_bom(answer: &[u8]) -> Vec<u8> {
    let bom = "\u{feff}".as_bytes();
    let mut rest = answer;
    let mut kept = Vec::new();
    while let Some(at) = rest.windows(bom.len()).position(|window| window == bom) {
        kept.extend_from_slice(&rest[..at]);
        rest = &rest[at + bom.len()..];
    }
    kept.extend_from_slice(rest);
    kept
}

fn is_answer(answer: &[u8]) -> bool {
    let lower = answer.to_ascii_lowercase();
    !last_line(answer).is_empty() && !lower.windows(5).any(|window| window == b"error")
}

fn shown(answer: &[u8]) -> String {
    indented(&String::from_utf8_lossy(answer))
}

/// What the folders answer under a PHP from npm.
fn ask(version: &str, groups: &[Vec<&Path>]) -> Vec<Vec<Vec<u8>>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/thinkphp/answers.mjs");
    let mut child = Command::new("node")
        .arg(script)
        .arg(version)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node is missing: install Node.js 20 or later with npm, then run scripts/oracle/install");
    let input = serde_json::to_vec(groups).unwrap();
    child.stdin.take().unwrap().write_all(&input).unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "answers.mjs {version}: {stderr}");
    let answers: Vec<Vec<String>> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answers.len(), groups.len(), "{stderr}");
    let byte = |character: char| u8::try_from(character).expect("answers.mjs writes bytes");
    let bytes = |answer: &String| answer.chars().map(byte).collect();
    answers.iter().map(|group| group.iter().map(bytes).collect()).collect()
}
