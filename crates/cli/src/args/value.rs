//! What the values of options mean by themselves, without any file.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

use tilde_lexer::{Options, Version};

use crate::deployed::Name;
use crate::literal;

/// `DEPLOYED=LOCAL`
#[derive(Clone, Debug)]
pub(crate) struct MapPath {
    pub(crate) deployed: Name,
    pub(crate) local: PathBuf,
}

impl MapPath {
    pub(super) fn parse(argument: OsString) -> Result<Self, &'static str> {
        let (deployed, local) =
            split(argument).ok_or("write it as DEPLOYED=LOCAL, two paths with a `=` between")?;
        if local.is_empty() {
            return Err("LOCAL is empty; the current folder is `.`");
        }
        let deployed = Name::absolute(&deployed)
            .ok_or("DEPLOYED must be absolute, such as /srv/shop or D:\\www\\shop")?;
        Ok(Self { deployed, local: OsString::from_vec(local).into() })
    }
}

/// `NAME=VALUE`, or `!NAME` for an entry that is absent.
#[derive(Clone, Debug)]
pub(crate) struct ServerEntry {
    pub(crate) name: Vec<u8>,
    pub(crate) value: Option<Vec<u8>>,
}

impl ServerEntry {
    pub(super) fn parse(argument: OsString) -> Result<Self, &'static str> {
        if let [b'!', name @ ..] = argument.as_bytes()
            && !name.is_empty()
            && !name.contains(&b'=')
        {
            return Ok(Self { name: name.to_vec(), value: None });
        }
        let (name, value) = split(argument).ok_or(
            "write it as NAME=VALUE, such as HTTP_HOST=example.org, or as !NAME if it is absent",
        )?;
        Ok(Self { name, value: Some(value) })
    }
}

/// `NAME=VALUE` of a constant. What the value means depends on the PHP.
#[derive(Clone, Debug)]
pub(crate) struct Define {
    pub(crate) name: Vec<u8>,
    pub(crate) value: Vec<u8>,
}

impl Define {
    pub(super) fn parse(argument: OsString) -> Result<Self, &'static str> {
        let (name, value) =
            split(argument).ok_or("write it as NAME=VALUE, such as APP_DEBUG=false")?;
        if !literal::is_constant_name(&name) {
            return Err("NAME is no name of a constant");
        }
        Ok(Self { name, value })
    }
}

/// What is before and behind the first `=`; the first of both is not empty.
fn split(argument: OsString) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut before = argument.into_vec();
    let at = before.iter().position(|byte| *byte == b'=').filter(|at| *at > 0)?;
    let behind = before.split_off(at + 1);
    before.pop();
    Some((before, behind))
}

/// A line of a file, and perhaps a column, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutputPlace {
    pub(crate) file: PathBuf,
    pub(crate) line: usize,
    pub(crate) column: Option<usize>,
}

impl OutputPlace {
    /// `FILE:LINE`, `FILE:LINE:COLUMN`, or `FILE(LINE)` as in stack traces.
    pub(super) fn parse(argument: OsString) -> Result<Self, &'static str> {
        let argument = argument.into_vec();
        let text = argument.strip_suffix(b")").unwrap_or(&argument);
        let separator = if text.len() < argument.len() { b'(' } else { b':' };
        let last = number_after(text, separator).filter(|(file, _)| !file.is_empty());
        let (file, last) = last.ok_or("write it as FILE:LINE or FILE:LINE:COLUMN")?;
        let (file, line, column) = match number_after(file, b':').filter(|_| separator == b':') {
            Some((file, line)) if !file.is_empty() => (file, line, Some(last)),
            _ => (file, last, None),
        };
        if line == 0 || column == Some(0) {
            return Err("lines and columns count from 1");
        }
        Ok(Self { file: OsString::from_vec(file.to_vec()).into(), line, column })
    }
}

/// What is before the last separator, and the number after it.
fn number_after(text: &[u8], separator: u8) -> Option<(&[u8], usize)> {
    let at = text.iter().rposition(|byte| *byte == separator)?;
    let digits = &text[at + 1..];
    let number = str::from_utf8(digits).ok().filter(|_| digits.iter().all(u8::is_ascii_digit))?;
    Some((&text[..at], number.parse().ok()?))
}

/// A name that may stand in the name of a file.
pub(super) fn environment_name(name: &str) -> Result<String, &'static str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if name.is_empty() || !name.bytes().all(is_plain) {
        return Err("an environment has a name of letters, digits, `-` and `_`");
    }
    Ok(name.to_owned())
}

/// The full name of a class, which every PHP from 7.2 on takes.
pub(crate) fn class_name(name: &str) -> Result<String, &'static str> {
    const WRONG: &str = "a class has a name such as App\\Resetter, which is no word of PHP's own";
    let name = name.trim_start_matches('\\');
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'\\');
    let (namespace, short) = name.rsplit_once('\\').unwrap_or(("Any", name));
    let code = format!("<?php namespace {namespace}; class {short} {{}}");
    let is_read = |version| {
        let arena = tilde_syntax::Arena::new();
        tilde_syntax::parse(code.as_bytes(), Options::new(version), &arena).is_ok()
    };
    let is_class = name.bytes().all(is_plain) && is_read(Version::V7_2) && is_read(Version::LATEST);
    if is_class { Ok(name.to_owned()) } else { Err(WRONG) }
}

#[cfg(test)]
mod tests {
    use super::OutputPlace;

    #[test]
    fn places_have_a_line() {
        let parse = |text: &str| {
            let place = OutputPlace::parse(text.into());
            place.map(|it| (it.file.to_string_lossy().into_owned(), it.line, it.column))
        };
        assert_eq!(parse("a.php:3"), Ok(("a.php".to_owned(), 3, None)));
        assert_eq!(parse("a:b.php:3:14"), Ok(("a:b.php".to_owned(), 3, Some(14))));
        assert_eq!(parse("a.php(3)"), Ok(("a.php".to_owned(), 3, None)));
        for text in ["a.php", ":3", "a.php:", "a.php:x", "a.php:0", "a.php:3:0", "(3)", "a:-3"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
