//! Tables of what was measured, and what to do about it.

use std::fmt::Write as _;

use super::copies::Kind;
use super::figures::Times;
use super::server::Regime;
use crate::commands::build::Size;

/// A speed below that is a loss: what is above may be chance.
const LOSS: f64 = 0.98;

/// Times of the clock, and of the processor where the system tells.
#[derive(Default)]
pub(super) struct Pair {
    pub(super) clock: Times,
    pub(super) work: Times,
}

impl Pair {
    /// How many times as fast these are as others: by the processor, which other processes
    /// disturb less, if both have its times.
    fn speed_over(&self, others: &Self) -> f64 {
        if self.work.len() == self.clock.len() && others.work.len() == others.clock.len() {
            self.work.speed_over(&others.work)
        } else {
            self.clock.speed_over(&others.clock)
        }
    }
}

/// A variant in one way to run PHP.
pub(super) struct Row {
    kind: Kind,
    pub(super) steady: Pair,
    /// Of the first request after a start.
    pub(super) first: Pair,
    /// The bytes and the scripts in OPcache.
    pub(super) opcache: Option<(u64, u64)>,
}

impl Row {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, steady: Pair::default(), first: Pair::default(), opcache: None }
    }

    /// A line of a table.
    fn text(&self, base: &Self) -> String {
        let clock = &self.steady.clock;
        let (low, high) = clock.middle_half();
        let mut text = format!(
            "  {:<22}{:>8}{:>18}{:>7.2}",
            self.kind.words(),
            number(clock.median()),
            format!("{} to {}", number(low), number(high)),
            clock.speed_over(&base.steady.clock),
        );
        if self.first.clock.len() > 0 {
            let _ = write!(
                text,
                "{:>11}{:>7.2}{:>9}{:>7.2}",
                number(self.steady.work.median()),
                self.steady.work.speed_over(&base.steady.work),
                number(self.first.clock.median()),
                self.first.speed_over(&base.first),
            );
        }
        if let Some((bytes, scripts)) = self.opcache {
            let _ = write!(text, "   {} in {scripts}", Size(bytes));
        }
        text + "\n"
    }
}

/// One way to run PHP.
pub(super) struct Table {
    pub(super) regime: Regime,
    pub(super) rows: Vec<Row>,
}

impl Table {
    /// What the others are compared with: Composer's class map if there is one.
    fn base(&self) -> &Row {
        let map = self.rows.iter().find(|row| row.kind == Kind::Authoritative);
        map.unwrap_or(&self.rows[0])
    }

    pub(super) fn text(&self) -> String {
        let base = self.base();
        let rounds = base.steady.clock.len();
        let mut text = format!("\n{}, {rounds} rounds\n", self.regime.words());
        let _ = write!(text, "  {:<22}{:>8}{:>18}{:>7}", "", "ms", "half of them", "speed");
        if base.first.clock.len() > 0 {
            let _ = write!(
                text,
                "{:>11}{:>7}{:>9}{:>7}   OPcache, files",
                "processor", "speed", "first", "speed"
            );
        }
        text.push('\n');
        for row in &self.rows {
            text += &row.text(base);
        }
        text
    }

    /// How many times as fast as the base tilde is, and on the first request.
    fn speeds(&self) -> Option<(f64, Option<f64>)> {
        let (base, tilde) = (self.base(), self.rows.iter().find(|row| row.kind == Kind::Tilde)?);
        let has_first = base.first.clock.len() > 0;
        let first = has_first.then(|| tilde.first.speed_over(&base.first));
        Some((tilde.steady.speed_over(&base.steady), first))
    }
}

/// Milliseconds.
fn number(seconds: f64) -> String {
    let value = seconds * 1e3;
    if value.is_nan() {
        "-".to_owned()
    } else if value < 10.0 {
        format!("{value:.3}")
    } else {
        format!("{value:.1}")
    }
}

/// What all tables say.
pub(super) struct Verdict {
    pub(super) text: String,
    /// tilde is slower somewhere.
    pub(super) has_lost: bool,
}

pub(super) fn verdict(tables: &[Table], is_guess: bool) -> Verdict {
    let mut text = String::from("\n");
    let (mut has_lost, mut loses_first) = (false, false);
    for table in tables {
        let Some((speed, first)) = table.speeds() else { continue };
        let words = table.regime.words();
        let verb = if speed < LOSS { "loses" } else { "is as fast or faster" };
        let _ = write!(text, "{words}: tilde {verb}, {speed:.2} times the speed");
        if let Some(first) = first {
            let verb = if first < LOSS { "loses there" } else { "also there" };
            let _ = write!(text, "; of the first request {first:.2}, {verb}");
            loses_first |= first < LOSS;
        }
        text.push('\n');
        has_lost |= speed < LOSS;
    }
    if has_lost || loses_first {
        text += if is_guess {
            "what is compiled is a guess: record requests with `tilde trace` or record.php, build, \
             and measure again\n"
        } else if has_lost {
            "where it loses, require vendor/autoload.php again and leave the rest to Composer\n"
        } else {
            "it loses only until OPcache is warm: ask for a page after each deployment, or preload\n"
        };
    }
    Verdict { text, has_lost: has_lost || loses_first }
}
