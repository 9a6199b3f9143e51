//! Tokens to bytes, with as little between them as a style wants.
//!
//! A separator may go only where the tokens on both sides stay what they are.
//! Most pairs are safe at a glance; for every other one the last few tokens
//! are lexed again with the candidate between them. Two tokens alone do not
//! tell: `( int )` with comments inside would become a cast only at the `)`,
//! and `1 e+5` a float only at the `5`.

use tilde_lexer::{Lexer, Options, TokenKind, Version};

use crate::style::{Docs, StripOptions, lines, tight};

/// What stays where trivia stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spacing {
    /// A newline where the trivia held a line break.
    Lines,
    /// As little as can be.
    Tight,
    /// The trivia itself.
    Verbatim,
}

/// How many tokens before a gap are lexed again. The longest token that PHP
/// makes of several is `public(set)`: four.
const WINDOW: usize = 4;

#[expect(clippy::struct_excessive_bools, reason = "each says one thing of what was written")]
pub(crate) struct Writer<'src> {
    out: Vec<u8>,
    options: Options,
    /// The oldest PHP that will read it.
    oldest: Version,
    spacing: Spacing,
    docs: Docs,
    /// How many brackets of an attribute are open that is a comment to an old PHP.
    attribute: usize,
    gap: Gap<'src>,
    last: Option<TokenKind>,
    window: Window,
    is_window_cut: bool,
    /// Whether a gap in the window is not what it was.
    is_joined: bool,
    /// Whether the last two tokens are `<?` and `php`: with a blank after it,
    /// or at the end of the file, that would be a tag.
    is_almost_tag: bool,
    /// Whether the rest of the line stays as it is, see [`Self::is_read_on`].
    keeps_line: bool,
    line: Line,
    scratch: Vec<u8>,
}

/// The trivia since the last token.
#[derive(Default)]
struct Gap<'src> {
    /// Most gaps are one piece of a source, and need no copy.
    first: &'src [u8],
    more: Vec<u8>,
    has_break: bool,
    is_edited: bool,
    /// Whether it ends in a comment that does not: an error from PHP 8.0 on.
    is_unterminated: bool,
}

impl<'src> Gap<'src> {
    fn push(&mut self, bytes: &'src [u8]) {
        self.has_break |= has_break(bytes);
        if self.first.is_empty() {
            self.first = bytes;
        } else {
            if self.more.is_empty() {
                self.more.extend_from_slice(self.first);
            }
            self.more.extend_from_slice(bytes);
        }
    }

    fn bytes(&self) -> &[u8] {
        if self.more.is_empty() { self.first } else { &self.more }
    }

    fn is_empty(&self) -> bool {
        self.first.is_empty() && !self.is_edited
    }

    fn has_empty_hash(&self) -> bool {
        self.bytes().windows(2).any(|pair| matches!(pair, b"#\n" | b"#\r"))
    }

    /// Whether it is nothing but bytes that an old PHP drops.
    fn is_only_dropped(&self) -> bool {
        let is_dropped = |byte: u8| match byte {
            b'\t' | b'\n' | b'\r' => false,
            byte => byte.is_ascii_control() || byte == b'\\',
        };
        let bytes = self.bytes();
        bytes.first().is_some_and(|&byte| is_dropped(byte))
            && bytes.iter().all(|&it| is_dropped(it))
    }

    /// Whether it begins with what PHP 5.2 drops at the end of a string that does
    /// not end. Of a shorter string it would drop more.
    fn is_lost_string(&self) -> bool {
        matches!(self.bytes(), [b'$' | b'{' | b'\\' | b'\'' | b'"' | b'`', ..])
    }

    fn clear(&mut self) {
        self.first = &[];
        self.more.clear();
        self.has_break = false;
        self.is_edited = false;
        self.is_unterminated = false;
    }
}

/// A token in the output.
#[derive(Clone, Copy)]
struct Written {
    kind: TokenKind,
    start: usize,
    end: usize,
}

/// The last tokens of the output since a string, tag or HTML.
#[derive(Clone, Copy)]
struct Window {
    tokens: [Written; WINDOW],
    len: usize,
}

impl Window {
    const EMPTY: Self = {
        let none = Written { kind: TokenKind::Whitespace, start: 0, end: 0 };
        Self { tokens: [none; WINDOW], len: 0 }
    };

    fn as_slice(&self) -> &[Written] {
        &self.tokens[..self.len]
    }

    /// Takes one more token; returns whether the first one had to go for it.
    fn push(&mut self, token: Written) -> bool {
        let is_full = self.len == WINDOW;
        if is_full {
            self.tokens.copy_within(1.., 0);
        } else {
            self.len += 1;
        }
        self.tokens[self.len - 1] = token;
        is_full
    }
}

/// Whether the line may go on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Open,
    /// A heredoc label that must stand alone, but for a `;`.
    Label,
    /// A heredoc label with its `;`.
    LabelEnd,
    /// The next token needs a new line.
    Full,
}

impl<'src> Writer<'src> {
    /// Writes at the end of `out`.
    pub(crate) fn new(out: Vec<u8>, options: StripOptions, spacing: Spacing) -> Self {
        Self {
            out,
            options: options.lexer,
            oldest: options.oldest,
            spacing,
            docs: options.docs,
            attribute: 0,
            gap: Gap::default(),
            last: None,
            window: Window::EMPTY,
            is_window_cut: false,
            is_joined: false,
            is_almost_tag: false,
            keeps_line: false,
            line: Line::Open,
            scratch: Vec::new(),
        }
    }

    /// Whether such tokens are trivia here.
    pub(crate) fn drops(&self, kind: TokenKind) -> bool {
        is_dropped(kind, self.docs, self.spacing)
    }

    pub(crate) fn token(&mut self, kind: TokenKind, bytes: &'src [u8]) {
        if self.drops(kind) {
            return self.gap(bytes, is_unterminated(kind, bytes));
        }
        self.separate(kind, bytes);
        self.gap.clear();
        let start = self.out.len();
        self.out.extend_from_slice(bytes);
        self.remember(kind, start);
    }

    /// Takes trivia, any number of tokens of it.
    pub(crate) fn gap(&mut self, bytes: &'src [u8], is_unterminated: bool) {
        self.gap.push(bytes);
        self.gap.is_unterminated = is_unterminated;
    }

    /// What comes next did not follow in any source; whether a line ended in what
    /// is left out.
    pub(crate) fn edit(&mut self, has_break: bool) {
        self.gap.is_edited = true;
        // Outside of PHP code a line break would be printed.
        let is_in_html = matches!(
            self.last,
            None | Some(TokenKind::CloseTag | TokenKind::InlineHtml | TokenKind::OpenTagWithEcho)
        );
        self.gap.has_break |= has_break && !is_in_html;
    }

    /// What comes next starts a line.
    pub(crate) fn end_line(&mut self) {
        if self.last.is_some() && !self.out.ends_with(b"\n") {
            self.line = Line::Full;
        }
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        // At the very end of a file PHP does not see a label as one.
        let is_label = self.last == Some(TokenKind::EndHeredoc) && !self.gap.is_empty();
        let is_line = self.spacing == Spacing::Lines && self.gap.has_break;
        if self.is_almost_tag || self.gap.is_lost_string() {
            self.put_gap();
        } else if is_label || is_line || self.needs_line() {
            self.end_file();
        } else if self.spacing == Spacing::Verbatim {
            self.put_gap();
        }
        if self.gap.is_unterminated && !self.out.ends_with(self.gap.bytes()) {
            let is_apart = self.out.last().is_none_or(u8::is_ascii_whitespace);
            self.out.extend_from_slice(if is_apart { b"/*" } else { b" /*" });
        }
        self.out
    }

    fn end_file(&mut self) {
        if self.window.len > 0 && self.is_fragile() {
            return self.put_gap();
        }
        self.put_line();
    }

    fn remember(&mut self, kind: TokenKind, start: usize) {
        self.line = match (kind, self.line) {
            (TokenKind::EndHeredoc, _) if self.oldest < Version::V7_3 => Line::Label,
            (TokenKind::Semicolon, Line::Label) => Line::LabelEnd,
            _ if self.ends_attribute(kind) => Line::Full,
            _ => Line::Open,
        };
        self.is_almost_tag = self.last == Some(TokenKind::OpenTag) && self.is_php_after_tag(start);
        self.last = Some(kind);
        if is_barrier(kind) {
            self.window.len = 0;
            self.is_window_cut = false;
            self.is_joined = false;
        }
        if is_barrier(kind) && kind != TokenKind::DollarOpenCurlyBraces {
            return;
        }
        self.is_window_cut |= self.window.push(Written { kind, start, end: self.out.len() });
    }

    /// Whether the token ends an attribute, which is a comment up to PHP 7.4: it ends
    /// with its line.
    fn ends_attribute(&mut self, kind: TokenKind) -> bool {
        match kind {
            TokenKind::Attribute if self.oldest < Version::V8_0 => self.attribute += 1,
            TokenKind::OpenBracket if self.attribute > 0 => self.attribute += 1,
            TokenKind::CloseBracket if self.attribute > 0 => {
                self.attribute -= 1;
                return self.attribute == 0;
            }
            _ => {}
        }
        false
    }

    fn is_php_after_tag(&self, start: usize) -> bool {
        self.out[..start].ends_with(b"<?") && self.out[start..].eq_ignore_ascii_case(b"php")
    }

    fn separate(&mut self, kind: TokenKind, bytes: &[u8]) {
        let is_read_on = self.is_read_on();
        if is_read_on || self.keeps_line {
            self.keeps_line = is_read_on || !self.gap.has_break;
            // Between tokens that a rule puts in, there is nothing to keep.
            if !self.gap.is_edited || !self.gap.bytes().is_empty() {
                return self.put_gap();
            }
        }
        if self.needs_line() {
            return self.put_line();
        }
        let is_cast_end = kind == TokenKind::CloseParenthesis && self.is_joined;
        if self.gap.is_empty() && !is_cast_end {
            return;
        }
        if self.is_almost_tag {
            // Joined, `<?php(` is no tag either.
            let is_apart = bytes.first().is_some_and(|&byte| !is_name_byte(byte));
            let is_kept = self.spacing == Spacing::Verbatim
                || self.spacing == Spacing::Lines && self.gap.has_break;
            if is_kept || !is_apart {
                self.put_gap();
            }
            return;
        }
        match self.last {
            None
            | Some(TokenKind::CloseTag | TokenKind::InlineHtml | TokenKind::OpenTagWithEcho) => {
                self.put_break_or(b"");
            }
            Some(TokenKind::OpenTag) => self.after_open_tag(bytes),
            // After an error in a heredoc PHP 7.3 finds its end too early.
            Some(TokenKind::EndHeredoc) if !self.out.last().is_some_and(|&it| is_name_byte(it)) => {
                self.put_gap();
            }
            Some(TokenKind::EndHeredoc) => {
                let extends = bytes.first().is_some_and(|&byte| is_name_byte(byte));
                self.put_break_or(if extends { b"\n" } else { b"" });
            }
            // `"${a}"` is a variable's name, `"${ a}"` a constant, and old PHP
            // tells them apart in ways of its own.
            Some(_) if self.is_near_varname() => self.put_blank_or_gap(),
            Some(_) => self.between(kind, bytes),
        }
    }

    /// Whether PHP reads the next line for a comment when it looks for what
    /// follows a word such as `enum`: from 8.3 on a `#` at the end of a line may
    /// mean that too.
    fn is_read_on(&self) -> bool {
        if self.gap.is_empty() || self.options.version < Version::V8_3 {
            return false;
        }
        let is_open = self.keeps_line
            || self.last_two().is_some_and(|(last, _)| {
                last.kind == TokenKind::Yield
                    || is_contextual(last.kind, &self.out[last.start..last.end])
            });
        is_open && self.gap.has_empty_hash()
    }

    fn put_blank_or_gap(&mut self) {
        if self.gap.bytes().iter().all(u8::is_ascii_whitespace) {
            self.put_break_or(b" ");
        } else {
            self.put_gap();
        }
    }

    /// Whether the last token is `${`, or touches it.
    fn is_near_varname(&self) -> bool {
        let is_start = |token: Written| token.kind == TokenKind::DollarOpenCurlyBraces;
        self.last_two().is_some_and(|(last, before)| {
            is_start(last) || before.is_some_and(|it| is_start(it) && it.end == last.start)
        })
    }

    /// Whether only a new line can come next.
    fn needs_line(&self) -> bool {
        match self.line {
            Line::Open => false,
            Line::Label | Line::LabelEnd => !self.gap.is_empty(),
            Line::Full => true,
        }
    }

    fn put_gap(&mut self) {
        self.out.extend_from_slice(self.gap.bytes());
    }

    fn put_line(&mut self) {
        if self.spacing == Spacing::Verbatim {
            self.put_gap();
        }
        if !ends_line(&self.out) {
            self.out.push(b'\n');
        }
    }

    /// Writes the line break that the style keeps, otherwise `other`.
    fn put_break_or(&mut self, other: &[u8]) {
        match self.spacing {
            Spacing::Verbatim => self.put_gap(),
            Spacing::Lines if self.gap.has_break => self.out.push(b'\n'),
            Spacing::Lines | Spacing::Tight => self.out.extend_from_slice(other),
        }
    }

    /// The blank after `<?php` belongs to the tag; a lone `<?` has none and
    /// must not become `<?=` or `<?php`, `<%` not `<%=`.
    fn after_open_tag(&mut self, bytes: &[u8]) {
        let tag_end = self.out.last().copied().unwrap_or_default();
        if ends_line(&self.out) && self.spacing != Spacing::Verbatim {
            return;
        }
        let is_php = bytes.get(..3).is_some_and(|name| name.eq_ignore_ascii_case(b"php"));
        let is_safe =
            matches!(tag_end, b' ' | b'\t' | b'>') || !(bytes.starts_with(b"=") || is_php);
        self.put_break_or(if is_safe { b"" } else { b" " });
    }

    fn between(&mut self, kind: TokenKind, bytes: &[u8]) {
        let separators: &[&[u8]] = match self.spacing {
            Spacing::Verbatim => {
                let gap = self.gap.bytes().to_vec();
                if !self.gap.is_edited || self.fits(&gap, kind, bytes) {
                    return self.out.extend_from_slice(&gap);
                }
                &[b" ", b"\n"]
            }
            // In the offset of `"$a[…]"` no white space may come in, and numbers
            // in it are not looked at again.
            Spacing::Lines | Spacing::Tight if self.gap.is_only_dropped() => {
                if self.window.len == 0 { &[] } else { &[b""] }
            }
            Spacing::Lines => lines::separators(self.gap.has_break),
            Spacing::Tight => tight::SEPARATORS,
        };
        let fitting = separators.iter().find(|separator| self.fits(separator, kind, bytes));
        self.is_joined = true;
        match fitting {
            Some(separator) => self.out.extend_from_slice(separator),
            None => self.put_gap(),
        }
    }

    fn fits(&mut self, separator: &[u8], kind: TokenKind, bytes: &[u8]) -> bool {
        let is_obvious = match separator {
            b"" | b" " if self.may_start_heredoc(bytes) => return false,
            b"" if self.is_never_joined(bytes) => return false,
            b"" => self.is_safe_joined(kind, bytes),
            // `( int )` with a line break is no cast.
            b" " => kind != TokenKind::CloseParenthesis && !self.is_fragile(),
            b"\n" => !self.is_fragile(),
            _ => false,
        };
        is_obvious || self.lexes_the_same(separator, kind, bytes)
    }

    /// Whether `</` and this word may be the start of `</script>`, a tag up to
    /// PHP 5.6.
    fn is_script_end(&self, bytes: &[u8]) -> bool {
        self.oldest < Version::V7_0
            && self.out.ends_with(b"</")
            && bytes.eq_ignore_ascii_case(b"script")
    }

    /// Whether the last tokens are a number and, at once, an `e`: a sign and a
    /// digit would make one number of it.
    fn is_almost_exponent(&self) -> bool {
        let Some((last, Some(before))) = self.last_two() else { return false };
        matches!(before.kind, TokenKind::LNumber | TokenKind::DNumber)
            && before.end == last.start
            && self.out[last.start..last.end].eq_ignore_ascii_case(b"e")
    }

    /// Whether a `<<` and a `<` would become a heredoc by the line break after
    /// what comes next.
    fn may_start_heredoc(&self, bytes: &[u8]) -> bool {
        let is_start = self.last_two().is_some_and(|(last, before)| {
            last.kind == TokenKind::Less && before.is_some_and(|it| it.kind == TokenKind::Sl)
        });
        let first = bytes.first().copied().unwrap_or_default();
        let is_label = is_name_byte(first) && !first.is_ascii_digit();
        is_start && (is_label || matches!(first, b'\'' | b'"'))
    }

    /// `use \A`, joined, is a name from PHP 8.0 on, and a bundle for PHP 7 often
    /// runs on PHP 8 as well.
    fn is_name_in_new_php(&self, bytes: &[u8]) -> bool {
        use TokenKind as K;
        let Some((last, _)) = self.last_two() else { return false };
        let is_word = self.out.last().is_some_and(|&byte| is_name_byte(byte));
        let is_in_name = matches!(last.kind, K::String | K::Namespace | K::Variable);
        bytes.starts_with(b"\\") && is_word && !is_in_name
    }

    /// Pairs that are only safe by themselves: `1 e+5` would become a float at
    /// the `5`, and `. ..` an ellipsis at the last dot.
    fn is_never_joined(&self, bytes: &[u8]) -> bool {
        let (Some((last, _)), Some(first)) = (self.last_two(), bytes.first()) else { return false };
        match last.kind {
            TokenKind::LNumber | TokenKind::DNumber => bytes.eq_ignore_ascii_case(b"e"),
            TokenKind::Dot => *first == b'.',
            // `</` may be the start of `</script>`, a tag up to PHP 5.6.
            TokenKind::Less if *first == b'/' => self.oldest < Version::V7_0,
            TokenKind::Less | TokenKind::Sl => *first == b'<',
            _ if is_name_byte(*first) => {
                self.out.last().is_some_and(|&it| is_name_byte(it)) || self.is_script_end(bytes)
            }
            _ if matches!(first, b'+' | b'-') => self.is_almost_exponent(),
            _ => self.is_name_in_new_php(bytes),
        }
    }

    /// Whether a line break between the last token and any other one could
    /// matter.
    fn is_fragile(&self) -> bool {
        use TokenKind as K;
        let Some((last, before)) = self.last_two() else { return true };
        let text = &self.out[last.start..last.end];
        matches!(
            last.kind,
            K::ObjectOperator | K::NullsafeObjectOperator | K::Yield | K::DollarOpenCurlyBraces
        ) || is_contextual(last.kind, text)
            || before.is_some_and(|before| {
                matches!(before.kind, K::DollarOpenCurlyBraces | K::Less | K::Sl)
            })
    }

    /// Whether the next token may follow the last one at once, as far as a
    /// look at the two tells. `false` means: look closer.
    fn is_safe_joined(&self, kind: TokenKind, bytes: &[u8]) -> bool {
        use TokenKind as K;
        let Some((last, before)) = self.last_two() else { return false };
        let before = before.map(|before| before.kind);
        let Some(&first) = bytes.first() else { return false };
        if kind == K::CloseTag && last.kind == K::Question {
            return false;
        }
        // `(int)`, `public(set)`: the parenthesis makes the token.
        if kind == K::CloseParenthesis {
            return before != Some(K::OpenParenthesis);
        }
        match last.kind {
            K::Semicolon
            | K::Comma
            | K::OpenBrace
            | K::CloseBrace
            | K::OpenParenthesis
            | K::CloseParenthesis
            | K::OpenBracket
            | K::CloseBracket
            | K::ConstantEncapsedString => true,
            K::Variable => !is_name_byte(first) && before != Some(K::DollarOpenCurlyBraces),
            _ => self.is_safe_after(last, before, kind, first),
        }
    }

    fn is_safe_after(
        &self,
        last: Written,
        before: Option<TokenKind>,
        kind: TokenKind,
        first: u8,
    ) -> bool {
        use TokenKind as K;
        let text = &self.out[last.start..last.end];
        let end = text.last().copied().unwrap_or_default();
        if before == Some(K::DollarOpenCurlyBraces) || last.kind == K::DollarOpenCurlyBraces {
            return false;
        }
        if last.kind == K::AmpersandFollowedByVarOrVararg {
            return kind == K::Variable;
        }
        if matches!(last.kind, K::LNumber | K::DNumber | K::Yield) || is_contextual(last.kind, text)
        {
            return matches!(first, b';' | b',' | b']');
        }
        if kind == K::Variable {
            return true;
        }
        if is_name_byte(end) {
            let is_quote = matches!(first, b'\'' | b'"' | b'`' | b'<');
            return !is_name_byte(first) && first != b'\\' && !(is_quote && text.len() == 1);
        }
        let is_plain_operator = matches!(
            last.kind,
            K::Equal
                | K::DoubleArrow
                | K::DoubleColon
                | K::BooleanAnd
                | K::BooleanOr
                | K::IsEqual
                | K::IsIdentical
                | K::IsNotIdentical
                | K::IsNotEqual
                | K::Exclamation
                | K::Colon
                | K::Greater
                | K::Asterisk
                | K::Percent
                | K::Dot
                | K::Plus
                | K::Minus
                | K::Question
        );
        let is_plain_first = match first {
            b'0'..=b'9' => !matches!(last.kind, K::Dot | K::Plus | K::Minus),
            _ => is_name_byte(first) || matches!(first, b'\'' | b'"' | b'(' | b'[' | b'\\'),
        };
        is_plain_operator && is_plain_first
    }

    fn last_two(&self) -> Option<(Written, Option<Written>)> {
        let (last, rest) = self.window.as_slice().split_last()?;
        Some((*last, rest.last().copied()))
    }

    /// Whether the last tokens, the separator and the next token lex as just
    /// these tokens.
    fn lexes_the_same(&mut self, separator: &[u8], kind: TokenKind, bytes: &[u8]) -> bool {
        let Some(&first) = self.window.as_slice().first() else { return true };
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        scratch.extend_from_slice(prefix(first.kind));
        scratch.extend_from_slice(&self.out[first.start..]);
        scratch.extend_from_slice(separator);
        let next = Written { kind, start: scratch.len(), end: scratch.len() + bytes.len() };
        scratch.extend_from_slice(bytes);
        let is_same = self.is_window_and(next, &scratch);
        self.scratch = scratch;
        is_same
    }

    /// Whether the text lexes as the window's tokens and the next one.
    fn is_window_and(&self, next: Written, text: &[u8]) -> bool {
        let Some(&first) = self.window.as_slice().first() else { return true };
        let prefix = prefix(first.kind).len();
        let place = |token: &Written| Written {
            kind: token.kind,
            start: token.start - first.start + prefix,
            end: token.end - first.start + prefix,
        };
        let mut actual =
            significant(text, self.options, self.docs).skip_while(|token| token.start < prefix);
        let is_open = !matches!(
            self.last,
            Some(TokenKind::ObjectOperator | TokenKind::NullsafeObjectOperator)
        );
        let mut is_known = !self.is_window_cut;
        let is_same = self.window.as_slice().iter().map(place).chain([next]).all(|expected| {
            let bytes = &text[expected.start..expected.end];
            let is_kind_known = is_known
                && !(is_open
                    && expected.start == next.start
                    && is_contextual(expected.kind, bytes));
            is_known = true;
            actual.next().is_some_and(|found| {
                (found.start, found.end) == (expected.start, expected.end)
                    && (!is_kind_known || found.kind == expected.kind)
            })
        });
        is_same && actual.next().is_none()
    }
}

/// What makes the lexer read a token of this kind as it was read.
fn prefix(kind: TokenKind) -> &'static [u8] {
    if kind == TokenKind::DollarOpenCurlyBraces { b"<?php \"" } else { b"<?php " }
}

/// The tokens of a text, without what a gap may hold.
fn significant(text: &[u8], options: Options, docs: Docs) -> impl Iterator<Item = Written> {
    let mut end = 0;
    let place = move |token: tilde_lexer::Token| {
        let start = end;
        end += token.len as usize;
        Written { kind: token.kind, start, end }
    };
    Lexer::new(text, options)
        .map(place)
        .filter(move |token| !is_dropped(token.kind, docs, Spacing::Lines))
}

/// Whether the kind of such a token depends on what comes after it. Up to PHP
/// 5.6 `</script` and `>` are a tag, with or without white space between them.
fn is_contextual(kind: TokenKind, text: &[u8]) -> bool {
    text.eq_ignore_ascii_case(b"enum")
        || text.eq_ignore_ascii_case(b"script")
        || text.eq_ignore_ascii_case(b"readonly")
        || matches!(
            kind,
            TokenKind::AmpersandFollowedByVarOrVararg
                | TokenKind::AmpersandNotFollowedByVarOrVararg
        )
}

/// Tokens after which what came before no longer matters.
fn is_barrier(kind: TokenKind) -> bool {
    use TokenKind as K;
    matches!(
        kind,
        K::InlineHtml
            | K::OpenTag
            | K::OpenTagWithEcho
            | K::CloseTag
            | K::DoubleQuote
            | K::Backtick
            | K::StartHeredoc
            | K::EndHeredoc
            | K::EncapsedAndWhitespace
            | K::DollarOpenCurlyBraces
            | K::CurlyOpen
            | K::NumString
            | K::Character
    )
}

fn is_dropped(kind: TokenKind, docs: Docs, spacing: Spacing) -> bool {
    match kind {
        TokenKind::DocComment => docs == Docs::Drop || spacing == Spacing::Verbatim,
        _ => kind.is_trivia(),
    }
}

/// Whether the token is a comment that does not end.
pub(crate) fn is_unterminated(kind: TokenKind, bytes: &[u8]) -> bool {
    matches!(kind, TokenKind::Comment | TokenKind::DocComment)
        && bytes.starts_with(b"/*")
        && !(bytes.len() >= 4 && bytes.ends_with(b"*/"))
}

/// PHP breaks lines at `\n`, `\r\n` and a lone `\r`.
fn has_break(bytes: &[u8]) -> bool {
    memchr::memchr2(b'\n', b'\r', bytes).is_some()
}

fn ends_line(bytes: &[u8]) -> bool {
    matches!(bytes.last(), Some(b'\n' | b'\r'))
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x7f
}
