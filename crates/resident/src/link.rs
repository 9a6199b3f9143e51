//! From the facts of all files to the inventory: whose property a write is of.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use tilde_syntax::Span;

use crate::classes::{Classes, PropertyId};
use crate::facts::{
    Argument, Call, CallKind, Callee, ClassRef, FileFacts, Function, Guard, How, Input, Target,
    TargetWrite, Value, Write, Writer,
};
use crate::functions::restorer;
use crate::inventory::{Declared, Fact, Kind, Rank, Site, WriteSite};
use crate::rank;

/// The inventory of these files: their facts with what other files do to them, in the order
/// of the files and of their bytes. The places in it name files by their index.
#[must_use]
pub fn link(files: &[FileFacts]) -> Vec<Fact> {
    let mut linker = Linker::new(files);
    linker.declare();
    for (file, facts) in files.iter().enumerate() {
        facts.writes.iter().for_each(|write| linker.write(file, write));
        linker.bind(file, facts);
        linker.inputs(file, facts);
        linker.calls(file, facts);
    }
    linker.finish()
}

struct Linker<'f> {
    files: &'f [FileFacts],
    classes: Classes<'f>,
    /// Which functions the files declare, by their names in small letters.
    functions: HashMap<Vec<u8>, Vec<&'f Function>>,
    facts: Vec<Fact>,
    properties: HashMap<PropertyId, usize>,
    /// The properties of a name, for writes whose class is not known.
    by_name: HashMap<&'f [u8], Vec<usize>>,
    variables: HashMap<(usize, u32), usize>,
    /// The global variables that some function uses; none where nothing was noted yet.
    globals: HashMap<&'f [u8], Option<usize>>,
    /// Other things without a declaration: properties of classes that are not here, and
    /// names that show only when the code runs.
    others: HashMap<(Kind, Vec<u8>), usize>,
}

impl<'f> Linker<'f> {
    fn new(files: &'f [FileFacts]) -> Self {
        let mut functions: HashMap<Vec<u8>, Vec<_>> = HashMap::new();
        for function in files.iter().flat_map(|facts| &facts.functions) {
            functions.entry(function.name.to_ascii_lowercase()).or_default().push(function);
        }
        let bound = files.iter().flat_map(|facts| &facts.bindings);
        let written = files.iter().flat_map(|facts| &facts.writes);
        let written = written.filter_map(|it| match &it.target {
            Target::Global(name) => name.as_deref(),
            _ => None,
        });
        Self {
            files,
            classes: Classes::of(files),
            functions,
            facts: Vec::new(),
            properties: HashMap::new(),
            by_name: HashMap::new(),
            variables: HashMap::new(),
            globals: bound
                .filter_map(|it| it.name.as_deref())
                .chain(written)
                .map(|name| (name, None))
                .collect(),
            others: HashMap::new(),
        }
    }

    /// Makes a fact of each static property and variable.
    fn declare(&mut self) {
        for (file, facts) in self.files.iter().enumerate() {
            for (index, class) in facts.classes.iter().enumerate() {
                for (place, property) in class.properties.iter().enumerate() {
                    let name = [&class.name, &b"::$"[..], &property.name].concat();
                    let site = Site { file, span: property.span };
                    let number = self.add(Kind::Property, name, site);
                    let holders = self.classes.holders((file, index));
                    let holders = holders.into_iter().map(|id| self.classes.get(id).name.clone());
                    self.facts[number].property = Some(Box::new(Declared {
                        class: class.name.clone(),
                        property: property.clone(),
                        holders: holders.collect(),
                    }));
                    self.properties.insert(((file, index), place), number);
                    self.by_name.entry(&property.name).or_default().push(number);
                }
            }
            for (index, variable) in facts.variables.iter().enumerate() {
                let label = &facts.writers[variable.writer as usize].label;
                let name = [label, &b"::$"[..], &variable.name].concat();
                let site = Site { file, span: variable.span };
                let number = self.add(Kind::Variable, name, site);
                self.variables.insert((file, index as u32), number);
            }
        }
    }

    fn add(&mut self, kind: Kind, name: Vec<u8>, site: Site) -> usize {
        self.facts.push(Fact {
            kind,
            name,
            site,
            writes: Vec::new(),
            bindings: Vec::new(),
            property: None,
            is_singleton: false,
            rank: Rank::Boot,
            reason: Cow::Borrowed(""),
            is_alarm: false,
        });
        self.facts.len() - 1
    }

    /// The fact of this name, which has no declaration; it is made at the first place.
    fn other(&mut self, kind: Kind, name: Vec<u8>, site: Site) -> usize {
        if let Some(number) = self.others.get(&(kind, name.clone())) {
            return *number;
        }
        let number = self.add(kind, name.clone(), site);
        self.others.insert((kind, name), number);
        number
    }

    /// The fact of a global variable, or of all whose names show only when the code runs.
    fn global(&mut self, name: Option<&'f [u8]>, unknown: &[u8], site: Site) -> usize {
        let Some(name) = name else {
            return self.other(Kind::Unknown, unknown.to_vec(), site);
        };
        if let Some(Some(number)) = self.globals.get(name) {
            return *number;
        }
        let number = self.add(Kind::Global, [b"$GLOBALS['", name, b"']"].concat(), site);
        self.globals.insert(name, Some(number));
        number
    }

    fn write(&mut self, file: usize, it: &'f TargetWrite) {
        if it.only_by.as_ref().is_some_and(|argument| !self.is_reference(file, argument)) {
            return;
        }
        let site = Site { file, span: it.write.span };
        match &it.target {
            Target::Variable(index) => {
                let number = self.variables[&(file, *index)];
                self.note(number, file, &it.write, true);
            }
            Target::Global(name) => {
                let number = self.global(name.as_deref(), UNKNOWN_GLOBAL, site);
                self.note(number, file, &it.write, true);
            }
            Target::FileVariable(name) => {
                if self.globals.contains_key(name.as_slice()) {
                    let number = self.global(Some(name), UNKNOWN_GLOBAL, site);
                    self.note(number, file, &it.write, true);
                }
            }
            Target::Property { class: ClassRef::Dynamic, name: Some(name) } => {
                let number = self.unknown(b"?", Some(name), site);
                self.note(number, file, &it.write, true);
                for number in self.by_name.get(name.as_slice()).cloned().unwrap_or_default() {
                    self.note(number, file, &it.write, false);
                }
            }
            Target::Property { class, name } => self.property(file, class, name.as_deref(), it),
        }
    }

    fn property(&mut self, file: usize, class: &ClassRef, name: Option<&[u8]>, it: &TargetWrite) {
        let site = Site { file, span: it.write.span };
        let label = self.class_label(file, class);
        let Some(name) = name else {
            let number = self.unknown(&label, None, site);
            self.note(number, file, &it.write, true);
            for id in self.classes.all_properties(file, class) {
                self.note(self.properties[&id], file, &it.write, false);
            }
            return;
        };
        let found = self.classes.find(file, class, name);
        for id in &found {
            let number = self.properties[id];
            self.note(number, file, &it.write, true);
        }
        if found.is_empty() {
            let name = [&label, &b"::$"[..], name].concat();
            let number = self.other(Kind::Property, name, site);
            self.note(number, file, &it.write, true);
        }
    }

    /// What a class in front of `::` is called in a report.
    fn class_label(&self, file: usize, class: &ClassRef) -> Vec<u8> {
        let own = |index: &u32| self.classes.get((file, *index as usize));
        match class {
            ClassRef::Own(index) | ClassRef::Late(index) => own(index).name.clone(),
            ClassRef::Parent(index) => own(index).parent.clone().unwrap_or_else(|| b"?".to_vec()),
            ClassRef::Named(name) => name.clone(),
            ClassRef::Dynamic => b"?".to_vec(),
        }
    }

    /// A write of which the class or the name shows only when it runs.
    fn unknown(&mut self, class: &[u8], name: Option<&[u8]>, site: Site) -> usize {
        let name = [class, b"::$", name.unwrap_or(b"?")].concat();
        self.other(Kind::Unknown, name, site)
    }

    fn bind(&mut self, file: usize, facts: &'f FileFacts) {
        for binding in &facts.bindings {
            let site = Site { file, span: binding.span };
            let number = self.global(binding.name.as_deref(), b"global $?", site);
            push(&mut self.facts[number].bindings, site);
        }
    }

    fn note(&mut self, number: usize, file: usize, write: &Write, is_certain: bool) {
        let write = self.site(file, write, is_certain);
        push(&mut self.facts[number].writes, write);
    }

    fn site(&self, file: usize, write: &Write, is_certain: bool) -> WriteSite {
        let writer = &self.files[file].writers[write.writer as usize];
        WriteSite {
            site: Site { file, span: write.span },
            by: writer.label.clone(),
            function: writer.name.clone(),
            how: write.how.clone(),
            guard: write.guard,
            value: write.value.clone(),
            is_certain,
            is_put_back: write.is_put_back,
        }
    }

    fn is_reference(&self, file: usize, argument: &Argument) -> bool {
        match &argument.callee {
            Callee::Method(class, name) => {
                self.classes.takes_reference(file, class, name, argument.position)
            }
            Callee::Function(first, second) => {
                let of = |name: &Vec<u8>| self.functions.get(name);
                let found = of(first).or_else(|| second.as_ref().and_then(of));
                let found = found.into_iter().flatten();
                found.into_iter().any(|it| it.takes_reference(argument.position))
            }
        }
    }

    /// One fact for all reads or writes of a superglobal in a function.
    fn inputs(&mut self, file: usize, facts: &FileFacts) {
        let mut groups: BTreeMap<(u32, bool, &[u8]), Vec<&Input>> = BTreeMap::new();
        for input in &facts.inputs {
            let group = groups.entry((input.writer, input.is_write, &input.name)).or_default();
            group.push(input);
        }
        for ((writer, is_write, name), inputs) in groups {
            let name = [&b"$"[..], name].concat();
            let site = Site { file, span: inputs[0].span };
            let number =
                self.add(Kind::Input, within(&name, &facts.writers[writer as usize]), site);
            for input in inputs {
                let write = Write { is_put_back: input.is_put_back, ..plain(input.span, writer) };
                self.note(number, file, &write, true);
            }
            rank::input(&mut self.facts[number], is_write, facts.declares);
        }
    }

    /// One fact for all calls of a kind and name in a function.
    fn calls(&mut self, file: usize, facts: &FileFacts) {
        let mut groups = Groups::new();
        for call in &facts.calls {
            let shadow = call.shadow.as_ref().map(|name| name.to_ascii_lowercase());
            if shadow.is_none_or(|name| !self.functions.contains_key(&name)) {
                groups.entry((call.writer, call.kind, &call.name)).or_default().push(call);
            }
        }
        for ((writer, kind, name), calls) in &groups {
            let Some(fact) = fact_kind(*kind) else { continue };
            let site = Site { file, span: calls[0].span };
            let name = match fact {
                Kind::Constant => name.to_vec(),
                _ => within(name, &facts.writers[*writer as usize]),
            };
            let number = self.add(fact, name, site);
            self.facts[number].writes.reserve_exact(calls.len());
            for call in calls {
                let (guard, value) = (call.guard, call.value.clone());
                let write = Write { guard, value, ..plain(call.span, call.writer) };
                self.note(number, file, &write, true);
            }
            let is_put_back = is_put_back(*kind, calls, &groups);
            rank::call(&mut self.facts[number], *kind, is_put_back);
        }
    }

    /// A variable that nobody writes by its name may be written where a name shows only when
    /// the code runs.
    fn guess_globals(&mut self) {
        let unknown = self.others.get(&(Kind::Unknown, UNKNOWN_GLOBAL.to_vec()));
        let writes: Vec<WriteSite> = unknown.map_or_else(Vec::new, |number| {
            let writes = self.facts[*number].writes.iter();
            writes.map(|write| WriteSite { is_certain: false, ..write.clone() }).collect()
        });
        let is_open = |fact: &&mut Fact| fact.kind == Kind::Global && fact.writes.is_empty();
        for fact in self.facts.iter_mut().filter(is_open) {
            fact.writes.clone_from(&writes);
        }
    }

    fn finish(mut self) -> Vec<Fact> {
        self.guess_globals();
        let Self { mut facts, .. } = self;
        for fact in &mut facts {
            fact.writes.sort_by_key(|write| write.site);
            fact.writes.dedup_by_key(|write| (write.site, write.is_certain));
            let writes = fact.writes.iter().map(|write| write.site);
            if fact.property.is_none() && fact.kind != Kind::Variable {
                let first = writes.chain(fact.bindings.iter().copied()).min();
                fact.site = first.unwrap_or(fact.site);
            }
            match fact.kind {
                Kind::Property | Kind::Variable | Kind::Global => rank::state(fact),
                Kind::Unknown => rank::unknown(fact),
                _ => {}
            }
        }
        facts.sort_by(|a, b| (a.site, a.kind, &a.name).cmp(&(b.site, b.kind, &b.name)));
        facts
    }
}

/// An element of `$GLOBALS` whose name shows only when it runs.
const UNKNOWN_GLOBAL: &[u8] = b"$GLOBALS[?]";

/// Adds to a list that mostly has one entry.
fn push<T>(list: &mut Vec<T>, entry: T) {
    if list.is_empty() {
        list.reserve_exact(1);
    }
    list.push(entry);
}

fn fact_kind(kind: CallKind) -> Option<Kind> {
    Some(match kind {
        CallKind::Constant => Kind::Constant,
        CallKind::Process | CallKind::Handler => Kind::Process,
        CallKind::Container => Kind::Container,
        CallKind::Exit => Kind::Exit,
        CallKind::Header => Kind::Header,
        CallKind::Output => Kind::Output,
        CallKind::Block => Kind::Block,
        CallKind::Restore | CallKind::Buffer => return None,
    })
}

/// The calls of a file by their function, their kind and their name.
type Groups<'f> = BTreeMap<(u32, CallKind, &'f [u8]), Vec<&'f Call>>;

/// Whether a function puts back what it sets: it calls what is there for that, or the same
/// again with what the first call has returned. Output is caught by `ob_start()`.
fn is_put_back(kind: CallKind, calls: &[&Call], groups: &Groups<'_>) -> bool {
    let has = |kind, name| groups.contains_key(&(calls[0].writer, kind, name));
    match kind {
        CallKind::Process | CallKind::Handler => {
            let restorer = restorer(&calls[0].name);
            let last = calls.last().map(|call| &call.value);
            let is_again = calls.len() > 1 && last != Some(&Value::Constant);
            kind == CallKind::Process && is_again
                || restorer.is_some_and(|name| has(CallKind::Restore, name))
        }
        CallKind::Output => has(CallKind::Buffer, b"ob_start"),
        _ => false,
    }
}

/// `exit in A::b()`; outside of functions the name alone.
fn within(name: &[u8], writer: &Writer) -> Vec<u8> {
    match writer.label.as_slice() {
        b"" => name.to_vec(),
        label => [name, b" in ", label].concat(),
    }
}

/// A place where something happens.
fn plain(span: Span, writer: u32) -> Write {
    let (how, guard, value) = (How::Replaced, Guard::None, Value::Other);
    Write { span, writer, how, guard, value, depth: 0, is_put_back: false }
}
