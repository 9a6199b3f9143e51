//! Applications of ours, installed by the real Composer and run by PHP: the same output with
//! and without what is compiled, while the sources of that are not there.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use tilde_bundle::{Docs, Sources, Style};
use tilde_composer::{Classes, Files, Plan, Project, Settings, Traces};
use tilde_lexer::{Options, Version};
use tilde_testing::composer::composer;

/// A folder of a test.
struct Dir(tempfile::TempDir);

impl Dir {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.0.path().canonicalize().unwrap().join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }
}

impl Sources for Dir {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        fs::read(self.path(path))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.path(path).is_file()
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.path(path).is_dir()
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        self.path(path).canonicalize().ok()
    }
}

impl Files for Dir {
    fn php_files(&self, folder: &Path, except: &Path) -> Vec<PathBuf> {
        let walk = walkdir::WalkDir::new(folder).follow_links(true).sort_by_file_name();
        let walk = walk.into_iter().filter_entry(|it| it.path() != except).filter_map(Result::ok);
        let files = walk.filter(|it| it.file_type().is_file()).map(walkdir::DirEntry::into_path);
        files.filter(|it| it.extension().is_some_and(|it| it == "php" || it == "inc")).collect()
    }

    fn other_scripts(&self, folder: &Path, except: &Path) -> Vec<PathBuf> {
        let walk = walkdir::WalkDir::new(folder).follow_links(true).sort_by_file_name();
        let walk = walk.into_iter().filter_entry(|it| it.path() != except).filter_map(Result::ok);
        let files = walk.filter(|it| it.file_type().is_file()).map(walkdir::DirEntry::into_path);
        files.filter(|it| tilde_composer::may_be_script(it)).collect()
    }
}

/// The files of an application of ours with path repositories.
const FILES: &[(&str, &str)] = &[
    (
        "composer.json",
        r#"{"name": "our/app", "require": {"php": ">=8.1", "acme/lib": "*", "acme/strict": "*"},
            "require-dev": {"acme/dev": "*"}, "minimum-stability": "dev",
            "repositories": [{"type": "path", "url": "packages/*"}, {"packagist.org": false}],
            "config": {"platform": {"php": "8.1.2"}},
            "autoload": {"psr-4": {"App\\": "src/"}, "files": ["src/helpers.php"],
                         "classmap": ["src/legacy.inc.php"]},
            "autoload-dev": {"psr-4": {"Tests\\": "tests/"}}}"#,
    ),
    (
        "packages/lib/composer.json",
        r#"{"name": "acme/lib", "version": "1.0.0",
            "autoload": {"psr-4": {"Acme\\": "src/"}, "files": ["src/functions.php", "src/second.php"]}}"#,
    ),
    (
        "packages/strict/composer.json",
        r#"{"name": "acme/strict", "version": "1.0.0", "autoload": {"psr-0": {"Old_": "src/"}}}"#,
    ),
    (
        "packages/dev/composer.json",
        r#"{"name": "acme/dev", "version": "1.0.0", "autoload": {"psr-4": {"Dev\\": "src/"}}}"#,
    ),
    ("packages/dev/src/D.php", "<?php\nnamespace Dev;\nclass D {}\n"),
    (
        "packages/lib/src/functions.php",
        "<?php\nnamespace Acme;\n\
         $GLOBALS['order'][] = 'functions ' . Base::name();\n\
         function shout(string $s): string { return strtoupper($s) . '!'; }\n",
    ),
    (
        "packages/lib/src/second.php",
        "<?php\n$GLOBALS['order'][] = \"second $fileIdentifier \" . basename($file) . ' ' . __DIR__;\n",
    ),
    ("packages/lib/src/Marker.php", "<?php\nnamespace Acme;\ninterface Marker {}\n"),
    (
        "packages/lib/src/Base.php",
        "<?php\nnamespace Acme;\nabstract class Base implements Marker {\n\
         public static function name() { return static::class; }\n\
         public function where() { return __DIR__ . ' ' . basename(__FILE__) . ':' . __LINE__; }\n}\n",
    ),
    (
        "packages/lib/src/Reflector.php",
        "<?php\nnamespace Acme;\nclass Reflector {\n\
         public function path() { return dirname((new \\ReflectionObject($this))->getFileName()); }\n}\n",
    ),
    (
        "packages/strict/src/Old/Thing.php",
        "<?php\ndeclare(strict_types=1);\nclass Old_Thing extends \\Acme\\Base {\n\
         public function len($x) {\n\
         try { return strlen($x); } catch (\\TypeError $e) { return 'strict'; } }\n}\n",
    ),
    (
        "src/helpers.php",
        "<?php\n$GLOBALS['order'][] = 'helpers';\nfunction weak($x) { return strlen($x); }\n",
    ),
    (
        "src/legacy.inc.php",
        "<?php\nclass LegacyOne {}\nclass LegacyTwo extends LegacyOne {}\n\
         class_alias('LegacyTwo', 'LegacyAlias');\n",
    ),
    (
        "src/Kernel.php",
        "<?php\nnamespace App;\nuse Acme\\Base;\nuse function Acme\\shout;\n\
         final class Kernel extends Base {\n\
         public function run() {\n\
         echo shout('hi'), ' ', $this->where(), ' ', (new \\Old_Thing)->len(12), weak(123), \"\\n\";\n\
         echo implode(\"\\n\", $GLOBALS['order']), \"\\n\";\n\
         echo get_parent_class(new \\LegacyTwo), (int) class_exists('LegacyAlias'), \"\\n\";\n\
         echo (new Sub\\Mine)->path(), ' ', (new Included)->is(), \"\\n\";\n\
         foreach (['App\\Missing', 'app\\sub\\Other', 'App\\Sub\\Helper', 'App\\Sub\\Other'] as $class) {\n\
         echo $class, ' ', var_export(class_exists($class), true), \"\\n\"; }\n\
         if (($GLOBALS['argv'][1] ?? '') === 'more') { echo More\\One::VALUE, More\\Two::VALUE, \"\\n\"; }\n\
         echo \\Composer\\InstalledVersions::getVersion('acme/lib'), \"\\n\";\n\
         new \\Nowhere;\n}\n}\n",
    ),
    ("src/Sub/Mine.php", "<?php\nnamespace App\\Sub;\nclass Mine extends \\Acme\\Reflector {}\n"),
    ("src/Sub/Other.php", "<?php\nnamespace App\\Sub;\nclass Other {}\nclass Helper {}\n"),
    ("src/More/One.php", "<?php\nnamespace App\\More;\nclass One { const VALUE = 'one'; }\n"),
    ("src/More/Two.php", "<?php\nnamespace App\\More;\nclass Two { const VALUE = 'two'; }\n"),
    (
        "src/Included.php",
        "<?php\nnamespace App;\nclass Included { public function is() { return 'included'; } }\n",
    ),
    ("tests/T.php", "<?php\nnamespace Tests;\nclass T {}\n"),
    (
        "public/index.php",
        "<?php\n$loader = require __DIR__ . '/../' . getenv('AUTOLOAD');\n\
         echo get_class($loader), ' ', count(\\Composer\\Autoload\\ClassLoader::getRegisteredLoaders()), \"\\n\";\n\
         require_once __DIR__ . '/../src/Included.php';\n\
         try { (new App\\Kernel)->run(); } catch (Error $e) { echo $e->getMessage(), \"\\n\"; }\n\
         echo get_class(require __DIR__ . '/../' . getenv('AUTOLOAD')), count($GLOBALS['order']), \"\\n\";\n",
    ),
];

const COMPOSERS: &str = "vendor/autoload.php";
const OURS: &str = "vendor/tilde/autoload.php";

fn application() -> Dir {
    let dir = Dir::new();
    for (path, text) in FILES {
        dir.write(path, text);
    }
    composer(&dir.path(""), &["install"]);
    dir
}

fn php(dir: &Dir, autoload: &str, options: &[&str], args: &[&str]) -> Output {
    let mut command = Command::new("php");
    command.args(["-d", "display_errors=1", "-d", "error_reporting=-1"]);
    for option in options {
        command.args(["-d", option]);
    }
    command.arg("public/index.php").args(args).current_dir(dir.path("")).env("AUTOLOAD", autoload);
    command.output().expect("php is missing: apt-get install php-cli")
}

fn said(output: &Output) -> String {
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn php_versions() -> (Options, Version) {
    (Options::new(Version::LATEST), Version::V8_1)
}

/// Builds the project into `vendor/tilde`.
fn build(dir: &Dir) -> Value {
    let out = dir.path("vendor/tilde");
    let project = Project::read(dir, &dir.path("")).unwrap();
    let classes = Classes::find(dir, &project, php_versions(), &out).unwrap();
    let mut traces = Traces::default();
    traces.add(&fs::read(out.join("traces.log")).unwrap_or_default());
    let plan = Plan::new(dir, &project, &classes, php_versions(), &traces);
    let settings = Settings {
        out,
        style: Style::Lines,
        docs: Docs::Keep,
        lexer: php_versions().0,
        oldest: php_versions().1,
        has_map: false,
    };
    let compiled = tilde_composer::compile(dir, &project, &classes, &plan, &settings).unwrap();
    for output in compiled.outputs {
        fs::create_dir_all(output.path.parent().unwrap()).unwrap();
        fs::write(output.path, output.bytes.whole()).unwrap();
    }
    serde_json::from_str(&dir.text("vendor/tilde/tilde.json")).unwrap()
}

/// The classes of a project with their files are those that Composer's own class map has,
/// where it is told to make a whole one.
#[test]
fn classes_are_those_of_composers_class_map() {
    let dir = application();
    let find = || {
        let project = Project::read(&dir, &dir.path("")).unwrap();
        let classes =
            Classes::find(&dir, &project, php_versions(), &dir.path("vendor/tilde")).unwrap();
        let mut names: Vec<String> =
            classes.classes.iter().map(|it| String::from_utf8(it.name.clone()).unwrap()).collect();
        names.retain(|name| !name.starts_with("Composer\\"));
        (names, project)
    };
    let (found, project) = find();
    assert!(project.packages.iter().any(|it| it.name == "acme/dev" && it.is_dev));
    assert_eq!(project.files.len(), 3);
    assert_eq!(project.php, [">=8.1", ">=8.1.2"]);
    composer(&dir.path(""), &["dump-autoload", "--classmap-authoritative"]);
    let (again, project) = find();
    let loader = project.loader().unwrap();
    assert!(loader.is_authoritative);
    let map = loader.class_map.keys().map(|it| String::from_utf8(it.clone()).unwrap());
    let map: Vec<String> = map.filter(|it| !it.starts_with("Composer\\")).collect();
    assert_eq!(found, map);
    assert_eq!(again, map);
}

/// The path of each input that is in an output, or is in none.
fn inputs(metafile: &Value, is_compiled: bool) -> Vec<String> {
    let inputs = metafile["inputs"].as_array().unwrap().iter();
    let inputs = inputs.filter(|it| it["output"].is_string() == is_compiled);
    inputs.map(|it| it["path"].as_str().unwrap().to_owned()).collect()
}

fn reason(metafile: &Value, path: &str) -> String {
    let mut inputs = metafile["inputs"].as_array().unwrap().iter();
    let input = inputs.find(|it| it["path"] == path);
    input.unwrap_or_else(|| panic!("{path} is not in {metafile:#}"))["reason"]
        .as_str()
        .unwrap()
        .to_owned()
}

const OPCACHE: &[&str] = &["opcache.enable=1", "opcache.enable_cli=1"];

/// The application says the same with the cache of opcodes off and on and with the core
/// preloaded; the sources of what is compiled are not there.
fn runs_the_same(dir: &Dir, metafile: &Value, args: &[&str], expected: &str) {
    let compiled = inputs(metafile, true);
    assert!(!compiled.is_empty(), "{metafile:#}");
    for path in &compiled {
        fs::rename(dir.path(path), dir.path(format!("{path}.away"))).unwrap();
    }
    let preload = format!("opcache.preload={}", dir.path("vendor/tilde/preload.php").display());
    let user = "opcache.preload_user=root";
    let preloading: Vec<&str> = OPCACHE.iter().copied().chain([&*preload, user]).collect();
    for options in [&[][..], OPCACHE, &preloading] {
        assert_eq!(said(&php(dir, OURS, options, args)), expected, "{options:?}");
    }
    for path in &compiled {
        fs::rename(dir.path(format!("{path}.away")), dir.path(path)).unwrap();
    }
}

/// Without traces the core is what the front controller reaches.
#[test]
fn an_application_runs_without_its_sources() {
    let dir = application();
    let expected = said(&php(&dir, COMPOSERS, &[], &[]));
    assert!(expected.contains("HI! ") && expected.contains("strict3"), "{expected}");
    let metafile = build(&dir);
    assert_eq!(metafile["basis"]["guess"], true);
    let compiled = inputs(&metafile, true);
    let is_in = |path: &str| compiled.iter().any(|it| it == path);
    for path in ["src/Kernel.php", "packages/lib/src/Base.php", "packages/strict/src/Old/Thing.php"]
    {
        assert!(is_in(path), "{path}: {compiled:?}");
    }
    runs_the_same(&dir, &metafile, &[], &expected);
}

/// What code includes by its path would be declared twice, what asks for its own file would
/// get another answer, and what only development needs is not there in production.
#[test]
fn what_stays_where_it_is() {
    let dir = application();
    dir.write("src/Many.php", "<?php\nnamespace App;\nclass Many {}\nfunction many() {}\n");
    dir.write("src/Halt.php", "<?php\nnamespace App;\nclass Halt {}\n__halt_compiler();data");
    dir.write(
        "public/index.php",
        dir.text("public/index.php") + "new App\\Many; new App\\Halt; new Dev\\D; new Tests\\T;\n",
    );
    let metafile = build(&dir);
    assert!(reason(&metafile, "src/Included.php").contains("public/index.php includes it"));
    assert!(reason(&metafile, "src/Sub/Mine.php").contains("asks in which file"));
    assert!(reason(&metafile, "packages/lib/src/Reflector.php").contains("asks in which file"));
    assert!(reason(&metafile, "src/Halt.php").starts_with("T-HALT: "));
    assert!(reason(&metafile, "src/Many.php").contains("declares functions"));
    let all = [inputs(&metafile, true), inputs(&metafile, false)].concat();
    for path in ["packages/dev/src/D.php", "tests/T.php", "vendor/composer/InstalledVersions.php"] {
        assert!(!all.iter().any(|it| it == path), "{path}");
    }
    let expected = said(&php(&dir, COMPOSERS, &[], &[]));
    runs_the_same(&dir, &metafile, &[], &expected);
}

/// `require_once` skips what Composer has loaded, and would declare again what is compiled.
/// Where only the running program knows what it includes, what it may mean stays.
#[test]
fn includes_whose_paths_are_not_known() {
    let dir = application();
    dir.write("src/Model/A.php", "<?php\nnamespace App\\Model;\nclass A extends B {}\n");
    dir.write("src/Model/B.php", "<?php\nnamespace App\\Model;\nclass B {}\n");
    dir.write(
        "src/Scan.php",
        "<?php\nnamespace App;\nclass Scan { static function all() {\n\
         foreach (glob(__DIR__ . '/Model/*.php') as $file) { require_once $file; } } }\n",
    );
    let front = dir.text("public/index.php");
    let uses = "new App\\Model\\A; App\\Scan::all(); echo get_parent_class('App\\Model\\A');\n";
    dir.write("public/index.php", front.clone() + uses);
    let metafile = build(&dir);
    for path in ["src/Model/A.php", "src/Scan.php", "src/Kernel.php"] {
        assert!(reason(&metafile, path).starts_with("src/Scan.php includes files"), "{path}");
    }
    let expected = said(&php(&dir, COMPOSERS, &[], &[]));
    assert!(expected.ends_with("App\\Model\\B"), "{expected}");
    runs_the_same(&dir, &metafile, &[], &expected);

    // Who knows what it includes may say so.
    let composer = dir.text("composer.json");
    let extra =
        r#""extra": {"tilde": {"safe-includes": ["src/Scan.php"], "exclude": ["src/Model"]}},"#;
    dir.write("composer.json", composer.replacen('{', &format!("{{{extra}"), 1));
    let metafile = build(&dir);
    assert!(reason(&metafile, "src/Model/A.php").contains("extra.tilde.exclude"));
    assert!(inputs(&metafile, true).iter().any(|path| path == "src/Kernel.php"));
    runs_the_same(&dir, &metafile, &[], &expected);
    dir.write("composer.json", composer);

    // A package knows its own files, and those that use it.
    dir.write(
        "src/Scan.php",
        "<?php\nnamespace App;\nclass Scan { static function all() { load('Marker'); } }\n",
    );
    dir.write(
        "packages/lib/legacy/load.php",
        "<?php\nfunction load($name) {\n\
         require_once dirname(__DIR__) . '/src/' . $name . '.php'; }\n",
    );
    dir.write(
        "packages/lib/src/second.php",
        dir.text("packages/lib/src/second.php") + "require __DIR__ . '/../legacy/load.php';\n",
    );
    dir.write("src/Scan.php", dir.text("src/Scan.php").replace("load(", "\\load("));
    dir.write("packages/strict/src/Old/Free.php", "<?php\nclass Old_Free {}\n");
    dir.write("public/index.php", dir.text("public/index.php") + "new Old_Free;\n");
    let metafile = build(&dir);
    for path in ["packages/lib/src/Base.php", "packages/lib/src/Marker.php", "src/Kernel.php"] {
        let reason = reason(&metafile, path);
        assert!(reason.starts_with("packages/lib/legacy/load.php includes"), "{path}: {reason}");
    }
    let compiled = inputs(&metafile, true);
    assert_eq!(compiled, ["packages/strict/src/Old/Free.php"]);
    let expected = said(&php(&dir, COMPOSERS, &[], &[]));
    runs_the_same(&dir, &metafile, &[], &expected);
}

/// A container that Symfony writes includes files of classes, and is written when the
/// application has been built.
#[test]
fn a_container_that_is_still_to_be_written() {
    let dir = application();
    let dumper = "packages/lib/src/PhpDumper.php";
    let namespace = "Symfony\\Component\\DependencyInjection\\Dumper";
    dir.write(dumper, format!("<?php\nnamespace {namespace};\nclass PhpDumper {{}}\n"));
    let findings = || {
        let project = Project::read(&dir, &dir.path("")).unwrap();
        let classes =
            Classes::find(&dir, &project, php_versions(), &dir.path("vendor/tilde")).unwrap();
        classes.findings.iter().filter(|it| !it.is_note).count()
    };
    assert_eq!(findings(), 1);
    let container = "<?php\n/** auto-generated by the Symfony Dependency Injection Component. */\n\
         class C { function get() { include_once $this->dir.'/src/Kernel.php'; } }\n";
    dir.write("var/cache/KernelDevDebugContainer.php", container);
    assert_eq!(findings(), 1);
    dir.write("var/cache/KernelProdContainer.php", container);
    assert_eq!(findings(), 0);
    assert!(reason(&build(&dir), "src/Kernel.php").contains("Container.php includes"));
    fs::remove_dir_all(dir.path("var")).unwrap();
    let extra = r#"{"extra": {"tilde": {"safe-includes": ["packages/lib"]}},"#;
    dir.write("composer.json", dir.text("composer.json").replacen('{', extra, 1));
    assert_eq!(findings(), 0);
}

/// Two plugins of one program, whose files have the same paths.
#[test]
fn two_projects_in_one_process() {
    let plugin = |name: &str| {
        let dir = Dir::new();
        let class = format!("Plugin{name}");
        dir.write(
            "composer.json",
            format!(
                "{{\"name\": \"acme/{}\", \"require\": {{\"php\": \">=8.1\"}}, \
                 \"autoload\": {{\"psr-4\": {{\"{class}\\\\\": \"src/\"}}}}}}",
                name.to_lowercase()
            ),
        );
        dir.write(
            "src/Plugin.php",
            format!(
                "<?php\nnamespace {class};\nclass Plugin\n{{\n    const FILES = __DIR__ . '/files';\n    \
                 static function place() {{ return [__DIR__, (new Help)->me()]; }}\n}}\n"
            ),
        );
        let help = "class Help\n{\n    function me() { return __FILE__; }\n}\n";
        dir.write("src/Help.php", format!("<?php\nnamespace {class};\n{help}"));
        let call = format!("<?php\necho json_encode({class}\\Plugin::place());\n");
        dir.write("public/index.php", call);
        composer(&dir.path(""), &["install"]);
        build(&dir);
        fs::remove_dir_all(dir.path("src")).unwrap();
        dir
    };
    let dirs = ["A", "B"].map(plugin);
    let scripts = dirs.iter().map(|dir| {
        let at = dir.path("");
        format!("require '{0}{OURS}'; require '{0}public/index.php';", at.display())
    });
    let mut run = Command::new("php");
    let output = run.arg("-r").arg(scripts.collect::<String>()).output().unwrap();
    let expected = dirs.iter().map(|dir| {
        let places = [dir.path("src"), dir.path("src/Help.php")];
        serde_json::to_string(&places).unwrap().replace('/', "\\/")
    });
    assert_eq!(said(&output), expected.collect::<String>());
}

/// symfony/runtime runs the front controller from a script beside Composer's autoloader.
#[test]
fn the_script_of_symfony_runtime() {
    let dir = application();
    let runtime = "<?php\n// __DIR__\nif (true === (require_once __DIR__.'/autoload.php')) { return; }\n\
        $app = require $_SERVER['SCRIPT_FILENAME'];\n\
        exit($app(['dir' => dirname(__DIR__, 1), 'vendor' => __DIR__ . '/']));\n";
    dir.write("vendor/autoload_runtime.php", runtime);
    dir.write(
        "public/index.php",
        "<?php\nif (getenv('AUTOLOAD') === 'ours') {\n\
         require_once dirname(__DIR__) . '/vendor/tilde/autoload_runtime.php';\n} else {\n\
         require_once dirname(__DIR__) . '/vendor/autoload_runtime.php';\n}\n\
         return function (array $context) {\n\
         echo json_encode($context), get_class(new App\\More\\One), \"\\n\"; return 0; };\n",
    );
    let metafile = build(&dir);
    let expected = said(&php(&dir, "vendor/autoload_runtime.php", &[], &[]));
    assert!(expected.contains("App\\More\\One"), "{expected}");
    assert!(inputs(&metafile, true).iter().any(|path| path == "src/More/One.php"));
    fs::remove_file(dir.path("src/More/One.php")).unwrap();
    assert_eq!(said(&php(&dir, "ours", &[], &[])), expected);
    // One that somebody has written is not understood.
    dir.write("vendor/autoload_runtime.php", "<?php\nrequire __FILE__ . '/../autoload.php';\n");
    build(&dir);
    let metafile = dir.text("vendor/tilde/tilde.json");
    assert!(!metafile.contains("autoload_runtime.php"), "{metafile}");
}

/// What nearly all requests use is the core, what some use is a chunk.
#[test]
fn recorded_requests_decide() {
    let dir = application();
    build(&dir);
    let recorder = format!("auto_prepend_file={}", dir.path("vendor/tilde/record.php").display());
    for args in [&[][..], &["more"]] {
        said(&php(&dir, COMPOSERS, &[&recorder], args));
    }
    let metafile = build(&dir);
    assert_eq!(metafile["basis"]["guess"], false);
    assert_eq!(metafile["basis"]["requests"], 2);
    let output = |path: &str| {
        let mut inputs = metafile["inputs"].as_array().unwrap().iter();
        inputs.find(|it| it["path"] == path).map(|it| it["output"].clone())
    };
    assert_eq!(output("packages/lib/src/Marker.php"), Some("core.php".into()));
    // It says where it is, and so does what it is made of.
    assert_eq!(output("src/Kernel.php"), Some("late.php".into()));
    // Nobody could ask for its second class before.
    assert!(reason(&metafile, "src/Sub/Other.php").contains("does not find by its name"));
    assert_eq!(output("src/More/One.php"), Some("chunks/01.php".into()));
    assert_eq!(output("src/More/Two.php"), Some("chunks/01.php".into()));
    for args in [&[][..], &["more"]] {
        let expected = said(&php(&dir, COMPOSERS, &[], args));
        runs_the_same(&dir, &metafile, args, &expected);
    }
    // A recorded line is the same whether sources or what is compiled runs.
    let lines = dir.text("vendor/tilde/traces.log");
    said(&php(&dir, OURS, &[&recorder], &[]));
    let again = dir.text("vendor/tilde/traces.log");
    let sorted = |line: &str| {
        let mut names: Vec<String> = line.split(' ').map(str::to_owned).collect();
        names.sort();
        names
    };
    let (first, last) = (lines.lines().next().unwrap(), again.lines().last().unwrap());
    assert_eq!(sorted(first), sorted(last));
}

/// In development a source that has changed counts, with a warning.
#[test]
fn development_falls_back_to_the_sources() {
    let dir = application();
    build(&dir);
    let expected = said(&php(&dir, COMPOSERS, &[], &[]));
    let run = |value: &str| {
        let mut command = Command::new("php");
        command.arg("public/index.php").current_dir(dir.path(""));
        command.env("AUTOLOAD", OURS).env("TILDE_DEV", value).output().unwrap()
    };
    assert_eq!(said(&run("1")), expected);
    let old = dir.text("src/Kernel.php");
    dir.write("src/Kernel.php", old.replace("shout('hi')", "shout('changed')"));
    let changed = run("1");
    let (out, warning) =
        (String::from_utf8_lossy(&changed.stdout), String::from_utf8_lossy(&changed.stderr));
    assert!(out.contains("CHANGED!"), "{out}");
    assert_eq!(warning.matches("tilde: ").count(), 1, "{warning}");
    assert!(warning.contains("src/Kernel.php"), "{warning}");
    assert_eq!(said(&run("")), expected);
}

/// A project of ours with a class map that is not optimized, and an application in it.
fn project(composer_json: &str, files: &[(&str, &str)]) -> Dir {
    let dir = Dir::new();
    dir.write("composer.json", composer_json);
    for (path, text) in files {
        dir.write(path, text);
    }
    composer(&dir.path(""), &["install"]);
    dir
}

const PLAIN: &str = r#"{"name": "our/app", "require": {"php": ">=8.1"},
    "autoload": {"psr-4": {"App\\": "src/"}}}"#;
const LIBRARIES: &str = r#"{"name": "our/app", "require": {"acme/lib": "*", "acme/other": "*"},
    "minimum-stability": "dev",
    "repositories": [{"type": "path", "url": "packages/*"}, {"packagist.org": false}],
    "autoload": {"psr-4": {"App\\": "src/"}}}"#;
const LIB: (&str, &str) = (
    "packages/lib/composer.json",
    r#"{"name": "acme/lib", "version": "1.0.0", "autoload": {"psr-4": {"Acme\\": "src/"}}}"#,
);
const OTHER: (&str, &str) = (
    "packages/other/composer.json",
    r#"{"name": "acme/other", "version": "1.0.0", "autoload": {"psr-4": {"Other\\": "src/"}}}"#,
);

/// Compiles it, and it says what its sources say: with the cache of opcodes off and on and with the core
/// preloaded, also where a script requires Composer's autoloader then.
fn says_the_same(dir: &Dir) -> (String, Value) {
    let expected = said(&php(dir, COMPOSERS, &[], &[]));
    let metafile = build(dir);
    let preload = format!("opcache.preload={}", dir.path("vendor/tilde/preload.php").display());
    let user = "opcache.preload_user=root";
    let preloading: Vec<&str> = OPCACHE.iter().copied().chain([&*preload, user]).collect();
    for options in [&[][..], OPCACHE, &preloading] {
        assert_eq!(said(&php(dir, OURS, options, &[])), expected, "{options:?}");
    }
    assert_eq!(said(&php(dir, COMPOSERS, &preloading, &[])), expected, "Composer's autoloader");
    (expected, metafile)
}

/// A class that a PHP of the range refuses keeps no other from being compiled, and ends no
/// request that does not use it.
#[test]
fn what_a_php_refuses_ends_no_other_request() {
    let bad = [
        ("Abstracts", "class Abstracts { abstract function a(); }"),
        ("Twice", "class Twice { const A = 1; const A = 2; }"),
        ("Statics", "class Statics { function a() { static $b = strlen('a'); } }"),
        ("Old", "readonly class Old { function __construct(public int $a) {} }"),
        ("Constant", "trait Constant { const A = 1; }"),
        ("Magic", "class Magic { static function __get($a) {} }"),
        ("Value", "class Value { public int $a = 'b'; }"),
    ];
    let uses = bad.iter().map(|(name, _)| format!("if ($argc > 1) {{ new App\\{name}; }}\n"));
    let uses: Vec<String> = uses.collect();
    let index = format!(
        "<?php\nrequire __DIR__ . '/../' . getenv('AUTOLOAD');\n{}echo App\\Good::A, \"\\n\";\n",
        uses.concat()
    );
    let mut files = vec![
        (
            "src/Good.php".to_owned(),
            "<?php\nnamespace App;\nclass Good { const A = 'good'; }\n".to_owned(),
        ),
        ("public/index.php".to_owned(), index),
    ];
    let of_class = |(name, code): &(&str, &str)| {
        (format!("src/{name}.php"), format!("<?php\nnamespace App;\n{code}\n"))
    };
    files.extend(bad.iter().map(of_class));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let dir = project(PLAIN, &files);
    let (expected, metafile) = says_the_same(&dir);
    assert_eq!(expected, "good\n");
    assert_eq!(inputs(&metafile, true), ["src/Good.php"]);
    for (name, _) in bad {
        assert!(!reason(&metafile, &format!("src/{name}.php")).is_empty());
    }
}

/// Scripts without an ending and templates of packages include files of classes.
#[test]
fn scripts_of_any_name_include_classes() {
    let index = "<?php\nrequire __DIR__ . '/../' . getenv('AUTOLOAD');\n\
        echo App\\Plugin::A, Acme\\Lib::A, App\\Good::A, \"\\n\";\n\
        foreach (['bin/run', 'vendor/acme/lib/templates/page.phtml'] as $script) {\n\
        include dirname(__DIR__) . \"/$script\"; }\n";
    let dir = project(
        LIBRARIES,
        &[
            LIB,
            OTHER,
            ("packages/other/src/A.php", "<?php\nnamespace Other;\nclass A {}\n"),
            ("packages/lib/src/Lib.php", "<?php\nnamespace Acme;\nclass Lib { const A = 1; }\n"),
            (
                "packages/lib/templates/page.phtml",
                "page <?php require_once dirname(__DIR__) . '/src/Lib.php' ?>\n",
            ),
            ("src/Plugin.php", "<?php\nnamespace App;\nclass Plugin { const A = 2; }\n"),
            ("src/Good.php", "<?php\nnamespace App;\nclass Good { const A = 3; }\n"),
            ("bin/run", "#!/usr/bin/php\n<?php require_once __DIR__ . '/../src/Plugin.php';\n"),
            ("public/index.php", index),
        ],
    );
    let (_, metafile) = says_the_same(&dir);
    assert_eq!(inputs(&metafile, true), ["src/Good.php"]);
}

/// Code that asks what is included, or where another package is, includes classes by paths
/// that it computes.
#[test]
fn computed_paths_of_other_packages_and_of_what_is_not_included_yet() {
    let index = "<?php\nrequire __DIR__ . '/../' . getenv('AUTOLOAD');\n\
        echo App\\Good::A, Other\\A::A, \"\\n\";\nAcme\\Lib::load('A');\n\
        foreach (glob(__DIR__ . '/../src/*.php') as $file) {\n\
        if (!in_array(realpath($file), get_included_files())) { include $file; } }\n\
        echo Acme\\Lib::class, \"\\n\";\n";
    let dir = project(
        LIBRARIES,
        &[
            LIB,
            OTHER,
            ("packages/other/src/A.php", "<?php\nnamespace Other;\nclass A { const A = 4; }\n"),
            (
                "packages/lib/src/Lib.php",
                "<?php\nnamespace Acme;\nclass Lib { static function load($name) {\n\
                 require_once realpath(\\Composer\\InstalledVersions::getInstallPath('acme/other'))\n\
                 . \"/src/$name.php\"; } }\n",
            ),
            ("src/Good.php", "<?php\nnamespace App;\nclass Good { const A = 3; }\n"),
            ("public/index.php", index),
        ],
    );
    let expected = said(&php(&dir, COMPOSERS, &[], &[]));
    let metafile = build(&dir);
    assert_eq!(inputs(&metafile, true), Vec::<String>::new());
    assert_eq!(said(&php(&dir, OURS, &[], &[])), expected);
    assert!(reason(&metafile, "packages/other/src/A.php").contains("only the running program"));
}

/// Composer's loader would run a file again that has left its class undeclared.
#[test]
fn a_file_that_leaves_its_class_undeclared_runs_as_often_as_before() {
    let index = "<?php\nrequire __DIR__ . '/../' . getenv('AUTOLOAD');\n\
        foreach (['Early', 'Maybe', 'Good', 'Early'] as $name) {\n\
        echo $name, (int) class_exists(\"App\\\\$name\"), \"\\n\"; }\n\
        if ($argc > 1) { new App\\Early; new App\\Maybe; new App\\Good; }\n";
    let dir = project(
        PLAIN,
        &[
            (
                "src/Early.php",
                "<?php\nnamespace App;\necho \"early\\n\";\nif (!getenv('X')) { return; }\nclass Early {}\n",
            ),
            (
                "src/Maybe.php",
                "<?php\nnamespace App;\necho \"maybe\\n\";\nif (getenv('X')) { class Maybe {} }\n",
            ),
            ("src/Good.php", "<?php\nnamespace App;\nclass Good {}\n"),
            ("public/index.php", index),
        ],
    );
    let (_, metafile) = says_the_same(&dir);
    assert_eq!(inputs(&metafile, true), ["src/Good.php"]);
    assert_eq!(reason(&metafile, "src/Early.php"), "its code may end before it declares its class");
}

/// What Composer's autoloader is told at run time counts, and so does its place among others.
#[test]
fn the_autoloader_of_composer_can_be_changed() {
    let json = r#"{"name": "our/app", "require": {"php": ">=8.1"},
        "config": {"prepend-autoloader": false}, "autoload": {"psr-4": {"App\\": "src/"}}}"#;
    let index = "<?php\nspl_autoload_register(function ($class) {\n\
        if ($class === 'App\\\\First') { eval('namespace App; class First { const A = \"first\"; }'); } });\n\
        $loader = require __DIR__ . '/../' . getenv('AUTOLOAD');\n\
        $loader->addPsr4('App\\\\Sub\\\\', __DIR__ . '/../other', true);\n\
        $loader->addClassMap(['App\\\\Mapped' => __DIR__ . '/../other/Mapped.php']);\n\
        spl_autoload_register(function ($class) { echo \"last asked for $class\\n\"; });\n\
        echo App\\First::A, App\\Sub\\A::A, App\\Mapped::A, App\\Good::A, \"\\n\";\n\
        var_dump(class_exists('App\\Nothing'));\n";
    let class = |name: &str, value: &str| {
        let (namespace, short) = name.rsplit_once('\\').unwrap();
        format!("<?php\nnamespace {namespace};\nclass {short} {{ const A = '{value}'; }}\n")
    };
    let dir = project(
        json,
        &[
            ("src/First.php", &class("App\\First", "ours ")),
            ("src/Sub/A.php", &class("App\\Sub\\A", "a ")),
            ("src/Mapped.php", &class("App\\Mapped", "mapped ")),
            ("src/Good.php", &class("App\\Good", "good")),
            ("other/A.php", &class("App\\Sub\\A", " other a ")),
            ("other/Mapped.php", &class("App\\Mapped", "other mapped ")),
            ("public/index.php", index),
        ],
    );
    let (expected, metafile) = says_the_same(&dir);
    assert!(expected.starts_with("first other a other mapped good\n"), "{expected}");
    assert!(reason(&metafile, "src/Good.php").contains("prepend-autoloader"));
    let json = dir.text("composer.json").replace("false", "true");
    dir.write("composer.json", json);
    composer(&dir.path(""), &["dump-autoload"]);
    let (expected, metafile) = says_the_same(&dir);
    assert!(expected.starts_with("ours  other a other mapped good\n"), "{expected}");
    assert!(reason(&metafile, "src/Good.php").contains("changes where classes come from"));
}

/// A class is declared at once only where nothing can tell.
#[test]
fn code_that_asks_which_classes_were_loaded() {
    let index = "<?php\nrequire __DIR__ . '/../' . getenv('AUTOLOAD');\n\
        echo App\\Asker::is('App\\Two'), App\\One::A, App\\Two::A, App\\Three::A, \"\\n\";\n";
    let class =
        |name: &str| format!("<?php\nnamespace App;\nclass {name} {{ const A = '{name}'; }}\n");
    let asker = "<?php\nnamespace App;\nclass Asker { static function is($class) {\n\
        return (int) class_exists(One::class, false) . (int) class_exists($class, false); } }\n";
    let dir = project(
        PLAIN,
        &[
            ("src/One.php", &class("One")),
            ("src/Two.php", &class("Two")),
            ("src/Three.php", &class("Three")),
            ("src/Asker.php", asker),
            ("public/index.php", index),
        ],
    );
    dir.write("vendor/tilde/traces.log", "App\\One App\\Two App\\Three App\\Asker\n");
    let same = |dir: &Dir| {
        let expected = said(&php(dir, COMPOSERS, &[], &[]));
        let metafile = build(dir);
        assert_eq!(said(&php(dir, OURS, &[], &[])), expected);
        assert_eq!(said(&php(dir, OURS, OPCACHE, &[])), expected);
        (expected, metafile)
    };
    let (expected, metafile) = same(&dir);
    assert_eq!(expected, "00OneTwoThree\n");
    // It is there for who asks for preloading.
    assert_eq!(inputs(&metafile, true).len(), 3);
    assert!(!dir.text("vendor/tilde/autoload.php").contains("core.php"));
    assert!(reason(&metafile, "src/One.php").contains("whether its class was loaded"));
    // PHP may call the function by its name.
    for call in [
        "call_user_func('class_exists', $class, false)",
        "call_user_func_array('\\Class_Exists', [$class, false])",
    ] {
        dir.write("src/Asker.php", asker.replace("class_exists($class, false)", call));
        let (expected, _) = same(&dir);
        assert_eq!(expected, "00OneTwoThree\n");
        assert!(!dir.text("vendor/tilde/autoload.php").contains("core.php"));
    }
    // A class that the code names is enough to leave that one.
    dir.write(
        "src/Asker.php",
        asker.replace("class_exists($class, false)", "(strlen($class) > 99)"),
    );
    let (_, metafile) = same(&dir);
    assert_eq!(inputs(&metafile, true), ["src/Asker.php", "src/Three.php", "src/Two.php"]);
    assert!(dir.text("vendor/tilde/autoload.php").contains("core.php"));
    // Who knows the answers may say so.
    dir.write("src/Asker.php", asker);
    let extra = r#"{"extra": {"tilde": {"safe-loading": ["src/Asker.php"]}},"#;
    dir.write("composer.json", dir.text("composer.json").replacen('{', extra, 1));
    build(&dir);
    assert!(dir.text("vendor/tilde/autoload.php").contains("core.php"));
    assert_eq!(said(&php(&dir, OURS, &[], &[])), "01OneTwoThree\n");
}

/// PHP takes the types of a property for the same if one of them is an alias: only where that
/// is there.
#[test]
fn a_property_whose_type_is_an_alias() {
    let index = "<?php\nrequire __DIR__ . '/../' . getenv('AUTOLOAD');\n\
        class_alias(App\\One::class, 'App\\Alias');\n\
        var_dump(new App\\Child(new App\\One()));\n";
    let dir = project(
        PLAIN,
        &[
            ("src/One.php", "<?php\nnamespace App;\nclass One {}\n"),
            (
                "src/Parental.php",
                "<?php\nnamespace App;\nclass Parental { public ?One $one; public ?One $two = null; }\n",
            ),
            (
                "src/Child.php",
                "<?php\nnamespace App;\nclass Child extends Parental {\n\
                 public ?One $two = null;\n\
                 function __construct(public ?Alias $one) {} }\n",
            ),
            ("public/index.php", index),
        ],
    );
    dir.write("vendor/tilde/traces.log", "App\\One App\\Parental App\\Child\n");
    let expected = said(&php(&dir, COMPOSERS, &[], &[]));
    assert!(expected.contains("object(App\\Child)"), "{expected}");
    let metafile = build(&dir);
    assert_eq!(inputs(&metafile, true), ["src/One.php", "src/Parental.php"]);
    assert_eq!(said(&php(&dir, OURS, &[], &[])), expected);
    assert_eq!(said(&php(&dir, OURS, OPCACHE, &[])), expected);
}

/// A class that loads another when it is included comes after it, and one that PHP complains
/// about when it declares it stays, so that this happens when it did before.
#[test]
fn what_php_does_when_it_declares_a_class() {
    let index = "<?php\nrequire __DIR__ . '/../' . getenv('AUTOLOAD');\n\
        set_error_handler(function ($code, $text) { echo $text, \"\\n\"; return true; });\n\
        echo count(new App\\Quiet), App\\Loads::A, count(new App\\Loud), count(new App\\Child), \"\\n\";\n\
        echo get_class(unserialize(serialize(new App\\Whole))), get_class(new App\\Old), \"\\n\";\n";
    let methods = "public function serialize() { return ''; }\n\
        public function unserialize($data) {}\n";
    let new = "public function __serialize(): array { return []; }\n\
        public function __unserialize(array $data): void {}\n";
    let class = |code: String| format!("<?php\nnamespace App;\n{code}\n");
    let dir = project(
        PLAIN,
        &[
            (
                "src/Loads.php",
                &class(
                    "\\class_exists(Quiet::class);\nclass_exists('App\\\\Other');\n\
                        class Loads { const A = 'loads'; }"
                        .into(),
                ),
            ),
            ("src/Other.php", &class("class Other extends Base {}".into())),
            ("src/Base.php", &class("class Base {}".into())),
            (
                "src/Quiet.php",
                &class(
                    "class Quiet implements \\Countable { #[\\ReturnTypeWillChange]\n\
                        public function count() { return 4; } }"
                        .into(),
                ),
            ),
            (
                "src/Loud.php",
                &class(
                    "class Loud implements \\Countable {\n\
                        public function count() { return 5; } }"
                        .into(),
                ),
            ),
            ("src/Child.php", &class("class Child extends Loud {}".into())),
            (
                "src/Whole.php",
                &class(format!("class Whole implements \\Serializable {{ {methods}{new} }}")),
            ),
            ("src/Old.php", &class(format!("class Old implements \\Serializable {{ {methods} }}"))),
            ("public/index.php", index),
        ],
    );
    let names = ["Loads", "Other", "Base", "Quiet", "Loud", "Child", "Whole", "Old"];
    let names = names.map(|name| format!("App\\{name}"));
    dir.write("vendor/tilde/traces.log", names.join(" ") + "\n");
    let (expected, metafile) = says_the_same(&dir);
    assert!(
        expected.contains("Return type of App\\Loud::count()") && expected.contains("Serializable"),
        "{expected}"
    );
    let compiled = ["Base", "Loads", "Other", "Quiet", "Whole"];
    let mut paths = inputs(&metafile, true);
    paths.sort();
    assert_eq!(paths, compiled.map(|name| format!("src/{name}.php")));
    assert!(reason(&metafile, "src/Child.php").contains("PHP may complain"));
}

/// What would end a program, or be said too early, if classes were declared at once: each with
/// the class that has to stay, and a part of the reason.
#[test]
fn classes_that_cannot_be_declared_at_once() {
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str, &'a str);
    let cases: &[Case<'_>] = &[
        (
            "glob('src/Mod/*/Module.php')",
            &[
                ("src/Mod/Blog/Module.php", "namespace App\\Mod\\Blog;\nclass Module {}"),
                ("src/Other.php", "namespace App;\nclass Other {}"),
            ],
            "foreach (glob(__DIR__ . '/../src/Mod/*/Module.php') as $f) { require $f; }\n\
             echo get_class(new App\\Mod\\Blog\\Module), get_class(new App\\Other);",
            "src/Mod/Blog/Module.php",
            "public/index.php includes files",
        ),
        (
            "a stub",
            &[
                ("src/stubs/WeakMap.php", "class WeakMap {}"),
                ("src/A.php", "namespace App;\nclass A {}"),
            ],
            "if (!$GLOBALS) { new WeakMap; } echo get_class(new App\\A);",
            "src/stubs/WeakMap.php",
            "PHP or an extension may have a class of that name",
        ),
        (
            "an alias in a function",
            &[
                ("src/Fa.php", "namespace App;\nclass Fa { static function f() { return 'fa'; } }"),
                ("src/C.php", "namespace App;\nclass C { static function f() { return 'C'; } }"),
                (
                    "src/B.php",
                    "namespace App;\nclass B { static function go() { class_alias(C::class, Fa::class); } }",
                ),
            ],
            "App\\B::go(); echo App\\Fa::f();",
            "src/Fa.php",
            "declares a class of that name",
        ),
        (
            "an attribute of another name",
            &[
                (
                    "src/A.php",
                    "namespace App;\nclass A implements \\Countable {\n#[ReturnTypeWillChange]\n\
                     function count() { return 1; } }",
                ),
                ("src/B.php", "namespace App;\nclass B {}"),
            ],
            "set_error_handler(function ($n, $text) { echo $text; return true; });\n\
             new App\\B; new App\\A;",
            "src/A.php",
            "PHP may complain about a method",
        ),
        (
            "a parent that nothing may extend",
            &[
                ("src/Lib.php", "namespace App;\nfinal class Lib { const V = 2; }"),
                ("src/Old.php", "namespace App;\nclass Old extends Lib {}"),
            ],
            "if (App\\Lib::V < 2) { new App\\Old; } echo App\\Lib::V;",
            "src/Old.php",
            "PHP refuses its class",
        ),
        (
            "an enum with a method of PHP's own",
            &[
                ("src/Lib.php", "namespace App;\nclass Lib { const V = 2; }"),
                ("src/Old.php", "namespace App;\nenum Old { case A; static function cases() {} }"),
            ],
            "if (App\\Lib::V < 2) { App\\Old::A; } echo App\\Lib::V;",
            "src/Old.php",
            "PHP refuses its enum",
        ),
        (
            "a property in another form",
            &[
                ("src/Lib.php", "namespace App;\nclass Lib { const V = 2; public int $a = 1; }"),
                ("src/Old.php", "namespace App;\nclass Old extends Lib { public $a = 1; }"),
            ],
            "if (App\\Lib::V < 2) { new App\\Old; } echo App\\Lib::V;",
            "src/Old.php",
            "the core is a guess",
        ),
    ];
    let json = PLAIN.replace(r#""src/"}"#, r#""src/"}, "classmap": ["src/"]"#);
    for (what, files, index, left, why) in cases {
        let files: Vec<(String, String)> = files
            .iter()
            .map(|(path, code)| ((*path).to_owned(), format!("<?php\n{code}\n")))
            .collect();
        let mut files: Vec<(&str, &str)> =
            files.iter().map(|(path, code)| (&**path, &**code)).collect();
        let index = format!("<?php\nrequire __DIR__ . '/../' . getenv('AUTOLOAD');\n{index}\n");
        files.push(("public/index.php", &index));
        let (_, metafile) = says_the_same(&project(&json, &files));
        let reason = reason(&metafile, left);
        assert!(reason.contains(why), "{what}: {reason}");
    }
}

/// What PHP says when it compiles a file is said when that is loaded, to the handler that is
/// there then. The cache of opcodes asks no handler.
#[test]
fn complaints_of_the_compiler() {
    let index = "<?php\nrequire __DIR__ . '/../' . getenv('AUTOLOAD');\n\
        set_error_handler(function ($n, $text) { echo $text, \"\\n\"; return true; });\n\
        new App\\B; new App\\A;\n";
    let files = [
        ("src/A.php", "<?php\nnamespace App;\nclass A { function f($a = 1, $b) {} }\n"),
        ("src/B.php", "<?php\nnamespace App;\nclass B {}\n"),
        ("public/index.php", index),
    ];
    let dir = project(PLAIN, &files);
    let metafile = build(&dir);
    assert!(reason(&metafile, "src/A.php").contains("PHP may complain about its code"));
    let expected = said(&php(&dir, COMPOSERS, &[], &[]));
    assert!(expected.starts_with("Optional parameter $a"), "{expected}");
    assert_eq!(said(&php(&dir, OURS, &[], &[])), expected);
}

/// A file that Composer includes for each request may have a class.
#[test]
fn a_file_of_a_class_that_composer_includes() {
    let json = PLAIN.replace(r#""src/"}"#, r#""src/"}, "files": ["src/A.php"]"#);
    let index = "<?php\nrequire __DIR__ . '/../' . getenv('AUTOLOAD');\n\
        echo get_class(new App\\C), get_parent_class('App\\C'), \"\\n\";\n";
    let files = [
        ("src/A.php", "<?php\nnamespace App;\nclass A {}\n"),
        ("src/C.php", "<?php\nnamespace App;\nclass C extends A {}\n"),
        ("public/index.php", index),
    ];
    let (_, metafile) = says_the_same(&project(&json, &files));
    assert!(reason(&metafile, "src/A.php").starts_with("composer.json includes it"));
}

/// Where classes of the core are there already, the sources of the others run.
#[test]
fn classes_that_are_there_before() {
    let dir = project(
        PLAIN,
        &[
            ("src/One.php", "<?php\nnamespace App;\nclass One { const A = 'one'; }\n"),
            ("src/Two.php", "<?php\nnamespace App;\nclass Two extends One { const B = 'two'; }\n"),
            (
                "public/index.php",
                "<?php\nrequire __DIR__ . '/../vendor/autoload.php';\necho App\\One::A;\n\
                 require __DIR__ . '/../' . getenv('AUTOLOAD');\necho App\\Two::B, \"\\n\";\n",
            ),
        ],
    );
    let (expected, metafile) = says_the_same(&dir);
    assert_eq!(expected, "onetwo\n");
    let code = format!(
        "namespace App {{ class One {{ const A = 'mine'; }} }} namespace {{ \
         require '{}'; echo App\\One::A, App\\Two::B; }}",
        dir.path(OURS).display()
    );
    let output = Command::new("php").arg("-r").arg(code).output().unwrap();
    assert_eq!(said(&output), "minetwo");
    assert_eq!(inputs(&metafile, true), ["src/One.php", "src/Two.php"]);
}

/// What is preloaded: not a class that says where it is, that a script declares too, or that
/// needs what is not there.
#[test]
fn classes_are_preloaded_if_they_link_in_any_request() {
    let json = r#"{"name": "our/app", "require": {"php": ">=8.1"},
        "autoload": {"psr-4": {"App\\": "src/"}, "files": ["lib/again.php"]}}"#;
    let index = "<?php\n\
        foreach (['App\\Base', 'App\\Child', 'App\\Wide', 'App\\Items', 'App\\Place', 'App\\Again', 'App\\Typed'] as $name) {\n\
        if (getenv('SHOW')) { echo $name, (int) class_exists($name, false), \"\\n\"; } }\n\
        require __DIR__ . '/../' . getenv('AUTOLOAD');\n\
        $child = new App\\Child; echo get_class($child->make(null)), count(new App\\Items), \"\\n\";\n\
        echo basename((new App\\Place)->where()), App\\Again::A, App\\Typed::A, App\\Wide::A, \"\\n\";\n";
    let dir = project(
        json,
        &[
            ("lib/again.php", "<?php\nnamespace App;\nclass Again { const A = 'files'; }\n"),
            ("src/Again.php", "<?php\nnamespace App;\nclass Again { const A = 'psr'; }\n"),
            (
                "src/Base.php",
                "<?php\nnamespace App;\nabstract class Base {\n\
                 public function make(?Never\\There $a): Base { return $this; } }\n",
            ),
            (
                "src/Child.php",
                "<?php\nnamespace App;\nclass Child extends Base {\n\
                 public function make(?Never\\There $b): Child { return $this; } }\n",
            ),
            (
                "src/Wide.php",
                "<?php\nnamespace App;\nclass Wide extends Base { const A = 5;\n\
                 public function make(null|Never\\There|Never\\Else_ $b): Child { return new Child; } }\n",
            ),
            (
                "src/Items.php",
                "<?php\nnamespace App;\nclass Items implements \\Countable, \\IteratorAggregate {\n\
                 public function count(): int { return 3; }\n\
                 public function getIterator(): \\ArrayIterator { return new \\ArrayIterator; } }\n",
            ),
            (
                "src/Place.php",
                "<?php\nnamespace App;\nclass Place { public $a = __DIR__;\n\
                 function where() { return $this->a; } }\n",
            ),
            (
                "src/Typed.php",
                "<?php\nnamespace App;\nclass Typed { const A = 6;\n\
                 function a(string $a, iterable $b, mixed $c, Other $d): static { return $this; } }\n",
            ),
            ("public/index.php", index),
        ],
    );
    dir.write(
        "vendor/tilde/traces.log",
        "App\\Base App\\Child App\\Wide App\\Items App\\Place App\\Again App\\Typed\n",
    );
    says_the_same(&dir);
    let preload = format!("opcache.preload={}", dir.path("vendor/tilde/preload.php").display());
    let mut command = Command::new("php");
    command.args([
        "-d",
        "display_errors=1",
        "-d",
        "error_reporting=-1",
        "-d",
        "opcache.enable_cli=1",
    ]);
    command.args(["-d", &preload, "-d", "opcache.preload_user=root", "public/index.php"]);
    command.current_dir(dir.path("")).env("AUTOLOAD", OURS).env("SHOW", "1");
    let shown = said(&command.output().unwrap());
    let expected =
        "App\\Base1\nApp\\Child1\nApp\\Wide0\nApp\\Items1\nApp\\Place0\nApp\\Again0\nApp\\Typed1\n";
    assert!(shown.starts_with(expected), "{shown}\n{}", dir.text("vendor/tilde/preload.php"));
}
