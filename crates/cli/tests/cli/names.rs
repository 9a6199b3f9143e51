//! Names that try to say something: a line of their own for a CI system, or
//! commands for the terminal.

use crate::util::{Dir, Run};

/// A workflow command of GitHub at the start of a line, what clears a terminal
/// in seven and in eight bits, a carriage return, and what turns the writing.
const NAME: &str = "x\n::error::pwned\r\u{1b}[2J\u{9b}2J\u{2028}\u{202e}.php";

fn check(run: &Run) {
    let text = String::from_utf8_lossy(&run.stdout) + run.stderr.as_str();
    assert!(text.contains("pwned"), "it is not named: {run}");
    let is_bad = |character: char| {
        (character.is_control() && !matches!(character, '\n' | '\t'))
            || matches!(character, '\u{2028}' | '\u{202e}')
    };
    assert!(!text.contains(is_bad), "{text:?}");
    let mut lines = text.lines().map(str::trim_start);
    assert!(!lines.any(|line| line.starts_with("::error::pwned")), "{run}");
}

/// A project whose files, outputs and bundles have such names.
fn project(source: &str) -> Dir {
    let dir = Dir::new();
    dir.write(format!("lib/{NAME}"), source);
    let name = serde_json::Value::from(NAME);
    let out = serde_json::Value::from(format!("out/{NAME}"));
    dir.write(
        "tilde.toml",
        format!("[[bundle]]\nname = {name}\nfiles = [\"lib/*.php\"]\noutput = {out}\n"),
    );
    dir.folder("out");
    dir
}

const FORMATS: [&str; 4] = ["text", "short", "json", "github"];

#[test]
fn of_files_are_escaped_in_every_message() {
    let dir = project("<?php\n$b = spl_autoload_register();\n");
    for format in FORMATS {
        let format = ["--output-format", format];
        check(&dir.run([&["build"][..], &format].concat()));
        check(
            &dir.run([&["build", "gone\n::error::pwned", "-o", "all.php"][..], &format].concat()),
        );
        check(&dir.run([&["strip", "gone\n::error::pwned"][..], &format].concat()));
        check(&dir.run([&["lint", "--php", "5.2\n::error::pwned"][..], &format].concat()));
    }
    dir.write(format!("lib/{NAME}"), "<?php\n)\n");
    for format in FORMATS {
        check(&dir.run(["lint", "lib", "--output-format", format]));
        check(&dir.run(["state", "lib", "--output-format", format]));
    }
}

#[test]
fn of_outputs_are_escaped_in_every_line_and_header() {
    let dir = project("<?php\necho 1;\n");
    check(&dir.run(["check"]));
    check(&dir.run(["build", "--dry-run", "--metafile", "-"]));
    check(&dir.run(["build", "--dry-run", "-v", "--analyze"]));
    check(&dir.run(["build"]));
    check(&dir.run(["build"]));
    for format in ["tsv", "text", "json"] {
        check(&dir.run(["tokens", &format!("lib/{NAME}"), "--format", format]));
    }
    for format in FORMATS {
        let name = format!("out/{NAME}");
        check(&dir.run(["build", &name, "-o", &name, "--output-format", format]));
    }
}

#[test]
fn of_a_configuration_are_escaped() {
    for format in FORMATS {
        let dir = Dir::project();
        for config in [
            "\"\\n::error::pwned\\u001b\" = 1\n",
            "[[bundle]]\nfiles = [\"[\\n::error::pwned\"]\noutput = \"a\"\n",
            "[[bundle]]\nfiles = [\"lib/*.php\"]\noutput = \"../\\n::error::pwned\\u001b\"\n",
            "[target]\nphp = \"\\n::error::pwned\\u001b\"\n",
            "allow = [\"\\n\\rpwned\\u001b\"]\n",
        ] {
            dir.write("tilde.toml", config);
            check(&dir.run(["build", "--output-format", format]));
        }
    }
}
