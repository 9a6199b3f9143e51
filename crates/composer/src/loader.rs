//! Which file Composer's autoloader loads for a class.
//!
//! The rules of `Composer\Autoload\ClassLoader::findFile()`: the class map first, then
//! PSR-4 by the longest prefix, then PSR-0, each folder in its order. The case of a name
//! counts everywhere, since the file system's does.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

/// The tables of a `ClassLoader`, as `vendor/composer/autoload_*.php` has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassLoader {
    /// Files by the names of their classes.
    pub class_map: BTreeMap<Vec<u8>, PathBuf>,
    /// Folders by prefix, which ends with a backslash; an empty one is for all classes.
    pub psr4: HashMap<Vec<u8>, Vec<PathBuf>>,
    /// Prefixes and folders in their order; an empty one is for all classes.
    pub psr0: Vec<(Vec<u8>, Vec<PathBuf>)>,
    /// Nothing but the class map counts.
    pub is_authoritative: bool,
}

impl ClassLoader {
    /// The file of a class; `exists` says whether there is a file.
    pub fn find(&self, class: &[u8], exists: impl Fn(&Path) -> bool) -> Option<PathBuf> {
        if let Some(file) = self.class_map.get(class) {
            return Some(file.clone());
        }
        if self.is_authoritative {
            return None;
        }
        let found = self.find_psr4(class, &exists);
        found.or_else(|| self.find_psr0(class, &exists))
    }

    fn find_psr4(&self, class: &[u8], exists: impl Fn(&Path) -> bool) -> Option<PathBuf> {
        let separators = (0..class.len()).rev().filter(|at| class[*at] == b'\\');
        let prefixes = separators.map(|at| at + 1).chain([0]);
        let folders = prefixes.filter_map(|at| Some((at, self.psr4.get(&class[..at])?)));
        let files = folders.flat_map(|(at, folders)| {
            let below = relative(&class[at..], false);
            folders.iter().map(move |folder| folder.join(&below))
        });
        files.into_iter().find(|file| exists(file))
    }

    fn find_psr0(&self, class: &[u8], exists: impl Fn(&Path) -> bool) -> Option<PathBuf> {
        let below = relative(class, true);
        let (fallbacks, prefixed): (Vec<_>, Vec<_>) =
            self.psr0.iter().partition(|(prefix, _)| prefix.is_empty());
        let prefixed = prefixed.into_iter().filter(|(prefix, _)| class.starts_with(prefix));
        let folders = prefixed.chain(fallbacks).flat_map(|(_, folders)| folders);
        folders.map(|folder| folder.join(&below)).find(|file| exists(file))
    }

    /// All folders that are searched, each once, in order of their paths.
    #[must_use]
    pub fn folders(&self) -> Vec<&Path> {
        let psr0 = self.psr0.iter().flat_map(|(_, folders)| folders);
        let mut psr4: Vec<&PathBuf> = Vec::new();
        #[expect(clippy::iter_over_hash_type, reason = "they are sorted below")]
        for folders in self.psr4.values() {
            psr4.extend(folders);
        }
        let mut folders: Vec<&Path> = psr0.chain(psr4).map(PathBuf::as_path).collect();
        folders.sort_unstable();
        folders.dedup();
        folders
    }
}

/// `A/B_C.php` of `A\B_C`, or `A/B/C.php` as in PSR-0.
fn relative(class: &[u8], is_psr0: bool) -> PathBuf {
    let last = memchr::memrchr(b'\\', class).map_or(0, |at| at + 1);
    let separator = |(at, byte): (usize, &u8)| match byte {
        b'\\' => b'/',
        b'_' if is_psr0 && at >= last => b'/',
        byte => *byte,
    };
    let mut path: Vec<u8> = class.iter().enumerate().map(separator).collect();
    path.extend(b".php");
    Path::new(OsStr::from_bytes(&path)).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(loader: &ClassLoader, class: &str, files: &[&str]) -> Option<PathBuf> {
        loader.find(class.as_bytes(), |path| files.iter().any(|it| Path::new(it) == path))
    }

    fn loader() -> ClassLoader {
        let folders = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        ClassLoader {
            class_map: [(b"Old".to_vec(), "lib/old.inc".into())].into(),
            psr4: [
                (b"A\\".to_vec(), folders(&["a", "a2"])),
                (b"A\\B\\".to_vec(), folders(&["ab"])),
                (Vec::new(), folders(&["all"])),
            ]
            .into(),
            psr0: vec![(b"Twig_".to_vec(), folders(&["twig"])), (Vec::new(), folders(&["rest"]))],
            is_authoritative: false,
        }
    }

    #[test]
    fn the_longest_prefix_with_a_file_counts() {
        let loader = loader();
        assert_eq!(find(&loader, "A\\B\\C", &["a/B/C.php", "ab/C.php"]), Some("ab/C.php".into()));
        assert_eq!(find(&loader, "A\\B\\C", &["a2/B/C.php"]), Some("a2/B/C.php".into()));
        assert_eq!(find(&loader, "A\\b\\C", &["ab/C.php"]), None);
        assert_eq!(find(&loader, "X\\Y_Z", &["all/X/Y_Z.php"]), Some("all/X/Y_Z.php".into()));
    }

    #[test]
    fn an_underscore_is_a_folder_in_psr_0() {
        let loader = loader();
        assert_eq!(
            find(&loader, "Twig_A_B", &["twig/Twig/A/B.php"]),
            Some("twig/Twig/A/B.php".into())
        );
        assert_eq!(
            find(&loader, "N_M\\A_B", &["rest/N_M/A/B.php"]),
            Some("rest/N_M/A/B.php".into())
        );
    }

    #[test]
    fn a_map_with_authority_is_all_there_is() {
        let mut loader = loader();
        assert_eq!(find(&loader, "Old", &[]), Some("lib/old.inc".into()));
        loader.is_authoritative = true;
        assert_eq!(find(&loader, "A\\B\\C", &["ab/C.php"]), None);
    }
}
