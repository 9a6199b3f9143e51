//! `tilde module`. A loader in PHP does with the packages what the framework does;
//! the constraint language is tested in the crate `module`.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::process::Command;

use crate::util::{Dir, Run, assert_run};

const LOADER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/php/module_loader.php");

/// A project with two modules, of which one needs the other.
pub(crate) fn project() -> Dir {
    let dir = Dir::new();
    dir.write("composer.json", r#"{"autoload": {"psr-4": {"Module\\": "src/Module"}}}"#);
    dir.write(
        "src/Module/Base/zm.json",
        r#"{"name": "base", "version": "1.2.0", "allow-hotload": true}"#,
    );
    dir.write(
        "src/Module/Base/Animal.php",
        "<?php\nnamespace Module\\Base;\n// Everything speaks.\nabstract class Animal implements Speaks { use Named; }\n",
    );
    dir.write(
        "src/Module/Base/Speaks.php",
        "<?php\nnamespace Module\\Base;\ninterface Speaks { const HOW = 'loud'; }\n",
    );
    dir.write(
        "src/Module/Base/Zoo/Named.php",
        "<?php\nnamespace Module\\Base;\ntrait Named { public $name = 'Rex'; }\n",
    );
    dir.write(
        "src/Module/Shop/zm.json",
        r#"{
    "name": "animals",
    "description": "动物 of a shop",
    "version": "2.0.1",
    "depends": {"base": "^1.1"},
    "allow-hotload": true,
    "light-cache-store": ["prices", "absent"],
    "zm-data-store": ["shop/", "one.txt"],
    "global-config-override": "Set 'shop' to true",
    "composer-extend-require": {"vendor/lib": "^3"},
    "unpack": {"composer-autoload-items": {"psr-4": {"Module\\Shop\\": "src/Module/Shop"}, "files": ["src/Module/Shop/helpers.php"]}}
}
"#,
    );
    dir.write(
        "src/Module/Shop/Dog.php",
        "<?php\nnamespace Module\\Shop;\nclass Dog extends \\Module\\Base\\Animal {\n    // A word.\n    function say() { return greet($this->name) . self::HOW; }\n}\n",
    );
    dir.write(
        "src/Module/Shop/helpers.php",
        "<?php\nnamespace Module\\Shop;\nfunction greet($name) { return \"$name is \"; }\n",
    );
    dir.write("src/Module/Shop/script.php", "<?php\necho 'This must not run: ', Dog::class;\n");
    dir.write("src/Module/Shop/global_old.php", "<?php\nclass Old {}\necho 'neither this';\n");
    dir.write("src/Module/Shop/.hidden", "\u{feff}x\r\n\0");
    dir.write("src/Module/Shop/run", "#!/bin/sh\n");
    fs::set_permissions(dir.path("src/Module/Shop/run"), fs::Permissions::from_mode(0o755))
        .unwrap();
    dir.folder("src/Module/Shop/empty/deep");
    dir.write("zm_data/shop/list.json", "[1]\n");
    dir.write("zm_data/one.txt", "one\n");
    dir.write("zm_data/_cache.json", r#"{"prices": {"a/b": 1.50, "é": null}, "other": 1}"#);
    dir
}

/// The same with both packages in the folder that packages are loaded from.
fn packed() -> Dir {
    let dir = project();
    let run = dir.run(["module", "pack", "--all", "-D", "zm_data/modules"]);
    assert_eq!(run.code, 1, "{run}");
    dir
}

fn done(run: &Run) {
    assert_eq!(run.code, 0, "{run}");
}

fn php(dir: &Dir, args: &[&str]) -> String {
    let output = Command::new("php").arg(LOADER).args(args).current_dir(dir.path("")).output();
    let output = output.expect("php is needed for the tests: apt-get install php-cli");
    String::from_utf8(output.stdout).unwrap()
}

/// The files below a folder, and whether they may be executed.
fn tree(dir: &Dir, folder: &str) -> BTreeMap<PathBuf, (Vec<u8>, bool)> {
    let root = dir.path(folder);
    let left = dir.files_left().into_iter().filter_map(|(path, left)| {
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        let below = path.strip_prefix(&root).ok()?.to_owned();
        Some((below, (left.bytes, mode & 0o100 != 0)))
    });
    left.collect()
}

const CODE: &str = "$dog = new Module\\Shop\\Dog; echo $dog->say(), '!';";

#[test]
fn packages_are_hot_loaded_by_php() {
    let dir = packed();
    assert_eq!(php(&dir, &["load", "zm_data/modules", CODE]), "Rex is loud!");
    let pack = ["module", "pack", "--all", "-D", "stripped", "--strip", "tight"];
    assert_eq!(dir.run(pack).code, 1);
    assert_eq!(php(&dir, &["load", "stripped", CODE]), "Rex is loud!");
    // Nothing is defined twice. (PHP itself warns of a stub that runs twice.)
    let entry = "phar://zm_data/modules/base_1.2.0.phar/module_entry.php";
    let twice = &format!("foreach (array(1, 2) as $n) {{ require '{entry}'; }} echo 'done';");
    assert_eq!(php(&dir, &["load", "zm_data/modules", twice]), "done");
}

#[test]
fn a_package_says_what_it_is() {
    let dir = packed();
    let extract = ["phar", "extract", "zm_data/modules/animals_2.0.1.phar", "-o", "x"];
    done(&dir.run(extract));
    let plugin = dir.text("x/zmplugin.json");
    let start = plugin.find("generated-id\": \"").unwrap() + 16;
    let id = &plugin[start..start + 40];
    assert!(id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{plugin}");
    assert!(dir.text("x/module_entry.php").contains(&format!("loader{id}()")));
    insta::assert_snapshot!(plugin.replace(id, "ID"));
    insta::assert_snapshot!(dir.text("x/light_cache_store.json"));
    assert_eq!(dir.text("x/zm_data/shop/list.json"), "[1]\n");
}

#[test]
fn unpacking_writes_the_same_tree() {
    let dir = packed();
    let (sources, data) = (tree(&dir, "src/Module/Shop"), tree(&dir, "zm_data/shop"));
    dir.write("new/composer.json", "{\"require\": {\"php\": \">=7\"}}\n");
    let unpack = ["module", "unpack", "--project", "new", "--load-path", "zm_data/modules"];
    assert_run!(dir.run(unpack.iter().chain(&["animals", "base"])));
    assert_eq!(tree(&dir, "new/src/Module/Shop"), sources);
    assert_eq!(tree(&dir, "new/src/Module/Base"), tree(&dir, "src/Module/Base"));
    assert_eq!(tree(&dir, "new/zm_data/shop"), data);
    assert!(dir.path("new/src/Module/Shop/empty/deep").is_dir());
    insta::assert_snapshot!(dir.text("new/composer.json"));
    insta::assert_snapshot!(dir.text("new/zm_data/_cache.json"));
    // PHP finds the same in it.
    php(&dir, &["unpack", "zm_data/modules/animals_2.0.1.phar", "php"]);
    let bytes = |tree: BTreeMap<PathBuf, (Vec<u8>, bool)>| {
        tree.into_iter().map(|(path, (bytes, _))| (path, bytes)).collect::<Vec<_>>()
    };
    assert_eq!(bytes(tree(&dir, "php/src/Module/Shop")), bytes(sources));
}

#[test]
fn what_exists_stays_unless_told() {
    let dir = packed();
    dir.write("src/Module/Shop/Dog.php", "mine");
    dir.write("zm_data/one.txt", "mine");
    dir.write("zm_data/_cache.json", "{\"prices\": \"mine\"}");
    let before = dir.text("zm_data/_cache.json");
    let run = dir.run(["module", "unpack", "animals"]);
    assert!(run.code == 0 && run.stderr.contains("kept: 3"), "{run}");
    assert_eq!(dir.text("src/Module/Shop/Dog.php"), "mine");
    assert_eq!(dir.text("zm_data/one.txt"), "mine");
    assert_eq!(dir.text("zm_data/_cache.json"), before);
    let overwrite = ["--overwrite-source", "--overwrite-zm-data", "--overwrite-light-cache"];
    done(&dir.run(["module:unpack", "animals"].iter().chain(&overwrite)));
    assert!(dir.text("src/Module/Shop/Dog.php").starts_with("<?php"));
    assert_eq!(dir.text("zm_data/one.txt"), "one\n");
    assert!(dir.text("zm_data/_cache.json").contains("1.50"));
}

#[test]
fn the_same_sources_make_the_same_bytes() {
    let dir = packed();
    let bytes = |folder: &str| {
        ["animals_2.0.1.phar", "base_1.2.0.phar"]
            .map(|it| fs::read(dir.path(folder).join(it)).unwrap())
    };
    for threads in ["1", "2"] {
        let run = dir.run(["module:pack", "animals", "base", "-D", threads, "-j", threads]);
        assert_eq!(run.code, 1, "{run}");
        assert!(bytes(threads) == bytes("zm_data/modules"));
    }
    let run = dir.run(["module", "pack", "base", "-D", "1"]);
    assert_eq!(run.stderr, "unchanged base: 1/base_1.2.0.phar (6 entries)\n");
}

#[test]
fn check_says_whether_packages_are_up_to_date() {
    let dir = project();
    let check = ["module", "check", "base"];
    assert_run!(dir.run(check));
    let pack = dir.tilde(["module", "pack", "base"]).env("SOURCE_DATE_EPOCH", "1700000000");
    done(&pack.run());
    done(&dir.run(check));
    dir.write("src/Module/Base/New.php", "<?php\nclass Fresh {}\n");
    fs::remove_file(dir.path("src/Module/Base/Zoo/Named.php")).unwrap();
    let before = dir.files_left();
    assert_run!(dir.run(check));
    assert_eq!(dir.files_left(), before);
}

/// `[[module]]` of tilde.toml: what `build`, `check` and `watch` do.
#[test]
fn modules_are_outputs_of_a_project() {
    let dir = project();
    dir.write("tilde.toml", "[[module]]\nnames = [\"base\"]\nstrip = \"lines\"\n");
    let run = dir.run(["build"]);
    done(&run);
    assert!(run.stderr.starts_with("wrote zm_data/output/base_1.2.0.phar  4 files, "), "{run}");
    let pack = ["module", "pack", "base", "--strip", "lines", "-D", "by-hand"];
    done(&dir.run(pack));
    let bytes = |path: &str| fs::read(dir.path(path)).unwrap();
    assert!(bytes("zm_data/output/base_1.2.0.phar") == bytes("by-hand/base_1.2.0.phar"));
    done(&dir.run(["check"]));
    assert!(dir.run(["build"]).stderr.starts_with("unchanged "));

    dir.write("src/Module/Base/Zoo/Named.php", "<?php\nnamespace Module\\Base;\ntrait Named {}\n");
    let run = dir.run(["check"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(run.stdout.ends_with(b"\nthe archive differs\n"), "{run}");
}

#[test]
fn a_folder_of_packages_that_is_not_there_is_named() {
    let dir = project();
    let run = dir.run(["module", "list", "--load-path", "elsewhere"]);
    let warning =
        "warning[T-MODULE]: cannot look for packages: IO error for operation on elsewhere";
    assert!(run.code == 1 && run.stderr.contains(warning), "{run}");
}

#[test]
fn a_module_may_not_lead_out_of_the_project() {
    let dir = project();
    dir.write("tilde.toml", "[[module]]\ntarget = \"../elsewhere\"\n");
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("error[T-OUTSIDE]"), "{run}");
    dir.write("tilde.toml", "[[module]]\ntarget = \"zm_data/shop\"\nnames = [\"animals\"]\n");
    assert_eq!(dir.run(["build"]).code, 1);
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("it is also an input"), "{run}");
}

#[test]
fn watch_packs_again() {
    let dir = project();
    dir.write("tilde.toml", "[[module]]\nnames = [\"base\"]\n");
    dir.folder("zm_data/output");
    let running = dir.tilde(["watch"]).start();
    running.wait_for("] built 1 output, ");
    let names = || {
        let run = dir.run(["phar", "list", "zm_data/output/base_1.2.0.phar"]);
        String::from_utf8(run.stdout).unwrap()
    };
    dir.write("src/Module/Base/New.php", "<?php\nclass Fresh {}\n");
    running.wait_for("(src/Module/Base/New.php)");
    assert!(names().contains("src/Module/Base/New.php"), "{}", names());
    dir.write("src/Module/Base/more/deep/.hidden", "x");
    running.wait_for("] rebuilt 1 output, ");
    dir.write("src/Module/Base/more/deep/.hidden", "xy");
    running.wait_for("(src/Module/Base/more/deep/.hidden)");
    fs::remove_file(dir.path("src/Module/Base/New.php")).unwrap();
    running.wait_for("(src/Module/Base/New.php)");
    assert!(!names().contains("New.php"), "{}", names());
    dir.write("src/Module/Base/zm.json", r#"{"name": "base", "version": "1.3.0"}"#);
    running.wait_for("(src/Module/Base/zm.json)");
    assert!(dir.path("zm_data/output/base_1.3.0.phar").exists());
    assert_eq!(running.finish(), 0);
}

#[test]
fn modules_are_listed_in_both_languages() {
    let dir = packed();
    dir.write(
        "vendor/composer/installed.json",
        r#"{"packages": [{"name": "a/b", "extra": {"zm": {"module-path": ["src/m"]}}}, {"name": "c/d"}]}"#,
    );
    dir.write("vendor/a/b/src/m/zm.json", r#"{"name": "third"}"#);
    dir.write("zm_data/modules/sub/none.phar", "no archive");
    assert_run!(dir.run(["module:list"]));
    assert_run!(
        dir.tilde(["module", "list", "-q"]).env("LANG", "zh_CN.UTF-8").env("LC_ALL", "").run()
    );
    let english = dir.run(["module", "list"]).stdout;
    let given = dir.tilde(["module", "list", "--lang", "en"]).env("LC_ALL", "zh_TW.UTF-8").run();
    assert_eq!(given.stdout, english);
    let json = dir.run(["-q", "--output-format", "json", "module:list"]);
    assert_eq!(json.text().matches("\"type\"").count(), 5, "{json}");
}

#[test]
fn mistakes_have_a_place() {
    let dir = project();
    dir.write(
        "src/Module/Bad/zm.json",
        "{\n    \"name\": \"bad\",\n    \"dependss\": {},\n    \"version\": \"1.x.y\",\n    \"zm-data-store\": [\"../etc\"]\n}\n",
    );
    assert_run!(dir.fail(["module", "list"]));
    dir.write("src/Module/Bad/zm.json", "{\n    \"name\": \"bad\",\n}\n");
    assert_run!(dir.fail(["module", "pack", "base"]));
    dir.write("src/Module/Bad/zm.json", "{\"name\": \"base\"}");
    assert_run!(dir.fail(["module", "pack", "--all"]));
    fs::remove_file(dir.path("src/Module/Bad/zm.json")).unwrap();
    assert_run!(dir.fail(["module", "pack", "bsae"]));
    dir.write("src/Elsewhere/zm.json", "{\"name\": \"lost\"}");
    assert_run!(dir.fail(["module", "pack", "lost"]));
    dir.write("src/zm.json", "{\"name\": \"all\"}");
    assert_run!(dir.fail(["module", "check", "--all"]));
}

#[test]
fn dependencies_are_looked_for_in_sources_and_packages() {
    let dir = packed();
    // Both are there as packages only.
    let unpack = ["module", "unpack", "animals", "--project", "new"];
    let load = ["--load-path", "zm_data/modules"];
    dir.folder("new");
    done(&dir.run(unpack.iter().chain(&load)));
    fs::remove_file(dir.path("zm_data/modules/base_1.2.0.phar")).unwrap();
    fs::remove_dir_all(dir.path("new")).unwrap();
    dir.folder("new");
    assert_run!(dir.fail(unpack.iter().chain(&load)));
    dir.write("new/src/Base/zm.json", r#"{"name": "base"}"#);
    assert_run!(dir.fail(unpack.iter().chain(&load)));
    let run = dir.run(unpack.iter().chain(&load).chain(&["--ignore-depends"]));
    assert!(run.code == 1 && dir.path("new/src/Module/Shop/Dog.php").is_file(), "{run}");
    dir.write(
        "src/Module/Base/zm.json",
        r#"{"name": "base", "version": "1.2", "depends": {"animals": "*"}}"#,
    );
    assert_run!(dir.run(["module", "pack", "base"]));
}

#[test]
fn nothing_leaves_the_project() {
    let dir = packed();
    let archive = "zm_data/modules/animals_2.0.1.phar";
    let bytes = fs::read(dir.path(archive)).unwrap();
    let text = b"zm_data/shop/list.json";
    let at = bytes.windows(text.len()).position(|window| window == text).unwrap();
    dir.folder("new");
    let unpack = ["module", "unpack", "bad.phar", "--project", "new", "--ignore-depends"];
    for name in ["zm_data/../../list.json", "/m_data/shop/list.json", "zm_data/shop\\list.json"] {
        let mut bad = bytes.clone();
        bad[at..at + text.len()].copy_from_slice(&name.as_bytes()[..text.len()]);
        dir.write("bad.phar", bad);
        let run = dir.fail(unpack);
        assert!(run.stderr.contains("cannot unpack `"), "{run}");
    }
    let mut damaged = bytes.clone();
    damaged[at + 2000] ^= 1;
    dir.write("bad.phar", damaged);
    dir.fail(unpack);
    // A folder that leads elsewhere.
    dir.write("bad.phar", &bytes);
    dir.folder("elsewhere");
    dir.folder("new/src");
    symlink(dir.path("elsewhere"), dir.path("new/src/Module")).unwrap();
    let run = dir.fail(unpack);
    assert!(run.stderr.contains("is no folder"), "{run}");
    // A package whose module is to be outside of src.
    for root in ["../x", "src", "src/../../x", "/etc", "config"] {
        dir.write("evil/zmplugin.json", format!("{{\"module-root-path\": \"{root}\"}}"));
        dir.write("evil/module_entry.php", "<?php\n");
        done(&dir.run(["phar", "create", "evil", "-o", "bad.phar"]));
        let run = dir.fail(unpack);
        assert!(run.stderr.contains("is not below src"), "{run}");
    }
}

#[test]
fn data_stays_in_its_folder() {
    let dir = project();
    dir.write("secret/key", "k");
    symlink(dir.path("secret"), dir.path("zm_data/link")).unwrap();
    let manifest = r#"{"name": "base", "zm-data-store": ["link"]}"#;
    dir.write("src/Module/Base/zm.json", manifest);
    let run = dir.fail(["module", "pack", "base"]);
    assert!(run.stderr.contains("not below") && !run.stderr.contains("--"), "{run}");
    symlink(dir.path("secret/key"), dir.path("src/Module/Base/key")).unwrap();
    dir.write("src/Module/Base/zm.json", "{\"name\": \"base\"}");
    let run = dir.fail(["module", "pack", "base"]);
    assert!(run.stderr.contains("leads out") && !run.stderr.contains("--"), "{run}");
    fs::remove_file(dir.path("src/Module/Base/key")).unwrap();
    dir.write("src/Module/Base/a*b.php", "");
    assert_run!(dir.fail(["module", "pack", "base"]));
    dir.write("src/Module/Base/zm.json", manifest.replace("link", "absent"));
    assert_run!(dir.fail(["module", "pack", "base"]));
}
