//! Trees of regular expressions to steps.
//!
//! A loop of single bytes is one step, however long it gets, and one entry to
//! come back to: PCRE spends nothing on it, either.

use super::refused;
use super::syntax::{Assertion, Node, Repeat, Set};
use crate::convert::Result;

/// The steps of a pattern.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    /// How many groups there are, with the whole match.
    pub(super) groups: usize,
}

#[derive(Debug)]
pub(super) enum Step {
    Set(Set),
    /// A loop of single bytes.
    Run(Set, Repeat),
    /// Goes on at the first, and at the second if that fails.
    Split(usize, usize),
    Jump(usize),
    /// Writes down where we are: the start or the end of a group.
    Save(usize),
    Assert(Assertion),
    /// The steps up to `end` match here, or do not.
    Ahead {
        is_negative: bool,
        end: usize,
    },
    BackReference(usize, bool),
    Match,
}

const MAX_STEPS: usize = 5_000;

impl Program {
    pub(super) fn new(node: &Node, groups: usize) -> Result<Self> {
        let mut program = Self { steps: Vec::new(), groups };
        program.add(node)?;
        program.steps.push(Step::Match);
        Ok(program)
    }

    fn push(&mut self, step: Step) -> Result<usize> {
        if self.steps.len() >= MAX_STEPS {
            return Err(refused("a pattern that is too long"));
        }
        self.steps.push(step);
        Ok(self.steps.len() - 1)
    }

    fn add(&mut self, node: &Node) -> Result<()> {
        match node {
            Node::Set(set) => self.push(Step::Set(*set)).map(|_| ()),
            Node::Sequence(nodes) => nodes.iter().try_for_each(|node| self.add(node)),
            Node::Either(branches) => self.add_either(branches),
            Node::Group(None, node) => self.add(node),
            Node::Group(Some(number), node) => {
                self.push(Step::Save(2 * number))?;
                self.add(node)?;
                self.push(Step::Save(2 * number + 1)).map(|_| ())
            }
            Node::Repeat(node, repeat) => match &**node {
                Node::Set(set) => self.push(Step::Run(*set, *repeat)).map(|_| ()),
                node => self.add_repeat(node, *repeat),
            },
            Node::Ahead { is_negative, node } => self.add_ahead(*is_negative, node),
            Node::BackReference(number, ignores_case) => {
                self.push(Step::BackReference(*number, *ignores_case)).map(|_| ())
            }
            Node::Assertion(assertion) => self.push(Step::Assert(*assertion)).map(|_| ()),
        }
    }

    fn add_either(&mut self, branches: &[Node]) -> Result<()> {
        let mut jumps = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            if index + 1 == branches.len() {
                self.add(branch)?;
                break;
            }
            let split = self.push(Step::Split(0, 0))?;
            self.add(branch)?;
            jumps.push(self.push(Step::Jump(0))?);
            self.steps[split] = Step::Split(split + 1, self.steps.len());
        }
        for jump in jumps {
            self.steps[jump] = Step::Jump(self.steps.len());
        }
        Ok(())
    }

    fn add_repeat(&mut self, node: &Node, repeat: Repeat) -> Result<()> {
        for _ in 0..repeat.least {
            self.add(node)?;
        }
        let Some(most) = repeat.most else {
            let split = self.push(Step::Split(0, 0))?;
            self.add(node)?;
            self.push(Step::Jump(split))?;
            self.steps[split] = repeat.split(split + 1, self.steps.len());
            return Ok(());
        };
        let mut splits = Vec::new();
        for _ in repeat.least..most {
            splits.push(self.push(Step::Split(0, 0))?);
            self.add(node)?;
        }
        for split in splits {
            self.steps[split] = repeat.split(split + 1, self.steps.len());
        }
        Ok(())
    }

    fn add_ahead(&mut self, is_negative: bool, node: &Node) -> Result<()> {
        let ahead = self.push(Step::Match)?;
        self.add(node)?;
        self.push(Step::Match)?;
        self.steps[ahead] = Step::Ahead { is_negative, end: self.steps.len() };
        Ok(())
    }
}

impl Repeat {
    fn split(self, again: usize, after: usize) -> Step {
        if self.is_greedy { Step::Split(again, after) } else { Step::Split(after, again) }
    }
}
