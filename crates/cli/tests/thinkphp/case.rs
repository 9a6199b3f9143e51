//! The recorded cases, and how one is laid out and built.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use walkdir::WalkDir;

/// Where the recorder saw the application and its builder.
const APP: &str = "/srv/app";
const BUILDER: &str = "/srv/builder";

/// What is in files, by their paths.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A recorded application.
pub(crate) struct Case {
    /// `3.1/gbk`
    pub(crate) name: String,
    folder: PathBuf,
    generation: PathBuf,
    /// `case.json` over `generation.json`.
    settings: BTreeMap<String, Value>,
}

/// The chosen cases.
pub(crate) fn cases() -> Vec<Case> {
    let filter = env::var("TILDE_THINKPHP").unwrap_or_default();
    let mut cases = all();
    cases.retain(|case| case.name.contains(&filter));
    assert!(!cases.is_empty(), "TILDE_THINKPHP={filter}: there is no such case");
    cases
}

/// All cases.
pub(crate) fn all() -> Vec<Case> {
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
    /// What this version wrote, if anything: the folder `5.2+5.6` is for both.
    fn recorded(folder: &Path, version: &str) -> Option<PathBuf> {
        folders(folder).find(|path| file_name(path).split('+').any(|one| one == version))
    }

    /// The recorded constants: the case's own, or those of the default case.
    pub(crate) fn constants(&self, version: &str) -> Option<PathBuf> {
        let default = self.generation.join("cases/default");
        let file = |folder: &Path| Some(Self::recorded(folder, version)?.join("constants.json"));
        let own = file(&self.folder).filter(|path| path.is_file());
        // Nothing was written, so that nothing can be in it.
        Self::recorded(&self.folder, version)?;
        own.or_else(|| file(&default).filter(|path| path.is_file()))
    }

    pub(crate) fn expected(&self, version: &str) -> Files {
        let mut files = Self::recorded(&self.folder, version).map(|path| files(&path));
        if let Some(files) = &mut files {
            files.remove(Path::new("constants.json"));
        }
        files.unwrap_or_default()
    }

    /// Lays the application out as the README says.
    pub(crate) fn lay_out(&self, app: &Path) {
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

    pub(crate) fn strings(&self, key: &str) -> Vec<String> {
        let value = self.settings.get(key).cloned().unwrap_or_else(|| Value::Array(Vec::new()));
        serde_json::from_value(value).unwrap()
    }

    /// Whether the framework's own caches do not do what the sources do.
    pub(crate) fn breaks(&self, version: &str) -> bool {
        match self.settings.get("breaks") {
            None => false,
            Some(Value::Array(versions)) => versions.iter().any(|one| one == version),
            Some(value) => *value == true,
        }
    }
}

/// Builds the application, laid out in a folder of its own.
pub(crate) fn command(version: &str, app: &Path) -> Command {
    fs::write(app.with_file_name("tilde.toml"), configuration(version)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilde"));
    command
        .args(["build", "--php", version, "--thinkphp"])
        .arg(app)
        .arg("--map-path")
        .arg(format!("{APP}={}", app.display()))
        .arg("--map-path")
        .arg(format!("{BUILDER}={}", builder().display()))
        .stdin(Stdio::null());
    command
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

pub(crate) fn indented(text: &str) -> String {
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

/// The builder that stands for ThinkPHP's own.
pub(crate) fn builder() -> PathBuf {
    testdata().join("builder")
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
pub(crate) fn files(folder: &Path) -> Files {
    let entries = WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let entries = entries.filter(|entry| entry.file_type().is_file());
    entries
        .map(|entry| {
            let path = entry.path();
            (path.strip_prefix(folder).unwrap().to_owned(), fs::read(path).unwrap())
        })
        .collect()
}

pub(crate) fn file_name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}
