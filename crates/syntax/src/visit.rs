//! Going through a tree.
//!
//! [`walk`] keeps its own stack, so no tree is too deep for it: a chain of
//! 100,000 concatenations is a tree of that depth.

use crate::ast::Node;

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

/// Visits a node and all below it, in the order of the source.
pub fn walk<'a>(root: Node<'a>, visitor: &mut impl Visitor<'a>) {
    let mut steps = vec![Step::Enter(root)];
    let mut children = Vec::new();
    while let Some(step) = steps.pop() {
        match step {
            Step::Leave(node) => visitor.leave(node),
            Step::Enter(node) => match visitor.enter(node) {
                Flow::Stop => return,
                Flow::Skip => visitor.leave(node),
                // Every second node is one, and needs no step of its own.
                Flow::Descend if node.is_leaf() => visitor.leave(node),
                Flow::Descend => {
                    node.add_children(&mut children);
                    steps.push(Step::Leave(node));
                    steps.extend(children.drain(..).rev().map(Step::Enter));
                }
            },
        }
    }
}

enum Step<'a> {
    Enter(Node<'a>),
    Leave(Node<'a>),
}
