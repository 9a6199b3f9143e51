//! What git knows of compiled files: their bytes in a revision.
//!
//! Plumbing commands only, which run no filter that a repository may configure. A path is
//! given to git as an absolute one turned relative to the repository, so that neither the
//! current folder nor a name that begins with `-` or `:` changes its meaning.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::disk;
use crate::map::real;
use crate::problem::Problem;

const CODE: &str = "T-GIT";

/// The bytes of a file in a revision; none if it has no such file.
pub(crate) fn show(revision: &str, path: &Path) -> Result<Option<Vec<u8>>, Problem> {
    let (root, below) = place(path)?;
    let tree = tree(&root, revision)?;
    let mut object = OsString::from(tree);
    object.push(":");
    object.push(&below);
    let exists = git(&root, [OsStr::new("cat-file"), OsStr::new("-e"), &object])?;
    if !exists.status.success() {
        return Ok(None);
    }
    let output = git(&root, [OsStr::new("cat-file"), OsStr::new("blob"), &object])?;
    if output.status.success() { Ok(Some(output.stdout)) } else { Err(failed(&output)) }
}

/// The outputs with the companions beside them (`all.2.php` beside `all.php`) that are on
/// disk or in the revision.
pub(crate) fn with_companions(
    revision: &str,
    outputs: Vec<PathBuf>,
) -> Result<Vec<PathBuf>, Problem> {
    let mut all = Vec::new();
    for output in outputs {
        all.push(output.clone());
        for file in 1.. {
            let companion = output.with_file_name(tilde_bundle::companion(&output, file));
            if !companion.is_file() && show(revision, &companion)?.is_none() {
                break;
            }
            all.push(companion);
        }
    }
    Ok(all)
}

/// The root of the repository that a file is in, and where in it that is.
fn place(path: &Path) -> Result<(PathBuf, PathBuf), Problem> {
    let folder = real(disk::folder_of(path));
    let existing = folder.ancestors().find(|it| it.is_dir()).unwrap_or(&folder);
    let output = git(existing, ["rev-parse", "--show-toplevel"].map(OsStr::new))?;
    if !output.status.success() {
        let message = format!("{} is in no git repository", path.display());
        return Err(Problem::error(CODE, message).help("compare two files: `tilde diff OLD NEW`"));
    }
    let root = output.stdout.strip_suffix(b"\n").unwrap_or(&output.stdout).to_vec();
    let root = real(Path::new(&OsString::from_vec(root)));
    let file = folder.join(path.file_name().unwrap_or_default());
    let below = file.strip_prefix(&root).map(Path::to_owned).unwrap_or(file);
    Ok((root, below))
}

/// The name of the tree of a revision.
fn tree(root: &Path, revision: &str) -> Result<String, Problem> {
    let unknown = || {
        let message = format!("git knows no revision `{revision}`");
        Problem::error(CODE, message).help("name a commit, a branch or a tag")
    };
    let name = format!("{revision}^{{tree}}");
    let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", &name];
    let output = git(root, arguments.map(OsStr::new))?;
    let tree = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && !tree.is_empty() { Ok(tree) } else { Err(unknown()) }
}

fn git<'a>(
    folder: &Path,
    arguments: impl IntoIterator<Item = &'a OsStr>,
) -> Result<Output, Problem> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments).stdin(Stdio::null());
    command.output().map_err(|error| {
        let message = format!("cannot run git: {}", disk::reason(&error));
        Problem::error(CODE, message).help("install git, or compare two files")
    })
}

fn failed(output: &Output) -> Problem {
    let text = String::from_utf8_lossy(output.stderr.trim_ascii());
    Problem::error(CODE, format!("git failed: {}", text.lines().last().unwrap_or_default()))
}
