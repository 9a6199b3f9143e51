//! The JSON schema of `tilde.toml`, for editors.
//!
//! The keys are those of the parser, and what is said about them is said in
//! docs/configuration.md. What a value may be stands here a second time: a test gives the
//! same documents to the parser and to a validator that is not ours.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tilde_bundle::Style;
use tilde_lexer::Version;

use super::{BUNDLE_KEYS, TOP_KEYS, module, thinkphp};
use crate::budget::UNITS;
use crate::rules::{self, Rule};

const DOCUMENT: &str = include_str!("../../../../docs/configuration.md");

/// The tables of the document: the heading, and the keys of the parser.
const TABLES: [(&str, &[&str]); 5] = [
    ("Top level", TOP_KEYS),
    ("`[[bundle]]`", BUNDLE_KEYS),
    ("`[target]`", thinkphp::TARGET_KEYS),
    ("`[thinkphp]`", thinkphp::KEYS),
    ("`[[module]]`", module::KEYS),
];

/// The schema, for draft 7: what editors know.
pub(crate) fn schema() -> Value {
    let [top, bundle, target, thinkphp, module] = TABLES.map(|(heading, keys)| {
        let meanings = meanings(heading);
        let property = |key: &&str| {
            let mut value = value(heading, key);
            let meaning = meanings.get(*key).cloned().unwrap_or_default();
            value.insert("description".to_owned(), meaning.into());
            ((*key).to_owned(), Value::Object(value))
        };
        let properties: Map<String, Value> = keys.iter().map(property).collect();
        json!({ "type": "object", "properties": properties, "additionalProperties": false })
    });
    let mut schema = top;
    schema["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    schema["title"] = "tilde.toml".into();
    let mut bundle = bundle;
    bundle["required"] = json!(["output"]);
    bundle["anyOf"] = json!([{ "required": ["files"] }, { "required": ["on-demand"] }]);
    schema["definitions"] = json!({
        "bundle": bundle, "target": target, "thinkphp": thinkphp, "module": module
    });
    schema
}

/// What a key may be.
fn value(heading: &str, key: &str) -> Map<String, Value> {
    let table = |name: &str| json!({ "$ref": format!("#/definitions/{name}") });
    let value = match (heading, key) {
        ("Top level", "bundle" | "module") => json!({ "type": "array", "items": table(key) }),
        // Beside a reference nothing else counts in draft 7.
        ("Top level", "target") => json!({ "allOf": [table(key)] }),
        ("Top level", "thinkphp") => {
            json!({ "oneOf": [table(key), { "type": "array", "items": table(key) }] })
        }
        ("Top level", "allow") => json!({ "type": "array", "items": allowed() }),
        ("Top level", "deny") => json!({ "type": "array", "items": { "enum": codes() } }),
        ("`[target]`", "php") => versions(),
        ("`[target]`", "extensions") => json!({ "type": "array", "items": text() }),
        ("`[target]`", "int-size") => json!({ "enum": [32, 64] }),
        ("`[thinkphp]`", "define") => constants(),
        ("`[thinkphp]`", "map-path") => table_of(&text()),
        ("`[thinkphp]`", "server") => {
            table_of(&json!({ "anyOf": [{ "type": "string" }, { "const": false }] }))
        }
        ("`[thinkphp]`", "known") => table_of(&json!(true)),
        (_, "short-tags" | "magic-quotes" | "safe" | "empty-request" | "map" | "xdebug-map") => {
            json!({ "type": "boolean" })
        }
        (_, "files" | "on-demand" | "exclude" | "names" | "load-path") => {
            json!({ "type": "array", "minItems": 1, "items": text() })
        }
        ("Top level", "extends") => {
            json!({ "anyOf": [text(), { "type": "array", "minItems": 1, "items": text() }] })
        }
        (_, "budget") => {
            json!({ "anyOf": [limit(), { "type": "array", "items": limit() }] })
        }
        (_, "style" | "strip") => json!({ "enum": Style::ALL.map(Style::as_str) }),
        (_, "scope") => json!({ "enum": ["shared", "own"] }),
        (_, "paths") => json!({ "enum": ["relative", "absolute"] }),
        (_, "runtime-blocks") => json!({ "enum": ["remove", "keep"] }),
        (_, "state") => json!({ "enum": ["keep", "instrument"] }),
        (_, "docs") => json!({ "enum": ["keep", "drop"] }),
        (_, "os") => json!({ "enum": ["linux", "darwin", "windows"] }),
        (_, "eval") => json!({ "enum": ["tilde", "php"] }),
        _ => text(),
    };
    match value {
        Value::Object(value) => value,
        _ => unreachable!("each of them is an object"),
    }
}

/// A string with something in it.
fn text() -> Value {
    json!({ "type": "string", "minLength": 1 })
}

fn limit() -> Value {
    let units = UNITS.map(|(unit, _)| unit).join("|");
    let number = r"[0-9]+(\.[0-9]+)?";
    let pattern = format!(r"^((\+ ?)?{number}( ?({units}))?|\+ ?{number} ?%)$");
    json!({ "type": "string", "pattern": pattern })
}

/// A table with keys of any name.
fn table_of(values: &Value) -> Value {
    json!({ "type": "object", "propertyNames": text(), "additionalProperties": values })
}

fn constants() -> Value {
    // All that is no ASCII is a letter to PHP, so the classes name what is none.
    let part = r"[^\x00-@\[-^`{-\x7f][^\x00-/:-@\[-^`{-\x7f]*";
    let mut table = table_of(&json!({ "type": ["boolean", "number", "string"] }));
    table["propertyNames"] = json!({ "pattern": format!(r"^{part}(\\{part})*$") });
    table
}

fn versions() -> Value {
    let names: Vec<&str> = Version::ALL.iter().map(|version| version.as_str()).collect();
    let range = r"^[0-9v.<>=!^~*|, -]*[v<>=!^~*|, -][0-9v.<>=!^~*|, -]*$";
    json!({ "anyOf": [{ "enum": names }, { "type": "string", "pattern": range }] })
}

/// The codes of findings.
fn codes() -> Vec<&'static str> {
    tilde_bundle::codes().filter(|code| Rule::parse_code(code).is_ok()).collect()
}

fn allowed() -> Value {
    let codes: Vec<&str> = codes().into_iter().filter(|code| *code != rules::OUTSIDE).collect();
    let placed = format!("^({}):(.|\\n)+$", codes.join("|"));
    json!({ "anyOf": [{ "enum": codes }, { "type": "string", "pattern": placed }] })
}

/// What the document says about each key of a table.
fn meanings(heading: &str) -> BTreeMap<&'static str, String> {
    rows(heading)
        .filter_map(|row| {
            let (key, rest) = row.split_once('`')?;
            // `"^7.4 \|\| ^8.0"` has bars of its own.
            let (_, meaning) = rest.strip_prefix(" | ")?.rsplit_once(" | ")?;
            Some((key, without_links(meaning.trim_end_matches(" |"))))
        })
        .collect()
}

/// The rows of a table, without the bar and the backtick that they begin with.
fn rows(heading: &str) -> impl Iterator<Item = &'static str> {
    let section =
        DOCUMENT.split("\n## ").find_map(|it| it.strip_prefix(heading)?.strip_prefix('\n'));
    section.unwrap_or_default().lines().filter_map(|line| line.strip_prefix("| `"))
}

/// `[text](address)` is `text`.
fn without_links(text: &str) -> String {
    let mut parts = text.split("](");
    let mut plain = parts.next().unwrap_or_default().replace('[', "");
    for part in parts {
        plain.push_str(&part.split_once(')').map_or(part, |(_, rest)| rest).replace('[', ""));
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io::Write as _;
    use std::path::Path;
    use std::process::{Command, Stdio};

    use serde_json::{Value, json};

    use super::{TABLES, meanings, rows, schema};
    use crate::config::{Config, Layer, Layers};
    use crate::problem::Problem;

    #[test]
    fn each_key_is_documented_and_each_documented_key_exists() {
        for (heading, keys) in TABLES {
            let documented: BTreeSet<&str> =
                rows(heading).filter_map(|row| row.split('`').next()).collect();
            assert_eq!(documented, keys.iter().copied().collect(), "{heading}");
            let meanings = meanings(heading);
            assert!(keys.iter().all(|key| !meanings[key].is_empty()), "{heading}: {meanings:#?}");
        }
    }

    #[test]
    fn links_are_texts() {
        let told = &meanings("`[[bundle]]`")["map"];
        assert!(told.contains("see places.md (default"), "{told}");
    }

    /// A document for each key of each table and each of these values.
    fn samples() -> Vec<Value> {
        let words = "x 8.2 9.9 >=7.2 lines tight thinkphp-2.0 php keep drop remove own shared \
                     relative absolute linux windows tilde 200kB +5% 5% 1.5 T-ORDER T-ORDER:lib T-OUTSIDE T-NONE";
        let mut values: Vec<Value> = words.split_whitespace().map(|word| json!(word)).collect();
        values.extend([
            json!(""),
            json!("^7.4 || ^8.0"),
            json!("7.2 - 8.1"),
            json!("+ 1.5 MiB"),
            json!("1 kb"),
            json!(true),
        ]);
        values.extend([json!(false), json!(1), json!(32), json!(64), json!(1.5), json!([])]);
        values.extend([json!({}), json!([1]), json!([""]), json!([["x"]]), json!([{}])]);
        let lists: Vec<Value> = values[..27].iter().map(|word| json!([word])).collect();
        values.extend(lists);
        let entries = [json!("x"), json!(""), json!(true), json!(false), json!(1), json!([1])];
        values.extend(entries.iter().map(|entry| json!({ "NAME": entry })));
        values.extend([json!({ "1X": 1 }), json!({ "A\\\u{e9}": 1 }), json!({ "A\\": 1 })]);
        let mut samples = Vec::new();
        for (heading, keys) in TABLES {
            for (key, value) in keys.iter().flat_map(|key| values.iter().map(move |it| (key, it))) {
                let bundle = json!({ "files": ["a.php"], "output": "b.php" });
                let mut table = if heading == "`[[bundle]]`" { bundle } else { json!({}) };
                table[key] = value.clone();
                samples.push(match heading {
                    "Top level" => table,
                    "`[[bundle]]`" => json!({ "bundle": [table] }),
                    "`[[module]]`" => json!({ "module": [table] }),
                    heading => json!({ heading.trim_matches(['`', '[', ']']): table }),
                });
            }
        }
        samples
    }

    fn parse(text: &str) -> Result<Config, Vec<Problem>> {
        let layer = Layer::parse(Path::new("tilde.toml"), text.as_bytes())?;
        layer.extends()?;
        let mut layers = Layers::default();
        layers.push(layer);
        Config::of(&layers)
    }

    /// The parser and somebody else's validator agree on thousands of documents.
    #[test]
    fn documents_that_the_parser_takes_are_those_that_the_schema_takes() {
        let mut samples = samples();
        samples.extend([
            json!({ "bundle": [{ "files": ["a.php"] }] }),
            json!({ "bundle": [{ "output": "a.php" }] }),
            json!({ "bundle": [{ "on-demand": ["lib"], "output": "a.php" }] }),
            json!({ "bundles": [] }),
            json!({ "bundle": [{ "files": ["a"], "output": "b", "outptu": "c" }] }),
            json!({ "target": { "x": 1 } }),
            json!({ "thinkphp": [{ "root": "a" }, { "root": 1 }] }),
        ]);
        let judged = samples.iter().map(|sample| {
            let text = toml::to_string(sample).unwrap();
            let is_valid = parse(&text).is_ok();
            json!({ "toml": text, "is_valid": is_valid })
        });
        let judged: Vec<Value> = judged.collect();
        let valid = judged.iter().filter(|it| it["is_valid"] == true).count();
        assert!(valid > 100 && judged.len() - valid > 1000, "{valid} of {}", judged.len());
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/formats/config.py");
        let mut python = Command::new("python3");
        let mut child = python.arg(script).stdin(Stdio::piped()).spawn().unwrap();
        let input = json!({ "schema": schema(), "samples": judged }).to_string();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "the validator and the parser disagree");
    }
}
