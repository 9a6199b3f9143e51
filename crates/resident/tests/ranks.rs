//! Ranks against those that a person gave to places of Debian's packages, before tilde was
//! asked: `testdata/resident/ranks.txt`, which `scripts/draw-state` began.
//!
//! The sources are those that `scripts/corpus` fetches. A plain run takes those that it fetches
//! without `--all`; `TILDE_CORPUS_ALL=1` takes all.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use tilde_resident::{Fact, Kind, link, scan};
use tilde_syntax::{Options, Version};

use tilde_testing::files::{FETCHED, corpus, is_set, php_files, repository};

/// How many of a hundred ranks have to be the same.
const LEAST: usize = 90;

/// A line of the record.
struct Ranked {
    /// Below the folder of packages.
    path: String,
    code: String,
    name: String,
    rank: String,
    reason: String,
}

fn record() -> Vec<Ranked> {
    let text = fs::read_to_string(repository().join("testdata/resident/ranks.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let ranked = |line: &str| {
        let parts: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let [path, code, name, rank, reason] =
            <[String; 5]>::try_from(parts).unwrap_or_else(|_| panic!("five columns: {line}"));
        Ranked { path, code, name, rank, reason }
    };
    lines.map(ranked).collect()
}

/// The files of a package, and the inventory of them alone.
fn inventory(package: &str) -> (Vec<PathBuf>, Vec<Fact>) {
    let files = php_files(&corpus("packages").join(package));
    let facts = |path: &PathBuf| {
        let source = fs::read(path).unwrap();
        scan(&source, Options::new(Version::V8_2))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let facts = link(&files.iter().map(facts).collect::<Vec<_>>());
    (files, facts)
}

/// How tilde ranks a place; what is of no file has its place where it is written worst.
fn found(ranked: &Ranked, files: &[PathBuf], facts: &[Fact]) -> Option<String> {
    let path = corpus("packages").join(&ranked.path);
    let is_same = |fact: &&Fact| {
        let is_of_file = !matches!(fact.kind, Kind::Global | Kind::Unknown);
        fact.name == ranked.name.as_bytes() && (!is_of_file || files[fact.site.file] == path)
    };
    let fact = facts.iter().find(is_same)?;
    Some(format!("{}: {}", fact.rank, fact.reason))
}

#[test]
fn ranks_are_those_of_a_careful_reader() {
    let mut packages: BTreeMap<String, Vec<Ranked>> = BTreeMap::new();
    for ranked in record() {
        let package = ranked.path.split('/').next().unwrap().to_owned();
        packages.entry(package).or_default().push(ranked);
    }
    assert_eq!(packages.values().map(Vec::len).sum::<usize>(), 100);
    let is_all = is_set("TILDE_CORPUS_ALL");
    packages.retain(|package, _| is_all || FETCHED.contains(&package.as_str()));
    let (mut count, mut differences) = (0, Vec::new());
    for (package, places) in &packages {
        let (files, facts) = inventory(package);
        for ranked in places {
            count += 1;
            let found = found(ranked, &files, &facts);
            let found = found.as_deref().unwrap_or("not in the inventory");
            if found.split(':').next() != Some(ranked.rank.as_str()) {
                let Ranked { path, code, name, rank, reason } = ranked;
                let line = format!("{path} {code} {name}: {rank} ({reason}), but tilde: {found}");
                differences.push(line);
            }
        }
    }
    let same = count - differences.len();
    println!("{same} of {count} ranks are the same\n{}", differences.join("\n"));
    assert!(same * 100 >= count * LEAST, "{same} of {count}:\n{}", differences.join("\n"));
}
