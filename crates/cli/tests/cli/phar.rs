//! `tilde phar`. PHP itself runs what was written; that it reads every kind of
//! archive is tested in the crate `phar`.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;

use crate::util::{Dir, Run, assert_run};

/// A folder with a small application.
fn application() -> Dir {
    let dir = Dir::new();
    dir.write(
        "app/main.php",
        "<?php\n// The start of it.\nrequire __DIR__ . '/lib/greeting.php';\necho greet(), \"\\n\";\n",
    );
    dir.write(
        "app/lib/greeting.php",
        "<?php\nfunction greet() { return 'Hello from an archive'; } // a word\n",
    );
    dir.write("app/lib/notes.txt", "<?php // no PHP  \n");
    dir
}

pub(crate) fn packed() -> Dir {
    let dir = application();
    done(&dir.run(["phar", "create", "app", "-o", "app.phar", "--main", "main.php"]));
    dir
}

fn done(run: &Run) {
    assert_eq!(run.code, 0, "{run}");
}

fn names(dir: &Dir, archive: &str) -> Vec<String> {
    let run = dir.run(["phar", "list", archive]);
    done(&run);
    run.text().lines().map(|line| line[55..].to_owned()).collect()
}

fn php(dir: &Dir, args: &[&str]) -> String {
    let output = Command::new("php").args(args).current_dir(dir.path("")).output();
    let output = output.expect("php is needed for the tests: apt-get install php-cli");
    String::from_utf8(output.stdout).unwrap()
}

/// An archive without a signature, whose entries are empty but say another size.
fn handmade(entries: &[(&[u8], u32)]) -> Vec<u8> {
    let mut manifest = (entries.len() as u32).to_le_bytes().to_vec();
    manifest.extend([0x11, 0x10]);
    manifest.extend([0; 12]);
    for (name, flags) in entries {
        manifest.extend((name.len() as u32).to_le_bytes());
        manifest.extend(*name);
        manifest.extend([0; 16]);
        manifest.extend(flags.to_le_bytes());
        manifest.extend([0; 4]);
    }
    let len = (manifest.len() as u32).to_le_bytes();
    [b"<?php __HALT_COMPILER();", &len[..], &manifest].concat()
}

#[test]
fn an_archive_runs_under_php() {
    let dir = packed();
    assert_eq!(php(&dir, &["app.phar"]), "Hello from an archive\n");
    let code = "require 'phar://app.phar/lib/greeting.php'; echo greet();";
    assert_eq!(php(&dir, &["-r", code]), "Hello from an archive");
}

#[test]
fn index_is_the_main_entry_unless_there_is_a_stub() {
    let dir = Dir::new();
    dir.write("app/index.php", "<?php echo 'index';\n");
    done(&dir.run(["phar", "create", "app", "-o", "a.phar", "--alias", "mine.phar"]));
    assert_eq!(php(&dir, &["a.phar"]), "index");
    dir.write("stub.php", "<?php echo 'stub'; __HALT_COMPILER();\n");
    done(&dir.run(["phar", "create", "app", "-o", "b.phar", "--stub", "stub.php"]));
    assert_eq!(php(&dir, &["b.phar"]), "stub");
    dir.write("stub.php", "<?php echo 'stub';\n");
    assert_run!(dir.fail(["phar", "create", "app", "-o", "b.phar", "--stub", "stub.php"]));
    assert_run!(dir.fail(["phar", "create", "app", "-o", "b.phar", "--main", "x.php"]));
}

#[test]
fn the_same_files_give_the_same_bytes() {
    let dir = Dir::new();
    for index in 0..400 {
        dir.write(format!("app/{}/{index}.php", index % 7), format!("<?php\n// {index}\n"));
    }
    dir.write("app/large.bin", "0123456789".repeat(40_000));
    for compress in ["none", "gz", "bz2"] {
        let create = |threads, out| {
            let args = ["phar", "create", "app", "--compress", compress, "--strip", "lines"];
            done(&dir.run(args.iter().chain(&["-j", threads, "-o", out])));
            fs::read(dir.path(out)).unwrap()
        };
        assert!(create("1", "one.phar") == create("2", "two.phar"), "{compress}");
        done(&dir.run(["phar", "verify", "one.phar"]));
    }
    let run = dir.run(["phar", "create", "app", "-o", "again.phar"]);
    assert_eq!(run.stderr, "wrote again.phar: 401 entries\n");
    let run = dir.run(["phar", "create", "app", "-o", "again.phar"]);
    assert_eq!(run.stderr, "unchanged again.phar: 401 entries\n");
}

#[test]
fn times_are_those_of_the_source_date() {
    let dir = application();
    let create = |time: &str| {
        let args = ["phar", "create", "app", "-o", "app.phar"];
        dir.tilde(args).env("SOURCE_DATE_EPOCH", time).run()
    };
    for (time, shown) in [("1700000000", "2023-11-14 22:13:20"), ("0", "1970-01-01 00:00:01")] {
        done(&create(time));
        let list = dir.run(["phar", "list", "app.phar"]);
        assert_eq!(list.text().matches(shown).count(), 3, "{list}");
    }
    for time in ["4000000000", "-1", "soon", "9999999999999"] {
        let run = create(time);
        assert!(run.code == 2 && run.stderr.contains("SOURCE_DATE_EPOCH"), "{run}");
    }
}

#[test]
fn all_files_go_in_and_nothing_else() {
    let dir = application();
    dir.write("app/.env.example", "A=1\n");
    dir.write("app/.git/config", "");
    dir.write("app/lib/cache/x.tmp", "");
    dir.write("app/tests/a.php", "");
    dir.folder("app/empty/deep");
    symlink("main.php", dir.path("app/link.php")).unwrap();
    let args = ["phar", "create", "app", "-o", "app/app.phar", "--exclude", "*.tmp"];
    for _ in 0..2 {
        done(&dir.run(args.iter().chain(&["--exclude", "tests/"])));
    }
    let expected = [
        ".env.example",
        "empty/deep/",
        "lib/greeting.php",
        "lib/notes.txt",
        "link.php",
        "main.php",
    ];
    assert_eq!(names(&dir, "app/app.phar"), expected);
}

#[test]
fn names_are_relative_to_the_base() {
    let dir = application();
    done(&dir.run(["phar", "create", "app/lib", "app/main.php", "-o", "a.phar"]));
    assert_eq!(
        names(&dir, "a.phar"),
        ["app/lib/greeting.php", "app/lib/notes.txt", "app/main.php"]
    );
    done(&dir.run(["phar", "create", "app/lib", "-o", "a.phar", "--base", "app"]));
    assert_eq!(names(&dir, "a.phar"), ["lib/greeting.php", "lib/notes.txt"]);
    dir.write("list", "app/main.php\n");
    done(&dir.run(["phar", "create", "--files-from", "list", "-o", "a.phar"]));
    assert_eq!(names(&dir, "a.phar"), ["app/main.php"]);
    assert_eq!(dir.fail(["phar", "create", "app", "-o", "b.phar", "--base", "app/lib"]).code, 2);
}

#[test]
fn what_cannot_go_in_is_named() {
    let dir = application();
    dir.write("outside/secret", "");
    symlink("../outside/secret", dir.path("app/link")).unwrap();
    let create = ["phar", "create", "app", "-o", "app.phar"];
    let run = dir.fail(create);
    assert!(run.stderr.contains("cannot take app/link: it is a link that leads out"), "{run}");
    fs::remove_file(dir.path("app/link")).unwrap();
    for (name, reason) in [
        ("a*.php", "cannot be reached by `phar://`"),
        ("a\\b", "has a backslash"),
        ("new\nline", "has a NUL byte or a line break"),
        (".phar/stub.php", "is in `.phar/`"),
    ] {
        dir.write(format!("app/{name}"), "");
        let run = dir.fail(create);
        assert!(run.stderr.contains(reason), "{run}");
        fs::remove_file(dir.path(format!("app/{name}"))).unwrap();
    }
    fs::remove_dir(dir.path("app/.phar")).unwrap();
    dir.folder("nothing");
    assert!(dir.fail(["phar", "create", "nothing", "-o", "a.phar"]).stderr.contains("no entries"));
    assert!(dir.fail(["phar", "create", "missing", "-o", "a.phar"]).stderr.contains("missing"));
}

#[test]
fn only_php_is_stripped() {
    let dir = application();
    done(&dir.run(["phar", "create", "app", "-o", "app.phar", "--strip", "tight"]));
    done(&dir.run(["phar", "extract", "app.phar", "-o", "out"]));
    assert_eq!(dir.text("out/lib/notes.txt"), dir.text("app/lib/notes.txt"));
    assert!(!dir.text("out/main.php").contains("The start of it"));
}

#[test]
fn standard_output_takes_an_archive() {
    let dir = packed();
    let run = dir.run(["phar", "create", "app", "-o", "-", "--main", "main.php"]);
    done(&run);
    assert!(run.stdout == fs::read(dir.path("app.phar")).unwrap());
}

#[test]
fn reports_are_json_too() {
    let dir = packed();
    let mut bytes = fs::read(dir.path("app.phar")).unwrap();
    let len = bytes.len();
    bytes[len - 50] ^= 1;
    dir.write("damaged.phar", bytes);
    let json = ["--output-format", "json", "phar"];
    assert_run!(dir.run(json.iter().chain(&["list", "app.phar"])));
    assert_run!(dir.run(json.iter().chain(&["info", "app.phar"])));
    assert_run!(dir.run(json.iter().chain(&["verify", "app.phar", "damaged.phar"])));
    done(&dir.run(["phar", "create", "app/lib", "-o", "lib.phar", "--base", "app"]));
    assert_run!(dir.run(json.iter().chain(&["diff", "app.phar", "lib.phar"])));
}

#[test]
fn metadata_are_shown_and_objects_are_not() {
    let dir = Dir::new();
    let make = "$p = new Phar('a.phar'); $p['a'] = 'x'; $p->setMetadata(eval($argv[1])); \
                $p->setAlias('the.alias');";
    for (code, expected) in [
        ("return ['v' => 1, 'x' => [true, null, 'it']];", "'v' => 1"),
        ("return new ArrayObject();", "they have an object"),
    ] {
        let _ = fs::remove_file(dir.path("a.phar"));
        php(&dir, &["-d", "phar.readonly=0", "-r", make, code]);
        let run = dir.run(["phar", "info", "a.phar"]);
        assert!(run.text().contains(expected) && run.text().contains("the.alias"), "{run}");
    }
}

#[test]
fn a_signature_is_checked_with_the_key_beside_it() {
    let dir = Dir::new();
    let make = "$key = openssl_pkey_new(); openssl_pkey_export($key, $private); \
        $p = new Phar('a.phar'); $p['a'] = 'x'; $p->setSignatureAlgorithm(Phar::OPENSSL, $private); \
        file_put_contents('key', openssl_pkey_get_details($key)['key']);";
    php(&dir, &["-d", "phar.readonly=0", "-r", make]);
    let run = dir.run(["phar", "verify", "a.phar"]);
    assert!(run.code == 1 && run.text().contains("needs a public key"), "{run}");
    done(&dir.run(["phar", "verify", "a.phar", "--public-key", "key"]));
    fs::rename(dir.path("key"), dir.path("a.phar.pubkey")).unwrap();
    let run = dir.run(["phar", "verify", "a.phar"]);
    assert!(run.code == 0 && run.text() == "a.phar: good (OpenSSL, 1 entry)\n", "{run}");
    dir.write("key", "no key");
    assert_eq!(dir.fail(["phar", "verify", "a.phar", "--public-key", "key"]).code, 2);
}

#[test]
fn extracting_gives_the_tree_back() {
    let dir = application();
    dir.folder("app/empty");
    dir.write("app/bin/run", "#!/bin/sh\n");
    fs::set_permissions(dir.path("app/bin/run"), fs::Permissions::from_mode(0o755)).unwrap();
    done(&dir.run(["phar", "create", "app", "-o", "app.phar", "--compress", "gz"]));
    done(&dir.run(["phar", "extract", "app.phar", "-o", "out/deep"]));
    let mut diff = Command::new("diff");
    diff.args(["-r", "app", "out/deep"]).current_dir(dir.path(""));
    let diff = diff.output().unwrap();
    assert!(diff.status.success(), "{}", String::from_utf8_lossy(&diff.stdout));
    assert!(dir.path("out/deep/empty").is_dir());
    let mode = |path: &str| fs::metadata(dir.path(path)).unwrap().permissions().mode() & 0o100;
    assert_eq!((mode("out/deep/bin/run"), mode("out/deep/main.php")), (0o100, 0));
    dir.write("out/deep/main.php", "mine");
    let run = dir.fail(["phar", "extract", "app.phar", "-o", "out/deep"]);
    assert!(run.stderr.contains("--overwrite"), "{run}");
    done(&dir.run(["phar", "extract", "app.phar", "-o", "out/deep", "--overwrite"]));
    assert_eq!(dir.text("out/deep/main.php"), dir.text("app/main.php"));
    let run = dir.fail(["phar", "extract", "app.phar", "-o", "x", "--only", "nothing"]);
    assert!(run.stderr.contains("no entry matches nothing"), "{run}");
}

#[test]
fn no_name_leads_out_of_the_target() {
    let dir = Dir::new();
    for name in [
        "../x",
        "a/../../x",
        "/tmp/x",
        "..",
        ".",
        "./x",
        "a//x",
        "C:x",
        "c:/x",
        "a\\..\\x",
        "\\x",
        "a\0b",
        "a/",
        "a/..",
        "x\ny",
    ] {
        dir.write("bad.phar", handmade(&[(b"good", 0o644), (name.as_bytes(), 0o644)]));
        let bytes = fs::read(dir.path("bad.phar")).unwrap();
        // A name that ends with `/` is a directory, and a good one.
        if name == "a/" {
            continue;
        }
        let run = dir.fail(["phar", "extract", "bad.phar", "-o", "out"]);
        assert!(run.stderr.contains("the name"), "{name:?} {run}");
        assert!(!dir.path("out").exists() && bytes == fs::read(dir.path("bad.phar")).unwrap());
    }
    for names in [["a", "a"], ["a", "a/b"], ["a/b", "a"]] {
        let entries = names.map(|name| (name.as_bytes(), 0o644));
        dir.write("bad.phar", handmade(&entries));
        let run = dir.fail(["phar", "extract", "bad.phar", "-o", "out"]);
        assert!(!dir.path("out").exists(), "{run}");
    }
}

#[test]
fn no_link_leads_out_of_the_target() {
    let dir = packed();
    dir.folder("elsewhere");
    dir.folder("out");
    symlink(dir.path("elsewhere"), dir.path("out/lib")).unwrap();
    for more in [&[][..], &["--overwrite"]] {
        let args = ["phar", "extract", "app.phar", "-o", "out"];
        let run = dir.fail(args.iter().chain(more));
        assert!(run.stderr.contains("out/lib is no folder"), "{run}");
    }
    // A link in the place of a file is replaced, not followed.
    fs::remove_file(dir.path("out/lib")).unwrap();
    dir.write("elsewhere/x", "mine");
    symlink(dir.path("elsewhere/x"), dir.path("out/main.php")).unwrap();
    done(&dir.run(["phar", "extract", "app.phar", "-o", "out", "--overwrite"]));
    assert_eq!(dir.text("elsewhere/x"), "mine");
}

#[test]
fn a_damaged_archive_leaves_nothing_behind() {
    let dir = packed();
    let bytes = fs::read(dir.path("app.phar")).unwrap();
    for at in [300, bytes.len() - 60] {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        dir.write("bad.phar", bytes);
        let run = dir.fail(["phar", "extract", "bad.phar", "-o", "out/deep"]);
        assert!(!dir.path("out").exists(), "{run}");
    }
    for len in (0..bytes.len()).step_by(3) {
        dir.write("bad.phar", &bytes[..len]);
        let run = dir.fail(["phar", "extract", "bad.phar", "-o", "out"]);
        assert_eq!(run.stderr.matches("error[").count(), 1, "{run}");
        assert!(!dir.path("out").exists(), "{run}");
    }
    // Without a signature the CRC tells: these say that they are not empty.
    let mut lying = handmade(&[(b"a", 0o644), (b"b", 0o1_0644)]);
    let at = lying.len() - 4 - 4 - 16;
    lying[at] = 5;
    dir.write("bad.phar", lying);
    let run = dir.fail(["phar", "extract", "bad.phar", "-o", "out"]);
    assert!(run.stderr.contains("cannot read b of bad.phar"), "{run}");
    assert!(!dir.path("out").exists(), "{run}");
}

#[test]
fn a_number_that_lies_leaves_nothing_behind() {
    let dir = Dir::new();
    let empty: [(&[u8], u32); 2] = [(b"a", 0o644), (b"b", 0o644)];
    let start = b"<?php __HALT_COMPILER();".len();
    let bytes = [handmade(&empty), vec![0; 64]].concat();
    let mut refused = 0;
    for at in start..bytes.len() - 64 - 3 {
        for number in [u32::MAX, 0x7fff_ffff, 1 << 20] {
            let mut bytes = bytes.clone();
            bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
            dir.write("bad.phar", bytes);
            let run = dir.run(["phar", "extract", "bad.phar", "-o", "out"]);
            if run.code == 0 {
                // A time or a mode, say.
                fs::remove_dir_all(dir.path("out")).unwrap();
                continue;
            }
            assert_eq!((run.code, run.stderr.matches("error[").count()), (2, 1), "{run}");
            assert!(!dir.path("out").exists(), "{run}");
            refused += 1;
        }
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let dir = Dir::new();
    dir.write("app/zeros", vec![0; 2 << 20]);
    for compress in ["gz", "bz2"] {
        done(&dir.run(["phar", "create", "app", "-o", "a.phar", "--compress", compress]));
        let run = dir.fail(["phar", "extract", "a.phar", "-o", "out", "--limit", "1M"]);
        assert!(run.stderr.contains("2,097,152 bytes, the limit is 1,048,576"), "{run}");
        assert_eq!(dir.fail(["phar", "verify", "a.phar", "--limit", "1M"]).code, 2);
        done(&dir.run(["phar", "verify", "a.phar", "--limit", "2M"]));
    }
}

#[test]
fn other_files_are_refused() {
    let dir = Dir::new();
    dir.write("a.zip", "PK\x03\x04");
    dir.write("a.php", "<?php echo 1;");
    dir.folder("folder");
    assert_run!(dir.fail(["phar", "info", "a.zip"]));
    assert_run!(dir.fail(["phar", "list", "a.php"]));
    for path in ["folder", "missing", "/dev/null"] {
        assert_eq!(dir.fail(["phar", "verify", path]).code, 2);
    }
}

#[test]
fn differences_are_those_of_the_code() {
    let dir = packed();
    dir.write("app/lib/greeting.php", "<?php function greet() { return 'Bye'; }\n");
    dir.write("app/main.php", dir.text("app/main.php").replace("start", "end"));
    dir.write("app/new", "");
    fs::remove_file(dir.path("app/lib/notes.txt")).unwrap();
    let args = ["phar", "create", "app", "-o", "b.phar", "--main", "main.php", "--alias", "a"];
    done(&dir.run(args.iter().chain(&["--compress", "gz"])));
    assert_run!(dir.run(["phar", "diff", "app.phar", "b.phar"]));
    assert_run!(dir.run(["phar", "diff", "--bytes", "b.phar", "app.phar"]));
}
