//! What is wrong with a source, where, and what could stand there.

use std::fmt;

use tilde_lexer::{TokenKind, Version};

use crate::Span;

/// The first mistake in a source: PHP stops there too.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where: the token that cannot stand there; empty at the end of the file.
    pub span: Span,
    /// The line that PHP reports, from 1. It is the last one of a token that has
    /// several.
    pub line: u32,
    /// What could have stood there.
    pub expected: Vec<Expected>,
    /// Why it may have come to this.
    pub cause: Option<Cause>,
}

/// What kind of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A token that cannot stand where it does; none is the end of the file.
    Unexpected(Option<TokenKind>),
    /// A token that is wrong in itself.
    Lexical(LexicalError),
    /// A bracket that is never closed, by its character. PHP has said so since
    /// version 8.0.
    Unclosed(char),
    /// A closing bracket that was never opened.
    Unmatched(char),
    /// Something that PHP's grammar allows and its parser refuses nevertheless,
    /// with a fatal error instead of a parse error.
    Refused(Refusal),
    /// Nesting deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
    TooDeep,
    /// More operators one after the other than [`MAX_CHAIN`](crate::MAX_CHAIN).
    TooLong,
    /// More parameters or imported names in a list than [`MAX_NAMES`](crate::MAX_NAMES).
    TooMany,
}

/// What is wrong with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LexicalError {
    /// `089`.
    InvalidNumber,
    /// `"\u{xyz}"`.
    InvalidEscape,
    /// `"\u{110000}"`.
    EscapeTooLarge,
    /// A line of a heredoc that is indented less than its closing label, whose
    /// indentation this is.
    Indentation(u32),
    /// Tabs and blanks in the indentation of a heredoc.
    MixedIndentation,
    /// `/*` without an end.
    UnterminatedComment,
    /// `(real)`, which PHP 8.0 lost.
    RealCast,
}

/// What PHP's parser refuses with a fatal error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// `public public`, `public private`.
    SecondVisibility,
    /// `static static` and its kind.
    RepeatedModifier,
    /// `final abstract`.
    FinalAbstract,
    /// `static const` and its kind.
    WrongModifier,
    /// `__halt_compiler();` in a block.
    NestedHaltCompiler,
    /// `declare(encoding=A)`.
    EncodingNotLiteral,
    /// `use "a.php";` of PHP 5.2.
    UseOfFile,
}

/// What could have stood in the place of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// A certain token.
    Token(TokenKind),
    /// An expression.
    Expression,
    /// A statement.
    Statement,
    /// A declaration, behind its attributes.
    Declaration,
    /// A member of a class.
    Member,
    /// A name.
    Name,
    /// A name that is no keyword.
    Identifier,
    /// A variable.
    Variable,
    /// Something to assign to, before the token.
    Target,
    /// A type.
    Type,
    /// A constant expression of old PHP.
    Constant,
    /// The rest of a string.
    String,
}

/// Why a mistake was made, perhaps.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cause {
    /// What it may be.
    pub kind: CauseKind,
    /// The place that it is about.
    pub span: Span,
    /// The line of that place, from 1.
    pub line: u32,
}

/// What kind of cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CauseKind {
    /// A bracket or brace opens there and may not be closed.
    Unclosed,
    /// A string, heredoc or command opens there and has no end.
    Unterminated,
    /// A `;` is missing there.
    MissingSemicolon,
    /// What stands there is syntax of a later PHP.
    NeedsVersion(Version),
    /// What stands there is syntax of PHP up to that version.
    LostAfter(Version),
    /// A keyword stands where a name should.
    Keyword,
}

impl SyntaxError {
    /// Whether PHP calls it a parse error. What is none is a fatal error all
    /// the same.
    #[must_use]
    pub fn is_parse_error(&self) -> bool {
        !matches!(self.kind, ErrorKind::Refused(_))
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if !matches!(self.kind, ErrorKind::Unexpected(_)) {
            return Ok(());
        }
        let last = self.expected.len().saturating_sub(1);
        for (index, expected) in self.expected.iter().enumerate() {
            let before = match index {
                0 => ", expected ",
                _ if index == last => " or ",
                _ => ", ",
            };
            write!(f, "{before}{expected}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SyntaxError {}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unexpected(None) => f.write_str("unexpected end of file"),
            Self::Unexpected(Some(kind)) => write!(f, "unexpected {}", Described(*kind)),
            Self::Lexical(error) => write!(f, "{error}"),
            Self::Unclosed(bracket) => write!(f, "unclosed `{bracket}`"),
            Self::Unmatched(bracket) => write!(f, "unmatched `{bracket}`"),
            Self::Refused(refusal) => write!(f, "{refusal}"),
            Self::TooDeep => write!(f, "nested more than {} levels deep", crate::MAX_DEPTH),
            Self::TooLong => {
                write!(f, "a chain of more than {} operators, too many for PHP", crate::MAX_CHAIN)
            }
            Self::TooMany => write!(f, "more than {} names in a list", crate::MAX_NAMES),
        }
    }
}

impl fmt::Display for LexicalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidNumber => f.write_str("an octal number has no digits 8 and 9"),
            Self::InvalidEscape => f.write_str("`\\u{` needs hexadecimal digits and a `}`"),
            Self::EscapeTooLarge => f.write_str("`\\u{…}` is larger than 10FFFF"),
            Self::Indentation(count) => {
                write!(f, "this line of a heredoc needs the indentation of its end, {count}")
            }
            Self::MixedIndentation => {
                f.write_str("tabs and blanks in the indentation of a heredoc")
            }
            Self::UnterminatedComment => f.write_str("this comment has no end"),
            Self::RealCast => f.write_str("PHP 8.0 lost `(real)`: use `(float)`"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SecondVisibility => "more than one visibility",
            Self::RepeatedModifier => "this modifier stands there twice",
            Self::WrongModifier => "this modifier does not go with what follows",
            Self::FinalAbstract => "what is abstract cannot be final",
            Self::NestedHaltCompiler => "`__halt_compiler` cannot stand in a block",
            Self::UseOfFile => "PHP 5.2 does not support `use` yet: use `include_once`",
            Self::EncodingNotLiteral => "an encoding must be a literal",
        })
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(kind) => write!(f, "{}", Described(*kind)),
            Self::Expression => f.write_str("an expression"),
            Self::Statement => f.write_str("a statement"),
            Self::Declaration => f.write_str("a declaration"),
            Self::Member => f.write_str("a member of the class"),
            Self::Name => f.write_str("a name"),
            Self::Identifier => f.write_str("an identifier"),
            Self::Variable => f.write_str("a variable"),
            Self::Target => f.write_str("a variable before it"),
            Self::Type => f.write_str("a type"),
            Self::Constant => f.write_str("a constant expression"),
            Self::String => f.write_str("the rest of the string"),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            CauseKind::Unclosed => write!(f, "this may not be closed (line {})", self.line),
            CauseKind::Unterminated => write!(f, "this has no end (line {})", self.line),
            CauseKind::MissingSemicolon => f.write_str("a `;` may be missing here"),
            CauseKind::NeedsVersion(version) => write!(f, "this needs PHP {version}"),
            CauseKind::LostAfter(version) => write!(f, "this was possible up to PHP {version}"),
            CauseKind::Keyword => f.write_str("this is a keyword and cannot be a name here"),
        }
    }
}

/// A kind of token as people call it.
struct Described(TokenKind);

impl fmt::Display for Described {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0 {
            TokenKind::String => "identifier",
            TokenKind::NameQualified | TokenKind::NameFullyQualified | TokenKind::NameRelative => {
                "qualified name"
            }
            TokenKind::Variable => "variable",
            TokenKind::LNumber | TokenKind::DNumber | TokenKind::NumString => "number",
            TokenKind::ConstantEncapsedString => "string",
            TokenKind::EncapsedAndWhitespace | TokenKind::Character => "text of a string",
            TokenKind::InlineHtml => "HTML",
            TokenKind::StartHeredoc => "start of a heredoc",
            TokenKind::EndHeredoc => "end of a heredoc",
            TokenKind::StringVarname => "name of a variable",
            TokenKind::BadCharacter => "character",
            TokenKind::CloseTag => "`?>`",
            TokenKind::OpenTagWithEcho => "`<?=`",
            kind => return f.write_str(&symbol(kind)),
        };
        f.write_str(text)
    }
}

/// An operator or keyword as it is written. PHP's names of keywords say it:
/// `T_ENDIF`; those of operators do not.
fn symbol(kind: TokenKind) -> String {
    let text = match kind {
        TokenKind::AmpersandFollowedByVarOrVararg
        | TokenKind::AmpersandNotFollowedByVarOrVararg => "&",
        TokenKind::AndEqual => "&=",
        TokenKind::Attribute => "#[",
        TokenKind::BooleanAnd => "&&",
        TokenKind::BooleanOr => "||",
        TokenKind::Coalesce => "??",
        TokenKind::CoalesceEqual => "??=",
        TokenKind::ConcatEqual => ".=",
        TokenKind::CurlyOpen => "{$",
        TokenKind::Dec => "--",
        TokenKind::DivEqual => "/=",
        TokenKind::DollarOpenCurlyBraces => "${",
        TokenKind::DoubleArrow => "=>",
        TokenKind::DoubleColon => "::",
        TokenKind::Ellipsis => "...",
        TokenKind::Inc => "++",
        TokenKind::IsEqual => "==",
        TokenKind::IsGreaterOrEqual => ">=",
        TokenKind::IsIdentical => "===",
        TokenKind::IsNotEqual => "!=",
        TokenKind::IsNotIdentical => "!==",
        TokenKind::IsSmallerOrEqual => "<=",
        TokenKind::MinusEqual => "-=",
        TokenKind::ModEqual => "%=",
        TokenKind::MulEqual => "*=",
        TokenKind::NsSeparator => "\\",
        TokenKind::NullsafeObjectOperator => "?->",
        TokenKind::ObjectOperator => "->",
        TokenKind::OrEqual => "|=",
        TokenKind::Pipe => "|>",
        TokenKind::PlusEqual => "+=",
        TokenKind::Pow => "**",
        TokenKind::PowEqual => "**=",
        TokenKind::Sl => "<<",
        TokenKind::SlEqual => "<<=",
        TokenKind::Spaceship => "<=>",
        TokenKind::Sr => ">>",
        TokenKind::SrEqual => ">>=",
        TokenKind::XorEqual => "^=",
        TokenKind::LogicalAnd => "and",
        TokenKind::LogicalOr => "or",
        TokenKind::LogicalXor => "xor",
        TokenKind::PublicSet => "public(set)",
        TokenKind::ProtectedSet => "protected(set)",
        TokenKind::PrivateSet => "private(set)",
        TokenKind::HaltCompiler => "__halt_compiler",
        TokenKind::YieldFrom => "yield from",
        TokenKind::ClassC => "__CLASS__",
        TokenKind::Dir => "__DIR__",
        TokenKind::File => "__FILE__",
        TokenKind::FuncC => "__FUNCTION__",
        TokenKind::Line => "__LINE__",
        TokenKind::MethodC => "__METHOD__",
        TokenKind::NsC => "__NAMESPACE__",
        TokenKind::PropertyC => "__PROPERTY__",
        TokenKind::TraitC => "__TRAIT__",
        kind => {
            let name = kind.name();
            if let Some(word) = name.strip_prefix("T_") {
                let word = word.to_ascii_lowercase();
                return match word.strip_suffix("_cast") {
                    Some(target) => format!("`({target})`"),
                    None => format!("`{word}`"),
                };
            }
            name
        }
    };
    format!("`{text}`")
}
