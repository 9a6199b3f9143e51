//! A plan, built: the core, the chunks, and what loads them.
//!
//! Each is a bundle of the crate bundle that declares its classes at once, so each is proved. A
//! member that cannot be in a bundle is left out of it, with the reason, and the bundle is built
//! again without it; what is wrong with the bundle itself stops the build.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tilde_bundle::{
    Build, ByteOrderMarks, Bytes, Compiler, Diagnostic, Docs, MemberReport, Paths, Reason, Recipe,
    RuntimeBlocks, Scope, Severity, Source, Style, map::SourceMap,
};
use tilde_eval::Sources;
use tilde_lexer::{Options, Version};

use crate::classes::Classes;
use crate::finding::Finding;
use crate::link::{Linked, Linker};
use crate::plan::{Basis, Left, MIN_CHUNK_FILES, Plan, Why};
use crate::project::Project;
use crate::{preload, report, runtime};

/// How a plan is built.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder of the outputs, as a path without links.
    pub out: PathBuf,
    /// What stays where comments and blanks stood.
    pub style: Style,
    /// Whether doc comments stay.
    pub docs: Docs,
    /// How the newest PHP that runs the code reads it.
    pub lexer: Options,
    /// The oldest PHP that runs it.
    pub oldest: Version,
    /// Whether each bundle gets a source map.
    pub has_map: bool,
}

/// What a plan became.
#[derive(Debug, Default)]
pub struct Compiled {
    /// The files to write.
    pub outputs: Vec<Output>,
    /// What the bundles have to say, each with the sources that it is about.
    pub diagnostics: Vec<(Vec<Diagnostic>, Vec<Source>)>,
}

/// A file to write.
#[derive(Debug)]
pub struct Output {
    /// Where it goes.
    pub path: PathBuf,
    /// What it holds.
    pub bytes: Bytes,
    /// The members that are in it, in their order.
    pub members: Vec<Member>,
    /// Where its code came from, if that was asked for, and the sources.
    pub map: Option<(SourceMap, Vec<Arc<Path>>)>,
    /// The first output of the bundle that it belongs to; none of what is no bundle.
    pub bundle: Option<PathBuf>,
}

impl Output {
    /// A file that is no bundle, still empty.
    fn generated(path: PathBuf) -> Self {
        Self { path, bytes: Bytes::default(), members: Vec::new(), map: None, bundle: None }
    }
}

/// A file that is in an output.
#[derive(Debug)]
pub struct Member {
    /// Where it lies.
    pub path: Arc<Path>,
    /// Its length in bytes.
    pub len: u64,
    /// What became of it.
    pub report: MemberReport,
}

/// The name of the bundle of what nearly all requests use.
pub(crate) const CORE: &str = "/core.php";

/// What symfony/runtime writes beside Composer's autoloader.
const RUNTIME: &str = "autoload_runtime.php";

/// The name of the bundle of what is used as often and cannot be preloaded.
pub(crate) const LATE: &str = "/late.php";

/// A bundle that was built.
pub(crate) struct Bundle {
    /// The output, as the autoloader names it: `/core.php`.
    pub(crate) name: String,
    /// The files that are in it, in the order in which they are declared.
    pub(crate) files: Vec<usize>,
}

/// Builds a plan.
///
/// # Errors
///
/// What is wrong with a bundle as a whole, and what keeps the outputs from being of use.
pub fn compile(
    sources: &dyn Sources,
    project: &Project,
    classes: &Classes,
    plan: &Plan,
    settings: &Settings,
) -> Result<Compiled, Vec<Finding>> {
    let sources = &WithOut { sources, out: &settings.out };
    let waits = waits(project, classes);
    let mut bundler = Bundler {
        sources,
        project,
        classes,
        settings,
        linker: Linker::new(classes, settings.oldest, matches!(plan.basis, Basis::Guess(_))),
        there: BTreeSet::new(),
        compiled: Compiled::default(),
        bundles: Vec::new(),
    };
    let mut left = plan.left.clone();
    left.extend(bundler.all(plan, waits)?);
    let Bundler { mut compiled, bundles, .. } = bundler;
    left.sort_by_key(|it| it.file);
    let generated = |name: &str, text: String| Output {
        bytes: text.into_bytes().into(),
        ..Output::generated(settings.out.join(name))
    };
    let of_symfony = sources.read(&project.vendor.join(RUNTIME)).ok();
    let of_symfony =
        of_symfony.and_then(|text| runtime::autoload_runtime(&text, project, settings));
    compiled.outputs.extend(of_symfony.map(|bytes| Output {
        bytes: bytes.into(),
        ..Output::generated(settings.out.join(RUNTIME))
    }));
    let is_used = waits.is_none() && !bundles.is_empty();
    let others = runtime::others(classes, (&bundles, &left), settings);
    let others = others.filter(|_| is_used).map(|text| generated("classes.php", text));
    compiled.outputs.extend([
        generated(
            "autoload.php",
            runtime::autoload(
                project,
                classes,
                (&bundles, &left, waits.is_some(), others.is_some()),
                settings,
            ),
        ),
        generated(
            "preload.php",
            preload::preload(&runtime::names(classes, runtime::core(&bundles)), &bundles, settings),
        ),
        generated("record.php", runtime::recorder()),
        generated("stamps.php", runtime::stamps(project, classes, &bundles, settings)),
    ]);
    compiled.outputs.extend(others);
    let metafile = report::metafile(project, classes, plan, &left, &compiled.outputs, settings);
    compiled.outputs.push(generated("tilde.json", metafile));
    Ok(compiled)
}

/// Sources beside which the folder of the outputs stands, be it made or not: what `__DIR__`
/// becomes must not depend on that.
struct WithOut<'a> {
    sources: &'a dyn Sources,
    out: &'a Path,
}

impl Sources for WithOut<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.sources.read(path)
    }

    fn is_file(&self, path: &Path) -> bool {
        self.sources.is_file(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.sources.is_dir(path)
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        if path.starts_with(self.out) { Some(path.to_owned()) } else { self.sources.realpath(path) }
    }
}

/// Why nothing may be declared before something asks for it.
#[derive(Clone, Copy)]
struct Waits {
    reason: &'static str,
    /// Whether the core can be preloaded nevertheless, since the user asks for that.
    is_preloaded: bool,
}

fn waits(project: &Project, classes: &Classes) -> Option<Waits> {
    let (reason, is_preloaded) = if !project.is_prepended {
        ("as `prepend-autoloader` is false, another autoloader may have its class", false)
    } else if classes.included.is_changed {
        ("some code changes where classes come from", false)
    } else if !classes.included.asking.is_empty() {
        ("some code asks which classes were loaded", true)
    } else {
        return None;
    };
    Some(Waits { reason, is_preloaded })
}

/// Builds bundles, one after the other.
struct Bundler<'a> {
    sources: &'a dyn Sources,
    project: &'a Project,
    classes: &'a Classes,
    settings: &'a Settings,
    linker: Linker<'a>,
    /// The classes that are declared before what comes next.
    there: BTreeSet<&'a [u8]>,
    compiled: Compiled,
    bundles: Vec<Bundle>,
}

impl Bundler<'_> {
    /// Builds the core and the chunks, and returns what is in none of them.
    fn all(&mut self, plan: &Plan, waits: Option<Waits>) -> Result<Vec<Left>, Vec<Finding>> {
        if let Some(Waits { reason, is_preloaded }) = waits {
            let core =
                if is_preloaded { self.bundle(CORE.to_owned(), &plan.core)? } else { Vec::new() };
            let others = plan.core.iter().filter(|_| !is_preloaded);
            let others = others.chain(plan.chunks.iter().flatten());
            let others = others.map(|file| refusal((*file, reason.to_owned())));
            return Ok(core.into_iter().chain(others).collect());
        }
        let rest = self.bundle(CORE.to_owned(), &plan.core)?;
        let rest: Vec<usize> = rest.into_iter().map(|it| it.file).collect();
        let mut left = self.bundle(LATE.to_owned(), &rest)?;
        for (number, files) in plan.chunks.iter().enumerate() {
            left.extend(self.bundle(format!("/chunks/{:02}.php", number + 1), files)?);
        }
        Ok(left)
    }

    /// Builds one bundle, if something can be in it, and returns what is not.
    fn bundle(&mut self, name: String, files: &[usize]) -> Result<Vec<Left>, Vec<Finding>> {
        let (project, classes) = (self.project, self.classes);
        let path_of = |file: usize| project.shown(&classes.sources[file].path).to_owned();
        let by_path: BTreeMap<PathBuf, usize> =
            files.iter().map(|file| (path_of(*file), *file)).collect();
        let min = if name == CORE { 1 } else { MIN_CHUNK_FILES };
        let (mut members, mut left) = (files.to_vec(), Vec::new());
        let mut again = Compiler::new();
        loop {
            let Linked { order, left: unlinked } =
                self.linker.link(&members, &self.there, name == CORE);
            if order.len() < min {
                left.extend(order.into_iter().map(|file| Left { file, why: Why::Rare }));
                left.extend(unlinked.into_iter().map(refusal));
                return Ok(left);
            }
            let paths = order.iter().map(|file| path_of(*file)).collect();
            let recipe = recipe(&name, paths, self.settings);
            let build = again.build(self.sources, &recipe);
            let refused = refused(&build, &by_path);
            if refused.is_empty() {
                if build.output.is_none() {
                    return Err(build.diagnostics.iter().map(|it| failed(it, &build)).collect());
                }
                left.extend(unlinked.into_iter().map(refusal));
                add(build, &recipe, &mut self.compiled);
                if !name.starts_with("/chunks/") {
                    self.there
                        .extend(order.iter().flat_map(|file| self.classes.declared_in(*file)));
                }
                self.bundles.push(Bundle { name, files: order });
                return Ok(left);
            }
            members.retain(|it| !refused.contains_key(it));
            left.extend(refused.into_iter().map(refusal));
        }
    }
}

fn refusal((file, reason): (usize, String)) -> Left {
    Left { file, why: Why::Refused(reason) }
}

fn recipe(name: &str, files: Vec<PathBuf>, settings: &Settings) -> Recipe {
    Recipe {
        name: name.trim_start_matches('/').to_owned(),
        files,
        on_demand: Vec::new(),
        scope: Scope::Shared,
        composer_files: Vec::new(),
        output: Some(settings.out.join(name.trim_start_matches('/'))),
        paths: Paths::Relative,
        has_companions: true,
        has_map: settings.has_map,
        style: settings.style,
        docs: settings.docs,
        runtime_blocks: RuntimeBlocks::Keep,
        marks: ByteOrderMarks::Keep,
        state: tilde_bundle::State::Keep,
        lexer: settings.lexer,
        oldest: settings.oldest,
    }
}

/// The members that cannot be in the bundle, or not with others, and why. A file of its own
/// would gain nothing.
fn refused(build: &Build, by_path: &BTreeMap<PathBuf, usize>) -> BTreeMap<usize, String> {
    let mut refused = BTreeMap::new();
    let file =
        |source: tilde_bundle::SourceId| by_path.get(&*build.sources[source.index()].path).copied();
    // A bundle that does not hold what its members are is a mistake of ours.
    let errors = build.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    for finding in errors.filter(|it| it.code != "T-VERIFY") {
        let Some(label) = finding.labels.first() else { continue };
        let reason = || format!("{}: {}", finding.code, finding.message);
        if let Some(file) = file(label.source) {
            refused.entry(file).or_insert_with(reason);
        }
    }
    for member in &build.members {
        if let (Reason::Alone(reason), Some(file)) = (&member.reason, file(member.source)) {
            refused.entry(file).or_insert_with(|| reason.clone());
        }
    }
    refused
}

fn failed(finding: &Diagnostic, build: &Build) -> Finding {
    let help = finding.help.clone().unwrap_or_default();
    let error = Finding::error(format!("{}: {}", finding.code, finding.message), help);
    let label = finding.labels.first();
    let place =
        label.map(|it| (build.sources[it.source.index()].path.to_path_buf(), it.span.clone()));
    Finding { place, ..error }
}

fn add(build: Build, recipe: &Recipe, compiled: &mut Compiled) {
    let Build { sources, diagnostics, output, map, companions, members } = build;
    let path = recipe.output.clone().unwrap_or_default();
    let paths: Vec<Arc<Path>> = sources.iter().map(|it| it.path.clone()).collect();
    let first = output.map(|bytes| (path.clone(), bytes, map));
    let others = companions.into_iter().map(|it| (path.with_file_name(it.name), it.bytes, it.map));
    for (file, (place, bytes, map)) in first.into_iter().chain(others).enumerate() {
        let own = members.iter().filter(|it| it.file == file);
        let member = |report: &MemberReport| {
            let source = &sources[report.source.index()];
            let (path, len) = (source.path.clone(), source.text.len() as u64);
            Member { path, len, report: report.clone() }
        };
        compiled.outputs.push(Output {
            path: place,
            bytes,
            members: own.map(member).collect(),
            map: map.map(|map| (map, paths.clone())),
            bundle: Some(path.clone()),
        });
    }
    compiled.diagnostics.push((diagnostics, sources));
}
