//! What is included, as far as the path can be told from the tree.

use tilde_syntax::TokenKind;
use tilde_syntax::ast::{self, Expression};

use super::{Collector, Include, IncludePath};

impl<'a> Collector<'_, 'a> {
    pub(super) fn include(&mut self, include: &ast::Include<'a>) {
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
    pub(super) fn path(&self, expression: Expression<'a>) -> Option<IncludePath> {
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

    pub(super) fn dirname(&self, call: &ast::Call<'a>) -> Option<IncludePath> {
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
