//! Mutants of PHP sources, by their numbers: the same number is the same mutant.
//!
//! `TILDE_SOAK=N` makes N of them instead of a few, from the seed `TILDE_SEED` on;
//! `TILDE_MUTANT=NUMBER` makes the one whose number a failure has printed.

use std::env;
use std::ops::Range;
use std::time::Instant;

use rayon::prelude::*;

pub use crate::rng::Rng;

/// What a mutation puts in: the ends and beginnings of what can stay open.
const INSERTS: &[&[u8]] = &[
    b"/*",
    b"*/",
    b"/** a */",
    b"//",
    b"#",
    b"// a\n",
    b"<<<A\n",
    b"<<<'A'\n",
    b"<<<\"A\"\n",
    b"\nA;\n",
    b"\n  A;\n",
    b"\nTHINK;\n",
    b"?>",
    b"?>\n\n",
    b"<?php ",
    b"<?",
    b"'",
    b"\"",
    b"`",
    b"{",
    b"}",
    b"(",
    b")",
    b"[",
    b";",
    b"$",
    b"{$",
    b"${",
    b"\\",
    b"\n",
    b"\r",
    b"\r\n",
    b" ",
    b"\0",
    b"\x01",
    b"\x80\xff",
    b"\xef\xbb\xbf",
    b"__halt_compiler();",
    b"namespace A;",
    b"namespace A { }",
    b"return;",
    b"return 1;",
    b"//[RUNTIME]",
    b"//[/RUNTIME]",
    b"defined('THINK_PATH') or exit();",
    b"__FILE__",
    b"fn",
    b"=>",
    b"1",
    b".",
    b"#[A]",
];

/// Changes a source at one place.
pub fn mutate(text: &mut Vec<u8>, random: &mut Rng) {
    let at = random.below(text.len() + 1);
    let end = (at + random.below(40)).min(text.len());
    match random.below(6) {
        0 => drop(text.drain(at..end)),
        1 => text.truncate(at),
        2 => {
            let copy = text[at..end].to_vec();
            let to = random.below(text.len() + 1);
            text.splice(to..to, copy);
        }
        _ => {
            let insert = *random.pick(INSERTS);
            text.splice(at..at, insert.iter().copied());
        }
    }
}

fn variable(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

/// The one mutant that was asked for.
pub fn is_one_asked() -> bool {
    variable("TILDE_MUTANT").is_some()
}

fn numbers(usual: u64) -> Range<u64> {
    let first = variable("TILDE_SEED").unwrap_or(1) << 32;
    match variable("TILDE_MUTANT") {
        Some(number) => number..number + 1,
        None => first..first + variable("TILDE_SOAK").unwrap_or(usual),
    }
}

/// Checks the mutants that were asked for, else a number of them that is usual:
/// none may have anything to say.
pub fn check_all(usual: u64, check: impl Fn(u64) -> Option<String> + Sync + Send) {
    let (numbers, start) = (numbers(usual), Instant::now());
    let count = numbers.end - numbers.start;
    let failures: Vec<String> = numbers.into_par_iter().filter_map(check).collect();
    let seconds = start.elapsed().as_secs_f64();
    println!("{count} mutants in {seconds:.1} s, {:.0} a second", count as f64 / seconds);
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}
