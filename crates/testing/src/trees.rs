//! What holds of any source whatever: the standing checks.

use tilde_syntax::ast::AlternativeEnd;
use tilde_syntax::{
    Arena, Flow, Node, Options, Position, Span, Token, Tree, Version, Visitor, parse, walk,
};

/// Every version.
pub fn all_options() -> impl Iterator<Item = Options> {
    Version::ALL.into_iter().map(Options::new)
}

/// Panics unless the source parses into a whole tree or ends in an error with a
/// place in it.
pub fn check(source: &[u8], options: Options) {
    let arena = Arena::new();
    match parse(source, options, &arena) {
        Ok(tree) => check_tree(&tree),
        Err(error) => {
            let end = source.len() as u32;
            assert!(error.span.start <= error.span.end && error.span.end <= end, "{error:?}");
            let lines = source.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
            assert!((1..=lines as u32 + 1).contains(&error.line), "{error:?}");
            assert!(!error.to_string().is_empty());
        }
    }
}

/// Panics unless children lie inside of their parents, in order, each leaf holds
/// one thing, every token that counts belongs to one node, and the tokens of the
/// nodes with what is skipped between them make the source again.
pub fn check_tree(tree: &Tree<'_>) {
    let mut leaves = Leaves { tree, open: Vec::new(), pieces: Vec::new() };
    walk(Node::from(tree.program()), &mut leaves);
    assert!(leaves.open.is_empty());
    let mut pieces = leaves.pieces;
    pieces.sort_by_key(|piece| piece.start);
    let mut printed = Vec::new();
    let mut end = 0;
    for piece in pieces {
        assert!(piece.start >= end, "{piece:?} belongs to two nodes");
        skip(tree, Span { start: end, end: piece.start }, &mut printed);
        printed.extend_from_slice(tree.text(piece));
        end = piece.end;
    }
    skip(tree, Span { start: end, end: tree.source().len() as u32 }, &mut printed);
    assert!(printed == tree.source(), "the tree prints another source");
}

/// Prints what stands between two tokens of the tree: nothing of it counts.
fn skip(tree: &Tree<'_>, span: Span, printed: &mut Vec<u8>) {
    for token in tree.tokens_in(span) {
        let name = token.kind.name();
        let is_skipped = token.kind.is_trivia() || name == "T_OPEN_TAG" || token.span.is_empty();
        assert!(is_skipped, "{name} at {:?} belongs to no node", token.span);
        printed.extend_from_slice(tree.text(token.span));
    }
}

/// Collects what the nodes hold themselves: leaves as a whole, and the tokens
/// between the children of the others.
struct Leaves<'t, 'a> {
    tree: &'t Tree<'a>,
    /// The nodes entered and not left, and where the last child of each ended.
    open: Vec<(Span, u32)>,
    pieces: Vec<Span>,
}

impl<'a> Visitor<'a> for Leaves<'_, 'a> {
    fn enter(&mut self, node: Node<'a>) -> Flow {
        let span = node.span();
        if let Some((parent, last)) = self.open.last_mut() {
            assert!(parent.contains(span), "{node:?} is not inside of {parent:?}");
            assert!(*last <= span.start, "{node:?} overlaps what is before it");
            *last = span.end;
        }
        self.open.push((span, span.start));
        if node.is_leaf() {
            self.pieces.extend((!span.is_empty()).then_some(span));
        } else {
            let own = self.tree.own_tokens(node);
            check_own(node, &own);
            self.pieces.extend(own.into_iter().map(|token| token.span));
        }
        Flow::Descend
    }

    fn leave(&mut self, node: Node<'a>) {
        let (span, _) = self.open.pop().unwrap();
        assert_eq!(span, node.span());
    }
}

/// Panics if a node has more or fewer tokens of its own than its kind can have,
/// or says that one stands where none of them does.
fn check_own(node: Node<'_>, own: &[Token]) {
    let count = own.len();
    let expected = match node {
        Node::Program(_) | Node::Call(_) => 0..=0,
        Node::Binary(_)
        | Node::InstanceOf(_)
        | Node::Postfix(_)
        | Node::Prefix(_)
        | Node::Unary(_)
        | Node::Cast(_)
        | Node::Print(_)
        | Node::Throw(_)
        | Node::Include(_)
        | Node::Property(_)
        | Node::MethodCall(_)
        | Node::StaticCall(_)
        | Node::ClassConstant(_)
        | Node::StaticProperty(_)
        | Node::ExpressionStatement(_)
        | Node::Label(_) => 1..=1,
        Node::Assignment(_) => 1..=2,
        Node::Ternary(_)
        | Node::Parenthesized(_)
        | Node::Block(_)
        | Node::BracedPart(_)
        | Node::Index(_)
        | Node::Hooks(_) => 2..=2,
        Node::Array(array) => array.elements.len()..=array.elements.len() + 3,
        Node::Arguments(list) => list.list.len().max(1)..=list.list.len() + 3,
        Node::Parameters(list) => list.list.len().max(1)..=list.list.len() + 3,
        Node::Method(_) => 1..=3,
        Node::Class(class) => 3..=5 + class.implements.len() + class.extends.len(),
        _ => 0..=usize::MAX,
    };
    assert!(expected.contains(&count), "{node:?} has {count} tokens of its own");
    for position in positions(node).into_iter().flatten() {
        let stands = own.iter().any(|token| token.span.start == position.get());
        assert!(stands, "{node:?} has no token at {position:?}");
    }
}

/// Where a node says that tokens of its own stand.
fn positions(node: Node<'_>) -> Vec<Option<Position>> {
    match node {
        Node::Binary(node) => vec![Some(node.operator_at)],
        Node::Assignment(node) => vec![Some(node.operator_at), node.by_reference],
        Node::Postfix(node) => vec![Some(node.operator_at)],
        Node::InstanceOf(node) => vec![Some(node.operator_at)],
        Node::Ternary(node) => vec![Some(node.question), Some(node.colon)],
        Node::Index(node) => vec![Some(node.open)],
        Node::Property(node) => vec![Some(node.arrow)],
        Node::MethodCall(node) => vec![Some(node.arrow)],
        Node::StaticCall(node) => vec![Some(node.colons)],
        Node::StaticProperty(node) => vec![Some(node.colons)],
        Node::ClassConstant(node) => vec![Some(node.colons)],
        Node::KeyedElement(node) => vec![Some(node.arrow), node.by_reference],
        Node::MatchArm(node) => vec![Some(node.arrow)],
        Node::Closure(node) => vec![node.static_at, node.by_reference],
        Node::ArrowFunction(node) => vec![node.static_at, node.by_reference, Some(node.arrow)],
        Node::Parameter(node) => vec![node.by_reference, node.variadic],
        Node::Function(node) => vec![node.by_reference],
        Node::Method(node) => vec![node.by_reference, node.terminator],
        Node::Hook(node) => vec![node.by_reference, node.terminator],
        Node::Class(node) => vec![Some(node.keyword), Some(node.open)],
        Node::Properties(node) => vec![node.terminator],
        Node::ClassConstants(node) => vec![Some(node.terminator)],
        Node::EnumCase(node) => vec![Some(node.terminator)],
        Node::TraitUse(node) => vec![node.terminator],
        Node::Alias(node) => vec![Some(node.terminator)],
        Node::Precedence(node) => vec![Some(node.terminator)],
        Node::ExpressionStatement(node) => vec![Some(node.terminator)],
        Node::Echo(node) => vec![Some(node.terminator)],
        Node::Return(node) => vec![Some(node.terminator)],
        Node::Break(node) => vec![Some(node.terminator)],
        Node::Continue(node) => vec![Some(node.terminator)],
        Node::Global(node) => vec![Some(node.terminator)],
        Node::StaticVariables(node) => vec![Some(node.terminator)],
        Node::Unset(node) => vec![Some(node.terminator)],
        Node::Goto(node) => vec![Some(node.terminator)],
        Node::HaltCompiler(node) => vec![Some(node.terminator)],
        Node::Namespace(node) => vec![node.terminator],
        Node::Use(node) => vec![Some(node.terminator)],
        Node::Constants(node) => vec![Some(node.terminator)],
        Node::DoWhile(node) => vec![Some(node.terminator)],
        Node::For(node) => {
            let separators = [Some(node.first_separator), Some(node.second_separator)];
            [separators, end(node.end)].concat()
        }
        Node::Foreach(node) => [vec![Some(node.as_keyword)], end(node.end).to_vec()].concat(),
        Node::ForeachTarget(node) => vec![node.by_reference],
        Node::Case(node) => vec![Some(node.separator)],
        Node::If(node) => end(node.end).to_vec(),
        Node::While(node) => end(node.end).to_vec(),
        Node::Switch(node) => end(node.end).to_vec(),
        Node::Declare(node) => end(node.end).to_vec(),
        _ => Vec::new(),
    }
}

fn end(end: Option<AlternativeEnd>) -> [Option<Position>; 2] {
    [end.map(|end| end.keyword), end.map(|end| end.terminator)]
}
