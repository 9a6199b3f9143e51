//! The names of all tokens, PHP's own where PHP has one.
//!
//! One table holds everything that is known of a kind. A variant is called
//! after PHP's constant (`T_INLINE_HTML` is `InlineHtml`), also where that name
//! is odd: `String` is an identifier, not a string literal.
//!
//! The patterns are those of PHP's scripting mode that a table says best:
//! operators and casts, in the newest version's form. [`crate::Lexer`] takes
//! them back for an older PHP and finds all other kinds itself.

use logos::Logos;

macro_rules! token_kinds {
    (
        without_pattern { $($(#[$plain_doc:meta])* $plain:ident = $plain_name:literal,)* }
        with_pattern {
            $($(#[$doc:meta])* $kind:ident = $name:literal => $($pattern:ident $of:tt)+,)*
        }
    ) => {
        /// What a token is, in PHP's terms. A newer PHP may bring more kinds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum TokenKind {
            $(
                $(#[$plain_doc])*
                #[doc = concat!("`` ", $plain_name, " ``")]
                $plain,
            )*
            $(
                $(#[$doc])*
                #[doc = concat!("`` ", $name, " ``")]
                $kind,
            )*
        }

        impl TokenKind {
            /// Every kind, in no order that means anything.
            pub const ALL: &[Self] = &[$(Self::$plain,)* $(Self::$kind,)*];

            /// The name that `PhpToken::getTokenName()` gives (before PHP 8:
            /// `token_name()`, or the character itself), such as
            /// `T_OPEN_TAG` or `;`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$plain => $plain_name,)*
                    $(Self::$kind => $name,)*
                }
            }
        }

        /// The kinds that have a pattern. logos is no part of the interface, so that these
        /// are an enum of their own.
        #[derive(Logos, Clone, Copy)]
        #[logos(utf8 = false)]
        pub(crate) enum Pattern {
            $($(#[$pattern $of])+ $kind,)*
        }

        impl Pattern {
            #[inline]
            pub(crate) fn kind(self) -> TokenKind {
                match self {
                    $(Self::$kind => TokenKind::$kind,)*
                }
            }
        }
    };
}

token_kinds! {
    without_pattern {
        // All that can hold a line break: `may_hold_newline` relies on the order.
        InlineHtml = "T_INLINE_HTML",
        OpenTag = "T_OPEN_TAG",
        CloseTag = "T_CLOSE_TAG",
        Whitespace = "T_WHITESPACE",
        Comment = "T_COMMENT",
        DocComment = "T_DOC_COMMENT",
        ConstantEncapsedString = "T_CONSTANT_ENCAPSED_STRING",
        EncapsedAndWhitespace = "T_ENCAPSED_AND_WHITESPACE",
        StartHeredoc = "T_START_HEREDOC",
        YieldFrom = "T_YIELD_FROM",
        OpenTagWithEcho = "T_OPEN_TAG_WITH_ECHO",

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

        // The parts of a string with interpolation.
        DoubleQuote = "\"",
        Backtick = "`",
        EndHeredoc = "T_END_HEREDOC",
        DollarOpenCurlyBraces = "T_DOLLAR_OPEN_CURLY_BRACES",
        CurlyOpen = "T_CURLY_OPEN",
        StringVarname = "T_STRING_VARNAME",
        NumString = "T_NUM_STRING",
        /// PHP 5.2 only.
        Character = "T_CHARACTER",

        // Keywords, and then magic constants: `is_word` relies on the order.
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

        // Operators of more than one character.
        AmpersandFollowedByVarOrVararg = "T_AMPERSAND_FOLLOWED_BY_VAR_OR_VARARG",
        AmpersandNotFollowedByVarOrVararg = "T_AMPERSAND_NOT_FOLLOWED_BY_VAR_OR_VARARG",
        /// `#[`, from PHP 8.0.
        Attribute = "T_ATTRIBUTE",

        // Single characters, which PHP names by themselves.
        /// `'`, only where it opens a string that never ends and in PHP 5.2.
        SingleQuote = "'",
    }
    with_pattern {
        // Casts.
        ArrayCast = "T_ARRAY_CAST" => regex(br"\([ \t]*(?i-u:array)[ \t]*\)"),
        BoolCast = "T_BOOL_CAST" => regex(br"\([ \t]*(?i-u:bool(ean)?)[ \t]*\)"),
        DoubleCast = "T_DOUBLE_CAST" => regex(br"\([ \t]*(?i-u:double|float|real)[ \t]*\)"),
        IntCast = "T_INT_CAST" => regex(br"\([ \t]*(?i-u:int(eger)?)[ \t]*\)"),
        ObjectCast = "T_OBJECT_CAST" => regex(br"\([ \t]*(?i-u:object)[ \t]*\)"),
        StringCast = "T_STRING_CAST" => regex(br"\([ \t]*(?i-u:string|binary)[ \t]*\)"),
        UnsetCast = "T_UNSET_CAST" => regex(br"\([ \t]*(?i-u:unset)[ \t]*\)"),
        VoidCast = "T_VOID_CAST" => regex(br"\([ \t]*(?i-u:void)[ \t]*\)"),

        // Operators of more than one character.
        AndEqual = "T_AND_EQUAL" => token(b"&="),
        BooleanAnd = "T_BOOLEAN_AND" => token(b"&&"),
        BooleanOr = "T_BOOLEAN_OR" => token(b"||"),
        Coalesce = "T_COALESCE" => token(b"??"),
        CoalesceEqual = "T_COALESCE_EQUAL" => token(b"??="),
        ConcatEqual = "T_CONCAT_EQUAL" => token(b".="),
        Dec = "T_DEC" => token(b"--"),
        DivEqual = "T_DIV_EQUAL" => token(b"/="),
        DoubleArrow = "T_DOUBLE_ARROW" => token(b"=>"),
        DoubleColon = "T_DOUBLE_COLON" => token(b"::"),
        Ellipsis = "T_ELLIPSIS" => token(b"..."),
        Inc = "T_INC" => token(b"++"),
        IsEqual = "T_IS_EQUAL" => token(b"=="),
        IsGreaterOrEqual = "T_IS_GREATER_OR_EQUAL" => token(b">="),
        IsIdentical = "T_IS_IDENTICAL" => token(b"==="),
        IsNotEqual = "T_IS_NOT_EQUAL" => token(b"!=") token(b"<>"),
        IsNotIdentical = "T_IS_NOT_IDENTICAL" => token(b"!=="),
        IsSmallerOrEqual = "T_IS_SMALLER_OR_EQUAL" => token(b"<="),
        MinusEqual = "T_MINUS_EQUAL" => token(b"-="),
        ModEqual = "T_MOD_EQUAL" => token(b"%="),
        MulEqual = "T_MUL_EQUAL" => token(b"*="),
        NullsafeObjectOperator = "T_NULLSAFE_OBJECT_OPERATOR" => token(b"?->"),
        ObjectOperator = "T_OBJECT_OPERATOR" => token(b"->"),
        OrEqual = "T_OR_EQUAL" => token(b"|="),
        Pipe = "T_PIPE" => token(b"|>"),
        PlusEqual = "T_PLUS_EQUAL" => token(b"+="),
        Pow = "T_POW" => token(b"**"),
        PowEqual = "T_POW_EQUAL" => token(b"**="),
        Sl = "T_SL" => token(b"<<"),
        SlEqual = "T_SL_EQUAL" => token(b"<<="),
        Spaceship = "T_SPACESHIP" => token(b"<=>"),
        Sr = "T_SR" => token(b">>"),
        SrEqual = "T_SR_EQUAL" => token(b">>="),
        XorEqual = "T_XOR_EQUAL" => token(b"^="),

        // Single characters, which PHP names by themselves.
        Semicolon = ";" => token(b";"),
        Comma = "," => token(b","),
        Dot = "." => token(b"."),
        OpenParenthesis = "(" => token(b"("),
        CloseParenthesis = ")" => token(b")"),
        OpenBracket = "[" => token(b"["),
        CloseBracket = "]" => token(b"]"),
        OpenBrace = "{" => token(b"{"),
        CloseBrace = "}" => token(b"}"),
        Equal = "=" => token(b"="),
        Plus = "+" => token(b"+"),
        Minus = "-" => token(b"-"),
        Asterisk = "*" => token(b"*"),
        Slash = "/" => token(b"/"),
        Percent = "%" => token(b"%"),
        Caret = "^" => token(b"^"),
        /// `&` before PHP 8.1, which splits it in two kinds.
        Ampersand = "&" => token(b"&"),
        VerticalBar = "|" => token(b"|"),
        Tilde = "~" => token(b"~"),
        Exclamation = "!" => token(b"!"),
        Less = "<" => token(b"<"),
        Greater = ">" => token(b">"),
        Question = "?" => token(b"?"),
        Colon = ":" => token(b":"),
        At = "@" => token(b"@"),
        Dollar = "$" => token(b"$"),
    }
}

impl TokenKind {
    /// Whether a token of this kind can go over the end of a line.
    #[inline]
    pub(crate) fn may_hold_newline(self) -> bool {
        self as u8 <= Self::YieldFrom as u8
    }

    /// Whether a word is of this kind only in some places, or changes what
    /// comes after it.
    #[inline]
    pub(crate) fn depends_on_context(self) -> bool {
        matches!(
            self,
            Self::Yield
                | Self::Enum
                | Self::Readonly
                | Self::Public
                | Self::Protected
                | Self::Private
                | Self::HaltCompiler
        )
    }

    /// A keyword, or a magic constant such as `__DIR__`.
    #[inline]
    #[must_use]
    pub fn is_word(self) -> bool {
        (Self::Abstract as u8..=Self::TraitC as u8).contains(&(self as u8))
    }

    /// `__CLASS__`, `__DIR__` and their kind.
    #[inline]
    #[must_use]
    pub fn is_magic_constant(self) -> bool {
        (Self::ClassC as u8..=Self::TraitC as u8).contains(&(self as u8))
    }

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
