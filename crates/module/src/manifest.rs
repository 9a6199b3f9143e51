//! `zm.json`: its keys, checked, with the place of every mistake.
//!
//! The framework reads what it knows and passes over the rest, so a key with a
//! wrong type fails only when somebody unpacks. Here every key has a type. `[]` is
//! an empty map too: PHP writes one so.

use std::fmt;
use std::ops::Range;

use crate::json::{Json, Kind};
use crate::version::{Constraint, Version};

/// The keys of a `zm.json`.
pub const KEYS: &[&str] = &[
    "name",
    "description",
    "version",
    "depends",
    "light-cache-store",
    "global-config-override",
    "allow-hotload",
    "zm-data-store",
    "composer-extend-require",
    "unpack",
];
const UNPACK_KEYS: &[&str] = &["composer-autoload-items"];
const AUTOLOAD_KEYS: &[&str] = &["psr-4", "files"];

/// The version of a module that says none.
pub const DEFAULT_VERSION: &str = "1.0";

/// A `zm.json` that was checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// What the module is called; a plain file name.
    pub name: String,
    /// What it says of itself.
    pub description: Option<String>,
    /// As it is written.
    pub version: Option<String>,
    /// Names and constraints.
    pub depends: Vec<(String, String)>,
    /// The keys of the cache whose values go into the package.
    pub light_cache: Option<Vec<String>>,
    /// What to change in the global configuration.
    pub global_config: Option<String>,
    /// Whether the package may be loaded without being unpacked.
    pub allow_hotload: bool,
    /// Paths in the data folder.
    pub data: Vec<String>,
    /// Composer packages and constraints.
    pub composer_require: Vec<(String, String)>,
    /// What goes into `autoload` of composer.json when it is unpacked: `psr-4` and
    /// `files`.
    pub autoload: Json,
}

impl Manifest {
    /// Reads a `zm.json`.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, in the order of the places.
    pub fn parse(text: &[u8]) -> Result<Self, Vec<Finding>> {
        let json = Json::parse(text).map_err(|error| {
            let span = error.offset..error.offset + 1;
            vec![Finding { kind: FindingKind::Json(error.message), span }]
        })?;
        let mut reader = Reader { findings: Vec::new() };
        let manifest = reader.manifest(&json);
        reader.findings.sort_by_key(|finding| finding.span.start);
        match manifest {
            Some(manifest) if reader.findings.is_empty() => Ok(manifest),
            _ => Err(reader.findings),
        }
    }

    /// The version that others depend on.
    #[must_use]
    pub fn effective_version(&self) -> &str {
        self.version.as_deref().unwrap_or(DEFAULT_VERSION)
    }

    /// The name of the package's file.
    #[must_use]
    pub fn file_name(&self) -> String {
        match &self.version {
            Some(version) => format!("{}_{version}.phar", self.name),
            None => format!("{}.phar", self.name),
        }
    }
}

/// What is wrong with a `zm.json`, and where, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub kind: FindingKind,
    /// Where.
    pub span: Range<usize>,
}

/// What can be wrong with a `zm.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FindingKind {
    /// It is no JSON.
    Json(String),
    /// A value is of another type than it must be: the key, what it must be, what
    /// it is.
    Type(String, &'static str, &'static str),
    /// A key that means nothing, and those that do.
    UnknownKey(String, &'static [&'static str]),
    /// A key is there twice.
    KeyTwice(String),
    /// There is no `name`.
    NoName,
    /// The value of this key cannot be a part of a file name.
    FileName(&'static str, String),
    /// It is no version.
    Version(String),
    /// It is no constraint: the name, and the part that is not understood.
    Constraint(String, String),
    /// A path that leads out of its folder.
    Path(String),
    /// A module that depends on itself.
    OwnDependency,
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(message) => write!(f, "it is no valid JSON: {message}"),
            Self::Type(key, expected, found) => {
                write!(f, "`{key}` must be {expected}, but it is {found}")
            }
            Self::UnknownKey(key, _) => write!(f, "there is no key `{key}`"),
            Self::KeyTwice(key) => write!(f, "`{key}` is there twice"),
            Self::NoName => f.write_str("it has no `name`"),
            Self::FileName(key, text) => {
                write!(f, "the {key} `{text}` cannot be a part of a file name")
            }
            Self::Version(text) => write!(f, "`{text}` is no version that Composer knows"),
            Self::Constraint(name, part) => {
                write!(f, "cannot understand `{part}` in what `{name}` must be")
            }
            Self::Path(path) => write!(f, "`{path}` leads out of the data folder"),
            Self::OwnDependency => f.write_str("a module cannot depend on itself"),
        }
    }
}

/// Whether a path is relative and stays where it is put.
#[must_use]
pub fn is_plain_path(path: &str) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    !path.contains(['\\', '\0', '\n', '\r'])
        && path.get(1..2).is_none_or(|second| second != ":")
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Whether a text can be a part of the file name of a package.
fn is_file_name(text: &str) -> bool {
    let is_refused = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    !text.is_empty() && !text.starts_with('.') && !text.contains(is_refused)
}

fn type_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Bool(_) => "a boolean",
        Kind::Number(_) => "a number",
        Kind::String(_) => "a string",
        Kind::List(_) => "a list",
        Kind::Object(_) => "an object",
    }
}

struct Reader {
    findings: Vec<Finding>,
}

impl Reader {
    fn find(&mut self, at: &Json, kind: FindingKind) {
        self.findings.push(Finding { kind, span: at.span.clone() });
    }

    fn wrong(&mut self, key: &str, at: &Json, expected: &'static str) {
        self.find(at, FindingKind::Type(key.to_owned(), expected, type_name(&at.kind)));
    }

    fn manifest(&mut self, json: &Json) -> Option<Manifest> {
        if !matches!(json.kind, Kind::Object(_)) {
            self.wrong("zm.json", json, "an object");
            return None;
        }
        self.keys(json, KEYS);
        let name = self.name(json);
        let version = self.version(json);
        let manifest = Manifest {
            description: self.string(json, "description"),
            depends: self.depends(json, name.as_deref()),
            light_cache: json.get("light-cache-store").map(|it| self.list("light-cache-store", it)),
            global_config: self.global_config(json),
            allow_hotload: self.bool(json, "allow-hotload"),
            data: self.data(json),
            composer_require: self.constraints(json, "composer-extend-require"),
            autoload: self.autoload(json),
            name: name.clone().unwrap_or_default(),
            version,
        };
        name.map(|_| manifest)
    }

    /// Finds keys that mean nothing, and those that are there twice.
    fn keys(&mut self, json: &Json, valid: &'static [&'static str]) {
        let keys: Vec<&Json> = json.entries().iter().map(|(key, _)| key).collect();
        for (index, key) in keys.iter().enumerate() {
            let name = key.text().unwrap_or_default();
            if !valid.contains(&name) {
                self.find(key, FindingKind::UnknownKey(name.to_owned(), valid));
            } else if keys[..index].iter().any(|before| before.text() == Some(name)) {
                self.find(key, FindingKind::KeyTwice(name.to_owned()));
            }
        }
    }

    fn name(&mut self, json: &Json) -> Option<String> {
        let Some(value) = json.get("name") else {
            self.findings.push(Finding {
                kind: FindingKind::NoName,
                span: json.span.start..json.span.start + 1,
            });
            return None;
        };
        let name = self.string(json, "name")?;
        if !is_file_name(&name) {
            self.find(value, FindingKind::FileName("name", name));
            return None;
        }
        Some(name)
    }

    fn version(&mut self, json: &Json) -> Option<String> {
        let version = self.string(json, "version")?;
        let value = json.get("version")?;
        if Version::parse(&version).is_err() {
            self.find(value, FindingKind::Version(version));
            return None;
        }
        if !is_file_name(&version) {
            self.find(value, FindingKind::FileName("version", version));
            return None;
        }
        Some(version)
    }

    fn string(&mut self, json: &Json, key: &str) -> Option<String> {
        let value = json.get(key)?;
        if value.text().is_none() {
            self.wrong(key, value, "a string");
        }
        value.text().map(str::to_owned)
    }

    fn bool(&mut self, json: &Json, key: &str) -> bool {
        match json.get(key) {
            None => false,
            Some(Json { kind: Kind::Bool(value), .. }) => *value,
            Some(value) => {
                self.wrong(key, value, "true or false");
                false
            }
        }
    }

    fn global_config(&mut self, json: &Json) -> Option<String> {
        let key = "global-config-override";
        match json.get(key)? {
            Json { kind: Kind::Bool(false), .. } => None,
            value if value.text().is_some() => value.text().map(str::to_owned),
            value => {
                self.wrong(key, value, "a string or false");
                None
            }
        }
    }

    fn list(&mut self, key: &str, value: &Json) -> Vec<String> {
        if !matches!(value.kind, Kind::List(_)) {
            self.wrong(key, value, "a list of strings");
        }
        let mut list = Vec::new();
        for (index, item) in value.items().iter().enumerate() {
            match item.text() {
                Some(text) => list.push(text.to_owned()),
                None => self.wrong(&format!("{key}[{index}]"), item, "a string"),
            }
        }
        list
    }

    fn data(&mut self, json: &Json) -> Vec<String> {
        let Some(value) = json.get("zm-data-store") else { return Vec::new() };
        for item in value.items() {
            if let Some(text) = item.text().filter(|text| !is_plain_path(text)) {
                self.find(item, FindingKind::Path(text.to_owned()));
            }
        }
        let paths = self.list("zm-data-store", value);
        paths.into_iter().map(|path| path.trim_end_matches('/').to_owned()).collect()
    }

    fn depends(&mut self, json: &Json, own: Option<&str>) -> Vec<(String, String)> {
        if let Some(value) = json.get("depends") {
            let is_own = |(key, _): &&(Json, Json)| own.is_some() && key.text() == own;
            if let Some((key, _)) = value.entries().iter().find(is_own) {
                self.find(key, FindingKind::OwnDependency);
            }
        }
        self.constraints(json, "depends")
    }

    /// A map of names to constraints.
    fn constraints(&mut self, json: &Json, key: &str) -> Vec<(String, String)> {
        let Some(value) = json.get(key) else { return Vec::new() };
        if !self.is_map(key, value) {
            return Vec::new();
        }
        let mut constraints = Vec::new();
        for (name, constraint) in value.entries() {
            let name = name.text().unwrap_or_default();
            match constraint.text().map(|text| (text, Constraint::parse(text))) {
                None => self.wrong(&format!("{key}.{name}"), constraint, "a string"),
                Some((_, Err(error))) => {
                    self.find(constraint, FindingKind::Constraint(name.to_owned(), error.0));
                }
                Some((text, Ok(_))) => constraints.push((name.to_owned(), text.to_owned())),
            }
        }
        constraints
    }

    fn is_map(&mut self, key: &str, value: &Json) -> bool {
        let is_map = match &value.kind {
            Kind::Object(_) => true,
            Kind::List(items) => items.is_empty(),
            _ => false,
        };
        if !is_map {
            self.wrong(key, value, "an object");
        }
        is_map
    }

    fn autoload(&mut self, json: &Json) -> Json {
        let nothing = Json::from(Kind::Object(Vec::new()));
        let Some(unpack) = json.get("unpack") else { return nothing };
        if !self.is_map("unpack", unpack) {
            return nothing;
        }
        self.keys(unpack, UNPACK_KEYS);
        let Some(items) = unpack.get(UNPACK_KEYS[0]) else { return nothing };
        if !self.is_map(UNPACK_KEYS[0], items) {
            return nothing;
        }
        self.keys(items, AUTOLOAD_KEYS);
        if let Some(map) = items.get("psr-4")
            && self.is_map("psr-4", map)
        {
            for (prefix, folder) in map.entries() {
                if folder.text().is_none() {
                    let key = format!("psr-4.{}", prefix.text().unwrap_or_default());
                    self.wrong(&key, folder, "a string");
                }
            }
        }
        if let Some(files) = items.get("files") {
            self.list("files", files);
        }
        items.value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<(String, String)> {
        let findings = Manifest::parse(text.as_bytes()).expect_err(text);
        let shown = |it: &Finding| {
            let end = it.span.end.min(text.len());
            (text[it.span.start.min(end)..end].to_owned(), it.kind.to_string())
        };
        findings.iter().map(shown).collect()
    }

    #[test]
    fn every_key_is_read() {
        let text = r#"{"name": "a", "description": "b", "version": "1.2", "depends": {"c": "^1"},
            "light-cache-store": ["k"], "global-config-override": "edit", "allow-hotload": true,
            "zm-data-store": ["x/y/"], "composer-extend-require": [],
            "unpack": {"composer-autoload-items": {"psr-4": {"A\\": "src/A"}, "files": []}}}"#;
        let manifest = Manifest::parse(text.as_bytes()).expect("it is right");
        assert_eq!(manifest.file_name(), "a_1.2.phar");
        assert_eq!(manifest.depends, [("c".to_owned(), "^1".to_owned())]);
        assert_eq!(manifest.data, ["x/y"]);
        assert_eq!(manifest.global_config.as_deref(), Some("edit"));
        assert!(manifest.allow_hotload);
        let least = Manifest::parse(br#"{"name": "a"}"#).expect("a name is enough");
        assert_eq!((least.file_name().as_str(), least.effective_version()), ("a.phar", "1.0"));
    }

    #[test]
    fn every_mistake_has_its_place() {
        let text = r#"{"nme": 1, "name": "../x", "version": "one", "depends": {"c": "^^1", "d": 1},
            "light-cache-store": "k", "global-config-override": true, "allow-hotload": "yes",
            "zm-data-store": ["../x", "/etc", 1, "C:/x"], "unpack": {"composer": {}}}"#;
        let found = messages(text);
        let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
        let expected = [
            r#""nme""#,
            r#""../x""#,
            r#""one""#,
            r#""^^1""#,
            "1",
            r#""k""#,
            "true",
            r#""yes""#,
            r#""../x""#,
            r#""/etc""#,
            "1",
            r#""C:/x""#,
            r#""composer""#,
        ];
        assert_eq!(places, expected, "{found:#?}");
        assert_eq!(messages("{\"name\": }")[0].0, "}");
        assert_eq!(messages("{}"), [("{".to_owned(), "it has no `name`".to_owned())]);
        assert_eq!(messages("[]")[0].1, "`zm.json` must be an object, but it is a list");
        let own = messages(r#"{"name": "a", "depends": {"a": "*"}}"#);
        assert_eq!(own, [("\"a\"".to_owned(), "a module cannot depend on itself".to_owned())]);
    }
}
