//! Going through a tree.
//!
//! [`walk`] keeps its own stack, so no tree is too deep for it: a chain of
//! 100,000 concatenations is a tree of that depth.

use crate::ast::{Alternative, Block, Case, Namespace, Node, Program, Statement};

/// What to do with the nodes of a tree.
///
/// ```
/// use tilde_syntax::{Arena, Flow, Node, Options, Version, Visitor, parse, walk};
///
/// struct Calls(usize);
///
/// impl<'a> Visitor<'a> for Calls {
///     fn enter(&mut self, node: Node<'a>) -> Flow {
///         if let Node::Call(_) = node {
///             self.0 += 1;
///         }
///         Flow::Descend
///     }
/// }
///
/// let arena = Arena::new();
/// let tree = parse(b"<?php f(g(), 'h()');", Options::new(Version::V8_2), &arena).unwrap();
/// let mut calls = Calls(0);
/// walk(Node::from(tree.program()), &mut calls);
/// assert_eq!(calls.0, 2);
/// ```
pub trait Visitor<'a> {
    /// Called for a node before its children.
    fn enter(&mut self, node: Node<'a>) -> Flow;

    /// Called for a node after its children, also if they were skipped.
    fn leave(&mut self, node: Node<'a>) {
        let _ = node;
    }
}

/// How to go on after a node was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// With its children.
    Descend,
    /// Without its children.
    Skip,
    /// Not at all: no node is entered or left any more.
    Stop,
}

/// How many statements of a list are waiting at once.
const WINDOW: usize = 1024;

/// A node that is entered and not left.
struct Open<'a> {
    node: Node<'a>,
    /// How many nodes wait that come after it.
    others: usize,
    /// Its statements that do not wait yet.
    rest: &'a [Statement<'a>],
}

/// Visits a node and all below it, in the order of the source.
pub fn walk<'a>(root: Node<'a>, visitor: &mut impl Visitor<'a>) {
    // What is still to be entered, the next one last.
    let mut waiting = vec![root];
    let mut open: Vec<Open<'a>> = Vec::new();
    while let Some(node) = waiting.pop() {
        match visitor.enter(node) {
            Flow::Stop => return,
            Flow::Descend if !node.is_leaf() => {
                let others = waiting.len();
                let rest = add_children(node, &mut waiting);
                waiting[others..].reverse();
                open.push(Open { node, others, rest });
            }
            Flow::Descend | Flow::Skip => visitor.leave(node),
        }
        while let Some(last) = open.last_mut().filter(|last| last.others == waiting.len()) {
            if last.rest.is_empty() {
                visitor.leave(last.node);
                open.pop();
            } else {
                last.rest = add_statements(last.rest, &mut waiting);
                waiting[last.others..].reverse();
            }
        }
    }
}

/// Adds the children of a node, and returns the statements that are still to be added: a
/// hostile source has millions of them.
fn add_children<'a>(node: Node<'a>, waiting: &mut Vec<Node<'a>>) -> &'a [Statement<'a>] {
    let (first, statements) = match node {
        Node::Program(Program { statements, .. })
        | Node::Block(Block { statements, .. })
        | Node::Alternative(Alternative { statements, .. }) => (None, *statements),
        Node::Namespace(Namespace { name, statements, .. }) => (name.map(Node::from), *statements),
        Node::Case(Case { condition, statements, .. }) => (condition.map(Node::from), *statements),
        _ => (None, &[][..]),
    };
    if statements.len() <= WINDOW {
        node.add_children(waiting);
        return &[];
    }
    waiting.extend(first);
    add_statements(statements, waiting)
}

fn add_statements<'a>(
    statements: &'a [Statement<'a>],
    waiting: &mut Vec<Node<'a>>,
) -> &'a [Statement<'a>] {
    let (now, rest) = statements.split_at(statements.len().min(WINDOW));
    waiting.extend(now.iter().copied().map(Node::from));
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Arena, Options, Version, parse};

    /// Where nodes are entered and left.
    #[derive(Default)]
    struct Places(Vec<(u32, &'static str)>);

    impl<'a> Visitor<'a> for Places {
        fn enter(&mut self, node: Node<'a>) -> Flow {
            self.0.push((node.span().start, node.name()));
            Flow::Descend
        }

        fn leave(&mut self, node: Node<'a>) {
            self.0.push((node.span().end, node.name()));
        }
    }

    /// The same by recursion.
    fn visit<'a>(node: Node<'a>, visitor: &mut impl Visitor<'a>) {
        visitor.enter(node);
        for child in node.children() {
            visit(child, visitor);
        }
        visitor.leave(node);
    }

    #[test]
    fn long_lists_are_visited_in_order() {
        for (before, after) in [
            ("", ""),
            ("{", "}"),
            ("namespace A{", "}"),
            ("namespace A;", ""),
            ("if (A): ", "endif;"),
            ("switch (A) { case 1: ", "default: }"),
        ] {
            for count in [0, 1, WINDOW - 1, WINDOW, WINDOW + 1, 3 * WINDOW + 5] {
                let source = format!("<?php {before}{}{after}", "{f(1);};".repeat(count));
                let arena = Arena::new();
                let options = Options::new(Version::V8_2);
                let tree = parse(source.as_bytes(), options, &arena).expect("it is valid");
                let root = Node::from(tree.program());
                let [mut places, mut expected] = [Places::default(), Places::default()];
                walk(root, &mut places);
                visit(root, &mut expected);
                assert!(places.0 == expected.0, "{count} statements behind {before}");
            }
        }
    }
}
