//! The PHP version that a `composer.json` asks for, and the files that Composer's
//! autoloader always runs.
//!
//! Every version that composer.json allows has to run the code.

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
use crate::versions::Versions;

/// The versions that `require.php` of this composer.json allows. `None` when it asks
/// for nothing. The path is for messages.
pub(crate) fn required_php(path: &Path, text: &[u8]) -> Result<Option<Versions>, Problem> {
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
    Ok(json.pointer("/require/php").and_then(Json::as_str).and_then(Versions::allowed))
}

/// The files that Composer's autoloader runs, by their real paths, with the keys by
/// which it knows that they have run: what `vendor/composer/autoload_files.php`
/// returns. Nothing where it returns something else.
pub(crate) fn files(path: &Path) -> BTreeMap<PathBuf, String> {
    let Ok(path) = path.canonicalize() else { return BTreeMap::new() };
    let Ok((code, _)) = disk::read_regular(&path) else { return BTreeMap::new() };
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
