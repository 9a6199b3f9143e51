//! What tells ThinkPHP's generations apart, and which one lies in a folder.
//!
//! Each generation is one constant here; the files of `builder/`
//! are the three ways in which caches are made, and ask these descriptions
//! wherever two generations of one way differ. The number of the release alone does not tell:
//! 3.1.0 builds nearly as 3.0 does, and 3.1.2 was two.

use std::path::Path;

use tilde_eval::export::Defines;
use tilde_eval::{Sources, Version};

use tilde_bundle::Style;

/// A generation of ThinkPHP, as far as its caches are concerned.
#[derive(Debug)]
pub(crate) struct Generation {
    /// As people call it.
    pub(crate) name: &'static str,
    /// The newest PHP under which the official release answers a request, from
    /// its caches too. Up to 3.1 templates and names of models need `/e` of
    /// `preg_replace()`, which went with 7.0.
    pub(crate) newest_php: Version,
    /// How its caches are made.
    pub(crate) way: Way,
    /// What becomes of `//[RUNTIME]` blocks.
    pub(crate) blocks: Blocks,
    /// What `strip_whitespace()` does.
    pub(crate) style: Style,
    /// How constants are written.
    pub(crate) defines: Defines,
    /// The letters of the keys of `C()`, where its code is not found.
    pub(crate) keys: Case,
    /// In `C('a.b')`: whether `b` gets the letters of the keys as well.
    pub(crate) changes_second_key: bool,
}

/// The three ways to make caches.
#[derive(Debug)]
pub(crate) enum Way {
    /// 2.0 to 2.2: lists of files, and `App::build()`.
    Lists(Lists),
    /// 3.0 and 3.1: `Think::buildApp()`.
    Modes(Modes),
    /// 3.2: `Think\Think::start()`.
    Namespaces(Namespaces),
}

impl Way {
    /// The constants without which there is no cache.
    pub(crate) fn constants(&self) -> &'static [&'static str] {
        match self {
            Self::Lists(_) => &["THINK_PATH", "RUNTIME_PATH", "CONFIG_PATH", "COMMON_PATH"],
            Self::Modes(_) => {
                &["THINK_PATH", "CORE_PATH", "CONF_PATH", "COMMON_PATH", "RUNTIME_FILE"]
            }
            Self::Namespaces(_) => {
                &["THINK_PATH", "CONF_PATH", "APP_MODE", "MODE_PATH", "RUNTIME_PATH"]
            }
        }
    }
}

/// What differs from 2.0 to 2.2.
#[derive(Debug)]
pub(crate) struct Lists {
    /// Whether the core's list names all files. In 2.0 the functions and the
    /// class Think stand before it, and compat.php between them.
    pub(crate) is_complete: bool,
    /// Whether the core's cache has the name of THINK_MODE in front.
    pub(crate) has_mode_in_name: bool,
    /// Where the application goes.
    pub(crate) application: ApplicationCache,
    /// Where `C()` has the files of APP_CONFIG_LIST.
    pub(crate) extra: Extra,
    /// Whether a mode's own App class knows Conf/app.php.
    pub(crate) modes_know_app_list: bool,
}

/// Where 2.x puts the application's code and configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ApplicationCache {
    /// `~app.php`
    Fixed,
    /// `~APP_CACHE_NAME.php`
    Named,
    /// The core's cache, which has constants in front.
    Joined,
}

/// Where `C()` has a file of APP_CONFIG_LIST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extra {
    /// Under `_name_`, as it is.
    Underscored,
    /// Under `_name_`, with keys in lower case.
    UnderscoredLower,
    /// Under `name`, with keys in lower case.
    Named,
}

/// What differs in 3.0 and 3.1.
#[derive(Debug)]
pub(crate) struct Modes {
    /// Where a mode's configuration comes in.
    pub(crate) order: Order,
    /// Whether behaviours are compiled whatever APP_TAGS_ON says.
    pub(crate) ignores_tags_switch: bool,
    /// Whether `defined('THINK_PATH') or exit();` goes, where the framework's
    /// own builder does not say.
    pub(crate) removes_guard: bool,
    /// Whether making the folders of a new application defines
    /// BUILD_DIR_SECURE.
    pub(crate) defines_secure: bool,
}

/// Where a mode's configuration comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// The framework's own is read before the mode's file.
    FrameworkFirst,
    /// The mode's file is read first, its configuration added second.
    ModeFirst,
    /// The mode's file is read first, and its configuration and aliases stand
    /// in the place of the framework's.
    ModeInstead,
}

/// What differs in 3.2.
#[derive(Debug)]
pub(crate) struct Namespaces {
    /// Whether configurations may be other than PHP.
    pub(crate) has_loaders: bool,
}

/// What becomes of `//[RUNTIME]` blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blocks {
    /// They go with RUNTIME_ALLINONE only.
    GoInAllInOne,
    /// They always go.
    Go,
    /// They would go, but comments are gone when they are looked for.
    GoAfterStripping,
}

/// The letters of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
}

impl Case {
    pub(crate) fn of(self, key: &[u8]) -> Vec<u8> {
        match self {
            Self::Lower => key.to_ascii_lowercase(),
            Self::Upper => key.to_ascii_uppercase(),
        }
    }
}

/// A PHP that runs every release.
pub(crate) const EVERY_RELEASE: Version = Version::V5_6;

const V2_0: Generation = Generation {
    name: "2.0",
    newest_php: Version::V5_6,
    way: Way::Lists(Lists {
        is_complete: false,
        has_mode_in_name: false,
        application: ApplicationCache::Fixed,
        extra: Extra::Underscored,
        modes_know_app_list: true,
    }),
    blocks: Blocks::GoInAllInOne,
    style: Style::ThinkPhp20,
    defines: Defines::V2_0,
    keys: Case::Lower,
    changes_second_key: true,
};

const V2_1: Generation = Generation {
    name: "2.1",
    way: Way::Lists(Lists {
        is_complete: true,
        has_mode_in_name: true,
        application: ApplicationCache::Named,
        extra: Extra::UnderscoredLower,
        modes_know_app_list: true,
    }),
    defines: Defines::V2_1,
    changes_second_key: false,
    ..V2_0
};

const V2_2: Generation = Generation {
    name: "2.2",
    way: Way::Lists(Lists {
        is_complete: true,
        has_mode_in_name: true,
        application: ApplicationCache::Joined,
        extra: Extra::Named,
        modes_know_app_list: false,
    }),
    blocks: Blocks::Go,
    style: Style::ThinkPhp22,
    defines: Defines::V2_2,
    ..V2_1
};

const V3_0: Generation = Generation {
    name: "3.0",
    way: Way::Modes(Modes {
        order: Order::FrameworkFirst,
        ignores_tags_switch: false,
        removes_guard: false,
        defines_secure: true,
    }),
    defines: Defines::V3_0,
    ..V2_2
};

/// 3.1.0 knows as little as 3.0, but defines nothing for a new application.
const V3_1_0: Generation = Generation {
    name: "3.1",
    way: Way::Modes(Modes {
        order: Order::FrameworkFirst,
        ignores_tags_switch: false,
        removes_guard: false,
        defines_secure: false,
    }),
    ..V3_0
};

/// 3.1.2 before its release, where the calls of `alias_import()` are commented
/// out.
const V3_1_2: Generation = Generation {
    name: "3.1",
    way: Way::Modes(Modes {
        order: Order::ModeInstead,
        ignores_tags_switch: true,
        removes_guard: true,
        defines_secure: false,
    }),
    ..V3_0
};

const V3_1: Generation = Generation {
    name: "3.1",
    way: Way::Modes(Modes {
        order: Order::ModeFirst,
        ignores_tags_switch: true,
        removes_guard: true,
        defines_secure: false,
    }),
    ..V3_0
};

const V3_2: Generation = Generation {
    name: "3.2",
    newest_php: Version::V8_0,
    way: Way::Namespaces(Namespaces { has_loaders: true }),
    blocks: Blocks::GoAfterStripping,
    keys: Case::Upper,
    ..V3_0
};

/// 3.2.0 and 3.2.1 read PHP only, and their keys are in lower case.
const V3_2_1: Generation = Generation {
    name: "3.2.1",
    way: Way::Namespaces(Namespaces { has_loaders: false }),
    keys: Case::Lower,
    ..V3_2
};

/// The generation of the framework in a folder.
///
/// The layout says whether it is 2, 3 or 3.2, and THINK_VERSION which release;
/// `version` is that constant where it is known.
pub(crate) fn detect(
    sources: &dyn Sources,
    framework: &Path,
    version: Option<&[u8]>,
) -> Option<&'static Generation> {
    let is_file = |path: &str| sources.is_file(&framework.join(path));
    let release = |path: &str| match version {
        Some(version) => version.to_vec(),
        None => sources
            .read(&framework.join(path))
            .ok()
            .and_then(|text| version_in(&text))
            .unwrap_or_default(),
    };
    if is_file("Library/Think/Think.class.php") {
        return Some(match &*release("ThinkPHP.php") {
            version if version.starts_with(b"3.2.0") || version.starts_with(b"3.2.1") => &V3_2_1,
            _ => &V3_2,
        });
    }
    if is_file("Lib/Core/Think.class.php") {
        return Some(match &*release("Common/runtime.php") {
            b"3.1" | b"3.1.0" => &V3_1_0,
            b"3.1.1" | b"3.1.2" if !imports_aliases(sources, framework) => &V3_1_2,
            version if version.starts_with(b"3.0") => &V3_0,
            _ => &V3_1,
        });
    }
    if is_file("Lib/Think/Core/Think.class.php") || is_file("Lib/Think/Core/App.class.php") {
        return Some(match &*release("Common/defines.php") {
            version if version.starts_with(b"2.0") => &V2_0,
            version if version.starts_with(b"2.1") => &V2_1,
            _ => &V2_2,
        });
    }
    None
}

/// Whether Common/runtime.php itself imports the framework's aliases.
fn imports_aliases(sources: &dyn Sources, framework: &Path) -> bool {
    let text = sources.read(&framework.join("Common/runtime.php")).unwrap_or_default();
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_start);
    lines.any(|line| line.starts_with(b"alias_import("))
}

/// The letters of keys in a file that declares `C()`: modes have functions of
/// their own, which do otherwise than the framework's.
pub(crate) fn keys_in(text: &[u8]) -> Option<Case> {
    let start = memchr::memmem::find(text, b"function C(")?;
    let code = &text[start..];
    let end = memchr::memmem::find(&code[1..], b"function ").unwrap_or(code.len() - 1);
    let is_upper = memchr::memmem::find(&code[..=end], b"CASE_UPPER").is_some();
    Some(if is_upper { Case::Upper } else { Case::Lower })
}

/// Files of ThinkPHP 5 and later, below the folder of the project, and what they
/// call its version.
const LATER: [(&str, &str); 3] = [
    ("vendor/topthink/framework/src/think/App.php", "VERSION"),
    ("thinkphp/library/think/App.php", "VERSION"),
    ("thinkphp/base.php", "THINK_VERSION"),
];

/// The version of ThinkPHP 5 or later in the folder of a project.
pub(crate) fn later_version(sources: &dyn Sources, project: &Path) -> Option<Vec<u8>> {
    let installed = LATER.iter().find_map(|(path, name)| {
        let text = sources.read(&project.join(path)).ok()?;
        constant_in(&text, name.as_bytes())
    });
    installed.or_else(|| required_version(&sources.read(&project.join("composer.json")).ok()?))
}

/// The version that a composer.json asks for, without what stands before its
/// number: a repository is often without the folder vendor.
fn required_version(composer: &[u8]) -> Option<Vec<u8>> {
    let name = b"\"topthink/framework\"";
    let at = memchr::memmem::find(composer, name)? + name.len();
    let rest = composer[at..].trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
    let version = rest.strip_prefix(b"\"")?;
    let start = version.iter().position(u8::is_ascii_digit)?;
    let is_part = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    let len = version[start..].iter().position(|byte| !is_part(byte))?;
    Some(version[start..start + len].trim_ascii().to_vec())
}

/// The value of THINK_VERSION in the code that defines it.
fn version_in(text: &[u8]) -> Option<Vec<u8>> {
    constant_in(text, b"THINK_VERSION")
}

/// The value of a constant in the code that defines it.
fn constant_in(text: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    memchr::memmem::find_iter(text, name).find_map(|at| {
        let rest = text[at + name.len()..].trim_ascii_start();
        let rest = rest.strip_prefix(b"'").or_else(|| rest.strip_prefix(b"\"")).unwrap_or(rest);
        let rest = rest.trim_ascii_start();
        let rest = rest.strip_prefix(b",").or_else(|| rest.strip_prefix(b"="))?.trim_ascii_start();
        let (quote, rest) =
            rest.split_first().filter(|(quote, _)| matches!(quote, b'\'' | b'"'))?;
        let end = memchr::memchr(*quote, rest)?;
        Some(rest[..end].to_vec())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_required_in_many_ways() {
        let version = |constraint: &str| {
            let composer =
                format!("{{\"require\": {{\"topthink/framework\" : \"{constraint}\"}}}}");
            required_version(composer.as_bytes()).map(|version| String::from_utf8(version).unwrap())
        };
        assert_eq!(version("^8.0").as_deref(), Some("8.0"));
        assert_eq!(version(">=6.1.4 <7").as_deref(), Some("6.1.4"));
        assert_eq!(version("v5.1").as_deref(), Some("5.1"));
        assert_eq!(version("dev-master"), None);
        assert_eq!(required_version(b"{\"require\": {\"topthink/think\": \"3.2\"}}"), None);
    }

    #[test]
    fn a_version_is_defined_in_two_ways() {
        assert_eq!(version_in(b"define('THINK_VERSION', '3.1.3');"), Some(b"3.1.3".to_vec()));
        assert_eq!(version_in(b"const THINK_VERSION     =   '3.2.0';"), Some(b"3.2.0".to_vec()));
        assert_eq!(version_in(b"echo THINK_VERSION; // none"), None);
    }
}
