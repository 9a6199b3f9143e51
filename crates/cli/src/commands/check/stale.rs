//! Outputs that are not what a build would write.
//!
//! Only these are compared statement by statement, and only of their bundles a map is made,
//! so a check of many outputs costs what a build costs while few are stale.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use rayon::prelude::*;

use crate::commands::build::Size;
use crate::compare::origin::Origins;
use crate::compare::{Comparison, Difference, report};
use crate::compile::{Compiled, Output};
use crate::console::Console;
use crate::disk;
use crate::map;
use crate::new_sides::NewSides;
use crate::problem::{Place, Problem, Severity};
use crate::project::Project;

/// An output that would change.
pub(crate) struct Stale<'c> {
    pub(crate) output: &'c Output,
    pub(crate) old: Option<Vec<u8>>,
    pub(crate) state: State,
    /// Where the configuration names the bundle.
    place: Option<Place>,
}

pub(crate) enum State {
    /// There is no file.
    Missing,
    /// It only says where code came from, and that is of another build.
    Map,
    /// It is an archive, whose bytes nobody can read.
    Archive,
    /// The code is the same.
    Same(Difference),
    Code(Box<Comparison>),
}

/// Those of the outputs that differ from the files on disk, in their order.
pub(super) fn all<'c>(
    compiled: &'c Compiled,
    project: &Project,
    console: Console,
) -> Result<Vec<Stale<'c>>, Problem> {
    let on_disk: Vec<OnDisk> =
        compiled.outputs.par_iter().map(on_disk).collect::<Result<_, Problem>>()?;
    let pairs: Vec<(&Output, OnDisk)> = compiled.outputs.iter().zip(on_disk).collect();
    let stale = |(output, on_disk): (&'c Output, OnDisk)| {
        let old = match on_disk {
            OnDisk::Same => return None,
            OnDisk::Missing => None,
            OnDisk::Other(old) => Some(old),
        };
        let state = state(output, old.as_deref());
        let of_bundle = |bundle: &PathBuf| {
            let target = project.targets.iter().find(|target| target.output == *bundle)?;
            target.place.clone()
        };
        let place = output.bundle.as_ref().and_then(of_bundle);
        Some(Stale { output, old, state, place })
    };
    let mut stale: Vec<Stale<'_>> = pairs.into_par_iter().filter_map(stale).collect();
    let with_code = stale.iter().filter(|it| it.comparison().is_some()).map(|it| it.output);
    let sides = NewSides::of(with_code, project, console);
    stale.par_iter_mut().for_each(|it| it.locate(&sides));
    Ok(stale)
}

/// What is at the place of an output.
enum OnDisk {
    /// What would be written.
    Same,
    Missing,
    Other(Vec<u8>),
}

fn on_disk(output: &Output) -> Result<OnDisk, Problem> {
    let is_stream = fs::metadata(&output.path).is_ok_and(|old| !old.is_file() && !old.is_dir());
    if is_stream || disk::is_descriptor(&output.path) {
        let path = output.path.display();
        let message = format!("cannot compare with {path}: it is a pipe or a device");
        return Err(Problem::error("T-OUTPUT", message).help("give the name of a file"));
    }
    match fs::read(&output.path) {
        Ok(old) if output.bytes.is(&old) => Ok(OnDisk::Same),
        Ok(old) => Ok(OnDisk::Other(old)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(OnDisk::Missing),
        Err(error) => Err(disk::unreadable(&output.path, &error)),
    }
}

/// How an output differs, without the places of sources.
fn state(output: &Output, old: Option<&[u8]>) -> State {
    let Some(old) = old else { return State::Missing };
    if output.is_map {
        return State::Map;
    }
    if tilde_phar::is_archive(output.bytes.whole()) {
        return State::Archive;
    }
    let difference = Difference::between(old, output.bytes.whole(), output.lexer);
    if difference != Difference::Code {
        return State::Same(difference);
    }
    State::Code(Box::new(Comparison::of(old, output.bytes.whole(), output.lexer)))
}

impl Stale<'_> {
    /// Finds the places in the sources that changes come from.
    fn locate(&mut self, sides: &NewSides) {
        if let (State::Code(comparison), Some(old)) = (&mut self.state, &self.old) {
            let (old, new) = (map::side(&self.output.path, old), sides.side(self.output));
            comparison.locate(&Origins { old, new });
        }
    }

    pub(crate) fn comparison(&self) -> Option<&Comparison> {
        match &self.state {
            State::Code(comparison) => Some(comparison),
            State::Missing | State::Map | State::Archive | State::Same(_) => None,
        }
    }

    fn code(&self) -> &'static str {
        match self.state {
            State::Missing => "T-UNBUILT",
            State::Map | State::Archive | State::Code(_) => "T-STALE",
            State::Same(_) => "T-LINES",
        }
    }

    /// How it differs, in a line.
    pub(crate) fn summary(&self) -> String {
        match &self.state {
            State::Missing => {
                let size = Size(self.output.bytes.len() as u64);
                format!("there is no such file yet; it would have {size}")
            }
            State::Map => "it is the map of another build".to_owned(),
            State::Archive => "the archive differs".to_owned(),
            State::Same(difference) => difference.text().unwrap_or_default().to_owned(),
            State::Code(comparison) => report::summary(comparison),
        }
    }

    /// All of it as one finding.
    pub(super) fn finding(&self) -> Problem {
        self.problem(&self.summary()).at(self.whole_place())
    }

    /// A finding for each hunk, at the source that it comes from.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        match self.comparison() {
            Some(comparison) => {
                report::problems(comparison, &self.output.path, self.code(), "is stale")
            }
            None => vec![self.finding()],
        }
    }

    fn problem(&self, what: &str) -> Problem {
        let path = self.output.path.display();
        let message = match self.state {
            State::Missing => format!("{path} is missing: {what}"),
            _ => format!("{path} is stale: {what}"),
        };
        Problem { severity: Severity::Warning, ..Problem::error(self.code(), message) }
    }

    /// The output itself, or what names it if it is not there.
    fn whole_place(&self) -> Option<Place> {
        match (&self.old, &self.place) {
            (None, Some(place)) => Some(place.clone()),
            (None, None) => None,
            (Some(_), _) => Some(report::place(self.output.path.clone(), 1)),
        }
    }
}
