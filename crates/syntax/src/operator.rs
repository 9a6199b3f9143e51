//! Operators: how tight they bind, and what they are called.
//!
//! The numbers are the lines of PHP's own table of precedence, from the loosest
//! on. A prefix operator stands in it too and decides how far its operand
//! reaches: `print` takes what binds tighter than itself, wherever it stands.

use tilde_lexer::{TokenKind, Version};

use crate::ast::{AssignmentOperator, BinaryOperator, CastKind, UnaryOperator};

/// How tight an operator binds. Higher is tighter.
pub(crate) type Tightness = u8;

/// Everything is tighter: `throw`, `include`, `fn`.
pub(crate) const LOOSEST: Tightness = 0;
const LOGICAL_OR: Tightness = 1;
const LOGICAL_XOR: Tightness = 2;
const LOGICAL_AND: Tightness = 3;
/// The operands of `print`, `yield`, `yield from` and the right sides of
/// assignments: no infix operator is between these.
pub(crate) const ASSIGNMENT: Tightness = 4;
pub(crate) const TERNARY: Tightness = 5;
const COALESCE: Tightness = 6;
const BOOLEAN_OR: Tightness = 7;
const BOOLEAN_AND: Tightness = 8;
const BITWISE_OR: Tightness = 9;
const BITWISE_XOR: Tightness = 10;
const BITWISE_AND: Tightness = 11;
const EQUALITY: Tightness = 12;
const COMPARISON: Tightness = 13;
const PIPE: Tightness = 14;
/// Where `.` is since PHP 8.0.
const CONCATENATION: Tightness = 15;
const SHIFT: Tightness = 16;
/// Where `.` was before PHP 8.0 as well.
pub(crate) const SUM: Tightness = 17;
const PRODUCT: Tightness = 18;
pub(crate) const NOT: Tightness = 19;
pub(crate) const INSTANCEOF: Tightness = 20;
/// `~`, `@`, casts and signs.
pub(crate) const UNARY: Tightness = 21;
const POWER: Tightness = 22;
pub(crate) const CLONE: Tightness = 23;

/// What happens between two operators of the same tightness.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Associativity {
    Left,
    Right,
    /// The second one is a syntax error.
    None,
}

/// A token between two operands.
#[derive(Clone, Copy)]
pub(crate) struct Infix {
    pub(crate) operator: BinaryOperator,
    pub(crate) tightness: Tightness,
    pub(crate) associativity: Associativity,
}

/// The binary operator of a token. `?` and `instanceof` are not among them.
#[inline]
pub(crate) fn infix(kind: TokenKind, version: Version) -> Option<Infix> {
    use Associativity::{Left, None as No, Right};
    use BinaryOperator as B;
    use TokenKind as K;
    let (operator, tightness, associativity) = match kind {
        K::LogicalOr => (B::LogicalOr, LOGICAL_OR, Left),
        K::LogicalXor => (B::LogicalXor, LOGICAL_XOR, Left),
        K::LogicalAnd => (B::LogicalAnd, LOGICAL_AND, Left),
        K::Coalesce => (B::Coalesce, COALESCE, Right),
        K::BooleanOr => (B::BooleanOr, BOOLEAN_OR, Left),
        K::BooleanAnd => (B::BooleanAnd, BOOLEAN_AND, Left),
        K::VerticalBar => (B::BitwiseOr, BITWISE_OR, Left),
        K::Caret => (B::BitwiseXor, BITWISE_XOR, Left),
        K::Ampersand | K::AmpersandFollowedByVarOrVararg | K::AmpersandNotFollowedByVarOrVararg => {
            (B::BitwiseAnd, BITWISE_AND, Left)
        }
        K::IsEqual => (B::Equal, EQUALITY, No),
        K::IsNotEqual => (B::NotEqual, EQUALITY, No),
        K::IsIdentical => (B::Identical, EQUALITY, No),
        K::IsNotIdentical => (B::NotIdentical, EQUALITY, No),
        K::Spaceship => (B::Spaceship, EQUALITY, No),
        K::Less => (B::Smaller, COMPARISON, No),
        K::Greater => (B::Greater, COMPARISON, No),
        K::IsSmallerOrEqual => (B::SmallerOrEqual, COMPARISON, No),
        K::IsGreaterOrEqual => (B::GreaterOrEqual, COMPARISON, No),
        K::Pipe => (B::Pipe, PIPE, Left),
        K::Dot if version >= Version::V8_0 => (B::Concat, CONCATENATION, Left),
        K::Dot => (B::Concat, SUM, Left),
        K::Sl => (B::ShiftLeft, SHIFT, Left),
        K::Sr => (B::ShiftRight, SHIFT, Left),
        K::Plus => (B::Add, SUM, Left),
        K::Minus => (B::Subtract, SUM, Left),
        K::Asterisk => (B::Multiply, PRODUCT, Left),
        K::Slash => (B::Divide, PRODUCT, Left),
        K::Percent => (B::Modulo, PRODUCT, Left),
        K::Pow => (B::Power, POWER, Right),
        _ => return None,
    };
    Some(Infix { operator, tightness, associativity })
}

#[inline]
pub(crate) fn assignment(kind: TokenKind) -> Option<AssignmentOperator> {
    use BinaryOperator as B;
    use TokenKind as K;
    let operator = match kind {
        K::Equal => return Some(AssignmentOperator::Assign),
        K::PlusEqual => B::Add,
        K::MinusEqual => B::Subtract,
        K::MulEqual => B::Multiply,
        K::DivEqual => B::Divide,
        K::ConcatEqual => B::Concat,
        K::ModEqual => B::Modulo,
        K::AndEqual => B::BitwiseAnd,
        K::OrEqual => B::BitwiseOr,
        K::XorEqual => B::BitwiseXor,
        K::SlEqual => B::ShiftLeft,
        K::SrEqual => B::ShiftRight,
        K::PowEqual => B::Power,
        K::CoalesceEqual => B::Coalesce,
        _ => return None,
    };
    Some(AssignmentOperator::Compound(operator))
}

/// The operator before an operand, and how tight it binds.
#[inline]
pub(crate) fn unary(kind: TokenKind, version: Version) -> Option<(UnaryOperator, Tightness)> {
    // In PHP 5.2 `-$a * $b` is `-($a * $b)`.
    let sign = if version >= Version::V5_3 { UNARY } else { SUM + 1 };
    Some(match kind {
        TokenKind::Plus => (UnaryOperator::Plus, sign),
        TokenKind::Minus => (UnaryOperator::Minus, sign),
        TokenKind::Exclamation => (UnaryOperator::Not, NOT),
        TokenKind::Tilde => (UnaryOperator::BitwiseNot, UNARY),
        TokenKind::At => (UnaryOperator::Silence, UNARY),
        _ => return None,
    })
}

#[inline]
pub(crate) fn cast(kind: TokenKind) -> Option<CastKind> {
    Some(match kind {
        TokenKind::ArrayCast => CastKind::Array,
        TokenKind::BoolCast => CastKind::Bool,
        TokenKind::DoubleCast => CastKind::Float,
        TokenKind::IntCast => CastKind::Int,
        TokenKind::ObjectCast => CastKind::Object,
        TokenKind::StringCast => CastKind::String,
        TokenKind::UnsetCast => CastKind::Unset,
        _ => return None,
    })
}

/// Whether a token is one of PHP's kinds of `&`.
#[inline]
pub(crate) fn is_ampersand(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Ampersand
            | TokenKind::AmpersandFollowedByVarOrVararg
            | TokenKind::AmpersandNotFollowedByVarOrVararg
    )
}
