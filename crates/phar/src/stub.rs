//! The script at the start of an archive.
//!
//! PHP looks for the first `__HALT_COMPILER();` and takes what comes after it
//! for the manifest, except for exactly ` ?>` and a line break. Anything else
//! there, such as a newline alone, would be read as a part of the manifest.

use memchr::memmem;

use crate::error::{Error, ErrorKind};
use crate::format::HALT;

/// What PHP writes after the stub.
const END: &[u8] = b" ?>\r\n";

/// A stub that gives the archive its alias and then runs an entry of it. An
/// empty alias stands for the path of the archive, so that two archives never
/// have the same.
#[must_use]
pub fn running(main: &[u8], alias: &[u8]) -> Vec<u8> {
    let mut stub = head(alias);
    stub.extend_from_slice(b"return require 'phar://' . __FILE__ . ");
    stub.extend(quoted(&[b"/", main].concat()));
    stub.extend_from_slice(b";\n");
    stub.extend_from_slice(HALT);
    stub.extend_from_slice(END);
    stub
}

/// A stub that only gives the archive its alias: for a library whose entries
/// are included one by one.
#[must_use]
pub fn library(alias: &[u8]) -> Vec<u8> {
    let mut stub = head(alias);
    stub.extend_from_slice(HALT);
    stub.extend_from_slice(END);
    stub
}

fn head(alias: &[u8]) -> Vec<u8> {
    let mut head = b"<?php\nif (!extension_loaded('phar')) exit(\"This file needs the extension phar of PHP.\\n\");\n".to_vec();
    head.extend_from_slice(b"Phar::mapPhar(");
    if !alias.is_empty() {
        head.extend(quoted(alias));
    }
    head.extend_from_slice(b");\n");
    head
}

/// A string of PHP.
fn quoted(text: &[u8]) -> Vec<u8> {
    let mut quoted = vec![b'\''];
    for byte in text {
        if matches!(byte, b'\'' | b'\\') {
            quoted.push(b'\\');
        }
        quoted.push(*byte);
    }
    quoted.push(b'\'');
    quoted
}

/// A stub that somebody wrote, with the end that PHP writes instead of what is
/// after its `__HALT_COMPILER();`.
///
/// # Errors
///
/// If there is no `__HALT_COMPILER();` in it, or more after it than a closing
/// tag and blanks.
pub fn custom(text: &[u8]) -> Result<Vec<u8>, Error> {
    let at = memmem::find(text, HALT).ok_or(Error::nowhere(ErrorKind::Stub))?;
    let (stub, tail) = text.split_at(at + HALT.len());
    let tail = tail.trim_ascii();
    if !tail.strip_prefix(b"?>").unwrap_or(tail).is_empty() {
        return Err(Error::nowhere(ErrorKind::Stub));
    }
    Ok([stub, END].concat())
}

/// Checks that PHP would look for the manifest behind all of the stub.
pub(crate) fn check(stub: &[u8]) -> Result<(), Error> {
    let is_whole = custom(stub).is_ok_and(|whole| whole == stub);
    if is_whole { Ok(()) } else { Err(Error::nowhere(ErrorKind::Stub)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stub_gets_the_end_of_php() {
        let whole = b"<?php echo 1; __HALT_COMPILER(); ?>\r\n";
        for end in ["", "\n", "\n\n", "?>", " ?>", "\n?>\n", " ?>\r\n"] {
            let text = format!("<?php echo 1; __HALT_COMPILER();{end}");
            assert_eq!(custom(text.as_bytes()).expect(end), whole, "{end:?}");
        }
    }

    #[test]
    fn a_stub_without_an_end_is_refused() {
        for text in [
            "",
            "<?php",
            "<?php __halt_compiler();",
            "<?php __HALT_COMPILER(); x",
            "<?php __HALT_COMPILER() ;",
        ] {
            assert!(custom(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn names_are_quoted() {
        let stub = running(b"a'b\\.php", b"it's");
        let text = String::from_utf8(stub.clone()).expect("it is text");
        assert!(text.contains(r"mapPhar('it\'s')") && text.contains(r"'/a\'b\\.php'"), "{text}");
        assert!(check(&stub).is_ok() && check(&library(b"")).is_ok());
    }
}
