//! `$GLOBALS`, `$_SERVER`, `$_GET` and their like: the same in every function,
//! and filled by PHP.
//!
//! An entry that the program has set is known, also where nothing else in its
//! array is. `$GLOBALS` has the variables of the entry script only where a whole
//! application is evaluated: a file alone does not know its includer's.

use tilde_syntax::ast::{Argument, Call, Expression, Index};
use tilde_syntax::{Span, is_superglobal};

use crate::array::Array;
use crate::convert::to_key;
use crate::error::{ErrorKind, Unknown};
use crate::evaluator::{Evaluator, Outcome};
use crate::statement::reference_to;
use crate::value::{Bytes, Mystery, Reference, Value};

/// What the parameters, cookies and files of a request fill.
pub(crate) fn is_request(name: &[u8]) -> bool {
    matches!(name, b"_GET" | b"_POST" | b"_COOKIE" | b"_FILES" | b"_REQUEST")
}

/// Whether PHP may have made a global variable of this name before the first
/// file runs.
fn is_filled(name: &[u8]) -> bool {
    matches!(name, b"argv" | b"argc" | b"php_errormsg") || name.starts_with(b"HTTP_")
}

/// `$GLOBALS['a']`, or `$_SERVER['a']` where not all of the array is known.
pub(crate) enum Entry {
    Global(Bytes),
    Of(&'static [u8], Bytes),
}

/// The arrays of which single entries may be known.
const ARRAYS: [&[u8]; 8] =
    [b"_SERVER", b"_GET", b"_POST", b"_COOKIE", b"_REQUEST", b"_FILES", b"_ENV", b"_SESSION"];

impl<'a> Evaluator<'a> {
    /// The entry that an index stands for, if it is one.
    pub(crate) fn entry(&mut self, node: &'a Index<'a>) -> Outcome<Option<Entry>> {
        let Expression::Variable(base) = node.base else { return Ok(None) };
        let array = &self.text(base.span)[1..];
        let is_global = array == b"GLOBALS";
        let known = ARRAYS.into_iter().find(|known| *known == array);
        if !is_global && known.is_none_or(|array| self.is_whole(array)) {
            return Ok(None);
        }
        let Some(index) = node.index else {
            return self.fail(node.span, unknown(array));
        };
        let index_value = self.index_value(index)?;
        let Some(key) = to_key(&index_value, self.options) else {
            return self.fail(node.span, ErrorKind::fatal("illegal offset type"));
        };
        let name = key.to_bytes();
        Ok(Some(
            known.map_or_else(|| Entry::Global(name.clone()), |of| Entry::Of(of, name.clone())),
        ))
    }

    /// `array_key_exists('a', $_SERVER)` where not all of the array is known; none
    /// if the call is of another kind.
    pub(crate) fn has_entry(&mut self, node: &'a Call<'a>) -> Outcome<Option<bool>> {
        let [Argument::Expression(key), Argument::Expression(Expression::Variable(array))] =
            node.arguments.list
        else {
            return Ok(None);
        };
        let array = &self.text(array.span)[1..];
        let Some(array) = ARRAYS.into_iter().find(|known| *known == array) else {
            return Ok(None);
        };
        if self.is_whole(array) {
            return Ok(None);
        }
        let key = self.expression(*key)?.get();
        let Some(key) = to_key(&key, self.options) else {
            return self.fail(node.span, ErrorKind::fatal("illegal offset type"));
        };
        match self.read_entry(&Entry::Of(array, key.to_bytes()), node.span)? {
            // What is null may be there, or may have been removed.
            Some(Value::Null) => self.fail(node.span, unknown(array)),
            value => Ok(Some(value.is_some())),
        }
    }

    /// Whether all of `$_GET` or its like is known.
    fn is_whole(&self, array: &[u8]) -> bool {
        let is_empty = is_request(array) && self.target.is_request_empty;
        is_empty || self.frames.first().variables.contains_key(array)
    }

    /// The value of such an entry; none where there is none.
    pub(crate) fn read_entry(&mut self, entry: &Entry, span: Span) -> Outcome<Option<Value>> {
        let value = match entry {
            Entry::Global(name) => return self.read_global(name, span),
            Entry::Of(array, name) => match self.entries.get(&(*array, name.clone())) {
                Some(value) => Some(value.get()),
                None => return self.initial_entry(array, name, span),
            },
        };
        self.known(span, Ok(value))
    }

    /// What PHP puts into an entry before the first file runs.
    fn initial_entry(&self, array: &[u8], name: &[u8], span: Span) -> Outcome<Option<Value>> {
        self.known_entry(array, name).map_err(|kind| self.error(span, ErrorKind::Unknown(kind)))
    }

    fn known_entry(&self, array: &[u8], name: &[u8]) -> Result<Option<Value>, Unknown> {
        let text = || String::from_utf8_lossy(name).into_owned();
        if array != b"_SERVER" {
            let entry = format!("{}['{}']", String::from_utf8_lossy(array), text());
            let unknown = if is_request(array) { Unknown::Request } else { Unknown::Variable };
            return Err(unknown(entry));
        }
        let target = self.target;
        if let Some((_, value)) = target.server.iter().find(|(entry, _)| **entry == *name) {
            return Ok(value.clone());
        }
        let known = match name {
            b"SCRIPT_NAME" => &target.script_name,
            b"DOCUMENT_ROOT" => &target.document_root,
            b"HTTP_HOST" | b"SERVER_NAME" => &target.host,
            _ => &None,
        };
        match known {
            Some(value) => Ok(Some(Value::String(value.clone()))),
            None => Err(Unknown::Server(Some(text()))),
        }
    }

    /// What a write to such an entry goes to. Until then it has what PHP has put
    /// there, known or not.
    pub(crate) fn entry_reference(&mut self, entry: &Entry, span: Span) -> Outcome<Reference> {
        let slot = match entry {
            Entry::Global(name) => self.global_slot(name, span)?,
            Entry::Of(array, name) => {
                let key = (*array, name.clone());
                if !self.entries.contains_key(&key) {
                    let value = self.known_entry(array, name);
                    let value = value.unwrap_or_else(|reason| Some(self.unknown_value(reason)));
                    self.entries.insert(key.clone(), value.unwrap_or_default());
                }
                self.entries.entry(key).or_default()
            }
        };
        match reference_to(slot) {
            Value::Reference(reference) => Ok(reference),
            _ => self.fail(span, ErrorKind::unsupported("this variable")),
        }
    }

    /// A value that nobody may read.
    fn unknown_value(&mut self, reason: Unknown) -> Value {
        self.has_mysteries = true;
        let reference = Reference::new(Value::Null);
        reference.forget(Mystery { reason, trap: self.trap.clone() });
        Value::Reference(reference)
    }

    /// `unset($_SERVER['a'])`
    pub(crate) fn remove_entry(&mut self, entry: Entry) {
        match entry {
            Entry::Global(name) if self.target.is_application => {
                self.frames.first_mut().variables.shift_remove(&*name);
            }
            Entry::Global(name) => {
                self.globals.insert(name, Value::Null);
            }
            Entry::Of(array, name) => {
                self.entries.insert((array, name), Value::Null);
            }
        }
    }

    fn read_global(&mut self, name: &Bytes, span: Span) -> Outcome<Option<Value>> {
        let variables = &self.frames.first().variables;
        let slot =
            if self.target.is_application { variables.get(name) } else { self.globals.get(name) };
        match slot.map(Value::get) {
            None if self.is_global_unknown(name) => self.fail(span, unknown_global(name)),
            value => self.known(span, Ok(value)),
        }
    }

    /// A global variable to write to, which is null if nobody has set it.
    pub(crate) fn global_slot(&mut self, name: &Bytes, span: Span) -> Outcome<&mut Value> {
        if is_superglobal(name) {
            return self.fail(span, unknown_global(name));
        }
        Ok(if self.target.is_application {
            self.frames.first_mut().variables.entry(name.clone()).or_default()
        } else {
            self.globals.entry(name.clone()).or_default()
        })
    }

    /// `global $a`: what it is bound to.
    pub(crate) fn global_reference(&mut self, name: &Bytes, span: Span) -> Outcome<Value> {
        let variables = &self.frames.first().variables;
        let is_set = variables.contains_key(name) || self.globals.contains_key(name);
        if !is_set && self.is_global_unknown(name) {
            return self.fail(span, unknown_global(name));
        }
        self.global_slot(name, span).map(reference_to)
    }

    /// Whether a global variable that no file has set may have a value.
    fn is_global_unknown(&self, name: &[u8]) -> bool {
        !self.target.is_application || is_superglobal(name) || is_filled(name)
    }

    /// All of `$_GET` or its like, where it is known.
    pub(crate) fn whole_request(&self, name: &[u8], span: Span) -> Outcome<Value> {
        match self.frames.first().variables.get(name) {
            Some(value) => Ok(value.get()),
            None if self.is_whole(name) => Ok(Array::new().into()),
            None => self.fail(span, unknown(name)),
        }
    }

    /// A variable of the request to change: it must be known.
    pub(crate) fn request_reference(&mut self, name: &Bytes, span: Span) -> Outcome<Reference> {
        if !self.is_whole(name) {
            return self.fail(span, unknown(name));
        }
        let variables = &mut self.frames.first_mut().variables;
        let slot = variables.entry(name.clone()).or_insert_with(|| Array::new().into());
        match reference_to(slot) {
            Value::Reference(reference) => Ok(reference),
            _ => self.fail(span, unknown(name)),
        }
    }

    /// `$_GET = …`, after which all of it is known.
    pub(crate) fn set_request(&mut self, name: &[u8], value: Value) {
        self.entries.retain(|(array, _), _| *array != name);
        match self.frames.first_mut().variables.entry(name.into()).or_default() {
            Value::Reference(reference) => reference.set(value),
            slot => *slot = value,
        }
    }
}

fn unknown(name: &[u8]) -> ErrorKind {
    let text = String::from_utf8_lossy(name).into_owned();
    ErrorKind::Unknown(match name {
        b"_SERVER" => Unknown::Server(None),
        name if is_request(name) => Unknown::Request(text),
        _ => Unknown::Variable(text),
    })
}

fn unknown_global(name: &[u8]) -> ErrorKind {
    let name = String::from_utf8_lossy(name);
    ErrorKind::Unknown(Unknown::Variable(format!("GLOBALS['{name}']")))
}
