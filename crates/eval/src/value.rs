//! PHP's values.
//!
//! Inside the evaluator a [`Value`] is no tree but a graph: variables and elements
//! may share a [`Reference`], and objects have an identity. What the evaluator
//! returns has no references any more.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::array::Array;
use crate::error::Unknown;

/// A value of PHP.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer that fits the width of the target.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string of bytes.
    String(Bytes),
    /// An array, shared until one of its owners changes it.
    Array(Arc<Array>),
    /// An object without a class of its own: `stdClass`.
    Object(Arc<Object>),
    /// An object of a class of the program.
    Instance(Instance),
    /// A closure, which only the evaluator that made it can call.
    Closure(Closure),
    /// What several variables or elements share. Never in what
    /// [`crate::Evaluator`] gives away.
    Reference(Reference),
}

impl Value {
    /// A string of these bytes.
    #[must_use]
    pub fn string(bytes: impl Into<Bytes>) -> Self {
        Self::String(bytes.into())
    }

    /// The array, if it is one.
    #[must_use]
    pub fn as_array(&self) -> Option<&Array> {
        match self {
            Self::Array(array) => Some(array),
            _ => None,
        }
    }

    /// The bytes, if it is a string.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::String(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// What `gettype()` calls it.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Bool(_) => "boolean",
            Self::Int(_) => "integer",
            Self::Float(_) => "double",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) | Self::Instance(_) | Self::Closure(_) => "object",
            Self::Reference(reference) => reference.get().type_name(),
        }
    }

    /// The value itself where it is a reference.
    pub(crate) fn get(&self) -> Value {
        match self {
            Self::Reference(reference) => reference.get(),
            other => other.clone(),
        }
    }

    /// The value itself, or what is unknown under another name: nobody shares it
    /// with this one.
    pub(crate) fn copied(&self) -> Value {
        match self {
            Self::Reference(reference) => {
                let mystery = reference.mystery().clone();
                let Some(mystery) = mystery else { return reference.get() };
                let copy = Reference::new(Value::Null);
                copy.forget(mystery);
                Self::Reference(copy)
            }
            other => other.clone(),
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Reference(reference) => reference.get().is_null(),
            _ => false,
        }
    }
}

impl From<Array> for Value {
    fn from(array: Array) -> Self {
        Self::Array(Arc::new(array))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::String(bytes.into())
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::String(bytes.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into_bytes().into())
    }
}

/// The bytes of a string, shared until one of their owners changes them.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(Arc<Vec<u8>>);

impl Bytes {
    /// The bytes, to change them; copied first if they are shared.
    pub(crate) fn make_mut(&mut self) -> &mut Vec<u8> {
        Arc::make_mut(&mut self.0)
    }

    pub(crate) fn is_shared(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }

    /// The bytes with letters of ASCII in lower case.
    pub(crate) fn to_lower(&self) -> Self {
        self.to_ascii_lowercase().into()
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Borrow<[u8]> for Bytes {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Arc::new(bytes))
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Self(Arc::new(bytes.to_vec()))
    }
}

impl From<&str> for Bytes {
    fn from(text: &str) -> Self {
        text.as_bytes().into()
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.escape_ascii())
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self))
    }
}

/// An object of `stdClass`: its properties, in order. Clones of the handle
/// share them.
#[derive(Debug, Default)]
pub struct Object {
    properties: Mutex<Array>,
}

impl Object {
    /// An object with these properties; all keys are strings, or become so.
    #[must_use]
    pub fn new(properties: Array) -> Self {
        Self { properties: Mutex::new(properties) }
    }

    /// Its properties now.
    #[must_use]
    pub fn properties(&self) -> Array {
        self.lock().clone()
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Array> {
        self.properties.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// None if it is being changed just now.
    pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, Array>> {
        self.properties.try_lock().ok()
    }

    pub(crate) fn into_properties(self) -> Array {
        self.properties.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An object of a class of the program, which only the evaluator that made it
/// knows. Clones of the handle are the same object.
#[derive(Clone, Debug)]
pub struct Instance(Arc<Made>);

#[derive(Debug)]
struct Made {
    /// The number of the class in the evaluator.
    class: u32,
    object: Object,
}

impl Instance {
    pub(crate) fn new(class: u32, properties: Array) -> Self {
        Self(Arc::new(Made { class, object: Object::new(properties) }))
    }

    pub(crate) fn class(&self) -> u32 {
        self.0.class
    }

    /// Its properties, whoever may see them.
    pub(crate) fn object(&self) -> &Object {
        &self.0.object
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Its properties, if nobody else has it.
    pub(crate) fn into_properties(self) -> Option<Array> {
        Arc::into_inner(self.0).map(|made| made.object.into_properties())
    }
}

/// A closure: a number in the evaluator that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closure(pub(crate) u32);

/// A value that several variables or elements share, or that only the running
/// PHP knows.
#[derive(Clone, Debug)]
pub struct Reference(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    value: Mutex<Value>,
    mystery: Mutex<Option<Mystery>>,
}

/// Why a value is unknown. Whoever reads it all the same springs the trap, and
/// the evaluation ends.
#[derive(Clone, Debug)]
pub(crate) struct Mystery {
    pub(crate) reason: Unknown,
    pub(crate) trap: Trap,
}

/// What has been read though it is unknown.
pub(crate) type Trap = Arc<Mutex<Option<Unknown>>>;

impl Reference {
    pub(crate) fn new(value: Value) -> Self {
        Self(Arc::new(Shared { value: Mutex::new(value), mystery: Mutex::new(None) }))
    }

    pub(crate) fn get(&self) -> Value {
        // Nothing reads a value while it changes it, but for one that contains
        // itself, and such a one is refused before.
        match self.try_lock().as_deref() {
            // A reference to a reference is never made.
            Some(Value::Reference(_)) | None => Value::Null,
            Some(value) => value.clone(),
        }
    }

    pub(crate) fn set(&self, value: Value) {
        *self.mystery() = None;
        *self.lock() = value;
    }

    /// Makes the value unknown until the next one is set.
    pub(crate) fn forget(&self, mystery: Mystery) {
        self.set(Value::Null);
        *self.mystery() = Some(mystery);
    }

    /// Why the value is unknown, if it is.
    pub(crate) fn unknown(&self) -> Option<Unknown> {
        self.mystery().as_ref().map(|mystery| mystery.reason.clone())
    }

    fn mystery(&self) -> MutexGuard<'_, Option<Mystery>> {
        self.0.mystery.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spring(&self) {
        if let Some(Mystery { reason, trap }) = &*self.mystery() {
            let mut trap = trap.lock().unwrap_or_else(PoisonError::into_inner);
            trap.get_or_insert_with(|| reason.clone());
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Value> {
        self.spring();
        self.0.value.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// None if it is being changed just now.
    pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, Value>> {
        self.spring();
        self.0.value.try_lock().ok()
    }

    /// The same for all that share it, and for nothing else at the same time.
    pub(crate) fn address(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }

    /// Whether more than these have it.
    pub(crate) fn is_shared_beyond(&self, owners: usize) -> bool {
        Arc::strong_count(&self.0) > owners
    }

    /// Whether more than an array and its fresh copy have it.
    pub(crate) fn is_shared_beyond_copy(&self) -> bool {
        Arc::strong_count(&self.0) > 2
    }

    pub(crate) fn into_value(self) -> Option<Value> {
        let shared = Arc::into_inner(self.0)?;
        Some(shared.value.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}
