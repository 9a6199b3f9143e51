//! What an output declares: functions, classes and their methods.
//!
//! Found by tokens alone, so that an output which this PHP would not take has symbols
//! too. A function in a function has the name that it gets in the end, without the
//! outer one.

use std::ops::Range;

use tilde_bundle::token::Token;
use tilde_lexer::TokenKind;

/// An index into the symbols of an output; 0 is the code outside of all declarations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SymbolId(pub(super) u32);

impl SymbolId {
    pub(crate) const OUTSIDE: Self = Self(0);

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SymbolKind {
    /// Code that is in no declaration.
    Outside,
    Class,
    Interface,
    Trait,
    Enum,
    Function,
    Method,
}

impl SymbolKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Outside => "code",
            Self::Class => "class",
            Self::Interface => "interface",
            Self::Trait => "trait",
            Self::Enum => "enum",
            Self::Function => "function",
            Self::Method => "method",
        }
    }

    pub(crate) fn is_class(self) -> bool {
        match self {
            Self::Class | Self::Interface | Self::Trait | Self::Enum => true,
            Self::Outside | Self::Function | Self::Method => false,
        }
    }
}

/// A declaration.
#[derive(Clone, Debug)]
pub(crate) struct Symbol {
    pub(crate) kind: SymbolKind,
    /// With its namespace or class: `App\Cart`, `App\Cart::total`, `App\helper`. Empty
    /// for the code outside of all declarations.
    pub(crate) name: String,
    /// The class of a method.
    pub(crate) class: Option<SymbolId>,
    /// From its first byte to its last in the output.
    pub(crate) span: Range<usize>,
}

impl Symbol {
    fn new(kind: SymbolKind, name: String, class: Option<SymbolId>) -> Self {
        Self { kind, name, class, span: 0..0 }
    }

    pub(super) fn extend(&mut self, span: Range<usize>) {
        if self.span.is_empty() {
            self.span = span;
        } else {
            self.span = self.span.start.min(span.start)..self.span.end.max(span.end);
        }
    }

    /// How many bytes it has in the output, with all that it contains.
    pub(crate) fn len(&self) -> usize {
        self.span.end.saturating_sub(self.span.start)
    }

    /// As a person writes it: `App\Cart::total()`.
    pub(crate) fn shown(&self) -> String {
        match self.kind {
            SymbolKind::Outside => "code outside of functions and classes".to_owned(),
            SymbolKind::Function | SymbolKind::Method => format!("{}()", self.name),
            _ => self.name.clone(),
        }
    }
}

/// The declarations so far, and where in them the code is.
pub(super) struct Declarations {
    pub(super) symbols: Vec<Symbol>,
    namespace: String,
    /// Whose blocks are open.
    open: Vec<SymbolId>,
    /// Declared, and its block has not begun.
    pending: Option<SymbolId>,
}

impl Declarations {
    pub(super) fn new() -> Self {
        let outside = Symbol::new(SymbolKind::Outside, String::new(), None);
        Self { symbols: vec![outside], namespace: String::new(), open: Vec::new(), pending: None }
    }

    /// Whose code this is.
    pub(super) fn current(&self) -> SymbolId {
        self.pending.or(self.open.last().copied()).unwrap_or(SymbolId::OUTSIDE)
    }

    /// A token that is no bracket and no blank, with the kind of the one before and all
    /// from it on. Returns what it declares.
    pub(super) fn token(
        &mut self,
        before: Option<TokenKind>,
        rest: &[Token],
        text: &[u8],
    ) -> Option<SymbolId> {
        let next = |at: usize| rest.get(at).map(|token| (token.kind, token.bytes(text)));
        if before.is_some_and(makes_name) {
            return None;
        }
        let kind = match rest[0].kind {
            TokenKind::Namespace => {
                self.enter_namespace(&rest[1..], text);
                return None;
            }
            TokenKind::Function => {
                let is_reference = next(1).is_some_and(|(_, bytes)| bytes == b"&");
                let (_, name) = next(1 + usize::from(is_reference))?;
                return is_word(name).then(|| self.function(name));
            }
            TokenKind::Class => SymbolKind::Class,
            TokenKind::Interface => SymbolKind::Interface,
            TokenKind::Trait => SymbolKind::Trait,
            TokenKind::Enum => SymbolKind::Enum,
            _ => return None,
        };
        let name = match next(1) {
            Some((TokenKind::String, name)) => self.qualified(name),
            _ if kind == SymbolKind::Class => "class@anonymous".to_owned(),
            _ => return None,
        };
        Some(self.declare(Symbol::new(kind, name, None)))
    }

    fn enter_namespace(&mut self, rest: &[Token], text: &[u8]) {
        let is_part = |token: &&Token| {
            matches!(
                token.kind,
                TokenKind::String | TokenKind::NameQualified | TokenKind::NsSeparator
            )
        };
        // `namespace\f()` is a name before PHP 8.
        if rest.first().is_some_and(|token| token.kind == TokenKind::NsSeparator) {
            return;
        }
        let parts = rest.iter().take_while(is_part).map(|token| token.bytes(text));
        let name: Vec<u8> = parts.flatten().copied().collect();
        self.namespace = String::from_utf8_lossy(&name).into_owned();
    }

    fn function(&mut self, name: &[u8]) -> SymbolId {
        let class = self.open.last().filter(|id| self.symbols[id.index()].kind.is_class());
        let class = class.copied();
        let symbol = match class {
            Some(id) => {
                let name = String::from_utf8_lossy(name);
                let name = format!("{}::{name}", self.symbols[id.index()].name);
                Symbol::new(SymbolKind::Method, name, class)
            }
            None => Symbol::new(SymbolKind::Function, self.qualified(name), None),
        };
        self.declare(symbol)
    }

    fn qualified(&self, name: &[u8]) -> String {
        let name = String::from_utf8_lossy(name);
        if self.namespace.is_empty() {
            name.into_owned()
        } else {
            format!("{}\\{name}", self.namespace)
        }
    }

    fn declare(&mut self, symbol: Symbol) -> SymbolId {
        let id = SymbolId(self.symbols.len() as u32);
        self.symbols.push(symbol);
        self.pending = Some(id);
        id
    }

    /// `{`, and which declaration it begins.
    pub(super) fn open_block(&mut self) -> Option<SymbolId> {
        let id = self.pending.take()?;
        self.open.push(id);
        Some(id)
    }

    /// The `}` of a declaration.
    pub(super) fn close_block(&mut self) -> SymbolId {
        self.open.pop().unwrap_or(SymbolId::OUTSIDE)
    }

    /// `;`: a method without a body is over.
    pub(super) fn end_statement(&mut self) {
        self.pending = None;
    }
}

/// Whether what stands after a token is a name, also if it is a keyword.
fn makes_name(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::DoubleColon
            | TokenKind::ObjectOperator
            | TokenKind::Use
            | TokenKind::Function
            | TokenKind::Const
    )
}

fn is_word(name: &[u8]) -> bool {
    name.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_' || *byte >= 0x80)
}
