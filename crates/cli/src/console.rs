//! The terminal: who may use colours, and where messages go.
//!
//! Reports and artefacts go to standard output, everything that is said about
//! the work to standard error. A message that cannot be shown must not stop the
//! work, so errors on standard error are ignored, unlike those on standard
//! output.

use std::env;
use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};

use serde_json::Value;
use terminal_size::{Height, Width, terminal_size_of};

use crate::args::{ColorWhen, OutputFormat, TerminalArgs};
use crate::escape::escaped;
use crate::problem::{Problem, Severity};
use crate::render::{self, Look};

/// No run shows more problems than this.
pub(crate) const MAX_PROBLEMS: usize = 50;

/// What is known of the terminal, decided once at the start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Console {
    format: OutputFormat,
    quiet: bool,
    stderr: Look,
    pub(crate) stdout: Look,
    progress: bool,
}

impl Console {
    /// `is_checking`: whether the command is one whose report a CI system shows.
    pub(crate) fn new(args: &TerminalArgs, is_checking: bool) -> Self {
        let stderr = io::stderr().is_terminal();
        let format = args.output_format.unwrap_or_else(|| usual_format(is_checking));
        let look = |is_terminal, size: Option<(Width, Height)>| Look {
            colour: is_coloured(args.color, is_terminal),
            unicode: is_terminal && is_unicode_locale(),
            width: size.map(|(Width(width), _)| usize::from(width)).filter(|width| *width > 0),
        };
        Self {
            format,
            quiet: args.quiet,
            stderr: look(stderr, terminal_size_of(io::stderr())),
            stdout: look(io::stdout().is_terminal(), terminal_size_of(io::stdout())),
            progress: stderr && !args.quiet && format == OutputFormat::Text,
        }
    }

    /// One that says nothing and draws nothing.
    pub(crate) fn silent() -> Self {
        let plain = Look { colour: false, unicode: false, width: None };
        let format = OutputFormat::Text;
        Self { format, quiet: true, stderr: plain, stdout: plain, progress: false }
    }

    /// Shows problems on standard error; of very many only the worst, and with
    /// `--quiet` no mere notes.
    pub(crate) fn report(self, problems: &[Problem]) {
        let is_wanted = |problem: &&Problem| !self.quiet || problem.severity != Severity::Note;
        let mut problems: Vec<&Problem> = problems.iter().filter(is_wanted).collect();
        if problems.len() > MAX_PROBLEMS && !self.format.is_document() {
            problems.sort_by_key(|problem| problem.severity);
        }
        // A machine gets all of them, and an empty list when there are none.
        let document = render::document(self.format, &problems, &[]);
        let text = document.unwrap_or_else(|| {
            let shown = problems.len().min(MAX_PROBLEMS);
            let mut text: String = problems[..shown]
                .iter()
                .map(|problem| self.written(problem, self.stderr))
                .collect();
            if problems.len() > shown {
                text.extend(["... and ", &(problems.len() - shown).to_string(), " more\n"]);
            }
            text
        });
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// A problem that belongs into a report, for standard output. Of a document it is an
    /// element, as JSON, and the array around it is for the caller to write.
    pub(crate) fn finding(self, problem: &Problem) -> String {
        self.written(problem, self.stdout)
    }

    fn written(self, problem: &Problem, look: Look) -> String {
        match self.format {
            OutputFormat::Text => render::text(problem, look) + "\n\n",
            OutputFormat::Short => render::short(problem) + "\n",
            OutputFormat::Github => render::github(problem) + "\n",
            OutputFormat::Json
            | OutputFormat::Gitlab
            | OutputFormat::Sarif
            | OutputFormat::Junit => render::json_text(&render::json(problem).to_string()),
        }
    }

    /// The same with one line for each finding where it would have lines of the sources too.
    pub(crate) fn without_lines(self) -> Self {
        let format = match self.format {
            OutputFormat::Text => OutputFormat::Short,
            format => format,
        };
        Self { format, ..self }
    }

    /// Whether reports are JSON.
    pub(crate) fn is_json(self) -> bool {
        self.format == OutputFormat::Json
    }

    pub(crate) fn format(self) -> OutputFormat {
        self.format
    }

    pub(crate) fn is_quiet(self) -> bool {
        self.quiet
    }

    /// A line about the work, on standard error. Not with `--quiet`, and not
    /// where standard error is a document.
    pub(crate) fn note(self, line: impl fmt::Display) {
        if !self.format.is_document() {
            self.note_beside(line);
        }
    }

    /// The same for a command whose documents go to standard output.
    pub(crate) fn note_beside(self, line: impl fmt::Display) {
        if !self.quiet {
            let _ = writeln!(io::stderr().lock(), "{}", escaped(&line.to_string()));
        }
    }

    /// A line for machines, on standard error.
    pub(crate) fn line(value: &Value) {
        let _ = writeln!(io::stderr().lock(), "{}", render::json_text(&value.to_string()));
    }

    /// Empties the terminal, if messages go to one.
    pub(crate) fn clear(self) {
        if io::stderr().is_terminal() && !self.is_json() {
            let _ = write!(io::stderr().lock(), "\u{1b}[2J\u{1b}[3J\u{1b}[H");
        }
    }

    /// Whether a progress bar may be drawn.
    pub(crate) fn has_progress(self) -> bool {
        self.progress
    }
}

/// What a CI system understands, else text.
fn usual_format(is_checking: bool) -> OutputFormat {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_set("GITHUB_ACTIONS") {
        OutputFormat::Github
    } else if is_set("GITLAB_CI") && is_checking {
        OutputFormat::Gitlab
    } else {
        OutputFormat::Text
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
