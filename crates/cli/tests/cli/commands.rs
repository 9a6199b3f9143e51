//! The tables of docs/commands.md: how each command ends, and where it prints.

use std::collections::BTreeMap;

use crate::util::{Dir, Run, repository};
use crate::{documents, help};

/// A row of a table.
struct Row<'a> {
    /// What runs before the command.
    after: Vec<&'a str>,
    command: &'a str,
    status: i32,
    /// A part of what is printed there; nothing may be where it is empty.
    stdout: &'a str,
    stderr: &'a str,
}

/// Each text between grave accents.
fn code(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The rows of all tables, without their heads.
fn rows(document: &str) -> Vec<Row<'_>> {
    let lines = document.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
    lines
        .map(|line| {
            // An empty cell is `| |`, and a pipe of a command is escaped.
            let line = line.strip_prefix('|').unwrap().strip_suffix('|').unwrap();
            let cells: Vec<&str> = line.split(" |").collect();
            let [after, command, status, stdout, stderr] = cells[..] else {
                panic!("not five cells: {line}");
            };
            let part = |cell| code(cell).first().copied().unwrap_or_default();
            Row {
                after: code(after),
                command: part(command),
                status: status.trim().parse().unwrap(),
                stdout: part(stdout),
                stderr: part(stderr),
            }
        })
        .collect()
}

fn is_expected(printed: &str, part: &str) -> bool {
    if part.is_empty() { printed.is_empty() } else { printed.contains(part) }
}

fn run(document: &str, row: &Row<'_>) -> Run {
    let dir = Dir::new();
    documents::write(&dir, document);
    for line in &row.after {
        dir.shell(&line.replace("\\|", "|")).run();
    }
    let before = dir.files_left();
    let run = dir.shell(row.command).run();
    if run.code == 2 {
        assert_eq!(dir.files_left(), before, "{}\n{run}", row.command);
    }
    run
}

#[test]
fn statuses_and_streams_are_those_of_the_document() {
    let document = std::fs::read_to_string(repository().join("docs/commands.md")).unwrap();
    let rows = rows(&document);
    let mut wrong = Vec::new();
    for row in &rows {
        let run = run(&document, row);
        let is_right = run.code == row.status
            && is_expected(&run.text_lossy(), row.stdout)
            && is_expected(&run.stderr, row.stderr);
        if !is_right {
            wrong.push(format!("{:?} {}\n{run}", row.after, row.command));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// The commands of tilde, those of its groups by both words.
fn commands() -> Vec<String> {
    let mut names = Vec::new();
    for (name, _) in help::listed(&Dir::new().run(["--help"])) {
        let run = Dir::new().run([name.as_str(), "--help"]);
        let below: Vec<_> = help::listed(&run).into_iter().map(|it| it.0).collect();
        if below.is_empty() {
            names.push(name);
        } else {
            names.extend(below.iter().map(|below| format!("{name} {below}")));
        }
    }
    names
}

/// Each command has a row in which all is well, and one in which it cannot do it. The
/// dialogue of `review` needs a terminal, and is in docs/review.md; how `bench` ends depends
/// on what it measures.
#[test]
fn each_command_has_its_rows() {
    let document = std::fs::read_to_string(repository().join("docs/commands.md")).unwrap();
    let names = commands();
    let mut statuses: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
    for row in rows(&document) {
        let is_of =
            |name: &&String| format!("{} ", row.command).starts_with(&format!("tilde {name} "));
        let name = names.iter().find(is_of).expect(row.command);
        statuses.entry(name).or_default().push(row.status);
    }
    for name in &names {
        let of_it = statuses.get(&**name).expect(name);
        let has_no_zero = name == "review" || name == "bench";
        assert!(of_it.contains(&0) || has_no_zero, "{name}");
        assert!(of_it.contains(&2), "{name}");
    }
}
