//! The modules of a project: folders with a `zm.json`, packages, and what
//! Composer has installed.
//!
//! The framework passes over a `zm.json` that it cannot read, so a module with a
//! missing comma is simply not there. Here that is an error, with its place.

use std::fs::{self, File};
use std::io::BufReader;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use tilde_module::{Candidate, ENTRY, FindingKind, Json, Manifest, Origin, PLUGIN, is_plain_path};
use tilde_phar::{Archive, name};
use walkdir::WalkDir;

use super::args::ProjectArgs;
use super::warning;
use crate::commands::phar::{Opened, open};
use crate::config::nearest;
use crate::disk;
use crate::excerpt::Excerpt;
use crate::problem::{Place, Problem, Severity};

/// The name of the file that makes a folder a module.
pub(super) const MANIFEST: &str = "zm.json";
/// The persistence file of the cache.
const CACHE: &str = "_cache.json";

pub(super) struct Project {
    pub(super) root: PathBuf,
    pub(super) data: PathBuf,
    pub(super) load_paths: Vec<PathBuf>,
}

/// A module whose sources are there.
pub(super) struct Source {
    pub(super) manifest: Manifest,
    /// From the project, with slashes.
    pub(super) folder: String,
}

/// A module in a package.
pub(super) struct Packed {
    pub(super) manifest: Manifest,
    pub(super) path: PathBuf,
    /// Where its sources are in the package, and in a project.
    pub(super) root: String,
    /// The text of `zmplugin.json`.
    pub(super) plugin: Json,
    pub(super) archive: Archive,
    pub(super) file: BufReader<File>,
}

impl Project {
    pub(super) fn new(args: &ProjectArgs) -> Self {
        Self::of(args.project.clone(), args.data.clone(), args.load_path.clone())
    }

    /// The project in a folder. The data folder and those with packages are the usual
    /// ones if none are given.
    pub(super) fn of(root: PathBuf, data: Option<PathBuf>, load_paths: Vec<PathBuf>) -> Self {
        let data = data.unwrap_or_else(|| shown_below(&root, "zm_data"));
        let usual = || vec![data.join("modules")];
        let load_paths = if load_paths.is_empty() { usual() } else { load_paths };
        Self { root, data, load_paths }
    }

    /// Where packages usually go.
    pub(super) fn output(&self) -> PathBuf {
        self.data.join("output")
    }

    /// A path of the project.
    pub(super) fn path(&self, below: &str) -> PathBuf {
        shown_below(&self.root, below)
    }

    pub(super) fn cache(&self, given: Option<&Path>) -> PathBuf {
        given.map_or_else(|| self.data.join(CACHE), Path::to_owned)
    }

    /// The modules with sources, by name.
    pub(super) fn sources(&self) -> Result<Vec<Source>, Vec<Problem>> {
        let mut sources: Vec<Source> = Vec::new();
        let mut problems = Vec::new();
        for path in self.manifests()? {
            match self.source(&path) {
                Ok(source) => sources.push(source),
                Err(found) => problems.extend(found),
            }
        }
        sources.sort_by(|a, b| (&a.manifest.name, &a.folder).cmp(&(&b.manifest.name, &b.folder)));
        for pair in sources.windows(2) {
            if pair[0].manifest.name == pair[1].manifest.name {
                let (name, a, b) = (&pair[0].manifest.name, &pair[0].folder, &pair[1].folder);
                let message = format!("two modules are called {name}: {a} and {b}");
                problems.push(Problem::error("T-MODULE", message).help("rename one of them"));
            }
        }
        if problems.is_empty() { Ok(sources) } else { Err(problems) }
    }

    /// All `zm.json` below `src`, which a project need not have.
    fn manifests(&self) -> Result<Vec<PathBuf>, Problem> {
        fs::read_dir(&self.root).map_err(|error| disk::unreadable(&self.root, &error))?;
        let folder = self.path("src");
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for entry in WalkDir::new(&folder).sort_by_file_name() {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(&folder).to_owned();
                disk::unreadable(&path, &error.into())
            })?;
            if entry.file_name() != MANIFEST || !entry.path().is_file() {
                continue;
            }
            if entry.depth() == 1 {
                let message = format!("{} makes all of src one module", entry.path().display());
                return Err(Problem::error("T-MODULE", message)
                    .help("move it into the folder of the module, below src"));
            }
            found.push(entry.into_path());
        }
        Ok(found)
    }

    fn source(&self, path: &Path) -> Result<Source, Vec<Problem>> {
        let text =
            disk::read_configuration(path).map_err(|error| vec![disk::unreadable(path, &error)])?;
        let manifest = parse(path, &text)?;
        let folder = disk::folder_of(path);
        let below = folder.strip_prefix(&self.root).unwrap_or(folder);
        let Ok(folder) = str::from_utf8(below.as_os_str().as_bytes()) else {
            let message =
                format!("cannot take the module in {}: its name is not UTF-8", folder.display());
            return Err(vec![Problem::error("T-MODULE", message)]);
        };
        Ok(Source { manifest, folder: folder.to_owned() })
    }

    /// The packages that can be loaded, by path, and why others cannot.
    pub(super) fn packages(&self) -> (Vec<Packed>, Vec<Problem>) {
        let (mut packages, mut warnings) = (Vec::new(), Vec::new());
        let mut warn = |problems: Vec<Problem>| {
            let warning = |problem| Problem { severity: Severity::Warning, ..problem };
            warnings.extend(problems.into_iter().map(warning));
        };
        // The usual folder need not be there.
        let usual = self.data.join("modules");
        let paths = self.load_paths.iter().filter(|path| **path != usual || path.exists());
        for entry in paths.flat_map(|path| WalkDir::new(path).sort_by_file_name()) {
            match entry.map_err(|error| vec![unlisted(&error)]) {
                Ok(entry) if is_archive(entry.path()) => match package(entry.path()) {
                    Ok(package) => packages.push(package),
                    Err(problems) => warn(problems),
                },
                Ok(_) => {}
                Err(problems) => warn(problems),
            }
        }
        (packages, warnings)
    }

    /// What a module can depend on.
    pub(super) fn candidates(sources: &[Source], packages: &[Packed]) -> Vec<Candidate> {
        let candidate = |manifest: &Manifest, origin| Candidate {
            name: manifest.name.clone(),
            version: manifest.effective_version().to_owned(),
            origin,
            depends: manifest.depends.clone(),
        };
        let sources = sources.iter().map(|it| candidate(&it.manifest, Origin::Source));
        sources.chain(packages.iter().map(|it| candidate(&it.manifest, Origin::Packed))).collect()
    }

    /// The composer.json of the project; an empty object if there is none.
    pub(super) fn composer(&self) -> Result<Json, Problem> {
        read_json(&self.path("composer.json"))
    }

    /// The modules of Composer's packages: manifests and folders.
    pub(super) fn composer_modules(&self) -> Result<Vec<Source>, Vec<Problem>> {
        let installed = read_json(&self.path("vendor/composer/installed.json"))?;
        let packages = installed.get("packages").unwrap_or(&installed);
        let mut modules = Vec::new();
        for package in packages.items() {
            let name = package.get("name").and_then(Json::text).unwrap_or_default();
            let paths = package.get("extra").and_then(|it| it.get("zm")?.get("module-path"));
            let paths = paths.into_iter().flat_map(|it| {
                it.text().into_iter().chain(it.items().iter().filter_map(Json::text))
            });
            for path in paths.filter(|path| is_plain_path(path) && is_plain_path(name)) {
                let folder = format!("vendor/{name}/{}", path.trim_end_matches('/'));
                let file = self.path(&folder).join(MANIFEST);
                if file.is_file() {
                    modules.push(self.source(&file)?);
                }
            }
        }
        Ok(modules)
    }
}

fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "phar") && path.is_file()
}

/// A folder in which packages were to be.
fn unlisted(error: &walkdir::Error) -> Problem {
    Problem::error("T-MODULE", format!("cannot look for packages: {error}"))
}

/// A path below a folder, as a person would write it.
fn shown_below(folder: &Path, below: &str) -> PathBuf {
    if folder == Path::new(".") { PathBuf::from(below) } else { folder.join(below) }
}

/// A JSON file; an empty object if it is not there.
pub(super) fn read_json(path: &Path) -> Result<Json, Problem> {
    if !path.exists() {
        return Ok(Json::object([]));
    }
    let text = disk::check_regular(path).and_then(|()| disk::read_configuration(path));
    let text = text.map_err(|error| disk::unreadable(path, &error))?;
    Json::parse(&text).map_err(|error| {
        let message =
            format!("cannot read {}: it is no valid JSON: {}", path.display(), error.message);
        Problem::error("T-MODULE", message).at(place(path, &text, error.offset..error.offset + 1))
    })
}

fn place(path: &Path, text: &[u8], span: std::ops::Range<usize>) -> Place {
    Place { path: path.to_owned(), excerpt: Excerpt::new(text, span), note: String::new() }
}

/// Reads a `zm.json`; the path is for messages.
fn parse(path: &Path, text: &[u8]) -> Result<Manifest, Vec<Problem>> {
    Manifest::parse(text).map_err(|findings| {
        let problem = |finding: tilde_module::Finding| {
            let message = format!("cannot use {}: {}", path.display(), finding.kind);
            let problem =
                Problem::error("T-MODULE", message).at(place(path, text, finding.span.clone()));
            match &finding.kind {
                FindingKind::UnknownKey(key, valid) => problem.help(match nearest(key, valid) {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None => format!("the keys are {}", valid.join(", ")),
                }),
                FindingKind::NoName => problem.help("give it one, as in \"name\": \"shop\""),
                _ => problem,
            }
        };
        findings.into_iter().map(problem).collect()
    })
}

/// Reads what a package says of itself.
pub(super) fn package(path: &Path) -> Result<Packed, Vec<Problem>> {
    let Opened { archive, mut file } = open(path)?;
    let unfit = |reason: &str| {
        let message = format!("{} is no module package: {reason}", path.display());
        vec![Problem::error("T-MODULE", message)]
    };
    let mut read = |name: &str| {
        let entry = archive.entries().filter(|entry| entry.name == name.as_bytes()).last();
        // A file that describes has a few kilobytes.
        let entry = entry.filter(|entry| entry.size < 16 << 20);
        entry.map(|entry| entry.read(&mut file))
    };
    if read(ENTRY).is_none() {
        return Err(unfit("it has no module_entry.php"));
    }
    let Some(Ok(plugin)) = read(PLUGIN) else { return Err(unfit("it has no zmplugin.json")) };
    let plugin = Json::parse(&plugin).map_err(|_| unfit("its zmplugin.json is no valid JSON"))?;
    let root = plugin.get("module-root-path").and_then(Json::text).unwrap_or_default();
    let root = root.trim_end_matches('/').to_owned();
    let is_below = root.strip_prefix("src/").is_some_and(|rest| !rest.is_empty());
    if !is_below || name::check(root.as_bytes()).is_err() {
        return Err(unfit("the folder that it names is not below src"));
    }
    let inner = format!("{root}/{MANIFEST}");
    let Some(Ok(text)) = read(&inner) else { return Err(unfit(&format!("it has no {inner}"))) };
    let manifest = parse(&path.join(&inner), &text)?;
    Ok(Packed { manifest, path: path.to_owned(), root, plugin, archive, file })
}

/// The sources of these names, in their order.
pub(super) fn select<'s>(
    sources: &'s [Source],
    names: &[String],
) -> Result<Vec<&'s Source>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut selected: Vec<&Source> = Vec::new();
    for name in names {
        match sources.iter().find(|source| source.manifest.name == *name) {
            Some(source) if selected.iter().any(|it| it.folder == source.folder) => {}
            Some(source) => selected.push(source),
            None => {
                let known: Vec<&str> = sources.iter().map(|it| it.manifest.name.as_str()).collect();
                let message = format!("there is no module {name} below src");
                problems.push(Problem::error("T-MODULE", message).help(match known.as_slice() {
                    [] => "a module is a folder below src with a zm.json".to_owned(),
                    known => format!("the modules are {}", known.join(", ")),
                }));
            }
        }
    }
    if problems.is_empty() { Ok(selected) } else { Err(problems) }
}

/// What is wrong with what modules depend on.
pub(super) fn unresolved(faults: &[tilde_module::Unresolved]) -> Vec<Problem> {
    faults.iter().map(|fault| warning(fault.to_string())).collect()
}
