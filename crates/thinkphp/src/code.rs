//! `compile()`: what of a file goes into a cache.
//!
//! Bytes are cut, and nobody looks at what they are: that is ThinkPHP's way,
//! and its caches'. `diagnose.rs` looks at the tokens afterwards, to say what
//! the cuts have done.

use std::borrow::Cow;
use std::ops::Range;

use tilde_lexer::Options;

use crate::plan::GUARD;
use tilde_bundle::php;
use tilde_bundle::token::Token;

pub(crate) const OPEN: &[u8] = b"//[RUNTIME]";
pub(crate) const CLOSE: &[u8] = b"//[/RUNTIME]";

/// `compile()` of 2.0 to 3.1.
pub(crate) fn compile(text: &[u8], goes_without_blocks: bool) -> Vec<u8> {
    let bytes = if goes_without_blocks { without_blocks(text) } else { text.into() };
    without_close_tag(without_open_tag(trim(&bytes))).to_vec()
}

/// `compile()` of 3.2: stripped first, and in a namespace of its own.
pub(crate) fn compile_in_namespace(text: &[u8], tokens: &[Token], options: Options) -> Vec<u8> {
    let mut stripped = Vec::new();
    php::php_of_tokens(text, tokens, options, &mut stripped);
    let kept = without_blocks(trim(without_open_tag(&stripped)));
    let mut code = Vec::with_capacity(kept.len() + b"namespace {}".len());
    if let Some(Range { start, end }) = namespace_name(&kept) {
        let word = start - b"namespace".len() - 1;
        code.extend_from_slice(&kept[..word]);
        code.extend_from_slice(b"namespace ");
        code.extend_from_slice(&kept[start..end]);
        code.push(b'{');
        code.extend_from_slice(without_close_tag(&kept[end + 1..]));
    } else {
        if !kept.starts_with(b"namespace") {
            code.extend_from_slice(b"namespace {");
        }
        code.extend_from_slice(without_close_tag(&kept));
    }
    code.push(b'}');
    code
}

/// Five bytes, whatever they are.
fn without_open_tag(bytes: &[u8]) -> &[u8] {
    bytes.get(5..).unwrap_or_default()
}

fn without_close_tag(bytes: &[u8]) -> &[u8] {
    bytes.strip_suffix(b"?>").unwrap_or(bytes)
}

/// PHP's `trim()`.
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    &bytes[trimmed(bytes)]
}

/// What `trim()` leaves, as a range.
pub(crate) fn trimmed(bytes: &[u8]) -> Range<usize> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0 | 0x0b);
    let start = bytes.iter().position(|byte| !is_blank(byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !is_blank(byte)).map_or(start, |last| last + 1);
    start..end
}

/// The blocks of a file, markers included, wherever the markers stand.
pub(crate) fn blocks(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let mut from = 0;
    while let Some(open) = memchr::memmem::find(&bytes[from..], OPEN) {
        let start = from + open;
        let inner = start + OPEN.len();
        let Some(close) = memchr::memmem::find(&bytes[inner..], CLOSE) else { break };
        from = inner + close + CLOSE.len();
        blocks.push(start..from);
    }
    blocks
}

fn without_blocks(bytes: &[u8]) -> Cow<'_, [u8]> {
    let blocks = blocks(bytes);
    if blocks.is_empty() {
        return bytes.into();
    }
    let mut kept = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for block in blocks {
        kept.extend_from_slice(&bytes[from..block.start]);
        from = block.end;
    }
    kept.extend_from_slice(&bytes[from..]);
    kept.into()
}

/// Of code that begins with this word: the name in its first `namespace …;` on
/// one line, up to the `;`.
fn namespace_name(code: &[u8]) -> Option<Range<usize>> {
    let word = b"namespace";
    if !code.starts_with(word) {
        return None;
    }
    memchr::memmem::find_iter(code, word).find_map(|at| {
        let name = at + word.len() + 1;
        // PCRE's `\s`, and `.` which is no line feed.
        let is_space = matches!(code.get(name - 1), Some(b' ' | b'\t'..=b'\r'));
        let end = name + memchr::memchr2(b';', b'\n', code.get(name..)?)?;
        (is_space && code[end] == b';').then_some(name..end)
    })
}

/// What makes `lite.php` of 3.2 start without a look at the cache: in
/// `Think::start()` the first text from `$runtimefile = RUNTIME_PATH` to
/// `if(APP_STATUS` goes, if both are on one line.
pub(crate) fn without_cache_lookup(code: &[u8]) -> Vec<u8> {
    let (first, last) = (b"$runtimefile = RUNTIME_PATH", b"if(APP_STATUS");
    for at in memchr::memmem::find_iter(code, first) {
        // At least one byte stands between them.
        let from = at + first.len() + 1;
        let line_end =
            memchr::memchr(b'\n', &code[from - 1..]).map_or(code.len(), |end| from - 1 + end);
        let rest = code.get(from..line_end).unwrap_or_default();
        if let Some(end) = memchr::memmem::find(rest, last) {
            return [&code[..at], &code[from + end..]].concat();
        }
    }
    code.to_vec()
}

/// The code with a blank for each guard.
pub(crate) fn without_guards(code: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(code.len());
    let mut from = 0;
    for at in memchr::memmem::find_iter(code, GUARD) {
        kept.extend_from_slice(&code[from..at]);
        kept.push(b' ');
        from = at + GUARD.len();
    }
    kept.extend_from_slice(&code[from..]);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_bytes_go_unseen() {
        assert_eq!(compile(b"\n<?php\necho 1; ?> \n", false), b"\necho 1; ");
        assert_eq!(compile(b"<?\necho 1;", false), b"ho 1;");
        assert_eq!(compile(b"<?php", false), b"");
        assert_eq!(compile(b"a", false), b"");
        assert_eq!(compile(b"", false), b"");
    }

    #[test]
    fn a_block_ends_at_the_first_end() {
        let text = b"<?php a//[RUNTIME] b //[RUNTIME] c //[/RUNTIME] d //[/RUNTIME] e";
        assert_eq!(compile(text, true), b" a d //[/RUNTIME] e");
        assert_eq!(
            compile(b"<?php //[/RUNTIME] a //[RUNTIME]", true),
            b" //[/RUNTIME] a //[RUNTIME]"
        );
    }

    #[test]
    fn a_namespace_is_what_begins_with_the_word() {
        let options = Options::default();
        let compiled = |text: &str| {
            let tokens = tilde_bundle::token::lex(text.as_bytes(), options);
            String::from_utf8(compile_in_namespace(text.as_bytes(), &tokens, options)).unwrap()
        };
        assert_eq!(compiled("<?php\nnamespace A\\B;\nf();"), "namespace A\\B{ f();}");
        assert_eq!(compiled("<?php\nf();\n?>\n"), "namespace {f(); }");
        assert_eq!(compiled("<?php namespaced(1);"), "namespaced(1);}");
        assert_eq!(compiled("<?php"), "namespace {}");
    }

    #[test]
    fn the_lookup_goes_once_and_from_one_line() {
        let cut = |code: &str| String::from_utf8(without_cache_lookup(code.as_bytes())).unwrap();
        let code = "a $runtimefile = RUNTIME_PATH.'x'; if(APP_STATUS && b) c if(APP_STATUS) d";
        assert_eq!(cut(code), "a if(APP_STATUS && b) c if(APP_STATUS) d");
        assert_eq!(
            cut("$runtimefile = RUNTIME_PATHif(APP_STATUS"),
            "$runtimefile = RUNTIME_PATHif(APP_STATUS"
        );
        assert_eq!(
            cut("$runtimefile = RUNTIME_PATH\n;if(APP_STATUS"),
            "$runtimefile = RUNTIME_PATH\n;if(APP_STATUS"
        );
    }
}
