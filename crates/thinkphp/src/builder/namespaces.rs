//! ThinkPHP 3.2: the core in namespaces, and no constants in the cache.
//!
//! `Think\Think::start()`; and `lite.php`, which a behaviour writes later in
//! the same request.

use tilde_eval::{Array, Key, Value};

use super::{Builder, Missing, Step, entry, join, lower_text, show, texts};
use crate::framework::is_empty;
use crate::generation::{Generation, Namespaces, keys_in};
use crate::plan::{BlocksHere, Edit, Part};
use tilde_bundle::Diagnostic;

impl Builder<'_> {
    pub(super) fn namespaces(
        &mut self,
        generation: &Generation,
        namespaces: &Namespaces,
    ) -> Step<()> {
        let (think, conf, mode_name) =
            (self.text("THINK_PATH")?, self.text("CONF_PATH")?, self.text("APP_MODE")?);
        let own = join(&conf, "core.php");
        let usual = [&*self.mode_path(&think)?, &mode_name, b".php"].concat();
        let mode = if self.is_file(&own) { own } else { usual };
        let mode = self.include(&mode)?;
        let core = entry(&mode, "core").and_then(|core| core.as_array().map(texts));
        let Some(core) = core else {
            let message = format!("the mode {} has no list `core`", show(&mode_name));
            let help = "check APP_MODE and its file";
            return Err(Diagnostic::error("T-LIST", message).help(help).into());
        };
        self.load(&core)?;
        self.find_keys(&core);
        for (key, file) in entry(&mode, "config")
            .as_ref()
            .and_then(Value::as_array)
            .into_iter()
            .flat_map(Array::iter)
        {
            let Some(file) = file.as_bytes() else { continue };
            if self.is_made_by_framework(file)? {
                continue;
            }
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
            self.note_debug();
            return Ok(());
        }
        let file = [&*self.text("RUNTIME_PATH")?, &mode_name, b"~runtime.php"].concat();
        let parts = self.files(&core, BlocksHere::AfterStripping, Missing::Skipped);
        let tail = [&*self.state()?, b"}"].concat();
        self.plan(&file, "<?php ", parts, tail, Some(generation.style));
        if self.is_defined("BUILD_LITE_FILE") && self.has_lite_hook() {
            self.lite(generation, &extension)?;
        }
        Ok(())
    }

    /// The folder of the modes, for which the first of 3.2 had no constant.
    fn mode_path(&self, think: &[u8]) -> Step<Vec<u8>> {
        let first = join(think, "Conf/Mode/");
        match self.defined_text("MODE_PATH") {
            None if self.sources.is_dir(&self.path(&first)) => Ok(first),
            _ => self.text("MODE_PATH"),
        }
    }

    /// Looks at the function `C()` that is in the core.
    fn find_keys(&mut self, core: &[Vec<u8>]) {
        for file in core {
            let Some(source) = self.library.add(&self.path(file)) else { continue };
            if let Some(keys) = keys_in(self.library.text(source)) {
                return self.framework.set_keys(keys);
            }
        }
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
                Err(Diagnostic::error("T-EVAL", message).help(help).into())
            }
        }
    }

    /// Whether this is the configuration that is missing from a new application:
    /// the first request, the one that writes the cache, makes it later on.
    fn is_made_by_framework(&self, file: &[u8]) -> Step<bool> {
        let extension = self.defined_text("CONF_EXT").unwrap_or_else(|| b".php".to_vec());
        let own = [&*self.text("CONF_PATH")?, b"config", &extension].concat();
        Ok(file == own && !self.is_file(file) && self.is_new_application()?)
    }

    /// Whether the folder of the module is missing, which `Build::checkDir()`
    /// makes with all that belongs to an application.
    fn is_new_application(&self) -> Step<bool> {
        let module = match self.defined_text("BIND_MODULE") {
            Some(module) => module,
            None => self.framework.get(b"DEFAULT_MODULE").as_bytes().unwrap_or_default().to_vec(),
        };
        let folder = [&*self.text("APP_PATH")?, &module].concat();
        let is_checked = !is_empty(&self.framework.get(b"CHECK_APP_DIR"));
        Ok(is_checked && !self.sources.is_dir(&self.path(&folder)))
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
        self.check_folders()?;
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
        parts.extend(self.files(&list, BlocksHere::AfterStripping, Missing::Skipped));
        let tail = [&*self.state()?, b"Think\\Think::start();}"].concat();
        self.plan(&file, "<?php ", parts, tail, Some(generation.style)).edit = Edit::CutLookup;
        Ok(())
    }

    /// `Build::checkDir()` of a new application defines constants.
    fn check_folders(&mut self) -> Step<()> {
        if self.is_derived() && self.is_new_application()? {
            self.define("BUILD_DIR_SECURE", true.into())?;
            self.define_secure(false)?;
        }
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
}

/// `is_numeric()` of a key that is no integer.
fn is_numeric(key: &[u8]) -> bool {
    str::from_utf8(key)
        .is_ok_and(|key| key.trim_ascii_start().parse::<f64>().is_ok_and(f64::is_finite))
}
