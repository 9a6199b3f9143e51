//! `tilde module unpack`: packages into a project.
//!
//! All that is to be written is known before anything is, and is written at once
//! or not at all. What exists stays unless an option says otherwise, and no link
//! is followed: a package decides what is in its module, not where that lies.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tilde_module::{Json, Kind, LIGHT_CACHE, resolve};
use tilde_phar::{Entry, SignatureCheck, name};

use super::args::UnpackArgs;
use super::package::DATA;
use super::project::{Packed, Project, package, read_json, unresolved};
use super::words::words;
use super::{report, warning};
use crate::commands::phar::{check_limit, damaged, grouped, problem, shown};
use crate::console::Console;
use crate::disk::{self, Write};
use crate::exit::ExitStatus;
use crate::problem::{Error, Problem, Severity};

pub(super) fn run(args: &UnpackArgs, console: Console) -> Result<ExitStatus, Error> {
    let words = words(&args.project);
    let project = Project::new(&args.project);
    let (mut packages, mut warnings) = chosen(args, &project)?;
    let mut plan = Plan::new(args, &project)?;
    for package in &mut packages {
        plan.add(package)?;
    }
    warnings.append(&mut plan.warnings);
    let status = report(console, &warnings);
    let has_composer_changed = plan.write()?;
    for package in &packages {
        let name = &package.manifest.name;
        console.note(format!(
            "{} {name}: {}",
            words.unpacked,
            project.path(&package.root).display()
        ));
        if let Some(text) = &package.manifest.global_config {
            console.note(format!("{name}: {}:", words.configure));
            text.lines().for_each(|line| console.note(format!("    {line}")));
        }
    }
    if plan.kept > 0 {
        console.note(format!("{}: {}", words.kept, grouped(plan.kept)));
    }
    if has_composer_changed {
        console.note(words.install);
    }
    Ok(status)
}

/// The packages that are asked for, after what they need of each other, and
/// warnings about others.
fn chosen(
    args: &UnpackArgs,
    project: &Project,
) -> Result<(Vec<Packed>, Vec<Problem>), Vec<Problem>> {
    let (mut packages, mut warnings) = project.packages();
    let mut wanted = Vec::new();
    for given in &args.names {
        if Path::new(given).extension().is_some_and(|end| end == "phar") {
            let package = package(Path::new(given))?;
            wanted.push(package.manifest.name.clone());
            // The one that was named is the one that is meant.
            packages.retain(|other| other.manifest.name != package.manifest.name);
            packages.push(package);
        } else {
            wanted.push(given.clone());
        }
    }
    let missing = wanted.iter().filter(|name| packages.iter().all(|it| it.manifest.name != **name));
    let missing: Vec<Problem> = missing.map(|name| no_package(name, &packages)).collect();
    if !missing.is_empty() {
        return Err(missing.into_iter().chain(warnings).collect());
    }
    let sources = project.sources()?;
    // A source module that is to be unpacked again does not stand for its package.
    let sources: Vec<_> =
        sources.into_iter().filter(|it| !wanted.contains(&it.manifest.name)).collect();
    let candidates = Project::candidates(&sources, &packages);
    let names: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let order = match resolve(&names, &candidates) {
        Ok(order) => order,
        Err(faults) if args.ignore_depends => {
            warnings.extend(unresolved(&faults));
            alone(&names, &candidates)
        }
        Err(faults) => {
            let error = |problem| Problem { severity: Severity::Error, ..problem };
            let help = "unpack it nevertheless with --ignore-depends";
            return Err(unresolved(&faults)
                .into_iter()
                .map(error)
                .map(|it| it.help(help))
                .collect());
        }
    };
    let order = order.into_iter().filter_map(|index| index.checked_sub(sources.len()));
    let mut packages: Vec<Option<Packed>> = packages.into_iter().map(Some).collect();
    let chosen = order.filter_map(|index| packages[index].take());
    Ok((chosen.filter(|it| wanted.contains(&it.manifest.name)).collect(), warnings))
}

/// The candidates of these names, as if they needed nothing.
fn alone(names: &[&str], candidates: &[tilde_module::Candidate]) -> Vec<usize> {
    let free =
        candidates.iter().map(|it| tilde_module::Candidate { depends: Vec::new(), ..it.clone() });
    resolve(names, &free.collect::<Vec<_>>()).unwrap_or_default()
}

fn no_package(name: &str, packages: &[Packed]) -> Problem {
    let known: Vec<&str> = packages.iter().map(|it| it.manifest.name.as_str()).collect();
    let problem = Problem::error("T-MODULE", format!("there is no package of a module {name}"));
    problem.help(match known.as_slice() {
        [] => "give the path of the package".to_owned(),
        known => format!("there are packages of {}", known.join(", ")),
    })
}

/// Where an entry goes.
struct Destination {
    /// The folder that it must not leave.
    top: PathBuf,
    path: PathBuf,
    overwrites: bool,
}

/// All that is to be written.
struct Plan<'a> {
    args: &'a UnpackArgs,
    project: &'a Project,
    files: BTreeMap<PathBuf, (Vec<u8>, bool)>,
    folders: Vec<PathBuf>,
    composer: Json,
    old_composer: Json,
    cache: Json,
    old_cache: Json,
    warnings: Vec<Problem>,
    /// How many files and values that exist stay as they are.
    kept: u64,
}

impl<'a> Plan<'a> {
    fn new(args: &'a UnpackArgs, project: &'a Project) -> Result<Self, Problem> {
        let composer = project.composer()?;
        let cache = read_json(&project.cache(args.cache.as_deref()))?;
        Ok(Self {
            args,
            project,
            files: BTreeMap::new(),
            folders: Vec::new(),
            old_composer: composer.clone(),
            composer,
            old_cache: cache.clone(),
            cache,
            warnings: Vec::new(),
            kept: 0,
        })
    }

    fn add(&mut self, package: &mut Packed) -> Result<(), Vec<Problem>> {
        check_limit(&package.path, &package.archive, &self.args.limit)?;
        check_names(package)?;
        check_signature(package)?;
        let archive = package.archive.clone();
        for entry in archive.entries() {
            if entry.name == LIGHT_CACHE.as_bytes() {
                let text = entry.read(&mut package.file);
                let text = text.map_err(|error| damaged(&package.path, &entry, &error))?;
                self.light_cache(&package.path, &text)?;
            } else if let Some(destination) = self.destination(package, entry.name) {
                self.file(package, &entry, &destination)?;
            }
        }
        self.check_parts(package);
        self.composer(package);
        Ok(())
    }

    /// Where an entry goes; the files that describe the package go nowhere.
    fn destination(&self, package: &Packed, name: &[u8]) -> Option<Destination> {
        let (project, args) = (self.project, self.args);
        let root = format!("{}/", package.root);
        let (top, below, overwrites) = if name.starts_with(root.as_bytes()) {
            (&project.root, name, args.overwrite_source)
        } else {
            let below = name.strip_prefix(format!("{DATA}/").as_bytes())?;
            (&project.data, below, args.overwrite_zm_data)
        };
        Some(Destination { top: top.clone(), path: top.join(OsStr::from_bytes(below)), overwrites })
    }

    fn file(
        &mut self,
        package: &mut Packed,
        entry: &Entry<'_>,
        destination: &Destination,
    ) -> Result<(), Problem> {
        let path = &destination.path;
        check_way(&destination.top, path)?;
        if entry.is_directory {
            self.folders.push(path.clone());
            return Ok(());
        }
        let bytes = entry.read(&mut package.file);
        let bytes = bytes.map_err(|error| damaged(&package.path, entry, &error))?;
        if fs::symlink_metadata(path).is_ok() && !destination.overwrites {
            self.kept += u64::from(!disk::has_bytes(path, &[&bytes], 0));
            return Ok(());
        }
        if self.files.insert(path.clone(), (bytes, entry.mode & 0o100 != 0)).is_some() {
            let message = format!("two packages would write {}", path.display());
            return Err(Problem::error("T-MODULE", message));
        }
        Ok(())
    }

    /// What the manifest promises must be in the package.
    fn check_parts(&mut self, package: &Packed) {
        let has = |name: &str| {
            let folder = format!("{name}/");
            let is_it =
                |entry: &[u8]| entry == name.as_bytes() || entry.starts_with(folder.as_bytes());
            package.archive.entries().any(|entry| is_it(entry.name))
        };
        let (manifest, path) = (&package.manifest, package.path.display());
        let data = manifest.data.iter().map(|item| format!("{DATA}/{item}"));
        let cache = manifest.light_cache.iter().map(|_| LIGHT_CACHE.to_owned());
        for part in data.chain(cache).filter(|part| !has(part)) {
            self.warnings.push(warning(format!("{part} is missing in {path}")));
        }
    }

    fn light_cache(&mut self, path: &Path, text: &[u8]) -> Result<(), Problem> {
        let store = Json::parse(text).map_err(|error| {
            let path = path.display();
            let message = format!("{LIGHT_CACHE} of {path} is no valid JSON: {}", error.message);
            Problem::error("T-MODULE", message)
        })?;
        for (key, value) in store.entries() {
            let key = key.text().unwrap_or_default();
            let old = self.cache.get(key).filter(|old| old.kind != Kind::Null);
            if old.is_some() && !self.args.overwrite_light_cache {
                self.kept += u64::from(old.map(Json::value) != Some(value.value()));
            } else {
                self.cache.set(key, value.value());
            }
        }
        Ok(())
    }

    /// Puts into composer.json what it does not have yet.
    fn composer(&mut self, package: &Packed) {
        let manifest = &package.manifest;
        let prefixes = manifest.autoload.get("psr-4").map(Json::entries).unwrap_or_default();
        for (prefix, folder) in prefixes {
            self.set(&["autoload", "psr-4"], prefix.text().unwrap_or_default(), folder.value());
        }
        let files = manifest.autoload.get("files").map(Json::items).unwrap_or_default();
        for file in files.iter().filter_map(Json::text) {
            let list = self.composer.entry("autoload").entry("files");
            if !list.items().iter().any(|it| it.text() == Some(file)) {
                let mut all = list.items().to_vec();
                all.push(file.into());
                list.kind = Kind::List(all);
            }
        }
        for (name, constraint) in &manifest.composer_require {
            self.set(&["require"], name, constraint.as_str().into());
        }
    }

    fn set(&mut self, section: &[&str], key: &str, value: Json) {
        let target = section.iter().fold(&mut self.composer, |json, key| json.entry(key));
        match target.get(key).map(Json::value) {
            None => target.set(key, value),
            Some(old) if old == value => {}
            Some(_) => {
                let section = section.join(".");
                self.warnings.push(warning(format!(
                    "composer.json has another `{key}` in {section}, which stays"
                )));
            }
        }
    }

    /// Writes everything. Says whether composer.json has changed.
    fn write(&mut self) -> Result<bool, Problem> {
        let has_composer_changed = self.composer.value() != self.old_composer.value();
        if has_composer_changed {
            let text = self.composer.print(true) + "\n";
            self.files.insert(self.project.path("composer.json"), (text.into_bytes(), false));
        }
        if self.cache.value() != self.old_cache.value() {
            let path = self.project.cache(self.args.cache.as_deref());
            self.files.insert(path, (self.cache.print(false).into_bytes(), false));
        }
        let write =
            |(path, (bytes, _)): (&'_ PathBuf, &'_ (Vec<u8>, bool))| (path.clone(), bytes.clone());
        let contents: Vec<(PathBuf, Vec<u8>)> = self.files.iter().map(write).collect();
        let writes: Vec<Write<'_>> = contents
            .iter()
            .map(|(path, bytes)| Write { makes_folder: true, ..Write::new(path, bytes) })
            .collect();
        disk::write_all(&writes)?;
        for folder in &self.folders {
            fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
        }
        for (path, _) in self.files.iter().filter(|(_, (_, is_executable))| *is_executable) {
            make_executable(path).map_err(|error| unwritable(path, &error))?;
        }
        Ok(has_composer_changed)
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Problem {
    let message = format!("cannot write {}: {}", path.display(), disk::reason(error));
    Problem::error("T-WRITE", message)
}

/// For all who may read it.
fn make_executable(path: &Path) -> std::io::Result<()> {
    let mode = fs::metadata(path)?.permissions().mode();
    fs::set_permissions(path, Permissions::from_mode(mode | (mode >> 2 & 0o111)))
}

fn check_signature(package: &mut Packed) -> Result<(), Problem> {
    let path = &package.path;
    let check = package.archive.check_signature(&mut package.file, None);
    match check.map_err(|error| problem(path, &error))? {
        SignatureCheck::Wrong(kind) => {
            let message = format!(
                "cannot unpack {}: the signature ({}) is not that of these bytes",
                path.display(),
                kind.as_str()
            );
            Err(Problem::error("T-MODULE", message)
                .help("it is damaged, or was changed: get it again"))
        }
        SignatureCheck::Good(_) | SignatureCheck::Missing | SignatureCheck::NeedsKey(_) => Ok(()),
    }
}

fn check_names(package: &Packed) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut names = BTreeSet::new();
    for entry in package.archive.entries() {
        let fault = match name::check(entry.name) {
            Err(fault) => Some(fault.to_string()),
            Ok(()) if !names.insert(entry.name) => Some("is there more than once".to_owned()),
            Ok(()) => None,
        };
        problems.extend(fault.map(|fault| {
            let (name, path) = (shown(entry.name), package.path.display());
            Problem::error(
                "T-MODULE",
                format!("cannot unpack `{name}` of {path}: the name {fault}"),
            )
        }));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// No link and no file may stand between the folder and what is written in it.
fn check_way(top: &Path, path: &Path) -> Result<(), Problem> {
    let above = path.ancestors().skip(1).take_while(|above| *above != top);
    let is_blocked = |above: &&Path| fs::symlink_metadata(above).is_ok_and(|it| !it.is_dir());
    let refused = |reason: String| {
        Err(Problem::error("T-WRITE", format!("cannot write {}: {reason}", path.display())))
    };
    if let Some(above) = above.filter(is_blocked).last() {
        return refused(format!("{} is no folder", above.display()));
    }
    match fs::symlink_metadata(path) {
        Ok(old) if old.is_symlink() => refused("it is a link".to_owned()),
        _ => Ok(()),
    }
}
