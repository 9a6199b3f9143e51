//! The files that a package has besides its sources.
//!
//! `zmplugin.json` tells a reader what is in the package, `module_entry.php` loads
//! it. A reader calls `loader<id>()`, so the id must be the same in both; here it
//! is made of the contents, so that the same sources give the same package.

use std::fmt::Write as _;

use sha1::{Digest as _, Sha1};

use crate::class_map::ClassMap;
use crate::json::{Json, Kind};
use crate::manifest::Manifest;

/// The name of the file that describes a package.
pub const PLUGIN: &str = "zmplugin.json";
/// The name of the file that loads it.
pub const ENTRY: &str = "module_entry.php";
/// The name of the file with values of the cache.
pub const LIGHT_CACHE: &str = "light_cache_store.json";

/// The version of the format: the one that calls the map `hotload-psr-4`.
const PACKER_VERSION: &str = "1.1";

/// What `zmplugin.json` says.
#[derive(Clone, Debug)]
pub struct Plugin<'a> {
    /// The module.
    pub manifest: &'a Manifest,
    /// 40 hexadecimal digits.
    pub id: &'a str,
    /// The folder of the module in its project, with slashes.
    pub root: &'a str,
    /// Its namespace, without backslashes around it.
    pub namespace: &'a str,
    /// What is loaded; paths are those in the package.
    pub class_map: &'a ClassMap,
    /// Files that Composer's autoloader loads.
    pub autoload_files: &'a [String],
    /// When it is packed, in seconds since 1970.
    pub time: u32,
}

impl Plugin<'_> {
    /// The text of `zmplugin.json`.
    #[must_use]
    pub fn json(&self) -> String {
        let classes = self.class_map.classes.iter();
        let classes = classes.map(|(name, path)| (name.clone(), Json::from(path.as_str())));
        let config = self.manifest.global_config.as_deref();
        let mut files: Vec<&str> = self.autoload_files.iter().map(String::as_str).collect();
        for file in &self.class_map.function_files {
            if !files.contains(&file.as_str()) {
                files.push(file);
            }
        }
        let items = match self.manifest.autoload.entries() {
            [] => Kind::List(Vec::new()).into(),
            _ => self.manifest.autoload.clone(),
        };
        let unpack = [
            ("composer-autoload-items", items),
            ("global-config-override", config.map_or(Json::from(false), Json::from)),
        ];
        let unpack = Json::object(unpack.map(|(key, value)| (key.to_owned(), value)));
        let mut entries = vec![
            ("zm-module", true.into()),
            ("generated-id", self.id.into()),
            ("module-packer-version", PACKER_VERSION.into()),
            ("module-root-path", self.root.into()),
            ("namespace", self.namespace.into()),
            ("hotload-psr-4", Json::object(classes)),
            ("unpack", unpack),
            ("allow-hotload", self.manifest.allow_hotload.into()),
            ("pack-time", Kind::Number(self.time.to_string()).into()),
        ];
        if !files.is_empty() {
            entries.push(("hotload-files", Json::strings(files)));
        }
        Json::object(entries.into_iter().map(|(key, value)| (key.to_owned(), value))).print(true)
    }

    /// The text of `module_entry.php`. Unlike the framework's it defines no
    /// constant, which a second package would define again, and it can run twice.
    #[must_use]
    pub fn entry(&self) -> String {
        format!(
            "<?php
if (!function_exists('loader{id}')) {{
    function loader{id}()
    {{
        $plugin = json_decode(file_get_contents(__DIR__ . '/{PLUGIN}'), true);
        foreach (array('hotload-psr-4', 'hotload-files') as $list) {{
            foreach (isset($plugin[$list]) ? $plugin[$list] : array() as $file) {{
                require_once __DIR__ . '/' . $file;
            }}
        }}
    }}
}}
return json_decode(file_get_contents(__DIR__ . '/{PLUGIN}'), true);
",
            id = self.id,
        )
    }
}

/// An id that is that of the contents: of files by name, in this order.
#[must_use]
pub fn generated_id<'c>(files: impl IntoIterator<Item = (&'c [u8], &'c [u8])>) -> String {
    let mut digest = Sha1::new();
    for (name, contents) in files {
        for part in [name, contents] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
    }
    let mut id = String::new();
    for byte in digest.finalize() {
        // A `String` takes all that is written to it.
        let _ = write!(id, "{byte:02x}");
    }
    id
}

/// The namespace of a folder of the project, by `autoload` and `autoload-dev` of
/// its composer.json. The first prefix whose folder is the folder or above it
/// counts.
#[must_use]
pub fn namespace(composer: &Json, folder: &str) -> Option<String> {
    let sections = ["autoload", "autoload-dev"].into_iter().filter_map(|key| composer.get(key));
    let maps = sections.filter_map(|section| section.get("psr-4"));
    let below = |(prefix, target): &(Json, Json)| {
        let targets = target.text().into_iter().chain(target.items().iter().filter_map(Json::text));
        let rest = targets.into_iter().find_map(|target| rest(folder, target))?;
        let prefix = prefix.text()?.trim_end_matches('\\');
        let parts = [prefix.to_owned(), rest.replace('/', "\\")];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Some(parts.join("\\")).filter(|namespace| !namespace.is_empty())
    };
    maps.flat_map(Json::entries).find_map(below)
}

/// What of a folder is below another one, if it is.
fn rest<'f>(folder: &'f str, above: &str) -> Option<&'f str> {
    let above = above.strip_prefix("./").unwrap_or(above).trim_end_matches('/');
    let rest = folder.strip_prefix(above)?;
    if above.is_empty() || rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// Values of the cache.
#[derive(Clone, Debug, PartialEq)]
pub struct Store {
    /// The text of `light_cache_store.json`.
    pub text: String,
    /// The keys without a value.
    pub missing: Vec<String>,
}

impl Store {
    /// Takes these keys from the persistence file of the cache.
    #[must_use]
    pub fn of(keys: &[String], cache: &Json) -> Self {
        let value = |key: &str| cache.get(key).filter(|value| value.kind != Kind::Null);
        let found = keys.iter().filter_map(|key| Some((key.clone(), value(key)?.value())));
        let missing = keys.iter().filter(|key| value(key).is_none()).cloned().collect();
        Self { text: Json::object(found).print(false), missing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_are_those_of_composer() {
        let composer = Json::parse(
            br#"{"autoload": {"psr-4": {"Module\\": "src/Module", "Other\\": ["lib/", "src/Other/"]}},
                "autoload-dev": {"psr-4": {"": "src/Root"}}}"#,
        );
        let composer = composer.expect("it is JSON");
        for (folder, expected) in [
            ("src/Module/Example", Some("Module\\Example")),
            ("src/Module", Some("Module")),
            ("src/Module2/Example", None),
            ("src/Other/A/B", Some("Other\\A\\B")),
            ("src/Root/A", Some("A")),
            ("src/Root", None),
        ] {
            assert_eq!(namespace(&composer, folder).as_deref(), expected, "{folder}");
        }
    }

    #[test]
    fn values_that_are_null_are_missing() {
        let cache = Json::parse(br#"{"a": {"x": "/y"}, "b": null, "c": 1.0}"#).expect("JSON");
        let keys = ["a", "b", "c", "d"].map(str::to_owned);
        let store = Store::of(&keys, &cache);
        assert_eq!(store.missing, ["b", "d"]);
        let expected = "{\n    \"a\": {\n        \"x\": \"\\/y\"\n    },\n    \"c\": 1.0\n}";
        assert_eq!(store.text, expected);
    }

    #[test]
    fn an_id_is_that_of_names_and_contents() {
        let id = |name: &'static str, text: &'static str| {
            generated_id([(name.as_bytes(), text.as_bytes())])
        };
        assert_eq!(id("a", "bc").len(), 40);
        assert_ne!(id("a", "bc"), id("ab", "c"));
        assert_eq!(id("a", "bc"), id("a", "bc"));
    }
}
