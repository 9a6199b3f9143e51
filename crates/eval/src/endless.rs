//! Files that include each other without end, so that PHP stops when its memory
//! is used up.
//!
//! That is proved, not guessed: the same file is included again, inside of
//! itself, and nothing that its code could ask has changed since. What waits for
//! it to return does not matter, for it never does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::convert::identical;
use crate::evaluator::{Evaluator, IncludePath, resolved};
use crate::value::{Bytes, Reference, Value};

/// An include that has not returned.
pub(crate) struct Circle {
    /// How many includes it stands in.
    depth: usize,
    path: PathBuf,
    state: State,
}

/// All that code can ask.
struct State {
    values: BTreeMap<(Scope, Bytes), Content>,
    counts: [usize; 8],
    include_path: IncludePath,
}

/// Whose a value is; a frame, a function and an array have a number each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    Frame(usize),
    Function(u32),
    Entry(&'static [u8]),
    Class,
    Global,
    Constant,
}

enum Content {
    Known(Value),
    /// Nothing that runs depends on it, or it would not run.
    Unknown,
}

impl Evaluator<'_> {
    /// Whether including a file in so many others goes on without end.
    pub(crate) fn is_endless(&mut self, path: &Path, depth: usize) -> bool {
        if let Some(circle) = &self.circle
            && circle.depth < depth
        {
            return circle.path == path
                && self.state().is_some_and(|state| state.is(&circle.state));
        }
        let path = path.to_owned();
        self.circle = self.state().map(|state| Circle { depth, path, state });
        false
    }

    /// None where it holds what others may change.
    fn state(&self) -> Option<State> {
        let mut values = self.class_values()?;
        let frames = self.frames.all().enumerate().flat_map(|(index, frame)| {
            frame.variables.iter().map(move |(name, value)| (Scope::Frame(index), name, value))
        });
        let statics =
            self.statics.iter().map(|((id, name), value)| (Scope::Function(*id), name, value));
        let entries =
            self.entries.iter().map(|((array, name), value)| (Scope::Entry(array), name, value));
        let globals = self.globals.iter().map(|(name, value)| (Scope::Global, name, value));
        let constants = self.constants.iter().map(|(name, value)| (Scope::Constant, name, value));
        let all = frames.chain(statics).chain(entries).chain(globals).chain(constants);
        for (scope, name, value) in all {
            values.insert((scope, name.clone()), content(value)?);
        }
        Some(State { values, counts: self.counts(), include_path: self.include_path })
    }

    fn class_values(&self) -> Option<BTreeMap<(Scope, Bytes), Content>> {
        let of_class = |(class, name, value): (&Bytes, Bytes, Reference)| {
            let name = [class, &b"::"[..], &name].concat().into();
            Some(((Scope::Class, name), content(&Value::Reference(value))?))
        };
        let classes = self.classes.iter();
        let all = classes.flat_map(|(name, class)| {
            class.static_values().into_iter().map(move |(property, value)| (name, property, value))
        });
        all.map(of_class).collect()
    }

    fn counts(&self) -> [usize; 8] {
        [
            self.frames.len(),
            self.functions.len(),
            self.classes.len(),
            self.unknown_classes.len(),
            self.closures.len(),
            self.output.len(),
            self.included_len(),
            self.answers,
        ]
    }
}

impl State {
    fn is(&self, other: &Self) -> bool {
        let is_same = |(key, content): (&(Scope, Bytes), &Content)| {
            other.values.get(key).is_some_and(|same| content.is(same))
        };
        self.counts == other.counts
            && self.include_path == other.include_path
            && self.values.len() == other.values.len()
            && self.values.iter().all(is_same)
    }
}

impl Content {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Known(value), Self::Known(same)) => identical(value, same).unwrap_or(false),
            (Self::Unknown, Self::Unknown) => true,
            (Self::Known(_), Self::Unknown) | (Self::Unknown, Self::Known(_)) => false,
        }
    }
}

/// What a variable holds; none if others may change it.
fn content(value: &Value) -> Option<Content> {
    if let Value::Reference(reference) = value
        && reference.unknown().is_some()
    {
        return Some(Content::Unknown);
    }
    let value = resolved(value, 0).ok()?;
    is_plain(&value).then_some(Content::Known(value))
}

fn is_plain(value: &Value) -> bool {
    match value {
        Value::Object(_) | Value::Instance(_) | Value::Closure(_) | Value::Reference(_) => false,
        Value::Array(array) => array.values().all(is_plain),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => true,
    }
}
