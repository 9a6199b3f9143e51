//! What PHP says of the syntax of a source, and whether we say the same.

use tilde_syntax::{Arena, Options, Version, parse};

use tilde_testing::npm::int_size;

/// What `php -l` says of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Right,
    /// A parse error on that line; 0 where PHP does not know it.
    Wrong(u32),
    /// A fatal error on that line, which ends the parse.
    Fatal(u32),
    /// Nothing, as that PHP went down.
    Unknown,
}

impl Verdict {
    /// Reads `ok`, or the line and the message, separated by a tab.
    pub(crate) fn of(text: &str) -> Self {
        let mut columns = text.split('\t');
        let line = |text: Option<&str>| text.and_then(|line| line.parse().ok());
        match (columns.next().unwrap(), line(columns.next())) {
            ("ok", Some(line)) => Self::Fatal(line),
            ("ok", None) => Self::Right,
            ("crash", _) => Self::Unknown,
            (wrong, _) => Self::Wrong(wrong.parse().unwrap()),
        }
    }
}

/// The options under which we have to agree with that PHP.
pub(crate) fn options(php: &str) -> Options {
    let version: Version = php.parse().unwrap();
    Options::new(version).with_int_size(int_size(version))
}

/// Where our verdict is another than that of PHP.
pub(crate) fn difference(source: &[u8], options: Options, their: Verdict) -> Option<String> {
    let arena = Arena::new();
    let (our, message) = match parse(source, options, &arena) {
        Ok(_) => (Verdict::Right, String::new()),
        Err(error) if error.is_parse_error() => (Verdict::Wrong(error.line), error.to_string()),
        Err(error) => (Verdict::Fatal(error.line), error.to_string()),
    };
    let agrees = match (their, our) {
        (Verdict::Unknown, _) | (Verdict::Wrong(0), Verdict::Wrong(_)) => true,
        // PHP 5 compiles while it parses and has not looked behind that line.
        (Verdict::Fatal(_), Verdict::Right) => options.version < Version::V7_0,
        (Verdict::Fatal(line), Verdict::Wrong(our) | Verdict::Fatal(our))
            if options.version < Version::V7_0 =>
        {
            our >= line
        }
        (their, our) => their == our,
    };
    (!agrees).then(|| format!("PHP says {their:?}, we say {our:?} {message}"))
}
