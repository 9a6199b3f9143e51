//! A worker of PHP's own that serves an application with leaks of all kinds, without and with
//! the class that `tilde state --resetter` writes for it.

// A failure anywhere here fails the test, which is what it should do.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Map, Value};

/// What a run asks for.
const REQUESTS: usize = 10_000;

fn application() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/resident")
}

fn php() -> Command {
    let mut command = Command::new("php");
    command.args(["-d", "display_errors=stderr", "-d", "precision=14"]);
    command.arg(application().join("worker.php"));
    command
}

/// What a process answers that has answered nobody before.
fn fresh(user: &str) -> Map<String, Value> {
    let output = php().args(["once", user]).output().expect("apt-get install php-cli");
    serde_json::from_slice(&output.stdout).unwrap()
}

struct Worker {
    child: Child,
    client: BufReader<TcpStream>,
}

impl Worker {
    fn start(resetter: Option<&Path>) -> Self {
        let mut command = php();
        command.arg("serve").args(resetter).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let client = BufReader::new(TcpStream::connect(address.trim()).unwrap());
        client.get_ref().set_nodelay(true).unwrap();
        Self { child, client }
    }

    fn ask(&mut self, user: &str) -> Map<String, Value> {
        writeln!(self.client.get_mut(), "{user}").unwrap();
        let mut line = String::new();
        self.client.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Its standard input closes, which ends it.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// What a worker's answers have of earlier requests: by leak, how many answers; and its
/// memory after a tenth of the requests and after all.
fn serve(resetter: Option<&Path>) -> (BTreeMap<String, usize>, [u64; 2]) {
    let mut worker = Worker::start(resetter);
    let expected = fresh("user-0");
    assert_eq!(expected, fresh("user-1"), "the answers of fresh processes tell users apart");
    let mut different = BTreeMap::new();
    let mut memory = [0; 2];
    for number in 0..REQUESTS {
        let answer = worker.ask(&format!("user-{number}"));
        for (leak, found) in &answer {
            if leak != "memory" && expected[leak] != *found {
                *different.entry(leak.clone()).or_default() += 1;
            }
        }
        memory[usize::from(number > REQUESTS / 10)] = answer["memory"].as_u64().unwrap();
    }
    (different, memory)
}

/// What tilde says that the class cannot put back.
fn write_resetter(folder: &Path) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilde"));
    command.args(["state", "--resetter", "-o"]).arg(folder.join("Resetter.php"));
    let output = command.arg(application().join("src")).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    let left = said.lines().filter_map(|line| line.strip_prefix("it cannot put back "));
    left.map(|line| line.split_once(": ").unwrap().0.to_owned()).collect()
}

#[test]
fn answers_are_those_of_a_fresh_process() {
    let (leaks, [early, late]) = serve(None);
    let all = fresh("user").len();
    // The first answer is as it should be.
    let never = leaks.values().filter(|count| **count < REQUESTS - 1).count();
    assert_eq!((leaks.len(), never), (all, 0), "{leaks:?}");
    assert!(late > early + 1_000_000, "{early} {late}");

    let folder = tempfile::tempdir().unwrap();
    let left = write_resetter(folder.path());
    let (leaks, [early, late]) = serve(Some(&folder.path().join("Resetter.php")));
    println!("{all} leaks, {} not put back, memory {early} then {late}", leaks.len());
    let expected = [
        "$_SERVER",
        "LEAKS_USER",
        "Leaks\\Methods::closure(){closure}::$calls",
        "Leaks\\Methods::variable()::$count",
        "Leaks\\variable()::$last",
    ];
    assert_eq!(leaks.keys().collect::<Vec<_>>(), expected);
    for leak in expected {
        assert!(left.iter().any(|it| it.starts_with(leak)), "{leak} {left:?}");
    }
    assert!(late.abs_diff(early) < 10_000, "{early} {late}");
}
