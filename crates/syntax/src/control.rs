//! Control flow: branches, loops, `switch`, `try`, and what jumps.

use tilde_lexer::{TokenKind, Version};

use crate::ast::{
    Alternative, AlternativeEnd, Break, Case, CastKind, Catch, Continue, DoWhile, Else, ElseIf,
    Expression, Finally, For, Foreach, ForeachTarget, Goto, If, Label, Return, Statement, Switch,
    Try, While,
};
use crate::chain::Shape;
use crate::error::Expected;
use crate::operator::LOOSEST;
use crate::parser::{Parser, Result, finish};

impl<'a> Parser<'a, '_> {
    /// `if`, with the `if` behind its `else`, however many there are: they are
    /// read in a loop and put together from the last one on.
    pub(crate) fn if_statement(&mut self) -> Result<Statement<'a>> {
        let mut outer: Vec<OpenIf<'a>> = Vec::new();
        let mut innermost = loop {
            let start = self.start;
            self.bump();
            let condition = self.in_parentheses()?;
            if self.at(TokenKind::Colon) {
                break self.alternative_if(start, condition)?;
            }
            let body = self.statement()?;
            let else_ifs = self.else_ifs()?;
            let open = OpenIf { start, condition, body, else_ifs, else_start: self.start };
            if !self.eat(TokenKind::Else) {
                break self.close_if(&open, None);
            }
            if !self.at(TokenKind::If) {
                let body = self.statement()?;
                break self.close_if(&open, Some(body));
            }
            outer.push(open);
        };
        while let Some(open) = outer.pop() {
            innermost = self.close_if(&open, Some(innermost));
        }
        Ok(innermost)
    }

    fn close_if(&self, open: &OpenIf<'a>, otherwise: Option<Statement<'a>>) -> Statement<'a> {
        let otherwise = otherwise.map(|body| {
            let span = self.span_from(open.else_start);
            &*self.arena.alloc(Else { span, body })
        });
        Statement::If(self.arena.alloc(If {
            span: self.span_from(open.start),
            condition: open.condition,
            body: open.body,
            else_ifs: open.else_ifs,
            otherwise,
            end: None,
        }))
    }

    fn else_ifs(&mut self) -> Result<&'a [ElseIf<'a>]> {
        if !self.at(TokenKind::ElseIf) {
            return Ok(&[]);
        }
        let mut else_ifs = bumpalo::collections::Vec::new_in(self.arena);
        while self.at(TokenKind::ElseIf) {
            let start = self.start;
            self.bump();
            let condition = self.in_parentheses()?;
            let body = self.statement()?;
            else_ifs.push(ElseIf { span: self.span_from(start), condition, body });
        }
        Ok(else_ifs.into_bump_slice())
    }

    /// `if (…): … elseif (…): … else: … endif;`
    fn alternative_if(&mut self, start: u32, condition: Expression<'a>) -> Result<Statement<'a>> {
        let body = self.alternative()?;
        let mut else_ifs = bumpalo::collections::Vec::new_in(self.arena);
        while self.at(TokenKind::ElseIf) {
            let start = self.start;
            self.bump();
            let condition = self.in_parentheses()?;
            let body = self.alternative()?;
            else_ifs.push(ElseIf { span: self.span_from(start), condition, body });
        }
        let else_ifs = else_ifs.into_bump_slice();
        let else_start = self.start;
        let otherwise = if self.eat(TokenKind::Else) {
            let body = self.alternative()?;
            Some(&*self.arena.alloc(Else { span: self.span_from(else_start), body }))
        } else {
            None
        };
        let end = Some(self.alternative_end(TokenKind::EndIf)?);
        let span = self.span_from(start);
        let node = If { span, condition, body, else_ifs, otherwise, end };
        Ok(Statement::If(self.arena.alloc(node)))
    }

    /// `: …`
    fn alternative(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.expect(TokenKind::Colon)?;
        let statements = self.statements()?;
        let node = Alternative { span: self.span_from(start), statements };
        Ok(Statement::Alternative(self.arena.alloc(node)))
    }

    /// `endif;`
    fn alternative_end(&mut self, keyword: TokenKind) -> Result<AlternativeEnd> {
        Ok(AlternativeEnd { keyword: self.expect(keyword)?, terminator: self.terminator()? })
    }

    /// What a loop repeats: a statement, or `: …` and that keyword.
    pub(crate) fn body(
        &mut self,
        keyword: TokenKind,
    ) -> Result<(Statement<'a>, Option<AlternativeEnd>)> {
        if self.at(TokenKind::Colon) {
            let body = self.alternative()?;
            return Ok((body, Some(self.alternative_end(keyword)?)));
        }
        Ok((self.statement()?, None))
    }

    pub(crate) fn while_loop(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let condition = self.in_parentheses()?;
        let (body, end) = self.body(TokenKind::EndWhile)?;
        let node = While { span: self.span_from(start), condition, body, end };
        Ok(Statement::While(self.arena.alloc(node)))
    }

    pub(crate) fn do_while(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let body = self.statement()?;
        self.expect(TokenKind::While)?;
        let condition = self.in_parentheses()?;
        let terminator = self.terminator()?;
        let node = DoWhile { span: self.span_from(start), body, condition, terminator };
        Ok(Statement::DoWhile(self.arena.alloc(node)))
    }

    pub(crate) fn for_loop(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        self.expect(TokenKind::OpenParenthesis)?;
        let initial = self.for_expressions()?;
        let first_separator = self.terminator()?;
        let conditions = self.for_conditions()?;
        let second_separator = self.terminator()?;
        let updates = self.for_expressions()?;
        self.expect(TokenKind::CloseParenthesis)?;
        let (body, end) = self.body(TokenKind::EndFor)?;
        let span = self.span_from(start);
        Ok(Statement::For(self.arena.alloc(For {
            span,
            initial,
            first_separator,
            conditions,
            second_separator,
            updates,
            body,
            end,
        })))
    }

    /// Expressions, of which any may be cast to `void` in PHP 8.5.
    fn for_expressions(&mut self) -> Result<&'a [Expression<'a>]> {
        if self.at_terminator() || self.at(TokenKind::CloseParenthesis) {
            return Ok(&[]);
        }
        let length = self.scratch.expressions.len();
        loop {
            let expression = self.for_expression()?;
            self.scratch.expressions.push(expression);
            if !self.eat(TokenKind::Comma) {
                return Ok(finish(self.arena, &mut self.scratch.expressions, length));
            }
        }
    }

    /// The same, but the last one is a value.
    fn for_conditions(&mut self) -> Result<&'a [Expression<'a>]> {
        let conditions = self.for_expressions()?;
        let is_void = |last: &Expression<'a>| matches!(last, Expression::Cast(cast) if cast.kind == CastKind::Void);
        if conditions.last().is_some_and(is_void) {
            return self.unexpected(&[Expected::Token(TokenKind::Comma)]);
        }
        Ok(conditions)
    }

    fn for_expression(&mut self) -> Result<Expression<'a>> {
        if self.at(TokenKind::VoidCast) {
            return self.cast_to(CastKind::Void, LOOSEST);
        }
        self.expression()
    }

    pub(crate) fn foreach(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        self.expect(TokenKind::OpenParenthesis)?;
        let subject = self.expression()?;
        let as_keyword = self.expect(TokenKind::As)?;
        let mut value = self.foreach_target()?;
        let mut key = None;
        if self.eat(TokenKind::DoubleArrow) {
            key = Some(value);
            value = self.foreach_target()?;
        }
        self.expect(TokenKind::CloseParenthesis)?;
        let (body, end) = self.body(TokenKind::EndForeach)?;
        let span = self.span_from(start);
        let node = Foreach { span, subject, as_keyword, key, value, body, end };
        Ok(Statement::Foreach(self.arena.alloc(node)))
    }

    fn foreach_target(&mut self) -> Result<&'a ForeachTarget<'a>> {
        let start = self.start;
        let by_reference = self.ampersand();
        let target = match self.kind {
            TokenKind::List if by_reference.is_none() && self.has(Version::V5_5) => self.list()?,
            TokenKind::OpenBracket if by_reference.is_none() && self.has(Version::V7_1) => {
                let array = self.array()?;
                let ends =
                    matches!(self.kind, TokenKind::CloseParenthesis | TokenKind::DoubleArrow);
                if ends {
                    array
                } else {
                    self.rest_of_variable(start, array, Shape::Dereferenceable)?
                }
            }
            _ => self.variable()?,
        };
        Ok(self.arena.alloc(ForeachTarget { span: self.span_from(start), by_reference, target }))
    }

    pub(crate) fn switch(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let subject = self.in_parentheses()?;
        let is_alternative = self.eat(TokenKind::Colon);
        if !is_alternative {
            self.expect(TokenKind::OpenBrace)?;
        }
        if self.at_terminator() {
            self.bump();
        }
        let cases = self.cases()?;
        let end = if is_alternative {
            Some(self.alternative_end(TokenKind::EndSwitch)?)
        } else {
            self.expect(TokenKind::CloseBrace)?;
            None
        };
        let node = Switch { span: self.span_from(start), subject, cases, end };
        Ok(Statement::Switch(self.arena.alloc(node)))
    }

    fn cases(&mut self) -> Result<&'a [Case<'a>]> {
        let mut cases = bumpalo::collections::Vec::new_in(self.arena);
        while matches!(self.kind, TokenKind::Case | TokenKind::Default) {
            let start = self.start;
            let is_default = self.at(TokenKind::Default);
            self.bump();
            let condition = if is_default { None } else { Some(self.expression()?) };
            let separator = match self.kind {
                TokenKind::Colon => self.take(),
                _ if self.at_terminator() => self.take(),
                _ => return self.unexpected(&[Expected::Token(TokenKind::Colon)]),
            };
            let statements = self.statements()?;
            cases.push(Case { span: self.span_from(start), condition, separator, statements });
        }
        Ok(cases.into_bump_slice())
    }

    pub(crate) fn try_statement(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let block = self.block()?;
        let mut catches = bumpalo::collections::Vec::new_in(self.arena);
        while self.at(TokenKind::Catch) {
            catches.push(self.catch()?);
        }
        if catches.is_empty() && !self.has(Version::V5_5) {
            return self.unexpected(&[Expected::Token(TokenKind::Catch)]);
        }
        let catches = catches.into_bump_slice();
        let finally_start = self.start;
        let finally = if self.eat(TokenKind::Finally) {
            let block = self.block()?;
            Some(&*self.arena.alloc(Finally { span: self.span_from(finally_start), block }))
        } else {
            None
        };
        let node = Try { span: self.span_from(start), block, catches, finally };
        Ok(Statement::Try(self.arena.alloc(node)))
    }

    fn catch(&mut self) -> Result<Catch<'a>> {
        let start = self.start;
        self.bump();
        self.expect(TokenKind::OpenParenthesis)?;
        let length = self.scratch.names.len();
        loop {
            let name = if self.has(Version::V8_0) { self.class_name()? } else { self.name()? };
            self.scratch.names.push(name);
            if !self.at(TokenKind::VerticalBar) || !self.has(Version::V7_1) {
                break;
            }
            self.bump();
        }
        let types = finish(self.arena, &mut self.scratch.names, length);
        let variable = if self.at(TokenKind::CloseParenthesis) && self.has(Version::V8_0) {
            None
        } else {
            Some(self.plain_variable()?)
        };
        self.expect(TokenKind::CloseParenthesis)?;
        let block = self.block()?;
        Ok(Catch { span: self.span_from(start), types, variable, block })
    }

    pub(crate) fn return_statement(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let value = self.optional_expression()?;
        let terminator = self.terminator()?;
        let node = Return { span: self.span_from(start), value, terminator };
        Ok(Statement::Return(self.arena.alloc(node)))
    }

    pub(crate) fn break_or_continue(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        let is_break = self.at(TokenKind::Break);
        self.bump();
        let levels = self.optional_expression()?;
        let terminator = self.terminator()?;
        let span = self.span_from(start);
        Ok(if is_break {
            Statement::Break(self.arena.alloc(Break { span, levels, terminator }))
        } else {
            Statement::Continue(self.arena.alloc(Continue { span, levels, terminator }))
        })
    }

    pub(crate) fn goto(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let label = self.plain_identifier()?;
        let terminator = self.terminator()?;
        let node = Goto { span: self.span_from(start), label, terminator };
        Ok(Statement::Goto(self.arena.alloc(node)))
    }

    pub(crate) fn label(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        let name = self.plain_identifier()?;
        self.bump();
        Ok(Statement::Label(self.arena.alloc(Label { span: self.span_from(start), name })))
    }
}

/// An `if` whose `else` is being read.
struct OpenIf<'a> {
    start: u32,
    condition: Expression<'a>,
    body: Statement<'a>,
    else_ifs: &'a [ElseIf<'a>],
    else_start: u32,
}
