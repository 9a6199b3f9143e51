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
    // What is still to be entered, the next one last, and the nodes that are entered and
    // not left, each with how many others come after it.
    let mut waiting = vec![root];
    let mut open: Vec<(Node<'a>, usize)> = Vec::new();
    while let Some(node) = waiting.pop() {
        match visitor.enter(node) {
            Flow::Stop => return,
            Flow::Descend if !node.is_leaf() => {
                let others = waiting.len();
                open.push((node, others));
                node.add_children(&mut waiting);
                waiting[others..].reverse();
            }
            Flow::Descend | Flow::Skip => visitor.leave(node),
        }
        while let Some((node, _)) = open.pop_if(|(_, others)| *others == waiting.len()) {
            visitor.leave(node);
        }
    }
}
