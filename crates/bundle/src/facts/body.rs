//! What matters where the code of a member becomes the body of a function.
//!
//! Imports stay outside of it, and so each namespace of a file is a segment of
//! its own, which begins after the imports at its start. In a function PHP
//! declares nothing ahead of its place, and a variable is the function's.

use foldhash::HashSet;
use tilde_syntax::ast::{self, Parameter, Statement};
use tilde_syntax::{Node, Refused, Span, TokenKind, Tree, Version};

use super::{Collector, Reader, joined};

#[derive(Debug, Default)]
pub(crate) struct Body {
    /// One for each namespace, or one.
    pub(crate) segments: Vec<Segment>,
    /// An import after other code, which cannot be in a function.
    pub(crate) late_import: Option<Span>,
    /// `const A = 1;`, which cannot either.
    pub(crate) constants: Vec<Constants>,
    /// The first place outside of functions that may use what the file declares,
    /// or tell, `include` aside.
    pub(crate) uses: Option<Span>,
    /// The first use of a variable that is in no function.
    pub(crate) variable: Option<Span>,
    /// What sees who loads the file: `$this`, `func_get_args()`.
    pub(crate) loader: Option<Span>,
    /// `__FUNCTION__` and `__METHOD__` in no function.
    pub(crate) function_name: Option<Span>,
    /// What PHP complains about as soon as it compiles the file.
    pub(crate) complaint: Option<Span>,
    /// What PHP refuses when it compiles the file, though its parser takes it.
    pub(crate) fatal: Option<Span>,
    /// The same, by all of the compiler's rules: only known of members.
    pub(crate) refused: Option<Refused>,
    /// Names that `class_alias()` gives to classes, in lower case.
    pub(crate) aliases: Vec<Vec<u8>>,
}

/// `const A = 1, B = 2;`
#[derive(Debug)]
pub(crate) struct Constants {
    pub(crate) span: Span,
    pub(crate) has_attributes: bool,
    /// The full name and the value of each.
    pub(crate) items: Vec<(Vec<u8>, Span)>,
}

/// The code of a namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The `;`, `?>` or `{` that it comes after; none at the start of the file.
    pub(crate) after: Option<Span>,
    /// Where it ends.
    pub(crate) end: u32,
    /// The name of its namespace.
    pub(crate) namespace: Vec<u8>,
}

impl Body {
    /// Whether there is nothing that matters but where its namespaces begin and end.
    pub(super) fn is_plain(&self) -> bool {
        let Self {
            segments: _,
            late_import,
            constants,
            uses,
            variable,
            loader,
            function_name,
            complaint,
            fatal,
            refused,
            aliases,
        } = self;
        let places = [late_import, uses, variable, loader, function_name, complaint, fatal];
        let nothing = places.iter().all(|place| place.is_none()) && refused.is_none();
        nothing && constants.is_empty() && aliases.is_empty()
    }

    pub(crate) fn of(tree: &Tree<'_>) -> Self {
        let mut body = Self::default();
        let program = tree.program();
        let is_namespace = |it: &&Statement<'_>| matches!(it, Statement::Namespace(_));
        let mut namespaces = program.statements.iter().filter(is_namespace).peekable();
        let source_end = tree.source().len() as u32;
        if namespaces.peek().is_none() {
            let segment = body.segment(tree, program.statements, None, source_end, Vec::new());
            body.segments.push(segment);
        }
        while let Some(statement) = namespaces.next() {
            let Statement::Namespace(it) = statement else { continue };
            let braced = it.terminator.is_none();
            let after = match it.terminator {
                Some(position) => token_at(tree, position.get()),
                None => opening(tree, it),
            };
            // What follows up to the next one is part of it.
            let next = namespaces.peek().map_or(source_end, |next| next.span().start);
            let end = if braced { it.span.end - 1 } else { next };
            let name = it.name.map(|name| tree.name_text(name).into_owned());
            let segment = body.segment(tree, it.statements, after, end, name.unwrap_or_default());
            body.segments.push(segment);
        }
        body
    }

    fn segment(
        &mut self,
        tree: &Tree<'_>,
        statements: &[Statement<'_>],
        mut after: Option<Span>,
        end: u32,
        namespace: Vec<u8>,
    ) -> Segment {
        let mut is_start = true;
        for statement in statements {
            match statement {
                Statement::Use(it) if is_start => after = token_at(tree, it.terminator.get()),
                Statement::Use(it) => self.late_import = self.late_import.or(Some(it.span)),
                Statement::Constants(it) => {
                    self.constants.push(constants(tree, it, &namespace));
                    is_start = false;
                }
                // They go to the head of the bundle.
                Statement::Declare(it) if matches!(it.body, Statement::Empty(_)) => {}
                Statement::Empty(_) if is_start => {}
                _ => is_start = false,
            }
        }
        Segment { after, end, namespace }
    }

    /// A call outside of functions.
    pub(crate) fn note_call(&mut self, name: &[u8], span: Span) {
        match name {
            b"func_get_args" | b"func_get_arg" | b"func_num_args" | b"get_defined_vars" => {
                self.loader = self.loader.or(Some(span));
            }
            b"extract" | b"compact" | b"parse_str" => self.variable = self.variable.or(Some(span)),
            _ => {}
        }
    }
}

fn constants(tree: &Tree<'_>, it: &ast::Constants<'_>, namespace: &[u8]) -> Constants {
    let item = |item: &ast::ConstantItem<'_>| {
        (joined(namespace, tree.text(item.name.span)), item.value.span())
    };
    Constants {
        span: it.span,
        has_attributes: !it.attributes.is_empty(),
        items: it.items.iter().map(item).collect(),
    }
}

fn token_at(tree: &Tree<'_>, offset: u32) -> Option<Span> {
    let tokens = tree.token_list();
    tokens.starting_at(offset).map(|index| tokens.span(index))
}

/// The brace that opens a namespace.
fn opening(tree: &Tree<'_>, namespace: &ast::Namespace<'_>) -> Option<Span> {
    let tokens = tree.token_list();
    let mut all = tokens.slice(tokens.within(namespace.span));
    all.find(|token| token.kind == TokenKind::OpenBrace).map(|token| token.span)
}

impl<'a> Collector<'_, 'a> {
    /// What the scope of the file's code matters for.
    pub(super) fn note_scope(&mut self, node: Node<'a>) {
        let is_outside = self.scopes == 0;
        if let Node::Variable(variable) = node
            && self.tree.text(variable.span) == b"$GLOBALS"
            && !self.is_indexed(variable.span)
        {
            self.reader(Reader::Globals, variable.span);
        }
        match node {
            Node::Variable(variable) if is_outside => {
                let is_this = self.tree.text(variable.span) == b"$this";
                self.variable(variable.span);
                if is_this {
                    self.facts.body.loader = self.facts.body.loader.or(Some(variable.span));
                }
            }
            Node::Closure(closure) if is_outside && closure.uses.is_some() => {
                self.variable(closure.span);
            }
            Node::VariableVariable(_) | Node::VariableName(_) | Node::Eval(_) if is_outside => {
                self.variable(node.span());
            }
            Node::MagicConstant(it) if self.functions == 0 => {
                if matches!(it.kind, TokenKind::FuncC | TokenKind::MethodC) {
                    self.facts.body.function_name = Some(it.span);
                }
            }
            Node::Parameters(it) => self.parameters(it.list),
            Node::DollarBracedPart(it) if self.tree.options().version >= Version::V8_2 => {
                self.complain(it.span);
            }
            _ => {}
        }
    }

    /// Whether `[` follows.
    fn is_indexed(&self, span: Span) -> bool {
        let source = self.tree.source();
        let mut after = self.tree.tokens_in(Span { start: span.end, end: source.len() as u32 });
        let next = after.find(|token| !token.kind.is_trivia());
        next.is_some_and(|token| token.kind == TokenKind::OpenBracket)
    }

    /// A variable may hold an object, whose methods PHP calls for many things.
    fn variable(&mut self, span: Span) {
        self.facts.body.variable = self.facts.body.variable.or(Some(span));
        self.tells(span);
    }

    /// From 8.0 on PHP complains about a parameter that may be left out before
    /// one that may not, and from 8.4 on about `A $a = null`.
    fn parameters(&mut self, list: &[Parameter<'a>]) {
        if let Some(span) = self.named_again(list) {
            self.refuse(span);
        }
        let version = self.tree.options().version;
        if version < Version::V8_0 {
            return;
        }
        let is_required = |it: &Parameter<'a>| it.value.is_none() && it.variadic.is_none();
        let end = list.iter().rposition(is_required).unwrap_or(0);
        let complains = |(index, it): &(usize, &Parameter<'a>)| {
            let nulls = self.nulls(it);
            let is_early = it.value.is_some() && *index < end;
            let is_spared = match nulls {
                Nulls::No => false,
                Nulls::Implied => version < Version::V8_4,
                Nulls::Said => version < Version::V8_3,
            };
            is_early && !is_spared || nulls == Nulls::Implied && version >= Version::V8_4
        };
        let found = list.iter().enumerate().find(complains).map(|(_, it)| it.variable.span);
        if let Some(span) = found {
            self.complain(span);
        }
    }

    /// A parameter that has the name of one before it.
    fn named_again(&self, list: &[Parameter<'a>]) -> Option<Span> {
        let name = |it: &Parameter<'a>| self.tree.text(it.variable.span);
        let again = if list.len() < 8 {
            let is_again =
                |index: &usize| list[..*index].iter().any(|it| name(it) == name(&list[*index]));
            (1..list.len()).find(is_again).map(|index| &list[index])
        } else {
            let mut seen = HashSet::default();
            list.iter().find(|it| !seen.insert(name(it)))
        };
        again.map(|it| it.variable.span)
    }

    /// PHP refuses the file for this.
    pub(super) fn refuse(&mut self, span: Span) {
        self.facts.body.fatal = self.facts.body.fatal.or(Some(span));
    }

    pub(super) fn complain(&mut self, span: Span) {
        self.facts.body.complaint = self.facts.body.complaint.or(Some(span));
    }

    /// Whether a parameter with a type is null without an argument.
    fn nulls(&self, parameter: &Parameter<'a>) -> Nulls {
        let (Some(hint), Some(value)) = (parameter.hint, parameter.value) else { return Nulls::No };
        if !self.tree.text(value.span()).eq_ignore_ascii_case(b"null") {
            return Nulls::No;
        }
        let mut words = self.tree.tokens_in(hint.span());
        let has_null = words.any(|token| {
            let text = self.tree.text(token.span);
            token.kind == TokenKind::Question
                || text.eq_ignore_ascii_case(b"null")
                || text.eq_ignore_ascii_case(b"mixed")
        });
        if has_null { Nulls::Said } else { Nulls::Implied }
    }

    /// `class_alias('A', 'B')` outside of functions declares a name too.
    pub(super) fn alias(&mut self, call: &ast::Call<'a>) {
        let list = call.arguments.list;
        let is_plain = list.iter().all(|it| matches!(it, ast::Argument::Expression(_)));
        let name = list.get(1).filter(|_| is_plain).and_then(|it| self.class_name(it));
        match name {
            Some(name) if self.scopes == 0 => self.facts.body.aliases.push(name),
            Some(name) => self.facts.late_aliases.push(name),
            None => self.facts.questions.push((None, call.span)),
        }
    }
}

/// What the type of a parameter says of its value `null`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nulls {
    /// It has no such value, or no type.
    No,
    /// `A $a = null`
    Implied,
    /// `?A $a = null`
    Said,
}
