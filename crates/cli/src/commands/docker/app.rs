//! What an image depends on: the project, what a build of it makes, and what its sources
//! use.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use bstr::ByteSlice as _;
use rayon::prelude::*;
use tilde_composer::Files as _;
use tilde_docker::{Gathered, Image, Need, Reason, Sizes, Usage, Variant, recipe, suite, usage};
use tilde_lexer::{Options, Version};
use tilde_module::Json;
use tilde_syntax::Arena;

use super::args::ImageArgs;
use crate::args::ProjectArgs;
use crate::compile::{self, Compiled, Output};
use crate::console::Console;
use crate::discover;
use crate::disk::{self, Disk, Probes};
use crate::excerpt::Excerpt;
use crate::problem::{Place, Problem};
use crate::progress::Progress;
use crate::project::{self, Project};
use crate::scope::Scope;

/// Where web roots are, below the folder of a project.
const WEB_ROOTS: [&str; 4] = ["public", "web", "www", "htdocs"];
/// Folders that frameworks write to.
const WRITABLE: [&str; 12] = [
    "bootstrap/cache",
    "cache",
    "log",
    "logs",
    "runtime",
    "Runtime",
    "storage",
    "temp",
    "tmp",
    "var",
    "writable",
    "data/cache",
];
/// What ThinkPHP writes beside its caches.
const BESIDE_CACHES: [&str; 4] = ["Cache", "Data", "Logs", "Temp"];
/// What only development needs.
const DEVELOPMENT: [&str; 5] = ["spec", "test", "Test", "tests", "Tests"];
/// Scripts that start something.
const SCRIPTS: [&str; 5] = ["bin/console", "artisan", "think", "server.php", "index.php"];

/// An application, and the image of it.
pub(super) struct App {
    pub(super) image: Image,
    /// Whether a build of it has findings.
    pub(super) has_findings: bool,
}

impl App {
    /// Finds out what an image of the project in a folder depends on.
    pub(super) fn find(
        folder: &Path,
        args: &ImageArgs,
        console: Console,
    ) -> Result<Self, Vec<Problem>> {
        let plan_args = ProjectArgs {
            paths: vec![folder.to_owned()],
            php: args.php.clone(),
            ..ProjectArgs::default()
        };
        let project = project::plan(&plan_args, &mut Scope::ignored())?;
        let mut compiled = compile::compile(&project, console)?;
        console.report(&compiled.findings);
        let folder = Folder::new(folder, &project, &mut compiled)?;
        let image = folder.image(args, &project, &compiled)?;
        Ok(Self { image, has_findings: compiled.has_findings() })
    }
}

/// The folder of a project and what is in it.
struct Folder {
    /// As it is named in messages.
    shown: PathBuf,
    real: PathBuf,
    /// What is in composer.json, if there is one.
    composer: Option<Json>,
    vendor: PathBuf,
    /// The outputs, from the folder.
    outputs: Vec<String>,
    /// The sources that are in outputs.
    members: BTreeSet<PathBuf>,
}

impl Folder {
    fn new(
        folder: &Path,
        project: &Project,
        compiled: &mut Compiled,
    ) -> Result<Self, Vec<Problem>> {
        let real = folder.canonicalize().map_err(|error| disk::unreadable(folder, &error))?;
        let path = folder.join(discover::COMPOSER);
        let composer = if path.is_file() { Some(json(&path)?) } else { None };
        let named = composer.as_ref().and_then(|it| it.get("config")?.get("vendor-dir")?.text());
        let vendor = match &project.composer {
            Some(app) => app.vendor().to_owned(),
            None => disk::normal(&real.join(named.unwrap_or("vendor"))),
        };
        // The folder of an output may not be there yet.
        let shown = disk::normal(folder);
        let below = |path: &Path| {
            let place = disk::place_of(path);
            let below = place.strip_prefix(&real).or_else(|_| path.strip_prefix(&shown)).ok()?;
            Some(below.to_str()?.to_owned()).filter(|_| below.is_relative())
        };
        let mut outputs = Vec::new();
        for output in &compiled.outputs {
            outputs.push(below(&output.path).ok_or_else(|| elsewhere(folder, output))?);
        }
        let members = compiled.outputs.iter().flat_map(|it| &it.inputs);
        let members = members.filter_map(|input| input.path.canonicalize().ok()).collect();
        Ok(Self { shown: folder.to_owned(), real, composer, vendor, outputs, members })
    }

    fn has(&self, path: &str) -> bool {
        self.real.join(path).exists()
    }

    fn image(
        &self,
        args: &ImageArgs,
        project: &Project,
        compiled: &Compiled,
    ) -> Result<Image, Vec<Problem>> {
        let php = versions(project, compiled)?;
        let variants = match args.variant.as_slice() {
            [] => vec![Variant::Fpm],
            given => given.iter().map(|it| it.variant()).collect(),
        };
        let base = args.base.map_or(tilde_docker::Base::Debian, super::args::BaseName::base);
        if base == tilde_docker::Base::Alpine && variants.contains(&Variant::Apache) {
            let problem = Problem::error("T-DOCKER", "there is no image of Apache on Alpine");
            return Err(problem.help("leave out --base alpine, or take another --variant").into());
        }
        let left_out = self.left_out();
        let writable = self.writable(args);
        let options = compiled.outputs.first().map(|it| it.lexer).unwrap_or_default();
        let sources = self.sources(&left_out, options);
        let needs = self.needs(args, &variants, &sources, *php.last().expect("not empty"))?;
        Ok(Image {
            name: self.name(args),
            tilde: env!("CARGO_PKG_VERSION").to_owned(),
            command: args.command(),
            build: args.build(),
            php,
            base,
            composer: self.composer.as_ref().map(|_| self.has("composer.lock")),
            web_root: self.web_root(args)?,
            script: self.script(args, &variants)?,
            variants,
            writable,
            preload: self.preload(compiled),
            needs: needs.1,
            sizes: self.sizes(compiled, &sources, needs.0),
            left_out,
            outputs: self.outputs.clone(),
        })
    }

    fn name(&self, args: &ImageArgs) -> String {
        let of_composer = self.composer.as_ref().and_then(|it| it.get("name")?.text());
        let folder = self.real.file_name().and_then(OsStr::to_str);
        let name = args.name.as_deref().or(of_composer).or(folder).unwrap_or("app");
        let name = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
        let letter =
            |it: char| if it.is_ascii_alphanumeric() || "._-".contains(it) { it } else { '-' };
        let name: String = name.chars().map(letter).collect();
        let name = name.trim_matches(|it: char| !it.is_ascii_alphanumeric());
        if name.is_empty() { "app".to_owned() } else { name.to_owned() }
    }

    fn web_root(&self, args: &ImageArgs) -> Result<String, Problem> {
        if let Some(given) = &args.web_root {
            self.check(given, "--web-root")?;
            return Ok(plain(given));
        }
        let has_entry = |root: &&str| self.has(&format!("{root}/index.php"));
        Ok(WEB_ROOTS.into_iter().find(has_entry).unwrap_or_default().to_owned())
    }

    /// What an option names must be in the folder.
    fn check(&self, path: &str, option: &str) -> Result<(), Problem> {
        let normal = disk::normal(Path::new(path));
        let is_below = !normal.is_absolute() && !normal.starts_with("..");
        if is_below && self.has(path) {
            return Ok(());
        }
        let shown = self.shown.display();
        let message = format!("{option} {path}: there is no such thing in {shown}");
        Err(Problem::error("T-USAGE", message).help("name it from the folder of the project"))
    }

    /// The script that the first variant runs.
    fn script(&self, args: &ImageArgs, variants: &[Variant]) -> Result<String, Problem> {
        if let Some(given) = &args.script {
            self.check(given, "--script")?;
            return Ok(plain(given));
        }
        if !variants.iter().any(|it| it.has_script()) {
            let root = self.web_root(args)?;
            return Ok(if root.is_empty() {
                "index.php".into()
            } else {
                format!("{root}/index.php")
            });
        }
        let bin = self.composer.as_ref().and_then(|it| {
            let bin = it.get("bin")?;
            bin.text().or_else(|| bin.items().first()?.text())
        });
        let usual = SCRIPTS.iter().copied().filter(|it| self.has(it));
        let mut scripts = bin.into_iter().chain(usual);
        let missing = || {
            let problem = Problem::error("T-DOCKER", "no script to run is found");
            problem.help("name it: --script bin/app.php")
        };
        scripts.next().map(plain).ok_or_else(missing)
    }

    fn left_out(&self) -> Vec<String> {
        let is_dev = |folder: &&str| {
            let path = self.real.join(folder);
            path.is_dir() && !self.members.iter().any(|it| it.starts_with(&path))
        };
        let mut all: BTreeSet<String> =
            DEVELOPMENT.into_iter().filter(is_dev).map(str::to_owned).collect();
        let autoload = self.composer.as_ref().and_then(|it| it.get("autoload-dev")?.get("psr-4"));
        for (_, folder) in autoload.map_or(&[][..], Json::entries) {
            let Some(folder) = folder.text().map(plain) else { continue };
            if !folder.is_empty() && is_dev(&&*folder) {
                all.insert(folder);
            }
        }
        all.into_iter().collect()
    }

    fn writable(&self, args: &ImageArgs) -> Vec<String> {
        if !args.writable.is_empty() {
            return args.writable.iter().map(|it| plain(it)).collect();
        }
        let mut all = Vec::new();
        for folder in WRITABLE.into_iter().filter(|it| self.real.join(it).is_dir()) {
            let has_output = self.outputs.iter().any(|it| Path::new(it).starts_with(folder));
            if has_output {
                // An empty file system on top would hide it.
                all.extend(BESIDE_CACHES.map(|it| format!("{folder}/{it}")));
            } else if !all.iter().any(|it: &String| Path::new(folder).starts_with(it)) {
                all.push(folder.to_owned());
            }
        }
        all.sort();
        all
    }

    fn preload(&self, compiled: &Compiled) -> Option<String> {
        // One without a core says so.
        let is_empty =
            |output: &Output| output.bytes.whole().contains_str("there is no core to preload");
        let is_preload = |(output, path): &(&Output, &String)| {
            path.ends_with("/preload.php") && !is_empty(output)
        };
        let found = compiled.outputs.iter().zip(&self.outputs).find(is_preload);
        found.map(|(_, path)| path.clone())
    }

    /// The sources that come into the image, those of packages too.
    fn sources(&self, left_out: &[String], options: Options) -> Vec<Source> {
        let (progress, probes) = (Progress::new(Console::silent(), 0), Probes::default());
        let disk = Disk { root: &self.real, stdin: None, progress: &progress, probes: &probes };
        let mut outputs: BTreeSet<PathBuf> =
            self.outputs.iter().map(|it| self.real.join(it)).collect();
        outputs.insert(self.real.join(tilde_docker::HEALTHCHECK));
        let is_left_out = |path: &Path| {
            let below = path.strip_prefix(&self.real).unwrap_or(path);
            left_out.iter().any(|it| below.starts_with(it)) || outputs.contains(path)
        };
        let own = disk.php_files(&self.real, &self.vendor).into_iter();
        let mut paths: Vec<(PathBuf, Option<String>)> =
            own.filter(|it| !is_left_out(it)).map(|it| (it, None)).collect();
        for (name, folder) in self.packages() {
            let files = disk.php_files(&folder, Path::new(""));
            let is_test = |path: &PathBuf| {
                let below = path.strip_prefix(&folder).unwrap_or(path);
                below.components().any(|it| DEVELOPMENT.iter().any(|dev| it.as_os_str() == *dev))
            };
            let files = files.into_iter().filter(|it| !is_test(it));
            paths.extend(files.map(|it| (it, Some(name.clone()))));
        }
        let read = |(path, package): (PathBuf, Option<String>)| {
            let bytes = disk::read_regular(&path).ok()?.0;
            // What has a mistake is never run.
            let usage = usage(&bytes, options, &mut Arena::new()).unwrap_or_default();
            Some(Source { len: bytes.len() as u64, path, is_own: package.is_none(), usage })
        };
        paths.into_par_iter().filter_map(read).collect()
    }

    /// The packages that are not only for development, with their folders.
    fn packages(&self) -> Vec<(String, PathBuf)> {
        let folder = self.vendor.join("composer");
        let Ok(installed) = json(&folder.join("installed.json")) else { return Vec::new() };
        let names = installed.get("dev-package-names").map_or(&[][..], Json::items);
        let dev: Vec<&str> = names.iter().filter_map(Json::text).collect();
        let all = installed.get("packages").map_or(installed.items(), Json::items).iter();
        let package = |it: &Json| {
            let name = it.get("name")?.text()?;
            let path = disk::normal(&folder.join(it.get("install-path")?.text()?));
            (!dev.contains(&name)).then(|| (name.to_owned(), path))
        };
        all.filter_map(package).collect()
    }

    /// What composer.json and those of the packages say.
    fn gather_composer(&self, gathered: &mut Gathered) {
        let Some(composer) = &self.composer else { return };
        gathered.composer(composer, None);
        let lock = json(&self.real.join("composer.lock"));
        let installed = json(&self.vendor.join("composer/installed.json"));
        let Ok(list) = lock.or(installed) else { return };
        let dev = list.get("dev-package-names").map_or(&[][..], Json::items);
        let dev: Vec<&str> = dev.iter().filter_map(Json::text).collect();
        for package in list.get("packages").map_or(&[][..], Json::items) {
            let Some(name) = package.get("name").and_then(Json::text) else { continue };
            if !dev.contains(&name) {
                gathered.composer(package, Some(name));
            }
        }
    }

    /// The bytes of all strings, and the extensions.
    fn needs(
        &self,
        args: &ImageArgs,
        variants: &[Variant],
        sources: &[Source],
        php: Version,
    ) -> Result<(u64, Vec<Need>), Vec<Problem>> {
        let mut gathered = Gathered::default();
        self.gather_composer(&mut gathered);
        args.with.iter().for_each(|it| gathered.ask(it));
        if variants.contains(&Variant::Swoole) {
            gathered.ask("swoole");
        }
        for source in sources {
            let below = source.path.strip_prefix(&self.real).unwrap_or(&source.path);
            gathered.source(&below.display().to_string(), source.usage.clone(), source.is_own);
        }
        let strings = gathered.strings_len();
        let mut needs = gathered.needs();
        needs.retain(|need| !args.without.contains(&need.extension));
        let unknown = needs.iter().filter(|it| !it.is_optional);
        let unknown = unknown.filter(|it| recipe(&it.extension, php).is_none());
        let problems: Vec<Problem> = unknown.map(|need| self.unknown(need)).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        needs.retain(|need| recipe(&need.extension, php).is_some());
        Ok((strings, needs))
    }

    fn unknown(&self, need: &Need) -> Problem {
        let name = &need.extension;
        let reason = need.reasons.first().map(ToString::to_string).unwrap_or_default();
        let message = format!("how to install the extension `{name}` is not known ({reason})");
        let known: Vec<&str> = tilde_docker::known().collect();
        let help = match crate::config::nearest(name, &known) {
            Some(nearest) => format!("is it `{nearest}`?"),
            None => {
                format!("make an image of PHP with it for PHP_IMAGE, and give --without {name}")
            }
        };
        let place = matches!(need.reasons.first(), Some(Reason::Required(None)))
            .then(|| self.place(&format!("\"ext-{name}\"")))
            .flatten();
        Problem::error("T-DOCKER", message).at(place).help(help)
    }

    /// Where a text stands in composer.json.
    fn place(&self, text: &str) -> Option<Place> {
        let path = disk::normal(&self.shown.join(discover::COMPOSER));
        let bytes = disk::read_configuration(&path).ok()?;
        let start =
            bytes.windows(text.len()).position(|it| it.eq_ignore_ascii_case(text.as_bytes()))?;
        let excerpt = Excerpt::new(&bytes, start..start + text.len());
        Some(Place { path, excerpt, note: String::new() })
    }

    /// What OPcache will hold: the outputs, and the sources that are in none.
    fn sizes(&self, compiled: &Compiled, sources: &[Source], strings: u64) -> Sizes {
        let is_php = |output: &&Output| {
            !output.is_map && output.path.extension().is_some_and(|it| it == "php")
        };
        let outputs: Vec<&Output> = compiled.outputs.iter().filter(is_php).collect();
        let others: Vec<&Source> =
            sources.iter().filter(|it| !self.members.contains(&it.path)).collect();
        let len: usize = outputs.iter().map(|it| it.bytes.len()).sum();
        Sizes {
            files: (outputs.len() + others.len()) as u64,
            bytes: len as u64 + others.iter().map(|it| it.len).sum::<u64>(),
            strings,
        }
    }
}

/// A source that comes into the image.
struct Source {
    path: PathBuf,
    len: u64,
    /// Whether it is of the application itself, not of a package.
    is_own: bool,
    usage: Usage,
}

/// The PHPs that the outputs are for and that have images.
fn versions(project: &Project, compiled: &Compiled) -> Result<Vec<Version>, Problem> {
    let newest = compiled.outputs.iter().map(|it| it.lexer.version).max().unwrap_or_default();
    let targets = project.targets.iter().map(|it| it.recipe.oldest);
    let of_composer = project.composer.iter().map(crate::composer::App::oldest);
    let oldest = targets.chain(of_composer).max().unwrap_or(newest);
    let is_of = |it: &Version| (oldest..=newest).contains(it) && suite(*it).is_some();
    let all: Vec<Version> = Version::ALL.into_iter().filter(is_of).collect();
    // Those that get updates, if it runs on one.
    let current: Vec<Version> = all.iter().copied().filter(|it| *it >= Version::V8_2).collect();
    if !current.is_empty() {
        return Ok(current);
    }
    let last = all.last().copied().ok_or_else(|| {
        let message = format!("there is no image of PHP {newest} that extensions can be added to");
        Problem::error("T-DOCKER", message).help("the oldest is PHP 5.6: --php 5.6")
    })?;
    Ok(vec![last])
}

fn elsewhere(folder: &Path, output: &Output) -> Problem {
    let (path, folder) = (output.path.display(), folder.display());
    let message = format!("{path} is not in {folder}, which is what goes into the image");
    Problem::error("T-DOCKER", message).help("run it for the folder that all is in")
}

fn json(path: &Path) -> Result<Json, Problem> {
    let text = disk::read_configuration(path).map_err(|error| disk::unreadable(path, &error))?;
    Json::parse(&text).map_err(|error| {
        let end = (error.offset + 1).min(text.len());
        let excerpt = Excerpt::new(&text, error.offset.min(end)..end);
        let place = Place { path: path.to_owned(), excerpt, note: String::new() };
        let message = format!("cannot read {}: {}", path.display(), error.message);
        Problem::error("T-COMPOSER", message).at(place).help("correct the file")
    })
}

/// A path in the form that it has in the files.
fn plain(path: &str) -> String {
    disk::normal(Path::new(path)).display().to_string().trim_end_matches('/').to_owned()
}
