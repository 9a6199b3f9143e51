//! `tilde review`, `accept` and `reject`: what becomes of pending outputs.
//!
//! Each answer of the dialogue takes effect at once, so that whoever stops in the middle
//! has lost nothing. A question needs somebody to answer it: without a terminal `review`
//! says which command does without questions.

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use tilde_lexer::Options;

use crate::args::{PendingArgs, PhpArgs, ProjectArgs};
use crate::commands::build::{Size, count};
use crate::commands::phar;
use crate::compare::origin::Origins;
use crate::compare::text::{self, Look, paint};
use crate::compare::{Comparison, Difference};
use crate::console::Console;
use crate::disk;
use crate::escape::shown;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::map;
use crate::new_sides::NewSides;
use crate::outputs;
use crate::pending::{self, Pending};
use crate::problem::{Error, Problem};
use crate::project::{self, Project};
use crate::scope::Scope;
use crate::threads;

/// So many rows of a diff are shown before a question.
const MAX_ROWS: usize = 60;

const KEYS: &str =
    "a accept, r reject, s skip, A accept all, R reject all, S skip all, d whole diff, q quit";

/// `tilde accept`
pub(crate) fn accept(args: &PendingArgs, console: Console) -> Result<ExitStatus, Error> {
    pending::check_no_ci("accept")?;
    let found = Found::new(args)?;
    let pending = found.pending();
    pending::accept(&pending)?;
    said(&pending, "accepted", console);
    Ok(ExitStatus::Done)
}

/// `tilde reject`
pub(crate) fn reject(args: &PendingArgs, console: Console) -> Result<ExitStatus, Error> {
    pending::check_no_ci("reject")?;
    let found = Found::new(args)?;
    let pending = found.pending();
    pending.iter().try_for_each(Pending::remove)?;
    said(&pending, "rejected", console);
    Ok(ExitStatus::Done)
}

fn said(pending: &[Pending], verb: &str, console: Console) {
    for it in pending {
        console.note(format!("{verb} {}", it.output.display()));
    }
    if pending.is_empty() {
        console.note("nothing is pending; `tilde build --review` writes what has changed");
    }
}

/// `tilde review`
pub(crate) fn review(args: &PendingArgs, console: Console) -> Result<ExitStatus, Error> {
    pending::check_no_ci("review")?;
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        let message = "review asks at a terminal, and this is none";
        let mut problem = Problem::error("T-REVIEW", message);
        problem.help = vec![
            "`tilde accept` takes all pending changes, `tilde reject` drops them,".to_owned(),
            "`tilde accept OUTPUT` takes one, and `tilde check` shows what a build would change"
                .to_owned(),
        ];
        return Err(problem.into());
    }
    let found = Found::new(args)?;
    let mut dialogue = Dialogue { console, all: None, tally: Tally::default() };
    let len = found.items.len();
    for (index, item) in found.items.iter().enumerate() {
        if !dialogue.item(item, index + 1, len, &found)? {
            break;
        }
    }
    let Tally { accepted, rejected } = dialogue.tally;
    let left = len - accepted - rejected;
    if len == 0 {
        said(&[], "", console);
    } else {
        console.note(format!("{accepted} accepted, {rejected} rejected, {left} still pending"));
    }
    Ok(if left == 0 { ExitStatus::Done } else { ExitStatus::Findings })
}

/// What is pending, and the project that it is of, if there is one.
struct Found {
    items: Vec<Item>,
    project: Option<Project>,
}

struct Item {
    pending: Pending,
    /// The first output of its bundle.
    bundle: Option<PathBuf>,
}

impl Found {
    fn new(args: &PendingArgs) -> Result<Self, Error> {
        let environment = args.environment.clone();
        let php = PhpArgs { environment, ..PhpArgs::default() };
        let config = args.config.clone();
        let project_args = ProjectArgs { config, php, ..ProjectArgs::default() };
        threads::plan(&project_args.threads);
        let plan = project::plan(&project_args, &mut Scope::ignored());
        let bundle_of = |output: &Path, project: &Project| {
            let mut bundles = project.targets.iter().map(|target| target.output.clone());
            bundles.find(|it| pending::of_bundle(it).iter().any(|it| it.output == output))
        };
        if !args.outputs.is_empty() {
            let project = plan.ok();
            let item = |path: &PathBuf| {
                let pending = Pending::named(path)?;
                let bundle = project.as_ref().and_then(|it| bundle_of(&pending.output, it));
                Ok(Item { pending, bundle })
            };
            let items = args.outputs.iter().map(item).collect::<Result<_, Problem>>()?;
            return Ok(Self { items, project });
        }
        let project = plan?;
        let mut seen = BTreeSet::new();
        let mut items = Vec::new();
        for target in &project.targets {
            for pending in pending::of_bundle(&target.output) {
                if seen.insert(pending.clone()) {
                    items.push(Item { pending, bundle: Some(target.output.clone()) });
                }
            }
        }
        let caches = outputs::caches(&project)?;
        for output in caches.into_iter().chain(outputs::packages(&project)?) {
            let pending = Pending::of(&output);
            if pending.file.is_file() && seen.insert(pending.clone()) {
                items.push(Item { pending, bundle: None });
            }
        }
        Ok(Self { items, project: Some(project) })
    }

    fn pending(&self) -> Vec<Pending> {
        self.items.iter().map(|item| item.pending.clone()).collect()
    }

    /// What would change, as a diff.
    fn diff(&self, item: &Item, is_whole: bool, console: Console) -> Result<Vec<u8>, Problem> {
        let new = item.pending.bytes()?;
        let output = &item.pending.output;
        let is_coloured = console.stdout.colour;
        let path = shown(output);
        let mut text = Vec::new();
        let old = disk::read(output).ok();
        let state = if old.is_some() { "accepted" } else { "missing" };
        let (before, after) = (format!("{path} ({state})"), format!("{path} (pending)"));
        text::head(&mut text, is_coloured, &before, &after);
        let Some(old) = old else {
            let line = format!("a new file of {}", Size(new.len() as u64));
            paint(&mut text, is_coloured, "", line.as_bytes());
            return Ok(text);
        };
        if output.extension().is_some_and(|extension| extension == "map") {
            paint(&mut text, is_coloured, "", b"a map of the new build");
            return Ok(text);
        }
        let options = self.options(item);
        if tilde_phar::is_archive(&new) {
            let mut lines = phar::diff::between(output, &item.pending.file, options)?;
            if lines.is_empty() {
                lines.push("the entries are the same, and how they are stored differs".to_owned());
            }
            for line in lines {
                paint(&mut text, is_coloured, "", line.as_bytes());
            }
            return Ok(text);
        }
        if let Some(line) = Difference::between(&old, &new, options).text() {
            paint(&mut text, is_coloured, "", line.as_bytes());
            return Ok(text);
        }
        let mut comparison = Comparison::of(&old, &new, options);
        comparison.locate(&self.origins(item, &old, &new, console));
        let look = Look { is_coloured, max_rows: (!is_whole).then_some(MAX_ROWS) };
        text.extend(text::hunks(&comparison, look));
        Ok(text)
    }

    fn options(&self, item: &Item) -> Options {
        let targets = self.project.iter().flat_map(|project| &project.targets);
        let mut of_bundle = targets.filter(|it| Some(&it.output) == item.bundle.as_ref());
        of_bundle.next().map_or_else(Options::default, |target| target.recipe.lexer)
    }

    fn origins(&self, item: &Item, old: &[u8], new: &[u8], console: Console) -> Origins {
        let old = map::side(&item.pending.output, old);
        let bundle = self.project.as_ref().zip(item.bundle.as_ref());
        let side = bundle.map(|(project, bundle)| {
            NewSides::of_bundles([bundle.as_path()], project, console).side_of_bundle(bundle, new)
        });
        Origins { old, new: side.unwrap_or_default() }
    }
}

#[derive(Default)]
struct Tally {
    accepted: usize,
    rejected: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Accept,
    Reject,
    Skip,
}

struct Dialogue {
    console: Console,
    /// The answer to all that comes.
    all: Option<Answer>,
    tally: Tally,
}

impl Dialogue {
    /// Asks about an output and does what is answered. Whether to go on.
    fn item(
        &mut self,
        item: &Item,
        number: usize,
        len: usize,
        found: &Found,
    ) -> Result<bool, Error> {
        let answer = if self.all.is_some() {
            self.all
        } else {
            let path = item.pending.output.display();
            self.console.note(format!("{number} of {len}: {path}"));
            inputs::print(&found.diff(item, false, self.console)?)?;
            self.ask(item, found)?
        };
        let Some(answer) = answer else { return Ok(false) };
        match answer {
            Answer::Accept => {
                pending::accept(std::slice::from_ref(&item.pending))?;
                self.tally.accepted += 1;
                said(std::slice::from_ref(&item.pending), "accepted", self.console);
            }
            Answer::Reject => {
                item.pending.remove()?;
                self.tally.rejected += 1;
                said(std::slice::from_ref(&item.pending), "rejected", self.console);
            }
            Answer::Skip => {}
        }
        Ok(true)
    }

    /// The answer to a question; none if that was all.
    fn ask(&mut self, item: &Item, found: &Found) -> Result<Option<Answer>, Error> {
        loop {
            let mut stderr = io::stderr().lock();
            let _ = write!(stderr, "{KEYS}\n> ");
            let _ = stderr.flush();
            let mut line = String::new();
            let len = io::stdin().lock().read_line(&mut line);
            if len.is_err() || matches!(len, Ok(0)) {
                let _ = writeln!(stderr);
                return Ok(None);
            }
            let answer = match line.trim() {
                "a" => Answer::Accept,
                "r" => Answer::Reject,
                "s" => Answer::Skip,
                "A" => *self.all.insert(Answer::Accept),
                "R" => *self.all.insert(Answer::Reject),
                "S" => *self.all.insert(Answer::Skip),
                "d" => {
                    drop(stderr);
                    inputs::print(&found.diff(item, true, self.console)?)?;
                    continue;
                }
                "q" => return Ok(None),
                _ => continue,
            };
            return Ok(Some(answer));
        }
    }
}

/// `1 output is pending`, with what to do about it.
pub(super) fn hint(pending: usize, console: Console) {
    let verb = if pending == 1 { "is" } else { "are" };
    console.note(format!("{} {verb} pending", count(pending, "output")));
    console.note("help: `tilde review` goes through them, `tilde accept` takes them all, `tilde reject` drops them");
}
