//! Bad input: exit code 2, one clear message, and every file as it was.

use std::fs::{self, File};
use std::os::unix::fs::symlink;

use crate::util::{Dir, assert_run};

/// The usual project, built, with this configuration instead.
fn configured(config: &str) -> Dir {
    let dir = Dir::project();
    assert_eq!(dir.run(["build"]).code, 0);
    dir.write("tilde.toml", config);
    dir
}

fn bundle(files: &str) -> Dir {
    configured(&format!("[[bundle]]\nfiles = {files}\noutput = \"out/all.php\"\n"))
}

#[test]
fn missing_file() {
    assert_run!(bundle("[\"lib/a.php\", \"lib/nope.php\"]").fail(["build"]));
}

#[test]
fn missing_file_on_the_command_line() {
    assert_run!(Dir::project().fail(["build", "nope.php", "gone.php", "-o", "out/all.php"]));
}

#[test]
fn missing_project() {
    assert_run!(Dir::new().fail(["build", "shop"]));
}

#[test]
fn no_configuration() {
    assert_run!(Dir::new().fail(["build"]));
}

#[test]
fn files_without_an_output() {
    assert_run!(Dir::project().fail(["build", "lib/a.php", "lib/b.php"]));
}

#[test]
fn one_file_without_an_output() {
    assert_run!(Dir::project().fail(["build", "lib/a.php"]));
}

#[test]
fn list_without_an_output() {
    assert_run!(Dir::project().fail(["build", "--files-from", "list"]));
}

#[test]
fn path_through_a_file() {
    assert_run!(bundle("[\"lib/a.php/b.php\"]").fail(["build"]));
}

#[test]
fn folder_without_php() {
    let dir = bundle("[\"empty\"]");
    dir.write("empty/notes.txt", "");
    assert_run!(dir.fail(["build"]));
}

#[test]
fn dangling_link() {
    let dir = bundle("[\"lib/link.php\"]");
    symlink("nowhere.php", dir.path("lib/link.php")).unwrap();
    assert_run!(dir.fail(["build"]));
}

#[test]
fn link_to_itself() {
    let dir = bundle("[\"lib/link.php\"]");
    symlink("link.php", dir.path("lib/link.php")).unwrap();
    assert_run!(dir.fail(["build"]));
}

#[test]
fn dangling_link_under_a_pattern() {
    let dir = bundle("[\"lib/*.php\"]");
    symlink("nowhere.php", dir.path("lib/link.php")).unwrap();
    assert_run!(dir.fail(["build"]));
}

#[test]
fn loop_of_folders_under_a_pattern() {
    let dir = bundle("[\"lib/**/*.php\"]");
    symlink("../lib", dir.path("lib/again")).unwrap();
    assert_run!(dir.fail(["build"]));
}

#[test]
fn file_of_four_gibibytes() {
    let dir = bundle("[\"lib/a.php\", \"huge.php\"]");
    File::create(dir.path("huge.php")).unwrap().set_len(1 << 32).unwrap();
    assert_run!(dir.fail(["build"]));
}

#[test]
fn bundle_of_four_gibibytes() {
    let dir = bundle("[\"lib/a.php\", \"one.php\", \"two.php\"]");
    for name in ["one.php", "two.php"] {
        File::create(dir.path(name)).unwrap().set_len(1 << 31).unwrap();
    }
    let run = dir.fail(["build"]);
    assert!(run.stderr.contains("error[T-OUTPUT]: the bundle `all.php` would have 42949"), "{run}");
}

#[test]
fn file_of_many_declarations() {
    let dir = bundle("[\"lib/a.php\"]");
    let declared = |count| "<?php\n".to_owned() + &"function f() {}\n".repeat(count);
    dir.write("lib/a.php", declared(200_001));
    let run = dir.fail(["build"]);
    let limit = "error[T-DECLARATIONS]: the file has more than 200000 declarations, which no";
    assert!(run.stderr.contains(limit) && run.stderr.contains("lib/a.php:200002:10"), "{run}");
    assert_eq!(dir.run(["lint", "lib/a.php"]).code, 0);
    dir.write("lib/a.php", declared(200_000));
    assert_eq!(dir.run(["build"]).code, 0);
}

/// Nobody reads more of a kind, and each takes memory.
#[test]
fn file_with_many_mistakes() {
    let dir = Dir::new();
    dir.write("a.php", "<?php\n".to_owned() + &"echo __FILE__;\n".repeat(10_001));
    let run = dir.fail(["build", "--php", "5.2", "a.php", "-o", "out.php"]);
    assert!(run.stderr.contains("error[T-MAGIC]: `__FILE__` would name the bundle"), "{run}");
    assert!(run.stderr.ends_with("\n10000 errors\n"), "{run}");
}

#[test]
fn unreadable_file() {
    // Opens, and then fails to be read, even for root.
    assert_run!(Dir::project().fail(["build", "/proc/self/mem", "-o", "out/all.php"]));
}

#[test]
fn pattern_without_a_match() {
    assert_run!(bundle("[\"lib/*.inc\"]").fail(["build"]));
}

#[test]
fn pattern_in_a_missing_folder() {
    assert_run!(bundle("[\"src/**/*.php\"]").fail(["build"]));
}

#[test]
fn broken_pattern() {
    assert_run!(bundle("[\"lib/[a.php\"]").fail(["build"]));
}

#[test]
fn pattern_that_is_too_large() {
    let pattern = format!("[\"lib/{}\"]", "{a,b}?*".repeat(585));
    let run = bundle(&pattern).fail(["build", "--output-format", "short"]);
    let said = "T-PATTERN]: cannot use the pattern `lib/{a,b}?*{a,b}";
    assert!(run.stderr.contains(said), "{run}");
    assert!(run.stderr.contains("…`: it has 4099 bytes, and the limit is 4096"), "{run}");
}

/// Whatever is within the limit costs little.
#[test]
fn patterns_of_the_largest_size() {
    let nested = format!("{}{}", "{a,".repeat(1022), "}".repeat(1022));
    for pattern in ["{a,b}?*".repeat(584), "**/".repeat(1363), "[^a-c]*".repeat(584), nested] {
        let run = bundle(&format!("[\"lib/{pattern}\"]")).run(["build", "-q"]);
        assert!(matches!(run.code, 0 | 2), "{run}");
    }
}

/// Both once took time by the square of their number.
#[test]
fn configurations_with_many_tables_and_many_mistakes() {
    let table = |n| format!("[[bundle]]\nfiles = [\"lib/a.php\"]\noutput = \"out/{n}.php\"\n");
    let tables = (0..20_000).map(table).collect::<String>();
    let dir = Dir::project();
    dir.write("tilde.toml", &tables);
    let run = dir.run(["build", "--dry-run", "-q"]);
    assert_eq!(run.code, 0, "{run}");
    let unknown = (0..200_000).map(|n| format!("key{n} = 1")).collect::<Vec<_>>().join("\n");
    dir.write("tilde.toml", unknown);
    let run = dir.fail(["build", "-q"]);
    assert!(run.stderr.contains("unknown key `key0` in tilde.toml"), "{run}");
}

#[test]
fn configuration_that_is_too_large() {
    let dir = Dir::project();
    let config = dir.text("tilde.toml");
    let comment = |len: usize| format!("{config}#{}", "x".repeat(len - config.len() - 1));
    dir.write("tilde.toml", comment(4_000_000));
    assert_eq!(dir.run(["build", "-q"]).code, 0);
    dir.write("tilde.toml", comment(4_000_001));
    let run = dir.fail(["build", "-q"]);
    let limit = "it is larger than 4 MB, the limit of a configuration; name files by patterns";
    assert!(run.stderr.contains(&format!("cannot read tilde.toml: {limit}")), "{run}");
    dir.write("tilde.toml", config);
    dir.write("composer.json", format!("{{{}}}", " ".repeat(4_000_000)));
    let run = dir.fail(["build", "-q"]);
    assert!(run.stderr.contains(&format!("cannot read composer.json: {limit}")), "{run}");
}

#[test]
fn configuration_with_every_mistake() {
    let config = "\
[target]
php = 7.4
short-tag = true

[[bundle]]
name = \"first\"
files = \"lib/a.php\"
ouput = \"out/all.php\"

[[bundle]]
files = []
style = \"dense\"
runtime-blocks = \"drop\"
docs = true

[bundles]
";
    assert_run!(configured(config).fail(["build"]));
}

#[test]
fn configuration_with_a_syntax_error() {
    assert_run!(configured("[[bundle]]\nfiles = [\"a.php\"\noutput = \"x\"\n").fail(["build"]));
}

#[test]
fn configuration_that_is_no_text() {
    let dir = configured("");
    dir.write("tilde.toml", b"[[bundle]]\nname = \"\xd6\xd0\"\n");
    assert_run!(dir.fail(["build"]));
}

#[test]
fn configuration_without_a_bundle() {
    assert_run!(configured("").fail(["build"]));
}

#[test]
fn configuration_that_is_missing() {
    assert_run!(Dir::project().fail(["build", "--config", "other.toml"]));
}

#[test]
fn unknown_version() {
    assert_run!(configured("[target]\nphp = \"9.1\"\n").fail(["build"]));
}

#[test]
fn unknown_version_and_style_on_the_command_line() {
    let dir = Dir::project();
    assert_run!(dir.fail(["build", "--php", "4.4"]));
    let run = dir.fail(["build", "--style", "dense"]);
    assert!(run.stderr.contains("thinkphp-2.2"), "{run}");
}

#[test]
fn broken_composer_json() {
    let dir = Dir::project();
    dir.write("composer.json", "{\n  \"require\": {,}\n}\n");
    assert_run!(dir.fail(["build"]));
    assert_eq!(dir.run(["build", "--php", "8.1"]).code, 0);
}

#[test]
fn two_bundles_with_one_output() {
    let one = "[[bundle]]\nname = \"one\"\nfiles = [\"lib/a.php\"]\noutput = \"out/all.php\"\n";
    let two =
        "[[bundle]]\nname = \"two\"\nfiles = [\"lib/b.php\"]\noutput = \"lib/../out/all.php\"\n";
    assert_run!(configured(&format!("{one}{two}")).fail(["build"]));
}

#[test]
fn two_bundles_with_one_name_in_out() {
    let one = "[[bundle]]\nname = \"one\"\nfiles = [\"lib/a.php\"]\noutput = \"out/all.php\"\n";
    let two = "[[bundle]]\nname = \"two\"\nfiles = [\"lib/b.php\"]\noutput = \"lib/all.php\"\n";
    let dir = configured(&format!("{one}{two}"));
    dir.folder("dist");
    assert_run!(dir.fail(["build", "--out", "dist"]));
}

#[test]
fn one_file_named_twice() {
    let run = Dir::project().fail(["build", "lib/a.php", "./lib/a.php", "-o", "out/all.php"]);
    assert!(run.stderr.contains("lib/a.php and ./lib/a.php are the same file"), "{run}");
}

#[test]
fn output_that_is_an_input() {
    assert_run!(Dir::project().fail(["build", "lib/a.php", "lib/b.php", "-o", "lib/a.php"]));
}

#[test]
fn output_that_is_an_input_by_a_link() {
    let dir = Dir::project();
    symlink("lib/a.php", dir.path("all.php")).unwrap();
    assert_run!(dir.fail(["build", "lib/a.php", "-o", "all.php"]));
}

#[test]
fn output_that_is_an_input_by_another_name() {
    let dir = Dir::project();
    fs::hard_link(dir.path("lib/a.php"), dir.path("all.php")).unwrap();
    assert_run!(dir.fail(["build", "lib/a.php", "-o", "all.php"]));
}

#[test]
fn output_that_a_pattern_takes_in() {
    let dir = configured("[[bundle]]\nfiles = [\"**/*.php\"]\noutput = \"new.php\"\n");
    assert_run!(dir.fail(["build"]));
}

#[test]
fn metafile_that_is_an_input() {
    assert_run!(Dir::project().fail(["build", "--metafile", "lib/a.php"]));
}

#[test]
fn output_folder_is_missing() {
    let dir = configured("[[bundle]]\nfiles = [\"lib/*.php\"]\noutput = \"Runtime/x.php\"\n");
    assert_run!(dir.fail(["build"]));
}

#[test]
fn out_is_missing() {
    assert_run!(Dir::project().fail(["build", "--out", "dist"]));
}

#[test]
fn output_is_a_folder() {
    assert_run!(Dir::project().fail(["build", "lib/a.php", "-o", "out"]));
}

#[test]
fn one_output_cannot_be_written() {
    // The first could be written, but not without the second.
    let one = "[[bundle]]\nfiles = [\"lib/a.php\"]\noutput = \"out/all.php\"\n";
    let two = "[[bundle]]\nfiles = [\"lib/b.php\"]\noutput = \"/proc/all.php\"\n";
    let dir = configured(&format!("{one}{two}"));
    assert_run!(dir.fail(["build", "--allow", "T-OUTSIDE"]));
}

#[test]
fn all_errors_of_a_build_are_shown() {
    let dir = Dir::project();
    assert_eq!(dir.run(["build"]).code, 0);
    dir.write("lib/a.php", "<?php\nfunction a() {\n");
    dir.write("lib/b.php", "<?php\n$caf\u{e9} = '\t\u{4e2d}'; $b = spl_autoload_register();\n");
    assert_run!(dir.fail(["build"]));
}

/// The usual project, built, with this text in one of its files.
fn broken(text: &str) -> Dir {
    let dir = Dir::project();
    assert_eq!(dir.run(["build"]).code, 0);
    dir.write("lib/b.php", text);
    dir
}

#[test]
fn unterminated_comment() {
    assert_run!(broken("<?php\n$b = 1;\n  /* never\nclosed\n").fail(["build"]));
}

#[test]
fn unterminated_string() {
    assert_run!(broken("<?php\n$b = 'never\nclosed;\n").fail(["build"]));
}

#[test]
fn unterminated_string_with_a_variable() {
    assert_run!(broken("<?php\n$b = \"never $closed;\n").fail(["build"]));
}

#[test]
fn unterminated_heredoc() {
    assert_run!(broken("<?php\n$b = <<<TEXT\nnever closed\n").fail(["build"]));
}

#[test]
fn marker_without_an_end() {
    assert_run!(broken("<?php\n//[RUNTIME]\n$b = 1;\n").fail(["build"]));
}

#[test]
fn marker_without_a_start() {
    assert_run!(broken("<?php\n$b = 1;\n//[/RUNTIME]\n").fail(["build"]));
}

#[test]
fn marker_inside_another() {
    let text = "<?php\n//[RUNTIME]\n$b = 1;\n//[RUNTIME]\n$c = 2;\n//[/RUNTIME]\n//[/RUNTIME]\n";
    assert_run!(broken(text).fail(["build"]));
}

#[test]
fn errors_in_bytes_that_are_no_text() {
    let dir = Dir::project();
    dir.write("lib/b.php", b"<?php\n\t$b = '\xd6\xd0\xce\xc4' . spl_autoload_register();\n");
    assert_run!(dir.fail(["build"]));
}

#[test]
fn errors_in_a_very_long_line() {
    let dir = Dir::project();
    let noise = "$a = 1; ".repeat(100_000);
    dir.write("lib/b.php", format!("<?php\n{noise}$b = spl_autoload_register(); {noise}\n"));
    assert_run!(dir.fail(["build"]));
}

#[test]
fn very_many_errors() {
    let dir = Dir::project();
    dir.write("lib/b.php", "<?php\n".to_owned() + &"$b = spl_autoload_register();\n".repeat(1_000));
    let run = dir.fail(["build", "--output-format", "short"]);
    assert_eq!(run.stderr.lines().count(), 52, "{run}");
    assert!(run.stderr.ends_with("... and 950 more\n1000 errors\n"), "{run}");
}

#[test]
fn an_error_is_not_lost_among_notes() {
    let one = "[[bundle]]\nfiles = [\"lib\"]\noutput = \"one.php\"\n";
    let two = "[[bundle]]\nfiles = [\"b.php\"]\noutput = \"two.php\"\n";
    let dir = configured(&format!("{one}{two}"));
    for index in 0..60 {
        let name = format!("C{index}");
        let code = format!("<?php\nif (!class_exists('{name}')) {{ class {name} {{}} }}\n");
        dir.write(format!("lib/a{index}.php"), code);
    }
    dir.write("b.php", "<?php\n)\n");
    let run = dir.fail(["build", "--output-format", "short"]);
    assert!(run.stderr.starts_with("b.php:2:1: error[T-SYNTAX]"), "{run}");
    assert!(run.stderr.contains("... and 11 more\n"), "{run}");
}

#[test]
fn formats_for_machines() {
    let dir = Dir::project();
    dir.write("lib/b.php", "<?php\n$b = spl_autoload_register();\n");
    assert_run!(dir.fail(["build", "--output-format", "short"]));
    let json = dir.fail(["build", "--output-format", "json"]).stderr;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["places"][0]["line"], 2);
    assert_eq!(json[0]["places"][0]["column"], 6);
    let github = dir.tilde(["build"]).env("GITHUB_ACTIONS", "true").run().stderr;
    assert!(github.starts_with("::error title=T-INCREL,file=lib/b.php,line=2,"), "{github}");
    let clean = dir.run(["build", "lib/a.php", "-o", "all.php", "--output-format", "json"]);
    assert_eq!(clean.stderr, "[]\n");
}

#[test]
fn colours() {
    let dir = Dir::project();
    let is_coloured = |run: crate::util::Run| run.stderr.contains('\x1b');
    assert!(!is_coloured(dir.fail(["build", "x.php"])));
    assert!(is_coloured(dir.fail(["build", "x.php", "--color", "always"])));
    assert!(is_coloured(dir.tilde(["build", "x.php"]).env("FORCE_COLOR", "1").run()));
    let both = dir.tilde(["build", "x.php"]).env("FORCE_COLOR", "1").env("NO_COLOR", "1");
    assert!(!is_coloured(both.run()));
}
