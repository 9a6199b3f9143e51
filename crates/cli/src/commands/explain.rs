//! `--explain CODE`: what a code in a message stands for.
//!
//! Prints it and does nothing else. What a newcomer would get wrong: only
//! builds of ThinkPHP applications have codes that need so many words.

use tilde_bundle::thinkphp;

use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Problem};

pub(crate) fn run(code: &str) -> Result<ExitStatus, Error> {
    let Some(text) = thinkphp::explain(code) else {
        let problem = Problem::error("T-USAGE", format!("there is no code `{code}` to explain"));
        return Err(problem.help("codes stand in brackets in messages: warning[T-GLUE]").into());
    };
    inputs::print(text.trim_end().as_bytes())?;
    inputs::print(b"\n")?;
    Ok(ExitStatus::Done)
}
