//! Parameters get their arguments, of the type that they declare.

use tilde_syntax::ast::{Parameter, Type};
use tilde_syntax::{Options, Span, Version};

use super::{Arguments, Code, UserFunction};
use crate::array::{Array, Key};
use crate::convert::{to_bool, to_bytes, to_float, to_int};
use crate::error::ErrorKind;
use crate::evaluator::{Evaluator, Outcome};
use crate::names::clean;
use crate::number::{Number, Numeric, numeric};
use crate::value::{Bytes, Reference, Value};

impl<'a> Evaluator<'a> {
    pub(super) fn bind_parameters(
        &mut self,
        function: &UserFunction<'a>,
        code: Code<'a>,
        arguments: Arguments,
    ) -> Outcome<()> {
        let Arguments { list, mut named } = arguments;
        let mut list = list.into_iter();
        for parameter in code.parameters {
            let name: Bytes = self.text(parameter.variable.span)[1..].into();
            if parameter.variadic.is_some() {
                let rest = self.rest(parameter, list.by_ref(), named.drain(..))?;
                self.frame_mut().variables.insert(name, rest.into());
                continue;
            }
            let by_name = named.iter().position(|(other, _)| *other == name);
            let given = list.next().or_else(|| by_name.map(|index| named.remove(index).1));
            let value = match (given, parameter.value) {
                (Some(value), _) => self.coerce_parameter(parameter, value)?,
                (None, Some(default)) => self.expression(default)?.get(),
                (None, None) => {
                    let message = format!("too few arguments to {}()", function.name);
                    return self.fail(parameter.span, ErrorKind::fatal(message));
                }
            };
            let value = match (parameter.by_reference, value) {
                (Some(_), Value::Reference(reference)) => Value::Reference(reference),
                (Some(_), value) => Value::Reference(Reference::new(value)),
                (None, value) => value.get(),
            };
            self.frame_mut().variables.insert(name, value);
        }
        match named.first() {
            None => Ok(()),
            Some((name, _)) => {
                self.fail(code.span, ErrorKind::fatal(format!("unknown named parameter ${name}")))
            }
        }
    }

    /// What `...$rest` gets.
    fn rest(
        &mut self,
        parameter: &Parameter<'a>,
        list: impl Iterator<Item = Value>,
        named: impl Iterator<Item = (Bytes, Value)>,
    ) -> Outcome<Array> {
        let mut rest = Array::from_list(Vec::new());
        for value in list {
            self.check_element(&value, parameter.span)?;
            let value = self.coerce_parameter(parameter, value)?;
            rest.append(value);
        }
        for (name, value) in named {
            rest.insert(Key::String(name), value);
        }
        Ok(rest)
    }

    fn coerce_parameter(&mut self, parameter: &Parameter<'a>, value: Value) -> Outcome<Value> {
        let Some(hint) = parameter.hint else {
            return Ok(value);
        };
        let is_null_by_default = parameter
            .value
            .is_some_and(|default| self.text(default.span()).eq_ignore_ascii_case(b"null"));
        if value.is_null() && is_null_by_default {
            return Ok(value);
        }
        self.coerce(value, hint, parameter.span)
    }

    /// The value as a declared type takes it; an error where PHP has one and
    /// where it is not clear.
    pub(super) fn coerce(&mut self, value: Value, hint: Type<'a>, span: Span) -> Outcome<Value> {
        if let Value::Reference(reference) = &value {
            let inner = self.coerce(reference.get(), hint, span)?;
            reference.set(inner);
            return Ok(value);
        }
        let is_of_type = self.is_of_type(&value, hint);
        if self.at(span, is_of_type)? {
            return Ok(value);
        }
        let name = match hint {
            Type::Name(name) => clean(self.text(name.span)).to_ascii_lowercase(),
            Type::NullableType(node) => return self.coerce(value, node.inner, span),
            _ => Vec::new(),
        };
        let coerced = coerced(&name, &value, self.options);
        match self.at(span, coerced)? {
            Some(value) if self.options.version >= Version::V7_0 => Ok(value),
            _ => {
                let name = value.type_name();
                let message = format!("a value of type {name} where another one is declared");
                self.fail(span, ErrorKind::fatal(message))
            }
        }
    }

    fn is_of_type(&self, value: &Value, hint: Type<'a>) -> Result<bool, ErrorKind> {
        match hint {
            Type::NullableType(node) => Ok(value.is_null() || self.is_of_type(value, node.inner)?),
            Type::UnionType(node) => {
                for hint in node.types {
                    if self.is_of_type(value, *hint)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Type::IntersectionType(_) => match value {
                Value::Instance(_) => Err(ErrorKind::unsupported("such a type of an object")),
                _ => Ok(false),
            },
            Type::ParenthesizedType(node) => self.is_of_type(value, node.inner),
            Type::Name(name) => self.is_of_named_type(value, &clean(self.text(name.span))),
        }
    }

    fn is_of_named_type(&self, value: &Value, written: &[u8]) -> Result<bool, ErrorKind> {
        let name = written.to_ascii_lowercase();
        let name = name.strip_prefix(b"\\").unwrap_or(&name);
        Ok(match (name, value) {
            (b"mixed", _)
            | (b"int", Value::Int(_))
            | (b"float", Value::Float(_))
            | (b"string", Value::String(_))
            | (b"bool", Value::Bool(_))
            | (b"array" | b"iterable", Value::Array(_))
            | (b"null", Value::Null)
            | (b"false", Value::Bool(false))
            | (b"true", Value::Bool(true))
            | (b"object", Value::Object(_) | Value::Instance(_) | Value::Closure(_))
            | (b"stdclass", Value::Object(_))
            | (b"closure" | b"callable", Value::Closure(_)) => true,
            (b"callable", Value::String(name)) if !name.contains(&b':') => {
                self.functions.contains_key(&name.to_lower())
                    || self.find_builtin(&name.to_lower()).is_some()
            }
            (b"callable", Value::Array(_) | Value::String(_) | Value::Instance(_)) => {
                return Err(ErrorKind::unsupported("such a callable"));
            }
            (b"iterable" | b"string" | b"parent" | b"static", Value::Instance(_)) => {
                return Err(ErrorKind::unsupported("such a type of an object"));
            }
            (b"self", Value::Instance(instance)) => {
                let class = self.frame().class.as_ref();
                class.is_some_and(|class| self.class_with(instance).is_a(class))
            }
            (_, Value::Instance(instance)) => {
                let class = self.frame().names.class(written);
                return self.is_instance(instance, &class.to_lower());
            }
            _ => false,
        })
    }

    pub(super) fn is_void(&self, hint: Type<'a>) -> bool {
        matches!(hint, Type::Name(name) if self.text(name.span).eq_ignore_ascii_case(b"void"))
    }
}

/// A scalar as a declared type takes it since PHP 7.0, if it does.
fn coerced(hint: &[u8], value: &Value, options: Options) -> Result<Option<Value>, ErrorKind> {
    let number = match value {
        Value::String(bytes) => match numeric(bytes, options) {
            Numeric::Whole(number) => Some(number),
            _ => None,
        },
        _ => None,
    };
    Ok(match (hint, value) {
        (b"float", Value::Int(integer)) => Some(Value::Float(*integer as f64)),
        (b"int", Value::Bool(_)) => Some(Value::Int(to_int(value, options)?)),
        (b"int", Value::Float(float)) if float.trunc() == *float && float.abs() < 2e9 => {
            Some(Value::Int(*float as i64))
        }
        (b"int", Value::String(_)) => match number {
            Some(Number::Int(integer)) => Some(Value::Int(integer)),
            _ => None,
        },
        (b"float", Value::Bool(_)) => Some(Value::Float(to_float(value, options)?)),
        (b"float", Value::String(_)) => number.map(|number| Value::Float(number.to_float())),
        (b"string", Value::Int(_) | Value::Float(_) | Value::Bool(_)) => {
            Some(Value::String(to_bytes(value, options)?))
        }
        (b"bool", Value::Int(_) | Value::Float(_) | Value::String(_)) => {
            Some(Value::Bool(to_bool(value)))
        }
        _ => None,
    })
}
