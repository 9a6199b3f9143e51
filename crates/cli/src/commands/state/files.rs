//! The files of an inventory, and what each of them says.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tilde_bundle::{Source, SourceId};
use tilde_resident::{FileFacts, scan};
use tilde_syntax::SyntaxError;

use crate::allow::{self, Allowance};
use crate::args::StateArgs;
use crate::compile;
use crate::console::Console;
use crate::discover::Choice;
use crate::excerpt::Lines;
use crate::glob;
use crate::inputs::{self, Inputs};
use crate::problem::{Error, Problem};
use crate::progress::Progress;
use crate::scope::Scope;

/// The folder that Composer installs packages into.
const VENDOR: &str = "vendor";

/// What was read; the lists have an entry for each file.
#[derive(Default)]
pub(super) struct Files {
    pub(super) paths: Vec<PathBuf>,
    pub(super) texts: Vec<Text>,
}

/// The text of a file, and what places in it need, once one asks for it.
#[derive(Default)]
pub(super) struct Text {
    /// Empty where no fact is in the file, since most of them are such.
    pub(super) bytes: Vec<u8>,
    lines: OnceLock<Lines>,
    comments: OnceLock<Vec<Allowance>>,
}

impl Text {
    fn of(bytes: Vec<u8>) -> Self {
        Self { bytes, ..Self::default() }
    }

    pub(super) fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(&self.bytes))
    }

    /// The comments that allow findings.
    pub(super) fn comments(&self) -> &[Allowance] {
        self.comments.get_or_init(|| allow::comments(&self.bytes))
    }
}

/// Reads all files, and returns what each says of state, and what could not be read.
pub(super) fn read(
    args: &StateArgs,
    php: Choice,
    console: Console,
) -> Result<(Files, Vec<FileFacts>, Vec<Problem>), Error> {
    let inputs = list(args)?;
    let progress = Progress::new(console, inputs.paths.len());
    let mut files = Files::default();
    let (mut all, mut mistakes) = (Vec::new(), Vec::new());
    let work = |_: &Path, text: Vec<u8>| {
        let facts = facts(&text, php);
        let is_needed = facts.as_ref().map_or(true, |facts| !facts.is_empty());
        (facts, if is_needed { text } else { Vec::new() })
    };
    let unread =
        inputs::for_each(&inputs, &args.threads, &progress, work, |path, (facts, text)| {
            match facts {
                Ok(facts) => {
                    files.paths.push(path.to_owned());
                    files.texts.push(Text::of(text));
                    all.push(facts);
                }
                Err(error) => mistakes.extend(mistake(path, text, &error)),
            }
            Ok(())
        })?;
    mistakes.extend(unread);
    Ok((files, all, mistakes))
}

/// The files that the arguments name.
fn list(args: &StateArgs) -> Result<Inputs, Problem> {
    let here = [PathBuf::from(".")];
    let is_nothing = args.paths.is_empty() && args.list.files_from.is_none();
    let paths = if is_nothing { &here[..] } else { &args.paths };
    let mut all = Vec::new();
    for path in paths {
        if !path.is_dir() {
            all.push(path.clone());
            continue;
        }
        let is_wanted = |file: &PathBuf| args.vendor || !is_of_vendor(file, path);
        all.extend(glob::php_files(path)?.into_iter().filter(is_wanted));
    }
    inputs::list(&all, &args.list, &mut Scope::default())
}

/// Whether a file is in a folder of packages below this one.
fn is_of_vendor(file: &Path, folder: &Path) -> bool {
    let below = file.strip_prefix(crate::disk::normal(folder)).unwrap_or(file);
    below.parent().is_some_and(|parent| parent.iter().any(|name| name == VENDOR))
}

/// As the newest PHP reads the file, or as the oldest does if that cannot.
fn facts(text: &[u8], php: Choice) -> Result<FileFacts, SyntaxError> {
    scan(text, php.options).or_else(|error| scan(text, php.oldest()).map_err(|_| error))
}

fn mistake(path: &Path, text: Vec<u8>, error: &SyntaxError) -> Option<Problem> {
    let diagnostic = tilde_bundle::syntax_error(SourceId(0), error, &text);
    let source = Source { path: path.into(), text: std::sync::Arc::new(text) };
    compile::problems(&[diagnostic], &[source], Path::to_owned).pop()
}
