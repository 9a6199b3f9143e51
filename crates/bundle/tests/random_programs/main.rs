//! Random programs of several files: a bundle runs as they do, or is refused.
//!
//! A program is made from a seed, which a failure prints with the smallest
//! program that still differs. `TILDE_RANDOM=20000` runs so many instead of a
//! few, `TILDE_RANDOM_FIRST` is the first seed; a single program is shown. Every other seed runs with
//! opcache, where PHP has it.

// The helpers are test code as well.
#![allow(clippy::unwrap_used, clippy::format_push_string)]

mod generator;
mod judge;
mod plan;
mod program;

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use judge::{Outcome, judge};
use program::Program;

const BATCH: u64 = 50;

/// How many programs run by default.
const FEW: u64 = 200;

/// The seeds of programs that are known to run otherwise in a bundle: bugs of
/// ours. The test fails as soon as one comes right, so that they only shrink.
const KNOWN: &[u64] = &[];

/// What became of many programs.
#[derive(Default)]
struct Report {
    same: usize,
    broken: usize,
    /// The seeds, by their codes.
    refused: BTreeMap<String, Vec<u64>>,
    different: Vec<(u64, Program, Outcome)>,
}

impl Report {
    fn add(&mut self, seed: u64, program: Program, outcome: Outcome) {
        match outcome {
            Outcome::Same => self.same += 1,
            Outcome::Broken => self.broken += 1,
            Outcome::Refused(codes) => {
                let codes: Vec<&str> = codes.into_iter().collect();
                self.refused.entry(codes.join("+")).or_default().push(seed);
            }
            Outcome::Different { .. } => self.different.push((seed, program, outcome)),
        }
    }

    fn shown(&self) -> String {
        let refused: usize = self.refused.values().map(Vec::len).sum();
        let mut shown = format!(
            "{} same, {refused} refused, {} different, {} that PHP refuses apart",
            self.same,
            self.different.len(),
            self.broken
        );
        for (codes, seeds) in &self.refused {
            let some: Vec<String> = seeds.iter().take(4).map(u64::to_string).collect();
            let _ = write!(shown, "\n    {} {codes}: {}…", seeds.len(), some.join(", "));
        }
        shown
    }
}

fn number(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |value| value.parse().expect("it is a number"))
}

fn has_opcache() -> bool {
    let arguments = ["-n", "-d", "zend_extension=opcache.so", "-r"];
    let code = "echo extension_loaded('Zend OPcache') ? 'yes' : 'no';";
    let output = Command::new("php").args(arguments).arg(code).output();
    output.expect("this test runs PHP; install php-cli").stdout == b"yes"
}

/// Makes and judges the programs of these seeds, on all cores.
fn survey(first: u64, count: u64) -> Report {
    let next = AtomicU64::new(first);
    let report = Mutex::new(Report::default());
    let has_opcache = has_opcache();
    let work = || {
        loop {
            let start = next.fetch_add(BATCH, Ordering::Relaxed);
            let seeds = start..(start + BATCH).min(first + count);
            if seeds.is_empty() {
                return;
            }
            for is_odd in [false, true] {
                let seeds = seeds.clone().filter(|seed| (seed % 2 == 1) == is_odd);
                batch(seeds.collect(), is_odd && has_opcache, &report);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let mut report = report.into_inner().unwrap();
    report.different.sort_by_key(|(seed, ..)| *seed);
    report
}

fn batch(seeds: Vec<u64>, has_opcache: bool, report: &Mutex<Report>) {
    let programs: Vec<Program> = seeds.iter().map(|seed| generator::program(*seed)).collect();
    let outcomes = judge(&programs, has_opcache);
    let mut report = report.lock().unwrap();
    for ((seed, program), outcome) in seeds.into_iter().zip(programs).zip(outcomes) {
        report.add(seed, program, outcome);
    }
}

/// The smallest program found that still differs. Goes on where a piece was left
/// out, until no piece can be.
fn minimised(mut program: Program, has_opcache: bool) -> (Program, Outcome) {
    let mut outcome = judge(std::slice::from_ref(&program), has_opcache).remove(0);
    let (mut at, mut is_smaller) = (0, false);
    loop {
        let all = program.smaller();
        if at >= all.len() {
            if !std::mem::take(&mut is_smaller) {
                return (program, outcome);
            }
            at = 0;
        }
        let part = &all[at..(at + 12).min(all.len())];
        let outcomes = judge(part, has_opcache).into_iter().enumerate();
        let mut different = outcomes.filter(|(_, it)| matches!(it, Outcome::Different { .. }));
        let Some((index, other)) = different.next() else {
            at += part.len();
            continue;
        };
        (program, outcome) = (part[index].clone(), other);
        (at, is_smaller) = (at + index, true);
    }
}

/// The first lines that differ.
fn brief(outcome: &Outcome) -> String {
    let Outcome::Different { apart, together, .. } = outcome else { return String::new() };
    let pairs = apart.lines().zip(together.lines());
    let (apart, together) = pairs.into_iter().find(|(a, b)| a != b).unwrap_or_default();
    format!("{apart:?} became {together:?}")
}

fn explained(seed: u64, program: Program) -> String {
    let (program, outcome) = minimised(program, seed % 2 == 1 && has_opcache());
    let Outcome::Different { apart, style, together } = outcome else {
        return format!("seed {seed} differs no more when it runs again");
    };
    let shown = program.shown();
    format!(
        "seed {seed}\n{shown}\n--- prints\n{apart}\n--- and in a bundle ({style})\n{together}\n"
    )
}

/// The first programs that differ, as small as they get.
fn complaints(different: Vec<(u64, Program, Outcome)>) -> Vec<String> {
    let shown = number("TILDE_RANDOM_SHOWN", 3) as usize;
    let different = different.into_iter().take(shown);
    different.map(|(seed, program, _)| explained(seed, program)).collect()
}

#[test]
fn random_programs_run_as_their_files_do() {
    let (first, count) = (number("TILDE_RANDOM_FIRST", 1), number("TILDE_RANDOM", FEW));
    let start = Instant::now();
    let mut report = survey(first, count);
    if count == 1 {
        eprintln!("{}", generator::program(first).shown());
    }
    eprintln!("{} ({:.1} s)", report.shown(), start.elapsed().as_secs_f64());
    for (seed, _, outcome) in &report.different {
        eprintln!("{seed}: {}", brief(outcome));
    }
    let is_checked = |seed: &&u64| (first..first + count).contains(*seed);
    let known: Vec<u64> = KNOWN.iter().filter(is_checked).copied().collect();
    let found: Vec<u64> = report.different.iter().map(|(seed, ..)| *seed).collect();
    report.different.retain(|(seed, ..)| !known.contains(seed));
    let complaints = complaints(report.different);
    assert_eq!(found, known, "{}", complaints.join("=====\n"));
}
