//! Budgets: how large an output may be, and by how much a build may make it larger.
//!
//! What an output grows by is told by the file on disk, so it is measured before anything
//! is written, and a build that has been written has no growth any more: `check` in CI,
//! where the committed file is on disk, is where growth counts.

mod blame;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::cache::RecalledOutput;
use crate::commands::build::Size;
use crate::compare::report;
use crate::compile::{Compiled, Output};
use crate::console::Console;
use crate::new_sides::NewSides;
use crate::pending;
use crate::problem::{Place, Problem, Severity};
use crate::project::Project;
use crate::rules;

/// `200 kB`, `+10 kB` or `+5 %`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Limit {
    /// The most bytes.
    Size(u64),
    /// The most bytes more than on disk.
    Growth(u64),
    /// The same in percent.
    Percent(f64),
}

/// The units that a limit may have, and how many bytes these are.
pub(crate) const UNITS: [(&str, f64); 8] = [
    ("B", 1.0),
    ("kB", 1e3),
    ("KB", 1e3),
    ("MB", 1e6),
    ("GB", 1e9),
    ("KiB", 1024.0),
    ("MiB", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
];

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!("`{text}` is no budget; write a size, as \"200 kB\", or \"+10 kB\", \"+5 %\"")
        };
        let (is_growth, rest) = match text.strip_prefix('+') {
            Some(rest) => (true, rest.strip_prefix(' ').unwrap_or(rest)),
            None => (false, text),
        };
        let len = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
        let (digits, unit) = rest.split_at(len.unwrap_or(rest.len()));
        let is_number = digits.split('.').all(|part| !part.is_empty());
        let number: f64 = digits.parse().ok().filter(|_| is_number).ok_or_else(wrong)?;
        let unit = unit.strip_prefix(' ').filter(|unit| !unit.is_empty()).unwrap_or(unit);
        if unit == "%" && is_growth {
            return Ok(Self::Percent(number));
        }
        let unit = if unit.is_empty() { "B" } else { unit };
        let factor = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?.1;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let bytes = (number * factor).round() as u64; // an f64 that is too large is u64::MAX
        Ok(if is_growth { Self::Growth(bytes) } else { Self::Size(bytes) })
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size(bytes) | Self::Growth(bytes) => Size(*bytes).fmt(f),
            Self::Percent(percent) => write!(f, "{percent} %"),
        }
    }
}

impl Limit {
    /// As a configuration has it.
    pub(crate) fn written(self) -> String {
        match self {
            Self::Size(bytes) => format!("{bytes} B"),
            Self::Growth(bytes) => format!("+{bytes} B"),
            Self::Percent(percent) => format!("+{percent} %"),
        }
    }

    /// Whether an output of these bytes keeps it; `old` is the size on disk.
    fn has_room(self, new: u64, old: Option<u64>) -> bool {
        let growth = new.saturating_sub(old.unwrap_or(new));
        match self {
            Self::Size(most) => new <= most,
            Self::Growth(most) => growth <= most,
            Self::Percent(most) => percent(growth, old.unwrap_or(new)) <= most,
        }
    }
}

#[allow(clippy::cast_precision_loss)] // sizes of files, and one decimal is shown
fn percent(growth: u64, old: u64) -> f64 {
    if growth == 0 { 0.0 } else { growth as f64 * 100.0 / old as f64 }
}

/// A limit, and where it is set.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) limit: Limit,
    pub(crate) place: Option<Place>,
}

/// The limits of a project.
#[derive(Debug, Default)]
pub(crate) struct Budgets {
    /// Of outputs that have none of their own.
    pub(crate) all: Vec<Placed>,
    /// By the outputs of bundles.
    pub(crate) bundles: BTreeMap<PathBuf, Vec<Placed>>,
}

impl Budgets {
    /// The command line counts before everything else.
    pub(crate) fn replace(&mut self, limits: &[Limit]) {
        if !limits.is_empty() {
            let placed = limits.iter().map(|limit| Placed { limit: *limit, place: None });
            *self = Self { all: placed.collect(), bundles: BTreeMap::new() };
        }
    }

    /// The limits of an output; those of a bundle are of its companions too.
    fn of(&self, path: &Path) -> &[Placed] {
        let is_of = |output: &Path| {
            output.parent() == path.parent()
                && path.file_name().is_some_and(|name| pending::is_of(output, name))
        };
        let own = self.bundles.get(path).or_else(|| {
            self.bundles.iter().find_map(|(output, limits)| is_of(output).then_some(limits))
        });
        own.unwrap_or(&self.all)
    }

    /// Whether outputs that are known from an earlier build keep all limits.
    pub(crate) fn have_room(&self, outputs: &[RecalledOutput]) -> bool {
        let keeps = |output: &RecalledOutput| {
            let old = if output.bytes.is_none() { Some(output.len) } else { len_of(&output.path) };
            self.of(&output.path).iter().all(|it| it.limit.has_room(output.len, old))
        };
        outputs.iter().filter(|output| !output.is_map).all(keeps)
    }
}

/// The length of the file on disk.
fn len_of(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|file| file.len())
}

/// Adds the findings about outputs that are larger than they may be. Nothing may have
/// been written yet, and the cache must have what it keeps.
pub(crate) fn judge(compiled: &mut Compiled, project: &Project, console: Console) {
    let exceeded = |output: &Output| {
        let (new, old) = (output.bytes.len() as u64, len_of(&output.path));
        let limits = project.budgets.of(&output.path).iter();
        let exceeded = limits.filter(|it| !it.limit.has_room(new, old));
        exceeded.map(|placed| finding(output, old, placed)).collect::<Vec<Problem>>()
    };
    let outputs = compiled.outputs.iter().filter(|output| !output.is_map);
    let mut large: Vec<(&Output, Vec<Problem>)> = outputs.map(|it| (it, exceeded(it))).collect();
    large.retain(|(_, problems)| !problems.is_empty());
    let sides = NewSides::of(large.iter().map(|(output, _)| *output), project, console);
    for (output, problems) in &mut large {
        problems[0].help = blame::lines(output, &sides);
    }
    let mut findings: Vec<Problem> = large.into_iter().flat_map(|(_, problems)| problems).collect();
    rules::apply(&project.rules, &mut findings);
    compiled.findings.append(&mut findings);
}

fn finding(output: &Output, old: Option<u64>, placed: &Placed) -> Problem {
    let (path, new) = (output.path.display(), output.bytes.len() as u64);
    let (limit, old) = (placed.limit, old.unwrap_or(new));
    let growth = new.saturating_sub(old);
    let (code, message) = match limit {
        Limit::Size(_) => {
            ("T-BUDGET", format!("{path} has {}, and its budget is {limit}", Size(new)))
        }
        Limit::Growth(_) => {
            let growth = Size(growth);
            ("T-GROWTH", format!("{path} grows by {growth}, and its budget for that is {limit}"))
        }
        Limit::Percent(_) => {
            let (growth, share) = (Size(growth), percent(growth, old));
            let message = format!(
                "{path} grows by {growth} ({share:.1} %), and its budget for that is {limit}"
            );
            ("T-GROWTH", message)
        }
    };
    let problem = Problem { severity: Severity::Warning, ..Problem::error(code, message) };
    problem.at(report::place(output.path.clone(), 1)).at(placed.place.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read() {
        let of = |text: &str| text.parse::<Limit>().ok();
        assert_eq!(of("200 kB"), Some(Limit::Size(200_000)));
        assert_eq!(of("1.5MB"), Some(Limit::Size(1_500_000)));
        assert_eq!(of("64 KiB"), Some(Limit::Size(65_536)));
        assert_eq!(of("12"), Some(Limit::Size(12)));
        assert_eq!(of("+10 kB"), Some(Limit::Growth(10_000)));
        assert_eq!(of("+ 2.5 %"), Some(Limit::Percent(2.5)));
        for text in ["", "5 %", "+", "kB", "1 XB", "-1", "1.", ".5 kB", "1..2", "1  kB", "1 ", "+%"]
        {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn limits_are_kept_up_to_their_last_byte() {
        assert!(Limit::Size(10).has_room(10, None) && !Limit::Size(10).has_room(11, None));
        assert!(
            Limit::Growth(5).has_room(15, Some(10)) && !Limit::Growth(4).has_room(15, Some(10))
        );
        let percent = |new, old| Limit::Percent(50.0).has_room(new, old);
        assert!(percent(15, Some(10)) && !percent(16, Some(10)) && percent(16, None));
        // What was nothing grows without bounds.
        assert!(!percent(1, Some(0)) && percent(0, Some(0)));
    }
}
