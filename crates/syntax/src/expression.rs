//! Expressions: operators, and all that stands between them.

use tilde_lexer::{TokenKind, Version};

use crate::ast::{
    Arguments, ArrowFunction, Assignment, AttributeGroup, Binary, Call, Cast, CastKind,
    CloneExpression, Closure, ClosureUse, ClosureUses, Constant, Eval, Exit, Expression, Float,
    Include, InstanceOf, Integer, IsEmpty, Isset, MagicConstant, Match, MatchArm, Name, New,
    Parenthesized, Postfix, Prefix, Print, StringLiteral, Ternary, Throw, Unary, Yield, YieldFrom,
};
use crate::chain::Shape;
use crate::error::Expected;
use crate::operator::{
    ASSIGNMENT, Associativity, CLONE, INSTANCEOF, Infix, LOOSEST, TERNARY, Tightness, assignment,
    cast, infix, is_ampersand, unary,
};
use crate::parser::{Parser, Result, finish};
use crate::span::Position;

impl<'a> Parser<'a, '_> {
    /// An expression as a whole.
    #[inline]
    pub(crate) fn expression(&mut self) -> Result<Expression<'a>> {
        self.expression_of(LOOSEST)
    }

    /// An expression of operators that bind at least so tight.
    #[inline]
    pub(crate) fn expression_of(&mut self, least: Tightness) -> Result<Expression<'a>> {
        self.nested(|parser| {
            let start = parser.start;
            let left = parser.operand()?;
            parser.infix(start, left, least)
        })
    }

    /// The operators and operands that follow the first operand.
    pub(crate) fn infix(
        &mut self,
        start: u32,
        mut left: Expression<'a>,
        least: Tightness,
    ) -> Result<Expression<'a>> {
        let mut links = 0;
        loop {
            self.link(&mut links)?;
            match infix(self.kind, self.version) {
                Some(infix) if infix.tightness >= least => {
                    left = self.binary(start, left, infix)?;
                }
                None if self.at(TokenKind::Question) && TERNARY >= least => {
                    left = self.ternary(start, left)?;
                }
                None if self.at(TokenKind::InstanceOf) && INSTANCEOF >= least => {
                    let operator_at = self.take();
                    let class = self.class_reference()?;
                    let span = self.span_from(start);
                    let node = InstanceOf { span, value: left, operator_at, class };
                    left = Expression::InstanceOf(self.arena.alloc(node));
                }
                _ => return Ok(left),
            }
        }
    }

    fn binary(
        &mut self,
        start: u32,
        left: Expression<'a>,
        operation: Infix,
    ) -> Result<Expression<'a>> {
        let Infix { operator, tightness, associativity } = operation;
        let operator_at = self.take();
        let right = self.expression_of(match associativity {
            Associativity::Right => tightness,
            Associativity::Left | Associativity::None => tightness + 1,
        })?;
        let clashes = |next: Infix| next.tightness == tightness;
        if associativity == Associativity::None
            && infix(self.kind, self.version).is_some_and(clashes)
        {
            return self.unexpected(&[Expected::Token(TokenKind::Semicolon)]);
        }
        let span = self.span_from(start);
        let node = Binary { span, left, operator, operator_at, right };
        Ok(Expression::Binary(self.arena.alloc(node)))
    }

    fn ternary(&mut self, start: u32, condition: Expression<'a>) -> Result<Expression<'a>> {
        let question = self.take();
        let then = if self.at(TokenKind::Colon) && self.has(Version::V5_3) {
            None
        } else {
            Some(self.expression()?)
        };
        let colon = self.expect(TokenKind::Colon)?;
        let otherwise = self.expression_of(TERNARY + 1)?;
        let span = self.span_from(start);
        let node = Ternary { span, condition, question, then, colon, otherwise };
        Ok(Expression::Ternary(self.arena.alloc(node)))
    }

    /// What stands before, between and behind infix operators.
    fn operand(&mut self) -> Result<Expression<'a>> {
        use TokenKind as K;
        match self.kind {
            K::LNumber => Ok(Expression::Integer(Integer { span: self.take_span() })),
            K::DNumber => Ok(Expression::Float(Float { span: self.take_span() })),
            K::Plus | K::Minus | K::Exclamation | K::Tilde | K::At => self.unary(),
            K::ArrayCast
            | K::BoolCast
            | K::DoubleCast
            | K::IntCast
            | K::ObjectCast
            | K::StringCast
            | K::UnsetCast => self.cast(),
            K::Inc | K::Dec => self.prefix(),
            K::List => self.list_assignment(),
            K::New => self.new_operand(),
            K::Clone => self.clone_expression(),
            K::Isset => self.isset(),
            K::Empty => self.empty(),
            K::Eval => self.eval(),
            K::Include | K::IncludeOnce | K::Require | K::RequireOnce => self.include(),
            K::Exit => self.exit(),
            K::Print => self.print(),
            K::Yield => self.yield_expression(),
            K::YieldFrom => self.yield_from(),
            K::Throw if self.has(Version::V8_0) => self.throw(),
            K::Match => self.match_expression(),
            K::Function | K::Fn => self.function_expression(self.start, &[]),
            K::Static if matches!(self.peek(), K::Function | K::Fn) => {
                self.function_expression(self.start, &[])
            }
            K::Attribute => {
                let start = self.start;
                let attributes = self.attributes()?;
                self.function_expression(start, attributes)
            }
            K::StartHeredoc => self.heredoc(),
            K::Backtick => self.shell_command(),
            _ => self.chained_operand(),
        }
    }

    /// Something that can be called, indexed or assigned to, and whether that
    /// happens.
    fn chained_operand(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        let is_array = self.at(TokenKind::OpenBracket);
        let (base, shape) = self.base()?;
        if is_array && self.at(TokenKind::Equal) && self.has(Version::V7_1) {
            return self.assignment(start, base);
        }
        let (expression, shape) = self.chain(start, base, shape)?;
        if shape.is_variable() { self.after_variable(start, expression) } else { Ok(expression) }
    }

    #[inline]
    fn after_variable(&mut self, start: u32, variable: Expression<'a>) -> Result<Expression<'a>> {
        match self.kind {
            TokenKind::Inc | TokenKind::Dec => {
                let is_increment = self.at(TokenKind::Inc);
                let operator_at = self.take();
                let span = self.span_from(start);
                let node = Postfix { span, operand: variable, is_increment, operator_at };
                Ok(Expression::Postfix(self.arena.alloc(node)))
            }
            kind if assignment(kind).is_some() => self.assignment(start, variable),
            _ => Ok(variable),
        }
    }

    /// `= 1` and its kind, behind what is assigned to.
    pub(crate) fn assignment(
        &mut self,
        start: u32,
        target: Expression<'a>,
    ) -> Result<Expression<'a>> {
        let Some(operator) = assignment(self.kind) else {
            return self.unexpected(&[Expected::Token(TokenKind::Equal)]);
        };
        let is_plain = self.at(TokenKind::Equal);
        let is_variable = !matches!(target, Expression::Array(_) | Expression::List(_));
        let operator_at = self.take();
        let (by_reference, value) = if is_plain && is_variable && is_ampersand(self.kind) {
            (Some(self.take()), self.reference()?)
        } else {
            (None, self.expression_of(ASSIGNMENT)?)
        };
        let span = self.span_from(start);
        let node = Assignment { span, target, operator, operator_at, by_reference, value };
        Ok(Expression::Assignment(self.arena.alloc(node)))
    }

    /// What stands behind `=&`: a variable, or `new` up to PHP 5.6.
    fn reference(&mut self) -> Result<Expression<'a>> {
        if self.at(TokenKind::New) && !self.has(Version::V7_0) {
            return self.new_operand();
        }
        self.variable()
    }

    fn unary(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        let Some((operator, tightness)) = unary(self.kind, self.version) else {
            return self.unexpected(&[Expected::Expression]);
        };
        self.bump();
        let operand = self.expression_of(tightness)?;
        let node = Unary { span: self.span_from(start), operator, operand };
        Ok(Expression::Unary(self.arena.alloc(node)))
    }

    fn cast(&mut self) -> Result<Expression<'a>> {
        match cast(self.kind) {
            Some(kind) => self.cast_to(kind, crate::operator::UNARY),
            None => self.unexpected(&[Expected::Expression]),
        }
    }

    /// A cast, which is the current token, with its operand.
    pub(crate) fn cast_to(
        &mut self,
        kind: CastKind,
        tightness: Tightness,
    ) -> Result<Expression<'a>> {
        let start = self.start;
        let cast = self.take_span();
        let operand = self.expression_of(tightness)?;
        let node = Cast { span: self.span_from(start), kind, cast, operand };
        Ok(Expression::Cast(self.arena.alloc(node)))
    }

    fn prefix(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        let is_increment = self.at(TokenKind::Inc);
        self.bump();
        let operand = self.variable()?;
        let node = Prefix { span: self.span_from(start), is_increment, operand };
        Ok(Expression::Prefix(self.arena.alloc(node)))
    }

    /// `clone $a`; from PHP 8.5 also a call.
    fn clone_expression(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        let name = Name { span: self.take_span() };
        let object = if self.at(TokenKind::OpenParenthesis) && self.has(Version::V8_5) {
            match self.clone_arguments()? {
                CloneArguments::Call(arguments) => {
                    let callee = Expression::Name(name);
                    let node = Call { span: self.span_from(start), callee, arguments };
                    return Ok(Expression::Call(self.arena.alloc(node)));
                }
                CloneArguments::Operand(object) => object,
            }
        } else {
            self.expression_of(CLONE)?
        };
        let node = CloneExpression { span: self.span_from(start), object };
        Ok(Expression::CloneExpression(self.arena.alloc(node)))
    }

    /// What follows `clone` and begins with `(`. A single expression in
    /// parentheses is the operand, or the start of it: `clone ($a)->b`.
    fn clone_arguments(&mut self) -> Result<CloneArguments<'a>> {
        let start = self.start;
        self.bump();
        let is_list = matches!(self.kind, TokenKind::CloseParenthesis | TokenKind::Ellipsis);
        if is_list || self.at_argument_name() {
            return Ok(CloneArguments::Call(self.rest_of_arguments(start)?));
        }
        let inner = self.expression()?;
        if self.at(TokenKind::Comma) {
            return Ok(CloneArguments::Call(self.arguments_behind(start, inner)?));
        }
        self.expect(TokenKind::CloseParenthesis)?;
        let node = Parenthesized { span: self.span_from(start), inner };
        let base = Expression::Parenthesized(self.arena.alloc(node));
        let (expression, shape) = self.chain(start, base, Shape::Dereferenceable)?;
        let operand =
            if shape.is_variable() { self.after_variable(start, expression)? } else { expression };
        Ok(CloneArguments::Operand(self.infix(start, operand, CLONE)?))
    }

    fn isset(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        self.bump();
        self.expect(TokenKind::OpenParenthesis)?;
        let length = self.scratch.expressions.len();
        loop {
            // PHP 5.5 and 5.6 take any expression, to say that it is wrong.
            let value = if self.has(Version::V5_5) { self.expression()? } else { self.variable()? };
            self.scratch.expressions.push(value);
            if !self.eat(TokenKind::Comma) {
                break;
            }
            if self.at(TokenKind::CloseParenthesis) && self.has(Version::V7_3) {
                break;
            }
        }
        self.expect(TokenKind::CloseParenthesis)?;
        let values = finish(self.arena, &mut self.scratch.expressions, length);
        let node = Isset { span: self.span_from(start), values };
        Ok(Expression::Isset(self.arena.alloc(node)))
    }

    fn empty(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        self.bump();
        self.expect(TokenKind::OpenParenthesis)?;
        let value = if self.has(Version::V5_5) { self.expression()? } else { self.variable()? };
        self.expect(TokenKind::CloseParenthesis)?;
        let node = IsEmpty { span: self.span_from(start), value };
        Ok(Expression::IsEmpty(self.arena.alloc(node)))
    }

    fn eval(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        self.bump();
        self.expect(TokenKind::OpenParenthesis)?;
        let code = self.expression()?;
        self.expect(TokenKind::CloseParenthesis)?;
        let node = Eval { span: self.span_from(start), code };
        Ok(Expression::Eval(self.arena.alloc(node)))
    }

    fn include(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        let kind = self.kind;
        self.bump();
        let path = self.expression()?;
        let node = Include { span: self.span_from(start), kind, path };
        Ok(Expression::Include(self.arena.alloc(node)))
    }

    /// `exit`; from PHP 8.4 with the arguments of any function.
    fn exit(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        self.bump();
        let arguments = match self.kind {
            TokenKind::OpenParenthesis if self.has(Version::V8_4) => Some(self.arguments()?),
            TokenKind::OpenParenthesis => Some(self.exit_status()?),
            _ => None,
        };
        let node = Exit { span: self.span_from(start), arguments };
        Ok(Expression::Exit(self.arena.alloc(node)))
    }

    fn print(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        self.bump();
        let value = self.expression_of(ASSIGNMENT)?;
        let node = Print { span: self.span_from(start), value };
        Ok(Expression::Print(self.arena.alloc(node)))
    }

    fn throw(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        self.bump();
        let exception = self.expression()?;
        let node = Throw { span: self.span_from(start), exception };
        Ok(Expression::Throw(self.arena.alloc(node)))
    }

    /// `yield`, which has an operand if one can begin there. Up to PHP 5.6 an
    /// operand needs parentheses or a statement around it, where
    /// [`Parser::yield_with_operand`] is called.
    fn yield_expression(&mut self) -> Result<Expression<'a>> {
        if self.has(Version::V7_0) {
            return self.yield_with_operand();
        }
        let node = Yield { span: self.take_span(), key: None, value: None };
        Ok(Expression::Yield(self.arena.alloc(node)))
    }

    pub(crate) fn yield_with_operand(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        self.bump();
        let (mut key, mut value) = (None, None);
        if self.at_expression() {
            // It is no operand of anything before PHP 7.0, so it takes all.
            let least = if self.has(Version::V7_0) { ASSIGNMENT } else { LOOSEST };
            value = Some(self.expression_of(least)?);
            if self.eat(TokenKind::DoubleArrow) {
                key = value;
                value = Some(self.expression_of(least)?);
            }
        }
        let node = Yield { span: self.span_from(start), key, value };
        Ok(Expression::Yield(self.arena.alloc(node)))
    }

    fn yield_from(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        self.bump();
        let source = self.expression_of(ASSIGNMENT)?;
        let node = YieldFrom { span: self.span_from(start), source };
        Ok(Expression::YieldFrom(self.arena.alloc(node)))
    }

    /// Whether an expression can begin with the current token.
    pub(crate) fn at_expression(&self) -> bool {
        use TokenKind as K;
        match self.kind {
            K::Variable
            | K::Dollar
            | K::LNumber
            | K::DNumber
            | K::ConstantEncapsedString
            | K::DoubleQuote
            | K::Backtick
            | K::StartHeredoc
            | K::OpenBracket
            | K::OpenParenthesis
            | K::Array
            | K::List
            | K::Static
            | K::Plus
            | K::Minus
            | K::Exclamation
            | K::Tilde
            | K::At
            | K::Inc
            | K::Dec
            | K::Isset
            | K::Empty
            | K::Eval
            | K::Exit
            | K::New
            | K::Clone
            | K::Print
            | K::Include
            | K::IncludeOnce
            | K::Require
            | K::RequireOnce
            | K::Yield
            | K::YieldFrom
            | K::Function
            | K::Fn
            | K::Match
            | K::Attribute => true,
            K::Throw => self.has(Version::V8_0),
            K::Readonly => self.has(Version::V8_2),
            kind => cast(kind).is_some() || kind.is_magic_constant() || self.at_name(),
        }
    }

    /// `match (…) { … }`
    fn match_expression(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        self.bump();
        self.expect(TokenKind::OpenParenthesis)?;
        let subject = self.expression()?;
        self.expect(TokenKind::CloseParenthesis)?;
        self.expect(TokenKind::OpenBrace)?;
        let mut arms = bumpalo::collections::Vec::new_in(self.arena);
        while !self.at(TokenKind::CloseBrace) {
            arms.push(self.match_arm()?);
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.expect(TokenKind::CloseBrace)?;
        let arms = arms.into_bump_slice();
        let node = Match { span: self.span_from(start), subject, arms };
        Ok(Expression::Match(self.arena.alloc(node)))
    }

    fn match_arm(&mut self) -> Result<MatchArm<'a>> {
        let start = self.start;
        let length = self.scratch.expressions.len();
        if self.eat(TokenKind::Default) {
            self.eat(TokenKind::Comma);
        } else {
            loop {
                let condition = self.expression()?;
                self.scratch.expressions.push(condition);
                if !self.eat(TokenKind::Comma) || self.at(TokenKind::DoubleArrow) {
                    break;
                }
            }
        }
        let conditions = finish(self.arena, &mut self.scratch.expressions, length);
        let arrow = self.expect(TokenKind::DoubleArrow)?;
        let value = self.expression()?;
        Ok(MatchArm { span: self.span_from(start), conditions, arrow, value })
    }

    /// A closure or arrow function behind its attributes.
    pub(crate) fn function_expression(
        &mut self,
        start: u32,
        attributes: &'a [AttributeGroup<'a>],
    ) -> Result<Expression<'a>> {
        let static_at =
            if self.has(Version::V5_4) { self.take_if(TokenKind::Static) } else { None };
        match self.kind {
            TokenKind::Function if self.has(Version::V5_3) => {
                self.closure(start, attributes, static_at)
            }
            TokenKind::Fn => self.arrow_function(start, attributes, static_at),
            _ if attributes.is_empty() => self.unexpected(&[Expected::Expression]),
            _ => self.unexpected(&[Expected::Declaration]),
        }
    }

    fn closure(
        &mut self,
        start: u32,
        attributes: &'a [AttributeGroup<'a>],
        static_at: Option<Position>,
    ) -> Result<Expression<'a>> {
        self.bump();
        let by_reference = self.ampersand();
        let doc = self.take_doc();
        let parameters = self.parameters()?;
        let uses = if self.at(TokenKind::Use) { Some(self.closure_uses()?) } else { None };
        let return_type = self.return_type()?;
        let body = self.block()?;
        let span = self.span_from(start);
        Ok(Expression::Closure(self.arena.alloc(Closure {
            span,
            doc,
            attributes,
            static_at,
            by_reference,
            parameters,
            uses,
            return_type,
            body,
        })))
    }

    fn closure_uses(&mut self) -> Result<&'a ClosureUses<'a>> {
        let start = self.start;
        self.bump();
        self.expect(TokenKind::OpenParenthesis)?;
        let mut list = bumpalo::collections::Vec::new_in(self.arena);
        loop {
            let start = self.start;
            let by_reference = self.ampersand();
            let variable = self.plain_variable()?.span;
            list.push(ClosureUse { span: self.span_from(start), by_reference, variable });
            if !self.eat(TokenKind::Comma)
                || self.at(TokenKind::CloseParenthesis) && self.has(Version::V8_0)
            {
                break;
            }
        }
        self.expect(TokenKind::CloseParenthesis)?;
        let list = list.into_bump_slice();
        Ok(self.arena.alloc(ClosureUses { span: self.span_from(start), list }))
    }

    fn arrow_function(
        &mut self,
        start: u32,
        attributes: &'a [AttributeGroup<'a>],
        static_at: Option<Position>,
    ) -> Result<Expression<'a>> {
        self.bump();
        let by_reference = self.ampersand();
        let doc = self.take_doc();
        let parameters = self.parameters()?;
        let return_type = self.return_type()?;
        let arrow = self.expect(TokenKind::DoubleArrow)?;
        let value = self.expression()?;
        let span = self.span_from(start);
        Ok(Expression::ArrowFunction(self.arena.alloc(ArrowFunction {
            span,
            doc,
            attributes,
            static_at,
            by_reference,
            parameters,
            return_type,
            arrow,
            value,
        })))
    }

    /// The `&` before a name or a list of parameters.
    #[inline]
    pub(crate) fn ampersand(&mut self) -> Option<Position> {
        if is_ampersand(self.kind) { Some(self.take()) } else { None }
    }

    /// `new` where it is no start of a chain.
    fn new_operand(&mut self) -> Result<Expression<'a>> {
        if self.has(Version::V8_4) || !self.has(Version::V7_0) {
            return self.chained_operand();
        }
        Ok(Expression::New(self.new_expression()?))
    }

    /// `new A(1)`, `new class { … }`
    pub(crate) fn new_expression(&mut self) -> Result<&'a New<'a>> {
        let start = self.start;
        self.bump();
        if self.at_anonymous_class() {
            let class = Expression::Class(self.anonymous_class()?);
            return Ok(self.arena.alloc(New {
                span: self.span_from(start),
                class,
                arguments: None,
            }));
        }
        let class = self.class_reference()?;
        let arguments =
            if self.at(TokenKind::OpenParenthesis) { Some(self.arguments()?) } else { None };
        Ok(self.arena.alloc(New { span: self.span_from(start), class, arguments }))
    }

    fn at_anonymous_class(&self) -> bool {
        match self.kind {
            TokenKind::Class => self.has(Version::V7_0),
            TokenKind::Attribute => true,
            TokenKind::Readonly | TokenKind::Abstract | TokenKind::Final => self.has(Version::V8_3),
            _ => false,
        }
    }

    /// The expression behind `if` and its kind, between its parentheses.
    pub(crate) fn in_parentheses(&mut self) -> Result<Expression<'a>> {
        self.expect(TokenKind::OpenParenthesis)?;
        let inner = if self.at(TokenKind::Yield) && !self.has(Version::V7_0) {
            self.yield_with_operand()?
        } else {
            self.expression()?
        };
        self.expect(TokenKind::CloseParenthesis)?;
        Ok(inner)
    }

    /// `(…)`
    pub(crate) fn parenthesized(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        let inner = self.in_parentheses()?;
        let node = Parenthesized { span: self.span_from(start), inner };
        Ok(Expression::Parenthesized(self.arena.alloc(node)))
    }

    pub(crate) fn string_literal(&mut self) -> Expression<'a> {
        Expression::StringLiteral(StringLiteral { span: self.take_span() })
    }

    pub(crate) fn magic_constant(&mut self) -> Expression<'a> {
        let kind = self.kind;
        Expression::MagicConstant(MagicConstant { span: self.take_span(), kind })
    }

    pub(crate) fn constant(name: Name) -> Expression<'a> {
        Expression::Constant(Constant { span: name.span })
    }
}

/// What `clone (` turns out to be.
enum CloneArguments<'a> {
    Call(&'a Arguments<'a>),
    Operand(Expression<'a>),
}
