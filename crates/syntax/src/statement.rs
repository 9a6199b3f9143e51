//! Statements, and the parts of a file.

use tilde_lexer::{TokenKind, Version};

use crate::ast::{
    Alternative, AlternativeEnd, Block, Break, Case, Catch, ConstantItem, Constants, Continue,
    Data, Declare, DoWhile, Echo, Else, ElseIf, Empty, Expression, ExpressionStatement, Finally,
    For, Foreach, ForeachTarget, Function, Global, Goto, HaltCompiler, If, InlineHtml, Label,
    Namespace, Program, Return, Statement, StaticVariable, StaticVariables, Switch, Try, Unset,
    Use, UseItem, UseKind, While,
};
use crate::ast::{AttributeGroup, CastKind, Name, StringPart};
use crate::chain::Shape;
use crate::error::{ErrorKind, Expected, Refusal};
use crate::operator::{LOOSEST, is_ampersand};
use crate::parser::{Failure, Parser, Result, finish};
use crate::tokens::END;

/// Where a statement stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Outside of all blocks, where imports are possible too.
    Outermost,
    /// In a list of statements.
    Inner,
    /// Alone, as the body of a loop or branch, where nothing is declared.
    Body,
}

impl<'a> Parser<'a, '_> {
    /// The whole file.
    pub(crate) fn program(&mut self) -> Result<Program<'a>> {
        let length = self.scratch.statements.len();
        while !self.at(END) {
            let statement = self.outermost_statement()?;
            self.scratch.statements.push(statement);
        }
        let statements = finish(self.arena, &mut self.scratch.statements, length);
        Ok(Program { span: self.whole_source(), statements })
    }

    /// Statements up to something that none begins with.
    pub(crate) fn statements(&mut self) -> Result<&'a [Statement<'a>]> {
        let length = self.scratch.statements.len();
        while !self.ends_statements() {
            let statement = self.inner_statement()?;
            self.scratch.statements.push(statement);
        }
        Ok(finish(self.arena, &mut self.scratch.statements, length))
    }

    fn ends_statements(&self) -> bool {
        use TokenKind as K;
        matches!(
            self.kind,
            K::CloseBrace
                | END
                | K::Case
                | K::Default
                | K::Else
                | K::ElseIf
                | K::EndDeclare
                | K::EndFor
                | K::EndForeach
                | K::EndIf
                | K::EndSwitch
                | K::EndWhile
        )
    }

    /// `{ … }`
    pub(crate) fn block(&mut self) -> Result<&'a Block<'a>> {
        let start = self.start;
        self.expect(TokenKind::OpenBrace)?;
        let statements = self.statements()?;
        self.expect(TokenKind::CloseBrace)?;
        Ok(self.arena.alloc(Block { span: self.span_from(start), statements }))
    }

    #[inline]
    fn inner_statement(&mut self) -> Result<Statement<'a>> {
        self.nested(|parser| parser.statement_in(Place::Inner))
    }

    #[inline]
    fn statement(&mut self) -> Result<Statement<'a>> {
        self.nested(|parser| parser.statement_in(Place::Body))
    }

    #[inline]
    fn outermost_statement(&mut self) -> Result<Statement<'a>> {
        self.nested(|parser| parser.statement_in(Place::Outermost))
    }

    fn statement_in(&mut self, place: Place) -> Result<Statement<'a>> {
        use TokenKind as K;
        match self.kind {
            K::Variable => self.expression_statement(),
            K::If => self.if_statement(),
            K::Return => self.return_statement(),
            K::Echo | K::OpenTagWithEcho => self.echo(),
            K::Foreach => self.foreach(),
            K::OpenBrace => Ok(Statement::Block(self.block()?)),
            K::For => self.for_loop(),
            K::While => self.while_loop(),
            K::Do => self.do_while(),
            K::Switch => self.switch(),
            K::Break | K::Continue => self.break_or_continue(),
            K::Unset => self.unset(),
            K::Global => self.global(),
            K::Try => self.try_statement(),
            K::Throw if !self.has(Version::V8_0) => self.throw_statement(),
            K::Declare => self.declare(),
            K::Goto if self.has(Version::V5_3) => self.goto(),
            K::InlineHtml => Ok(Statement::InlineHtml(InlineHtml { span: self.take_span() })),
            K::Semicolon | K::CloseTag => Ok(Statement::Empty(Empty { span: self.take_span() })),
            K::String if self.peek() == K::Colon && self.has(Version::V5_3) => self.label(),
            // In PHP 5.2 `static` is nothing else here.
            K::Static if self.peek() == K::Variable || !self.has(Version::V5_3) => {
                self.static_variables()
            }
            // In PHP 5.2 `function` is nothing else here.
            K::Function
                if place != Place::Body && (self.at_function() || !self.has(Version::V5_3)) =>
            {
                self.function(self.start, &[])
            }
            K::Class | K::Interface | K::Trait | K::Enum | K::Abstract | K::Final
                if place != Place::Body =>
            {
                Ok(Statement::Class(self.class_declaration(self.start, &[])?))
            }
            K::Readonly
                if place != Place::Body
                    && self.peek() != K::OpenParenthesis
                    && self.has(Version::V8_2) =>
            {
                Ok(Statement::Class(self.class_declaration(self.start, &[])?))
            }
            K::Attribute => self.attributed_statement(place),
            K::Namespace
                if place == Place::Outermost
                    && (self.has(Version::V8_0) || self.peek() != K::NsSeparator) =>
            {
                self.namespace()
            }
            K::Use if place == Place::Outermost && self.has(Version::V5_3) => self.use_statement(),
            K::Const if place == Place::Outermost && self.has(Version::V5_3) => {
                self.constants(self.start, &[])
            }
            K::HaltCompiler if place != Place::Body => self.halt_compiler(place),
            K::VoidCast => self.void_statement(),
            K::Yield if !self.has(Version::V7_0) => self.old_yield_statement(),
            _ => self.other_statement(),
        }
    }

    /// An expression, or a mistake.
    fn other_statement(&mut self) -> Result<Statement<'a>> {
        let before = self.start;
        let result = self.expression_statement();
        let is_unexpected =
            matches!(self.failure, Some(Failure { kind: ErrorKind::Unexpected(_), .. }));
        if result.is_err() && is_unexpected && self.start == before {
            return self.unexpected(&[Expected::Statement]);
        }
        result
    }

    fn expression_statement(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        let expression = self.expression()?;
        self.end_expression(start, expression)
    }

    fn end_expression(&mut self, start: u32, expression: Expression<'a>) -> Result<Statement<'a>> {
        let terminator = self.terminator()?;
        let node = ExpressionStatement { span: self.span_from(start), expression, terminator };
        Ok(Statement::ExpressionStatement(self.arena.alloc(node)))
    }

    /// `(void) f();` of PHP 8.5.
    fn void_statement(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        let expression = self.cast_to(CastKind::Void, LOOSEST)?;
        self.end_expression(start, expression)
    }

    /// `throw $a;` up to PHP 7.4.
    fn throw_statement(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let exception = self.expression()?;
        let node = crate::ast::Throw { span: self.span_from(start), exception };
        let expression = Expression::Throw(self.arena.alloc(node));
        self.end_expression(start, expression)
    }

    /// `yield` up to PHP 5.6: with an operand it is a statement of its own,
    /// without one an expression like any other.
    fn old_yield_statement(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        let expression = self.yield_with_operand()?;
        let expression = match expression {
            Expression::Yield(node) if node.value.is_none() => {
                self.infix(start, expression, LOOSEST)?
            }
            _ => expression,
        };
        self.end_expression(start, expression)
    }

    fn echo(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let values = self.expressions()?;
        let terminator = self.terminator()?;
        let node = Echo { span: self.span_from(start), values, terminator };
        Ok(Statement::Echo(self.arena.alloc(node)))
    }

    /// Expressions, separated by commas.
    fn expressions(&mut self) -> Result<&'a [Expression<'a>]> {
        let length = self.scratch.expressions.len();
        loop {
            let expression = self.expression()?;
            self.scratch.expressions.push(expression);
            if !self.eat(TokenKind::Comma) {
                return Ok(finish(self.arena, &mut self.scratch.expressions, length));
            }
        }
    }

    fn return_statement(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let value = self.optional_expression()?;
        let terminator = self.terminator()?;
        let node = Return { span: self.span_from(start), value, terminator };
        Ok(Statement::Return(self.arena.alloc(node)))
    }

    fn optional_expression(&mut self) -> Result<Option<Expression<'a>>> {
        if self.at_terminator() { Ok(None) } else { Ok(Some(self.expression()?)) }
    }

    fn break_or_continue(&mut self) -> Result<Statement<'a>> {
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

    // Branches.

    /// `if`, with the `if` behind its `else`, however many there are: they are
    /// read in a loop and put together from the last one on.
    fn if_statement(&mut self) -> Result<Statement<'a>> {
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
    fn body(&mut self, keyword: TokenKind) -> Result<(Statement<'a>, Option<AlternativeEnd>)> {
        if self.at(TokenKind::Colon) {
            let body = self.alternative()?;
            return Ok((body, Some(self.alternative_end(keyword)?)));
        }
        Ok((self.statement()?, None))
    }

    fn while_loop(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let condition = self.in_parentheses()?;
        let (body, end) = self.body(TokenKind::EndWhile)?;
        let node = While { span: self.span_from(start), condition, body, end };
        Ok(Statement::While(self.arena.alloc(node)))
    }

    fn do_while(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let body = self.statement()?;
        self.expect(TokenKind::While)?;
        let condition = self.in_parentheses()?;
        let terminator = self.terminator()?;
        let node = DoWhile { span: self.span_from(start), body, condition, terminator };
        Ok(Statement::DoWhile(self.arena.alloc(node)))
    }

    fn for_loop(&mut self) -> Result<Statement<'a>> {
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

    fn foreach(&mut self) -> Result<Statement<'a>> {
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

    fn switch(&mut self) -> Result<Statement<'a>> {
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

    // Others.

    fn global(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let length = self.scratch.expressions.len();
        loop {
            let variable = if self.has(Version::V7_0) {
                self.simple_variable()?
            } else {
                self.legacy_global()?
            };
            self.scratch.expressions.push(variable);
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        let variables = finish(self.arena, &mut self.scratch.expressions, length);
        let terminator = self.terminator()?;
        let node = Global { span: self.span_from(start), variables, terminator };
        Ok(Statement::Global(self.arena.alloc(node)))
    }

    fn static_variables(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let mut variables = bumpalo::collections::Vec::new_in(self.arena);
        loop {
            let start = self.start;
            let variable = self.plain_variable()?;
            let value = self.optional_value()?;
            variables.push(StaticVariable { span: self.span_from(start), variable, value });
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        let variables = variables.into_bump_slice();
        let terminator = self.terminator()?;
        let node = StaticVariables { span: self.span_from(start), variables, terminator };
        Ok(Statement::StaticVariables(self.arena.alloc(node)))
    }

    /// `= 1` behind a name, if it comes.
    pub(crate) fn optional_value(&mut self) -> Result<Option<Expression<'a>>> {
        if self.eat(TokenKind::Equal) { Ok(Some(self.constant_expression()?)) } else { Ok(None) }
    }

    fn unset(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        self.expect(TokenKind::OpenParenthesis)?;
        let length = self.scratch.expressions.len();
        loop {
            let variable = self.variable()?;
            self.scratch.expressions.push(variable);
            if !self.eat(TokenKind::Comma)
                || self.at(TokenKind::CloseParenthesis) && self.has(Version::V7_3)
            {
                break;
            }
        }
        self.expect(TokenKind::CloseParenthesis)?;
        let variables = finish(self.arena, &mut self.scratch.expressions, length);
        let terminator = self.terminator()?;
        let node = Unset { span: self.span_from(start), variables, terminator };
        Ok(Statement::Unset(self.arena.alloc(node)))
    }

    fn declare(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        self.expect(TokenKind::OpenParenthesis)?;
        let directives = self.constant_items()?;
        self.expect(TokenKind::CloseParenthesis)?;
        if directives.iter().any(|item| self.is_unknown_encoding(item)) {
            return self.refuse(Refusal::EncodingNotLiteral, start);
        }
        let (body, end) = self.body(TokenKind::EndDeclare)?;
        let node = Declare { span: self.span_from(start), directives, body, end };
        Ok(Statement::Declare(self.arena.alloc(node)))
    }

    /// Whether an encoding is declared that is not known while parsing.
    fn is_unknown_encoding(&self, item: &ConstantItem<'a>) -> bool {
        let is_literal = match item.value {
            Expression::Integer(_) | Expression::Float(_) | Expression::StringLiteral(_) => true,
            Expression::Interpolated(string) => {
                string.parts.iter().all(|part| matches!(part, StringPart::Text(_)))
            }
            _ => false,
        };
        let name = item.name.span.of(self.source);
        !is_literal && name.eq_ignore_ascii_case(b"encoding") && self.has(Version::V7_0)
    }

    fn constant_items(&mut self) -> Result<&'a [ConstantItem<'a>]> {
        let mut items = bumpalo::collections::Vec::new_in(self.arena);
        loop {
            let start = self.start;
            let name = self.plain_identifier()?;
            items.push(self.constant_item(start, name)?);
            if !self.eat(TokenKind::Comma) {
                return Ok(items.into_bump_slice());
            }
        }
    }

    /// `= 1` behind the name of a constant.
    pub(crate) fn constant_item(
        &mut self,
        start: u32,
        name: crate::ast::Identifier,
    ) -> Result<ConstantItem<'a>> {
        self.expect(TokenKind::Equal)?;
        let value = self.constant_expression()?;
        let doc = self.take_doc();
        Ok(ConstantItem { span: self.span_from(start), name, value, doc })
    }

    fn constants(
        &mut self,
        start: u32,
        attributes: &'a [AttributeGroup<'a>],
    ) -> Result<Statement<'a>> {
        self.bump();
        let items = self.constant_items()?;
        let terminator = self.terminator()?;
        let node = Constants { span: self.span_from(start), attributes, items, terminator };
        Ok(Statement::Constants(self.arena.alloc(node)))
    }

    fn try_statement(&mut self) -> Result<Statement<'a>> {
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

    fn goto(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let label = self.plain_identifier()?;
        let terminator = self.terminator()?;
        let node = Goto { span: self.span_from(start), label, terminator };
        Ok(Statement::Goto(self.arena.alloc(node)))
    }

    fn label(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        let name = self.plain_identifier()?;
        self.bump();
        Ok(Statement::Label(self.arena.alloc(Label { span: self.span_from(start), name })))
    }

    fn halt_compiler(&mut self, place: Place) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        self.expect(TokenKind::OpenParenthesis)?;
        self.expect(TokenKind::CloseParenthesis)?;
        let terminator = self.terminator()?;
        if place == Place::Inner {
            return self.refuse(Refusal::NestedHaltCompiler, start);
        }
        let data_start = self.previous_end;
        let rest = self.take_rest(data_start);
        let data = if rest.is_empty() { None } else { Some(Data { span: rest }) };
        let node = HaltCompiler { span: self.span_from(start), terminator, data };
        Ok(Statement::HaltCompiler(self.arena.alloc(node)))
    }

    /// `namespace A;` or `namespace A { … }`. What follows the former belongs to
    /// it, up to the next one.
    fn namespace(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let name = if self.at(TokenKind::OpenBrace) { None } else { Some(self.namespace_name()?) };
        self.forget_doc();
        let terminator = if self.at_terminator() && name.is_some() {
            Some(self.take())
        } else {
            self.expect(TokenKind::OpenBrace)?;
            None
        };
        let length = self.scratch.statements.len();
        while !self.at(END) && !self.at(TokenKind::CloseBrace) {
            if terminator.is_some() && self.at(TokenKind::Namespace) && !self.at_name() {
                break;
            }
            let statement = self.outermost_statement()?;
            self.scratch.statements.push(statement);
        }
        let statements = finish(self.arena, &mut self.scratch.statements, length);
        if terminator.is_none() {
            self.expect(TokenKind::CloseBrace)?;
        }
        let node = Namespace { span: self.span_from(start), name, terminator, statements };
        Ok(Statement::Namespace(self.arena.alloc(node)))
    }

    fn namespace_name(&mut self) -> Result<Name> {
        if !self.has(Version::V8_0) {
            return self.rest_of_name(self.start);
        }
        if self.at(TokenKind::NameQualified) || self.at_identifier() {
            return Ok(Name { span: self.take_span() });
        }
        self.unexpected(&[Expected::Name])
    }

    // Imports.

    fn use_statement(&mut self) -> Result<Statement<'a>> {
        let start = self.start;
        self.bump();
        let kind = self.use_kind();
        let first_start = self.start;
        let first = self.use_name()?;
        let has_group = self.at(TokenKind::NsSeparator) && self.has(Version::V7_0);
        let (prefix, items) = if has_group {
            self.bump();
            (Some(first), self.use_group(kind)?)
        } else {
            (None, self.use_items(first_start, first)?)
        };
        let terminator = self.terminator()?;
        let node = Use { span: self.span_from(start), kind, prefix, items, terminator };
        Ok(Statement::Use(self.arena.alloc(node)))
    }

    fn use_kind(&mut self) -> Option<UseKind> {
        let kind = match self.kind {
            TokenKind::Function => UseKind::Function,
            TokenKind::Const => UseKind::Constant,
            _ => return None,
        };
        if !self.has(Version::V5_6) {
            return None;
        }
        self.bump();
        Some(kind)
    }

    /// A name that may begin with a backslash.
    fn use_name(&mut self) -> Result<Name> {
        match self.kind {
            TokenKind::NameRelative | TokenKind::Namespace => self.unexpected(&[Expected::Name]),
            _ => self.name(),
        }
    }

    fn use_items(&mut self, mut start: u32, first: Name) -> Result<&'a [UseItem]> {
        let mut items = bumpalo::collections::Vec::with_capacity_in(1, self.arena);
        let mut name = first;
        loop {
            items.push(self.use_item(start, None, name)?);
            if !self.eat(TokenKind::Comma) {
                return Ok(items.into_bump_slice());
            }
            start = self.start;
            name = self.use_name()?;
        }
    }

    fn use_group(&mut self, outer: Option<UseKind>) -> Result<&'a [UseItem]> {
        self.expect(TokenKind::OpenBrace)?;
        let mut items = bumpalo::collections::Vec::new_in(self.arena);
        loop {
            let start = self.start;
            let kind = if outer.is_none() { self.use_kind() } else { None };
            let name = match self.kind {
                TokenKind::NameFullyQualified | TokenKind::NsSeparator => {
                    return self.unexpected(&[Expected::Name]);
                }
                _ => self.use_name()?,
            };
            items.push(self.use_item(start, kind, name)?);
            if !self.eat(TokenKind::Comma)
                || self.at(TokenKind::CloseBrace) && self.has(Version::V7_2)
            {
                break;
            }
        }
        self.expect(TokenKind::CloseBrace)?;
        Ok(items.into_bump_slice())
    }

    fn use_item(&mut self, start: u32, kind: Option<UseKind>, name: Name) -> Result<UseItem> {
        let alias = if self.eat(TokenKind::As) { Some(self.plain_identifier()?) } else { None };
        Ok(UseItem { span: self.span_from(start), kind, name, alias })
    }

    // Functions.

    /// Whether the `function` here has a name.
    fn at_function(&self) -> bool {
        let (first, second) = self.peek_two();
        let name = if is_ampersand(first) { second } else { first };
        name == TokenKind::String || name == TokenKind::Readonly && self.has(Version::V8_2)
    }

    fn function(
        &mut self,
        start: u32,
        attributes: &'a [AttributeGroup<'a>],
    ) -> Result<Statement<'a>> {
        self.bump();
        let by_reference = self.ampersand();
        let doc = self.take_doc();
        let name = self.identifier()?;
        let parameters = self.parameters()?;
        let return_type = self.return_type()?;
        let body = self.block()?;
        Ok(Statement::Function(self.arena.alloc(Function {
            span: self.span_from(start),
            doc,
            attributes,
            by_reference,
            name,
            parameters,
            return_type,
            body,
        })))
    }

    /// Something behind `#[…]`.
    fn attributed_statement(&mut self, place: Place) -> Result<Statement<'a>> {
        use TokenKind as K;
        let start = self.start;
        let attributes = self.attributes()?;
        match self.kind {
            K::Function if place != Place::Body && self.at_function() => {
                self.function(start, attributes)
            }
            K::Class | K::Interface | K::Trait | K::Enum | K::Abstract | K::Final | K::Readonly
                if place != Place::Body =>
            {
                Ok(Statement::Class(self.class_declaration(start, attributes)?))
            }
            K::Const if place == Place::Outermost && self.has(Version::V8_5) => {
                self.constants(start, attributes)
            }
            _ => {
                let function = self.function_expression(start, attributes)?;
                let expression = self.infix(start, function, LOOSEST)?;
                self.end_expression(start, expression)
            }
        }
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
