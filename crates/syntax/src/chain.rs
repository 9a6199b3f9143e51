//! What can be called, indexed, asked for a member and assigned to, and chains
//! of that: `A::b()[1]->c`.
//!
//! PHP's grammar says for each start what may follow it; [`Shape`] is that in
//! one word. Up to PHP 5.6 the rules were others, see [`crate::legacy`].

use tilde_lexer::{TokenKind, Version};

use crate::ast::{
    Argument, Arguments, BracedName, Call, ClassConstant, Expression, Identifier, Index,
    MemberName, MethodCall, Name, NamedArgument, Placeholder, Property, ReferenceArgument,
    SpreadArgument, StaticCall, StaticProperty, Variable, VariableVariable,
};
use crate::error::Expected;
use crate::operator::is_ampersand;
use crate::parser::{Parser, Result, finish};

/// What may follow an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Everything, assignments too: PHP's `variable`.
    Variable,
    /// Everything but an assignment: `(…)`, arrays, strings.
    Dereferenceable,
    /// `A::B`: before PHP 8.0 only an index, since then no call.
    ClassConstant,
    /// `A`: before PHP 8.0 only an index, since then members of an object too.
    Constant,
    /// Nothing.
    Closed,
}

impl Shape {
    pub(crate) fn is_variable(self) -> bool {
        self == Self::Variable
    }

    fn is_open(self) -> bool {
        matches!(self, Self::Variable | Self::Dereferenceable)
    }
}

impl<'a> Parser<'a, '_> {
    /// What is assigned to, counted up or unset.
    pub(crate) fn variable(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        if !self.has(Version::V7_0) && !self.at_legacy_variable() {
            return self.unexpected(&[Expected::Variable]);
        }
        let (base, shape) = self.base()?;
        self.rest_of_variable(start, base, shape)
    }

    /// The same behind its start.
    pub(crate) fn rest_of_variable(
        &mut self,
        start: u32,
        base: Expression<'a>,
        shape: Shape,
    ) -> Result<Expression<'a>> {
        let (expression, shape) = self.chain(start, base, shape)?;
        if shape.is_variable() {
            return Ok(expression);
        }
        self.unexpected(&[Expected::Target])
    }

    /// The start of a chain.
    pub(crate) fn base(&mut self) -> Result<(Expression<'a>, Shape)> {
        use TokenKind as K;
        if !self.has(Version::V7_0) {
            return self.legacy_base();
        }
        let magic = if self.has(Version::V8_0) { Shape::Constant } else { Shape::Closed };
        let string = if self.has(Version::V8_0) { Shape::Dereferenceable } else { Shape::Closed };
        Ok(match self.kind {
            K::Variable => {
                (Expression::Variable(Variable { span: self.take_span() }), Shape::Variable)
            }
            K::String
            | K::NameQualified
            | K::NameFullyQualified
            | K::NameRelative
            | K::NsSeparator
            | K::Namespace
            | K::Static => return self.name_base(),
            K::ConstantEncapsedString => (self.string_literal(), Shape::Dereferenceable),
            K::DoubleQuote => (self.interpolated()?, string),
            K::OpenBracket | K::Array => (self.array()?, Shape::Dereferenceable),
            K::OpenParenthesis => (self.parenthesized()?, Shape::Dereferenceable),
            K::Dollar => (self.simple_variable()?, Shape::Variable),
            K::New if self.has(Version::V8_4) => {
                let new = self.new_expression()?;
                let is_closed =
                    new.arguments.is_none() && !matches!(new.class, Expression::Class(_));
                let shape = if is_closed { Shape::Closed } else { Shape::Dereferenceable };
                (Expression::New(new), shape)
            }
            K::Readonly if self.has(Version::V8_2) => {
                let start = self.start;
                let name = Name { span: self.take_span() };
                if !self.at(K::OpenParenthesis) {
                    return self.unexpected(&[Expected::Token(K::OpenParenthesis)]);
                }
                (self.call(start, Expression::Name(name))?, Shape::Variable)
            }
            kind if kind.is_magic_constant() => (self.magic_constant(), magic),
            _ => return self.unexpected(&[Expected::Expression]),
        })
    }

    /// A name: of a function before `(`, of a class before `::`, else of a
    /// constant.
    fn name_base(&mut self) -> Result<(Expression<'a>, Shape)> {
        let start = self.start;
        let is_static = self.at(TokenKind::Static);
        if !is_static && !self.at_name() {
            return self.unexpected(&[Expected::Expression]);
        }
        let name = self.class_name()?;
        match self.kind {
            TokenKind::DoubleColon => self.member_of_class(start, Expression::Name(name)),
            _ if is_static => self.unexpected(&[Expected::Token(TokenKind::DoubleColon)]),
            TokenKind::OpenParenthesis => {
                Ok((self.call(start, Expression::Name(name))?, Shape::Variable))
            }
            _ => Ok((Self::constant(name), Shape::Constant)),
        }
    }

    /// Indexes, members and calls as far as the shape of what they follow
    /// allows.
    pub(crate) fn chain(
        &mut self,
        start: u32,
        mut base: Expression<'a>,
        mut shape: Shape,
    ) -> Result<(Expression<'a>, Shape)> {
        use TokenKind as K;
        if !self.has(Version::V7_0) {
            return Ok((base, shape));
        }
        let mut links = 0;
        while shape != Shape::Closed {
            self.link(&mut links)?;
            match self.kind {
                K::OpenBracket => base = self.index(start, base)?,
                K::ObjectOperator | K::NullsafeObjectOperator
                    if shape.is_open() || self.has(Version::V8_0) =>
                {
                    base = self.member_of_object(start, base)?;
                }
                K::DoubleColon
                    if shape.is_open()
                        || shape == Shape::ClassConstant && self.has(Version::V8_0) =>
                {
                    (base, shape) = self.member_of_class(start, base)?;
                    continue;
                }
                K::OpenParenthesis if shape.is_open() => base = self.call(start, base)?,
                // PHP 8.0 to 8.3 read it only to say that it is gone.
                K::OpenBrace
                    if !self.has(Version::V8_4) && (shape.is_open() || self.has(Version::V8_0)) =>
                {
                    base = self.curly_index(start, base)?;
                }
                _ => break,
            }
            shape = Shape::Variable;
        }
        Ok((base, shape))
    }

    /// `[1]` behind something.
    pub(crate) fn index(&mut self, start: u32, base: Expression<'a>) -> Result<Expression<'a>> {
        let open = self.take();
        let index = if self.at(TokenKind::CloseBracket) { None } else { Some(self.expression()?) };
        self.expect(TokenKind::CloseBracket)?;
        let node = Index { span: self.span_from(start), base, open, is_curly: false, index };
        Ok(Expression::Index(self.arena.alloc(node)))
    }

    /// `{1}` behind something.
    pub(crate) fn curly_index(
        &mut self,
        start: u32,
        base: Expression<'a>,
    ) -> Result<Expression<'a>> {
        let open = self.take();
        let index = Some(self.expression()?);
        self.expect(TokenKind::CloseBrace)?;
        let node = Index { span: self.span_from(start), base, open, is_curly: true, index };
        Ok(Expression::Index(self.arena.alloc(node)))
    }

    /// `(1)` behind something.
    pub(crate) fn call(&mut self, start: u32, callee: Expression<'a>) -> Result<Expression<'a>> {
        let arguments = self.arguments()?;
        let node = Call { span: self.span_from(start), callee, arguments };
        Ok(Expression::Call(self.arena.alloc(node)))
    }

    /// `->a` or `->a()` behind something.
    fn member_of_object(&mut self, start: u32, object: Expression<'a>) -> Result<Expression<'a>> {
        let is_nullsafe = self.at(TokenKind::NullsafeObjectOperator);
        let arrow = self.take();
        let name = self.property_name()?;
        if self.at(TokenKind::OpenParenthesis) {
            let arguments = self.arguments()?;
            let span = self.span_from(start);
            let node = MethodCall { span, object, arrow, is_nullsafe, name, arguments };
            return Ok(Expression::MethodCall(self.arena.alloc(node)));
        }
        let node = Property { span: self.span_from(start), object, arrow, is_nullsafe, name };
        Ok(Expression::Property(self.arena.alloc(node)))
    }

    pub(crate) fn property_name(&mut self) -> Result<MemberName<'a>> {
        match self.kind {
            TokenKind::String => Ok(MemberName::Identifier(Identifier { span: self.take_span() })),
            TokenKind::OpenBrace => self.braced_name(),
            TokenKind::Variable | TokenKind::Dollar => self.variable_name(),
            _ => self.unexpected(&[Expected::Identifier, Expected::Variable]),
        }
    }

    pub(crate) fn braced_name(&mut self) -> Result<MemberName<'a>> {
        let start = self.start;
        self.bump();
        let expression = self.expression()?;
        self.expect(TokenKind::CloseBrace)?;
        let node = BracedName { span: self.span_from(start), expression };
        Ok(MemberName::BracedName(self.arena.alloc(node)))
    }

    fn variable_name(&mut self) -> Result<MemberName<'a>> {
        Ok(match self.simple_variable()? {
            Expression::Variable(variable) => MemberName::Variable(variable),
            Expression::VariableVariable(variable) => MemberName::VariableVariable(variable),
            _ => return self.unexpected(&[Expected::Variable]),
        })
    }

    /// `::a`, `::$a`, `::a()` behind something.
    fn member_of_class(
        &mut self,
        start: u32,
        class: Expression<'a>,
    ) -> Result<(Expression<'a>, Shape)> {
        let colons = self.take();
        let name = match self.kind {
            TokenKind::Variable | TokenKind::Dollar => {
                let variable = self.simple_variable()?;
                if !self.at(TokenKind::OpenParenthesis) {
                    let span = self.span_from(start);
                    let node = StaticProperty { span, class, colons, variable };
                    let property = Expression::StaticProperty(self.arena.alloc(node));
                    return Ok((property, Shape::Variable));
                }
                match variable {
                    Expression::Variable(variable) => MemberName::Variable(variable),
                    Expression::VariableVariable(variable) => {
                        MemberName::VariableVariable(variable)
                    }
                    _ => return self.unexpected(&[Expected::Variable]),
                }
            }
            TokenKind::OpenBrace => {
                let name = self.braced_name()?;
                if !self.at(TokenKind::OpenParenthesis) && !self.has(Version::V8_3) {
                    return self.unexpected(&[Expected::Token(TokenKind::OpenParenthesis)]);
                }
                name
            }
            _ if self.at_identifier() => {
                MemberName::Identifier(Identifier { span: self.take_span() })
            }
            _ => return self.unexpected(&[Expected::Identifier, Expected::Variable]),
        };
        if self.at(TokenKind::OpenParenthesis) {
            let arguments = self.arguments()?;
            let node = StaticCall { span: self.span_from(start), class, colons, name, arguments };
            return Ok((Expression::StaticCall(self.arena.alloc(node)), Shape::Variable));
        }
        let node = ClassConstant { span: self.span_from(start), class, colons, name };
        Ok((Expression::ClassConstant(self.arena.alloc(node)), Shape::ClassConstant))
    }

    /// `$a`, `$$a`, `${…}`
    pub(crate) fn simple_variable(&mut self) -> Result<Expression<'a>> {
        let length = self.scratch.dollars.len();
        let mut links = 0;
        while self.at(TokenKind::Dollar) {
            self.link(&mut links)?;
            self.scratch.dollars.push(self.start);
            self.bump();
            if self.at(TokenKind::OpenBrace) {
                break;
            }
        }
        let mut name = self.innermost_variable(self.scratch.dollars.len() > length)?;
        while self.scratch.dollars.len() > length {
            let start = self.scratch.dollars.pop().unwrap_or_default();
            let node = VariableVariable { span: self.span_from(start), name };
            name = Expression::VariableVariable(self.arena.alloc(node));
        }
        Ok(name)
    }

    fn innermost_variable(&mut self, has_dollar: bool) -> Result<Expression<'a>> {
        match self.kind {
            TokenKind::Variable => Ok(Expression::Variable(Variable { span: self.take_span() })),
            TokenKind::OpenBrace if has_dollar => {
                self.bump();
                let name = self.expression()?;
                self.expect(TokenKind::CloseBrace)?;
                Ok(name)
            }
            _ => self.unexpected(&[Expected::Variable]),
        }
    }

    /// `$a` and nothing else.
    #[inline]
    pub(crate) fn plain_variable(&mut self) -> Result<Variable> {
        if self.at(TokenKind::Variable) {
            return Ok(Variable { span: self.take_span() });
        }
        self.unexpected(&[Expected::Variable])
    }

    /// The class behind `new` and `instanceof`.
    pub(crate) fn class_reference(&mut self) -> Result<Expression<'a>> {
        if !self.has(Version::V7_0) {
            return self.legacy_class_reference();
        }
        let start = self.start;
        let mut class = match self.kind {
            TokenKind::Variable | TokenKind::Dollar => self.simple_variable()?,
            TokenKind::OpenParenthesis if self.has(Version::V8_0) => {
                return self.parenthesized();
            }
            TokenKind::Static => Expression::Name(self.class_name()?),
            _ if self.at_name() => Expression::Name(self.class_name()?),
            _ => return self.unexpected(&[Expected::Name, Expected::Variable]),
        };
        if matches!(class, Expression::Name(_)) {
            if !self.at(TokenKind::DoubleColon) {
                return Ok(class);
            }
            class = self.static_property(start, class)?;
        }
        let mut links = 0;
        loop {
            self.link(&mut links)?;
            class = match self.kind {
                TokenKind::OpenBracket => self.index(start, class)?,
                TokenKind::OpenBrace if !self.has(Version::V8_4) => {
                    self.curly_index(start, class)?
                }
                TokenKind::DoubleColon => self.static_property(start, class)?,
                TokenKind::ObjectOperator | TokenKind::NullsafeObjectOperator => {
                    let is_nullsafe = self.at(TokenKind::NullsafeObjectOperator);
                    let (object, arrow) = (class, self.take());
                    let name = self.property_name()?;
                    let span = self.span_from(start);
                    let node = Property { span, object, arrow, is_nullsafe, name };
                    Expression::Property(self.arena.alloc(node))
                }
                _ => return Ok(class),
            };
        }
    }

    /// `::$a` behind a class.
    fn static_property(&mut self, start: u32, class: Expression<'a>) -> Result<Expression<'a>> {
        let colons = self.take();
        let variable = self.simple_variable()?;
        let node = StaticProperty { span: self.span_from(start), class, colons, variable };
        Ok(Expression::StaticProperty(self.arena.alloc(node)))
    }

    // Arguments.

    /// `(1, 2)`
    pub(crate) fn arguments(&mut self) -> Result<&'a Arguments<'a>> {
        let start = self.start;
        self.expect(TokenKind::OpenParenthesis)?;
        self.rest_of_arguments(start)
    }

    /// The same behind its parenthesis.
    pub(crate) fn rest_of_arguments(&mut self, start: u32) -> Result<&'a Arguments<'a>> {
        let length = self.scratch.arguments.len();
        if self.at(TokenKind::CloseParenthesis) {
            self.bump();
            return Ok(self.arena.alloc(Arguments { span: self.span_from(start), list: &[] }));
        }
        if self.at(TokenKind::Yield) && !self.has(Version::V7_0) {
            // A `yield` with an operand is the only argument then.
            let value = self.yield_with_operand()?;
            self.scratch.arguments.push(Argument::Expression(value));
        } else if self.at(TokenKind::Ellipsis)
            && self.peek() == TokenKind::CloseParenthesis
            && self.has(Version::V8_1)
        {
            let placeholder = Placeholder { span: self.take_span() };
            self.scratch.arguments.push(Argument::Placeholder(placeholder));
        } else {
            self.argument_list()?;
        }
        self.end_arguments(start, length)
    }

    /// The same behind its first argument.
    pub(crate) fn arguments_behind(
        &mut self,
        start: u32,
        first: Expression<'a>,
    ) -> Result<&'a Arguments<'a>> {
        let length = self.scratch.arguments.len();
        self.scratch.arguments.push(Argument::Expression(first));
        self.bump();
        if !self.at(TokenKind::CloseParenthesis) {
            self.argument_list()?;
        }
        self.end_arguments(start, length)
    }

    fn end_arguments(&mut self, start: u32, length: usize) -> Result<&'a Arguments<'a>> {
        self.expect(TokenKind::CloseParenthesis)?;
        let list = finish(self.arena, &mut self.scratch.arguments, length);
        Ok(self.arena.alloc(Arguments { span: self.span_from(start), list }))
    }

    fn argument_list(&mut self) -> Result<()> {
        loop {
            let argument = self.argument()?;
            self.scratch.arguments.push(argument);
            if !self.eat(TokenKind::Comma)
                || self.at(TokenKind::CloseParenthesis) && self.has(Version::V7_3)
            {
                return Ok(());
            }
        }
    }

    fn argument(&mut self) -> Result<Argument<'a>> {
        let start = self.start;
        if self.at(TokenKind::Ellipsis) {
            self.bump();
            let value = self.expression()?;
            let node = SpreadArgument { span: self.span_from(start), value };
            return Ok(Argument::SpreadArgument(self.arena.alloc(node)));
        }
        if self.at_argument_name() {
            let name = self.identifier()?;
            self.expect(TokenKind::Colon)?;
            let value = self.expression()?;
            let node = NamedArgument { span: self.span_from(start), name, value };
            return Ok(Argument::NamedArgument(self.arena.alloc(node)));
        }
        if is_ampersand(self.kind) && !self.has(Version::V7_0) {
            self.bump();
            let value = self.variable()?;
            let node = ReferenceArgument { span: self.span_from(start), value };
            return Ok(Argument::ReferenceArgument(self.arena.alloc(node)));
        }
        Ok(Argument::Expression(self.expression()?))
    }

    /// Whether `name:` comes. A keyword with which no expression begins cannot be
    /// anything else.
    #[inline]
    pub(crate) fn at_argument_name(&self) -> bool {
        self.at_identifier()
            && self.has(Version::V8_0)
            && (self.peek() == TokenKind::Colon || !self.at_expression())
    }

    /// What `exit` gets before PHP 8.4: one expression or none.
    pub(crate) fn exit_status(&mut self) -> Result<&'a Arguments<'a>> {
        let start = self.start;
        self.bump();
        let length = self.scratch.arguments.len();
        if !self.at(TokenKind::CloseParenthesis) {
            let is_yield = self.at(TokenKind::Yield) && !self.has(Version::V7_0);
            let value = if is_yield { self.yield_with_operand()? } else { self.expression()? };
            self.scratch.arguments.push(Argument::Expression(value));
        }
        self.end_arguments(start, length)
    }
}
