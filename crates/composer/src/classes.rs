//! Which file Composer loads for each class, from what the files declare.
//!
//! A name is found the way Composer finds it, and counts only if the file that Composer
//! would load declares such a class. So a file that declares a class which its path does not
//! name is found by the class map or not at all, and no name works in a build that does not
//! work without it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tilde_bundle::{IncludePath, Survey, normal, survey};
use tilde_lexer::{Options, Version};
use tilde_syntax::Arena;

use crate::Files;
use crate::finding::Finding;
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
    /// Files that some code includes by their paths, each with the first that does.
    pub(crate) included: BTreeMap<usize, PathBuf>,
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
            included: BTreeMap::new(),
            by_path: HashMap::new(),
        };
        // By the paths of the maps, which may have links in them.
        let mut places: BTreeMap<PathBuf, usize> = BTreeMap::new();
        for (path, source) in read {
            let next = found.sources.len();
            let place = *found.by_path.entry(source.path.clone()).or_insert(next);
            if place == next {
                found.sources.push(source);
            }
            places.insert(path, place);
        }
        found.classes = named(project, &places, &found.sources);
        found.ambiguous(project);
        found.included(files, project, reading, except);
        found
    }

    /// The file of each class, by its name in lower case, as PHP compares names.
    pub(crate) fn files_by_name(&self) -> BTreeMap<Vec<u8>, usize> {
        self.classes.iter().map(|class| (class.name.to_ascii_lowercase(), class.file)).collect()
    }

    /// The file with this real path.
    pub(crate) fn at(&self, path: &Path) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    fn ambiguous(&mut self, project: &Project) {
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
            let shown =
                |file: &usize| project.shown(&self.sources[*file].path).display().to_string();
            let names: Vec<String> = files.iter().map(shown).collect();
            self.findings.push(Finding {
                is_note: true,
                message: format!(
                    "{} files declare the class `{}`: {}",
                    files.len(),
                    String::from_utf8_lossy(class),
                    names.join(", ")
                ),
                place: None,
                help: "they stay as they are; Composer loads the first that it finds".to_owned(),
            });
            self.ambiguous.extend(files);
        }
    }

    /// Notes which files some code includes by their paths: such code would declare again
    /// what is compiled. Looks at all that the project has, and at its scripts too.
    fn included(&mut self, files: &dyn Files, project: &Project, reading: Reading, except: &Path) {
        let mut others = files.php_files(&project.root, &project.vendor);
        others.extend(project.files.iter().map(|file| file.path.clone()));
        others.extend(project.commands.iter().cloned());
        others.retain(|path| !path.starts_with(except));
        let read = |arena: &mut Arena, path: &PathBuf| {
            let real = files.realpath(path)?;
            if self.by_path.contains_key(&real) {
                return None;
            }
            let text = files.read(&real).ok()?;
            let survey = survey(&text, reading.lexer, reading.oldest, arena).ok()?;
            Some((real, survey.includes))
        };
        let scripts: Vec<_> = others.par_iter().map_init(Arena::new, read).flatten().collect();
        let own = self
            .sources
            .iter()
            .filter_map(|it| Some((it.path.clone(), it.survey.as_ref()?.includes.clone())));
        let mut endings: BTreeMap<Vec<u8>, PathBuf> = BTreeMap::new();
        let mut found = BTreeMap::new();
        for (path, includes) in own.chain(scripts) {
            for include in includes {
                match target(&path, &include) {
                    Target::File(target) => {
                        let target =
                            self.at(&target).or_else(|| self.at(&files.realpath(&target)?));
                        found.extend(target.map(|it| (it, path.clone())));
                    }
                    Target::Ending(end) => {
                        endings.entry(end).or_insert_with(|| path.clone());
                    }
                    Target::Unknown => {}
                }
            }
        }
        for (index, source) in self.sources.iter().enumerate().filter(|_| !endings.is_empty()) {
            let path = source.path.as_os_str().as_bytes();
            let starts = (0..path.len()).filter(|at| path[*at] == b'/');
            let by = starts.into_iter().find_map(|at| endings.get(&path[at..]));
            found.extend(by.filter(|by| **by != source.path).map(|by| (index, by.clone())));
        }
        self.included = found;
    }
}

/// What an include names.
enum Target {
    File(PathBuf),
    /// What a path ends with, from a slash on.
    Ending(Vec<u8>),
    Unknown,
}

fn target(from: &Path, include: &IncludePath) -> Target {
    let folder = from.parent().unwrap_or(Path::new("/"));
    let ending = |path: &[u8]| match path {
        [b'/', _, ..] => Target::Ending(path.to_vec()),
        _ => Target::Unknown,
    };
    let name = |path: &[u8]| Path::new(OsStr::from_bytes(path)).to_owned();
    match include {
        IncludePath::FromMember(path) => {
            let path = path.strip_prefix(b"/").unwrap_or(path);
            Target::File(normal(&folder.join(name(path))))
        }
        IncludePath::Literal(path) if path.starts_with(b"/") => Target::File(name(path)),
        IncludePath::Literal(path) => {
            let path = normal(&name(path));
            let plain = path.as_os_str().as_bytes();
            let plain = plain.strip_prefix(b"../").unwrap_or(plain);
            Target::Ending([b"/", plain].concat())
        }
        IncludePath::FromConstant(constant) => ending(&constant.1),
        IncludePath::Ending(path) => ending(path),
        IncludePath::Starting(_) | IncludePath::Dynamic => Target::Unknown,
    }
}

/// The paths that Composer may load, as its maps have them, each once.
fn candidates(files: &dyn Files, project: &Project, except: &Path) -> Vec<PathBuf> {
    let loader = &project.loader;
    let mut paths: BTreeSet<PathBuf> = loader.class_map.values().cloned().collect();
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
    paths.into_iter().collect()
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
    Some(Source { is_dev: project.is_dev(path) || project.is_dev(&real), path: real, text, survey })
}

/// The names by which Composer finds what files declare.
fn named(project: &Project, places: &BTreeMap<PathBuf, usize>, sources: &[Source]) -> Vec<Class> {
    let loader = &project.loader;
    let mut names: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    let declares = |file: usize, name: &[u8]| {
        let name = name.to_ascii_lowercase();
        sources[file].survey.iter().flat_map(|it| &it.classes).any(|class| class.name == name)
    };
    for (class, path) in &loader.class_map {
        let file = places.get(path).copied().filter(|file| declares(*file, class));
        names.extend(file.map(|file| (class.clone(), file)));
    }
    let mut prefixes: HashMap<&Path, Vec<&[u8]>> = HashMap::new();
    for (prefix, folders) in sorted(&loader.psr4) {
        for folder in folders {
            prefixes.entry(folder).or_default().push(prefix);
        }
    }
    let roots: BTreeSet<&Path> =
        loader.psr0.iter().flat_map(|(_, folders)| folders).map(PathBuf::as_path).collect();
    for (path, file) in places.iter().filter(|_| !loader.is_authoritative) {
        let mut asked = Vec::new();
        for folder in path.ancestors().skip(1) {
            for prefix in prefixes.get(folder).into_iter().flatten() {
                asked.extend(below(path, folder).map(|name| [prefix, &*name].concat()));
            }
            if roots.contains(folder) {
                let classes = sources[*file].survey.iter().flat_map(|it| &it.classes);
                asked.extend(classes.filter_map(|it| psr0(&below(path, folder)?, &it.name)));
            }
        }
        for name in asked {
            let is_found =
                || loader.find(&name, |it| places.contains_key(it)).as_ref() == Some(path);
            if !names.contains_key(&name) && declares(*file, &name) && is_found() {
                names.insert(name, *file);
            }
        }
    }
    names.into_iter().map(|(name, file)| Class { name, file }).collect()
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
