//! Functions that the program around an evaluation answers.
//!
//! A framework's own functions, such as ThinkPHP's `C()`, have effects that the
//! caller of an [`crate::Evaluator`] wants to know. A [`Host`] is asked before
//! any function of the files or of PHP. Names come in lower case and in full,
//! `think\hook::add` for a static method.

use crate::error::ErrorKind;
use crate::evaluator::Evaluator;
use crate::value::{Bytes, Value};

/// Answers calls in the place of the evaluator.
pub trait Host {
    /// Called before a function runs. `None` leaves the call to the evaluator.
    ///
    /// In a namespace PHP looks for `ns\f` and then for `f`; a host is asked for
    /// the same names, up to the first one that is declared. For `new A` it is
    /// asked for `a::__construct`, and an answer says that it has made the object,
    /// whatever the answer is: the evaluator knows no more of it than its class.
    /// For `$a->f()` of such an object it is asked for `a::f`.
    ///
    /// # Errors
    ///
    /// What the call stops with; [`ErrorKind::Stopped`] where the host has seen
    /// enough.
    fn call(&self, call: &Call<'_, '_>) -> Option<Result<Value, ErrorKind>>;

    /// The files that a call stands for which [`Host::call`] leaves alone: they
    /// are included in its place, and it gives null. None by default.
    fn files(&self, _call: &Call<'_, '_>) -> Vec<Bytes> {
        Vec::new()
    }

    /// Called when these files are included.
    fn included(&self, _call: &Call<'_, '_>) {}
}

/// A call that a [`Host`] may answer.
#[non_exhaustive]
pub struct Call<'c, 'a> {
    /// The full name in lower case, without a backslash in front; with
    /// `class::` for a static method.
    pub name: &'c [u8],
    /// The arguments, without references.
    pub arguments: &'c [Value],
    pub(crate) evaluator: &'c Evaluator<'a>,
}

impl Call<'_, '_> {
    /// How many constants there are.
    #[must_use]
    pub fn constants_len(&self) -> usize {
        self.evaluator.constants.len()
    }

    /// The value of a constant that the files so far have defined.
    #[must_use]
    pub fn constant(&self, name: &str) -> Option<&Value> {
        self.evaluator.constants.get(name.as_bytes())
    }
}
