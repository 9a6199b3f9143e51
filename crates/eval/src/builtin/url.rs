//! URLs.
//!
//! `parse_url()` is no URL parser: it takes most texts, and what it makes of odd
//! ones is refused here.

use super::{Args, Builtin};
use crate::array::{Array, Key};
use crate::convert::Result;
use crate::error::ErrorKind;
use crate::value::Value;

pub(super) static FUNCTIONS: &[Builtin] = &[
    Builtin::pure("urlencode", 1, 1, |args| Ok(encode(&args.bytes(0)?, true).into())),
    Builtin::pure("rawurlencode", 1, 1, |args| Ok(encode(&args.bytes(0)?, false).into())),
    Builtin::pure("urldecode", 1, 1, |args| Ok(decode(&args.bytes(0)?, true).into())),
    Builtin::pure("rawurldecode", 1, 1, |args| Ok(decode(&args.bytes(0)?, false).into())),
    Builtin::pure("parse_url", 1, 2, parse_url),
];

fn encode(bytes: &[u8], is_form: bool) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => text.push(*byte),
            b'~' if !is_form => text.push(*byte),
            b' ' if is_form => text.push(b'+'),
            _ => text.extend(format!("%{byte:02X}").bytes()),
        }
    }
    text
}

fn decode(bytes: &[u8], is_form: bool) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (byte, tail) {
            (b'+', _) if is_form => text.push(b' '),
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    text.push(high << 4 | low);
                    rest = after;
                }
                _ => text.push(b'%'),
            },
            _ => text.push(*byte),
        }
    }
    text
}

fn set(parts: &mut Array, name: &str, value: impl Into<Value>) {
    parts.insert(Key::String(name.into()), value.into());
}

/// `user:password@host:port`; none for what is not clear.
fn add_authority(parts: &mut Array, authority: &str) -> Option<()> {
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    };
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (host, None),
    };
    if host.is_empty() || host.contains([':', '[', '@']) {
        return None;
    }
    set(parts, "host", host);
    if let Some(port) = port {
        let port: u16 = port.parse().ok().filter(|port| *port > 0)?;
        set(parts, "port", Value::Int(i64::from(port)));
    }
    if let Some(user) = user {
        let (user, password) = match user.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (user, None),
        };
        set(parts, "user", user);
        if let Some(password) = password {
            set(parts, "pass", password);
        }
    }
    Some(())
}

/// `PHP_URL_SCHEME` and its like, by their numbers.
const COMPONENTS: &[&str] =
    &["scheme", "host", "port", "user", "pass", "path", "query", "fragment"];

fn parse_url(args: &Args<'_>) -> Result<Value> {
    let bytes = args.bytes(0)?;
    let refuse = || ErrorKind::unsupported("parse_url() of such a text");
    let text = str::from_utf8(&bytes).map_err(|_| refuse())?;
    if text.contains(|character: char| character.is_control() || character == '\\') {
        return Err(refuse());
    }
    let mut parts = Array::new();
    let (rest, fragment) = cut(text, '#');
    let (rest, query) = cut(rest, '?');
    let path = match rest.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => {
            let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
            set(&mut parts, "scheme", scheme);
            add_authority(&mut parts, authority).ok_or_else(refuse)?;
            path
        }
        _ if rest.contains(':') || rest.starts_with("//") => return Err(refuse()),
        _ => rest,
    };
    if !path.is_empty() || text.is_empty() {
        set(&mut parts, "path", path);
    }
    for (name, value) in [("query", query), ("fragment", fragment)] {
        match value {
            // Versions differ in whether there is an empty one.
            Some("") => return Err(refuse()),
            Some(value) => set(&mut parts, name, value),
            None => {}
        }
    }
    let component = match args.int_or(1, -1)? {
        -1 => return Ok(parts.into()),
        index => usize::try_from(index).ok().and_then(|index| COMPONENTS.get(index)),
    };
    let component = component.ok_or_else(refuse)?;
    Ok(parts.get_str(component).cloned().unwrap_or_default())
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}
