//! One member: its bytes, its tokens and what its tree says, from one lex and
//! one parse.
//!
//! The tree itself is gone when a module is made: all that later phases need of
//! it is in [`Facts`]. Code in `//[RUNTIME]` blocks that are left out is no part
//! of the program, so it is blanked before the parse; the tokens are those of
//! the source as it is.

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::sync::Arc;

use tilde_lexer::{TokenKind, Version};
use tilde_syntax::{Arena, Span, SyntaxError, Token, Tokens, parse, refused};

use crate::diagnostic::Diagnostic;
use crate::facts::{Declaration, Facts, MAX_DECLARATIONS};
use crate::range::{self, range_of_versions};
use crate::report::{Obstacle, Reason};
use crate::scan::Scanned;
use crate::source::SourceId;
use crate::style::gap::is_unterminated;
use crate::{Recipe, RuntimeBlocks, Scope, State, runtime};

/// When a member runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Load {
    /// Where the bundle is loaded.
    AtOnce,
    /// When something asks for it.
    OnDemand,
}

/// What the code of a member becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// It stands in the bundle as in its file: PHP declares functions and plain
    /// classes before anything runs.
    Inline,
    /// The same, but declarations are there only from their places on.
    Guarded,
    /// The body of a function, in which nothing is declared ahead of its place.
    Function,
}

/// A declaration that PHP makes before the code of its file runs.
#[derive(Clone, Debug)]
pub(crate) struct First {
    pub(crate) index: usize,
    /// The class that has to be there then, or PHP makes the declaration at its place;
    /// none if it always is.
    pub(crate) parent: Option<Vec<u8>>,
}

/// What is known of one member.
pub(crate) struct Module {
    pub(crate) source: SourceId,
    pub(crate) load: Load,
    /// Which file of the bundle it is in.
    pub(crate) file: usize,
    /// What keeps it out of the bundle's own file, unless it is alone.
    pub(crate) obstacle: Option<Obstacle>,
    /// It shares that file with no other member.
    pub(crate) is_alone: bool,
    pub(crate) shape: Shape,
    /// Why it has that shape, or a file of its own.
    pub(crate) reason: Reason,
    /// The declarations that come before all else.
    pub(crate) first: Vec<First>,
    /// Whether most rules have nothing to do with it. What is asked of all members is here
    /// as well as in what they are.
    pub(crate) is_plain: bool,
    pub(crate) is_strict: bool,
    /// What it is on its own.
    scanned: Arc<Scanned>,
}

/// What is chosen for a member stands beside what it is on its own.
impl Deref for Module {
    type Target = Scanned;

    fn deref(&self) -> &Scanned {
        &self.scanned
    }
}

impl Module {
    /// A member for which nothing is chosen yet.
    pub(crate) fn new(source: SourceId, load: Load, scanned: Arc<Scanned>) -> Self {
        Self {
            source,
            load,
            file: 0,
            obstacle: None,
            is_alone: false,
            shape: Shape::Inline,
            reason: Reason::Plain,
            first: Vec::new(),
            is_plain: scanned.is_plain,
            is_strict: scanned.facts.is_strict(),
            scanned,
        }
    }

    /// The tokens that do something: no blanks, comments or removed blocks.
    pub(crate) fn significant(&self) -> impl DoubleEndedIterator<Item = Token> + '_ {
        self.tokens.iter().filter(|token| !token.kind.is_trivia() && !self.is_removed(token.span))
    }

    /// Whether a place is in a block that is left out.
    pub(crate) fn is_removed(&self, span: Span) -> bool {
        let next = self.removed.partition_point(|block| block.end <= span.start);
        self.removed.get(next).is_some_and(|block| block.contains(span))
    }

    /// Whether nothing happens when the member is read but declarations.
    pub(crate) fn only_declares(&self) -> bool {
        self.is_plain || self.facts.first_effect.is_none() && self.facts.halt.is_none()
    }

    /// What it is on its own, for whoever changes the module meanwhile.
    pub(crate) fn scanned(&self) -> Arc<Scanned> {
        self.scanned.clone()
    }

    /// Whether it runs when something asks for it.
    pub(crate) fn is_on_demand(&self) -> bool {
        self.load == Load::OnDemand
    }

    /// Whether its code runs in the bundle's own file or a companion that is required
    /// at its place: not when a function is called.
    pub(crate) fn runs_at_place(&self) -> bool {
        !self.is_function() && !self.is_on_demand()
    }

    /// Gives it a shape. What is alone keeps the reason for that.
    pub(crate) fn take_shape(&mut self, shape: Shape, reason: Reason) {
        self.shape = shape;
        if !self.is_alone {
            self.reason = reason;
        }
    }

    /// Whether it is loaded by a function, so that its variables are its own.
    pub(crate) fn is_called(&self, recipe: &Recipe) -> bool {
        self.is_on_demand() || recipe.scope == Scope::Own
    }

    /// Whether its code is the body of a function.
    pub(crate) fn is_function(&self) -> bool {
        self.shape == Shape::Function
    }

    /// Whether PHP declares this before the first statement of the bundle runs, if
    /// its parent is there.
    pub(crate) fn hoists(&self, declaration: &Declaration) -> bool {
        self.shape == Shape::Inline && declaration.is_hoisted_by_all
    }

    /// Whether the member does nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        !self.is_plain && self.facts.is_empty
    }
}

impl Scanned {
    /// What a source of at most `u32::MAX` bytes is.
    pub(crate) fn of(text: Arc<Vec<u8>>, recipe: &Recipe, arena: &mut Arena) -> Self {
        let options = recipe.lexer;
        let (removed, mut findings) = match recipe.runtime_blocks {
            RuntimeBlocks::Remove => runtime::blocks(SELF, &text, options),
            RuntimeBlocks::Keep => (Vec::new(), Vec::new()),
        };
        let program = if removed.is_empty() {
            Cow::Borrowed(&**text)
        } else {
            Cow::Owned(runtime::blanked(&text, &removed))
        };
        let mut parsed = read(&program, recipe, arena);
        let versions = (recipe.oldest, options);
        let of_range = match &parsed {
            Ok((tokens, _)) => range::of_member(SELF, &program, versions, tokens, arena),
            Err(_) => range_of_versions(SELF, &program, recipe.oldest, options),
        };
        if let (Ok((tokens, _)), false) = (&mut parsed, removed.is_empty()) {
            *tokens = Tokens::lex(&text, options);
        }
        let (tokens, facts) = parsed.unwrap_or_else(|error| {
            findings.push(unparsed(&error, &text, !removed.is_empty(), recipe));
            (Tokens::default(), Facts::default())
        });
        let (tokens, facts) = match too_many(&facts) {
            None => (tokens, facts),
            Some(finding) => {
                findings.push(finding);
                (Tokens::default(), Facts::default())
            }
        };
        findings.extend(of_range);
        if options.version < Version::V5_3 {
            findings.extend(dropped_quote(&tokens, &text));
        }
        let is_plain = facts.is_plain()
            && removed.is_empty()
            && findings.is_empty()
            && is_one_piece(&tokens, &text);
        let tags = tokens.iter().skip(1).filter(|token| token.kind == TokenKind::OpenTag).collect();
        drop(program);
        Self { text, tokens, tags, removed, facts, findings, is_read: true, is_plain }
    }
}

/// Whether a text is PHP code from its first byte on, and ends as such.
fn is_one_piece(tokens: &Tokens, text: &[u8]) -> bool {
    let mut kinds = tokens.iter().map(|token| token.kind);
    let is_tag = |kind| matches!(kind, TokenKind::OpenTag | TokenKind::InlineHtml);
    let last = tokens.iter().next_back();
    kinds.next() == Some(TokenKind::OpenTag)
        && !kinds.any(is_tag)
        && last.is_some_and(|it| !is_unterminated(it.kind, it.span.of(text)))
}

/// The member itself, whichever it will be.
const SELF: SourceId = SourceId(0);

/// A member that declares more than that.
fn too_many(facts: &Facts) -> Option<Diagnostic> {
    if !facts.has_too_many() {
        return None;
    }
    let message = format!(
        "the file has more than {MAX_DECLARATIONS} declarations, which no file in a bundle has"
    );
    let last = facts.declarations.last().map_or(0..0, |it| range(it.span));
    let finding = Diagnostic::error("T-DECLARATIONS", message).label(SELF, last, "one too many");
    Some(finding.help("write it in several files, or leave it out"))
}

/// A quote without an end, which PHP 5.2 drops and goes on: in a bundle, one of what follows
/// would be its end.
fn dropped_quote(tokens: &Tokens, text: &[u8]) -> Option<Diagnostic> {
    let is_quote = |it: &Token| it.kind == TokenKind::Dropped && it.span.of(text) == b"'";
    let quote = tokens.iter().find(is_quote)?;
    let message =
        "PHP 5.2 leaves this quote out, which has no end here, but may have one in a bundle";
    let finding = Diagnostic::error("T-SYNTAX", message).label(SELF, range(quote.span), "");
    Some(finding.help("remove the quote"))
}

/// A member that PHP's parser does not accept.
fn unparsed(error: &SyntaxError, text: &[u8], is_blanked: bool, recipe: &Recipe) -> Diagnostic {
    let help = if is_blanked {
        "correct the file; it is read without its `//[RUNTIME]` blocks"
    } else {
        "correct the file, or choose the PHP version that it is written for"
    };
    let mut finding = syntax_error(SELF, error, text);
    if recipe.oldest < recipe.lexer.version {
        finding.message = format!("{} in PHP {}", finding.message, recipe.lexer.version);
    }
    finding.help(help)
}

fn read(text: &[u8], recipe: &Recipe, arena: &mut Arena) -> Result<(Tokens, Facts), SyntaxError> {
    arena.reset();
    let tree = parse(text, recipe.lexer, arena)?;
    let mut facts = Facts::of(&tree, recipe.oldest);
    facts.body.refused = refused(&tree, recipe.oldest);
    let facts = match recipe.state {
        State::Keep => facts,
        State::Instrument => facts.with_state(&tree),
    };
    Ok((tree.into_tokens(), facts))
}

/// A mistake as a finding: where PHP stops, from the line on that PHP reports,
/// and what may be the cause.
#[must_use]
pub fn syntax_error(source: SourceId, error: &SyntaxError, text: &[u8]) -> Diagnostic {
    let mut diagnostic = Diagnostic::error("T-SYNTAX", error.to_string());
    let line = line_range(text, error.line as usize);
    let end = range(error.span).end.min(text.len());
    let start = range(error.span).start.max(line.start).min(end);
    // PHP reports a heredoc that is indented wrongly in a line beside it.
    if start < line.start || (start >= line.end && line.end < text.len()) {
        diagnostic = diagnostic.label(source, trimmed(text, line), "");
    }
    match &error.cause {
        None => diagnostic.label(source, start..end, ""),
        Some(cause) if cause.span == error.span => {
            diagnostic.label(source, start..end, cause.to_string())
        }
        Some(cause) => diagnostic.label(source, start..end, "").label(
            source,
            range(cause.span).start.min(text.len())..range(cause.span).end.min(text.len()),
            cause.to_string(),
        ),
    }
}

/// The bytes of a line, counted from 1, with its line break.
fn line_range(text: &[u8], line: usize) -> Range<usize> {
    let ends =
        |at: &usize| text[*at] == b'\n' || (text[*at] == b'\r' && text.get(at + 1) != Some(&b'\n'));
    let mut starts = (0..text.len()).filter(ends).map(|at| at + 1);
    let start = line.checked_sub(2).map_or(Some(0), |before| starts.nth(before));
    let start = start.unwrap_or(text.len());
    start..starts.next().unwrap_or(text.len())
}

/// A line without the blanks around it.
fn trimmed(text: &[u8], line: Range<usize>) -> Range<usize> {
    let bytes = text[line.clone()].trim_ascii_end();
    line.start + bytes.len() - bytes.trim_ascii_start().len()..line.start + bytes.len()
}

/// A place as labels have it.
pub(crate) fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

/// Whether a token counts in the proof.
pub(crate) fn is_significant(kind: TokenKind, has_docs: bool) -> bool {
    match kind {
        TokenKind::DocComment => has_docs,
        _ => !kind.is_trivia(),
    }
}
