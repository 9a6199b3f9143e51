//! `tilde.json`: what is in which output, what is left out, and why.

use std::path::Path;

use foldhash::HashMap;
use serde_json::{Value, json};

use crate::classes::Classes;
use crate::compile::{Output, Settings};
use crate::plan::{Basis, Left, Plan, Why};
use crate::project::Project;

/// The metafile of a build.
pub(crate) fn metafile(
    project: &Project,
    classes: &Classes,
    plan: &Plan,
    left: &[Left],
    outputs: &[Output],
    settings: &Settings,
) -> String {
    let shown = |path: &Path| project.shown(path).display().to_string();
    let own = |path: &Path| path.strip_prefix(&settings.out).unwrap_or(path).display().to_string();
    let mut of_file: HashMap<usize, Vec<String>> = HashMap::default();
    for class in &classes.classes {
        let name = String::from_utf8_lossy(&class.name).into_owned();
        of_file.entry(class.file).or_default().push(name);
    }
    let names = |file: usize| of_file.get(&file).cloned().unwrap_or_default();
    let of_output = |output: &Output| {
        json!({
            "path": own(&output.path),
            "bytes": output.bytes.len(),
            "files": output.members.len(),
            "input_bytes": output.members.iter().map(|it| it.len).sum::<u64>(),
        })
    };
    let of_members = outputs.iter().flat_map(|output| {
        output.members.iter().map(|member| {
            let file = classes.at(&project.root.join(&member.path));
            json!({
                "path": shown(&member.path),
                "bytes": member.len,
                "classes": file.map(names),
                "output": own(&output.path),
                "output_bytes": member.report.len,
                "reason": member.report.reason.to_string(),
            })
        })
    });
    let of_left = left.iter().map(|it| {
        let source = &classes.sources[it.file];
        json!({
            "path": shown(&source.path),
            "bytes": source.text.len(),
            "classes": names(it.file),
            "output": Value::Null,
            "reason": reason(&it.why, project),
        })
    });
    let inputs: Vec<Value> = of_members.chain(of_left).collect();
    let basis = match &plan.basis {
        Basis::Guess(entries) => json!({
            "guess": true,
            "entries": entries.iter().map(|it| shown(it)).collect::<Vec<_>>(),
        }),
        Basis::Traces(requests) => json!({ "guess": false, "requests": requests }),
    };
    let text = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "lock": project.lock,
        "basis": basis,
        "outputs": outputs.iter().map(of_output).collect::<Vec<_>>(),
        "inputs": inputs,
    });
    format!("{text:#}\n")
}

fn reason(why: &Why, project: &Project) -> String {
    match why {
        Why::Included(by) => {
            let by = project.shown(by).display();
            format!("{by} includes it by its path, and would declare its classes again")
        }
        Why::PerhapsIncluded(by) => {
            let by = project.shown(by).display();
            format!("{by} includes files by paths that only the running program knows")
        }
        Why::Excluded => "`extra.tilde.exclude` of composer.json names it".to_owned(),
        Why::Ambiguous => "another file declares a class of it too".to_owned(),
        Why::ReflectsFile => {
            "a class of it, or a parent of one, asks in which file it stands".to_owned()
        }
        Why::MayNotDeclare => "its code may end before it declares its class".to_owned(),
        Why::Refused(reason) => reason.clone(),
        Why::Beyond => "the core is a guess, and is large enough".to_owned(),
        Why::Rare => "no other file is used by the same requests".to_owned(),
    }
}
