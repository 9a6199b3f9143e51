//! `TILDE_STYLE=tight` stands for `--style=tight`, and so on for each option.
//!
//! A variable gives way: it counts for a command that has the option, unless the command
//! line has it too, or has another one with which it cannot stand.

use std::collections::HashMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::sync::OnceLock;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, CommandFactory as _, Parser as _};

use crate::args::Arguments;

const PREFIX: &str = "TILDE_";

/// The options that stand in variables.
static TAKEN: OnceLock<Vec<String>> = OnceLock::new();

/// Adds the options that the variables of this process stand for.
pub(crate) fn take(arguments: &mut Vec<OsString>) -> Result<(), clap::Error> {
    let added = add(arguments, env::vars_os())?;
    // The arguments of a process are read once.
    let _ = TAKEN.set(added);
    Ok(())
}

/// Whether an option stands in a variable, and not on the command line.
pub(crate) fn has(option: &str) -> bool {
    TAKEN.get().is_some_and(|taken| taken.iter().any(|it| it == option))
}

/// The variable of an option.
pub(crate) fn name(option: &str) -> String {
    format!("{PREFIX}{}", option.to_ascii_uppercase().replace('-', "_"))
}

/// An option that the command line could have and has not.
struct Open {
    option: String,
    kind: Kind,
}

enum Kind {
    Switch,
    Value,
    Values,
}

/// Adds the options that variables stand for, and returns their names.
///
/// # Errors
///
/// When a variable has a value that its option does not take.
fn add(
    arguments: &mut Vec<OsString>,
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Vec<String>, clap::Error> {
    let is_ours = |(name, value): &(OsString, OsString)| {
        name.as_bytes().starts_with(PREFIX.as_bytes()) && !value.is_empty()
    };
    let set: HashMap<OsString, OsString> = variables.filter(is_ours).collect();
    if set.is_empty() || !is_open(arguments) {
        return Ok(Vec::new());
    }
    let mut added = Vec::new();
    for Open { option, kind } in open_options(arguments) {
        let Some(value) = set.get(OsStr::new(&name(&option))) else { continue };
        let mut longer = arguments.clone();
        let end = longer.iter().position(|it| it == "--").unwrap_or(longer.len());
        longer.splice(end..end, written(&option, &kind, value)?);
        match Arguments::try_parse_from(&longer) {
            Ok(_) if longer.len() > arguments.len() => {
                *arguments = longer;
                added.push(option);
            }
            Err(error) if is_about_value(error.kind()) => {
                return Err(refused(&option, &first_line(&error)));
            }
            Ok(_) | Err(_) => {}
        }
    }
    Ok(added)
}

/// Whether the command line may be right, with more options if not as it is.
fn is_open(arguments: &[OsString]) -> bool {
    match Arguments::try_parse_from(arguments) {
        Ok(_) => true,
        Err(error) => error.kind() == ErrorKind::MissingRequiredArgument,
    }
}

/// The options of the command in use that are not on the command line.
fn open_options(arguments: &[OsString]) -> Vec<Open> {
    let mut command = Arguments::command().ignore_errors(true);
    let Ok(matches) = command.try_get_matches_from_mut(arguments) else { return Vec::new() };
    let (mut command, mut matches): (&clap::Command, &ArgMatches) = (&command, &matches);
    while let Some((name, below)) = matches.subcommand() {
        let Some(found) = command.find_subcommand(name) else { break };
        (command, matches) = (found, below);
    }
    let open = |argument: &clap::Arg| {
        let option = argument.get_long()?.to_owned();
        let kind = match argument.get_action() {
            ArgAction::SetTrue => Kind::Switch,
            ArgAction::Set => Kind::Value,
            ArgAction::Append => Kind::Values,
            _ => return None,
        };
        let source = matches.value_source(argument.get_id().as_str());
        (source != Some(ValueSource::CommandLine)).then_some(Open { option, kind })
    };
    command.get_arguments().filter_map(open).collect()
}

/// The option as it would stand on the command line.
fn written(option: &str, kind: &Kind, value: &OsStr) -> Result<Vec<OsString>, clap::Error> {
    let with = |value: &[u8]| {
        let mut text = OsString::from(format!("--{option}="));
        text.push(OsStr::from_bytes(value));
        text
    };
    Ok(match kind {
        Kind::Value => vec![with(value.as_bytes())],
        Kind::Values => {
            let values = value.as_bytes().split(|byte| *byte == b'\n');
            values.filter(|value| !value.is_empty()).map(with).collect()
        }
        Kind::Switch => match value.as_bytes() {
            b"1" | b"true" | b"yes" | b"on" => vec![format!("--{option}").into()],
            b"0" | b"false" | b"no" | b"off" => Vec::new(),
            _ => return Err(refused(option, "it must be 1 or 0")),
        },
    })
}

fn is_about_value(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::InvalidUtf8)
}

fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

fn refused(option: &str, reason: &str) -> clap::Error {
    let message = format!("the variable {} cannot be used: {reason}", name(option));
    Arguments::command().error(ErrorKind::ValueValidation, message)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::add;

    fn added(line: &str, variables: &[(&str, &str)]) -> Result<String, String> {
        let mut arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let count = arguments.len();
        let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        add(&mut arguments, variables).map_err(|error| error.to_string())?;
        let added: Vec<&str> = arguments[count..].iter().map(|it| it.to_str().unwrap()).collect();
        Ok(added.join(" "))
    }

    fn taken(line: &str, variables: &[(&str, &str)]) -> String {
        added(line, variables).unwrap()
    }

    #[test]
    fn a_variable_is_an_option() {
        assert_eq!(taken("tilde build", &[("TILDE_STYLE", "tight")]), "--style=tight");
        assert_eq!(
            taken("tilde build", &[("TILDE_ALLOW", "T-LINES\nT-EVAL")]),
            "--allow=T-LINES --allow=T-EVAL"
        );
        assert_eq!(taken("tilde -q build", &[("TILDE_MAP", "1")]), "--map");
        assert_eq!(taken("tilde build", &[("TILDE_MAP", "0")]), "");
        assert_eq!(
            taken("tilde phar create lib", &[("TILDE_OUTPUT", "a.phar")]),
            "--output=a.phar"
        );
        assert_eq!(taken("tilde watch", &[("TILDE_POLL", "200")]), "--poll=200");
    }

    #[test]
    fn it_gives_way() {
        assert_eq!(taken("tilde build --style lines", &[("TILDE_STYLE", "tight")]), "");
        assert_eq!(taken("tilde build --keep-docs", &[("TILDE_DOCS", "drop")]), "");
        assert_eq!(taken("tilde build --thinkphp .", &[("TILDE_STYLE", "tight")]), "");
        assert_eq!(taken("tilde lint a.php", &[("TILDE_STYLE", "tight")]), "");
        assert_eq!(taken("tilde build", &[("TILDE_ON_DEMAND", "a.php"), ("TILDE_STYLE", "")]), "");
        assert_eq!(taken("tilde build", &[("TILDE_HELP", "1"), ("STYLE", "tight")]), "");
        assert_eq!(taken("tilde nothing", &[("TILDE_STYLE", "tight")]), "");
    }

    #[test]
    fn it_is_named_where_it_is_wrong() {
        let error = added("tilde build", &[("TILDE_STYLE", "x")]).unwrap_err();
        assert!(error.contains("TILDE_STYLE") && error.contains("thinkphp-2.2"), "{error}");
        let error = added("tilde build", &[("TILDE_MAP", "x")]).unwrap_err();
        assert!(error.contains("TILDE_MAP cannot be used: it must be 1 or 0"), "{error}");
        // Of the command line's own mistake it says nothing.
        assert_eq!(taken("tilde build --php x", &[("TILDE_STYLE", "x")]), "");
    }

    #[test]
    fn it_stands_before_what_is_no_option() {
        let mut arguments: Vec<OsString> =
            ["tilde", "strip", "--", "-a.php"].map(OsString::from).to_vec();
        add(&mut arguments, [("TILDE_STYLE".into(), "php".into())].into_iter()).unwrap();
        assert_eq!(arguments, ["tilde", "strip", "--style=php", "--", "-a.php"]);
    }
}
