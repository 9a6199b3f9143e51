//! Arrays, and lists of what is assigned to. From PHP 7.1 they have one grammar:
//! `[1, , 2]` is left to the compiler to refuse.

use tilde_lexer::{TokenKind, Version};

use crate::ast::{
    Array, Element, Expression, Hole, KeyedElement, List, ReferenceElement, SpreadElement,
};
use crate::error::Expected;
use crate::operator::{LOOSEST, is_ampersand};
use crate::parser::{Parser, Result, finish};
use crate::span::Span;

impl<'a> Parser<'a, '_> {
    /// `[…]` and `array(…)`
    pub(crate) fn array(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        let is_short = self.at(TokenKind::OpenBracket);
        self.bump();
        if !is_short {
            self.expect(TokenKind::OpenParenthesis)?;
        }
        let close = if is_short { TokenKind::CloseBracket } else { TokenKind::CloseParenthesis };
        let elements = self.elements(close)?;
        self.expect(close)?;
        let node = Array { span: self.span_from(start), is_short, elements };
        Ok(Expression::Array(self.arena.alloc(node)))
    }

    /// `list($a) = $b`
    pub(crate) fn list_assignment(&mut self) -> Result<Expression<'a>> {
        let start = self.start;
        let list = self.list()?;
        if self.at(TokenKind::Equal) {
            return self.assignment(start, list);
        }
        self.unexpected(&[Expected::Token(TokenKind::Equal)])
    }

    /// `list($a)`
    pub(crate) fn list(&mut self) -> Result<Expression<'a>> {
        self.nested(|parser| {
            let start = parser.start;
            parser.bump();
            parser.expect(TokenKind::OpenParenthesis)?;
            let elements = if parser.has(Version::V7_1) {
                parser.elements(TokenKind::CloseParenthesis)?
            } else {
                parser.assigned_elements()?
            };
            parser.expect(TokenKind::CloseParenthesis)?;
            let node = List { span: parser.span_from(start), elements };
            Ok(Expression::List(parser.arena.alloc(node)))
        })
    }

    fn elements(&mut self, close: TokenKind) -> Result<&'a [Element<'a>]> {
        let length = self.scratch.elements.len();
        let has_holes = self.has(Version::V7_1);
        while !self.at(close) {
            let element =
                if self.at(TokenKind::Comma) && has_holes { self.hole() } else { self.element()? };
            self.scratch.elements.push(element);
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        Ok(finish(self.arena, &mut self.scratch.elements, length))
    }

    /// The elements of `list()` up to PHP 7.0: variables and lists.
    fn assigned_elements(&mut self) -> Result<&'a [Element<'a>]> {
        let length = self.scratch.elements.len();
        loop {
            let element = match self.kind {
                TokenKind::Comma => self.hole(),
                TokenKind::CloseParenthesis => break,
                TokenKind::List => Element::Expression(self.list()?),
                _ => Element::Expression(self.variable()?),
            };
            self.scratch.elements.push(element);
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        Ok(finish(self.arena, &mut self.scratch.elements, length))
    }

    fn hole(&self) -> Element<'a> {
        Element::Hole(Hole { span: Span { start: self.start, end: self.start } })
    }

    fn element(&mut self) -> Result<Element<'a>> {
        let start = self.start;
        if is_ampersand(self.kind) {
            self.bump();
            let value = self.variable()?;
            let node = ReferenceElement { span: self.span_from(start), value };
            return Ok(Element::ReferenceElement(self.arena.alloc(node)));
        }
        if self.at(TokenKind::Ellipsis) && self.has(Version::V7_4) {
            self.bump();
            let value = self.expression()?;
            let node = SpreadElement { span: self.span_from(start), value };
            return Ok(Element::SpreadElement(self.arena.alloc(node)));
        }
        let (key, is_list) = self.element_value()?;
        if is_list || !self.at(TokenKind::DoubleArrow) {
            return Ok(Element::Expression(key));
        }
        let arrow = self.take();
        let by_reference = self.ampersand();
        let value = if by_reference.is_some() { self.variable()? } else { self.element_value()?.0 };
        let span = self.span_from(start);
        let node = KeyedElement { span, key, arrow, by_reference, value };
        Ok(Element::KeyedElement(self.arena.alloc(node)))
    }

    /// An expression, or a `list()` that is assigned to later, which nothing may
    /// follow.
    fn element_value(&mut self) -> Result<(Expression<'a>, bool)> {
        if !self.at(TokenKind::List) || !self.has(Version::V7_1) {
            return Ok((self.expression()?, false));
        }
        let start = self.start;
        let list = self.list()?;
        if !self.at(TokenKind::Equal) {
            return Ok((list, true));
        }
        let assignment = self.assignment(start, list)?;
        Ok((self.infix(start, assignment, LOOSEST)?, false))
    }
}
