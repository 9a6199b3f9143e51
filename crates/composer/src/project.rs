//! What composer.json says and `composer install` has left.
//!
//! The generated maps of `vendor/composer` are what PHP uses, so they are what counts; they
//! are evaluated, not matched. composer.json and installed.json add what the maps do not
//! say: which of it is for development only, and what runs the project.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tilde_bundle::normal;
use tilde_eval::{Arena, Evaluator, Key, Sources, Target, Value, Version};
use tilde_module::Json;

use crate::finding::{Finding, Message};
use crate::loader::ClassLoader;

/// A project with its packages.
#[derive(Clone, Debug)]
pub struct Project {
    /// Its folder, as a real path.
    pub root: PathBuf,
    /// The folder of its packages.
    pub vendor: PathBuf,
    /// What says where classes are.
    maps: Maps,
    /// Whether Composer's autoloader comes before those that are registered already:
    /// `config.prepend-autoloader`.
    pub is_prepended: bool,
    /// What Composer's autoloader always runs, in its order.
    pub files: Vec<AutoloadFile>,
    /// What is installed, in the order of installed.json.
    pub packages: Vec<Package>,
    /// Folders and files that only development needs.
    pub dev: Vec<PathBuf>,
    /// The scripts that composer.json names as its commands.
    pub commands: Vec<PathBuf>,
    /// The constraints on PHP of the project and of what is installed; that of
    /// `config.platform` is the least.
    pub php: Vec<String>,
    /// Files and folders that are not to be compiled: `extra.tilde.exclude`.
    pub excluded: Vec<PathBuf>,
    /// Files and folders whose `include_once` of paths that only the running program knows
    /// means no file of a class: `extra.tilde.safe-includes`.
    pub safe_includes: Vec<PathBuf>,
    /// Files and folders to whose code it is the same which classes were loaded before, though
    /// it asks, or changes where they come from: `extra.tilde.safe-loading`.
    pub safe_loading: Vec<PathBuf>,
    /// What changes whenever Composer installs something else: a SHA-256 of composer.lock
    /// and installed.json, in hexadecimal.
    pub lock: String,
}

/// A file that Composer's autoloader always runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutoloadFile {
    /// By which Composer knows that it has run.
    pub id: String,
    /// Where it is.
    pub path: PathBuf,
}

/// An installed package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// `vendor/name`.
    pub name: String,
    /// Its folder, if it has one.
    pub path: Option<PathBuf>,
    /// The same without links: the folder of a path repository.
    pub real: Option<PathBuf>,
    /// Whether only development needs it.
    pub is_dev: bool,
}

impl Project {
    /// Reads the project in a folder, which is a real path.
    ///
    /// # Errors
    ///
    /// A file that is missing or cannot be understood, with its place.
    pub fn read(sources: &dyn Sources, root: &Path) -> Result<Self, Finding> {
        let path = root.join("composer.json");
        let correct = "correct the file";
        let composer = parsed(&path, &read(sources, &path, correct)?, correct)?;
        let config = |key| composer.get("config")?.get(key)?.text();
        let vendor = normal(&root.join(config("vendor-dir").unwrap_or("vendor")));
        let folder = vendor.join("composer");
        let again = "run `composer install`, which writes it";
        let installed_path = folder.join("installed.json");
        let installed_text = read(sources, &installed_path, again)?;
        let installed = parsed(&installed_path, &installed_text, again)?;
        let packages = packages(sources, &installed, &folder);
        let real = read(sources, &folder.join("autoload_real.php"), again)?;
        let maps = Maps::read(sources, &folder, real)?;
        let files_path = folder.join("autoload_files.php");
        let files = if sources.is_file(&files_path) {
            autoload_files(&files_path, &read(sources, &files_path, again)?)?
        } else {
            Vec::new()
        };
        let extra = |key| texts(composer.get("extra").and_then(|it| it.get("tilde")?.get(key)));
        let paths = |key| extra(key).map(|it| normal(&root.join(it))).collect();
        let lock = sources.read(&root.join("composer.lock")).unwrap_or_default();
        Ok(Self {
            root: root.to_owned(),
            dev: dev(&composer, root, &packages),
            commands: texts(composer.get("bin")).map(|it| normal(&root.join(it))).collect(),
            php: php(&composer, &installed),
            excluded: paths("exclude"),
            safe_includes: paths("safe-includes"),
            safe_loading: paths("safe-loading"),
            lock: hash(&[&lock, &installed_text]),
            is_prepended: !maps.is_real_with(b"->register(false)"),
            vendor,
            maps,
            files,
            packages,
        })
    }

    /// Where classes are, as PHP would work it out: for a large project that takes a while.
    ///
    /// # Errors
    ///
    /// A map that is not as Composer writes it.
    pub fn loader(&self) -> Result<ClassLoader, Finding> {
        self.maps.loader()
    }

    /// Whether only development needs a file; the path is one of the maps.
    #[must_use]
    pub fn is_dev(&self, path: &Path) -> bool {
        self.dev.iter().any(|folder| path.starts_with(folder))
    }

    /// Whether what only the running program knows of includes in a file is known to be safe.
    pub(crate) fn is_safe(&self, path: &Path) -> bool {
        self.safe_includes.iter().any(|folder| path.starts_with(folder))
    }

    /// Whether it is known to be the same to a file which classes were loaded before.
    pub(crate) fn is_safe_loading(&self, path: &Path) -> bool {
        self.safe_loading.iter().any(|folder| path.starts_with(folder))
    }

    /// Which of the packages a path is of; none for the project itself.
    pub(crate) fn owner(&self, path: &Path) -> Option<usize> {
        let packages = self.packages.iter().enumerate();
        let folders = packages.flat_map(|(index, package)| {
            let folders = package.path.iter().chain(&package.real);
            folders.map(move |folder| (index, folder))
        });
        let around = folders.filter(|(_, folder)| path.starts_with(folder));
        around.max_by_key(|(_, folder)| folder.components().count()).map(|(index, _)| index)
    }

    /// A path as a person in the project's folder writes it.
    #[must_use]
    pub fn shown<'p>(&self, path: &'p Path) -> &'p Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}

fn hash(texts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    hex(&hash.finalize())
}

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // A `String` takes all that is written to it.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn read(sources: &dyn Sources, path: &Path, help: &str) -> Result<Vec<u8>, Finding> {
    sources.read(path).map_err(|error| {
        let message = match error.kind() {
            std::io::ErrorKind::NotFound => Message::from("there is no ").path(path),
            _ => unreadable(path, error.to_string()),
        };
        Finding::error(message, help)
    })
}

fn unreadable(path: &Path, reason: String) -> Message {
    Message::from("cannot read ").path(path).words(": ").words(reason)
}

fn parsed(path: &Path, text: &[u8], help: &str) -> Result<Json, Finding> {
    Json::parse(text).map_err(|error| {
        let end = (error.offset + 1).min(text.len());
        let place = error.offset..end;
        Finding::error(unreadable(path, error.message), help).at(path, place)
    })
}

/// What a file of Composer's returns.
fn returned(path: &Path, code: &[u8]) -> Result<Vec<(Vec<u8>, Value)>, Finding> {
    let (arena, target) = (Arena::new(), Target::new(Version::LATEST));
    let wrong = |reason: String| {
        let message = unreadable(path, reason);
        Finding::error(message, "run `composer dump-autoload`, which writes it again")
    };
    let value = Evaluator::new(&arena, &Nothing, &target).run(path, code);
    let value = value.map_err(|_| wrong("it is not as Composer writes it".to_owned()))?;
    let array = value.as_array().ok_or_else(|| wrong("it returns no array".to_owned()))?;
    let key = |key: &Key| match key {
        Key::Int(number) => number.to_string().into_bytes(),
        Key::String(bytes) => bytes.to_vec(),
    };
    Ok(array.iter().map(|(name, value)| (key(&name), value.clone())).collect())
}

/// The maps include nothing.
struct Nothing;

impl Sources for Nothing {
    fn read(&self, _path: &Path) -> std::io::Result<Vec<u8>> {
        Err(std::io::ErrorKind::NotFound.into())
    }

    fn is_file(&self, _path: &Path) -> bool {
        false
    }

    fn is_dir(&self, _path: &Path) -> bool {
        false
    }

    fn realpath(&self, _path: &Path) -> Option<PathBuf> {
        None
    }
}

fn path_of(value: &Value) -> Option<PathBuf> {
    Some(normal(Path::new(OsStr::from_bytes(value.as_bytes()?))))
}

/// The files that Composer's autoloader always runs, in its order: what its
/// `autoload_files.php`, which is at `path`, returns.
///
/// # Errors
///
/// If the code is not as Composer writes it.
pub fn autoload_files(path: &Path, code: &[u8]) -> Result<Vec<AutoloadFile>, Finding> {
    let files = returned(path, code)?.into_iter();
    let file = |(id, value): (Vec<u8>, Value)| {
        let id = String::from_utf8(id).ok()?;
        Some(AutoloadFile { id, path: path_of(&value)? })
    };
    Ok(files.filter_map(file).collect())
}

/// The code of Composer's maps, and of what uses them.
#[derive(Clone, Debug)]
struct Maps {
    /// `autoload_real.php`
    real: Vec<u8>,
    class_map: Code,
    psr4: Code,
    psr0: Code,
}

/// A file with its code.
#[derive(Clone, Debug)]
struct Code {
    path: PathBuf,
    text: Vec<u8>,
}

impl Maps {
    fn read(sources: &dyn Sources, folder: &Path, real: Vec<u8>) -> Result<Self, Finding> {
        let again = "run `composer dump-autoload`, which writes it";
        let code = |name| {
            let path = folder.join(name);
            let text = read(sources, &path, again)?;
            Ok(Code { path, text })
        };
        Ok(Self {
            real,
            class_map: code("autoload_classmap.php")?,
            psr4: code("autoload_psr4.php")?,
            psr0: code("autoload_namespaces.php")?,
        })
    }

    fn is_real_with(&self, call: &[u8]) -> bool {
        memchr::memmem::find(&self.real, call).is_some()
    }

    fn loader(&self) -> Result<ClassLoader, Finding> {
        let table = |code: &Code| returned(&code.path, &code.text);
        let folders = |(prefix, value): (Vec<u8>, Value)| {
            let folders = value.as_array().map(|it| it.iter().filter_map(|(_, it)| path_of(it)));
            (prefix, folders.map(Iterator::collect).unwrap_or_default())
        };
        let of_class = |(class, value): (Vec<u8>, Value)| Some((class, path_of(&value)?));
        let class_map = table(&self.class_map)?.into_iter();
        Ok(ClassLoader {
            class_map: class_map.filter_map(of_class).collect::<BTreeMap<_, _>>(),
            psr4: table(&self.psr4)?.into_iter().map(folders).collect(),
            psr0: table(&self.psr0)?.into_iter().map(folders).collect(),
            is_authoritative: self.is_real_with(b"setClassMapAuthoritative(true)"),
        })
    }
}

/// Composer 1 writes a list of packages, later ones an object with it.
fn installed_packages(installed: &Json) -> &[Json] {
    installed.get("packages").map_or(installed.items(), Json::items)
}

fn packages(sources: &dyn Sources, installed: &Json, folder: &Path) -> Vec<Package> {
    let dev: Vec<&str> = texts(installed.get("dev-package-names")).collect();
    let package = |it: &Json| {
        let text = |key| it.get(key).and_then(Json::text);
        let name = text("name")?.to_owned();
        let path = text("install-path").map(|path| normal(&folder.join(path)));
        let real = path.as_deref().and_then(|path| sources.realpath(path));
        Some(Package { is_dev: dev.contains(&&*name), path, real, name })
    };
    installed_packages(installed).iter().filter_map(package).collect()
}

fn php(composer: &Json, installed: &Json) -> Vec<String> {
    let of = |package: &Json| Some(package.get("require")?.get("php")?.text()?.to_owned());
    let mut all: Vec<String> =
        [composer].into_iter().chain(installed_packages(installed)).filter_map(of).collect();
    // The packages were chosen to run on this one.
    let platform = composer.get("config").and_then(|it| it.get("platform")?.get("php")?.text());
    all.extend(platform.map(|version| format!(">={version}")));
    all.sort();
    all.dedup();
    all
}

/// A string, or the strings of a list.
fn texts(json: Option<&Json>) -> impl Iterator<Item = &str> {
    let own = json.and_then(Json::text);
    own.into_iter().chain(json.map_or(&[][..], Json::items).iter().filter_map(Json::text))
}

/// What `autoload-dev` and the packages for development have.
fn dev(composer: &Json, root: &Path, packages: &[Package]) -> Vec<PathBuf> {
    let autoload = composer.get("autoload-dev");
    let tables = ["psr-4", "psr-0"].into_iter().filter_map(|key| autoload?.get(key));
    let of_tables = tables.flat_map(Json::entries).flat_map(|(_, it)| texts(Some(it)));
    let lists = ["classmap", "files"].into_iter().filter_map(|key| autoload?.get(key));
    let of_lists = lists.flat_map(|list| texts(Some(list)));
    let own = of_tables.chain(of_lists).map(|path| normal(&root.join(path)));
    let packages = packages.iter().filter(|it| it.is_dev).filter_map(|it| it.path.clone());
    // A folder for all of the project would be all of it.
    own.filter(|path| path != root).chain(packages).collect()
}
