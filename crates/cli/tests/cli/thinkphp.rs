//! `--thinkphp` and the table `[thinkphp]`: what the command line does around
//! the caches. Whether their bytes are right is tested in `tests/thinkphp.rs`.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use walkdir::WalkDir;

use crate::util::{Dir, assert_run};

const CACHE: &str = "public/App/Runtime/~runtime.php";

pub(crate) const CONFIG: &str = "public/App/Conf/config.php";

/// An application of ThinkPHP 3.1 in `public`, with a configuration that holds
/// nothing to talk about.
fn application() -> Dir {
    let dir = of_generation("3.1", "public/App/Lib");
    dir.write(CONFIG, "<?php\nreturn array('title' => 'Shop');\n");
    dir
}

/// An application of this generation, in whose folder the framework does not
/// miss `folder`.
fn of_generation(generation: &str, folder: &str) -> Dir {
    let dir = Dir::new();
    copy(&dir, generation, "public");
    dir.folder(folder);
    dir
}

/// Puts the application of this generation into a folder.
pub(crate) fn copy(dir: &Dir, generation: &str, folder: &str) {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/thinkphp");
    let app = testdata.join(generation).join("app");
    for entry in WalkDir::new(&app).into_iter().map(Result::unwrap) {
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(&app).unwrap();
            dir.write(Path::new(folder).join(path), fs::read(entry.path()).unwrap());
        }
    }
}

const BUILD: [&str; 5] = ["build", "--thinkphp", "public", "--php", "7.4"];

fn build<'a>(more: &[&'a str]) -> Vec<&'a str> {
    BUILD.iter().chain(more).copied().collect()
}

/// The application with this configuration beside its web root.
pub(crate) fn configured(config: &str) -> Dir {
    let dir = application();
    dir.write("tilde.toml", config);
    dir
}

#[test]
fn an_application_needs_no_configuration() {
    let dir = application();
    assert_run!(dir.run(BUILD));
    let text = dir.text(CACHE);
    for constant in ["'_PHP_FILE_','/index.php'", "'IS_CGI',1", "'__ROOT__',''"] {
        assert!(text.contains(constant), "{constant}: {text}");
    }
}

#[test]
fn a_second_build_touches_nothing() {
    let dir = application();
    assert_eq!(dir.run(BUILD).code, 0);
    let before = dir.files_left();
    assert_run!(dir.run(BUILD));
    assert_eq!(dir.files_left(), before);
}

/// Each generation makes its folders with the first build, so that the second
/// meets another application.
#[test]
fn every_generation_builds_twice() {
    for generation in ["2.0", "2.1", "2.2", "3.0", "3.1", "3.2"] {
        for out in [None, Some("dist"), Some("public")] {
            let dir = of_generation(generation, "public");
            let command = |name| {
                let out = out.into_iter().flat_map(|out| ["--out", out]);
                let args = [name, "--thinkphp", "public", "--php", "5.6"];
                args.into_iter().chain(out).collect::<Vec<_>>()
            };
            let first = dir.run(command("build"));
            assert!(first.code < 2, "{generation} {out:?}: {first}");
            let before = dir.files_left();
            let check = dir.run(command("check"));
            assert_eq!(check.code, first.code, "{generation} {out:?}: {check}");
            let second = dir.run(command("build"));
            assert_eq!(second.code, first.code, "{generation} {out:?}: {second}");
            assert!(second.stderr.contains("nothing changed"), "{generation} {out:?}: {second}");
            assert_eq!(dir.files_left(), before, "{generation} {out:?}");
        }
    }
}

#[test]
fn a_dry_run_creates_no_folder() {
    let dir = application();
    let before = dir.files_left();
    assert_eq!(dir.run(build(&["--dry-run"])).code, 0);
    assert_eq!(dir.files_left(), before);
    assert!(!dir.path("public/App/Runtime").exists());
}

#[test]
fn the_table_is_enough() {
    let dir = configured("[target]\nphp = \"7.4\"\n\n[thinkphp]\nroot = \"public\"\n");
    assert_run!(dir.run(["build"]));
    assert!(dir.path(CACHE).is_file());
}

#[test]
fn bundles_and_an_application_together() {
    let dir = configured(
        "[target]\nphp = \"7.4\"\n\n[thinkphp]\nroot = \"public\"\n\n\
         [[bundle]]\nfiles = [\"lib.php\"]\noutput = \"all.php\"\n",
    );
    dir.write("lib.php", "<?php\n$a = 1;\n");
    assert_run!(dir.run(["build", "--metafile", "meta.json"]));
    assert!(dir.path(CACHE).is_file() && dir.path("all.php").is_file());
    let meta: serde_json::Value = serde_json::from_str(&dir.text("meta.json")).unwrap();
    let is_member = |input: &serde_json::Value| {
        input["path"] == "public/ThinkPHP/Common/common.php" && input["bundle"] == "thinkphp-3.1"
    };
    assert!(meta["inputs"].as_array().unwrap().iter().any(is_member), "{meta:#}");
}

#[test]
fn outputs_go_into_another_folder() {
    let dir = application();
    assert_eq!(dir.run(build(&["--out", "dist/caches"])).code, 0);
    assert!(dir.path("dist/caches/~runtime.php").is_file());
    assert!(!dir.path(CACHE).exists());
}

#[test]
fn paths_and_the_machine_are_those_of_the_server() {
    let dir = application();
    let map = r"D:\wamp\www\shop=public";
    let run = dir.run(build(&["--map-path", map, "--server", "SCRIPT_NAME=/shop/index.php"]));
    assert_eq!(run.code, 0, "{run}");
    let text = dir.text(CACHE);
    for constant in [r"D:\\wamp\\www\\shop", "'IS_WIN',1", "'_PHP_FILE_','/shop/index.php'"] {
        assert!(text.contains(constant), "{constant}: {text}");
    }
    assert!(!text.contains(dir.path("").to_str().unwrap()), "{text}");
}

#[test]
fn the_command_line_wins_over_the_file() {
    let dir = configured(
        "[target]\nphp = \"5.6\"\nhost = \"here\"\nscript-name = \"/file.php\"\n\n\
         [thinkphp]\nroot = \"nowhere\"\n\n[thinkphp.map-path]\n\"/srv/file\" = \"public\"\n",
    );
    let run = dir.run(build(&["--map-path", "/srv/line=public", "--server", "SCRIPT_NAME=/a.php"]));
    assert_eq!(run.code, 0, "{run}");
    let text = dir.text(CACHE);
    assert!(text.contains("/srv/line/") && !text.contains("/srv/file"), "{text}");
    assert!(text.contains("'_PHP_FILE_','/a.php'"), "{text}");
}

#[test]
fn given_constants_are_those_of_the_cache() {
    let dir = application();
    assert_eq!(dir.run(BUILD).code, 0);
    let text = dir.text(CACHE);
    let start = text.find("'THINK_PATH','").unwrap() + "'THINK_PATH','".len();
    let think_path = text[start..].split('\'').next().unwrap();
    let path = |below: &str| format!("{think_path}{below}");
    let constants = serde_json::json!([
        ["APP_PATH", "./App/"],
        ["THINK_PATH", think_path],
        ["APP_DEBUG", false],
        ["RUNTIME_PATH", "./App/Runtime/"],
        ["RUNTIME_FILE", "./App/Runtime/~runtime.php"],
        ["CORE_PATH", path("Lib/")],
        ["MODE_PATH", path("Extend/Mode/")],
        ["EXTEND_PATH", path("Extend/")],
        ["COMMON_PATH", "./App/Common/"],
        ["CONF_PATH", "./App/Conf/"],
        ["LIB_PATH", "./App/Lib/"],
        ["LANG_PATH", "./App/Lang/"],
        ["MINE", 0.300_000_000_000_000_04],
        ["THEIRS", 2.0],
    ]);
    dir.write("constants.json", constants.to_string());
    let run = dir.run(build(&["--constants", "constants.json"]));
    assert!(run.code < 2, "{run}");
    let text = dir.text(CACHE);
    assert!(text.contains("define('MINE',0.3); defined('THEIRS')"), "{text}");
    assert!(!text.contains("_PHP_FILE_'"), "{text}");
}

#[test]
fn check_compares_caches() {
    let dir = application();
    let check: Vec<&str> = ["check"].iter().chain(&BUILD[1..]).copied().collect();
    assert_eq!(dir.run(&check).code, 1);
    assert!(!dir.path(CACHE).exists());
    assert_eq!(dir.run(BUILD).code, 0);
    assert_eq!(dir.run(&check).code, 0);
    dir.write(CONFIG, "<?php\nreturn array('mine' => 1);\n");
    let run = dir.run(&check);
    assert!(run.code == 1 && run.text().contains("'mine' => 1"), "{run}");
}

/// PHP compares whole seconds, and wants more.
#[test]
fn a_cache_is_newer_than_its_configuration() {
    let dir = of_generation("2.1", "public/Notes/Runtime");
    let (cache, config) = ("public/Notes/Runtime/~app.php", "public/Notes/Conf/config.php");
    let modified = |path: &str| fs::metadata(dir.path(path)).unwrap().mtime();
    let soon = SystemTime::now() + Duration::from_secs(1_000);
    File::options().write(true).open(dir.path(config)).unwrap().set_modified(soon).unwrap();

    let run = dir.run(BUILD);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(modified(cache), modified(config) + 1);

    let later = soon + Duration::from_secs(1_000);
    File::options().write(true).open(dir.path(config)).unwrap().set_modified(later).unwrap();
    assert!(dir.run(BUILD).stderr.contains("nothing changed"));
    assert_eq!(modified(cache), modified(config) + 1);

    let before = dir.files_left();
    assert_eq!(dir.run(BUILD).code, 0);
    assert_eq!(dir.files_left(), before);
}

#[test]
fn a_note_is_no_finding() {
    let dir = application();
    dir.write(CONFIG, "<?php\nreturn array('DB_PWD' => 'secret');\n");
    let run = dir.run(BUILD);
    assert!(run.code == 0 && run.stderr.contains("note[T-SECRET]"), "{run}");
    let run = dir.run(build(&["--quiet"]));
    assert!(run.code == 0 && run.stderr.is_empty(), "{run}");
}

const OBJECTS: &str = "<?php\nreturn array('routes' => array('hi/:n' => function ($n) { echo $n; }),\n\
                       'more' => array(array('it' => (object) array('a' => 1))));\n";

#[test]
fn secrets_are_named_and_never_shown() {
    let dir = application();
    let shared = "<?php\nreturn array(\n    'db_pwd' => 'hunter2', 'key' => \"more\",\n);\n";
    dir.write("public/App/Conf/db.php", shared);
    dir.write(
        CONFIG,
        "<?php\nreturn array_merge(array('app_key' => 'sesame', 'db_pwd' => ''),\n\
         require './App/Conf/db.php', array('url_route_rules' => array('password' => 'User/edit')));\n",
    );
    assert_run!(dir.run(BUILD));
    for format in ["text", "short", "json", "github"] {
        let run = dir.run(build(&["--output-format", format, "--out", format]));
        let text = [run.text(), &run.stderr].concat();
        assert!(text.contains("db_pwd is readable"), "{format}: {text}");
        for secret in ["hunter2", "sesame", "User/edit"] {
            assert!(!text.contains(secret), "{format}: {text}");
        }
    }
}

/// The value may stand elsewhere in the line of its name, and be no string.
#[test]
fn secrets_are_masked_in_the_whole_line() {
    let dir = application();
    dir.write(
        CONFIG,
        "<?php\n$p = 'hunter2'; return array('host' => 'h1', 'db_pwd' => $p, 'db_port' => 4711);\n\
         /* 'db_pwd' */ define('API_KEY', 20130401); // was sesame\n",
    );
    let dsn = "'DB_DSN' => 'mysql://root:cat5@localhost/shop', 'home' => 'http://a:80/@b'";
    dir.write("public/App/Conf/alias.php", "<?php\nreturn array();\n");
    dir.write("public/App/Conf/tags.php", format!("<?php\nreturn array({dsn});\n"));
    let run = dir.run(build(&["--out", "."]));
    assert!(run.stderr.contains("DB_DSN is readable") && !run.stderr.contains("home is"), "{run}");
    assert!(!run.stderr.contains("cat5"), "{run}");
    assert!(run.stderr.contains("db_pwd is readable") && run.stderr.contains("'host'"), "{run}");
    for secret in ["hunter2", "4711", "20130401", "sesame"] {
        assert!(!run.stderr.contains(secret), "{run}");
    }
}

/// The official skeleton has an empty folder for the application.
#[test]
fn a_new_application_needs_no_configuration() {
    let dir = of_generation("3.2", "public");
    let config = "public/Application/Common/Conf/config.php";
    fs::remove_file(dir.path(config)).unwrap();
    let convention = "public/ThinkPHP/Conf/convention.php";
    let checked = dir.text(convention).replacen(
        "array(",
        "array('CHECK_APP_DIR' => 1, 'DEFAULT_MODULE' => 'Home',",
        1,
    );
    dir.write(convention, checked);
    let build = ["build", "--thinkphp", "public", "--php", "5.6"];
    let run = dir.run(build);
    assert!(!run.stderr.contains("T-MISSING"), "{run}");
    // One that has modules lacks it for good, and PHP warns each time.
    dir.folder("public/Application/Home");
    let run = dir.run(build);
    assert!(run.stderr.contains("warning[T-MISSING]"), "{run}");
}

/// PHP reads such a cache once, and stops.
#[test]
fn what_a_cache_cannot_hold() {
    let dir = application();
    dir.write(CONFIG, OBJECTS);
    assert_run!(dir.run(["build", "--thinkphp", "public", "--php", "5.6"]));
    let run = dir.run(BUILD);
    assert!(run.stderr.contains("routes.hi/:n is a closure"), "{run}");
    assert!(!run.stderr.contains("more.0.it"), "an object is one from 7.3 on: {run}");
    assert_eq!(run.code, 1, "{run}");
    dir.save(CACHE, "");
    assert_run!(dir.fail(build(&["--safe"])));
}

#[test]
fn nothing_to_write_is_a_finding() {
    let dir = application();
    let entry = dir.text("public/index.php").replace("// switches", "define('APP_DEBUG', true);");
    dir.write("public/index.php", entry);
    let run = dir.run(BUILD);
    assert_eq!(run.code, 1, "{run}");
    assert!(!dir.path(CACHE).exists());
}

/// As it stands in most repositories.
fn debugged() -> Dir {
    let dir = application();
    let entry = dir.text("public/index.php");
    dir.write("public/index.php", entry.replace("// switches", "define('APP_DEBUG', true);"));
    dir
}

#[test]
fn a_debugged_application_names_the_define() {
    assert_run!(debugged().run(BUILD));
}

#[test]
fn a_constant_is_defined_before_the_entry_script() {
    let dir = debugged();
    let run = dir.run(build(&["--define", "APP_DEBUG=false", "--define", "MINE='it''s'"]));
    assert_eq!(run.code, 2, "{run}");
    let run = dir.run(build(&["--define", "APP_DEBUG=false", "--define", r"MINE='it\'s'"]));
    assert_eq!(run.code, 0, "{run}");
    let text = dir.text(CACHE);
    assert!(text.contains("'APP_DEBUG',") && text.contains("'MINE','it"), "{text}");
    assert!(text.find("'APP_DEBUG'") < text.find("'MINE'"), "{text}");
    assert!(text.find("'MINE'") < text.find("'APP_PATH'"), "{text}");
}

#[test]
fn constants_of_the_configuration() {
    let dir = debugged();
    dir.write(
        "tilde.toml",
        "[target]\nphp = \"7.4\"\n\n[thinkphp]\nroot = \"public\"\n\n\
         [thinkphp.define]\nAPP_DEBUG = false\nMINE = \"file\"\n",
    );
    assert_eq!(dir.run(["build"]).code, 0);
    assert!(dir.text(CACHE).contains("'MINE','file'"));
    assert_eq!(dir.run(["build", "--define", "MINE='line'"]).code, 0);
    assert!(dir.text(CACHE).contains("'MINE','line'"));
    let table = "[thinkphp]\nroot = \"public\"\n\n[thinkphp.define]\n";
    dir.write("tilde.toml", format!("{table}\"A-B\" = 1\nC = [1]\n"));
    assert_run!(dir.fail(["build"]));
}

#[test]
fn constants_that_are_no_literals() {
    let dir = application();
    assert_run!(dir.fail(build(&["--define", "MODE=dev"])));
    assert_run!(dir.fail(build(&["--define", "A-B=1"])));
}

/// A site that is not installed yet sends its visitors elsewhere.
#[test]
fn a_guard_of_the_entry_script_sees_constants() {
    let dir = application();
    let entry = dir.text("public/index.php");
    let guard = "if (!defined('INSTALLED')) { header('Location: install.php'); exit; }";
    dir.write("public/index.php", entry.replace("// switches", guard));
    assert!(dir.run(BUILD).code > 0);
    assert_eq!(dir.run(build(&["--define", "INSTALLED=1"])).code, 0);
}

#[test]
fn watch_follows_what_the_application_reads_and_misses() {
    let dir = application();
    let args: Vec<&str> = ["watch"].iter().chain(&BUILD[1..]).copied().collect();
    let running = dir.tilde(args).start();
    running.wait_for("] built 1 output, ");

    let text = "<?php\nreturn array('watched' => 1);\n";
    dir.save(CONFIG, text);
    let line = running.wait_for("] rebuilt 1 output, ");
    assert!(line.ends_with("(public/App/Conf/config.php)"), "{line}");
    assert!(dir.text(CACHE).contains("'watched' => 1"));

    dir.save("public/App/Conf/core.php", "<?php return array(COMMON_PATH . 'more.php');\n");
    dir.save("public/App/Common/more.php", "<?php function more() { return 1; }\n");
    running.wait_for("] rebuilt 1 output, ");

    dir.save(CONFIG, "<?php return array('now' => time());\n");
    running.wait_for("failed, the old outputs stay");
    dir.save(CONFIG, text);
    running.wait_for("] unchanged 1 output, ");
    assert_eq!(running.finish(), 0);
}

/// An application in development has no caches, unless it is built as it will run.
#[test]
fn watch_says_how_an_application_in_development_is_built() {
    let dir = application();
    let entry = dir.text("public/index.php");
    dir.write("public/index.php", entry.replace("// switches", "define('APP_DEBUG', true);"));
    let args = |command, more: &[&'static str]| [&[command], &BUILD[1..], more].concat();
    let running = dir.tilde(args("watch", &[])).start();
    running.wait_for("turn it off for the build with --define APP_DEBUG=false");
    running.wait_for("] unchanged 0 outputs, ");
    assert_eq!(running.finish(), 0);

    let off = ["--define", "APP_DEBUG=false"];
    let running = dir.tilde(args("watch", &off)).start();
    running.wait_for("] built 1 output, ");
    dir.save(CONFIG, "<?php\nreturn array('watched' => 1);\n");
    running.wait_for("] rebuilt 1 output, ");
    assert!(dir.text(CACHE).contains("'watched' => 1"));
    // What is saved is one of the sources of the cache.
    let common = "public/App/Common/common.php";
    for text in ["one", "two", "three"] {
        dir.save(common, format!("<?php\nfunction common() {{ return '{text}'; }}\n"));
        running.wait_until(text, || dir.text(CACHE).contains(&format!("'{text}'")));
        let fresh = dir.run(args("check", &[&["-q"][..], &off].concat()));
        assert!(fresh.code == 0 && fresh.stdout.is_empty(), "{fresh}");
    }
    assert_eq!(running.finish(), 0);
}

#[test]
fn php_runs_what_tilde_cannot() {
    let php = Command::new("php").arg("-v").stdout(Stdio::null()).status();
    assert!(php.is_ok(), "php is missing: install PHP 7.4 or later (apt-get install php-cli)");
    let dir = configured("[thinkphp]\nroot = \"public\"\neval = \"php\"\n");
    dir.write(
        CONFIG,
        "<?php\necho 'noise';\nC('from_php', array(8 => 0.1));\n\
         return array('pid' => getmypid() > 0, 'host' => $_SERVER['HTTP_HOST'], 'think' => THINK_PATH);\n",
    );
    let run = dir.run(["build", "--allow-php", "--php", "7.4"]);
    assert_eq!(run.code, 0, "{run}");
    let text = dir.text(CACHE);
    assert!(text.contains("'pid' => true, 'host' => 'localhost',"), "{text}");
    assert!(text.contains("'from_php' => array ( 8 => 0.1, )"), "{text}");
}

/// A repository cannot allow itself to run code.
#[test]
fn php_runs_only_where_the_user_allows_it() {
    let dir = configured("[thinkphp]\nroot = \"public\"\neval = \"php\"\n");
    dir.write(CONFIG, "<?php\nreturn array('pid' => getmypid() > 0);\n");
    assert_run!(dir.fail(["build", "--php", "7.4"]));
    assert_eq!(dir.tilde(["build"]).env("TILDE_ALLOW_PHP", "0").run().code, 2);
    assert_eq!(dir.tilde(["build", "--php", "7.4"]).env("TILDE_ALLOW_PHP", "1").run().code, 0);
}

#[test]
fn php_that_fails_or_is_missing() {
    let config = "[thinkphp]\nroot = \"public\"\neval = \"php\"\n";
    let dir = configured(config);
    dir.write(CONFIG, "<?php\ngetmypid();\nthrow new Exception('no luck');\n");
    let run = dir.fail(["build", "--allow-php", "--php", "7.4"]);
    assert!(run.stderr.contains("no luck"), "{run}");
    dir.write("tilde.toml", format!("{config}php-binary = \"./no/php\"\n"));
    let run = dir.fail(["build", "--allow-php", "--php", "7.4"]);
    assert!(run.stderr.contains("install PHP or set php-binary"), "{run}");
}

#[test]
fn php_does_not_run_files_that_ask_where_they_are() {
    let dir = configured("[thinkphp]\nroot = \"public\"\neval = \"php\"\n");
    dir.write(
        CONFIG,
        "<?php\nreturn array('pid' => getmypid() > 0, 'here' => dirname(__FILE__));\n",
    );
    assert_eq!(dir.run(["build", "--allow-php", "--php", "7.4"]).code, 0);
    let run = dir.fail(["build", "--allow-php", "--php", "7.4", "--map-path", "/srv/app=public"]);
    assert!(run.stderr.contains("__FILE__ is another path here"), "{run}");
}

/// A file of an application with this before its first statement.
fn begin_with(dir: &Dir, file: &str, code: &str) {
    let text = fs::read(dir.path(file)).unwrap();
    let text = String::from_utf8(text).unwrap();
    dir.write(file, text.replacen("<?php", &format!("<?php {code}"), 1));
}

/// The caches that are there, under their paths.
fn caches(dir: &Dir) -> Vec<(String, Vec<u8>)> {
    let files = WalkDir::new(dir.path("public")).sort_by_file_name().into_iter();
    let is_cache =
        |path: &Path| path.file_name().is_some_and(|name| name.to_str().unwrap().contains('~'));
    let paths = files.map(Result::unwrap).map(|entry| entry.path().to_owned());
    let read = |path: std::path::PathBuf| {
        let name = path.strip_prefix(dir.path("public")).unwrap().display().to_string();
        // Caches hold the folder of the application.
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        (name, text.replace(dir.path("").to_str().unwrap(), "/").into_bytes())
    };
    paths.filter(|path| is_cache(path)).map(read).collect()
}

/// PHP runs entry scripts, and the framework's files up to its start: what it
/// defines is what tilde finds where it is told the values.
#[test]
fn php_runs_entry_scripts_and_files_of_the_framework() {
    for generation in ["2.0", "2.1", "2.2", "3.0", "3.1", "3.2"] {
        for file in ["public/index.php", "public/ThinkPHP/ThinkPHP.php"] {
            let [known, asked] = ["true", "getmypid() > 0"].map(|value| {
                let dir = of_generation(generation, "public/App/Lib");
                let config = "[thinkphp]\nroot = \"public\"\neval = \"php\"\n";
                dir.write("tilde.toml", config);
                begin_with(&dir, file, &format!("define('HAS_PID', {value});"));
                let run = dir.run(["build", "--allow-php", "--php", "7.4"]);
                assert!(run.code < 2, "{generation} {file}: {run}");
                caches(&dir)
            });
            assert!(!known.is_empty());
            assert_eq!(known, asked, "{generation} {file}");
            // The others have no constants in their caches.
            let has = known.iter().any(|(_, text)| text.windows(7).any(|part| part == b"HAS_PID"));
            assert_eq!(has, matches!(generation, "2.2" | "3.0" | "3.1"), "{generation} {file}");
        }
    }
}

/// What tilde's evaluator does not have at all, such as magic methods, and what a
/// script includes.
#[test]
fn php_runs_any_code_of_an_entry_script() {
    let dir = configured("[thinkphp]\nroot = \"public\"\neval = \"php\"\n");
    let class = "<?php class Site { function __get($name) { return \"my $name\"; } }";
    dir.write("public/site.php", class);
    let code = "include 'site.php'; $site = new Site(); define('SITE', $site->site . PHP_SAPI);";
    begin_with(&dir, "public/index.php", code);
    assert_eq!(dir.run(["build", "--php", "7.4"]).code, 2);
    let run = dir.run(["build", "--allow-php", "--php", "7.4"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(dir.text(CACHE).contains("define('SITE','my sitefpm-fcgi')"), "{}", dir.text(CACHE));
}

#[test]
fn php_does_not_run_entry_scripts_elsewhere_or_without_end() {
    let dir = configured("[thinkphp]\nroot = \"public\"\neval = \"php\"\n");
    begin_with(&dir, "public/index.php", "define('HAS_PID', getmypid() > 0);");
    let run = dir.fail(["build", "--allow-php", "--php", "7.4", "--map-path", "/srv/app=public"]);
    assert!(run.stderr.contains("lies elsewhere here than where it is deployed"), "{run}");
    begin_with(&dir, "public/index.php", "if (getmypid() > 0) { exit; }");
    let run = dir.fail(["build", "--allow-php", "--php", "7.4"]);
    assert!(run.stderr.contains("it ended without an answer"), "{run}");
    begin_with(&dir, "public/index.php", "if (getmypid() > 0) { return; }");
    let run = dir.fail(["build", "--allow-php", "--php", "7.4"]);
    assert!(run.stderr.contains("ended without starting ThinkPHP"), "{run}");
}

/// Looks for the mark that frames the answer in all that a script can name, and
/// prints an answer of its own with what it finds.
const FORGER: &str = r"
if (!function_exists('forge')) { function forge() {
    $known = array($GLOBALS, $_SERVER, $_ENV, get_defined_constants(), debug_backtrace(), ob_list_handlers());
    foreach (get_declared_classes() as $class) {
        $class = new ReflectionClass($class);
        $known[] = $class->isInternal() ? null : $class->getStaticProperties();
    }
    $functions = get_defined_functions();
    foreach ($functions['user'] as $function) {
        $function = new ReflectionFunction($function);
        $known[] = $function->getStaticVariables();
    }
    $known = print_r($known, true) . file_get_contents('php://stdin');
    $known .= file_get_contents('/proc/self/cmdline') . file_get_contents('/proc/self/environ');
    preg_match_all('/(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/', $known, $marks);
    file_put_contents('found', $known);
    foreach ($marks[0] as $mark) {
        echo $mark, serialize(array(array('forged' => 1), array(), array('forged' => 1))), $mark;
    }
    if ($marks[0]) { file_put_contents('marks', implode(' ', $marks[0])); exit; }
} }
forge();
";

#[test]
fn php_does_not_see_the_mark_of_its_answer() {
    for file in ["public/App/Conf/config.php", "public/index.php", "public/ThinkPHP/ThinkPHP.php"] {
        let dir = configured("[thinkphp]\nroot = \"public\"\neval = \"php\"\n");
        begin_with(&dir, file, FORGER);
        let run = dir.run(["build", "--allow-php", "--php", "7.4"]);
        assert_eq!(run.code, 0, "{file}: {run}");
        assert!(dir.text("public/found").contains("tilde_"), "{file}");
        assert!(!dir.path("public/marks").exists(), "{file}");
    }
}

/// A mistake is shown at its own place, whichever file was read before and after.
#[test]
fn a_mistake_in_a_file_is_of_that_file() {
    for (functions, place) in [
        (
            "<?php\nfunction bar() {}\nfunction bar() {}\n",
            "Conf/tags.php:3:1: error[T-EVAL]: what foo() gives",
        ),
        ("<?php\nfunction bar( {}\n", "Common/function.php:2:15: error[T-EVAL]: syntax error"),
    ] {
        let dir = of_generation("3.2", "public/Application/Home");
        dir.write("public/Application/Common/Common/function.php", functions);
        let tags = format!("<?php\n/* {} */\nfoo();\n", "x".repeat(500));
        dir.write("public/Application/Common/Conf/tags.php", tags);
        let run = dir.run(build(&["--output-format", "short"]));
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.contains(place), "{run}");
    }
}

/// The first of 3.2 had its modes elsewhere, and no constant for the folder.
#[test]
fn modes_of_the_first_3_2() {
    let dir = of_generation("3.2", "public/App/Home");
    let usual = dir.run(build(&[]));
    assert!(usual.code < 2, "{usual}");
    let before = caches(&dir);
    let dir = of_generation("3.2", "public/App/Home");
    let (entry, conf) =
        (dir.path("public/ThinkPHP/ThinkPHP.php"), dir.path("public/ThinkPHP/Conf"));
    let text = fs::read_to_string(&entry).unwrap();
    let is_other = |line: &&str| !line.contains("MODE_PATH");
    let lines: Vec<&str> = text.lines().filter(is_other).collect();
    dir.write("public/ThinkPHP/ThinkPHP.php", lines.join("\n"));
    fs::rename(dir.path("public/ThinkPHP/Mode"), conf.join("Mode")).unwrap();
    let run = dir.run(build(&[]));
    assert!(run.code < 2, "{run}");
    assert!(!before.is_empty());
    assert_eq!(caches(&dir), before);
}

/// What a framework's own builder does is known by its code, not by its blanks.
#[test]
fn a_builder_that_was_formatted() {
    let of_builder = |call: &str| {
        let dir = application();
        let file = "public/ThinkPHP/Common/runtime.php";
        let code = fs::read_to_string(dir.path(file)).unwrap();
        let own =
            format!("\nif (false) {{ function build_runtime_cache() {{ return {call}; }} }}\n");
        dir.write(file, code + &own);
        begin_with(&dir, "public/App/Common/common.php", "defined('THINK_PATH') or exit();");
        let run = dir.run(BUILD);
        assert!(run.code < 2, "{run}");
        dir.text(CACHE).replace(dir.path("").to_str().unwrap(), "/")
    };
    let usual = of_builder("str_replace(\"defined('THINK_PATH') or exit();\", ' ', $content)");
    let formatted =
        of_builder("str_replace(\n  \"defined('THINK_PATH') or exit();\",\n  ' ', $content )");
    assert!(!usual.contains("or exit()"), "{usual}");
    assert_eq!(usual, formatted);
    assert!(of_builder("$content").contains("or exit()"));
}

#[test]
fn explains_codes() {
    let dir = Dir::new();
    let run = dir.run(["build", "--explain", "T-GLUE"]);
    assert!(run.code == 0 && run.stderr.is_empty() && run.text().lines().count() > 1, "{run}");
    assert_eq!(dir.run(["check", "--explain", "T-GLUE"]).stdout, run.stdout);
    assert_run!(dir.fail(["build", "--explain", "T-GLEU"]));
    let run = dir.fail(["build", "--explain", "nonsense"]);
    assert!(run.stderr.contains("the codes are T-"), "{run}");
}

#[test]
fn missing_web_root() {
    assert_run!(application().fail(["build", "--thinkphp", "nope"]));
}

#[test]
fn web_root_that_is_a_file() {
    assert_run!(application().fail(["build", "--thinkphp", "public/index.php"]));
}

#[test]
fn missing_web_root_of_the_configuration() {
    assert_run!(configured("[thinkphp]\nroot = \"nope\"\n").fail(["build"]));
}

#[test]
fn no_framework() {
    let dir = Dir::new();
    dir.write("public/index.php", "<?php\necho 'hello';\n");
    assert_run!(dir.fail(BUILD));
}

#[test]
fn releases_without_a_compiled_core() {
    let entry = "<?php\nnamespace think;\nrequire __DIR__ . '/../vendor/autoload.php';\n\
                 $http = (new App())->http;\n$http->run()->send();\n";
    let dir = Dir::new();
    dir.write("public/index.php", entry);
    dir.write("vendor/autoload.php", "<?php\nspl_autoload_register(function () {});\n");
    dir.write(
        "vendor/topthink/framework/src/think/App.php",
        "<?php\nnamespace think;\nclass App {\n    const VERSION = '6.0.12LTS';\n}\n",
    );
    assert_run!(dir.fail(BUILD));

    let dir = Dir::new();
    dir.write("public/index.php", "<?php\nrequire __DIR__ . '/../thinkphp/start.php';\n");
    dir.write("thinkphp/start.php", "<?php\ndefine('THINK_VERSION', '5.0.24');\nrun(time());\n");
    let run = dir.fail(BUILD);
    assert!(run.stderr.contains("this is ThinkPHP 5.0.24, which has no compiled core"), "{run}");

    // A repository, in which nobody has run Composer.
    let dir = Dir::new();
    dir.write("public/index.php", entry);
    dir.write("composer.json", "{\"require\": {\"topthink/framework\": \"^8.0\"}}");
    let run = dir.fail(BUILD);
    assert!(run.stderr.contains("this is ThinkPHP 8.0, which has no compiled core"), "{run}");
    let run = dir.fail(["build", "--thinkphp", "."]);
    assert!(run.stderr.contains("--thinkphp ./public"), "{run}");

    // A release that was unpacked.
    let dir = Dir::new();
    let entry = "<?php\nrequire __DIR__ . '/../thinkphp/base.php';\n\
                 think\\Container::get('app')->run()->send();\n";
    dir.write("public/index.php", entry);
    dir.write("thinkphp/base.php", "<?php\nrequire __DIR__ . '/library/think/Loader.php';\n");
    dir.write("thinkphp/library/think/Loader.php", "<?php\n");
    let app = "<?php\nnamespace think;\nclass App {\n    const VERSION = '5.1.39';\n}\n";
    dir.write("thinkphp/library/think/App.php", app);
    let run = dir.fail(BUILD);
    assert!(run.stderr.contains("this is ThinkPHP 5.1.39, which has no compiled core"), "{run}");
}

/// Nobody serves an application of 2012 with the newest PHP.
#[test]
fn the_default_php_is_the_newest_that_runs_the_release() {
    let asks = "return array('php' => PHP_VERSION, 'major' => PHP_MAJOR_VERSION);";
    for (generation, version) in [("2.1", "5.6"), ("3.1", "5.6"), ("3.2", "8.0")] {
        let dir = of_generation(generation, "public");
        let configs = ["public/Notes", "public/App", "public/Application/Common"];
        let config = configs.iter().find(|folder| dir.path(folder).is_dir()).unwrap();
        dir.write(format!("{config}/Conf/config.php"), format!("<?php\n{asks}\n"));
        let run = dir.run(["build", "--thinkphp", "public", "--out", "dist"]);
        assert!(run.stderr.contains("note[T-VERSION]"), "{generation}: {run}");
        let before = dir.files_left();
        let run = dir.run(["build", "--thinkphp", "public", "--out", "dist", "--php", version]);
        assert!(!run.stderr.contains("T-VERSION"), "{generation}: {run}");
        assert_eq!(dir.files_left(), before, "{generation}");
    }
    let dir = application();
    assert_run!(dir.run(["build", "--thinkphp", "public", "--map-path", "/srv/app=public"]));
    dir.write("composer.json", "{\"require\": {\"php\": \"~7.2.0\"}}");
    let run = dir.run(["build", "--thinkphp", "public"]);
    assert!(run.code == 0 && !run.stderr.contains("T-VERSION"), "{run}");
}

/// The official release asks for `>=5.3.0`, and one PHP makes the cache.
#[test]
fn of_a_range_the_newest_that_runs_the_release_is_taken() {
    let dir = application();
    dir.write(CONFIG, "<?php\nreturn array('php' => PHP_VERSION);\n");
    for (range, version) in
        [(">=5.3.0", "5.6"), ("^5.3 || ^7.0", "5.6"), (">=5.3.0 <5.5", "5.4"), (">=7.2", "7.2")]
    {
        dir.write("composer.json", format!("{{\"require\": {{\"php\": \"{range}\"}}}}"));
        let run = dir.run(["build", "--thinkphp", "public"]);
        let note = format!("built for PHP {version}: the project is for ");
        assert!(run.code == 0 && run.stderr.contains(&note), "{range}: {run}");
        assert!(run.stderr.contains("ThinkPHP 3.1 runs under up to 5.6"), "{range}: {run}");
        assert!(dir.text(CACHE).contains(&format!("'php' => '{version}.")), "{range}");
        let run = dir.run(["build", "--thinkphp", "public", "--php", range]);
        assert!(run.code == 0 && run.stderr.contains(&note), "{range}: {run}");
    }
}

#[test]
fn what_only_a_newer_php_refuses_names_the_php() {
    let dir = application();
    let entry = dir.text("public/index.php");
    let line = "function first($text) { return $text{0}; }";
    dir.write("public/index.php", entry.replace("// switches", line));
    assert_eq!(dir.run(["build", "--thinkphp", "public"]).code, 0);
    let run = dir.fail(["build", "--thinkphp", "public", "--php", "8.5"]);
    assert!(run.stderr.contains("--php VERSION"), "{run}");
}

#[test]
fn paths_of_this_machine_are_named() {
    let dir = application();
    let run = dir.run(BUILD);
    assert!(run.stderr.contains("note[T-PATH]") && run.stderr.contains("THINK_PATH"), "{run}");
    let run = dir.run(build(&["--map-path", "/srv/app=public"]));
    assert!(!run.stderr.contains("T-PATH"), "{run}");
    // No constant of 2.1 holds one.
    let dir = of_generation("2.1", "public/Notes/Lib");
    let run = dir.run(BUILD);
    assert!(!run.stderr.contains("T-PATH"), "{run}");
    dir.write("public/Notes/Conf/config.php", "<?php return array('log' => dirname(__FILE__));");
    let run = dir.run(BUILD);
    assert!(run.stderr.contains("paths of this machine, from the configuration"), "{run}");
    let run = dir.run(build(&["--map-path", "/srv/app=public"]));
    assert!(!run.stderr.contains("T-PATH"), "{run}");
}

/// The engine's simulator, and releases without engines, write the usual cache.
#[test]
fn an_engine_that_is_not_at_work() {
    let dir = application();
    let entry = dir.text("public/index.php");
    dir.write("public/index.php", entry.replace("// switches", "define('ENGINE_NAME', 'sae');"));
    assert_eq!(dir.run(BUILD).code, 0, "this ThinkPHP.php knows no engines");
    assert!(dir.path(CACHE).is_file());

    let think = "public/ThinkPHP/ThinkPHP.php";
    let ordinary = dir.text(think);
    let engine = |is_sae: &str| {
        let sae = format!("define('IS_SAE', {is_sae}); if (IS_SAE) return; // ENGINE_NAME\n");
        dir.write(
            think,
            ordinary.replacen(
                "defined('RUNTIME_PATH')",
                &format!("{sae}defined('RUNTIME_PATH')"),
                1,
            ),
        );
    };
    engine("false");
    assert_eq!(dir.run(build(&["--out", "dist"])).code, 0);
    engine("true");
    assert!(dir.fail(BUILD).stderr.contains("T-ENGINE"));
}

/// Two entry scripts, which write two caches.
fn with_two_entries() -> Dir {
    let dir = configured(
        "[target]\nphp = \"5.6\"\n\n[[thinkphp]]\nroot = \"public\"\n\n\
         [[thinkphp]]\nroot = \"public\"\nentry = \"admin.php\"\n",
    );
    let switch = "define('RUNTIME_FILE', './App/Runtime/~admin.php');";
    let entry = dir.text("public/index.php").replace("// switches", switch);
    dir.write("public/admin.php", entry);
    dir
}

#[test]
fn several_entry_scripts() {
    let dir = with_two_entries();
    assert_run!(dir.run(["build"]));
    let admin = "public/App/Runtime/~admin.php";
    assert!(dir.text(CACHE).contains("'_PHP_FILE_','/index.php'"));
    assert!(dir.text(admin).contains("'_PHP_FILE_','/admin.php'"));
    assert_eq!(dir.run(["check"]).code, 0);

    fs::remove_file(dir.path(admin)).unwrap();
    fs::remove_file(dir.path(CACHE)).unwrap();
    assert_eq!(dir.run(["build", "--thinkphp", "public", "--entry", "admin.php"]).code, 0);
    assert!(dir.path(admin).is_file() && !dir.path(CACHE).exists());
    assert_run!(dir.fail(["build", "--entry", "none.php"]));
    assert_run!(dir.fail(["build", "--constants", "constants.json"]));

    dir.write("public/admin.php", dir.text("public/index.php"));
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("public/index.php` goes there too"), "{run}");
    dir.write("tilde.toml", "thinkphp = [1]\n");
    assert!(dir.fail(["build"]).stderr.contains("`thinkphp` must be a table"));
}

/// The application with this line in its entry script.
fn with_line(line: &str) -> Dir {
    let dir = application();
    let entry = dir.text("public/index.php").replace("// switches", line);
    dir.write("public/index.php", entry);
    dir
}

#[test]
fn an_end_names_its_condition() {
    let line =
        "if (!is_file('./install.lock')) {\n    header('Location: install.php');\n    exit;\n}";
    assert_run!(with_line(line).fail(BUILD));
    let run = with_line("defined('INSTALLED') or die('install first');").fail(BUILD);
    assert!(run.stderr.contains("under this condition"), "{run}");
}

#[test]
fn a_missing_file_names_the_mapping() {
    let run = with_line("require '/srv/shared/config.php';").fail(BUILD);
    assert!(run.stderr.contains("--map-path DEPLOYED=LOCAL"), "{run}");
}

#[test]
fn files_that_include_each_other_are_named_once() {
    let dir = with_line("require './a.php';");
    dir.write("public/a.php", "<?php\nrequire './b.php';\n");
    dir.write("public/b.php", "<?php\nrequire './a.php';\n");
    assert_run!(dir.fail(BUILD));
}

/// A cache or a database that the configuration asks is the usual case.
#[test]
fn functions_of_the_application_may_be_known() {
    let dir = configured(
        "[target]\nphp = \"5.6\"\n\n[thinkphp]\nroot = \"public\"\n\n[thinkphp.known]\n\
         \"S()\" = false\n\"settings()\" = { title = \"Shop\" }\n",
    );
    let config = "<?php\nfunction settings() { return Db::all(); }\n\
                  return S('all') === false ? settings() : array();\n";
    dir.write(CONFIG, config);
    assert_eq!(dir.run(["build"]).code, 0);
    assert!(dir.text(CACHE).contains("'title' => 'Shop'"), "{}", dir.text(CACHE));
    dir.write("tilde.toml", "[thinkphp]\nroot = \"public\"\n\n[thinkphp.known]\n\"s()\" = false\n");
    let run = dir.fail(["build"]);
    assert!(
        run.stderr.contains("the class Db") && run.stderr.contains("[thinkphp.known]"),
        "{run}"
    );
}

/// 2.0 and 2.1 write the core's cache before they read the configuration.
#[test]
fn a_core_is_written_where_php_stops_in_the_configuration() {
    let dir = of_generation("2.1", "public/Notes/Runtime");
    dir.write("public/Notes/Conf/config.php", "<?php\n$config = require \"config.php\";\n");
    assert_run!(dir.run(["build", "--thinkphp", "public", "--php", "5.6"]));
    assert!(dir.path("public/Notes/Runtime/~runtime.php").is_file());
    assert!(!dir.path("public/Notes/Runtime/~app.php").exists());
    let allowed =
        dir.run(["build", "--thinkphp", "public", "--php", "5.6", "--allow", "T-STOPPED"]);
    assert_eq!(allowed.code, 0, "{allowed}");
}

/// 2.0 and 2.1 read a cache that is newer than the configuration.
#[test]
fn a_configuration_from_the_end_of_time() {
    let dir = of_generation("2.1", "public/Notes/Runtime");
    let built = ["build", "--thinkphp", "public", "--php", "5.6"];
    dir.write("public/Notes/Runtime/~app.php", "old");
    let end = SystemTime::UNIX_EPOCH + Duration::from_secs(i64::MAX as u64);
    let config = File::options().write(true).open(dir.path("public/Notes/Conf/config.php"));
    // Most file systems take it for their own last second.
    config.unwrap().set_modified(end).unwrap();
    let run = dir.fail(built);
    assert!(run.stderr.contains("~app.php newer than public/Notes/Conf/config.php"), "{run}");
    assert!(run.stderr.contains("touch public/Notes/Conf/config.php"), "{run}");
    assert_eq!(dir.text("public/Notes/Runtime/~app.php"), "old");
    assert_eq!(fs::read_dir(dir.path("public/Notes/Runtime")).unwrap().count(), 1);
}

/// What stops tilde and not PHP is no reason to leave out a cache.
#[test]
fn a_core_alone_is_not_written_where_only_tilde_stops() {
    let dir = of_generation("2.1", "public/Notes/Runtime");
    dir.write("public/Notes/Conf/config.php", "<?php\nreturn array('at' => time());\n");
    dir.fail(["build", "--thinkphp", "public", "--php", "5.6"]);
    assert!(!dir.path("public/Notes/Runtime/~runtime.php").exists());
}

#[test]
fn an_entry_script_that_never_starts() {
    let dir = application();
    dir.write("public/index.php", "<?php\ndefine('THINK_PATH', './ThinkPHP/');\n");
    assert_run!(dir.fail(BUILD));
    let dir = of_generation("2.2", "public/Notes/Runtime");
    let entry = dir.text("public/index.php").replace("App::run();", "");
    dir.write("public/index.php", entry.replace("$app->run();", ""));
    let run = dir.fail(["build", "--thinkphp", "public", "--php", "5.6"]);
    assert!(run.stderr.contains("never starts ThinkPHP"), "{run}");
}

#[test]
fn several_obstacles_at_once() {
    let dir = application();
    dir.write(CONFIG, "<?php\nreturn array('host' => gethostname());\n");
    dir.write("public/App/Conf/tags.php", "<?php\nreturn array('at' => time());\n");
    assert_run!(dir.fail(BUILD));
}

#[test]
fn all_missing_constants_at_once() {
    let dir = application();
    dir.write(
        "constants.json",
        "[[\"THINK_PATH\", \"./ThinkPHP/\"], [\"CONF_PATH\", \"./App/Conf/\"]]",
    );
    assert_run!(dir.fail(build(&["--constants", "constants.json"])));
    dir.write("constants.json", "[]");
    let run = dir.fail(build(&["--constants", "constants.json"]));
    let all = "THINK_PATH, CORE_PATH, CONF_PATH, COMMON_PATH, RUNTIME_FILE are not defined";
    assert!(run.stderr.contains(all), "{run}");
}

#[test]
fn a_mapping_on_windows_without_the_web_root() {
    let dir = application();
    dir.folder("lib");
    assert_run!(dir.fail(build(&["--map-path", r"D:\lib=lib"])));
}

#[test]
fn missing_entry_script() {
    assert_run!(application().fail(build(&["--entry", "admin.php"])));
}

#[test]
fn entry_script_elsewhere() {
    assert_run!(application().fail(build(&["--entry", "../index.php"])));
}

#[test]
fn constants_that_are_no_json() {
    let dir = application();
    dir.write("constants.json", "[\n  [\"A\", 1],\n  [\"B\" 2]\n]\n");
    assert_run!(dir.fail(build(&["--constants", "constants.json"])));
}

#[test]
fn constants_that_are_no_pairs() {
    let dir = application();
    dir.write("constants.json", "[\n  [\"A\", 1],\n  [\"B\", 2, 3]\n]\n");
    assert_run!(dir.fail(build(&["--constants", "constants.json"])));
}

#[test]
fn missing_constants() {
    assert_run!(application().fail(build(&["--constants", "constants.json"])));
}

#[test]
fn mapping_without_two_paths() {
    assert_run!(application().fail(build(&["--map-path", "/srv/app"])));
}

#[test]
fn mapping_of_a_relative_path() {
    assert_run!(application().fail(build(&["--map-path", "public=/srv/app"])));
}

#[test]
fn mapping_to_nothing() {
    assert_run!(application().fail(build(&["--map-path", "/srv/app=nope"])));
}

#[test]
fn systems_that_contradict_each_other() {
    let dir = configured("[target]\nos = \"windows\"\n");
    let run = dir.fail(BUILD);
    assert!(run.stderr.contains("public is no path of Windows"), "{run}");
    dir.write("tilde.toml", "[target]\nos = \"linux\"\n");
    assert_run!(dir.fail(build(&["--map-path", r"D:\www=public"])));
}

#[test]
fn server_entry_without_a_value() {
    assert_run!(application().fail(build(&["--server", "HTTP_HOST"])));
}

/// What the first request brings is known only to the user.
#[test]
fn an_absent_entry_and_an_empty_request() {
    let dir = application();
    let entry = dir.text("public/index.php");
    let asks = "if (isset($_SERVER['HTTPS']) || isset($_GET['debug'])) { define('SITE', 1); }";
    dir.write("public/index.php", entry.replace("// switches", asks));
    let stopped = dir.fail(BUILD);
    assert!(stopped.stderr.contains("$_SERVER['HTTPS'] is known only when"), "{stopped}");
    assert!(stopped.stderr.contains("--server '!NAME'"), "{stopped}");
    let stopped = dir.fail(build(&["--server", "!HTTPS"]));
    assert!(stopped.stderr.contains("$_GET['debug'] is known only when"), "{stopped}");
    assert!(stopped.stderr.contains("--empty-request"), "{stopped}");
    assert!(dir.run(build(&["--server", "!HTTPS", "--empty-request"])).code < 2);
    dir.write(
        "tilde.toml",
        "[thinkphp]\nroot = \"public\"\nempty-request = true\n\n\
         [thinkphp.server]\nHTTPS = false\n",
    );
    assert!(dir.run(["build", "--php", "5.6"]).code < 2);
}

#[test]
fn options_without_an_application() {
    assert_run!(Dir::project().fail(["build", "--safe"]));
    assert_run!(Dir::project().fail(["build", "lib/a.php", "-o", "b.php", "--entry", "a.php"]));
}

#[test]
fn files_and_an_application() {
    assert_eq!(Dir::project().fail(["build", "--thinkphp", ".", "lib/a.php"]).code, 2);
    assert_eq!(Dir::project().fail(["build", "--thinkphp", ".", "-o", "a.php"]).code, 2);
    assert_eq!(Dir::project().fail(["build", "--thinkphp", ".", "--files-from", "a"]).code, 2);
}

#[test]
fn mistakes_in_the_tables() {
    assert_run!(
        configured(
            "[target]\nos = \"beos\"\nint-size = 16\nhost = 5\nmagic-quote = true\n\n\
             [thinkphp]\nroots = \"public\"\neval = \"perl\"\nsafe = \"yes\"\nserver = \"a\"\n\n\
             [thinkphp.map-path]\n\"/srv\" = 5\n\n[thinkphp.known]\n\"time()\" = 1979-05-27\n"
        )
        .fail(["build"])
    );
}

#[test]
fn mapping_of_a_relative_path_in_the_configuration() {
    assert_run!(
        configured("[thinkphp]\nroot = \"public\"\n\n[thinkphp.map-path]\n\"srv\" = \"public\"\n")
            .fail(["build"])
    );
}

#[test]
fn a_cache_never_replaces_an_input() {
    let dir = application();
    let entry = dir.text("public/index.php");
    let switch = "define('RUNTIME_FILE', './App/Conf/config.php');";
    dir.write("public/index.php", entry.replace("// switches", switch));
    assert_run!(dir.fail(BUILD));
}

/// 2.2 looks at its earlier cache, which is an input only if the code reads it.
#[test]
fn an_earlier_cache_that_the_configuration_reads_is_an_input() {
    let dir = of_generation("2.2", "public");
    let build = ["build", "--thinkphp", "public", "--php", "5.6"];
    assert!(dir.run(build).code < 2);
    let cache = dir.files_left().into_keys().find(|path| path.ends_with("~runtime.php")).unwrap();
    let config = dir.files_left().into_keys().find(|path| path.ends_with("Conf/config.php"));
    let text =
        format!("<?php return array('SIZE' => strlen(file_get_contents('{}')));", cache.display());
    dir.write(config.unwrap(), text);
    let run = dir.fail(build);
    assert!(run.stderr.contains("it is also an input"), "{run}");
}

/// What a configuration reads ends up in a cache.
#[test]
fn files_outside_of_the_application_are_not_read() {
    let dir = application();
    dir.write("elsewhere/secret.php", "<?php return array('read' => 1);\n");
    let elsewhere = dir.path("elsewhere/secret.php");
    std::os::unix::fs::symlink(dir.path("elsewhere"), dir.path("public/App/link")).unwrap();
    let include = format!("include '{}'", elsewhere.display());
    for read in [
        &*include,
        "include './App/link/secret.php'",
        "array('a' => file_get_contents('/etc/passwd'))",
        "array('a' => file_get_contents('/proc/self/environ'))",
        "include '/etc/passwd'",
        // Whether something is there is another matter on the server.
        "array('a' => is_file('/etc/passwd'))",
        "array('a' => is_dir('/etc'))",
        "array('a' => file_exists('/etc/../etc/passwd'))",
        "array('a' => realpath('/etc/passwd'))",
    ] {
        dir.write(CONFIG, format!("<?php\nreturn {read};\n"));
        let run = dir.fail(BUILD);
        assert!(run.stderr.contains("outside of the application"), "{read}: {run}");
        assert!(run.stderr.contains("--map-path"), "{read}: {run}");
    }
    // The folders that it lies in are there; what is missing is missing for PHP.
    let known = "array('a' => is_dir(dirname(getcwd())), 'b' => realpath('..') == dirname(getcwd()), \
                 'c' => @file_get_contents('./none') === false, 'd' => @include './none.php', \
                 'e' => is_file('/no/such/file') || @include '/no/such/file.php', \
                 'f' => @file_get_contents('/no/such/file'))";
    dir.write(CONFIG, format!("<?php\nreturn {known};\n"));
    assert_eq!(dir.run(BUILD).code, 0);
    let cache = dir.text(CACHE);
    assert!(
        cache.contains(
            "'a' => true, 'b' => true, 'c' => true, 'd' => false, 'e' => false, 'f' => false,"
        ),
        "{cache}"
    );
    dir.write(CONFIG, format!("<?php\nreturn {include};\n"));
    let map = format!("{0}={0}", dir.path("elsewhere").display());
    assert_eq!(dir.run(build(&["--map-path", &map])).code, 0);
    // A project cannot allow itself.
    let local = dir.path("elsewhere");
    dir.write(
        "public/tilde.toml",
        format!("[thinkphp.map-path]\n'{0}' = '{0}'\n", local.display()),
    );
    assert_eq!(dir.fail(BUILD).code, 2);
    dir.write("tilde.toml", "");
    fs::remove_file(dir.path("public/tilde.toml")).unwrap();
    fs::rename(dir.path("public/ThinkPHP"), dir.path("ThinkPHP")).unwrap();
    let entry = dir.text("public/index.php").replace("./ThinkPHP/", "../ThinkPHP/");
    dir.write("public/index.php", entry);
    assert_eq!(dir.run(BUILD).code, 0, "tilde.toml marks the project");
}

#[test]
fn a_cache_stays_in_the_application() {
    let dir = application();
    dir.write("elsewhere/victim.php", "<?php // mine\n");
    let entry = dir.text("public/index.php");
    let victim = dir.path("elsewhere/victim.php");
    let switch = format!("define('RUNTIME_FILE', '{}');", victim.display());
    dir.write("public/index.php", entry.replace("// switches", &switch));
    for command in ["build", "check"] {
        let run = dir.fail([command, "--thinkphp", "public", "--php", "7.4"]);
        assert!(run.stderr.contains("error[T-OUTSIDE]"), "{run}");
        assert!(!run.text().contains("mine"), "{run}");
    }
    assert_eq!(dir.text("elsewhere/victim.php"), "<?php // mine\n");
    assert_eq!(dir.run(build(&["--out", "dist"])).code, 0);
    assert_eq!(dir.run(build(&["--allow", "T-OUTSIDE"])).code, 0);
}

#[test]
fn a_cache_that_is_not_mapped() {
    let dir = application();
    let entry = dir.text("public/index.php");
    let switch = "define('RUNTIME_FILE', '/var/cache/app.php');";
    dir.write("public/index.php", entry.replace("// switches", switch));
    assert_run!(dir.fail(build(&["--map-path", "/srv/app=public"])));
}
