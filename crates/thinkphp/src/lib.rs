//! The caches that ThinkPHP itself would write on the first request.
//!
//! `builder.rs` does what the request does and plans the caches, `print.rs`
//! makes their bytes, and `generation.rs` says in what the generations differ.
//! The bytes are the framework's own, its bugs included: `diagnose.rs` reports
//! those, and [`Application::is_safe`] leaves them out.

// ThinkPHP is a name and no code.
#![allow(clippy::doc_markdown)]

mod builder;
mod code;
mod condition;
mod declares;
mod diagnose;
mod framework;
mod generation;
mod library;
mod plan;
mod print;
mod proof;
mod report;
mod safe;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tilde_eval::{Arena, Bytes, Evaluator, Options, Sources, Target, Value, Version};

use crate::builder::Builder;
use crate::framework::Framework;
use crate::library::Library;
use crate::plan::{Part, Plan};
use tilde_bundle::Diagnostic;
use tilde_bundle::{Source, SourceId};

/// A ThinkPHP application. All paths are those that the deployed application
/// sees.
#[derive(Clone, Debug)]
pub struct Application {
    /// The folder of the entry script.
    pub root: PathBuf,
    /// The entry script.
    pub entry: PathBuf,
    /// The PHP and the machine that will run it.
    pub target: Target,
    /// All constants of the application, in order of definition; nothing is
    /// derived from the entry script then.
    pub constants: Option<Vec<(Bytes, Value)>>,
    /// Constants that are there before the entry script runs: its own
    /// definitions of them do nothing. Each name once.
    pub defines: Vec<(Bytes, Value)>,
    /// What functions give that only the running PHP knows, by their names in
    /// lower case.
    pub known: Vec<(String, Value)>,
    /// Whether the bugs of the format are left out.
    pub is_safe: bool,
}

impl Application {
    /// The same application under the last release of another PHP.
    fn with_version(mut self, version: Version) -> Self {
        self.target.options.version = version;
        self.target.release = Target::new(version).release;
        self
    }

    /// What is defined before the first file runs. [`Self::defines`] wins over
    /// the value of a given constant, which keeps its place.
    fn first_constants(&self) -> Vec<(Bytes, Value)> {
        let given = self.constants.as_deref().unwrap_or_default();
        let defined = |name: &Bytes| self.defines.iter().find(|(other, _)| other == name);
        let is_new = |(name, _): &&(Bytes, Value)| !given.iter().any(|(other, _)| other == name);
        let new = self.defines.iter().filter(is_new);
        new.chain(given.iter().map(|pair| defined(&pair.0).unwrap_or(pair))).cloned().collect()
    }
}

/// What became of an application.
#[derive(Clone, Debug, Default)]
pub struct Caches {
    /// The generation of the framework, such as `3.1`; none before it is known.
    pub generation: Option<&'static str>,
    /// The files that were read; a [`SourceId`] is an index into them. Their
    /// paths are the deployed application's.
    pub sources: Vec<Source>,
    /// All findings.
    pub diagnostics: Vec<Diagnostic>,
    /// The caches; empty when a diagnostic is an error, or when the framework
    /// would write none.
    pub caches: Vec<Cache>,
    /// All constants that the files defined, in order; none if they were given.
    pub constants: Vec<(Bytes, Value)>,
}

/// A file that the framework would write.
#[derive(Clone, Debug)]
pub struct Cache {
    /// Where it goes.
    pub path: PathBuf,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// The files that are compiled into it, in order.
    pub members: Vec<Member>,
    /// The framework believes it only while it is newer than this file.
    pub newer_than: Option<PathBuf>,
}

/// A file that is compiled into a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Which.
    pub source: SourceId,
    /// Its length in bytes.
    pub len: u64,
}

/// The files of a deployed application, and what earlier builds left there.
pub trait Files: Sources {
    /// What is at the place of an output, if there is something. An answer makes
    /// no input of it: the output may go there.
    fn earlier_output(&self, path: &Path) -> Option<Vec<u8>>;
}

/// Another evaluator for files that tilde's refuses: PHP itself.
pub trait Php: Sync {
    /// Runs a file as `include` does.
    ///
    /// # Errors
    ///
    /// Why there is no answer.
    fn include(&self, question: &Question<'_>) -> Result<Answer, String>;

    /// Runs an entry script, and the framework's files that it includes, until the
    /// framework starts.
    ///
    /// # Errors
    ///
    /// Why there is no answer.
    fn enter(&self, question: &EntryQuestion<'_>) -> Result<Entered, String>;
}

/// The entry script that PHP is asked to run.
#[derive(Clone, Copy, Debug)]
pub struct EntryQuestion<'q> {
    /// The script, as the deployed application sees it.
    pub path: &'q Path,
    /// All constants before it runs, in order.
    pub constants: &'q [(Bytes, Value)],
    /// How long it may take.
    pub timeout: Duration,
}

/// What PHP says of an entry script.
#[derive(Clone, Debug)]
pub struct Entered {
    /// The constants that it and the framework have defined, in order.
    pub constants: Vec<(Bytes, Value)>,
    /// How many of them there were when the core of 2.x was loaded, if it was.
    pub core_constants: Option<usize>,
}

/// What PHP is asked to run.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The file, as the deployed application sees it.
    pub path: &'q Path,
    /// All constants so far, in order.
    pub constants: &'q [(Bytes, Value)],
    /// What `C()` gives: an array.
    pub config: &'q Value,
    /// Whether `C()` has keys in upper case.
    pub is_upper: bool,
    /// How long it may take.
    pub timeout: Duration,
}

/// What PHP says.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What the file returned.
    pub value: Value,
    /// The constants that it has defined, in order.
    pub constants: Vec<(Bytes, Value)>,
    /// What `C()` gives afterwards.
    pub config: Value,
}

/// How long PHP may take for a file.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The release of ThinkPHP that the entry script leads to, and the newest PHP
/// that runs it, whatever PHP the application names. None if no framework is
/// found.
#[must_use]
pub fn newest_php(
    sources: &dyn Files,
    application: &Application,
) -> Option<(&'static str, Version)> {
    let application = application.clone().with_version(generation::EVERY_RELEASE);
    let target = target(&application);
    let framework = Framework::new(target.options, &application.known);
    let arena = Arena::new();
    let evaluator = Evaluator::new(&arena, sources, &target).with_host(&framework);
    let generation = Builder::new(&application, sources, None, &framework, evaluator).generation();
    generation.map(|generation| (generation.name, generation.newest_php))
}

/// The target with all that is known before the first file runs.
fn target(application: &Application) -> Target {
    let mut target = application.target.clone();
    target.is_application = true;
    target.constants.extend(application.first_constants());
    target
}

/// Builds the caches of an application.
///
/// Never fails: what went wrong is in the diagnostics.
#[must_use]
pub fn build(sources: &dyn Files, application: &Application, php: Option<&dyn Php>) -> Caches {
    let target = target(application);
    let framework = Framework::new(target.options, &application.known);
    let arena = Arena::new();
    let evaluator = Evaluator::new(&arena, sources, &target).with_host(&framework);
    let mut builder = Builder::new(application, sources, php, &framework, evaluator);
    let (bytes, findings) = match builder.run_to_obstacles() {
        Err(obstacles) => (Vec::new(), obstacles),
        Ok(()) if application.is_safe => {
            safe::print(&builder.plans, sources, &mut builder.library, target.options)
        }
        Ok(()) => {
            let printed = print::print(&builder.plans, &builder.library, target.options);
            let findings =
                report::report(&builder.plans, &printed, &builder.library, target.options);
            (printed.into_iter().map(|printed| printed.bytes).collect(), findings)
        }
    };
    builder.report_state();
    let constants = builder.derived_constants();
    let Builder { generation, library, mut diagnostics, plans, .. } = builder;
    diagnostics.extend(findings);
    let cache = |(plan, bytes)| cache(plan, bytes, &library);
    let caches = plans.into_iter().zip(bytes).map(cache).collect();
    let generation = generation.map(|generation| generation.name);
    let mut sources = library.into_sources();
    mask_secrets(&mut sources, &diagnostics, target.options);
    Caches { generation, sources, diagnostics, caches, constants }
}

/// No message shows a secret, also one that is about something else nearby.
fn mask_secrets(sources: &mut [Source], diagnostics: &[Diagnostic], options: Options) {
    let secrets = diagnostics.iter().filter(|diagnostic| diagnostic.code == report::SECRET);
    let mut names: BTreeMap<usize, Vec<Range<usize>>> = BTreeMap::new();
    for label in secrets.flat_map(|diagnostic| &diagnostic.labels) {
        names.entry(label.source.index()).or_default().push(label.span.clone());
    }
    for (source, names) in names {
        let text = Arc::make_mut(&mut sources[source].text);
        report::mask(text, &names, options);
    }
}

fn cache(plan: Plan, bytes: Vec<u8>, library: &Library<'_>) -> Cache {
    let member = |part: &Part| match part {
        Part::File { source, .. } => {
            Some(Member { source: *source, len: library.text(*source).len() as u64 })
        }
        Part::Text(_) | Part::Cache(_) => None,
    };
    let members = plan.parts.iter().filter_map(member).collect();
    Cache { path: plan.path, bytes, members, newer_than: plan.newer_than }
}
