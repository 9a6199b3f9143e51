//! The documents: their files are written, their commands are run in a fresh folder, and
//! what these print is compared.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::util::{Dir, repository};
use tilde_testing::composer as support;

use crate::{module, phar, review};

/// The blocks of a document with the words after their fences.
fn blocks(document: &str) -> impl Iterator<Item = (&str, &str)> {
    let blocks = document.split("\n```").skip(1).step_by(2);
    blocks.map(|block| block.split_once('\n').unwrap())
}

/// Writes the files of a document: a block whose fence has a path behind the language.
pub(crate) fn write(dir: &Dir, document: &str) {
    blocks(document).for_each(|(words, text)| write_block(dir, words, text));
}

fn write_block(dir: &Dir, words: &str, text: &str) {
    if let Some((_, file)) = words.split_once(' ') {
        dir.write(file, format!("{text}\n"));
    }
}

/// Does what a document tells, from its start to its end.
fn play(dir: &Dir, document: &str) {
    let document = fs::read_to_string(repository().join(document)).unwrap();
    for (words, text) in blocks(&document) {
        write_block(dir, words, text);
        if words != "console" {
            continue;
        }
        for command in format!("\n{text}\n").split("\n$ ").skip(1) {
            let (line, expected) = command.split_once('\n').unwrap_or((command, ""));
            let found = answer(dir, line, expected);
            assert_eq!(masked(&found), masked(expected), "$ {line}");
        }
    }
}

/// What stands in a terminal after a command.
fn answer(dir: &Dir, line: &str, expected: &str) -> String {
    if line == "tilde review" {
        let answers = expected.lines().filter_map(|line| line.strip_prefix("> "));
        return review::dialogue(&dir.path(""), &answers.collect::<Vec<_>>()).0;
    }
    let run = dir.shell(&format!("exec 2>&1; {line}")).run();
    let status = match run.code {
        0 => String::new(),
        code => format!("exit status {code}\n"),
    };
    run.text().to_owned() + &status
}

/// Without what is different in each run, or depends on each byte: times, digests and
/// the offsets that go with them, and blanks at the end of lines.
fn masked(text: &str) -> String {
    let lines = text.trim_end().lines().map(|line| {
        let line = line.trim_end().split(' ').map(word).collect::<Vec<_>>().join(" ");
        match (line.split_once("(at byte "), line.rsplit_once(" in ")) {
            (Some((start, _)), _) => format!("{start}(at byte 42)"),
            (_, Some((start, end))) if is_time(end) => format!("{start} in 42 ms"),
            _ => line,
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn word(word: &str) -> &str {
    let is_digest = word.len() >= 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_digest { "42" } else { word }
}

fn is_time(text: &str) -> bool {
    let number = text.strip_suffix(" ms").or_else(|| text.strip_suffix(" s"));
    number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

#[test]
fn review_goes_from_a_red_run_to_an_accepted_change() {
    play(&Dir::new(), "docs/review.md");
}

#[test]
fn precompiling() {
    play(&Dir::new(), "docs/precompile.md");
}

#[test]
fn places() {
    play(&Dir::new(), "docs/places.md");
}

#[test]
fn archives() {
    let dir = phar::packed();
    let mut bytes = fs::read(dir.path("app.phar")).unwrap();
    let at = bytes.len() - 50;
    bytes[at] ^= 1;
    dir.write("damaged.phar", bytes);
    fs::remove_file(dir.path("app.phar")).unwrap();
    play(&dir, "docs/phar.md");
}

#[test]
fn modules() {
    play(&module::project(), "docs/modules.md");
}

#[test]
fn composer_projects() {
    let dir = Dir::new();
    write(&dir, &fs::read_to_string(repository().join("docs/composer.md")).unwrap());
    support::composer(&dir.path(""), &["install"]);
    play(&dir, "docs/composer.md");
}

#[test]
fn images() {
    play(&Dir::new(), "docs/docker.md");
}

#[test]
fn resident_workers() {
    play(&Dir::new(), "docs/resident.md");
}

#[test]
fn configuration() {
    play(&Dir::new(), "docs/configuration.md");
}

/// Commands, options and blocks of code of a document, sorted.
fn code(document: &str) -> BTreeSet<String> {
    let parts: Vec<&str> = document.split("\n```").collect();
    let blocks = parts.iter().skip(1).step_by(2).map(|block| (*block).to_owned());
    let text: String = parts.iter().step_by(2).copied().collect();
    let indented = text.lines().filter(|line| line.starts_with("    ")).map(str::to_owned);
    let spans: Vec<String> = text.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    let is_command = |span: &String| span.starts_with("tilde ") || span.starts_with("--");
    blocks.chain(indented).chain(spans.into_iter().filter(is_command)).collect()
}

/// Whoever reads Chinese is told of the same commands.
#[test]
fn both_languages_have_the_same_commands() {
    let read = |name| code(&fs::read_to_string(repository().join(name)).unwrap());
    let (english, chinese) = (read("README.md"), read("README.zh-CN.md"));
    assert_eq!(english, chinese);
}

/// What a terminal shows of this version is what the README shows.
#[test]
fn the_picture_is_up_to_date() {
    let script = repository().join("scripts/picture");
    let tilde = env!("CARGO_BIN_EXE_tilde");
    let run = Command::new(script).arg("--check").env("TILDE", tilde).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

/// The address of each link that leads to a file.
fn links(document: &str) -> Vec<&str> {
    let ends = document.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let paths = ends.map(|link| link.split('#').next().unwrap());
    paths.filter(|path| !path.is_empty() && !path.contains("://")).collect()
}

#[test]
fn links_lead_to_files() {
    let folder = |folder: &str| fs::read_dir(repository().join(folder)).unwrap();
    let paths = folder("").chain(folder("docs")).map(|entry| entry.unwrap().path());
    let documents = paths.filter(|path| path.extension().is_some_and(|it| it == "md"));
    for path in documents {
        for link in links(&fs::read_to_string(&path).unwrap()) {
            let target = path.parent().unwrap().join(link);
            assert!(target.exists(), "{}: {link}", path.display());
        }
    }
}

/// A document with commands that no test above plays is found.
#[test]
fn each_document_with_commands_is_here() {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(repository().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        let is_text = path.extension().is_some_and(|extension| extension == "md");
        if is_text && fs::read_to_string(&path).unwrap().contains("\n```console\n") {
            names.insert(path.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    let here = [
        "composer.md",
        "configuration.md",
        "docker.md",
        "modules.md",
        "phar.md",
        "places.md",
        "precompile.md",
        "resident.md",
        "review.md",
    ];
    assert_eq!(names.iter().collect::<Vec<_>>(), here);
}
