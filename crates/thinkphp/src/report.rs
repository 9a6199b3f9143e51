//! All findings about the caches of an application.
//!
//! Files are looked at one by one, side by side; then each cache is compared
//! with its sources. A difference that no finding explains is one itself, so
//! that nothing changes in silence.

use std::collections::BTreeSet;
use std::ops::Range;

use rayon::prelude::*;
use tilde_eval::{Key, Options, Value, Version};
use tilde_lexer::TokenKind;

use crate::code;
use crate::diagnose::{Member, diagnose};
use crate::library::Library;
use crate::plan::{BlocksHere, Edit, Part, Plan};
use crate::print::Printed;
use crate::proof::Difference;
use tilde_bundle::SourceId;
use tilde_bundle::token::{Token, lex};
use tilde_bundle::{Diagnostic, Severity};

/// What happened to the sources on their way into the caches.
pub(crate) fn report(
    plans: &[Plan],
    printed: &[Printed],
    library: &Library<'_>,
    options: Options,
) -> Vec<Diagnostic> {
    let mut all: Vec<Vec<Diagnostic>> = Vec::new();
    for (plan, printed) in plans.iter().zip(printed) {
        // A cache that another one begins with has its faults there, too.
        let earlier = plan.parts.iter().filter_map(|part| match part {
            Part::Cache(plan) => all.get(*plan),
            Part::File { .. } | Part::Text(_) => None,
        });
        let is_explained = earlier.flatten().any(is_warning);
        all.push(report_one(plan, printed.difference.as_ref(), library, options, is_explained));
    }
    once_each(all.into_iter().flatten().collect())
}

fn report_one(
    plan: &Plan,
    difference: Option<&Difference>,
    library: &Library<'_>,
    options: Options,
    mut is_explained: bool,
) -> Vec<Diagnostic> {
    let one = |(index, part): (usize, &Part)| {
        let Part::File { source: id, blocks } = part else { return Vec::new() };
        diagnose(&Member {
            id: *id,
            text: library.text(*id),
            tokens: library.tokens(*id),
            is_same: difference.is_none(),
            is_unguarded: plan.edit == Edit::Unguard,
            blocks: *blocks,
            style: plan.style,
            is_before_newline: &|| begins_with_newline(plan, index + 1, library),
            options,
        })
    };
    let mut found: Vec<Diagnostic> = plan.parts.par_iter().enumerate().flat_map_iter(one).collect();
    found.extend(declared_twice(plan, library));
    is_explained |= found.iter().any(is_warning);
    if difference.is_some() && !is_explained {
        found.extend(mistakes(plan, library));
        is_explained = found.iter().any(is_warning);
    }
    if let Some(Difference(place)) = difference.filter(|_| !is_explained).cloned() {
        let message = format!("{} is not the same program as its sources", plan.path.display());
        let mut diagnostic = Diagnostic::warning("T-CHANGED", message)
            .help("ThinkPHP's way to compile changes it here; build with --safe, and please report the file");
        if let Some((source, span)) = place {
            diagnostic = diagnostic.label(source, span, "first difference");
        }
        found.push(diagnostic);
    }
    found
}

fn is_warning(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Warning
}

/// Files that PHP refuses. The framework compiles files that the first request
/// may never run, and what is left open in one runs on into the next.
fn mistakes(plan: &Plan, library: &Library<'_>) -> Vec<Diagnostic> {
    let mistake = |part: &Part| {
        let Part::File { source, .. } = part else { return None };
        let error = library.mistake(*source)?;
        let len = library.text(*source).len();
        let span = (error.span.start as usize).min(len)..(error.span.end as usize).min(len);
        let diagnostic =
            Diagnostic::warning("T-SYNTAX", error.to_string()).label(*source, span, "");
        Some(diagnostic.help("PHP refuses this file, and the cache with it; mend the file"))
    };
    plan.parts.iter().filter_map(mistake).collect()
}

/// Files that stand in a cache twice and declare something.
fn declared_twice(plan: &Plan, library: &Library<'_>) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let id = |part: &Part| match part {
        Part::File { source, .. } => Some(*source),
        Part::Text(_) | Part::Cache(_) => None,
    };
    let again = plan.parts.iter().filter_map(id).filter(|id| !seen.insert(*id));
    let is_declaration = |token: &&Token| {
        matches!(
            token.kind,
            TokenKind::Class | TokenKind::Interface | TokenKind::Trait | TokenKind::Function
        )
    };
    let declaration = |id: SourceId| {
        let token = library.tokens(id).iter().find(is_declaration)?;
        let path = library.path(id).display();
        let message = format!("{path} is compiled twice: what it declares is there already");
        let diagnostic =
            Diagnostic::warning("T-DUP", message).label(id, token.span(), "declared twice");
        Some(diagnostic.help("PHP refuses the cache; name the file once, or build with --safe"))
    };
    again.filter_map(declaration).collect()
}

/// Whether the code of a plan goes on with a line break at a part.
fn begins_with_newline(plan: &Plan, index: usize, library: &Library<'_>) -> bool {
    let is_newline = |text: &[u8]| matches!(text.first(), Some(b'\n' | b'\r'));
    for part in plan.parts.iter().skip(index) {
        let text = match part {
            Part::Text(text) => return is_newline(text),
            Part::Cache(_) => return false,
            Part::File { source, blocks } => {
                code::compile(library.text(*source), *blocks == BlocksHere::Go)
            }
        };
        if !text.is_empty() {
            return is_newline(&text);
        }
    }
    is_newline(&plan.tail)
}

/// A file in two caches has its faults in both; they are said once.
pub(crate) fn once_each(all: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let key = |diagnostic: &Diagnostic| {
        let place = diagnostic.labels.first().map(|label| (label.source, label.span.start));
        (diagnostic.code, place, diagnostic.message.clone())
    };
    all.into_iter().filter(|diagnostic| seen.insert(key(diagnostic))).collect()
}

/// The code of a secret that stands in a cache.
pub(crate) const SECRET: &str = "T-SECRET";

/// Names of what should not stand in a file that is copied around.
const SECRETS: &[&[u8]] = &[
    b"PWD",
    b"PASSWD",
    b"PASSWORD",
    b"PASSPHRASE",
    b"SECRET",
    b"PRIVATE_KEY",
    b"API_KEY",
    b"APIKEY",
    b"APPKEY",
    b"APP_KEY",
    b"ACCESS_KEY",
    b"ACCESSKEY",
    b"SECRETKEY",
    b"CRYPT_KEY",
    b"ENCRYPT_KEY",
    b"DATA_AUTH_KEY",
    b"CREDENTIAL",
];

/// Constants that their definitions in a cache change, and secrets.
pub(crate) fn constants<'v>(
    constants: impl Iterator<Item = (&'v [u8], &'v Value)>,
    library: &Library<'_>,
    members: &BTreeSet<SourceId>,
    is_safe: bool,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (name, value) in constants {
        let shown = String::from_utf8_lossy(name).into_owned();
        let changed = match value {
            Value::String(bytes) if bytes.iter().any(|byte| matches!(byte, b'"' | 0)) => {
                Some(format!(
                    "the constant {shown} gets backslashes before `\"` and NUL in the cache, which stay in its value"
                ))
            }
            Value::Null
            | Value::Array(_)
            | Value::Object(_)
            | Value::Instance(_)
            | Value::Closure(_) => Some(format!(
                "the constant {shown} gets no definition in the cache, and what is left of it guards the next one"
            )),
            // Namespaces are the same in any letters.
            _ if name.rsplit(|byte| *byte == b'\\').next().is_some_and(has_lower) => Some(format!(
                "the constant {shown} is called {} in the cache",
                shown.to_ascii_uppercase()
            )),
            _ => None,
        };
        let help =
            "the compiled code is another; choose another value or name, or build with --safe";
        if let Some(message) = changed.filter(|_| !is_safe) {
            let diagnostic = Diagnostic::warning("T-CONSTANT", message).help(help);
            found.push(labelled(diagnostic, name, library, members));
        }
        if is_secret(name, value) {
            let diagnostic = secret(&format!("the constant {shown}"));
            found.push(labelled_secret(diagnostic, name, value, library, members));
        }
    }
    found
}

/// Secrets in a configuration.
pub(crate) fn configuration(
    config: &tilde_eval::Array,
    library: &Library<'_>,
    members: &BTreeSet<SourceId>,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut waiting: Vec<(String, &tilde_eval::Array)> = vec![(String::new(), config)];
    while let Some((prefix, array)) = waiting.pop() {
        for (key, value) in array.iter() {
            let Key::String(name) = key else { continue };
            let shown = format!("{prefix}{name}");
            match value {
                Value::Array(inner) if prefix.is_empty() && !is_routes(&name) => {
                    waiting.push((format!("{shown}."), inner));
                }
                _ if is_secret(&name, value) => {
                    let diagnostic = secret(&format!("the setting {shown}"));
                    found.push(labelled_secret(diagnostic, &name, value, library, members));
                }
                _ => {}
            }
        }
    }
    found
}

/// Closures and objects that `var_export()` prints as a call of a method that
/// they do not have: the cache is fatal where it is read. The value is printed
/// already, so that it does not contain itself.
pub(crate) fn lost_objects(
    value: &Value,
    version: Version,
    library: &Library<'_>,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut waiting = vec![(Vec::new(), value.clone())];
    while let Some((path, value)) = waiting.pop() {
        match value {
            Value::Closure(_) => found.push(lost("a closure", &path, library)),
            Value::Instance(_) => found.push(lost("an object", &path, library)),
            Value::Object(_) if version < Version::V7_3 => {
                found.push(lost("an object", &path, library));
            }
            Value::Object(object) => waiting.extend(inside(&path, &object.properties())),
            Value::Array(array) => waiting.extend(inside(&path, &array)),
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::String(_)
            | Value::Reference(_) => {}
        }
    }
    found
}

/// The elements of an array, the last one first, with the keys that lead there.
fn inside(path: &[Key], array: &tilde_eval::Array) -> Vec<(Vec<Key>, Value)> {
    let element = |(key, value): (Key, &Value)| ([path, &[key]].concat(), value.clone());
    let mut elements: Vec<_> = array.iter().map(element).collect();
    elements.reverse();
    elements
}

fn lost(what: &str, path: &[Key], library: &Library<'_>) -> Diagnostic {
    let shown: Vec<String> = path
        .iter()
        .map(|key| match key {
            Key::Int(index) => index.to_string(),
            Key::String(name) => name.to_string(),
        })
        .collect();
    let message = format!("{} is {what}, which the cache cannot hold", shown.join("."));
    let diagnostic = Diagnostic::warning("T-OBJECT", message).help(
        "PHP stops where it reads the cache; write the name of a function or an array instead",
    );
    let name = path.iter().rev().find_map(|key| match key {
        Key::String(name) => Some(name),
        Key::Int(_) => None,
    });
    match name {
        Some(name) => labelled(diagnostic, name, library, &BTreeSet::new()),
        None => diagnostic,
    }
}

fn has_lower(name: &[u8]) -> bool {
    name.iter().any(u8::is_ascii_lowercase)
}

fn is_secret(name: &[u8], value: &Value) -> bool {
    let is_in_name = |secret: &&[u8]| {
        name.windows(secret.len()).any(|window| window.eq_ignore_ascii_case(secret))
    };
    let has_value = matches!(value, Value::String(bytes) if !bytes.is_empty());
    has_value && (SECRETS.iter().any(is_in_name) || value.as_bytes().is_some_and(is_login))
}

/// `mysql://root:secret@localhost/shop`: a URL with a password.
fn is_login(value: &[u8]) -> bool {
    let Some(at) = memchr::memmem::find(value, b"://") else { return false };
    let authority = value[at + 3..].split(|byte| *byte == b'/').next().unwrap_or_default();
    let Some(host) = memchr::memrchr(b'@', authority) else { return false };
    memchr::memchr(b':', &authority[..host]).is_some_and(|colon| colon + 1 < host)
}

fn secret(what: &str) -> Diagnostic {
    Diagnostic::note(SECRET, format!("{what} is readable in the cache"))
        .help("keep the cache as secret as the configuration, or read the value from the environment at run time")
}

/// The first `define('NAME'` or `const NAME` among the tokens of a file: the
/// place of the name.
pub(crate) fn definition(text: &[u8], tokens: &[Token], name: &[u8]) -> Option<Range<usize>> {
    let is_code = |token: &&Token| {
        !matches!(token.kind, TokenKind::Whitespace | TokenKind::Comment | TokenKind::DocComment)
    };
    let tokens: Vec<&Token> = tokens.iter().filter(is_code).collect();
    let text_of = |token: &Token| &text[token.span()];
    let is_define = |window: &[&Token]| {
        text_of(window[0]).eq_ignore_ascii_case(b"define")
            && text_of(window[1]) == b"("
            && window[2].kind == TokenKind::ConstantEncapsedString
            && text_of(window[2]).get(1..=name.len()) == Some(name)
            && text_of(window[2]).len() == name.len() + 2
    };
    let is_const =
        |window: &[&Token]| window[0].kind == TokenKind::Const && text_of(window[1]) == name;
    let defined = tokens.windows(3).find(|window| is_define(window)).map(|window| window[2]);
    let declared = || tokens.windows(2).find(|window| is_const(window)).map(|window| window[1]);
    defined.or_else(declared).map(Token::span)
}

/// Finds where a secret is written: in the line with its value, of several with
/// its name.
fn labelled_secret(
    diagnostic: Diagnostic,
    name: &[u8],
    value: &Value,
    library: &Library<'_>,
    members: &BTreeSet<SourceId>,
) -> Diagnostic {
    let value = value.as_bytes().unwrap_or_default();
    let has_value = |text: &[u8], at: usize| {
        let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |len| at + len);
        memchr::memmem::find(&text[at..end], value).is_some()
    };
    for id in library.ids().rev().filter(|id| !members.contains(id)) {
        let text = library.text(id);
        if let Some(at) = quoted(text, name).find(|at| has_value(text, *at)) {
            return diagnostic.label(id, at..at + name.len(), "");
        }
    }
    labelled(diagnostic, name, library, members)
}

/// Makes secrets unreadable in what messages show of a source: in the line of the
/// name of one, strings, numbers and comments become asterisks. What stays are
/// such names, and the keys of arrays.
pub(crate) fn mask(text: &mut [u8], names: &[Range<usize>], options: Options) {
    let line = |name: &Range<usize>| {
        let start = memchr::memrchr(b'\n', &text[..name.start]).map_or(0, |at| at + 1);
        let end = memchr::memchr(b'\n', &text[name.end..]);
        start..end.map_or(text.len(), |len| name.end + len)
    };
    let lines: Vec<Range<usize>> = names.iter().map(line).collect();
    let tokens = lex(text, options);
    let is_key = |index: usize| {
        let next = tokens[index + 1..].iter().find(|token| !token.kind.is_trivia());
        next.is_some_and(|token| token.kind == TokenKind::DoubleArrow)
    };
    let is_hidden = |(index, token): &(usize, &Token)| {
        let span = token.span();
        may_hold_secret(token.kind)
            && lines.iter().any(|line| span.start < line.end && line.start < span.end)
            && !names.iter().any(|name| span.start <= name.start && name.end <= span.end)
            && !is_key(*index)
    };
    let hidden: Vec<Range<usize>> =
        tokens.iter().enumerate().filter(is_hidden).map(|(_, token)| token.span()).collect();
    for span in hidden {
        let is_quote = |byte: &u8| matches!(byte, b'\'' | b'"' | b'\n' | b'\r');
        text[span].iter_mut().filter(|byte| !is_quote(byte)).for_each(|byte| *byte = b'*');
    }
}

fn may_hold_secret(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::ConstantEncapsedString
            | TokenKind::EncapsedAndWhitespace
            | TokenKind::LNumber
            | TokenKind::DNumber
            | TokenKind::Comment
            | TokenKind::DocComment
    )
}

/// Routes and the like are named after pages: `'password' => 'User/edit'`.
fn is_routes(name: &[u8]) -> bool {
    let upper = name.to_ascii_uppercase();
    memchr::memmem::find(&upper, b"ROUTE").is_some() || upper.starts_with(b"URL_")
}

/// Where a name stands in quotes; nowhere if it is empty.
fn quoted<'t>(text: &'t [u8], name: &'t [u8]) -> impl Iterator<Item = usize> + 't {
    let is_quote = |byte: Option<&u8>| matches!(byte, Some(b'\'' | b'"'));
    let places = text.windows(name.len().max(1)).enumerate();
    let places = places.filter(move |(at, window)| {
        window.eq_ignore_ascii_case(name)
            && is_quote(at.checked_sub(1).and_then(|before| text.get(before)))
            && is_quote(text.get(at + name.len()))
    });
    places.map(|(at, _)| at)
}

/// Finds where a name is written, in files that are not compiled themselves.
pub(crate) fn labelled(
    diagnostic: Diagnostic,
    name: &[u8],
    library: &Library<'_>,
    members: &BTreeSet<SourceId>,
) -> Diagnostic {
    for id in library.ids().rev().filter(|id| !members.contains(id)) {
        let at = quoted(library.text(id), name).next();
        if let Some(at) = at {
            return diagnostic.label(id, at..at + name.len(), "");
        }
    }
    diagnostic
}
