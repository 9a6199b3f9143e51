//! What the first request does, up to the caches that it writes.
//!
//! This file has what all generations need: files are included, lists read,
//! caches planned. What a generation does with that is in `builder/`:
//! `lists.rs` (2.0 to 2.2), `modes.rs` (3.0 and 3.1), `namespaces.rs` (3.2), each to be read
//! from top to bottom beside the framework's own code. The order counts: files
//! that are included define constants and change the configuration, and both end
//! up in the caches as they are at that moment.

mod lists;
mod modes;
mod namespaces;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use tilde_eval::export::{Defines, array_define, var_export};
use tilde_eval::{
    Array, Bytes, Error, ErrorKind, Evaluator, Limit, Location, Step as EvaluationStep, System,
    Unknown, Value,
};

use crate::condition::condition;
use crate::framework::{Framework, is_empty};
use crate::generation::{Blocks, Generation, Way, detect, later_version};
use crate::library::{Library, plain};
use crate::plan::{BlocksHere, Edit, Part, Plan};
use crate::report;
use crate::{Application, EntryQuestion, Files, Php, Question, TIMEOUT};
use tilde_bundle::{Diagnostic, Severity, SourceId, Style};

/// A build that cannot go on: why.
pub(crate) type Step<T> = Result<T, Box<Refusal>>;

/// What stands in the way of a cache.
pub(crate) struct Refusal {
    diagnostic: Diagnostic,
    /// Whether PHP itself ends the program there, so that the framework does not
    /// come to that cache either.
    ends_php: bool,
}

impl From<Diagnostic> for Box<Refusal> {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::new(Refusal { diagnostic, ends_php: false })
    }
}

pub(crate) struct Builder<'a> {
    application: &'a Application,
    sources: &'a dyn Files,
    php: Option<&'a dyn Php>,
    framework: &'a Framework<'a>,
    evaluator: Evaluator<'a>,
    pub(crate) library: Library<'a>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) plans: Vec<Plan>,
    pub(crate) generation: Option<&'static Generation>,
    has_definitions: bool,
    /// Whether the entry script has run to its end.
    is_over: bool,
    /// What the files ask for and nobody knows, after which others are looked at.
    obstacles: Vec<Diagnostic>,
    /// Findings about values that were printed.
    lost: RefCell<Vec<Diagnostic>>,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(
        application: &'a Application,
        sources: &'a dyn Files,
        php: Option<&'a dyn Php>,
        framework: &'a Framework<'a>,
        evaluator: Evaluator<'a>,
    ) -> Self {
        Self {
            application,
            sources,
            php,
            framework,
            evaluator,
            library: Library::new(sources, application.target.options),
            diagnostics: Vec::new(),
            plans: Vec::new(),
            generation: None,
            has_definitions: false,
            is_over: false,
            obstacles: Vec::new(),
            lost: RefCell::default(),
        }
    }

    /// Plans all caches, or returns all that stands in the way.
    pub(crate) fn run_to_obstacles(&mut self) -> Result<(), Vec<Diagnostic>> {
        match self.run() {
            Ok(()) if self.obstacles.is_empty() => Ok(()),
            // What fails after an obstacle may fail because of it.
            Err(last) if self.obstacles.is_empty() => Err(vec![last.diagnostic]),
            Ok(()) | Err(_) => Err(std::mem::take(&mut self.obstacles)),
        }
    }

    /// Plans all caches.
    fn run(&mut self) -> Step<()> {
        let entered = if self.is_derived() { self.enter() } else { Ok(()) };
        let (entered, detected) = match entered {
            Err(end) if !self.has_core(&end) => (Ok(()), Err(end)),
            entered => (entered, self.detect()),
        };
        let generation = detected.map_err(|error| self.later_release().unwrap_or(error))?;
        self.generation = Some(generation);
        self.framework.start(generation);
        self.check_constants(generation)?;
        let entered = entered.and_then(|()| self.check_start());
        match &generation.way {
            Way::Lists(lists) => self.lists(generation, lists, entered),
            Way::Modes(modes) => entered.and_then(|()| self.modes(generation, modes)),
            Way::Namespaces(namespaces) => {
                entered.and_then(|()| self.namespaces(generation, namespaces))
            }
        }
    }

    /// Whether PHP ends there, and the core of 2.x was loaded before, which is
    /// when its cache is written.
    fn has_core(&self, end: &Refusal) -> bool {
        end.ends_php && self.framework.core_constants().is_some()
    }

    /// The generation of the framework, also if the entry script does not come to
    /// its start.
    pub(crate) fn generation(&mut self) -> Option<&'static Generation> {
        if self.is_derived() {
            // What stops it is said by the build.
            let _ = self.enter();
        }
        self.detect().ok()
    }

    /// Whether constants come from running the application's files.
    fn is_derived(&self) -> bool {
        self.application.constants.is_none()
    }

    /// The constants that the files defined; none if they were given.
    pub(crate) fn derived_constants(&self) -> Vec<(Bytes, Value)> {
        let constants = self.evaluator.constants().filter(|_| self.is_derived());
        constants.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Runs the entry script until the framework starts.
    fn enter(&mut self) -> Step<()> {
        let entry = &self.application.entry;
        if !self.sources.is_file(entry) {
            let message = format!("there is no entry script {}", entry.display());
            let help = "name it with --entry FILE, relative to ROOT, or give ROOT the folder of the entry script";
            return Err(Diagnostic::error("T-ENTRY", message).help(help).into());
        }
        self.library.add(entry);
        let first: Vec<_> = self.constant_pairs();
        match self.evaluator.include(entry) {
            Err(error) if !matches!(error.kind, ErrorKind::Stopped) => {
                self.enter_with_php(&first, &error)
            }
            Err(_) => Ok(()),
            Ok(_) => {
                // An engine starts in its own way.
                self.is_over = !self.is_defined("ENGINE_NAME");
                Ok(())
            }
        }
    }

    /// Refuses an entry script that came to its end, and the framework to no
    /// request.
    fn check_start(&mut self) -> Step<()> {
        if !self.is_over {
            return Ok(());
        }
        let entry = &self.application.entry;
        let message = "the entry script never starts ThinkPHP";
        let help = "name the script that runs it with --entry FILE: in 2.x one with App::run()";
        let mut diagnostic = Diagnostic::error("T-ENTRY", message).help(help);
        if let Some(source) = self.library.add(entry) {
            let end = self.library.text(source).len();
            diagnostic = diagnostic.label(source, end..end, "it ends here");
        }
        Err(Box::new(Refusal { diagnostic, ends_php: true }))
    }

    /// Lets PHP run an entry script that cannot be evaluated, or that leads to a
    /// file of the framework which cannot, if that is wanted. Before it there were
    /// these constants.
    fn enter_with_php(&mut self, first: &[(Bytes, Value)], error: &Error) -> Step<()> {
        // A script that ends here ends in PHP, too.
        let can_help = can_php_help(error) && !matches!(error.kind, ErrorKind::Exit);
        let Some(php) = self.php.filter(|_| can_help) else { return Err(self.refusal(error)) };
        let path = &self.application.entry;
        let question = EntryQuestion { path, constants: first, timeout: TIMEOUT };
        let entered = php.enter(&question).map_err(|reason| not_run(path, &reason, error))?;
        for (name, value) in entered.constants {
            self.define(&name.to_string(), value)?;
        }
        if let Some(len) = entered.core_constants {
            self.framework.set_core_constants(first.len() + len);
        }
        Ok(())
    }

    fn constant_pairs(&self) -> Vec<(Bytes, Value)> {
        self.evaluator.constants().map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// All constants that are missing, at once.
    fn check_constants(&self, generation: &Generation) -> Step<()> {
        let needed = generation.way.constants().iter().copied();
        let missing: Vec<&str> = needed.filter(|name| self.defined_text(name).is_none()).collect();
        if self.is_derived() || missing.len() < 2 {
            return Ok(());
        }
        let message =
            format!("the constants {} are not defined, or no strings", missing.join(", "));
        let help = "add them to the file of --constants";
        Err(Diagnostic::error("T-CONSTANTS", message).help(help).into())
    }

    /// Why there is nothing to compile: ThinkPHP 5, 6 and 8 have no compiled core.
    fn later_release(&self) -> Option<Box<Refusal>> {
        let defined = self.defined_text("THINK_VERSION");
        let version = match defined {
            Some(version) => {
                Some(version).filter(|version| matches!(version[..], [b'5'..=b'9', ..]))
            }
            None => ["", "../"]
                .iter()
                .find_map(|prefix| later_version(self.sources, &self.path(prefix.as_bytes()))),
        };
        let message = format!("this is ThinkPHP {}, which has no compiled core", show(&version?));
        let help = "there is no cache to write: make a [[bundle]] in tilde.toml of the files that \
             each request needs, and let `php think` write the caches that this release has";
        Some(Diagnostic::error("T-FRAMEWORK", message).help(help).into())
    }

    /// The generation of the framework where it usually lies, as nothing says where.
    fn usual_generation(&self) -> Option<&'static Generation> {
        let version = self.constant("THINK_VERSION");
        let version = version.as_ref().and_then(Value::as_bytes);
        ["ThinkPHP/", "../ThinkPHP/"]
            .iter()
            .find_map(|folder| detect(self.sources, &self.path(folder.as_bytes()), version))
    }

    fn detect(&mut self) -> Step<&'static Generation> {
        let Some(Value::String(folder)) = self.constant("THINK_PATH") else {
            if let Some(generation) = self.usual_generation() {
                self.check_constants(generation)?;
            }
            let message = "no constant THINK_PATH: the entry script does not lead to ThinkPHP";
            let help = match self.application.constants {
                Some(_) => "add THINK_PATH to the file of --constants",
                None => "name the script that includes ThinkPHP.php with --entry FILE",
            };
            return Err(Diagnostic::error("T-FRAMEWORK", message).help(help).into());
        };
        let folder = self.path(&folder);
        let version = self.constant("THINK_VERSION");
        let version = version.as_ref().and_then(Value::as_bytes);
        detect(self.sources, &folder, version).ok_or_else(|| {
            let message = format!("no ThinkPHP of a known layout in {}", folder.display());
            let help = "tilde knows 2.0, 2.1, 2.2, 3.0, 3.1 and 3.2; check THINK_PATH, or map it with --map-path";
            Diagnostic::error("T-FRAMEWORK", message).help(help).into()
        })
    }

    // --- Plans ---

    /// Adds a cache to the plans.
    fn plan(
        &mut self,
        file: &[u8],
        head: &'static str,
        parts: Vec<Part>,
        tail: Vec<u8>,
        style: Option<Style>,
    ) -> &mut Plan {
        let path = self.path(file);
        self.plans.push(Plan {
            path,
            head,
            parts,
            tail,
            edit: Edit::None,
            style,
            newer_than: None,
        });
        self.plans.last_mut().expect("one was just added")
    }

    /// The files as parts; missing ones give no code.
    fn files<'f>(
        &mut self,
        files: impl IntoIterator<Item = &'f Vec<u8>>,
        blocks: BlocksHere,
        missing: Missing,
    ) -> Vec<Part> {
        let mut parts = Vec::new();
        for file in files {
            let path = self.path(file);
            match self.library.add(&path) {
                Some(source) => parts.push(Part::File { source, blocks }),
                None if missing == Missing::Warns => self.note_missing(&path),
                None => {}
            }
        }
        parts
    }

    fn blocks(&self, generation: &Generation) -> BlocksHere {
        match generation.blocks {
            Blocks::GoInAllInOne if !self.is_defined("RUNTIME_ALLINONE") => BlocksHere::Stay,
            Blocks::GoInAllInOne | Blocks::Go => BlocksHere::Go,
            Blocks::GoAfterStripping => BlocksHere::AfterStripping,
        }
    }

    /// `array_define()` of all constants so far, but one.
    fn definitions(&mut self, generation: &Generation, except: Option<&str>) -> Step<Vec<u8>> {
        self.has_definitions = true;
        let constants = self.evaluator.constants();
        let constants = constants
            .map(|(name, value)| (&**name, value))
            .filter(|(name, _)| except.is_none_or(|except| *name != except.as_bytes()));
        if !self.application.is_safe {
            return array_define(constants, self.defines(generation), &self.application.target)
                .map_err(|kind| unprintable(&kind));
        }
        let mut text = Vec::new();
        for (name, value) in constants {
            let name = self.export(&name.into())?;
            let value = self.export(value)?;
            text.extend(
                [b"defined(", &*name, b") or define(", &*name, b",", &*value, b");\n"].concat(),
            );
        }
        Ok(text)
    }

    /// How the framework's own `array_define()` writes: 3.0 had another one before
    /// its release.
    fn defines(&self, generation: &Generation) -> Defines {
        let is_old = || {
            let think = self.defined_text("THINK_PATH").unwrap_or_default();
            let code = self.sources.read(&self.path(&join(&think, "Common/common.php")));
            code.is_ok_and(|code| has(function_in(&code, b"array_define"), b"'if(!defined("))
        };
        match generation.defines {
            Defines::V3_0 if is_old() => Defines::V3_0Rc,
            defines => defines,
        }
    }

    /// The application's functions: common.php, unless somebody has given it another
    /// name in the framework's own class.
    fn own_functions(&self) -> Step<Vec<u8>> {
        let think = self.text("THINK_PATH")?;
        let read = |class| self.sources.read(&self.path(&join(&think, class))).ok();
        let name = ["/Lib/Core/Think.class.php", "/Lib/Think/Core/App.class.php"]
            .iter()
            .find_map(|class| text_after(&read(class)?, b"is_file(COMMON_PATH.'"));
        let name = name.unwrap_or_else(|| b"common.php".to_vec());
        Ok([self.text("COMMON_PATH")?, name].concat())
    }

    fn export(&self, value: &Value) -> Step<Vec<u8>> {
        let target = &self.application.target;
        let text = var_export(value, target).map_err(|kind| unprintable(&kind))?;
        // All that the cache cannot hold is printed as a call of this method.
        if memchr::memmem::find(&text, b"::__set_state(").is_none() {
            return Ok(text);
        }
        let found = report::lost_objects(value, target.options.version, &self.library);
        if self.application.is_safe
            && let Some(first) = found.first()
        {
            return Err(Diagnostic { severity: Severity::Error, ..first.clone() }.into());
        }
        let mut lost = self.lost.borrow_mut();
        let is_new = |one: &Diagnostic| !lost.iter().any(|other| other.message == one.message);
        let new: Vec<Diagnostic> = found.into_iter().filter(is_new).collect();
        lost.extend(new);
        Ok(text)
    }

    fn export_config(&self) -> Step<Vec<u8>> {
        self.export(&self.framework.config.borrow().clone().into())
    }

    /// Defines what making the folders of a new application does.
    fn define_secure(&mut self, defines_itself: bool) -> Step<()> {
        if defines_itself {
            self.define("BUILD_DIR_SECURE", false.into())?;
        }
        if self.constant("BUILD_DIR_SECURE").is_some_and(|value| !is_empty(&value)) {
            self.define("DIR_SECURE_FILENAME", "index.html".into())?;
            self.define("DIR_SECURE_CONTENT", " ".into())?;
        }
        Ok(())
    }

    /// `defined($name) or define($name, $value)`
    fn define(&mut self, name: &str, value: Value) -> Step<()> {
        if !self.is_defined(name) {
            let result = self.evaluator.call("define", vec![name.into(), value]);
            result.map_err(|error| self.refusal(&error))?;
        }
        Ok(())
    }

    /// `C(include $file)`
    fn configure_from(&mut self, file: &[u8]) -> Step<()> {
        let value = self.include(file)?;
        self.framework.configure(&value);
        Ok(())
    }

    /// Many entries are an array, or the name of a file that returns one.
    fn array_of(&mut self, value: Value) -> Step<Value> {
        match value {
            Value::String(file) => self.include(&file),
            value => Ok(value),
        }
    }

    /// A list of files that a file returns.
    fn list_in(&mut self, file: &[u8]) -> Step<Vec<Vec<u8>>> {
        if let Value::Array(list) = self.include(file)? {
            return Ok(texts(&list));
        }
        let message = format!("{} gives no list of files", self.path(file).display());
        let help = "return an array of paths there";
        Err(Diagnostic::error("T-LIST", message).help(help).into())
    }

    /// Includes the files that are there. Most only declare, and wait until
    /// somebody needs what they do.
    fn load(&mut self, files: &[Vec<u8>]) -> Step<()> {
        let paths: Vec<PathBuf> = files.iter().map(|file| self.path(file)).collect();
        let sources = self.library.add_all(&paths);
        for ((file, path), source) in files.iter().zip(&paths).zip(sources) {
            match source {
                None => {}
                Some((_, Some(declares))) => self.evaluator.defer(path, &declares),
                Some((_, None)) => {
                    self.include(file)?;
                }
            }
        }
        Ok(())
    }

    /// `require $file`, without which PHP stops.
    fn require(&mut self, file: &[u8]) -> Step<Value> {
        if self.is_file(file) {
            return self.include(file);
        }
        let message = format!("there is no {}; PHP stops there", self.path(file).display());
        let help = "add the file, or correct what names it";
        let diagnostic = Diagnostic::error("T-MISSING", message).help(help);
        Err(Box::new(Refusal { diagnostic, ends_php: true }))
    }

    /// `include $file`, false for a file that is missing.
    fn include(&mut self, file: &[u8]) -> Step<Value> {
        let path = self.path(file);
        if !self.sources.is_file(&path) {
            self.note_missing(&path);
            return Ok(false.into());
        }
        // Messages show where in these files a setting stands.
        self.library.add(&path);
        let error = match self.evaluator.include_apart(&path) {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        match self.include_with_php(&path, &error) {
            Err(refusal) if is_independent(&error.kind) => {
                self.obstacles.push(refusal.diagnostic);
                Ok(Array::new().into())
            }
            answer => answer,
        }
    }

    /// Lets PHP run a file that cannot be evaluated, if that is wanted.
    fn include_with_php(&mut self, path: &Path, error: &Error) -> Step<Value> {
        let Some(php) = self.php.filter(|_| can_php_help(error)) else {
            return Err(self.refusal(error));
        };
        let constants = self.constant_pairs();
        let config = Value::from(self.framework.config.borrow().clone());
        let question = Question {
            path,
            constants: &constants,
            config: &config,
            is_upper: self.framework.has_upper_keys(),
            timeout: TIMEOUT,
        };
        let answer = php.include(&question).map_err(|reason| not_run(path, &reason, error))?;
        for (name, value) in answer.constants {
            self.define(&name.to_string(), value)?;
        }
        if let Value::Array(config) = answer.config {
            self.framework.config.replace(Array::clone(&config));
        }
        Ok(answer.value)
    }

    fn is_file(&self, file: &[u8]) -> bool {
        self.sources.is_file(&self.path(file))
    }

    fn constant(&self, name: &str) -> Option<Value> {
        let mut constants = self.evaluator.constants();
        constants.find(|(key, _)| &***key == name.as_bytes()).map(|(_, value)| value.clone())
    }

    fn is_defined(&self, name: &str) -> bool {
        self.constant(name).is_some()
    }

    fn defined_text(&self, name: &str) -> Option<Vec<u8>> {
        self.constant(name).and_then(|value| value.as_bytes().map(<[u8]>::to_vec))
    }

    /// A constant that the framework cannot do without.
    fn text(&self, name: &str) -> Step<Vec<u8>> {
        self.defined_text(name).ok_or_else(|| {
            let message = format!("the constant {name} is not defined, or no string");
            let help = match self.application.constants {
                Some(_) => format!("add {name} to the file of --constants"),
                None => format!("define {name} in the entry script, as ThinkPHP's own files do"),
            };
            Diagnostic::error("T-CONSTANTS", message).help(help).into()
        })
    }

    /// A path of the code as an absolute one.
    fn path(&self, path: &[u8]) -> PathBuf {
        let is_windows = self.application.target.system == System::Windows;
        let is_absolute = match path {
            [b'/', ..] => true,
            [b'\\', ..] => is_windows,
            [drive, b':', b'/' | b'\\', ..] => is_windows && drive.is_ascii_alphabetic(),
            _ => false,
        };
        let path = Path::new(std::ffi::OsStr::from_bytes(path));
        match &self.application.target.working_directory {
            Some(folder) if !is_absolute => plain(&folder.join(path)),
            _ => plain(path),
        }
    }

    // --- Messages ---

    /// What a reviewer should know of the constants and settings in the caches.
    pub(crate) fn report_state(&mut self) {
        let member = |part: &Part| match part {
            Part::File { source, .. } => Some(*source),
            Part::Text(_) | Part::Cache(_) => None,
        };
        let members = self.plans.iter().flat_map(|plan| &plan.parts).filter_map(member).collect();
        if self.plans.is_empty() {
            return;
        }
        // Settings also stand in files that others include.
        let files: Vec<PathBuf> = self.evaluator.files().map(Path::to_owned).collect();
        for file in files {
            self.library.add(&file);
        }
        if self.has_definitions {
            let constants = self.evaluator.constants().map(|(name, value)| (&**name, value));
            let found =
                report::constants(constants, &self.library, &members, self.application.is_safe);
            self.diagnostics.extend(found);
        }
        self.diagnostics.append(self.lost.get_mut());
        let config = self.framework.config.borrow();
        self.diagnostics.extend(report::configuration(&config, &self.library, &members));
    }

    /// An evaluation that stopped, as a diagnostic.
    #[allow(clippy::unnecessary_box_returns)] // it is the error of a `Step`
    fn refusal(&mut self, error: &Error) -> Box<Refusal> {
        let message = match &error.kind {
            ErrorKind::Syntax(error) => format!("syntax error: {error}"),
            kind => kind.to_string(),
        };
        let mut diagnostic = Diagnostic::error("T-EVAL", message).help(self.ways_out(&error.kind));
        diagnostic = self.labelled(diagnostic, &error.location, "");
        if matches!(error.kind, ErrorKind::Exit) {
            diagnostic = self.with_condition(diagnostic, &error.location);
        }
        for step in steps(error) {
            let text = match &step.function {
                Some(function) => format!("called as {function}() here"),
                None => "included here".to_owned(),
            };
            diagnostic = self.labelled(diagnostic, &step.location, &text);
        }
        Box::new(Refusal { diagnostic, ends_php: error.kind.ends_php() })
    }

    /// What a person can do about a refusal.
    fn ways_out(&self, kind: &ErrorKind) -> String {
        match kind {
            ErrorKind::Fatal(message) if message.starts_with("failed to open ") => {
                "add the file, or say where it lies here with --map-path DEPLOYED=LOCAL".to_owned()
            }
            ErrorKind::Syntax(_) | ErrorKind::Fatal(_) => format!(
                "PHP {} has it so; name the PHP of the application with --php VERSION, or mend the file",
                self.application.target.options.version
            ),
            ErrorKind::Endless | ErrorKind::Limit(Limit::IncludeDepth) => "a file that should be \
                 found in place of one of them is missing; add it, or say where it lies here \
                 with --map-path DEPLOYED=LOCAL"
                .to_owned(),
            ErrorKind::Exit => "see that it goes on: define the constant that it asks for with \
                 --define NAME=VALUE, give the entry of $_SERVER with --server NAME=VALUE, or \
                 build where the file is that it looks for"
                .to_owned(),
            kind => kind.ways_out().to_owned(),
        }
    }

    /// A label at the condition under which the program ends at a place.
    fn with_condition(&mut self, diagnostic: Diagnostic, location: &Location) -> Diagnostic {
        let Some(id) = self.library.add(location.path()) else { return diagnostic };
        if self.library.text(id) != location.source() {
            return diagnostic;
        }
        match condition(self.library.tokens(id), location.span().start as usize) {
            Some(span) => diagnostic.label(id, span, "under this condition"),
            None => diagnostic,
        }
    }

    /// A label at a place that the evaluator names, if the library has the same
    /// text under that path: a span means nothing in another one.
    fn labelled(&mut self, diagnostic: Diagnostic, location: &Location, text: &str) -> Diagnostic {
        let source = self.library.add(location.path());
        match source.filter(|id| self.library.text(*id) == location.source()) {
            Some(id) => {
                let span = location.span();
                diagnostic.label(id, span.start as usize..span.end as usize, text)
            }
            None => diagnostic,
        }
    }

    fn note_missing(&mut self, path: &Path) {
        let message = format!("there is no {}; PHP warns and goes on", path.display());
        let diagnostic = Diagnostic::warning("T-MISSING", message);
        self.diagnostics.push(diagnostic.help("correct the list that names it, or add the file"));
    }

    /// The constant APP_DEBUG is on.
    fn note_debug(&mut self) {
        let found = self.definition_of(b"APP_DEBUG");
        let mut diagnostic = debug("the constant APP_DEBUG")
            .help("turn it off for the build with --define APP_DEBUG=false");
        if let Some((source, span)) = found {
            diagnostic = diagnostic.label(source, span, "");
        }
        self.diagnostics.push(diagnostic);
    }

    /// The setting APP_DEBUG is on.
    fn note_debug_setting(&mut self) {
        let diagnostic = debug("the configuration APP_DEBUG").help("turn it off for the build");
        let found = report::labelled(diagnostic, b"APP_DEBUG", &self.library, &BTreeSet::new());
        self.diagnostics.push(found);
    }

    /// The first place in the files so far that defines a constant.
    fn definition_of(&mut self, name: &[u8]) -> Option<(SourceId, Range<usize>)> {
        let files: Vec<PathBuf> = self.evaluator.files().map(Path::to_owned).collect();
        files.iter().find_map(|file| {
            let source = self.library.add(file)?;
            let span =
                report::definition(self.library.text(source), self.library.tokens(source), name)?;
            Some((source, span))
        })
    }

    fn note_no_core(&mut self) {
        let message = "~allinone.php is without the core: ThinkPHP looks for that as ~runtime.php, which is not there";
        let diagnostic = Diagnostic::warning("T-NO-CORE", message);
        self.diagnostics
            .push(diagnostic.help("leave out RUNTIME_ALLINONE, or what renames the core's cache"));
    }
}

/// Whether PHP itself could run a file that is refused for this.
fn can_php_help(error: &Error) -> bool {
    !matches!(error.kind, ErrorKind::Syntax(_) | ErrorKind::Read(..))
}

/// That PHP could not do it either.
#[allow(clippy::unnecessary_box_returns)] // it is the error of a `Step`
fn not_run(path: &Path, reason: &str, error: &Error) -> Box<Refusal> {
    let message = format!("PHP could not run {}: {reason}", path.display());
    Diagnostic::error("T-PHP", message).help(error.to_string()).into()
}

/// Whether other files can be looked at: they do not depend on what is unknown.
fn is_independent(kind: &ErrorKind) -> bool {
    use Unknown::{Function, Machine, Server, Variable};
    matches!(kind, ErrorKind::Unknown(Function(_) | Machine(_) | Server(_) | Variable(_)))
}

/// The steps that led to an error, the last one first; each place once, since a
/// circle goes on until a limit ends it.
fn steps(error: &Error) -> impl Iterator<Item = &EvaluationStep> {
    let mut seen = BTreeSet::new();
    error.chain.iter().rev().filter(move |step| {
        let span = step.location.span();
        seen.insert((step.location.path().to_owned(), span.start, span.end))
    })
}

fn debug(switch: &str) -> Diagnostic {
    let message = format!("{switch} is on: ThinkPHP writes no cache of the application then");
    Diagnostic::warning("T-DEBUG", message)
}

#[allow(clippy::unnecessary_box_returns)] // it is the error of a `Step`
fn unprintable(kind: &ErrorKind) -> Box<Refusal> {
    Diagnostic::error("T-EVAL", format!("cannot print the configuration: {kind}")).into()
}

/// What a file that is missing from a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    /// PHP warns.
    Warns,
    /// The framework asks first.
    Skipped,
}

/// The code of a function, up to the next one; nothing if there is none.
fn function_in<'c>(code: &'c [u8], name: &[u8]) -> &'c [u8] {
    let head = [b"function ", name].concat();
    let Some(start) = memchr::memmem::find(code, &head) else { return b"" };
    let body = start + head.len();
    let end = memchr::memmem::find(&code[body..], b"\nfunction ");
    &code[start..end.map_or(code.len(), |len| body + len)]
}

/// What follows a part of the code, whatever blanks are in it, up to the next quote.
fn text_after(code: &[u8], part: &[u8]) -> Option<Vec<u8>> {
    let code = without_blanks(code);
    let rest = &code[memchr::memmem::find(&code, part)? + part.len()..];
    Some(rest[..memchr::memchr(b'\'', rest)?].to_vec())
}

/// Whether a part is in the code, whatever blanks somebody's formatter likes.
fn has(code: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(&without_blanks(code), &without_blanks(part)).is_some()
}

fn without_blanks(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect()
}

fn join(folder: &[u8], name: &str) -> Vec<u8> {
    [folder, name.as_bytes()].concat()
}

/// An entry of a mode that `isset()` finds.
fn entry(mode: &Value, key: &str) -> Option<Value> {
    let value = mode.as_array()?.get_str(key)?;
    (!matches!(value, Value::Null)).then(|| value.clone())
}

fn texts(list: &Array) -> Vec<Vec<u8>> {
    list.values().filter_map(Value::as_bytes).map(<[u8]>::to_vec).collect()
}

fn lower_text(value: &Value) -> Vec<u8> {
    value.as_bytes().unwrap_or_default().to_ascii_lowercase()
}

fn show(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
