//! A Composer project that is compiled as a whole, without a tilde.toml.
//!
//! The crate composer decides what becomes of it; here is how it is found, which PHP it is
//! for, and how its outputs become those of a build.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use tilde_bundle::Style;
use tilde_composer::{Classes, Compiled, Files, Finding, Plan, Settings, Traces};
use tilde_lexer::Version;

use crate::args::ProjectArgs;
use crate::compile::{self, Input, Member, Output};
use crate::console::Console;
use crate::discover;
use crate::disk::{self, Answers, Disk, Hash, Probes};
use crate::excerpt::Excerpt;
use crate::glob;
use crate::problem::{Place, Problem, Severity};
use crate::progress::Progress;
use crate::project::{Choice, ChosenBy, Maps};
use crate::scope::Scope;
use crate::threads;
use crate::versions::Versions;

/// What bundles are called in messages.
const NAME: &str = "composer";
/// The file of the recorder beside the outputs.
pub(crate) const TRACES: &str = "traces.log";
/// The list of the outputs beside them.
const METAFILE: &str = "tilde.json";

/// So many bytes a source of a package has, more or less.
const USUAL_LEN: u64 = 4096;

/// A Composer project.
pub(crate) struct App {
    /// Its folder, as it is named in messages.
    folder: PathBuf,
    project: tilde_composer::Project,
    settings: Settings,
    traces: Traces,
    maps: Maps,
    /// All that it was worked out from.
    key: Hash,
}

/// The folder of the Composer project that arguments mean, if there is no tilde.toml.
pub(crate) fn folder(args: &ProjectArgs) -> Option<PathBuf> {
    if args.config.is_some() || args.output.is_some() || args.thinkphp.root.is_some() {
        return None;
    }
    let folder = match args.paths.as_slice() {
        [] => Path::new("."),
        [path] if path.is_dir() => path,
        _ => return None,
    };
    let is_composers = folder.join(discover::COMPOSER).is_file();
    (is_composers && discover::find(folder, discover::CONFIG).is_none()).then(|| folder.to_owned())
}

/// The Composer project in a folder; an error if there is none, or a tilde.toml.
pub(crate) fn in_folder(folder: Option<&Path>, out: Option<&Path>) -> Result<App, Vec<Problem>> {
    let path = folder.unwrap_or(Path::new("."));
    let args = ProjectArgs {
        paths: vec![path.to_owned()],
        out: out.map(Path::to_owned),
        ..ProjectArgs::default()
    };
    let Some(folder) = self::folder(&args) else {
        let message = match discover::find(path, discover::CONFIG) {
            Some(config) => format!("{} decides what is built here", config.display()),
            None => format!("there is no {}", path.join(discover::COMPOSER).display()),
        };
        let help =
            "this is for a Composer project without a tilde.toml; name its folder with --project";
        return Err(Problem::error("T-COMPOSER", message).help(help).into());
    };
    plan(&args, folder, &mut Scope::ignored())
}

/// Works out how the project in a folder is compiled.
pub(crate) fn plan(
    args: &ProjectArgs,
    folder: PathBuf,
    scope: &mut Scope,
) -> Result<App, Vec<Problem>> {
    let real = folder.canonicalize().map_err(|error| disk::unreadable(&folder, &error))?;
    let (progress, probes) = (Progress::new(Console::silent(), 0), Probes::with_reads());
    let disk = Disk { root: &real, stdin: None, progress: &progress, probes: &probes };
    let project = tilde_composer::Project::read(&disk, &real)
        .map_err(|finding| vec![problem(&finding, &real, &folder)])?;
    let mut choice =
        discover::choose(&args.php, &crate::config::Target::default(), &folder, scope)?;
    if args.php.php.is_none() {
        let all: Vec<Versions> =
            project.php.iter().filter_map(|it| Versions::allowed(it)).collect();
        // A project that names no PHP may run on any that Composer runs on.
        let oldest = all.iter().map(|it| it.oldest).max().unwrap_or(Version::V7_2);
        let newest = all.iter().map(|it| it.newest).min().unwrap_or(Version::LATEST);
        choice.oldest = oldest;
        choice.options.version = newest.max(oldest);
    }
    let out = args.out.clone().unwrap_or_else(|| project.vendor.join("tilde"));
    let out = disk::place_of(&std::path::absolute(&out).unwrap_or(out));
    let mut traces = Traces::default();
    let mut recorded = Vec::new();
    match fs::read(out.join(TRACES)) {
        Ok(text) => {
            traces.add(&text);
            recorded = text;
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(disk::unreadable(&out.join(TRACES), &error).into()),
    }
    let style = args.style.unwrap_or(Style::Lines);
    crate::project::check_docs(args.docs.choice(), style)?;
    let docs = crate::project::docs(args.docs.choice(), style);
    let maps = Maps { source: args.maps.map, xdebug: args.maps.xdebug_map };
    let settings = Settings {
        out,
        style,
        docs,
        lexer: choice.options,
        oldest: choice.oldest,
        has_map: maps.source || maps.xdebug,
    };
    let key = key(
        &probes.into_answers(),
        &[
            folder.as_os_str().as_encoded_bytes(),
            format!("{settings:?} {maps:?}").as_bytes(),
            &recorded,
        ],
    );
    Ok(App { folder, project, settings, traces, maps, key })
}

/// What names a project: what was asked and answered while it was worked out, and more.
fn key(answers: &Answers, more: &[&[u8]]) -> Hash {
    let Answers { files, folders, real, listings, unread, reads, is_torn } = answers;
    let mut hash = Sha256::new();
    let reads: BTreeMap<_, _> = reads.iter().map(|(path, read)| (path, read.hash)).collect();
    let asked =
        format!("{files:?} {folders:?} {real:?} {listings:?} {unread:?} {is_torn} {reads:?}");
    for part in [asked.as_bytes()].iter().chain(more) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

impl App {
    /// What names it, with all that its outputs depend on besides what a build asks for.
    pub(crate) fn key(&self) -> Hash {
        self.key
    }

    /// The folder of its packages.
    pub(crate) fn vendor(&self) -> &Path {
        &self.project.vendor
    }

    /// The oldest PHP that will run it.
    pub(crate) fn oldest(&self) -> Version {
        self.settings.oldest
    }

    /// Its folder.
    pub(crate) fn root(&self) -> &Path {
        &self.project.root
    }

    /// The scripts that start it: front controllers and commands.
    pub(crate) fn entries(&self) -> Vec<PathBuf> {
        let (progress, probes) = (Progress::new(Console::silent(), 0), Probes::default());
        let root = &self.project.root;
        let disk = Disk { root, stdin: None, progress: &progress, probes: &probes };
        tilde_composer::entries(&disk, &self.project)
    }

    /// The folder of its outputs.
    pub(crate) fn out(&self) -> &Path {
        &self.settings.out
    }

    /// The files that the build before has listed as its own and that this one does not make:
    /// those that are still there, as they are.
    pub(crate) fn outdated<'p>(&self, outputs: impl Iterator<Item = &'p Path>) -> Vec<PathBuf> {
        let out = self.out();
        let text = fs::read(out.join(METAFILE)).unwrap_or_default();
        let metafile: Json = serde_json::from_slice(&text).unwrap_or_default();
        let paths = metafile["outputs"].as_array().into_iter().flatten();
        let paths = paths.filter_map(|it| it["path"].as_str()).map(Path::new);
        let is_inside =
            |path: &&Path| path.components().all(|it| matches!(it, Component::Normal(_)));
        let new: BTreeSet<PathBuf> = outputs.map(disk::place_of).collect();
        let is_file = |path: &PathBuf| {
            // No link leads elsewhere.
            path.canonicalize().is_ok_and(|real| real == *path) && path.is_file()
        };
        let paths = paths.filter(is_inside).map(|path| out.join(path));
        let outdated = paths.filter(|path| is_file(path) && !new.contains(path));
        outdated.map(|path| self.named(&path)).collect()
    }

    /// Compiles it.
    pub(crate) fn compile(&self, probes: &Probes) -> (Vec<Output>, Vec<Problem>) {
        let root = &self.project.root;
        let progress = Progress::new(Console::silent(), 0);
        let disk = Disk { root, stdin: None, progress: &progress, probes };
        let (settings, project) = (&self.settings, &self.project);
        let php = (settings.lexer, settings.oldest);
        let classes = match Classes::find(&disk, project, php, &settings.out) {
            Ok(classes) => classes,
            Err(finding) => return (Vec::new(), vec![problem(&finding, root, &self.folder)]),
        };
        let mut problems: Vec<Problem> =
            classes.findings.iter().map(|it| problem(it, root, &self.folder)).collect();
        let plan = Plan::new(&disk, project, &classes, php, &self.traces);
        let compiled = tilde_composer::compile(&disk, project, &classes, &plan, settings);
        // To give so much memory back takes a while, for which nobody has to wait.
        rayon::spawn(move || drop(classes));
        match compiled {
            Ok(Compiled { outputs, diagnostics }) => {
                for (diagnostics, sources) in &diagnostics {
                    let local = |path: &Path| self.shown(path);
                    problems.extend(compile::problems(diagnostics, sources, local));
                }
                let mut all = Vec::new();
                for mut output in outputs {
                    let map = output.map.take();
                    let output = self.output(output);
                    if let Some((map, sources)) = map {
                        let places: Vec<PathBuf> =
                            sources.iter().map(|it| self.shown(it)).collect();
                        let (maps, found) = compile::maps_of(&output, &map, &places, self.maps);
                        all.extend(maps);
                        problems.extend(found);
                    }
                    all.push(output);
                }
                (all, problems)
            }
            Err(findings) => {
                problems.extend(findings.iter().map(|it| problem(it, root, &self.folder)));
                (Vec::new(), problems)
            }
        }
    }

    /// A path of a source, as a person in the current folder writes it.
    fn shown(&self, path: &Path) -> PathBuf {
        disk::normal(&self.folder.join(path))
    }

    /// A real path, as a person in the current folder writes it.
    pub(crate) fn named(&self, path: &Path) -> PathBuf {
        let below = path.strip_prefix(&self.project.root).ok();
        below.map_or_else(|| path.to_owned(), |below| self.shown(below))
    }

    fn output(&self, output: tilde_composer::Output) -> Output {
        let choice = Choice { by: ChosenBy::Composer, is_on_demand: true };
        let input = |(order, it): (usize, tilde_composer::Member)| Input {
            path: self.shown(&it.path),
            len: it.len,
            choice: Some(choice.clone()),
            member: Some(Member { order: order + 1, report: it.report }),
        };
        Output {
            name: NAME.to_owned(),
            path: self.named(&output.path),
            bytes: output.bytes,
            inputs: output.members.into_iter().enumerate().map(input).collect(),
            left_out: Vec::new(),
            is_map: false,
            makes_folder: true,
            newer_than: None,
            lexer: self.settings.lexer,
            bundle: None,
        }
    }
}

/// What the crate composer has found. Its paths are real ones.
fn problem(finding: &Finding, root: &Path, folder: &Path) -> Problem {
    let severity = if finding.is_note { Severity::Note } else { Severity::Error };
    let shown = |path: &Path| disk::normal(&folder.join(path.strip_prefix(root).unwrap_or(path)));
    let message = finding.message.text(shown);
    let problem = Problem { severity, ..Problem::error("T-COMPOSER", message) };
    let place = finding.place.as_ref().and_then(|(path, span)| {
        let text = fs::read(root.join(path)).ok()?;
        let path = shown(path);
        Some(Place { path, excerpt: Excerpt::new(&text, span.clone()), note: String::new() })
    });
    problem.at(place).help(&finding.help)
}

impl Files for Disk<'_> {
    fn php_files(&self, folder: &Path, except: &Path) -> Vec<PathBuf> {
        scripts(self, folder, except, glob::is_php)
    }

    fn other_scripts(&self, folder: &Path, except: &Path) -> Vec<PathBuf> {
        scripts(self, folder, except, |path| !glob::is_php(path))
    }

    fn expect(&self, files: usize) {
        threads::add_work(files as u64 * USUAL_LEN);
    }
}

fn scripts(
    disk: &Disk<'_>,
    folder: &Path,
    except: &Path,
    is_wanted: impl Fn(&Path) -> bool,
) -> Vec<PathBuf> {
    let scripts = disk.probes.scripts(folder, except);
    let wanted = scripts.iter().map(|script| &script.path).filter(|path| is_wanted(path));
    wanted.cloned().collect()
}
