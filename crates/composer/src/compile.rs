//! A plan, built: the core, the chunks, and what loads them.
//!
//! Each is a bundle of the crate bundle, so each is proved. A member that cannot be in a
//! bundle is left out of it, with the reason, and the bundle is built again without it; what
//! is wrong with the bundle itself stops the build.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tilde_bundle::{
    Build, ByteOrderMarks, Compiler, Diagnostic, Docs, Loading, MemberReport, Paths, Reason,
    Recipe, RuntimeBlocks, Scope, Severity, Source, Style, map::SourceMap,
};
use tilde_eval::Sources;
use tilde_lexer::{Options, Version};

use crate::classes::Classes;
use crate::finding::Finding;
use crate::plan::{Left, Plan, Why};
use crate::project::{Project, hex};
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
    pub bytes: Vec<u8>,
    /// The members that are in it, in their order.
    pub members: Vec<Member>,
    /// Where its code came from, if that was asked for, and the sources.
    pub map: Option<(SourceMap, Vec<PathBuf>)>,
    /// The first output of the bundle that it belongs to; none of what is no bundle.
    pub bundle: Option<PathBuf>,
}

impl Output {
    /// A file that is no bundle, still empty.
    fn generated(path: PathBuf) -> Self {
        Self { path, bytes: Vec::new(), members: Vec::new(), map: None, bundle: None }
    }
}

/// A file that is in an output.
#[derive(Debug)]
pub struct Member {
    /// Where it lies.
    pub path: PathBuf,
    /// Its length in bytes.
    pub len: u64,
    /// What became of it.
    pub report: MemberReport,
}

/// The name of the bundle of what nearly all requests use.
pub(crate) const CORE: &str = "/core.php";

/// What symfony/runtime writes beside Composer's autoloader.
const RUNTIME: &str = "autoload_runtime.php";

/// What a member may gain in bytes, however small it is.
const SMALL: usize = 1024;

/// A bundle that was built.
pub(crate) struct Bundle {
    /// The output, as the autoloader names it: `/core.php`.
    pub(crate) name: String,
    /// The function that loads a class of it.
    pub(crate) function: String,
    /// The files that are in it.
    pub(crate) files: BTreeSet<usize>,
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
    let mut compiled = Compiled::default();
    let mut left = plan.left.clone();
    let mut bundles = Vec::new();
    let names = (1..).map(|number| format!("/chunks/{number:02}.php"));
    let all = [(CORE.to_owned(), &plan.core)].into_iter().chain(names.zip(&plan.chunks));
    for (name, files) in all.filter(|(_, files)| !files.is_empty()) {
        let bundle =
            one(sources, (project, classes), (name, files), settings, &mut compiled, &mut left)?;
        bundles.extend(bundle);
    }
    left.sort_by_key(|it| it.file);
    let generated = |name: &str, text: String| Output {
        bytes: text.into_bytes(),
        ..Output::generated(settings.out.join(name))
    };
    let of_symfony = sources.read(&project.vendor.join(RUNTIME)).ok();
    let of_symfony =
        of_symfony.and_then(|text| runtime::autoload_runtime(&text, project, settings));
    compiled.outputs.extend(
        of_symfony.map(|bytes| Output { bytes, ..Output::generated(settings.out.join(RUNTIME)) }),
    );
    compiled.outputs.extend([
        generated("autoload.php", runtime::autoload(project, classes, (&bundles, &left), settings)),
        generated("preload.php", preload::preload(project, classes, &bundles, (plan, settings))),
        generated("record.php", runtime::recorder()),
        generated("stamps.php", runtime::stamps(project, classes, &bundles, settings)),
    ]);
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

/// Builds one bundle; none if nothing can be in it.
fn one(
    sources: &dyn Sources,
    (project, classes): (&Project, &Classes),
    (name, files): (String, &Vec<usize>),
    settings: &Settings,
    compiled: &mut Compiled,
    left: &mut Vec<Left>,
) -> Result<Option<Bundle>, Vec<Finding>> {
    let path_of = |file: usize| project.shown(&classes.sources[file].path).to_owned();
    let mut members: Vec<usize> = files.clone();
    let by_path: BTreeMap<PathBuf, usize> =
        members.iter().map(|file| (path_of(*file), *file)).collect();
    let paths: Vec<PathBuf> = members.iter().map(|file| path_of(*file)).collect();
    let function = function(project, &name, &paths);
    let mut again = Compiler::new();
    loop {
        let on_demand = members.iter().map(|file| path_of(*file)).collect();
        let recipe = recipe(&name, on_demand, &function, settings);
        let build = again.build(sources, &recipe);
        let mut refused = refused(&build, &by_path);
        refused.extend(grown(&build, &by_path));
        if refused.is_empty() {
            if build.output.is_none() {
                return Err(build.diagnostics.iter().map(|it| failed(it, &build)).collect());
            }
            let is_there = |it: &MemberReport| by_path.get(&build.sources[it.source.index()].path);
            let files: BTreeSet<usize> =
                build.members.iter().filter_map(|it| is_there(it).copied()).collect();
            add(build, &recipe, compiled);
            return Ok(Some(Bundle { name, function, files }));
        }
        for (file, reason) in refused {
            members.retain(|it| *it != file);
            left.push(Left { file, why: Why::Refused(reason) });
        }
        if members.is_empty() {
            return Ok(None);
        }
    }
}

/// The global name of the function of a bundle.
fn function(project: &Project, name: &str, paths: &[PathBuf]) -> String {
    let mut hash = Sha256::new();
    hash.update(project.lock.as_bytes());
    for path in paths.iter().map(PathBuf::as_path).chain([Path::new(name)]) {
        hash.update(path.as_os_str().as_encoded_bytes());
        hash.update([0]);
    }
    format!("tilde_load_{}", hex(&hash.finalize()[..6]))
}

fn recipe(name: &str, on_demand: Vec<PathBuf>, function: &str, settings: &Settings) -> Recipe {
    Recipe {
        name: name.trim_start_matches('/').to_owned(),
        files: Vec::new(),
        on_demand,
        loading: Loading::Function(function.to_owned()),
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
        |source: tilde_bundle::SourceId| by_path.get(&build.sources[source.index()].path).copied();
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

/// The members that are much larger in the bundle than on their own, as with many functions
/// beside a class: PHP would read more than it does without.
fn grown(build: &Build, by_path: &BTreeMap<PathBuf, usize>) -> BTreeMap<usize, String> {
    let grown = build.members.iter().filter_map(|member| {
        let source = &build.sources[member.source.index()];
        let is_grown = member.len > 2 * source.text.len() + SMALL;
        let file = by_path.get(&source.path).filter(|_| is_grown)?;
        Some((*file, "it would be more than twice as large".to_owned()))
    });
    grown.collect()
}

fn failed(finding: &Diagnostic, build: &Build) -> Finding {
    let help = finding.help.clone().unwrap_or_default();
    let error = Finding::error(format!("{}: {}", finding.code, finding.message), help);
    let label = finding.labels.first();
    let place = label.map(|it| (build.sources[it.source.index()].path.clone(), it.span.clone()));
    Finding { place, ..error }
}

fn add(build: Build, recipe: &Recipe, compiled: &mut Compiled) {
    let Build { sources, diagnostics, output, map, companions, members } = build;
    let path = recipe.output.clone().unwrap_or_default();
    let paths: Vec<PathBuf> = sources.iter().map(|it| it.path.clone()).collect();
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
