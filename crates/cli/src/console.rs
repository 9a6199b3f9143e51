//! The terminal: who may use colours, and where messages go.
//!
//! Reports and artefacts go to standard output, everything that is said about
//! the work to standard error. What a newcomer would get wrong: a message that
//! cannot be shown must not stop the work, so errors on standard error are
//! ignored, unlike those on standard output.

use std::env;
use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};

use serde_json::Value;

use crate::args::{ColorWhen, OutputFormat, TerminalArgs};
use crate::problem::Problem;
use crate::render::{self, Look};

/// No run shows more problems than this.
const MOST_PROBLEMS: usize = 50;

/// What is known of the terminal, decided once at the start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Console {
    format: OutputFormat,
    quiet: bool,
    look: Look,
    /// Whether standard output takes colours.
    pub(crate) colour_stdout: bool,
    progress: bool,
}

impl Console {
    pub(crate) fn new(args: &TerminalArgs) -> Self {
        let stderr = io::stderr().is_terminal();
        let format = args.output_format.unwrap_or_else(|| {
            let is_github = env::var_os("GITHUB_ACTIONS").is_some_and(|value| !value.is_empty());
            if is_github { OutputFormat::Github } else { OutputFormat::Text }
        });
        Self {
            format,
            quiet: args.quiet,
            look: Look {
                colour: is_coloured(args.color, stderr),
                unicode: stderr && is_unicode_locale(),
            },
            colour_stdout: is_coloured(args.color, io::stdout().is_terminal()),
            progress: stderr && !args.quiet && format == OutputFormat::Text,
        }
    }

    /// Shows problems on standard error; of very many only the first.
    pub(crate) fn report(self, problems: &[Problem]) {
        let shown = &problems[..problems.len().min(MOST_PROBLEMS)];
        let mut text = String::new();
        let line = |problem: &Problem| match self.format {
            OutputFormat::Text => render::text(problem, self.look) + "\n\n",
            OutputFormat::Short => render::short(problem) + "\n",
            OutputFormat::Github => render::github(problem) + "\n",
            OutputFormat::Json => String::new(),
        };
        text.extend(shown.iter().map(line));
        if self.format == OutputFormat::Json {
            // A machine gets all of them, and an empty list when there are none.
            let all: Value = problems.iter().map(render::json).collect();
            text = format!("{all}\n");
        } else if problems.len() > shown.len() {
            text.extend(["... and ", &(problems.len() - shown.len()).to_string(), " more\n"]);
        }
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// A line about the work, on standard error. Not with `--quiet`, and not
    /// where standard error is JSON.
    pub(crate) fn note(self, line: impl fmt::Display) {
        if !self.quiet && self.format != OutputFormat::Json {
            let _ = writeln!(io::stderr().lock(), "{line}");
        }
    }

    /// Whether a progress bar may be drawn.
    pub(crate) fn has_progress(self) -> bool {
        self.progress
    }
}

/// `--color` decides; then `NO_COLOR`, `FORCE_COLOR` and `CLICOLOR_FORCE`, which
/// count when they are set and not empty; then whether it is a terminal.
fn is_coloured(when: ColorWhen, is_terminal: bool) -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    match when {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto if env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) => false,
        ColorWhen::Auto if is_set("FORCE_COLOR") || is_set("CLICOLOR_FORCE") => true,
        ColorWhen::Auto => is_terminal && env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}

fn is_unicode_locale() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}
