//! Places in a line of a log: a path and the number of a line, as PHP and its tools
//! write them.
//!
//! They are found from the number on: what stands before it says whether it is that
//! of a line, and where the path ends. Where the path begins nobody can say, since
//! names have blanks in them, so each place where one may begin is tried. All other
//! bytes stay.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

/// As many bytes as a path has on Linux.
const MAX_PATH: usize = 4096;

/// So many beginnings of a path are tried, the nearest first.
const MAX_STARTS: usize = 16;

/// So many numbers are tried with a beginning of a path.
const MAX_NUMBERS: usize = 64;

/// Tags around a path or a number are no longer, and no more.
const MAX_TAG: usize = 64;
const MAX_TAGS: usize = 8;

/// A line number has no more digits.
const MAX_DIGITS: usize = 9;

/// What takes the place of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Replacement {
    pub(crate) path: Vec<u8>,
    /// Both from 1; the column is written where there was one.
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// Puts a line at the end of `out`, with the places replaced that `find` knows: it
/// takes a path, a line and perhaps a column, from 1.
pub(crate) fn rewrite(
    line: &[u8],
    out: &mut Vec<u8>,
    mut find: impl FnMut(&[u8], usize, Option<usize>) -> Option<Replacement>,
) {
    let (mut done, mut at) = (0, 0);
    let mut starts = Starts::default();
    while let Some(number) = next_number(line, at) {
        at = number.end;
        let Some(path_end) = path_end(&line[..number.start]).filter(|end| *end > done) else {
            continue;
        };
        if !is_whole(line, &number) {
            continue;
        }
        let column = column(line, &number);
        let found = starts.before(line, done..path_end).find_map(|start| {
            let spelling = Spelling::of(&line[start..path_end]);
            let path = spelling.plain(&line[start..path_end]);
            let column = column.as_ref().map(|column| column.value);
            Some((start, spelling, find(&path, number.value, column)?))
        });
        let Some((start, spelling, replacement)) = found else { continue };
        out.extend_from_slice(&line[done..start]);
        out.extend_from_slice(&spelling.written(&replacement.path));
        out.extend_from_slice(&line[path_end..number.start]);
        out.extend_from_slice(replacement.line.to_string().as_bytes());
        (done, at) = (number.end, number.end);
        if let Some(column) = column {
            out.extend_from_slice(format!(":{}", replacement.column).as_bytes());
            (done, at) = (column.end, column.end);
        }
    }
    out.extend_from_slice(&line[done..]);
}

/// Digits in a line.
struct Number {
    start: usize,
    end: usize,
    value: usize,
}

fn next_number(line: &[u8], mut at: usize) -> Option<Number> {
    loop {
        let start = at + line.get(at..)?.iter().position(u8::is_ascii_digit)?;
        let len = line[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        at = start + len;
        let is_apart = start > 0 && !line[start - 1].is_ascii_alphanumeric();
        let digits = str::from_utf8(&line[start..at]).ok().filter(|_| len <= MAX_DIGITS);
        if let Some(value) = digits.and_then(|digits| digits.parse().ok()).filter(|_| is_apart) {
            return Some(Number { start, end: at, value });
        }
    }
}

/// Whether nothing of the number is missing: PHP cuts long arguments in a trace.
fn is_whole(line: &[u8], number: &Number) -> bool {
    let after = &line[number.end..];
    let is_closed = line[number.start - 1] != b'(' || after.starts_with(b")");
    is_closed && !after.starts_with(b"...")
}

/// The column after a line number: `all.php:12:5`.
fn column(line: &[u8], number: &Number) -> Option<Number> {
    if line[number.start - 1] != b':' || line.get(number.end) != Some(&b':') {
        return None;
    }
    next_number(line, number.end).filter(|it| it.start == number.end + 1)
}

/// Where the path ends before the number of one of its lines.
fn path_end(text: &[u8]) -> Option<usize> {
    let path = before_member(text)
        .or_else(|| before_words(text))
        .or_else(|| before_parameter(text))
        .or_else(|| text.strip_suffix(b":"))
        .or_else(|| text.strip_suffix(b"("))?;
    Some(path.len())
}

/// `"file":"all.php","line":12`, and the same as PHP prints arrays.
fn before_member(text: &[u8]) -> Option<&[u8]> {
    let text = text.trim_ascii_end();
    let text = text.strip_suffix(b":").or_else(|| text.strip_suffix(b"=>"))?;
    let text = without_quote(text.trim_ascii_end())?.strip_suffix(b"line")?;
    let text = without_quote(text)?.trim_ascii_end().strip_suffix(b",")?;
    without_quote(text.trim_ascii_end())
}

/// Without a quote, which has a backslash in JSON that is in JSON.
fn without_quote(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_suffix(b"\"").or_else(|| text.strip_suffix(b"'"))?;
    Some(text.strip_suffix(b"\\").unwrap_or(text))
}

/// `all.php on line 12`, `all.php (line 12)`, `<b>all.php</b> on line <b>12</b>`.
fn before_words(text: &[u8]) -> Option<&[u8]> {
    let text = without_tags(text).strip_suffix(b"line ")?;
    let joints: [&[u8]; 5] = [b" on ", b" at ", b" (", b", ", b" "];
    let path = without_tags(joints.iter().find_map(|joint| text.strip_suffix(*joint))?);
    let quotes: [&[u8]; 3] = [b"\"", b"'", b"`"];
    Some(quotes.iter().find_map(|quote| path.strip_suffix(*quote)).unwrap_or(path))
}

fn without_tags(mut text: &[u8]) -> &[u8] {
    for _ in 0..MAX_TAGS {
        let end = &text[text.len().saturating_sub(MAX_TAG)..];
        let Some(start) =
            end.iter().rposition(|byte| *byte == b'<').filter(|_| end.ends_with(b">"))
        else {
            break;
        };
        text = &text[..text.len() - end.len() + start];
    }
    text
}

/// `?file=all.php&line=12`, in links to editors.
fn before_parameter(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_suffix(b"line=")?;
    text.strip_suffix(b"&amp;").or_else(|| text.strip_suffix(b"&"))
}

/// Where absolute paths may begin in a line: the last of those that have been passed,
/// and how many numbers each was tried with. Each byte is looked at once.
#[derive(Default)]
struct Starts {
    passed: VecDeque<(usize, usize)>,
    seen: usize,
}

impl Starts {
    /// Where a path may begin that ends there, the nearest first.
    fn before(&mut self, line: &[u8], path: Range<usize>) -> impl Iterator<Item = usize> + use<> {
        let from = path.start.max(path.end.saturating_sub(MAX_PATH));
        for at in self.seen.max(from)..path.end {
            if is_start(line, at) {
                self.passed.push_back((at, 0));
            }
        }
        self.seen = self.seen.max(path.end);
        let surplus = self.passed.len().saturating_sub(MAX_STARTS);
        self.passed.drain(..surplus);
        self.passed.retain_mut(|(at, numbers)| {
            *numbers += 1;
            *at >= from && *numbers <= MAX_NUMBERS
        });
        let starts = self.passed.iter().rev().map(|(at, _)| *at);
        starts.filter(|at| *at < path.end).collect::<Vec<_>>().into_iter()
    }
}

/// Whether an absolute path may begin there.
fn is_start(line: &[u8], at: usize) -> bool {
    let before = &line[..at];
    match &line[at..] {
        [b'/', b'/', ..] => false,
        [b'/', ..] => {
            let slashes = before.iter().rev().take_while(|byte| **byte == b'/').count();
            is_apart(&before[..before.len() - slashes])
        }
        [b'\\', b'/', ..] => is_apart(before),
        [drive, b':', b'/' | b'\\', ..] => drive.is_ascii_alphabetic() && is_apart(before),
        _ => false,
    }
}

/// Whether a path may begin after these bytes.
fn is_apart(before: &[u8]) -> bool {
    before
        .last()
        .is_none_or(|byte| byte.is_ascii_whitespace() || b"\"'`()[]{}<>=,;:|@\0".contains(byte))
}

/// How a path is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    Plain,
    /// `\/` for each slash, as PHP writes JSON.
    Slashes,
    /// Each backslash twice.
    Backslashes,
}

impl Spelling {
    fn of(path: &[u8]) -> Self {
        let has = |pair: &[u8]| path.windows(2).any(|bytes| bytes == pair);
        match (has(b"\\/"), has(b"\\\\")) {
            (true, _) => Self::Slashes,
            (false, true) => Self::Backslashes,
            (false, false) => Self::Plain,
        }
    }

    fn plain(self, path: &[u8]) -> Cow<'_, [u8]> {
        let second = match self {
            Self::Plain => return path.into(),
            Self::Slashes => b'/',
            Self::Backslashes => b'\\',
        };
        let mut plain = Vec::with_capacity(path.len());
        for byte in path {
            if *byte == second && plain.last() == Some(&b'\\') {
                plain.pop();
            }
            plain.push(*byte);
        }
        plain.into()
    }

    fn written(self, path: &[u8]) -> Cow<'_, [u8]> {
        let second = match self {
            Self::Plain => return path.into(),
            Self::Slashes => b'/',
            Self::Backslashes => b'\\',
        };
        let escape = |byte: &u8| (*byte == second).then_some(b'\\').into_iter().chain([*byte]);
        path.iter().flat_map(escape).collect::<Vec<u8>>().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line with what is known of two bundles.
    fn rewritten(line: &str) -> String {
        let mut out = Vec::new();
        rewrite(line.as_bytes(), &mut out, |path, line, column| {
            let bundles: [&[u8]; 3] = [b"/x/all.php", b"/my app/all.php", br"C:\x\all.php"];
            bundles.contains(&path).then(|| Replacement {
                path: b"/src/a.php".to_vec(),
                line: line + 100,
                column: column.unwrap_or(0) + 1,
            })
        });
        String::from_utf8(out).expect("it was text")
    }

    #[test]
    fn places_of_php_are_replaced() {
        for (before, after) in [
            (
                "PHP Fatal error:  Uncaught E: m in /x/all.php:12",
                "PHP Fatal error:  Uncaught E: m in /src/a.php:112",
            ),
            ("  thrown in /x/all.php on line 9", "  thrown in /src/a.php on line 109"),
            ("#0 /x/all.php(12): f('/x/all.php')", "#0 /src/a.php(112): f('/x/all.php')"),
            ("#1 /my app/all.php(3): A->b(3)", "#1 /src/a.php(103): A->b(3)"),
            ("/x/all.php(1) : eval()'d code(2): g()", "/src/a.php(101) : eval()'d code(2): g()"),
            (
                "<b>Warning</b>: w in <b>/x/all.php</b> on line <b>12</b><br />",
                "<b>Warning</b>: w in <b>/src/a.php</b> on line <b>112</b><br />",
            ),
            (
                "in /x/all.php (line 12) and /x/all.php line 1",
                "in /src/a.php (line 112) and /src/a.php line 101",
            ),
            ("class@anonymous\0/x/all.php:5$0", "class@anonymous\0/src/a.php:105$0"),
            ("{closure:/x/all.php:5}() called", "{closure:/src/a.php:105}() called"),
            (
                "previously declared in /x/all.php:7) in /x/all.php on line 8",
                "previously declared in /src/a.php:107) in /src/a.php on line 108",
            ),
            (r#"{"file":"\/x\/all.php","line":12}"#, r#"{"file":"\/src\/a.php","line":112}"#),
            (r#"{"file": "/x/all.php", "line": 12}"#, r#"{"file": "/src/a.php", "line": 112}"#),
            (r#"{"file":"/x/all.php:12"}"#, r#"{"file":"/src/a.php:112"}"#),
            ("['file' => '/x/all.php', 'line' => 12]", "['file' => '/src/a.php', 'line' => 112]"),
            (
                "editor://open?file=/x/all.php&amp;line=3",
                "editor://open?file=/src/a.php&amp;line=103",
            ),
            ("see file:///x/all.php:1:20", "see file:///src/a.php:101:21"),
            (r"in C:\x\all.php on line 4", r"in /src/a.php on line 104"),
            (r#"["C:\\x\\all.php:4"]"#, r#"["/src/a.php:104"]"#),
        ] {
            assert_eq!(rewritten(before), after);
        }
    }

    #[test]
    fn all_else_stays() {
        for line in [
            "[26-Nov-2026 01:37:48 UTC] PHP 8.2.1 on 127.0.0.1:80 (12)",
            "in /x/other.php on line 12",
            "f('/x/all.php:1...', 2)",
            "/x/all.php(12",
            "/x/all.php on line twelve",
            "/y/x/all.php:12 ./x/all.php:12 http://h/x/all.php:12",
            "x/all.php:12 /x/all.phpx:12 /x/all.php :12",
            "/x/all.php:99999999999999999999",
            "",
            ":1 (2 line 3 line=4 \"line\":5",
        ] {
            assert_eq!(rewritten(line), line);
        }
    }

    #[test]
    fn bytes_that_are_no_text_stay() {
        let mut out = Vec::new();
        rewrite(b"\xd6\xd0 /x\xff:1\r\n", &mut out, |path, line, _| {
            assert_eq!((path, line), (&b"/x\xff"[..], 1));
            Some(Replacement { path: b"/y".to_vec(), line: 2, column: 1 })
        });
        assert_eq!(out, b"\xd6\xd0 /y:2\r\n");
    }
}
