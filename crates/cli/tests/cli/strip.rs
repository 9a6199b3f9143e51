//! `tilde strip`.

use crate::util::{Dir, assert_run};

#[test]
fn several_files_come_in_order() {
    let dir = Dir::new();
    let mut args = vec!["strip".to_owned()];
    for index in 0..1_200 {
        dir.write(format!("{index}.php"), format!("<?php // {index}\n$a = 'x{index}x';\n"));
        args.push(format!("{index}.php"));
    }
    let run = dir.run(args);
    assert_eq!(run.code, 0, "{run}");
    let found = |index: usize| run.text().find(&format!("'x{index}x'")).unwrap();
    assert!((1..1_200).all(|index| found(index - 1) < found(index)));
    assert!(!run.text().contains("//"));
}

#[test]
fn standard_input_is_the_default() {
    let run = Dir::new().tilde(["strip"]).run_with("<?php /* c */ echo 1;\n");
    assert_eq!(run.code, 0, "{run}");
    assert!(!run.text().contains("/*") && run.text().contains("echo 1;"), "{run}");
}

#[test]
fn the_style_php_is_php_strip_whitespace() {
    let dir = Dir::new();
    dir.write(
        "a.php",
        "<html>\n<?php\n/** doc */\nfunction  a( $b )\n{\n  // c\n  return 1;\n}\n?>\nend\n",
    );
    let ours = dir.run(["strip", "--style", "php", "a.php"]);
    let php =
        std::process::Command::new("php").args(["-w", "a.php"]).current_dir(dir.path("")).output();
    let php = php.expect("php is needed for the tests: apt-get install php-cli");
    assert_eq!(String::from_utf8(ours.stdout), String::from_utf8(php.stdout));
}

#[test]
fn doc_comments_stay_on_demand() {
    let dir = Dir::new();
    dir.write("a.php", "<?php\n/** doc */\nfunction a() {}\n");
    assert!(!dir.run(["strip", "a.php"]).text().contains("doc"));
    assert!(!dir.run(["strip", "a.php", "--no-docs"]).text().contains("doc"));
    assert!(dir.run(["strip", "a.php", "--keep-docs"]).text().contains("/** doc */"));
}

#[test]
fn a_missing_file_does_not_stop_the_others() {
    let dir = Dir::new();
    dir.write("a.php", "<?php\n$a = 1;\n");
    dir.write("c.php", "<?php\n$c = 1;\n");
    let run = dir.fail(["strip", "a.php", "b.php", "c.php"]);
    assert_run!(run);
}

#[test]
fn a_folder_takes_them_by_their_paths() {
    let dir = Dir::project();
    assert_eq!(dir.run(["strip", "--out-dir", "dist", "lib/a.php", "./lib/b.php"]).code, 0);
    assert!(!dir.text("dist/lib/a.php").contains("one"));
    assert!(dir.text("dist/lib/b.php").contains("function b()"));
    let before = dir.files_left();
    assert_eq!(dir.run(["strip", "--out-dir", "dist", "lib/a.php", "lib/b.php"]).code, 0);
    assert_eq!(dir.files_left(), before);
}

#[test]
fn a_folder_never_takes_the_place_of_sources() {
    assert_run!(Dir::project().fail(["strip", "--out-dir", ".", "lib/a.php"]));
}

#[test]
fn a_folder_takes_nothing_from_outside() {
    assert_run!(Dir::project().fail(["strip", "--out-dir", "dist", "../a.php", "-"]));
}

#[test]
fn the_output_is_the_same_on_any_number_of_threads() {
    let dir = Dir::new();
    let mut list = Vec::new();
    for index in 0..200 {
        // Files of very different sizes end in another order than they begin.
        let body = format!("$a = 'x{index}x'; ").repeat(1 + index * 7919 % 5000);
        dir.write(format!("{index}.php"), format!("<?php\n// {index}\n{body}\n"));
        list.extend([format!("{index}.php"), format!("missing-{index}.php")]);
    }
    dir.write("list", list.join("\n"));
    let run = |threads: &str| dir.run(["strip", "--files-from", "list", "-j", threads]);
    let one = run("1");
    assert_eq!(one.code, 2, "{one}");
    for threads in ["2", "3", "40"] {
        let many = run(threads);
        assert_eq!(many.code, 2);
        assert!(many.stdout == one.stdout, "other bytes on {threads} threads");
        assert_eq!(many.stderr, one.stderr);
    }
}

#[test]
fn files_that_do_not_know_their_length_are_read_whole() {
    let dir = Dir::new();
    let source = format!("<?php /* c */ $a = '{}';", "x".repeat(100_000));
    dir.write("a.php", &source);
    let expected = dir.run(["strip", "a.php"]).stdout;
    let piped = dir.tilde(["strip", "/dev/stdin"]).run_with(&source);
    assert!(piped.stdout == expected);
}

#[test]
fn absolute_paths_keep_the_tree_below_their_common_folder() {
    let dir = Dir::new();
    let other = Dir::project();
    let path = |name: &str| other.path(name).into_os_string();
    other.write("lib/deep/c.php", "<?php echo 3;\n");
    let args = ["strip".into(), "--out-dir".into(), "dist".into()];
    let run = dir.run(args.into_iter().chain([path("lib/a.php"), path("lib/deep/c.php")]));
    assert_eq!(run.code, 0, "{run}");
    assert!(dir.path("dist/a.php").exists() && dir.path("dist/deep/c.php").exists());
}

#[test]
fn folders_stand_for_the_php_files_in_them() {
    let dir = Dir::project();
    dir.write("lib/deep/c.php", "<?php echo 3;\n");
    dir.write("lib/read.me", "no PHP");
    assert_eq!(dir.run(["strip", "lib", "--out-dir", "dist"]).code, 0);
    assert!(dir.path("dist/lib/deep/c.php").exists() && !dir.path("dist/lib/read.me").exists());
    let run = dir.run(["tokens", "lib"]);
    let files: Vec<&str> = run.text().lines().filter(|line| line.starts_with("# ")).collect();
    assert_eq!(files, ["# lib/a.php", "# lib/b.php", "# lib/deep/c.php"]);
    let run = dir.fail(["strip", "out"]);
    assert!(run.stderr.contains("there is no PHP file in out"), "{run}");
}

#[test]
fn doc_comments_stay_only_where_the_style_can_keep_them() {
    for style in ["php", "thinkphp-2.0", "thinkphp-2.2"] {
        let run = Dir::project().fail(["strip", "--keep-docs", "--style", style, "lib/a.php"]);
        assert!(run.stderr.contains("cannot keep doc comments"), "{run}");
        let run = Dir::project().fail(["build", "--docs", "keep", "--style", style]);
        assert!(run.stderr.contains("the styles lines and tight can"), "{run}");
    }
    for style in ["lines", "tight"] {
        let args = ["strip", "--keep-docs", "--style", style];
        let run = Dir::new().tilde(args).run_with("<?php /** doc */ function f() {}");
        assert!(run.text().contains("/** doc */"), "{run}");
    }
}
