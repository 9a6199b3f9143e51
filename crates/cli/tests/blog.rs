//! The proof: a whole application answers every request with the same bytes
//! from its sources and compiled, under several versions of PHP.
//!
//! The two never share a folder, and the application itself says which files a
//! request loaded: a compiled run that quietly fell back to the sources would
//! otherwise pass.

// Clippy's own exception for tests does not reach their helpers.
#![allow(clippy::unwrap_used)]

use std::fmt;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PAGES: &[(&str, u16)] = &[
    ("/", 200),
    ("/index.php", 200),
    ("/page/2", 200),
    ("/index.php/post/1", 200),
    ("/index.php/post/2", 200),
    ("/index.php/post/3", 200),
    ("/index.php/post/4", 200),
    ("/index.php/post/5", 200),
    ("/index.php/post/6", 200),
    ("/index.php/post/7", 200),
    ("/index.php/post/8", 200),
    ("/index.php?s=/post/read/id/4", 200),
    ("/post/raw/id/7", 200),
    ("/tag", 200),
    ("/tag/print", 200),
    ("/archive", 200),
    ("/archive/2010", 200),
    ("/about", 200),
    ("/about?lang=gbk", 200),
    ("/about/gbk", 200),
    ("/feed", 200),
    ("/debug/config", 200),
    ("/page/9", 404),
    ("/post/99", 404),
    ("/post/raw/id/99", 404),
    ("/tag/none", 404),
    ("/archive/1999", 404),
    ("/nothing", 404),
    ("/nothing/here/at/all", 404),
    ("/about/display", 404),
    ("/debug/fail", 500),
];

/// The page that lists the files that its request loaded.
const INCLUDED: &str = "/debug/files";

const DEADLINE: Duration = Duration::from_secs(30);

#[test]
fn under_php_built_in_server() {
    for style in ["lines", "tight", "php"] {
        prove(style, ask_server);
    }
}

#[test]
fn under_php_5_6() {
    prove("lines", |app, paths| ask_npm("5.6", app, paths));
}

#[test]
fn under_php_7_4() {
    prove("lines", |app, paths| ask_npm("7.4", app, paths));
}

#[test]
fn under_php_8_5() {
    prove("lines", |app, paths| ask_npm("8.5", app, paths));
}

#[test]
fn second_build_leaves_the_files_alone() {
    let app = App::copy();
    app.build();
    let first = app.outputs().map(|path| identity(&path));
    app.build();
    assert_eq!(app.outputs().map(|path| identity(&path)), first);
}

fn prove(style: &str, ask: impl Fn(&App, &[&str]) -> Vec<Answer>) {
    let sources = App::copy();
    let compiled = App::copy();
    compiled.set_style(style);
    compiled.build();

    let paths: Vec<&str> = PAGES.iter().map(|(path, _)| *path).chain([INCLUDED]).collect();
    let mut expected = ask(&sources, &paths);
    let mut actual = ask(&compiled, &paths);
    let from_sources = expected.pop().unwrap().lines();
    let from_compiled = actual.pop().unwrap().lines();

    assert_eq!(expected.len(), PAGES.len());
    assert_eq!(actual.len(), PAGES.len());
    for (((path, status), expected), actual) in PAGES.iter().zip(expected).zip(actual) {
        assert_eq!(expected.status, *status, "{path}: {expected:?}");
        assert!(!expected.complains(), "{path}: {expected:?}");
        assert_eq!(actual, expected, "{path} differs when compiled in style {style}");
    }

    for Bundle { files, output } in sources.bundles() {
        for member in files {
            assert!(
                from_sources.iter().any(|file| member.matches(file)),
                "{member:?} is missing in {from_sources:#?}"
            );
            assert!(
                !from_compiled.iter().any(|file| member.matches(file)),
                "{member:?} is among {from_compiled:#?}"
            );
        }
        assert!(!from_sources.contains(&output), "{output} is among {from_sources:#?}");
        assert!(from_compiled.contains(&output), "{output} is missing in {from_compiled:#?}");
    }
}

/// A fresh copy of the application, with nothing compiled in it.
struct App(TempDir);

struct Bundle {
    files: Vec<Pattern>,
    output: String,
}

impl App {
    fn copy() -> Self {
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/apps/blog");
        let app = Self(tempfile::tempdir().unwrap());
        for entry in walkdir::WalkDir::new(&original) {
            let entry = entry.unwrap();
            let path = app.path().join(entry.path().strip_prefix(&original).unwrap());
            if entry.file_type().is_dir() {
                fs::create_dir_all(path).unwrap();
            } else {
                fs::copy(entry.path(), path).unwrap();
            }
        }
        // Somebody may have tried the application in its place.
        for output in app.outputs() {
            let _ = fs::remove_file(output);
        }
        app
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn manifest(&self) -> String {
        fs::read_to_string(self.path().join("tilde.toml")).unwrap()
    }

    fn bundles(&self) -> [Bundle; 2] {
        let manifest: toml::Table = self.manifest().parse().unwrap();
        let bundles = manifest["bundle"].as_array().unwrap().iter().map(|bundle| Bundle {
            files: bundle["files"].as_array().unwrap().iter().map(Pattern::new).collect(),
            output: bundle["output"].as_str().unwrap().to_owned(),
        });
        let bundles: Vec<_> = bundles.collect();
        bundles.try_into().ok().expect("the blog has two bundles")
    }

    fn outputs(&self) -> [PathBuf; 2] {
        self.bundles().map(|bundle| self.path().join(bundle.output))
    }

    fn set_style(&self, style: &str) {
        let manifest =
            self.manifest().replace("[[bundle]]", &format!("[[bundle]]\nstyle = \"{style}\""));
        fs::write(self.path().join("tilde.toml"), manifest).unwrap();
    }

    fn build(&self) {
        let run = Command::new(env!("CARGO_BIN_EXE_tilde"))
            .arg("build")
            .arg(self.path())
            .output()
            .unwrap();
        assert!(
            run.status.success(),
            "tilde build: {}\n{}",
            run.status,
            String::from_utf8_lossy(&run.stderr)
        );
    }
}

/// A member as `tilde.toml` names it: a path with at most one `*`.
#[derive(Debug)]
struct Pattern {
    start: String,
    end: Option<String>,
}

impl Pattern {
    fn new(value: &toml::Value) -> Self {
        let pattern = value.as_str().unwrap();
        match pattern.split_once('*') {
            Some((start, end)) => Self { start: start.to_owned(), end: Some(end.to_owned()) },
            None => Self { start: pattern.to_owned(), end: None },
        }
    }

    fn matches(&self, file: &str) -> bool {
        match &self.end {
            Some(end) => file.starts_with(&self.start) && file.ends_with(end),
            None => file == self.start,
        }
    }
}

/// What an application said to one request.
#[derive(PartialEq, Eq)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn lines(&self) -> Vec<String> {
        assert_eq!(self.status, 200, "{self:?}");
        String::from_utf8_lossy(&self.body).lines().map(str::to_owned).collect()
    }

    /// Whether PHP put a message of its own into the page.
    fn complains(&self) -> bool {
        let body = String::from_utf8_lossy(&self.body);
        ["Notice: ", "Warning: ", "Deprecated: ", "Fatal error: "]
            .iter()
            .any(|message| body.contains(message))
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        write!(
            f,
            "{} {:?}\n{}\n",
            self.status,
            self.headers,
            body.escape_debug().to_string().replace("\\n", "\n")
        )
    }
}

/// Asks under the PHP of this machine, through its built-in web server.
fn ask_server(app: &App, paths: &[&str]) -> Vec<Answer> {
    let server = Server::start(app.path());
    paths.iter().map(|path| server.get(path)).collect()
}

/// `php -S`, which ends with the value.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(root: &Path) -> Self {
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        // Without php.ini, so that every machine shows all messages.
        let child = Command::new("php")
            .args(["-n", "-d", "display_errors=1", "-d", "error_reporting=-1", "-S"])
            .arg(format!("127.0.0.1:{port}"))
            .arg("-t")
            .arg(root)
            .env("BLOG_PROOF", "1")
            .env_remove("BLOG_SOURCES")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("php is missing: install PHP 8.2 or later (apt-get install php-cli), as scripts/test does");
        let mut server = Self { child, port };
        server.wait();
        server
    }

    fn wait(&mut self) {
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(
                self.child.try_wait().unwrap().is_none(),
                "php -S has ended: is port {} taken?",
                self.port
            );
            assert!(start.elapsed() < DEADLINE, "php -S does not answer");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn get(&self, path: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        // In one piece: php -S gives up on a request that arrives in several.
        let request = format!("GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).unwrap();
        parse(&response)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn parse(response: &[u8]) -> Answer {
    let end = response
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(response)));
    let head = String::from_utf8_lossy(&response[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .map(|line| line.split_once(": ").unwrap())
        .filter(|(name, _)| !["Date", "Connection", "Host"].contains(name))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Answer { status, headers, body: response[end + 4..].to_vec() }
}

/// Asks under a PHP from npm. A body that is not UTF-8 stays in base64: it is
/// equal to another exactly when the bytes are.
fn ask_npm(version: &str, app: &App, paths: &[&str]) -> Vec<Answer> {
    let run = Command::new("node")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/oracle/request.mjs"))
        .arg(version)
        .arg(app.path())
        .args(["--env", "BLOG_PROOF=1"])
        .args(paths)
        .output()
        .expect("node is missing: install Node.js 20 or later with npm, then run scripts/oracle/install");
    assert!(
        run.status.success(),
        "request.mjs {version}: {}",
        String::from_utf8_lossy(&run.stderr)
    );
    let answers: Vec<serde_json::Value> = serde_json::from_slice(&run.stdout).unwrap();
    answers
        .iter()
        .map(|answer| Answer {
            status: answer["status"].as_u64().unwrap().try_into().unwrap(),
            headers: serde_json::from_value(answer["headers"].clone()).unwrap(),
            body: answer["body"].as_str().unwrap().as_bytes().to_vec(),
        })
        .collect()
}

fn identity(path: &Path) -> (u64, i64, i64) {
    let metadata = fs::metadata(path).unwrap();
    (metadata.ino(), metadata.mtime(), metadata.mtime_nsec())
}
