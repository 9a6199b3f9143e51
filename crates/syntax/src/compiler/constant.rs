//! Constant expressions: what PHP computes without running the program.
//!
//! `new` came with PHP 8.1, for some places only; the rest is the list of PHP's
//! `zend_is_allowed_in_const_expr()`. The value's type counts where a property or parameter
//! has one, as far as PHP knows it when it compiles.

use tilde_lexer::Version;

use super::Checker;
use crate::ast::{
    Argument, BinaryOperator, Element, Expression, MemberName, New, StringPart, UnaryOperator,
};

/// Of operators within each other so many are looked at.
const MAX_LEVELS: u32 = 100;

/// Where a constant expression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A property or a constant of a class, a case of an enum.
    Class,
    /// A parameter, `static` variable, attribute or global constant.
    Initial,
}

/// What kind of value PHP finds while it compiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    True,
    False,
    Int,
    Float,
    String,
    Array,
}

impl<'a> Checker<'_, 'a> {
    pub(super) fn constant(&mut self, value: Expression<'a>, place: Place) {
        let mut open = vec![value];
        while let Some(it) = open.pop() {
            match it {
                Expression::Integer(_)
                | Expression::Float(_)
                | Expression::StringLiteral(_)
                | Expression::MagicConstant(_)
                | Expression::Constant(_) => {}
                Expression::Parenthesized(it) => open.push(it.inner),
                Expression::Binary(it) if it.operator != BinaryOperator::Pipe => {
                    open.extend([it.left, it.right]);
                }
                Expression::Unary(it) if it.operator != UnaryOperator::Silence => {
                    open.push(it.operand);
                }
                Expression::Ternary(it) => {
                    open.extend([it.condition, it.otherwise]);
                    open.extend(it.then);
                }
                Expression::Index(it) => match it.index {
                    Some(index) => open.extend([it.base, index]),
                    None => self.invalid(it.span),
                },
                Expression::Array(it) => it.elements.iter().for_each(|it| match it {
                    Element::Expression(it) => open.push(*it),
                    Element::KeyedElement(it) if it.by_reference.is_none() => {
                        open.extend([it.key, it.value]);
                    }
                    Element::SpreadElement(it) => open.push(it.value),
                    other => self.invalid(other.span()),
                }),
                Expression::Interpolated(it)
                    if it.parts.iter().all(|part| matches!(part, StringPart::Text(_))) => {}
                Expression::ClassConstant(it) => self.class_constant(it),
                Expression::Property(it) if !self.before(Version::V8_2) => {
                    open.push(it.object);
                    if !matches!(it.name, MemberName::Identifier(_)) {
                        self.doubt(it.span);
                    }
                }
                Expression::New(it) if place == Place::Initial && !self.before(Version::V8_1) => {
                    self.created(it, &mut open);
                }
                // PHP 8.5 takes some of these.
                Expression::Closure(_)
                | Expression::Call(_)
                | Expression::StaticCall(_)
                | Expression::Cast(_)
                    if !self.before(Version::V8_5) =>
                {
                    self.doubt(it.span());
                }
                other => self.invalid(other.span()),
            }
        }
    }

    fn invalid(&mut self, span: crate::Span) {
        self.refuse(span, "no constant expression can hold this");
    }

    fn class_constant(&mut self, it: &crate::ast::ClassConstant<'a>) {
        self.late.insert(it.span.start);
        let Expression::Name(name) = it.class else {
            self.invalid(it.span);
            return;
        };
        if self.special(name).is_some_and(|special| special == b"static") {
            self.invalid(it.span);
        }
        if !matches!(it.name, MemberName::Identifier(_)) {
            self.doubt(it.span);
        }
    }

    fn created(&mut self, it: &New<'a>, open: &mut Vec<Expression<'a>>) {
        self.late.insert(it.span.start);
        match it.class {
            Expression::Name(name) if self.special(name).is_none_or(|it| it != b"static") => {}
            other => self.invalid(other.span()),
        }
        for argument in it.arguments.iter().flat_map(|it| it.list) {
            match argument {
                Argument::Expression(it) => open.push(*it),
                Argument::NamedArgument(it) => open.push(it.value),
                other => self.invalid(other.span()),
            }
        }
    }

    /// What PHP knows of a value when it compiles the file; none if that is nothing.
    pub(super) fn kind(&self, value: Expression<'a>) -> Option<Kind> {
        self.kind_within(value, MAX_LEVELS)
    }

    fn kind_within(&self, value: Expression<'a>, levels: u32) -> Option<Kind> {
        let levels = levels.checked_sub(1)?;
        match value {
            Expression::Integer(_) => Some(Kind::Int),
            Expression::Float(_) => Some(Kind::Float),
            Expression::StringLiteral(_) => Some(Kind::String),
            Expression::Interpolated(it)
                if it.parts.iter().all(|part| matches!(part, StringPart::Text(_))) =>
            {
                Some(Kind::String)
            }
            Expression::Parenthesized(it) => self.kind_within(it.inner, levels),
            Expression::Array(_) => Some(Kind::Array),
            Expression::Constant(it) => known_constant(self.text(it.span)),
            Expression::MagicConstant(it) => match it.kind {
                tilde_lexer::TokenKind::Line => Some(Kind::Int),
                _ => Some(Kind::String),
            },
            Expression::Unary(it) => match (it.operator, self.kind_within(it.operand, levels)?) {
                (UnaryOperator::Plus | UnaryOperator::Minus, kind @ (Kind::Int | Kind::Float)) => {
                    Some(kind)
                }
                (UnaryOperator::Not, _) => Some(Kind::Bool),
                _ => None,
            },
            Expression::ClassConstant(it) => self.known_class_constant(it),
            Expression::Binary(it) => {
                let left = self.kind_within(it.left, levels)?;
                binary(it.operator, left, self.kind_within(it.right, levels)?)
            }
            _ => None,
        }
    }

    fn known_class_constant(&self, it: &crate::ast::ClassConstant<'a>) -> Option<Kind> {
        let (Expression::Name(class), MemberName::Identifier(name)) = (it.class, it.name) else {
            return None;
        };
        let name = self.text(name.span);
        if name.eq_ignore_ascii_case(b"class") {
            return Some(Kind::String);
        }
        let members = self.classes.last()?;
        let is_own = self.special(class).is_some_and(|it| it == b"self")
            || members.name.is_some() && self.class_name(class) == members.name;
        is_own.then(|| members.constants.get(name).copied().flatten())?
    }
}

fn known_constant(name: &[u8]) -> Option<Kind> {
    let name = name.strip_prefix(b"\\").unwrap_or(name);
    match &*name.to_ascii_lowercase() {
        b"null" => return Some(Kind::Null),
        b"true" => return Some(Kind::True),
        b"false" => return Some(Kind::False),
        _ => {}
    }
    let is_in = |prefix: &[u8]| name.starts_with(prefix);
    match name {
        b"PHP_EOL"
        | b"DIRECTORY_SEPARATOR"
        | b"PATH_SEPARATOR"
        | b"PHP_VERSION"
        | b"PHP_OS"
        | b"PHP_OS_FAMILY"
        | b"PHP_SAPI" => Some(Kind::String),
        b"PHP_INT_MAX" | b"PHP_INT_MIN" | b"PHP_INT_SIZE" | b"PHP_VERSION_ID" => Some(Kind::Int),
        b"NAN" | b"INF" => Some(Kind::Float),
        _ if is_in(b"M_") => Some(Kind::Float),
        _ if is_in(b"E_") || is_in(b"SORT_") || is_in(b"LOCK_") => Some(Kind::Int),
        _ => None,
    }
}

fn binary(operator: BinaryOperator, left: Kind, right: Kind) -> Option<Kind> {
    use BinaryOperator as B;
    let is_number = |kind| matches!(kind, Kind::Int | Kind::Float);
    match operator {
        B::Concat if left != Kind::Array && right != Kind::Array => Some(Kind::String),
        B::Add | B::Subtract | B::Multiply if is_number(left) && is_number(right) => {
            // Of two integers it may be a float.
            (left == Kind::Float || right == Kind::Float).then_some(Kind::Float)
        }
        B::BitwiseAnd | B::BitwiseOr | B::BitwiseXor if left == Kind::Int && right == Kind::Int => {
            Some(Kind::Int)
        }
        B::BooleanAnd
        | B::BooleanOr
        | B::LogicalAnd
        | B::LogicalOr
        | B::LogicalXor
        | B::Equal
        | B::NotEqual
        | B::Identical
        | B::NotIdentical
        | B::Greater
        | B::GreaterOrEqual
        | B::Smaller
        | B::SmallerOrEqual => Some(Kind::Bool),
        B::Spaceship => Some(Kind::Int),
        _ => None,
    }
}
