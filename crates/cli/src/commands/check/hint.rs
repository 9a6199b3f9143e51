//! What to do about a difference, with the options that `check` was given.
//!
//! The hint can be copied as it is: it holds the words of this very command line, quoted
//! for a shell, without those that only `check` has.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

use crate::console::Console;

/// Options that are about messages, and of `check` alone.
const OWN: &[&str] = &["--stat", "--full", "-q", "--quiet"];
/// The same with a value.
const OWN_WITH_VALUE: &[&str] = &["--output-format", "--color"];

/// Says how many outputs would change and what writes them.
pub(super) fn say(stale: usize, outputs: &str, console: Console) {
    let options = options(std::env::args_os().skip(1));
    console.note_beside(format!("{stale} of {outputs} would change"));
    console.note_beside(format!("help: `tilde build{options}` writes them"));
    console.note_beside(format!(
        "help: `tilde build --review{options}` and then `tilde review` go through them one by one"
    ));
}

/// The words of a command line that a build takes too, each with a blank before it.
fn options(arguments: impl Iterator<Item = OsString>) -> String {
    let mut options = String::new();
    let mut is_command_past = false;
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        let is_own = |name: &&&str| argument.to_str() == Some(**name);
        let is_own_with_value =
            |name: &&&str| argument.to_str().is_some_and(|it| it.split('=').next() == Some(**name));
        if OWN.iter().any(|name| is_own(&name)) {
            continue;
        }
        if OWN_WITH_VALUE.iter().any(|name| is_own_with_value(&name)) {
            if !argument.as_bytes().contains(&b'=') {
                arguments.next();
            }
            continue;
        }
        if !is_command_past && argument == "check" {
            is_command_past = true;
            continue;
        }
        options.push(' ');
        options.push_str(&quoted(&argument));
    }
    options
}

/// A word as a shell reads it. Bytes that are no text are spelled out, as bash takes them.
pub(crate) fn quoted(word: &OsStr) -> Cow<'_, str> {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./=:,+@%".contains(byte);
    match word.to_str() {
        Some(text) if !text.is_empty() && text.bytes().all(|byte| is_plain(&byte)) => text.into(),
        Some(text) if !text.contains(crate::escape::is_control) => {
            format!("'{}'", text.replace('\'', r"'\''")).into()
        }
        _ => {
            let byte = |byte: &u8| match byte {
                b'\'' | b'\\' => format!("\\{}", char::from(*byte)),
                b' '..=b'~' => char::from(*byte).to_string(),
                _ => format!("\\x{byte:02x}"),
            };
            let text: String = word.as_bytes().iter().map(byte).collect();
            format!("$'{text}'").into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_without_those_of_check() {
        let of = |words: &[&str]| options(words.iter().map(OsString::from));
        let words = ["--color", "never", "check", "--stat", "-q", "a b.php", "-o", "it's.php"];
        assert_eq!(of(&words), r" 'a b.php' -o 'it'\''s.php'");
        assert_eq!(of(&["check", "--output-format=json", "check"]), " check");
        assert_eq!(quoted(OsStr::from_bytes(b"\xd6\n'")), r"$'\xd6\x0a\''");
    }
}
