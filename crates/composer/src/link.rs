//! Which classes are declared at once, before anything asks for them.
//!
//! PHP declares a class that stands outside of functions when its file is included, with next
//! to no cost where the cache of opcodes has it. So a bundle declares all of its classes
//! together, parents first. A class can be among them if nothing can tell that it is there early,
//! and if it is sure that it links: all that PHP needs for that comes before it or is PHP's own.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;
use tilde_bundle::{MeantType, MethodTypes, SurveyedClass};
use tilde_lexer::Version;
use tilde_syntax::ast::ClassKind;

use crate::builtin::{Builtin, Kind, builtin};
use crate::classes::Classes;

/// The classes of all files, by their names in lower case.
type Known<'a> = HashMap<&'a [u8], &'a SurveyedClass>;

/// Chooses which files are declared at once.
pub(crate) struct Linker<'a> {
    classes: &'a Classes,
    known: Known<'a>,
    oldest: Version,
    /// Whether it is only a guess that requests use the classes.
    is_guess: bool,
}

/// The files of a bundle, and those that cannot be in it, with the reason.
pub(crate) struct Linked {
    /// In the order in which they are declared.
    pub(crate) order: Vec<usize>,
    /// The others.
    pub(crate) left: Vec<(usize, String)>,
}

impl<'a> Linker<'a> {
    pub(crate) fn new(classes: &'a Classes, oldest: Version, is_guess: bool) -> Self {
        let surveys = classes.sources.iter().filter_map(|source| source.survey.as_ref());
        let known = surveys.flat_map(|it| &it.classes).map(|it| (&*it.name, it)).collect();
        Self { classes, known, oldest, is_guess }
    }

    /// Links these files. What is in `there` was declared before. Code that says where it is
    /// cannot be preloaded: scripts run beside it that know nothing of the bundle.
    pub(crate) fn link(
        &self,
        files: &[usize],
        there: &BTreeSet<&'a [u8]>,
        is_preloaded: bool,
    ) -> Linked {
        let (mut open, mut left) = (BTreeMap::new(), Vec::new());
        for file in files.iter().copied() {
            match self.obstacle(file, is_preloaded) {
                Some(reason) => left.push((file, reason)),
                None => {
                    open.insert(file, self.needs(file));
                }
            }
        }
        let missing = |needs: &BTreeSet<&'a [u8]>, names: &BTreeSet<&[u8]>| {
            let is_there = |name: &&[u8]| names.contains(name) || there.contains(name);
            let is_php = |name: &&[u8]| builtin(name).is_some_and(|it| it.since <= self.oldest);
            needs.iter().copied().find(|name| !is_there(name) && !is_php(name))
        };
        loop {
            let names: BTreeSet<&[u8]> =
                open.keys().flat_map(|file| self.classes.declared_in(*file)).collect();
            let find = |(file, needs): (&usize, _)| Some((*file, missing(needs, &names)?));
            let found: Vec<(usize, &[u8])> = open.iter().filter_map(find).collect();
            if found.is_empty() {
                break;
            }
            for (file, name) in found {
                open.remove(&file);
                left.push((file, self.needed(name)));
            }
        }
        let names: BTreeSet<&[u8]> =
            open.keys().flat_map(|file| self.classes.declared_in(*file)).collect();
        for needs in open.values_mut() {
            needs.retain(|name| names.contains(name));
        }
        let order = [false, true].map(|is_strict| self.ordered(&open, is_strict));
        let [weak, strict] = order.map(|order| (self.switches(&order), order));
        let (_, order) = if strict.0 < weak.0 { strict } else { weak };
        let placed: BTreeSet<usize> = order.iter().copied().collect();
        let circle = "its classes and others need each other to be declared";
        let rest = open.keys().filter(|file| !placed.contains(file));
        left.extend(rest.map(|file| (*file, circle.to_owned())));
        Linked { order, left }
    }

    fn classes_of(&self, file: usize) -> impl Iterator<Item = &'a SurveyedClass> + use<'a> {
        self.classes.sources[file].survey.iter().flat_map(|it| &it.classes)
    }

    /// A file and all that it needs to be declared, without what was taken already.
    pub(crate) fn with_needs(&self, file: usize, taken: &BTreeSet<usize>) -> BTreeSet<usize> {
        let (mut found, mut open) = (BTreeSet::new(), vec![file]);
        while let Some(file) = open.pop() {
            if !taken.contains(&file) && found.insert(file) {
                let needs = self.needs(file);
                let classes = needs.iter().filter_map(|name| self.classes.of_name(name));
                open.extend(classes.map(|class| class.file));
            }
        }
        found
    }

    /// What keeps a file from being declared early, whatever else is.
    fn obstacle(&self, file: usize, is_preloaded: bool) -> Option<String> {
        let survey = self.classes.sources[file].survey.as_ref()?;
        let included = &self.classes.included;
        let is_in = |names: &BTreeSet<Vec<u8>>| {
            self.classes.declared_in(file).any(|name| names.contains(name))
        };
        let is_doubtful = |it: &SurveyedClass| self.is_guess && !self.is_sure_to_link(it);
        let path = &self.classes.sources[file].named;
        let is_stub = path.iter().any(|part| part == "stubs")
            || memchr::memmem::find(path.as_os_str().as_encoded_bytes(), b"polyfill").is_some();
        // `PDO`, but not `Old_Thing`.
        let may_be_php = |name: &[u8]| is_stub || !name.contains(&b'\\') && !name.contains(&b'_');
        let reason = if survey.has_effects {
            "its code does more than declare classes"
        } else if survey.complains {
            "PHP may complain about its code when it compiles it"
        } else if self.classes.declared_in(file).any(may_be_php) {
            "PHP or an extension may have a class of that name"
        } else if survey.has_functions {
            "it declares functions, too"
        } else if is_preloaded && survey.asks_place {
            "its code says where it is, or includes files"
        } else if self.classes.declared_in(file).any(|name| self.classes.of_name(name).is_none()) {
            "it declares a class, too, that Composer does not find by its name"
        } else if is_in(&included.declared) {
            "a script declares a class of that name, too"
        } else if is_in(&included.asked) {
            "some code asks whether its class was loaded"
        } else if survey.classes.iter().any(|it| self.has_wrong_parents(it)) {
            "PHP refuses its class, since it extends or implements what cannot be"
        } else if survey.classes.iter().any(is_wrong_enum) {
            "PHP refuses its enum for one of its methods"
        } else if survey.classes.iter().any(|it| self.is_unfit(it)) {
            "PHP may complain about a method when it declares its class"
        } else if survey.classes.iter().any(is_doubtful) {
            "it is not sure that its class can be declared, and the core is a guess"
        } else {
            return None;
        };
        Some(reason.to_owned())
    }

    fn needed(&self, name: &[u8]) -> String {
        let shown = self.classes.of_name(name);
        let name = String::from_utf8_lossy(shown.map_or(name, |it| &it.name));
        format!("PHP needs `{name}` to declare its class, and that is not declared before")
    }

    /// What PHP needs to declare the classes of a file, but for what is in it.
    fn needs(&self, file: usize) -> BTreeSet<&'a [u8]> {
        let own: BTreeSet<&[u8]> = self.classes.declared_in(file).collect();
        let survey = self.classes.sources[file].survey.as_ref();
        let loads = survey.iter().flat_map(|it| &it.loads).map(Vec::as_slice);
        let mut needs: BTreeSet<&[u8]> = loads.collect();
        for class in self.classes_of(file) {
            needs.extend(class.parents.iter().map(Vec::as_slice));
            let (line, unknown) = self.line(class);
            for all in properties(&line).values() {
                needs.extend(all.windows(2).flat_map(|pair| different(pair[0], pair[1])));
            }
            for (name, all) in methods(&line) {
                if all.iter().any(|it| it.is_compared) {
                    needs.extend(differences(&all));
                }
                // It may be a method of the class of PHP's.
                let is_open = |parent: &&[u8]| builtin(parent).is_none_or(|it| it.has(name));
                if name != b"__construct" && unknown.iter().any(is_open) {
                    let types = all.iter().flat_map(|it| &it.types);
                    needs.extend(types.flat_map(|(_, names)| names).map(Vec::as_slice));
                }
            }
        }
        needs.retain(|name| !own.contains(name));
        needs
    }

    /// All that a class is made of, with itself in front, and the names of which nothing is
    /// known here: PHP's own.
    fn line(&self, class: &'a SurveyedClass) -> (Vec<&'a SurveyedClass>, BTreeSet<&'a [u8]>) {
        let (mut line, mut unknown) = (vec![class], BTreeSet::new());
        let mut seen: BTreeSet<&[u8]> = [&*class.name].into();
        let mut at = 0;
        while let Some(it) = line.get(at) {
            at += 1;
            for parent in &it.parents {
                match self.known.get(&**parent) {
                    Some(parent) if seen.insert(&parent.name) => line.push(parent),
                    Some(_) => {}
                    None => {
                        unknown.insert(&**parent);
                    }
                }
            }
        }
        (line, unknown)
    }

    /// Whether nothing but missing classes can keep a class from being linked. What requests
    /// have used is; of what is guessed, only that is sure which is made of classes of the right
    /// kind, without traits, and has no member of theirs in another form.
    fn is_sure_to_link(&self, class: &'a SurveyedClass) -> bool {
        let (line, unknown) = self.line(class);
        let methods = methods(&line);
        let is_right = |all: &Vec<&MethodTypes>| {
            all.iter().all(|it| !it.is_compared) || all.windows(2).all(is_same)
        };
        // A method that nothing here has may be one of a class of PHP's.
        let has_all = !class.is_concrete || methods.values().all(|all| has_body(all));
        let is_plain = |name: &&[u8]| builtin(name).is_some_and(|it| it.kind == Kind::Class);
        let is_clear = unknown.is_empty() || !line.iter().any(|it| meets_exception(it));
        has_all
            && unknown.iter().all(is_plain)
            && is_clear
            && methods.values().all(is_right)
            && line.iter().all(|it| self.has_right_parents(it))
            && has_own_members(&line)
    }

    /// Whether a class extends something else than a class that is not final, or implements or
    /// uses a class: one of these was changed since requests have used it.
    fn has_wrong_parents(&self, class: &'a SurveyedClass) -> bool {
        let extends = class.shape.extends.as_deref();
        class.parents.iter().any(|name| match self.known.get(&**name).map(|it| &it.shape) {
            Some(it) if extends == Some(name) => it.kind != ClassKind::Class || it.is_final,
            Some(it) => matches!(it.kind, ClassKind::Class | ClassKind::Enum),
            None => false,
        })
    }

    /// Whether a class extends one that can be extended, and implements interfaces, each once.
    fn has_right_parents(&self, class: &'a SurveyedClass) -> bool {
        let mut seen = BTreeSet::new();
        let extends = class.shape.extends.as_deref();
        class.parents.iter().all(|name| {
            let is_extended = extends == Some(name);
            let is_right = match self.known.get(&**name).map(|it| &it.shape) {
                Some(it) if is_extended => it.kind == ClassKind::Class && !it.is_final,
                Some(it) => it.kind == ClassKind::Interface,
                None => is_extended,
            };
            is_right && seen.insert(name)
        })
    }

    /// Whether a class is one of PHP's in a way that its methods are not known to fit, so that
    /// PHP may complain when it declares it, or whether it lacks a method.
    fn is_unfit(&self, class: &'a SurveyedClass) -> bool {
        let (line, unknown) = self.line(class);
        let methods = methods(&line);
        let builtins: Vec<&Builtin> = unknown.iter().filter_map(|it| builtin(it)).collect();
        let is_whole = |it: &&Builtin| !class.is_concrete || it.is_whole(&methods);
        let fits = |it: &&Builtin| it.kind != Kind::Open && it.fits(&methods) && is_whole(it);
        let inherits =
            builtins.len() < unknown.len() || builtins.iter().any(|it| it.kind == Kind::Class);
        let is_adapted = !unknown.is_empty() && line.iter().any(|it| it.shape.adapts_traits);
        let is_itself = class.parents.contains(&class.name);
        let lacks = class.is_concrete && !inherits && !methods.values().all(|all| has_body(all));
        lacks || is_adapted || is_itself || !builtins.iter().all(fits)
    }

    /// The files in an order in which all that a file needs comes before it. Those whose types
    /// are strict and others stand together as far as that goes, since a file has either.
    fn ordered(
        &self,
        open: &BTreeMap<usize, BTreeSet<&'a [u8]>>,
        mut is_strict: bool,
    ) -> Vec<usize> {
        let of_name: BTreeMap<&[u8], usize> = open
            .keys()
            .flat_map(|file| self.classes.declared_in(*file).map(|name| (name, *file)))
            .collect();
        let mut waiting: BTreeMap<usize, usize> = BTreeMap::new();
        let mut children: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut ready: [BTreeSet<usize>; 2] = Default::default();
        for (file, needs) in open {
            let needs: BTreeSet<usize> = needs.iter().map(|name| of_name[name]).collect();
            for need in &needs {
                children.entry(*need).or_default().push(*file);
            }
            if needs.is_empty() {
                ready[usize::from(self.is_strict(*file))].insert(*file);
            }
            waiting.insert(*file, needs.len());
        }
        let mut order = Vec::new();
        while ready.iter().any(|it| !it.is_empty()) {
            let Some(file) = ready[usize::from(is_strict)].pop_first() else {
                is_strict = !is_strict;
                continue;
            };
            order.push(file);
            for child in children.remove(&file).unwrap_or_default() {
                let count = waiting.entry(child).or_default();
                *count -= 1;
                if *count == 0 {
                    ready[usize::from(self.is_strict(child))].insert(child);
                }
            }
        }
        order
    }

    fn is_strict(&self, file: usize) -> bool {
        self.classes.sources[file].survey.as_ref().is_some_and(|it| it.is_strict)
    }

    fn switches(&self, order: &[usize]) -> usize {
        order.windows(2).filter(|it| self.is_strict(it[0]) != self.is_strict(it[1])).count()
    }
}

/// Whether an enum has a method that PHP gives it or allows none; `php -l` says nothing of it.
fn is_wrong_enum(class: &SurveyedClass) -> bool {
    let is_wrong = |name: &[u8]| match name {
        b"cases" | b"from" | b"tryfrom" => true,
        b"__call" | b"__callstatic" | b"__invoke" => false,
        name => name.starts_with(b"__"),
    };
    class.shape.kind == ClassKind::Enum && class.methods.iter().any(|it| is_wrong(&it.name))
}

/// The methods of a line, by their names.
fn methods<'a>(line: &[&'a SurveyedClass]) -> BTreeMap<&'a [u8], Vec<&'a MethodTypes>> {
    let mut found: BTreeMap<&[u8], Vec<&MethodTypes>> = BTreeMap::new();
    for method in line.iter().flat_map(|class| &class.methods) {
        found.entry(&method.name).or_default().push(method);
    }
    found
}

/// The types of the properties of a line, by their names.
fn properties<'a>(line: &[&'a SurveyedClass]) -> BTreeMap<&'a [u8], Vec<&'a MeantType>> {
    let mut found: BTreeMap<&[u8], Vec<&MeantType>> = BTreeMap::new();
    for (name, meant) in line.iter().flat_map(|class| &class.shape.properties) {
        found.entry(name).or_default().push(meant);
    }
    found
}

fn names((_, names): &MeantType) -> impl Iterator<Item = &[u8]> {
    names.iter().map(Vec::as_slice)
}

/// The classes in two types that are not the same, though they may be by an alias.
fn different<'a>(a: &'a MeantType, b: &'a MeantType) -> impl Iterator<Item = &'a [u8]> {
    let is_different = a.0 != b.0;
    names(a).chain(names(b)).filter(move |_| is_different)
}

/// The classes in types that are not the same in all methods of one name: PHP compares them.
fn differences<'a>(all: &[&'a MethodTypes]) -> Vec<&'a [u8]> {
    let Some((first, others)) = all.split_first() else { return Vec::new() };
    let mut found = Vec::new();
    for other in others {
        if first.types.len() != other.types.len() {
            found.extend(first.types.iter().chain(&other.types).flat_map(names));
            continue;
        }
        found.extend(first.types.iter().zip(&other.types).flat_map(|(a, b)| different(a, b)));
    }
    found
}

/// Whether nothing but the bodies of two methods is different.
fn is_same(pair: &[&MethodTypes]) -> bool {
    let [a, b] = pair else { return true };
    let is_final = memchr::memmem::find(&b.form, b"final").is_some();
    let word = |word: &[u8]| a.types.iter().any(|it| memchr::memmem::find(&it.0, word).is_some());
    let is_relative = word(b"self") || word(b"parent");
    let is_same = a.form == b.form && a.types == b.types;
    !is_final && is_same && !is_relative && (b.is_abstract || !a.is_abstract)
}

/// Whether no two classes of a line have a property or constant of one name.
fn has_own_members(line: &[&SurveyedClass]) -> bool {
    let mut seen = BTreeSet::new();
    line.iter().flat_map(|it| &it.shape.members).all(|name| seen.insert(name))
}

/// Whether a class has a method or property of PHP's exceptions.
fn meets_exception(class: &SurveyedClass) -> bool {
    let members = ["message", "code", "file", "line", "string", "trace", "previous"];
    let is_of = |name: &[u8]| members.iter().any(|it| it.as_bytes() == name);
    let methods = class.methods.iter().map(|it| &*it.name);
    let mut methods = methods.filter_map(|it| it.strip_prefix(b"get"));
    let mut properties = class.shape.members.iter().filter_map(|it| it.strip_prefix(b"$"));
    methods.any(|it| is_of(it) || it == b"traceasstring") || properties.any(is_of)
}

pub(crate) fn has_body(all: &[&MethodTypes]) -> bool {
    all.iter().any(|it| !it.is_abstract)
}
