//! `tilde config`: what counts for a project and who says so, or the schema of
//! `tilde.toml`.

mod listing;

use bumpalo::Bump;

use self::listing::Listing;
use crate::args::ConfigArgs;
use crate::config::{Config, schema};
use crate::discover;
use crate::disk;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Problem};
use crate::project;
use crate::scope::Scope;

pub(crate) fn run(args: &ConfigArgs) -> Result<ExitStatus, Error> {
    let text = if args.schema {
        serde_json::to_string_pretty(&schema::schema()).expect("it is JSON") + "\n"
    } else {
        listing(args)?
    };
    inputs::print(text.as_bytes())?;
    Ok(ExitStatus::Done)
}

fn listing(args: &ConfigArgs) -> Result<String, Error> {
    let project = &args.project;
    if project.output.is_some() || project.list.files_from.is_some() {
        let message = "a bundle of the command line has no configuration";
        return Err(Problem::error("T-USAGE", message)
            .help("leave -o and --files-from out")
            .into());
    }
    let path = project::config_path(project)?;
    let scope = &mut Scope::ignored();
    let texts = Bump::new();
    let layers = discover::read_layers(&path, project.php.environment(), scope, &texts)?;
    let config = Config::of(&layers)?;
    let php = discover::choose(&project.php, &config.target, disk::folder_of(&path), scope)?;
    Ok(Listing { args, layers: &layers, config: &config, php }.text())
}
