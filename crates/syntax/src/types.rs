//! Types of parameters, properties, constants and return values.

use tilde_lexer::{TokenKind, Version};

use crate::ast::{IntersectionType, Name, NullableType, ParenthesizedType, Type, UnionType};
use crate::error::Expected;
use crate::parser::{Parser, Result};

/// Whether `static` is a type: it is a modifier of properties and cannot be one
/// of parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Static {
    Allowed,
    Forbidden,
}

impl<'a> Parser<'a, '_> {
    /// `: A` behind parameters.
    pub(crate) fn return_type(&mut self) -> Result<Option<Type<'a>>> {
        if self.at(TokenKind::Colon) && self.has(Version::V7_0) {
            self.bump();
            return Ok(Some(self.hint(Static::Allowed)?));
        }
        Ok(None)
    }

    /// A type, if one comes.
    pub(crate) fn optional_hint(&mut self) -> Result<Option<Type<'a>>> {
        let comes = match self.kind {
            TokenKind::Variable => false,
            TokenKind::Question => self.has(Version::V7_1),
            TokenKind::OpenParenthesis => self.has(Version::V8_2),
            TokenKind::Array | TokenKind::Callable => true,
            _ => self.at_name(),
        };
        if comes { Ok(Some(self.hint(Static::Forbidden)?)) } else { Ok(None) }
    }

    /// A type.
    pub(crate) fn hint(&mut self, with: Static) -> Result<Type<'a>> {
        let start = self.start;
        if self.at(TokenKind::Question) && self.has(Version::V7_1) {
            self.bump();
            let inner = Type::Name(self.simple_hint(with)?);
            let node = NullableType { span: self.span_from(start), inner };
            return Ok(Type::NullableType(self.arena.alloc(node)));
        }
        let first = self.union_element(with)?;
        let is_simple = matches!(first, Type::Name(_));
        match self.kind {
            TokenKind::VerticalBar if self.has(Version::V8_0) => self.union(start, first, with),
            TokenKind::AmpersandNotFollowedByVarOrVararg if is_simple => {
                self.intersection(start, first, with)
            }
            _ if is_simple => Ok(first),
            _ => self.unexpected(&[Expected::Token(TokenKind::VerticalBar)]),
        }
    }

    fn union(&mut self, start: u32, first: Type<'a>, with: Static) -> Result<Type<'a>> {
        let mut types = bumpalo::collections::Vec::with_capacity_in(2, self.arena);
        types.push(first);
        let mut names = 0;
        while self.eat(TokenKind::VerticalBar) {
            self.name_in_list(&mut names)?;
            types.push(self.union_element(with)?);
        }
        let node = UnionType { span: self.span_from(start), types: types.into_bump_slice() };
        Ok(Type::UnionType(self.arena.alloc(node)))
    }

    fn intersection(&mut self, start: u32, first: Type<'a>, with: Static) -> Result<Type<'a>> {
        let mut types = bumpalo::collections::Vec::with_capacity_in(2, self.arena);
        types.push(first);
        let mut names = 0;
        while self.eat(TokenKind::AmpersandNotFollowedByVarOrVararg) {
            self.name_in_list(&mut names)?;
            types.push(Type::Name(self.simple_hint(with)?));
        }
        let types = types.into_bump_slice();
        let node = IntersectionType { span: self.span_from(start), types };
        Ok(Type::IntersectionType(self.arena.alloc(node)))
    }

    /// A name, or an intersection in parentheses.
    fn union_element(&mut self, with: Static) -> Result<Type<'a>> {
        if !self.at(TokenKind::OpenParenthesis) || !self.has(Version::V8_2) {
            return Ok(Type::Name(self.simple_hint(with)?));
        }
        let start = self.start;
        self.bump();
        let inner_start = self.start;
        let first = Type::Name(self.simple_hint(with)?);
        if !self.at(TokenKind::AmpersandNotFollowedByVarOrVararg) {
            return self
                .unexpected(&[Expected::Token(TokenKind::AmpersandNotFollowedByVarOrVararg)]);
        }
        let inner = self.intersection(inner_start, first, with)?;
        self.expect(TokenKind::CloseParenthesis)?;
        let node = ParenthesizedType { span: self.span_from(start), inner };
        Ok(Type::ParenthesizedType(self.arena.alloc(node)))
    }

    fn simple_hint(&mut self, with: Static) -> Result<Name> {
        match self.kind {
            TokenKind::Array | TokenKind::Callable => Ok(Name { span: self.take_span() }),
            TokenKind::Static if with == Static::Allowed && self.has(Version::V8_0) => {
                Ok(Name { span: self.take_span() })
            }
            _ if self.at_name() => self.name(),
            _ => self.unexpected(&[Expected::Type]),
        }
    }
}
