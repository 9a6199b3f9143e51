//! Why an evaluation stopped, and where.
//!
//! Most of these are no errors of PHP but our own: what cannot be known without
//! running PHP is refused, never guessed.

use std::error;
use std::fmt;
use std::io;
use std::path::PathBuf;

use tilde_syntax::SyntaxError;

use crate::source::Location;

/// An evaluation that stopped: why, where, and how it came there.
#[derive(Debug)]
pub struct Error {
    /// Why.
    pub kind: ErrorKind,
    /// The expression or statement that cannot be evaluated.
    pub location: Location,
    /// The calls and includes that led there, the outermost first.
    pub chain: Vec<Step>,
}

/// A call or include on the way to an error.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it stands.
    pub location: Location,
    /// The function that is called; none for an include.
    pub function: Option<String>,
}

/// Why an evaluation stopped.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// It depends on something that only the running PHP knows.
    Unknown(Unknown),
    /// PHP can do it and we cannot.
    Unsupported(String),
    /// PHP would stop here too: its message.
    Fatal(String),
    /// PHP would stop here too: files include each other without end.
    Endless,
    /// `exit` or `die`.
    Exit,
    /// A [`crate::Host`] ended the evaluation, which is no mistake.
    Stopped,
    /// A limit of [`crate::Limits`] is reached.
    Limit(Limit),
    /// A file is no PHP of this version.
    Syntax(Box<SyntaxError>),
    /// A file cannot be read.
    Read(PathBuf, io::Error),
}

/// What only the running PHP knows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unknown {
    /// A function that is neither declared in the evaluated files nor one of
    /// PHP's that always give the same answer.
    Function(String),
    /// A method or class.
    Class(String),
    /// An object of this class.
    Object(String),
    /// A constant.
    Constant(String),
    /// An entry of `$_SERVER`; all of it without a name.
    Server(Option<String>),
    /// What the request fills: `_GET`, or an entry such as `_GET['a']`.
    Request(String),
    /// Another variable that PHP fills: `$_ENV`, `$GLOBALS['a']`.
    Variable(String),
    /// Whether a function, class or constant exists.
    Existence(String),
    /// Something about the machine, such as its time zone or its folder.
    Machine(String),
}

/// What an evaluation may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it all
pub enum Limit {
    Steps,
    CallDepth,
    IncludeDepth,
    Nesting,
    Memory,
}

impl ErrorKind {
    /// Whether PHP itself ends the program there.
    #[must_use]
    pub fn ends_php(&self) -> bool {
        matches!(self, Self::Fatal(_) | Self::Endless | Self::Exit | Self::Syntax(_))
    }

    pub(crate) fn unsupported(what: impl Into<String>) -> Self {
        Self::Unsupported(what.into())
    }

    pub(crate) fn fatal(message: impl Into<String>) -> Self {
        Self::Fatal(message.into())
    }

    pub(crate) fn unknown_function(name: &[u8]) -> Self {
        Self::Unknown(Unknown::Function(String::from_utf8_lossy(name).into_owned()))
    }

    /// What a person can do about it.
    #[must_use]
    pub fn ways_out(&self) -> &'static str {
        match self {
            Self::Unknown(Unknown::Server(_)) => {
                "give it with --server NAME=VALUE, or with --server '!NAME' if it is absent"
            }
            Self::Unknown(Unknown::Request(_)) => {
                "say with --empty-request that the request which makes the cache has no \
                 parameters, cookies and files, or write the value itself"
            }
            Self::Unknown(Unknown::Existence(_)) => {
                "name all extensions of the server as `extensions` in [target], give the \
                 constants with --constants FILE, or set eval = \"php\" in tilde.toml"
            }
            Self::Unknown(Unknown::Constant(_)) => {
                "give the constants with --constants FILE, or set eval = \"php\" in tilde.toml"
            }
            Self::Unknown(Unknown::Function(_)) => {
                "say what it gives under [thinkphp.known] in tilde.toml, or set eval = \"php\""
            }
            Self::Unknown(Unknown::Class(_)) => {
                "say what the function that asks for it gives under [thinkphp.known] in \
                 tilde.toml, or set eval = \"php\""
            }
            Self::Unknown(_) | Self::Unsupported(_) | Self::Limit(_) => {
                "write the value itself, or set eval = \"php\" in tilde.toml"
            }
            Self::Exit => {
                "define what the file asks for with --constants FILE, or set eval = \"php\""
            }
            Self::Endless => "a file that should be found in place of one of them is missing",
            Self::Fatal(_) | Self::Syntax(_) | Self::Stopped => "mend the file",
            Self::Read(..) => "check the path, or map it with --map-path",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(unknown) => write!(f, "{unknown} is known only when PHP runs"),
            Self::Unsupported(what) => write!(f, "cannot evaluate {what}"),
            Self::Fatal(message) => write!(f, "PHP stops here: {message}"),
            Self::Endless => f.write_str("PHP stops here: files include each other without end"),
            Self::Exit => f.write_str("the file ends the program here"),
            Self::Stopped => f.write_str("the evaluation ends here"),
            Self::Limit(limit) => write!(f, "{limit}"),
            Self::Syntax(error) => write!(f, "syntax error on line {}", error.line),
            Self::Read(path, error) => write!(f, "cannot read {}: {error}", path.display()),
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function(name) => write!(f, "what {name}() gives"),
            Self::Class(name) => write!(f, "the class {name}"),
            Self::Object(name) => write!(f, "an object of the class {name}"),
            Self::Constant(name) => write!(f, "the constant {name}"),
            Self::Server(Some(name)) => write!(f, "$_SERVER['{name}']"),
            Self::Server(None) => f.write_str("$_SERVER"),
            Self::Request(name) | Self::Variable(name) => write!(f, "${name}"),
            Self::Existence(name) => write!(f, "whether {name} exists"),
            Self::Machine(what) => f.write_str(what),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Steps => "the evaluation takes too many steps",
            Self::CallDepth => "functions call each other too deep",
            Self::IncludeDepth => "files include each other too deep",
            Self::Nesting => "expressions or values are nested too deep",
            Self::Memory => "strings and arrays take too much memory",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, line) = (self.location.path(), self.location.line());
        write!(f, "{}:{line}: {}; {}", path.display(), self.kind, self.kind.ways_out())?;
        for Step { location, function } in self.chain.iter().rev() {
            let (path, line) = (location.path(), location.line());
            match function {
                Some(name) => write!(f, "\n  called as {name}() in {}:{line}", path.display())?,
                None => write!(f, "\n  included in {}:{line}", path.display())?,
            }
        }
        Ok(())
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.kind {
            ErrorKind::Read(_, error) => Some(error),
            _ => None,
        }
    }
}
