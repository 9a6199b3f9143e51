//! What a name or a value stands for when it is called.

use tilde_syntax::Span;

use super::{Callable, Callee, method_key};
use crate::array::Key;
use crate::builtin::{self};
use crate::error::ErrorKind;
use crate::evaluator::{Evaluator, Outcome};
use crate::value::{Bytes, Closure, Value};

impl<'a> Evaluator<'a> {
    /// What a name in the code calls: the first candidate that exists. A host
    /// is asked for it and for those before it.
    pub(crate) fn function_named(&mut self, name: &[u8], span: Span) -> Outcome<Callee<'a>> {
        let candidates = self.frame().names.function(name);
        for full in [Some(&candidates.full), candidates.fallback.as_ref()].into_iter().flatten() {
            self.need_function(&full.to_lower())?;
        }
        Ok(self.declared_function(name, span))
    }

    /// The same without the files that wait to declare it.
    pub(crate) fn declared_function(&self, name: &[u8], span: Span) -> Callee<'a> {
        let candidates = self.frame().names.function(name);
        let mut names = Vec::new();
        for full in [Some(&candidates.full), candidates.fallback.as_ref()].into_iter().flatten() {
            let key = full.to_lower();
            names.push(key.clone());
            if let Some(callable) = self.known_function(&key) {
                return Callee { names, callable: Ok(callable) };
            }
        }
        let shown = candidates.fallback.unwrap_or(candidates.full);
        Callee { names, callable: self.fail(span, self.no_such_function(&shown)) }
    }

    /// Why a function cannot be called that is neither declared nor PHP's.
    pub(crate) fn no_such_function(&self, name: &[u8]) -> ErrorKind {
        match builtin::removed_in(&name.to_ascii_lowercase(), self.options.version) {
            Some(version) => {
                let name = String::from_utf8_lossy(name);
                ErrorKind::fatal(format!("{name}() was removed in PHP {version}"))
            }
            None => ErrorKind::unknown_function(name),
        }
    }

    /// A function, which a file may wait to declare.
    fn needed_function(&mut self, key: &Bytes) -> Outcome<Option<Callable<'a>>> {
        self.need_function(key)?;
        Ok(self.known_function(key))
    }

    fn known_function(&self, key: &Bytes) -> Option<Callable<'a>> {
        match self.functions.get(key) {
            Some(function) => Some(Callable::User(function.clone())),
            None => self.find_builtin(key).map(Callable::Builtin),
        }
    }

    /// What a value calls.
    pub(crate) fn callee(&mut self, value: &Value, span: Span) -> Outcome<Callee<'a>> {
        let unnamed = |callable| Callee { names: Vec::new(), callable };
        match value {
            Value::Closure(Closure(id)) => Ok(unnamed(match self.closures.get(*id as usize) {
                Some(closure) => Ok(Callable::Closure(closure.clone())),
                None => self.fail(span, ErrorKind::fatal("a closure of another evaluator")),
            })),
            Value::Instance(object) => Ok(self.callee_of_object(object, b"__invoke", span)),
            Value::String(name) => {
                let name = name.strip_prefix(b"\\").unwrap_or(name);
                match name.windows(2).position(|pair| pair == b"::") {
                    Some(at) => self.method_callee(&name[..at], &name[at + 2..], span),
                    None => self.function_callee(name, span),
                }
            }
            Value::Array(array) => match (array.get(&Key::Int(0)), array.get(&Key::Int(1))) {
                (Some(Value::String(class)), Some(Value::String(method))) => {
                    self.method_callee(class, method, span)
                }
                (Some(Value::Instance(object)), Some(Value::String(method))) => {
                    Ok(self.callee_of_object(object, method, span))
                }
                _ => Ok(unnamed(self.fail(span, ErrorKind::unsupported("such a callable")))),
            },
            _ => Ok(unnamed(self.fail(span, ErrorKind::fatal("this is not callable")))),
        }
    }

    fn function_callee(&mut self, name: &[u8], span: Span) -> Outcome<Callee<'a>> {
        let key: Bytes = name.to_ascii_lowercase().into();
        let callable = match self.needed_function(&key)? {
            Some(callable) => Ok(callable),
            None => self.fail(span, self.no_such_function(name)),
        };
        Ok(Callee { names: vec![key], callable })
    }

    fn method_callee(&mut self, class: &[u8], method: &[u8], span: Span) -> Outcome<Callee<'a>> {
        let class: Bytes = class.strip_prefix(b"\\").unwrap_or(class).into();
        if [&b"self"[..], b"static", b"parent"].iter().any(|word| class.eq_ignore_ascii_case(word))
        {
            let callable = self.fail(span, ErrorKind::unsupported("such a callable"));
            return Ok(Callee { names: Vec::new(), callable });
        }
        self.need_class(&class.to_lower())?;
        let callable = match self.load_class(&class, span) {
            Ok(_) => self.method_named(&class, method, span),
            Err(error) => Err(error),
        };
        Ok(Callee { names: vec![method_key(&class, method)], callable })
    }
}
