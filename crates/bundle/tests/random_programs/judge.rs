//! PHP's judgement of programs: their files apart against their bundles.
//!
//! The members are moved away while a bundle runs, so that nothing can come from
//! them. One process of PHP runs all scripts of a batch, each in a child.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tilde_bundle::{
    Build, ByteOrderMarks, Companion, Docs, Recipe, RuntimeBlocks, Scope, Severity, Style, build,
};
use tilde_lexer::{Options, Version};

use crate::program::{File, Program};
use tilde_testing::sources::Folder;

const DRIVER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/random_programs/driver.php");

const OPCACHE: [&str; 6] = [
    "zend_extension=opcache.so",
    "opcache.enable_cli=1",
    "opcache.file_update_protection=0",
    "opcache.max_accelerated_files=4000",
    "opcache.memory_consumption=64",
    "opcache.validate_timestamps=0",
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Same,
    /// By these codes.
    Refused(BTreeSet<&'static str>),
    /// PHP does not accept the files apart.
    Broken,
    /// What the files print, and the style of the bundle that prints otherwise.
    Different {
        apart: String,
        style: Style,
        together: String,
    },
}

const STYLES: [Style; 2] = [Style::Lines, Style::Tight];

/// What becomes of each program.
pub(crate) fn judge(programs: &[Program], has_opcache: bool) -> Vec<Outcome> {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().canonicalize().unwrap();
    let mut jobs = Vec::new();
    let mut builds = Vec::new();
    for (index, program) in programs.iter().enumerate() {
        let folder = root.join(index.to_string());
        builds.push(prepare(program, &folder));
        let is_built = builds[index].iter().all(|build| build.output.is_some());
        let names = ["apart", "lines", "tight"].into_iter().take(if is_built { 3 } else { 1 });
        jobs.extend(names.map(|name| folder.join(name)));
    }
    let statuses = run(&jobs, has_opcache);
    let mut ran = jobs.iter().zip(&statuses).map(|(folder, status)| printed(folder, status));
    let outcome = |builds: [Build; 2]| {
        let is_built = builds.iter().all(|build| build.output.is_some());
        let apart = ran.next().unwrap();
        let together: Vec<String> = ran.by_ref().take(if is_built { 2 } else { 0 }).collect();
        outcome(&builds, apart, together)
    };
    builds.into_iter().map(outcome).collect()
}

/// Writes a program apart and its bundles, each into a folder.
fn prepare(program: &Program, folder: &Path) -> [Build; 2] {
    let apart = folder.join("apart");
    program.write_members(&apart.join("src"));
    program.write_outside(&apart.join("src"));
    write(&apart.join("entry/run.php"), program.entry_apart().as_bytes());
    STYLES.map(|style| {
        let build = build(&Folder(apart.clone()), &recipe(program, style));
        if let Some(output) = &build.output {
            let together = folder.join(style.to_string());
            program.write_outside(&together.join("src"));
            program.make_folders(&together.join("src"));
            write(&together.join("out/bundle.php"), output.whole());
            for Companion { name, bytes, .. } in &build.companions {
                write(&together.join("out").join(name), bytes.whole());
            }
            write(&together.join("entry/run.php"), program.entry_together().as_bytes());
        }
        build
    })
}

fn recipe(program: &Program, style: Style) -> Recipe {
    let (on_demand, files) = program.files.iter().partition(|file| program.is_on_demand(file));
    let paths = |files: Vec<&File>| {
        files.into_iter().map(|file| Path::new("src").join(&file.path)).collect()
    };
    Recipe {
        name: "random".to_owned(),
        files: paths(files),
        on_demand: paths(on_demand),
        scope: Scope::Shared,
        composer_files: Vec::new(),
        has_companions: true,
        has_map: false,
        paths: tilde_bundle::Paths::Relative,
        output: Some(PathBuf::from("out/bundle.php")),
        style,
        docs: Docs::Keep,
        runtime_blocks: RuntimeBlocks::Keep,
        marks: ByteOrderMarks::Keep,
        state: tilde_bundle::State::Keep,
        lexer: Options::new("8.2".parse::<Version>().unwrap()),
        oldest: "8.2".parse().unwrap(),
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Runs the entry scripts of folders; the exit statuses.
fn run(folders: &[PathBuf], has_opcache: bool) -> Vec<String> {
    let mut settings = vec!["display_errors=1", "log_errors=0", "memory_limit=64M"];
    settings.extend(OPCACHE.iter().filter(|_| has_opcache));
    let mut php = Command::new("php");
    php.arg("-n").args(settings.iter().flat_map(|it| ["-d", it])).arg(DRIVER);
    php.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = php.spawn().expect("this test runs PHP; install php-cli");
    let mut jobs = String::new();
    for folder in folders {
        let folder = folder.display();
        jobs += &format!("{folder}\tentry/run.php\t{folder}/output\n");
    }
    child.stdin.take().unwrap().write_all(jobs.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let statuses: Vec<String> =
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(statuses.len(), folders.len(), "the driver needs pcntl: {text}");
    statuses
}

fn printed(folder: &Path, status: &str) -> String {
    let output = fs::read(folder.join("output")).unwrap();
    let output = normal(&String::from_utf8_lossy(&output), folder);
    format!("{output}\n[{status}]")
}

fn outcome(builds: &[Build; 2], apart: String, together: Vec<String>) -> Outcome {
    if is_broken(&apart) {
        return Outcome::Broken;
    }
    let found = builds.iter().flat_map(|build| &build.diagnostics);
    let errors = found.filter(|it| it.severity == Severity::Error);
    let codes: BTreeSet<&'static str> = errors.map(|it| it.code).collect();
    if !codes.is_empty() {
        return Outcome::Refused(codes);
    }
    let different = STYLES.into_iter().zip(together).find(|(_, together)| *together != apart);
    match different {
        Some((style, together)) => Outcome::Different { apart, style, together },
        None => Outcome::Same,
    }
}

/// Whether PHP does not accept the files as they are: it dies while it compiles
/// one, or because the list has it before what it needs. A bundle may mend that.
fn is_broken(apart: &str) -> bool {
    let is_error = apart.ends_with("[255]") || apart.ends_with("[-1]");
    let last = apart.rsplit("Fatal error: ").next().unwrap_or_default();
    let is_missing = last.contains("\" not found") || last.contains(" undefined function ");
    is_error && (is_missing || !last.starts_with("Uncaught "))
}

/// Output without the places that PHP's own messages name.
fn normal(output: &str, folder: &Path) -> String {
    let output = output.replace(&format!("{}/", folder.display()), "");
    let lines = output.split_inclusive('\n').filter(|line| !is_trace(line.trim_end()));
    lines.map(without_place).collect()
}

fn is_trace(line: &str) -> bool {
    let is_frame = line.starts_with('#') && line[1..].starts_with(|it: char| it.is_ascii_digit());
    is_frame || line == "Stack trace:" || line.starts_with("  thrown in ")
}

fn without_place(line: &str) -> &str {
    let kinds = ["Warning: ", "Deprecated: ", "Notice: ", "Fatal error: ", "Parse error: "];
    let is_message = kinds.iter().any(|kind| line.contains(kind));
    let place = line.rfind(" in ").filter(|_| is_message);
    place.map_or(line, |at| &line[..at])
}
