//! Tables of what was measured, and what to do about it.

use std::fmt::Write as _;

use super::copies::Kind;
use super::figures::Times;
use super::server::Regime;
use crate::commands::build::Size;

/// A speed below that is a loss: what is above may be chance.
const LOSS: f64 = 0.98;

/// A variant in one way to run PHP.
pub(super) struct Row {
    kind: Kind,
    pub(super) times: Times,
    /// Of the first request after a start.
    pub(super) first: Times,
    /// The bytes and the scripts in OPcache.
    pub(super) opcache: Option<(u64, u64)>,
}

impl Row {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, times: Times::default(), first: Times::default(), opcache: None }
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
        let has_first = base.first.len() > 0;
        let mut text = format!(
            "\n{:<40}{:>9}{:>20}{:>7}",
            self.regime.words(),
            "median",
            "half of them",
            "speed"
        );
        if has_first {
            let _ = write!(text, "{:>12}{:>7}  OPcache", "first", "speed");
        }
        text.push('\n');
        for row in &self.rows {
            let (low, high) = row.times.middle_half();
            let _ = write!(
                text,
                "  {:<38}{:>9}{:>20}{:>7.2}",
                row.kind.words(),
                milliseconds(row.times.median()),
                format!("{} to {}", number(low), number(high)),
                row.times.speed_over(&base.times),
            );
            if has_first {
                let speed = row.first.speed_over(&base.first);
                let _ = write!(text, "{:>12}{speed:>7.2}", milliseconds(row.first.median()));
            }
            if let Some((bytes, scripts)) = row.opcache {
                let _ = write!(text, "  {}, {scripts} files", Size(bytes));
            }
            text.push('\n');
        }
        let _ = writeln!(text, "  {} rounds", base.times.len());
        text
    }

    /// How many times as fast as the base tilde is, and on the first request.
    fn speeds(&self) -> Option<(f64, Option<f64>)> {
        let (base, tilde) = (self.base(), self.rows.iter().find(|row| row.kind == Kind::Tilde)?);
        let first = (base.first.len() > 0).then(|| tilde.first.speed_over(&base.first));
        Some((tilde.times.speed_over(&base.times), first))
    }
}

fn milliseconds(seconds: f64) -> String {
    format!("{} ms", number(seconds))
}

fn number(seconds: f64) -> String {
    let value = seconds * 1e3;
    if value < 10.0 { format!("{value:.3}") } else { format!("{value:.1}") }
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
