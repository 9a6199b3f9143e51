//! `tilde completions` and `tilde man`: what shells and `man` want to know of the commands.
//!
//! Both are made from the command line's own description, whose subcommands are put
//! together only when somebody asks for them: it must be built before it is read.

use clap::CommandFactory as _;

use crate::args::{Arguments, CompletionsArgs, ManArgs};
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Problem};

const NAME: &str = "tilde";

/// `tilde completions`
pub(crate) fn completions(args: &CompletionsArgs) -> Result<ExitStatus, Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), NAME, &mut script);
    inputs::print(&script)?;
    Ok(ExitStatus::Done)
}

/// `tilde man`
pub(crate) fn man(args: &ManArgs) -> Result<ExitStatus, Error> {
    let mut whole = Arguments::command();
    whole.build();
    let mut command = &whole;
    let mut title = NAME.to_owned();
    for name in &args.command {
        command = command.find_subcommand(name).ok_or_else(|| unknown(name))?;
        title = format!("{title}-{name}");
    }
    let mut page = Vec::new();
    let man = clap_mangen::Man::new(command.clone()).title(title);
    man.render(&mut page).expect("a vector takes all bytes");
    inputs::print(&page)?;
    Ok(ExitStatus::Done)
}

fn unknown(name: &str) -> Problem {
    let message = format!("there is no command `{name}`");
    Problem::error("T-USAGE", message).help("`tilde --help` lists the commands")
}
