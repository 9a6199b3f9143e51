//! What is said of a build: a line for people, or an object a line for machines.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Instant;

use serde_json::{Value, json};

use crate::commands::build::{Size, count};
use crate::compile::Compiled;
use crate::console::Console;
use crate::disk::Outcome;
use crate::problem::Problem;
use crate::render;

/// So many changed files are named in a line.
const MAX_NAMES: usize = 3;

/// A build that has ended.
pub(super) struct Report<'a> {
    pub(super) console: Console,
    /// What it was for.
    pub(super) changes: &'a BTreeSet<PathBuf>,
    pub(super) is_first: bool,
    pub(super) started: Instant,
}

impl Report<'_> {
    pub(super) fn built(&self, compiled: &Compiled, outcomes: &[Outcome]) {
        let verb = if !outcomes.contains(&Outcome::Wrote) {
            "unchanged"
        } else if self.is_first {
            "built"
        } else {
            "rebuilt"
        };
        if self.console.is_json() {
            return self.line(verb, &compiled.findings, &outputs(compiled, outcomes));
        }
        self.console.report(&compiled.findings);
        let files = count(compiled.outputs.iter().map(|output| output.inputs.len()).sum(), "file");
        let bytes = compiled.outputs.iter().map(|output| output.bytes.len() as u64).sum();
        let outputs = count(compiled.outputs.len(), "output");
        let ms = self.started.elapsed().as_millis();
        let names = self.names();
        let size = Size(bytes);
        self.say(&format!("{verb} {outputs}, {files} in {ms} ms, {size}{names}"));
    }

    pub(super) fn failed(&self, problems: &[Problem]) {
        if self.console.is_json() {
            return self.line("failed", problems, &Value::Array(Vec::new()));
        }
        self.console.report(problems);
        self.say(&format!("failed, the old outputs stay{}", self.names()));
    }

    fn say(&self, text: &str) {
        let time = jiff::Zoned::now().strftime("%H:%M:%S");
        self.console.note(format!("[{time}] {text}"));
    }

    fn line(&self, status: &str, problems: &[Problem], outputs: &Value) {
        let changes: Vec<_> = self.changes.iter().map(|path| path.to_string_lossy()).collect();
        let problems: Vec<Value> = problems.iter().map(render::json).collect();
        let ms = self.started.elapsed().as_millis() as u64;
        Console::line(&json!({
            "status": status,
            "changes": if self.is_first { Vec::new() } else { changes },
            "outputs": outputs,
            "problems": problems,
            "ms": ms,
        }));
    }

    /// What has changed, for the end of a line.
    fn names(&self) -> String {
        if self.is_first {
            return String::new();
        }
        let names = self.changes.iter().take(MAX_NAMES);
        let mut names: Vec<String> = names.map(|path| path.display().to_string()).collect();
        if self.changes.len() > names.len() {
            names.push(format!("{} more", self.changes.len() - names.len()));
        }
        format!(" ({})", names.join(", "))
    }
}

fn outputs(compiled: &Compiled, outcomes: &[Outcome]) -> Value {
    let output = |(output, outcome): (&crate::compile::Output, &Outcome)| {
        json!({
            "path": output.path.to_string_lossy(),
            "bytes": output.bytes.len(),
            "files": output.inputs.len(),
            "is_written": *outcome == Outcome::Wrote,
        })
    };
    compiled.outputs.iter().zip(outcomes).map(output).collect()
}
