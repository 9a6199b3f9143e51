//! What a member declares and does at its top level, from its syntax tree.
//!
//! Facts own their bytes, so that the tree can go. Names are as PHP compares
//! them: those of classes and functions in lower case, of constants as written
//! but for the namespace. "Top level" is outside of every function, and a
//! declaration below an `if` is conditional even there.

mod body;
mod builtin;
mod calls;
mod collector;
mod declarations;
mod includes;
mod methods;
mod state;

use tilde_syntax::ast::Block;
use tilde_syntax::{Node, Span, TokenKind, Tree, Version};

pub(crate) use body::{Body, Constants};
pub(crate) use builtin::is_builtin;
use collector::{Collector, is_function};
pub use methods::{ClassShape, MeantType, MethodTypes};
pub(crate) use state::{StaticObstacle, StaticStatement};

/// How many classes, functions, constants and namespaces a member may have. Within 128 MB,
/// its ordinary limit, PHP 8.2 compiles 116,000 empty classes of one file.
pub(crate) const MAX_DECLARATIONS: usize = 200_000;

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
    /// What a tree of the newest PHP says, for all from the oldest on. Not all of a tree with
    /// too many declarations.
    pub(crate) fn of(tree: &Tree<'_>, oldest: Version) -> Self {
        collector::collect(tree, oldest, false)
    }

    /// The same, with the methods of classes.
    pub(crate) fn with_methods(tree: &Tree<'_>, oldest: Version) -> Self {
        collector::collect(tree, oldest, true)
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

    /// Whether it declares more than a member may, so that facts are missing.
    pub(crate) fn has_too_many(&self) -> bool {
        self.declarations.len() + self.namespaces.len() > MAX_DECLARATIONS
    }

    /// Whether it holds nothing but namespaces, imports and declarations, and asks for
    /// nothing that a bundle changes. So it is with most members, and most rules have
    /// nothing to do with them.
    pub(crate) fn is_plain(&self) -> bool {
        // Whoever adds a fact decides here whether a plain member may have it.
        let Self {
            is_empty,
            is_namespace_late,
            declares,
            namespaces: _,
            imports: _,
            declarations: _,
            labels,
            returns,
            gotos,
            statics,
            literal_magic,
            magic,
            includes,
            fallbacks,
            tells,
            guards,
            unseen,
            float,
            precision,
            folders,
            lookups,
            late_aliases,
            questions,
            readers,
            halt,
            finally,
            plain_try,
            jumping_tries,
            first_effect,
            loads,
            state,
            lists_statics,
            body,
        } = self;
        let is_strange = *is_empty
            || *is_namespace_late
            || !declares.iter().all(|it| it.strict.is_some() && it.is_first);
        let jumps = labels.is_empty() && returns.is_empty() && gotos.is_empty();
        let tries = finally.is_none() && plain_try.is_none() && jumping_tries.is_empty();
        let places = literal_magic.is_none() && magic.is_empty() && folders.is_empty();
        let files = includes.is_empty() && lookups.is_empty() && readers.is_empty();
        let code = first_effect.is_none() && tells.is_none() && loads.is_none() && halt.is_none();
        let names = fallbacks.is_empty() && guards.is_empty() && unseen.is_none();
        let classes = late_aliases.is_empty() && questions.is_empty();
        let numbers = float.is_none() && precision.is_none();
        let variables = statics.is_empty() && state.is_empty() && lists_statics.is_none();
        let nothing = jumps && tries && places && files && code && names && classes;
        !is_strange && nothing && numbers && variables && body.is_plain()
    }

    /// Whether the member asks for strict types.
    pub(crate) fn is_strict(&self) -> bool {
        self.declares.iter().any(|declare| declare.strict == Some(true))
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
