//! Finding `tilde.toml` and `composer.json`, and the PHP version by them.
//!
//! Both are looked for in a folder and then in those above it, where only a file
//! of the same user counts. `tilde strip` and `tilde tokens` look too, so that
//! they agree with the builds of the project that they are run in.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use bumpalo::Bump;
use tilde_lexer::{Options, Version};

use crate::args::{PhpArgs, Switch};
use crate::composer;
use crate::config::{Config, Layer, Layers, Target};
use crate::disk;
use crate::problem::Problem;
use crate::scope::Scope;
use crate::versions::Versions;

pub(crate) const CONFIG: &str = "tilde.toml";
pub(crate) const COMPOSER: &str = "composer.json";

/// The file of this name in `folder` or the nearest folder above, as a path
/// that a person in the current folder would write.
pub(crate) fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let here = folder.join(name);
    if here.is_file() {
        return Some(disk::normal(&here));
    }
    let folder = folder.canonicalize().ok()?;
    let users = users(&folder)?;
    let above = folder.ancestors().skip(1).map(|above| above.join(name));
    let found = above.into_iter().find(|path| is_trusted(path, users))?;
    Some(shown(&found))
}

/// The user of this process, and the owner of a folder.
fn users(folder: &Path) -> Option<[u32; 2]> {
    let owner = fs::metadata(folder_or_dot(folder)).ok()?.uid();
    Some([rustix::process::geteuid().as_raw(), owner])
}

/// Whether it is a file of one of these users. Anyone may write to `/tmp`, and
/// what stands there decides nothing for those who work below it.
fn is_trusted(path: &Path, users: [u32; 2]) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && users.contains(&file.uid()))
}

/// An absolute path as it is written in the current folder, if that is below
/// or above it.
fn shown(path: &Path) -> PathBuf {
    let Ok(current) = env::current_dir().and_then(|folder| folder.canonicalize()) else {
        return path.to_owned();
    };
    for (up, above) in current.ancestors().enumerate() {
        // Nobody writes a path by way of the root.
        if above.parent().is_none() {
            break;
        }
        if let Ok(below) = path.strip_prefix(above) {
            return std::iter::repeat_n(Path::new(".."), up).collect::<PathBuf>().join(below);
        }
    }
    path.to_owned()
}

/// Reads and checks a configuration: the file at `path` on top of those that it extends,
/// and on top of it that of the environment, if one is chosen.
pub(crate) fn read_config(
    path: &Path,
    environment: Option<&str>,
    scope: &mut Scope,
) -> Result<Config, Vec<Problem>> {
    let texts = Bump::new();
    Config::of(&read_layers(path, environment, scope, &texts)?)
}

/// Reads the files of a configuration, whose texts are put into `texts`.
pub(crate) fn read_layers<'t>(
    path: &Path,
    environment: Option<&str>,
    scope: &mut Scope,
    texts: &'t Bump,
) -> Result<Layers<'t>, Vec<Problem>> {
    let mut reader = LayerReader {
        scope,
        texts,
        layers: Layers::default(),
        open: Vec::new(),
        known: Vec::new(),
    };
    reader.read(path)?;
    if let Some(environment) = environment {
        let upper = file_of(path, environment);
        if !upper.is_file() {
            reader.scope.file(&upper);
            return Err(vec![no_environment(&upper, environment)]);
        }
        reader.check(path, &upper)?;
        reader.read(&upper)?;
    }
    Ok(reader.layers)
}

/// The most files that a configuration may have.
const MAX_LAYERS: usize = 100;

/// Reads files on top of each other.
struct LayerReader<'s, 't> {
    scope: &'s mut Scope,
    texts: &'t Bump,
    layers: Layers<'t>,
    /// Those that are being read, by their real paths: each extends the next one.
    open: Vec<PathBuf>,
    /// Those that have been read.
    known: Vec<PathBuf>,
}

impl LayerReader<'_, '_> {
    fn read(&mut self, path: &Path) -> Result<(), Vec<Problem>> {
        self.scope.file(path);
        let text = disk::read_configuration(path);
        let text = text.map_err(|error| vec![disk::unreadable(path, &error)])?;
        let layer = Layer::parse(path, self.texts.alloc_slice_copy(&text))?;
        self.open.push(real(path));
        for extended in layer.extends()? {
            let below = disk::normal(&disk::folder_of(path).join(&extended.text));
            let at = |problem: Problem| vec![problem.at(layer.place(extended.span.clone()))];
            self.check(path, &below).map_err(at)?;
            // What two files extend is below both.
            if !self.known.contains(&real(&below)) {
                self.read(&below)?;
            }
        }
        self.known.extend(self.open.pop());
        self.layers.push(layer);
        Ok(())
    }

    /// Whether the file at `path` may be joined with this one.
    fn check(&mut self, path: &Path, other: &Path) -> Result<(), Problem> {
        self.scope.file(other);
        if let Err(error) = fs::metadata(other) {
            return Err(disk::unreadable(other, &error));
        }
        if !is_trusted(other, users(disk::folder_of(path)).unwrap_or_default()) {
            let message = format!("cannot use {}: it is no file of yours", other.display());
            let help = "it must belong to you, or to the owner of the folder of tilde.toml";
            return Err(Problem::error("T-CONFIG", message).help(help));
        }
        if self.open.contains(&real(other)) {
            let message = format!("{} extends itself", other.display());
            return Err(Problem::error("T-CONFIG", message).help("take one `extends` out"));
        }
        if self.known.len() + self.open.len() >= MAX_LAYERS {
            let message = format!("a configuration of more than {MAX_LAYERS} files");
            return Err(Problem::error("T-CONFIG", message).help("join some of them"));
        }
        Ok(())
    }
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// `tilde.production.toml` for the environment `production` of `tilde.toml`.
fn file_of(config: &Path, environment: &str) -> PathBuf {
    let mut name = config.file_stem().unwrap_or_default().to_owned();
    name.push(".");
    name.push(environment);
    name.push(".toml");
    config.with_file_name(name)
}

/// The environments that a configuration has: what its files have between the dots.
fn environments(config: &Path) -> Vec<String> {
    let stem = config.file_stem().unwrap_or_default().as_bytes();
    let entries = fs::read_dir(folder_or_dot(disk::folder_of(config))).into_iter().flatten();
    let name = |entry: std::io::Result<fs::DirEntry>| {
        let name = entry.ok()?.file_name();
        let name =
            name.as_bytes().strip_prefix(stem)?.strip_prefix(b".")?.strip_suffix(b".toml")?;
        str::from_utf8(name).ok().map(str::to_owned)
    };
    let mut names: Vec<String> = entries.filter_map(name).collect();
    names.sort();
    names
}

fn no_environment(path: &Path, environment: &str) -> Problem {
    let message = format!("there is no environment `{environment}`: no {}", path.display());
    let base = path.with_extension("").with_extension("toml");
    let names = environments(&base);
    Problem::error("T-CONFIG", message).help(match names.as_slice() {
        [] => format!("write {}; what it says goes before {}", path.display(), base.display()),
        names => format!("--env or TILDE_ENV is one of: {}", names.join(", ")),
    })
}

/// How PHP reads the code, for files that belong to no configured bundle: as
/// the arguments say, else as the project around the current folder says.
pub(crate) fn choose_here(php: &PhpArgs, scope: &mut Scope) -> Result<Choice, Vec<Problem>> {
    let folder = Path::new("");
    if let (Some(versions), Some(short_tags)) = (php.php, php.short_tags) {
        return Ok(Choice::new(Some(versions), short_tags.is_on()));
    }
    match find(folder_or_dot(folder), CONFIG) {
        Some(path) => {
            let config = read_config(&path, php.environment(), scope)?;
            choose(php, &config.target, disk::folder_of(&path), scope)
        }
        None => choose(php, &Target::default(), folder, scope),
    }
}

/// How PHP reads the code of a project, and who says so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice {
    /// As the newest PHP that runs it reads it.
    pub(crate) options: Options,
    /// The oldest that does.
    pub(crate) oldest: Version,
    /// Nothing names a version: it is the newest.
    pub(crate) is_default: bool,
}

impl Choice {
    fn new(versions: Option<Versions>, short_tags: bool) -> Self {
        let Versions { oldest, newest } = versions.unwrap_or(Versions::one(Version::LATEST));
        let options = Options::new(newest).with_short_tags(short_tags);
        Self { options, oldest, is_default: versions.is_none() }
    }

    /// As the oldest PHP reads it.
    pub(crate) fn oldest(self) -> Options {
        self.options.with_version(self.oldest)
    }
}

/// How PHP reads the code of a project in this folder: as the arguments say,
/// else its configuration, else its composer.json, else as the newest PHP.
pub(crate) fn choose(
    php: &PhpArgs,
    target: &Target,
    folder: &Path,
    scope: &mut Scope,
) -> Result<Choice, Vec<Problem>> {
    let named = match php.php.or(target.php) {
        Some(versions) => Some(versions),
        None => composer_versions(folder, scope)?,
    };
    let short_tags = php.short_tags.map(Switch::is_on).or(target.short_tags);
    let mut choice = Choice::new(named, short_tags.unwrap_or(false));
    choice.options.int_size = target.int_size.unwrap_or_default();
    Ok(choice)
}

/// The versions that the composer.json around a folder allows, if it says so.
fn composer_versions(folder: &Path, scope: &mut Scope) -> Result<Option<Versions>, Vec<Problem>> {
    let Some(path) = find(folder_or_dot(folder), COMPOSER) else {
        scope.file(&folder.join(COMPOSER));
        return Ok(None);
    };
    scope.file(&path);
    match disk::read_configuration(&path) {
        Ok(text) => Ok(composer::required_php(&path, &text)?),
        // It went away just now.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(vec![disk::unreadable(&path, &error)]),
    }
}

fn folder_or_dot(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}
