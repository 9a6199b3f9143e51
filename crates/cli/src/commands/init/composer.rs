//! `tilde init --composer`: what a Composer project needs to be compiled whenever Composer
//! has changed something, and git to leave the outputs alone.
//!
//! No tilde.toml is written, with which tilde.toml alone would decide what a build does.
//! What composer.json has already stays.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use tilde_module::{Json, Kind};

use crate::console::Console;
use crate::discover::COMPOSER;
use crate::disk::{self, Outcome, Write};
use crate::exit::ExitStatus;
use crate::problem::{Error, Problem};

/// When Composer runs a script, and which.
const SCRIPT: (&str, &str) = ("post-autoload-dump", "tilde build");
const GITIGNORE: &str = ".gitignore";

pub(super) fn run(folder: &Path, console: Console) -> Result<ExitStatus, Error> {
    let path = disk::normal(&folder.join(COMPOSER));
    let old = disk::read_configuration(&path).map_err(|error| disk::unreadable(&path, &error))?;
    let mut json = Json::parse(&old).map_err(|error| {
        let message = format!("cannot read {}: {}", path.display(), error.message);
        Problem::error("T-COMPOSER", message).help("mend it")
    })?;
    let vendor = json.get("config").and_then(|it| it.get("vendor-dir")?.text());
    let out = format!("/{}/tilde/", vendor.unwrap_or("vendor").trim_matches('/'));
    let new = if has_script(&mut json) { old } else { (json.print(true) + "\n").into_bytes() };
    let ignored = disk::normal(&folder.join(GITIGNORE));
    let list = ignoring(&ignored, &out)?;
    let writes = [Write::new(&path, &new), Write::new(&ignored, &list)];
    for (write, outcome) in writes.iter().zip(disk::write_all(&writes)?) {
        let verb = if outcome == Outcome::Wrote { "wrote" } else { "unchanged" };
        console.note(format!("{verb} {}", write.path.display()));
    }
    console.note("help: `composer dump-autoload` builds from now on; docs/composer.md goes on");
    Ok(ExitStatus::Done)
}

/// Whether the script was there. It is, afterwards.
fn has_script(json: &mut Json) -> bool {
    let (event, command) = SCRIPT;
    let list = json.entry("scripts").entry(event);
    let mut all = match list.text() {
        Some(_) => vec![list.value()],
        None => list.items().to_vec(),
    };
    if all.iter().any(|it| it.text() == Some(command)) {
        return true;
    }
    all.push(command.into());
    list.kind = Kind::List(all);
    false
}

/// The list of what git ignores, with a folder unless all that is around it is ignored.
fn ignoring(path: &Path, folder: &str) -> Result<Vec<u8>, Problem> {
    let mut text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(disk::unreadable(path, &error)),
    };
    let plain = |line: &[u8]| String::from_utf8_lossy(line).trim().trim_matches('/').to_owned();
    let names: Vec<String> = text.split(|byte| *byte == b'\n').map(plain).collect();
    let folders = Path::new(folder.trim_matches('/')).ancestors();
    let is_ignored = |folder: &Path| names.iter().any(|name| Path::new(name) == folder);
    if folders.filter(|it| !it.as_os_str().is_empty()).any(is_ignored) {
        return Ok(text);
    }
    if text.last().is_some_and(|byte| *byte != b'\n') {
        text.push(b'\n');
    }
    text.extend(folder.bytes().chain([b'\n']));
    Ok(text)
}
