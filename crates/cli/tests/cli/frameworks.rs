//! Applications of ours with libraries as Debian has them, installed by the real Composer:
//! pages and commands are the same before and after a build, with OPcache off, on and
//! preloaded, while the sources of what is compiled are not there.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::util::{Dir, corpus, repository};
use tilde_testing::composer::composer;

/// An application of testdata/composer, installed.
fn installed(name: &str) -> Dir {
    let dir = Dir::new();
    let source = repository().join("testdata/composer").join(name);
    for entry in walkdir::WalkDir::new(&source) {
        let entry = entry.unwrap();
        let place = dir.path(entry.path().strip_prefix(&source).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(place).unwrap();
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
    let link = dir.path("libraries");
    std::os::unix::fs::symlink(corpus("libraries"), &link).unwrap();
    composer(&dir.path(""), &["install"]);
    fs::remove_file(link).unwrap();
    dir
}

/// PHP's own server for the pages of an application.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(dir: &Dir, settings: &[String]) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut command = Command::new("php");
        for setting in settings {
            command.args(["-d", setting]);
        }
        command.args(["-S", &format!("127.0.0.1:{port}"), "-t", "public"]);
        command.current_dir(dir.path("")).stdout(Stdio::null()).stderr(Stdio::null());
        let server = Self { child: command.spawn().unwrap(), port };
        let end = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < end, "PHP's server does not start");
            thread::sleep(Duration::from_millis(5));
        }
        server
    }

    /// The status, the headers and the body, without what depends on the time and the port.
    fn get(&self, url: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        let request = format!("GET {url} HTTP/1.0\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").expect(&text);
        let head = head.lines().filter(|line| !line.starts_with("Date: "));
        head.collect::<Vec<_>>().join("\n") + "\n\n" + body
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a command ends, and all that it says.
fn said(dir: &Dir, settings: &[String], words: &[&str]) -> String {
    let mut command = Command::new("php");
    for setting in settings {
        command.args(["-d", setting]);
    }
    let output = command.args(words).current_dir(dir.path("")).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!("{}\n{}\n{}", output.status, text(&output.stdout), text(&output.stderr))
}

/// Pages and commands of an application, and what they say.
struct Application {
    dir: Dir,
    urls: &'static [&'static str],
    commands: &'static [&'static [&'static str]],
    answers: Vec<String>,
}

const OPCACHE: &[&str] = &["opcache.enable=1", "opcache.enable_cli=1"];

impl Application {
    fn new(
        name: &str,
        urls: &'static [&'static str],
        commands: &'static [&'static [&'static str]],
    ) -> Self {
        let dir = installed(name);
        let mut application = Self { dir, urls, commands, answers: Vec::new() };
        application.answers = application.answers(&[]);
        assert_eq!(application.answers(&[]), application.answers, "{name} is not steady");
        application
    }

    fn answers(&self, settings: &[String]) -> Vec<String> {
        let server = Server::start(&self.dir, settings);
        let pages = self.urls.iter().map(|url| server.get(url));
        let ends = self.commands.iter().map(|words| said(&self.dir, settings, words));
        pages.chain(ends).collect()
    }

    /// Requires the autoloader that stands at `to` instead of the other.
    fn switch(&self, from: &str, to: &str) {
        for script in ["public/index.php", "bin/console"] {
            let path = self.dir.path(script);
            if path.is_file() {
                let text = fs::read_to_string(&path).unwrap();
                assert!(text.contains(from), "{script}");
                fs::write(path, text.replace(from, to)).unwrap();
            }
        }
    }

    fn record(&self) {
        let recorder = format!("auto_prepend_file={}/tilde/record.php", self.path("vendor"));
        assert_eq!(self.answers(&[recorder]), self.answers);
    }

    fn path(&self, path: &str) -> String {
        self.dir.path(path).canonicalize().unwrap().display().to_string()
    }

    /// Builds, and compares all answers. Returns how many files are compiled.
    fn is_the_same_compiled(&self) -> usize {
        let run = self.dir.run(["build"]);
        assert_eq!(run.code, 0, "{run}");
        self.switch("vendor/autoload.php", "vendor/tilde/autoload.php");
        let metafile: Value =
            serde_json::from_str(&self.dir.text("vendor/tilde/tilde.json")).unwrap();
        let inputs = metafile["inputs"].as_array().unwrap().iter();
        let compiled = inputs.filter(|it| it["output"].is_string());
        let paths: Vec<&str> = compiled.map(|it| it["path"].as_str().unwrap()).collect();
        let away = |path: &str| self.dir.path(format!("{path}.away"));
        for path in &paths {
            fs::rename(self.dir.path(path), away(path)).unwrap();
        }
        let preload = format!("opcache.preload={}", self.path("vendor/tilde/preload.php"));
        let opcache: Vec<String> = OPCACHE.iter().map(|it| (*it).to_owned()).collect();
        let user = "opcache.preload_user=root".to_owned();
        let preloaded = [opcache.clone(), vec![preload, user]].concat();
        for settings in [Vec::new(), opcache, preloaded] {
            for (answer, expected) in self.answers(&settings).iter().zip(&self.answers) {
                assert_eq!(answer, expected, "{settings:?}");
            }
        }
        for path in &paths {
            fs::rename(away(path), self.dir.path(path)).unwrap();
        }
        self.switch("vendor/tilde/autoload.php", "vendor/autoload.php");
        paths.len()
    }
}

/// Pages and commands say the same with a core that is a guess, and by records.
fn is_the_same(application: &Application) {
    let guessed = application.is_the_same_compiled();
    application.record();
    let recorded = application.is_the_same_compiled();
    assert!(guessed >= 10 && recorded > guessed, "{guessed} and {recorded} files");
}

#[test]
fn symfony() {
    let application = Application::new(
        "symfony",
        &["/", "/?name=ann", "/items/3", "/items/300", "/data/x", "/old", "/nope"],
        &[
            &["bin/console", "list"],
            &["bin/console", "routes"],
            &["bin/console", "sum", "1", "2"],
            &["bin/console", "sum"],
            &["bin/console", "nope"],
        ],
    );
    assert!(application.answers[2].contains("<li class=\"odd\">item 3: 5.97"));
    assert!(application.answers[3].starts_with("HTTP/1.0 404 Not Found\n"));
    assert!(application.answers[9].starts_with("exit status: 0\n"));
    is_the_same(&application);
}

#[test]
fn psr_interfaces() {
    let application = Application::new("psr", &["/", "/?a=1", "/twice/a", "/half/8", "/nope"], &[]);
    assert!(application.answers[3].starts_with("HTTP/1.0 422 "), "{}", application.answers[3]);
    assert!(application.answers[4].contains("WARNING: not found"), "{}", application.answers[4]);
    is_the_same(&application);
}
