//! The steps of a regular expression, tried with backtracking.
//!
//! A group keeps what it matched in an earlier round of a loop if it takes no
//! part in the last one; a step back gives it the earlier place again.

use super::program::{Program, Step};
use super::syntax::{Assertion, Repeat, Set, is_word};
use super::{Groups, refused};
use crate::convert::Result;

/// How many steps a search may take. The least that a PHP allows is 100,000.
const MAX_TRIED: usize = 50_000;
/// How many places to come back to there may be: each costs PHP's stack.
const MAX_WAITING: usize = 1_000;

pub(super) struct Run<'p> {
    program: &'p Program,
    subject: &'p [u8],
    /// The steps so far.
    pub(super) tried: usize,
    saved: Vec<Option<usize>>,
}

/// What to do when a step fails.
enum Retry {
    At {
        step: usize,
        position: usize,
    },
    /// A loop of single bytes that may be one shorter, or longer.
    Run {
        step: usize,
        start: usize,
        count: usize,
        least: usize,
        most: usize,
        is_greedy: bool,
    },
    Restore {
        slot: usize,
        old: Option<usize>,
    },
}

impl<'p> Run<'p> {
    pub(super) fn new(program: &'p Program, subject: &'p [u8]) -> Self {
        Self { program, subject, tried: 0, saved: Vec::new() }
    }

    /// A match that begins here.
    pub(super) fn at(&mut self, start: usize, not_empty: bool) -> Result<Option<Groups>> {
        self.saved = vec![None; 2 * self.program.groups];
        let Some(end) = self.from(0, start, not_empty)? else { return Ok(None) };
        self.saved[0] = Some(start);
        self.saved[1] = Some(end);
        Ok(Some(self.saved.chunks(2).map(|pair| pair[0].zip(pair[1])).collect()))
    }

    /// Where a match ends that begins with this step, here.
    fn from(&mut self, first: usize, start: usize, not_empty: bool) -> Result<Option<usize>> {
        let mut waiting: Vec<Retry> = Vec::new();
        let mut state = Some((first, start));
        loop {
            let Some((step, position)) = state.or_else(|| self.retry(&mut waiting)) else {
                return Ok(None);
            };
            self.tried += 1;
            if self.tried > MAX_TRIED || waiting.len() > MAX_WAITING {
                return Err(refused("a match that takes too long"));
            }
            state = match &self.program.steps[step] {
                Step::Match if not_empty && position == start => None,
                Step::Match => return Ok(Some(position)),
                Step::Set(set) => {
                    let byte = self.subject.get(position);
                    byte.filter(|byte| set.contains(**byte)).map(|_| (step + 1, position + 1))
                }
                Step::Run(set, repeat) => self.run(step, position, set, *repeat, &mut waiting),
                Step::Split(first, second) => {
                    waiting.push(Retry::At { step: *second, position });
                    Some((*first, position))
                }
                Step::Jump(step) => Some((*step, position)),
                Step::Save(slot) => {
                    let old = self.saved[*slot].replace(position);
                    waiting.push(Retry::Restore { slot: *slot, old });
                    Some((step + 1, position))
                }
                Step::Assert(assertion) => {
                    self.holds(*assertion, position).then_some((step + 1, position))
                }
                Step::Ahead { is_negative, end } => {
                    let holds = self.ahead(step + 1, position, *is_negative, &mut waiting)?;
                    holds.then_some((*end, position))
                }
                Step::BackReference(number, ignores_case) => {
                    let end = self.repeated_end(*number, position, *ignores_case);
                    end.map(|end| (step + 1, end))
                }
            };
        }
    }

    /// The last place to come back to.
    fn retry(&mut self, waiting: &mut Vec<Retry>) -> Option<(usize, usize)> {
        loop {
            match waiting.pop()? {
                Retry::At { step, position } => return Some((step, position)),
                Retry::Restore { slot, old } => self.saved[slot] = old,
                Retry::Run { step, start, count, least, most, is_greedy } => {
                    let next = if is_greedy {
                        (count > least).then(|| count - 1)
                    } else {
                        (count < most).then_some(count + 1)
                    };
                    let Some(count) = next else { continue };
                    waiting.push(Retry::Run { step, start, count, least, most, is_greedy });
                    return Some((step, start + count));
                }
            }
        }
    }

    fn run(
        &self,
        step: usize,
        start: usize,
        set: &Set,
        repeat: Repeat,
        waiting: &mut Vec<Retry>,
    ) -> Option<(usize, usize)> {
        let (least, limit) =
            (repeat.least as usize, repeat.most.map_or(usize::MAX, |most| most as usize));
        let fitting = self.subject[start..].iter().take(limit);
        let most = fitting.take_while(|byte| set.contains(**byte)).count();
        if most < least {
            return None;
        }
        let (is_greedy, step) = (repeat.is_greedy, step + 1);
        let count = if is_greedy { most } else { least };
        if most > least {
            waiting.push(Retry::Run { step, start, count, least, most, is_greedy });
        }
        Some((step, start + count))
    }

    /// What an assertion ahead says. Its groups stay if it holds and is a
    /// positive one.
    fn ahead(
        &mut self,
        first: usize,
        position: usize,
        is_negative: bool,
        waiting: &mut Vec<Retry>,
    ) -> Result<bool> {
        let before = self.saved.clone();
        let holds = self.from(first, position, false)?.is_some();
        if is_negative || !holds {
            self.saved = before;
            return Ok(holds != is_negative);
        }
        for (slot, old) in before.into_iter().enumerate() {
            if self.saved[slot] != old {
                waiting.push(Retry::Restore { slot, old });
            }
        }
        Ok(true)
    }

    /// Where the text of a group ends if it is here again.
    fn repeated_end(&self, number: usize, position: usize, ignores_case: bool) -> Option<usize> {
        let (start, end) = self.saved[2 * number].zip(self.saved[2 * number + 1])?;
        let text = &self.subject[start..end];
        let here = self.subject.get(position..position + text.len())?;
        let is_same = if ignores_case { here.eq_ignore_ascii_case(text) } else { here == text };
        is_same.then_some(position + text.len())
    }

    fn holds(&self, assertion: Assertion, at: usize) -> bool {
        let (subject, len) = (self.subject, self.subject.len());
        let is_word_at = |at: Option<usize>| {
            at.and_then(|at| subject.get(at)).is_some_and(|byte| is_word(*byte))
        };
        let is_boundary = is_word_at(at.checked_sub(1)) != is_word_at(Some(at));
        match assertion {
            Assertion::Start => at == 0,
            // Not after a break that ends the text.
            Assertion::LineStart => at == 0 || at < len && subject[at - 1] == b'\n',
            Assertion::End => at == len,
            Assertion::EndOrLastBreak => at == len || at + 1 == len && subject[at] == b'\n',
            Assertion::LineEnd => at == len || subject[at] == b'\n',
            Assertion::WordBoundary => is_boundary,
            Assertion::NoWordBoundary => !is_boundary,
        }
    }
}
