//! The state that we find in Debian's packages, against what PHP finds: nikic's parser for
//! declarations and writes, and Reflection for what the classes have when they are loaded.
//!
//! The sources are those that `scripts/corpus` fetches. A plain run takes Twig;
//! `TILDE_CORPUS_ALL=1` takes all.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tilde_resident::{Fact, Kind, link, scan};
use tilde_syntax::{Options, Version};

use tilde_testing::files::{corpus, expect_none, packages};

/// The inventory of these files as PHP 8.2 reads them.
fn inventory(files: &[PathBuf]) -> Vec<Fact> {
    let facts = |path: &PathBuf| {
        let source = fs::read(path).unwrap();
        scan(&source, Options::new(Version::V8_2))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    link(&files.iter().map(facts).collect::<Vec<_>>())
}

/// The lines that `truth/nikic.php` prints, of our facts.
fn lines(files: &[PathBuf], facts: &[Fact]) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    for fact in facts {
        let name = fact.name.rsplit(|byte| *byte == b'$').next().unwrap();
        let (word, name) = match fact.kind {
            Kind::Variable => ("variable", text(name)),
            Kind::Global => ("global", text(&fact.name[b"$GLOBALS['".len()..fact.name.len() - 2])),
            Kind::Unknown if fact.name.starts_with(b"$GLOBALS") => ("global", "?".to_owned()),
            Kind::Unknown if fact.name.starts_with(b"global") => continue,
            Kind::Property | Kind::Unknown => ("property", text(name)),
            _ => continue,
        };
        let path = |file: usize| files[file].display();
        let site = fact.site;
        match (&fact.property, word) {
            (Some(property), _) => {
                let class = text(&property.class);
                let at = site.span.start;
                lines.insert(format!("{}\tproperty\t{class}\t{name}\t{at}", path(site.file)));
            }
            (None, "variable") => {
                lines.insert(format!("{}\tvariable\t{name}\t{}", path(site.file), site.span.start));
            }
            _ => {}
        }
        for write in fact.writes.iter().filter(|write| write.is_certain) {
            // PHP binds no name outside of functions: what is written there is a variable.
            if word == "global" && write.by.is_empty() && !is_explicit(files, write.site) {
                continue;
            }
            let (path, at) = (path(write.site.file), write.site.span.start);
            lines.insert(format!("{path}\twrite\t{word}\t{name}\t{at}"));
        }
    }
    lines
}

/// Whether a write of a global says so itself, by `$GLOBALS`.
fn is_explicit(files: &[PathBuf], site: tilde_resident::Site) -> bool {
    fs::read(&files[site.file]).unwrap()[site.span.start as usize..].starts_with(b"$GLOBALS")
}

fn theirs(files: &[PathBuf]) -> BTreeSet<String> {
    let parser = corpus("packages").join("php-parser/usr/share/php/PhpParser");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/truth/nikic.php");
    let answer = run(Command::new("php").arg(&script).arg(&parser), files);
    let mut lines = BTreeSet::new();
    let mut path = "";
    for line in answer.lines() {
        match line.strip_prefix("# ") {
            Some(next) => path = next,
            None => {
                lines.insert(format!("{path}\t{line}"));
            }
        }
    }
    lines
}

/// What Reflection says of the classes and functions of the files that can be loaded alone.
#[test]
fn loaded_classes_have_the_state_that_we_find() {
    let files = packages("php-twig");
    let parser = corpus("packages").join("php-parser/usr/share/php/PhpParser");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/truth/reflect.php");
    let answer = run(Command::new("php").arg(&script).arg(&parser), &files);
    let theirs: BTreeSet<&str> = answer.lines().collect();
    let of = |word: &str| theirs.iter().filter(|line| line.starts_with(word)).count();
    let ours = held(&inventory(&files));
    let is_known = |line: &&String| {
        let owner = line.split('\t').nth(1).unwrap();
        theirs.contains(&*format!("class\t{owner}"))
            || theirs.contains(&*format!("function\t{owner}"))
    };
    let is_state = |line: &&&str| line.starts_with("property") || line.starts_with("variable");
    let missing = theirs.iter().filter(is_state).filter(|line| !ours.contains(**line));
    let missing = missing.map(|line| format!("missing {line}"));
    let invented = ours.iter().filter(is_known).filter(|line| !theirs.contains(&***line));
    let invented = invented.map(|line| format!("invented {line}"));
    let differences: Vec<String> = missing.chain(invented).collect();
    let (classes, properties, variables) = (of("class"), of("property"), of("variable"));
    println!("{classes} classes loaded, {properties} properties, {variables} variables");
    assert!(classes > files.len() / 3, "{classes} classes loaded of {} files", files.len());
    expect_none(&differences);
}

/// The lines that `truth/reflect.php` prints of state, of our facts.
fn held(facts: &[Fact]) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for fact in facts {
        let name = String::from_utf8_lossy(&fact.name);
        if let Some(declared) = &fact.property {
            for holder in &declared.holders {
                let (class, name) = (String::from_utf8_lossy(holder), &declared.property.name);
                lines.insert(format!("property\t{class}\t{}", String::from_utf8_lossy(name)));
            }
            // Reflection lists the property of a trait for the trait too.
            let class = String::from_utf8_lossy(&declared.class);
            let name = String::from_utf8_lossy(&declared.property.name);
            lines.insert(format!("property\t{class}\t{name}"));
        } else if fact.kind == Kind::Variable {
            let (label, name) = name.rsplit_once("::$").unwrap();
            lines.insert(format!("variable\t{label}\t{name}"));
        }
    }
    lines
}

/// What a command prints of a list of files.
fn run(command: &mut Command, files: &[PathBuf]) -> String {
    assert!(!files.is_empty(), "no sources: run scripts/corpus");
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list");
    let names: Vec<&str> = files.iter().map(|path| path.to_str().unwrap()).collect();
    fs::write(&list, names.join("\n") + "\n").unwrap();
    let output = command.arg(&list).output().unwrap_or_else(|error| {
        panic!("{command:?} does not run ({error}); scripts/install-tools installs what it needs")
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn declarations_and_writes_are_those_that_nikics_parser_finds() {
    let files = packages("php-twig");
    let ours = lines(&files, &inventory(&files));
    let theirs = theirs(&files);
    let missing = theirs.difference(&ours).map(|line| format!("missing {line}"));
    let invented = ours.difference(&theirs).map(|line| format!("invented {line}"));
    let differences: Vec<String> = missing.chain(invented).collect();
    println!("{} lines of {} files", theirs.len(), files.len());
    expect_none(&differences);
}
