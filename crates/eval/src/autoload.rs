//! Autoloaders: what the program has registered to load its classes.
//!
//! They run in their order where a class is needed, as in PHP. From one on of
//! which nothing is known, nobody can say what is loaded.

use std::rc::Rc;

use tilde_syntax::Span;

use crate::builtin::loaded;
use crate::class::is_phps_own;
use crate::evaluator::{Evaluator, Outcome};
use crate::frame::This;
use crate::function::{Arguments, Callable};
use crate::value::{Bytes, Value};

/// What loads classes, in its order.
#[derive(Default)]
pub(crate) struct Autoloaders<'a> {
    list: Vec<Autoloader<'a>>,
    /// Whether there is an `__autoload()`, which counts while the list is empty.
    pub(crate) has_function: bool,
    /// The classes that are being loaded, in lower case.
    loading: Vec<Bytes>,
}

#[derive(Clone)]
pub(crate) enum Autoloader<'a> {
    Known(Callable<'a>),
    /// Something that may load any class.
    Unknown,
}

impl<'a> Autoloaders<'a> {
    pub(crate) fn unknown() -> Self {
        Self { list: vec![Autoloader::Unknown], ..Self::default() }
    }

    /// Whether all of them are known, if there are any.
    pub(crate) fn are_known(&self) -> bool {
        let is_known = |loader: &Autoloader<'_>| matches!(loader, Autoloader::Known(_));
        self.list.iter().all(is_known) && (!self.has_function || !self.list.is_empty())
    }

    /// One that is there already stays where it is.
    pub(crate) fn add(&mut self, loader: Autoloader<'a>, is_first: bool) {
        let ends_unknown = matches!(self.list.last(), Some(Autoloader::Unknown)) && !is_first;
        let is_again = matches!(loader, Autoloader::Unknown) && ends_unknown;
        if is_again || self.list.iter().any(|other| is_same(other, &loader)) {
            return;
        }
        self.list.insert(if is_first { 0 } else { self.list.len() }, loader);
    }

    /// Whether it was there.
    pub(crate) fn remove(&mut self, callable: Callable<'a>) -> bool {
        let loader = Autoloader::Known(callable);
        let at = self.list.iter().position(|other| is_same(other, &loader));
        at.map(|at| self.list.remove(at)).is_some()
    }
}

fn is_same<'a>(left: &Autoloader<'a>, right: &Autoloader<'a>) -> bool {
    let (Autoloader::Known(left), Autoloader::Known(right)) = (left, right) else { return false };
    match (left, right) {
        (Callable::User(left), Callable::User(right)) => Rc::ptr_eq(left, right),
        (Callable::Closure(left), Callable::Closure(right)) => Rc::ptr_eq(left, right),
        (Callable::Method(left), Callable::Method(right)) => {
            let is_same_object = match (&left.this, &right.this) {
                (This::Known(left), This::Known(right)) => left.is_same(right),
                (This::None, This::None) => true,
                _ => false,
            };
            is_same_object && Rc::ptr_eq(&left.function, &right.function)
        }
        _ => false,
    }
}

impl Evaluator<'_> {
    /// Has a class loaded that nobody has declared yet. Returns whether it is
    /// clear then if there is one.
    pub(crate) fn load_class(&mut self, name: &[u8], span: Span) -> Outcome<bool> {
        let key: Bytes = name.to_ascii_lowercase().into();
        self.need_class(&key)?;
        if self.is_settled(&key) || self.autoloaders.loading.contains(&key) {
            return Ok(true);
        }
        if loaded::may_be_phps(&key) || loaded::may_have_class(&key, self.target) {
            return Ok(false);
        }
        for loader in self.autoloaders.list.clone() {
            let Autoloader::Known(callable) = loader else { return Ok(false) };
            let arguments = Arguments { list: vec![Value::string(name)], named: Vec::new() };
            self.autoloaders.loading.push(key.clone());
            let result = self.call_with(&callable, arguments, span);
            self.autoloaders.loading.pop();
            result?;
            if self.is_settled(&key) {
                return Ok(true);
            }
        }
        Ok(self.autoloaders.are_known())
    }

    /// Whether a file has declared a class, or PHP has it.
    fn is_settled(&self, key: &Bytes) -> bool {
        self.classes.contains_key(key) || self.unknown_classes.contains_key(key) || is_phps_own(key)
    }
}
