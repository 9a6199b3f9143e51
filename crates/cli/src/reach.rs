//! Which files of this machine an application may read and write.
//!
//! A configuration is code of a project that somebody else may have written, and
//! what it reads ends up in a cache. So it reaches the application itself, the
//! framework, and what the user names. Paths are compared without links: a link
//! that leads out of the application is outside.

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// What lies in the root of a project; the last ones are those of ThinkPHP 5.
const MARKERS: [&str; 7] = [
    ".git",
    "composer.json",
    "tilde.toml",
    "ThinkPHP/ThinkPHP.php",
    "thinkphp/start.php",
    "thinkphp/base.php",
    "vendor/autoload.php",
];

/// What lies beside ThinkPHP.php in a framework, by generation.
const FRAMEWORKS: [&str; 4] = [
    "Library/Think/Think.class.php",
    "Lib/Core/Think.class.php",
    "Lib/Think/Core/Think.class.php",
    "Lib/Think/Core/App.class.php",
];

/// The folders that an application may use, absolute and without links.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    folders: Vec<PathBuf>,
}

impl Reach {
    /// Adds a folder that the user names, if it is there.
    pub(crate) fn add(&mut self, folder: &Path) {
        self.folders.extend(folder.canonicalize());
    }

    /// Adds the project around a web root that the user names.
    pub(crate) fn add_project(&mut self, web_root: &Path) {
        let Ok(real) = web_root.canonicalize() else { return };
        self.folders.push(project_of(&real).unwrap_or(&real).to_owned());
    }

    /// Whether what lies at this path may be read.
    pub(crate) fn reads(&self, path: &Path) -> bool {
        real_place(path).is_some_and(|real| self.has(&real) || is_of_framework(&real))
    }

    /// Whether the application may ask what lies at this path: it may be read, or
    /// is a folder that it lies in.
    pub(crate) fn knows(&self, path: &Path) -> bool {
        let is_above = |real: &PathBuf| self.folders.iter().any(|folder| folder.starts_with(real));
        self.reads(path) || real_place(path).as_ref().is_some_and(is_above)
    }

    /// Whether a file may be written there.
    pub(crate) fn writes(&self, path: &Path) -> bool {
        real_place(path).is_some_and(|real| self.has(&real))
    }

    fn has(&self, real: &Path) -> bool {
        self.folders.iter().any(|folder| real.starts_with(folder))
    }
}

/// The nearest folder that looks like the root of a project of the same owner:
/// this one, or one above. The folder of the user's own files is none, whatever
/// lies there.
fn project_of(real: &Path) -> Option<&Path> {
    let owner = |path: &Path| fs::metadata(path).map(|file| file.uid()).ok();
    let of_root = owner(real);
    let home = env::home_dir().and_then(|home| home.canonicalize().ok());
    let is_marked = |folder: &&Path| {
        MARKERS.iter().any(|marker| {
            let owner = owner(&folder.join(marker));
            owner.is_some() && owner == of_root
        })
    };
    let is_too_much =
        |folder: &&Path| folder.parent().is_none() || home.as_deref() == Some(*folder);
    real.ancestors().take_while(|folder| !is_too_much(folder)).find(is_marked)
}

fn is_of_framework(real: &Path) -> bool {
    real.ancestors().skip(1).any(|folder| {
        folder.join("ThinkPHP.php").is_file()
            && FRAMEWORKS.iter().any(|file| folder.join(file).is_file())
    })
}

/// Where a path leads: what of it is there without links, then the rest.
fn real_place(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let (above, real) =
        path.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)))?;
    let rest = path.strip_prefix(above).ok()?;
    // A link that leads nowhere yet would be followed by whoever writes.
    let is_link = rest.components().next().is_some_and(|name| real.join(name).is_symlink());
    if is_link {
        return None;
    }
    Some(if rest.as_os_str().is_empty() { real } else { real.join(rest) })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_where_they_lead() {
        let dir = tempfile::tempdir().unwrap();
        let path = |path: &str| dir.path().join(path);
        for folder in ["site/public", "site/ThinkPHP", "other", "tp/Lib/Core"] {
            fs::create_dir_all(path(folder)).unwrap();
        }
        for file in ["site/ThinkPHP/ThinkPHP.php", "other/secret", "tp/ThinkPHP.php"] {
            fs::write(path(file), "").unwrap();
        }
        fs::write(path("tp/Lib/Core/Think.class.php"), "").unwrap();
        symlink(path("other"), path("site/link")).unwrap();
        symlink(path("other/later"), path("site/later")).unwrap();
        let mut reach = Reach::default();
        reach.add_project(&path("site/public"));
        assert!(reach.reads(&path("site/config.php")) && reach.writes(&path("site/a/b.php")));
        assert!(!reach.reads(&path("site/link/secret")) && !reach.reads(&path("other/secret")));
        assert!(!reach.writes(&path("site/link/new.php")) && !reach.writes(&path("site/later")));
        assert!(reach.reads(&path("tp/Lib/Core/Think.class.php")));
        assert!(!reach.writes(&path("tp/ThinkPHP.php")));
        reach.add(&path("other"));
        assert!(reach.reads(&path("site/link/secret")));
    }
}
