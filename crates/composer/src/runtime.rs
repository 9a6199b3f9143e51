//! The code around the bundles: what registers them, records what is used, and says whether
//! they are outdated.
//!
//! The autoloader comes before Composer's, and it must be there when Composer's `files` run,
//! since they may ask for classes. Composer runs them while it registers itself, in front of
//! all others. So they are marked as done while Composer starts, and run afterwards: once
//! each, in Composer's order, with the variables that Composer gives them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tilde_lexer::TokenKind;

use crate::classes::Classes;
use crate::compile::{Bundle, CORE, LATE, Settings};
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
fn suffix(project: &Project, classes: &Classes, bundles: &[Bundle]) -> String {
    let mut hash = Sha256::new();
    hash.update(project.lock.as_bytes());
    for bundle in bundles {
        hash.update(bundle.name.as_bytes());
        for file in &bundle.files {
            let path = project.shown(&classes.sources[*file].path);
            hash.update(path.as_os_str().as_encoded_bytes());
            hash.update([0]);
        }
    }
    hex(&hash.finalize()[..6])
}

/// Whether a class, interface, trait or enum is there, as PHP.
pub(crate) const IS_THERE: &str = "\\class_exists($name, false) || \\interface_exists($name, false) || \\trait_exists($name, false)";

/// The bundle of what nearly all requests use, if there is one.
pub(crate) fn core(bundles: &[Bundle]) -> Option<&Bundle> {
    bundles.iter().find(|bundle| bundle.name == CORE)
}

/// Whether requests load a bundle only when they ask for a class of it.
fn is_chunk(bundle: &Bundle) -> bool {
    bundle.name != CORE && bundle.name != LATE
}

/// The classes that a bundle declares.
pub(crate) fn names<'a>(classes: &'a Classes, bundle: Option<&Bundle>) -> Vec<&'a [u8]> {
    let files = bundle.into_iter().flat_map(|bundle| &bundle.files);
    files.flat_map(|file| classes.declared_in(*file)).collect()
}

/// Names as elements of PHP's array, a line each.
pub(crate) fn list(names: &[&[u8]], indent: usize) -> String {
    let lines = names.iter().map(|name| [" ".repeat(indent), quoted(name), ",\n".to_owned()]);
    lines.flatten().collect()
}

/// The names that requests ask for with the paths of their files, and those of chunks with
/// the paths of these, as PHP. For the others Composer looks.
fn maps(classes: &Classes, bundles: &[Bundle], left: &[Left], out: &Path) -> (String, String) {
    let mut left: BTreeSet<usize> = left.iter().map(|it| it.file).collect();
    // Composer would run such a file again.
    for file in undeclared(classes) {
        left.remove(&file);
    }
    let files = bundles.iter().flat_map(|it| it.files.iter().map(move |file| (*file, it)));
    let bundle_of: BTreeMap<usize, &Bundle> = files.collect();
    let (mut paths, mut chunks) = (String::new(), String::new());
    for class in &classes.classes {
        let bundle = bundle_of.get(&class.file);
        if bundle.is_none() && !left.contains(&class.file) {
            continue;
        }
        let (name, path) = (quoted(&class.name), from(out, &classes.sources[class.file].named));
        // A `String` takes all that is written to it.
        let _ = writeln!(paths, "            {name} => {path},");
        if let Some(bundle) = bundle.filter(|it| is_chunk(it)) {
            let _ = writeln!(
                chunks,
                "            {name} => __DIR__.{},",
                quoted(bundle.name.as_bytes())
            );
        }
    }
    (paths, chunks)
}

/// `classes.php`: where the other classes are for which Composer would search its folders. None if
/// its class map has them all.
pub(crate) fn others(
    classes: &Classes,
    (bundles, left): (&[Bundle], &[Left]),
    settings: &Settings,
) -> Option<String> {
    let mut known: BTreeSet<usize> = bundles.iter().flat_map(|it| &it.files).copied().collect();
    known.extend(left.iter().map(|it| it.file));
    known.extend(undeclared(classes));
    let mut list = String::new();
    for class in &classes.classes {
        let source = &classes.sources[class.file];
        let is_known = known.contains(&class.file) || source.is_dev;
        if !is_known && !classes.loader.class_map.contains_key(&class.name) {
            let (name, path) = (quoted(&class.name), from(&settings.out, &source.named));
            // A `String` takes all that is written to it.
            let _ = writeln!(list, "    {name} => {path},");
        }
    }
    (!list.is_empty()).then(|| {
        format!("<?php\n// Written by tilde: where Composer's autoloader finds classes.\nreturn array(\n{list});\n")
    })
}

/// `autoload.php`: stands in for `vendor/autoload.php`.
pub(crate) fn autoload(
    project: &Project,
    classes: &Classes,
    (bundles, left, waits, has_others): (&[Bundle], &[Left], bool, bool),
    settings: &Settings,
) -> String {
    let out = &settings.out;
    let composer = from(out, &project.vendor.join("autoload.php"));
    if waits || bundles.is_empty() {
        return format!(
            "<?php
// Written by tilde; stands in for vendor/autoload.php. Composer's autoloader loads all classes:
// `tilde build` says why nothing is declared before.
return require {composer};
"
        );
    }
    let suffix = suffix(project, classes, bundles);
    let mut files = String::new();
    for file in &project.files {
        let (id, path) = (quoted(file.id.as_bytes()), from(out, &file.path));
        let _ = writeln!(files, "            {id} => {path},");
    }
    let is_first = is_first(project, out);
    let loads_core = loads_core(classes, bundles, &suffix);
    let loads_chunk = loads_chunk(classes, bundles, &suffix);
    let loads_class = loads_class(classes, (bundles, left, has_others), out, &suffix);
    format!(
        "<?php
// Written by tilde; require this file in place of vendor/autoload.php. The classes that nearly
// all requests use come from core.php, others from chunks or from where they are, and the rest
// from Composer's autoloader, as always.
if (!\\function_exists('tilde_start_{suffix}')) {{
    function tilde_start_{suffix}()
    {{
        static $loader;
        if ($loader !== null) {{
            return $loader;
        }}
        // What runs before may have declared a class of the core, and so may what is preloaded.
        $is_first = {is_first};
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
        \\spl_autoload_register('tilde_class_{suffix}', true, true);
{loads_core}        foreach ($waiting as $id => $file) {{
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

    function tilde_is_free_{suffix}($names)
    {{
        foreach ($names as $name) {{
            if ({IS_THERE}) {{
                return false;
            }}
        }}
        return true;
    }}
{loads_chunk}{loads_class}}}
return tilde_start_{suffix}();
"
    )
}

/// Whether nothing but a script of the project has run before, as PHP.
fn is_first(project: &Project, out: &Path) -> String {
    let Ok(below) = out.strip_prefix(&project.root) else { return "false".to_owned() };
    let root = below.components().fold("__DIR__".to_owned(), |it, _| format!("\\dirname({it})"));
    format!(
        "isset($_SERVER['SCRIPT_FILENAME'])
            && \\strpos((string) \\realpath($_SERVER['SCRIPT_FILENAME']), {root}.'/') === 0
            && \\count(\\get_included_files()) < 3 && !\\ini_get('opcache.preload')"
    )
}

/// The function that loads a class.
fn loads_class(
    classes: &Classes,
    (bundles, left, has_others): (&[Bundle], &[Left], bool),
    out: &Path,
    suffix: &str,
) -> String {
    let (paths, chunks) = maps(classes, bundles, left, out);
    let (chunks, asks_chunk) = if chunks.is_empty() {
        Default::default()
    } else {
        (
            format!(", $chunks = array(\n{chunks}        )"),
            format!(
                "            if (isset($chunks[$class]) && tilde_chunk_{suffix}($chunks[$class])) {{
                return;
            }}
"
            ),
        )
    };
    // To read all names gains only where OPcache has them.
    let others = format!(
        "        static $others;
        if ($others === null) {{
            $is_cached = \\function_exists('opcache_is_script_cached') && @\\opcache_is_script_cached(__FILE__);
            $others = $is_cached && !\\getenv('TILDE_DEV') ? require __DIR__.'/classes.php' : array();
        }}
        if (isset($others[$class])) {{
            tilde_include_{suffix}($others[$class]);
        }}
"
    );
    let others = if has_others { &*others } else { "" };
    format!(
        "
    function tilde_class_{suffix}($class)
    {{
        static $classes = array(
{paths}        ){chunks};
        if (isset($classes[$class])) {{
{asks_chunk}            tilde_include_{suffix}($classes[$class]);
            return;
        }}
{others}    }}
"
    )
}

/// What declares the core, each part of it unless a class is there already.
fn loads_core(classes: &Classes, bundles: &[Bundle], suffix: &str) -> String {
    let mut code = String::new();
    for bundle in bundles.iter().filter(|bundle| !is_chunk(bundle)) {
        // A `String` takes all that is written to it.
        let _ = write!(
            code,
            "        if ($is_first || tilde_is_free_{suffix}(array(
{}        ))) {{
            require __DIR__.{};
        }}
",
            list(&names(classes, Some(bundle)), 12),
            quoted(bundle.name.as_bytes())
        );
    }
    code
}

/// The function that declares a chunk, and returns whether it has.
fn loads_chunk(classes: &Classes, bundles: &[Bundle], suffix: &str) -> String {
    let mut all = String::new();
    for bundle in bundles.iter().filter(|it| is_chunk(it)) {
        let names = list(&names(classes, Some(bundle)), 16);
        // A `String` takes all that is written to it.
        let _ = writeln!(
            all,
            "            __DIR__.{} => array(\n{names}            ),",
            quoted(bundle.name.as_bytes())
        );
    }
    if all.is_empty() {
        return all;
    }
    format!(
        "
    function tilde_chunk_{suffix}($chunk)
    {{
        static $names = array(
{all}        ), $done = array();
        if (!isset($done[$chunk])) {{
            $done[$chunk] = tilde_is_free_{suffix}($names[$chunk]);
            if ($done[$chunk]) {{
                require $chunk;
            }}
        }}
        return $done[$chunk];
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
