//! A progress bar for long work.
//!
//! It appears only after a moment: most builds are over before anyone could read
//! it. Steps come from many threads.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::console::Console;

/// Work that is over within this time shows no bar.
const PATIENCE: Duration = Duration::from_millis(300);

/// Counts the steps of some work, in files.
pub(crate) struct Progress {
    started: Instant,
    total: u64,
    bar: ProgressBar,
    is_shown: OnceLock<()>,
}

impl Progress {
    /// Work of `total` steps that starts now.
    pub(crate) fn new(console: Console, total: usize) -> Self {
        let progress = Self {
            started: Instant::now(),
            total: total as u64,
            bar: ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::hidden()),
            is_shown: OnceLock::new(),
        };
        if !console.has_progress() {
            let _ = progress.is_shown.set(());
        }
        progress
    }

    /// One more file is being worked on.
    pub(crate) fn step(&self) {
        self.bar.inc(1);
        if self.started.elapsed() > PATIENCE {
            self.is_shown.get_or_init(|| self.show());
        }
    }

    fn show(&self) {
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} files") {
            self.bar.set_style(style);
        }
        self.bar.set_length(self.total);
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
