//! What a program asks about itself, its values and its files.
//!
//! What is not here may well exist in the running PHP: `function_exists()` of it
//! is unknown, not false.

use std::cmp::Ordering;
use std::io;
use std::sync::Arc;

use tilde_syntax::ast::ClassKind;
use tilde_syntax::{Span, Version};

use super::{Args, Builtin, MANY, extension, loaded};
use crate::array::{Array, Key};
use crate::convert::{Result, to_array, to_bool, to_bytes, to_float, to_int};
use crate::error::{ErrorKind, Unknown};
use crate::evaluator::{Evaluator, Outcome};
use crate::expression::{bytes_path, path_bytes};
use crate::number::{Numeric, numeric};
use crate::paths::{base, check, parent};
use crate::value::{Bytes, Value};

pub(super) static FUNCTIONS: &[Builtin] = &[
    Builtin::full("define", 2, 3, define),
    Builtin::full("defined", 1, 1, defined),
    Builtin::full("constant", 1, 1, constant),
    Builtin::full("function_exists", 1, 1, function_exists),
    Builtin::full("class_exists", 1, 2, |evaluator, arguments, span| {
        is_declared(evaluator, arguments, span, Declared::Class)
    }),
    Builtin::full("interface_exists", 1, 2, |evaluator, arguments, span| {
        is_declared(evaluator, arguments, span, Declared::Interface)
    }),
    Builtin::full("trait_exists", 1, 2, |evaluator, arguments, span| {
        is_declared(evaluator, arguments, span, Declared::Trait)
    })
    .since(Version::V5_4),
    Builtin::full("extension_loaded", 1, 1, extension_loaded),
    Builtin::full("session_get_cookie_params", 0, 0, session_get_cookie_params),
    Builtin::full("stream_get_wrappers", 0, 0, stream_get_wrappers),
    Builtin::full("class_alias", 2, 3, class_alias).since(Version::V5_3),
    Builtin::pure("get_magic_quotes_runtime", 0, 0, |args| {
        Ok(if args.is_since(Version::V5_4) { false.into() } else { Value::Int(0) })
    })
    .until(Version::V7_4),
    Builtin::full("get_magic_quotes_gpc", 0, 0, |evaluator, _, _| {
        Ok(if evaluator.options.version >= Version::V5_4 {
            false.into()
        } else {
            Value::Int(i64::from(evaluator.target.magic_quotes))
        })
    })
    .until(Version::V7_4),
    Builtin::full("is_callable", 1, 1, is_callable),
    Builtin::full("compact", 1, MANY, compact),
    Builtin::full("extract", 1, 1, extract),
    Builtin::full("get_defined_vars", 0, 0, get_defined_vars),
    Builtin::full("func_get_args", 0, 0, |evaluator, _, _| {
        let values = evaluator.frame().arguments.iter().map(Value::get).collect();
        Ok(Array::from_list(values).into())
    }),
    Builtin::full("func_num_args", 0, 0, |evaluator, _, _| {
        Ok(Value::Int(evaluator.frame().arguments.len() as i64))
    }),
    Builtin::full("func_get_arg", 1, 1, |evaluator, arguments, span| {
        let index = evaluator.at(span, to_int(&arguments[0], evaluator.options))?;
        let arguments = &evaluator.frame().arguments;
        let value = usize::try_from(index).ok().and_then(|index| arguments.get(index));
        match value {
            Some(value) => Ok(value.get()),
            None if evaluator.options.version < Version::V8_0 => Ok(false.into()),
            None => evaluator
                .fail(span, ErrorKind::fatal("func_get_arg() of an argument that is not there")),
        }
    }),
    Builtin::full("ini_get", 1, 1, ini_get),
    Builtin::full("chdir", 1, 1, chdir),
    Builtin::full("getcwd", 0, 0, |evaluator, _, span| {
        let here = evaluator.target.working_directory.as_deref();
        match here.and_then(|here| evaluator.sources.realpath(here)) {
            Some(here) => Ok(path_bytes(&here).into()),
            None => evaluator.fail(span, unknown_machine("what getcwd() gives")),
        }
    }),
    Builtin::full("php_sapi_name", 0, 0, |evaluator, _, span| match &evaluator.target.sapi {
        Some(sapi) => Ok(sapi.clone().into()),
        None => evaluator.fail(span, unknown_machine("what php_sapi_name() gives")),
    }),
    Builtin::full("phpversion", 0, 1, |evaluator, arguments, span| match arguments {
        [] => Ok(evaluator.target.release.clone().into()),
        [..] => evaluator.fail(span, unknown_machine("the version of an extension")),
    }),
    Builtin::full("php_uname", 0, 1, |evaluator, arguments, span| {
        let is_name = matches!(arguments, [Value::String(mode)] if &**mode == b"s");
        if is_name && evaluator.target.system == crate::System::Linux {
            return Ok("Linux".into());
        }
        evaluator.fail(span, unknown_machine("what php_uname() gives"))
    }),
    Builtin::full("is_file", 1, 1, |evaluator, arguments, span| {
        let path = argument_path(evaluator, arguments, span)?;
        Ok(evaluator.sources.is_file(&path).into())
    }),
    Builtin::full("is_dir", 1, 1, |evaluator, arguments, span| {
        let path = argument_path(evaluator, arguments, span)?;
        Ok(evaluator.sources.is_dir(&path).into())
    }),
    Builtin::full("file_exists", 1, 1, |evaluator, arguments, span| {
        let path = argument_path(evaluator, arguments, span)?;
        Ok((evaluator.sources.is_file(&path) || evaluator.sources.is_dir(&path)).into())
    }),
    Builtin::full("realpath", 1, 1, |evaluator, arguments, span| {
        let mut path = argument_path(evaluator, arguments, span)?;
        if path.as_os_str().is_empty() {
            path = evaluator.path(b".", span)?;
        }
        Ok(match evaluator.sources.realpath(&path) {
            Some(path) => path_bytes(&path).into(),
            None => false.into(),
        })
    }),
    Builtin::full("file_get_contents", 1, 1, |evaluator, arguments, span| {
        let path = argument_path(evaluator, arguments, span)?;
        if path.as_os_str().is_empty() && evaluator.options.version >= Version::V8_0 {
            return evaluator.fail(span, ErrorKind::fatal("path cannot be empty"));
        }
        match evaluator.sources.read(&path) {
            Ok(bytes) => {
                let charged = evaluator.charge(bytes.len());
                evaluator.at(span, charged)?;
                Ok(bytes.into())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false.into()),
            Err(error) => evaluator.fail(span, ErrorKind::Read(path, error)),
        }
    }),
    Builtin::pure("dirname", 1, 2, dirname),
    Builtin::pure("basename", 1, 2, basename),
    Builtin::pure("pathinfo", 1, 2, pathinfo),
    Builtin::pure("version_compare", 2, 3, version_compare),
    Builtin::pure("gettype", 1, 1, |args| Ok(args.value(0).type_name().into())),
    Builtin::pure("get_debug_type", 1, 1, get_debug_type).since(Version::V8_0),
    Builtin::pure("is_null", 1, 1, |args| Ok(args.value(0).is_null().into())),
    Builtin::pure("is_bool", 1, 1, |args| Ok(matches!(args.value(0), Value::Bool(_)).into())),
    Builtin::pure("is_int", 1, 1, is_int),
    Builtin::pure("is_integer", 1, 1, is_int),
    Builtin::pure("is_long", 1, 1, is_int),
    Builtin::pure("is_float", 1, 1, is_float),
    Builtin::pure("is_double", 1, 1, is_float),
    Builtin::pure("is_real", 1, 1, is_float).until(Version::V7_4),
    Builtin::pure("is_string", 1, 1, |args| Ok(matches!(args.value(0), Value::String(_)).into())),
    Builtin::pure("is_array", 1, 1, |args| Ok(matches!(args.value(0), Value::Array(_)).into())),
    Builtin::pure("is_iterable", 1, 1, |args| Ok(matches!(args.value(0), Value::Array(_)).into()))
        .since(Version::V7_1),
    Builtin::pure("is_countable", 1, 1, |args| Ok(matches!(args.value(0), Value::Array(_)).into()))
        .since(Version::V7_3),
    Builtin::pure("is_object", 1, 1, |args| {
        Ok(matches!(args.value(0), Value::Object(_) | Value::Instance(_) | Value::Closure(_))
            .into())
    }),
    Builtin::pure("is_resource", 1, 1, |_| Ok(false.into())),
    Builtin::pure("is_scalar", 1, 1, |args| {
        let value = args.value(0);
        let is_scalar =
            matches!(value, Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_));
        Ok(is_scalar.into())
    }),
    Builtin::pure("is_numeric", 1, 1, |args| {
        Ok(match args.value(0) {
            Value::Int(_) | Value::Float(_) => true,
            Value::String(bytes) => matches!(numeric(bytes, args.options), Numeric::Whole(_)),
            _ => false,
        }
        .into())
    }),
    Builtin::pure("intval", 1, 2, intval),
    Builtin::pure("floatval", 1, 1, |args| to_float(args.value(0), args.options).map(Value::Float)),
    Builtin::pure("doubleval", 1, 1, |args| {
        to_float(args.value(0), args.options).map(Value::Float)
    }),
    Builtin::pure("strval", 1, 1, |args| to_bytes(args.value(0), args.options).map(Value::String)),
    Builtin::pure("boolval", 1, 1, |args| Ok(to_bool(args.value(0)).into())).since(Version::V5_5),
    Builtin::full("settype", 2, 2, settype).changing(&[0]),
];

fn unknown_machine(what: &str) -> ErrorKind {
    ErrorKind::Unknown(Unknown::Machine(what.to_owned()))
}

pub(super) fn text(evaluator: &Evaluator<'_>, value: &Value, span: Span) -> Outcome<Bytes> {
    let values = std::slice::from_ref(value);
    evaluator.at(span, Args::of(values, evaluator.options).bytes(0))
}

fn argument_path(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Value],
    span: Span,
) -> Outcome<std::path::PathBuf> {
    let name = text(evaluator, &arguments[0], span)?;
    if name.is_empty() {
        return Ok(bytes_path(b""));
    }
    let path = evaluator.path(&name, span)?;
    match evaluator.sources.check(&path) {
        Ok(()) => Ok(path),
        Err(error) => evaluator.fail(span, ErrorKind::Read(path, error)),
    }
}

fn define(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let name = text(evaluator, &arguments[0], span)?;
    if arguments.get(2).is_some_and(to_bool) && evaluator.options.version < Version::V8_0 {
        return evaluator.fail(span, ErrorKind::unsupported("a constant in any case of letters"));
    }
    let value = arguments[1].get();
    if matches!(value, Value::Array(_)) && evaluator.options.version < Version::V7_0 {
        return Ok(false.into());
    }
    evaluator.define(&name, &value, span).map(Value::Bool)
}

fn defined(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let name = text(evaluator, &arguments[0], span)?;
    let name = name.strip_prefix(b"\\").unwrap_or(&name);
    if name.windows(2).any(|pair| pair == b"::") {
        return evaluator.fail(span, ErrorKind::unsupported("defined() of a class constant"));
    }
    match evaluator.find_constant(name, span) {
        Ok(value) => Ok(value.is_some().into()),
        // It exists, and its value is unknown.
        Err(error) if matches!(error.kind, ErrorKind::Unknown(_)) => Ok(true.into()),
        Err(error) => Err(error),
    }
}

fn constant(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let name = text(evaluator, &arguments[0], span)?;
    let name = name.strip_prefix(b"\\").unwrap_or(&name);
    if let Some(at) = name.windows(2).position(|pair| pair == b"::") {
        let class: Bytes = name[..at].to_ascii_lowercase().into();
        evaluator.load_class(&name[..at], span)?;
        let Some(class) = evaluator.classes.get(&class).cloned() else {
            let unknown = Unknown::Class(class.to_string());
            return evaluator.fail(span, ErrorKind::Unknown(unknown));
        };
        return evaluator.constant_of(&class, &name[at + 2..].into(), span);
    }
    match evaluator.find_constant(name, span)? {
        Some(value) => Ok(value),
        None => {
            let name = String::from_utf8_lossy(name).into_owned();
            evaluator.fail(span, ErrorKind::Unknown(Unknown::Constant(name)))
        }
    }
}

fn function_exists(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Value],
    span: Span,
) -> Outcome<Value> {
    let name = text(evaluator, &arguments[0], span)?.to_lower();
    let name: Bytes = name.strip_prefix(b"\\").unwrap_or(&name).into();
    evaluator.need_function(&name)?;
    if evaluator.functions.contains_key(&name) {
        return Ok(true.into());
    }
    if evaluator.target.absent_functions.iter().any(|absent| absent.as_bytes() == &*name) {
        return Ok(false.into());
    }
    if let Some(exists) = loaded::has_function(&name, evaluator.target) {
        return Ok(exists.into());
    }
    let version = evaluator.options.version;
    let exists = match super::find(&name) {
        // PHP 5.2 may be without SPL.
        Some(_) if version < Version::V5_3 && name.starts_with(b"spl_") => None,
        Some(builtin) => Some(builtin.exists_in(version)),
        None => super::outside::exists(&name, version),
    };
    match exists {
        Some(exists) => Ok(exists.into()),
        None if loaded::is_in_own_namespace(&name) => Ok(false.into()),
        // The application's own, which is not declared yet.
        None if !extension::may_have(&name)
            && extension::is_declared_in(evaluator.file().text, &name) =>
        {
            Ok(false.into())
        }
        None => {
            let unknown = Unknown::Existence(format!("{name}()"));
            evaluator.fail(span, ErrorKind::Unknown(unknown))
        }
    }
}

/// Magic quotes are gone from PHP 5.4 on, and so are their settings.
fn ini_get(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let name = text(evaluator, &arguments[0], span)?.to_lower();
    let is_gone = evaluator.options.version >= Version::V5_4;
    match &*name {
        b"magic_quotes_gpc" | b"magic_quotes_runtime" | b"magic_quotes_sybase" if is_gone => {
            Ok(false.into())
        }
        b"magic_quotes_gpc" => Ok(if evaluator.target.magic_quotes { "1" } else { "" }.into()),
        b"magic_quotes_runtime" | b"magic_quotes_sybase" => Ok("0".into()),
        _ => evaluator.fail(span, ErrorKind::unknown_function(b"ini_get")),
    }
}

/// Only to where we are.
fn chdir(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let path = argument_path(evaluator, arguments, span)?;
    let here = evaluator.target.working_directory.as_deref();
    let here = here.and_then(|here| evaluator.sources.realpath(here));
    if here.is_some() && evaluator.sources.realpath(&path) == here {
        return Ok(true.into());
    }
    evaluator.fail(span, ErrorKind::unsupported("chdir() to another folder"))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Declared {
    Class,
    Interface,
    Trait,
}

impl Declared {
    fn of(kind: ClassKind) -> Self {
        match kind {
            ClassKind::Class | ClassKind::Enum => Self::Class,
            ClassKind::Interface => Self::Interface,
            ClassKind::Trait => Self::Trait,
        }
    }
}

/// `class_exists()` and its like.
fn is_declared(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Value],
    span: Span,
    wanted: Declared,
) -> Outcome<Value> {
    let written = text(evaluator, &arguments[0], span)?;
    let written = written.strip_prefix(b"\\").unwrap_or(&written);
    let name: Bytes = written.to_ascii_lowercase().into();
    let may_load = Args::of(arguments, evaluator.options).bool_or(1, true);
    let is_clear = if evaluator.at(span, may_load)? {
        evaluator.load_class(written, span)?
    } else {
        evaluator.need_class(&name)?;
        evaluator.autoloaders.are_known()
    };
    if let Some(class) = evaluator.classes.get(&name) {
        return Ok((Declared::of(class.kind()) == wanted).into());
    }
    if let Some(own) = own_class(&name, evaluator.options.version) {
        return Ok((own == wanted).into());
    }
    if is_clear && is_absent_class(evaluator, &name) || is_said_absent(evaluator, &name) {
        return Ok(false.into());
    }
    let what = match wanted {
        Declared::Class => "class",
        Declared::Interface => "interface",
        Declared::Trait => "trait",
    };
    let unknown = Unknown::Existence(format!("the {what} {name}"));
    evaluator.fail(span, ErrorKind::Unknown(unknown))
}

/// What every PHP of a version has of this name.
fn own_class(name: &[u8], version: Version) -> Option<Declared> {
    const CLASSES: &[&[u8]] = &[b"stdclass", b"exception", b"errorexception"];
    const INTERFACES: &[&[u8]] =
        &[b"arrayaccess", b"iterator", b"iteratoraggregate", b"serializable", b"traversable"];
    // Up to PHP 5.2 SPL may be left out, and there are no closures.
    const NEWER: &[&[u8]] = &[b"arrayobject", b"arrayiterator", b"runtimeexception", b"closure"];
    let lists = [
        (CLASSES, Declared::Class, Version::V5_2),
        (INTERFACES, Declared::Interface, Version::V5_2),
        (NEWER, Declared::Class, Version::V5_3),
        (&[b"countable"], Declared::Interface, Version::V5_3),
    ];
    let has = |(names, _, since): &(&[&[u8]], Declared, Version)| {
        version >= *since && names.contains(&name)
    };
    lists.into_iter().find(has).map(|(_, declared, _)| declared)
}

/// Whether a class that nobody has loaded is not there: the target says so, no
/// class has such a name, or PHP has none.
pub(super) fn is_absent_class(evaluator: &Evaluator<'_>, name: &[u8]) -> bool {
    if is_said_absent(evaluator, name) {
        return true;
    }
    let target = evaluator.target;
    let may_be_phps = loaded::may_be_phps(name) || loaded::may_have_class(name, target);
    !may_be_phps && !evaluator.unknown_classes.contains_key(name)
}

/// Whether no class has such a name, or the target has none.
fn is_said_absent(evaluator: &Evaluator<'_>, name: &[u8]) -> bool {
    let is_part =
        |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80 || b"_\\".contains(byte);
    if name.is_empty() || !name.iter().all(is_part) {
        return true;
    }
    evaluator.target.absent_classes.iter().any(|absent| absent.as_bytes() == name)
}

fn extension_loaded(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Value],
    span: Span,
) -> Outcome<Value> {
    let name = text(evaluator, &arguments[0], span)?.to_string().to_ascii_lowercase();
    match loaded::is_loaded(&name, evaluator.target) {
        Some(is_loaded) => Ok(is_loaded.into()),
        None => {
            let unknown = Unknown::Existence(format!("the extension {name}"));
            evaluator.fail(span, ErrorKind::Unknown(unknown))
        }
    }
}

/// Known where the target names all extensions, and they are such that have no
/// other wrappers. The order is that in which PHP starts them.
fn stream_get_wrappers(evaluator: &mut Evaluator<'_>, _: &[Value], span: Span) -> Outcome<Value> {
    const PLAIN: &str = "core date ereg libxml pcre sqlite3 sqlite bcmath calendar ctype curl dom \
         exif fileinfo filter gd hash iconv json mbstring mcrypt mysql mysqli mysqlnd opcache pdo \
         pdo_mysql pdo_sqlite pdo_pgsql pgsql posix random readline reflection session simplexml \
         soap sockets sodium spl standard tokenizer xml xmlreader xmlrpc xmlwriter intl gettext \
         memcache memcached redis pcntl sysvsem sysvshm apc apcu imagick zlib openssl phar zip";
    let is_plain = |name: &String| PLAIN.split(' ').any(|plain| name.eq_ignore_ascii_case(plain));
    let target = evaluator.target;
    let Some(names) = target.extensions.as_ref().filter(|names| names.iter().all(is_plain)) else {
        return evaluator.fail(span, ErrorKind::unknown_function(b"stream_get_wrappers"));
    };
    let has = |extension: &str| names.iter().any(|name| name.eq_ignore_ascii_case(extension));
    let all = [
        ("https", has("openssl")),
        ("ftps", has("openssl")),
        ("compress.zlib", has("zlib")),
        ("php", true),
        ("file", true),
        ("glob", evaluator.options.version >= Version::V5_3),
        ("data", true),
        ("http", true),
        ("ftp", true),
        ("phar", has("phar")),
        ("zip", has("zip")),
    ];
    let there = all.into_iter().filter(|(_, is_there)| *is_there);
    Ok(Array::from_list(there.map(|(name, _)| name.into()).collect()).into())
}

/// What a PHP without a `php.ini` has, unless the program has changed it.
fn session_get_cookie_params(
    evaluator: &mut Evaluator<'_>,
    _: &[Value],
    span: Span,
) -> Outcome<Value> {
    let version = evaluator.options.version;
    if evaluator.has_session_settings
        || loaded::is_loaded("session", evaluator.target) == Some(false)
    {
        return evaluator.fail(span, ErrorKind::unknown_function(b"session_get_cookie_params"));
    }
    let all: [(&str, Value, Version); 7] = [
        ("lifetime", Value::Int(0), Version::V5_2),
        ("path", "/".into(), Version::V5_2),
        ("domain", "".into(), Version::V5_2),
        ("secure", false.into(), Version::V5_2),
        ("partitioned", false.into(), Version::V8_5),
        ("httponly", false.into(), Version::V5_2),
        ("samesite", "".into(), Version::V7_3),
    ];
    let entries = all.into_iter().filter(|(.., since)| version >= *since);
    let entries = entries.map(|(name, value, _)| (Key::String(name.into()), value));
    Ok(entries.collect::<Array>().into())
}

/// Another name for a class that is known.
fn class_alias(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let key = |name: &[u8]| Bytes::from(name.strip_prefix(b"\\").unwrap_or(name)).to_lower();
    let class = key(&text(evaluator, &arguments[0], span)?);
    let alias = key(&text(evaluator, &arguments[1], span)?);
    let original = text(evaluator, &arguments[0], span)?;
    evaluator.load_class(original.strip_prefix(b"\\").unwrap_or(&original), span)?;
    evaluator.need_class(&alias)?;
    let Some(known) = evaluator.classes.get(&class).cloned() else {
        return evaluator.fail(span, ErrorKind::Unknown(Unknown::Class(class.to_string())));
    };
    if evaluator.classes.contains_key(&alias) || evaluator.unknown_classes.contains_key(&alias) {
        return evaluator.fail(span, ErrorKind::fatal(format!("class {alias} is declared twice")));
    }
    evaluator.classes.insert(alias, known);
    Ok(true.into())
}

fn is_callable(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    match arguments[0].get() {
        Value::Closure(_) => Ok(true.into()),
        Value::String(name) if !name.contains(&b':') => {
            function_exists(evaluator, &[Value::String(name)], span)
        }
        Value::Array(_) | Value::String(_) | Value::Instance(_) => {
            is_callable_method(evaluator, &arguments[0].get(), span)
        }
        _ => Ok(false.into()),
    }
}

/// `is_callable(array($object, 'f'))`
fn is_callable_method(evaluator: &mut Evaluator<'_>, value: &Value, span: Span) -> Outcome<Value> {
    let is_of_object = match value {
        Value::Array(array) => matches!(array.get(&Key::Int(0)), Some(Value::Instance(_))),
        other => matches!(other, Value::Instance(_)),
    };
    match evaluator.callee(value, span)?.callable {
        Ok(_) => Ok(true.into()),
        Err(error) if is_of_object && matches!(error.kind, ErrorKind::Fatal(_)) => Ok(false.into()),
        Err(_) => evaluator.fail(span, ErrorKind::unsupported("is_callable() of a method")),
    }
}

fn compact(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let mut result = Array::new();
    let mut waiting: Vec<Value> = arguments.iter().rev().cloned().collect();
    while let Some(value) = waiting.pop() {
        evaluator.step(span)?;
        match value.get() {
            Value::Array(names) => waiting.extend(names.values().rev().cloned()),
            Value::String(name) => {
                if &*name == b"this" {
                    return evaluator.fail(span, ErrorKind::unsupported("compact() of $this"));
                }
                if let Some(value) = evaluator.frame().variables.get(&*name) {
                    let key = Key::from_string(&name, evaluator.options.int_size);
                    result.insert(key, value.get());
                }
            }
            _ => {}
        }
    }
    Ok(result.into())
}

fn extract(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let Value::Array(array) = arguments[0].get() else {
        return evaluator.fail(span, ErrorKind::fatal("extract() of what is no array"));
    };
    let mut count = 0;
    for (key, value) in array.iter() {
        let Key::String(name) = key else { continue };
        let is_name = name.iter().enumerate().all(|(index, byte)| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => true,
            b'0'..=b'9' => index > 0,
            _ => false,
        });
        if name.is_empty() || !is_name || &*name == b"this" || &*name == b"GLOBALS" {
            continue;
        }
        count += 1;
        let value = value.get();
        match evaluator.frame_mut().variables.get_mut(&*name) {
            Some(Value::Reference(reference)) => reference.set(value),
            Some(slot) => *slot = value,
            None => {
                evaluator.frame_mut().variables.insert(name, value);
            }
        }
    }
    Ok(Value::Int(count))
}

fn get_defined_vars(evaluator: &mut Evaluator<'_>, _: &[Value], span: Span) -> Outcome<Value> {
    if evaluator.frame().function.is_none() {
        let unknown = Unknown::Variable("…, all of an unknown scope,".to_owned());
        return evaluator.fail(span, ErrorKind::Unknown(unknown));
    }
    let variables = &evaluator.frame().variables;
    let entries = variables.iter().map(|(name, value)| (Key::String(name.clone()), value.get()));
    Ok(entries.collect::<Array>().into())
}

fn settype(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let (Value::Reference(reference), options) = (&arguments[0], evaluator.options) else {
        return Ok(false.into());
    };
    let value = reference.get();
    let name = text(evaluator, &arguments[1], span)?.to_lower();
    let result = match &*name {
        b"int" | b"integer" => to_int(&value, options).map(Value::Int),
        b"float" | b"double" => to_float(&value, options).map(Value::Float),
        b"string" => to_bytes(&value, options).map(Value::String),
        b"bool" | b"boolean" => Ok(to_bool(&value).into()),
        b"array" => to_array(&value, options).map(Value::Array),
        b"null" => Ok(Value::Null),
        _ => Err(ErrorKind::unsupported("settype() to this")),
    };
    let result = evaluator.at(span, result)?;
    reference.set(result);
    Ok(true.into())
}

fn is_int(args: &Args<'_>) -> Result<Value> {
    Ok(matches!(args.value(0), Value::Int(_)).into())
}

fn is_float(args: &Args<'_>) -> Result<Value> {
    Ok(matches!(args.value(0), Value::Float(_)).into())
}

fn get_debug_type(args: &Args<'_>) -> Result<Value> {
    Ok(match args.value(0) {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Float(_) => "float",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Closure(_) => "Closure",
        Value::Instance(_) => return Err(ErrorKind::unsupported("the class of an object here")),
        Value::Object(_) | Value::Reference(_) => "stdClass",
    }
    .into())
}

fn intval(args: &Args<'_>) -> Result<Value> {
    let base = args.int_or(1, 10)?;
    match args.value(0) {
        Value::String(bytes) if base != 10 => {
            let text = bytes.trim_ascii_start();
            let (is_negative, text) = match text {
                [b'-', rest @ ..] => (true, rest),
                [b'+', rest @ ..] => (false, rest),
                text => (false, text),
            };
            let (base, digits) = match (base, text) {
                (16 | 0, [b'0', b'x' | b'X', rest @ ..]) => (16, rest),
                (8 | 0, [b'0', b'o' | b'O', rest @ ..]) if args.is_since(Version::V8_1) => {
                    (8, rest)
                }
                (2 | 0, [b'0', b'b' | b'B', rest @ ..]) if args.is_since(Version::V7_1) => {
                    (2, rest)
                }
                (0, [b'0', rest @ ..]) => (8, rest),
                (0, text) => (10, text),
                (base, text) => (base, text),
            };
            let Some(base) = u32::try_from(base).ok().filter(|base| (2..=36).contains(base)) else {
                return Err(ErrorKind::unsupported("intval() with this base"));
            };
            let (min, max) = crate::array::range(args.options.int_size);
            let mut value: i128 = 0;
            for digit in digits.iter().map_while(|byte| char::from(*byte).to_digit(base)) {
                value = (value * i128::from(base) + i128::from(digit)).min(i128::from(u64::MAX));
            }
            let value = if is_negative { -value } else { value };
            Ok(Value::Int(value.clamp(i128::from(min), i128::from(max)) as i64))
        }
        value => to_int(value, args.options).map(Value::Int),
    }
}

fn dirname(args: &Args<'_>) -> Result<Value> {
    let bytes = args.bytes(0)?;
    let levels = args.int_or(1, 1)?;
    if levels < 1 {
        return Err(ErrorKind::fatal("dirname() of no level"));
    }
    if args.has(1) && !args.is_since(Version::V7_0) {
        return Err(ErrorKind::fatal("dirname() with levels needs PHP 7.0"));
    }
    check(&bytes, args.is_windows)?;
    let mut path = bytes.to_vec();
    for _ in 0..levels {
        let next = parent(&path, args.is_windows);
        if next == path {
            break;
        }
        path = next;
    }
    Ok(path.into())
}

fn basename(args: &Args<'_>) -> Result<Value> {
    let bytes = args.bytes(0)?;
    check(&bytes, args.is_windows)?;
    let name = base(&bytes, args.is_windows)?;
    let suffix = args.bytes_or(1, "")?;
    let is_cut = !suffix.is_empty() && suffix.len() < name.len() && name.ends_with(&suffix);
    Ok(name[..name.len() - if is_cut { suffix.len() } else { 0 }].into())
}

fn pathinfo(args: &Args<'_>) -> Result<Value> {
    let bytes = args.bytes(0)?;
    check(&bytes, args.is_windows)?;
    let mut result = Array::new();
    let folder = parent(&bytes, args.is_windows);
    if !folder.is_empty() {
        result.insert(Key::String("dirname".into()), folder.into());
    }
    let name = base(&bytes, args.is_windows)?;
    result.insert(Key::String("basename".into()), name.into());
    let dot = name.iter().rposition(|byte| *byte == b'.');
    if let Some(dot) = dot {
        result.insert(Key::String("extension".into()), name[dot + 1..].into());
    }
    result.insert(Key::String("filename".into()), name[..dot.unwrap_or(name.len())].into());
    let part = match args.int_or(1, 15)? {
        1 => "dirname",
        2 => "basename",
        4 => "extension",
        8 => "filename",
        15 => return Ok(Value::Array(Arc::new(result))),
        _ => return Err(ErrorKind::unsupported("several parts of pathinfo()")),
    };
    Ok(result.get_str(part).cloned().unwrap_or_else(|| "".into()))
}

/// `5.2.17-beta1` as `version_compare()` takes it apart. The first byte counts as
/// what it is, also where it separates.
fn version_parts(version: &[u8]) -> Vec<Vec<u8>> {
    let is_special = |byte: u8| matches!(byte, b'-' | b'_' | b'+');
    let is_other = |byte: u8| !byte.is_ascii_digit() && byte != b'.';
    let mut canonical: Vec<u8> = version.first().copied().into_iter().collect();
    for pair in version.windows(2) {
        let (previous, byte) = (pair[0], pair[1]);
        let changes = is_other(previous) && byte.is_ascii_digit()
            || previous.is_ascii_digit() && is_other(byte);
        let separates = is_special(byte) || changes || !byte.is_ascii_alphanumeric();
        if separates && canonical.last() != Some(&b'.') {
            canonical.push(b'.');
        }
        if byte.is_ascii_alphanumeric() {
            canonical.push(byte);
        }
    }
    canonical.split(|byte| *byte == b'.').map(<[u8]>::to_vec).collect()
}

fn form_order(part: &[u8]) -> i32 {
    let forms: [(&[u8], i32); 10] = [
        (b"dev", 0),
        (b"alpha", 1),
        (b"a", 1),
        (b"beta", 2),
        (b"b", 2),
        (b"RC", 3),
        (b"rc", 3),
        (b"#", 4),
        (b"pl", 5),
        (b"p", 5),
    ];
    forms.iter().find(|(form, _)| part.starts_with(form)).map_or(-1, |(_, order)| *order)
}

fn compare_versions(left: &[u8], right: &[u8]) -> i32 {
    if left.is_empty() && right.is_empty() {
        return 0;
    }
    if left.is_empty() || right.is_empty() {
        return if right.is_empty() { 1 } else { -1 };
    }
    let (left, right) = (version_parts(left), version_parts(right));
    let is_number = |part: &[u8]| part.first().is_some_and(u8::is_ascii_digit);
    let number = |part: &[u8]| {
        let digits = part.iter().take_while(|byte| byte.is_ascii_digit());
        digits
            .fold(0_i64, |sum, byte| sum.saturating_mul(10).saturating_add(i64::from(byte - b'0')))
    };
    for (left, right) in left.iter().zip(&right) {
        let order = match (is_number(left), is_number(right)) {
            (true, true) => number(left).cmp(&number(right)),
            (false, false) => form_order(left).cmp(&form_order(right)),
            (true, false) => form_order(b"#N#").cmp(&form_order(right)),
            (false, true) => form_order(left).cmp(&form_order(b"#N#")),
        };
        if order != Ordering::Equal {
            return order as i32;
        }
    }
    let rest = |parts: &[Vec<u8>], sign: i32| match parts.first() {
        Some(part) if is_number(part) => sign,
        Some(part) => sign * (form_order(part) - form_order(b"#N#")).signum(),
        None => 0,
    };
    let common = left.len().min(right.len());
    match left.len().cmp(&right.len()) {
        Ordering::Greater => rest(&left[common..], 1),
        Ordering::Less => rest(&right[common..], -1),
        Ordering::Equal => 0,
    }
}

fn version_compare(args: &Args<'_>) -> Result<Value> {
    let (left, right) = (args.bytes(0)?, args.bytes(1)?);
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_+".contains(byte);
    if !left.iter().chain(right.iter()).all(is_plain) {
        return Err(ErrorKind::unsupported("version_compare() of such a text"));
    }
    let order = compare_versions(&left, &right);
    if !args.is_set(2) {
        return Ok(Value::Int(i64::from(order)));
    }
    Ok(match &*args.bytes(2)? {
        b"<" | b"lt" => order < 0,
        b"<=" | b"le" => order <= 0,
        b">" | b"gt" => order > 0,
        b">=" | b"ge" => order >= 0,
        b"==" | b"eq" => order == 0,
        b"!=" | b"<>" | b"ne" => order != 0,
        _ => return Err(ErrorKind::unsupported("this operator of version_compare()")),
    }
    .into())
}
