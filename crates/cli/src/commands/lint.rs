//! `tilde lint`: the syntax errors of files, and what PHP's compiler refuses.
//!
//! The report is the first error of each file, in the order of the files, on
//! standard output. The line of an error is PHP's, which is the last one of a
//! token that has several.

use std::path::Path;
use std::sync::Arc;

use tilde_bundle::{Diagnostic, Source, SourceId};
use tilde_lexer::{Options, Version};
use tilde_syntax::Arena;

use crate::args::{LintArgs, OutputFormat};
use crate::commands::build::count;
use crate::compile;
use crate::console::Console;
use crate::discover::{self, Choice};
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Problem};
use crate::progress::Progress;
use crate::render;
use crate::scope::Scope;

pub(crate) fn run(args: &LintArgs, console: Console) -> Result<ExitStatus, Error> {
    let php = discover::choose_here(&args.php, &mut Scope::default())?;
    let inputs = inputs::list_or_stdin(&args.files, &args.list, console)?;
    let progress = Progress::new(console, inputs.paths.len());
    let is_json = console.format() == OutputFormat::Json;
    let mut found = 0;
    // Those of a document that is more than an array.
    let mut collected = Vec::new();
    let work = |path: &Path, source: Vec<u8>| problem(path, source, php);
    let problems = inputs::for_each(&inputs, &args.threads, &progress, work, |_, problem| {
        let Some(problem) = problem else { return Ok(()) };
        found += 1;
        if console.format().is_document() && !is_json {
            collected.push(problem);
            return Ok(());
        }
        if is_json {
            inputs::print(if found == 1 { b"[\n" } else { b",\n" })?;
        }
        inputs::print(console.finding(&problem).as_bytes())
    })?;
    if is_json {
        inputs::print(if found == 0 { b"[]\n" } else { b"\n]\n" })?;
    } else {
        let collected: Vec<&Problem> = collected.iter().collect();
        let document = render::document(console.format(), &collected, &[]);
        inputs::print(document.unwrap_or_default().as_bytes())?;
    }
    drop(progress);
    console.report(&problems);
    if !problems.is_empty() {
        return Ok(ExitStatus::Failed);
    }
    let files = count(inputs.paths.len(), "file");
    if found == 0 {
        console.note(format!("no error in {files}"));
        return Ok(ExitStatus::Done);
    }
    console.note(format!("{} in {files}", count(found, "error")));
    Ok(ExitStatus::Findings)
}

/// What is to say of a file, if it is wrong.
fn problem(path: &Path, text: Vec<u8>, php: Choice) -> Option<Problem> {
    let is_one = php.oldest == php.options.version;
    let mut versions = vec![php.oldest()];
    versions.extend((!is_one).then_some(php.options));
    let (mut diagnostic, version) = mistake(&text, &versions)?;
    if !is_one {
        diagnostic.message = format!("{} in PHP {version}", diagnostic.message);
    }
    let source = Source { path: path.into(), text: Arc::new(text) };
    compile::problems(&[diagnostic], &[source], Path::to_owned).pop()
}

/// The first syntax error that one of these PHPs finds, or else the first mistake that its
/// compiler finds.
fn mistake(text: &[u8], versions: &[Options]) -> Option<(Diagnostic, Version)> {
    let mut refused = None;
    for options in versions {
        let arena = Arena::new();
        let tree = match tilde_syntax::parse(text, *options, &arena) {
            Ok(tree) => tree,
            Err(error) => {
                let diagnostic = tilde_bundle::syntax_error(SourceId(0), &error, text);
                return Some((diagnostic, options.version));
            }
        };
        refused = refused.or_else(|| {
            let refused = tilde_syntax::refused(&tree, options.version);
            let refused = refused.filter(|it| it.is_certain)?;
            let place = refused.span.start as usize..refused.span.end as usize;
            let diagnostic = Diagnostic::error("T-COMPLAINT", refused.message);
            Some((diagnostic.label(SourceId(0), place, ""), options.version))
        });
    }
    refused
}
