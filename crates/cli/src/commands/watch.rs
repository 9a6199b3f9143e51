//! `tilde watch`: build, and build again at every change.
//!
//! Events of the system only wake it up; what has changed is found by looking at
//! the files again. So it does not matter how an editor saves, or that events
//! are lost or doubled. Folders are watched before they are searched, else a
//! file created in between is missed.

mod watcher;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use self::watcher::Watcher;
use crate::args::{ProjectArgs, WatchArgs};
use crate::commands::build::{count, publish};
use crate::compile::{self, Compiled};
use crate::console::Console;
use crate::disk::{self, Outcome};
use crate::exit::ExitStatus;
use crate::problem::{Error, Problem};
use crate::project::{self, Project};
use crate::scope::{self, Scope, Stamp};

/// So many changed files are named in a line.
const MAX_NAMES: usize = 3;

pub(crate) fn run(args: &WatchArgs, console: Console) -> Result<ExitStatus, Error> {
    check(&args.project)?;
    let mut watcher = Watcher::new(args.poll.map(Duration::from_millis), console)?;
    if !args.ignore_stdin && !io::stdin().is_terminal() {
        watcher.end_with_stdin();
    }
    let home = Home(env::current_dir().ok());
    let mut scope = Scope::default();
    let mut asked = Asked::default();
    let mut seen = Seen::default();
    let mut events = BTreeSet::new();
    loop {
        let started = Instant::now();
        let project = plan(&args.project, &mut scope, &asked, &home, &mut watcher, console)?;
        let mut now = Seen::of(&scope);
        let changes = now.changes(&seen, &events);
        if !changes.is_empty() {
            let is_first = seen.stamps.is_empty();
            let names = if is_first { String::new() } else { format!(" ({})", names(&changes)) };
            asked = build(project, console, &names, is_first, started)?;
            asked.join(&mut scope);
            now.join(&scope, &asked);
        }
        seen = now;
        // What was asked for only now may have changed before it was watched.
        if watcher.follow(&scope, console)? && seen.is_outdated(&scope) {
            match watcher.settle(&scope) {
                Some(paths) => events = paths,
                None => return Ok(ExitStatus::Done),
            }
            continue;
        }
        match watcher.next(&scope) {
            Some(paths) => events = paths,
            None => return Ok(ExitStatus::Done),
        }
    }
}

/// The current folder by its name. When it is removed and made again, as a
/// checkout may do, this process is still in the one that is gone.
struct Home(Option<PathBuf>);

impl Home {
    /// Goes into the folder that has the name now, if there is one.
    fn go_back(&self) {
        let _ = self.0.as_ref().map(env::set_current_dir);
    }
}

fn check(args: &ProjectArgs) -> Result<(), Problem> {
    let is_dash = |path: &Option<PathBuf>| path.as_deref().is_some_and(disk::is_dash);
    if args.paths.iter().any(|path| disk::is_dash(path)) || is_dash(&args.list.files_from) {
        let problem = Problem::error("T-USAGE", "watch cannot read standard input again and again");
        return Err(problem.help("give the names of files"));
    }
    if is_dash(&args.output) {
        let problem = Problem::error("T-USAGE", "watch cannot take back what it has printed");
        return Err(problem.help("give -o the name of a file"));
    }
    Ok(())
}

/// Works out the project, and again while that shows new folders to watch: what
/// was created in them before the watch began would be missed otherwise.
fn plan(
    args: &ProjectArgs,
    scope: &mut Scope,
    asked: &Asked,
    home: &Home,
    watcher: &mut Watcher,
    console: Console,
) -> Result<Result<Project, Vec<Problem>>, Problem> {
    loop {
        home.go_back();
        let mut new = Scope::default();
        let mut project = project::plan(args, &mut new);
        for application in project.iter_mut().flat_map(|project| &mut project.applications) {
            application.files.take_stamps();
        }
        asked.join(&mut new);
        if project.is_err() {
            // What the broken project still depends on is not known in full.
            new.join(scope);
            new.folder(Path::new("."));
            new.folders.extend(home.0.clone());
            new.folders.extend(args.paths.iter().filter(|path| path.is_dir()).cloned());
        }
        *scope = new;
        if !watcher.follow(scope, console)? {
            return Ok(project);
        }
    }
}

/// Builds once and says how it went. Returns what the build has asked for, or
/// an error that no change can mend.
fn build(
    project: Result<Project, Vec<Problem>>,
    console: Console,
    names: &str,
    is_first: bool,
    started: Instant,
) -> Result<Asked, Error> {
    let mut asked = Asked::default();
    let built = project.map_err(Error::from).and_then(|project| {
        let compiled = compile::compile(&project, console);
        asked = Asked::by(&project);
        let compiled = compiled?;
        let outcomes = publish(&compiled, None, console)?;
        asked.forget(&compiled);
        Ok((compiled, outcomes))
    });
    let time = jiff::Zoned::now().strftime("%H:%M:%S");
    let (compiled, outcomes) = match built {
        Ok(built) => built,
        Err(Error::Problems(problems)) => {
            console.report(&problems);
            console.note(format!("[{time}] failed, the old outputs stay{names}"));
            return Ok(asked);
        }
        Err(error @ Error::Stdout(_)) => return Err(error),
    };
    console.report(&compiled.findings);
    let verb = if !outcomes.contains(&Outcome::Wrote) {
        "unchanged"
    } else if is_first {
        "built"
    } else {
        "rebuilt"
    };
    let outputs = count(compiled.outputs.len(), "output");
    let files = count(compiled.outputs.iter().map(|output| output.inputs.len()).sum(), "file");
    console.note(format!(
        "[{time}] {verb} {outputs}, {files} in {} ms{names}",
        started.elapsed().as_millis()
    ));
    Ok(asked)
}

fn names(changes: &BTreeSet<PathBuf>) -> String {
    let mut names: Vec<String> =
        changes.iter().take(MAX_NAMES).map(|path| path.display().to_string()).collect();
    if changes.len() > names.len() {
        names.push(format!("{} more", changes.len() - names.len()));
    }
    names.join(", ")
}

/// What a ThinkPHP application asked for while it was built, which is not known
/// before, and what it writes.
#[derive(Default)]
struct Asked {
    stamps: BTreeMap<PathBuf, Option<Stamp>>,
    outputs: BTreeSet<PathBuf>,
}

impl Asked {
    fn by(project: &Project) -> Self {
        let applications = project.applications.iter();
        let stamps = applications.flat_map(|application| application.files.seen().stamps.clone());
        Self { stamps: stamps.collect(), outputs: BTreeSet::new() }
    }

    /// What the build itself has written and created is no reason for another.
    fn forget(&mut self, compiled: &Compiled) {
        for output in &compiled.outputs {
            self.outputs.insert(output.path.clone());
            if !output.makes_folder {
                continue;
            }
            self.stamps.remove(&output.path);
            for folder in disk::folder_of(&output.path).ancestors() {
                if let Some(stamp @ None) = self.stamps.get_mut(folder) {
                    *stamp = scope::stamp(folder);
                }
            }
        }
    }

    fn join(&self, scope: &mut Scope) {
        for path in self.stamps.keys() {
            scope.file(path);
        }
        for path in &self.outputs {
            scope.output(path);
        }
    }
}

/// How the files of a scope looked at some moment.
#[derive(Default)]
struct Seen {
    stamps: BTreeMap<PathBuf, Option<Stamp>>,
    /// Absolute paths, as events have them, to the paths above.
    names: BTreeMap<PathBuf, PathBuf>,
}

impl Seen {
    fn of(scope: &Scope) -> Self {
        let mut seen = Self::default();
        let mut folders: BTreeMap<&Path, PathBuf> = BTreeMap::new();
        for path in &scope.files {
            let folder = disk::folder_of(path);
            let absolute =
                folders.entry(folder).or_insert_with(|| folder.canonicalize().unwrap_or_default());
            let name = absolute.join(path.file_name().unwrap_or_default());
            if name.is_symlink()
                && let Ok(target) = name.canonicalize()
            {
                seen.names.insert(target, path.clone());
            }
            seen.names.insert(name, path.clone());
            seen.stamps.insert(path.clone(), scope::stamp(path));
        }
        // A build that failed for want of an output's folder works once it is
        // there; what else happens in that folder does not matter.
        for path in &scope.outputs {
            let folder = disk::folder_of(path);
            seen.stamps.insert(folder.to_owned(), scope::stamp(folder));
        }
        seen
    }

    /// Also what was asked for, as it looked then.
    fn join(&mut self, scope: &Scope, asked: &Asked) {
        let mut all = Self::of(scope);
        all.stamps.append(&mut self.stamps);
        all.stamps.extend(asked.stamps.clone());
        *self = all;
    }

    /// Whether a file has changed since.
    fn is_outdated(&self, scope: &Scope) -> bool {
        !Self::of(scope).changes(self, &BTreeSet::new()).is_empty()
    }

    /// The files that have changed since `old`, or that events name.
    fn changes(&self, old: &Self, events: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
        let differs = |path: &&PathBuf| self.stamps.get(*path) != old.stamps.get(*path);
        let stamped = self.stamps.keys().chain(old.stamps.keys()).filter(differs);
        // Two writes of one length within a tick of the file system's clock
        // leave no other trace than the event.
        let named = events.iter().filter_map(|path| self.names.get(path));
        stamped.chain(named).cloned().collect()
    }
}
