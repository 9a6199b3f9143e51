//! The classes of all files: which declaration a static property comes from.

use std::collections::{HashMap, HashSet};

use crate::facts::{Class, ClassRef, FileFacts, Visibility};

/// A class, by its file and its place in it.
pub(crate) type ClassId = (usize, usize);

/// A static property, by its class and its place in that.
pub(crate) type PropertyId = (ClassId, usize);

/// The classes of all files by their names in small letters.
pub(crate) struct Classes<'f> {
    files: &'f [FileFacts],
    named: HashMap<Vec<u8>, Vec<ClassId>>,
    /// Those that extend a class of that name.
    children: HashMap<Vec<u8>, Vec<ClassId>>,
    /// Those that use a trait of that name.
    users: HashMap<Vec<u8>, Vec<ClassId>>,
}

impl<'f> Classes<'f> {
    pub(crate) fn of(files: &'f [FileFacts]) -> Self {
        let mut all =
            Self { files, named: HashMap::new(), children: HashMap::new(), users: HashMap::new() };
        for (file, facts) in files.iter().enumerate() {
            for (index, class) in facts.classes.iter().enumerate() {
                let id = (file, index);
                all.named.entry(class.name.to_ascii_lowercase()).or_default().push(id);
                if let Some(name) = &class.parent {
                    all.children.entry(name.to_ascii_lowercase()).or_default().push(id);
                }
                for name in &class.traits {
                    all.users.entry(name.to_ascii_lowercase()).or_default().push(id);
                }
            }
        }
        all
    }

    pub(crate) fn get(&self, (file, index): ClassId) -> &'f Class {
        &self.files[file].classes[index]
    }

    /// The classes of a name. Several files may declare one, of which PHP loads the first.
    fn of_name(&self, name: &[u8]) -> &[ClassId] {
        self.named.get(&name.to_ascii_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// The classes that have storage of their own for a property that this one declares: itself,
    /// or all that use the trait.
    pub(crate) fn holders(&self, id: ClassId) -> Vec<ClassId> {
        let mut holders = Vec::new();
        let mut open = vec![id];
        let mut seen = HashSet::new();
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let class = self.get(id);
            if class.is_trait {
                open.extend(self.users_of(class));
            } else {
                holders.push(id);
            }
        }
        holders.sort_unstable();
        holders
    }

    fn users_of(&self, class: &Class) -> &[ClassId] {
        self.users.get(&class.name.to_ascii_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// The declarations that a name of a property may be of, for a class in front of `::` that
    /// stands in this file.
    pub(crate) fn find(&self, file: usize, class: &ClassRef, name: &[u8]) -> Vec<PropertyId> {
        let mut search = Search { classes: self, name, seen: HashSet::new(), found: Vec::new() };
        match class {
            ClassRef::Own(index) => search.own((file, *index as usize)),
            ClassRef::Late(index) => {
                search.own((file, *index as usize));
                search.below((file, *index as usize));
            }
            ClassRef::Parent(index) => {
                let parent = self.get((file, *index as usize)).parent.as_deref();
                if let Some(name) = parent {
                    search.named(name, false);
                }
            }
            ClassRef::Named(name) => search.named(name, true),
            ClassRef::Dynamic => {}
        }
        search.found.sort_unstable();
        search.found.dedup();
        search.found
    }

    /// Whether a method takes a reference at this place.
    pub(crate) fn takes_reference(
        &self,
        file: usize,
        class: &ClassRef,
        method: &[u8],
        position: usize,
    ) -> bool {
        let mut open = match class {
            ClassRef::Own(index) | ClassRef::Late(index) => vec![(file, *index as usize)],
            ClassRef::Parent(index) => {
                let parent = self.get((file, *index as usize)).parent.as_deref();
                parent.map_or_else(Vec::new, |name| self.of_name(name).to_vec())
            }
            ClassRef::Named(name) => self.of_name(name).to_vec(),
            ClassRef::Dynamic => Vec::new(),
        };
        let mut seen = HashSet::new();
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let class = self.get(id);
            let found = class.methods.iter().find(|it| it.name.eq_ignore_ascii_case(method));
            if found.is_some_and(|found| found.takes_reference(position)) {
                return true;
            }
            let above = class.traits.iter().chain(&class.parent);
            above.for_each(|name| open.extend(self.of_name(name)));
        }
        false
    }
}

/// The search for the declarations of a property.
struct Search<'c, 'f> {
    classes: &'c Classes<'f>,
    name: &'c [u8],
    seen: HashSet<(ClassId, bool)>,
    found: Vec<PropertyId>,
}

impl Search<'_, '_> {
    /// As code in the class sees it. Code of a trait sees what the classes that use it have.
    fn own(&mut self, id: ClassId) {
        let mut open = vec![id];
        let mut seen = HashSet::new();
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let before = self.found.len();
            self.class(id, true);
            let class = self.classes.get(id);
            if self.found.len() == before && class.is_trait {
                open.extend(self.classes.users_of(class));
            }
        }
    }

    fn named(&mut self, name: &[u8], sees_private: bool) {
        for id in self.classes.of_name(name) {
            self.class(*id, sees_private);
        }
    }

    /// In the class, then in its traits, then in what it extends.
    fn class(&mut self, id: ClassId, sees_private: bool) {
        let mut level = vec![(id, sees_private)];
        while !level.is_empty() {
            let mut above = Vec::new();
            for (id, sees_private) in level {
                if !self.seen.insert((id, sees_private)) || self.is_declared(id, sees_private) {
                    continue;
                }
                let class = self.classes.get(id);
                if !self.traits(class, sees_private) {
                    let parents = class.parent.iter().flat_map(|it| self.classes.of_name(it));
                    above.extend(parents.map(|parent| (*parent, false)));
                }
            }
            level = above;
        }
    }

    /// Whether the class declares it itself. Takes it if it is seen.
    fn is_declared(&mut self, id: ClassId, sees_private: bool) -> bool {
        let properties = &self.classes.get(id).properties;
        let Some(index) = properties.iter().position(|it| it.name == self.name) else {
            return false;
        };
        if sees_private || properties[index].visibility != Visibility::Private {
            self.found.push((id, index));
        }
        true
    }

    /// Whether one of the traits of a class declares it.
    fn traits(&mut self, class: &Class, sees_private: bool) -> bool {
        let mut is_found = false;
        let mut seen = HashSet::new();
        let mut open: Vec<&Class> = vec![class];
        while let Some(class) = open.pop() {
            for id in class.traits.iter().flat_map(|name| self.classes.of_name(name)) {
                if !seen.insert(*id) {
                    continue;
                }
                if self.is_declared(*id, sees_private) {
                    is_found = true;
                } else {
                    open.push(self.classes.get(*id));
                }
            }
        }
        is_found
    }

    /// In the classes that extend it and have one of their own.
    fn below(&mut self, id: ClassId) {
        let mut open = vec![id];
        let mut seen = HashSet::new();
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let class = self.classes.get(id);
            let name = class.name.to_ascii_lowercase();
            let children = self.classes.children.get(&name).into_iter().flatten();
            let users = self.classes.users_of(class).iter().filter(|_| class.is_trait);
            for child in children.chain(users) {
                let class = self.classes.get(*child);
                let own = class.properties.iter().position(|it| it.name == self.name);
                self.found.extend(own.map(|index| (*child, index)));
                open.push(*child);
            }
        }
    }
}
