//! `tilde tokens`: the tokens of files.
//!
//! Bytes that an old PHP drops without a trace are a token for us but none for
//! PHP, so they are left out here.

use std::io::{self, IsTerminal as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use bstr::{ByteSlice as _, ByteVec as _};
use serde_json::Value;
use tilde_lexer::{Options, TokenKind};

use crate::args::{TokenFormat, TokensArgs};
use crate::console::Console;
use crate::discover;
use crate::escape::escaped_bytes;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::Error;
use crate::progress::Progress;
use crate::render;
use crate::scope::Scope;

pub(crate) fn run(args: &TokensArgs, console: Console) -> Result<ExitStatus, Error> {
    let options = discover::choose_here(&args.php, &mut Scope::default())?.oldest();
    let inputs = inputs::list_or_stdin(&args.files, &args.list, console)?;
    let format = args.format.unwrap_or_else(|| {
        if io::stdout().is_terminal() { TokenFormat::Text } else { TokenFormat::Tsv }
    });
    let progress = Progress::new(console, inputs.paths.len());
    let work = |path: &Path, source: Vec<u8>| match format {
        TokenFormat::Text => text(path, &source, options),
        TokenFormat::Tsv => tsv(path, &source, options),
        TokenFormat::Json => json(path, &source, options),
    };
    let is_json = format == TokenFormat::Json;
    let mut separator: &[u8] = b"[";
    let problems = inputs::for_each(&inputs, &args.threads, &progress, work, |_, lines| {
        if is_json {
            inputs::print(separator)?;
            separator = b",";
        }
        inputs::print(&lines?)
    });
    let problems = problems?;
    if is_json {
        inputs::print(if separator == b"[" { b"[]\n" } else { b"\n]\n" })?;
    }
    drop(progress);
    console.report(&problems);
    Ok(if problems.is_empty() { ExitStatus::Done } else { ExitStatus::Failed })
}

/// What stays of a file's tokens; a `Vec` takes all that is written to it.
type Lines = Result<Vec<u8>, Error>;

fn tokens(source: &[u8], options: Options) -> impl Iterator<Item = (&'static str, &[u8], u32)> {
    tilde_lexer::lines(source, options)
        .filter(|(token, _, _)| token.kind != TokenKind::Dropped)
        .map(|(token, text, line)| (token.kind.name(), text, line))
}

/// `# PATH` on one line, then `NAME`, tab, length in bytes, tab, line.
fn tsv(path: &Path, source: &[u8], options: Options) -> Lines {
    let mut lines = heading(path, source.len() * 4);
    for (name, text, line) in tokens(source, options) {
        lines.extend_from_slice(name.as_bytes());
        writeln!(lines, "\t{}\t{line}", text.len()).map_err(Error::Stdout)?;
    }
    Ok(lines)
}

/// The same in columns, with the bytes.
fn text(path: &Path, source: &[u8], options: Options) -> Lines {
    let mut lines = heading(path, source.len() * 8);
    for (name, text, line) in tokens(source, options) {
        write!(lines, "{line:>6}  {name:<28} ").map_err(Error::Stdout)?;
        quote(&mut lines, text);
    }
    Ok(lines)
}

/// The bytes between quotes: text as it is, the rest escaped.
fn quote(lines: &mut Vec<u8>, text: &[u8]) {
    lines.push(b'"');
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            let is_special = character.is_control() || matches!(character, '"' | '\\');
            let escapes = is_special.then(|| character.escape_default());
            match escapes {
                Some(escapes) => lines.extend(escapes.map(|ascii| ascii as u8)),
                None => lines.push_char(character),
            }
        }
        lines.extend(chunk.invalid().escape_ascii());
    }
    lines.extend_from_slice(b"\"\n");
}

fn heading(path: &Path, capacity: usize) -> Vec<u8> {
    let mut lines = Vec::with_capacity(capacity + 64);
    lines.extend_from_slice(b"# ");
    lines.extend_from_slice(&escaped_bytes(path.as_os_str().as_bytes()));
    lines.push(b'\n');
    lines
}

/// `{"path", "tokens": [{"name", "offset", "length", "line", "text"}]}`.
fn json(path: &Path, source: &[u8], options: Options) -> Lines {
    let mut lines = Vec::with_capacity(source.len() * 16 + 64);
    lines.extend_from_slice(b"\n{\"path\":");
    let name = Value::from(path.to_string_lossy());
    lines.extend_from_slice(render::json_text(&name.to_string()).as_bytes());
    lines.extend_from_slice(b",\"tokens\":[");
    let mut offset = 0;
    let mut separator = "";
    for (token, text, line) in tilde_lexer::lines(source, options) {
        let start = offset;
        offset += text.len();
        if token.kind == TokenKind::Dropped {
            continue;
        }
        lines.extend_from_slice(separator.as_bytes());
        lines.extend_from_slice(b"\n{\"name\":");
        string(&mut lines, token.kind.name().as_bytes())?;
        write!(lines, ",\"offset\":{start},\"length\":{},\"line\":{line},\"text\":", text.len())
            .map_err(Error::Stdout)?;
        string(&mut lines, text)?;
        lines.push(b'}');
        separator = ",";
    }
    lines.extend_from_slice(b"]}");
    Ok(lines)
}

/// A JSON string; what is no UTF-8 becomes replacement characters.
fn string(lines: &mut Vec<u8>, text: &[u8]) -> Result<(), Error> {
    serde_json::to_writer(lines, &text.to_str_lossy()).map_err(|error| Error::Stdout(error.into()))
}
