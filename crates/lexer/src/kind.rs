//! The names of all tokens, PHP's own where PHP has one.
//!
//! One table holds everything that is known of a kind. A variant is called
//! after PHP's constant (`T_INLINE_HTML` is `InlineHtml`), also where that name
//! is odd: `String` is an identifier, not a string literal.

macro_rules! token_kinds {
    ($($(#[$meta:meta])* $kind:ident = $name:literal,)*) => {
        /// What a token is, in PHP's terms.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum TokenKind {
            $(
                $(#[$meta])*
                #[doc = concat!("`", $name, "`")]
                $kind,
            )*
        }

        impl TokenKind {
            /// Every kind, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// The name that `PhpToken::getTokenName()` gives (before PHP 8:
            /// `token_name()`, or the character itself), such as
            /// `T_OPEN_TAG` or `;`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

token_kinds! {
    // Outside of PHP, and the way in and out.
    InlineHtml = "T_INLINE_HTML",
    OpenTag = "T_OPEN_TAG",
    OpenTagWithEcho = "T_OPEN_TAG_WITH_ECHO",
    CloseTag = "T_CLOSE_TAG",

    // Trivia.
    Whitespace = "T_WHITESPACE",
    Comment = "T_COMMENT",
    DocComment = "T_DOC_COMMENT",

    // A byte that PHP cannot use here.
    BadCharacter = "T_BAD_CHARACTER",
    /// Bytes that an old PHP drops without a trace: control characters up to
    /// PHP 7.3, the backslash in PHP 5.2. PHP has no token for them; we keep
    /// the bytes in one of a kind of its own, so that no byte is ever lost.
    Dropped = "TILDE_DROPPED",

    // Names.
    String = "T_STRING",
    NameQualified = "T_NAME_QUALIFIED",
    NameFullyQualified = "T_NAME_FULLY_QUALIFIED",
    NameRelative = "T_NAME_RELATIVE",
    NsSeparator = "T_NS_SEPARATOR",
    Variable = "T_VARIABLE",

    // Literals.
    LNumber = "T_LNUMBER",
    DNumber = "T_DNUMBER",
    ConstantEncapsedString = "T_CONSTANT_ENCAPSED_STRING",

    // The parts of a string with interpolation.
    DoubleQuote = "\"",
    Backtick = "`",
    StartHeredoc = "T_START_HEREDOC",
    EndHeredoc = "T_END_HEREDOC",
    EncapsedAndWhitespace = "T_ENCAPSED_AND_WHITESPACE",
    DollarOpenCurlyBraces = "T_DOLLAR_OPEN_CURLY_BRACES",
    CurlyOpen = "T_CURLY_OPEN",
    StringVarname = "T_STRING_VARNAME",
    NumString = "T_NUM_STRING",
    /// PHP 5.2 only.
    Character = "T_CHARACTER",

    // Keywords.
    Abstract = "T_ABSTRACT",
    Array = "T_ARRAY",
    As = "T_AS",
    Break = "T_BREAK",
    Callable = "T_CALLABLE",
    Case = "T_CASE",
    Catch = "T_CATCH",
    Class = "T_CLASS",
    Clone = "T_CLONE",
    Const = "T_CONST",
    Continue = "T_CONTINUE",
    Declare = "T_DECLARE",
    Default = "T_DEFAULT",
    Do = "T_DO",
    Echo = "T_ECHO",
    Else = "T_ELSE",
    ElseIf = "T_ELSEIF",
    Empty = "T_EMPTY",
    EndDeclare = "T_ENDDECLARE",
    EndFor = "T_ENDFOR",
    EndForeach = "T_ENDFOREACH",
    EndIf = "T_ENDIF",
    EndSwitch = "T_ENDSWITCH",
    EndWhile = "T_ENDWHILE",
    Enum = "T_ENUM",
    Eval = "T_EVAL",
    Exit = "T_EXIT",
    Extends = "T_EXTENDS",
    Final = "T_FINAL",
    Finally = "T_FINALLY",
    Fn = "T_FN",
    For = "T_FOR",
    Foreach = "T_FOREACH",
    Function = "T_FUNCTION",
    Global = "T_GLOBAL",
    Goto = "T_GOTO",
    HaltCompiler = "T_HALT_COMPILER",
    If = "T_IF",
    Implements = "T_IMPLEMENTS",
    Include = "T_INCLUDE",
    IncludeOnce = "T_INCLUDE_ONCE",
    InstanceOf = "T_INSTANCEOF",
    InsteadOf = "T_INSTEADOF",
    Interface = "T_INTERFACE",
    Isset = "T_ISSET",
    List = "T_LIST",
    LogicalAnd = "T_LOGICAL_AND",
    LogicalOr = "T_LOGICAL_OR",
    LogicalXor = "T_LOGICAL_XOR",
    Match = "T_MATCH",
    Namespace = "T_NAMESPACE",
    New = "T_NEW",
    Print = "T_PRINT",
    Private = "T_PRIVATE",
    PrivateSet = "T_PRIVATE_SET",
    Protected = "T_PROTECTED",
    ProtectedSet = "T_PROTECTED_SET",
    Public = "T_PUBLIC",
    PublicSet = "T_PUBLIC_SET",
    Readonly = "T_READONLY",
    Require = "T_REQUIRE",
    RequireOnce = "T_REQUIRE_ONCE",
    Return = "T_RETURN",
    Static = "T_STATIC",
    Switch = "T_SWITCH",
    Throw = "T_THROW",
    Trait = "T_TRAIT",
    Try = "T_TRY",
    Unset = "T_UNSET",
    Use = "T_USE",
    Var = "T_VAR",
    While = "T_WHILE",
    Yield = "T_YIELD",
    YieldFrom = "T_YIELD_FROM",

    // Magic constants.
    ClassC = "T_CLASS_C",
    Dir = "T_DIR",
    File = "T_FILE",
    FuncC = "T_FUNC_C",
    Line = "T_LINE",
    MethodC = "T_METHOD_C",
    NsC = "T_NS_C",
    PropertyC = "T_PROPERTY_C",
    TraitC = "T_TRAIT_C",

    // Casts.
    ArrayCast = "T_ARRAY_CAST",
    BoolCast = "T_BOOL_CAST",
    DoubleCast = "T_DOUBLE_CAST",
    IntCast = "T_INT_CAST",
    ObjectCast = "T_OBJECT_CAST",
    StringCast = "T_STRING_CAST",
    UnsetCast = "T_UNSET_CAST",
    VoidCast = "T_VOID_CAST",

    // Operators of more than one character.
    AmpersandFollowedByVarOrVararg = "T_AMPERSAND_FOLLOWED_BY_VAR_OR_VARARG",
    AmpersandNotFollowedByVarOrVararg = "T_AMPERSAND_NOT_FOLLOWED_BY_VAR_OR_VARARG",
    AndEqual = "T_AND_EQUAL",
    /// `#[`, from PHP 8.0.
    Attribute = "T_ATTRIBUTE",
    BooleanAnd = "T_BOOLEAN_AND",
    BooleanOr = "T_BOOLEAN_OR",
    Coalesce = "T_COALESCE",
    CoalesceEqual = "T_COALESCE_EQUAL",
    ConcatEqual = "T_CONCAT_EQUAL",
    Dec = "T_DEC",
    DivEqual = "T_DIV_EQUAL",
    DoubleArrow = "T_DOUBLE_ARROW",
    DoubleColon = "T_DOUBLE_COLON",
    Ellipsis = "T_ELLIPSIS",
    Inc = "T_INC",
    IsEqual = "T_IS_EQUAL",
    IsGreaterOrEqual = "T_IS_GREATER_OR_EQUAL",
    IsIdentical = "T_IS_IDENTICAL",
    IsNotEqual = "T_IS_NOT_EQUAL",
    IsNotIdentical = "T_IS_NOT_IDENTICAL",
    IsSmallerOrEqual = "T_IS_SMALLER_OR_EQUAL",
    MinusEqual = "T_MINUS_EQUAL",
    ModEqual = "T_MOD_EQUAL",
    MulEqual = "T_MUL_EQUAL",
    NullsafeObjectOperator = "T_NULLSAFE_OBJECT_OPERATOR",
    ObjectOperator = "T_OBJECT_OPERATOR",
    OrEqual = "T_OR_EQUAL",
    Pipe = "T_PIPE",
    PlusEqual = "T_PLUS_EQUAL",
    Pow = "T_POW",
    PowEqual = "T_POW_EQUAL",
    Sl = "T_SL",
    SlEqual = "T_SL_EQUAL",
    Spaceship = "T_SPACESHIP",
    Sr = "T_SR",
    SrEqual = "T_SR_EQUAL",
    XorEqual = "T_XOR_EQUAL",

    // Single characters, which PHP names by themselves.
    Semicolon = ";",
    Comma = ",",
    Dot = ".",
    OpenParenthesis = "(",
    CloseParenthesis = ")",
    OpenBracket = "[",
    CloseBracket = "]",
    OpenBrace = "{",
    CloseBrace = "}",
    Equal = "=",
    Plus = "+",
    Minus = "-",
    Asterisk = "*",
    Slash = "/",
    Percent = "%",
    Caret = "^",
    /// `&` before PHP 8.1, which splits it in two kinds.
    Ampersand = "&",
    VerticalBar = "|",
    Tilde = "~",
    Exclamation = "!",
    Less = "<",
    Greater = ">",
    Question = "?",
    Colon = ":",
    At = "@",
    Dollar = "$",
    /// `'`, only where it opens a string that never ends and in PHP 5.2.
    SingleQuote = "'",
}

impl TokenKind {
    /// White space and comments, which mean nothing to PHP's parser. The tags
    /// are not trivia: `?>` ends a statement.
    #[must_use]
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::Whitespace | Self::Comment | Self::DocComment | Self::Dropped)
    }
}

impl std::fmt::Display for TokenKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
