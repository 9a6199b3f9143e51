//! Paths as the target's system reads them.
//!
//! [`std::path::Path`] knows only the system that we run on. The target may be a
//! Windows, where `\` and `/` both separate and a path may begin with a drive.

use std::path::PathBuf;

use crate::convert::Result;
use crate::error::{ErrorKind, Unknown};
use crate::expression::bytes_path;

/// The folder of a path, as `zend_dirname()` in `Zend/zend_compile.c` sees it.
/// On Windows the drive stays, and the root is `\` however it was written.
pub(crate) fn parent(path: &[u8], is_windows: bool) -> Vec<u8> {
    let (drive, path) = match path {
        [letter, b':', ..] if is_windows && letter.is_ascii_alphabetic() => path.split_at(2),
        _ => path.split_at(0),
    };
    let is_slash = |byte: &u8| *byte == b'/' || (is_windows && *byte == b'\\');
    let without_slashes =
        |path: &[u8]| path.iter().rposition(|byte| !is_slash(byte)).map_or(0, |last| last + 1);
    let root: &[u8] = if is_windows { b"\\" } else { b"/" };
    let folder = if path.is_empty() {
        path
    } else {
        match without_slashes(path) {
            0 => root,
            end => match path[..end].iter().rposition(is_slash) {
                None => b".",
                Some(last) => match without_slashes(&path[..last]) {
                    0 => root,
                    end => &path[..end],
                },
            },
        }
    };
    [drive, folder].concat()
}

/// The last part of a path, as `php_basename()` in `ext/standard/string.c` sees
/// it.
///
/// # Errors
///
/// A part such as `c:file` on Windows, which not every PHP takes apart.
pub(crate) fn base(path: &[u8], is_windows: bool) -> Result<&[u8]> {
    let is_slash = |byte: &u8| *byte == b'/' || (is_windows && *byte == b'\\');
    let end = path.iter().rposition(|byte| !is_slash(byte)).map_or(0, |last| last + 1);
    let start = path[..end].iter().rposition(is_slash).map_or(0, |last| last + 1);
    match &path[start..end] {
        [_, b':', ..] if is_windows => {
            Err(ErrorKind::unsupported("the name of a path relative to a drive"))
        }
        name => Ok(name),
    }
}

/// Refuses what is clear on no system: paths of Windows elsewhere, and on
/// Windows a `\` that may be half of a character there.
pub(crate) fn check(path: &[u8], is_windows: bool) -> Result<()> {
    match path {
        [drive, b':', ..] if !is_windows && drive.is_ascii_alphabetic() => {
            Err(ErrorKind::unsupported("the parts of a path of Windows"))
        }
        _ if is_windows && path.windows(2).any(|pair| pair[0] > 0x80 && pair[1] == b'\\') => {
            Err(ErrorKind::unsupported("a \\ behind a letter that is not of ASCII"))
        }
        _ => Ok(()),
    }
}

/// Whether PHP takes a path for a URL: it begins with the name of a wrapper, of
/// which `data:` needs no slashes. One letter is the drive of a Windows path.
pub(crate) fn is_url(name: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let Some(len) = name.iter().position(|byte| !is_letter(byte)) else { return false };
    (len > 1 && name[len..].starts_with(b"://")) || name.starts_with(b"data:")
}

/// Whether PHP looks for a path in the folders of the include path.
pub(crate) fn is_searched(name: &[u8], is_windows: bool) -> bool {
    let is_slash = |byte: u8| byte == b'/' || (is_windows && byte == b'\\');
    match name {
        [first, ..] if is_slash(*first) => false,
        [b'.', next, ..] if is_slash(*next) => false,
        [b'.', b'.', next, ..] if is_slash(*next) => false,
        [drive, b':', ..] => !(is_windows && drive.is_ascii_alphabetic()),
        _ => true,
    }
}

/// The full path of a name on Windows, with `\` and without `.` and `..`.
///
/// # Errors
///
/// A name that depends on the folder or drive that PHP is in, where that is
/// unknown.
pub(crate) fn full_on_windows(name: &[u8], folder: Option<&[u8]>) -> Result<PathBuf> {
    let unknown = || {
        let what = format!("the folder that {} is in", String::from_utf8_lossy(name));
        ErrorKind::Unknown(Unknown::Machine(what))
    };
    let is_slash = |byte: u8| byte == b'/' || byte == b'\\';
    let full = match name {
        [first, second, ..] if is_slash(*first) && is_slash(*second) => name.to_vec(),
        [drive, b':', slash, ..] if drive.is_ascii_alphabetic() && is_slash(*slash) => {
            name.to_vec()
        }
        // The folder of a drive is its own.
        [drive, b':', ..] if drive.is_ascii_alphabetic() => return Err(unknown()),
        [first, ..] if is_slash(*first) => match folder {
            Some([drive, b':', ..]) => [&[*drive, b':'], name].concat(),
            _ => return Err(unknown()),
        },
        _ => [folder.ok_or_else(unknown)?, b"\\", name].concat(),
    };
    let is_share = is_slash(full[0]);
    let mut parts: Vec<&[u8]> = Vec::new();
    // `\\server\share` and `c:` have no folder above.
    let least = if is_share { 2 } else { 1 };
    for part in full.split(|byte| is_slash(*byte)) {
        match part {
            b"" | b"." => {}
            b".." => parts.truncate((parts.len().max(1) - 1).max(least.min(parts.len()))),
            part => parts.push(part),
        }
    }
    let mut path = if is_share { b"\\\\".to_vec() } else { Vec::new() };
    path.extend(parts.join(&b'\\'));
    if !is_share && parts.len() == 1 {
        path.push(b'\\');
    }
    Ok(bytes_path(&path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::path_bytes;

    fn folder(path: &str) -> String {
        String::from_utf8(parent(path.as_bytes(), true)).expect("the input is text")
    }

    #[test]
    fn folders_on_windows() {
        for (path, expected) in [
            (r"D:\wamp\www\app\index.php", r"D:\wamp\www\app"),
            ("D:/wamp/www/index.php", "D:/wamp/www"),
            (r"D:\wamp/www\\index.php\", r"D:\wamp/www"),
            (r"D:\a", r"D:\"),
            ("D:/a", r"D:\"),
            (r"D:\", r"D:\"),
            ("D:", "D:"),
            ("D:a", "D:."),
            (r"D:a\b", "D:a"),
            (r"\\server\share\x", r"\\server\share"),
            (r"\\server", r"\"),
            ("/a", r"\"),
            ("/", r"\"),
            ("a", "."),
            (r"a\b", "a"),
            ("", ""),
            ("1:a", "."),
        ] {
            assert_eq!(folder(path), expected, "{path}");
        }
        assert_eq!(parent(br"a\b/c\d", false), br"a\b");
        assert_eq!(parent(b"/a", false), b"/");
    }

    #[test]
    fn names_on_windows() {
        for (path, expected) in [
            (r"D:\wamp\index.php", "index.php"),
            ("D:/wamp/index.php/", "index.php"),
            (r"a\b/c", "c"),
            (r"\\", ""),
            ("", ""),
            (r"D:\x\file:stream", "file:stream"),
        ] {
            assert_eq!(base(path.as_bytes(), true).ok(), Some(expected.as_bytes()), "{path}");
        }
        for path in ["D:", "D:a", r"D:\", "a/b:c"] {
            assert!(base(path.as_bytes(), true).is_err(), "{path}");
        }
        assert_eq!(base(br"a/b\c", false).ok(), Some(&br"b\c"[..]));
    }

    #[test]
    fn full_paths_on_windows() {
        let full = |name: &str, folder: Option<&str>| {
            let path = full_on_windows(name.as_bytes(), folder.map(str::as_bytes)).ok()?;
            Some(String::from_utf8(path_bytes(&path).to_vec()).expect("the input is text"))
        };
        let here = Some(r"D:\wamp\app");
        for (name, expected) in [
            ("./ThinkPHP/x.php", r"D:\wamp\app\ThinkPHP\x.php"),
            (r"..\x.php", r"D:\wamp\x.php"),
            ("x.php", r"D:\wamp\app\x.php"),
            ("E:/a/../../b//c.php", r"E:\b\c.php"),
            (r"E:\", r"E:\"),
            ("/x.php", r"D:\x.php"),
            (r"\\server\share\a\..\..\b", r"\\server\share\b"),
        ] {
            assert_eq!(full(name, here).as_deref(), Some(expected), "{name}");
        }
        assert_eq!(full("E:x.php", here), None);
        assert_eq!(full("x.php", None), None);
        assert_eq!(full("/x.php", None), None);
        assert_eq!(full("E:/x.php", None).as_deref(), Some(r"E:\x.php"));
    }
}
