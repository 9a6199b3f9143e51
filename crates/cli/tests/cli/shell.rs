//! `tilde completions` and `tilde man`, as shells and `man` take them.

use std::process::Command;

use crate::util::Dir;

fn run(dir: &Dir, program: &str, args: &[&str]) -> String {
    let mut command = Command::new(program);
    let output = command.args(args).current_dir(dir.path("")).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && error.is_empty(), "{program} {args:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn bash_completes() {
    let dir = Dir::new();
    dir.write("tilde.bash", dir.run(["completions", "bash"]).text());
    let completed = |words: &str, at: usize| {
        let script = format!(
            "source tilde.bash; COMP_WORDS=({words}); COMP_CWORD={at}; \
             _tilde tilde \"${{COMP_WORDS[{at}]}}\" \"${{COMP_WORDS[{at}-1]}}\"; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        run(&dir, "bash", &["--norc", "-c", &script])
    };
    assert!(completed("tilde rev", 1).lines().eq(["review"]));
    assert!(completed("tilde check --sta", 2).lines().eq(["--stat"]));
    let formats = completed("tilde check --output-format s", 3);
    assert!(formats.lines().eq(["short", "sarif"]), "{formats}");
}

/// A script of each shell names each command.
#[test]
fn each_shell_has_a_script() {
    let dir = Dir::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = dir.run(["completions", shell]);
        assert_eq!(script.code, 0, "{script}");
        for command in ["build", "check", "review", "diff", "phar", "completions"] {
            assert!(script.text().contains(command), "{shell}: {command}");
        }
    }
    assert!(dir.fail(["completions", "cmd"]).stderr.contains("possible values"));
}

/// roff of the pages has no error that groff knows of.
#[test]
fn pages_are_roff() {
    let dir = Dir::new();
    for words in [vec!["man"], vec!["man", "check"], vec!["man", "phar", "create"]] {
        let page = dir.run(&words);
        assert_eq!(page.code, 0, "{page}");
        dir.write("page.1", page.text());
        let text = run(&dir, "groff", &["-man", "-Tutf8", "-ww", "-P-cbou", "page.1"]);
        assert!(text.contains("NAME") && text.contains("OPTIONS"), "{text}");
    }
    let text = run(&dir, "groff", &["-man", "-Tascii", "-P-cbou", "page.1"]);
    assert!(text.contains("tilde phar create"), "{text}");
    assert!(dir.fail(["man", "nothing"]).stderr.contains("there is no command `nothing`"));
}
