//! Patterns such as `Lib/**/*.class.php`, and the files that they match.
//!
//! `*` and `?` stay within one name, `**` goes through folders, `[ab]` and
//! `{a,b}` choose. Names that begin with a dot match only where the pattern
//! spells the dot, as in a shell, so that editors' swap files and `.git` are
//! never bundled.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet};
use walkdir::{DirEntry, WalkDir};

use crate::disk;
use crate::problem::Problem;
use crate::scope::Scope;

/// The most bytes of a pattern, as many as a path has on Linux.
const MAX_LEN: usize = 4096;

/// A pattern, relative to the folder of the configuration.
#[derive(Clone)]
pub(crate) struct Pattern {
    text: String,
    /// The leading folders without wildcards, where the walk starts.
    base: PathBuf,
    /// A set of one: unlike a matcher, it can say that it is too large.
    matcher: GlobSet,
    /// How deep below `base` a match can be.
    depth: usize,
    takes_hidden: bool,
}

impl Pattern {
    /// Whether the text is a pattern at all, and not simply a name.
    pub(crate) fn is_pattern(text: &str) -> bool {
        text.contains(['*', '?', '[', '{'])
    }

    /// Reads a pattern. The error says what is wrong with it.
    pub(crate) fn new(text: &str) -> Result<Self, Problem> {
        if text.len() > MAX_LEN {
            let start: String = text.chars().take(60).collect();
            let message = format!(
                "cannot use the pattern `{start}…`: it has {} bytes, and the limit is {MAX_LEN}",
                text.len()
            );
            return Err(Problem::error("T-PATTERN", message).help("write several patterns"));
        }
        let is_base = |part: &&str| !Self::is_pattern(part) && !part.contains(['}', '\\']);
        let parts: Vec<&str> = text.split('/').collect();
        // A name at the end is no folder: `{a,b}/x` begins at the top.
        let base_len = parts[..parts.len() - 1].iter().take_while(|part| is_base(part)).count();
        let (base, rest) = parts.split_at(base_len);
        let base = if text.starts_with('/') {
            format!("/{}", base[1..].join("/"))
        } else {
            base.join("/")
        };
        let rest_text = rest.join("/");
        let glob =
            GlobBuilder::new(&rest_text).literal_separator(true).backslash_escape(true).build();
        let set = glob.and_then(|glob| GlobSet::builder().add(glob).build());
        let matcher = set.map_err(|error| {
            let message = format!("cannot use the pattern `{text}`: {}", error.kind());
            Problem::error("T-PATTERN", message)
                .help("a backslash before `[`, `{`, `*` or `?` takes it literally")
        })?;
        let is_deep = rest_text.contains("**") || rest_text.contains('{');
        Ok(Self {
            text: text.to_owned(),
            base: disk::normal(Path::new(&base)),
            matcher,
            depth: if is_deep { usize::MAX } else { rest.len() },
            takes_hidden: rest.iter().any(|part| part.starts_with('.')),
        })
    }

    /// The text of a pattern for the PHP files below a folder.
    pub(crate) fn php_files(folder: &str) -> String {
        let mut text = String::new();
        for letter in folder.trim_end_matches('/').chars() {
            if "*?[]{}\\".contains(letter) {
                text.push('\\');
            }
            text.push(letter);
        }
        match text.as_str() {
            "." | "" => "**/*.php".to_owned(),
            folder => format!("{folder}/**/*.php"),
        }
    }

    /// Whether a path that is relative to the same folder matches.
    pub(crate) fn is_match(&self, path: &Path) -> bool {
        path.strip_prefix(&self.base).is_ok_and(|below| self.matcher.is_match(below))
    }

    /// The files that match, relative to `root` and sorted by bytes. Notes the
    /// folders that were looked into in `scope`.
    pub(crate) fn expand(&self, root: &Path, scope: &mut Scope) -> Result<Vec<PathBuf>, Problem> {
        let base = root.join(&self.base);
        let start = if base.as_os_str().is_empty() { Path::new(".") } else { &base };
        scope.folder(start);
        let walk = WalkDir::new(start)
            .min_depth(1)
            .max_depth(self.depth)
            .follow_links(true)
            .sort_by_file_name();
        let mut files = Vec::new();
        for entry in walk.into_iter().filter_entry(|entry| self.takes_hidden || !is_hidden(entry)) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.check(&error, start)?;
                    continue;
                }
            };
            let below = below(entry.path(), start);
            if entry.file_type().is_dir() {
                if entry.depth() < self.depth {
                    scope.folder(entry.path());
                }
            } else if entry.file_type().is_file() && self.matcher.is_match(below) {
                // A pipe would be waited for, perhaps for ever: only names are opened.
                files.push(self.base.join(below));
            }
        }
        files.sort_by(|a, b| a.as_os_str().as_bytes().cmp(b.as_os_str().as_bytes()));
        if files.is_empty() {
            let message = format!("no file matches the pattern `{}`", self.text);
            return Err(
                Problem::error("T-NOMATCH", message).help("correct the pattern, or take it out")
            );
        }
        Ok(files)
    }

    /// As it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The folder that its matches are below, by its real name.
    pub(crate) fn real_base(&self, root: &Path) -> Option<PathBuf> {
        let base = root.join(&self.base);
        fs::canonicalize(if base.as_os_str().is_empty() { Path::new(".") } else { &base }).ok()
    }

    /// Whether the pattern would match this path below its folder, if there was
    /// such a file.
    pub(crate) fn would_match(&self, below: &Path) -> bool {
        let is_hidden = below.iter().any(|name| name.as_bytes().starts_with(b"."));
        (self.takes_hidden || !is_hidden) && self.matcher.is_match(below)
    }

    /// An error of the walk, if it is one for us: a link in the way that leads
    /// nowhere is not, unless its name is asked for.
    fn check(&self, error: &walkdir::Error, start: &Path) -> Result<(), Problem> {
        let path = error.path().unwrap_or(start);
        if let Some(ancestor) = error.loop_ancestor() {
            let message = format!(
                "cannot follow the pattern `{}`: the link {} leads back to {}",
                self.text,
                path.display(),
                ancestor.display()
            );
            return Err(Problem::error("T-LOOP", message)
                .help("remove the link, or name the folders one by one"));
        }
        let Some(cause) = error.io_error() else { return Ok(()) };
        let is_link_loop = cause.kind() != ErrorKind::NotFound
            && fs::symlink_metadata(path).is_ok_and(|m| m.is_symlink());
        let is_in_the_way = cause.kind() == ErrorKind::NotFound || is_link_loop;
        if is_in_the_way && !self.matcher.is_match(below(path, start)) {
            return Ok(());
        }
        if path == start && cause.kind() == ErrorKind::NotFound {
            return Ok(());
        }
        Err(disk::unreadable(path, cause))
    }
}

/// The PHP files in a folder and below, by name; hidden ones are left out.
pub(crate) fn php_files(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let mut files = Vec::new();
    let walk = WalkDir::new(folder).sort_by_file_name();
    for entry in walk.into_iter().filter_entry(|entry| !is_hidden(entry)) {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).to_owned();
            disk::unreadable(&path, &error.into())
        })?;
        let is_php = entry.path().extension().is_some_and(|end| end.eq_ignore_ascii_case("php"));
        // A link to a file counts, one to a folder would be walked twice.
        if is_php && entry.path().is_file() {
            files.push(disk::normal(entry.path()));
        }
    }
    if files.is_empty() {
        let message = format!("there is no PHP file in {}", folder.display());
        return Err(Problem::error("T-NOMATCH", message).help("name the files one by one"));
    }
    Ok(files)
}

/// A file that may be a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// Its path, which begins with that of the folder.
    pub(crate) path: PathBuf,
    /// Whether it is a link to a file.
    pub(crate) is_link: bool,
}

/// The files below a folder that may be scripts, sorted, with links followed, and without what
/// is below `except` and in hidden folders. A folder that cannot be read has none.
pub(crate) fn scripts(folder: &Path, except: &Path) -> Vec<Script> {
    let is_left_out = |entry: &DirEntry| {
        is_hidden(entry)
            || entry.depth() > 0 && entry.file_name() == "node_modules"
            || entry.path() == except
    };
    let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name();
    let walk = walk.into_iter().filter_entry(|entry| !is_left_out(entry));
    // Whether it is a file is asked of those alone that may be one.
    let may_be = |path: &Path| is_php(path) || tilde_composer::may_be_script(path);
    let is_script = |entry: &DirEntry| may_be(entry.path()) && entry.file_type().is_file();
    let script = |entry: DirEntry| {
        let is_link = entry.path_is_symlink();
        Script { path: entry.into_path(), is_link }
    };
    walk.filter_map(Result::ok).filter(is_script).map(script).collect()
}

/// The path below `start`; `.` as the start leaves `./` in front.
fn below<'p>(path: &'p Path, start: &Path) -> &'p Path {
    path.strip_prefix(start).unwrap_or(path)
}

/// Whether a file is one of PHP by its name.
pub(crate) fn is_php(path: &Path) -> bool {
    let path = path.as_os_str().as_bytes();
    let name = [&b".php"[..], b".inc"].iter().find_map(|ending| path.strip_suffix(*ending));
    // A name of nothing else is that of a hidden file.
    name.is_some_and(|name| !name.is_empty() && !name.ends_with(b"/"))
}

fn is_hidden(entry: &DirEntry) -> bool {
    OsStr::as_bytes(entry.file_name()).starts_with(b".") && entry.depth() > 0
}
