//! The commands of docs/ci.md, as CI systems and git run them.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::formats;
use crate::util::{Dir, clean};

/// The block of the document that goes into this file.
fn block(file: &str) -> String {
    let document = include_str!("../../../../docs/ci.md");
    let (_, rest) = document.split_once(&format!(" {file}\n")).unwrap();
    rest.split("\n```").next().unwrap().to_owned() + "\n"
}

/// A file of this repository, and what a parser of YAML makes of it.
fn yaml(text: &str) -> Value {
    let script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))";
    serde_json::from_str(&formats::read("python3", &["-c", script], text.as_bytes())).unwrap()
}

fn of_repository(path: &str) -> String {
    fs::read_to_string(formats::file("../..").join(path)).unwrap()
}

/// What stands after this in a line of the block.
fn after(file: &str, start: &str) -> String {
    let block = block(file);
    block.lines().find_map(|line| line.trim().strip_prefix(start)).unwrap().to_owned()
}

/// Runs a line as a CI system does, with the binary in the path.
fn shell(dir: &Dir, line: &str, variables: &[(&str, &str)]) -> Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_tilde")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("bash");
    clean(&mut shell).args(["-e", "-c", line]).current_dir(dir.path("")).env("PATH", path);
    shell.envs(variables.iter().copied()).output().unwrap()
}

/// A built project, one source of which has changed since.
fn stale() -> Dir {
    let dir = Dir::project();
    assert_eq!(dir.run(["build"]).code, 0);
    dir.write("lib/b.php", "<?php\nfunction b() { return 3; }\n");
    dir
}

#[test]
fn github() {
    let dir = stale();
    let line = after(".github/workflows/tilde.yml", "- run: ");
    let github = [("GITHUB_ACTIONS", "true"), ("CI", "true")];
    let output = shell(&dir, &line, &github);
    assert_eq!(output.status.code(), Some(1));
    formats::take("github", &output.stdout);
    assert_eq!(dir.run(["build"]).code, 0);
    assert!(shell(&dir, &line, &github).status.success());
}

/// Does what a runner does with the steps of the action and these inputs: the status.
fn act(dir: &Dir, inputs: &Value) -> i32 {
    let action = yaml(&of_repository(".github/actions/check/action.yml"));
    assert_eq!(action["runs"]["using"], "composite");
    let input = |name: &str| {
        let given = inputs[name].as_str();
        given.or(action["inputs"][name]["default"].as_str()).unwrap().to_owned()
    };
    for step in action["runs"]["steps"].as_array().unwrap() {
        // The only condition is this one.
        if step["if"]
            .as_str()
            .is_some_and(|it| it == "inputs.sarif != ''" && input("sarif").is_empty())
        {
            continue;
        }
        let mut variables = vec![("GITHUB_ACTIONS".to_owned(), "true".to_owned())];
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            let value = value.as_str().unwrap();
            let value = value.strip_prefix("${{ inputs.").and_then(|it| it.strip_suffix(" }}"));
            variables.push((name.clone(), input(value.unwrap())));
        }
        let variables: Vec<(&str, &str)> =
            variables.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(step["shell"], "bash");
        let output = shell(dir, step["run"].as_str().unwrap(), &variables);
        if !output.status.success() {
            formats::take("github", &output.stdout);
            return output.status.code().unwrap();
        }
    }
    0
}

#[test]
fn action_of_github() {
    // The sources that it compiles where there is no tilde.
    assert!(
        of_repository(".github/actions/check/../../../crates/cli/Cargo.toml").contains("tilde")
    );
    let steps = yaml(&block(".github/workflows/action.yml"));
    let with = &steps["jobs"]["compiled"]["steps"][1]["with"];
    assert!(with["sarif"] == "tilde.sarif" && with["options"] == "--allow T-LINES", "{steps}");
    // The project lies below, in a folder with a name that shells could take apart.
    let dir = Dir::new();
    let shop = "a shop's $HOME";
    for (path, file) in stale().files_left() {
        let name: Vec<_> = path.iter().rev().take(2).collect();
        let below = if name[0] == "tilde.toml" { Path::new("") } else { Path::new(name[1]) };
        dir.write(Path::new(shop).join(below).join(name[0]), file.bytes);
    }
    let sarif = json!({ "path": shop, "options": "--allow T-LINES", "sarif": "tilde.sarif" });
    assert_eq!(act(&dir, &sarif), 1);
    formats::take("sarif", dir.text("tilde.sarif").as_bytes());
    assert_eq!(act(&dir, &json!({ "path": shop, "options": "--allow T-STALE" })), 0);
    assert_eq!(act(&dir, &json!({ "path": shop })), 1);
    assert_eq!(act(&dir, &json!({ "path": "missing", "sarif": "tilde.sarif" })), 2);
}

#[test]
fn gitlab() {
    let dir = stale();
    let line = after(".gitlab-ci.yml", "- ");
    let gitlab = [("GITLAB_CI", "true"), ("CI", "true")];
    let output = shell(&dir, &line, &gitlab);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("+    return 3;"));
    formats::take("gitlab", dir.text("gl-code-quality-report.json").as_bytes());
    assert_eq!(dir.run(["build"]).code, 0);
    assert!(shell(&dir, &line, &gitlab).status.success());
    assert_eq!(dir.text("gl-code-quality-report.json"), "[]\n");
}

#[test]
fn template_of_gitlab() {
    let config = yaml(&block(".gitlab-ci.yml with a template"));
    let path = config["include"][0]["file"].as_str().unwrap();
    let template = yaml(&of_repository(path.trim_start_matches('/')));
    let job = &template[config["compiled"]["extends"].as_str().unwrap()];
    assert_eq!(job["artifacts"]["reports"]["codequality"], "gl-code-quality-report.json");
    let line = job["script"][0].as_str().unwrap();
    let dir = stale();
    let gitlab = |options| [("GITLAB_CI", "true"), ("TILDE_PATH", "."), ("TILDE_OPTIONS", options)];
    let output = shell(&dir, line, &gitlab(""));
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("+    return 3;"));
    formats::take("gitlab", dir.text("gl-code-quality-report.json").as_bytes());
    assert!(shell(&dir, line, &gitlab("--allow T-STALE")).status.success());
}

/// The hooks as pre-commit itself runs them, from a clone of a repository that has them.
#[test]
fn hooks_of_pre_commit() {
    let dir = stale();
    let of_hooks = Dir::new();
    of_hooks.write(".pre-commit-hooks.yaml", of_repository(".pre-commit-hooks.yaml"));
    let cache = Dir::new();
    let home = cache.path("");
    let variables =
        [("GIT_CONFIG_GLOBAL", "/dev/null"), ("PRE_COMMIT_HOME", home.to_str().unwrap())];
    let commit = "git init -q -b main && git add . && \
                  git -c user.name=A -c user.email=a@example.org commit -q -m first";
    assert!(shell(&of_hooks, commit, &variables).status.success());
    let config = block(".pre-commit-config.yaml");
    let address = of_hooks.path("");
    let config = config.replace("https://github.com/OWNER/tilde", address.to_str().unwrap());
    dir.write(".pre-commit-config.yaml", config);
    let run = || {
        let line = "git init -q && git add . && pre-commit run --all-files";
        let output = shell(&dir, line, &variables);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (status, text) = run();
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("out/all.php: b() changed") && text.contains("tilde lint"), "{text}");
    assert_eq!(text.matches("Passed").count(), 1, "{text}");
    assert_eq!(dir.run(["build"]).code, 0);
    let (status, text) = run();
    assert_eq!((status, text.matches("Passed").count()), (Some(0), 2), "{text}");
}

#[test]
fn hook_of_git() {
    let dir = stale();
    let git = |line: &str| {
        let identity = "git -c user.name=A -c user.email=a@example.org";
        shell(&dir, &format!("{identity} {line}"), &[("GIT_CONFIG_GLOBAL", "/dev/null")])
    };
    assert!(git("init -q").status.success());
    dir.write(".git/hooks/pre-commit", block(".git/hooks/pre-commit"));
    let hook = dir.path(".git/hooks/pre-commit");
    fs::set_permissions(hook, Permissions::from_mode(0o755)).unwrap();
    assert!(git("add .").status.success());
    let refused = git("commit -q -m first");
    assert!(!refused.status.success());
    let text = String::from_utf8([refused.stdout, refused.stderr].concat()).unwrap();
    assert!(text.contains("b() changed") && text.contains("`tilde build` writes them"), "{text}");
    assert_eq!(dir.run(["build"]).code, 0);
    assert!(git("add .").status.success() && git("commit -q -m first").status.success());
}

#[test]
fn script_of_composer() {
    let json: serde_json::Value = serde_json::from_str(&block("composer.json")).unwrap();
    let line = json["scripts"]["compiled"].as_str().unwrap();
    assert_eq!(shell(&stale(), line, &[]).status.code(), Some(1));
}
