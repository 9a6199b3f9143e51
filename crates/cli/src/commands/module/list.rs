//! `tilde module list`: what modules there are.

use serde_json::{Value, json};
use tilde_module::Manifest;

use super::args::ListModulesArgs;
use super::project::Project;
use super::report;
use super::words::{Words, words};
use crate::commands::phar::{print_json, shown};
use crate::console::Console;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::Error;

/// A module with the word for where it is.
struct Listed<'m> {
    kind: &'static str,
    word: &'static str,
    manifest: &'m Manifest,
    folder: String,
}

pub(super) fn run(args: &ListModulesArgs, console: Console) -> Result<ExitStatus, Error> {
    let words = words(&args.project);
    let project = Project::new(&args.project);
    let sources = project.sources()?;
    let composer = project.composer_modules()?;
    let (packages, warnings) = project.packages();
    let status = report(console, &warnings);
    let mut listed = Vec::new();
    for (kind, word, modules) in
        [("source", words.source, &sources), ("composer", words.composer, &composer)]
    {
        listed.extend(modules.iter().map(|module| Listed {
            kind,
            word,
            manifest: &module.manifest,
            folder: module.folder.clone(),
        }));
    }
    let packed = packages.iter().map(|package| Listed {
        kind: "phar",
        word: words.packed,
        manifest: &package.manifest,
        folder: package.path.to_string_lossy().into_owned(),
    });
    // The framework's order: sources, packages, Composer's.
    listed.splice(sources.len()..sources.len(), packed);
    if console.is_json() {
        print_json(&listed.iter().map(Listed::json).collect())?;
    } else if listed.is_empty() {
        console.note(words.nothing);
    } else {
        let text: String = listed.iter().map(|module| module.text(words)).collect();
        inputs::print(text.as_bytes())?;
    }
    Ok(status)
}

impl Listed<'_> {
    fn text(&self, words: &Words) -> String {
        let manifest = self.manifest;
        let depends: Vec<String> = manifest
            .depends
            .iter()
            .map(|(name, constraint)| format!("{name} {constraint}"))
            .collect();
        let depends = depends.join(", ");
        let lines = [
            (words.types, self.word),
            (words.version, manifest.version.as_deref().unwrap_or_default()),
            (words.description, manifest.description.as_deref().unwrap_or_default()),
            (words.folder, &self.folder),
            (words.depends, &depends),
        ];
        let lines = lines.iter().filter(|(_, text)| !text.is_empty());
        let line =
            |(word, text): &(&str, &str)| format!("    {word}: {}\n", shown(text.as_bytes()));
        format!("[{}]\n{}", shown(manifest.name.as_bytes()), lines.map(line).collect::<String>())
    }

    fn json(&self) -> Value {
        let depends: serde_json::Map<String, Value> = (self.manifest.depends.iter())
            .map(|(name, constraint)| (name.clone(), Value::from(constraint.as_str())))
            .collect();
        json!({
            "name": self.manifest.name,
            "type": self.kind,
            "version": self.manifest.version,
            "description": self.manifest.description,
            "folder": self.folder,
            "depends": depends,
        })
    }
}
