//! Finding `tilde.toml` and `composer.json`, and the PHP version by them.
//!
//! Both are looked for in a folder and then in those above it, where only a file
//! of the same user counts. `tilde strip` and `tilde tokens` look too, so that
//! they agree with the builds of the project that they are run in.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use tilde_lexer::{Options, Version};

use crate::args::{PhpArgs, Switch};
use crate::composer;
use crate::config::{Config, Target};
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
    let owner = fs::metadata(&folder).ok()?.uid();
    let users = [rustix::process::geteuid().as_raw(), owner];
    let above = folder.ancestors().skip(1).map(|above| above.join(name));
    let found = above.into_iter().find(|path| is_trusted(path, users))?;
    Some(shown(&found))
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

/// Reads and checks a configuration file.
pub(crate) fn read_config(path: &Path, scope: &mut Scope) -> Result<Config, Vec<Problem>> {
    scope.file(path);
    let text =
        disk::read_configuration(path).map_err(|error| vec![disk::unreadable(path, &error)])?;
    Config::parse(path, text)
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
            let config = read_config(&path, scope)?;
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
        let options = Options { short_tags, ..Options::new(newest) };
        Self { options, oldest, is_default: versions.is_none() }
    }

    /// As the oldest PHP reads it.
    pub(crate) fn oldest(self) -> Options {
        Options { version: self.oldest, ..self.options }
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
