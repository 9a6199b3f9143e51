//! `tilde config`: what is to be known of `tilde.toml` itself.

use crate::config::schema;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::Error;

/// `tilde config --schema`
pub(crate) fn run() -> Result<ExitStatus, Error> {
    let text = serde_json::to_string_pretty(&schema::schema()).expect("it is JSON") + "\n";
    inputs::print(text.as_bytes())?;
    Ok(ExitStatus::Done)
}
