//! The text of a first `tilde.toml`.
//!
//! Comments say what else there is, as keys that need only lose their `#`. Paths are TOML,
//! which has to be UTF-8.

use std::path::{Path, PathBuf};

use super::found::{Bundle, Found};
use crate::problem::Problem;

pub(super) fn of(found: &Found) -> Result<String, Problem> {
    match found {
        Found::ThinkPhp { root, php, .. } => thinkphp(root, php),
        Found::Bundle(bundle) => bundled(bundle),
    }
}

fn thinkphp(root: &Path, php: &str) -> Result<String, Problem> {
    let root = quoted(root)?;
    Ok(format!(
        "# What `tilde build` compiles here: the caches that ThinkPHP would write itself.

[target]
# The PHP of the server: this is the newest that runs this release.
php = \"{php}\"

[thinkphp]
# The web root, where the entry script is.
root = {root}
# entry = \"index.php\"
# Leave out the bugs of the framework's own cache format:
# safe = true

# Constants that are defined before the entry script runs:
# [thinkphp.define]
# APP_DEBUG = false

# Where the application lies on the server, if that is not here:
# [thinkphp.map-path]
# \"/srv/www/shop\" = {root}
"
    ))
}

fn bundled(bundle: &Bundle) -> Result<String, Problem> {
    let mut text = format!("# What `tilde build` compiles here, made for {}.\n\n", bundle.origin);
    text += "[target]\n";
    text += if bundle.has_php {
        "# The PHP that runs the code (default: what composer.json asks for):\n"
    } else {
        "# The PHP that runs the code (default: the newest), or several, as \">=7.4\":\n"
    };
    text += "# php = \"8.2\"\n\n[[bundle]]\n";
    text += &list("files", &bundle.files, FILES)?;
    text += &list("on-demand", &bundle.on_demand, ON_DEMAND)?;
    text += &list("exclude", &bundle.excluded, EXCLUDE)?;
    if bundle.excluded.is_empty() {
        text += "# What folders and patterns leave out:\n# exclude = [\"lib/old\"]\n";
    }
    text += &["output = ", &*quoted(&bundle.output)?, "\n"].concat();
    Ok(text + STYLE)
}

const FILES: &str =
    "These run where the bundle is loaded, in this order: files, folders, patterns.";
const ON_DEMAND: &str =
    "These run when something asks for a class of them, as an autoloader would run them.";
const EXCLUDE: &str = "What folders and patterns leave out.";
const STYLE: &str = "\
# How the code is printed; \"tight\" is smaller, and has no lines of its own:
# style = \"lines\"
# A source map beside the output, for `tilde where`:
# map = true
";

fn list(key: &str, paths: &[PathBuf], comment: &str) -> Result<String, Problem> {
    let paths: Vec<String> = paths.iter().map(|path| quoted(path)).collect::<Result<_, _>>()?;
    Ok(match &*paths {
        [] => String::new(),
        [path] => format!("# {comment}\n{key} = [{path}]\n"),
        paths => format!("# {comment}\n{key} = [\n    {},\n]\n", paths.join(",\n    ")),
    })
}

/// A path as a string of TOML.
fn quoted(path: &Path) -> Result<String, Problem> {
    let Some(text) = path.to_str() else {
        let message = format!("tilde.toml is UTF-8, and {} is not", path.display());
        return Err(Problem::error("T-CONFIG", message).help("rename it, or name other files"));
    };
    Ok(toml::Value::from(text).to_string())
}
