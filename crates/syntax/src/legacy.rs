//! What was different up to PHP 5.6: variables and their chains, and the
//! constant expressions that were allowed as defaults.
//!
//! PHP 7.0 reads `$$a[0]` from left to right, as `($$a)[0]`; before, it was
//! `${$a[0]}`. And each thing had its own list of what may follow it.

use tilde_lexer::{TokenKind, Version};

use crate::ast::{
    Array, ClassConstant, Element, Expression, Float, Identifier, Index, Integer, KeyedElement,
    MemberName, MethodCall, Name, Parenthesized, Property, StaticCall, StaticProperty, Ternary,
    Unary, VariableVariable,
};
use crate::chain::Shape;
use crate::error::Expected;
use crate::operator::{Associativity, LOOSEST, TERNARY, Tightness, infix, unary};
use crate::parser::{Parser, Result, finish};
use crate::span::Span;

impl<'a> Parser<'a, '_> {
    /// Whether a variable or a call can begin here.
    pub(crate) fn at_legacy_variable(&self) -> bool {
        match self.kind {
            TokenKind::Variable | TokenKind::Dollar => true,
            TokenKind::Static => self.has(Version::V5_3),
            _ => self.at_name(),
        }
    }

    /// The start of an expression with all that follows it.
    pub(crate) fn legacy_base(&mut self) -> Result<(Expression<'a>, Shape)> {
        use TokenKind as K;
        let start = self.start;
        let closed = Shape::Closed;
        Ok(match self.kind {
            K::Variable | K::Dollar => {
                let variable = self.variable_without_objects()?;
                return self.legacy_variable(start, variable);
            }
            K::Static if self.has(Version::V5_3) => return self.legacy_name(),
            _ if self.at_name() => return self.legacy_name(),
            K::ConstantEncapsedString => {
                let string = self.string_literal();
                let has_offset = self.has(Version::V5_5);
                (if has_offset { self.offsets(start, string)? } else { string }, closed)
            }
            K::Array => {
                let array = self.array()?;
                let has_offset = self.has(Version::V5_5);
                (if has_offset { self.offsets(start, array)? } else { array }, closed)
            }
            K::OpenBracket if self.has(Version::V5_4) => {
                let array = self.array()?;
                let has_offset = self.has(Version::V5_5);
                (if has_offset { self.offsets(start, array)? } else { array }, closed)
            }
            K::DoubleQuote => (self.interpolated()?, closed),
            K::StringVarname => {
                let span = self.take_span();
                (Expression::VariableName(crate::ast::VariableName { span }), closed)
            }
            K::New => (Expression::New(self.new_expression()?), closed),
            K::OpenParenthesis => {
                let parenthesized = self.parenthesized()?;
                let is_new = matches!(
                    parenthesized,
                    Expression::Parenthesized(Parenthesized { inner: Expression::New(_), .. })
                );
                if is_new && self.has(Version::V5_4) {
                    let object = self.offsets(start, parenthesized)?;
                    return Ok((self.properties_behind(start, object)?, closed));
                }
                (parenthesized, closed)
            }
            kind if kind.is_magic_constant() => (self.magic_constant(), closed),
            _ => return self.unexpected(&[Expected::Expression]),
        })
    }

    fn legacy_name(&mut self) -> Result<(Expression<'a>, Shape)> {
        let start = self.start;
        let is_static = self.at(TokenKind::Static);
        let name = self.class_name()?;
        match self.kind {
            TokenKind::DoubleColon => self.legacy_member(start, Expression::Name(name)),
            _ if is_static => self.unexpected(&[Expected::Token(TokenKind::DoubleColon)]),
            TokenKind::OpenParenthesis => {
                let call = self.call(start, Expression::Name(name))?;
                self.behind_call(start, call)
            }
            _ => {
                let constant = Self::constant(name);
                let has_offset = self.has(Version::V5_6);
                let expression = if has_offset { self.offsets(start, constant)? } else { constant };
                Ok((expression, Shape::Closed))
            }
        }
    }

    /// What may follow a variable: a call, a member of the class that it names,
    /// members of the object.
    fn legacy_variable(
        &mut self,
        start: u32,
        variable: Expression<'a>,
    ) -> Result<(Expression<'a>, Shape)> {
        let is_indirect = matches!(variable, Expression::VariableVariable(node)
            if !matches!(self.source.get(node.span.start as usize + 1), Some(b'{')));
        match self.kind {
            TokenKind::OpenParenthesis => {
                let call = self.call(start, variable)?;
                self.behind_call(start, call)
            }
            TokenKind::DoubleColon if self.has(Version::V5_3) && !is_indirect => {
                self.legacy_member(start, variable)
            }
            _ => Ok((self.properties_behind(start, variable)?, Shape::Variable)),
        }
    }

    /// What may follow the call of a function: indexes, then members of the
    /// object.
    fn behind_call(&mut self, start: u32, call: Expression<'a>) -> Result<(Expression<'a>, Shape)> {
        let base = if self.has(Version::V5_4) { self.offsets(start, call)? } else { call };
        Ok((self.properties_behind(start, base)?, Shape::Variable))
    }

    /// `[1][2]` behind something.
    fn offsets(&mut self, start: u32, mut base: Expression<'a>) -> Result<Expression<'a>> {
        let mut links = 0;
        while self.at(TokenKind::OpenBracket) {
            self.link(&mut links)?;
            base = self.index(start, base)?;
        }
        Ok(base)
    }

    /// `->a->b()` behind something.
    fn properties_behind(
        &mut self,
        start: u32,
        mut object: Expression<'a>,
    ) -> Result<Expression<'a>> {
        let mut links = 0;
        while self.at(TokenKind::ObjectOperator) {
            self.link(&mut links)?;
            object = self.legacy_property(start, object)?;
            if self.at(TokenKind::OpenParenthesis) {
                object = self.legacy_method_call(start, object)?;
                if self.has(Version::V5_4) {
                    object = self.offsets(start, object)?;
                }
            }
        }
        Ok(object)
    }

    /// `->a`, `->a[0]`, `->{'a'}`, `->$a[0]`. In the last one the index belongs
    /// to the variable.
    fn legacy_property(&mut self, start: u32, object: Expression<'a>) -> Result<Expression<'a>> {
        let arrow = self.take();
        let is_variable = matches!(self.kind, TokenKind::Variable | TokenKind::Dollar);
        let name = match self.kind {
            TokenKind::String => MemberName::Identifier(Identifier { span: self.take_span() }),
            TokenKind::OpenBrace => self.braced_name()?,
            _ if is_variable => {
                let variable = self.variable_without_objects()?;
                self.member_from(variable)?
            }
            _ => return self.unexpected(&[Expected::Identifier, Expected::Variable]),
        };
        let is_nullsafe = false;
        let node = Property { span: self.span_from(start), object, arrow, is_nullsafe, name };
        let property = Expression::Property(self.arena.alloc(node));
        if is_variable { Ok(property) } else { self.dimensions(start, property) }
    }

    fn member_from(&mut self, variable: Expression<'a>) -> Result<MemberName<'a>> {
        Ok(match variable {
            Expression::Variable(variable) => MemberName::Variable(variable),
            Expression::VariableVariable(variable) => MemberName::VariableVariable(variable),
            Expression::Index(index) => MemberName::Index(index),
            _ => return self.unexpected(&[Expected::Variable]),
        })
    }

    /// `(1)` behind a property makes it a method; behind one of its elements it
    /// calls that.
    fn legacy_method_call(&mut self, start: u32, callee: Expression<'a>) -> Result<Expression<'a>> {
        let Expression::Property(property) = callee else {
            return self.call(start, callee);
        };
        let Property { object, arrow, is_nullsafe, name, .. } = *property;
        let arguments = self.arguments()?;
        let span = self.span_from(start);
        let node = MethodCall { span, object, arrow, is_nullsafe, name, arguments };
        Ok(Expression::MethodCall(self.arena.alloc(node)))
    }

    /// `::$a[0]`, `::A`, `::a()`, `::class`
    fn legacy_member(
        &mut self,
        start: u32,
        class: Expression<'a>,
    ) -> Result<(Expression<'a>, Shape)> {
        let colons = self.take();
        let name = match self.kind {
            TokenKind::Variable | TokenKind::Dollar => {
                return self.legacy_static(start, class, colons);
            }
            TokenKind::String => MemberName::Identifier(Identifier { span: self.take_span() }),
            TokenKind::Class if self.has(Version::V5_5) && matches!(class, Expression::Name(_)) => {
                let name = MemberName::Identifier(Identifier { span: self.take_span() });
                let node = ClassConstant { span: self.span_from(start), class, colons, name };
                return Ok((Expression::ClassConstant(self.arena.alloc(node)), Shape::Closed));
            }
            TokenKind::OpenBrace if self.has(Version::V5_4) => {
                let name = self.braced_name()?;
                if !self.at(TokenKind::OpenParenthesis) {
                    return self.unexpected(&[Expected::Token(TokenKind::OpenParenthesis)]);
                }
                name
            }
            _ => return self.unexpected(&[Expected::Identifier, Expected::Variable]),
        };
        if self.at(TokenKind::OpenParenthesis) {
            let arguments = self.arguments()?;
            let node = StaticCall { span: self.span_from(start), class, colons, name, arguments };
            let call = Expression::StaticCall(self.arena.alloc(node));
            return self.behind_call(start, call);
        }
        let node = ClassConstant { span: self.span_from(start), class, colons, name };
        let constant = Expression::ClassConstant(self.arena.alloc(node));
        let has_offset = self.has(Version::V5_6);
        Ok((if has_offset { self.offsets(start, constant)? } else { constant }, Shape::Closed))
    }

    /// `::$a[0]`, which is an element of a static property, or the name of a
    /// method before `(`.
    fn legacy_static(
        &mut self,
        start: u32,
        class: Expression<'a>,
        colons: crate::Position,
    ) -> Result<(Expression<'a>, Shape)> {
        let variable = self.variable_without_objects()?;
        if self.at(TokenKind::OpenParenthesis) {
            let name = self.member_from(variable)?;
            let arguments = self.arguments()?;
            let node = StaticCall { span: self.span_from(start), class, colons, name, arguments };
            let call = Expression::StaticCall(self.arena.alloc(node));
            return self.behind_call(start, call);
        }
        let property = self.static_property_from(start, class, colons, variable);
        Ok((self.properties_behind(start, property)?, Shape::Variable))
    }

    /// `A::$b[0]`, of which `$b[0]` has been read: an element of `A::$b`.
    fn static_property_from(
        &self,
        start: u32,
        class: Expression<'a>,
        colons: crate::Position,
        mut variable: Expression<'a>,
    ) -> Expression<'a> {
        let mut indexes = Vec::new();
        while let Expression::Index(index) = variable {
            indexes.push(index);
            variable = index.base;
        }
        let span = Span { start, end: variable.span().end };
        let node = StaticProperty { span, class, colons, variable };
        let mut base = Expression::StaticProperty(self.arena.alloc(node));
        while let Some(index) = indexes.pop() {
            let span = Span { start, end: index.span.end };
            base = Expression::Index(self.arena.alloc(Index { span, base, ..*index }));
        }
        base
    }

    /// `$a[0]`, `$$a[0]`, `${'a'}{0}`: the indexes belong to the innermost
    /// variable.
    fn variable_without_objects(&mut self) -> Result<Expression<'a>> {
        let length = self.scratch.dollars.len();
        let mut links = 0;
        while self.at(TokenKind::Dollar) && self.peek() != TokenKind::OpenBrace {
            self.link(&mut links)?;
            self.scratch.dollars.push(self.start);
            self.bump();
        }
        let start = self.start;
        let compound = self.simple_variable()?;
        let mut variable = self.dimensions(start, compound)?;
        while self.scratch.dollars.len() > length {
            let start = self.scratch.dollars.pop().unwrap_or_default();
            let node = VariableVariable { span: self.span_from(start), name: variable };
            variable = Expression::VariableVariable(self.arena.alloc(node));
        }
        Ok(variable)
    }

    /// `[0]{1}` behind something.
    fn dimensions(&mut self, start: u32, mut base: Expression<'a>) -> Result<Expression<'a>> {
        let mut links = 0;
        loop {
            self.link(&mut links)?;
            base = match self.kind {
                TokenKind::OpenBracket => self.index(start, base)?,
                TokenKind::OpenBrace => self.curly_index(start, base)?,
                _ => return Ok(base),
            };
        }
    }

    /// `global $a, $$b->c, ${'d'};`
    pub(crate) fn legacy_global(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        if !self.at(TokenKind::Dollar) || self.peek() == TokenKind::OpenBrace {
            return self.simple_variable();
        }
        self.bump();
        let name = self.variable()?;
        let node = VariableVariable { span: self.span_from(start), name };
        Ok(Expression::VariableVariable(self.arena.alloc(node)))
    }

    /// The class behind `new` and `instanceof`.
    pub(crate) fn legacy_class_reference(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        let mut class = match self.kind {
            TokenKind::Variable | TokenKind::Dollar => {
                let variable = self.variable_without_objects()?;
                if self.at(TokenKind::DoubleColon) && self.has(Version::V5_3) {
                    self.static_member_of(start, variable)?
                } else {
                    variable
                }
            }
            _ => {
                let name = Expression::Name(self.class_name()?);
                if !self.at(TokenKind::DoubleColon) {
                    return Ok(name);
                }
                self.static_member_of(start, name)?
            }
        };
        let mut links = 0;
        while self.at(TokenKind::ObjectOperator) {
            self.link(&mut links)?;
            class = self.legacy_property(start, class)?;
        }
        Ok(class)
    }

    fn static_member_of(&mut self, start: u32, class: Expression<'a>) -> Result<Expression<'a>> {
        let colons = self.take();
        let variable = self.variable_without_objects()?;
        Ok(self.static_property_from(start, class, colons, variable))
    }

    // Constant expressions.

    /// A default value or the value of a constant: from PHP 7.0 any expression,
    /// which the compiler looks at later.
    pub(crate) fn constant_expression(&mut self) -> Result<Expression<'a>> {
        if self.has(Version::V7_0) { self.expression() } else { self.static_scalar(LOOSEST) }
    }

    /// PHP 5.6 had operators in it, and before it was a value.
    fn static_scalar(&mut self, least: Tightness) -> Result<Expression<'a>> {
        self.nested(|parser| {
            let start = parser.start;
            let mut left = parser.static_operand()?;
            if !parser.has(Version::V5_6) {
                return Ok(left);
            }
            let mut links = 0;
            loop {
                parser.link(&mut links)?;
                left = match infix(parser.kind, parser.version) {
                    Some(infix) if infix.tightness >= least => {
                        parser.static_binary(start, left, infix)?
                    }
                    None if parser.at(TokenKind::Question) && TERNARY >= least => {
                        parser.static_ternary(start, left)?
                    }
                    _ => return Ok(left),
                };
            }
        })
    }

    fn static_binary(
        &mut self,
        start: u32,
        left: Expression<'a>,
        operation: crate::operator::Infix,
    ) -> Result<Expression<'a>> {
        let operator_at = self.take();
        let right = self.static_scalar(match operation.associativity {
            Associativity::Right => operation.tightness,
            Associativity::Left | Associativity::None => operation.tightness + 1,
        })?;
        let clashes = |next: crate::operator::Infix| next.tightness == operation.tightness;
        if operation.associativity == Associativity::None
            && infix(self.kind, self.version).is_some_and(clashes)
        {
            return self.unexpected(&[Expected::Token(TokenKind::Semicolon)]);
        }
        let span = self.span_from(start);
        let operator = operation.operator;
        let node = crate::ast::Binary { span, left, operator, operator_at, right };
        Ok(Expression::Binary(self.arena.alloc(node)))
    }

    fn static_ternary(&mut self, start: u32, condition: Expression<'a>) -> Result<Expression<'a>> {
        let question = self.take();
        let then =
            if self.at(TokenKind::Colon) { None } else { Some(self.static_scalar(LOOSEST)?) };
        let colon = self.expect(TokenKind::Colon)?;
        let otherwise = self.static_scalar(TERNARY + 1)?;
        let span = self.span_from(start);
        let node = Ternary { span, condition, question, then, colon, otherwise };
        Ok(Expression::Ternary(self.arena.alloc(node)))
    }

    fn static_operand(&mut self) -> Result<Expression<'a>> {
        use TokenKind as K;
        let start = self.start;
        let value = match self.kind {
            K::LNumber => Expression::Integer(Integer { span: self.take_span() }),
            K::DNumber => Expression::Float(Float { span: self.take_span() }),
            K::ConstantEncapsedString => self.string_literal(),
            K::StartHeredoc if self.has(Version::V5_3) => self.static_heredoc()?,
            K::Plus | K::Minus => return self.static_unary(),
            K::Exclamation | K::Tilde if self.has(Version::V5_6) => return self.static_unary(),
            K::OpenParenthesis if self.has(Version::V5_6) => {
                self.bump();
                let inner = self.static_scalar(LOOSEST)?;
                self.expect(K::CloseParenthesis)?;
                let node = Parenthesized { span: self.span_from(start), inner };
                return Ok(Expression::Parenthesized(self.arena.alloc(node)));
            }
            K::Array => self.static_array()?,
            K::OpenBracket if self.has(Version::V5_4) => self.static_array()?,
            K::Static if self.has(Version::V5_3) => self.static_name()?,
            _ if self.at_name() => self.static_name()?,
            kind if kind.is_magic_constant() => self.magic_constant(),
            _ => return self.unexpected(&[Expected::Constant]),
        };
        if self.has(Version::V5_6) { self.static_offsets(start, value) } else { Ok(value) }
    }

    fn static_offsets(&mut self, start: u32, mut base: Expression<'a>) -> Result<Expression<'a>> {
        let mut links = 0;
        while self.at(TokenKind::OpenBracket) {
            self.link(&mut links)?;
            let open = self.take();
            let index = Some(self.static_scalar(LOOSEST)?);
            self.expect(TokenKind::CloseBracket)?;
            let span = self.span_from(start);
            let node = Index { span, base, open, is_curly: false, index };
            base = Expression::Index(self.arena.alloc(node));
        }
        Ok(base)
    }

    fn static_unary(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        let Some((operator, tightness)) = unary(self.kind, self.version) else {
            return self.unexpected(&[Expected::Constant]);
        };
        self.bump();
        let operand = self.static_scalar(tightness)?;
        let node = Unary { span: self.span_from(start), operator, operand };
        Ok(Expression::Unary(self.arena.alloc(node)))
    }

    /// A heredoc without a variable.
    fn static_heredoc(&mut self) -> Result<Expression<'a>> {
        let has_text = self.peek() == TokenKind::EncapsedAndWhitespace;
        let (_, second) = self.peek_two();
        let is_plain = if has_text {
            second == TokenKind::EndHeredoc
        } else {
            self.peek() == TokenKind::EndHeredoc
        };
        if is_plain {
            return self.heredoc();
        }
        self.bump();
        if has_text {
            self.bump();
        }
        self.unexpected(&[Expected::Token(TokenKind::EndHeredoc)])
    }

    fn static_name(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        let is_static = self.at(TokenKind::Static);
        let name: Name = self.class_name()?;
        if !self.at(TokenKind::DoubleColon) {
            if is_static {
                return self.unexpected(&[Expected::Token(TokenKind::DoubleColon)]);
            }
            return Ok(Self::constant(name));
        }
        let colons = self.take();
        let is_class = self.at(TokenKind::Class) && self.has(Version::V5_5);
        if !is_class && !self.at(TokenKind::String) {
            return self.unexpected(&[Expected::Identifier]);
        }
        let member = MemberName::Identifier(Identifier { span: self.take_span() });
        let class = Expression::Name(name);
        let node = ClassConstant { span: self.span_from(start), class, colons, name: member };
        Ok(Expression::ClassConstant(self.arena.alloc(node)))
    }

    fn static_array(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        let is_short = self.at(TokenKind::OpenBracket);
        self.bump();
        if !is_short {
            self.expect(TokenKind::OpenParenthesis)?;
        }
        let close = if is_short { TokenKind::CloseBracket } else { TokenKind::CloseParenthesis };
        let length = self.scratch.elements.len();
        while !self.at(close) {
            let element = self.static_element()?;
            self.scratch.elements.push(element);
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.expect(close)?;
        let elements = finish(self.arena, &mut self.scratch.elements, length);
        let node = Array { span: self.span_from(start), is_short, elements };
        Ok(Expression::Array(self.arena.alloc(node)))
    }

    fn static_element(&mut self) -> Result<Element<'a>> {
        let start = self.start;
        let key = self.static_scalar(LOOSEST)?;
        if !self.at(TokenKind::DoubleArrow) {
            return Ok(Element::Expression(key));
        }
        let arrow = self.take();
        let value = self.static_scalar(LOOSEST)?;
        let span = self.span_from(start);
        let node = KeyedElement { span, key, arrow, by_reference: None, value };
        Ok(Element::KeyedElement(self.arena.alloc(node)))
    }
}
