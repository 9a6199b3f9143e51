//! Classes, interfaces, traits and enums, their members, and the attributes,
//! modifiers and parameters that they share with functions.

use tilde_lexer::{TokenKind, Version};

use crate::ast::{
    Adaptation, Adaptations, Alias, Arguments, Attribute, AttributeGroup, Class, ClassConstants,
    ClassKind, ConstantItem, EnumCase, Hook, Hooks, Identifier, Member, Method, Modifier, Name,
    Parameter, Parameters, Precedence, Properties, PropertyItem, TraitUse,
};
use crate::error::{Expected, Refusal};
use crate::parser::{Parser, Result, finish};
use crate::types::Static;

/// What stands before the members of a class, and where that begins.
#[derive(Clone, Copy)]
struct Lead<'a> {
    start: u32,
    attributes: &'a [AttributeGroup<'a>],
    modifiers: &'a [Modifier],
}

impl<'a> Parser<'a, '_> {
    /// A class, interface, trait or enum with its name, behind its attributes.
    pub(crate) fn class_declaration(
        &mut self,
        start: u32,
        attributes: &'a [AttributeGroup<'a>],
    ) -> Result<&'a Class<'a>> {
        let modifiers = self.class_modifiers()?;
        let lead = Lead { start, attributes, modifiers };
        let kind = match self.kind {
            TokenKind::Class => ClassKind::Class,
            TokenKind::Interface if modifiers.is_empty() => ClassKind::Interface,
            TokenKind::Trait if modifiers.is_empty() => ClassKind::Trait,
            TokenKind::Enum if modifiers.is_empty() => ClassKind::Enum,
            _ => return self.unexpected(&[Expected::Token(TokenKind::Class)]),
        };
        self.class(lead, kind)
    }

    /// A class behind `new`.
    pub(crate) fn anonymous_class(&mut self) -> Result<&'a Class<'a>> {
        let start = self.start;
        let attributes = if self.at(TokenKind::Attribute) { self.attributes()? } else { &[] };
        let modifiers =
            if self.has(Version::V8_3) { self.anonymous_class_modifiers()? } else { &[] };
        if !self.at(TokenKind::Class) {
            return self.unexpected(&[Expected::Token(TokenKind::Class)]);
        }
        let lead = Lead { start, attributes, modifiers };
        let keyword = self.take();
        let arguments =
            if self.at(TokenKind::OpenParenthesis) { Some(self.arguments()?) } else { None };
        self.class_from(lead, ClassKind::Class, keyword, None, arguments)
    }

    fn class(&mut self, lead: Lead<'a>, kind: ClassKind) -> Result<&'a Class<'a>> {
        let keyword = self.take();
        let name = self.plain_identifier()?;
        self.class_from(lead, kind, keyword, Some(name), None)
    }

    /// A class from behind its name or arguments on.
    fn class_from(
        &mut self,
        lead: Lead<'a>,
        kind: ClassKind,
        keyword: crate::Position,
        name: Option<Identifier>,
        arguments: Option<&'a Arguments<'a>>,
    ) -> Result<&'a Class<'a>> {
        let backing = if kind == ClassKind::Enum && self.eat(TokenKind::Colon) {
            Some(self.hint(Static::Allowed)?)
        } else {
            None
        };
        let extends = self.extends(kind)?;
        let implements = if matches!(kind, ClassKind::Class | ClassKind::Enum)
            && self.eat(TokenKind::Implements)
        {
            self.class_names()?
        } else {
            &[]
        };
        let doc = self.take_doc();
        let open = self.expect(TokenKind::OpenBrace)?;
        let members = self.members()?;
        self.expect(TokenKind::CloseBrace)?;
        Ok(self.arena.alloc(Class {
            span: self.span_from(lead.start),
            doc,
            kind,
            attributes: lead.attributes,
            modifiers: lead.modifiers,
            keyword,
            name,
            arguments,
            backing,
            extends,
            implements,
            open,
            members,
        }))
    }

    fn extends(&mut self, kind: ClassKind) -> Result<&'a [Name]> {
        if !matches!(kind, ClassKind::Class | ClassKind::Interface) || !self.eat(TokenKind::Extends)
        {
            return Ok(&[]);
        }
        if kind == ClassKind::Interface {
            return self.class_names();
        }
        let name = if self.has(Version::V8_0) { self.class_name()? } else { self.name()? };
        Ok(self.arena.alloc_slice_copy(&[name]))
    }

    /// `abstract`, `final`, `readonly` before `class`.
    fn class_modifiers(&mut self) -> Result<&'a [Modifier]> {
        let mut list = bumpalo::collections::Vec::new_in(self.arena);
        loop {
            match self.kind {
                TokenKind::Abstract | TokenKind::Final => {}
                TokenKind::Readonly if self.has(Version::V8_2) => {}
                _ => return Ok(list.into_bump_slice()),
            }
            if !list.is_empty() && !self.has(Version::V7_0) {
                return self.unexpected(&[Expected::Token(TokenKind::Class)]);
            }
            self.add_modifier(&mut list)?;
        }
    }

    /// The same behind `new`, where only `readonly` goes.
    fn anonymous_class_modifiers(&mut self) -> Result<&'a [Modifier]> {
        let modifiers = self.class_modifiers()?;
        match modifiers.iter().find(|modifier| modifier.kind != TokenKind::Readonly) {
            Some(modifier) => self.refuse(Refusal::WrongModifier, modifier.span.start),
            None => Ok(modifiers),
        }
    }

    /// From PHP 8.3 the parser looks at modifiers when it knows what follows.
    fn check_modifiers(&mut self, modifiers: &[Modifier], target: Target) -> Result<()> {
        if !self.has(Version::V8_3) {
            return Ok(());
        }
        for (index, modifier) in modifiers.iter().enumerate() {
            let wrong = !target.takes(modifier.kind, self.version);
            let refusal = if wrong {
                Some(Refusal::WrongModifier)
            } else {
                refusal(&modifiers[..index], modifier.kind, self.version)
            };
            if let Some(refusal) = refusal {
                return self.refuse_at(refusal, modifier.span, None);
            }
        }
        Ok(())
    }

    /// Modifiers of members.
    fn member_modifiers(&mut self) -> Result<&'a [Modifier]> {
        if !self.at_member_modifier() {
            return Ok(&[]);
        }
        let mut list = bumpalo::collections::Vec::with_capacity_in(2, self.arena);
        while self.at_member_modifier() {
            if self.has(Version::V8_3) {
                list.push(Modifier { kind: self.kind, span: self.take_span() });
            } else {
                self.add_modifier(&mut list)?;
            }
        }
        Ok(list.into_bump_slice())
    }

    #[inline]
    fn at_member_modifier(&self) -> bool {
        matches!(
            self.kind,
            TokenKind::Public
                | TokenKind::Protected
                | TokenKind::Private
                | TokenKind::PublicSet
                | TokenKind::ProtectedSet
                | TokenKind::PrivateSet
                | TokenKind::Static
                | TokenKind::Abstract
                | TokenKind::Final
                | TokenKind::Readonly
        )
    }

    /// Takes a modifier, which PHP's parser refuses if it does not go with those
    /// before.
    fn add_modifier(&mut self, list: &mut bumpalo::collections::Vec<'a, Modifier>) -> Result<()> {
        let modifier = Modifier { kind: self.kind, span: self.take_span() };
        if let Some(refusal) = refusal(list, modifier.kind, self.version) {
            return self.refuse(refusal, modifier.span.start);
        }
        list.push(modifier);
        Ok(())
    }

    fn members(&mut self) -> Result<&'a [Member<'a>]> {
        let length = self.scratch.members.len();
        while !self.at(TokenKind::CloseBrace) {
            let member = self.member()?;
            self.scratch.members.push(member);
        }
        Ok(finish(self.arena, &mut self.scratch.members, length))
    }

    fn member(&mut self) -> Result<Member<'a>> {
        let start = self.start;
        if self.at(TokenKind::Use) && self.has(Version::V5_4) {
            return self.trait_use();
        }
        let attributes = if self.at(TokenKind::Attribute) { self.attributes()? } else { &[] };
        if self.at(TokenKind::Case) && self.has(Version::V8_1) {
            return self.enum_case(start, attributes);
        }
        if self.at(TokenKind::Var) {
            let modifier = Modifier { kind: self.kind, span: self.take_span() };
            let modifiers = self.arena.alloc_slice_copy(&[modifier]);
            return self.properties(Lead { start, attributes, modifiers });
        }
        let modifiers = self.member_modifiers()?;
        let lead = Lead { start, attributes, modifiers };
        self.check_modifiers(
            modifiers,
            match self.kind {
                TokenKind::Function => Target::Method,
                TokenKind::Const => Target::Constant,
                _ => Target::Property,
            },
        )?;
        match self.kind {
            TokenKind::Function => self.method(lead),
            TokenKind::Const if modifiers.is_empty() || self.has(Version::V7_1) => {
                self.class_constants(lead)
            }
            _ if modifiers.is_empty() => self.unexpected(&[Expected::Member]),
            _ => self.properties(lead),
        }
    }

    fn method(&mut self, lead: Lead<'a>) -> Result<Member<'a>> {
        self.bump();
        let by_reference = self.ampersand();
        let doc = self.take_doc();
        let name = self.identifier()?;
        let parameters = self.parameters()?;
        let return_type = self.return_type()?;
        let (body, terminator) = if self.at_terminator() {
            (None, Some(self.take()))
        } else {
            (Some(self.block()?), None)
        };
        Ok(Member::Method(self.arena.alloc(Method {
            span: self.span_from(lead.start),
            doc,
            attributes: lead.attributes,
            modifiers: lead.modifiers,
            by_reference,
            name,
            parameters,
            return_type,
            body,
            terminator,
        })))
    }

    fn class_constants(&mut self, lead: Lead<'a>) -> Result<Member<'a>> {
        self.bump();
        let has_hint = self.has(Version::V8_3) && !self.at_constant_name();
        let hint = if has_hint { Some(self.hint(Static::Allowed)?) } else { None };
        let items = self.class_constant_items()?;
        let terminator = self.terminator()?;
        Ok(Member::ClassConstants(self.arena.alloc(ClassConstants {
            span: self.span_from(lead.start),
            attributes: lead.attributes,
            modifiers: lead.modifiers,
            hint,
            items,
            terminator,
        })))
    }

    /// Whether the name of a constant comes, and no type before it.
    fn at_constant_name(&self) -> bool {
        let may_be_type = matches!(
            self.kind,
            TokenKind::String | TokenKind::Array | TokenKind::Callable | TokenKind::Static
        );
        self.at_identifier() && (!may_be_type || self.peek() == TokenKind::Equal)
    }

    fn class_constant_items(&mut self) -> Result<&'a [ConstantItem<'a>]> {
        let mut items = bumpalo::collections::Vec::with_capacity_in(1, self.arena);
        loop {
            let start = self.start;
            let name = self.identifier()?;
            items.push(self.constant_item(start, name)?);
            if !self.eat(TokenKind::Comma) {
                return Ok(items.into_bump_slice());
            }
        }
    }

    fn properties(&mut self, lead: Lead<'a>) -> Result<Member<'a>> {
        let hint = if self.has(Version::V7_4) { self.optional_hint()? } else { None };
        let mut items = bumpalo::collections::Vec::with_capacity_in(1, self.arena);
        let terminator = loop {
            let item = self.property_item(items.is_empty())?;
            items.push(item);
            if item.hooks.is_some() {
                break None;
            }
            if !self.eat(TokenKind::Comma) {
                break Some(self.terminator()?);
            }
        };
        let items = items.into_bump_slice();
        Ok(Member::Properties(self.arena.alloc(Properties {
            span: self.span_from(lead.start),
            attributes: lead.attributes,
            modifiers: lead.modifiers,
            hint,
            items,
            terminator,
        })))
    }

    /// A property, of which only the first can have hooks.
    fn property_item(&mut self, is_first: bool) -> Result<PropertyItem<'a>> {
        let start = self.start;
        let variable = self.plain_variable()?;
        let value = self.optional_value()?;
        let doc = self.take_doc();
        let hooks = if is_first { self.optional_hooks()? } else { None };
        Ok(PropertyItem { span: self.span_from(start), variable, value, doc, hooks })
    }

    fn optional_hooks(&mut self) -> Result<Option<&'a Hooks<'a>>> {
        if !self.at(TokenKind::OpenBrace) || !self.has(Version::V8_4) {
            return Ok(None);
        }
        let start = self.start;
        self.bump();
        let mut hooks = bumpalo::collections::Vec::with_capacity_in(2, self.arena);
        while !self.at(TokenKind::CloseBrace) {
            hooks.push(self.hook()?);
        }
        self.bump();
        let hooks = hooks.into_bump_slice();
        Ok(Some(self.arena.alloc(Hooks { span: self.span_from(start), hooks })))
    }

    fn hook(&mut self) -> Result<Hook<'a>> {
        let start = self.start;
        let attributes = if self.at(TokenKind::Attribute) { self.attributes()? } else { &[] };
        let modifiers = self.member_modifiers()?;
        self.check_modifiers(modifiers, Target::Hook)?;
        let by_reference = self.ampersand();
        let doc = self.take_doc();
        let name = self.plain_identifier()?;
        let parameters =
            if self.at(TokenKind::OpenParenthesis) { Some(self.parameters()?) } else { None };
        let (mut block, mut value, mut terminator) = (None, None, None);
        match self.kind {
            TokenKind::OpenBrace => block = Some(self.block()?),
            TokenKind::DoubleArrow => {
                self.bump();
                value = Some(self.expression()?);
                terminator = Some(self.terminator()?);
            }
            _ => terminator = Some(self.terminator()?),
        }
        let span = self.span_from(start);
        Ok(Hook {
            span,
            attributes,
            modifiers,
            by_reference,
            name,
            doc,
            parameters,
            block,
            value,
            terminator,
        })
    }

    fn enum_case(
        &mut self,
        start: u32,
        attributes: &'a [AttributeGroup<'a>],
    ) -> Result<Member<'a>> {
        let doc = self.take_doc();
        self.bump();
        let name = self.identifier()?;
        let value = self.optional_value()?;
        let terminator = self.terminator()?;
        let span = self.span_from(start);
        let node = EnumCase { span, doc, attributes, name, value, terminator };
        Ok(Member::EnumCase(self.arena.alloc(node)))
    }

    // Traits.

    fn trait_use(&mut self) -> Result<Member<'a>> {
        let start = self.start;
        self.bump();
        let traits = self.class_names()?;
        let (adaptations, terminator) = if self.at(TokenKind::OpenBrace) {
            (Some(self.adaptations()?), None)
        } else {
            (None, Some(self.terminator()?))
        };
        let node = TraitUse { span: self.span_from(start), traits, adaptations, terminator };
        Ok(Member::TraitUse(self.arena.alloc(node)))
    }

    fn adaptations(&mut self) -> Result<&'a Adaptations<'a>> {
        let start = self.start;
        self.bump();
        let mut list = bumpalo::collections::Vec::new_in(self.arena);
        while !self.at(TokenKind::CloseBrace) {
            list.push(self.adaptation()?);
        }
        self.bump();
        let adaptations = list.into_bump_slice();
        Ok(self.arena.alloc(Adaptations { span: self.span_from(start), adaptations }))
    }

    /// Whether the name of a method comes. After a `?>`, which ends the adaptation
    /// before, PHP 7 takes a `<?=` for `echo`.
    fn at_adapted(&self) -> bool {
        let is_echo = self.at(TokenKind::OpenTagWithEcho);
        self.at_identifier() || is_echo && self.has(Version::V7_0) && !self.has(Version::V8_0)
    }

    fn adaptation(&mut self) -> Result<Adaptation<'a>> {
        let start = self.start;
        let is_bare = self.at_adapted() && self.peek() != TokenKind::DoubleColon && {
            self.has(Version::V8_0) || self.peek() != TokenKind::NsSeparator
        };
        let (class, method) = if is_bare {
            (None, Identifier { span: self.take_span() })
        } else {
            let class = if self.has(Version::V7_0) { self.class_name()? } else { self.name()? };
            self.expect(TokenKind::DoubleColon)?;
            (Some(class), self.identifier()?)
        };
        match class {
            Some(class) if self.at(TokenKind::InsteadOf) => {
                self.bump();
                let instead_of = self.class_names()?;
                let terminator = self.terminator()?;
                let span = self.span_from(start);
                let node = Precedence { span, class, method, instead_of, terminator };
                Ok(Adaptation::Precedence(self.arena.alloc(node)))
            }
            _ => self.alias(start, class, method),
        }
    }

    fn alias(
        &mut self,
        start: u32,
        class: Option<Name>,
        method: Identifier,
    ) -> Result<Adaptation<'a>> {
        self.expect(TokenKind::As)?;
        let modifier = if self.at_member_modifier() {
            Some(Modifier { kind: self.kind, span: self.take_span() })
        } else {
            None
        };
        let alias = if modifier.is_some() && self.at_terminator() {
            None
        } else {
            Some(self.identifier()?)
        };
        if let Some(modifier) = modifier.filter(|_| self.has(Version::V8_3))
            && !Target::Method.takes(modifier.kind, self.version)
        {
            let line_at = alias.map(|alias| alias.span.end);
            return self.refuse_at(Refusal::WrongModifier, modifier.span, line_at);
        }
        let terminator = self.terminator()?;
        let span = self.span_from(start);
        let node = Alias { span, class, method, modifier, alias, terminator };
        Ok(Adaptation::Alias(self.arena.alloc(node)))
    }

    // Attributes and parameters.

    /// `#[A] #[B]`
    pub(crate) fn attributes(&mut self) -> Result<&'a [AttributeGroup<'a>]> {
        let mut groups = bumpalo::collections::Vec::with_capacity_in(1, self.arena);
        while self.at(TokenKind::Attribute) {
            groups.push(self.attribute_group()?);
        }
        Ok(groups.into_bump_slice())
    }

    fn attribute_group(&mut self) -> Result<AttributeGroup<'a>> {
        let start = self.start;
        self.bump();
        let mut attributes = bumpalo::collections::Vec::with_capacity_in(1, self.arena);
        loop {
            let start = self.start;
            let name = self.class_name()?;
            let arguments =
                if self.at(TokenKind::OpenParenthesis) { Some(self.arguments()?) } else { None };
            attributes.push(Attribute { span: self.span_from(start), name, arguments });
            if !self.eat(TokenKind::Comma) || self.at(TokenKind::CloseBracket) {
                break;
            }
        }
        self.expect(TokenKind::CloseBracket)?;
        let attributes = attributes.into_bump_slice();
        Ok(AttributeGroup { span: self.span_from(start), attributes })
    }

    /// `(int $a, $b)`
    pub(crate) fn parameters(&mut self) -> Result<&'a Parameters<'a>> {
        let start = self.start;
        self.expect(TokenKind::OpenParenthesis)?;
        let length = self.scratch.parameters.len();
        if !self.at(TokenKind::CloseParenthesis) {
            let mut names = 0;
            loop {
                self.name_in_list(&mut names)?;
                let parameter = self.parameter()?;
                self.scratch.parameters.push(parameter);
                if !self.eat(TokenKind::Comma)
                    || self.at(TokenKind::CloseParenthesis) && self.has(Version::V8_0)
                {
                    break;
                }
            }
        }
        self.expect(TokenKind::CloseParenthesis)?;
        let list = finish(self.arena, &mut self.scratch.parameters, length);
        Ok(self.arena.alloc(Parameters { span: self.span_from(start), list }))
    }

    fn parameter(&mut self) -> Result<Parameter<'a>> {
        let start = self.start;
        let attributes = if self.at(TokenKind::Attribute) { self.attributes()? } else { &[] };
        let modifiers = self.parameter_modifiers()?;
        let hint = self.optional_hint()?;
        let by_reference = match self.kind {
            TokenKind::Ampersand | TokenKind::AmpersandFollowedByVarOrVararg => Some(self.take()),
            _ => None,
        };
        let variadic = self.take_if(TokenKind::Ellipsis);
        let doc = if self.at(TokenKind::Variable) { self.take_doc() } else { None };
        let variable = self.plain_variable()?;
        let value = self.optional_value()?;
        let hooks = self.optional_hooks()?;
        Ok(Parameter {
            span: self.span_from(start),
            doc,
            attributes,
            modifiers,
            hint,
            by_reference,
            variadic,
            variable,
            value,
            hooks,
        })
    }

    /// What makes a property of a parameter: from PHP 8.3 the grammar takes any
    /// modifier there.
    fn parameter_modifiers(&mut self) -> Result<&'a [Modifier]> {
        if self.has(Version::V8_3) {
            let modifiers = self.member_modifiers()?;
            self.check_modifiers(modifiers, Target::Parameter)?;
            return Ok(modifiers);
        }
        let mut list = bumpalo::collections::Vec::new_in(self.arena);
        loop {
            match self.kind {
                TokenKind::Public | TokenKind::Protected | TokenKind::Private
                    if self.has(Version::V8_0) && (list.is_empty() || self.has(Version::V8_1)) => {}
                TokenKind::Readonly => {}
                _ => return Ok(list.into_bump_slice()),
            }
            self.add_modifier(&mut list)?;
        }
    }
}

/// What modifiers stand before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Method,
    Property,
    Constant,
    Parameter,
    Hook,
}

impl Target {
    fn takes(self, modifier: TokenKind, version: Version) -> bool {
        use TokenKind as K;
        match modifier {
            K::Public | K::Protected | K::Private => self != Self::Hook,
            K::PublicSet | K::ProtectedSet | K::PrivateSet | K::Readonly => {
                matches!(self, Self::Property | Self::Parameter)
            }
            K::Static => matches!(self, Self::Property | Self::Method),
            K::Abstract => {
                self == Self::Method || self == Self::Property && version >= Version::V8_4
            }
            K::Final => match self {
                Self::Method | Self::Constant | Self::Hook => true,
                Self::Property => version >= Version::V8_4,
                Self::Parameter => version >= Version::V8_5,
            },
            _ => false,
        }
    }
}

/// Why PHP's parser refuses a modifier behind others.
fn refusal(before: &[Modifier], kind: TokenKind, version: Version) -> Option<Refusal> {
    if version < Version::V5_3 {
        // PHP 5.2 compares without looking.
        return None;
    }
    let has = |kind: TokenKind| before.iter().any(|modifier| modifier.kind == kind);
    let visibility = [TokenKind::Public, TokenKind::Protected, TokenKind::Private];
    let set_visibility = [TokenKind::PublicSet, TokenKind::ProtectedSet, TokenKind::PrivateSet];
    if [visibility, set_visibility]
        .iter()
        .any(|set| set.contains(&kind) && set.iter().any(|&k| has(k)))
    {
        return Some(Refusal::SecondVisibility);
    }
    if has(kind) {
        return Some(Refusal::RepeatedModifier);
    }
    let is_both = kind == TokenKind::Final && has(TokenKind::Abstract)
        || kind == TokenKind::Abstract && has(TokenKind::Final);
    is_both.then_some(Refusal::FinalAbstract)
}
