//! `tilde watch`: build, and build again at every change.
//!
//! A save of members costs these members: the project stays as it was worked out, and
//! the compilers keep all else. Whatever else happens, the project is worked out anew
//! and what has changed is found by looking at the files, so it does not matter how an
//! editor saves, or that events are lost or doubled. Folders are watched before they
//! are searched, else a file created in between is missed.

mod report;
mod runner;
mod seen;
mod syncer;
mod view;
mod watcher;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use self::report::Report;
use self::runner::Runner;
use self::seen::Seen;
use self::syncer::Syncer;
use self::view::View;
use self::watcher::{Batch, Watcher};
use crate::args::{OutputFormat, ProjectArgs, WatchArgs};
use crate::commands::build::{publish, tidy};
use crate::compile::{self, Compiled, Kept};
use crate::composer;
use crate::console::Console;
use crate::disk::{self, Durability, Outcome, Written};
use crate::exit::ExitStatus;
use crate::map;
use crate::problem::{Error, Problem};
use crate::project::{self, Project};
use crate::scope::{self, Scope, Stamp};

/// So many builds in a row may happen because somebody else has changed an output.
const MAX_REPAIRS: usize = 3;

/// So many bytes are compared each time, where nobody tells of changes.
const COMPARED: u64 = 8 << 20;

pub(crate) fn run(args: &WatchArgs, console: Console) -> Result<ExitStatus, Error> {
    check(&args.project)?;
    check_format(console.format())?;
    let watcher = Watcher::new(args.poll.map(Duration::from_millis), console);
    if !args.ignore_stdin && !io::stdin().is_terminal() {
        watcher.end_with_stdin();
    }
    Session::new(args, watcher, console).run()
}

/// An error for a format whose documents are about a whole run, which this one never is.
fn check_format(format: OutputFormat) -> Result<(), Problem> {
    match format {
        OutputFormat::Gitlab | OutputFormat::Sarif | OutputFormat::Junit => {
            let message = "watch has no report of this format, since it never ends";
            Err(Problem::error("T-USAGE", message).help("use text, short, json or github"))
        }
        OutputFormat::Text | OutputFormat::Short | OutputFormat::Json | OutputFormat::Github => {
            Ok(())
        }
    }
}

fn check(args: &ProjectArgs) -> Result<(), Problem> {
    let is_dash = |path: &Option<PathBuf>| path.as_deref().is_some_and(disk::is_dash);
    if composer::folder(args).is_some() {
        let message = "watch does not compile a Composer project: while you edit, the sources run";
        let help = "set TILDE_DEV=1 in development, and run `tilde build` before a deployment";
        return Err(Problem::error("T-USAGE", message).help(help));
    }
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

/// The current folder by its name. When it is removed and made again, as a
/// checkout may do, this process is still in the one that is gone.
struct Home(Option<PathBuf>);

impl Home {
    /// Goes into the folder that has the name now, if there is one.
    fn go_back(&self) {
        let _ = self.0.as_ref().map(env::set_current_dir);
    }
}

/// All that is known from one build to the next.
struct Session<'a> {
    args: &'a WatchArgs,
    console: Console,
    home: Home,
    watcher: Watcher,
    runner: Option<Runner>,
    syncer: Syncer,
    /// None where it could not be worked out.
    project: Option<Project>,
    scope: Scope,
    asked: Asked,
    seen: Seen,
    view: View,
    kept: Kept,
    is_first: bool,
    /// Nothing is left of a build that was killed.
    is_tidy: bool,
    repairs: usize,
    /// Where to go on to compare bytes.
    compared: usize,
}

/// What has to be done after some changes.
enum Work {
    /// Members were saved, and nothing else has happened.
    Saved(BTreeSet<PathBuf>),
    /// Anything may have happened.
    Anything,
}

impl<'a> Session<'a> {
    fn new(args: &'a WatchArgs, watcher: Watcher, console: Console) -> Self {
        let runner = args.exec.clone().map(|it| Runner::new(it, args.restart, console));
        Self {
            args,
            console,
            home: Home(env::current_dir().ok()),
            watcher,
            runner,
            syncer: Syncer::new(),
            project: None,
            scope: Scope::default(),
            asked: Asked::default(),
            seen: Seen::default(),
            view: View::default(),
            kept: Kept::default(),
            is_first: true,
            is_tidy: false,
            repairs: 0,
            compared: 0,
        }
    }

    fn run(mut self) -> Result<ExitStatus, Error> {
        let mut batch = Batch::vague();
        loop {
            let started = Instant::now();
            let is_settled = match self.work(&batch) {
                Work::Saved(members) => self.build_again(&members, &batch, started)?,
                Work::Anything => self.build_anew(&batch, started)?,
            };
            let next = if is_settled {
                self.watcher.next(&self.view)
            } else {
                self.watcher.settle(&self.view)
            };
            let Some(next) = next else { return Ok(ExitStatus::Done) };
            batch = next;
        }
    }

    fn work(&self, batch: &Batch) -> Work {
        if batch.is_vague || self.project.is_none() {
            return Work::Anything;
        }
        let concerns = |path: &&PathBuf| self.view.concerns(path);
        let members = batch.paths.iter().filter(concerns).map(|path| self.view.saved(path));
        match members.collect::<Option<BTreeSet<&PathBuf>>>() {
            Some(members) => Work::Saved(members.into_iter().cloned().collect()),
            None => Work::Anything,
        }
    }

    /// Builds after members were saved, if their bytes are others. Returns whether
    /// nothing has happened meanwhile that is not watched yet.
    fn build_again(
        &mut self,
        saved: &BTreeSet<PathBuf>,
        batch: &Batch,
        started: Instant,
    ) -> Result<bool, Error> {
        let Some(mut project) = self.project.take() else { return Ok(false) };
        if !saved.iter().all(|path| project.takes(path)) {
            return self.build_anew(batch, started);
        }
        for path in saved {
            self.seen.look(path);
        }
        let is_outdated = |path: &&PathBuf| self.kept.is_outdated(&project.root, path);
        let changes: BTreeSet<PathBuf> = saved.iter().filter(is_outdated).cloned().collect();
        if changes.is_empty() {
            self.project = Some(project);
            return Ok(true);
        }
        self.kept.forget(&project.root, &changes);
        self.repairs = 0;
        let asked = self.build(&project, &changes, started)?;
        self.project = Some(project);
        if asked.stamps.keys().any(|path| !self.scope.files.contains(path)) {
            return Ok(self.take(asked)?);
        }
        self.asked = asked;
        Ok(true)
    }

    /// Works the project out, and builds if something has changed. Returns whether
    /// nothing has happened meanwhile that is not watched yet.
    fn build_anew(&mut self, batch: &Batch, started: Instant) -> Result<bool, Error> {
        let project = self.plan()?;
        let now = Seen::of(&self.scope);
        let mut changes = now.changes(&self.seen);
        // Two writes of one length within a tick of the file system's clock leave no
        // other trace than the event.
        changes.extend(batch.paths.iter().filter_map(|path| self.view.name(path)).cloned());
        let root = project.as_ref().map(|it| it.root.clone()).unwrap_or_default();
        if self.watcher.is_polling() {
            changes.extend(self.differing(&root));
        }
        self.seen = now;
        let repaired = self.repairs(changes.is_empty());
        if !self.is_first && changes.is_empty() && repaired.is_empty() {
            self.project = project.ok();
            self.look_again();
            return Ok(true);
        }
        self.kept.forget(&root, &changes);
        changes.extend(repaired);
        self.kept.probes.clear();
        self.is_tidy = false;
        let asked = match &project {
            Ok(project) => self.build(project, &changes, started)?,
            Err(problems) => {
                self.report(&changes, started).failed(problems);
                Asked::default()
            }
        };
        self.project = project.ok();
        Ok(self.take(asked)?)
    }

    /// Works out again which changes matter.
    fn look_again(&mut self) {
        let old = std::mem::take(&mut self.view);
        self.view = View::new(&self.scope, &self.seen, self.project.as_ref());
        self.view.keep_outputs(old);
    }

    /// Outputs that somebody else has changed, `only` if nothing else has happened.
    fn repairs(&mut self, only: bool) -> Vec<PathBuf> {
        let changed = self.view.changed_outputs().map(|path| map::shown(path).into());
        let changed: Vec<PathBuf> = changed.collect();
        if !only || changed.is_empty() {
            self.repairs = 0;
            return changed;
        }
        self.repairs += 1;
        if self.repairs <= MAX_REPAIRS {
            return changed;
        }
        if self.repairs == MAX_REPAIRS + 1 {
            let name = changed[0].display();
            self.console.note(format!(
                "{name} is written by another program too; it stays as it is until a source changes"
            ));
        }
        Vec::new()
    }

    /// Files that look as they did but have other bytes: some of all each time, as
    /// many as are read in a moment.
    fn differing(&mut self, root: &Path) -> Vec<PathBuf> {
        let mut bytes = 0;
        let mut differing = Vec::new();
        let mut count = 0;
        for path in self.seen.paths_from(self.compared) {
            bytes += path.metadata().map_or(0, |it| it.len());
            count += 1;
            if self.kept.is_outdated(root, path) {
                differing.push(path.clone());
            }
            if bytes > COMPARED {
                break;
            }
        }
        self.compared = (self.compared + count) % self.seen.len().max(1);
        differing
    }

    /// Works out the project, and again while that shows new folders to watch: what
    /// was created in them before the watch began would be missed otherwise.
    fn plan(&mut self) -> Result<Result<Project, Vec<Problem>>, Problem> {
        let args = &self.args.project;
        loop {
            self.home.go_back();
            let mut new = Scope::default();
            let mut project = project::plan(args, &mut new);
            for application in project.iter_mut().flat_map(|project| &mut project.applications) {
                application.files.take_stamps();
            }
            self.asked.join(&mut new);
            if project.is_err() {
                // What the broken project still depends on is not known in full.
                new.join(&self.scope);
                new.folder(Path::new("."));
                new.folders.extend(self.home.0.clone());
                new.folders.extend(args.paths.iter().filter(|path| path.is_dir()).cloned());
            }
            self.scope = new;
            if !self.watcher.follow(&self.scope, self.console)? {
                return Ok(project);
            }
        }
    }

    /// Builds once and says how it went. Returns what the build has asked for, or
    /// an error that no change can mend.
    fn build(
        &mut self,
        project: &Project,
        changes: &BTreeSet<PathBuf>,
        started: Instant,
    ) -> Result<Asked, Error> {
        if self.args.clear {
            self.console.clear();
        }
        let compiled = compile::compile_again(project, &mut self.kept, self.console);
        let mut asked = Asked::by(project, &self.kept);
        let published = compiled.map_err(Error::from).and_then(|compiled| {
            if !std::mem::replace(&mut self.is_tidy, true) {
                tidy(compiled.outputs.iter().map(|it| it.path.as_path()), self.console);
            }
            let written = publish(&compiled, None, Durability::System, self.console)?;
            Ok((compiled, written))
        });
        match published {
            Ok((compiled, Written { outcomes, replaced })) => {
                self.view.take_outputs(compiled.outputs.iter().map(|it| it.path.as_path()));
                asked.forget(&compiled);
                self.report(changes, started).built(&compiled, &outcomes);
                if outcomes.contains(&Outcome::Wrote) {
                    self.runner.iter().for_each(Runner::run);
                }
                self.syncer.sync(replaced.new_files());
            }
            Err(Error::Problems(problems)) => {
                asked.outputs.clone_from(&self.asked.outputs);
                self.view.take_outputs(asked.outputs.iter().map(PathBuf::as_path));
                self.report(changes, started).failed(&problems);
            }
            Err(error @ Error::Stdout(_)) => return Err(error),
        }
        Ok(asked)
    }

    /// What is said of a build.
    fn report<'r>(&self, changes: &'r BTreeSet<PathBuf>, started: Instant) -> Report<'r> {
        Report { console: self.console, changes, is_first: self.is_first, started }
    }

    /// From now on a build depends on what the last one has asked for. Returns whether
    /// that is still as it was then.
    fn take(&mut self, asked: Asked) -> Result<bool, Problem> {
        self.asked = asked;
        self.asked.join(&mut self.scope);
        self.seen.join(&self.scope, &self.asked);
        self.look_again();
        if self.is_first {
            self.is_first = false;
            self.greet();
        }
        let has_new = self.watcher.follow(&self.scope, self.console)?;
        Ok(!has_new || !self.seen.is_outdated(&self.scope))
    }

    fn greet(&self) {
        let files = crate::commands::build::count(self.scope.files.len(), "file");
        let closes = !self.args.ignore_stdin && !io::stdin().is_terminal();
        let end =
            if closes { "Ctrl-C or the end of standard input ends it" } else { "Ctrl-C ends it" };
        self.console.note(format!("watching {files}; {end}"));
    }
}

/// What a build asked for, which is not known before, and what it writes.
#[derive(Default)]
struct Asked {
    stamps: BTreeMap<PathBuf, Option<Stamp>>,
    outputs: BTreeSet<PathBuf>,
}

impl Asked {
    fn by(project: &Project, kept: &Kept) -> Self {
        let applications = project.applications.iter();
        let stamps = applications.flat_map(|application| application.files.seen().stamps.clone());
        let probed = kept.probes.files().into_iter().map(|path| {
            let stamp = scope::stamp(&path);
            (path, stamp)
        });
        Self { stamps: probed.chain(stamps).collect(), outputs: BTreeSet::new() }
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
