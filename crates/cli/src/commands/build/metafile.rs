//! The metafile: what a build made of which files, as JSON.
//!
//! Each input is there once for each output that it is in, in the order in which it
//! stands there. Paths that are not UTF-8 are given with replacement characters,
//! since JSON cannot hold them.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::member::{pattern, reason, shape};
use crate::compile::{Compiled, Input, Output};
use crate::project::{Choice, ChosenBy};
use crate::render;

pub(super) fn text(compiled: &Compiled) -> String {
    let metafile = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "outputs": compiled.outputs.iter().map(output).collect::<Vec<_>>(),
        "inputs": compiled.outputs.iter().flat_map(inputs).collect::<Vec<_>>(),
    });
    render::json_text(&format!("{metafile:#}\n"))
}

fn output(output: &Output) -> Value {
    json!({
        "path": shown(&output.path),
        "bundle": output.name,
        "bytes": output.bytes.len(),
        "files": output.inputs.len(),
        "input_bytes": output.input_len(),
    })
}

fn inputs(output: &Output) -> impl Iterator<Item = Value> + '_ {
    let there = output.inputs.iter().map(|it| input(it, output, Some(&output.path)));
    there.chain(output.left_out.iter().map(|it| input(it, output, None)))
}

fn input(input: &Input, output: &Output, path: Option<&Path>) -> Value {
    let mut object = Map::new();
    let mut put = |key: &str, value| object.insert(key.to_owned(), value);
    put("path", shown(&input.path).into());
    put("bytes", input.len.into());
    put("bundle", output.name.clone().into());
    put("output", path.map(shown).into());
    if let Some(choice) = &input.choice {
        put("why", why(choice).into());
        put("pattern", pattern(&choice.by).into());
        put("on_demand", choice.is_on_demand.into());
        put("shape", shape(input).into());
        put("reason", reason(input).into());
    }
    if let Some(member) = &input.member {
        let edits = member.report.edits.iter();
        let edits: Map<String, Value> =
            edits.map(|(rule, count)| (rule.to_string(), count.into())).collect();
        put("order", member.order.into());
        put("output_bytes", member.report.len.into());
        put("edits", edits.into());
        put("companion_reason", member.report.obstacle.map(|it| it.to_string()).into());
    }
    object.into()
}

fn why(choice: &Choice) -> &'static str {
    match choice.by {
        ChosenBy::Name => "named",
        ChosenBy::List => "list",
        ChosenBy::Folder(_) => "folder",
        ChosenBy::Pattern(_) => "pattern",
        ChosenBy::Composer => "autoload",
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
