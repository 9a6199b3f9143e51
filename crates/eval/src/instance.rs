//! `$this`: the object that a constructor of a class of the program fills.
//!
//! It is known only while that constructor runs, for the methods that it calls;
//! afterwards nothing is known of it but its class. `$this` alone is refused, so
//! that nobody else ever holds it. Classes whose objects do more than hold values
//! (a parent, traits, typed or static properties, magic methods) have none.

use std::rc::Rc;
use std::sync::Arc;

use tilde_syntax::TokenKind;
use tilde_syntax::ast::{Class as ClassNode, ClassKind, Expression, Member, MethodCall, Modifier};

use crate::array::{Array, Key};
use crate::class::Class;
use crate::error::ErrorKind;
use crate::evaluator::{Evaluator, Outcome};
use crate::function::{Callable, Callee, UserFunction, method_key};
use crate::value::{Object, Value};

/// What PHP calls where an object is not what it looks like.
const MAGIC: [&[u8]; 5] = [b"__get", b"__set", b"__isset", b"__unset", b"__call"];

impl<'a> Evaluator<'a> {
    /// What `new` calls, with its object if we can have one.
    pub(crate) fn with_object(&mut self, callable: Callable<'a>) -> Outcome<Callable<'a>> {
        let Callable::Method(class, method) = &callable else { return Ok(callable) };
        if !class.has_plain_objects() {
            return Ok(callable);
        }
        let mut properties = Array::new();
        for (name, initial) in class.properties() {
            let value = match initial {
                Some(initial) => self.in_class(class, initial)?,
                None => Value::Null,
            };
            properties.insert(Key::String(name), value);
        }
        let object = Value::Object(Arc::new(Object::new(properties)));
        Ok(Callable::Bound(class.clone(), method.clone(), object))
    }

    /// The object that `$this` is, where an expression is that.
    pub(crate) fn own_object(&self, expression: Expression<'a>) -> Option<Value> {
        match expression {
            Expression::Variable(node) if self.text(node.span) == b"$this" => {
                self.frame().this.clone()
            }
            _ => None,
        }
    }

    /// `$this->f()`
    pub(crate) fn own_method_call(
        &mut self,
        object: Value,
        node: &'a MethodCall<'a>,
    ) -> Outcome<Value> {
        let name = self.member_name(node.name)?;
        let Some(class) = self.frame().class.clone() else {
            return self.fail(node.span, ErrorKind::unsupported("$this"));
        };
        let Some((class, method)) = Class::find_method(&class, &name) else {
            let name = String::from_utf8_lossy(&name);
            let message = format!("call to undefined method {}::{name}()", class.name);
            return self.fail(node.span, ErrorKind::fatal(message));
        };
        let names = vec![method_key(&class.name, &name)];
        let callable = Ok(if class.has_static(&method) {
            Callable::Method(class, method)
        } else {
            Callable::Bound(class, method, object)
        });
        let callee = Callee { names, callable };
        let arguments = self.arguments_for(&callee, node.arguments.list)?;
        self.call_callee(callee, arguments, node.span)
    }
}

impl<'a> Class<'a> {
    /// Whether an object of the class is its own properties and nothing more.
    fn has_plain_objects(&self) -> bool {
        let is_magic = |name: &&[u8]| self.method(name).is_some();
        self.ask(is_plain) && !MAGIC.iter().any(is_magic)
    }

    /// Whether it has no objects of its own.
    pub(crate) fn is_abstract(&self) -> bool {
        self.ask(|node| node.kind != ClassKind::Class || has(node.modifiers, TokenKind::Abstract))
    }

    /// Whether a method of the class is static.
    fn has_static(&self, method: &Rc<UserFunction<'a>>) -> bool {
        let span = method.code.ask(|code| code.span);
        let is_static = |member: &Member<'_>| match member {
            Member::Method(node) => node.span == span && has(node.modifiers, TokenKind::Static),
            _ => false,
        };
        self.ask(|node| node.members.iter().any(is_static))
    }
}

fn is_plain(node: &ClassNode<'_>) -> bool {
    let is_plain = |member: &Member<'_>| match member {
        Member::Properties(properties) => {
            properties.hint.is_none()
                && properties.terminator.is_some()
                && !has(properties.modifiers, TokenKind::Static)
        }
        Member::Method(method) => {
            method.parameters.list.iter().all(|parameter| parameter.modifiers.is_empty())
        }
        Member::ClassConstants(_) => true,
        Member::TraitUse(_) | Member::EnumCase(_) => false,
    };
    node.extends.is_empty() && node.members.iter().all(is_plain)
}

fn has(modifiers: &[Modifier], kind: TokenKind) -> bool {
    modifiers.iter().any(|modifier| modifier.kind == kind)
}
