//! PHP's arrays: keys in the order in which they came.
//!
//! Which key `$a[] = 1` takes depends on the PHP, on keys that are gone again, and
//! on negative ones.

use std::hash::{Hash, Hasher};
use std::mem;
use std::sync::Arc;

use indexmap::{Equivalent, IndexMap};
use rustc_hash::FxBuildHasher;
use tilde_syntax::{IntSize, Options, Version};

use crate::value::{Bytes, Value};

/// A key of an array. `'8'` is the integer 8, `'08'` is a string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// An integer.
    Int(i64),
    /// A string that is no integer.
    String(Bytes),
}

impl Key {
    /// The key that a string makes in a PHP of this integer width.
    #[must_use]
    pub fn from_bytes(bytes: &[u8], int_size: IntSize) -> Self {
        match integer_key(bytes, int_size) {
            Some(integer) => Self::Int(integer),
            None => Self::String(bytes.into()),
        }
    }

    pub(crate) fn from_string(bytes: &Bytes, int_size: IntSize) -> Self {
        match integer_key(bytes, int_size) {
            Some(integer) => Self::Int(integer),
            None => Self::String(bytes.clone()),
        }
    }

    /// The key as a value.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Int(integer) => Value::Int(*integer),
            Self::String(bytes) => Value::String(bytes.clone()),
        }
    }

    /// The key as a string.
    pub(crate) fn to_bytes(&self) -> Bytes {
        match self {
            Self::Int(integer) => integer.to_string().into_bytes().into(),
            Self::String(bytes) => bytes.clone(),
        }
    }

    fn as_ref(&self) -> KeyRef<'_> {
        match self {
            Self::Int(integer) => KeyRef::Int(*integer),
            Self::String(bytes) => KeyRef::String(bytes),
        }
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_ref().hash(state);
    }
}

/// A key that owns nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum KeyRef<'a> {
    Int(i64),
    String(&'a [u8]),
}

impl Equivalent<Key> for KeyRef<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        *self == key.as_ref()
    }
}

/// The integer that a key like `'-8'` is.
fn integer_key(bytes: &[u8], int_size: IntSize) -> Option<i64> {
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let is_canonical = match digits {
        [b'0'] => digits.len() == bytes.len(),
        [b'1'..=b'9', rest @ ..] => rest.len() < 19 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if !is_canonical {
        return None;
    }
    let integer: i64 = str::from_utf8(bytes).ok()?.parse().ok()?;
    let (min, max) = range(int_size);
    (integer >= min && integer <= max).then_some(integer)
}

/// The least and the greatest integer.
pub(crate) fn range(int_size: IntSize) -> (i64, i64) {
    match int_size {
        IntSize::Four => (i64::from(i32::MIN), i64::from(i32::MAX)),
        IntSize::Eight => (i64::MIN, i64::MAX),
    }
}

type Map = IndexMap<Key, Value, FxBuildHasher>;

/// An array of PHP.
#[derive(Clone, Debug)]
pub struct Array {
    entries: Entries,
    /// One more than the greatest integer key so far; the least integer before
    /// there is one.
    next: i64,
    /// The place of `current()`.
    pub(crate) position: usize,
}

#[derive(Clone, Debug)]
enum Entries {
    /// Keys from 0 on.
    List(Vec<Value>),
    Map(Map),
}

impl Default for Array {
    fn default() -> Self {
        Self::new()
    }
}

impl Array {
    /// An array without an element.
    #[must_use]
    pub fn new() -> Self {
        Self { entries: Entries::List(Vec::new()), next: i64::MIN, position: 0 }
    }

    /// A list: keys from 0 on.
    #[must_use]
    pub fn from_list(values: Vec<Value>) -> Self {
        let next = if values.is_empty() { i64::MIN } else { values.len() as i64 };
        Self { entries: Entries::List(values), next, position: 0 }
    }

    /// From 8.0 to 8.2 an array that begins empty counts from 0, whatever
    /// negative keys it gets, and one that begins with an element does not.
    pub(crate) fn settle_if_empty(&mut self, options: Options) {
        let is_between = (Version::V8_0..Version::V8_3).contains(&options.version);
        if is_between && self.is_empty() && self.next == i64::MIN {
            self.next = 0;
        }
    }

    /// How many elements it has.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.entries {
            Entries::List(list) => list.len(),
            Entries::Map(map) => map.len(),
        }
    }

    /// Whether it has no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element of a key.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Value> {
        match (&self.entries, key) {
            (Entries::List(list), Key::Int(index)) => list.get(usize::try_from(*index).ok()?),
            (Entries::List(_), Key::String(_)) => None,
            (Entries::Map(map), key) => map.get(key),
        }
    }

    /// The element of a string key.
    #[must_use]
    pub fn get_str(&self, key: &str) -> Option<&Value> {
        match &self.entries {
            Entries::List(_) => None,
            Entries::Map(map) => map.get(&KeyRef::String(key.as_bytes())),
        }
    }

    /// The element at a place, counted from 0.
    #[must_use]
    pub fn at(&self, position: usize) -> Option<(Key, &Value)> {
        match &self.entries {
            Entries::List(list) => {
                list.get(position).map(|value| (Key::Int(position as i64), value))
            }
            Entries::Map(map) => map.get_index(position).map(|(key, value)| (key.clone(), value)),
        }
    }

    /// The place of a key, counted from 0.
    pub(crate) fn position_of(&self, key: &Key) -> Option<usize> {
        match (&self.entries, key) {
            (Entries::List(list), Key::Int(index)) => {
                usize::try_from(*index).ok().filter(|index| *index < list.len())
            }
            (Entries::List(_), Key::String(_)) => None,
            (Entries::Map(map), key) => map.get_index_of(key),
        }
    }

    /// All elements in order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Key, &Value)> + '_ {
        (0..self.len()).filter_map(|position| self.at(position))
    }

    /// All keys in order.
    #[must_use]
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = Key> + '_ {
        self.iter().map(|(key, _)| key)
    }

    /// All values in order.
    #[must_use]
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + '_ {
        self.iter().map(|(_, value)| value)
    }

    /// Whether the keys are 0, 1, 2 and so on.
    #[must_use]
    pub fn is_list(&self) -> bool {
        match &self.entries {
            Entries::List(_) => true,
            Entries::Map(map) => {
                map.keys().enumerate().all(|(index, key)| *key == Key::Int(index as i64))
            }
        }
    }

    /// Sets the element of a key: in its old place, or at the end.
    pub fn insert(&mut self, key: Key, value: Value) {
        *self.slot(key) = value;
    }

    /// The element of a key, which is null and at the end if it is new.
    pub(crate) fn slot(&mut self, key: Key) -> &mut Value {
        if let Key::Int(index) = key
            && index >= self.next
        {
            self.next = index.saturating_add(1);
        }
        if let Entries::List(list) = &mut self.entries {
            match key {
                Key::Int(index) if index >= 0 && index <= list.len() as i64 => {}
                _ => self.make_map(),
            }
        }
        match (&mut self.entries, key) {
            (Entries::List(list), Key::Int(index)) => {
                let index = index as usize;
                if index == list.len() {
                    list.push(Value::Null);
                }
                &mut list[index]
            }
            (Entries::Map(map), key) => map.entry(key).or_default(),
            (Entries::List(_), Key::String(_)) => unreachable!("a list with a string key is a map"),
        }
    }

    /// Removes the element of a key.
    pub fn remove(&mut self, key: &Key) -> Option<Value> {
        let position = self.position_of(key)?;
        if position < self.position {
            self.position -= 1;
        }
        match &mut self.entries {
            Entries::List(list) if position + 1 == list.len() => list.pop(),
            Entries::List(_) => {
                self.make_map();
                self.remove(key)
            }
            Entries::Map(map) => map.shift_remove(key),
        }
    }

    /// Which key the next element without one gets; none where PHP has no more.
    #[must_use]
    pub fn next_index(&self, options: Options) -> Option<i64> {
        let next = match self.next {
            i64::MIN => 0,
            next if options.version < Version::V8_0 => next.max(0),
            next => next,
        };
        let (_, max) = range(options.int_size);
        if next > max || (next == max && self.get(&Key::Int(max)).is_some()) {
            return None;
        }
        Some(next)
    }

    /// Adds an element without a key; false where PHP has no key for it.
    pub fn push(&mut self, value: Value, options: Options) -> bool {
        match self.next_index(options) {
            Some(next) => {
                self.insert(Key::Int(next), value);
                true
            }
            None => false,
        }
    }

    /// Adds a value to an array whose keys were all given by this function.
    pub(crate) fn append(&mut self, value: Value) {
        let next = self.next.max(0);
        self.insert(Key::Int(next), value);
    }

    /// Gives the key of the last element free, as `array_pop()` does.
    pub(crate) fn free_key(&mut self, key: &Key) {
        if let Key::Int(index) = key
            && self.next == index.saturating_add(1)
        {
            self.next = if *index == 0 { i64::MIN } else { *index };
        }
    }

    fn make_map(&mut self) {
        if let Entries::List(list) = &mut self.entries {
            let values = mem::take(list);
            let keys = (0..).map(Key::Int);
            self.entries = Entries::Map(keys.zip(values).collect());
        }
    }

    /// A copy as PHP makes it: what nothing else refers to is no reference in
    /// the copy.
    pub(crate) fn separated(&self) -> Self {
        let mut copy = self.clone();
        let unwrap = |value: &mut Value| {
            // One reference is in the original, one in the copy.
            if let Value::Reference(reference) = value
                && !reference.is_shared_beyond_copy()
            {
                *value = reference.get();
            }
        };
        copy.values_mut().for_each(unwrap);
        copy
    }

    pub(crate) fn values_mut(&mut self) -> Box<dyn Iterator<Item = &mut Value> + '_> {
        match &mut self.entries {
            Entries::List(list) => Box::new(list.iter_mut()),
            Entries::Map(map) => Box::new(map.values_mut()),
        }
    }

    fn take_values(&mut self) -> Vec<Value> {
        match &mut self.entries {
            Entries::List(list) => mem::take(list),
            Entries::Map(map) => mem::take(map).into_values().collect(),
        }
    }
}

/// The array, to change it; copied first if it is shared.
pub(crate) fn make_mut(array: &mut Arc<Array>) -> &mut Array {
    if Arc::strong_count(array) > 1 {
        *array = Arc::new(array.separated());
    }
    Arc::make_mut(array)
}

impl FromIterator<(Key, Value)> for Array {
    fn from_iter<I: IntoIterator<Item = (Key, Value)>>(entries: I) -> Self {
        let mut array = Self::new();
        for (key, value) in entries {
            array.insert(key, value);
        }
        array
    }
}

impl Drop for Array {
    /// Arrays nest as deep as a program likes, and the stack is not as deep.
    fn drop(&mut self) {
        let is_plain = |value: &Value| {
            !matches!(
                value,
                Value::Array(_) | Value::Object(_) | Value::Instance(_) | Value::Reference(_)
            )
        };
        let all_plain = match &self.entries {
            Entries::List(list) => list.iter().all(is_plain),
            Entries::Map(map) => map.values().all(is_plain),
        };
        if all_plain {
            return;
        }
        let mut values = self.take_values();
        while let Some(value) = values.pop() {
            match value {
                Value::Array(array) => {
                    if let Some(mut array) = Arc::into_inner(array) {
                        values.extend(array.take_values());
                    }
                }
                Value::Object(object) => {
                    if let Some(object) = Arc::into_inner(object) {
                        values.extend(object.into_properties().take_values());
                    }
                }
                Value::Instance(instance) => {
                    if let Some(mut properties) = instance.into_properties() {
                        values.extend(properties.take_values());
                    }
                }
                Value::Reference(reference) => values.extend(reference.into_value()),
                _ => {}
            }
        }
    }
}
