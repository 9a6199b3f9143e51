//! Which member a path names, and in which order members stand.
//!
//! A list of files is an order of *execution*. A member that only declares may
//! stand ahead of its place, where a member before it needs what it declares:
//! PHP would not find a parent that comes later.

use std::borrow::Borrow;
use std::ffi::OsStr;
use std::hash::{Hash, Hasher};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use foldhash::HashMap;
use rayon::prelude::*;
use tilde_eval::normal;

use crate::diagnostic::Diagnostic;
use crate::facts::{IncludePath, Symbol};
use crate::loader::classes;
use crate::module::Module;
use crate::scan::Scan;
use crate::source::{Source, SourceId};

/// Which source each path names.
pub(crate) struct Paths {
    /// Those of the sources, without `.` and `..`.
    all: Vec<Arc<Path>>,
    by_path: HashMap<Written, SourceId>,
}

/// A path as it is written: to look for one by its parts takes much longer.
#[derive(Clone, Debug)]
pub(crate) struct Written(pub(crate) Arc<Path>);

impl Borrow<OsStr> for Written {
    fn borrow(&self) -> &OsStr {
        self.0.as_os_str()
    }
}

impl PartialEq for Written {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_os_str() == other.0.as_os_str()
    }
}

impl Eq for Written {}

impl Hash for Written {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_os_str().hash(state);
    }
}

impl Paths {
    pub(crate) fn of(sources: &[Source]) -> Self {
        let all: Vec<Arc<Path>> =
            sources.iter().map(|source| normal(&source.path).into()).collect();
        let named =
            |(index, path): (usize, &Arc<Path>)| (Written(path.clone()), SourceId(index as u32));
        let by_path = all.iter().enumerate().map(named).collect();
        Self { all, by_path }
    }
}

/// The members by their paths.
pub(crate) struct Members {
    paths: Arc<Paths>,
    /// Which of the sources are members.
    is_member: Vec<bool>,
    /// Constants that hold folders: by whom, and from where. None where several
    /// members define one.
    folders: HashMap<Vec<u8>, Option<(SourceId, Vec<u8>)>>,
}

impl Members {
    fn new(paths: &Arc<Paths>, modules: &[Module]) -> Self {
        let mut is_member = vec![false; paths.all.len()];
        for module in modules {
            is_member[module.source.index()] = true;
        }
        let mut folders = HashMap::default();
        for module in modules.iter().filter(|module| !module.is_plain) {
            for (name, path) in &module.facts.folders {
                let folder = Some((module.source, path.clone()));
                folders.entry(name.clone()).and_modify(|it| *it = None).or_insert(folder);
            }
        }
        Self { paths: paths.clone(), is_member, folders }
    }

    /// Whether PHP finds the same file from wherever it is included.
    pub(crate) fn is_fixed(&self, path: &IncludePath) -> bool {
        match path {
            IncludePath::FromMember(_) => true,
            IncludePath::Literal(path) => path.starts_with(b"/"),
            IncludePath::FromConstant(constant) => {
                matches!(self.folders.get(&constant.0), Some(Some(_)))
            }
            IncludePath::Starting(_) | IncludePath::Ending(_) | IncludePath::Dynamic => false,
        }
    }

    /// The folder that a member's path is from, and the rest of it.
    pub(crate) fn beside(&self, from: SourceId, path: &[u8]) -> PathBuf {
        let folder = self.folder(from);
        join(folder, path.strip_prefix(b"/").unwrap_or(path))
    }

    fn folder(&self, of: SourceId) -> &Path {
        self.paths.all[of.index()].parent().unwrap_or(Path::new(""))
    }

    /// The member that an `include` in another one names.
    pub(crate) fn find(&self, from: SourceId, path: &IncludePath) -> Option<SourceId> {
        let named = |path: PathBuf| self.paths.by_path.get(normal(&path).as_os_str()).copied();
        let found = |path| named(path).filter(|source| self.is_member[source.index()]);
        match path {
            IncludePath::Starting(_) | IncludePath::Dynamic => None,
            IncludePath::FromMember(path) => found(self.beside(from, path)),
            IncludePath::FromConstant(constant) => {
                let (name, path) = &**constant;
                match self.folders.get(name) {
                    Some(Some((source, folder))) => {
                        found(self.beside(*source, &[folder, &**path].concat()))
                    }
                    _ => self.ending(path),
                }
            }
            IncludePath::Ending(path) => self.ending(path),
            // PHP tries the current folder, which is not known, and then this.
            IncludePath::Literal(path) => {
                let beside = found(join(self.folder(from), path));
                beside.or_else(|| found(join(Path::new(""), path)))
            }
        }
    }
}

impl Members {
    /// A member whose path ends so. A name without a folder says too little.
    fn ending(&self, path: &[u8]) -> Option<SourceId> {
        let path = normal(join(Path::new(""), path.strip_prefix(b"/")?).as_path());
        let found = self.paths.all.iter().position(|member| member.ends_with(&path))?;
        Some(SourceId(found as u32))
    }
}

fn join(folder: &Path, path: &[u8]) -> PathBuf {
    folder.join(OsStr::from_bytes(path))
}

/// The members without those on demand for which nothing can ask: they are left
/// where they are, for whoever includes them there.
pub(crate) fn asked(scan: &mut Scan, paths: &Arc<Paths>) -> (Members, Vec<Diagnostic>) {
    let mut left_out = Vec::new();
    loop {
        let members = Members::new(paths, &scan.modules);
        if !scan.modules.iter().any(Module::is_on_demand) {
            return (members, unasked(&left_out).into_iter().collect());
        }
        let mut is_asked = vec![false; scan.sources.len()];
        for module in scan.not_plain() {
            let includes = module.facts.includes.iter();
            let targets = includes.filter_map(|it| members.find(module.source, &it.path));
            targets.for_each(|target| is_asked[target.index()] = true);
        }
        let stays = |module: &Module| {
            !module.is_on_demand()
                || is_asked[module.source.index()]
                || classes(module).next().is_some()
        };
        let len = scan.modules.len();
        let gone = scan.modules.iter().filter(|module| !stays(module));
        let gone = gone.filter(|module| module.tokens.iter().next().is_some());
        left_out.extend(gone.map(|module| module.source));
        scan.modules.retain(stays);
        if scan.modules.len() == len {
            return (members, unasked(&left_out).into_iter().collect());
        }
    }
}

/// One note for all of them: a folder may hold hundreds, such as configurations.
fn unasked(left_out: &[SourceId]) -> Option<Diagnostic> {
    let first = *left_out.first()?;
    let files = match left_out.len() {
        1 => "this file".to_owned(),
        count => format!("this file and {} more", count - 1),
    };
    let message = format!(
        "left out: nothing can ask for {files}: no class in it, and no member of the bundle \
         includes it"
    );
    let note = Diagnostic::note("T-UNASKED", message).label(first, 0..0, "");
    Some(note.help("list what the bundle is to run among the files that run at once"))
}

/// The members in an order that PHP accepts: what runs on demand, which are
/// functions that can stand anywhere, and then the others in the given order, but
/// for members that only declare and are needed before their place.
pub(crate) fn ordered(modules: Vec<Module>) -> Vec<Module> {
    let (on_demand, modules) = if modules.iter().any(Module::is_on_demand) {
        modules.into_iter().partition(Module::is_on_demand)
    } else {
        (Vec::new(), modules)
    };
    let mut declared = HashMap::default();
    declared.reserve(modules.len());
    for (index, module) in modules.iter().enumerate() {
        for declaration in &module.facts.declarations {
            if declaration.symbol == Symbol::Class && declaration.is_unconditional {
                declared.entry(declaration.full_name()).or_insert(index);
            }
        }
    }
    let needs = |module: &Module| -> Vec<usize> {
        let declarations = module.facts.declarations.iter().filter(|it| it.is_unconditional);
        let parents = declarations.flat_map(|declaration| &declaration.parents);
        let parents = parents.filter_map(|parent| declared.get(&*parent.name).copied());
        parents.collect()
    };
    let needs: Vec<Vec<usize>> = modules.par_iter().map(needs).collect();
    let order = stable_order(&needs, |index| modules[index].only_declares());
    if on_demand.is_empty() && order.is_sorted() {
        return modules;
    }
    let mut modules: Vec<Option<Module>> = modules.into_iter().map(Some).collect();
    on_demand
        .into_iter()
        .chain(order.into_iter().filter_map(|index| modules[index].take()))
        .collect()
}

/// Indexes in order, each after those of its needs that may move.
fn stable_order(needs: &[Vec<usize>], may_move: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut order = Vec::with_capacity(needs.len());
    let mut is_seen = vec![false; needs.len()];
    // What is open, and how many of its needs have been looked at.
    let mut open: Vec<(usize, usize)> = Vec::new();
    for index in 0..needs.len() {
        if !std::mem::replace(&mut is_seen[index], true) {
            open.push((index, 0));
        }
        while let Some((index, at)) = open.last_mut() {
            let Some(&need) = needs[*index].get(*at) else {
                order.push(*index);
                open.pop();
                continue;
            };
            *at += 1;
            if !is_seen[need] && may_move(need) {
                is_seen[need] = true;
                open.push((need, 0));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_come_first_and_all_else_stays() {
        let needs = [vec![2], vec![], vec![3], vec![]];
        assert_eq!(stable_order(&needs, |_| true), [3, 2, 0, 1]);
        assert_eq!(stable_order(&needs, |index| index != 2), [0, 1, 3, 2]);
        assert_eq!(stable_order(&[vec![1], vec![0]], |_| true), [1, 0]);
    }

    #[test]
    fn paths_are_made_plain() {
        assert_eq!(normal(Path::new("a/./b/../c.php")), Path::new("a/c.php"));
        assert_eq!(normal(Path::new("../a//b.php")), Path::new("../a/b.php"));
    }
}
