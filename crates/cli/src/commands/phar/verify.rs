//! `tilde phar verify`: whether archives are as they were written.

use std::path::Path;

use serde_json::{Value, json};
use tilde_phar::{Archive, Report, SignatureCheck};

use super::args::VerifyArgs;
use super::{
    check_limit, file_word, grouped, open, print_json, problem, public_key, shown, signature_fault,
};
use crate::console::Console;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Problem};

pub(crate) fn run(args: &VerifyArgs, console: Console) -> Result<ExitStatus, Error> {
    let mut status = ExitStatus::Done;
    let mut reports = Vec::new();
    let mut problems = Vec::new();
    for path in &args.archives {
        match verify(path, args) {
            Ok(verified) => {
                status = status.max(verified.status());
                if console.is_json() {
                    reports.push(verified.json());
                } else {
                    inputs::print(verified.text().as_bytes())?;
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    if console.is_json() {
        print_json(&Value::from(reports))?;
    }
    if problems.is_empty() {
        return Ok(status);
    }
    console.report(&problems);
    Ok(ExitStatus::Failed)
}

fn verify<'p>(path: &'p Path, args: &VerifyArgs) -> Result<Verified<'p>, Problem> {
    let mut opened = open(path)?;
    check_limit(path, &opened.archive, &args.limit)?;
    let key = public_key(args.key.public_key.as_deref(), path)?;
    let report = opened.archive.verify(&mut opened.file, key.as_ref());
    let report = report.map_err(|error| problem(path, &error))?;
    Ok(Verified { path, archive: opened.archive, report })
}

struct Verified<'p> {
    path: &'p Path,
    archive: Archive,
    report: Report,
}

impl Verified<'_> {
    fn status(&self) -> ExitStatus {
        if self.report.is_good() { ExitStatus::Done } else { ExitStatus::Findings }
    }

    fn text(&self) -> String {
        let path = self.path.display();
        if let (SignatureCheck::Good(kind), true) = (self.report.signature, self.report.is_good()) {
            let count = self.archive.len();
            let word = file_word(count);
            return format!("{path}: good ({}, {} {word})\n", kind.as_str(), grouped(count as u64));
        }
        self.faults().iter().map(|fault| format!("{path}: {fault}")).collect::<Vec<_>>().join("\n")
            + "\n"
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::from_iter(signature_fault(self.report.signature));
        let names: Vec<&[u8]> = self.archive.entries().map(|entry| entry.name).collect();
        let damaged = self.report.damaged.iter();
        faults.extend(damaged.map(|(index, error)| format!("{}: {error}", shown(names[*index]))));
        let repeated = self.report.repeated.iter().map(|index| shown(names[*index]));
        faults.extend(repeated.map(|name| format!("{name}: it is there more than once")));
        if self.report.unclaimed_len > 0 {
            let len = grouped(self.report.unclaimed_len);
            faults.push(format!("{len} bytes belong to no entry"));
        }
        faults
    }

    fn json(&self) -> Value {
        json!({
            "path": self.path.to_string_lossy(),
            "good": self.report.is_good(),
            "entries": self.archive.len(),
            "signature": self.archive.signature().map(|signature| signature.kind.as_str()),
            "faults": self.faults(),
        })
    }
}
