//! Heredoc and nowdoc.
//!
//! From PHP 7.3 the closing label may be indented and any text may follow it;
//! before, it stood at the start of a line, alone but for a `;`. The length of an
//! indented label's token has a rule of its own, see [`Heredocs`].

use memchr::memchr2;

use crate::bytes::{blank_len, heredoc_len, newline_len};
use crate::lexer::{Lexer, Mode, Token};
use crate::{TokenKind, Version};

/// The heredocs that have begun and not ended, the innermost last.
///
/// PHP 7.3 and later find the indentation of a heredoc's closing label by
/// lexing ahead to it when the heredoc opens. An error on the way (`089`, an
/// unterminated comment, `(]`) ends that search, and the label is then believed
/// to be indented as far as the last heredoc that ended before the error. The
/// token of the label gets shorter or longer by it. We look at nothing twice:
/// each heredoc remembers whether an error came after its start.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heredocs<'src> {
    open: Vec<Heredoc<'src>>,
    /// How many of `open`, from the outermost, have seen an error.
    failed: usize,
    /// The brackets open inside of the outermost heredoc.
    brackets: Vec<u8>,
    /// The indentation of the heredoc that ended last, and how many had
    /// started by then.
    last_end: Option<(usize, usize)>,
    started: usize,
    /// How long the label's token is that comes next, in [`Mode::EndHeredoc`].
    end_len: usize,
}

#[derive(Clone, Debug)]
struct Heredoc<'src> {
    label: &'src [u8],
    /// How many heredocs had started before this one.
    order: usize,
    /// How many brackets were open before it.
    brackets: usize,
    /// What an error made of the indentation.
    wrong_indentation: Option<usize>,
    /// PHP 5.2 knows one label at a time: when a heredoc inside ends, it has
    /// forgotten this one's, which then never comes.
    is_forgotten: bool,
}

impl<'src> Heredocs<'src> {
    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    fn start(&mut self, label: &'src [u8]) {
        let brackets = self.brackets.len();
        self.open.push(Heredoc {
            label,
            order: self.started,
            brackets,
            wrong_indentation: None,
            is_forgotten: false,
        });
        self.started += 1;
    }

    /// Notes an error that PHP would throw for what comes here.
    #[inline]
    pub(crate) fn fail(&mut self) {
        while self.failed < self.open.len() {
            let heredoc = &mut self.open[self.failed];
            let ended_inside = self.last_end.filter(|&(_, started)| started > heredoc.order + 1);
            heredoc.wrong_indentation =
                Some(ended_inside.map_or(0, |(indentation, _)| indentation));
            self.failed += 1;
        }
    }

    /// Notes an opening bracket.
    #[inline]
    pub(crate) fn open(&mut self, bracket: u8) {
        if !self.open.is_empty() {
            self.brackets.push(bracket);
        }
    }

    /// Notes the closing bracket that goes with `opener`. From PHP 8.0 a wrong
    /// one is an error.
    #[inline]
    pub(crate) fn close(&mut self, opener: u8, version: Version) {
        let Some(heredoc) = self.open.last() else { return };
        if self.brackets.len() > heredoc.brackets && self.brackets.last() == Some(&opener) {
            self.brackets.pop();
        } else if version >= Version::V8_0 {
            self.fail();
        }
    }

    /// Ends the innermost heredoc; its label is indented so far, and PHP sees a
    /// token of `end_len` bytes.
    fn end(&mut self, indentation: usize, by_search: bool) {
        let Some(heredoc) = self.open.pop() else { return };
        if let Some(outer) = self.open.last_mut() {
            outer.is_forgotten = true;
        }
        self.failed = self.failed.min(self.open.len());
        self.brackets.truncate(heredoc.brackets);
        let believed = heredoc.wrong_indentation.filter(|_| by_search).unwrap_or(indentation);
        self.end_len = believed + heredoc.label.len();
        if by_search {
            self.last_end = Some((indentation, self.started));
        }
    }
}

impl<'src> Lexer<'src> {
    /// Goes over to the body of a heredoc or nowdoc, which starts so far ahead,
    /// or straight to its label.
    pub(crate) fn enter_heredoc(&mut self, label: &'src [u8], is_nowdoc: bool, ahead: usize) {
        self.heredocs.start(label);
        if let Some(indentation) = self.label_at(ahead) {
            self.heredocs.end(indentation, false);
            self.mode = Mode::EndHeredoc;
        } else {
            self.mode = if is_nowdoc { Mode::Nowdoc } else { Mode::Heredoc };
        }
    }

    /// The indentation of the closing label, if it is on the line that starts
    /// so far ahead. The first line of a body is looked at with less care.
    fn label_at(&self, ahead: usize) -> Option<usize> {
        let line = self.rest.get(ahead..)?;
        let heredoc = self.heredocs.open.last()?;
        let label = heredoc.label;
        if !self.has(Version::V7_3) {
            let is_forgotten = heredoc.is_forgotten && !self.has(Version::V5_3);
            return (is_old_label(line, label) && !is_forgotten).then_some(0);
        }
        let indentation = blank_len(line);
        let after = line[indentation..].strip_prefix(label)?;
        // A label that ends the file is none: PHP wants a byte after it.
        if after.first().is_none_or(|&byte| self.classes.continues_name(byte)) {
            return None;
        }
        Some(indentation)
    }

    /// The next token in mode [`Mode::Heredoc`].
    pub(crate) fn heredoc(&mut self) -> Token {
        if let Some(token) = self.interpolated() {
            return token;
        }
        let rest = self.rest;
        let mut len = 0;
        loop {
            len += heredoc_len(&rest[len..]);
            match rest.get(len) {
                None if !self.has(Version::V5_3) => return self.unterminated_in_5_2(),
                None => break,
                Some(b'\n' | b'\r') => {
                    len += newline_len(&rest[len..]);
                    if self.ends_heredoc(len) {
                        break;
                    }
                }
                Some(b'\\') => {
                    let is_escape = !matches!(rest.get(len + 1), Some(b'\n' | b'\r') | None);
                    len += 1 + usize::from(is_escape);
                }
                Some(&byte) if self.interpolates(byte, len) => break,
                Some(_) => len += 1,
            }
        }
        Token::new(len, TokenKind::EncapsedAndWhitespace)
    }

    /// The next token in mode [`Mode::Nowdoc`].
    pub(crate) fn nowdoc(&mut self) -> Token {
        let rest = self.rest;
        let mut len = 0;
        while let Some(at) = memchr2(b'\n', b'\r', &rest[len..]) {
            len += at;
            len += newline_len(&rest[len..]);
            if let Some(indentation) = self.label_at(len) {
                self.heredocs.end(indentation, false);
                self.mode = Mode::EndHeredoc;
                return Token::new(len, TokenKind::EncapsedAndWhitespace);
            }
        }
        Token::new(rest.len(), TokenKind::EncapsedAndWhitespace)
    }

    fn ends_heredoc(&mut self, ahead: usize) -> bool {
        let Some(indentation) = self.label_at(ahead) else { return false };
        self.heredocs.end(indentation, true);
        self.mode = Mode::EndHeredoc;
        true
    }

    /// The next token in mode [`Mode::EndHeredoc`]: the label, with its
    /// indentation.
    pub(crate) fn end_heredoc(&mut self) -> Token {
        let len = self.heredocs.end_len.min(self.rest.len());
        self.begin(len, Mode::InScripting, TokenKind::EndHeredoc)
    }
}

/// Whether a line is the closing label up to PHP 7.2.
fn is_old_label(line: &[u8], label: &[u8]) -> bool {
    let Some(after) = line.strip_prefix(label) else { return false };
    let after = after.strip_prefix(b";").unwrap_or(after);
    matches!(after.first(), Some(b'\n' | b'\r'))
}
