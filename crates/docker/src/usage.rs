//! What a source uses of extensions, by its tree and the resolution of names.
//!
//! Only what fails without the extension is a use: a call, `new`, a parent, a constant, a
//! parameter that takes nothing else. `instanceof`, `catch`, `X::class` and imports work
//! without the class. What runs only after a question for the extension
//! (`function_exists()`, `extension_loaded()` and their like) is guarded; a source that
//! stops with an error or an exit where the answer is no needs the extension all the same.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use tilde_syntax::ast::{
    Argument, BinaryOperator, Expression, MemberName, Statement, StringPart, Type, UnaryOperator,
};
use tilde_syntax::{
    Arena, Flow, NameKind, Node, Options, Resolved, Scope, Span, SyntaxError, TokenKind, Tree,
    Visitor, ast, parse, walk,
};

use crate::catalog;

/// A use of an extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The extension, as composer.json names it without `ext-`.
    pub extension: String,
    /// What is used, for people: `imagepng()`, `new Redis`.
    pub what: String,
    /// The line, from 1.
    pub line: usize,
    /// Whether it runs only where the extension was found to be there.
    pub is_guarded: bool,
    /// What it may name: the last is of the extension, and one before it is what PHP
    /// looks for first.
    names: Vec<(NameKind, Vec<u8>)>,
}

impl Use {
    /// Whether one of these declarations, as in [`Usage::declares`], is what is used: PHP
    /// looks in the namespace before it takes what the extension has.
    #[must_use]
    pub fn is_own(&self, declared: &BTreeSet<Declared>) -> bool {
        self.names.len() > 1 && is_among(&self.names[0], declared)
    }

    /// Whether one of these declarations takes the place of what the extension has, where
    /// that is missing.
    #[must_use]
    pub fn is_declared(&self, declared: &BTreeSet<Declared>) -> bool {
        self.names.last().is_some_and(|name| is_among(name, declared))
    }
}

fn is_among((kind, name): &(NameKind, Vec<u8>), declared: &BTreeSet<Declared>) -> bool {
    declared.contains(&Declared { kind: order(*kind), name: name.clone() })
}

/// Something that a source declares outside of classes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Declared {
    kind: u8,
    name: Vec<u8>,
}

fn order(kind: NameKind) -> u8 {
    match kind {
        NameKind::Class => 0,
        NameKind::Function => 1,
        NameKind::Constant => 2,
    }
}

/// What a source uses and declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// The uses in their order; of several of one name the first, and the first that
    /// is not guarded.
    pub uses: Vec<Use>,
    /// What it declares, also under a condition.
    pub declares: Vec<Declared>,
    /// Its names and literals, which PHP keeps once for all files: a hash of each, and the
    /// bytes that it takes in memory.
    pub strings: Vec<(u64, u32)>,
}

/// What PHP keeps of a name or a literal.
fn strings(tree: &Tree<'_>) -> Vec<(u64, u32)> {
    let is_kept = |kind| {
        matches!(
            kind,
            TokenKind::String
                | TokenKind::Variable
                | TokenKind::ConstantEncapsedString
                | TokenKind::EncapsedAndWhitespace
                | TokenKind::NameQualified
                | TokenKind::NameFullyQualified
                | TokenKind::DocComment
        )
    };
    let tokens = tree.tokens().filter(|token| is_kept(token.kind));
    let string = |text: &[u8]| {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        // A header of 24 bytes, a zero at the end, and a multiple of 8 in all.
        (hasher.finish(), (text.len() as u32 + 25).next_multiple_of(8))
    };
    let mut strings: Vec<_> = tokens.map(|token| string(tree.text(token.span))).collect();
    strings.sort_unstable();
    strings.dedup();
    strings
}

/// Finds what a source uses and declares, as the PHP of these options reads it.
///
/// # Errors
///
/// The first mistake in the source.
pub fn usage(source: &[u8], options: Options, arena: &mut Arena) -> Result<Usage, SyntaxError> {
    arena.reset();
    let tree = parse(source, options, arena)?;
    let mut collector = Collector {
        tree: &tree,
        scope: Scope::default(),
        usage: Usage { strings: strings(&tree), ..Usage::default() },
        found: Vec::new(),
        guarded: Vec::new(),
    };
    walk(Node::from(tree.program()), &mut collector);
    Ok(collector.finish())
}

struct Collector<'t, 'a> {
    tree: &'t Tree<'a>,
    scope: Scope<'a>,
    usage: Usage,
    found: Vec<(Use, Span)>,
    /// Where an extension is known to be there.
    guarded: Vec<(String, Span)>,
}

impl<'a> Visitor<'a> for Collector<'_, 'a> {
    fn enter(&mut self, node: Node<'a>) -> Flow {
        self.scope.enter(self.tree, node);
        match node {
            Node::Call(it) => self.call(it),
            Node::New(it) => self.created(it),
            Node::StaticCall(it) => self.class_of(it.class, "::", it.span),
            Node::StaticProperty(it) => self.class_of(it.class, "::$", it.span),
            Node::ClassConstant(it) => self.class_constant(it),
            Node::Constant(it) => self.constant(it),
            Node::Class(it) => self.class(it),
            Node::TraitUse(it) => it.traits.iter().for_each(|name| self.class_name(*name, "use")),
            Node::Function(it) => self.declare(NameKind::Function, it.name),
            Node::Constants(it) => {
                it.items.iter().for_each(|item| self.declare(NameKind::Constant, item.name));
            }
            Node::Parameter(it) => self.parameter(it),
            Node::If(it) => self.guard_if(it),
            Node::Ternary(it) => self.guard_ternary(it),
            Node::Binary(it) => self.guard_binary(it),
            Node::While(it) => self.guard(it.condition, true, it.body.span()),
            _ => {}
        }
        if let Some(statements) = statements(node) {
            self.guard_rest(statements);
        }
        Flow::Descend
    }

    fn leave(&mut self, node: Node<'a>) {
        self.scope.leave(node);
    }
}

/// The statements of a list.
fn statements(node: Node<'_>) -> Option<&[Statement<'_>]> {
    match node {
        Node::Program(it) => Some(it.statements),
        Node::Namespace(it) => Some(it.statements),
        Node::Block(it) => Some(it.statements),
        Node::Alternative(it) => Some(it.statements),
        Node::Case(it) => Some(it.statements),
        _ => None,
    }
}

/// What a question asks for.
struct Asked {
    extension: String,
    /// The question, for people.
    what: String,
}

// What is used.
impl<'a> Collector<'_, 'a> {
    /// The names that one may mean: where PHP looks first, and the global one.
    fn names(&self, name: ast::Name, kind: NameKind) -> Vec<Vec<u8>> {
        match self.scope.resolve(self.tree, name, kind) {
            Resolved::Known(known) => vec![known.into_owned()],
            Resolved::Either(here, global) => vec![here, global.into_owned()],
            Resolved::Special(_) => Vec::new(),
        }
    }

    fn note(&mut self, names: Vec<Vec<u8>>, kind: NameKind, words: [&str; 2], span: Span) {
        let Some(name) = names.last() else { return };
        let Some(extension) = catalog::extension_of(name, kind) else { return };
        let name = String::from_utf8_lossy(name);
        let what = format!("{}{name}{}", words[0], words[1]);
        let lower = |name: Vec<u8>| match kind {
            NameKind::Class | NameKind::Function => name.to_ascii_lowercase(),
            NameKind::Constant => name,
        };
        let names = names.into_iter().map(|name| (kind, lower(name))).collect();
        self.push(extension, what, names, span);
    }

    fn push(&mut self, extension: &str, what: String, names: Vec<(NameKind, Vec<u8>)>, span: Span) {
        let extension = extension.to_owned();
        let found = Use { extension, what, line: 0, is_guarded: false, names };
        self.found.push((found, span));
    }

    fn call(&mut self, call: &ast::Call<'a>) {
        let Expression::Name(name) = call.callee else { return };
        let names = self.names(name, NameKind::Function);
        let Some(global) = names.last().map(|name| name.to_ascii_lowercase()) else { return };
        self.note(names, NameKind::Function, ["", "()"], name.span);
        if CALLERS.iter().any(|it| it.as_bytes() == global) {
            for argument in call.arguments.list {
                self.callback(argument);
            }
        }
        if global == b"constant" || global == b"class_alias" {
            self.named(call, &global);
        }
        if global == b"define"
            && let Some(name) = self.literal(call.arguments.list.first())
        {
            let kind = order(NameKind::Constant);
            self.usage.declares.push(Declared { kind, name: without_slash(name) });
        }
    }

    /// `constant('IMG_WEBP')`, and what `class_alias()` makes.
    fn named(&mut self, call: &ast::Call<'a>, function: &[u8]) {
        if function == b"constant" {
            let Some(name) = self.literal(call.arguments.list.first()) else { return };
            let names = vec![without_slash(name)];
            return self.note(names, NameKind::Constant, ["", ""], call.span);
        }
        if let Some(alias) = self.literal(call.arguments.list.get(1)) {
            let name = without_slash(alias).to_ascii_lowercase();
            self.usage.declares.push(Declared { kind: order(NameKind::Class), name });
        }
    }

    /// `'mb_strtolower'` where a function is called by its name.
    fn callback(&mut self, argument: &Argument<'a>) {
        let Some(name) = self.literal(Some(argument)) else { return };
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'\\';
        if name.is_empty() || !name.iter().all(is_name) {
            return;
        }
        let names = vec![without_slash(name)];
        self.note(names, NameKind::Function, ["", "() as a callback"], argument.span());
    }

    fn created(&mut self, it: &ast::New<'a>) {
        let Expression::Name(name) = it.class else { return };
        self.class_name(name, "new");
        let names = self.names(name, NameKind::Class);
        let is_pdo = names.last().is_some_and(|name| name.eq_ignore_ascii_case(b"PDO"));
        let source = it.arguments.and_then(|it| it.list.first()).filter(|_| is_pdo);
        if let Some((driver, scheme)) = self.beginning(source).and_then(catalog::driver_of_source) {
            self.push(driver, format!("new PDO('{scheme}:…')"), Vec::new(), it.span);
        }
    }

    fn class_name(&mut self, name: ast::Name, word: &str) {
        let names = self.names(name, NameKind::Class);
        self.note(names, NameKind::Class, [&format!("{word} "), ""], name.span);
    }

    fn class_of(&mut self, class: Expression<'a>, after: &str, span: Span) {
        let Expression::Name(name) = class else { return };
        let names = self.names(name, NameKind::Class);
        self.note(names, NameKind::Class, ["", after], span);
    }

    fn class_constant(&mut self, it: &ast::ClassConstant<'a>) {
        let MemberName::Identifier(constant) = it.name else { return };
        let text = self.tree.text(constant.span);
        // The name of a class needs no class.
        if text.eq_ignore_ascii_case(b"class") {
            return;
        }
        self.class_of(it.class, "::", it.span);
        let Expression::Name(name) = it.class else { return };
        let names = self.names(name, NameKind::Class);
        let is_pdo = names.last().is_some_and(|name| name.eq_ignore_ascii_case(b"PDO"));
        if let Some(driver) = catalog::driver_of_constant(text).filter(|_| is_pdo) {
            let what = format!("PDO::{}", String::from_utf8_lossy(text));
            self.push(driver, what, Vec::new(), it.span);
        }
    }

    fn constant(&mut self, it: ast::Constant) {
        let names = self.names(it.name(), NameKind::Constant);
        self.note(names, NameKind::Constant, ["", ""], it.span);
    }

    fn class(&mut self, it: &ast::Class<'a>) {
        if let Some(name) = it.name {
            self.declare(NameKind::Class, name);
        }
        it.extends.iter().for_each(|name| self.class_name(*name, "extends"));
        it.implements.iter().for_each(|name| self.class_name(*name, "implements"));
    }

    /// A parameter that takes an object of that class and nothing else: nobody can call the
    /// function without the extension, and containers make the object by this type.
    fn parameter(&mut self, it: &ast::Parameter<'a>) {
        if let (Some(Type::Name(name)), None, None) = (it.hint, it.value, it.variadic) {
            self.class_name(name, "a parameter of type");
        }
    }

    fn declare(&mut self, kind: NameKind, name: ast::Identifier) {
        let text = self.tree.text(name.span);
        let namespace = self.scope.namespace();
        let mut full = namespace.to_vec();
        if !full.is_empty() {
            full.push(b'\\');
        }
        full.extend_from_slice(text);
        if kind != NameKind::Constant {
            full.make_ascii_lowercase();
        }
        self.usage.declares.push(Declared { kind: order(kind), name: full });
    }

    /// The text of an argument that is a plain literal.
    fn literal(&self, argument: Option<&Argument<'a>>) -> Option<&'a [u8]> {
        match argument? {
            Argument::Expression(Expression::StringLiteral(it)) => inner(self.tree.text(it.span)),
            _ => None,
        }
    }

    /// The text that an argument begins with.
    fn beginning(&self, argument: Option<&Argument<'a>>) -> Option<&'a [u8]> {
        let &Argument::Expression(mut expression) = argument? else { return None };
        loop {
            expression = match expression {
                Expression::Binary(it) if it.operator == BinaryOperator::Concat => it.left,
                Expression::StringLiteral(it) => return inner(self.tree.text(it.span)),
                Expression::Interpolated(it) => {
                    return match it.parts.first()? {
                        StringPart::Text(text) => Some(self.tree.text(text.span)),
                        _ => None,
                    };
                }
                // `sprintf('mysql:host=%s', …)`
                Expression::Call(call) => return self.beginning(call.arguments.list.first()),
                _ => return None,
            };
        }
    }
}

/// Functions that call others by their names.
const CALLERS: &[&str] = &[
    "array_filter",
    "array_map",
    "array_reduce",
    "array_walk",
    "array_walk_recursive",
    "call_user_func",
    "call_user_func_array",
    "forward_static_call",
    "iterator_apply",
    "ob_start",
    "preg_replace_callback",
    "register_shutdown_function",
    "uasort",
    "uksort",
    "usort",
];

// Where an extension is known to be there.
impl<'a> Collector<'_, 'a> {
    fn guard(&mut self, condition: Expression<'a>, is_true: bool, span: Span) {
        for asked in self.asked(condition, is_true) {
            self.guarded.push((asked.extension, span));
        }
    }

    fn guard_if(&mut self, it: &ast::If<'a>) {
        self.guard(it.condition, true, it.body.span());
        for other in it.else_ifs {
            self.guard(it.condition, false, other.span);
            self.guard(other.condition, true, other.body.span());
        }
        if let Some(otherwise) = it.otherwise {
            self.guard(it.condition, false, otherwise.span);
        }
    }

    fn guard_ternary(&mut self, it: &ast::Ternary<'a>) {
        if let Some(then) = it.then {
            self.guard(it.condition, true, then.span());
        }
        self.guard(it.condition, false, it.otherwise.span());
    }

    /// `extension_loaded('gd') && imagecreate(…)`
    fn guard_binary(&mut self, it: &ast::Binary<'a>) {
        match it.operator {
            BinaryOperator::BooleanAnd | BinaryOperator::LogicalAnd => {
                self.guard(it.left, true, it.right.span());
            }
            BinaryOperator::BooleanOr | BinaryOperator::LogicalOr => {
                if stops(&it.right) {
                    self.insist(it.left, it.span);
                } else {
                    self.guard(it.left, false, it.right.span());
                }
            }
            _ => {}
        }
    }

    /// What comes after `if (!function_exists('f')) { return; }`.
    fn guard_rest(&mut self, statements: &'a [Statement<'a>]) {
        let Some(end) = statements.last().map(|it| it.span().end) else { return };
        for statement in statements {
            let Statement::If(it) = statement else { continue };
            if it.otherwise.is_some() || !it.else_ifs.is_empty() {
                continue;
            }
            match last(it.body) {
                Some(Statement::Return(_) | Statement::Break(_) | Statement::Continue(_)) => {
                    let rest = Span { start: it.span.end, end };
                    self.guard(it.condition, false, rest);
                }
                Some(Statement::ExpressionStatement(last)) if stops(&last.expression) => {
                    self.insist(it.condition, it.span);
                }
                _ => {}
            }
        }
    }

    /// The source does not go on where the condition holds, or the left side of an `or`
    /// does not.
    fn insist(&mut self, condition: Expression<'a>, span: Span) {
        for Asked { extension, what } in self.asked(condition, false) {
            self.push(&extension, format!("{what}, or it stops"), Vec::new(), span);
        }
    }

    /// The extensions that are there if a condition is true, or false.
    fn asked(&self, condition: Expression<'a>, is_true: bool) -> Vec<Asked> {
        match condition {
            Expression::Parenthesized(it) => self.asked(it.inner, is_true),
            Expression::Unary(it) => match it.operator {
                UnaryOperator::Not => self.asked(it.operand, !is_true),
                UnaryOperator::Silence => self.asked(it.operand, is_true),
                _ => Vec::new(),
            },
            Expression::Binary(it) => self.asked_of_both(it, is_true),
            Expression::Call(it) if is_true => self.question(it).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn asked_of_both(&self, it: &ast::Binary<'a>, is_true: bool) -> Vec<Asked> {
        let joins_all = match it.operator {
            BinaryOperator::BooleanAnd | BinaryOperator::LogicalAnd => is_true,
            BinaryOperator::BooleanOr | BinaryOperator::LogicalOr => !is_true,
            // `extension_loaded('gd') === true`
            BinaryOperator::Identical | BinaryOperator::Equal => {
                let truth = |side: Expression<'a>| match self.tree.text(side.span()) {
                    text if text.eq_ignore_ascii_case(b"true") => Some(true),
                    text if text.eq_ignore_ascii_case(b"false") => Some(false),
                    _ => None,
                };
                return match (truth(it.left), truth(it.right)) {
                    (Some(truth), None) => self.asked(it.right, is_true == truth),
                    (None, Some(truth)) => self.asked(it.left, is_true == truth),
                    _ => Vec::new(),
                };
            }
            _ => return Vec::new(),
        };
        let (mut left, right) = (self.asked(it.left, is_true), self.asked(it.right, is_true));
        if joins_all {
            left.extend(right);
            return left;
        }
        // Either side may hold, so only what both say is known.
        left.retain(|asked| right.iter().any(|other| other.extension == asked.extension));
        left
    }

    /// `function_exists('imagewebp')` and its like.
    fn question(&self, call: &ast::Call<'a>) -> Option<Asked> {
        let Expression::Name(name) = call.callee else { return None };
        let function = self.names(name, NameKind::Function).pop()?.to_ascii_lowercase();
        let kind = match &*function {
            b"extension_loaded" => None,
            b"function_exists" | b"is_callable" => Some(NameKind::Function),
            b"class_exists" | b"interface_exists" => Some(NameKind::Class),
            b"defined" => Some(NameKind::Constant),
            _ => return None,
        };
        let asked = self.asked_name(call.arguments.list.first())?;
        let what = format!("{}('{}')", lossy(&function), lossy(&asked));
        let extension = match kind {
            None => lossy(&asked).to_ascii_lowercase().replace("zend opcache", "opcache"),
            Some(kind) => catalog::extension_of(&asked, kind)?.to_owned(),
        };
        Some(Asked { extension, what })
    }

    /// `'Redis'`, `\Redis::class`
    fn asked_name(&self, argument: Option<&Argument<'a>>) -> Option<Vec<u8>> {
        if let Some(Argument::Expression(Expression::ClassConstant(it))) = argument {
            let Expression::Name(name) = it.class else { return None };
            return self.names(name, NameKind::Class).pop();
        }
        self.literal(argument).map(without_slash)
    }

    fn finish(mut self) -> Usage {
        let is_in =
            |outer: &Span, inner: Span| outer.start <= inner.start && inner.end <= outer.end;
        let mut newlines = Newlines { source: self.tree.source(), offset: 0, line: 1 };
        self.found.sort_by_key(|(_, span)| span.start);
        for (mut found, span) in self.found {
            found.is_guarded =
                self.guarded.iter().any(|(it, outer)| *it == found.extension && is_in(outer, span));
            let same = |it: &Use| it.what == found.what && (!it.is_guarded || found.is_guarded);
            if !self.usage.uses.iter().any(same) {
                found.line = newlines.line_of(span.start);
                self.usage.uses.push(found);
            }
        }
        self.usage
    }
}

/// Counts lines in one pass.
struct Newlines<'a> {
    source: &'a [u8],
    offset: usize,
    line: usize,
}

impl Newlines<'_> {
    fn line_of(&mut self, offset: u32) -> usize {
        let end = offset as usize;
        self.line += memchr::memchr_iter(b'\n', &self.source[self.offset..end]).count();
        self.offset = end;
        self.line
    }
}

/// The last statement of a body.
fn last(body: Statement<'_>) -> Option<Statement<'_>> {
    match body {
        Statement::Block(it) => it.statements.last().copied(),
        Statement::Alternative(it) => it.statements.last().copied(),
        other => Some(other),
    }
}

/// Whether an expression ends the program, or this call of it.
fn stops(expression: &Expression<'_>) -> bool {
    matches!(expression, Expression::Throw(_) | Expression::Exit(_))
}

/// The text between the quotes of a literal, if it needs no unescaping.
fn inner(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_prefix(b"b").or(text.strip_prefix(b"B")).unwrap_or(text);
    text.get(1..text.len().checked_sub(1)?)
}

/// `\Redis` and `\\Redis`, as in a literal, without what is in front.
fn without_slash(name: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(name).replace("\\\\", "\\");
    text.trim_start_matches('\\').as_bytes().to_vec()
}

fn lossy(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}
