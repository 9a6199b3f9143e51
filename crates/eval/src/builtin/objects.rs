//! Functions that ask about objects and classes, and those that load classes.
//!
//! `get_class($this)` is the class of the object, not the one that runs.

use std::rc::Rc;

use tilde_syntax::{Span, Version};

use super::{Args, Builtin, info};
use crate::array::Key;
use crate::autoload::Autoloader;
use crate::class::Class;
use crate::error::{ErrorKind, Unknown};
use crate::evaluator::{Evaluator, Outcome};
use crate::value::{Bytes, Value};

pub(super) static FUNCTIONS: &[Builtin] = &[
    Builtin::full("get_class", 1, 1, |evaluator, arguments, span| match arguments[0].get() {
        Value::Instance(object) => Ok(Value::String(evaluator.class_with(&object).name.clone())),
        Value::Object(_) => Ok("stdClass".into()),
        Value::Closure(_) => Ok("Closure".into()),
        _ => evaluator.fail(span, ErrorKind::unsupported("get_class() of what is no object")),
    }),
    Builtin::full("get_called_class", 0, 0, |evaluator, _, span| match &evaluator.frame().called {
        Some(class) => Ok(Value::String(class.name.clone())),
        None => evaluator.fail(span, ErrorKind::unsupported("get_called_class() here")),
    })
    .since(Version::V5_3),
    Builtin::full("method_exists", 2, 2, method_exists),
    Builtin::full("property_exists", 2, 2, property_exists),
    Builtin::full("is_a", 2, 3, is_a),
    // PHP 5.2 may be without SPL.
    Builtin::full("spl_autoload_register", 0, 3, spl_autoload_register).since(Version::V5_3),
    Builtin::full("spl_autoload_unregister", 1, 1, spl_autoload_unregister).since(Version::V5_3),
];

/// Functions that take objects as they are. No other one gets an object of a
/// class of the program.
const TAKE_OBJECTS: &[&str] = &[
    "array_map",
    "array_push",
    "array_search",
    "array_unshift",
    "call_user_func",
    "get_class",
    "gettype",
    "in_array",
    "is_a",
    "is_array",
    "is_bool",
    "is_callable",
    "is_double",
    "is_float",
    "is_int",
    "is_integer",
    "is_long",
    "is_null",
    "is_numeric",
    "is_object",
    "is_scalar",
    "is_string",
    "method_exists",
    "property_exists",
    "spl_autoload_register",
    "spl_autoload_unregister",
];

/// Whether a function does with an object what PHP does.
pub(super) fn takes_objects(name: &str) -> bool {
    TAKE_OBJECTS.contains(&name)
}

/// The class that an object has or a string names.
enum Asked<'a> {
    Class(Rc<Class<'a>>),
    /// There is no such class.
    None,
    Other,
}

fn class_of<'a>(evaluator: &mut Evaluator<'a>, value: &Value, span: Span) -> Outcome<Asked<'a>> {
    match value.get() {
        Value::Instance(object) => Ok(Asked::Class(evaluator.class_with(&object).clone())),
        Value::String(name) => {
            let name: Bytes = name.strip_prefix(b"\\").unwrap_or(&name).into();
            let is_clear = evaluator.load_class(&name, span)?;
            let key = name.to_lower();
            match evaluator.classes.get(&key) {
                Some(class) => Ok(Asked::Class(class.clone())),
                None if is_clear && info::is_absent_class(evaluator, &key) => Ok(Asked::None),
                None => evaluator.fail(span, ErrorKind::Unknown(Unknown::Class(name.to_string()))),
            }
        }
        _ => Ok(Asked::Other),
    }
}

fn method_exists(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let name = info::text(evaluator, &arguments[1], span)?;
    match class_of(evaluator, &arguments[0], span)? {
        Asked::Class(class) if Class::find_method(&class, &name).is_some() => Ok(true.into()),
        Asked::Class(class) if class.is_whole() => Ok(false.into()),
        Asked::None => Ok(false.into()),
        _ => evaluator.fail(span, ErrorKind::unsupported("method_exists() of this")),
    }
}

fn property_exists(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Value],
    span: Span,
) -> Outcome<Value> {
    let name = info::text(evaluator, &arguments[1], span)?;
    let asked = class_of(evaluator, &arguments[0], span)?;
    if let Value::Instance(object) = arguments[0].get()
        && object.object().lock().get(&Key::String(name.clone())).is_some()
    {
        return Ok(true.into());
    }
    match asked {
        // Those that are private in a parent count for nobody else.
        Asked::Class(class) if class.property(&name).is_some() => Ok(true.into()),
        Asked::Class(class) if class.is_whole() && class.parent.is_none() => Ok(false.into()),
        Asked::None => Ok(false.into()),
        _ => evaluator.fail(span, ErrorKind::unsupported("property_exists() of this")),
    }
}

fn is_a(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let name = info::text(evaluator, &arguments[1], span)?;
    let key = name.strip_prefix(b"\\").unwrap_or(&name).to_ascii_lowercase();
    let takes_names = Args::of(arguments, evaluator.options).bool_or(2, false);
    let takes_names = evaluator.at(span, takes_names)?;
    match arguments[0].get() {
        Value::Instance(object) => {
            let result = evaluator.is_instance(&object, &key);
            evaluator.at(span, result).map(Value::Bool)
        }
        Value::Object(_) => Ok((key == b"stdclass").into()),
        Value::Closure(_) => Ok((key == b"closure").into()),
        Value::String(_) if takes_names => {
            evaluator.fail(span, ErrorKind::unsupported("is_a() of a string"))
        }
        _ => Ok(false.into()),
    }
}

fn spl_autoload_register(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Value],
    span: Span,
) -> Outcome<Value> {
    let args = Args::of(arguments, evaluator.options);
    let throws = args.bool_or(1, true);
    evaluator.at(span, throws)?;
    let is_first = args.bool_or(2, false);
    let is_first = evaluator.at(span, is_first)?;
    let loader = match arguments.first().map(Value::get) {
        // PHP's own one, which looks for a file in the include path.
        None | Some(Value::Null) => Autoloader::Unknown,
        Some(value) => match evaluator.callee(&value, span)?.callable {
            Ok(callable) => Autoloader::Known(callable),
            Err(error) if matches!(error.kind, ErrorKind::Fatal(_)) => return Err(error),
            Err(_) => {
                evaluator.autoloaders.add(Autoloader::Unknown, is_first);
                let unknown = Unknown::Function("spl_autoload_register".to_owned());
                return evaluator.fail(span, ErrorKind::Unknown(unknown));
            }
        },
    };
    evaluator.autoloaders.add(loader, is_first);
    Ok(true.into())
}

fn spl_autoload_unregister(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Value],
    span: Span,
) -> Outcome<Value> {
    let are_known = evaluator.autoloaders.are_known();
    let callee = evaluator.callee(&arguments[0].get(), span)?;
    let was_there = match callee.callable {
        Ok(callable) => evaluator.autoloaders.remove(callable),
        Err(error) => return Err(error),
    };
    if was_there || are_known {
        return Ok(was_there.into());
    }
    let unknown = Unknown::Function("spl_autoload_unregister".to_owned());
    evaluator.fail(span, ErrorKind::Unknown(unknown))
}
