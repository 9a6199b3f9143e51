//! Which names an entry may have.
//!
//! An archive can hold any name; `phar://` reaches only those that stay below
//! the archive, and an extractor must refuse the others, since the archive may
//! come from anywhere. A backslash is a letter here and a separator on Windows,
//! so it is refused on both.

use std::fmt;

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameError {
    /// It begins with `/`.
    Absolute,
    /// It begins with a letter and a colon, as `C:`.
    Drive,
    /// A part of it is `.` or `..`.
    Dots,
    /// A part of it is empty, as in `a//b`.
    EmptyPart,
    /// It has a backslash.
    Backslash,
    /// It has a NUL byte or a line break.
    Control,
    /// It is in `.phar/`, which PHP keeps for itself.
    Reserved,
    /// It has a control character, `*` or `?`, or is no UTF-8: `phar://` takes
    /// no such name, in any version.
    Unreachable,
}

/// Checks that a name stays where it is put: a relative path of plain parts,
/// perhaps with a `/` at the end.
///
/// # Errors
///
/// What is wrong with it.
pub fn check(name: &[u8]) -> Result<(), NameError> {
    if name.starts_with(b"/") {
        return Err(NameError::Absolute);
    }
    if let [letter, b':', ..] = name
        && letter.is_ascii_alphabetic()
    {
        return Err(NameError::Drive);
    }
    if name.contains(&b'\\') {
        return Err(NameError::Backslash);
    }
    if name.iter().any(|byte| matches!(byte, 0 | b'\n' | b'\r')) {
        return Err(NameError::Control);
    }
    let parts = name.strip_suffix(b"/").unwrap_or(name).split(|byte| *byte == b'/');
    for part in parts {
        match part {
            b"" => return Err(NameError::EmptyPart),
            b"." | b".." => return Err(NameError::Dots),
            _ => {}
        }
    }
    Ok(())
}

/// The same for a name that is to be written.
///
/// # Errors
///
/// What is wrong with it.
pub fn check_new(name: &[u8]) -> Result<(), NameError> {
    check(name)?;
    if matches!(name.strip_prefix(b".phar"), Some([] | [b'/', ..])) {
        return Err(NameError::Reserved);
    }
    let is_refused = |byte: &u8| byte.is_ascii_control() || matches!(byte, b'*' | b'?');
    if name.iter().any(is_refused) || str::from_utf8(name).is_err() {
        return Err(NameError::Unreachable);
    }
    Ok(())
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absolute => "is absolute",
            Self::Drive => "begins with a drive letter",
            Self::Dots => "has a part `.` or `..`",
            Self::EmptyPart => "has an empty part",
            Self::Backslash => "has a backslash",
            Self::Control => "has a NUL byte or a line break",
            Self::Reserved => "is in `.phar/`, which PHP keeps for itself",
            Self::Unreachable => {
                "cannot be reached by `phar://`: it has a control character, `*` or `?`, or is no UTF-8"
            }
        })
    }
}

impl std::error::Error for NameError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_are_taken() {
        for name in ["a", "a/b.php", "a/", ".htaccess", "...", "a/..b", "\u{e4}", ".pharos", "ab:c"]
        {
            assert_eq!(check_new(name.as_bytes()), Ok(()), "{name}");
        }
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for (name, error) in [
            ("/etc/passwd", NameError::Absolute),
            ("/", NameError::Absolute),
            ("C:", NameError::Drive),
            ("c:/x", NameError::Drive),
            ("..", NameError::Dots),
            ("../x", NameError::Dots),
            ("a/../../x", NameError::Dots),
            ("a/..", NameError::Dots),
            ("a/../", NameError::Dots),
            ("./a", NameError::Dots),
            ("a//b", NameError::EmptyPart),
            ("a//", NameError::EmptyPart),
            ("", NameError::EmptyPart),
            ("..\\x", NameError::Backslash),
            ("a\0b", NameError::Control),
            ("a\nb", NameError::Control),
            (".phar", NameError::Reserved),
            (".phar/stub.php", NameError::Reserved),
            ("a?", NameError::Unreachable),
            ("*.php", NameError::Unreachable),
            ("a\tb", NameError::Unreachable),
        ] {
            assert_eq!(check_new(name.as_bytes()), Err(error), "{name:?}");
        }
    }
}
