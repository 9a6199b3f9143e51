//! The evaluator: what it knows while it runs.
//!
//! A file runs in a scope of its own, as if a function included it; what the
//! includer has set is unknown unless [`Evaluator::set_variable`] says so. Only
//! where a whole application is evaluated is the scope of the entry script the
//! global one.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, PoisonError};

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};
use tilde_syntax::ast::Program;
use tilde_syntax::{Arena, Options, Span, parse};

use crate::array::Array;
use crate::autoload::{Autoloader, Autoloaders};
use crate::class::Class;
use crate::endless::Circle;
use crate::error::{Error, ErrorKind, Limit, Step};
use crate::expression::constant_key;
use crate::frame::{Frame, Frames};
use crate::function::{ClosureData, UserFunction};
use crate::host::Host;
use crate::source::{Location, Source};
use crate::statement::Flow;
use crate::target::{Limits, Sources, Target};
use crate::value::{Bytes, Trap, Value};

pub(crate) type Variables = IndexMap<Bytes, Value, FxBuildHasher>;

/// The result of a step: an error is boxed, as it is rare and large.
pub(crate) type Outcome<T> = Result<T, Box<Error>>;

/// Evaluates PHP files that compute values without asking the world.
///
/// Files, functions and constants of earlier calls stay known. The arena holds
/// the syntax trees of all files and lives as long as the evaluator.
#[allow(clippy::struct_excessive_bools)] // each says what the program has done
pub struct Evaluator<'a> {
    pub(crate) arena: &'a Arena,
    pub(crate) sources: &'a dyn Sources,
    pub(crate) target: &'a Target,
    pub(crate) host: Option<&'a dyn Host>,
    pub(crate) options: Options,
    pub(crate) limits: Limits,
    pub(crate) steps: u64,
    pub(crate) memory: u64,
    pub(crate) nesting: u32,
    files: Vec<FileData<'a>>,
    by_path: FxHashMap<PathBuf, FileId>,
    included: HashSet<PathBuf>,
    pub(crate) frames: Frames<'a>,
    pub(crate) chain: Vec<Step>,
    pub(crate) functions: FxHashMap<Bytes, Rc<UserFunction<'a>>>,
    pub(crate) classes: FxHashMap<Bytes, Rc<Class<'a>>>,
    /// All of them by their numbers.
    pub(crate) class_list: Vec<Rc<Class<'a>>>,
    /// Those whose declaration was met, with an unknown parent.
    pub(crate) unknown_classes: FxHashMap<Bytes, &'a tilde_syntax::ast::Class<'a>>,
    /// Which file declares a function or class that nobody asked for yet.
    pub(crate) deferred: Deferred,
    pub(crate) closures: Vec<Rc<ClosureData<'a>>>,
    pub(crate) statics: FxHashMap<(u32, Bytes), Value>,
    pub(crate) constants: IndexMap<Bytes, Value, FxBuildHasher>,
    /// `$GLOBALS` where no whole application is evaluated.
    pub(crate) globals: FxHashMap<Bytes, Value>,
    /// Entries of `$_SERVER` and its like that the program has written to.
    pub(crate) entries: FxHashMap<(&'static [u8], Bytes), Value>,
    pub(crate) output: Vec<u8>,
    pub(crate) functions_made: u32,
    /// Whether an element of any array was ever made a reference.
    pub(crate) shares_elements: bool,
    /// Whether any variable was ever made unknown.
    pub(crate) has_mysteries: bool,
    pub(crate) trap: Trap,
    pub(crate) autoloaders: Autoloaders<'a>,
    /// Whether the last call was of a function that returns a reference.
    pub(crate) returned_reference: bool,
    /// Whether the program has changed how sessions work.
    pub(crate) has_session_settings: bool,
    pub(crate) include_path: IncludePath,
    /// How many calls a host has answered.
    pub(crate) answers: usize,
    /// What tells that files include each other without end.
    pub(crate) circle: Option<Circle>,
}

/// What `set_include_path()` did to PHP's own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum IncludePath {
    Untouched,
    /// It still begins with the working directory.
    Longer,
    Unknown,
}

/// What a file declares that does nothing else: full names in any letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declares {
    /// Its functions.
    pub functions: Vec<Bytes>,
    /// Its classes, interfaces and traits.
    pub classes: Vec<Bytes>,
}

#[derive(Default)]
pub(crate) struct Deferred {
    /// All of them, read or not.
    files: Vec<Rc<Path>>,
    functions: FxHashMap<Bytes, Rc<Path>>,
    classes: FxHashMap<Bytes, Rc<Path>>,
}

/// A file in the evaluator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FileId(u32);

pub(crate) struct FileData<'a> {
    /// Its path is the one that was asked for.
    source: Arc<Source>,
    /// What `__FILE__` says.
    pub(crate) real: PathBuf,
    pub(crate) text: &'a [u8],
    program: Option<&'a Program<'a>>,
}

impl FileData<'_> {
    /// What there is before the first file is read.
    fn nowhere() -> Self {
        let source = Source::new(PathBuf::new(), Vec::new());
        Self { source, real: PathBuf::new(), text: b"", program: None }
    }
}

impl<'a> Evaluator<'a> {
    /// An evaluator for a target, whose constants are defined at once.
    #[must_use]
    pub fn new(arena: &'a Arena, sources: &'a dyn Sources, target: &'a Target) -> Self {
        Self {
            arena,
            sources,
            target,
            host: None,
            options: target.options,
            limits: Limits::default(),
            steps: 0,
            memory: 0,
            nesting: 0,
            files: vec![FileData::nowhere()],
            by_path: FxHashMap::default(),
            included: HashSet::new(),
            frames: Frames::new(Frame::new(FileId::NOWHERE, Variables::default())),
            chain: Vec::new(),
            functions: FxHashMap::default(),
            classes: FxHashMap::default(),
            class_list: Vec::new(),
            unknown_classes: FxHashMap::default(),
            deferred: Deferred::default(),
            closures: Vec::new(),
            statics: FxHashMap::default(),
            constants: target
                .constants
                .iter()
                .map(|(name, value)| (constant_key(name).into(), value.clone()))
                .collect(),
            globals: FxHashMap::default(),
            entries: FxHashMap::default(),
            output: Vec::new(),
            functions_made: 0,
            shares_elements: false,
            has_mysteries: false,
            trap: Trap::default(),
            autoloaders: if target.is_application {
                Autoloaders::default()
            } else {
                Autoloaders::unknown()
            },
            returned_reference: false,
            has_session_settings: false,
            include_path: IncludePath::Untouched,
            answers: 0,
            circle: None,
        }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same with functions that `host` answers.
    #[must_use]
    pub fn with_host(mut self, host: &'a dyn Host) -> Self {
        self.host = Some(host);
        self
    }

    /// Runs a file and gives what it returns: 1 where it returns nothing, as
    /// `include` does. Its variables stay for [`Self::variables`] and for the
    /// next file.
    ///
    /// # Errors
    ///
    /// What cannot be evaluated, and where.
    pub fn include(&mut self, path: &Path) -> Result<Value, Error> {
        let result = self.read_file(path).and_then(|file| self.run_top(file));
        result.map(|(value, _)| value).map_err(|error| *error)
    }

    /// Runs a file as a function of a framework includes it: with variables of
    /// its own, and where classes are loaded when they are needed.
    ///
    /// # Errors
    ///
    /// What cannot be evaluated, and where.
    pub fn include_apart(&mut self, path: &Path) -> Result<Value, Error> {
        self.autoloaders.add(Autoloader::Unknown, false);
        let result = self.read_file(path).and_then(|file| {
            let frame = Frame::new(file, Variables::default());
            self.in_frame(frame, |evaluator| evaluator.run_top(file))
        });
        result.map(|(value, _)| value).map_err(|error| *error)
    }

    /// Includes a file which does nothing but declare these functions and
    /// classes. It is read when one of them is needed, if ever.
    pub fn defer(&mut self, path: &Path, declares: &Declares) {
        let path: Rc<Path> = path.into();
        self.deferred.files.push(path.clone());
        for (names, files) in [
            (&declares.functions, &mut self.deferred.functions),
            (&declares.classes, &mut self.deferred.classes),
        ] {
            files.extend(names.iter().map(|name| (name.to_lower(), path.clone())));
        }
    }

    /// Runs bytes as if a file had them.
    ///
    /// # Errors
    ///
    /// What cannot be evaluated, and where.
    pub fn run(&mut self, path: &Path, source: &[u8]) -> Result<Value, Error> {
        let result = self.add_file(path, source).and_then(|file| self.run_top(file));
        result.map(|(value, _)| value).map_err(|error| *error)
    }

    /// Runs bytes as if they were the body of a function: with variables of its
    /// own, and null where nothing is returned.
    ///
    /// # Errors
    ///
    /// What cannot be evaluated, and where.
    pub fn run_function(&mut self, path: &Path, source: &[u8]) -> Result<Value, Error> {
        let file = self.add_file(path, source).map_err(|error| *error)?;
        let frame = Frame::new(file, Variables::default());
        let result = self.in_frame(frame, |evaluator| evaluator.run_top(file));
        match result {
            Ok((value, is_returned)) => Ok(if is_returned { value } else { Value::Null }),
            Err(error) => Err(*error),
        }
    }

    /// Calls a function of the evaluated files or of PHP.
    ///
    /// # Errors
    ///
    /// What cannot be evaluated, and where.
    pub fn call(&mut self, function: &str, arguments: Vec<Value>) -> Result<Value, Error> {
        let span = Span { start: 0, end: 0 };
        let value = self.call_named(function.as_bytes(), arguments, span);
        let value = value.and_then(|value| self.resolve(&value, span));
        value.map_err(|error| *error)
    }

    /// The variables that the files run so far have set, in order.
    ///
    /// # Errors
    ///
    /// A value that contains itself.
    pub fn variables(&mut self) -> Result<Vec<(Bytes, Value)>, Error> {
        let span = Span { start: 0, end: 0 };
        let variables: Vec<_> = self
            .frames
            .first()
            .variables
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let resolved = variables
            .into_iter()
            .map(|(name, value)| Ok((name, self.resolve(&value, span)?)))
            .collect::<Outcome<Vec<_>>>();
        resolved.map_err(|error| *error)
    }

    /// Sets a variable for the files to come, as an includer would.
    pub fn set_variable(&mut self, name: &str, value: Value) {
        self.frames.first_mut().variables.insert(name.into(), value);
    }

    /// All constants that were given and defined, in order of definition: what
    /// `get_defined_constants(true)['user']` gives.
    pub fn constants(&self) -> impl Iterator<Item = (&Bytes, &Value)> {
        self.constants.iter()
    }

    /// What the files have printed so far.
    #[must_use]
    pub fn output(&self) -> &[u8] {
        &self.output
    }

    /// The paths of all files that were read, in order.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().skip(1).map(|file| file.source.path())
    }

    /// The value, and whether the file returned it.
    fn run_top(&mut self, file: FileId) -> Outcome<(Value, bool)> {
        let span = Span { start: 0, end: 0 };
        self.nesting = 0;
        let (value, is_returned) = self.run_file(file)?;
        Ok((self.resolve(&value, span)?, is_returned))
    }

    /// Runs a file in the innermost frame: the value, and whether the file
    /// returned it.
    pub(crate) fn run_file(&mut self, file: FileId) -> Outcome<(Value, bool)> {
        let program = self.files[file.index()].program;
        let Some(program) = program else { return Ok((Value::Int(1), false)) };
        self.in_file(file, |evaluator| match evaluator.program(program)? {
            Flow::Return(value) => Ok((value, true)),
            Flow::Normal => Ok((Value::Int(1), false)),
            Flow::Break(_) | Flow::Continue(_) => evaluator.fail(program.span, no_loop()),
        })
    }

    pub(crate) fn read_file(&mut self, path: &Path) -> Outcome<FileId> {
        let real = self.real(path);
        self.included.insert(real.clone());
        if let Some(file) = self.by_path.get(&real) {
            return Ok(*file);
        }
        match self.sources.read(path) {
            Ok(source) => self.add_file(path, &source),
            Err(error) => {
                let kind = ErrorKind::Read(path.to_owned(), error);
                let source = Source::new(path.to_owned(), Vec::new());
                Err(self.error_in(&source, Span { start: 0, end: 0 }, kind))
            }
        }
    }

    /// Reads the file that declares a function, if it waits for that.
    pub(crate) fn need_function(&mut self, key: &[u8]) -> Outcome<()> {
        match self.deferred.functions.get(key).cloned() {
            Some(path) => self.include_deferred(&path),
            None => Ok(()),
        }
    }

    /// The same for a class.
    pub(crate) fn need_class(&mut self, key: &[u8]) -> Outcome<()> {
        match self.deferred.classes.get(key).cloned() {
            Some(path) => self.include_deferred(&path),
            None => Ok(()),
        }
    }

    fn include_deferred(&mut self, path: &Rc<Path>) -> Outcome<()> {
        self.deferred.functions.retain(|_, file| file != path);
        self.deferred.classes.retain(|_, file| file != path);
        let file = self.read_file(path)?;
        self.run_apart(file)
    }

    /// Runs a file with variables of its own.
    pub(crate) fn run_apart(&mut self, file: FileId) -> Outcome<()> {
        let frame = Frame::new(file, Variables::default());
        self.in_frame(frame, |evaluator| evaluator.run_file(file))?;
        Ok(())
    }

    /// Whether a file that was not read yet has declared a function already.
    pub(crate) fn waits_for_function(&self, key: &[u8]) -> bool {
        self.deferred.functions.contains_key(key)
    }

    /// The same for a class.
    pub(crate) fn waits_for_class(&self, key: &[u8]) -> bool {
        self.deferred.classes.contains_key(key)
    }

    pub(crate) fn is_included(&self, path: &Path) -> bool {
        let real = self.real(path);
        self.included.contains(&real)
            || self.deferred.files.iter().any(|path| self.real(path) == real)
    }

    pub(crate) fn included_len(&self) -> usize {
        self.included.len()
    }

    fn real(&self, path: &Path) -> PathBuf {
        self.sources.realpath(path).unwrap_or_else(|| path.to_owned())
    }

    fn add_file(&mut self, path: &Path, source: &[u8]) -> Outcome<FileId> {
        if u32::try_from(source.len()).is_err() {
            let kind = ErrorKind::unsupported("a file of more than 4 GB");
            let source = Source::new(path.to_owned(), Vec::new());
            return Err(self.error_in(&source, Span { start: 0, end: 0 }, kind));
        }
        let arena = self.arena;
        let shared = Source::new(path.to_owned(), source.to_owned());
        let text: &'a [u8] = arena.alloc_slice_copy(source);
        let tree = parse(text, self.options, arena).map_err(|error| {
            let span = error.span;
            self.error_in(&shared, span, ErrorKind::Syntax(Box::new(error)))
        })?;
        let file = FileId(self.files.len() as u32);
        let real = self.real(path);
        self.by_path.insert(real.clone(), file);
        self.files.push(FileData { source: shared, real, text, program: Some(tree.program()) });
        Ok(file)
    }

    pub(crate) fn frame(&self) -> &Frame<'a> {
        self.frames.current()
    }

    pub(crate) fn frame_mut(&mut self) -> &mut Frame<'a> {
        self.frames.current_mut()
    }

    pub(crate) fn file(&self) -> &FileData<'a> {
        &self.files[self.frame().file().index()]
    }

    /// The bytes of a place in the file that runs.
    pub(crate) fn text(&self, span: Span) -> &'a [u8] {
        span.of(self.file().text)
    }

    pub(crate) fn location(&self, span: Span) -> Location {
        Location::new(&self.file().source, span)
    }

    pub(crate) fn error(&self, span: Span, kind: ErrorKind) -> Box<Error> {
        Box::new(Error { kind, location: self.location(span), chain: self.chain.clone() })
    }

    fn error_in(&self, source: &Arc<Source>, span: Span, kind: ErrorKind) -> Box<Error> {
        let location = Location::new(source, span);
        Box::new(Error { kind, location, chain: self.chain.clone() })
    }

    /// Gives a result of a pure function its place.
    pub(crate) fn at<T>(&self, span: Span, result: Result<T, ErrorKind>) -> Outcome<T> {
        result.map_err(|kind| self.error(span, kind))
    }

    pub(crate) fn fail<T>(&self, span: Span, kind: ErrorKind) -> Outcome<T> {
        Err(self.error(span, kind))
    }

    /// Whether something unknown has been read since the last time; then that
    /// is the error.
    #[inline]
    pub(crate) fn known<T>(&mut self, span: Span, result: Outcome<T>) -> Outcome<T> {
        if !self.has_mysteries {
            return result;
        }
        let read = self.trap.lock().unwrap_or_else(PoisonError::into_inner).take();
        match read {
            Some(unknown) => self.fail(span, ErrorKind::Unknown(unknown)),
            None => result,
        }
    }

    /// Counts a step.
    #[inline]
    pub(crate) fn step(&mut self, span: Span) -> Outcome<()> {
        self.steps += 1;
        if self.steps > self.limits.steps {
            return self.fail(span, ErrorKind::Limit(Limit::Steps));
        }
        Ok(())
    }

    /// Counts memory.
    #[inline]
    pub(crate) fn charge(&mut self, bytes: usize) -> Result<(), ErrorKind> {
        self.memory += bytes as u64;
        if self.memory > self.limits.memory {
            return Err(ErrorKind::Limit(Limit::Memory));
        }
        Ok(())
    }

    /// The value without any reference in it.
    pub(crate) fn resolve(&mut self, value: &Value, span: Span) -> Outcome<Value> {
        self.charge_whole(value, span)?;
        let result = resolved(value, 0);
        let result = self.at(span, result);
        self.known(span, result)
    }
}

/// `break 2` where only one loop is.
pub(crate) fn no_loop() -> ErrorKind {
    ErrorKind::fatal("`break` or `continue` leaves more loops than there are")
}

/// The value without any reference in it.
pub(crate) fn resolved(value: &Value, depth: u32) -> Result<Value, ErrorKind> {
    crate::convert::deeper(depth, || {
        Ok(match value {
            Value::Reference(reference) => resolved(&reference.get(), depth + 1)?,
            Value::Array(array) if array.values().any(is_to_resolve) => {
                let mut copy = Array::clone(array);
                for value in copy.values_mut() {
                    *value = resolved(value, depth + 1)?;
                }
                copy.into()
            }
            Value::Object(object) => {
                let Some(properties) = object.try_lock().map(|properties| properties.clone())
                else {
                    return Err(ErrorKind::Limit(Limit::Nesting));
                };
                if properties.values().any(is_to_resolve) {
                    // The object keeps its identity.
                    let mut properties = properties;
                    for value in properties.values_mut() {
                        *value = resolved(value, depth + 1)?;
                    }
                    *object.lock() = properties;
                }
                value.clone()
            }
            other => other.clone(),
        })
    })
}

fn is_to_resolve(value: &Value) -> bool {
    matches!(value, Value::Reference(_) | Value::Array(_) | Value::Object(_))
}

impl FileId {
    const NOWHERE: Self = Self(0);

    fn index(self) -> usize {
        self.0 as usize
    }
}
