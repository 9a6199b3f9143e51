//! ThinkPHP 2.0, 2.1 and 2.2: the core is a list of files.
//!
//! 2.0 and 2.1 write the core's cache before the application runs, from code
//! alone; the application's follows when its configuration is known. 2.2 has
//! one cache for both, with the constants in front.

use tilde_eval::Value;

use super::{Builder, Missing, Step, join};
use crate::framework::{change_case, definitions, is_empty};
use crate::generation::{ApplicationCache, Blocks, Case, Extra, Generation, Lists};
use crate::plan::{BlocksHere, Part};
use tilde_bundle::{Diagnostic, Severity};

impl Builder<'_> {
    /// `entered` is what became of the entry script.
    pub(super) fn lists(
        &mut self,
        generation: &Generation,
        lists: &Lists,
        entered: Step<()>,
    ) -> Step<()> {
        let think = self.text("THINK_PATH")?;
        let definitions = definitions(&think, self.constant("PATH_DEFINE_FILE").as_ref());
        if self.is_derived() && self.framework.core_constants().is_none() {
            for file in &definitions {
                self.include(file)?;
            }
        }
        let list = self.core_list(lists)?;
        self.load(&list)?;
        let runtime = self.text("RUNTIME_PATH")?;
        if self.is_derived() && !self.has_folder_before_build(&runtime, lists) {
            self.define_secure(true)?;
        }
        let core_file = join(&runtime, &self.core_name(lists));
        let mut core = None;
        if lists.application != ApplicationCache::Joined && !self.was_defined("NO_CACHE_RUNTIME") {
            core = Some(self.plans.len());
            // What the entry script defines later counts for the application only.
            let blocks = match generation.blocks {
                Blocks::GoInAllInOne if !self.was_defined("RUNTIME_ALLINONE") => BlocksHere::Stay,
                _ => self.blocks(generation),
            };
            let files = definitions.iter().chain(&list);
            let parts = self.files(files, blocks, Missing::Warns);
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
        let application =
            entered.and_then(|()| self.application(generation, lists, &list, is_mode, core));
        match application {
            Err(end) if end.ends_php && core.is_some() && self.obstacles.is_empty() => {
                self.note_end(end.diagnostic);
                Ok(())
            }
            application => application,
        }
    }

    /// That PHP ends before it comes to the cache of the application.
    fn note_end(&mut self, mut end: Diagnostic) {
        (end.code, end.severity) = ("T-STOPPED", Severity::Warning);
        let first = "only the core's cache is written, by ThinkPHP too".to_owned();
        end.help = Some(match end.help {
            Some(help) => format!("{first}; {help}"),
            None => first,
        });
        self.diagnostics.push(end);
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
    fn has_folder_before_build(&self, folder: &[u8], lists: &Lists) -> bool {
        if !self.sources.is_dir(&self.path(folder)) {
            return false;
        }
        let cache = self.path(&join(folder, &self.core_name(lists)));
        let is_joined = lists.application == ApplicationCache::Joined;
        let old = if is_joined { self.sources.earlier_output(&cache) } else { None };
        old.is_none_or(|old| memchr::memmem::find(&old, b"'BUILD_DIR_SECURE'").is_none())
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
        let knows_list = !is_mode || lists.modes_know_app_list;
        let common = self.common(lists, blocks, knows_list)?;
        if !is_mode {
            self.extra_configurations(lists)?;
        }
        let is_all_in_one =
            lists.application != ApplicationCache::Joined && self.is_defined("RUNTIME_ALLINONE");
        let is_debug = if is_mode { was_debugged } else { self.is_debugged() && !is_all_in_one };
        if is_debug {
            self.note_debug_setting();
            return Ok(());
        }
        let runtime = self.text("RUNTIME_PATH")?;
        let newer_than = self.is_file(&config_file).then(|| self.path(&config_file));
        if lists.application == ApplicationCache::Joined {
            let mut parts = vec![Part::Text(self.definitions(generation, None)?)];
            parts.extend(self.files(list, blocks, Missing::Warns));
            parts.extend(common);
            let tail = [b"\nC(", &*self.export_config()?, b");"].concat();
            let file = join(&runtime, &self.core_name(lists));
            self.plan(&file, "<?php ", parts, tail, Some(generation.style));
        } else if is_all_in_one {
            let mut parts = vec![Part::Text(self.definitions(generation, None)?)];
            // A mode looks for the core under its usual name.
            let is_found =
                self.application.is_safe || !is_mode || self.core_name(lists) == "~runtime.php";
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

    /// Whether a constant was there when the core was loaded; among constants
    /// that were given, THINK_VERSION says when that was.
    fn was_defined(&self, name: &str) -> bool {
        let place =
            |name: &str| self.evaluator.constants().position(|(key, _)| **key == *name.as_bytes());
        let core = self.framework.core_constants();
        let core = if self.is_derived() { core } else { place("THINK_VERSION") };
        place(name).is_some_and(|place| core.is_none_or(|core| place < core))
    }

    fn is_debugged(&self) -> bool {
        !is_empty(&self.framework.get(b"APP_DEBUG"))
    }

    /// The application's functions, and the files of its list.
    fn common(&mut self, lists: &Lists, blocks: BlocksHere, knows_list: bool) -> Step<Vec<Part>> {
        let common = self.own_functions()?;
        let mut files = Vec::new();
        if self.is_file(&common) {
            self.include(&common)?;
            files.push(common);
        }
        let list = join(&self.text("CONFIG_PATH")?, "app.php");
        if knows_list && self.is_file(&list) {
            for file in self.list_in(&list)? {
                match lists.application {
                    ApplicationCache::Joined => self.include(&file)?,
                    ApplicationCache::Fixed | ApplicationCache::Named => self.require(&file)?,
                };
                files.push(file);
            }
        }
        Ok(self.files(&files, blocks, Missing::Warns))
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
                Value::Array(array) => Value::from(change_case(array, Case::Lower)),
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
}

/// Whether a file of the core's list is the App class of a mode, which builds
/// in its own way.
fn is_app_class_of_mode(file: &[u8]) -> bool {
    file.ends_with(b"/App.class.php") && memchr::memmem::find(file, b"/Mode/").is_some()
}
