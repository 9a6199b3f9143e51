//! Which files go into an archive, and under which names.
//!
//! A link is followed as long as it stays below the folder that was named: what
//! is outside of it would be in the archive without anybody having asked for
//! it, so such a link is refused.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use walkdir::{DirEntry, WalkDir};

use super::args::CreateArgs;
use super::shown;
use crate::disk::{self, Identity};
use crate::inputs;
use crate::problem::Problem;
use crate::scope::Scope;

/// Version control is no part of an application.
const LEFT_OUT: [&[u8]; 3] = [b".git", b".hg", b".svn"];

/// The files by their names in the archive, in the order of their bytes. A
/// folder is there only if it is empty; its name ends with `/`.
pub(super) fn find(args: &CreateArgs) -> Result<BTreeMap<Vec<u8>, PathBuf>, Problem> {
    let inputs = inputs::list(&args.paths, &args.list, &mut Scope::default())?;
    let base = match (&args.base, inputs.paths.as_slice()) {
        (Some(base), _) => base,
        (None, [folder]) if folder.is_dir() => folder,
        (None, _) => Path::new("."),
    };
    let mut finder = Finder {
        base: canonical(base)?,
        excluded: globs(&args.exclude)?,
        output: fs::metadata(&args.output).ok().map(|metadata| Identity::of(&metadata)),
        output_name: args.output.file_name().map(OsStr::to_owned),
        found: BTreeMap::new(),
    };
    for path in &inputs.paths {
        if path.is_dir() { finder.walk(path)? } else { finder.add(path)? }
    }
    Ok(finder.found)
}

/// All files below a folder, or the one that it is, by their names from `base`.
pub(in crate::commands) fn below(
    base: &Path,
    path: &Path,
) -> Result<BTreeMap<Vec<u8>, PathBuf>, Problem> {
    let mut finder = Finder {
        base: canonical(base)?,
        excluded: GlobSet::empty(),
        output: None,
        output_name: None,
        found: BTreeMap::new(),
    };
    if path.is_dir() {
        finder.walk(path)?;
    } else {
        finder.add(path)?;
    }
    Ok(finder.found)
}

/// Patterns for names in an archive.
pub(super) fn globs(patterns: &[String]) -> Result<GlobSet, Problem> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let text = pattern.trim_end_matches('/');
        let text = if text.contains('/') { text.to_owned() } else { format!("**/{text}") };
        let glob = GlobBuilder::new(&text).literal_separator(true).backslash_escape(true).build();
        set.add(glob.map_err(|error| unusable(pattern, &error))?);
    }
    set.build().map_err(|error| unusable(&patterns.join(" "), &error))
}

fn unusable(pattern: &str, error: &globset::Error) -> Problem {
    let message = format!("cannot use the pattern `{pattern}`: {}", error.kind());
    Problem::error("T-PATTERN", message)
        .help("a backslash before `[`, `{`, `*` or `?` takes it literally")
}

fn canonical(path: &Path) -> Result<PathBuf, Problem> {
    fs::canonicalize(path).map_err(|error| disk::unreadable(path, &error))
}

struct Finder {
    base: PathBuf,
    excluded: GlobSet,
    output: Option<Identity>,
    output_name: Option<OsString>,
    found: BTreeMap<Vec<u8>, PathBuf>,
}

impl Finder {
    fn walk(&mut self, folder: &Path) -> Result<(), Problem> {
        let root = canonical(folder)?;
        let prefix = self.name(&root, folder)?;
        let mut walk = WalkDir::new(folder).min_depth(1).follow_links(true).into_iter();
        // The folder that came last, by its depth, as long as nothing in it has come.
        let mut last: Option<(usize, Vec<u8>, PathBuf)> = None;
        while let Some(entry) = walk.next() {
            let entry = entry.map_err(|error| unwalkable(&error, folder))?;
            if let Some((_, name, path)) = last.take().filter(|(depth, ..)| entry.depth() <= *depth)
            {
                self.found.insert(name, path);
            }
            let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let name = join(&prefix, below.as_os_str().as_bytes());
            let is_folder = entry.file_type().is_dir();
            // A pipe would be waited for, perhaps for ever.
            if self.is_left_out(&name, &entry) || !(is_folder || entry.file_type().is_file()) {
                if is_folder {
                    walk.skip_current_dir();
                }
                continue;
            }
            if entry.path_is_symlink() {
                stays_below(&root, &entry)?;
            }
            if is_folder {
                last = Some((entry.depth(), [&name[..], b"/"].concat(), entry.into_path()));
            } else {
                self.add_named(name, entry.path());
            }
        }
        self.found.extend(last.map(|(_, name, path)| (name, path)));
        Ok(())
    }

    fn is_left_out(&self, name: &[u8], entry: &DirEntry) -> bool {
        let own = entry.file_name().as_bytes();
        let is_folder = entry.file_type().is_dir();
        (is_folder && LEFT_OUT.contains(&own))
            || own.starts_with(disk::TEMPORARY_PREFIX.as_bytes())
            || self.excluded.is_match(Path::new(OsStr::from_bytes(name)))
    }

    fn add(&mut self, path: &Path) -> Result<(), Problem> {
        let folder = canonical(disk::folder_of(path))?;
        let name = self.name(&folder.join(path.file_name().unwrap_or_default()), path)?;
        if self.excluded.is_match(Path::new(OsStr::from_bytes(&name))) {
            return Ok(());
        }
        self.add_named(name, path);
        Ok(())
    }

    fn add_named(&mut self, name: Vec<u8>, path: &Path) {
        if !self.is_output(path) {
            self.found.insert(name, path.to_owned());
        }
    }

    /// An archive that is written again is no part of itself.
    fn is_output(&self, path: &Path) -> bool {
        let has_its_name = path.file_name() == self.output_name.as_deref();
        let is_same = |output| fs::metadata(path).is_ok_and(|file| Identity::of(&file) == output);
        has_its_name && self.output.is_some_and(is_same)
    }

    /// The name of an absolute path in the archive: where it is below the base.
    fn name(&self, absolute: &Path, given: &Path) -> Result<Vec<u8>, Problem> {
        let below = absolute.strip_prefix(&self.base).ok();
        let is_plain =
            |path: &&Path| path.components().all(|part| matches!(part, Component::Normal(_)));
        below.filter(is_plain).map(|below| below.as_os_str().as_bytes().to_vec()).ok_or_else(|| {
            let (given, base) = (given.display(), self.base.display());
            Problem::error(
                "T-PHAR",
                format!("cannot name {given} in the archive: it is not below {base}"),
            )
            .help("give --base, the folder that names are relative to")
        })
    }
}

fn join(prefix: &[u8], name: &[u8]) -> Vec<u8> {
    if prefix.is_empty() { name.to_vec() } else { [prefix, b"/", name].concat() }
}

fn stays_below(root: &Path, entry: &DirEntry) -> Result<(), Problem> {
    let target = canonical(entry.path())?;
    if target.starts_with(root) {
        return Ok(());
    }
    let (path, target) = (entry.path().display(), target.display());
    let message = format!("cannot take {path}: it is a link that leads out, to {target}");
    let name = shown(entry.file_name().as_bytes());
    Err(Problem::error("T-PHAR", message).help(format!("leave it out with --exclude {name}")))
}

fn unwalkable(error: &walkdir::Error, folder: &Path) -> Problem {
    let path = error.path().unwrap_or(folder);
    if let Some(ancestor) = error.loop_ancestor() {
        let message =
            format!("cannot follow {}: it leads back to {}", path.display(), ancestor.display());
        return Problem::error("T-LOOP", message).help("leave it out with --exclude");
    }
    let cause = error.io_error().map(std::io::Error::kind);
    disk::unreadable(path, &cause.unwrap_or(std::io::ErrorKind::Other).into())
}
