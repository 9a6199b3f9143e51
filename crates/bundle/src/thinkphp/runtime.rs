//! What the first request does, up to the caches that it writes.
//!
//! Three ways, each read from top to bottom beside what the framework does:
//! [`Builder::lists`] for 2.0 to 2.2, [`Builder::modes`] for 3.0 and 3.1 and
//! [`Builder::namespaces`] for 3.2. Where generations of one way differ, the
//! description in `generation.rs` is asked. What a newcomer would get wrong:
//! the order. Files that are included define constants and change the
//! configuration, and both end up in the caches as they are at that moment.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use tilde_eval::export::{array_define, var_export};
use tilde_eval::{Array, Bytes, Error, ErrorKind, Evaluator, Key, Sources, System, Value};

use crate::diagnostic::Diagnostic;
use crate::source::SourceId;
use crate::strip::Style;
use crate::thinkphp::framework::{Framework, is_empty};
use crate::thinkphp::generation::{
    ApplicationCache, Blocks, Extra, Generation, Lists, Modes, Namespaces, Way, detect,
};
use crate::thinkphp::library::Library;
use crate::thinkphp::{Application, Php, Question, TIMEOUT};

/// A cache whose code is not compiled yet.
pub(crate) struct Plan {
    pub(crate) path: PathBuf,
    pub(crate) head: &'static str,
    pub(crate) parts: Vec<Part>,
    /// What comes behind all parts and is in no edit but [`Edit::Unguard`].
    pub(crate) tail: Vec<u8>,
    pub(crate) edit: Edit,
    /// None where blanks and comments stay.
    pub(crate) style: Option<Style>,
    pub(crate) newer_than: Option<PathBuf>,
}

/// What a cache is made of.
pub(crate) enum Part {
    /// Code that the framework makes: constants, calls.
    Text(Vec<u8>),
    /// A compiled file.
    File { source: SourceId, blocks: BlocksHere },
    /// What an earlier plan has made, less its five first bytes.
    Cache(usize),
}

/// What becomes of the blocks of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlocksHere {
    Stay,
    Go,
    /// 3.2's own way to compile.
    AfterStripping,
}

/// What becomes of the code of a whole cache before it is stripped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    None,
    /// `defined('THINK_PATH') or exit();` becomes a blank.
    Unguard,
    /// `Think::start()` no longer looks for the cache.
    CutLookup,
}

/// The guard at the head of 3.x's files, as it goes.
pub(crate) const GUARD: &[u8] = b"defined('THINK_PATH') or exit();";

/// A build that cannot go on: why.
pub(crate) type Step<T> = Result<T, Box<Diagnostic>>;

pub(crate) struct Builder<'a> {
    application: &'a Application,
    sources: &'a dyn Sources,
    php: Option<&'a dyn Php>,
    framework: &'a Framework<'a>,
    evaluator: Evaluator<'a>,
    pub(crate) library: Library<'a>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) plans: Vec<Plan>,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(
        application: &'a Application,
        sources: &'a dyn Sources,
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
            library: Library::new(sources),
            diagnostics: Vec::new(),
            plans: Vec::new(),
        }
    }

    /// Plans all caches.
    pub(crate) fn run(&mut self) -> Step<&'static Generation> {
        if self.is_derived() {
            self.enter()?;
        }
        let generation = self.detect()?;
        self.framework.start(generation);
        match &generation.way {
            Way::Lists(lists) => self.lists(generation, lists)?,
            Way::Modes(modes) => self.modes(generation, modes)?,
            Way::Namespaces(namespaces) => self.namespaces(generation, namespaces)?,
        }
        Ok(generation)
    }

    /// Whether constants come from running the application's files.
    fn is_derived(&self) -> bool {
        self.application.constants.is_none()
    }

    /// Runs the entry script until the framework starts.
    fn enter(&mut self) -> Step<()> {
        let entry = &self.application.entry;
        if !self.sources.is_file(entry) {
            let message = format!("there is no entry script {}", entry.display());
            let help = "name it with --entry FILE, relative to ROOT, or give ROOT the folder of the entry script";
            return Err(Box::new(Diagnostic::error("T-ENTRY", message).help(help)));
        }
        match self.evaluator.include(entry) {
            Err(error) if !matches!(error.kind, ErrorKind::Stopped) => Err(self.refusal(&error)),
            _ => Ok(()),
        }
    }

    fn detect(&mut self) -> Step<&'static Generation> {
        let Some(Value::String(folder)) = self.constant("THINK_PATH") else {
            let message = "no constant THINK_PATH: the entry script does not lead to ThinkPHP";
            let help = match self.application.constants {
                Some(_) => "add THINK_PATH to the file of --constants",
                None => "name the script that includes ThinkPHP.php with --entry FILE",
            };
            return Err(Box::new(Diagnostic::error("T-FRAMEWORK", message).help(help)));
        };
        let folder = self.path(&folder);
        let version = self.constant("THINK_VERSION");
        let version = version.as_ref().and_then(Value::as_bytes);
        detect(self.sources, &folder, version).ok_or_else(|| {
            let message = format!("no ThinkPHP of a known layout in {}", folder.display());
            let help = "tilde knows 2.0, 2.1, 2.2, 3.0, 3.1 and 3.2; check THINK_PATH, or map it with --map-path";
            Box::new(Diagnostic::error("T-FRAMEWORK", message).help(help))
        })
    }

    // --- 2.0, 2.1 and 2.2 ---

    fn lists(&mut self, generation: &Generation, lists: &Lists) -> Step<()> {
        let think = self.text("THINK_PATH")?;
        let definitions = self.defined_text("PATH_DEFINE_FILE");
        let definitions = definitions.unwrap_or_else(|| join(&think, "/Common/paths.php"));
        let definitions = [join(&think, "/Common/defines.php"), definitions];
        if self.is_derived() {
            for file in &definitions {
                self.include(file)?;
            }
        }
        let list = self.core_list(lists)?;
        self.load(&list)?;
        let runtime = self.text("RUNTIME_PATH")?;
        if self.is_derived() && !self.has_folder_before_build(&runtime, lists)? {
            self.define_secure(true)?;
        }
        let core_file = join(&runtime, &self.core_name(lists));
        let mut core = None;
        if lists.application != ApplicationCache::Joined && !self.is_defined("NO_CACHE_RUNTIME") {
            core = Some(self.plans.len());
            let blocks = self.blocks(generation);
            let files = definitions.iter().chain(&list);
            let parts = self.files(files, blocks, Missing::Warns)?;
            let keeps_blanks =
                self.constant("STRIP_RUNTIME_SPACE").is_some_and(|value| is_empty(&value));
            self.plan(
                &core_file,
                "<?php",
                parts,
                Vec::new(),
                (!keeps_blanks).then_some(generation.style),
            );
        }
        let is_mode = list.iter().any(|file| is_app_class_of_mode(file));
        self.application(generation, lists, &list, is_mode, core)
    }

    /// `core_list()`: the application's own list, or the mode's, or the usual.
    fn core_list(&mut self, lists: &Lists) -> Step<Vec<Vec<u8>>> {
        let think = self.text("THINK_PATH")?;
        let own = join(&self.text("CONFIG_PATH")?, "core.php");
        let chosen = match self.defined_text("THINK_MODE") {
            _ if self.is_file(&own) => own,
            Some(mode) => [&think, &b"/Mode/"[..], &mode.to_ascii_lowercase(), b".php"].concat(),
            None => join(&think, "/Common/core.php"),
        };
        let mut list = Vec::new();
        if !lists.is_complete {
            list.push(join(&think, "/Common/functions.php"));
            list.push(join(&think, "/Lib/Think/Core/Think.class.php"));
        }
        list.extend(self.list_in(&chosen)?);
        // Common/compat.php is for PHP before 5.2.0.
        Ok(list)
    }

    fn core_name(&self, lists: &Lists) -> String {
        match self.defined_text("THINK_MODE") {
            Some(mode) if lists.has_mode_in_name => {
                format!("~{}_runtime.php", String::from_utf8_lossy(&mode.to_ascii_lowercase()))
            }
            _ => "~runtime.php".to_owned(),
        }
    }

    /// Whether the folder of caches was there before this build. One that a
    /// build made has a cache which says so.
    fn has_folder_before_build(&self, folder: &[u8], lists: &Lists) -> Step<bool> {
        if !self.sources.is_dir(&self.path(folder)) {
            return Ok(false);
        }
        let cache = self.path(&join(folder, &self.core_name(lists)));
        let is_joined = lists.application == ApplicationCache::Joined;
        let old = if is_joined { self.sources.read(&cache).ok() } else { None };
        Ok(!old.is_some_and(|old| memchr::memmem::find(&old, b"'BUILD_DIR_SECURE'").is_some()))
    }

    /// `App::build()`
    fn application(
        &mut self,
        generation: &Generation,
        lists: &Lists,
        list: &[Vec<u8>],
        is_mode: bool,
        core: Option<usize>,
    ) -> Step<()> {
        let (think, conf) = (self.text("THINK_PATH")?, self.text("CONFIG_PATH")?);
        self.configure_from(&join(&think, "/Common/convention.php"))?;
        let config_file = join(&conf, "config.php");
        if self.is_file(&config_file) {
            self.configure_from(&config_file)?;
        }
        let was_debugged = self.is_debugged();
        let blocks = if is_mode && generation.blocks == Blocks::GoInAllInOne {
            BlocksHere::Stay
        } else {
            self.blocks(generation)
        };
        let common = self.common(blocks, !is_mode || lists.mode_knows_lists)?;
        if !is_mode {
            self.extra_configurations(lists)?;
        }
        let is_all_in_one =
            lists.application != ApplicationCache::Joined && self.is_defined("RUNTIME_ALLINONE");
        let is_debug = match is_mode {
            true => was_debugged,
            false => self.is_debugged() && !is_all_in_one,
        };
        if is_debug {
            self.note_debug("the configuration APP_DEBUG");
            return Ok(());
        }
        let runtime = self.text("RUNTIME_PATH")?;
        let newer_than = self.is_file(&config_file).then(|| self.path(&config_file));
        if lists.application == ApplicationCache::Joined {
            let mut parts = vec![Part::Text(self.definitions(generation, None)?)];
            parts.extend(self.files(list, blocks, Missing::Warns)?);
            parts.extend(common);
            let tail = [b"\nC(", &*self.export_config()?, b");"].concat();
            let file = join(&runtime, &self.core_name(lists));
            self.plan(&file, "<?php ", parts, tail, Some(generation.style));
        } else if is_all_in_one {
            let mut parts = vec![Part::Text(self.definitions(generation, None)?)];
            // A mode looks for the core under its usual name.
            let is_found = !is_mode || self.core_name(lists) == "~runtime.php";
            match core.filter(|_| is_found) {
                Some(core) => parts.push(Part::Cache(core)),
                None => self.note_no_core(),
            }
            parts.extend(common);
            let tail = [b"\nreturn ", &*self.export_config()?, b";"].concat();
            let file = join(&runtime, "~allinone.php");
            self.plan(&file, "<?php ", parts, tail, Some(generation.style));
        } else {
            let name = match lists.application {
                ApplicationCache::Named if !is_mode => self.text("APP_CACHE_NAME")?,
                _ => b"app".to_vec(),
            };
            let file = [&*runtime, b"~", &name, b".php"].concat();
            let tail = [b"\nreturn ", &*self.export_config()?, b";\n?>"].concat();
            self.plan(&file, "<?php ", common, tail, Some(generation.style)).newer_than =
                newer_than;
        }
        Ok(())
    }

    fn is_debugged(&self) -> bool {
        !is_empty(&self.framework.get(b"APP_DEBUG"))
    }

    /// The application's functions, and the files of its list.
    fn common(&mut self, blocks: BlocksHere, knows_lists: bool) -> Step<Vec<Part>> {
        let common = join(&self.text("COMMON_PATH")?, "common.php");
        let mut files = Vec::new();
        if self.is_file(&common) {
            self.include(&common)?;
            files.push(common);
        }
        let list = join(&self.text("CONFIG_PATH")?, "app.php");
        if knows_lists && self.is_file(&list) {
            for file in self.list_in(&list)? {
                self.include(&file)?;
                files.push(file);
            }
        }
        self.files(&files, blocks, Missing::Warns)
    }

    fn extra_configurations(&mut self, lists: &Lists) -> Step<()> {
        let conf = self.text("CONFIG_PATH")?;
        for name in self.names_of_extra_configurations() {
            let file = [&*conf, &name, b".php"].concat();
            if !self.is_file(&file) {
                continue;
            }
            let value = self.include(&file)?;
            let lower = |value: &Value| match value {
                Value::Array(array) => Value::from(crate::thinkphp::framework::change_case(
                    array,
                    crate::thinkphp::generation::Case::Lower,
                )),
                _ => Value::Null,
            };
            match lists.extra {
                Extra::Underscored => self.framework.set(&[b"_", &*name, b"_"].concat(), value),
                Extra::UnderscoredLower => {
                    self.framework.set(&[b"_", &*name, b"_"].concat(), lower(&value));
                }
                Extra::Named => self.framework.set(&name, lower(&value)),
            }
        }
        if lists.extra == Extra::Named {
            self.framework.set(b"APP_CONFIG_LIST", "".into());
        }
        Ok(())
    }

    fn names_of_extra_configurations(&self) -> Vec<Vec<u8>> {
        match self.framework.get(b"APP_CONFIG_LIST") {
            Value::Array(names) => {
                names.values().filter_map(Value::as_bytes).map(<[u8]>::to_vec).collect()
            }
            Value::String(names) => names.split(|byte| *byte == b',').map(<[u8]>::to_vec).collect(),
            _ => Vec::new(),
        }
    }

    // --- 3.0 and 3.1 ---

    fn modes(&mut self, generation: &Generation, modes: &Modes) -> Step<()> {
        if let Some(engine) = self.defined_text("ENGINE_NAME") {
            let message =
                format!("ENGINE_NAME is {}: engines keep their cache elsewhere", show(&engine));
            let help = "build for the files of an ordinary host: leave ENGINE_NAME out of the entry script";
            return Err(Box::new(Diagnostic::error("T-ENGINE", message).help(help)));
        }
        let (think, core, conf) =
            (self.text("THINK_PATH")?, self.text("CORE_PATH")?, self.text("CONF_PATH")?);
        let kernel = [
            join(&think, "Common/common.php"),
            join(&core, "Core/Think.class.php"),
            join(&core, "Core/ThinkException.class.php"),
            join(&core, "Core/Behavior.class.php"),
        ];
        self.load(&kernel)?;
        let framework_alias = self.include(&join(&think, "Conf/alias.php"))?;
        if self.is_derived() && !self.sources.is_dir(&self.path(&self.text("LIB_PATH")?)) {
            self.define_secure(modes.defines_secure)?;
        }
        let mode = self.configure_by_mode(modes)?;
        let lang = self.framework.get(b"DEFAULT_LANG");
        let words = [&*think, b"Lang/", &lower_text(&lang), b".php"].concat();
        let words = self.include(&words)?;
        self.framework.translate(&words);
        let has_tags = !is_empty(&self.framework.get(b"APP_TAGS_ON"));
        if has_tags {
            let usual: Value = join(&think, "Conf/tags.php").into();
            let extends = self.array_of(entry(&mode, "extends").unwrap_or(usual))?;
            self.framework.set(b"extends", extends);
        }
        let app_tags = join(&conf, "tags.php");
        if let Some(tags) = entry(&mode, "tags") {
            let tags = self.array_of(tags)?;
            self.framework.set(b"tags", tags);
        } else if self.is_file(&app_tags) {
            let tags = self.include(&app_tags)?;
            self.framework.set(b"tags", tags);
        }
        let mut append = self.append(&mode)?;
        let mut aliases = Vec::new();
        let mode_alias = entry(&mode, "alias");
        if modes.mode_replaces && mode_alias.is_none() {
            aliases.push(framework_alias.clone());
        }
        if let Some(alias) = mode_alias {
            aliases.push(self.array_of(alias)?);
        }
        let app_alias = join(&conf, "alias.php");
        if self.is_file(&app_alias) {
            aliases.push(self.include(&app_alias)?);
        }
        for alias in &aliases {
            append.push(Part::Text(self.alias_call(alias)?));
        }
        if self.constant("APP_DEBUG").is_some_and(|value| !is_empty(&value)) {
            self.note_debug("the constant APP_DEBUG");
            return Ok(());
        }
        let mut parts = vec![Part::Text(self.head_of_modes(generation)?)];
        parts.extend(self.files(&kernel, BlocksHere::Go, Missing::Warns)?);
        if has_tags || modes.ignores_tags_switch {
            let behaviours = self.behaviours()?;
            parts.extend(self.files(&behaviours, BlocksHere::Go, Missing::Warns)?);
        }
        if !modes.mode_replaces {
            parts.push(Part::Text(self.alias_call(&framework_alias)?));
        }
        parts.extend(append);
        let tail = [
            b"\nL(",
            &*self.export(&self.framework.words.borrow().clone().into())?,
            b");C(",
            &*self.export_config()?,
            b");G('loadTime');Think::Start();",
        ]
        .concat();
        let file = self.text("RUNTIME_FILE")?;
        let unguards = self.removes_guard(modes)?;
        let plan = self.plan(&file, "<?php ", parts, tail, Some(generation.style));
        if unguards {
            plan.edit = Edit::Unguard;
        }
        Ok(())
    }

    /// The mode's file and all configurations, in the order of the release.
    fn configure_by_mode(&mut self, modes: &Modes) -> Step<Value> {
        let (think, conf) = (self.text("THINK_PATH")?, self.text("CONF_PATH")?);
        let convention = join(&think, "Conf/convention.php");
        if !modes.mode_is_first {
            self.configure_from(&convention)?;
        }
        let mode = match self.defined_text("MODE_NAME") {
            Some(name) => {
                let file =
                    [&*self.text("MODE_PATH")?, &name.to_ascii_lowercase(), b".php"].concat();
                self.include(&file)?
            }
            None => Array::new().into(),
        };
        let config = entry(&mode, "config");
        if modes.mode_is_first && !(modes.mode_replaces && config.is_some()) {
            self.configure_from(&convention)?;
        }
        if let Some(config) = config {
            let config = self.array_of(config)?;
            self.framework.configure(&config);
        }
        let own = join(&conf, "config.php");
        if self.is_file(&own) {
            self.configure_from(&own)?;
        }
        Ok(mode)
    }

    /// The core of the mode, what the application adds, and its functions.
    fn append(&mut self, mode: &Value) -> Step<Vec<Part>> {
        let conf = self.text("CONF_PATH")?;
        let list = match entry(mode, "core") {
            Some(core) => core,
            None => Value::from(Array::from_list(self.usual_core()?)),
        };
        let own = join(&conf, "core.php");
        let list = match list {
            Value::Array(list) if self.is_file(&own) => {
                let own = self.include(&own)?;
                let own = own.as_array().cloned().unwrap_or_default();
                crate::thinkphp::framework::merge(&list, &own, self.application.target.options)
            }
            Value::Array(list) => Array::clone(&list),
            _ => Array::new(),
        };
        let mut files = texts(&list);
        self.load(&files)?;
        files.retain(|file| self.is_file(file));
        let common = join(&self.text("COMMON_PATH")?, "common.php");
        if self.is_file(&common) {
            self.include(&common)?;
            files.push(common);
        }
        self.files(&files, BlocksHere::Go, Missing::Skipped)
    }

    fn usual_core(&self) -> Step<Vec<Value>> {
        let (think, core) = (self.text("THINK_PATH")?, self.text("CORE_PATH")?);
        let classes = ["Log", "Dispatcher", "App", "Action", "View"];
        let mut list = vec![join(&think, "Common/functions.php").into()];
        list.extend(classes.map(|class| join(&core, &format!("Core/{class}.class.php")).into()));
        Ok(list)
    }

    fn alias_call(&self, alias: &Value) -> Step<Vec<u8>> {
        Ok([b"alias_import(", &*self.export(alias)?, b");"].concat())
    }

    /// Everything in front of the first file.
    fn head_of_modes(&mut self, generation: &Generation) -> Step<Vec<u8>> {
        let mut defines = self.definitions(generation, None)?;
        if let Some(file) = self.defined_text("RUNTIME_DEF_FILE") {
            self.plan(&file, "<?php ", vec![Part::Text(defines)], Vec::new(), None);
            defines = [b"require '", &*file, b"';"].concat();
        }
        let path = b"set_include_path(get_include_path() . PATH_SEPARATOR . VENDOR_PATH);";
        Ok([b"$GLOBALS['_beginTime'] = microtime(TRUE);", &*defines, path].concat())
    }

    /// The files of system behaviours, in the order of tags; what stands twice
    /// is compiled twice.
    fn behaviours(&self) -> Step<Vec<Vec<u8>>> {
        let core = self.text("CORE_PATH")?;
        let extends = self.framework.get(b"extends");
        let mut files = Vec::new();
        for tag in extends.as_array().into_iter().flat_map(Array::values) {
            for (key, name) in tag.as_array().into_iter().flat_map(Array::iter) {
                let name = name.as_bytes().unwrap_or_default();
                files.push(match key {
                    Key::Int(_) => [&*core, b"Behavior/", name, b"Behavior.class.php"].concat(),
                    Key::String(_) => name.to_vec(),
                });
            }
        }
        Ok(files)
    }

    /// Whether this release takes the guards out: its own builder says so.
    fn removes_guard(&self, modes: &Modes) -> Step<bool> {
        let builder = self.path(&join(&self.text("THINK_PATH")?, "Common/runtime.php"));
        let text = self.sources.read(&builder).unwrap_or_default();
        let has = |part: &[u8]| memchr::memmem::find(&text, part).is_some();
        Ok(match has(b"function build_runtime_cache") {
            true => has(b"str_replace(\"defined('THINK_PATH') or exit();\""),
            false => modes.removes_guard,
        })
    }

    // --- 3.2 ---

    fn namespaces(&mut self, generation: &Generation, namespaces: &Namespaces) -> Step<()> {
        let (think, conf, mode_name) =
            (self.text("THINK_PATH")?, self.text("CONF_PATH")?, self.text("APP_MODE")?);
        let own = join(&conf, "core.php");
        let mode = match self.is_file(&own) {
            true => own,
            false => [&*self.text("MODE_PATH")?, &mode_name, b".php"].concat(),
        };
        let mode = self.include(&mode)?;
        let core = entry(&mode, "core").and_then(|core| core.as_array().map(texts));
        let Some(core) = core else {
            let message = format!("the mode {} has no list `core`", show(&mode_name));
            return Err(Box::new(
                Diagnostic::error("T-LIST", message).help("check APP_MODE and its file"),
            ));
        };
        self.load(&core)?;
        for (key, file) in entry(&mode, "config")
            .as_ref()
            .and_then(Value::as_array)
            .into_iter()
            .flat_map(Array::iter)
        {
            let Some(file) = file.as_bytes() else { continue };
            let value = self.load_config(file, namespaces)?;
            match key {
                Key::String(name) if !is_numeric(&name) => self.framework.set(&name, value),
                _ => self.framework.configure(&value),
            }
        }
        let extension = self.defined_text("CONF_EXT").unwrap_or_else(|| b".php".to_vec());
        let of_mode = [&*conf, b"config_", &mode_name, &extension].concat();
        if mode_name != b"common" && self.is_file(&of_mode) {
            let value = self.load_config(&of_mode, namespaces)?;
            self.framework.configure(&value);
        }
        if let Some(alias) = entry(&mode, "alias") {
            let alias = self.array_of(alias)?;
            self.framework.add_map(&alias);
        }
        let alias = join(&conf, "alias.php");
        if self.is_file(&alias) {
            let alias = self.include(&alias)?;
            self.framework.add_map(&alias);
        }
        if let Some(tags) = entry(&mode, "tags") {
            let tags = self.array_of(tags)?;
            self.framework.import_hooks(&tags);
        }
        let tags = join(&conf, "tags.php");
        if self.is_file(&tags) {
            let tags = self.include(&tags)?;
            self.framework.import_hooks(&tags);
        }
        let lang = self.framework.get(b"DEFAULT_LANG");
        let words = self.include(&[&*think, b"Lang/", &lower_text(&lang), b".php"].concat())?;
        self.framework.translate(&words);
        if self.constant("APP_DEBUG").is_some_and(|value| !is_empty(&value)) {
            self.note_debug("the constant APP_DEBUG");
            return Ok(());
        }
        let file = [&*self.text("RUNTIME_PATH")?, &mode_name, b"~runtime.php"].concat();
        let parts = self.files(&core, BlocksHere::AfterStripping, Missing::Skipped)?;
        let tail = [&*self.state()?, b"}"].concat();
        self.plan(&file, "<?php ", parts, tail, Some(generation.style));
        if self.is_defined("BUILD_LITE_FILE") && self.has_lite_hook() {
            self.lite(generation, &extension)?;
        }
        Ok(())
    }

    /// `load_config()`
    fn load_config(&mut self, file: &[u8], namespaces: &Namespaces) -> Step<Value> {
        let name = file.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        let extension = memchr::memrchr(b'.', name).map_or(&b""[..], |dot| &name[dot + 1..]);
        match extension {
            b"json" if namespaces.has_loaders => {
                let text = self.sources.read(&self.path(file)).unwrap_or_default();
                self.library.add(&self.path(file));
                let result = self.evaluator.call("json_decode", vec![text.into(), true.into()]);
                result.map_err(|error| self.refusal(&error))
            }
            b"php" => self.include(file),
            _ if !namespaces.has_loaders => self.include(file),
            _ => {
                let message =
                    format!("cannot read {}: configurations in this format need PHP", show(file));
                let help = "write it in PHP or JSON; CONF_EXT names the format";
                Err(Box::new(Diagnostic::error("T-EVAL", message).help(help)))
            }
        }
    }

    /// What the files left behind, up to the brace that closes it.
    fn state(&self) -> Step<Vec<u8>> {
        let framework = self.framework;
        Ok([
            b"\nnamespace { Think\\Think::addMap(",
            &*self.export(&framework.map.borrow().clone().into())?,
            b");\nL(",
            &*self.export(&framework.words.borrow().clone().into())?,
            b");\nC(",
            &*self.export_config()?,
            b");Think\\Hook::import(",
            &*self.export(&framework.hooks.borrow().clone().into())?,
            b");",
        ]
        .concat())
    }

    fn has_lite_hook(&self) -> bool {
        let hooks = self.framework.hooks.borrow();
        let names = hooks.get_str("app_init").and_then(Value::as_array);
        names
            .into_iter()
            .flat_map(Array::values)
            .filter_map(Value::as_bytes)
            .any(|name| memchr::memmem::find(name, b"BuildLite").is_some())
    }

    /// `lite.php`, which the first request writes after the other cache.
    fn lite(&mut self, generation: &Generation, extension: &[u8]) -> Step<()> {
        let conf = self.text("CONF_PATH")?;
        let status = self.defined_text("APP_STATUS").unwrap_or_default();
        let of_status = [&*conf, &status, extension].concat();
        if !matches!(&*status, b"" | b"0") && self.is_file(&of_status) {
            self.configure_from(&of_status)?;
        }
        let file = match self.framework.get(b"RUNTIME_LITE_FILE") {
            Value::String(file) => file.to_vec(),
            _ => join(&self.text("RUNTIME_PATH")?, "lite.php"),
        };
        let own = join(&conf, "lite.php");
        let list = if self.is_file(&own) { self.list_in(&own)? } else { self.usual_lite_list()? };
        let has_memory = self.constant("MEMORY_LIMIT_ON").is_some_and(|value| !is_empty(&value));
        let memory: &[u8] =
            if has_memory { b"$GLOBALS['_startUseMems'] = memory_get_usage();" } else { b"" };
        let defines = self.definitions(generation, Some("BUILD_LITE_FILE"))?;
        let head =
            [b"namespace {$GLOBALS['_beginTime'] = microtime(TRUE);", memory, &defines, b"}"]
                .concat();
        let mut parts = vec![Part::Text(head)];
        parts.extend(self.files(&list, BlocksHere::AfterStripping, Missing::Skipped)?);
        let tail = [&*self.state()?, b"Think\\Think::start();}"].concat();
        self.plan(&file, "<?php ", parts, tail, Some(generation.style)).edit = Edit::CutLookup;
        Ok(())
    }

    fn usual_lite_list(&self) -> Step<Vec<Vec<u8>>> {
        let (core, behaviour) = (self.text("CORE_PATH")?, self.text("BEHAVIOR_PATH")?);
        let extension = self.text("EXT")?;
        let of_core = |name: &&str| [&*core, name.as_bytes(), &extension].concat();
        let of_behaviour = |name: &&str| [&*behaviour, name.as_bytes(), &extension].concat();
        let classes = [
            "Think",
            "Hook",
            "App",
            "Dispatcher",
            "Log",
            "Log/Driver/File",
            "Route",
            "Controller",
            "View",
            "Storage",
            "Storage/Driver/File",
            "Exception",
        ];
        let mut list = vec![
            join(&self.text("THINK_PATH")?, "Common/functions.php"),
            join(&self.text("COMMON_PATH")?, "Common/function.php"),
        ];
        list.extend(classes.iter().map(of_core));
        list.extend(["ParseTemplateBehavior", "ContentReplaceBehavior"].iter().map(of_behaviour));
        Ok(list)
    }

    // --- What all ways use ---

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
    ) -> Step<Vec<Part>> {
        let mut parts = Vec::new();
        for file in files {
            let path = self.path(file);
            match self.library.add(&path) {
                Some(source) => parts.push(Part::File { source, blocks }),
                None if missing == Missing::Warns => self.note_missing(&path),
                None => {}
            }
        }
        Ok(parts)
    }

    fn blocks(&self, generation: &Generation) -> BlocksHere {
        match generation.blocks {
            Blocks::GoInAllInOne if !self.is_defined("RUNTIME_ALLINONE") => BlocksHere::Stay,
            Blocks::GoInAllInOne | Blocks::Go => BlocksHere::Go,
            Blocks::GoAfterStripping => BlocksHere::AfterStripping,
        }
    }

    /// `array_define()` of all constants so far, but one.
    fn definitions(&self, generation: &Generation, except: Option<&str>) -> Step<Vec<u8>> {
        let constants = self.evaluator.constants();
        let constants = constants
            .map(|(name, value)| (&**name, value))
            .filter(|(name, _)| except.is_none_or(|except| *name != except.as_bytes()));
        array_define(constants, generation.defines, &self.application.target)
            .map_err(|kind| self.unprintable(&kind))
    }

    fn export(&self, value: &Value) -> Step<Vec<u8>> {
        var_export(value, &self.application.target).map_err(|kind| self.unprintable(&kind))
    }

    fn export_config(&self) -> Step<Vec<u8>> {
        self.export(&self.framework.config.borrow().clone().into())
    }

    fn unprintable(&self, kind: &ErrorKind) -> Box<Diagnostic> {
        Box::new(Diagnostic::error("T-EVAL", format!("cannot print the configuration: {kind}")))
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
        match self.include(file)? {
            Value::Array(list) => Ok(texts(&list)),
            _ => {
                let message = format!("{} gives no list of files", self.path(file).display());
                Err(Box::new(
                    Diagnostic::error("T-LIST", message).help("return an array of paths there"),
                ))
            }
        }
    }

    /// Includes the files that are there.
    fn load(&mut self, files: &[Vec<u8>]) -> Step<()> {
        for file in files {
            if self.is_file(file) {
                self.include(file)?;
            }
        }
        Ok(())
    }

    /// `include $file`, false for a file that is missing.
    fn include(&mut self, file: &[u8]) -> Step<Value> {
        let path = self.path(file);
        if !self.sources.is_file(&path) {
            self.note_missing(&path);
            return Ok(false.into());
        }
        match self.evaluator.include(&path) {
            Ok(value) => Ok(value),
            Err(error) => self.include_with_php(&path, &error),
        }
    }

    /// Lets PHP run a file that cannot be evaluated, if that is wanted.
    fn include_with_php(&mut self, path: &Path, error: &Error) -> Step<Value> {
        let can_help = !matches!(error.kind, ErrorKind::Syntax(_) | ErrorKind::Read(..));
        let Some(php) = self.php.filter(|_| can_help) else { return Err(self.refusal(error)) };
        let constants: Vec<(Bytes, Value)> =
            self.evaluator.constants().map(|(name, value)| (name.clone(), value.clone())).collect();
        let config = Value::from(self.framework.config.borrow().clone());
        let question = Question {
            path,
            constants: &constants,
            config: &config,
            is_upper: self.framework.has_upper_keys(),
            timeout: TIMEOUT,
        };
        let answer = php.include(&question).map_err(|reason| {
            let message = format!("PHP could not run {}: {reason}", path.display());
            Box::new(Diagnostic::error("T-PHP", message).help(error.to_string()))
        })?;
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
            Box::new(Diagnostic::error("T-CONSTANTS", message).help(help))
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
            Some(folder) if !is_absolute => folder.join(path),
            _ => path.to_owned(),
        }
    }

    // --- Messages ---

    /// An evaluation that stopped, as a diagnostic.
    fn refusal(&mut self, error: &Error) -> Box<Diagnostic> {
        let mut diagnostic =
            Diagnostic::error("T-EVAL", error.kind.to_string()).help(error.kind.ways_out());
        if let Some(source) = self.library.add(&error.place.path) {
            let span = error.place.span;
            diagnostic = diagnostic.label(source, span.start as usize..span.end as usize, "");
        }
        for step in error.chain.iter().rev() {
            if let Some(source) = self.library.add(&step.place.path) {
                let text = match &step.function {
                    Some(function) => format!("called as {function}() here"),
                    None => "included here".to_owned(),
                };
                let span = step.place.span;
                diagnostic = diagnostic.label(source, span.start as usize..span.end as usize, text);
            }
        }
        Box::new(diagnostic)
    }

    fn note_missing(&mut self, path: &Path) {
        let message = format!("there is no {}; PHP warns and goes on", path.display());
        let diagnostic = Diagnostic::warning("T-MISSING", message);
        self.diagnostics.push(diagnostic.help("correct the list that names it, or add the file"));
    }

    fn note_debug(&mut self, switch: &str) {
        let message = format!("{switch} is on: ThinkPHP writes no cache of the application then");
        let diagnostic = Diagnostic::warning("T-DEBUG", message);
        self.diagnostics.push(diagnostic.help("turn it off for the build"));
    }

    fn note_no_core(&mut self) {
        let message = "~allinone.php is without the core: ThinkPHP looks for that as ~runtime.php, which is not there";
        let diagnostic = Diagnostic::warning("T-NO-CORE", message);
        self.diagnostics
            .push(diagnostic.help("leave out RUNTIME_ALLINONE, or what renames the core's cache"));
    }
}

/// What a file that is missing from a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    /// PHP warns.
    Warns,
    /// The framework asks first.
    Skipped,
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

/// `is_numeric()` of a key that is no integer.
fn is_numeric(key: &[u8]) -> bool {
    str::from_utf8(key)
        .is_ok_and(|key| key.trim_ascii_start().parse::<f64>().is_ok_and(f64::is_finite))
}

/// Whether a file of the core's list is the App class of a mode, which builds
/// in its own way.
fn is_app_class_of_mode(file: &[u8]) -> bool {
    file.ends_with(b"/App.class.php") && memchr::memmem::find(file, b"/Mode/").is_some()
}

fn show(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
