//! The way through a tree on which facts are collected.

use foldhash::{HashMap, HashSet};
use tilde_syntax::ast::{self, Statement};
use tilde_syntax::{
    Flow, NameKind, Node, Resolved, Scope, Span, TokenKind, Tree, Version, Visitor, walk,
};

use super::{
    Body, Declaration, Facts, Fallback, Parent, Reader, Return, Symbol, has_effect, is_builtin,
    joined, split,
};

/// The facts of a tree, and those of the methods of its classes if they are wanted.
pub(super) fn collect(tree: &Tree<'_>, oldest: Version, takes_methods: bool) -> Facts {
    let mut collector = Collector {
        tree,
        oldest,
        takes_methods,
        scope: Scope::default(),
        facts: Facts { is_empty: is_empty(tree), body: Body::of(tree), ..Facts::default() },
        functions: 0,
        scopes: 0,
        conditions: 0,
        branches: 0,
        finallys: 0,
        cases: 0,
        has_anonymous: false,
        named: None,
        imported: HashMap::default(),
        declared: HashSet::default(),
        known: 0,
    };
    collector.prologue();
    walk(Node::from(tree.program()), &mut collector);
    if let Some(span) = collector.named.filter(|_| collector.has_anonymous) {
        collector.reader(Reader::AnonymousName, span);
    }
    let mut facts = collector.facts;
    facts.loads = first_that_loads(&facts.declarations);
    // Most files declare one thing, and a list that grows has room for four.
    facts.declarations.shrink_to_fit();
    facts.namespaces.shrink_to_fit();
    facts.body.segments.shrink_to_fit();
    facts
}

fn first_that_loads(declarations: &[Declaration]) -> Option<Span> {
    let is_early = |it: &&Declaration| {
        it.is_hoisted_by_all && it.parents.iter().all(|parent| is_builtin(&parent.name))
    };
    let mut known: HashSet<&[u8]> =
        declarations.iter().filter(is_early).map(Declaration::full_name).collect();
    for it in declarations.iter().filter(|it| it.symbol == Symbol::Class && it.is_outside) {
        let is_there = |parent: &Parent| is_builtin(&parent.name) || known.contains(&*parent.name);
        if !it.parents.iter().all(is_there) {
            return Some(it.span);
        }
        if it.is_unconditional {
            known.insert(it.full_name());
        }
    }
    None
}

fn is_empty(tree: &Tree<'_>) -> bool {
    let nothing = [TokenKind::OpenTag, TokenKind::CloseTag, TokenKind::Semicolon];
    tree.tokens().all(|token| token.kind.is_trivia() || nothing.contains(&token.kind))
}

/// What is known on the way.
pub(super) struct Collector<'t, 'a> {
    pub(super) tree: &'t Tree<'a>,
    pub(super) oldest: Version,
    pub(super) takes_methods: bool,
    pub(super) scope: Scope<'a>,
    pub(super) facts: Facts,
    /// How many functions are around.
    pub(super) functions: usize,
    /// How many classes are around, and functions with variables of their own.
    pub(super) scopes: usize,
    /// How many nodes are around that make a declaration conditional.
    pub(super) conditions: usize,
    /// How many nodes are around that may decide whether something is reached.
    pub(super) branches: usize,
    pub(super) finallys: usize,
    /// How many cases of enums are around.
    pub(super) cases: usize,
    pub(super) has_anonymous: bool,
    /// Where the name of the class of an object is read.
    pub(super) named: Option<Span>,
    /// The import of each name, by its symbol and by how many namespaces begin before it.
    pub(super) imported: HashMap<(Symbol, usize, Vec<u8>), usize>,
    /// The full names that are declared before an import, and of how many declarations
    /// they are.
    pub(super) declared: HashSet<(Symbol, Vec<u8>)>,
    pub(super) known: usize,
}

impl<'a> Visitor<'a> for Collector<'_, 'a> {
    fn enter(&mut self, node: Node<'a>) -> Flow {
        if node.is_leaf() {
            self.note(node);
            return Flow::Descend;
        }
        // A survey has no limit, and these facts are only counted.
        if !self.takes_methods && self.facts.has_too_many() {
            return Flow::Stop;
        }
        if matches!(node, Node::Namespace(_) | Node::Use(_)) {
            self.scope.enter(self.tree, node);
        }
        self.note(node);
        match node {
            Node::Finally(it) => {
                self.finallys += 1;
                if self.is_top_level() {
                    self.facts.finally = self.facts.finally.or(Some(it.span));
                }
            }
            Node::Try(it) if it.finally.is_none() && self.is_top_level() => {
                self.facts.plain_try = self.facts.plain_try.or(Some(it.span));
            }
            Node::Try(it) if self.is_top_level() && !begins_with_code(it.block) => {
                self.facts.jumping_tries.push(it.block.span.start + 1);
            }
            Node::EnumCase(_) => self.cases += 1,
            node if is_function(node) => self.functions += 1,
            _ => {}
        }
        self.scopes += usize::from(has_scope(node));
        self.conditions += usize::from(self.is_conditional(node));
        self.branches += usize::from(!is_straight(node));
        Flow::Descend
    }

    fn leave(&mut self, node: Node<'a>) {
        if node.is_leaf() {
            return;
        }
        match node {
            Node::Namespace(_) => self.scope.leave(node),
            Node::Finally(_) => self.finallys -= 1,
            Node::EnumCase(_) => self.cases -= 1,
            node if is_function(node) => self.functions -= 1,
            _ => {}
        }
        self.conditions -= usize::from(self.is_conditional(node));
        self.branches -= usize::from(!is_straight(node));
        self.scopes -= usize::from(has_scope(node));
    }
}

impl<'a> Collector<'_, 'a> {
    /// PHP 7 compiles a block of its own as if its braces were not there.
    pub(super) fn is_conditional(&self, node: Node<'a>) -> bool {
        match node {
            Node::Program(_) | Node::Namespace(_) => false,
            Node::Block(_) => self.oldest < Version::V7_0,
            _ => true,
        }
    }

    pub(super) fn is_top_level(&self) -> bool {
        self.functions == 0
    }

    /// The `declare`s before all other statements.
    fn prologue(&mut self) {
        let statements = self.tree.program().statements.iter();
        let is_shebang = |statement: &&Statement<'a>| match statement {
            Statement::InlineHtml(html) => {
                let html = self.tree.text(html.span);
                html.starts_with(b"#!") && crate::style::shebang_len(html) == Some(html.len())
            }
            _ => false,
        };
        let mut statements = statements.skip_while(is_shebang).peekable();
        while let Some(Statement::Declare(declare)) = statements.peek() {
            let Statement::Empty(_) = declare.body else { break };
            let declare = self.declare(declare, true);
            self.facts.declares.push(declare);
            statements.next();
        }
        let is_namespace = |statement: &Statement<'a>| matches!(statement, Statement::Namespace(_));
        let starts_with_it = statements.peek().copied().is_none_or(is_namespace);
        self.facts.is_namespace_late = !starts_with_it && statements.any(is_namespace);
    }

    fn note(&mut self, node: Node<'a>) {
        match node {
            Node::Declare(declare) => self.late_declare(declare),
            Node::Namespace(namespace) => self.namespace(namespace),
            Node::Use(import) => self.import(import),
            Node::Constants(constants) => self.constants(constants),
            Node::Function(function) => self.function(function),
            Node::Class(class) => self.class(class),
            Node::Label(label) if self.is_top_level() => {
                self.facts.labels.push(label.name.span);
            }
            Node::Goto(goto) if self.is_top_level() => {
                self.facts.gotos.push(goto.label.span);
            }
            Node::Return(it) if self.is_top_level() => self.return_statement(it),
            Node::StaticVariable(it) if self.is_top_level() => {
                let name = self.tree.text(it.variable.span).to_vec();
                self.facts.statics.push((name, it.variable.span));
            }
            Node::MagicConstant(magic) => self.magic(magic),
            Node::HaltCompiler(halt) => {
                self.facts.halt = Some(word(halt.span, b"__halt_compiler"));
            }
            Node::Float(it) => self.facts.float = Some(it.span),
            Node::Include(include) => self.include(include),
            Node::Call(call) => self.call(call),
            Node::Constant(constant) => self.constant(constant),
            Node::MethodCall(call) => {
                self.method(call);
                self.tells(call.span);
            }
            Node::New(it) => {
                self.created(it);
                self.tells(it.span);
            }
            Node::Eval(it) => {
                self.facts.unseen = self.facts.unseen.or(Some(it.span));
                self.tells(it.span);
            }
            Node::StaticCall(_) | Node::ClassConstant(_) | Node::StaticProperty(_) => {
                self.tells(node.span());
            }
            _ => {}
        }
        self.note_scope(node);
        if self.conditions == 0 && self.facts.first_effect.is_none() && has_effect(node) {
            self.facts.first_effect = Some(node.span());
        }
    }

    fn magic(&mut self, magic: ast::MagicConstant) {
        if matches!(magic.kind, TokenKind::File | TokenKind::Dir | TokenKind::Line) {
            self.facts.magic.push((magic.kind, magic.span));
            if self.cases > 0 && magic.kind != TokenKind::Line {
                self.facts.literal_magic = Some(magic.span);
            }
        }
    }

    fn return_statement(&mut self, it: &ast::Return<'a>) {
        self.facts.returns.push(Return {
            keyword: word(it.span, b"return"),
            terminator: self.token_at(it.terminator.get()),
            has_value: it.value.is_some(),
            is_in_finally: self.finallys > 0,
        });
    }

    fn constant(&mut self, constant: ast::Constant) {
        let text = self.tree.text(constant.span);
        let text = text.strip_prefix(b"\\").unwrap_or(text);
        if text.starts_with(b"M_") || text.starts_with(b"PHP_FLOAT_") {
            self.facts.float = Some(constant.span);
        }
        let name = constant.name();
        if let Resolved::Either(here, _) = self.scope.resolve(self.tree, name, NameKind::Constant) {
            let (namespace, short) = split(&here);
            let name = joined(&namespace.to_ascii_lowercase(), short);
            self.fallback(Symbol::Constant, name, constant.span);
        }
    }

    pub(super) fn fallback(&mut self, symbol: Symbol, name: Vec<u8>, span: Span) {
        if self.is_top_level() {
            self.facts.fallbacks.push(Fallback { symbol, name, span });
        }
    }

    /// Takes note of code that may tell what is declared. What a class and its
    /// attributes are made of is computed when somebody uses them.
    pub(super) fn tells(&mut self, span: Span) {
        if self.is_top_level() && self.scopes == 0 {
            self.facts.tells = self.facts.tells.or(Some(span));
            self.facts.body.uses = self.facts.body.uses.or(Some(span));
        }
    }
}

/// Whether all that is in it is reached where it is.
fn is_straight(node: Node<'_>) -> bool {
    let is_plain = |it: &ast::Assignment<'_>| it.operator == ast::AssignmentOperator::Assign;
    matches!(node, Node::Assignment(it) if is_plain(it))
        || matches!(
            node,
            Node::Program(_)
                | Node::Namespace(_)
                | Node::ExpressionStatement(_)
                | Node::Echo(_)
                | Node::Return(_)
                | Node::Parenthesized(_)
                | Node::Include(_)
                | Node::Call(_)
                | Node::Arguments(_)
        )
}

/// Whether what PHP makes of a block begins with something else than a jump for sure.
fn begins_with_code(block: &ast::Block<'_>) -> bool {
    use ast::{Expression, Statement};
    match block.statements.first() {
        Some(Statement::Echo(_) | Statement::Foreach(_) | Statement::InlineHtml(_)) => true,
        Some(Statement::ExpressionStatement(it)) => matches!(
            it.expression,
            Expression::Assignment(_) | Expression::Call(_) | Expression::Include(_)
        ),
        _ => false,
    }
}

/// Whether variables in it are not those around it.
fn has_scope(node: Node<'_>) -> bool {
    matches!(node, Node::Class(_)) || is_function(node) && !matches!(node, Node::ArrowFunction(_))
}

pub(super) fn is_function(node: Node<'_>) -> bool {
    matches!(
        node,
        Node::Function(_)
            | Node::Method(_)
            | Node::Closure(_)
            | Node::ArrowFunction(_)
            | Node::Hook(_)
    )
}

/// The word that a node begins with.
pub(super) fn word(span: Span, word: &[u8]) -> Span {
    Span { start: span.start, end: (span.start + word.len() as u32).min(span.end) }
}
