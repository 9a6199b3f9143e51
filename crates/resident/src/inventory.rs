//! All that outlives a request in the files of an application, or must not happen there.

use std::borrow::Cow;
use std::fmt;

use tilde_syntax::Span;

pub use crate::facts::{Guard, How, Key, Property, Value, Visibility};

/// A piece of state, or something that a worker must not do.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What it is.
    pub kind: Kind,
    /// What it is called: `A\B::$c`, `f()::$a`, `$GLOBALS['a']`, `exit in A::b()`.
    pub name: Vec<u8>,
    /// Where it is declared, or the first place where it happens.
    pub site: Site,
    /// Where it is written, or happens; in the order of the files.
    pub writes: Vec<WriteSite>,
    /// Functions that have it by `global`.
    pub bindings: Vec<Site>,
    /// The declaration of a static property that is among the files.
    pub property: Option<Box<Declared>>,
    /// Whether it is a property or variable that holds the one object of its class.
    pub is_singleton: bool,
    /// How bad it is.
    pub rank: Rank,
    /// Why it has this rank, in one line: lower case at the start, no full stop.
    pub reason: Cow<'static, str>,
    /// Whether it is likely enough a mistake to be shown to who has not asked for all.
    pub is_alarm: bool,
}

impl Fact {
    /// The stable code of its kind.
    #[must_use]
    pub fn code(&self) -> &'static str {
        if self.is_singleton { "T-STATE-SINGLETON" } else { self.kind.code() }
    }
}

/// A static property with its class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The class or trait.
    pub class: Vec<u8>,
    /// How it is declared.
    pub property: Property,
    /// The classes that have storage of their own for it: the class itself, or those that
    /// use the trait.
    pub holders: Vec<Vec<u8>>,
}

/// A place in one of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    /// The file, by its place among those that were linked.
    pub file: usize,
    /// The bytes.
    pub span: Span,
}

/// A place that writes, or where something happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteSite {
    /// Where.
    pub site: Site,
    /// The function, `A\B::c()`; empty outside of all.
    pub by: Vec<u8>,
    /// The name of that function in small letters, without its class.
    pub(crate) function: Vec<u8>,
    /// What it does.
    pub how: How,
    /// What it asks first.
    pub guard: Guard,
    /// What it writes.
    pub value: Value,
    /// Whether it is known to write this one: not where the class shows only when it runs.
    pub is_certain: bool,
    /// Whether the function puts back what it changes: `$a = self::$b; … self::$b = $a;`.
    pub is_put_back: bool,
}

/// What a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A static property.
    Property,
    /// A `static` variable of a function.
    Variable,
    /// A global variable that functions use.
    Global,
    /// A superglobal that is read while loading, or written.
    Input,
    /// A constant that is defined at run time.
    Constant,
    /// A binding of a container that holds on to an application or a request.
    Container,
    /// A setting of the whole process.
    Process,
    /// The end of the process.
    Exit,
    /// Headers, cookies and sessions of PHP's own.
    Header,
    /// Output that is no response.
    Output,
    /// A wait that stops all requests of the worker.
    Block,
    /// A write whose target shows only when it runs.
    Unknown,
}

impl Kind {
    fn code(self) -> &'static str {
        match self {
            Self::Property => "T-STATE-PROPERTY",
            Self::Variable => "T-STATE-VARIABLE",
            Self::Global => "T-STATE-GLOBAL",
            Self::Input => "T-STATE-INPUT",
            Self::Constant => "T-STATE-CONSTANT",
            Self::Container => "T-STATE-CONTAINER",
            Self::Process => "T-STATE-PROCESS",
            Self::Exit => "T-STATE-EXIT",
            Self::Header => "T-STATE-HEADER",
            Self::Output => "T-STATE-OUTPUT",
            Self::Block => "T-STATE-BLOCK",
            Self::Unknown => "T-STATE-UNKNOWN",
        }
    }
}

/// How much harm a fact does in a worker; the last one is the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Written while the application starts, or never.
    Boot,
    /// Put back by the function that sets it.
    Restored,
    /// Filled once, or keyed by what code has a limited number of.
    Memo,
    /// Another value after each request that comes by.
    Replaced,
    /// More with each request.
    Grows,
    /// Ends, blocks or bypasses the worker.
    Forbidden,
    /// Holds something of a request, a user or a session.
    Request,
}

impl Rank {
    /// Its word in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Boot => "boot",
            Self::Restored => "restored",
            Self::Memo => "memo",
            Self::Replaced => "replaced",
            Self::Grows => "grows",
            Self::Forbidden => "forbidden",
            Self::Request => "request",
        }
    }
}

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
