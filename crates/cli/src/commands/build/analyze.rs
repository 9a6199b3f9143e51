//! `--analyze`: what is big in a bundle, by members and by folders.
//!
//! The table is of a bundle with its companions, as one: what counts are the bytes
//! that a member has in them, not those of its file. Folders are the first ones in
//! which the members differ.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{Size, count};
use crate::compile::{Compiled, Input, Output};
use crate::escape::escaped;

/// How many members and folders are listed.
const MAX_ROWS: usize = 20;

/// The tables of all bundles.
pub(super) fn text(compiled: &Compiled) -> String {
    let files: Vec<&Output> = compiled.outputs.iter().filter(|output| !output.is_map).collect();
    let bundles = files.chunk_by(|first, second| {
        // A companion lies where its bundle does; a second bundle may have its name.
        first.name == second.name && first.path.parent() == second.path.parent()
    });
    bundles.map(table).collect::<Vec<_>>().join("\n")
}

/// The bytes of something.
type Row = (String, u64);

fn table(files: &[&Output]) -> String {
    let total: u64 = files.iter().map(|output| output.bytes.len() as u64).sum();
    let inputs = files.iter().flat_map(|output| &output.inputs);
    let members: Vec<(&Path, u64)> = inputs.map(|input| (&*input.path, len(input))).collect();
    let own = total.saturating_sub(members.iter().map(|(_, len)| len).sum());
    let folders = folders(&members);
    let members = members.iter().map(|(path, len)| (path.display().to_string(), *len)).collect();
    let mut text = format!("{}  {}\n", escaped(&files[0].path.display().to_string()), Size(total));
    rows(&mut text, members, "member", total);
    rows(&mut text, vec![("(code of the bundle's own)".to_owned(), own)], "", total);
    text.push_str("by folder\n");
    rows(&mut text, folders, "folder", total);
    text
}

/// The bytes of an input in the bundle; those of its file, where nobody counts.
pub(crate) fn len(input: &Input) -> u64 {
    input.member.as_ref().map_or(input.len, |member| member.report.len as u64)
}

fn folders(members: &[(&Path, u64)]) -> Vec<Row> {
    let common = common(members.iter().map(|(path, _)| folder(path)));
    let mut folders: BTreeMap<PathBuf, u64> = BTreeMap::new();
    for (path, len) in members {
        *folders.entry(top(path, &common)).or_default() += len;
    }
    folders.into_iter().map(|(path, len)| (path.display().to_string(), len)).collect()
}

/// The largest first.
fn rows(text: &mut String, mut rows: Vec<Row>, noun: &str, total: u64) {
    rows.sort_by_key(|(_, len)| Reverse(*len));
    let rest = rows.split_off(rows.len().min(MAX_ROWS));
    if !rest.is_empty() {
        let len = rest.iter().map(|(_, len)| len).sum();
        rows.push((format!("({} more)", count(rest.len(), noun)), len));
    }
    for (name, len) in rows {
        let size = Size(len).to_string();
        let _ = writeln!(text, "  {:>6}  {size:>9}  {}", share(len, total), escaped(&name));
    }
}

/// A part in percent, as `12.5%`.
fn share(len: u64, total: u64) -> String {
    let tenths = (len * 1000 + total / 2) / total.max(1);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// The folder that a file is in; empty for a bare name.
fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

/// The folder that all of these are below.
fn common<'p>(mut folders: impl Iterator<Item = &'p Path>) -> PathBuf {
    let first = folders.next().unwrap_or(Path::new("")).to_owned();
    folders.fold(first, |common, folder| {
        let is_above = |it: &&Path| folder.starts_with(it);
        common.ancestors().find(is_above).unwrap_or(Path::new("")).to_owned()
    })
}

/// The folder below that one which a file is in, or that one itself.
fn top(path: &Path, common: &Path) -> PathBuf {
    let folder = folder(path);
    let below = folder.strip_prefix(common).unwrap_or(folder);
    let top = below.components().next().map_or_else(|| common.to_owned(), |it| common.join(it));
    if top.as_os_str().is_empty() { ".".into() } else { top }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_the_first_in_which_members_differ() {
        let top = |paths: &[&str]| -> Vec<String> {
            let paths: Vec<&Path> = paths.iter().map(Path::new).collect();
            let common = common(paths.iter().map(|path| folder(path)));
            paths.iter().map(|path| top(path, &common).display().to_string()).collect()
        };
        assert_eq!(top(&["a/b/c.php", "a/d/e/f.php", "a/g.php"]), ["a/b", "a/d", "a"]);
        assert_eq!(top(&["a.php", "b/c.php"]), [".", "b"]);
        assert_eq!(top(&["a/b.php"]), ["a"]);
    }

    #[test]
    fn shares_are_rounded() {
        assert_eq!([share(1, 3), share(1, 1), share(0, 0)], ["33.3%", "100.0%", "0.0%"]);
    }
}
