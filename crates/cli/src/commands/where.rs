//! `tilde where`: which source a place in a compiled file came from.
//!
//! Reads the map beside the file, which a build writes when it is asked for one.
//! With `--log` a text goes through, line by line as it comes, so that it can stand
//! behind `tail -f`; only places that are known for sure are replaced.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader};
use std::os::fd::AsFd as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use tilde_bundle::map::Origin;

use crate::args::{MapPath, OutputPlace, WhereArgs};
use crate::commands::build::count;
use crate::console::Console;
use crate::deployed::Name;
use crate::disk;
use crate::escape::escaped_bytes;
use crate::excerpt::Lines;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::log::{self, Replacement};
use crate::map::{self, Answer, Map};
use crate::problem::{Error, Problem, Severity};

/// So many bytes of a log are written at once.
const CHUNK: usize = 64 << 10;

/// So many paths without a map are remembered: a log may name any number.
const MAX_PATHS: usize = 20_000;

pub(crate) fn run(args: &WhereArgs, console: Console) -> Result<ExitStatus, Error> {
    if let Some(log) = &args.log {
        return rewrite(log, &args.map_path, console);
    }
    let mut maps: HashMap<&Path, Map> = HashMap::new();
    let mut problems = Vec::new();
    for place in &args.places {
        if !maps.contains_key(&*place.file) {
            maps.insert(&place.file, Map::of(&place.file)?);
        }
        let map = &maps[&*place.file];
        let (origin, problem) = answer(map, place);
        problems.extend(problem);
        if let Some(origin) = origin {
            inputs::print(&line(map, origin))?;
        }
    }
    console.report(&problems);
    Ok(if problems.is_empty() { ExitStatus::Done } else { ExitStatus::Findings })
}

fn answer(map: &Map, place: &OutputPlace) -> (Option<Origin>, Option<Problem>) {
    let OutputPlace { file, line, column } = place;
    match map.find(*line, *column) {
        Answer::One(origin) => (Some(origin), None),
        Answer::Several(origin) => {
            let message =
                format!("line {line} of {} holds code of several lines of source", file.display());
            let help = "give the column as well, or build in the style `lines`";
            (Some(origin), Some(warning(message, help)))
        }
        Answer::Own => (None, Some(own(place))),
    }
}

fn warning(message: String, help: &str) -> Problem {
    Problem { severity: Severity::Warning, ..Problem::error(map::CODE, message).help(help) }
}

/// A place that no source has.
fn own(place: &OutputPlace) -> Problem {
    let file = place.file.display();
    let lines = disk::read(&place.file).map(|text| Lines::of(&text).len(&text));
    match lines {
        Ok(len) if place.line > len => {
            let message = format!("there is no line {} in {file}", place.line);
            warning(message, &format!("it has {}", count(len, "line")))
        }
        _ => {
            let message = format!("line {} of {file} is code of the bundle's own", place.line);
            let message = match place.column {
                None => message,
                Some(column) => format!("column {column} in {message}"),
            };
            warning(message, "no source has it: it puts the members together")
        }
    }
}

/// `PATH:LINE:COLUMN`, from 1.
fn line(map: &Map, origin: Origin) -> Vec<u8> {
    let place = format!(":{}:{}\n", origin.line + 1, origin.column + 1);
    let path = map::shown(map.source(origin)).as_bytes();
    [&*escaped_bytes(path), place.as_bytes()].concat()
}

/// `--log`
fn rewrite(path: &Path, map_paths: &[MapPath], console: Console) -> Result<ExitStatus, Error> {
    let unreadable = |error: &io::Error| disk::unreadable(path, error);
    let file = if disk::is_dash(path) {
        io::stdin().as_fd().try_clone_to_owned().map(File::from)
    } else {
        File::open(path)
    };
    let file = file.map_err(|error| unreadable(&error))?;
    let mut reader = BufReader::with_capacity(CHUNK, file);
    let mut bundles = Bundles { map_paths, ..Bundles::default() };
    let (mut line, mut out) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(|error| unreadable(&error))? == 0 {
            break;
        }
        log::rewrite(&line, &mut out, |path, line, column| bundles.find(path, line, column));
        // What has come so far is shown before the next line is waited for.
        if out.len() >= CHUNK || !reader.buffer().contains(&b'\n') {
            inputs::print(&out)?;
            out.clear();
        }
    }
    inputs::print(&out)?;
    Ok(bundles.report(console))
}

/// The bundles that a log names.
#[derive(Default)]
struct Bundles<'a> {
    map_paths: &'a [MapPath],
    /// None for a map that cannot be used.
    maps: HashMap<Vec<u8>, Option<Map>>,
    /// Some of the paths without a map.
    without: HashSet<Vec<u8>>,
    problems: Vec<Problem>,
    replaced: usize,
    /// Places in lines that hold code of several lines of source.
    unsure: usize,
    /// Places in code of the bundles' own, or after their ends.
    own: usize,
}

impl Bundles<'_> {
    fn find(&mut self, path: &[u8], line: usize, column: Option<usize>) -> Option<Replacement> {
        if !self.maps.contains_key(path) {
            let local = self.local_with_map(path)?;
            let map = Map::of(&local).map_err(|problem| self.problems.push(problem)).ok();
            self.maps.insert(path.to_vec(), map);
        }
        let map = self.maps.get(path)?.as_ref()?;
        match map.find(line, column) {
            Answer::One(origin) => {
                self.replaced += 1;
                let path = map.source(origin).as_os_str().as_bytes();
                let path = escaped_bytes(path).into_owned();
                let (line, column) = (origin.line as usize + 1, origin.column as usize + 1);
                Some(Replacement { path, line, column })
            }
            Answer::Several(_) => {
                self.unsure += 1;
                None
            }
            Answer::Own => {
                self.own += 1;
                None
            }
        }
    }

    /// Where a file with a map beside it lies that the log names.
    fn local_with_map(&mut self, path: &[u8]) -> Option<PathBuf> {
        if self.without.contains(path) {
            return None;
        }
        let local = self.local(path);
        // A log may name a pipe, which would be waited for.
        let has_map = |it: &PathBuf| fs::metadata(map::beside(it)).is_ok_and(|it| it.is_file());
        if let Some(local) = local.filter(has_map) {
            return Some(local);
        }
        if self.without.len() >= MAX_PATHS {
            self.without.clear();
        }
        self.without.insert(path.to_vec());
        None
    }

    /// Where a path of the log lies on this machine.
    fn local(&self, path: &[u8]) -> Option<PathBuf> {
        if self.map_paths.is_empty() {
            return path.starts_with(b"/").then(|| OsStr::from_bytes(path).into());
        }
        let name = Name::absolute(path)?;
        let below = |it: &'_ MapPath| Some((it.local.clone(), name.below(&it.deployed)?.to_vec()));
        let (local, rest) = self.map_paths.iter().filter_map(below).min_by_key(|it| it.1.len())?;
        let rest = rest.strip_prefix(b"/").unwrap_or_default();
        Some(disk::normal(&local.join(OsStr::from_bytes(rest))))
    }

    fn report(self, console: Console) -> ExitStatus {
        let mut problems = self.problems;
        for problem in &mut problems {
            problem.severity = Severity::Warning;
        }
        if self.unsure > 0 {
            let places = count(self.unsure, "place");
            let message = format!(
                "{places} of the log stay: their lines hold code of several lines of source"
            );
            problems.push(warning(message, "build in the style `lines`"));
        }
        console.report(&problems);
        if self.replaced > 0 {
            console.note(format!("replaced {}", count(self.replaced, "place")));
        } else if self.own > 0 {
            console.note("all places of the log in bundles are in code of their own");
        } else if problems.is_empty() {
            console.note(
                "no place of the log is in a file with a map beside it; build with --map, and \
                 give --map-path for a log of another machine",
            );
        }
        if problems.is_empty() { ExitStatus::Done } else { ExitStatus::Findings }
    }
}
