//! `Closure::bind()` and its like: a closure in another class, with another object.
//!
//! A scope that is null is none at all, and one that is not given stays.

use std::rc::Rc;

use tilde_syntax::ast::{Argument, MethodCall, StaticCall};
use tilde_syntax::{Span, Version};

use crate::class::Class;
use crate::error::{ErrorKind, Unknown};
use crate::evaluator::{Evaluator, Outcome};
use crate::frame::This;
use crate::function::ClosureData;
use crate::value::{Bytes, Closure, Reference, Value};

impl<'a> Evaluator<'a> {
    /// `Closure::bind(…)`; nothing where another method is called.
    pub(crate) fn bound_closure(
        &mut self,
        class: &[u8],
        name: &[u8],
        node: &'a StaticCall<'a>,
    ) -> Outcome<Option<Value>> {
        let is_bind = class.eq_ignore_ascii_case(b"Closure") && name.eq_ignore_ascii_case(b"bind");
        if !is_bind || self.options.version < Version::V5_4 {
            return Ok(None);
        }
        let arguments = self.plain_arguments(node.arguments.list, node.span)?;
        match &*arguments {
            [Value::Closure(closure), this, scope @ ..] if scope.len() < 2 => {
                self.rebound(*closure, this, scope.first(), node.span).map(Some)
            }
            _ => self.fail(node.span, ErrorKind::unsupported("such a Closure::bind()")),
        }
    }

    /// `closure->f()`
    pub(crate) fn call_of_closure(
        &mut self,
        closure: Closure,
        name: &[u8],
        node: &'a MethodCall<'a>,
    ) -> Outcome<Value> {
        let is_bind = name.eq_ignore_ascii_case(b"bindTo") && self.options.version >= Version::V5_4;
        if !is_bind {
            return self.fail(node.span, ErrorKind::unsupported("a call of a method of a closure"));
        }
        let arguments = self.plain_arguments(node.arguments.list, node.span)?;
        match &*arguments {
            [this, scope @ ..] if scope.len() < 2 => {
                self.rebound(closure, this, scope.first(), node.span)
            }
            _ => self.fail(node.span, ErrorKind::unsupported("such a bindTo()")),
        }
    }

    fn plain_arguments(&mut self, list: &'a [Argument<'a>], span: Span) -> Outcome<Vec<Value>> {
        let mut values = Vec::new();
        for argument in list {
            let Argument::Expression(expression) = argument else {
                return self.fail(span, ErrorKind::unsupported("such arguments here"));
            };
            values.push(self.expression(*expression)?.get());
        }
        Ok(values)
    }

    fn rebound(
        &mut self,
        closure: Closure,
        this: &Value,
        scope: Option<&Value>,
        span: Span,
    ) -> Outcome<Value> {
        let Some(old) = self.closures.get(closure.0 as usize).cloned() else {
            return self.fail(span, ErrorKind::fatal("a closure of another evaluator"));
        };
        let is_static = old.function.access.is_static;
        let has_object = !matches!(old.this, This::None);
        let this = match this {
            Value::Null if !has_object => This::None,
            Value::Instance(object) if !is_static => This::Known(object.clone()),
            _ => return self.fail(span, ErrorKind::unsupported("such an object of a closure")),
        };
        let class = match scope {
            None => old.class.clone(),
            Some(scope) => self.scope_of(scope, &old, span)?,
        };
        let called = match &this {
            This::Known(object) => Some(self.class_with(object).clone()),
            This::None | This::Unknown => class.clone(),
        };
        let statics = self.copied_statics(old.statics);
        let (function, bound) = (old.function.clone(), old.bound.clone());
        Ok(self.add_closure(ClosureData { function, bound, class, called, this, statics }))
    }

    fn scope_of(
        &mut self,
        scope: &Value,
        old: &ClosureData<'a>,
        span: Span,
    ) -> Outcome<Option<Rc<Class<'a>>>> {
        let name: Bytes = match scope {
            Value::Null => return Ok(None),
            Value::Instance(object) => return Ok(Some(self.class_with(object).clone())),
            Value::String(name) if &**name == b"static" => return Ok(old.class.clone()),
            Value::String(name) => name.strip_prefix(b"\\").unwrap_or(name).into(),
            _ => return self.fail(span, ErrorKind::unsupported("such a scope of a closure")),
        };
        self.load_class(&name, span)?;
        match self.classes.get(&name.to_lower()) {
            Some(class) => Ok(Some(class.clone())),
            None => self.fail(span, ErrorKind::Unknown(Unknown::Class(name.to_string()))),
        }
    }

    /// Static variables of a copy of a closure, which begin as they are now.
    fn copied_statics(&mut self, from: u32) -> u32 {
        let to = self.next_function();
        self.steps = self.steps.saturating_add(self.statics.len() as u64 / 16);
        let of_closure = self.statics.iter().filter(|((owner, _), _)| *owner == from);
        let copies: Vec<(Bytes, Value)> = of_closure
            .map(|((_, name), value)| {
                let value = match value.copied() {
                    Value::Reference(reference) => Value::Reference(reference),
                    value => Value::Reference(Reference::new(value)),
                };
                (name.clone(), value)
            })
            .collect();
        self.statics.extend(copies.into_iter().map(|(name, value)| ((to, name), value)));
        to
    }
}
