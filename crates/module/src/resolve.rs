//! Which modules fulfil what others depend on, and in which order they load.
//!
//! A source module is taken before a packed one of the same name, since it is
//! what the developer works on; of several packed ones, the newest that fits. The
//! order is topological and otherwise that of the names, so that nothing depends
//! on how a disk lists its folders.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::version::{Constraint, Version};

/// A module that there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it is.
    pub origin: Origin,
    /// Names and constraints.
    pub depends: Vec<(String, String)>,
}

/// Where a module is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// In a folder of sources.
    Source,
    /// In a package.
    Packed,
}

/// Who needs what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Who needs it.
    pub by: String,
    /// The name of what is needed.
    pub name: String,
    /// What its version must be.
    pub constraint: String,
}

/// Why there is no order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// There is no module of this name.
    Missing(Dependency),
    /// There are modules of this name, but in no version that fits: who asks, and
    /// the versions that there are.
    Conflict(Vec<Dependency>, Vec<String>),
    /// Modules that need each other; the first comes again at the end.
    Cycle(Vec<String>),
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(Dependency { by, name, constraint }) => {
                write!(f, "the module {by} needs {name} {constraint}, but there is no such module")
            }
            Self::Conflict(all, versions) => {
                let name = all.first().map_or("", |first| &first.name);
                let asked = all.iter().map(|it| format!("{} needs {}", it.by, it.constraint));
                let asked: Vec<String> = asked.collect();
                write!(f, "no version of {name} fits: {}", asked.join(", "))?;
                write!(f, "; there is {}", versions.join(", "))
            }
            Self::Cycle(names) => write!(f, "modules need each other: {}", names.join(" → ")),
        }
    }
}

/// Chooses a candidate for each of the wanted names and all that they need. The
/// indices come in an order in which each comes after what it needs.
///
/// # Errors
///
/// All that is missing, does not fit or goes in a circle.
pub fn resolve(wanted: &[&str], candidates: &[Candidate]) -> Result<Vec<usize>, Vec<Unresolved>> {
    let mut search = Search { candidates, chosen: BTreeMap::new(), faults: Vec::new() };
    search.choose(wanted);
    if !search.faults.is_empty() {
        return Err(search.faults);
    }
    let mut order =
        Order { search: &search, done: BTreeSet::new(), path: Vec::new(), all: Vec::new() };
    let visited: Result<(), Unresolved> =
        search.chosen.keys().copied().try_for_each(|name| order.visit(name));
    visited.map(|()| order.all).map_err(|cycle| vec![cycle])
}

struct Search<'c> {
    candidates: &'c [Candidate],
    chosen: BTreeMap<&'c str, usize>,
    faults: Vec<Unresolved>,
}

impl Search<'_> {
    /// A choice may add constraints that change another choice: so it goes on
    /// until nothing changes, which it cannot for longer than there are candidates.
    fn choose(&mut self, wanted: &[&str]) {
        for _ in 0..=self.candidates.len() {
            let before = self.chosen.clone();
            self.faults.clear();
            let needed = self.needed(wanted);
            self.chosen.clear();
            for (name, dependencies) in needed {
                match self.best(&dependencies, &name) {
                    Ok(index) => {
                        self.chosen.insert(&self.candidates[index].name, index);
                    }
                    Err(fault) => self.faults.push(fault),
                }
            }
            if self.chosen == before {
                return;
            }
        }
    }

    /// The names that are needed now, and by whom.
    fn needed(&self, wanted: &[&str]) -> BTreeMap<String, Vec<Dependency>> {
        let mut needed: BTreeMap<String, Vec<Dependency>> =
            wanted.iter().map(|name| ((*name).to_owned(), Vec::new())).collect();
        for index in self.chosen.values() {
            let candidate = &self.candidates[*index];
            for (name, constraint) in &candidate.depends {
                needed.entry(name.clone()).or_default().push(Dependency {
                    by: candidate.name.clone(),
                    name: name.clone(),
                    constraint: constraint.clone(),
                });
            }
        }
        needed
    }

    fn best(&self, dependencies: &[Dependency], name: &str) -> Result<usize, Unresolved> {
        let named = || (0..self.candidates.len()).filter(|at| self.candidates[*at].name == name);
        let fits = |at: &usize| {
            let version = Version::parse(&self.candidates[*at].version);
            let is_met = |it: &Dependency| match (&version, Constraint::parse(&it.constraint)) {
                (Ok(version), Ok(constraint)) => constraint.matches(version),
                _ => false,
            };
            dependencies.iter().all(is_met)
        };
        let newest = |a: &usize, b: &usize| {
            let (a, b) = (&self.candidates[*a], &self.candidates[*b]);
            let order = match (Version::parse(&a.version), Version::parse(&b.version)) {
                (Ok(a), Ok(b)) => a.compare(&b),
                _ => std::cmp::Ordering::Equal,
            };
            b.origin.cmp(&a.origin).then(order)
        };
        named().filter(fits).max_by(newest).ok_or_else(|| match dependencies.first() {
            Some(first) if named().next().is_none() => Unresolved::Missing(first.clone()),
            _ => {
                let versions = named().map(|at| self.candidates[at].version.clone()).collect();
                Unresolved::Conflict(dependencies.to_vec(), versions)
            }
        })
    }
}

struct Order<'s, 'c> {
    search: &'s Search<'c>,
    done: BTreeSet<&'c str>,
    /// The names that are being visited.
    path: Vec<&'c str>,
    all: Vec<usize>,
}

impl<'c> Order<'_, 'c> {
    fn visit(&mut self, name: &'c str) -> Result<(), Unresolved> {
        if self.done.contains(name) {
            return Ok(());
        }
        if let Some(at) = self.path.iter().position(|visited| *visited == name) {
            let circle = self.path[at..].iter().chain([&name]).map(|it| (*it).to_owned());
            return Err(Unresolved::Cycle(circle.collect()));
        }
        let Some(index) = self.search.chosen.get(name).copied() else { return Ok(()) };
        self.path.push(name);
        for (needed, _) in &self.search.candidates[index].depends {
            self.visit(needed)?;
        }
        self.path.pop();
        self.done.insert(name);
        self.all.push(index);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(text: &str, origin: Origin) -> Candidate {
        let mut words = text.split(' ');
        let (name, version) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let pair = |word: &str| word.split_once(':').map(|(a, b)| (a.to_owned(), b.to_owned()));
        Candidate {
            name: name.to_owned(),
            version: version.to_owned(),
            origin,
            depends: words.filter_map(pair).collect(),
        }
    }

    fn order(wanted: &[&str], modules: &[&str]) -> Result<Vec<String>, Vec<String>> {
        let candidates: Vec<Candidate> = modules
            .iter()
            .map(|text| match text.strip_prefix('!') {
                Some(text) => candidate(text, Origin::Packed),
                None => candidate(text, Origin::Source),
            })
            .collect();
        let shown =
            |index: usize| format!("{} {}", candidates[index].name, candidates[index].version);
        resolve(wanted, &candidates)
            .map(|order| order.into_iter().map(shown).collect())
            .map_err(|faults| faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_is_needed_comes_first() {
        let modules = ["a 1.0 b:^1 c:*", "b 1.2 c:^2", "!c 2.1", "d 1.0"];
        assert_eq!(order(&["a"], &modules).expect("it fits"), ["c 2.1", "b 1.2", "a 1.0"]);
        assert_eq!(order(&["d", "b"], &modules).expect("it fits"), ["c 2.1", "b 1.2", "d 1.0"]);
    }

    #[test]
    fn sources_are_taken_before_packages_and_new_ones_before_old_ones() {
        let modules = ["a 1.0 b:>=1", "!b 1.0", "!b 1.10", "!b 1.9"];
        assert_eq!(order(&["a"], &modules).expect("it fits")[0], "b 1.10");
        let modules = ["a 1.0 b:>=1", "!b 1.10", "b 1.1"];
        assert_eq!(order(&["a"], &modules).expect("it fits")[0], "b 1.1");
        let modules = ["a 1.0 b:>=1 c:*", "c 1.0 b:<2", "!b 2.0", "!b 1.9"];
        assert_eq!(order(&["a"], &modules).expect("it fits")[0], "b 1.9");
    }

    #[test]
    fn what_cannot_be_is_named() {
        let faults = order(&["a"], &["a 1.0 b:^1 x:*", "b 2.0"]).expect_err("it does not fit");
        assert_eq!(
            faults,
            [
                "no version of b fits: a needs ^1; there is 2.0",
                "the module a needs x *, but there is no such module"
            ]
        );
        let faults = order(&["a"], &["a 1.0 b:*", "b 1.0 c:*", "c 1.0 b:*"]).expect_err("a cycle");
        assert_eq!(faults, ["modules need each other: b → c → b"]);
    }
}
