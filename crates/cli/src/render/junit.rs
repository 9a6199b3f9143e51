//! Problems as a JUnit report.
//!
//! JUnit has no schema of its own; this is what CI systems agree on. XML cannot hold most
//! control characters, not even as references, so they are spelled out.

use std::borrow::Cow;

use quick_xml::events::BytesText;
use quick_xml::writer::Writer;

use crate::escape;
use crate::problem::{Problem, Severity};

/// A test suite with a case for each problem, and one for all that is as it should be.
pub(crate) fn report(problems: &[&Problem], passed: &[String]) -> String {
    let failed = problems.iter().filter(|problem| problem.severity != Severity::Note).count();
    // A suite without a case is an error to some who read it.
    let nothing = ["nothing to report".to_owned()];
    let passed = if problems.is_empty() && passed.is_empty() { &nothing } else { passed };
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let counts =
        [("tests", (problems.len() + passed.len()).to_string()), ("failures", failed.to_string())];
    let counts = || counts.iter().map(|(name, value)| (*name, value.as_str()));
    let suites = writer.create_element("testsuites").with_attributes(counts());
    suites
        .write_inner_content(|writer| {
            let suite = writer.create_element("testsuite").with_attribute(("name", "tilde"));
            suite.with_attributes(counts()).write_inner_content(|writer| {
                problems.iter().try_for_each(|problem| case(writer, problem))?;
                for name in passed {
                    let case = writer.create_element("testcase");
                    let name = shown(name);
                    case.with_attributes([("classname", "tilde"), ("name", &*name)])
                        .write_empty()?;
                }
                Ok(())
            })?;
            Ok(())
        })
        .expect("a vector takes all bytes");
    let xml = String::from_utf8(writer.into_inner()).expect("it is made of strings");
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}\n")
}

fn case(writer: &mut Writer<Vec<u8>>, problem: &Problem) -> std::io::Result<()> {
    let place = problem.places.first();
    let file = place.map(|place| super::ci_path(&place.path));
    let line = place.map_or(1, |place| place.excerpt.start.line).to_string();
    let name = match &file {
        Some(file) => format!("{} {file}:{line}", problem.code),
        None => problem.code.to_owned(),
    };
    let mut case = writer
        .create_element("testcase")
        .with_attributes([("classname", "tilde"), ("name", &*shown(&name))]);
    if let Some(file) = &file {
        case = case.with_attributes([("file", &*shown(file)), ("line", &*line)]);
    }
    let text = super::whole_message(problem);
    let text: Vec<_> = text.lines().map(shown).collect();
    let text = text.join("\n");
    case.write_inner_content(|writer| {
        match problem.severity {
            Severity::Note => {
                writer.create_element("system-out").write_text_content(BytesText::new(&text))?;
            }
            Severity::Error | Severity::Warning => {
                let message = shown(&problem.message);
                let failure = writer
                    .create_element("failure")
                    .with_attributes([("type", problem.code), ("message", &*message)]);
                failure.write_text_content(BytesText::new(&text))?;
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// A text without what XML cannot hold.
fn shown(text: &str) -> Cow<'_, str> {
    let text = escape::escaped(text);
    if !text.contains(['\u{fffe}', '\u{ffff}']) {
        return text;
    }
    text.replace('\u{fffe}', r"\u{fffe}").replace('\u{ffff}', r"\u{ffff}").into()
}
