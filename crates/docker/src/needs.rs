//! Which extensions an application needs, each with its reasons.
//!
//! composer.json and the code of the application decide. A package of others decides by
//! its own composer.json: what else its code uses is for those who use that part of it (a
//! cache has adapters for all servers), so it is listed as optional.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use tilde_module::Json;

use crate::usage::{Declared, Usage, Use};

/// An extension that is needed, or that is used where it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// As composer.json names it, without `ext-`, in lower case.
    pub extension: String,
    /// Whether the application runs without it.
    pub is_optional: bool,
    /// Why, the most important first; for an extension that is needed only what needs it.
    pub reasons: Vec<Reason>,
}

/// Why an extension is needed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Somebody wants it.
    Asked,
    /// A composer.json requires it: that of the project (none) or of a package.
    Required(Option<String>),
    /// A composer.json suggests it.
    Suggested(Option<String>),
    /// A source uses it.
    Used {
        /// The path of the source, for people.
        path: String,
        /// The line, from 1.
        line: usize,
        /// What is used.
        what: String,
        /// Why it is needed there only in part.
        limit: Option<Limit>,
    },
}

/// Why a use does not make an extension a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// The source asks first whether the extension is there.
    Guarded,
    /// The package does not require it.
    Package,
    /// PHP code declares it where the extension is missing.
    Polyfill,
}

impl Reason {
    /// The reason without the line, which each edit moves.
    #[must_use]
    pub fn without_line(&self) -> String {
        match self {
            Self::Used { path, line, .. } => {
                self.to_string().replace(&format!(" at {path}:{line}"), &format!(" in {path}"))
            }
            Self::Asked | Self::Required(_) | Self::Suggested(_) => self.to_string(),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of =
            |package: &Option<String>| package.as_deref().unwrap_or("composer.json").to_owned();
        match self {
            Self::Asked => f.write_str("asked for by --with"),
            Self::Required(package) => write!(f, "{} requires it", of(package)),
            Self::Suggested(package) => write!(f, "{} suggests it", of(package)),
            Self::Used { path, line, what, limit } => {
                write!(f, "{what} at {path}:{line}")?;
                match limit {
                    None => Ok(()),
                    Some(Limit::Guarded) => f.write_str(", where it is there"),
                    Some(Limit::Package) => f.write_str(", which the package does not require"),
                    Some(Limit::Polyfill) => f.write_str(", which PHP code stands in for"),
                }
            }
        }
    }
}

/// Gathers what is known of an application.
#[derive(Debug, Default)]
pub struct Gathered {
    reasons: Vec<(String, Reason)>,
    uses: Vec<(String, bool, Use)>,
    declared: BTreeSet<Declared>,
    /// What packages provide, as polyfills do.
    provided: BTreeSet<String>,
    /// The names and literals of all sources.
    strings: BTreeMap<u64, u32>,
}

impl Gathered {
    /// The bytes that the names and literals of all sources take in memory.
    #[must_use]
    pub fn strings_len(&self) -> u64 {
        self.strings.values().map(|len| u64::from(*len)).sum()
    }

    /// Somebody wants an extension whatever uses it.
    pub fn ask(&mut self, extension: &str) {
        self.reasons.push((extension.to_ascii_lowercase(), Reason::Asked));
    }

    /// What a composer.json says: that of the project, whose package is none, or an entry
    /// of composer.lock or installed.json.
    pub fn composer(&mut self, json: &Json, package: Option<&str>) {
        let package = package.map(str::to_owned);
        for extension in extensions(json, "require") {
            self.reasons.push((extension, Reason::Required(package.clone())));
        }
        for extension in extensions(json, "suggest") {
            self.reasons.push((extension, Reason::Suggested(package.clone())));
        }
        if package.is_some() {
            let provides = ["provide", "replace"].into_iter();
            self.provided.extend(provides.flat_map(|key| extensions(json, key)));
        }
    }

    /// What a source uses and declares. `path` is how a person names it; it may be of the
    /// application itself or of a package.
    pub fn source(&mut self, path: &str, usage: Usage, is_own: bool) {
        self.declared.extend(usage.declares);
        self.strings.extend(usage.strings);
        self.uses.extend(usage.uses.into_iter().map(|it| (path.to_owned(), is_own, it)));
    }

    /// The extensions with their reasons, sorted by name.
    #[must_use]
    pub fn needs(self) -> Vec<Need> {
        let mut all: BTreeMap<String, Vec<Reason>> = BTreeMap::new();
        for (extension, reason) in self.reasons {
            all.entry(extension).or_default().push(reason);
        }
        for (path, is_own, it) in self.uses {
            if it.is_own(&self.declared) {
                continue;
            }
            let limit = if it.is_declared(&self.declared) {
                Some(Limit::Polyfill)
            } else if it.is_guarded {
                Some(Limit::Guarded)
            } else {
                (!is_own).then_some(Limit::Package)
            };
            let reason = Reason::Used { path, line: it.line, what: it.what, limit };
            all.entry(it.extension).or_default().push(reason);
        }
        let provided = &self.provided;
        all.into_iter().map(|(extension, reasons)| need(extension, reasons, provided)).collect()
    }
}

/// The names after `ext-` in a list of composer.json.
fn extensions(json: &Json, list: &str) -> Vec<String> {
    let entries = json.get(list).map_or(&[][..], Json::entries).iter();
    let names = entries.filter_map(|(name, _)| {
        name.text()?.to_ascii_lowercase().strip_prefix("ext-").map(str::to_owned)
    });
    // Composer writes the blank of `Zend OPcache` as a hyphen.
    names.map(|name| if name == "zend-opcache" { "opcache".to_owned() } else { name }).collect()
}

fn need(extension: String, mut reasons: Vec<Reason>, provided: &BTreeSet<String>) -> Need {
    let is_needed = |reason: &Reason| match reason {
        Reason::Asked | Reason::Required(None) => true,
        // A package that needs it runs with what another package provides.
        Reason::Required(Some(_)) => !provided.contains(&extension),
        Reason::Suggested(_) => false,
        Reason::Used { limit, .. } => limit.is_none(),
    };
    let is_optional = !reasons.iter().any(is_needed);
    if !is_optional {
        reasons.retain(is_needed);
    }
    reasons.sort();
    reasons.dedup();
    Need { extension, is_optional, reasons }
}
