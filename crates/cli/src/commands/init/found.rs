//! What a folder holds, for a first configuration of it.
//!
//! A web root is one if its entry script leads to a release of ThinkPHP, which only running
//! it in the evaluator tells; a file called index.php alone says nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::args::{ProjectArgs, ThinkPhpArgs};
use crate::config::Target;
use crate::discover::{self, COMPOSER};
use crate::disk;
use crate::glob;
use crate::problem::Problem;
use crate::scope::Scope;
use crate::thinkphp;

/// Where web roots are, below the folder of a project.
const WEB_ROOTS: [&str; 6] = [".", "public", "www", "web", "htdocs", "public_html"];

/// Folders whose files are no code of the project.
const OTHERS: [&str; 6] = ["vendor", "node_modules", "tests", "test", "dist", "build"];

pub(super) enum Found {
    ThinkPhp {
        /// Relative to the folder of the configuration.
        root: PathBuf,
        release: &'static str,
        /// The newest PHP that runs it.
        php: String,
    },
    Bundle(Bundle),
}

/// Paths are relative to the folder of the configuration.
pub(super) struct Bundle {
    /// What it was made of, for people.
    pub(super) origin: String,
    pub(super) files: Vec<PathBuf>,
    pub(super) on_demand: Vec<PathBuf>,
    pub(super) excluded: Vec<PathBuf>,
    pub(super) output: PathBuf,
    /// Whether composer.json says which PHP runs it.
    pub(super) has_php: bool,
}

impl Found {
    pub(super) fn in_folder(folder: &Path) -> Result<Self, Problem> {
        if let Some(found) = WEB_ROOTS.iter().find_map(|root| web_root(folder, root)) {
            return Ok(found);
        }
        let bundle = composed(folder, &folder.join(COMPOSER))?;
        bundle.map_or_else(|| plain(folder), Ok).map(Self::Bundle)
    }

    /// Files below the current folder, in their order.
    pub(super) fn files(paths: &[PathBuf]) -> Result<Self, Problem> {
        let files: Vec<PathBuf> = paths.iter().map(|path| disk::normal(path)).collect();
        if let Some(path) = files.iter().find(|it| it.is_absolute() || it.starts_with("..")) {
            let message = format!("{} is not below the folder of tilde.toml", path.display());
            let help = "run init in a folder that is above all files";
            return Err(Problem::error("T-USAGE", message).help(help));
        }
        Ok(Self::Bundle(Bundle {
            origin: if files.len() == 1 { "a file".into() } else { "a list of files".into() },
            files,
            on_demand: Vec::new(),
            excluded: Vec::new(),
            output: free_output(Path::new("."), "all"),
            has_php: false,
        }))
    }
}

fn web_root(folder: &Path, root: &str) -> Option<Found> {
    let path = disk::normal(&folder.join(root));
    if !path.join("index.php").is_file() {
        return None;
    }
    let thinkphp = ThinkPhpArgs { root: Some(path), ..ThinkPhpArgs::default() };
    let args = ProjectArgs { thinkphp, ..ProjectArgs::default() };
    let scope = &mut Scope::ignored();
    let php = discover::choose(&args.php, &Target::default(), folder, scope).ok()?;
    let applications = thinkphp::plan_all(&args, None, php, scope).ok()?;
    let (release, php) = applications.first()?.release()?;
    let php = php.as_str().to_owned();
    Some(Found::ThinkPhp { root: root.into(), release, php })
}

/// What `autoload` of a composer.json names; none if that is nothing, or no such file.
fn composed(folder: &Path, composer: &Path) -> Result<Option<Bundle>, Problem> {
    if !composer.is_file() {
        return Ok(None);
    }
    let text =
        disk::read_configuration(composer).map_err(|error| disk::unreadable(composer, &error))?;
    let Ok(json) = serde_json::from_slice::<Json>(&text) else {
        let message = format!("cannot read {}: it is no valid JSON", composer.display());
        return Err(Problem::error("T-COMPOSER", message).help("mend it"));
    };
    let of = |key: &str| named(&json["autoload"][key]);
    let files: Vec<PathBuf> = of("files").into_iter().map(PathBuf::from).collect();
    let mut on_demand = BTreeSet::new();
    for name in ["psr-4", "psr-0", "classmap"].into_iter().flat_map(of) {
        let path = disk::normal(Path::new(&name));
        if path == Path::new(".") || path.as_os_str().is_empty() {
            on_demand.extend(entries(folder)?);
        } else if has_php_files(&folder.join(&path)) {
            on_demand.insert(path);
        }
    }
    if files.is_empty() && on_demand.is_empty() {
        return Ok(None);
    }
    let is_inside = |path: &PathBuf| !path.is_absolute() && !path.starts_with("..");
    let excluded = of("exclude-from-classmap").into_iter().map(|it| it.trim_matches('/').into());
    let excluded = excluded.filter(|path: &PathBuf| folder.join(path).exists());
    let name = json["name"].as_str().and_then(|name| name.rsplit('/').next()).unwrap_or("all");
    // Folders within others would name files twice.
    let on_demand: Vec<PathBuf> = on_demand.into_iter().filter(is_inside).collect();
    let is_within =
        |path: &PathBuf| on_demand.iter().any(|other| other != path && path.starts_with(other));
    Ok(Some(Bundle {
        origin: "what composer.json loads".into(),
        files: files.into_iter().filter(is_inside).collect(),
        on_demand: on_demand.iter().filter(|it| !is_within(it)).cloned().collect(),
        excluded: excluded.collect(),
        output: free_output(folder, name),
        has_php: json.pointer("/require/php").is_some(),
    }))
}

/// All strings of a value: `"src/"`, `["a", "b"]`, `{ "App\\": ["src", "lib"] }`.
fn named(value: &Json) -> Vec<String> {
    match value {
        Json::String(text) => vec![text.clone()],
        Json::Array(values) => values.iter().flat_map(named).collect(),
        Json::Object(values) => values.values().flat_map(named).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) => Vec::new(),
    }
}

/// A folder with PHP files and without a word about them.
fn plain(folder: &Path) -> Result<Bundle, Problem> {
    let files = entries(folder)?;
    if files.is_empty() {
        let message = format!("there is no PHP file in {}", folder.display());
        let help = "name the folder of the project: tilde init shop/";
        return Err(Problem::error("T-NOMATCH", message).help(help));
    }
    Ok(Bundle {
        origin: "the PHP files of this folder".into(),
        files,
        on_demand: Vec::new(),
        excluded: Vec::new(),
        output: free_output(folder, "all"),
        has_php: folder.join(COMPOSER).is_file(),
    })
}

/// The folders of a project that have PHP files, and `*.php` for those beside them.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let unreadable = |error| disk::unreadable(folder, &error);
    let (mut folders, mut has_files) = (BTreeSet::new(), false);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let name = PathBuf::from(entry.map_err(unreadable)?.file_name());
        let path = folder.join(&name);
        let is_hidden = name.as_os_str().as_encoded_bytes().starts_with(b".");
        if is_hidden || OTHERS.iter().any(|other| name == Path::new(other)) {
            continue;
        }
        if path.is_dir() && has_php_files(&path) {
            folders.insert(name);
        } else if path.is_file() && path.extension().is_some_and(|end| end == "php") {
            has_files = true;
        }
    }
    Ok(folders.into_iter().chain(has_files.then(|| "*.php".into())).collect())
}

fn has_php_files(path: &Path) -> bool {
    path.is_file() || glob::php_files(path).is_ok()
}

/// A name below `dist` that no file has.
fn free_output(folder: &Path, name: &str) -> PathBuf {
    let numbers =
        (1..).map(|number| if number == 1 { String::new() } else { format!("-{number}") });
    let mut names = numbers.map(|number| PathBuf::from(format!("dist/{name}{number}.php")));
    names.find(|it| !folder.join(it).exists()).expect("there are more numbers than files")
}
