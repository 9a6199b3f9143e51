//! Which file Composer loads for each class, from what the files declare.
//!
//! A name is found the way Composer finds it, and counts only if the file that Composer
//! would load declares such a class. So a file that declares a class which its path does not
//! name is found by the class map or not at all, and no name works in a build that does not
//! work without it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tilde_bundle::{Survey, survey};
use tilde_lexer::{Options, Version};
use tilde_syntax::Arena;

use crate::Files;
use crate::finding::{Finding, Message};
use crate::includes::{self, Included};
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
    /// The files with a class that another file declares too.
    pub(crate) ambiguous: BTreeSet<usize>,
    /// Files that some code includes by their paths.
    pub(crate) included: Included,
    by_path: HashMap<PathBuf, usize>,
}

/// How PHP reads the code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub(crate) lexer: Options,
    pub(crate) oldest: Version,
}

impl Classes {
    /// Finds all classes. `except` is a folder that holds none: that of the outputs.
    #[must_use]
    pub fn find(
        files: &dyn Files,
        project: &Project,
        (lexer, oldest): (Options, Version),
        except: &Path,
    ) -> Self {
        let reading = Reading { lexer, oldest };
        let paths = candidates(files, project, except);
        let read = |arena: &mut Arena, path: &PathBuf| {
            source(files, project, path, reading, arena).map(|source| (path.clone(), source))
        };
        let read: Vec<_> = paths.par_iter().map_init(Arena::new, read).flatten().collect();
        let mut found = Self {
            classes: Vec::new(),
            findings: Vec::new(),
            sources: Vec::new(),
            ambiguous: BTreeSet::new(),
            included: Included::default(),
            by_path: HashMap::new(),
        };
        // By the paths of the maps, which may have links in them.
        let mut places = Places::default();
        for (path, source) in read {
            let next = found.sources.len();
            let place = *found.by_path.entry(source.path.clone()).or_insert(next);
            if place == next {
                found.sources.push(source);
            }
            places.add(path, place);
        }
        found.classes = named(project, &places, &found.sources);
        found.ambiguous();
        let sources = (&*found.sources, &found.by_path);
        found.included = includes::find(files, project, sources, reading, except);
        found.findings.append(&mut found.included.findings);
        found
    }

    /// The file of each class, by its name in lower case, as PHP compares names.
    pub(crate) fn files_by_name(&self) -> BTreeMap<Vec<u8>, usize> {
        self.classes.iter().map(|class| (class.name.to_ascii_lowercase(), class.file)).collect()
    }

    /// The names of the classes that a file declares, in lower case.
    pub(crate) fn declared_in(&self, file: usize) -> impl Iterator<Item = &[u8]> {
        let survey = self.sources[file].survey.as_ref();
        survey.into_iter().flat_map(|it| &it.classes).map(|class| &*class.name)
    }

    /// The file with this real path.
    pub(crate) fn at(&self, path: &Path) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    fn ambiguous(&mut self) {
        let known: BTreeSet<usize> = self.classes.iter().map(|class| class.file).collect();
        let mut declared: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
        for (index, source) in self.sources.iter().enumerate() {
            for class in source.survey.iter().flat_map(|it| &it.classes) {
                let files = declared.entry(&class.name).or_default();
                if !files.contains(&index) {
                    files.push(index);
                }
            }
        }
        for (class, files) in declared.into_iter().filter(|(_, files)| files.len() > 1) {
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

/// The files by their paths as the maps have them. Paths are compared byte by byte, since to
/// take them apart each time takes longer than to read the files.
#[derive(Default)]
struct Places {
    /// In the order of the paths.
    list: Vec<(PathBuf, usize)>,
    by_path: HashMap<OsString, usize>,
}

impl Places {
    fn add(&mut self, path: PathBuf, file: usize) {
        self.by_path.insert(path.clone().into_os_string(), file);
        self.list.push((path, file));
    }

    fn get(&self, path: &Path) -> Option<usize> {
        self.by_path.get(path.as_os_str()).copied()
    }
}

/// The paths that Composer may load, as its maps have them, each once, in the order of their
/// parts.
fn candidates(files: &dyn Files, project: &Project, except: &Path) -> Vec<PathBuf> {
    let loader = &project.loader;
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
    paths.retain(|path| !own.iter().any(|folder| path.starts_with(folder)));
    let parts = |path: &PathBuf| -> Vec<u8> {
        let separator = |byte: &u8| if *byte == b'/' { 0 } else { *byte };
        path.as_os_str().as_bytes().iter().map(separator).collect()
    };
    paths.sort_by_cached_key(parts);
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

/// The names by which Composer finds what files declare.
fn named(project: &Project, places: &Places, sources: &[Source]) -> Vec<Class> {
    let loader = &project.loader;
    let mut names: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    let declares = |file: usize, name: &[u8]| {
        let name = name.to_ascii_lowercase();
        sources[file].survey.iter().flat_map(|it| &it.classes).any(|class| class.name == name)
    };
    for (class, path) in &loader.class_map {
        let file = places.get(path).filter(|file| declares(*file, class));
        names.extend(file.map(|file| (class.clone(), file)));
    }
    let mut prefixes: HashMap<&OsStr, Vec<&[u8]>> = HashMap::new();
    for (prefix, folders) in sorted(&loader.psr4) {
        for folder in folders {
            prefixes.entry(bare(folder)).or_default().push(prefix);
        }
    }
    let roots: HashSet<&OsStr> =
        loader.psr0.iter().flat_map(|(_, folders)| folders).map(|it| bare(it)).collect();
    for (path, file) in places.list.iter().filter(|_| !loader.is_authoritative) {
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
                let found = loader.find(&name, |it| places.get(it).is_some());
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

fn sorted(psr4: &HashMap<Vec<u8>, Vec<PathBuf>>) -> BTreeMap<&[u8], &Vec<PathBuf>> {
    psr4.iter().map(|(prefix, folders)| (&**prefix, folders)).collect()
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
