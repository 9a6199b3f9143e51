//! What a member declares and does at its top level, from its syntax tree.
//!
//! Facts own their bytes, so that the tree can go. Names are as PHP compares
//! them: those of classes and functions in lower case, of constants as written
//! but for the namespace. "Top level" is outside of every function, and a
//! declaration below an `if` is conditional even there.

mod body;
mod builtin;
mod calls;
mod methods;
mod state;

use foldhash::{HashMap, HashSet};
use tilde_syntax::ast::{self, Block, ClassKind, Expression, Name, Statement, UseKind};
use tilde_syntax::{
    Flow, NameKind, Node, Position, Resolved, Scope, Span, TokenKind, Tree, Version,
};
use tilde_syntax::{Visitor, walk};

pub(crate) use body::{Body, Constants};
pub(crate) use builtin::is_builtin;
pub use methods::{ClassShape, MethodTypes};
pub(crate) use state::{StaticObstacle, StaticStatement};

/// What there is to know of a member.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Nothing but tags and semicolons.
    pub(crate) is_empty: bool,
    /// Whether anything but a `declare` stands before the first `namespace`,
    /// which PHP's compiler refuses.
    pub(crate) is_namespace_late: bool,
    pub(crate) declares: Vec<Declare>,
    pub(crate) namespaces: Vec<Namespace>,
    pub(crate) imports: Vec<Import>,
    pub(crate) declarations: Vec<Declaration>,
    /// Labels for `goto` outside of every function.
    pub(crate) labels: Vec<Span>,
    pub(crate) returns: Vec<Return>,
    /// `goto` outside of every function: the label.
    pub(crate) gotos: Vec<Span>,
    /// The variables of `static $a` outside of every function.
    pub(crate) statics: Vec<(Vec<u8>, Span)>,
    /// `__FILE__` and `__DIR__` where only a literal may stand.
    pub(crate) literal_magic: Option<Span>,
    /// `__FILE__`, `__DIR__` and `__LINE__`, wherever they stand.
    pub(crate) magic: Vec<(TokenKind, Span)>,
    pub(crate) includes: Vec<Include>,
    /// Names outside of functions that PHP looks for in the namespace first.
    pub(crate) fallbacks: Vec<Fallback>,
    /// The first place outside of functions that may tell what is declared: a
    /// question, a use of a class, or a call of anything but a few functions of
    /// PHP, `include` too.
    pub(crate) tells: Option<Span>,
    pub(crate) guards: Vec<Guard>,
    /// The first code, in functions too, that may declare functions and constants with
    /// names that are not written here: `eval()`, and `define()` of one with a namespace.
    pub(crate) unseen: Option<Span>,
    /// A number that PHP may make a string of when it compiles the file.
    pub(crate) float: Option<Span>,
    /// `ini_set('precision', …)`
    pub(crate) precision: Option<Span>,
    /// Global constants that hold paths: `define('ROOT', __DIR__)`.
    pub(crate) folders: Vec<(Vec<u8>, Vec<u8>)>,
    /// Calls that look for a file beside the running script, at last.
    pub(crate) lookups: Vec<Lookup>,
    /// The names that `class_alias()` gives in functions, in lower case.
    pub(crate) late_aliases: Vec<Vec<u8>>,
    /// Questions which classes are there already; of each the name in lower case, if it is
    /// known.
    pub(crate) questions: Vec<(Option<Vec<u8>>, Span)>,
    /// What reads places or names of files that a bundle changes by nature.
    pub(crate) readers: Vec<(Reader, Span)>,
    pub(crate) halt: Option<Span>,
    /// The first `finally` outside of every function.
    pub(crate) finally: Option<Span>,
    /// The first `try` outside of every function that has no `finally`.
    pub(crate) plain_try: Option<Span>,
    /// Where the blocks of `try` with a `finally` begin, outside of every function, that
    /// may begin with a jump.
    pub(crate) jumping_tries: Vec<u32>,
    /// The first statement that runs when the file is read, declarations aside.
    pub(crate) first_effect: Option<Span>,
    /// The first class outside of functions that needs what may not be there when its
    /// place is reached: PHP asks autoloaders for it.
    pub(crate) loads: Option<Span>,
    /// The `static` statements, if the recipe asks for them.
    pub(crate) state: Vec<StaticStatement>,
    /// A call of `getStaticVariables()`.
    pub(crate) lists_statics: Option<Span>,
    pub(crate) body: Body,
}

#[derive(Debug)]
pub(crate) struct Namespace {
    /// The word.
    pub(crate) keyword: Span,
    /// The `;` or `?>` after the name; none with braces.
    pub(crate) terminator: Option<Span>,
    /// All of it.
    pub(crate) span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// What it is called in the file.
    pub(crate) short: Vec<u8>,
    /// The full name without a leading backslash.
    pub(crate) target: Vec<u8>,
    pub(crate) span: Span,
}

/// A `declare` that holds for the rest of its file.
#[derive(Debug)]
pub(crate) struct Declare {
    /// All of it, with the `;` or `?>`.
    pub(crate) span: Span,
    /// The value of a lone `strict_types`.
    pub(crate) strict: Option<bool>,
    /// Nothing but other declares before it.
    pub(crate) is_first: bool,
}

#[expect(clippy::struct_excessive_bools, reason = "each says one thing of it")]
#[derive(Debug)]
pub(crate) struct Declaration {
    pub(crate) symbol: Symbol,
    /// Its full name without a leading backslash, as PHP compares it.
    name: Vec<u8>,
    /// How long the namespace in it is.
    namespace_len: usize,
    /// The name.
    pub(crate) span: Span,
    /// All of it, with its doc comment, if nothing stands between the two.
    pub(crate) statement: Span,
    /// Other code stands between it and its doc comment.
    pub(crate) is_doc_apart: bool,
    /// Where it begins without that.
    pub(crate) start: u32,
    /// Neither in a body nor under a condition.
    pub(crate) is_unconditional: bool,
    /// Not in a function.
    pub(crate) is_outside: bool,
    /// What a class needs to be declared: full names in lower case.
    pub(crate) parents: Vec<Parent>,
    /// What PHP may need to compare its methods with those of its parents.
    pub(crate) signatures: Vec<Parent>,
    /// Its methods, if it is a class and somebody wants to know: most builds do not.
    pub(crate) methods: Vec<MethodTypes>,
    /// What else PHP compares when it links it, if somebody wants to know.
    pub(crate) shape: Option<ClassShape>,
    /// Whether it is a class of which there may be objects.
    pub(crate) is_concrete: bool,
    /// Whether PHP declares it before the first statement runs, if its parent
    /// is there: a function, or a class that only extends.
    pub(crate) is_hoisted: bool,
    /// Whether each PHP that will run it does so.
    pub(crate) is_hoisted_by_all: bool,
}

/// A class, interface or trait that a class is made of.
#[derive(Debug)]
pub(crate) struct Parent {
    pub(crate) name: Vec<u8>,
    pub(crate) kind: ParentKind,
    pub(crate) span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParentKind {
    Class,
    Interface,
    Trait,
    /// It stands in the signature of a method, which PHP compares with a parent's.
    Signature,
}

impl Declaration {
    /// The full name without a leading backslash.
    pub(crate) fn full_name(&self) -> &[u8] {
        &self.name
    }

    pub(crate) fn namespace(&self) -> &[u8] {
        &self.name[..self.namespace_len]
    }

    /// The name without its namespace.
    pub(crate) fn short(&self) -> &[u8] {
        let start = self.namespace_len + usize::from(self.namespace_len > 0);
        &self.name[start..]
    }
}

/// `include` and its kind.
#[derive(Debug)]
pub(crate) struct Include {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
    pub(crate) path: IncludePath,
    /// What makes the path.
    pub(crate) path_span: Span,
    /// Not in a function.
    pub(crate) is_outside: bool,
    /// Nothing around it decides whether it is reached.
    pub(crate) is_sure: bool,
}

impl Include {
    /// `require_once` and `include_once`.
    pub(crate) fn is_once(&self) -> bool {
        matches!(self.kind, TokenKind::RequireOnce | TokenKind::IncludeOnce)
    }
}

/// A call that looks for a file where `include` would.
#[derive(Debug)]
pub(crate) struct Lookup {
    pub(crate) span: Span,
    /// The argument that is the path, if that is certain.
    pub(crate) path: Option<Span>,
}

/// What is known of the path of an `include`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IncludePath {
    /// `__DIR__ . '/a.php'`: from the folder of the member.
    FromMember(Vec<u8>),
    /// `'a.php'`, as it is written.
    Literal(Vec<u8>),
    /// `ROOT . '/a.php'`: behind the value of a constant.
    FromConstant(Box<(Vec<u8>, Vec<u8>)>),
    /// `'tpl/' . $name`: the start of what is known only when the program runs.
    Starting(Vec<u8>),
    /// `$root . '/a.php'`: behind what is known only when the program runs.
    Ending(Vec<u8>),
    /// Known only when the program runs.
    Dynamic,
}

/// `return` outside of every function.
#[derive(Debug)]
pub(crate) struct Return {
    pub(crate) keyword: Span,
    /// The `;` or `?>`.
    pub(crate) terminator: Span,
    pub(crate) has_value: bool,
    /// A `finally` cannot be left by `goto`.
    pub(crate) is_in_finally: bool,
}

/// `if (!class_exists('A'))` outside of functions, which asks autoloaders.
#[derive(Debug)]
pub(crate) struct Guard {
    /// As PHP compares it.
    pub(crate) name: Vec<u8>,
    pub(crate) span: Span,
}

/// Code that reads what no bundle can keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reader {
    /// The list of included files.
    IncludedFiles,
    /// The file of a class or function, by reflection.
    ReflectedFile,
    /// The lines of a class or function, by reflection.
    ReflectedLine,
    /// The names of the files in a member's folder.
    Folder,
    /// All global variables, in their order.
    Globals,
    /// All constants, functions or classes, or the functions that load them.
    Declared,
    /// The code of an `assert()` as its message, with paths in it.
    Assert,
    /// File and line of a stack trace.
    Trace,
    /// The name of a class without one, which has its file in it.
    AnonymousName,
}

/// A function or constant that PHP looks for in the namespace first, and then
/// among the global ones.
#[derive(Debug)]
pub(crate) struct Fallback {
    pub(crate) symbol: Symbol,
    /// The full name in the namespace.
    pub(crate) name: Vec<u8>,
    pub(crate) span: Span,
}

impl Facts {
    /// What a tree of the newest PHP says, for all from the oldest on.
    pub(crate) fn of(tree: &Tree<'_>, oldest: Version) -> Self {
        Self::collected(tree, oldest, false)
    }

    /// The same, with the methods of classes.
    pub(crate) fn with_methods(tree: &Tree<'_>, oldest: Version) -> Self {
        Self::collected(tree, oldest, true)
    }

    fn collected(tree: &Tree<'_>, oldest: Version, takes_methods: bool) -> Self {
        let mut collector = Collector {
            tree,
            oldest,
            takes_methods,
            scope: Scope::default(),
            facts: Self { is_empty: is_empty(tree), body: Body::of(tree), ..Self::default() },
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

    /// Takes the `static` statements too.
    pub(crate) fn with_state(self, tree: &Tree<'_>) -> Self {
        Self { state: state::statements(tree), ..self }
    }

    /// Whether the end of the file is in no namespace with braces of its own: in
    /// none at all, or in one that goes on to the end.
    pub(crate) fn ends_unbraced(&self) -> bool {
        self.namespaces.is_empty() || self.namespaces.iter().any(|it| it.terminator.is_some())
    }

    /// Whether the member asks for strict types.
    pub(crate) fn is_strict(&self) -> bool {
        self.declares.iter().any(|declare| declare.strict == Some(true))
    }
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

struct Collector<'t, 'a> {
    tree: &'t Tree<'a>,
    oldest: Version,
    takes_methods: bool,
    scope: Scope<'a>,
    facts: Facts,
    /// How many functions are around.
    functions: usize,
    /// How many classes are around, and functions with variables of their own.
    scopes: usize,
    /// How many nodes are around that make a declaration conditional.
    conditions: usize,
    /// How many nodes are around that may decide whether something is reached.
    branches: usize,
    finallys: usize,
    /// How many cases of enums are around.
    cases: usize,
    has_anonymous: bool,
    /// Where the name of the class of an object is read.
    named: Option<Span>,
    /// The import of each name, by its symbol and by how many namespaces begin before it.
    imported: HashMap<(Symbol, usize, Vec<u8>), usize>,
    /// The full names that are declared before an import, and of how many declarations
    /// they are.
    declared: HashSet<(Symbol, Vec<u8>)>,
    known: usize,
}

fn has_to_string(tree: &Tree<'_>, class: &ast::Class<'_>) -> bool {
    class.members.iter().any(|member| match member {
        ast::Member::Method(method) => {
            tree.text(method.name.span).eq_ignore_ascii_case(b"__tostring")
        }
        _ => false,
    })
}

impl<'a> Visitor<'a> for Collector<'_, 'a> {
    fn enter(&mut self, node: Node<'a>) -> Flow {
        if node.is_leaf() {
            self.note(node);
            return Flow::Descend;
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

fn is_function(node: Node<'_>) -> bool {
    matches!(
        node,
        Node::Function(_)
            | Node::Method(_)
            | Node::Closure(_)
            | Node::ArrowFunction(_)
            | Node::Hook(_)
    )
}

impl<'a> Collector<'_, 'a> {
    /// PHP 7 compiles a block of its own as if its braces were not there.
    fn is_conditional(&self, node: Node<'a>) -> bool {
        match node {
            Node::Program(_) | Node::Namespace(_) => false,
            Node::Block(_) => self.oldest < Version::V7_0,
            _ => true,
        }
    }

    fn is_top_level(&self) -> bool {
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

    fn late_declare(&mut self, declare: &ast::Declare<'a>) {
        // The walk comes to them in order, and first to those of the prologue.
        let last = self.facts.declares.last();
        let is_known = last.is_some_and(|last| declare.span.start <= last.span.start);
        if !is_known && matches!(declare.body, Statement::Empty(_)) {
            let declare = self.declare(declare, false);
            self.facts.declares.push(declare);
        }
    }

    fn declare(&self, declare: &ast::Declare<'a>, is_first: bool) -> Declare {
        let strict = match declare.directives {
            [item] if self.tree.options().version >= Version::V7_0 => {
                let name = self.tree.text(item.name.span);
                let value = self.tree.text(item.value.span());
                let is_strict = name.eq_ignore_ascii_case(b"strict_types");
                [(&b"1"[..], true), (b"0", false)]
                    .into_iter()
                    .find_map(|(text, strict)| (is_strict && value == text).then_some(strict))
            }
            _ => None,
        };
        Declare { span: declare.span, strict, is_first }
    }

    fn namespace(&mut self, namespace: &ast::Namespace<'a>) {
        let at = namespace.terminator.map(|position| self.token_at(position.get()));
        self.facts.namespaces.push(Namespace {
            keyword: word(namespace.span, b"namespace"),
            terminator: at,
            span: namespace.span,
        });
    }

    fn token_at(&self, offset: u32) -> Span {
        let tokens = self.tree.token_list();
        tokens
            .starting_at(offset)
            .map_or(Span { start: offset, end: offset }, |index| tokens.span(index))
    }

    fn import(&mut self, import: &ast::Use<'a>) {
        // Most imports come before all declarations.
        let new = &self.facts.declarations[self.known..];
        self.declared.extend(new.iter().map(|it| (it.symbol, it.full_name().to_vec())));
        self.known = self.facts.declarations.len();
        for item in import.items {
            let name = self.tree.name_text(item.name);
            let full = match import.prefix {
                Some(prefix) => joined(&self.tree.name_text(prefix), &name),
                None => name.into_owned(),
            };
            let full = full.strip_prefix(b"\\").unwrap_or(&full);
            let symbol = match item.kind.or(import.kind) {
                None => Symbol::Class,
                Some(UseKind::Function) => Symbol::Function,
                Some(UseKind::Constant) => Symbol::Constant,
            };
            let (namespace, last) = split(full);
            if namespace.is_empty() && item.alias.is_none() && self.scope.namespace().is_empty() {
                self.complain(item.name.span);
            }
            let short = item.alias.map_or(last, |alias| self.tree.text(alias.span));
            let (block, short) = (self.facts.namespaces.len(), folded(symbol, short));
            let target = joined(&namespace.to_ascii_lowercase(), &folded(symbol, last));
            let namespace = self.namespace_name();
            let is_taken = !self.declared.is_empty() && {
                let own = joined(&namespace, &short);
                own != target && self.declared.contains(&(symbol, own))
            };
            let name = (symbol, block, short.clone());
            if self.imported.insert(name, self.facts.imports.len()).is_some() || is_taken {
                self.refuse(item.name.span);
            }
            let span = item.name.span;
            self.facts.imports.push(Import { symbol, namespace, short, target, span });
        }
    }

    fn namespace_name(&self) -> Vec<u8> {
        self.scope.namespace().to_ascii_lowercase()
    }

    fn constants(&mut self, constants: &ast::Constants<'a>) {
        for item in constants.items {
            let declaration = self.declaration(Symbol::Constant, item.name, constants.span, None);
            self.declare_name(declaration);
        }
    }

    /// PHP refuses a file that declares what it imports under the same name.
    fn declare_name(&mut self, declaration: Declaration) {
        let symbol = declaration.symbol;
        if !self.imported.is_empty() {
            let name = (symbol, self.facts.namespaces.len(), declaration.short().to_vec());
            let import = self.imported.get(&name).map(|index| &self.facts.imports[*index]);
            if import.is_some_and(|import| import.target != declaration.full_name()) {
                self.refuse(declaration.span);
            }
        }
        self.facts.declarations.push(declaration);
    }

    fn function(&mut self, function: &ast::Function<'a>) {
        let declaration =
            self.declaration(Symbol::Function, function.name, function.span, function.doc);
        let is_hoisted = declaration.is_unconditional;
        let declaration = Declaration { is_hoisted, is_hoisted_by_all: is_hoisted, ..declaration };
        self.declare_name(declaration);
    }

    fn class(&mut self, class: &ast::Class<'a>) {
        let Some(name) = class.name else {
            self.has_anonymous = true;
            return;
        };
        let parents = self.parents(class);
        // From PHP 8.0 on a class with `__toString` implements an interface.
        let is_stringable = has_to_string(self.tree, class);
        let is_plain = parents.iter().all(|parent| parent.kind == ParentKind::Class)
            && class.kind != ClassKind::Enum
            && !(is_stringable && self.oldest >= Version::V8_0);
        let declaration = self.declaration(Symbol::Class, name, class.span, class.doc);
        let is_hoisted = declaration.is_unconditional && is_plain;
        let is_late = is_stringable && self.tree.options().version >= Version::V8_0;
        let is_hoisted_by_all = is_hoisted && !is_late;
        let signatures = if parents.is_empty() { Vec::new() } else { self.signatures(class) };
        let methods = if self.takes_methods { self.methods(class) } else { Vec::new() };
        let declaration = Declaration {
            parents,
            signatures,
            methods,
            shape: self.takes_methods.then(|| self.shape(class)),
            is_concrete: matches!(class.kind, ClassKind::Class | ClassKind::Enum)
                && class.modifiers.iter().all(|it| it.kind != TokenKind::Abstract),
            is_hoisted,
            is_hoisted_by_all,
            ..declaration
        };
        self.declare_name(declaration);
    }

    fn parents(&self, class: &ast::Class<'a>) -> Vec<Parent> {
        let of_extends = match class.kind {
            ClassKind::Interface => ParentKind::Interface,
            ClassKind::Class | ClassKind::Trait | ClassKind::Enum => ParentKind::Class,
        };
        let traits = class.members.iter().flat_map(|member| match member {
            ast::Member::TraitUse(it) => it.traits,
            _ => &[],
        });
        let extends = class.extends.iter().map(|name| (*name, of_extends));
        let implements = class.implements.iter().map(|name| (*name, ParentKind::Interface));
        let traits = traits.map(|name| (*name, ParentKind::Trait));
        let all = extends.chain(implements).chain(traits);
        all.filter_map(|(name, kind)| self.parent(name, kind)).collect()
    }

    fn parent(&self, name: Name, kind: ParentKind) -> Option<Parent> {
        match self.scope.resolve(self.tree, name, NameKind::Class) {
            Resolved::Known(full) => {
                Some(Parent { name: full.to_ascii_lowercase(), kind, span: name.span })
            }
            Resolved::Either(..) | Resolved::Special(_) => None,
        }
    }

    fn declaration(
        &self,
        symbol: Symbol,
        name: ast::Identifier,
        span: Span,
        doc: Option<Position>,
    ) -> Declaration {
        let doc = doc.map_or(span.start, |doc| doc.get().min(span.start));
        let mut between = self.tree.tokens_in(Span { start: doc, end: span.start });
        let is_doc_apart = between.any(|token| !token.kind.is_trivia());
        let namespace = self.namespace_name();
        let start = if is_doc_apart { span.start } else { doc };
        Declaration {
            symbol,
            name: joined(&namespace, &folded(symbol, self.tree.text(name.span))),
            namespace_len: namespace.len(),
            span: name.span,
            statement: Span { start, end: span.end },
            is_doc_apart,
            start: span.start,
            is_unconditional: self.conditions == 0,
            is_outside: self.is_top_level(),
            parents: Vec::new(),
            signatures: Vec::new(),
            methods: Vec::new(),
            shape: None,
            is_concrete: false,
            is_hoisted: false,
            is_hoisted_by_all: false,
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

    fn include(&mut self, include: &ast::Include<'a>) {
        let path = self.path(include.path).unwrap_or(IncludePath::Dynamic);
        if self.is_top_level() {
            self.facts.tells = self.facts.tells.or(Some(include.span));
        }
        let is_outside = self.is_top_level();
        let is_sure = self.branches == 0;
        let path_span = include.path.span();
        self.facts.includes.push(Include {
            path_span,
            is_sure,
            kind: include.kind,
            span: include.span,
            path,
            is_outside,
        });
    }

    /// A path of literals, `__DIR__` and `dirname(__FILE__)`.
    fn path(&self, expression: Expression<'a>) -> Option<IncludePath> {
        match expression {
            Expression::Parenthesized(it) => self.path(it.inner),
            Expression::StringLiteral(it) => {
                plain_text(self.tree.text(it.span)).map(IncludePath::Literal)
            }
            Expression::MagicConstant(it) if it.kind == TokenKind::Dir => {
                Some(IncludePath::FromMember(Vec::new()))
            }
            Expression::Constant(it) => {
                let name = self.tree.text(it.span);
                let name = name.strip_prefix(b"\\").unwrap_or(name);
                Some(match name {
                    b"DIRECTORY_SEPARATOR" => IncludePath::Literal(b"/".to_vec()),
                    name => IncludePath::FromConstant(Box::new((name.to_vec(), Vec::new()))),
                })
            }
            Expression::Call(call) => self.dirname(call),
            Expression::Binary(it) if it.operator == ast::BinaryOperator::Concat => {
                let left = self.path(it.left);
                let Some(IncludePath::Literal(right)) = self.path(it.right) else {
                    let Some(IncludePath::Literal(left)) = left else { return None };
                    return Some(IncludePath::Starting(left));
                };
                Some(match left {
                    Some(IncludePath::FromMember(left)) => {
                        IncludePath::FromMember([left, right].concat())
                    }
                    Some(IncludePath::Literal(left)) => {
                        IncludePath::Literal([left, right].concat())
                    }
                    Some(IncludePath::FromConstant(mut constant)) => {
                        constant.1.extend(right);
                        IncludePath::FromConstant(constant)
                    }
                    Some(IncludePath::Ending(left)) => IncludePath::Ending([left, right].concat()),
                    Some(IncludePath::Starting(left)) => IncludePath::Starting(left),
                    Some(IncludePath::Dynamic) | None => IncludePath::Ending(right),
                })
            }
            _ => None,
        }
    }

    fn dirname(&self, call: &ast::Call<'a>) -> Option<IncludePath> {
        let Expression::Name(name) = call.callee else { return None };
        let name = self.tree.name_text(name);
        let name = name.strip_prefix(b"\\").unwrap_or(&name);
        let [ast::Argument::Expression(argument)] = call.arguments.list else { return None };
        if !name.eq_ignore_ascii_case(b"dirname") {
            return None;
        }
        match *argument {
            Expression::MagicConstant(it) if it.kind == TokenKind::File => {
                Some(IncludePath::FromMember(Vec::new()))
            }
            other => match self.path(other)? {
                IncludePath::FromMember(path) if path.iter().all(|byte| b"/.".contains(byte)) => {
                    Some(IncludePath::FromMember([&path[..], b"/.."].concat()))
                }
                _ => None,
            },
        }
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

    fn fallback(&mut self, symbol: Symbol, name: Vec<u8>, span: Span) {
        if self.is_top_level() {
            self.facts.fallbacks.push(Fallback { symbol, name, span });
        }
    }

    /// Takes note of code that may tell what is declared. What a class and its
    /// attributes are made of is computed when somebody uses them.
    fn tells(&mut self, span: Span) {
        if self.is_top_level() && self.scopes == 0 {
            self.facts.tells = self.facts.tells.or(Some(span));
            self.facts.body.uses = self.facts.body.uses.or(Some(span));
        }
    }
}

/// Whether a statement runs when the file is read.
pub(crate) fn has_effect(node: Node<'_>) -> bool {
    match node {
        Node::Program(_)
        | Node::Namespace(_)
        | Node::Use(_)
        | Node::UseItem(_)
        | Node::Declare(_)
        | Node::Function(_)
        | Node::Class(_)
        | Node::Empty(_)
        | Node::HaltCompiler(_)
        | Node::Label(_)
        | Node::Name(_)
        | Node::Identifier(_) => false,
        Node::Block(Block { statements, .. }) => !statements.is_empty(),
        _ => true,
    }
}

/// The text of a literal in which nothing is escaped.
fn plain_text(literal: &[u8]) -> Option<Vec<u8>> {
    let literal = literal.strip_prefix(b"b").or(literal.strip_prefix(b"B")).unwrap_or(literal);
    match literal {
        [b'\'', text @ .., b'\''] | [b'"', text @ .., b'"'] if !text.contains(&b'\\') => {
            Some(text.to_vec())
        }
        _ => None,
    }
}

/// The word that a node begins with.
fn word(span: Span, word: &[u8]) -> Span {
    Span { start: span.start, end: (span.start + word.len() as u32).min(span.end) }
}

/// A short name as PHP compares it: only constants have a case.
fn folded(symbol: Symbol, name: &[u8]) -> Vec<u8> {
    match symbol {
        Symbol::Class | Symbol::Function => name.to_ascii_lowercase(),
        Symbol::Constant => name.to_vec(),
    }
}

fn split(full: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memrchr(b'\\', full) {
        Some(at) => (&full[..at], &full[at + 1..]),
        None => (&[], full),
    }
}

/// A name in a namespace, which may be the global one.
pub(crate) fn joined(namespace: &[u8], name: &[u8]) -> Vec<u8> {
    if namespace.is_empty() { name.to_vec() } else { [namespace, b"\\", name].concat() }
}
