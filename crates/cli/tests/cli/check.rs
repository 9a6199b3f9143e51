//! `tilde check`.

use crate::util::{Dir, assert_run};

#[test]
fn nothing_would_change() {
    let dir = Dir::project();
    assert_eq!(dir.run(["build"]).code, 0);
    let before = dir.files_left();
    let run = dir.run(["check"]);
    assert_run!(run);
    assert_eq!(dir.files_left(), before);
}

#[test]
fn something_would_change() {
    let dir = Dir::project();
    assert_eq!(dir.run(["build"]).code, 0);
    dir.write("lib/b.php", "<?php\nfunction b() { return 3; }\n");
    let before = dir.files_left();
    let run = dir.run(["check"]);
    assert_eq!(run.code, 1, "{run}");
    let text = run.text();
    assert!(text.starts_with(
        "--- out/all.php (on disk)\n+++ out/all.php (would be written)\nfrom lib/b.php\n@@"
    ));
    assert!(text.lines().any(|line| line.starts_with('-') && line.contains("return 2")), "{text}");
    assert!(text.lines().any(|line| line.starts_with('+') && line.contains("return 3")), "{text}");
    assert_eq!(dir.files_left(), before);
}

#[test]
fn a_missing_output_is_a_difference() {
    let dir = Dir::project();
    let before = dir.files_left();
    let run = dir.run(["check"]);
    assert_run!(run);
    assert_eq!(dir.files_left(), before);
}

/// A project whose output is on disk, and then one source is changed.
fn stale(config: &str, old: &str, new: &str) -> Dir {
    let dir = Dir::project();
    let bundle = dir.text("tilde.toml");
    dir.write("tilde.toml", format!("{bundle}{config}\n"));
    dir.write("lib/b.php", old);
    assert_eq!(dir.run(["build"]).code, 0);
    dir.write("lib/b.php", new);
    dir
}

#[test]
fn bytes_that_are_no_text_stay_bytes() {
    let dir = stale("", "<?php\n$b = 1;\n", "");
    dir.write("lib/b.php", b"<?php\n$b = '\xd6\xd0';\n");
    let run = dir.run(["check"]);
    assert!(run.stdout.windows(2).any(|bytes| bytes == b"\xd6\xd0"));
}

#[test]
fn words_that_differ_are_reversed_in_colour() {
    let dir = stale("", "<?php\n$price = 1 + 2;\n", "<?php\n$price = 1 + 3;\n");
    let run = dir.run(["check", "--color", "always"]);
    assert!(run.text().contains("\x1b[32m+$price=1+\x1b[7m3\x1b[0m\x1b[32m;"), "{run}");
}

const CART: &str = "<?php
class Cart
{
    private $items = array();
    function add($item) { $this->items[] = $item; return $this; }
    function total($rate)
    {
        $sum = 0;
        foreach ($this->items as $item) {
            $sum += $item['price'] * $item['count'];
        }
        return $sum * (1 + $rate);
    }
}
";

/// The output is one line, and of the change there are a few.
#[test]
fn one_long_line_is_laid_out() {
    let new = CART.replace("$sum = 0;", "$sum = $rate;").replace("1 + $rate", "1.0 + $rate");
    let dir = stale("style = \"tight\"", CART, &new);
    assert!(dir.text("out/all.php").lines().any(|line| line.len() > 200));
    assert_run!(dir.run(["check"]));
    assert_run!(dir.run(["check", "--stat"]));
}

#[test]
fn symbols_are_added_removed_moved_and_renamed() {
    let old =
        format!("{CART}function f() {{ return 1; }}\nfunction g() {{ return 'some text'; }}\n");
    let new = "<?php\nfunction h() { return 'some text'; }\n".to_owned()
        + &CART["<?php\n".len()..]
        + "function i() {}\n";
    assert_run!(stale("", &old, &new).run(["check"]));
}

#[test]
fn only_lines_moved_is_one_finding() {
    let many: Vec<String> = (0..2000).map(|index| format!("f({index});\n")).collect();
    let many = many.concat();
    let old = format!("<?php\n{many}");
    let dir = stale("", &old, &old.replacen("f(0);\n", "f(0); ", 1));
    let run = dir.run(["check"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(run.text().contains("only lines moved\n") && run.text().lines().count() == 3, "{run}");
    let run = dir.run(["check", "--output-format", "short"]);
    assert_eq!(
        run.text(),
        "out/all.php:1:1: warning[T-LINES]: out/all.php is stale: only lines moved\n"
    );
    assert_eq!(dir.run(["check", "--allow", "T-LINES"]).code, 0);
    let run = dir.run(["check", "--allow", "T-LINES:out"]);
    assert!(run.code == 0 && run.text().is_empty(), "{run}");
}

#[test]
fn comments_and_blanks_within_their_lines_are_no_difference() {
    let old = "<?php\nf( 1 ); // one\n/* two */\ng();\n";
    let new = "<?php\nf(1);\n\ng();   // another comment\n";
    let run = stale("", old, new).run(["check"]);
    assert_eq!((run.code, run.text()), (0, ""), "{run}");
}

#[test]
fn doc_comments_are_only_comments() {
    let old = "<?php\n/** One. */\nfunction f() {}\n";
    let run = stale("", old, &old.replace("One", "Two")).run(["check"]);
    assert!(run.code == 1 && run.text().ends_with("only blanks and comments differ\n"), "{run}");
}

#[test]
fn quiet_is_only_the_status() {
    for name in ["text", "short", "github"] {
        let dir = stale("", "<?php\nf();\n", "<?php\ng();\n");
        let run = dir.run(["check", "-q", "--output-format", name]);
        assert_eq!((run.code, run.text(), &*run.stderr), (1, "", ""), "{run}");
        assert_eq!(dir.run(["build"]).code, 0);
        assert_eq!(dir.run(["check", "-q", "--output-format", name]).code, 0);
        dir.write("lib/b.php", "<?php\nf(;\n");
        let run = dir.fail(["check", "-q", "--output-format", name]);
        assert!(run.stderr.contains("T-SYNTAX"), "{run}");
    }
}

#[test]
fn long_diffs_are_cut_unless_all_is_wanted() {
    let function = |index: usize| format!("function f{index}() {{ a(); }}\n");
    let many: Vec<String> = (0..400).map(function).collect();
    let many = many.concat();
    let dir =
        stale("", &format!("<?php\n{many}"), &format!("<?php\n{}", many.replace("a()", "b()")));
    let run = dir.run(["check"]);
    assert!(run.text().lines().count() < 200, "{run}");
    assert!(run.text().ends_with("more hunks; --full shows all\n"), "{run}");
    let run = dir.run(["check", "--full"]);
    assert_eq!(run.text().lines().filter(|line| line.contains("+    b();")).count(), 400, "{run}");
}

#[test]
fn the_hint_repeats_the_options() {
    let dir = Dir::project();
    let run = dir.run(["check", "--stat", "--color", "never", "lib/a.php", "-o", "it's.php"]);
    let hint = r"`tilde build lib/a.php -o 'it'\''s.php'` writes them";
    assert!(run.stderr.contains(hint), "{run}");
    assert_eq!(dir.run(["build", "lib/a.php", "-o", "it's.php"]).code, 0);
    assert_eq!(dir.run(["check", "lib/a.php", "-o", "it's.php"]).code, 0);
}

#[test]
fn a_stale_map_is_no_diff() {
    let dir = stale("map = true", "<?php\nf();\n", "<?php\ng();\n");
    let run = dir.run(["check"]);
    assert!(
        run.text().contains("+++ out/all.php.map (would be written)\nit is the map of"),
        "{run}"
    );
}

/// What goes is shown at the source that it came from, if a map tells.
#[test]
fn removed_code_has_a_source_where_a_map_tells() {
    let dir = stale("map = true", "<?php\nf();\nfunction g() {}\n", "<?php\nf();\n");
    let run = dir.run(["check"]);
    assert!(run.text().contains("@@ lib/b.php:3 in g()\n"), "{run}");
}

#[test]
fn an_error_is_no_difference() {
    let dir = Dir::project();
    dir.write("lib/b.php", "<?php\n$b = spl_autoload_register();\n");
    let run = dir.fail(["check"]);
    assert_eq!(run.text(), "");
}

#[test]
fn standard_output_cannot_be_compared() {
    assert_run!(Dir::project().fail(["check", "lib/a.php", "-o", "-"]));
}

/// What a build only notes does not hide what differs.
#[test]
fn many_notes_are_counted() {
    let dir = Dir::project();
    let of = |files: usize| {
        for index in 0..files {
            dir.write(format!("lib/c{index}.php"), "#!/usr/bin/env php\n<?php\nc();\n");
        }
        let allow = ["--allow", "T-SHEBANG"];
        assert_eq!(dir.run([&["build"][..], &allow].concat()).code, 0);
        dir.run([&["check"][..], &allow].concat())
    };
    let run = of(10);
    assert_eq!(run.stderr.matches("note[T-SHEBANG]").count(), 10, "{run}");
    let run = of(11);
    assert!(run.code == 0 && !run.stderr.contains("note["), "{run}");
    assert!(run.stderr.contains("11 notes, which `tilde build` shows: 11 T-SHEBANG\n"), "{run}");
}
