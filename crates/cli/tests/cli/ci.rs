//! The commands of docs/ci.md, as CI systems and git run them.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::formats;
use crate::util::Dir;

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
    let run = dir.shell(&line).envs(&github).run();
    assert_eq!(run.code, 1, "{run}");
    formats::take("github", &run.stdout);
    assert_eq!(dir.run(["build"]).code, 0);
    assert_eq!(dir.shell(&line).envs(&github).run().code, 0);
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
        let run = dir.shell(step["run"].as_str().unwrap()).envs(&variables).run();
        if run.code != 0 {
            formats::take("github", &run.stdout);
            return run.code;
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
    let run = dir.shell(&line).envs(&gitlab).run();
    assert_eq!(run.code, 1, "{run}");
    assert!(run.text().contains("+    return 3;"));
    formats::take("gitlab", dir.text("gl-code-quality-report.json").as_bytes());
    assert_eq!(dir.run(["build"]).code, 0);
    assert_eq!(dir.shell(&line).envs(&gitlab).run().code, 0);
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
    let run = dir.shell(line).envs(&gitlab("")).run();
    assert_eq!(run.code, 1, "{run}");
    assert!(run.text().contains("+    return 3;"));
    formats::take("gitlab", dir.text("gl-code-quality-report.json").as_bytes());
    assert_eq!(dir.shell(line).envs(&gitlab("--allow T-STALE")).run().code, 0);
}

/// The hooks as pre-commit itself runs them, from a clone of a repository that has them.
#[test]
fn hooks_of_pre_commit() {
    let dir = stale();
    let of_hooks = Dir::new();
    of_hooks.write(".pre-commit-hooks.yaml", of_repository(".pre-commit-hooks.yaml"));
    let cache = Dir::new();
    let home = cache.path("");
    let commit = "git init -q -b main && git add . && git commit -q -m first";
    assert_eq!(of_hooks.shell(commit).run().code, 0);
    let config = block(".pre-commit-config.yaml");
    let address = of_hooks.path("");
    let config = config.replace("https://github.com/OWNER/tilde", address.to_str().unwrap());
    dir.write(".pre-commit-config.yaml", config);
    let run = || {
        let line = "git init -q && git add . && pre-commit run --all-files";
        let run = dir.shell(line).env("PRE_COMMIT_HOME", home.to_str().unwrap()).run();
        (run.code, run.text_lossy())
    };
    let (status, text) = run();
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("out/all.php: b() changed") && text.contains("tilde lint"), "{text}");
    assert_eq!(text.matches("Passed").count(), 1, "{text}");
    assert_eq!(dir.run(["build"]).code, 0);
    let (status, text) = run();
    assert_eq!((status, text.matches("Passed").count()), (0, 2), "{text}");
}

#[test]
fn hook_of_git() {
    let dir = stale();
    let git = |line: &str| dir.shell(&format!("git {line}")).run();
    assert_eq!(git("init -q").code, 0);
    dir.write(".git/hooks/pre-commit", block(".git/hooks/pre-commit"));
    let hook = dir.path(".git/hooks/pre-commit");
    fs::set_permissions(hook, Permissions::from_mode(0o755)).unwrap();
    assert_eq!(git("add .").code, 0);
    let refused = git("commit -q -m first");
    assert_ne!(refused.code, 0);
    let text = refused.to_string();
    assert!(text.contains("b() changed") && text.contains("`tilde build` writes them"), "{text}");
    assert_eq!(dir.run(["build"]).code, 0);
    assert_eq!((git("add .").code, git("commit -q -m first").code), (0, 0));
}

#[test]
fn script_of_composer() {
    let json: serde_json::Value = serde_json::from_str(&block("composer.json")).unwrap();
    let line = json["scripts"]["compiled"].as_str().unwrap();
    assert_eq!(stale().shell(line).run().code, 1);
}
