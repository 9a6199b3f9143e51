//! What the PHPs on this machine make of files: `scripts/oracle/strip.php`, in
//! batches.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tilde_lexer::{Options, Version};

/// The npm builds.
pub(crate) const NPM: [&str; 13] =
    ["5.2", "5.6", "7.0", "7.1", "7.2", "7.3", "7.4", "8.0", "8.1", "8.2", "8.3", "8.4", "8.5"];

/// A PHP to ask.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Php {
    /// Debian's PHP 8.2.
    Native,
    /// The npm build of a version.
    Npm(&'static str),
}

impl Php {
    /// The options under which we have to agree with it.
    pub(crate) fn options(self) -> Options {
        let version = match self {
            Self::Native => Version::V8_2,
            Self::Npm(version) => version.parse().unwrap(),
        };
        Options::new(version).with_short_tags(true)
    }

    /// The scanner of PHP 5.2 does not always survive a mistake in `eval()`. Its
    /// parser sees the tokens that are compared anyway.
    pub(crate) fn parses(self) -> bool {
        self.options().version > Version::V5_2
    }

    /// Before PHP 7.3 some mistakes end PHP, and to start it again takes time.
    pub(crate) fn survives(self) -> bool {
        self.options().version >= Version::V7_3
    }
}

/// What PHP makes of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The MD5 sum of what `php_strip_whitespace()` returns.
    pub(crate) php: String,
    /// The MD5 sum of what the loop of ThinkPHP 2.0 and 2.1 writes.
    pub(crate) thinkphp_20: String,
    /// The MD5 sum of what the loop of ThinkPHP 2.2 to 3.2 writes.
    pub(crate) thinkphp_22: String,
    /// The MD5 sum of the significant tokens, doc comments among them.
    pub(crate) with_docs: String,
    /// The MD5 sum of the significant tokens without doc comments.
    pub(crate) without_docs: String,
    /// `ok`, or what PHP says is wrong. All else may be empty when that is fatal.
    /// `-` when it was not asked.
    pub(crate) lint: String,
}

/// A file to ask about.
pub(crate) struct Question {
    pub(crate) path: PathBuf,
    /// Whether PHP is to say what is wrong with it.
    pub(crate) is_parsed: bool,
}

/// What PHP makes of each of the files. `folder` is for files of our own.
pub(crate) fn ask(php: Php, files: &[Question], folder: &Path) -> Vec<Answer> {
    let list = folder.join("list");
    let name = |file: &Question| {
        let mark = if file.is_parsed { "" } else { "-" };
        format!("{mark}{}", file.path.display())
    };
    let names: Vec<String> = files.iter().map(name).collect();
    fs::write(&list, names.join("\n")).unwrap();
    // Some builds read php.ini from the one, some from the other.
    fs::write(folder.join("php.ini"), "short_open_tag=1\n").unwrap();
    let mut answers = Vec::new();
    // A file that ends PHP has its answer; the next run begins after it.
    while answers.len() < files.len() {
        let start = answers.len();
        // A temporary folder that goes away while an old build starts ends it.
        let more = (0..3).find_map(|_| Some(run(php, &list, start)).filter(|it| !it.is_empty()));
        answers.extend(more.unwrap_or_else(|| {
            panic!(
                "{php:?} gave no answer for {} (apt-get install php-cli installs PHP 8.2, \
                 scripts/oracle/install the others)",
                files[start].path.display()
            )
        }));
    }
    assert_eq!(answers.len(), files.len());
    answers
}

fn run(php: Php, list: &Path, start: usize) -> Vec<Answer> {
    let folder = list.parent().unwrap();
    let mut command = match php {
        Php::Native => {
            let mut command = Command::new("php");
            command.args(["-d", "short_open_tag=1"]);
            command
        }
        Php::Npm(version) => {
            let mut command = Command::new("node");
            command.env("PHPRC", folder).env("PHP_INI_SCAN_DIR", folder);
            command.arg(script("php.mjs")).arg(version);
            command
        }
    };
    let output = command.arg(script("strip.php")).arg(list).arg(start.to_string()).output();
    let output = output.unwrap_or_else(|error| panic!("cannot run {php:?}: {error}"));
    // The status of some builds says nothing.
    answers(&String::from_utf8_lossy(&output.stdout))
}

/// The answers up to the end or to a file that ended PHP, which is the last.
fn answers(text: &str) -> Vec<Answer> {
    let mut answers = Vec::new();
    for line in text.lines().take_while(|line| *line != "#") {
        let answer = answer(line);
        let is_whole = !answer.lint.is_empty();
        answers.push(answer);
        if !is_whole {
            break;
        }
    }
    if let Some(last) = answers.last_mut().filter(|last| last.lint.is_empty()) {
        match text.rsplit_once("Fatal error: ") {
            Some((_, fatal)) => last.lint = format!("Fatal error: {}", cause(fatal)),
            // It was no answer at all.
            None => drop(answers.pop()),
        }
    }
    answers
}

fn cause(fatal: &str) -> &str {
    fatal.split(" in ").next().unwrap_or_default()
}

fn answer(line: &str) -> Answer {
    let fields: Vec<&str> = line.split('\t').collect();
    let [php, plain, renamed, with_docs, without_docs, verdict] = fields[..] else {
        return Answer::default();
    };
    Answer {
        php: php.to_owned(),
        thinkphp_20: plain.to_owned(),
        thinkphp_22: renamed.to_owned(),
        with_docs: with_docs.to_owned(),
        without_docs: without_docs.to_owned(),
        lint: verdict.to_owned(),
    }
}

pub(crate) fn repository() -> PathBuf {
    fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap()
}

fn script(name: &str) -> OsString {
    repository().join("scripts/oracle").join(name).into_os_string()
}
