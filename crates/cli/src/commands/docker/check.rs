//! `tilde docker check`: are the files on disk still what `init` would write?

use std::io::ErrorKind;
use std::path::Path;

use similar::TextDiff;
use tilde_docker::File;

use super::args::CheckArgs;
use super::{files_again, folder};
use crate::commands::build::count;
use crate::console::Console;
use crate::disk;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Problem};

pub(super) fn run(args: &CheckArgs, console: Console) -> Result<ExitStatus, Error> {
    let folder = folder(args.path.as_deref())?;
    let files = files_again(&folder, console)?;
    let mut differences = String::new();
    let mut stale = 0;
    for file in &files {
        if let Some(difference) = difference(&folder, file)? {
            differences += &difference;
            stale += 1;
        }
    }
    if !console.is_quiet() {
        inputs::print(differences.as_bytes())?;
    }
    let all = count(files.len(), "file");
    if stale == 0 {
        console.note(format!("{all} as tilde docker init would write them"));
        return Ok(ExitStatus::Done);
    }
    let command = "tilde docker init --overwrite with the options of the Dockerfile writes them";
    console.note(format!("{stale} of {all} would change"));
    console.note(format!("help: {command}"));
    Ok(ExitStatus::Findings)
}

/// What would change in a file, as a diff; none if nothing would.
fn difference(folder: &Path, file: &File) -> Result<Option<String>, Problem> {
    let path = disk::normal(&folder.join(file.path));
    let (old, from) = match disk::read(&path) {
        Ok(bytes) => (String::from_utf8_lossy(&bytes).into_owned(), path.display().to_string()),
        Err(error) if error.kind() == ErrorKind::NotFound => (String::new(), "/dev/null".into()),
        Err(error) => return Err(disk::unreadable(&path, &error)),
    };
    if old == file.text {
        return Ok(None);
    }
    let difference = TextDiff::from_lines(&old, &file.text);
    let mut unified = difference.unified_diff();
    Ok(Some(unified.header(&from, &path.display().to_string()).to_string()))
}
