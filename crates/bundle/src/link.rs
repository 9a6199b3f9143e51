//! The second phase: what of each member goes in, and what stands in between.
//!
//! Every change to a member's tokens is an edit that is recorded, so that
//! verification can repeat it. The tags are the trap: `?>` is a `;` to PHP's
//! parser and swallows one newline, and `<?php` needs a blank.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tilde_lexer::{Options, TokenKind, Version};

use crate::check::{check, is_empty, is_strict};
use crate::diagnostic::{Diagnostic, Severity};
use crate::legacy::shebang_len;
use crate::outline::Namespace;
use crate::scan::{Module, Scan};
use crate::source::SourceId;
use crate::strip::Docs;
use crate::token::Token;
use crate::{Recipe, Style};

use TokenKind as K;

/// A token that no member holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) kind: TokenKind,
    pub(crate) bytes: Cow<'static, [u8]>,
}

const fn piece(kind: TokenKind, bytes: &'static [u8]) -> Piece {
    Piece { kind, bytes: Cow::Borrowed(bytes) }
}

/// The whole bundle, still as tokens.
pub(crate) struct Plan {
    pub(crate) head: Vec<Piece>,
    /// One for each member that goes in, in order.
    pub(crate) members: Vec<Member>,
}

/// A member and what is changed in it.
pub(crate) struct Member {
    pub(crate) source: SourceId,
    edits: BTreeMap<usize, Edit>,
}

/// What is changed at one token.
#[derive(Default)]
struct Edit {
    before: Vec<Piece>,
    /// What stands for the token; `None` keeps it.
    replacement: Option<Vec<Piece>>,
}

/// One step of writing a bundle.
pub(crate) enum Item<'plan> {
    /// A token, and where in a source it comes from.
    Token(TokenKind, &'plan [u8], Option<(SourceId, Token)>),
    /// What comes next did not follow in the source.
    Edited,
    /// A member ends here.
    MemberEnd,
}

impl Plan {
    /// Gives every token of the bundle in order, trivia included.
    pub(crate) fn visit<'plan>(&'plan self, scan: &'plan Scan, mut visit: impl FnMut(Item<'plan>)) {
        pieces(&self.head, &mut visit);
        for member in &self.members {
            visit(Item::MemberEnd);
            member.visit(scan, &mut visit);
        }
        visit(Item::MemberEnd);
    }
}

fn pieces<'plan>(pieces: &'plan [Piece], visit: &mut impl FnMut(Item<'plan>)) {
    for piece in pieces {
        visit(Item::Edited);
        visit(Item::Token(piece.kind, &piece.bytes, None));
    }
    visit(Item::Edited);
}

impl Member {
    fn new(source: SourceId) -> Self {
        Self { source, edits: BTreeMap::new() }
    }

    fn insert(&mut self, index: usize, piece: Piece) {
        self.edits.entry(index).or_default().before.push(piece);
    }

    fn replace(&mut self, index: usize, pieces: Vec<Piece>) {
        self.edits.entry(index).or_default().replacement = Some(pieces);
    }

    fn remove(&mut self, index: usize) {
        self.replace(index, Vec::new());
    }

    fn is_removed(&self, index: usize) -> bool {
        let edit = self.edits.get(&index);
        edit.and_then(|edit| edit.replacement.as_ref()).is_some_and(Vec::is_empty)
    }

    fn visit<'plan>(&'plan self, scan: &'plan Scan, visit: &mut impl FnMut(Item<'plan>)) {
        let module = &scan.modules[self.source.index()];
        let text = &scan.sources[self.source.index()].text;
        let mut edits = self.edits.iter().peekable();
        for index in 0..=module.tokens.len() {
            let edit = edits.next_if(|(at, _)| **at == index).map(|(_, edit)| edit);
            if let Some(edit) = edit {
                pieces(&edit.before, visit);
            }
            if let Some(replacement) = edit.and_then(|edit| edit.replacement.as_ref()) {
                pieces(replacement, visit);
            } else if let Some(token) = module.tokens.get(index) {
                visit(Item::Token(token.kind, token.bytes(text), Some((self.source, *token))));
            }
        }
    }
}

/// The bundle's plan, unless an error forbids it.
pub(crate) fn link(scan: &Scan, recipe: &Recipe) -> (Option<Plan>, Vec<Diagnostic>) {
    let mut diagnostics = check(scan, recipe);
    let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
    if diagnostics.iter().chain(&scan.diagnostics).any(is_error) {
        return (None, diagnostics);
    }
    let frame = Frame { is_wrapped: is_wrapped(scan, recipe), has_docs: has_docs(recipe) };
    let mut plan = Plan { head: Vec::new(), members: Vec::new() };
    for (index, module) in scan.modules.iter().enumerate() {
        let mut linker = Linker {
            module,
            text: &scan.sources[index].text,
            options: recipe.lexer,
            frame,
            member: Member::new(module.source),
            is_first: index == 0,
            is_last: index + 1 == scan.modules.len(),
            shebang: None,
            diagnostics: &mut diagnostics,
        };
        linker.link();
        plan.head.extend(linker.shebang);
        if !is_empty(module) {
            plan.members.push(linker.member);
        }
    }
    plan.head.push(piece(K::OpenTag, b"<?php\n"));
    if scan.modules.iter().any(is_strict) {
        plan.head.extend(STRICT);
    }
    (Some(plan), diagnostics)
}

const STRICT: [Piece; 7] = [
    piece(K::Declare, b"declare"),
    piece(K::OpenParenthesis, b"("),
    piece(K::String, b"strict_types"),
    piece(K::Equal, b"="),
    piece(K::LNumber, b"1"),
    piece(K::CloseParenthesis, b")"),
    piece(K::Semicolon, b";"),
];

/// What holds for all members.
#[derive(Clone, Copy)]
struct Frame {
    /// Each member is in namespace blocks of its own.
    is_wrapped: bool,
    /// Doc comments stay.
    has_docs: bool,
}

/// A namespace, and also an import, holds to the end of the file, unless it is
/// in a block.
fn is_wrapped(scan: &Scan, recipe: &Recipe) -> bool {
    scan.modules.len() > 1
        && recipe.lexer.version >= Version::V5_3
        && scan.modules.iter().any(|module| {
            !module.outline.namespaces.is_empty() || !module.outline.imports.is_empty()
        })
}

fn has_docs(recipe: &Recipe) -> bool {
    match recipe.style {
        Style::Lines | Style::Tight => recipe.docs == Docs::Keep,
        Style::Php | Style::ThinkPhp20 | Style::ThinkPhp22 => false,
    }
}

struct Linker<'scan> {
    module: &'scan Module,
    text: &'scan [u8],
    options: Options,
    frame: Frame,
    member: Member,
    is_first: bool,
    is_last: bool,
    shebang: Option<Piece>,
    diagnostics: &'scan mut Vec<Diagnostic>,
}

impl Linker<'_> {
    fn link(&mut self) {
        self.remove_runtime_blocks();
        self.replace_lines();
        self.complete_tags();
        let start = self.leading_html();
        self.open(start);
        self.lift_declares();
        if self.frame.is_wrapped {
            self.brace_namespaces();
        }
        self.close();
    }

    fn bytes(&self, index: usize) -> &[u8] {
        self.module.tokens.get(index).map_or(&[], |token| token.bytes(self.text))
    }

    fn kind(&self, index: usize) -> Option<TokenKind> {
        self.module.tokens.get(index).map(|token| token.kind)
    }

    /// The token index of a position.
    fn index(&self, position: usize) -> usize {
        self.module.outline.significant[position]
    }

    fn remove_runtime_blocks(&mut self) {
        for index in self.module.removed.iter().flat_map(Clone::clone) {
            self.member.remove(index);
        }
    }

    fn replace_lines(&mut self) {
        if self.module.outline.lines.is_empty() {
            return;
        }
        let lines: Vec<u32> =
            tilde_lexer::lines(self.text, self.options).map(|(_, _, line)| line).collect();
        for &position in &self.module.outline.lines {
            let index = self.index(position);
            let bytes = Cow::Owned(lines[index].to_string().into_bytes());
            self.member.replace(index, vec![Piece { kind: K::LNumber, bytes }]);
        }
    }

    /// `<?` and a `<?php` that ends its file become `<?php` and a blank.
    fn complete_tags(&mut self) {
        for index in 1..self.module.tokens.len() {
            let bytes = self.bytes(index);
            let is_bare = bytes == b"<?" || bytes.eq_ignore_ascii_case(b"<?php");
            if self.kind(index) == Some(K::OpenTag) && is_bare {
                self.member.replace(index, vec![piece(K::OpenTag, b"<?php ")]);
            }
        }
    }

    /// Handles a BOM or a shebang line; gives the first token that remains.
    fn leading_html(&mut self) -> usize {
        if self.kind(0) != Some(K::InlineHtml) {
            return 0;
        }
        let html = self.bytes(0);
        let span = self.module.tokens[0].span();
        if html.starts_with(b"\xef\xbb\xbf") {
            return self.bom(html.len() == 3 && self.kind(1) == Some(K::OpenTag));
        }
        let Some(len) = shebang_len(html) else { return 0 };
        let (line, rest) = html.split_at(len);
        let line = line.to_vec();
        let rest = rest.to_vec();
        if self.is_first {
            self.shebang = Some(Piece { kind: K::InlineHtml, bytes: Cow::Owned(line) });
        } else {
            let diagnostic =
                Diagnostic::warning("T-SHEBANG", "the `#!` line of this member is left out")
                    .label(self.module.source, span.start..span.start + len, "")
                    .help("only the first member's can start the bundle");
            self.diagnostics.push(diagnostic);
        }
        if rest.is_empty() {
            self.member.remove(0);
            return 1;
        }
        self.member.replace(0, vec![Piece { kind: K::InlineHtml, bytes: Cow::Owned(rest) }]);
        0
    }

    fn bom(&mut self, is_alone: bool) -> usize {
        let start = self.module.tokens[0].span().start;
        let message = if is_alone {
            "the byte order mark of this member is left out"
        } else {
            "this member prints a byte order mark"
        };
        let diagnostic = Diagnostic::warning("T-BOM", message)
            .label(self.module.source, start..start + 3, "")
            .help("save the file without a byte order mark");
        self.diagnostics.push(diagnostic);
        if is_alone {
            self.member.remove(0);
        }
        usize::from(is_alone)
    }

    /// From the bundle's PHP code into the member.
    fn open(&mut self, start: usize) {
        if self.frame.is_wrapped && self.module.outline.namespaces.is_empty() {
            self.member.insert(start, piece(K::Namespace, b"namespace"));
            self.member.insert(start, piece(K::OpenBrace, b"{"));
        }
        match self.kind(start) {
            Some(K::OpenTag) => self.member.remove(start),
            Some(K::InlineHtml) if self.starts_line(start) => {
                self.member.insert(start, piece(K::CloseTag, b"?>\n"));
            }
            Some(K::InlineHtml | K::OpenTagWithEcho) => {
                self.member.insert(start, piece(K::CloseTag, b"?>"));
            }
            _ => {}
        }
    }

    /// Whether the HTML begins with a line break, which `?>` would swallow.
    fn starts_line(&self, start: usize) -> bool {
        let edit = self.member.edits.get(&start);
        let replacement = edit.and_then(|edit| edit.replacement.as_ref()?.first());
        let html = replacement.map_or(self.bytes(start), |piece| &piece.bytes);
        matches!(html.first(), Some(b'\n' | b'\r'))
    }

    /// `declare(strict_types=1)` is the bundle's; doc comments before it belong
    /// to nothing and would else belong to what comes next.
    fn lift_declares(&mut self) {
        for declare in &self.module.outline.declares {
            for position in declare.position..=declare.terminator {
                let index = self.index(position);
                if self.kind(index) != Some(K::CloseTag) {
                    self.member.remove(index);
                }
            }
            for index in 0..self.index(declare.terminator) {
                if self.kind(index) == Some(K::DocComment) {
                    self.member.remove(index);
                }
            }
        }
    }

    fn brace_namespaces(&mut self) {
        let namespaces = &self.module.outline.namespaces;
        let mut unbraced = namespaces.iter().filter(|namespace| !namespace.is_braced);
        if let Some(first) = unbraced.next() {
            self.brace(first);
        }
        for namespace in unbraced {
            let index = self.index(namespace.position);
            self.member.insert(index, piece(K::CloseBrace, b"}"));
            self.brace(namespace);
        }
    }

    fn brace(&mut self, namespace: &Namespace) {
        let index = self.index(namespace.terminator);
        if self.kind(index) == Some(K::CloseTag) {
            self.member.insert(index, piece(K::OpenBrace, b"{"));
        } else {
            self.member.replace(index, vec![piece(K::OpenBrace, b"{")]);
        }
    }

    /// From the member back into the bundle's PHP code.
    fn close(&mut self) {
        let end = self.module.tokens.len();
        let Some(last) = self.module.outline.significant.len().checked_sub(1) else { return };
        let last_index = self.index(last);
        match self.kind(last_index) {
            Some(K::InlineHtml) if self.member.is_removed(last_index) => {}
            Some(K::InlineHtml) => self.member.insert(end, piece(K::OpenTag, b"<?php\n")),
            Some(K::CloseTag) if self.needs_semicolon(last) => {
                self.member.replace(last_index, vec![piece(K::Semicolon, b";")]);
            }
            Some(K::CloseTag) => self.member.remove(last_index),
            _ => {}
        }
        self.remove_trailing_docs(last_index);
        let namespaces = &self.module.outline.namespaces;
        let is_open = namespaces.is_empty() || namespaces.iter().any(|found| !found.is_braced);
        if self.frame.is_wrapped && is_open {
            self.member.insert(end, piece(K::CloseBrace, b"}"));
        } else if self.leaks_doc() {
            self.member.insert(end, piece(K::OpenBrace, b"{"));
            self.member.insert(end, piece(K::CloseBrace, b"}"));
        }
    }

    /// Whether the last `?>` ends a statement. A `;` too many is harmless but
    /// after a namespace's block.
    fn needs_semicolon(&self, last: usize) -> bool {
        let Some(before) = last.checked_sub(1) else { return false };
        let namespaces = &self.module.outline.namespaces;
        let ends_namespace = namespaces.iter().any(|namespace| {
            namespace.close == Some(before) || self.frame.is_wrapped && namespace.terminator == last
        });
        let declares = &self.module.outline.declares;
        let ends_declare = declares.iter().any(|declare| declare.terminator == last);
        let kind = self.kind(self.index(before));
        !ends_namespace && !ends_declare && !matches!(kind, Some(K::Semicolon | K::OpenTag))
    }

    /// A doc comment at the end of a file belongs to nothing, but in a bundle
    /// it would belong to the next member's first declaration.
    fn remove_trailing_docs(&mut self, last: usize) {
        for index in last + 1..self.module.tokens.len() {
            if self.kind(index) == Some(K::DocComment) {
                self.member.remove(index);
            }
        }
    }

    /// PHP keeps a doc comment for the next declaration until it comes to a
    /// `}`: `/** x */ $a = 1;` documents a class that follows.
    fn leaks_doc(&self) -> bool {
        let Some(&end) = self.module.outline.significant.last() else { return false };
        let kinds = self.module.tokens[..=end].iter().rev().map(|token| token.kind);
        let last = kinds.into_iter().find(|kind| matches!(kind, K::DocComment | K::CloseBrace));
        self.frame.has_docs && !self.is_last && last == Some(K::DocComment)
    }
}
