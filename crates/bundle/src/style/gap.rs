//! Tokens to bytes, with as little between them as a style wants.
//!
//! A separator may go only where the tokens on both sides stay what they are.
//! Most pairs are safe at a glance; for every other one the last few tokens
//! are lexed again with the candidate between them. Two tokens alone do not
//! tell: `( int )` with comments inside would become a cast only at the `)`,
//! and `1 e+5` a float only at the `5`.

use std::ops::Range;

use tilde_lexer::{Lexer, Options, TokenKind, Version};
use tilde_syntax::Token;

use crate::module::range;
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
    /// Whether a gap in the window is not what it was.
    is_joined: bool,
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
    #[inline]
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

    #[inline]
    fn clear(&mut self) {
        if self.is_empty() {
            return;
        }
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
    /// A ring: the token with number `n` is at `n % WINDOW`.
    tokens: [Written; WINDOW],
    /// How many there were.
    count: usize,
}

impl Window {
    const EMPTY: Self = {
        let none = Written { kind: TokenKind::Whitespace, start: 0, end: 0 };
        Self { tokens: [none; WINDOW], count: 0 }
    };

    /// The tokens from the first one on.
    fn iter(&self) -> impl Iterator<Item = &Written> {
        let first = self.count.saturating_sub(WINDOW);
        (first..self.count).map(|number| &self.tokens[number % WINDOW])
    }

    fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether the first one had to go.
    fn is_cut(&self) -> bool {
        self.count > WINDOW
    }

    #[inline]
    fn last(&self) -> Option<&Written> {
        self.before_last(0)
    }

    /// The token that so many others came after.
    #[inline]
    fn before_last(&self, others: usize) -> Option<&Written> {
        let number = self.count.checked_sub(1 + others)?;
        Some(&self.tokens[number % WINDOW])
    }

    #[inline]
    fn push(&mut self, token: Written) {
        self.tokens[self.count % WINDOW] = token;
        self.count += 1;
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
            is_joined: false,
            keeps_line: false,
            line: Line::Open,
            scratch: Vec::new(),
        }
    }

    /// Whether such tokens are trivia here.
    pub(crate) fn drops(&self, kind: TokenKind) -> bool {
        is_dropped(kind, self.docs, self.spacing)
    }

    /// Takes tokens that stand in a source one after the other.
    pub(crate) fn tokens(&mut self, source: &'src [u8], tokens: impl Iterator<Item = Token>) {
        let mut tokens = tokens.peekable();
        let start = tokens.peek().map_or(0, |token| range(token.span).start);
        // Tokens without anything between them are copied at once, and what stands
        // between two of them is one gap.
        let (mut run, mut end) = (start..start, start);
        let mut is_open = false;
        for token in tokens {
            let span = range(token.span);
            end = span.end;
            if self.drops(token.kind) {
                is_open = is_unterminated(token.kind, &source[span]);
                continue;
            }
            if run.end < span.start || self.may_need_separator(token.kind) {
                self.out.extend_from_slice(&source[run.clone()]);
                if run.end < span.start {
                    self.gap(&source[run.end..span.start], false);
                }
                self.separate(token.kind, &source[span.clone()]);
                self.gap.clear();
                run.start = span.start;
            }
            run.end = span.end;
            let at = self.out.len() + (span.start - run.start);
            self.remember(token.kind, at..at + span.len());
        }
        self.out.extend_from_slice(&source[run.clone()]);
        if run.end < end {
            self.gap(&source[run.end..end], is_open);
        }
    }

    pub(crate) fn token(&mut self, kind: TokenKind, bytes: &'src [u8]) {
        if self.drops(kind) {
            return self.gap(bytes, is_unterminated(kind, bytes));
        }
        self.write(kind, bytes);
    }

    #[inline]
    fn write(&mut self, kind: TokenKind, bytes: &[u8]) {
        if self.may_need_separator(kind) {
            self.separate(kind, bytes);
            self.gap.clear();
        }
        let start = self.out.len();
        self.out.extend_from_slice(bytes);
        self.remember(kind, start..self.out.len());
    }

    /// Whether anything can come between the last token and this one.
    #[inline]
    fn may_need_separator(&self, kind: TokenKind) -> bool {
        !self.gap.is_empty()
            || self.line == Line::Full
            || self.keeps_line
            || kind == TokenKind::CloseParenthesis && self.is_cast_end()
    }

    /// Whether a parenthesis that closes may make a cast of what comes before it, after
    /// blanks and comments are gone.
    #[inline]
    fn is_cast_end(&self) -> bool {
        let opens = |token: &Written| token.kind == TokenKind::OpenParenthesis;
        self.is_joined && self.window.before_last(1).is_some_and(opens)
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
        if self.gap.is_lost_string() && !self.is_almost_tag() {
            // What comes next must not be a part of it.
            self.put_gap();
            self.gap.clear();
            if !self.out.ends_with(b"\n") {
                self.out.push(b'\n');
            }
        } else if self.last.is_some() && !self.out.ends_with(b"\n") {
            self.line = Line::Full;
        }
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        // At the very end of a file PHP does not see a label as one.
        let is_label = self.last == Some(TokenKind::EndHeredoc) && !self.gap.is_empty();
        let is_line = self.spacing == Spacing::Lines && self.gap.has_break;
        if self.is_almost_tag() || self.gap.is_lost_string() {
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
        if !self.window.is_empty() && self.is_fragile() {
            return self.put_gap();
        }
        self.put_line();
    }

    /// Notes a token that stands there in the output, or will.
    #[inline]
    fn remember(&mut self, kind: TokenKind, at: Range<usize>) {
        if self.line != Line::Open || self.attribute > 0 || ends_lines(kind) {
            self.line = self.line_after(kind);
        }
        self.last = Some(kind);
        if is_barrier(kind) {
            self.window = Window::EMPTY;
            self.is_joined = false;
            if kind != TokenKind::DollarOpenCurlyBraces {
                return;
            }
        }
        self.window.push(Written { kind, start: at.start, end: at.end });
    }

    fn line_after(&mut self, kind: TokenKind) -> Line {
        match (kind, self.line) {
            (TokenKind::EndHeredoc, _) if self.oldest < Version::V7_3 => Line::Label,
            (TokenKind::Semicolon, Line::Label) => Line::LabelEnd,
            _ if self.ends_attribute(kind) => Line::Full,
            _ => Line::Open,
        }
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

    /// Whether the last two tokens are `<?` and `php`: with a blank after it, or at the end
    /// of the file, that would be a tag.
    fn is_almost_tag(&self) -> bool {
        let is_first = self.window.count == 1;
        let Some(last) = self.window.last().filter(|_| is_first) else { return false };
        self.out[last.start..last.end].eq_ignore_ascii_case(b"php")
            && self.out[..last.start].ends_with(b"<?")
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
        if self.gap.is_empty() && !(kind == TokenKind::CloseParenthesis && self.is_cast_end()) {
            return;
        }
        if self.is_almost_tag() {
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
        let is_start = |token: &Written| token.kind == TokenKind::DollarOpenCurlyBraces;
        // It is the first of the window, if it is there.
        self.window.count <= 2
            && self.last_two().is_some_and(|(last, before)| {
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
        if self.is_between_plain(kind, bytes) {
            return;
        }
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
                if self.window.is_empty() { &[] } else { &[b""] }
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

    /// Puts what stands between most tokens: a line break or nothing, by their kinds alone.
    #[inline]
    fn is_between_plain(&mut self, kind: TokenKind, bytes: &[u8]) -> bool {
        if self.spacing == Spacing::Verbatim || self.gap.is_only_dropped() {
            return false;
        }
        let is_line = self.spacing == Spacing::Lines && self.gap.has_break;
        let is_plain =
            if is_line { !self.is_fragile() } else { self.is_plainly_joined(kind, bytes) };
        if is_plain {
            self.is_joined = true;
            if is_line {
                self.out.push(b'\n');
            }
        }
        is_plain
    }

    /// Whether nothing has to stand before the next token, by the kinds alone.
    #[inline]
    fn is_plainly_joined(&self, kind: TokenKind, bytes: &[u8]) -> bool {
        use TokenKind as K;
        let Some((last, before)) = self.last_two() else { return false };
        if kind == K::CloseParenthesis
            || before.is_some_and(|it| it.kind == K::DollarOpenCurlyBraces)
        {
            return false;
        }
        match last.kind {
            kind if is_closed(kind) => true,
            K::Variable => bytes.first().is_some_and(|&byte| !is_name_byte(byte)),
            last => kind == K::Variable && is_operator(last),
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
            return before != Some(K::OpenParenthesis)
                || is_closed(last.kind)
                || last.kind == K::Variable;
        }
        match last.kind {
            kind if is_closed(kind) => true,
            K::Variable => !is_name_byte(first) && before != Some(K::DollarOpenCurlyBraces),
            _ => self.is_safe_after(last, before, kind, first),
        }
    }

    fn is_safe_after(
        &self,
        last: &Written,
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
        if matches!(last.kind, K::LNumber | K::DNumber) {
            return matches!(first, b';' | b',' | b']' | b'=');
        }
        if last.kind == K::Yield || is_contextual(last.kind, text) {
            return matches!(first, b';' | b',' | b']');
        }
        if kind == K::Variable {
            return true;
        }
        if is_name_byte(end) {
            let is_quote = matches!(first, b'\'' | b'"' | b'`' | b'<');
            return !is_name_byte(first) && first != b'\\' && !(is_quote && text.len() == 1);
        }
        let is_plain_first = match first {
            b'0'..=b'9' => !matches!(last.kind, K::Dot | K::Plus | K::Minus),
            _ => is_name_byte(first) || matches!(first, b'\'' | b'"' | b'(' | b'[' | b'\\'),
        };
        is_operator(last.kind) && is_plain_first
    }

    #[inline]
    fn last_two(&self) -> Option<(&Written, Option<&Written>)> {
        Some((self.window.last()?, self.window.before_last(1)))
    }

    /// Whether the last tokens, the separator and the next token lex as just
    /// these tokens.
    fn lexes_the_same(&mut self, separator: &[u8], kind: TokenKind, bytes: &[u8]) -> bool {
        let Some(&first) = self.window.iter().next() else { return true };
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
        let Some(&first) = self.window.iter().next() else { return true };
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
        let mut is_known = !self.window.is_cut();
        let is_same = self.window.iter().map(place).chain([next]).all(|expected| {
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
    match kind {
        TokenKind::AmpersandFollowedByVarOrVararg
        | TokenKind::AmpersandNotFollowedByVarOrVararg => true,
        _ => match text.len() {
            4 => text.eq_ignore_ascii_case(b"enum"),
            6 => text.eq_ignore_ascii_case(b"script"),
            8 => text.eq_ignore_ascii_case(b"readonly"),
            _ => false,
        },
    }
}

/// Tokens that no other one joins, but for a `)` after one.
fn is_closed(kind: TokenKind) -> bool {
    use TokenKind as K;
    matches!(
        kind,
        K::Semicolon
            | K::Comma
            | K::OpenBrace
            | K::CloseBrace
            | K::OpenParenthesis
            | K::CloseParenthesis
            | K::OpenBracket
            | K::CloseBracket
            | K::ConstantEncapsedString
    )
}

/// Operators that become another one by few other tokens.
fn is_operator(kind: TokenKind) -> bool {
    use TokenKind as K;
    matches!(
        kind,
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
    )
}

/// Tokens with which the line may have to end.
fn ends_lines(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::EndHeredoc | TokenKind::Attribute)
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
#[inline]
fn has_break(bytes: &[u8]) -> bool {
    match bytes {
        [] | [b' '] => false,
        [b'\n' | b'\r', ..] => true,
        _ => memchr::memchr2(b'\n', b'\r', bytes).is_some(),
    }
}

fn ends_line(bytes: &[u8]) -> bool {
    matches!(bytes.last(), Some(b'\n' | b'\r'))
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x7f
}
