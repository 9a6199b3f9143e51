//! `tilde phar info`: what an archive says of itself.
//!
//! Nothing of it is checked: that is what `verify` is for. Metadata are shown
//! only if they are plain values; an object could run code where it is read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bstr::ByteSlice as _;
use serde_json::{Value, json};
use tilde_eval::{Options, Target, Version};
use tilde_phar::{Archive, Compression};

use super::args::InfoArgs;
use super::{grouped, hex, open, print_json, shown};
use crate::console::Console;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::Error;

pub(crate) fn run(args: &InfoArgs, console: Console) -> Result<ExitStatus, Error> {
    let opened = open(&args.archive)?;
    let archive = &opened.archive;
    if console.is_json() {
        print_json(&json(archive))?;
    } else {
        inputs::print(text(archive).as_bytes())?;
    }
    Ok(ExitStatus::Done)
}

fn text(archive: &Archive) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: String| {
        // A `String` takes all that is written to it.
        let _ = writeln!(text, "{name:<12} {value}");
    };
    line("version", version(archive));
    line("stub", format!("{} bytes", grouped(archive.stub_len())));
    line("alias", if archive.alias().is_empty() { "none".into() } else { shown(archive.alias()) });
    line(
        "metadata",
        match metadata(archive.metadata()) {
            None => "none".to_owned(),
            Some(Ok(value)) => value,
            Some(Err(reason)) => reason,
        },
    );
    let counts = counts(archive);
    let counts = counts.iter().map(|(kind, count)| format!("{} {kind}", grouped(*count)));
    line("entries", counts.collect::<Vec<_>>().join(", "));
    let (size, stored) = sizes(archive);
    line("size", format!("{} bytes, {} stored", grouped(size), grouped(stored)));
    line(
        "signature",
        match archive.signature() {
            None => "none".to_owned(),
            Some(signature) => format!("{} {}", signature.kind.as_str(), hex(&signature.bytes)),
        },
    );
    text
}

fn json(archive: &Archive) -> Value {
    let (size, stored) = sizes(archive);
    let (metadata, metadata_error) = match metadata(archive.metadata()) {
        None => (None, None),
        Some(Ok(value)) => (Some(value), None),
        Some(Err(reason)) => (None, Some(reason)),
    };
    let signature = archive.signature();
    json!({
        "version": version(archive),
        "stub": archive.stub_len(),
        "alias": String::from_utf8_lossy(archive.alias()),
        "metadata": metadata,
        "metadata_error": metadata_error,
        "entries": archive.len(),
        "compression": counts(archive),
        "bytes": size,
        "stored": stored,
        "signature": signature.map(|signature| json!({
            "kind": signature.kind.as_str(),
            "hash": hex(&signature.bytes),
        })),
    })
}

fn version(archive: &Archive) -> String {
    archive.version().map(|part| part.to_string()).join(".")
}

/// How many entries are stored in each way.
fn counts(archive: &Archive) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    for entry in archive.entries() {
        let kind = match entry.compression {
            _ if entry.is_directory => "directories",
            Compression::None => "stored",
            compression => compression.as_str(),
        };
        *counts.entry(kind).or_default() += 1;
    }
    counts
}

fn sizes(archive: &Archive) -> (u64, u64) {
    let sizes = archive.entries().map(|entry| (u64::from(entry.size), u64::from(entry.stored_len)));
    sizes.fold((0, 0), |(size, stored), (more, more_stored)| (size + more, stored + more_stored))
}

/// Metadata as PHP code, or why they are not shown; none if there are none.
fn metadata(text: &[u8]) -> Option<Result<String, String>> {
    if text.is_empty() {
        return None;
    }
    let target = Target::new(Version::LATEST);
    let value = tilde_eval::unserialize(text, Options::new(Version::LATEST))
        .and_then(|value| tilde_eval::export::var_export(&value, &target));
    Some(match value {
        Ok(code) => Ok(code.to_str_lossy().into_owned()),
        Err(_) => Err(format!(
            "{} bytes that are not shown: they have an object or a reference, or are damaged",
            grouped(text.len() as u64)
        )),
    })
}
