//! The PHP version that a `composer.json` asks for, and the files that Composer's
//! autoloader always runs.
//!
//! A simple reading of version constraints: the lowest version that may run the
//! code, because code that must run there cannot use newer syntax. A constraint
//! without a lower bound (`*`, `<8`) asks for nothing.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use tilde_eval::{Arena, Evaluator, Key, Target, Value};
use tilde_lexer::Version;

use crate::disk;
use crate::excerpt::Excerpt;
use crate::literal::{NoFiles, offset_of};
use crate::problem::{Place, Problem};

/// What `require.php` of this composer.json asks for at least. `None` when it
/// asks for nothing. The path is for messages.
pub(crate) fn required_php(path: &Path, text: &[u8]) -> Result<Option<Version>, Problem> {
    let json: Json = match serde_json::from_slice(text) {
        Ok(json) => json,
        Err(error) => {
            let at = offset_of(text, error.line(), error.column());
            let place = Place {
                path: path.to_owned(),
                excerpt: Excerpt::new(text, at..at + 1),
                note: String::new(),
            };
            let message = format!("cannot read {}: it is no valid JSON", path.display());
            let help = "mend it, or say which PHP version to use with --php";
            return Err(Problem::error("T-COMPOSER", message).at(place).help(help));
        }
    };
    Ok(json.pointer("/require/php").and_then(Json::as_str).and_then(lowest))
}

/// The files that Composer's autoloader runs, by their real paths, with the keys by
/// which it knows that they have run: what `vendor/composer/autoload_files.php`
/// returns. Nothing where it returns something else.
pub(crate) fn files(path: &Path) -> BTreeMap<PathBuf, String> {
    let Ok(path) = path.canonicalize() else { return BTreeMap::new() };
    let Ok(code) = disk::read(&path) else { return BTreeMap::new() };
    let (arena, target) = (Arena::new(), Target::new(Version::LATEST));
    let value = Evaluator::new(&arena, &NoFiles, &target).run(&path, &code);
    let Ok(Value::Array(array)) = value else { return BTreeMap::new() };
    let file = |(key, value): (Key, &Value)| {
        let path = Path::new(OsStr::from_bytes(value.as_bytes()?)).canonicalize().ok()?;
        match key {
            Key::Int(_) => None,
            Key::String(key) => Some((path, key.to_string())),
        }
    };
    array.iter().filter_map(file).collect()
}

/// The lowest version that satisfies the constraint: the least of its
/// alternatives, and within each the greatest of its lower bounds.
fn lowest(constraint: &str) -> Option<Version> {
    let bounds: Option<Vec<(u32, u32)>> =
        constraint.replace("||", "|").split('|').map(lower_bound).collect();
    let bound = bounds?.into_iter().min()?;
    let version = Version::ALL.into_iter().find(|version| numbers(version.as_str()) >= Some(bound));
    Some(version.unwrap_or(Version::LATEST))
}

fn lower_bound(alternative: &str) -> Option<(u32, u32)> {
    // `7.1 - 7.4`: what follows the hyphen is an upper bound.
    let lower = alternative.split(" - ").next().unwrap_or(alternative);
    // `>= 7.2` may have a blank.
    let mut joined = lower.replace(',', " ");
    for operator in [">=", "<=", "!=", ">", "<", "=", "^", "~"] {
        joined = joined.replace(&format!("{operator} "), operator);
    }
    joined.split_whitespace().filter(|term| !term.starts_with(['<', '!'])).filter_map(numbers).max()
}

/// Major and minor of `^7.2`, `>=7.2.5`, `7.*`, `v8`, `7.4-dev`.
fn numbers(term: &str) -> Option<(u32, u32)> {
    let digits = term.trim_start_matches(['>', '=', '^', '~', 'v']);
    let digits = digits.split(['-', '@', '+']).next()?;
    let mut parts = digits.split('.').map(str::parse);
    let major = parts.next()?.ok()?;
    Some((major, parts.next().and_then(Result::ok).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints() {
        let cases = [
            (">=7.2", Some("7.2")),
            ("^8.1", Some("8.1")),
            ("7.4.*", Some("7.4")),
            ("~7.4", Some("7.4")),
            ("^7.2 || ^8.0", Some("7.2")),
            ("^8.0|^7.4", Some("7.4")),
            (">= 7.1.3 <9", Some("7.1")),
            (">=5.3,<8.0", Some("5.3")),
            ("7.1 - 8.0", Some("7.1")),
            ("8", Some("8.0")),
            ("7.*", Some("7.0")),
            ("~8.2.0", Some("8.2")),
            (">=5.0", Some("5.2")),
            ("^6.0", Some("7.0")),
            (">=9.1", Some("8.5")),
            ("*", None),
            ("<8.0", None),
            ("^7.0 || *", None),
            ("", None),
            ("nonsense", None),
        ];
        for (constraint, expected) in cases {
            assert_eq!(lowest(constraint).map(Version::as_str), expected, "{constraint}");
        }
    }
}
