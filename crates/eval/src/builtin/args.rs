//! Arguments of PHP's functions, and how they are converted.
//!
//! Not all that can be converted is: PHP refuses an array for a string with an
//! error or a warning, and we refuse it always.

use std::sync::Arc;

use tilde_syntax::{Options, Version};

use crate::array::Array;
use crate::convert::{Result, to_bool, to_bytes};
use crate::error::{ErrorKind, Limit};
use crate::number::{Number, Numeric, float_to_int, numeric};
use crate::value::{Bytes, Value};

/// The arguments of a call.
pub(crate) struct Args<'v> {
    pub(crate) values: &'v [Value],
    pub(crate) options: Options,
    /// Whether paths are those of Windows.
    pub(crate) is_windows: bool,
    /// How many bytes may still be made.
    pub(crate) limit: u64,
}

impl<'v> Args<'v> {
    /// Those of a function that makes nothing large and asks for no path.
    pub(crate) fn of(values: &'v [Value], options: Options) -> Self {
        Self { values, options, is_windows: false, limit: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn has(&self, index: usize) -> bool {
        index < self.values.len()
    }

    /// Whether an argument is given and not null.
    pub(crate) fn is_set(&self, index: usize) -> bool {
        self.values.get(index).is_some_and(|value| !value.is_null())
    }

    pub(crate) fn value(&self, index: usize) -> &'v Value {
        static NULL: Value = Value::Null;
        self.values.get(index).unwrap_or(&NULL)
    }

    pub(crate) fn is_since(&self, version: Version) -> bool {
        self.options.version >= version
    }

    pub(crate) fn bytes(&self, index: usize) -> Result<Bytes> {
        match self.value(index) {
            Value::Array(_) => Err(ErrorKind::fatal("an array where a string is expected")),
            value => to_bytes(value, self.options),
        }
    }

    pub(crate) fn bytes_or(&self, index: usize, default: &str) -> Result<Bytes> {
        if self.has(index) { self.bytes(index) } else { Ok(default.into()) }
    }

    pub(crate) fn int(&self, index: usize) -> Result<i64> {
        match self.number(index)? {
            Number::Int(integer) => Ok(integer),
            Number::Float(float) => {
                let integer = float_to_int(float, self.options);
                if float.is_finite() && float.abs() < 9.0e18 {
                    Ok(integer)
                } else {
                    Err(ErrorKind::fatal("a float that is no integer"))
                }
            }
        }
    }

    pub(crate) fn int_or(&self, index: usize, default: i64) -> Result<i64> {
        if self.has(index) { self.int(index) } else { Ok(default) }
    }

    pub(crate) fn float(&self, index: usize) -> Result<f64> {
        self.number(index).map(Number::to_float)
    }

    /// A number as a parameter that takes integers and floats gets it.
    pub(crate) fn number(&self, index: usize) -> Result<Number> {
        match self.value(index) {
            Value::Null => Ok(Number::Int(0)),
            Value::Bool(value) => Ok(Number::Int(i64::from(*value))),
            Value::Int(integer) => Ok(Number::Int(*integer)),
            Value::Float(float) => Ok(Number::Float(*float)),
            Value::String(bytes) => match numeric(bytes, self.options) {
                Numeric::Whole(number) => Ok(number),
                // A number with something after it does up to PHP 7.4, with a notice.
                Numeric::Leading(number) if !self.is_since(Version::V8_0) => Ok(number),
                Numeric::Leading(_) | Numeric::None => {
                    Err(ErrorKind::fatal("a string where a number is expected"))
                }
            },
            _ => Err(ErrorKind::fatal("something else where a number is expected")),
        }
    }

    pub(crate) fn bool_or(&self, index: usize, default: bool) -> Result<bool> {
        match self.values.get(index) {
            None => Ok(default),
            Some(Value::Array(_) | Value::Object(_) | Value::Instance(_) | Value::Closure(_)) => {
                Err(ErrorKind::fatal("something else where a boolean is expected"))
            }
            Some(value) => Ok(to_bool(value)),
        }
    }

    pub(crate) fn array(&self, index: usize) -> Result<&'v Arc<Array>> {
        match self.value(index) {
            Value::Array(array) => Ok(array),
            _ => Err(ErrorKind::fatal("something else where an array is expected")),
        }
    }

    /// Checks the size of what is going to be made.
    pub(crate) fn check(&self, bytes: usize) -> Result<()> {
        if bytes as u64 > self.limit {
            return Err(ErrorKind::Limit(Limit::Memory));
        }
        Ok(())
    }
}
