//! `tilde diff`: what two compiled outputs do differently.
//!
//! Compares tokens, so blanks and comments are no difference: that they are all there is
//! is said, and the exit status is 0. With `--git` the old side is what a revision has.

mod html;
mod listing;
mod treemap;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::args::{DiffArgs, OutputFormat, ProjectArgs};
use crate::commands::build::count;
use crate::compare::origin::{Origins, Side};
use crate::compare::text::{self, Look};
use crate::compare::{Comparison, Difference, report};
use crate::console::Console;
use crate::discover;
use crate::disk::{self, Write};
use crate::escape::{escaped, shown};
use crate::exit::ExitStatus;
use crate::git;
use crate::inputs;
use crate::map;
use crate::outputs;
use crate::problem::{Error, Problem, Severity};
use crate::render;
use crate::scope::Scope;
use crate::threads;

const CODE: &str = "T-DIFF";

/// Two outputs, or one that has no counterpart.
struct Sides {
    /// As a person names them.
    old_name: String,
    new_name: String,
    path: PathBuf,
    /// The files on disk.
    paths: Vec<PathBuf>,
    old: Option<Vec<u8>>,
    new: Option<Vec<u8>>,
    origins: Origins,
}

/// Two outputs, compared.
struct Compared {
    sides: Sides,
    difference: Difference,
    comparison: Comparison,
}

pub(crate) fn run(args: &DiffArgs, console: Console) -> Result<ExitStatus, Error> {
    let php = discover::choose_here(&args.php, &mut Scope::ignored())?;
    let sides = match &args.git {
        Some(revision) => of_revision(revision, args)?,
        None => vec![of_files(&args.files)?],
    };
    let compared: Vec<Compared> = sides.into_iter().map(|it| compare(it, php.options)).collect();
    if let Some(path) = &args.html {
        write_page(path, &compared, args.full)?;
    }
    if !args.html.as_deref().is_some_and(disk::is_dash) {
        print(&compared, args, console)?;
    }
    let changed = compared.iter().filter(|it| it.difference == Difference::Code).count();
    for it in &compared {
        if let Some(text) = it.difference.text() {
            console.note_beside(format!("{}: {text}", it.sides.path.display()));
        }
    }
    if changed > 0 {
        let files = count(compared.len(), "file");
        console.note_beside(format!("the code of {changed} of {files} differs"));
    }
    Ok(if changed == 0 { ExitStatus::Done } else { ExitStatus::Findings })
}

fn of_files(files: &[PathBuf]) -> Result<Sides, Problem> {
    let [old, new] = files else {
        let message = "diff compares two files, or a revision and the files on disk";
        let help = "write `tilde diff OLD NEW`, or `tilde diff --git REVISION`";
        return Err(Problem::error("T-USAGE", message).help(help));
    };
    let read = |path: &Path| {
        let bytes = if disk::is_dash(path) { disk::read_stdin() } else { disk::read(path) };
        bytes.map_err(|error| disk::unreadable(path, &error))
    };
    if disk::is_dash(old) && disk::is_dash(new) {
        let message = "standard input cannot be both files";
        return Err(Problem::error("T-USAGE", message).help("give one of them by its name"));
    }
    let (old_bytes, new_bytes) = (read(old)?, read(new)?);
    for (path, bytes) in [(old, &old_bytes), (new, &new_bytes)] {
        if tilde_phar::is_archive(bytes) {
            let message = format!("{} is an archive and no PHP code", path.display());
            return Err(Problem::error("T-USAGE", message)
                .help("`tilde phar diff OLD NEW` says how two archives differ"));
        }
    }
    let origins = Origins { old: map::side(old, &old_bytes), new: map::side(new, &new_bytes) };
    Ok(Sides {
        old_name: shown(old),
        new_name: shown(new),
        path: new.clone(),
        paths: files.to_vec(),
        old: Some(old_bytes),
        new: Some(new_bytes),
        origins,
    })
}

/// The files of the revision and those on disk: the given ones, or all outputs of the
/// project.
fn of_revision(revision: &str, args: &DiffArgs) -> Result<Vec<Sides>, Error> {
    let outputs = match &*args.files {
        [] => outputs::declared(&ProjectArgs {
            config: args.config.clone(),
            php: args.php.clone(),
            ..ProjectArgs::default()
        })?,
        [..] => args.files.clone(),
    };
    let outputs: Vec<PathBuf> =
        if args.files.is_empty() { git::with_companions(revision, outputs)? } else { outputs };
    let mut sides = Vec::new();
    for path in outputs {
        let old = git::show(revision, &path)?;
        let new = on_disk(&path)?;
        if old.is_none() && new.is_none() {
            let message = format!("{} is neither in {revision} nor on disk", path.display());
            return Err(Problem::error("T-READ", message).into());
        }
        let of_new = new.as_deref().map_or(Side::Unknown, |bytes| map::side(&path, bytes));
        let name = shown(&path);
        sides.push(Sides {
            old_name: format!("{name} ({})", escaped(revision)),
            new_name: format!("{name} (on disk)"),
            paths: vec![path.clone()],
            path,
            old,
            new,
            origins: Origins { old: Side::Unknown, new: of_new },
        });
    }
    Ok(sides)
}

/// The bytes of a file; none if there is no such file.
fn on_disk(path: &Path) -> Result<Option<Vec<u8>>, Problem> {
    match disk::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(disk::unreadable(path, &error)),
    }
}

fn compare(sides: Sides, options: tilde_lexer::Options) -> Compared {
    let (old, new) = (sides.old.as_deref().unwrap_or(b""), sides.new.as_deref().unwrap_or(b""));
    threads::add_work((old.len() + new.len()) as u64);
    let difference = Difference::between(old, new, options);
    let mut comparison = Comparison::of(old, new, options);
    comparison.locate(&sides.origins);
    Compared { sides, difference, comparison }
}

fn write_page(path: &Path, compared: &[Compared], is_full: bool) -> Result<(), Error> {
    let page = html::page(compared, is_full);
    if disk::is_dash(path) {
        return inputs::print(page.as_bytes());
    }
    let place = disk::place_of(path);
    let is_side = |it: &Compared| it.sides.paths.iter().any(|it| disk::place_of(it) == place);
    if compared.iter().any(is_side) {
        let message = format!("cannot write {}: it is one of the files to compare", path.display());
        return Err(Problem::error("T-USAGE", message).help("give --html another name").into());
    }
    disk::write_all(&[Write::new(path, page.as_bytes())])?;
    Ok(())
}

fn print(compared: &[Compared], args: &DiffArgs, console: Console) -> Result<(), Error> {
    let text = match console.format() {
        OutputFormat::Text | OutputFormat::Short | OutputFormat::Github if console.is_quiet() => {
            return Ok(());
        }
        OutputFormat::Text => compared.iter().flat_map(|it| diff(it, args, console)).collect(),
        OutputFormat::Json => {
            let files: Vec<Value> = compared.iter().map(json).collect();
            let text = json!({ "version": 1, "files": files }).to_string();
            (render::json_text(&text) + "\n").into_bytes()
        }
        OutputFormat::Short | OutputFormat::Github => {
            let problems = compared.iter().flat_map(problems);
            problems.map(|it| console.finding(&it)).collect::<String>().into_bytes()
        }
        format => {
            let problems: Vec<Problem> = compared.iter().flat_map(problems).collect();
            let same = compared.iter().filter(|it| it.difference != Difference::Code);
            let same: Vec<String> =
                same.map(|it| it.sides.path.to_string_lossy().into_owned()).collect();
            let problems: Vec<&Problem> = problems.iter().collect();
            render::document(format, &problems, &same).unwrap_or_default().into_bytes()
        }
    };
    inputs::print(&text)
}

/// The symbols that differ, and their statements.
fn diff(compared: &Compared, args: &DiffArgs, console: Console) -> Vec<u8> {
    if compared.difference != Difference::Code {
        return Vec::new();
    }
    let is_coloured = console.stdout.colour;
    let look = Look { is_coloured, max_rows: (!args.full).then_some(MAX_ROWS) };
    let mut text = Vec::new();
    let sides = &compared.sides;
    let state = |side: &Option<Vec<u8>>| if side.is_none() { " (missing)" } else { "" };
    let (old, new) = (state(&sides.old), state(&sides.new));
    let (old, new) = (format!("{}{old}", sides.old_name), format!("{}{new}", sides.new_name));
    text::head(&mut text, is_coloured, &old, &new);
    listing::print(&mut text, &compared.comparison, is_coloured);
    if !args.stat {
        text.extend(text::hunks(&compared.comparison, look));
    }
    text
}

/// So many rows of a diff are shown, unless all are wanted.
const MAX_ROWS: usize = 400;

fn problems(compared: &Compared) -> Vec<Problem> {
    if compared.difference != Difference::Code {
        return Vec::new();
    }
    let problems = report::problems(&compared.comparison, &compared.sides.path, CODE, "differs");
    if problems.is_empty() {
        // Tokens that no row shows.
        let message = format!("{} differs", compared.sides.path.display());
        return vec![Problem { severity: Severity::Warning, ..Problem::error(CODE, message) }];
    }
    problems
}

fn json(compared: &Compared) -> Value {
    let sides = &compared.sides;
    json!({
        "old": sides.old_name,
        "new": sides.new_name,
        "path": sides.path.to_string_lossy(),
        "difference": compared.difference.name(),
        "old_bytes": sides.old.as_ref().map(Vec::len),
        "new_bytes": sides.new.as_ref().map(Vec::len),
        "changes": report::changes(&compared.comparison),
    })
}
