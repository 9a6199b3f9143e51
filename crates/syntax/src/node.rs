//! How a node knows its parts. Everything here is made by the macros below from
//! one list of nodes, in [`crate::ast`]: the structs, [`crate::Node`], and how
//! to go from a node to its children, so that no traversal is written by hand.

use tilde_lexer::TokenKind;

use crate::Span;
use crate::ast::Node;
use crate::span::Position;

/// What can stand in a field of a node: it adds the nodes it holds, in the
/// order of the source.
pub(crate) trait Part<'a> {
    fn add_to(&'a self, nodes: &mut Vec<Node<'a>>);
}

impl<'a, T: Part<'a>> Part<'a> for Option<T> {
    #[inline]
    fn add_to(&'a self, nodes: &mut Vec<Node<'a>>) {
        if let Some(part) = self {
            part.add_to(nodes);
        }
    }
}

impl<'a, T: Part<'a>> Part<'a> for &'a [T] {
    #[inline]
    fn add_to(&'a self, nodes: &mut Vec<Node<'a>>) {
        for part in *self {
            part.add_to(nodes);
        }
    }
}

impl<'a, T: Part<'a>> Part<'a> for &'a T {
    #[inline]
    fn add_to(&'a self, nodes: &mut Vec<Node<'a>>) {
        (**self).add_to(nodes);
    }
}

/// Fields that hold no nodes.
macro_rules! without_nodes {
    ($($Type:ty),* $(,)?) => {
        $(impl<'a> Part<'a> for $Type {
            #[inline]
            fn add_to(&'a self, _: &mut Vec<Node<'a>>) {}
        })*
    };
}
pub(crate) use without_nodes;

without_nodes!(Position, Span, TokenKind, bool);

/// The structs of all nodes, and the enum over them. A node has a span and the
/// fields given, in the order of the source. Leaves have no children and are
/// copied; records have nothing from the arena in them.
macro_rules! nodes {
    (
        leaves { $(
            $(#[$leaf_meta:meta])*
            $Leaf:ident { $($(#[$leaf_field_meta:meta])* $leaf_field:ident: $LeafType:ty,)* }
        )* }
        records { $(
            $(#[$record_meta:meta])*
            $Record:ident { $($(#[$record_field_meta:meta])* $record_field:ident: $RecordType:ty,)* }
        )* }
        branches { $(
            $(#[$meta:meta])*
            $Name:ident { $($(#[$field_meta:meta])* $field:ident: $Type:ty,)* }
        )* }
    ) => {
        $(
            $(#[$leaf_meta])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub struct $Leaf {
                /// Its bytes.
                pub span: Span,
                $($(#[$leaf_field_meta])* pub $leaf_field: $LeafType,)*
            }

            impl<'a> Part<'a> for $Leaf {
                #[inline]
                fn add_to(&'a self, nodes: &mut Vec<Node<'a>>) {
                    nodes.push(Node::$Leaf(*self));
                }
            }

            impl From<$Leaf> for Node<'_> {
                fn from(leaf: $Leaf) -> Self {
                    Self::$Leaf(leaf)
                }
            }
        )*
        $(
            $(#[$record_meta])*
            #[derive(Clone, Copy, Debug)]
            #[non_exhaustive]
            pub struct $Record {
                /// All of its bytes.
                pub span: Span,
                $($(#[$record_field_meta])* pub $record_field: $RecordType,)*
            }

            impl<'a> Part<'a> for $Record {
                #[inline]
                fn add_to(&'a self, nodes: &mut Vec<Node<'a>>) {
                    nodes.push(Node::$Record(self));
                }
            }

            impl<'a> From<&'a $Record> for Node<'a> {
                fn from(node: &'a $Record) -> Self {
                    Self::$Record(node)
                }
            }
        )*
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug)]
            #[non_exhaustive]
            pub struct $Name<'a> {
                /// All of its bytes.
                pub span: Span,
                $($(#[$field_meta])* pub $field: $Type,)*
            }

            impl<'a> Part<'a> for $Name<'a> {
                #[inline]
                fn add_to(&'a self, nodes: &mut Vec<Node<'a>>) {
                    nodes.push(Node::$Name(self));
                }
            }

            impl<'a> From<&'a $Name<'a>> for Node<'a> {
                fn from(node: &'a $Name<'a>) -> Self {
                    Self::$Name(node)
                }
            }
        )*

        /// Any node of the tree.
        #[derive(Clone, Copy, Debug)]
        #[non_exhaustive]
        pub enum Node<'a> {
            $($(#[$leaf_meta])* $Leaf($Leaf),)*
            $($(#[$record_meta])* $Record(&'a $Record),)*
            $($(#[$meta])* $Name(&'a $Name<'a>),)*
        }

        impl<'a> Node<'a> {
            /// Where the node stands in the source.
            #[must_use]
            pub fn span(self) -> Span {
                match self {
                    $(Self::$Leaf(node) => node.span,)*
                    $(Self::$Record(node) => node.span,)*
                    $(Self::$Name(node) => node.span,)*
                }
            }

            /// The name of its type, such as `Binary`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$Leaf(_) => stringify!($Leaf),)*
                    $(Self::$Record(_) => stringify!($Record),)*
                    $(Self::$Name(_) => stringify!($Name),)*
                }
            }

            /// Whether the node never has children.
            #[must_use]
            pub fn is_leaf(self) -> bool {
                match self {
                    $(Self::$Leaf(_) => true,)*
                    $(Self::$Record(_) => false,)*
                    $(Self::$Name(_) => false,)*
                }
            }

            /// Adds its children to a list, in the order of the source.
            pub fn add_children(self, nodes: &mut Vec<Node<'a>>) {
                match self {
                    $(Self::$Leaf(_) => {})*
                    $(Self::$Record(node) => { $(node.$record_field.add_to(nodes);)* })*
                    $(Self::$Name(node) => { $(node.$field.add_to(nodes);)* })*
                }
            }

            /// Its children, in the order of the source. Whoever looks at many nodes takes
            /// [`add_children`](Self::add_children), which fills one list again and again.
            pub fn children(self) -> impl Iterator<Item = Node<'a>> {
                let mut nodes = Vec::new();
                self.add_children(&mut nodes);
                nodes.into_iter()
            }
        }
    };
}
pub(crate) use nodes;

/// An enum over some of the nodes, of which a variant has the name of its node.
macro_rules! choices {
    ($(
        $(#[$meta:meta])*
        $Choice:ident {
            leaves { $($Leaf:ident,)* }
            $(records { $($Record:ident,)* })?
            branches { $($Name:ident,)* }
            $(values { $($Value:ident,)* })?
        }
    )*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug)]
            #[allow(missing_docs)] // each variant is called after its node
            pub enum $Choice<'a> {
                $($Leaf($Leaf),)*
                $($($Record(&'a $Record),)*)?
                $($Name(&'a $Name<'a>),)*
                $($($Value($Value<'a>),)*)?
            }

            impl<'a> $Choice<'a> {
                /// Where it stands in the source.
                #[inline]
                #[must_use]
                pub fn span(self) -> Span {
                    match self {
                        $(Self::$Leaf(node) => node.span,)*
                        $($(Self::$Record(node) => node.span,)*)?
                        $(Self::$Name(node) => node.span,)*
                        $($(Self::$Value(node) => node.span(),)*)?
                    }
                }
            }

            impl<'a> From<$Choice<'a>> for Node<'a> {
                fn from(choice: $Choice<'a>) -> Self {
                    match choice {
                        $($Choice::$Leaf(node) => Self::$Leaf(node),)*
                        $($($Choice::$Record(node) => Self::$Record(node),)*)?
                        $($Choice::$Name(node) => Self::$Name(node),)*
                        $($($Choice::$Value(node) => Self::from(node),)*)?
                    }
                }
            }

            impl<'a> Part<'a> for $Choice<'a> {
                #[inline]
                fn add_to(&'a self, nodes: &mut Vec<Node<'a>>) {
                    nodes.push(Node::from(*self));
                }
            }
        )*
    };
}
pub(crate) use choices;
