//! The class that puts state back, run by PHP.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

use tilde_resident::{Fact, Framework, link, resetter, scan};
use tilde_syntax::{Arena, Options, Version, parse};

/// A class that is found but cannot be loaded, as what it extends is not installed.
const GONE: &str =
    "<?php class Gone extends \\Not\\Here { static $a; function f() { self::$a = 1; } }";

fn facts(source: &str) -> Vec<Fact> {
    let scan = |source: &str| scan(source.as_bytes(), Options::default()).unwrap();
    link(&[scan(source), scan(GONE)])
}

/// What PHP prints of a script beside the code and its resetter.
fn run(source: &str, script: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("code.php", source);
    write("Resetter.php", &resetter(&facts(source), "App\\Resetter", Framework::Plain).code);
    write("Gone.php", GONE);
    let head = "<?php error_reporting(-1); require 'code.php'; require 'Resetter.php';
        spl_autoload_register(function ($class) { if ($class === 'Gone') require 'Gone.php'; });\n";
    write("main.php", &format!("{head}{script}"));
    php(folder.path(), "main.php")
}

fn php(folder: &Path, file: &str) -> String {
    let mut command = Command::new("php");
    command.args(["-d", "display_errors=1", "-d", "html_errors=0", "-d", "zend.assertions=1"]);
    command.arg(file).current_dir(folder);
    let output = command.output().expect("PHP 8.2 runs it (apt-get install php-cli installs it)");
    String::from_utf8(output.stdout).unwrap()
}

/// Private and inherited ones, those of traits, typed ones, globals.
const SOURCE: &str = r#"<?php
namespace Shop;

class Base { protected static $shared = ['base']; private static $hidden = 1;
    static function touch() { self::$shared[] = 'x'; self::$hidden++; }
    static function told() { return [self::$shared, self::$hidden]; } }
class Child extends Base { private static $hidden = 2; protected static $own;
    static function touch() { parent::touch(); self::$shared[] = 'y'; self::$hidden++;
        static::$own = 'z'; }
    static function told() { return [parent::told(), self::$hidden, self::$own]; } }
trait Counts { private static $count = 0; static function count() { return self::$count++; } }
class One { use Counts; }
class Two { use Counts; }
class Typed { public static int $number; public static ?string $text; public static array $list = [];
    static function touch($n) { self::$number = $n; self::$text = "$n"; self::$list[] = $n; } }
abstract class Holder { public static $object;
    static function touch($n) { self::$object->value = $n; self::$object->list[] = $n; } }
function f() { static $n = 0; return $n++; }
function g($x) { global $touched; $touched[] = $x; $GLOBALS['made'] = $x; unset($GLOBALS['lost']); }
"#;

#[test]
fn values_are_those_of_the_start() {
    let script = r#"
Shop\Holder::$object = (object) ['value' => 'start', 'list' => []];
$touched = ['start'];
$lost = 'here';
function told() {
    return json_encode([Shop\Child::told(), Shop\Typed::$list, Shop\Holder::$object,
        $GLOBALS['touched'], isset($GLOBALS['made']), isset($GLOBALS['lost'])]);
}
function request($n) {
    Shop\Base::touch(); Shop\Child::touch(); Shop\One::count(); Shop\Two::count();
    Shop\Two::count(); Shop\Typed::touch($n); Shop\Holder::touch($n);
    Shop\g($n);
}
$resetter = new App\Resetter(['Shop\Holder::$object']);
$resetter->reset();
$resetter->record();
$start = told();
foreach ([1, 2, 3] as $n) {
    request($n);
    assert(told() !== $start);
    $resetter->reset();
    echo told() === $start ? 'same ' : told(), Shop\One::count(), Shop\Two::count(), ' ';
    var_dump(Shop\Typed::$text);
    echo Shop\Typed::$number, "\n";
}
"#;
    let expected = "same 00 NULL\n1\nsame 00 NULL\n2\nsame 00 NULL\n3\n";
    assert_eq!(run(SOURCE, script), expected);
}

/// Without a wish for a copy, the object is the same one, and what is in it stays.
#[test]
fn objects_are_kept_unless_they_are_to_be_copied() {
    let script = r"
Shop\Holder::$object = $object = (object) ['value' => 'start', 'list' => []];
$resetter = new App\Resetter();
$resetter->record();
Shop\Holder::touch(1);
Shop\Holder::$object = new stdClass;
$resetter->reset();
var_dump(Shop\Holder::$object === $object, $object->value);
";
    assert_eq!(run(SOURCE, script), "bool(true)\nint(1)\n");
}

/// What a bundle has that can put its static variables back is told of each round.
#[test]
fn bundles_put_their_variables_back() {
    let script = r"
class tilde_state { public static $round; static function reset() { self::$round++; } }
$resetter = new App\Resetter();
$resetter->record();
$resetter->reset();
$resetter->reset();
var_dump(tilde_state::$round);
";
    assert_eq!(run(SOURCE, script), "int(3)\n");
}

#[test]
fn what_it_cannot_do_is_said() {
    let resetter = resetter(&facts(SOURCE), "Resetter", Framework::Plain);
    assert_eq!(
        resetter.left,
        [
            "Shop\\Typed::$number: if it has no value when it is recorded: its type has no null, and \
         PHP cannot make it uninitialised again",
            "Shop\\f()::$n: nothing outside of its function sets a static variable",
        ]
    );
    for left in &resetter.left {
        assert!(resetter.code.contains(&format!("\n * - {left}\n")), "{}", resetter.code);
    }
}

#[test]
fn settings_of_the_process() {
    let source = r"<?php
function touch_all() {
    date_default_timezone_set('Asia/Tokyo'); setlocale(LC_ALL, 'C'); putenv('TILDE_A=2');
    putenv('TILDE_B=2'); ini_set('precision', '5'); error_reporting(1); umask(0077);
    set_error_handler(function () { return true; }); set_exception_handler(function () {});
    libxml_use_internal_errors(true); chdir('/');
    if (function_exists('mb_internal_encoding')) { mb_internal_encoding('ASCII'); }
    spl_autoload_register(function ($class) {}); stream_wrapper_register('tilde', 'stdClass');
    set_include_path('/nonexistent'); mt_srand(5);
}
";
    let script = r#"
putenv('TILDE_A=1');
setlocale(LC_ALL, 'C.UTF-8');
function told() {
    $handlers = [set_error_handler(null), set_exception_handler(null)];
    restore_error_handler();
    restore_exception_handler();
    return serialize([date_default_timezone_get(), setlocale(LC_ALL, '0'), getenv('TILDE_A'),
        getenv('TILDE_B'), ini_get('precision'), error_reporting(), umask(), getcwd(),
        array_map('is_object', $handlers), libxml_use_internal_errors(),
        function_exists('mb_internal_encoding') ? mb_internal_encoding() : null,
        count(spl_autoload_functions()), in_array('tilde', stream_get_wrappers()),
        get_include_path()]);
}
$resetter = new App\Resetter();
$resetter->record();
$start = told();
foreach ([1, 2] as $n) {
    touch_all();
    assert(told() !== $start);
    $resetter->reset();
    echo told() === $start ? "same\n" : told() . "\n$start\n";
}
"#;
    // The autoloader and the wrapper have the rank of what grows.
    assert_eq!(run(source, script), "same\nsame\n");
    let left = resetter(&facts(source), "Resetter", Framework::Plain).left;
    assert_eq!(left, ["mt_srand(): PHP does not say how it was"]);
}

/// Nothing of it needs a PHP that is newer than 7.2, and the newest takes it.
#[test]
fn all_versions_read_it() {
    let all = "<?php class A { static $a, $b; function f() { self::$a = 1;
        ini_set('a', 1); chdir('b'); putenv('c'); set_error_handler('d'); } }";
    let frameworks = [
        Framework::Plain,
        Framework::LaravelSwoole,
        Framework::Octane,
        Framework::Symfony,
        Framework::Hyperf,
    ];
    for framework in frameworks {
        for source in [all, "<?php", SOURCE] {
            let code = resetter(&facts(source), "A\\B\\Resetter", framework).code;
            for version in [Version::V7_2, Version::V8_5] {
                let result = parse(code.as_bytes(), Options::new(version), &Arena::new()).err();
                assert!(result.is_none(), "{framework:?} in {version}: {result:?}\n{code}");
            }
        }
    }
}
