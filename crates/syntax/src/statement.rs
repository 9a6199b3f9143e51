//! The whole file, what each statement begins with, and the statements that
//! neither decide what runs next nor declare anything.

use bumpalo::collections::Vec as BumpVec;
use tilde_lexer::{TokenKind, Version};

use crate::ast::{
    Block, CastKind, Echo, Empty, Expression, ExpressionStatement, Global, InlineHtml, Program,
    Statement, StaticVariable, StaticVariables, Throw, Unset,
};
use crate::error::{ErrorKind, Expected};
use crate::operator::LOOSEST;
use crate::parser::{Failure, Parser, Result, finish};
use crate::tokens::END;

/// Where a statement stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Outside of all blocks, where imports are possible too.
    Outermost,
    /// In a list of statements.
    Inner,
    /// Alone, as the body of a loop or branch, where nothing is declared.
    Body,
}

/// How many statements of a list lie where lists are under construction. An ordinary list
/// has fewer; that of a hostile source has millions, of which there must not be two copies.
const MANY: usize = 1 << 16;

/// A list of statements under construction.
pub(crate) struct List<'a> {
    /// How many statements were under construction before it.
    length: usize,
    /// The place of its first token.
    index: usize,
    /// The first of many.
    moved: BumpVec<'a, Statement<'a>>,
}

impl<'a> Parser<'a, '_> {
    /// The whole file.
    pub(crate) fn program(&mut self) -> Result<Program<'a>> {
        let mut list = self.begin_list();
        while !self.at(END) {
            let statement = self.outermost_statement()?;
            self.add_to_list(&mut list, statement);
        }
        Ok(Program { span: self.whole_source(), statements: self.finish_list(list) })
    }

    /// Statements up to something that none begins with.
    pub(crate) fn statements(&mut self) -> Result<&'a [Statement<'a>]> {
        let mut list = self.begin_list();
        while !self.ends_statements() {
            let statement = self.inner_statement()?;
            self.add_to_list(&mut list, statement);
        }
        Ok(self.finish_list(list))
    }

    /// Begins a list of statements.
    pub(crate) fn begin_list(&self) -> List<'a> {
        let moved = BumpVec::new_in(self.arena);
        List { length: self.scratch.statements.len(), index: self.index, moved }
    }

    /// Adds a statement to a list.
    pub(crate) fn add_to_list(&mut self, list: &mut List<'a>, statement: Statement<'a>) {
        self.scratch.statements.push(statement);
        if self.scratch.statements.len() - list.length == MANY {
            self.move_statements(list);
        }
    }

    /// Moves statements to where they stay, with room for as many as there will be if it
    /// goes on like this. Room costs nothing until it is used.
    #[cold]
    fn move_statements(&mut self, list: &mut List<'a>) {
        let statements = &self.scratch.statements[list.length..];
        if list.moved.capacity() - list.moved.len() < statements.len() {
            let count = list.moved.len() + statements.len();
            let tokens = (self.index - list.index).max(1);
            let coming = count as u64 * self.tokens_left() as u64 / tokens as u64;
            list.moved.reserve(statements.len() + coming as usize);
        }
        list.moved.extend_from_slice_copy(statements);
        self.scratch.statements.truncate(list.length);
    }

    /// Ends a list of statements.
    pub(crate) fn finish_list(&mut self, mut list: List<'a>) -> &'a [Statement<'a>] {
        if list.moved.is_empty() {
            return finish(self.arena, &mut self.scratch.statements, list.length);
        }
        self.move_statements(&mut list);
        list.moved.into_bump_slice()
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
    pub(crate) fn statement(&mut self) -> Result<Statement<'a>> {
        self.nested(|parser| parser.statement_in(Place::Body))
    }

    #[inline]
    pub(crate) fn outermost_statement(&mut self) -> Result<Statement<'a>> {
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
            K::Namespace if place == Place::Outermost && self.at_namespace() => self.namespace(),
            K::Use if !self.has(Version::V5_3) => self.use_of_file(),
            K::Use if place == Place::Outermost => self.use_statement(),
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
        let node = Throw { span: self.span_from(start), exception };
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

    pub(crate) fn optional_expression(&mut self) -> Result<Option<Expression<'a>>> {
        if self.at_terminator() { Ok(None) } else { Ok(Some(self.expression()?)) }
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Arena, Options, Version, parse};

    /// Where the statements of a list begin.
    fn starts(list: &[Statement<'_>]) -> Vec<usize> {
        list.iter().map(|statement| statement.span().start as usize).collect()
    }

    #[test]
    fn long_lists_have_each_statement_once() {
        for count in [MANY - 1, MANY, MANY + 1, 3 * MANY + 5] {
            // More statements come than the first ones let expect.
            let text = format!("{}{}", "{f(1,2);}".repeat(MANY), ";".repeat(count));
            let expected = (0..MANY).map(|at| 9 * at).chain((0..count).map(|at| 9 * MANY + at));
            let expected: Vec<usize> = expected.collect();
            for (before, after) in [("", ""), ("a();{", "}b();"), ("namespace A;{;}", "")] {
                let source = format!("<?php {before}{text}{after}");
                let arena = Arena::new();
                let tree = parse(source.as_bytes(), Options::new(Version::V8_2), &arena);
                let program = tree.expect("it is valid").program().statements;
                let start = 6 + before.len();
                let found = match program {
                    [Statement::Namespace(it)] => &it.statements[1..],
                    [first, Statement::Block(it), end] => {
                        let places = [6, start + text.len() + 1];
                        assert_eq!(starts(&[*first, *end]), places);
                        it.statements
                    }
                    statements => statements,
                };
                let found: Vec<usize> = starts(found).iter().map(|at| at - start).collect();
                assert!(found == expected, "{count} more statements behind {before}");
            }
        }
    }
}
