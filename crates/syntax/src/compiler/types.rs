//! Types of parameters, properties, constants and results: which of them PHP takes, and
//! with which first values.

use tilde_lexer::Version;

use super::Checker;
use super::constant::Kind;
use crate::ast::{Expression, Name, Type};
use crate::span::Span;

/// What has a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    Parameter,
    Property,
    Constant,
    Result,
}

/// A type that PHP has built in, or a class.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Atom {
    Builtin(&'static str),
    /// `self` and `parent`.
    Special(Vec<u8>),
    Class(Vec<u8>),
}

/// The types that PHP has built in, with the version from which on a name is no class.
const BUILTIN: [(&str, Version); 15] = [
    ("array", Version::V5_2),
    ("callable", Version::V5_4),
    ("bool", Version::V7_0),
    ("float", Version::V7_0),
    ("int", Version::V7_0),
    ("string", Version::V7_0),
    ("iterable", Version::V7_1),
    ("void", Version::V7_1),
    ("object", Version::V7_2),
    ("mixed", Version::V8_0),
    ("null", Version::V8_0),
    ("false", Version::V8_0),
    ("static", Version::V8_0),
    ("never", Version::V8_1),
    ("true", Version::V8_2),
];

/// Whether a word in a type is no class in this PHP, in any case of its letters.
#[must_use]
pub fn is_builtin_type(word: &[u8], version: Version) -> bool {
    BUILTIN
        .iter()
        .any(|(name, since)| version >= *since && word.eq_ignore_ascii_case(name.as_bytes()))
}

impl<'a> Checker<'_, 'a> {
    pub(super) fn atom(&self, name: Name) -> Atom {
        self.atom_in(name, self.newest)
    }

    fn atom_in(&self, name: Name, version: Version) -> Atom {
        let text = self.text(name.span);
        let builtin = BUILTIN
            .iter()
            .find(|(word, since)| version >= *since && text.eq_ignore_ascii_case(word.as_bytes()));
        match (builtin, self.class_name(name)) {
            (Some((word, _)), _) => Atom::Builtin(word),
            (None, Some(class)) => Atom::Class(class),
            (None, None) => Atom::Special(text.to_ascii_lowercase()),
        }
    }

    pub(super) fn hint(&mut self, hint: Type<'a>, typed: Typed) {
        self.names(hint);
        match hint {
            Type::Name(name) => {
                let Atom::Builtin(word) = self.atom(name) else { return };
                self.lone(name.span, word, typed);
            }
            Type::NullableType(it) => {
                let Type::Name(name) = it.inner else { return };
                let Atom::Builtin(word) = self.atom(name) else { return };
                if matches!(word, "void" | "never" | "mixed" | "null") {
                    self.refuse(it.span, "this type cannot be marked as nullable");
                }
                self.lone(name.span, word, typed);
            }
            Type::UnionType(it) => self.union(it.types, it.span, typed),
            Type::IntersectionType(it) => {
                self.intersection(it.types);
            }
            Type::ParenthesizedType(it) => self.hint(it.inner, typed),
        }
    }

    /// What is wrong with the names in a type.
    fn names(&mut self, hint: Type<'a>) {
        for name in leaves(hint) {
            let text = self.text(name.span);
            let last = text.rsplit(|byte| *byte == b'\\').next().unwrap_or_default();
            if last.len() < text.len() && self.is_reserved(last) {
                self.refuse(name.span, "no class can have this name");
            }
            self.named(name);
        }
    }

    fn lone(&mut self, span: Span, word: &str, typed: Typed) {
        let is_result = typed == Typed::Result;
        if matches!(word, "void" | "never") && !is_result {
            self.refuse(span, "only a result can be of this type");
        }
        if word == "callable" && matches!(typed, Typed::Property | Typed::Constant) {
            self.refuse(span, "this cannot be of the type `callable`");
        }
        if matches!(word, "null" | "false") && self.before(Version::V8_2) {
            self.refuse(span, "up to PHP 8.1 this is no type on its own");
        }
    }

    fn union(&mut self, parts: &[Type<'a>], span: Span, typed: Typed) {
        let mut words: Vec<&str> = Vec::new();
        let mut groups: Vec<Vec<Atom>> = Vec::new();
        for part in parts {
            match part {
                Type::Name(name) => match self.atom(*name) {
                    Atom::Builtin(word) => {
                        if matches!(word, "void" | "never" | "mixed") {
                            self.refuse(name.span, "this type stands alone");
                        }
                        if !matches!(word, "null" | "false") {
                            self.lone(name.span, word, typed);
                        }
                        words.push(word);
                    }
                    atom => groups.push(vec![atom]),
                },
                Type::ParenthesizedType(it) => {
                    if let Type::IntersectionType(it) = it.inner {
                        groups.push(self.intersection(it.types));
                    }
                }
                other => self.doubt(other.span()),
            }
        }
        if groups.len() > MAX_PARTS {
            return self.doubt(span);
        }
        if is_redundant(&words, &groups) {
            self.refuse(span, "a part of this type is redundant");
        }
        let rest = words.iter().filter(|word| !matches!(**word, "null" | "false")).count();
        if rest == 0 && groups.is_empty() && self.before(Version::V8_2) {
            self.refuse(span, "up to PHP 8.1 this is no type on its own");
        }
    }

    fn intersection(&mut self, types: &[Type<'a>]) -> Vec<Atom> {
        let mut atoms: Vec<Atom> = Vec::new();
        if types.len() > MAX_PARTS {
            types.iter().take(1).for_each(|it| self.doubt(it.span()));
            return atoms;
        }
        for part in types {
            let Type::Name(name) = part else { continue };
            let atom = self.atom(*name);
            if !matches!(atom, Atom::Class(_)) {
                self.refuse(name.span, "this type cannot be part of an intersection");
            }
            if atoms.contains(&atom) {
                self.refuse(name.span, "this type is redundant");
            }
            atoms.push(atom);
        }
        atoms
    }

    /// Whether a value that PHP knows goes with a type; `implies_null` if null always does.
    pub(super) fn default(&mut self, hint: Type<'a>, value: Expression<'a>, implies_null: bool) {
        let Some(kind) = self.kind(value) else { return };
        if kind == Kind::Null && implies_null {
            let is_intersection = matches!(hint, Type::IntersectionType(_));
            if is_intersection && self.before(Version::V8_2) {
                self.doubt(value.span());
            }
            return;
        }
        if matches!(hint, Type::NullableType(_)) && kind == Kind::Null {
            return;
        }
        // To an older PHP `mixed` is a class.
        let is_taken = [self.oldest, self.newest].into_iter().all(|version| {
            leaves(hint).into_iter().any(|name| match self.atom_in(name, version) {
                Atom::Builtin(word) => takes(word, kind),
                Atom::Special(_) | Atom::Class(_) => false,
            })
        });
        if !is_taken {
            self.refuse(value.span(), "this value is not of the type that is declared");
        }
    }

    /// Whether a generator may have this type.
    pub(super) fn may_be_generator(&self, hint: Type<'a>) -> bool {
        leaves(hint).into_iter().any(|name| match self.atom(name) {
            Atom::Builtin(word) => matches!(word, "iterable" | "object" | "mixed"),
            Atom::Class(name) => {
                matches!(&*name, b"traversable" | b"iterator" | b"generator")
            }
            Atom::Special(_) => false,
        })
    }
}

/// The parts of a longer type are not compared.
const MAX_PARTS: usize = 1000;

/// The names in a type.
pub(super) fn leaves(hint: Type<'_>) -> Vec<Name> {
    let (mut open, mut names) = (vec![hint], Vec::new());
    while let Some(it) = open.pop() {
        match it {
            Type::Name(name) => names.push(name),
            Type::NullableType(it) => open.push(it.inner),
            Type::ParenthesizedType(it) => open.push(it.inner),
            Type::UnionType(it) => open.extend(it.types.iter().rev()),
            Type::IntersectionType(it) => open.extend(it.types.iter().rev()),
        }
    }
    names
}

fn is_redundant(words: &[&str], groups: &[Vec<Atom>]) -> bool {
    let has = |word| words.contains(&word);
    let is_traversable =
        |group: &Vec<Atom>| matches!(&**group, [Atom::Class(name)] if name == b"traversable");
    let twice = (1..words.len()).any(|at| words[..at].contains(&words[at]));
    // `static` is a class here.
    let has_class = !groups.is_empty() || has("static");
    let subset = |at: usize| {
        groups
            .iter()
            .enumerate()
            .any(|(other, group)| at != other && group.iter().all(|atom| groups[at].contains(atom)))
    };
    twice
        || has("bool") && (has("false") || has("true"))
        || has("true") && has("false")
        || has("iterable") && has("array")
        || has("iterable") && groups.iter().any(is_traversable)
        || has("object") && has_class
        || (0..groups.len()).any(subset)
}

fn takes(word: &str, kind: Kind) -> bool {
    match word {
        "mixed" => true,
        "null" => kind == Kind::Null,
        "bool" => matches!(kind, Kind::Bool | Kind::True | Kind::False),
        // What a comparison yields is not computed here.
        "false" => matches!(kind, Kind::Bool | Kind::False),
        "true" => matches!(kind, Kind::Bool | Kind::True),
        "int" => kind == Kind::Int,
        "float" => matches!(kind, Kind::Int | Kind::Float),
        "string" => kind == Kind::String,
        "array" | "iterable" => kind == Kind::Array,
        _ => false,
    }
}
