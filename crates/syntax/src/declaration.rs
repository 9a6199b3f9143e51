//! What a file declares apart from classes: namespaces, imports, constants and
//! functions; and the statements that speak of the file itself, `declare` and
//! `__halt_compiler`.

use tilde_lexer::{TokenKind, Version};

use crate::ast::{
    AttributeGroup, ConstantItem, Constants, Data, Declare, Expression, Function, HaltCompiler,
    Identifier, Name, Namespace, Statement, StringPart, Use, UseItem, UseKind,
};
use crate::error::{Expected, Refusal};
use crate::operator::is_ampersand;
use crate::parser::{Parser, Result};
use crate::statement::Place;
use crate::tokens::END;

impl<'a> Parser<'a, '_> {
    /// Whether a `namespace A;` comes, and not a `namespace\A` in pieces.
    pub(crate) fn at_namespace(&self) -> bool {
        self.at(TokenKind::Namespace)
            && (self.has(Version::V8_0) || self.peek() != TokenKind::NsSeparator)
    }

    /// `namespace A;` or `namespace A { … }`. What follows the former belongs to
    /// it, up to the next one.
    pub(crate) fn namespace(&mut self) -> Result<Statement<'a>> {
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
        let mut list = self.begin_list();
        while !self.at(END) && !self.at(TokenKind::CloseBrace) {
            if terminator.is_some() && self.at_namespace() {
                break;
            }
            let statement = self.outermost_statement()?;
            self.add_to_list(&mut list, statement);
        }
        let statements = self.finish_list(list);
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

    pub(crate) fn use_statement(&mut self) -> Result<Statement<'a>> {
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

    /// `use "a.php";` and `use ("a.php");` of PHP 5.2, whose parser knows them and
    /// whose compiler ends there.
    pub(crate) fn use_of_file<T>(&mut self) -> Result<T> {
        let start = self.start;
        self.bump();
        let has_parentheses = self.eat(TokenKind::OpenParenthesis);
        self.expect(TokenKind::ConstantEncapsedString)?;
        if has_parentheses {
            self.expect(TokenKind::CloseParenthesis)?;
        }
        self.terminator()?;
        self.refuse(Refusal::UseOfFile, start)
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
        let (mut name, mut names) = (first, 0);
        loop {
            self.name_in_list(&mut names)?;
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
        let mut names = 0;
        loop {
            self.name_in_list(&mut names)?;
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

    pub(crate) fn constants(
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

    fn constant_items(&mut self) -> Result<&'a [ConstantItem<'a>]> {
        let mut items = bumpalo::collections::Vec::new_in(self.arena);
        let mut names = 0;
        loop {
            self.name_in_list(&mut names)?;
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
        name: Identifier,
    ) -> Result<ConstantItem<'a>> {
        self.expect(TokenKind::Equal)?;
        let value = self.constant_expression()?;
        let doc = self.take_doc();
        Ok(ConstantItem { span: self.span_from(start), name, value, doc })
    }

    /// Whether the `function` here has a name.
    pub(crate) fn at_function(&self) -> bool {
        let (first, second) = self.peek_two();
        let name = if is_ampersand(first) { second } else { first };
        name == TokenKind::String || name == TokenKind::Readonly && self.has(Version::V8_2)
    }

    pub(crate) fn function(
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

    pub(crate) fn declare(&mut self) -> Result<Statement<'a>> {
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

    pub(crate) fn halt_compiler(&mut self, place: Place) -> Result<Statement<'a>> {
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
}
