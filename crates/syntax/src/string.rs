//! Strings with variables in them, heredocs, and commands in backticks.

use tilde_lexer::{TokenKind, Version};

use crate::ast::{
    BracedPart, DollarBracedPart, Expression, Identifier, Index, Interpolated, MemberName, Offset,
    Property, ShellCommand, StringPart, Text, Variable, VariableName,
};
use crate::error::Expected;
use crate::parser::{Parser, Result, finish};

impl<'a> Parser<'a, '_> {
    /// `"a $b"`
    pub(crate) fn interpolated(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        let open = self.take_span();
        let parts = self.parts(TokenKind::DoubleQuote)?;
        let close = self.take_span();
        let node = Interpolated { span: self.span_from(start), open, parts, close };
        Ok(Expression::Interpolated(self.arena.alloc(node)))
    }

    /// `<<<A … A`
    pub(crate) fn heredoc(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        let open = self.take_span();
        let parts = self.parts(TokenKind::EndHeredoc)?;
        let close = self.take_span();
        let node = Interpolated { span: self.span_from(start), open, parts, close };
        Ok(Expression::Interpolated(self.arena.alloc(node)))
    }

    /// `` `…` ``
    pub(crate) fn shell_command(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        self.bump();
        let parts = self.parts(TokenKind::Backtick)?;
        self.bump();
        let node = ShellCommand { span: self.span_from(start), parts };
        Ok(Expression::ShellCommand(self.arena.alloc(node)))
    }

    /// What stands before the token that closes a string. Something in quotes
    /// has a variable at least: without one it is a single token.
    fn parts(&mut self, close: TokenKind) -> Result<&'a [StringPart<'a>]> {
        let length = self.scratch.parts.len();
        let is_old = !self.has(Version::V5_3);
        let mut has_variable = is_old || close != TokenKind::DoubleQuote;
        while self.kind != close || !has_variable {
            let count = self.scratch.parts.len() - length;
            let part = match self.kind {
                TokenKind::EncapsedAndWhitespace
                    if is_old || count == 0 || self.has_variable_since(length) =>
                {
                    StringPart::Text(Text { span: self.take_span() })
                }
                _ if is_old && self.at_old_text() => {
                    StringPart::Text(Text { span: self.take_span() })
                }
                _ => {
                    has_variable = true;
                    self.variable_part()?
                }
            };
            self.scratch.parts.push(part);
        }
        Ok(finish(self.arena, &mut self.scratch.parts, length))
    }

    /// Two texts in a row do not begin a string.
    fn has_variable_since(&self, length: usize) -> bool {
        self.scratch.parts.len() > length + 1
            || !matches!(self.scratch.parts.last(), Some(StringPart::Text(_)))
    }

    /// What else is text in a string of PHP 5.2.
    fn at_old_text(&self) -> bool {
        matches!(
            self.kind,
            TokenKind::String
                | TokenKind::NumString
                | TokenKind::BadCharacter
                | TokenKind::OpenBracket
                | TokenKind::CloseBracket
                | TokenKind::OpenBrace
                | TokenKind::CloseBrace
                | TokenKind::ObjectOperator
        )
    }

    fn variable_part(&mut self) -> Result<StringPart<'a>> {
        match self.kind {
            TokenKind::Variable => self.plain_part(),
            TokenKind::CurlyOpen => {
                let start = self.start;
                self.bump();
                let expression = self.variable()?;
                self.expect(TokenKind::CloseBrace)?;
                let node = BracedPart { span: self.span_from(start), expression };
                Ok(StringPart::BracedPart(self.arena.alloc(node)))
            }
            TokenKind::DollarOpenCurlyBraces => {
                let start = self.start;
                self.bump();
                let expression = self.dollar_braced()?;
                self.expect(TokenKind::CloseBrace)?;
                let node = DollarBracedPart { span: self.span_from(start), expression };
                Ok(StringPart::DollarBracedPart(self.arena.alloc(node)))
            }
            _ => self.unexpected(&[Expected::String]),
        }
    }

    /// `$a`, `$a[b]`, `$a->b` in a string.
    fn plain_part(&mut self) -> Result<StringPart<'a>> {
        let start = self.start;
        let variable = self.plain_variable()?;
        let base = Expression::Variable(variable);
        match self.kind {
            TokenKind::OpenBracket => {
                let open = self.take();
                let index = Some(self.offset()?);
                self.expect(TokenKind::CloseBracket)?;
                let span = self.span_from(start);
                let node = Index { span, base, open, is_curly: false, index };
                Ok(StringPart::Index(self.arena.alloc(node)))
            }
            TokenKind::ObjectOperator | TokenKind::NullsafeObjectOperator
                if self.has(Version::V5_3) || self.peek() == TokenKind::String =>
            {
                let is_nullsafe = self.at(TokenKind::NullsafeObjectOperator);
                let arrow = self.take();
                if !self.at(TokenKind::String) {
                    return self.unexpected(&[Expected::Identifier]);
                }
                let name = MemberName::Identifier(Identifier { span: self.take_span() });
                let span = self.span_from(start);
                let node = Property { span, object: base, arrow, is_nullsafe, name };
                Ok(StringPart::Property(self.arena.alloc(node)))
            }
            _ => Ok(StringPart::Variable(variable)),
        }
    }

    /// What stands between the brackets of `"$a[b]"`.
    fn offset(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        match self.kind {
            TokenKind::Variable => Ok(Expression::Variable(Variable { span: self.take_span() })),
            TokenKind::String | TokenKind::NumString => {
                Ok(Expression::Offset(Offset { span: self.take_span() }))
            }
            TokenKind::Minus if self.has(Version::V7_1) => {
                self.bump();
                self.expect(TokenKind::NumString)?;
                Ok(Expression::Offset(Offset { span: self.span_from(start) }))
            }
            _ => self.unexpected(&[Expected::Identifier, Expected::Variable]),
        }
    }

    /// What stands between the braces of `"${a}"`.
    fn dollar_braced(&mut self) -> Result<Expression<'a>> {
        if !self.at(TokenKind::StringVarname) {
            return self.expression();
        }
        let start = self.start;
        let name = Expression::VariableName(VariableName { span: self.take_span() });
        if self.at(TokenKind::OpenBracket) {
            let open = self.take();
            let index = Some(self.expression()?);
            self.expect(TokenKind::CloseBracket)?;
            let span = self.span_from(start);
            let node = Index { span, base: name, open, is_curly: false, index };
            return Ok(Expression::Index(self.arena.alloc(node)));
        }
        if self.has(Version::V7_0) || self.at(TokenKind::CloseBrace) {
            return Ok(name);
        }
        // Up to PHP 5.6 such a name is an expression like any other.
        self.infix(start, name, crate::operator::LOOSEST)
    }
}
