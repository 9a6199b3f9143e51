//! `tilde phar diff`: what is in one archive and not in the other.
//!
//! How entries are stored, when they were changed and what the archive is
//! signed with make no difference: only what PHP would read does.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;
use tilde_bundle::token;
use tilde_lexer::{Options, TokenKind};
use tilde_phar::{Digest, Entry};

use super::args::DiffArgs;
use super::create::is_php;
use super::{Opened, check_limit, damaged, open, print_json, problem, shown};
use crate::commands::build::count;
use crate::console::Console;
use crate::discover;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Problem};
use crate::scope::Scope;

/// Longer PHP entries are compared by their bytes.
const MAX_PHP_LEN: u32 = 16 << 20;

pub(crate) fn run(args: &DiffArgs, console: Console) -> Result<ExitStatus, Error> {
    let lexer = discover::choose_here(&args.php, &mut Scope::default())?.oldest();
    let mut sides = [&args.old, &args.new].map(|path| Side::open(path, args));
    let [old, new] = &mut sides;
    let (old, new) = (old.as_mut().map_err(|p| p.clone())?, new.as_mut().map_err(|p| p.clone())?);
    let by_tokens = (!args.bytes).then_some(lexer);
    let changes = changes(old, new, by_tokens)?;
    if console.is_json() {
        let change =
            |(name, change): &(String, Change)| json!({ "name": name, "change": change.as_str() });
        print_json(&changes.iter().map(change).collect())?;
    } else {
        let line = |(name, change): &(String, Change)| format!("{} {name}\n", change.mark());
        inputs::print(changes.iter().map(line).collect::<String>().as_bytes())?;
    }
    if changes.is_empty() {
        console.note("no difference");
        return Ok(ExitStatus::Done);
    }
    console.note(count(changes.len(), "difference"));
    Ok(ExitStatus::Findings)
}

/// A line for each entry that differs between two archives: `~ src/a.php`.
pub(crate) fn between(old: &Path, new: &Path, options: Options) -> Result<Vec<String>, Problem> {
    let side = |path| open(path).map(|opened| Side { path, opened });
    let changes = changes(&mut side(old)?, &mut side(new)?, Some(options))?;
    Ok(changes.iter().map(|(name, change)| format!("{} {name}", change.mark())).collect())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Added,
    Removed,
    Changed,
}

impl Change {
    fn mark(self) -> char {
        match self {
            Self::Added => '+',
            Self::Removed => '-',
            Self::Changed => '~',
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// One of the two archives.
struct Side<'p> {
    path: &'p Path,
    opened: Opened,
}

impl<'p> Side<'p> {
    fn open(path: &'p Path, args: &DiffArgs) -> Result<Self, Problem> {
        let opened = open(path)?;
        check_limit(path, &opened.archive, &args.limit)?;
        Ok(Self { path, opened })
    }

    fn stub(&mut self) -> Result<Vec<u8>, Problem> {
        let mut digest = Digest::default();
        let copied = self.opened.archive.copy_stub(&mut self.opened.file, &mut digest);
        copied.map_err(|error| problem(self.path, &error))?;
        Ok(digest.finish())
    }

    /// What stands for the bytes of the entry.
    fn digest(&mut self, entry: &Entry<'_>) -> Result<Vec<u8>, Problem> {
        let mut digest = Digest::default();
        let copied = entry.copy_to(&mut self.opened.file, &mut digest);
        copied.map_err(|error| damaged(self.path, entry, &error))?;
        Ok(digest.finish())
    }

    fn contents(&mut self, entry: &Entry<'_>) -> Result<Vec<u8>, Problem> {
        entry.read(&mut self.opened.file).map_err(|error| damaged(self.path, entry, &error))
    }
}

/// What differs, by name; what is of the archive itself comes first.
fn changes(
    old: &mut Side<'_>,
    new: &mut Side<'_>,
    by_tokens: Option<Options>,
) -> Result<Vec<(String, Change)>, Problem> {
    let mut changes = Vec::new();
    let (a, b) = (old.opened.archive.clone(), new.opened.archive.clone());
    let of_archive = [
        ("(stub)", old.stub()? != new.stub()?),
        ("(alias)", a.alias() != b.alias()),
        ("(metadata)", a.metadata() != b.metadata()),
    ];
    let is_changed =
        |(name, is_changed): (&str, bool)| is_changed.then(|| (name.to_owned(), Change::Changed));
    changes.extend(of_archive.into_iter().filter_map(is_changed));
    // Of two entries with one name PHP reads the last.
    let entries: [BTreeMap<&[u8], Entry<'_>>; 2] =
        [&a, &b].map(|archive| archive.entries().map(|entry| (entry.name, entry)).collect());
    let mut names: Vec<&[u8]> = entries.iter().flat_map(BTreeMap::keys).copied().collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let change = match (entries[0].get(name), entries[1].get(name)) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            (Some(a), Some(b)) if is_same((old, a), (new, b), by_tokens)? => continue,
            (Some(_), Some(_)) => Change::Changed,
        };
        changes.push((shown(name), change));
    }
    Ok(changes)
}

fn is_same(
    (old, a): (&mut Side<'_>, &Entry<'_>),
    (new, b): (&mut Side<'_>, &Entry<'_>),
    by_tokens: Option<Options>,
) -> Result<bool, Problem> {
    if a.metadata != b.metadata {
        return Ok(false);
    }
    let is_short = a.size.max(b.size) <= MAX_PHP_LEN;
    let lexer = by_tokens.filter(|_| is_short && is_php(Path::new(shown(a.name).as_str())));
    if let Some(options) = lexer {
        let (a, b) = (old.contents(a)?, new.contents(b)?);
        return Ok(a == b || tokens(&a, options).eq(tokens(&b, options)));
    }
    if (a.size, a.crc) != (b.size, b.crc) {
        return Ok(false);
    }
    Ok(old.digest(a)? == new.digest(b)?)
}

/// The tokens that mean something to PHP.
fn tokens(text: &[u8], options: Options) -> impl Iterator<Item = (TokenKind, &[u8])> {
    let tokens = token::lex(text, options).into_iter();
    tokens.filter(|token| !token.kind.is_trivia()).map(|token| match token.kind {
        // A blank or line break is a part of them, and prints nothing.
        TokenKind::OpenTag | TokenKind::CloseTag => (token.kind, token.bytes(text).trim_ascii()),
        kind => (kind, token.bytes(text)),
    })
}
