//! Maps, and `tilde where`, which reads them.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::util::{Dir, assert_run};

/// What PHP prints when it runs a script, with its complaints.
fn php(dir: &Dir, settings: &[&str], script: &str) -> String {
    let mut php = Command::new("php");
    php.args(["-n", "-d", "display_errors=1", "-d", "log_errors=0"]);
    php.args(["-d", "zend.exception_ignore_args=1"]);
    php.args(settings.iter().flat_map(|it| ["-d", it])).arg(script);
    let output = php.current_dir(dir.path("")).output().expect("this test runs PHP");
    String::from_utf8(output.stdout).unwrap()
}

/// The text with the places that tilde knows.
fn rewritten(dir: &Dir, text: &str) -> String {
    let run = dir.tilde(["where", "--log"]).run_with(text);
    assert_eq!(run.code, 0, "{run}");
    run.text().to_owned()
}

/// A project whose bundle has a map.
fn project() -> Dir {
    let dir = Dir::project();
    let config = dir.text("tilde.toml");
    dir.write("tilde.toml", config + "map = true\n");
    dir
}

#[test]
fn a_map_names_the_sources_as_seen_from_it() {
    let dir = project();
    assert_run!(dir.run(["build"]));
    let text = dir.text("out/all.php.map");
    let map = sourcemap::SourceMap::from_slice(text.as_bytes()).unwrap();
    assert_eq!(map.get_file(), Some("all.php"));
    assert_eq!(map.sources().collect::<Vec<_>>(), ["../lib/a.php", "../lib/b.php"]);
    // `function b` of lib/b.php.
    let output = dir.text("out/all.php");
    let line = output.lines().position(|line| line.starts_with("function b")).unwrap();
    let token = map.lookup_token(line as u32, 9).unwrap();
    assert_eq!((token.get_source(), token.get_src()), (Some("../lib/b.php"), (1, 9)));
}

#[test]
fn a_map_does_not_depend_on_threads_and_folders() {
    let maps: Vec<String> = [["build", "-j1"], ["build", "-j8"]]
        .map(|arguments| {
            let dir = project();
            assert_eq!(dir.run(arguments).code, 0);
            dir.text("out/all.php.map")
        })
        .to_vec();
    assert_eq!(maps[0], maps[1]);
}

#[test]
fn check_compares_maps() {
    let dir = project();
    assert_eq!(dir.run(["build"]).code, 0);
    assert_eq!(dir.run(["check"]).code, 0);
    // Another comment: the output stays, places in it do not.
    dir.write("lib/b.php", "<?php\n\n// two\nfunction b() { return 2; }\n");
    let run = dir.run(["check"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(run.text().starts_with("--- out/all.php.map (on disk)"), "{run}");
}

#[test]
fn companions_have_maps() {
    let dir = Dir::new();
    dir.write("a.php", "<?php\nfunction a() { return 1; }\n");
    dir.write("b.php", "<?php\ndeclare(strict_types=1);\n\nfunction b() { return 2; }\n");
    let run = dir.run(["build", "a.php", "b.php", "-o", "all.php", "--map"]);
    assert_eq!(run.code, 0, "{run}");
    let companion = dir.text("all.2.php");
    let line = companion.lines().position(|line| line.contains("return 2")).unwrap() + 1;
    let run = dir.run(["where", &format!("all.2.php:{line}")]);
    assert_eq!((run.code, run.text()), (0, "b.php:4:1\n"), "{run}");
}

#[test]
fn standard_output_has_no_map() {
    assert_run!(Dir::project().fail(["build", "lib/a.php", "-o", "-", "--map"]));
}

#[test]
fn xdebug_reads_one_source() {
    let dir = Dir::project();
    dir.write("lib/a.php", "<?php\nfunction a() {\n    return 1;\n\n    return 2;\n}\n");
    let run = dir.run(["build", "lib/a.php", "-o", "out/a.php", "--xdebug-map"]);
    assert_eq!(run.code, 0, "{run}");
    let source = dir.path("lib/a.php").canonicalize().unwrap();
    let source = source.display();
    let expected = format!("./a.php:2-3 = {source}:2-3\n./a.php:4-5 = {source}:5-6\n");
    assert!(dir.text("out/.xdebug/a.php.map").ends_with(&expected));
    assert!(!dir.path("out/a.php.map").exists());
    assert_run!(dir.run(["build", "lib/a.php", "lib/b.php", "-o", "out/all.php", "--xdebug-map"]));
}

#[test]
fn a_place_has_a_source() {
    let dir = project();
    assert_eq!(dir.run(["build"]).code, 0);
    let run = dir.run(["where", "out/all.php:2", "out/all.php:3:14", "out/all.php(3)"]);
    assert_eq!(run.text(), "lib/a.php:3:1\nlib/b.php:2:16\nlib/b.php:2:1\n", "{run}");
    assert_eq!(run.code, 0, "{run}");
    let out = dir.path("out");
    let run = dir.tilde(["where", "all.php:2"]).current_dir(&out).run();
    assert_eq!(run.text(), "../lib/a.php:3:1\n", "{run}");
}

#[test]
fn a_place_without_a_source() {
    let dir = project();
    dir.write("lib/b.php", "<?php\nnamespace B;\nfunction b() {}\n");
    assert_eq!(dir.run(["build"]).code, 0);
    assert_run!(dir.run(["where", "out/all.php:2", "out/all.php:99"]));
}

#[test]
fn a_line_of_several_lines() {
    let dir = project();
    dir.write("lib/b.php", "<?php\nfunction b() {\n    return 2;\n}\n");
    assert_eq!(dir.run(["build", "--style", "tight"]).code, 0);
    assert_run!(dir.run(["where", "out/all.php:3"]));
    let run = dir.tilde(["where", "--log"]).run_with("in out/all.php:3\n");
    assert_eq!((run.code, run.text()), (0, "in out/all.php:3\n"));
    let line = format!("in {}:3\n", dir.path("out/all.php").display());
    let run = dir.tilde(["where", "--log"]).run_with(&line);
    assert_eq!((run.code, run.text()), (1, &*line), "{run}");
}

#[test]
fn a_file_without_a_map() {
    let dir = Dir::project();
    assert_eq!(dir.run(["build"]).code, 0);
    assert_run!(dir.fail(["where", "out/all.php:2"]));
}

#[test]
fn a_file_that_is_not_there() {
    assert_run!(Dir::project().fail(["where", "out/all.php:2"]));
}

#[test]
fn a_map_of_another_build() {
    let dir = project();
    assert_eq!(dir.run(["build"]).code, 0);
    dir.write("out/all.php", dir.text("out/all.php") + "\n");
    assert_run!(dir.fail(["where", "out/all.php:2"]));
    let line = format!("in {}:2\n", dir.path("out/all.php").display());
    let run = dir.tilde(["where", "--log"]).run_with(&line);
    assert_eq!((run.code, run.text()), (1, &*line), "{run}");
}

#[test]
fn what_is_no_map() {
    let dir = project();
    assert_eq!(dir.run(["build"]).code, 0);
    let text = dir.text("out/all.php.map");
    for broken in ["", "{}", &text.replace("\"mappings\":\"", "\"mappings\":\"?"), &text[1..]] {
        dir.write("out/all.php.map", broken);
        let run = dir.fail(["where", "out/all.php:2"]);
        assert!(run.stderr.contains("cannot use out/all.php.map: "), "{run}");
    }
}

#[test]
fn a_log_without_places() {
    assert_run!(Dir::new().tilde(["where", "--log"]).run_with("[error] no place\n"));
}

#[test]
fn a_log_of_another_machine() {
    let dir = project();
    assert_eq!(dir.run(["build"]).code, 0);
    dir.write("error.log", "thrown in /srv/shop/out/all.php on line 3\nin /opt/out/all.php:3");
    let run = dir.run(["where", "--log", "error.log", "--map-path", "/srv/shop=."]);
    let expected = "thrown in lib/b.php on line 2\nin /opt/out/all.php:3";
    assert_eq!((run.code, run.text()), (0, expected), "{run}");
}

/// Linear in the length of a line: each of these once took minutes.
#[test]
fn a_log_of_one_enormous_line() {
    let dir = project();
    assert_eq!(dir.run(["build"]).code, 0);
    let place = format!("in {}:3", dir.path("out/all.php").display());
    let source = format!("in {}:2", dir.path("lib/b.php").display());
    let long = format!("/{}:1:1", "x".repeat(4000));
    for piece in [":1", ">1", "<>line 1", "/ / :1 ", "/x :1", " : 1", "//", "\\/:1", &*long] {
        let filler = piece.repeat(300_000 / piece.len());
        let line = format!("</b>/{filler} {place} {filler}\n");
        let run = dir.tilde(["where", "--log"]).run_with(&line);
        assert_eq!(run.text(), line.replace(&place, &source), "{piece}");
    }
}

#[test]
fn a_log_names_a_pipe() {
    let dir = project();
    let pipe = dir.path("x.php.map");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let line = format!("in {}:1\n", dir.path("x.php").display());
    assert_eq!(rewritten(&dir, &line), line);
}

#[test]
fn a_map_with_control_characters() {
    let dir = project();
    assert_eq!(dir.run(["build"]).code, 0);
    let map = dir.text("out/all.php.map").replace("../lib/b.php", "x\\n::error::b");
    dir.write("out/all.php.map", map);
    let run = dir.run(["where", "out/all.php:3"]);
    assert_eq!(run.text(), "out/x\\n::error::b:2:1\n", "{run}");
    let line = format!("in {}:3\n", dir.path("out/all.php").display());
    let expected = format!("in {}:2\n", dir.path("out/x\\n::error::b").display());
    assert_eq!(rewritten(&dir, &line), expected);
}

#[test]
fn traces_are_those_of_the_files_apart() {
    let dir = Dir::new();
    dir.write("lib/a.php", A);
    dir.write("lib/b.php", B);
    dir.write(
        "lib/c.php",
        "<?php declare(strict_types=1);\n\nfunction strict($f) {\n\n return $f(1,\n 2);\n}\n",
    );
    let load = |files: &[&str]| {
        let requires = files.iter().map(|file| format!("require __DIR__ . '/{file}';"));
        requires.collect::<String>()
    };
    dir.write("apart.php", MAIN.replace("LOAD;", &load(&["lib/a.php", "lib/b.php", "lib/c.php"])));
    dir.write("together.php", MAIN.replace("LOAD;", &load(&["all.php"])));
    let files = ["lib/a.php", "lib/b.php", "lib/c.php"];
    let run = dir.run([&["build"], &files[..], &["-o", "all.php", "--map"]].concat());
    assert!(run.code < 2, "{run}");
    for settings in [&["html_errors=0"][..], &["html_errors=1"]] {
        let apart = php(&dir, settings, "apart.php");
        let together = php(&dir, settings, "together.php").replace("together.php", "apart.php");
        assert_ne!(apart, together);
        assert_eq!(rewritten(&dir, &together), apart);
    }
}

/// Prints traces of all kinds, and dies of an exception.
const MAIN: &str = r#"<?php
LOAD;
foreach (['A\plain', 'A\nested', 'A\generated', 'broken'] as $function) {
    try {
        strict(fn () => $function());
    } catch (Throwable $e) {
        echo $e, "\n", json_encode(['file' => $e->getFile(), 'line' => $e->getLine()]), "\n";
    }
}
new A\Made(fn () => A\plain());
"#;

const A: &str = r#"<?php
/**
 * A file.
 */
namespace A;

use Exception as E;

// One.
function plain()
{

    throw new E(
        'plain'
    );
}

function nested($depth = 3)
{
    try { $depth ? nested(
        $depth - 1) : plain(); }
    catch (E $e) {
        throw
            new \LogicException("at
$depth", 0, $e);
    }
}

/* Two. */ function generated() {
    foreach ((function () { yield 1;

        yield from [2, plain()]; })() as $x);
}

final class Made extends \ArrayObject { public $f;

    public function __construct($f) {
        $this->f = <<<X
        text
        X . $undefined;

        ($f)
            ();
    }
}
"#;

const B: &str = r"<?php if (true): ?>

html
<?php endif;

function broken() {
    $o = new class { function __call($n, $a) { return  # three

        $n(...$a); } };

    return $o->intdiv(1,

        0);
}
";

#[test]
fn a_thousand_random_places() {
    let dir = Dir::new();
    let mut random = Random(20_26);
    let mut files = Vec::new();
    let mut places = 0;
    while places < 1000 {
        let name = format!("lib/{}.php", files.len());
        dir.write(&name, program(&mut random, files.len(), &name, &mut places));
        files.push(name);
    }
    let mark = "<?php\nfunction mark($m) {\n    $at = debug_backtrace()[0];\n    \
                echo $at['file'], '(', $at['line'], ') ', $m, \"\\n\";\n}\n";
    for (main, load) in [("apart.php", &files[..]), ("together.php", &["all.php".to_owned()])] {
        let mut text = mark.to_owned();
        for file in load {
            writeln!(text, "require __DIR__ . '/{file}';").unwrap();
        }
        for index in 0..files.len() {
            writeln!(text, "$GLOBALS['f{index}']();").unwrap();
        }
        dir.write(main, text);
    }
    let root = dir.path("").canonicalize().unwrap();
    let apart = php(&dir, &[], "apart.php");
    assert_eq!(apart.matches(") lib/").count(), places);
    for line in apart.lines().filter(|line| line.contains('(')) {
        let (place, mark) = line.split_once(' ').unwrap();
        assert_eq!(place, root.join(mark).display().to_string());
    }
    for style in ["lines", "tight"] {
        let mut arguments = vec!["build", "-o", "all.php", "--map", "--style", style];
        arguments.extend(files.iter().map(String::as_str));
        let run = dir.run(arguments);
        assert!(run.code < 2, "{run}");
        if style == "lines" {
            assert_eq!(rewritten(&dir, &php(&dir, &[], "together.php")), apart);
        }
        found(&dir, places);
    }
}

/// Asks for each mark in the outputs, by line and column.
fn found(dir: &Dir, places: usize) {
    let mut asked = vec!["where".to_owned()];
    let mut marks = String::new();
    let outputs =
        std::iter::once("all.php".to_owned()).chain((2..).map(|it| format!("all.{it}.php")));
    for output in outputs.take_while(|it| Path::new(&dir.path(it)).exists()) {
        for (number, line) in dir.text(&output).split('\n').enumerate() {
            for (column, _) in line.match_indices("mark('") {
                asked.push(format!("{output}:{}:{}", number + 1, column + 1));
                let mark = line[column + 6..].split('\'').next().unwrap();
                writeln!(marks, "{}", mark.replace('(', ":").replace(')', "")).unwrap();
            }
        }
    }
    assert_eq!(asked.len(), places + 1);
    let run = dir.run(asked);
    assert_eq!(run.code, 0, "{run}");
    let without_columns = |line: &str| line.rsplit_once(':').unwrap().0.to_owned() + "\n";
    assert_eq!(run.text().lines().map(without_columns).collect::<String>(), marks);
}

/// Numbers that are the same at each run: a linear congruential generator.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }
}

/// A file that calls `mark()` in many places, with its own name and the line.
fn program(random: &mut Random, index: usize, name: &str, places: &mut usize) -> String {
    let starts =
        ["<?php\n", "<?php declare(strict_types=1);\n", "<?php\n// one\n\n", "html\n<?php\n"];
    let mut text = random.of(&starts).to_owned();
    if !text.starts_with("html") && random.below(2) == 0 {
        writeln!(text, "namespace N{index};").unwrap();
    }
    let mut marks = |text: &mut String, most: usize| {
        for _ in 0..random.below(most) {
            *text += random.of(&BEFORE);
            let line = text.matches('\n').count() + 1;
            write!(text, "mark('{name}({line})');{}", random.of(&AFTER)).unwrap();
            *places += 1;
        }
        random.below(4)
    };
    let end = marks(&mut text, 6);
    write!(text, "if (true):\nclass C{index} {{ static function m() {{").unwrap();
    marks(&mut text, 12);
    text += "}\n}\nendif;\n";
    write!(text, "$GLOBALS['f{index}'] = function () {{ C{index}::m();").unwrap();
    marks(&mut text, 12);
    text + "\n};\n" + ["", "return;\n", "?>\n", "?>\nhtml\n"][end]
}

/// What may stand before a mark, and after it.
const BEFORE: [&str; 7] = ["", "\n", "  ", "/* c */ ", "# c\n", "\n\n", "$x = \"a\nb\"; "];
const AFTER: [&str; 8] =
    ["\n", " ", "// c\n", "\r\n", "\n\n\n", "$y = <<<X\n h\n X . 'i';\n", "?>\n<?php ", "/** d */"];
