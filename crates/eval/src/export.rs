//! Values as PHP code: `var_export()` of every PHP, and ThinkPHP's own way.
//!
//! Of floats PHP 5 prints 17 digits and no `.0`, 7.0 adds the `.0`, and 7.1 prints
//! as few digits as tell a float from others.

use tilde_syntax::{IntSize, Options, Version};

use crate::array::{Array, Key, range};
use crate::convert::{deeper, to_bytes};
use crate::error::{ErrorKind, Limit};
use crate::number::general;
use crate::target::Target;
use crate::value::{Object, Value};

/// What `var_export($value, true)` gives on the target.
///
/// # Errors
///
/// Values that are nested too deep or contain themselves.
pub fn var_export(value: &Value, target: &Target) -> Result<Vec<u8>, ErrorKind> {
    var_export_with(value, target.options)
}

pub(crate) fn var_export_with(value: &Value, options: Options) -> Result<Vec<u8>, ErrorKind> {
    let mut text = Vec::new();
    write(value, 0, options, &mut text)?;
    Ok(text)
}

fn write(
    value: &Value,
    indentation: usize,
    options: Options,
    text: &mut Vec<u8>,
) -> Result<(), ErrorKind> {
    // A level is indented by two blanks.
    deeper(indentation as u32 / 2, || write_value(value, indentation, options, text))
}

fn write_value(
    value: &Value,
    indentation: usize,
    options: Options,
    text: &mut Vec<u8>,
) -> Result<(), ErrorKind> {
    match value {
        Value::Null => text.extend(b"NULL"),
        Value::Bool(value) => text.extend(if *value { &b"true"[..] } else { b"false" }),
        Value::Int(integer) => write_int(*integer, options, text),
        Value::Float(float) => text.extend(float_literal(*float, options)),
        Value::String(bytes) => write_string(bytes, text),
        Value::Array(array) => {
            begin(indentation, text);
            text.extend(b"array (\n");
            write_elements(array, indentation, options, text)?;
            pad(indentation, text);
            text.push(b')');
        }
        Value::Object(object) => write_object(object, indentation, options, text)?,
        Value::Instance(_) => {
            return Err(ErrorKind::unsupported("var_export() of an object of a class"));
        }
        Value::Closure(_) => write_closure(indentation, options, text),
        Value::Reference(reference) => {
            let value = reference.try_lock().map(|value| value.clone());
            let value = value.ok_or(ErrorKind::Limit(Limit::Nesting))?;
            write(&value, indentation, options, text)?;
        }
    }
    Ok(())
}

/// What is within something else begins on a line of its own.
fn begin(indentation: usize, text: &mut Vec<u8>) {
    if indentation > 0 {
        text.push(b'\n');
        pad(indentation, text);
    }
}

fn write_object(
    object: &Object,
    indentation: usize,
    options: Options,
    text: &mut Vec<u8>,
) -> Result<(), ErrorKind> {
    let is_cast = options.version >= Version::V7_3;
    let (open, close): (&[u8], &[u8]) = if is_cast {
        (b"(object) array(\n", b")")
    } else {
        (b"stdClass::__set_state(array(\n", b"))")
    };
    begin(indentation, text);
    text.extend(open);
    for (key, value) in object.properties().iter() {
        pad(indentation + 3, text);
        match &key {
            Key::Int(integer) => text.extend(integer.to_string().bytes()),
            Key::String(bytes) => write_string(bytes, text),
        }
        text.extend(b" => ");
        write(value, indentation + 2, options, text)?;
        text.extend(b",\n");
    }
    pad(indentation, text);
    text.extend(close);
    Ok(())
}

fn write_closure(indentation: usize, options: Options, text: &mut Vec<u8>) {
    begin(indentation, text);
    if options.version >= Version::V8_2 {
        text.push(b'\\');
    }
    text.extend(b"Closure::__set_state(array(\n");
    pad(indentation, text);
    text.extend(b"))");
}

fn pad(count: usize, text: &mut Vec<u8>) {
    text.extend(std::iter::repeat_n(b' ', count));
}

fn write_elements(
    array: &Array,
    indentation: usize,
    options: Options,
    text: &mut Vec<u8>,
) -> Result<(), ErrorKind> {
    for (key, value) in array.iter() {
        pad(indentation + 2, text);
        match key {
            Key::Int(integer) => write_key(integer, options, text),
            Key::String(bytes) => write_string(&bytes, text),
        }
        text.extend(b" => ");
        write(value, indentation + 2, options, text)?;
        text.extend(b",\n");
    }
    Ok(())
}

/// PHP 5.2 takes a negative key for a large one.
fn write_key(key: i64, options: Options, text: &mut Vec<u8>) {
    let key = match options.int_size {
        _ if options.version > Version::V5_2 => key.to_string(),
        IntSize::Four => (key as u32).to_string(),
        IntSize::Eight => (key as u64).to_string(),
    };
    text.extend(key.bytes());
}

fn write_int(integer: i64, options: Options, text: &mut Vec<u8>) {
    let (min, _) = range(options.int_size);
    if integer == min && options.version >= Version::V7_2 {
        // The number without its sign would be a float.
        text.extend((integer + 1).to_string().bytes());
        text.extend(b"-1");
    } else {
        text.extend(integer.to_string().bytes());
    }
}

/// A float as `var_export()` prints it.
pub(crate) fn float_literal(float: f64, options: Options) -> Vec<u8> {
    let mut text = serialized_float(float, options);
    if options.version >= Version::V7_0
        && float.is_finite()
        && !text.iter().any(|byte| matches!(byte, b'.' | b'E'))
    {
        text.extend(b".0");
    }
    text
}

/// A float in as many digits as `serialize_precision` says.
pub(crate) fn serialized_float(float: f64, options: Options) -> Vec<u8> {
    let precision = match options.version {
        // This one looks at `precision`.
        Version::V5_2 => Some(14),
        version if version < Version::V7_1 => Some(17),
        _ => None,
    };
    general(float, precision, b'E')
}

fn write_string(bytes: &[u8], text: &mut Vec<u8>) {
    text.push(b'\'');
    for byte in bytes {
        match byte {
            b'\'' | b'\\' => text.extend([b'\\', *byte]),
            0 => text.extend(b"' . \"\\0\" . '"),
            _ => text.push(*byte),
        }
    }
    text.push(b'\'');
}

/// How ThinkPHP writes the `define()`s of its caches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defines {
    /// 2.0: some names are guarded.
    V2_0,
    /// 2.1: the same, and `APP_CACHE_NAME`.
    V2_1,
    /// 2.2: every name is guarded.
    V2_2,
    /// 3.0 before its release: a line each, guarded as in 2.2.
    V3_0Rc,
    /// 3.0 and later: a line each.
    V3_0,
}

impl Defines {
    fn is_in_lines(self) -> bool {
        matches!(self, Self::V3_0Rc | Self::V3_0)
    }
}

/// What ThinkPHP's `array_define()` gives for these constants.
///
/// Names are in upper case. Values that are neither numbers, booleans nor
/// strings get no `define()`; from 2.2 on their guard is left over, as the
/// original leaves it.
///
/// # Errors
///
/// Never for constants, as PHP has them.
pub fn array_define<'v>(
    constants: impl IntoIterator<Item = (&'v [u8], &'v Value)>,
    defines: Defines,
    target: &Target,
) -> Result<Vec<u8>, ErrorKind> {
    let mut text = Vec::new();
    if defines.is_in_lines() {
        text.push(b'\n');
    }
    for (name, value) in constants {
        let name = name.to_ascii_uppercase();
        if is_guarded(&name, defines) {
            let (before, after) = match defines {
                Defines::V3_0 => (&b"defined('"[..], &b"') or "[..]),
                _ => (&b"if(!defined('"[..], &b"')) "[..]),
            };
            text.extend([before, &name, after].concat());
        }
        let literal = match value {
            Value::Int(_) | Value::Float(_) => Some(to_bytes(value, target.options)?.to_vec()),
            Value::Bool(value) => Some(value.to_string().into_bytes()),
            Value::String(bytes) => Some([b"'", &*add_slashes(bytes), b"'"].concat()),
            _ => None,
        };
        if let Some(literal) = literal {
            text.extend([&b"define('"[..], &name, b"',", &literal, b");"].concat());
        }
        if defines.is_in_lines() {
            text.push(b'\n');
        }
    }
    Ok(text)
}

fn is_guarded(name: &[u8], defines: Defines) -> bool {
    let is_common = matches!(
        name,
        b"THINK_PATH"
            | b"APP_NAME"
            | b"APP_PATH"
            | b"RUNTIME_PATH"
            | b"RUNTIME_ALLINONE"
            | b"THINK_MODE"
    );
    match defines {
        Defines::V2_0 => is_common,
        Defines::V2_1 => is_common || name == b"APP_CACHE_NAME",
        Defines::V2_2 | Defines::V3_0Rc | Defines::V3_0 => true,
    }
}

/// `addslashes()`
pub(crate) fn add_slashes(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'\'' | b'"' | b'\\' => text.extend([b'\\', *byte]),
            0 => text.extend(b"\\0"),
            _ => text.push(*byte),
        }
    }
    text
}
