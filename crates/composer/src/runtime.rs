//! The code around the bundles: what registers them, records what is used, and says whether
//! they are outdated.
//!
//! The autoloader comes before Composer's, and it must be there when Composer's `files` run,
//! since they may ask for classes. Composer runs them while it registers itself, in front of
//! all others. So they are marked as done while Composer starts, and run afterwards: once
//! each, in Composer's order, with the variables that Composer gives them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tilde_lexer::TokenKind;

use crate::classes::Classes;
use crate::compile::{Bundle, CORE, Settings};
use crate::plan::{Left, undeclared};
use crate::project::{Project, hex};

/// A string of PHP.
pub(crate) fn quoted(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// The way from one folder to a path, as PHP code that starts at `__DIR__`.
fn from(folder: &Path, path: &Path) -> String {
    let common = folder.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().count() - common;
    let mut way = "/..".repeat(up);
    for component in path.components().skip(common) {
        if let Component::Normal(name) = component {
            way.push('/');
            way.push_str(&name.to_string_lossy());
        }
    }
    if way.is_empty() {
        "__DIR__".to_owned()
    } else {
        format!("__DIR__.{}", quoted(way.as_bytes()))
    }
}

/// What names of a build have at their end.
fn suffix(project: &Project, bundles: &[Bundle]) -> String {
    let mut hash = Sha256::new();
    hash.update(project.lock.as_bytes());
    for bundle in bundles {
        hash.update(bundle.function.as_bytes());
    }
    hex(&hash.finalize()[..6])
}

/// The bundle of what nearly all requests use, if there is one.
pub(crate) fn core(bundles: &[Bundle]) -> Option<&Bundle> {
    bundles.first().filter(|bundle| bundle.name == CORE)
}

/// The names that requests ask for, each with the number of the bundle that has it or the
/// path of its file, as PHP. For the others Composer looks.
fn map(classes: &Classes, bundles: &[Bundle], left: &[Left], out: &Path) -> String {
    let mut left: BTreeSet<usize> = left.iter().map(|it| it.file).collect();
    // Composer would run such a file again.
    for file in undeclared(classes) {
        left.remove(&file);
    }
    let mut map = String::new();
    for class in &classes.classes {
        let bundle = bundles.iter().position(|it| it.files.contains(&class.file));
        let place = match bundle {
            Some(bundle) => bundle.to_string(),
            None if left.contains(&class.file) => from(out, &classes.sources[class.file].named),
            None => continue,
        };
        // A `String` takes all that is written to it.
        let _ = writeln!(map, "            {} => {place},", quoted(&class.name));
    }
    map
}

/// `autoload.php`: stands in for `vendor/autoload.php`.
pub(crate) fn autoload(
    project: &Project,
    classes: &Classes,
    (bundles, left): (&[Bundle], &[Left]),
    settings: &Settings,
) -> String {
    let suffix = suffix(project, bundles);
    let out = &settings.out;
    let composer = from(out, &project.vendor.join("autoload.php"));
    let mut files = String::new();
    for file in &project.files {
        let (id, path) = (quoted(file.id.as_bytes()), from(out, &file.path));
        let _ = writeln!(files, "            {id} => {path},");
    }
    let map = map(classes, bundles, left, out);
    let cases = cases(bundles);
    // Preloaded classes need what their file would have defined.
    let preloaded = core(bundles).map_or(String::new(), |core| {
        let root = format!("{}_root", core.function);
        format!("        if (\\function_exists('{root}')) {{\n            {root}();\n        }}\n")
    });
    let registered = registered(project, &suffix);
    let (change, watched, asked) = if classes.included.is_changed {
        (
            change(&suffix),
            format!("        tilde_changed_{suffix}('', $loader);\n"),
            format!(" || tilde_changed_{suffix}($class)"),
        )
    } else {
        Default::default()
    };
    format!(
        "<?php
// Written by tilde; require this file in place of vendor/autoload.php. What is compiled comes
// from the files beside it, what else requests use from where it is, and the rest from
// Composer's autoloader, as always.
if (!\\function_exists('tilde_start_{suffix}')) {{
    function tilde_start_{suffix}()
    {{
        static $loader;
        if ($loader !== null) {{
            return $loader;
        }}
        if (\\getenv('TILDE_DEV')) {{
            $stale = require __DIR__.'/stamps.php';
            if ($stale !== null) {{
                \\error_log('tilde: '.$stale.' is not as it was when `tilde build` ran; the sources are used');
                return $loader = require {composer};
            }}
        }}
        $files = array(
{files}        );
        $waiting = array();
        foreach ($files as $id => $file) {{
            if (empty($GLOBALS['__composer_autoload_files'][$id])) {{
                $GLOBALS['__composer_autoload_files'][$id] = true;
                $waiting[$id] = $file;
            }}
        }}
        try {{
            $loader = require {composer};
        }} finally {{
            foreach ($waiting as $id => $file) {{
                unset($GLOBALS['__composer_autoload_files'][$id]);
            }}
        }}
{watched}{registered}{preloaded}        foreach ($waiting as $id => $file) {{
            if (empty($GLOBALS['__composer_autoload_files'][$id])) {{
                tilde_file_{suffix}($id, $file);
            }}
        }}
        return $loader;
    }}

    function tilde_file_{suffix}($fileIdentifier, $file)
    {{
        $GLOBALS['__composer_autoload_files'][$fileIdentifier] = true;
        require $file;
    }}

    function tilde_include_{suffix}($file)
    {{
        include $file;
    }}
{change}
    function tilde_class_{suffix}($class)
    {{
        static $classes = array(
{map}        );
        if (!isset($classes[$class]){asked}) {{
            return;
        }}
        $place = $classes[$class];
        if (\\is_string($place)) {{
            tilde_include_{suffix}($place);
            return;
        }}
        switch ($place) {{
{cases}        }}
    }}
}}
return tilde_start_{suffix}();
"
    )
}

/// How our autoloader is registered.
fn registered(project: &Project, suffix: &str) -> String {
    if project.is_prepended {
        format!("        \\spl_autoload_register('tilde_class_{suffix}', true, true);\n")
    } else {
        format!(
            "        // As `prepend-autoloader` is false, it comes after others, and before Composer's.
        $loader->unregister();
        \\spl_autoload_register('tilde_class_{suffix}', true, false);
        $loader->register(false);
"
        )
    }
}

/// The bundles, for `switch`.
fn cases(bundles: &[Bundle]) -> String {
    let mut cases = String::new();
    for (index, bundle) in bundles.iter().enumerate() {
        let (function, name) = (&bundle.function, quoted(bundle.name.as_bytes()));
        let _ = write!(
            cases,
            "            case {index}:
                \\function_exists('{function}') || require __DIR__.{name};
                {function}($class);
                return;
"
        );
    }
    cases
}

/// The function that says whether Composer's autoloader has been told of another place of a
/// class since it was registered. Arrays that nobody has changed are compared by a pointer.
fn change(suffix: &str) -> String {
    format!(
        "
    function tilde_changed_{suffix}($class, $loader = null)
    {{
        static $of, $known, $names = array(), $prefixes = array(), $all = false;
        if ($loader !== null) {{
            $of = $loader;
        }}
        $now = array($of->getClassMap(), $of->getPrefixesPsr4(), array(
            $of->getFallbackDirsPsr4(), $of->getPrefixes(), $of->getFallbackDirs(),
            $of->isClassMapAuthoritative(),
        ));
        if ($known === null) {{
            $known = $now;
        }} elseif ($now !== $known) {{
            foreach ($now[0] as $name => $file) {{
                if (!isset($known[0][$name]) || $known[0][$name] !== $file) {{
                    $names[$name] = true;
                }}
            }}
            foreach ($now[1] as $prefix => $folders) {{
                if (!isset($known[1][$prefix]) || $known[1][$prefix] !== $folders) {{
                    $prefixes[] = $prefix;
                }}
            }}
            $all = $all || $now[2] !== $known[2];
            $known = $now;
        }}
        if ($all || isset($names[$class])) {{
            return true;
        }}
        foreach ($prefixes as $prefix) {{
            if (\\strpos($class, $prefix) === 0) {{
                return true;
            }}
        }}
        return false;
    }}
"
    )
}

/// `autoload_runtime.php`, where symfony/runtime has written one: the same script with our
/// autoloader. None if that is not as the package writes it.
///
/// A front controller that requires ours and then that of the package would do nothing: the
/// latter ends at once where Composer's autoloader has been required before.
pub(crate) fn autoload_runtime(
    text: &[u8],
    project: &Project,
    settings: &Settings,
) -> Option<Vec<u8>> {
    let vendor = beside(&settings.out, &project.vendor);
    let (mut code, mut at, mut is_ours) = (Vec::new(), 0, false);
    for (token, part) in tilde_lexer::tokens(text, settings.lexer) {
        at += part.len();
        match token.kind {
            TokenKind::File => return None,
            TokenKind::Dir if is_autoloader(&text[at..]) => {
                is_ours = true;
                code.extend(part);
            }
            TokenKind::Dir => code.extend(vendor.as_bytes()),
            _ => code.extend(part),
        }
    }
    is_ours.then_some(code)
}

/// Whether code goes on with the name of Composer's autoloader.
fn is_autoloader(code: &[u8]) -> bool {
    let code = code.trim_ascii_start().strip_prefix(b".").unwrap_or_default().trim_ascii_start();
    [&b"'/autoload.php'"[..], b"\"/autoload.php\""].iter().any(|name| code.starts_with(name))
}

/// A folder as PHP code that starts at `__DIR__`, of which `dirname()` can be asked.
fn beside(folder: &Path, path: &Path) -> String {
    let common = folder.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().count() - common;
    let start = if up > 0 { format!("\\dirname(__DIR__, {up})") } else { "__DIR__".to_owned() };
    let below: PathBuf = path.components().skip(common).collect();
    if below.as_os_str().is_empty() {
        start
    } else {
        format!("({start}.{})", quoted(&[b"/", below.as_os_str().as_encoded_bytes()].concat()))
    }
}

/// `record.php`: appends the names of the classes that a request has used to a file.
#[must_use]
pub fn recorder() -> String {
    "<?php
// Written by tilde. A request that includes this file leaves a line in `traces.log` beside it,
// or in the file that the environment variable TILDE_TRACES names: the names of its classes.
// `tilde build` reads that. Requests at the same time do not mix their lines.
if (!\\defined('TILDE_RECORDS')) {
    \\define('TILDE_RECORDS', true);
    \\register_shutdown_function(static function () {
        $names = array();
        $all = array(\\get_declared_classes(), \\get_declared_interfaces(), \\get_declared_traits());
        foreach (\\array_merge(...$all) as $name) {
            $class = new \\ReflectionClass($name);
            $is_composers = \\preg_match('/^Composer(AutoloaderInit|\\\\\\\\Autoload\\\\\\\\)/', $name);
            if ($class->isUserDefined() && !$class->isAnonymous() && !$is_composers) {
                $names[] = $name;
            }
        }
        $file = \\getenv('TILDE_TRACES');
        if ($names) {
            $file = $file ? $file : __DIR__.'/traces.log';
            @\\file_put_contents($file, \\implode(' ', $names).\"\\n\", \\FILE_APPEND | \\LOCK_EX);
        }
    });
}
"
    .to_owned()
}

/// `stamps.php`: the first file that is not as it was, or null.
pub(crate) fn stamps(
    project: &Project,
    classes: &Classes,
    bundles: &[Bundle],
    settings: &Settings,
) -> String {
    let mut list = String::new();
    for file in bundles.iter().flat_map(|bundle| &bundle.files) {
        let source = &classes.sources[*file];
        let hash = hex(&Sha256::digest(&source.text));
        let name = project.shown(&source.path).display().to_string();
        let (name, path) = (quoted(name.as_bytes()), from(&settings.out, &source.path));
        let _ = writeln!(list, "    array({name}, {path}, '{hash}'),");
    }
    format!(
        "<?php
// Written by tilde; only read where the environment variable TILDE_DEV is set.
foreach (array(
{list}) as $stamp) {{
    if (@\\hash_file('sha256', $stamp[1]) !== $stamp[2]) {{
        return $stamp[0];
    }}
}}
return null;
"
    )
}
