//! ThinkPHP 3.0 and 3.1: one cache, and modes that are arrays.
//!
//! `Think::buildApp()` and `build_runtime_cache()`, with the tags of system
//! behaviours, the aliases and the language pack.

use std::os::unix::ffi::OsStrExt as _;

use tilde_eval::{Array, Key, Value};

use super::{
    Builder, Missing, Step, entry, function_in, has, join, lower_text, show, texts, without_blanks,
};
use crate::framework::{is_empty, merge};
use crate::generation::{Generation, Modes, Order};
use crate::plan::{BlocksHere, Edit, Part};
use tilde_bundle::Diagnostic;
use tilde_bundle::token::lex;
use tilde_lexer::{Options, TokenKind};

impl Builder<'_> {
    pub(super) fn modes(&mut self, generation: &Generation, modes: &Modes) -> Step<()> {
        if let Some(engine) = self.engine() {
            let message =
                format!("ENGINE_NAME is {}: engines keep their cache elsewhere", show(&engine));
            let help = "build for the files of an ordinary host: leave ENGINE_NAME out of the entry script";
            return Err(Diagnostic::error("T-ENGINE", message).help(help).into());
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
        let words = self.words(&[&*think, b"Lang/", &lower_text(&lang)].concat())?;
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
        let mode_replaces = modes.order == Order::ModeInstead;
        if mode_replaces && mode_alias.is_none() {
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
            self.note_debug();
            return Ok(());
        }
        let builder = self.own_builder()?;
        let mut parts = vec![Part::Text(self.head_of_modes(generation, builder.as_deref())?)];
        let kernel = self.compiled_kernel(builder.as_deref(), &kernel)?;
        parts.extend(self.files(&kernel, BlocksHere::Go, Missing::Warns));
        if has_tags || modes.ignores_tags_switch {
            let behaviours = self.behaviours()?;
            parts.extend(self.files(&behaviours, BlocksHere::Go, Missing::Warns));
        }
        if !mode_replaces {
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
        let guard = b"str_replace(\"defined('THINK_PATH') or exit();\"";
        let unguards = builder.map_or(modes.removes_guard, |builder| has(&builder, guard));
        let plan = self.plan(&file, "<?php ", parts, tail, Some(generation.style));
        if unguards {
            plan.edit = Edit::Unguard;
        }
        Ok(())
    }

    /// The engine that makes the cache. The simulator of SAE leaves that to the
    /// framework, as 3.0 and 3.1.2 do, which have no engines.
    fn engine(&self) -> Option<Vec<u8>> {
        let engine = self.defined_text("ENGINE_NAME")?;
        let is_simulated = self.constant("IS_SAE").is_some_and(|value| is_empty(&value));
        (!is_simulated && !self.runs_own_builder()).then_some(engine)
    }

    /// Whether the entry script came to the framework's own builder, or must
    /// come there.
    fn runs_own_builder(&self) -> bool {
        let Some(think) = self.defined_text("THINK_PATH") else { return false };
        if self.is_derived() {
            let builder = self.path(&join(&think, "Common/runtime.php"));
            return self
                .evaluator
                .files()
                .any(|file| self.path(file.as_os_str().as_bytes()) == builder);
        }
        let entry = self.sources.read(&self.path(&join(&think, "ThinkPHP.php")));
        entry.is_ok_and(|code| !has(&code, b"ENGINE_NAME"))
    }

    /// The mode's file and all configurations, in the order of the release.
    fn configure_by_mode(&mut self, modes: &Modes) -> Step<Value> {
        let (think, conf) = (self.text("THINK_PATH")?, self.text("CONF_PATH")?);
        let convention = join(&think, "Conf/convention.php");
        if modes.order == Order::FrameworkFirst {
            self.configure_from(&convention)?;
        }
        let mode = match self.defined_text("MODE_NAME") {
            Some(name) => {
                let file =
                    [&*self.text("MODE_PATH")?, &name.to_ascii_lowercase(), b".php"].concat();
                self.require(&file)?
            }
            None => Array::new().into(),
        };
        let config = entry(&mode, "config");
        match modes.order {
            Order::FrameworkFirst => {}
            Order::ModeInstead if config.is_some() => {}
            Order::ModeFirst | Order::ModeInstead => self.configure_from(&convention)?,
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
                merge(&list, &own, self.application.target.options)
            }
            Value::Array(list) => Array::clone(&list),
            _ => Array::new(),
        };
        let mut files = texts(&list);
        self.load(&files)?;
        files.retain(|file| self.is_file(file));
        let common = self.own_functions()?;
        if self.is_file(&common) {
            self.include(&common)?;
            files.push(common);
        }
        Ok(self.files(&files, BlocksHere::Go, Missing::Skipped))
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
    fn head_of_modes(&mut self, generation: &Generation, builder: Option<&[u8]>) -> Step<Vec<u8>> {
        let mut defines = self.definitions(generation, None)?;
        if let Some(file) = self.defined_text("RUNTIME_DEF_FILE") {
            self.plan(&file, "<?php ", vec![Part::Text(defines)], Vec::new(), None);
            defines = [b"require '", &*file, b"';"].concat();
        }
        let mut head = [b"$GLOBALS['_beginTime'] = microtime(TRUE);", &*defines].concat();
        if builder.is_none_or(|builder| has(builder, b"'set_include_path(")) {
            head.extend(b"set_include_path(get_include_path() . PATH_SEPARATOR . VENDOR_PATH);");
        }
        Ok(head)
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

    /// The language pack: `L(include '….php')`, unless somebody has changed that to
    /// a file that sets a variable.
    fn words(&mut self, file: &[u8]) -> Step<Value> {
        let class = self.path(&join(&self.text("CORE_PATH")?, "Core/Think.class.php"));
        let code = self.sources.read(&class).unwrap_or_default();
        let Some((end, variable)) = language_pack(&code) else {
            return self.include(&join(file, ".php"));
        };
        let file = [file, &end].concat();
        let Some(variable) = variable else { return self.include(&file) };
        let path = self.path(&file);
        if !self.sources.is_file(&path) {
            self.note_missing(&path);
            return Ok(Value::Null);
        }
        self.library.add(&path);
        let file = self.export(&file.into())?;
        self.run_code(&[b"include ", &*file, b"; return ", &*variable, b";"].concat())
    }

    /// The files that the framework's own builder compiles first.
    fn compiled_kernel(&mut self, builder: Option<&[u8]>, usual: &[Vec<u8>]) -> Step<Vec<Vec<u8>>> {
        let options = self.application.target.options;
        let list =
            builder.and_then(|code| assigned(code, b"build_runtime_cache", b"$list", options));
        let Some(list) = list else { return Ok(usual.to_vec()) };
        let list = self.run_code(&[b"return ", &*list, b";"].concat())?;
        Ok(list.as_array().map(texts).unwrap_or_default())
    }

    /// What a piece of the framework's own code returns.
    fn run_code(&mut self, code: &[u8]) -> Step<Value> {
        let path = self.path(&join(&self.text("THINK_PATH")?, "ThinkPHP.php"));
        let value = self.evaluator.run_function(&path, &[b"<?php ", code].concat());
        value.map_err(|error| self.refusal(&error))
    }

    /// The code of the framework's own builder, which somebody may have changed;
    /// nothing if it is not where it should be.
    fn own_builder(&self) -> Step<Option<Vec<u8>>> {
        let path = self.path(&join(&self.text("THINK_PATH")?, "Common/runtime.php"));
        let code = self.sources.read(&path).ok();
        Ok(code.filter(|code| has(code, b"function build_runtime_cache")))
    }
}

/// How a class Think includes the language pack: what follows the name of the
/// language, and the variable that the words are in, if they are not returned.
fn language_pack(code: &[u8]) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
    let code = without_blanks(code);
    let head = b"includeTHINK_PATH.'Lang/'.strtolower(C('DEFAULT_LANG')).'";
    let at = memchr::memmem::find(&code, head)?;
    let (before, rest) = (&code[..at], &code[at + head.len()..]);
    let end = memchr::memchr(b'\'', rest)?;
    let variable = if before.ends_with(b"L(") {
        None
    } else {
        let after = rest[end..].strip_prefix(b"';L(")?;
        Some(after[..memchr::memchr(b')', after)?].to_vec())
    };
    Some((rest[..end].to_vec(), variable))
}

/// The first expression that a function assigns to a variable.
fn assigned(code: &[u8], function: &[u8], variable: &[u8], options: Options) -> Option<Vec<u8>> {
    let code = [b"<?php ", function_in(code, function)].concat();
    let tokens = lex(&code, options);
    let mut tokens = tokens.iter().filter(|token| !token.kind.is_trivia());
    tokens.find(|token| token.bytes(&code) == variable)?;
    let start = tokens.next().filter(|token| token.bytes(&code) == b"=")?.span().end;
    let end = tokens.find(|token| token.kind == TokenKind::Semicolon)?.span().start;
    Some(code[start..end].to_vec())
}
