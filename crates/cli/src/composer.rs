//! The PHP version that a `composer.json` asks for, and the files that Composer's
//! autoloader always runs.
//!
//! Every version that composer.json allows has to run the code.

mod app;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::disk;
use crate::excerpt::Excerpt;
use crate::literal::offset_of;
use crate::problem::{Place, Problem};
use crate::versions::Versions;

pub(crate) use self::app::{App, TRACES, folder, in_folder, plan};

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
    let files = tilde_composer::autoload_files(&path, &code).unwrap_or_default().into_iter();
    files.filter_map(|file| Some((file.path.canonicalize().ok()?, file.id))).collect()
}
