//! Every recorded ThinkPHP application, built by the real binary: the caches
//! must be those that the framework's own builder wrote, byte for byte.
//!
//! `testdata/thinkphp/README.md` says what a case is. Each version of each case
//! runs twice where its constants are recorded: once they are worked out from
//! the entry script, once they are given. `TILDE_THINKPHP=3.1/` or `=2.0/gbk`
//! runs only the cases whose name contains that.

// Clippy's own exception for tests does not reach their helpers.
#![allow(clippy::unwrap_used)]
// ThinkPHP is a name and no code.
#![allow(clippy::doc_markdown)]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rayon::prelude::*;
use serde_json::Value;
use tempfile::TempDir;
use walkdir::WalkDir;

/// Where the recorder saw the application and its builder.
const APP: &str = "/srv/app";
const BUILDER: &str = "/srv/builder";
/// Bytes that are shown before and from the first difference on.
const BEFORE: usize = 60;
const AFTER: usize = 90;

type Files = BTreeMap<PathBuf, Vec<u8>>;

#[test]
fn caches_are_those_of_the_framework() {
    let filter = env::var("TILDE_THINKPHP").unwrap_or_default();
    let cases: Vec<Case> = cases().into_iter().filter(|case| case.name.contains(&filter)).collect();
    assert!(!cases.is_empty(), "TILDE_THINKPHP={filter}: there is no such case");
    let runs: Vec<Run<'_>> = cases.iter().flat_map(Case::runs).collect();
    let failures: Vec<String> = runs.par_iter().filter_map(|run| run.failure().err()).collect();
    let (failed, all) = (failures.len(), runs.len());
    assert!(failures.is_empty(), "{}\n{failed} of {all} builds differ", failures.join("\n"));
}

/// A recorded application.
struct Case {
    /// `3.1/gbk`
    name: String,
    folder: PathBuf,
    generation: PathBuf,
    /// `case.json` over `generation.json`.
    settings: BTreeMap<String, Value>,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for generation in folders(&testdata()).filter(|path| path.join("generation.json").is_file()) {
        for folder in folders(&generation.join("cases")) {
            let mut settings = object(&generation.join("generation.json"));
            settings.extend(object(&folder.join("case.json")));
            let name = format!("{}/{}", file_name(&generation), file_name(&folder));
            cases.push(Case { name, folder, generation: generation.clone(), settings });
        }
    }
    cases
}

impl Case {
    fn runs(&self) -> Vec<Run<'_>> {
        let mut runs = Vec::new();
        for version in self.strings("php") {
            runs.push(Run { case: self, version: version.clone(), constants: None });
            if let Some(constants) = self.constants(&version) {
                runs.push(Run { case: self, version, constants: Some(constants) });
            }
        }
        runs
    }

    /// What this version wrote, if anything: the folder `5.2+5.6` is for both.
    fn recorded(folder: &Path, version: &str) -> Option<PathBuf> {
        folders(folder).find(|path| file_name(path).split('+').any(|one| one == version))
    }

    /// The recorded constants: the case's own, or those of the default case.
    fn constants(&self, version: &str) -> Option<PathBuf> {
        let default = self.generation.join("cases/default");
        let file = |folder: &Path| Some(Self::recorded(folder, version)?.join("constants.json"));
        let own = file(&self.folder).filter(|path| path.is_file());
        // Nothing was written, so that nothing can be in it.
        Self::recorded(&self.folder, version)?;
        own.or_else(|| file(&default).filter(|path| path.is_file()))
    }

    fn expected(&self, version: &str) -> Files {
        let mut files = Self::recorded(&self.folder, version).map(|path| files(&path));
        if let Some(files) = &mut files {
            files.remove(Path::new("constants.json"));
        }
        files.unwrap_or_default()
    }

    /// Lays the application out as the README says.
    fn lay_out(&self, app: &Path) {
        let mut sources = files(&self.generation.join("app"));
        sources.extend(files(&self.folder.join("app")));
        let switches: String =
            self.strings("switches").iter().flat_map(|line| [line, "\n"]).collect();
        let entry = sources.get_mut(Path::new("index.php")).unwrap();
        *entry = replaced(entry, b"// switches\n", switches.as_bytes());
        let is_crlf = self.settings.get("newlines").is_some_and(|newlines| newlines == "crlf");
        for (path, bytes) in sources {
            let path = app.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let bytes = if is_crlf { with_crlf(&bytes) } else { bytes };
            fs::write(path, bytes).unwrap();
        }
        for folder in self.strings("folders") {
            fs::create_dir_all(app.join(folder)).unwrap();
        }
    }

    fn strings(&self, key: &str) -> Vec<String> {
        let value = self.settings.get(key).cloned().unwrap_or_else(|| Value::Array(Vec::new()));
        serde_json::from_value(value).unwrap()
    }
}

/// One build of a case.
struct Run<'a> {
    case: &'a Case,
    version: String,
    constants: Option<PathBuf>,
}

impl Run<'_> {
    /// All that is other than recorded.
    fn failure(&self) -> Result<(), String> {
        let dir = TempDir::new().unwrap();
        let app = dir.path().join("app");
        self.case.lay_out(&app);
        fs::write(dir.path().join("tilde.toml"), configuration(&self.version)).unwrap();
        let sources: BTreeSet<PathBuf> = files(&app).into_keys().collect();

        let output = self.command(&app).output().unwrap();
        let mut caches = files(&app);
        caches.retain(|path, _| !sources.contains(path));
        let mut failure = String::new();
        let code = output.status.code();
        if !matches!(code, Some(0 | 1)) {
            let stderr = String::from_utf8_lossy(&output.stderr);
            let _ = writeln!(failure, "  exit status {code:?}\n{}", indented(&stderr));
        }
        failure += &differences(&self.case.expected(&self.version), &caches);
        if failure.is_empty() {
            return Ok(());
        }
        let how = if self.constants.is_some() { ", constants given" } else { "" };
        Err(format!("{} under PHP {}{how}:\n{failure}", self.case.name, self.version))
    }

    fn command(&self, app: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tilde"));
        let builder = testdata().join("builder");
        command
            .args(["build", "--output-format", "short", "--php", &self.version, "--thinkphp"])
            .arg(app)
            .arg("--map-path")
            .arg(format!("{APP}={}", app.display()))
            .arg("--map-path")
            .arg(format!("{BUILDER}={}", builder.display()))
            .stdin(Stdio::null());
        if let Some(constants) = &self.constants {
            command.arg("--constants").arg(constants);
        }
        command
    }
}

/// A tilde.toml for the PHP of this version that recorded the caches.
fn configuration(version: &str) -> String {
    let target = object(&testdata().join("target.json"));
    let (php, server) = (&target["php"][version], &target["server"]);
    format!(
        "[target]\nsapi = {}\nos = {}\nint-size = {}\nshort-tags = {}\nscript-name = {}\n\
         document-root = {}\nhost = {}\nmagic-quotes = {}\n",
        target["sapi"],
        target["os"].to_string().to_lowercase(),
        php["integer_bits"],
        target["ini"]["short_open_tag"],
        server["SCRIPT_NAME"],
        server["DOCUMENT_ROOT"],
        server["HTTP_HOST"],
        php["magic_quotes_gpc"],
    )
}

/// A paragraph for each file that is missing, other, or one too many.
fn differences(expected: &Files, actual: &Files) -> String {
    let mut text = String::new();
    for (path, expected) in expected {
        let name = path.display();
        match actual.get(path) {
            None => {
                let _ = writeln!(text, "  {name} is missing");
            }
            Some(actual) if actual != expected => {
                let is_same = |(one, other): &(&u8, &u8)| one == other;
                let at = expected.iter().zip(actual).take_while(is_same).count();
                let (was, is) = (shown(expected, at), shown(actual, at));
                let _ = writeln!(text, "  {name} differs at byte {at}:\n    - {was}\n    + {is}");
            }
            Some(_) => {}
        }
    }
    for path in actual.keys().filter(|path| !expected.contains_key(*path)) {
        let _ = writeln!(text, "  {} should not be there", path.display());
    }
    text
}

fn shown(bytes: &[u8], at: usize) -> String {
    let (from, to) = (at.saturating_sub(BEFORE), (at + AFTER).min(bytes.len()));
    format!("{}\u{2502}{}", bytes[from..at].escape_ascii(), bytes[at..to].escape_ascii())
}

fn indented(text: &str) -> String {
    format!("    {}", text.trim_end().replace('\n', "\n    "))
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len());
    for (index, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' && (index == 0 || bytes[index - 1] != b'\r') {
            text.push(b'\r');
        }
        text.push(*byte);
    }
    text
}

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/thinkphp").canonicalize().unwrap()
}

fn object(path: &Path) -> BTreeMap<String, Value> {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The folders in a folder, by name.
fn folders(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = WalkDir::new(folder).min_depth(1).max_depth(1).sort_by_file_name();
    let entries = entries.into_iter().map(Result::unwrap);
    entries.filter(|entry| entry.file_type().is_dir()).map(walkdir::DirEntry::into_path)
}

/// All files below a folder, by their paths from there; none if it is missing.
fn files(folder: &Path) -> Files {
    let entries = WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let entries = entries.filter(|entry| entry.file_type().is_file());
    entries
        .map(|entry| {
            let path = entry.path();
            (path.strip_prefix(folder).unwrap().to_owned(), fs::read(path).unwrap())
        })
        .collect()
}

fn file_name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}
