//! What became of each member: where it is, what its code is there, and how much
//! was changed.
//!
//! Only numbers and reasons are kept, which are counted while the parts are
//! printed. A member whose code stands in several pieces has one report; an edit
//! that is made in each of its pieces counts in each.

use std::fmt;

use crate::edit::Edits;
use crate::module::Module;
use crate::source::SourceId;

pub use crate::edit::Rule;
pub use crate::module::Shape;

/// What became of one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberReport {
    /// The member.
    pub source: SourceId,
    /// Which file of the bundle it is in: 0 is the output, others are the companions.
    pub file: usize,
    /// What keeps it out of the output, if that is not the reason for its shape.
    pub obstacle: Option<Obstacle>,
    /// What its code is there.
    pub shape: Shape,
    /// Why it is that.
    pub reason: Reason,
    /// How many bytes of that file are its code.
    pub len: usize,
    /// How many edits each rule has made in it.
    pub edits: Counts,
}

impl MemberReport {
    /// A member that is not printed yet.
    pub(crate) fn of(module: &Module) -> Self {
        let is_nothing = module.is_empty() && !module.is_function() && !module.is_alone;
        Self {
            source: module.source,
            file: module.file,
            obstacle: module.obstacle,
            shape: module.shape,
            reason: if is_nothing { Reason::Empty } else { module.reason.clone() },
            len: 0,
            edits: Counts::default(),
        }
    }

    pub(crate) fn add(&mut self, len: usize, edits: &Counts) {
        self.len += len;
        for (sum, count) in self.edits.0.iter_mut().zip(edits.0) {
            *sum += count;
        }
    }
}

/// How many edits each rule has made: no allocation, as there are many members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u32; Rule::ALL.len()]);

impl Counts {
    pub(crate) fn of(edits: &Edits) -> Self {
        let mut counts = Self::default();
        for rule in edits.rules() {
            counts.0[rule as usize] += 1;
        }
        counts
    }

    /// The rules that have made any, each with how many.
    pub fn iter(&self) -> impl Iterator<Item = (Rule, usize)> + '_ {
        let counts = self.0.iter().map(|count| *count as usize);
        Rule::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0)
    }
}

/// Why a member has its shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing is in the way of the plainest shape.
    Plain,
    /// It does nothing, and so nothing is printed.
    Empty,
    /// It runs when something asks for it.
    OnDemand,
    /// It has variables of its own.
    OwnScope,
    /// Another member includes it.
    Included,
    /// It looks for a function or constant that an earlier member has looked for.
    LooksAgain,
    /// Linking its classes may make PHP complain, which code before it would see.
    Complains,
    /// An earlier member may ask whether its declarations are there.
    EarlierTells,
    /// What its classes are made of is there only later than in a file of its own.
    BoundLate,
    /// It cannot share a file with others: what stands in the way.
    Alone(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "it behaves here as in a file of its own",
            Self::Empty => "it does nothing",
            Self::OnDemand => "it runs when something asks for it",
            Self::OwnScope => "it has variables of its own",
            Self::Included => "another member includes it",
            Self::LooksAgain => {
                "it looks for a function or constant that an earlier member has looked for"
            }
            Self::Complains => "PHP may complain when it links a class of it, after other code ran",
            Self::EarlierTells => "earlier code may tell whether its declarations are there",
            Self::BoundLate => "its own code may tell that a parent is there later than in a file",
            Self::Alone(reason) => reason,
        })
    }
}

/// Why a member cannot be in the bundle's own file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Its types are strict and those there are not, or the other way round.
    Strictness,
    /// A `declare` of another kind holds to the end of a file.
    Declare,
    /// What PHP says or computes when it compiles it depends on what ran before.
    CompiledLate,
    /// It imports a name that the file has declared.
    Import,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Strictness => "types are strict in all of a file or nowhere in it",
            Self::Declare => "a declare holds to the end of a file",
            Self::CompiledLate => "PHP has to compile it after other code ran",
            Self::Import => "it imports a name that is declared in the bundle's own file",
        })
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Inline => "inline",
            Self::Guarded => "guarded",
            Self::Function => "function",
        })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tag => "tag",
            Self::Namespace => "namespace",
            Self::Shape => "shape",
            Self::Guard => "guard",
            Self::Strict => "strict",
            Self::Magic => "magic",
            Self::Include => "include",
            Self::Return => "return",
            Self::Try => "try",
            Self::Label => "label",
            Self::Runtime => "runtime",
            Self::Doc => "doc",
            Self::State => "state",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_a_count_of_its_own() {
        assert!(Rule::ALL.iter().enumerate().all(|(index, rule)| *rule as usize == index));
    }
}
