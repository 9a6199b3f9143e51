//! Source on its way to an output in a style that keeps one blank a gap.

use tilde_lexer::TokenKind;

/// Source on its way to the output, in runs as long as can be.
pub(super) struct Copy<'src, 'out> {
    source: &'src [u8],
    out: &'out mut Vec<u8>,
    /// Where the run begins that is not in the output yet.
    start: usize,
    /// The end of the tokens so far.
    pub(super) end: usize,
    /// Whether a blank stands for white space there already.
    is_after_blank: bool,
}

/// What the output can go back to.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    len: usize,
    is_after_blank: bool,
}

impl<'src, 'out> Copy<'src, 'out> {
    pub(super) fn new(source: &'src [u8], out: &'out mut Vec<u8>) -> Self {
        out.reserve(source.len());
        Self { source, out, start: 0, end: 0, is_after_blank: false }
    }

    /// What all three styles do with most tokens.
    #[inline]
    pub(super) fn token(&mut self, kind: TokenKind, len: u32) {
        match kind {
            TokenKind::Dropped | TokenKind::Comment | TokenKind::DocComment => self.leave_out(len),
            TokenKind::Whitespace => self.blank(len),
            _ => self.keep(len),
        }
    }

    #[inline]
    pub(super) fn keep(&mut self, len: u32) {
        self.take(len);
        self.is_after_blank = false;
    }

    #[inline]
    pub(super) fn take(&mut self, len: u32) {
        self.end += len as usize;
    }

    pub(super) fn leave_out(&mut self, len: u32) {
        self.out.extend_from_slice(&self.source[self.start..self.end]);
        self.end += len as usize;
        self.start = self.end;
    }

    #[inline]
    pub(super) fn blank(&mut self, len: u32) {
        if self.is_after_blank {
            return self.leave_out(len);
        }
        self.is_after_blank = true;
        if len == 1 && self.source[self.end] == b' ' {
            self.take(len);
        } else {
            self.replace(len, b" ");
        }
    }

    pub(super) fn replace(&mut self, len: u32, by: &[u8]) {
        self.leave_out(len);
        self.out.extend_from_slice(by);
    }

    pub(super) fn put(&mut self, bytes: &[u8]) {
        self.replace(0, bytes);
    }

    /// PHP copies what follows the label of a heredoc, most often a `;`, unless it
    /// is white space, and puts a line break there. Returns whether that is still
    /// to come.
    pub(super) fn after_label(&mut self, token: tilde_lexer::Token) -> bool {
        match token.kind {
            TokenKind::Dropped => {
                self.leave_out(token.len);
                return true;
            }
            TokenKind::Whitespace => self.leave_out(token.len),
            _ => self.take(token.len),
        }
        self.end_label();
        false
    }

    pub(super) fn end_label(&mut self) {
        self.put(b"\n");
        self.is_after_blank = true;
    }

    /// Here, after a replacement.
    pub(super) fn mark(&self) -> Mark {
        Mark { len: self.out.len(), is_after_blank: self.is_after_blank }
    }

    /// As if the source went on here with nothing since that mark.
    pub(super) fn forget_since(&mut self, mark: Mark) {
        self.out.truncate(mark.len);
        self.is_after_blank = mark.is_after_blank;
        self.start = self.end;
    }

    pub(super) fn finish(mut self) {
        self.leave_out(0);
    }
}
