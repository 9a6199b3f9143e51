//! Which file Composer loads for each class, from what the files declare.
//!
//! A name is found the way Composer finds it, and counts only if the file that Composer
//! would load declares such a class. So a file that declares a class which its path does not
//! name is found by the class map or not at all, and no name works in a build that does not
//! work without it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use foldhash::{HashMap, HashSet};
use rayon::prelude::*;
use tilde_bundle::{Survey, survey};
use tilde_lexer::{Options, Version};
use tilde_syntax::Arena;

use crate::Files;
use crate::finding::{Finding, Message};
use crate::includes::{self, Included};
use crate::loader::ClassLoader;
use crate::project::Project;

/// A class, interface, trait or enum that Composer finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// The name that Composer knows, in its case.
    pub name: Vec<u8>,
    /// Which of the files it is in.
    pub file: usize,
}

/// A file with code.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Its real path.
    pub(crate) path: PathBuf,
    /// Its path in the maps of Composer, which may have links in it.
    pub(crate) named: PathBuf,
    /// Which of the packages it is of; none for the project itself.
    pub(crate) owner: Option<usize>,
    pub(crate) text: Vec<u8>,
    /// None if it is no code that this PHP reads.
    pub(crate) survey: Option<Survey>,
    /// Only development needs it.
    pub(crate) is_dev: bool,
}

/// The classes of a project.
#[derive(Debug)]
pub struct Classes {
    /// By their names.
    pub classes: Vec<Class>,
    /// What there is to say: classes that several files declare.
    pub findings: Vec<Finding>,
    pub(crate) sources: Vec<Source>,
    /// Where Composer looks for them.
    pub(crate) loader: ClassLoader,
    /// The files with a class that another file declares too.
    pub(crate) ambiguous: BTreeSet<usize>,
    /// Files that some code includes by their paths.
    pub(crate) included: Included,
    /// By their real paths and by those of the maps.
    by_path: ByPath,
    by_name: HashMap<Vec<u8>, usize>,
}

/// How PHP reads the code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub(crate) lexer: Options,
    pub(crate) oldest: Version,
}

impl Classes {
    /// Finds all classes. `except` is a folder that holds none: that of the outputs.
    ///
    /// # Errors
    ///
    /// A map that is not as Composer writes it.
    pub fn find(
        files: &dyn Files,
        project: &Project,
        (lexer, oldest): (Options, Version),
        except: &Path,
    ) -> Result<Self, Finding> {
        let loader = project.loader()?;
        let reading = Reading { lexer, oldest };
        files.expect(loader.class_map.len());
        // Who has walked through a folder knows what is no link in it.
        let walk = || files.php_files(&project.root, &project.vendor);
        let (paths, _) = rayon::join(|| candidates(files, project, &loader, except), walk);
        files.expect(paths.len().saturating_sub(loader.class_map.len()));
        let read = |arena: &mut Arena, path: &PathBuf| source(files, project, path, reading, arena);
        let read: Vec<_> = paths.par_iter().map_init(Arena::new, read).collect();
        let mut found = Self {
            loader,
            classes: Vec::new(),
            findings: Vec::new(),
            sources: Vec::with_capacity(paths.len()),
            ambiguous: BTreeSet::new(),
            included: Included::default(),
            by_path: ByPath::default(),
            by_name: HashMap::default(),
        };
        found.by_path.0.reserve(paths.len());
        // By the paths of the maps, which may have links in them.
        let mut places: Vec<(PathBuf, usize)> = Vec::with_capacity(paths.len());
        for (path, source) in paths.into_iter().zip(read) {
            let Some(source) = source else { continue };
            let place = found.by_path.get(&source.path).unwrap_or(found.sources.len());
            found.by_path.insert(&path, place);
            if place == found.sources.len() {
                if path.as_os_str() != source.path.as_os_str() {
                    found.by_path.insert(&source.path, place);
                }
                found.sources.push(source);
            }
            places.push((path, place));
        }
        found.classes = named(&found.loader, &places, &found.by_path, &found.sources);
        let names = found.classes.iter().map(|class| class.name.to_ascii_lowercase());
        found.by_name = names.zip(0..).collect();
        found.ambiguous();
        let sources = (&*found.sources, &found.by_path);
        found.included = includes::find(files, project, sources, reading, except);
        found.findings.append(&mut found.included.findings);
        Ok(found)
    }

    /// A class by its name in lower case, as PHP compares names.
    pub(crate) fn of_name(&self, name: &[u8]) -> Option<&Class> {
        self.by_name.get(name).map(|index| &self.classes[*index])
    }

    /// The names of the classes that a file declares, in lower case.
    pub(crate) fn declared_in(&self, file: usize) -> impl Iterator<Item = &[u8]> {
        let survey = self.sources[file].survey.as_ref();
        survey.into_iter().flat_map(|it| &it.classes).map(|class| &*class.name)
    }

    /// The file with this path, a real one or one of the maps.
    pub(crate) fn at(&self, path: &Path) -> Option<usize> {
        self.by_path.get(path)
    }

    fn ambiguous(&mut self) {
        let mut first: HashMap<&[u8], usize> = HashMap::default();
        first.reserve(self.sources.len());
        let mut again: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
        for (index, source) in self.sources.iter().enumerate() {
            for class in source.survey.iter().flat_map(|it| &it.classes) {
                let first = *first.entry(&class.name).or_insert(index);
                if first == index {
                    continue;
                }
                let files = again.entry(&class.name).or_insert_with(|| vec![first]);
                if !files.contains(&index) {
                    files.push(index);
                }
            }
        }
        if again.is_empty() {
            return;
        }
        let known: BTreeSet<usize> = self.classes.iter().map(|class| class.file).collect();
        for (class, files) in again {
            if !files.iter().any(|file| known.contains(file)) {
                continue;
            }
            let mut message = Message::default().words(format!(
                "{} files declare the class `{}`: ",
                files.len(),
                String::from_utf8_lossy(class)
            ));
            for (index, file) in files.iter().enumerate() {
                let comma = if index > 0 { ", " } else { "" };
                message = message.words(comma).path(&self.sources[*file].path);
            }
            let help = "they stay as they are; Composer loads the first that it finds";
            self.findings.push(Finding::note(message, help));
            self.ambiguous.extend(files);
        }
    }
}

/// Files by their paths, which are compared byte by byte: to take them apart each time takes
/// longer than to read the files.
#[derive(Debug, Default)]
pub(crate) struct ByPath(HashMap<OsString, usize>);

impl ByPath {
    fn insert(&mut self, path: &Path, file: usize) {
        self.0.insert(path.as_os_str().to_owned(), file);
    }

    pub(crate) fn get(&self, path: &Path) -> Option<usize> {
        self.0.get(path.as_os_str()).copied()
    }
}

/// The paths that Composer may load, as its maps have them, each once, in the order of their
/// parts.
fn candidates(
    files: &dyn Files,
    project: &Project,
    loader: &ClassLoader,
    except: &Path,
) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = loader.class_map.values().cloned().collect();
    let folders = if loader.is_authoritative { Vec::new() } else { loader.folders() };
    let below = |folder: &&Path| {
        // A folder for all of the project is not for its packages.
        let vendor = &project.vendor;
        let inner = if folder.starts_with(vendor) { except } else { vendor };
        files.php_files(folder, inner)
    };
    paths.extend(folders.par_iter().flat_map_iter(below).collect::<Vec<_>>());
    let own = [project.vendor.join("composer"), except.to_owned()];
    paths.retain(|path| !own.iter().any(|folder| is_below(path, folder)));
    let parts = |path: &PathBuf| -> Vec<u8> {
        let separator = |byte: &u8| if *byte == b'/' { 0 } else { *byte };
        path.as_os_str().as_bytes().iter().map(separator).collect()
    };
    paths.par_sort_by_cached_key(parts);
    paths.dedup_by(|a, b| a.as_os_str() == b.as_os_str());
    paths
}

fn source(
    files: &dyn Files,
    project: &Project,
    path: &Path,
    reading: Reading,
    arena: &mut Arena,
) -> Option<Source> {
    let real = files.realpath(path)?;
    let text = files.read(&real).ok()?;
    let survey = survey(&text, reading.lexer, reading.oldest, arena).ok();
    Some(Source {
        is_dev: project.is_dev(path) || project.is_dev(&real),
        owner: project.owner(path),
        named: path.to_owned(),
        path: real,
        text,
        survey,
    })
}

/// Whether a path is that of a folder or of something in it, as it is written.
fn is_below(path: &Path, folder: &Path) -> bool {
    let rest = path.as_os_str().as_bytes().strip_prefix(folder.as_os_str().as_bytes());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

/// The names by which Composer finds what files declare, in their order. `places` are the
/// files in the order of the paths.
fn named(
    loader: &ClassLoader,
    places: &[(PathBuf, usize)],
    by_path: &ByPath,
    sources: &[Source],
) -> Vec<Class> {
    let declares = |file: usize, name: &[u8]| {
        let mut classes = sources[file].survey.iter().flat_map(|it| &it.classes);
        classes.any(|class| class.name.eq_ignore_ascii_case(name))
    };
    let in_map = |(class, path): (&Vec<u8>, &PathBuf)| {
        let file = by_path.get(path).filter(|file| declares(*file, class));
        file.map(|file| (class.clone(), file))
    };
    let mut names: BTreeMap<Vec<u8>, usize> =
        loader.class_map.par_iter().filter_map(in_map).collect();
    let mut prefixes: HashMap<&OsStr, Vec<&[u8]>> = HashMap::default();
    let psr4: BTreeMap<&[u8], &Vec<PathBuf>> =
        loader.psr4.iter().map(|(prefix, folders)| (&**prefix, folders)).collect();
    for (prefix, folders) in psr4 {
        for folder in folders {
            prefixes.entry(bare(folder)).or_default().push(prefix);
        }
    }
    let roots: HashSet<&OsStr> =
        loader.psr0.iter().flat_map(|(_, folders)| folders).map(|it| bare(it)).collect();
    for (path, file) in places.iter().filter(|_| !loader.is_authoritative) {
        let mut asked = Vec::new();
        for folder in path.ancestors().skip(1) {
            for prefix in prefixes.get(folder.as_os_str()).into_iter().flatten() {
                asked.extend(below(path, folder).map(|name| [prefix, &*name].concat()));
            }
            if roots.contains(folder.as_os_str()) {
                let classes = sources[*file].survey.iter().flat_map(|it| &it.classes);
                asked.extend(classes.filter_map(|it| psr0(&below(path, folder)?, &it.name)));
            }
        }
        for name in asked {
            let is_found = || {
                let found = loader.find(&name, |it| by_path.get(it).is_some());
                found.is_some_and(|found| found.as_os_str() == path.as_os_str())
            };
            if !names.contains_key(&name) && declares(*file, &name) && is_found() {
                names.insert(name, *file);
            }
        }
    }
    names.into_iter().map(|(name, file)| Class { name, file }).collect()
}

/// A folder without a slash at its end.
fn bare(folder: &Path) -> &OsStr {
    folder.components().as_path().as_os_str()
}

/// `A\B` of `folder/A/B.php`.
fn below(path: &Path, folder: &Path) -> Option<Vec<u8>> {
    let below = path.strip_prefix(folder).ok()?.as_os_str().as_bytes();
    let name = below.strip_suffix(b".php")?;
    Some(name.iter().map(|byte| if *byte == b'/' { b'\\' } else { *byte }).collect())
}

/// The name in the case of its path, in which an underscore may be a folder.
fn psr0(path: &[u8], class: &[u8]) -> Option<Vec<u8>> {
    let byte = |(path, class): (&u8, &u8)| match (path, class) {
        (b'\\', b'_') => Some(b'_'),
        (path, class) => path.eq_ignore_ascii_case(class).then_some(*path),
    };
    (path.len() == class.len()).then(|| path.iter().zip(class).map(byte).collect())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_psr_0_has_the_case_of_its_path() {
        assert_eq!(psr0(b"Twig\\Node\\If", b"twig_node_if"), Some(b"Twig_Node_If".to_vec()));
        assert_eq!(psr0(b"A\\B_C", b"a\\b_c"), Some(b"A\\B_C".to_vec()));
        assert_eq!(psr0(b"A\\B", b"a\\c"), None);
    }
}
