//! The PHP that an evaluation stands for, and where files come from.
//!
//! Nothing defaults to what this machine has: what is not given is unknown, and
//! code that asks for it is refused.

use std::io;
use std::path::{Component, Path, PathBuf};

use tilde_syntax::{IntSize, Options, Version};

use crate::value::{Bytes, Value};

/// The path without `.`, and without `..` as far as that can be said without asking the
/// disk: a `..` after a link leads elsewhere.
#[must_use]
pub fn normal(path: &Path) -> PathBuf {
    if is_normal(path) {
        return path.to_owned();
    }
    let mut normal = PathBuf::new();
    for component in path.components() {
        let is_after_name = matches!(normal.components().next_back(), Some(Component::Normal(_)));
        match component {
            Component::CurDir => {}
            Component::ParentDir if is_after_name => {
                normal.pop();
            }
            _ => normal.push(component),
        }
    }
    normal
}

/// Whether a path consists of names and nothing else, as most do. The first of its parts is
/// empty in one that begins with a slash.
fn is_normal(path: &Path) -> bool {
    let mut parts = path.as_os_str().as_encoded_bytes().split(|byte| *byte == b'/').enumerate();
    parts.all(|(index, part)| !matches!(part, b"." | b"..") && (index == 0 || !part.is_empty()))
}

/// Where files come from, under the paths that the target has for them.
pub trait Sources: Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    ///
    /// Whatever kept the file from being read.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Says whether one may ask what lies at a path.
    ///
    /// # Errors
    ///
    /// Why not.
    fn check(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }

    /// Whether there is a file.
    fn is_file(&self, path: &Path) -> bool;

    /// Whether there is a folder.
    fn is_dir(&self, path: &Path) -> bool;

    /// The path without `.`, `..` and links, if there is such a thing.
    fn realpath(&self, path: &Path) -> Option<PathBuf>;
}

/// The PHP and the machine that an evaluation stands for.
#[derive(Clone, Debug)]
pub struct Target {
    /// The version of PHP, how it reads files, and the width of its integers.
    pub options: Options,
    /// `PHP_VERSION`. [`Target::new`] takes the last release of the line.
    pub release: String,
    /// `PHP_SAPI`; unknown by default.
    pub sapi: Option<String>,
    /// The operating system.
    pub system: System,
    /// `$_SERVER['SCRIPT_NAME']`, such as `/index.php`.
    pub script_name: Option<Bytes>,
    /// `$_SERVER['DOCUMENT_ROOT']`.
    pub document_root: Option<Bytes>,
    /// `$_SERVER['HTTP_HOST']` and `$_SERVER['SERVER_NAME']`.
    pub host: Option<Bytes>,
    /// Other entries of `$_SERVER`; `None` for one that is known to be missing.
    pub server: Vec<(Bytes, Option<Value>)>,
    /// Constants that are defined before the first file runs, in this order.
    pub constants: Vec<(Bytes, Value)>,
    /// The folder that relative paths start from; unknown by default.
    pub working_directory: Option<PathBuf>,
    /// Functions, in lower case, that are known not to exist. By default
    /// `saeautoloader`, which exists on one hosting platform only; ThinkPHP asks
    /// for it to find out whether it runs there. And `zend_loader_file_encoded`,
    /// with which Composer asks whether its own file is encoded: one that we can
    /// read is not, so that the answer is the same where the function exists.
    pub absent_functions: Vec<String>,
    /// Classes, in lower case, that are known not to exist, and that no
    /// autoloader finds; none by default.
    pub absent_classes: Vec<String>,
    /// The extensions that are loaded, all of them; unknown by default. What is
    /// always loaded need not be named.
    pub extensions: Option<Vec<String>>,
    /// Whether a whole application is evaluated, from its entry script on. Then
    /// an autoloader finds the classes that are not declared, a name that nobody
    /// has defined is no constant (before PHP 8.0 it stands for itself), and a
    /// global variable that nobody has set is null. By default all that is
    /// unknown.
    pub is_application: bool,
    /// Whether the request has no parameters, cookies and files: `$_GET`,
    /// `$_POST`, `$_COOKIE`, `$_FILES` and `$_REQUEST` begin empty. By default
    /// they are unknown, but for the entries that the program sets.
    pub is_request_empty: bool,
    /// What the setting `magic_quotes_gpc` is before PHP 5.4, which took it out.
    /// By default it is on there, as in a PHP without a `php.ini`.
    pub magic_quotes: bool,
}

impl Target {
    /// A PHP of this version with integers of 64 bits on Linux, of which
    /// nothing else is known.
    #[must_use]
    pub fn new(version: Version) -> Self {
        Self {
            options: Options::new(version),
            release: version.last_release().to_owned(),
            sapi: None,
            system: System::Linux,
            script_name: None,
            document_root: None,
            host: None,
            server: Vec::new(),
            constants: Vec::new(),
            working_directory: None,
            absent_functions: vec![
                "saeautoloader".to_owned(),
                "zend_loader_file_encoded".to_owned(),
            ],
            absent_classes: Vec::new(),
            extensions: None,
            is_application: false,
            is_request_empty: false,
            magic_quotes: version < Version::V5_4,
        }
    }

    /// The same with integers of this width.
    #[must_use]
    pub fn with_int_size(mut self, int_size: IntSize) -> Self {
        self.options.int_size = int_size;
        self
    }
}

/// The operating system of a target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it all
pub enum System {
    #[default]
    Linux,
    Darwin,
    Windows,
}

/// What an evaluation may use up. Each is a number of its own; reaching it is
/// an error, never a wrong value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Expressions and statements that are evaluated.
    pub steps: u64,
    /// Functions that wait for each other.
    pub call_depth: u32,
    /// Files that wait for each other.
    pub include_depth: u32,
    /// Expressions in expressions.
    pub nesting: u32,
    /// Bytes that are given to strings and arrays, all in all. The default keeps
    /// the whole evaluation under 300 MB.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 20_000_000,
            call_depth: 1_000,
            include_depth: 64,
            nesting: 10_000,
            memory: 128 << 20,
        }
    }
}
