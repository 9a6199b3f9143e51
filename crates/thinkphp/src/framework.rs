//! The framework's own functions, as configuration files call them.
//!
//! `C()` and `L()` hold what the caches end with, so they are kept here while
//! files are evaluated. There are two phases: while the entry script runs, none
//! of these functions exist, and the first call that
//! starts the framework is where the constants are complete.

use std::cell::{Cell, RefCell};

use tilde_eval::{Array, Bytes, Call, ErrorKind, Host, Key, Options, Value};

use crate::generation::{Case, Generation};

/// What the framework remembers while an application is built.
pub(crate) struct Framework<'a> {
    options: Options,
    known: &'a [(String, Value)],
    phase: Cell<Phase>,
    keys: Cell<Case>,
    changes_second_key: Cell<bool>,
    /// How many constants there were when the core of 2.x was loaded, if the
    /// entry script came so far.
    core_constants: Cell<Option<usize>>,
    /// `C()`
    pub(crate) config: RefCell<Array>,
    /// `L()`
    pub(crate) words: RefCell<Array>,
    /// `Think\Think::addMap()`
    pub(crate) map: RefCell<Array>,
    /// `Think\Hook::import()`
    pub(crate) hooks: RefCell<Array>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The entry script, up to the start of the framework.
    Entry,
    /// The framework's functions are there.
    Started,
}

/// In 2.x, calls that define the framework's constants, after which the entry
/// script goes on.
const DEFINITIONS: &[&[u8]] = &[b"build_runtime", b"load_think_mode"];

/// Calls that start the framework: what follows defines no more constants, or
/// is done by `builder.rs`.
const STARTS: &[&[u8]] = &[
    b"load_runtime_file",
    b"app::run",
    b"think\\app::run",
    b"think::start",
    b"think\\think::start",
];

/// The framework's own object, which entry scripts of 2.x make before they start
/// it: they may still define constants then.
const OBJECTS: &[&[u8]] = &[b"app::__construct", b"think\\app::__construct"];

impl<'a> Framework<'a> {
    pub(crate) fn new(options: Options, known: &'a [(String, Value)]) -> Self {
        Self {
            options,
            known,
            phase: Cell::new(Phase::Entry),
            keys: Cell::new(Case::Lower),
            changes_second_key: Cell::new(false),
            core_constants: Cell::new(None),
            config: RefCell::default(),
            words: RefCell::default(),
            map: RefCell::default(),
            hooks: RefCell::default(),
        }
    }

    /// From here on the functions of this generation exist.
    pub(crate) fn start(&self, generation: &Generation) {
        self.phase.set(Phase::Started);
        self.keys.set(generation.keys);
        self.changes_second_key.set(generation.changes_second_key);
    }

    /// How many constants there were when the core of 2.x was loaded.
    pub(crate) fn core_constants(&self) -> Option<usize> {
        self.core_constants.get()
    }

    /// The same where PHP has run the entry script.
    pub(crate) fn set_core_constants(&self, len: usize) {
        self.core_constants.set(Some(len));
    }

    pub(crate) fn set_keys(&self, keys: Case) {
        self.keys.set(keys);
    }

    pub(crate) fn has_upper_keys(&self) -> bool {
        self.keys.get() == Case::Upper
    }

    /// `C($array)`; what is no array is no configuration.
    pub(crate) fn configure(&self, value: &Value) {
        if let Value::Array(array) = value {
            let changed = change_case(array, self.keys.get());
            let merged = merge(&self.config.borrow(), &changed, self.options);
            self.config.replace(merged);
        }
    }

    /// `C($name, $value)`; null sets nothing.
    pub(crate) fn set(&self, name: &[u8], value: Value) {
        if matches!(value, Value::Null) {
            return;
        }
        let mut config = self.config.borrow_mut();
        match self.split(name) {
            (name, None) => config.insert(self.key(&name), value),
            (group, Some(name)) => {
                let key = self.key(&group);
                let mut inner = match config.get(&key) {
                    Some(Value::Array(array)) => Array::clone(array),
                    _ => Array::new(),
                };
                inner.insert(self.key(&name), value);
                config.insert(key, inner.into());
            }
        }
    }

    /// `C($name)`, null where there is nothing.
    pub(crate) fn get(&self, name: &[u8]) -> Value {
        let config = self.config.borrow();
        let value = match self.split(name) {
            (name, None) => config.get(&self.key(&name)),
            (group, Some(name)) => match config.get(&self.key(&group)) {
                Some(Value::Array(inner)) => inner.get(&self.key(&name)),
                _ => None,
            },
        };
        value.cloned().unwrap_or_default()
    }

    /// A name in the letters of keys; of `a.b`, unless the dot comes first, two
    /// names. What follows a second dot does not count.
    fn split(&self, name: &[u8]) -> (Vec<u8>, Option<Vec<u8>>) {
        let keys = self.keys.get();
        match memchr::memchr(b'.', name) {
            None | Some(0) => (keys.of(name), None),
            Some(_) => {
                let mut parts = name.split(|byte| *byte == b'.');
                let group = parts.next().unwrap_or_default();
                let second = parts.next().unwrap_or_default();
                let second =
                    if self.changes_second_key.get() { keys.of(second) } else { second.to_vec() };
                (keys.of(group), Some(second))
            }
        }
    }

    fn key(&self, name: &[u8]) -> Key {
        Key::from_bytes(name, self.options.int_size)
    }

    /// `L($array)`
    pub(crate) fn translate(&self, value: &Value) {
        if let Value::Array(array) = value {
            let changed = change_case(array, Case::Upper);
            let merged = merge(&self.words.borrow(), &changed, self.options);
            self.words.replace(merged);
        }
    }

    /// `Think\Think::addMap($array)`
    pub(crate) fn add_map(&self, value: &Value) {
        if let Value::Array(array) = value {
            let merged = merge(&self.map.borrow(), array, self.options);
            self.map.replace(merged);
        }
    }

    /// `Think\Hook::import($array)`: each tag joins what it has, or replaces it
    /// with `_overlay`.
    pub(crate) fn import_hooks(&self, value: &Value) {
        let Value::Array(array) = value else { return };
        let mut hooks = self.hooks.borrow_mut();
        for (tag, value) in array.iter() {
            let old = match hooks.get(&tag) {
                Some(Value::Array(old)) => Array::clone(old),
                _ => Array::new(),
            };
            let merged = match value {
                Value::Array(new)
                    if new.get_str("_overlay").is_some_and(|value| !is_empty(value)) =>
                {
                    let mut new = Array::clone(new);
                    new.remove(&Key::String("_overlay".into()));
                    new.into()
                }
                Value::Array(new) => merge(&old, new, self.options).into(),
                // array_merge() warns and gives null.
                _ => Value::Null,
            };
            hooks.insert(tag, merged);
        }
    }

    /// The function `C()`.
    fn config_function(&self, arguments: &[Value]) -> Value {
        let null = Value::Null;
        let (name, value) = (arguments.first().unwrap_or(&null), arguments.get(1).unwrap_or(&null));
        match name {
            name if is_empty(name) => Value::from(self.config.borrow().clone()),
            Value::Array(_) => {
                self.configure(name);
                Value::Null
            }
            Value::String(name) if matches!(value, Value::Null) => match self.get(name) {
                Value::Null => arguments.get(2).cloned().unwrap_or_default(),
                value => value,
            },
            Value::String(name) => {
                self.set(name, value.clone());
                Value::Null
            }
            _ => Value::Null,
        }
    }

    /// The function `L()`, as far as names go: with variables it is refused.
    fn words_function(&self, arguments: &[Value]) -> Result<Value, ErrorKind> {
        Ok(match arguments {
            [] => Value::from(self.words.borrow().clone()),
            [Value::Array(_)] => {
                self.translate(&arguments[0]);
                Value::Null
            }
            [Value::String(name)] => {
                let key = Key::String(name.to_ascii_uppercase().into());
                self.words
                    .borrow()
                    .get(&key)
                    .cloned()
                    .unwrap_or_else(|| Value::String(name.clone()))
            }
            _ => return Err(ErrorKind::Unsupported("L() with these arguments".to_owned())),
        })
    }
}

impl Host for Framework<'_> {
    fn call(&self, call: &Call<'_, '_>) -> Option<Result<Value, ErrorKind>> {
        if let Some((_, value)) = self.known.iter().find(|(name, _)| name.as_bytes() == call.name) {
            return Some(Ok(value.clone()));
        }
        // The first request finds no cache.
        if matches!(call.name, b"is_file" | b"file_exists") && is_cache(call) {
            return Some(Ok(false.into()));
        }
        match self.phase.get() {
            Phase::Entry => entry_call(call.name),
            Phase::Started => self.framework_call(call),
        }
    }

    fn files(&self, call: &Call<'_, '_>) -> Vec<Bytes> {
        let is_definition = self.phase.get() == Phase::Entry && DEFINITIONS.contains(&call.name);
        let Some(Value::String(think)) = call.constant("THINK_PATH").filter(|_| is_definition)
        else {
            return Vec::new();
        };
        definitions(think, call.constant("PATH_DEFINE_FILE")).map(Bytes::from).to_vec()
    }

    fn included(&self, call: &Call<'_, '_>) {
        self.core_constants.set(Some(call.constants_len()));
    }
}

/// The files of 2.x that define constants.
pub(crate) fn definitions(think: &[u8], paths: Option<&Value>) -> [Vec<u8>; 2] {
    let paths = match paths {
        Some(Value::String(paths)) => paths.to_vec(),
        _ => [think, b"/Common/paths.php"].concat(),
    };
    [[think, b"/Common/defines.php"].concat(), paths]
}

impl Framework<'_> {
    fn framework_call(&self, call: &Call<'_, '_>) -> Option<Result<Value, ErrorKind>> {
        let arguments = call.arguments;
        Some(match call.name {
            b"c" => Ok(self.config_function(arguments)),
            b"l" => self.words_function(arguments),
            b"g" | b"alias_import" => Ok(Value::Null),
            b"think\\think::addmap" | b"think\\hook::import" => {
                let [argument @ Value::Array(_)] = arguments else { return None };
                if call.name.ends_with(b"addmap") {
                    self.add_map(argument);
                } else {
                    self.import_hooks(argument);
                }
                Ok(Value::Null)
            }
            _ => return None,
        })
    }
}

fn entry_call(name: &[u8]) -> Option<Result<Value, ErrorKind>> {
    if name == b"g" {
        return Some(Ok(Value::Null));
    }
    if OBJECTS.contains(&name) {
        return Some(Ok(Value::Null));
    }
    STARTS.contains(&name).then_some(Err(ErrorKind::Stopped))
}

/// Whether a path is that of a cache, which the framework looks for in its
/// entry.
fn is_cache(call: &Call<'_, '_>) -> bool {
    let Some(Value::String(path)) = call.arguments.first() else { return false };
    if let Some(Value::String(file)) = call.constant("RUNTIME_FILE")
        && file == path
    {
        return true;
    }
    let name = path.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or_default();
    name.starts_with(b"~") || name.ends_with(b"~runtime.php")
}

/// `empty()`
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Int(value) => *value == 0,
        Value::Float(value) => *value == 0.0,
        Value::String(bytes) => matches!(&**bytes, b"" | b"0"),
        Value::Array(array) => array.is_empty(),
        Value::Object(_) | Value::Instance(_) | Value::Closure(_) | Value::Reference(_) => false,
    }
}

/// `array_change_key_case()`
pub(crate) fn change_case(array: &Array, case: Case) -> Array {
    let mut changed = Array::new();
    for (key, value) in array.iter() {
        let key = match key {
            Key::Int(_) => key,
            Key::String(bytes) => Key::String(case.of(&bytes).into()),
        };
        changed.insert(key, value.clone());
    }
    changed
}

/// `array_merge()`
pub(crate) fn merge(first: &Array, second: &Array, options: Options) -> Array {
    let mut merged = Array::new();
    for (key, value) in first.iter().chain(second.iter()) {
        match key {
            Key::Int(_) => {
                merged.push(value.clone(), options);
            }
            Key::String(_) => merged.insert(key, value.clone()),
        }
    }
    merged
}
