//! Lists under construction, of which the inner ones end first.

use bumpalo::Bump;

use crate::ast::{Argument, Element, Expression, Member, Name, Parameter, Statement, StringPart};

/// The lists of the parser, by what is in them.
#[derive(Default)]
pub(crate) struct Scratch<'a> {
    pub(crate) statements: Stack<Statement<'a>>,
    pub(crate) expressions: Stack<Expression<'a>>,
    pub(crate) arguments: Stack<Argument<'a>>,
    pub(crate) elements: Stack<Element<'a>>,
    pub(crate) parts: Stack<StringPart<'a>>,
    pub(crate) parameters: Stack<Parameter<'a>>,
    pub(crate) members: Stack<Member<'a>>,
    pub(crate) names: Stack<Name>,
    /// Where the `$` of `$$a` are.
    pub(crate) dollars: Vec<u32>,
}

/// How many things lie side by side.
const CHUNK: usize = 4096;

/// A list whose end is taken off in one piece. It is never moved when it grows: of the
/// 10,000,000 statements of a hostile source there is no second copy.
pub(crate) struct Stack<T> {
    /// [`CHUNK`] each.
    full: Vec<Vec<T>>,
    /// What comes behind them, at most [`CHUNK`].
    last: Vec<T>,
}

impl<T> Default for Stack<T> {
    fn default() -> Self {
        Self { full: Vec::new(), last: Vec::new() }
    }
}

impl<T: Copy> Stack<T> {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.full.len() * CHUNK + self.last.len()
    }

    #[inline]
    pub(crate) fn push(&mut self, item: T) {
        if self.last.len() == CHUNK {
            self.full.push(std::mem::take(&mut self.last));
        }
        self.last.push(item);
    }

    pub(crate) fn last(&self) -> Option<&T> {
        self.last.last().or_else(|| self.full.last()?.last())
    }

    /// Moves what was pushed since it had that length into the arena.
    #[inline]
    pub(crate) fn finish<'a>(&mut self, arena: &'a Bump, length: usize) -> &'a [T] {
        let Some(start) = length.checked_sub(self.full.len() * CHUNK) else {
            return self.finish_chunks(arena, length);
        };
        if self.last.len() == start {
            return &[];
        }
        let slice = arena.alloc_slice_copy(&self.last[start..]);
        self.last.truncate(start);
        slice
    }

    #[cold]
    fn finish_chunks<'a>(&mut self, arena: &'a Bump, length: usize) -> &'a [T] {
        let slice = arena.alloc_slice_fill_with(self.len() - length, |index| {
            let index = length + index;
            self.full.get(index / CHUNK).unwrap_or(&self.last)[index % CHUNK]
        });
        self.full.truncate(length / CHUNK + 1);
        self.last = self.full.pop().unwrap_or_default();
        self.last.truncate(length % CHUNK);
        slice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_come_off_as_they_were_pushed() {
        let arena = Bump::new();
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7] {
            let mut stack = Stack::default();
            for item in 0..4 * CHUNK + 5 {
                stack.push(item);
            }
            let expected: Vec<usize> = (length..4 * CHUNK + 5).collect();
            assert_eq!(stack.finish(&arena, length), expected);
            assert_eq!(stack.len(), length);
            assert_eq!(stack.last().copied(), length.checked_sub(1));
            assert!(stack.finish(&arena, length).is_empty());
            stack.push(7);
            assert_eq!(stack.finish(&arena, length), [7]);
            assert_eq!(stack.finish(&arena, 0), (0..length).collect::<Vec<_>>());
            assert_eq!(stack.last(), None);
        }
    }
}
