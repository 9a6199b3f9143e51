//! What a source declares and does at its top level, by tokens alone.
//!
//! A small structural walk: it knows bodies of functions and classes,
//! parentheses, strings with code in them, and the alternative syntax, and
//! takes everything else as it comes. It is no parser: a source that PHP would
//! reject may have an outline all the same.

use tilde_lexer::{TokenKind, Version};

use crate::token::Token;
use TokenKind as K;

/// Positions are indices into `significant`.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// The tokens that are neither trivia nor removed, as token indices.
    pub(crate) significant: Vec<usize>,
    pub(crate) namespaces: Vec<Namespace>,
    pub(crate) imports: Vec<Import>,
    pub(crate) declares: Vec<Declare>,
    pub(crate) declarations: Vec<Declaration>,
    /// Labels for `goto` outside of every function.
    pub(crate) labels: Vec<(Vec<u8>, usize)>,
    /// `return` outside of every function.
    pub(crate) returns: Vec<usize>,
    /// `__FILE__` and `__DIR__`.
    pub(crate) paths: Vec<usize>,
    /// `__LINE__`.
    pub(crate) lines: Vec<usize>,
    pub(crate) halts: Vec<usize>,
    /// Places that would spill over into the next member.
    pub(crate) faults: Vec<Fault>,
}

#[derive(Debug)]
pub(crate) struct Namespace {
    pub(crate) position: usize,
    /// The `{`, `;` or `?>` after the name.
    pub(crate) terminator: usize,
    pub(crate) is_braced: bool,
    /// Nothing but `declare` before it, or another namespace.
    pub(crate) is_allowed: bool,
    /// The `}` of a braced one.
    pub(crate) close: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Symbol {
    Class,
    Function,
    Constant,
}

/// One name of a `use`.
#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) symbol: Symbol,
    pub(crate) namespace: Vec<u8>,
    /// The short name, as PHP compares it.
    pub(crate) short: Vec<u8>,
    /// The full name without a leading backslash, as PHP compares it.
    pub(crate) target: Vec<u8>,
    pub(crate) position: usize,
}

#[derive(Debug)]
pub(crate) struct Declare {
    pub(crate) position: usize,
    /// The `;` or `?>`.
    pub(crate) terminator: usize,
    /// The value of a lone `strict_types`.
    pub(crate) strict: Option<bool>,
    /// Nothing but other declares before it.
    pub(crate) is_first: bool,
}

#[derive(Debug)]
pub(crate) struct Declaration {
    pub(crate) symbol: Symbol,
    pub(crate) namespace: Vec<u8>,
    /// The short name, as PHP compares it.
    pub(crate) short: Vec<u8>,
    pub(crate) position: usize,
    /// Neither in a body nor under a condition.
    pub(crate) is_unconditional: bool,
    /// The full name of the parent class, lower case, and its place.
    pub(crate) parent: Option<(Vec<u8>, usize)>,
}

impl Declaration {
    /// The full name without a leading backslash, as PHP compares it.
    pub(crate) fn full_name(&self) -> Vec<u8> {
        join(&self.namespace, &self.short)
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// A comment or string that never ends.
    Unterminated(usize),
    /// An opening bracket without its closing one.
    Unclosed(usize),
    /// A closing bracket without its opening one.
    Unopened(usize),
    /// The source ends in the middle of a statement, after this.
    Unfinished(usize),
    /// A comment that never ends: a token index, for comments have no position.
    UnterminatedComment(usize),
}

pub(crate) fn outline(
    text: &[u8],
    tokens: &[Token],
    significant: Vec<usize>,
    version: Version,
) -> Outline {
    let mut walker = Walker {
        text,
        tokens,
        version,
        frames: vec![Frame::new(FrameKind::File, 0)],
        namespace: Vec::new(),
        aliases: Vec::new(),
        is_prologue: true,
        is_label_colon: false,
        outline: Outline { significant, ..Outline::default() },
    };
    let mut position = 0;
    while position < walker.outline.significant.len() {
        position = walker.step(position);
    }
    walker.finish()
}

struct Walker<'src> {
    text: &'src [u8],
    tokens: &'src [Token],
    version: Version,
    frames: Vec<Frame>,
    /// The current namespace, lower case.
    namespace: Vec<u8>,
    /// Class imports of the current namespace: short name, full name.
    aliases: Vec<(Vec<u8>, Vec<u8>)>,
    is_prologue: bool,
    /// Whether the last `:` ended a label or a `case`.
    is_label_colon: bool,
    outline: Outline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FrameKind {
    File,
    Namespace,
    /// A block of its own, which PHP 7 compiles as if it were not there.
    Bare,
    Block,
    Function,
    Class,
    /// The kind before it.
    Parenthesis(Option<TokenKind>),
    Bracket,
    /// Code in a string.
    Interpolation,
    DoubleQuote,
    Backtick,
    Heredoc,
}

#[derive(Debug)]
struct Frame {
    kind: FrameKind,
    opener: usize,
    /// What the next `{` opens.
    pending: Option<FrameKind>,
    /// Open `if (…):` and the like.
    alternatives: u32,
    /// Each `?` that still waits for its `:`.
    ternaries: u32,
}

impl Frame {
    fn new(kind: FrameKind, opener: usize) -> Self {
        Self { kind, opener, pending: None, alternatives: 0, ternaries: 0 }
    }
}

impl Walker<'_> {
    fn kind(&self, position: usize) -> Option<TokenKind> {
        let index = *self.outline.significant.get(position)?;
        Some(self.tokens[index].kind)
    }

    fn before(&self, position: usize) -> Option<TokenKind> {
        self.kind(position.checked_sub(1)?)
    }

    fn bytes(&self, position: usize) -> &[u8] {
        let token = self.outline.significant.get(position).map(|&index| self.tokens[index]);
        token.map_or(&[], |token| token.bytes(self.text))
    }

    fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the file's own frame is never popped")
    }

    fn top_kind(&self) -> FrameKind {
        self.frames.last().map_or(FrameKind::File, |frame| frame.kind)
    }

    fn push(&mut self, kind: FrameKind, opener: usize) {
        self.frames.push(Frame::new(kind, opener));
    }

    fn is_outside_functions(&self) -> bool {
        !self
            .frames
            .iter()
            .any(|frame| matches!(frame.kind, FrameKind::Function | FrameKind::Class))
    }

    fn is_outermost(&self) -> bool {
        self.frames.iter().all(|frame| {
            matches!(frame.kind, FrameKind::File | FrameKind::Namespace) && frame.alternatives == 0
        })
    }

    fn is_unconditional(&self) -> bool {
        self.frames.iter().all(|frame| {
            let is_open = match frame.kind {
                FrameKind::File | FrameKind::Namespace => true,
                FrameKind::Bare => self.version >= Version::V7_0,
                _ => false,
            };
            is_open && frame.alternatives == 0
        })
    }

    /// Handles the token and says where to go on.
    fn step(&mut self, position: usize) -> usize {
        let Some(kind) = self.kind(position) else { return position + 1 };
        if matches!(
            self.top_kind(),
            FrameKind::DoubleQuote | FrameKind::Backtick | FrameKind::Heredoc
        ) {
            self.in_string(kind, position);
            return position + 1;
        }
        let was_prologue = self.is_prologue;
        self.is_prologue &= self.keeps_prologue(kind, position);
        if let Some(next) = self.statement(kind, position, was_prologue) {
            return next;
        }
        self.structure(kind, position);
        if !self.is_identifier(position) {
            self.keyword(kind, position);
        }
        position + 1
    }

    fn keeps_prologue(&self, kind: TokenKind, position: usize) -> bool {
        match kind {
            K::OpenTag | K::Declare => true,
            K::InlineHtml => {
                let text = self.bytes(position);
                position == 0 && crate::legacy::shebang_len(text) == Some(text.len())
            }
            _ => false,
        }
    }

    fn in_string(&mut self, kind: TokenKind, position: usize) {
        match (kind, self.top_kind()) {
            (K::DoubleQuote, FrameKind::DoubleQuote)
            | (K::Backtick, FrameKind::Backtick)
            | (K::EndHeredoc, FrameKind::Heredoc) => {
                self.frames.pop();
            }
            (K::CurlyOpen | K::DollarOpenCurlyBraces, _) => {
                self.push(FrameKind::Interpolation, position);
            }
            _ => {}
        }
    }

    /// Statements that are read as a whole.
    fn statement(&mut self, kind: TokenKind, position: usize, was_prologue: bool) -> Option<usize> {
        match kind {
            K::Namespace
                if self.is_outermost() && self.kind(position + 1) != Some(K::NsSeparator) =>
            {
                Some(self.namespace(position, was_prologue))
            }
            K::Use if self.is_outermost() && self.before(position) != Some(K::CloseParenthesis) => {
                Some(self.import(position))
            }
            K::Declare if !self.is_identifier(position) => {
                let next = self.declare(position, was_prologue);
                self.is_prologue = was_prologue && next > position + 1;
                Some(next)
            }
            _ => None,
        }
    }

    fn structure(&mut self, kind: TokenKind, position: usize) {
        match kind {
            K::OpenParenthesis => {
                let head = self.before(position);
                self.push(FrameKind::Parenthesis(head), position);
            }
            K::OpenBracket | K::Attribute => self.push(FrameKind::Bracket, position),
            K::OpenBrace => self.open_brace(position),
            K::CurlyOpen | K::DollarOpenCurlyBraces => {
                self.push(FrameKind::Interpolation, position);
            }
            K::DoubleQuote => self.push(FrameKind::DoubleQuote, position),
            K::Backtick => self.push(FrameKind::Backtick, position),
            K::StartHeredoc => self.push(FrameKind::Heredoc, position),
            K::CloseParenthesis | K::CloseBracket | K::CloseBrace => self.close(kind, position),
            K::EncapsedAndWhitespace | K::SingleQuote => {
                self.outline.faults.push(Fault::Unterminated(position));
            }
            K::Semicolon | K::CloseTag => {
                let top = self.top();
                top.pending = None;
                top.ternaries = 0;
            }
            K::Question => self.top().ternaries += 1,
            K::Colon => self.colon(),
            _ => {}
        }
    }

    fn colon(&mut self) {
        let top = self.top();
        let is_ternary = top.ternaries > 0;
        top.ternaries = top.ternaries.saturating_sub(1);
        self.is_label_colon = !is_ternary;
    }

    fn open_brace(&mut self, position: usize) {
        let is_start = self.is_statement_start(position);
        let pending = self.top().pending.take();
        self.top().ternaries = 0;
        let kind = pending.unwrap_or(if is_start { FrameKind::Bare } else { FrameKind::Block });
        self.push(kind, position);
    }

    fn close(&mut self, kind: TokenKind, position: usize) {
        let fits = match self.top_kind() {
            FrameKind::Parenthesis(_) => kind == K::CloseParenthesis,
            FrameKind::Bracket => kind == K::CloseBracket,
            FrameKind::File => false,
            _ => kind == K::CloseBrace,
        };
        if !fits {
            self.outline.faults.push(Fault::Unopened(position));
            return;
        }
        let Some(frame) = self.frames.pop() else { return };
        match frame.kind {
            FrameKind::Parenthesis(head) => self.after_parenthesis(head, position),
            FrameKind::Namespace => {
                self.namespace.clear();
                self.aliases.clear();
                if let Some(namespace) = self.outline.namespaces.last_mut() {
                    namespace.close = Some(position);
                }
            }
            _ => {}
        }
    }

    fn after_parenthesis(&mut self, head: Option<TokenKind>, position: usize) {
        let is_control =
            matches!(head, Some(K::If | K::While | K::For | K::Foreach | K::Switch | K::Declare));
        if is_control && self.kind(position + 1) == Some(K::Colon) {
            self.top().alternatives += 1;
        }
    }

    fn is_statement_start(&self, position: usize) -> bool {
        match self.before(position) {
            None | Some(K::Semicolon | K::OpenBrace | K::CloseBrace | K::OpenTag | K::CloseTag) => {
                true
            }
            Some(K::Colon) => self.is_label_colon,
            Some(_) => false,
        }
    }

    /// Whether a keyword is only a name here: `$a::class`, `function list()`,
    /// `const RETURN`, `f(return: 1)`.
    fn is_identifier(&self, position: usize) -> bool {
        let before = self.before(position);
        let after = self.kind(position + 1);
        let is_in_class = self.top_kind() == FrameKind::Class;
        match before {
            Some(K::ObjectOperator | K::NullsafeObjectOperator | K::DoubleColon | K::Const) => true,
            Some(K::Function) => after == Some(K::OpenParenthesis),
            Some(
                K::Ampersand
                | K::AmpersandFollowedByVarOrVararg
                | K::AmpersandNotFollowedByVarOrVararg,
            ) => position > 1 && self.kind(position - 2) == Some(K::Function),
            Some(K::OpenParenthesis | K::Comma) if after == Some(K::Colon) => true,
            Some(K::Case | K::As | K::InsteadOf) => is_in_class,
            _ => is_in_class && after == Some(K::Equal),
        }
    }

    fn keyword(&mut self, kind: TokenKind, position: usize) {
        match kind {
            K::Class | K::Interface | K::Trait | K::Enum => self.class(kind, position),
            K::Function => self.function(position),
            K::Const if self.is_outermost() => self.constants(position),
            K::Return if self.is_outside_functions() => self.outline.returns.push(position),
            K::File | K::Dir => self.outline.paths.push(position),
            K::Line => self.outline.lines.push(position),
            K::HaltCompiler => self.outline.halts.push(position),
            K::EndIf | K::EndWhile | K::EndFor | K::EndForeach | K::EndSwitch | K::EndDeclare => {
                let top = self.top();
                top.alternatives = top.alternatives.saturating_sub(1);
            }
            K::String => self.label(position),
            _ => {}
        }
    }

    fn label(&mut self, position: usize) {
        let is_label = self.kind(position + 1) == Some(K::Colon)
            && self.is_statement_start(position)
            && self.is_outside_functions()
            && !matches!(self.top_kind(), FrameKind::Parenthesis(_) | FrameKind::Bracket);
        if is_label {
            let name = self.bytes(position).to_vec();
            self.outline.labels.push((name, position));
        }
    }

    fn class(&mut self, kind: TokenKind, position: usize) {
        self.top().pending = Some(FrameKind::Class);
        let name = position + 1;
        let is_anonymous = matches!(
            self.kind(name),
            None | Some(K::OpenParenthesis | K::OpenBrace | K::Extends | K::Implements)
        );
        if is_anonymous {
            return;
        }
        let parent = if kind == K::Class && self.kind(name + 1) == Some(K::Extends) {
            let (parent, _) = self.name(name + 2);
            Some((self.resolve(&parent), name + 2))
        } else {
            None
        };
        self.declare_symbol(Symbol::Class, name, parent);
    }

    fn function(&mut self, position: usize) {
        self.top().pending = Some(FrameKind::Function);
        let is_reference = self.bytes(position + 1) == b"&";
        let name = position + 1 + usize::from(is_reference);
        let is_method = self.top_kind() == FrameKind::Class;
        if is_method || matches!(self.kind(name), None | Some(K::OpenParenthesis)) {
            return;
        }
        self.declare_symbol(Symbol::Function, name, None);
    }

    fn constants(&mut self, position: usize) {
        let mut name = position + 1;
        while let Some(kind) = self.kind(name) {
            let starts = matches!(self.before(name), Some(K::Const | K::Comma));
            if starts && self.kind(name + 1) == Some(K::Equal) {
                self.declare_symbol(Symbol::Constant, name, None);
            }
            if matches!(kind, K::Semicolon | K::CloseTag) {
                return;
            }
            name += 1;
        }
    }

    fn declare_symbol(
        &mut self,
        symbol: Symbol,
        position: usize,
        parent: Option<(Vec<u8>, usize)>,
    ) {
        let declaration = Declaration {
            symbol,
            namespace: self.namespace.clone(),
            short: folded(symbol, self.bytes(position)),
            position,
            is_unconditional: self.is_unconditional(),
            parent,
        };
        self.outline.declarations.push(declaration);
    }

    fn namespace(&mut self, position: usize, was_prologue: bool) -> usize {
        let (name, terminator) = self.name(position + 1);
        let is_braced = self.kind(terminator) == Some(K::OpenBrace);
        self.namespace = name.to_ascii_lowercase();
        self.aliases.clear();
        self.outline.namespaces.push(Namespace {
            position,
            terminator,
            is_braced,
            is_allowed: was_prologue || !self.outline.namespaces.is_empty(),
            close: None,
        });
        if is_braced {
            self.top().pending = Some(FrameKind::Namespace);
        }
        terminator
    }

    /// The name from a position on, as written, and where it ends.
    fn name(&self, start: usize) -> (Vec<u8>, usize) {
        let mut name = Vec::new();
        let mut end = start;
        while let Some(kind) = self.kind(end) {
            let bytes = self.bytes(end);
            let is_word = bytes.first().is_some_and(u8::is_ascii_alphabetic);
            let is_clause = matches!(kind, K::Extends | K::Implements | K::As) && end > start;
            let is_name = is_word
                || matches!(
                    kind,
                    K::String
                        | K::NsSeparator
                        | K::NameQualified
                        | K::NameFullyQualified
                        | K::NameRelative
                );
            if is_clause || !is_name {
                break;
            }
            name.extend_from_slice(bytes);
            end += 1;
        }
        (name, end)
    }

    /// The full name of a class, lower case, without a leading backslash.
    fn resolve(&self, name: &[u8]) -> Vec<u8> {
        let name = name.to_ascii_lowercase();
        if let Some(full) = name.strip_prefix(b"\\") {
            return full.to_vec();
        }
        if let Some(rest) = name.strip_prefix(b"namespace\\") {
            return join(&self.namespace, rest);
        }
        let end = memchr::memchr(b'\\', &name).unwrap_or(name.len());
        match self.aliases.iter().find(|(alias, _)| *alias == name[..end]) {
            Some((_, target)) => [target, &name[end..]].concat(),
            None => join(&self.namespace, &name),
        }
    }

    fn import(&mut self, position: usize) -> usize {
        let mut reader = Clause::default();
        let mut next = position + 1;
        while let Some(kind) = self.kind(next) {
            match kind {
                K::Semicolon | K::CloseTag => break,
                K::Function | K::Const if reader.name.is_empty() => {
                    let symbol = if kind == K::Const { Symbol::Constant } else { Symbol::Function };
                    reader.symbol = Some(symbol);
                    if reader.prefix.is_empty() {
                        reader.default = symbol;
                    }
                }
                K::OpenBrace => reader.prefix = std::mem::take(&mut reader.name),
                K::As => {
                    next += 1;
                    reader.alias = Some(self.bytes(next).to_vec());
                }
                K::Comma | K::CloseBrace => self.flush(&mut reader),
                _ => {
                    if reader.name.is_empty() {
                        reader.position = next;
                    }
                    reader.name.extend_from_slice(self.bytes(next));
                }
            }
            next += 1;
        }
        self.flush(&mut reader);
        next
    }

    fn flush(&mut self, clause: &mut Clause) {
        let name = std::mem::take(&mut clause.name);
        let alias = clause.alias.take();
        let symbol = clause.symbol.take().unwrap_or(clause.default);
        if name.is_empty() {
            return;
        }
        let full = [clause.prefix.as_slice(), &name].concat();
        let full = full.strip_prefix(b"\\").unwrap_or(&full);
        let last = memchr::memrchr(b'\\', full).map_or(0, |end| end + 1);
        let short = folded(symbol, alias.as_deref().unwrap_or(&full[last..]));
        let target = join(
            &full[..last.saturating_sub(1)].to_ascii_lowercase(),
            &folded(symbol, &full[last..]),
        );
        if symbol == Symbol::Class {
            self.aliases.push((short.clone(), target.clone()));
        }
        let namespace = self.namespace.clone();
        let position = clause.position;
        self.outline.imports.push(Import { symbol, namespace, short, target, position });
    }

    /// Reads `declare(…);`. Other forms are walked as the code they are.
    fn declare(&mut self, position: usize, is_first: bool) -> usize {
        let mut end = position + 1;
        while self.kind(end).is_some_and(|kind| kind != K::CloseParenthesis) {
            end += 1;
        }
        let terminator = end + 1;
        if !matches!(self.kind(terminator), Some(K::Semicolon | K::CloseTag)) {
            return position + 1;
        }
        let directive: Vec<u8> = (position + 1..terminator)
            .flat_map(|position| self.bytes(position).to_ascii_lowercase())
            .collect();
        let strict = match directive.as_slice() {
            _ if self.version < Version::V7_0 => None,
            b"(strict_types=1)" => Some(true),
            b"(strict_types=0)" => Some(false),
            _ => None,
        };
        self.outline.declares.push(Declare { position, terminator, strict, is_first });
        terminator + 1
    }

    fn finish(mut self) -> Outline {
        for frame in self.frames.iter().skip(1) {
            let fault = match frame.kind {
                FrameKind::DoubleQuote
                | FrameKind::Backtick
                | FrameKind::Heredoc
                | FrameKind::Interpolation => Fault::Unterminated(frame.opener),
                _ => Fault::Unclosed(frame.opener),
            };
            self.outline.faults.push(fault);
        }
        self.end_of_file();
        self.outline
    }

    fn end_of_file(&mut self) {
        if let Some(last) = self.tokens.len().checked_sub(1)
            && is_open_comment(self.tokens[last], self.text)
        {
            self.outline.faults.push(Fault::UnterminatedComment(last));
        }
        if !self.outline.faults.is_empty() {
            return;
        }
        let Some(last) = self.outline.significant.len().checked_sub(1) else { return };
        let is_finished = match self.kind(last) {
            Some(K::Colon) => self.is_label_colon,
            Some(
                K::Semicolon
                | K::CloseBrace
                | K::CloseTag
                | K::InlineHtml
                | K::OpenTag
                | K::HaltCompiler,
            ) => true,
            _ => false,
        };
        if !is_finished {
            self.outline.faults.push(Fault::Unfinished(last));
        }
    }
}

/// A name of a `use` while it is read.
struct Clause {
    prefix: Vec<u8>,
    name: Vec<u8>,
    alias: Option<Vec<u8>>,
    symbol: Option<Symbol>,
    default: Symbol,
    position: usize,
}

impl Default for Clause {
    fn default() -> Self {
        Self {
            prefix: Vec::new(),
            name: Vec::new(),
            alias: None,
            symbol: None,
            default: Symbol::Class,
            position: 0,
        }
    }
}

/// A `/*` comment without its `*/`.
fn is_open_comment(token: Token, text: &[u8]) -> bool {
    let bytes = token.bytes(text);
    matches!(token.kind, K::Comment | K::DocComment)
        && bytes.starts_with(b"/*")
        && (bytes.len() < 4 || !bytes.ends_with(b"*/"))
}

/// A short name as PHP compares it: only constants have a case.
fn folded(symbol: Symbol, name: &[u8]) -> Vec<u8> {
    match symbol {
        Symbol::Class | Symbol::Function => name.to_ascii_lowercase(),
        Symbol::Constant => name.to_vec(),
    }
}

fn join(namespace: &[u8], name: &[u8]) -> Vec<u8> {
    if namespace.is_empty() { name.to_vec() } else { [namespace, b"\\", name].concat() }
}

#[cfg(test)]
mod tests {
    use tilde_lexer::Options;

    use super::*;
    use crate::token::lex;

    fn of(code: &str, version: Version) -> Outline {
        let text = code.as_bytes();
        let tokens = lex(text, Options::new(version));
        let significant =
            (0..tokens.len()).filter(|&index| !tokens[index].kind.is_trivia()).collect();
        outline(text, &tokens, significant, version)
    }

    fn names(names: impl Iterator<Item = Vec<u8>>) -> Vec<String> {
        names.map(|name| String::from_utf8_lossy(&name).into_owned()).collect()
    }

    #[test]
    fn imports_are_read_in_every_form_and_version() {
        let code = "<?php namespace N; use A\\B, \\C as D; use function E\\f; use G\\{H, I as J, const K};";
        for version in [Version::V7_4, Version::V8_0] {
            let found = of(code, version);
            let shorts = names(found.imports.iter().map(|import| import.short.clone()));
            assert_eq!(shorts, ["b", "d", "f", "h", "j", "K"]);
            let targets = names(found.imports.iter().map(|import| import.target.clone()));
            assert_eq!(targets, ["a\\b", "c", "e\\f", "g\\h", "g\\i", "g\\K"]);
        }
    }

    #[test]
    fn parents_are_resolved() {
        let code = "<?php namespace N; use A\\B as C; class D extends C {} class E extends C\\F {}
            class G extends namespace\\H {} class I extends \\J {} class K extends L {}";
        for version in [Version::V7_4, Version::V8_0] {
            let parents = of(code, version).declarations.into_iter();
            let parents = names(parents.filter_map(|found| Some(found.parent?.0)));
            assert_eq!(parents, ["a\\b", "a\\b\\f", "n\\h", "j", "n\\l"]);
        }
    }

    #[test]
    fn names_that_are_keywords_are_no_statements() {
        let code = "<?php class A { const RETURN = __LINE__; function return() { return 1; }
            function class() {} function namespace() { f(return: 1); } use T { a as return; } }
            A::return(); $a->class; A::class; $f = fn() => A::RETURN;";
        let found = of(code, Version::V8_2);
        assert_eq!((found.returns.len(), found.declarations.len(), found.lines.len()), (0, 1, 1));
        assert!(found.faults.is_empty() && found.namespaces.is_empty() && found.imports.is_empty());
    }

    #[test]
    fn conditions_are_seen_in_both_syntaxes() {
        let code = "<?php if (1) { class A {} } if (1): class B {} endif; class C { function f() {
            class D {} } } while (0): endwhile; class E {} $x = new class { };";
        let found = of(code, Version::V8_2);
        let free = found.declarations.iter().filter(|found| found.is_unconditional);
        assert_eq!(names(free.map(|found| found.short.clone())), ["c", "e"]);
    }

    #[test]
    fn labels_are_no_ternaries_and_no_cases() {
        let code = "<?php a: $x = y ? b : c; switch (x) { case D: e: f(g: 1); default: h: } function f() { i: }";
        let labels = of(code, Version::V8_2).labels.into_iter();
        assert_eq!(names(labels.map(|(name, _)| name)), ["a", "e", "h"]);
    }
}
