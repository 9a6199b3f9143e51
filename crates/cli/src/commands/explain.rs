//! `--explain CODE`: what a code in a message stands for.
//!
//! Prints it and does nothing else. These are the codes of findings about
//! sources. One about arguments or the disk says all that there is to say
//! itself.

use crate::config;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Problem};

pub(crate) fn run(code: &str) -> Result<ExitStatus, Error> {
    let Some(text) = tilde_bundle::explain(code) else { return Err(unknown(code).into()) };
    inputs::print(format!("{}\n", text.trim_end()).as_bytes())?;
    Ok(ExitStatus::Done)
}

fn unknown(code: &str) -> Problem {
    let codes: Vec<&str> = tilde_bundle::codes().collect();
    let help = match config::nearest(&code.to_uppercase(), &codes) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("the codes are {}", codes.join(", ")),
    };
    Problem::error("T-USAGE", format!("there is no code `{code}` to explain")).help(help)
}
