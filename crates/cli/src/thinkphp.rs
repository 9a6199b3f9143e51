//! From arguments and configuration to a ThinkPHP application.
//!
//! The usual application needs no more than its web root: everything else has
//! the value that it would have behind an ordinary web server. Paths are of two
//! machines: those of the [`Recipe`] are where the application runs, and
//! [`Deployed`] knows where they are here.

use std::env;
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use tilde_eval::{Bytes, System, Target, Value};
use tilde_lexer::Options;
use tilde_thinkphp::Application as Recipe;

use crate::args::{Define, MapPath, ProjectArgs, ServerEntry};
use crate::config::{self, Config, Evaluator, ThinkPhp};
use crate::deployed::{self, Deployed, Mapping, Name};
use crate::disk::{self, Identity};
use crate::literal;
use crate::php;
use crate::problem::{Place, Problem, Severity};
use crate::scope::Scope;

const ENTRY: &str = "index.php";
/// What most servers run PHP as.
const SAPI: &str = "fpm-fcgi";
const HOST: &str = "localhost";

/// An application that is ready to be compiled.
pub(crate) struct Application {
    pub(crate) recipe: Recipe,
    pub(crate) files: Deployed,
    /// The PHP that runs what tilde cannot, if that is wanted.
    pub(crate) php: Option<PathBuf>,
    /// The configuration wants PHP, and nobody has allowed it.
    pub(crate) is_php_refused: bool,
    /// The folder of `--out`.
    pub(crate) out: Option<PathBuf>,
    /// Where the configuration says that there is an application.
    pub(crate) place: Option<Place>,
}

impl Application {
    /// The input that is the same file as this one, if it is one.
    pub(crate) fn input(&self, identity: Identity) -> Option<PathBuf> {
        let seen = self.files.seen();
        let same = seen.read.iter().find(|(_, other)| *other == identity);
        same.map(|(path, _)| path.clone())
    }

    /// That PHP is not asked although the configuration wants it.
    pub(crate) fn refused_php(&self) -> Option<Problem> {
        let message = "`eval = \"php\"` has no effect: it would run code of the project";
        let problem = Problem::error("T-PHP", message).at(self.place.clone());
        let problem = problem.help("give --allow-php, or set TILDE_ALLOW_PHP=1, if you trust it");
        self.is_php_refused.then_some(Problem { severity: Severity::Note, ..problem })
    }

    /// Where a deployed file is here, for messages.
    pub(crate) fn shown(&self, path: &Path) -> PathBuf {
        self.files.local(path).unwrap_or_else(|| path.to_owned())
    }
}

/// Works out the application that the arguments and the configuration, which
/// lies in `folder`, mean.
pub(crate) fn plan(
    args: &ProjectArgs,
    config: Option<(&Config, &Path)>,
    lexer: Options,
    scope: &mut Scope,
) -> Result<Application, Vec<Problem>> {
    let table = config.and_then(|(config, _)| config.thinkphp.as_ref());
    let settings = Settings { args, config, table };
    let root = settings.root();
    scope.folder(&root);
    let real = real_root(&root).map_err(|problem| problem.at(settings.root_place()))?;
    let entry = settings.entry(&root, scope)?;

    let mut mappings = settings.mappings(scope)?;
    let deployed_root = deployed_root(&real, &mappings);
    if mappings.is_empty() {
        mappings.push(Mapping::identity());
    }
    let mapping = Mapping::new(deployed_root.clone(), &root);
    mappings.push(mapping.map_err(|error| no_root(&root, &disk::reason(&error)))?);

    let deployed_entry = deployed_root.join(entry.as_os_str().as_bytes());
    let folder = deployed_entry.parent();
    let target = settings.target(&deployed_root, &deployed_entry, lexer)?;
    let known = table.map_or(&[][..], |table| &table.known);
    let recipe = Recipe {
        root: folder.to_path(),
        entry: deployed_entry.to_path(),
        constants: settings.constants(lexer, scope)?,
        defines: settings.defines(lexer)?,
        known: known
            .iter()
            .map(|(name, literal)| (name.clone(), literal.to_value(lexer.int_size)))
            .collect(),
        is_safe: args.thinkphp.safe || table.is_some_and(|table| table.is_safe),
        target,
    };
    let may_run_php = args.thinkphp.allow_php || is_php_allowed();
    Ok(Application {
        recipe,
        files: Deployed::new(folder, mappings),
        php: settings.php().filter(|_| may_run_php),
        is_php_refused: settings.php().is_some() && !may_run_php,
        out: args.out.clone(),
        place: settings.table_place(),
    })
}

/// Code of a project runs only where the user says so, never because a file of
/// the project does.
fn is_php_allowed() -> bool {
    env::var_os("TILDE_ALLOW_PHP").is_some_and(|value| value == "1")
}

fn real_root(root: &Path) -> Result<PathBuf, Problem> {
    match root.canonicalize() {
        Ok(real) if real.is_dir() => Ok(real),
        Ok(_) => Err(no_root(root, "it is a file, not a folder")),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(no_root(root, "there is no such folder"))
        }
        Err(error) => Err(no_root(root, &disk::reason(&error))),
    }
}

fn no_root(root: &Path, reason: &str) -> Problem {
    Problem::error("T-READ", format!("cannot read {}: {reason}", root.display()))
        .help("name the folder of the application's entry script, mostly index.php")
}

/// Where the web root lies when the application runs: here, if nothing else is
/// said.
fn deployed_root(real: &Path, mappings: &[Mapping]) -> Name {
    deployed::name_of(real, mappings)
        .or_else(|| Name::absolute(real.as_os_str().as_bytes()))
        .expect("a path without links begins at the root")
}

/// What was said about an application, on the command line and in the file.
struct Settings<'a> {
    args: &'a ProjectArgs,
    config: Option<(&'a Config, &'a Path)>,
    table: Option<&'a ThinkPhp>,
}

impl Settings<'_> {
    /// A path of the configuration file, which is relative to it.
    fn configured(&self, path: &config::Value) -> PathBuf {
        let folder = self.config.map_or(Path::new(""), |(_, folder)| folder);
        disk::normal(&folder.join(&path.text))
    }

    fn place(&self, value: &config::Value) -> Option<Place> {
        self.config.map(|(config, _)| config.place(value.span.clone()))
    }

    fn table_place(&self) -> Option<Place> {
        let (config, _) = self.config?;
        Some(config.place(self.table?.span.clone()))
    }

    /// The folder of the web root; `.` if it is the current one.
    fn root(&self) -> PathBuf {
        let here = config::Value { text: ".".to_owned(), span: 0..0 };
        let configured = || self.table.and_then(|table| table.root.as_ref()).unwrap_or(&here);
        let root = match &self.args.thinkphp.root {
            Some(root) => disk::normal(root),
            None => self.configured(configured()),
        };
        if root.as_os_str().is_empty() { PathBuf::from(".") } else { root }
    }

    fn root_place(&self) -> Option<Place> {
        if self.args.thinkphp.root.is_some() {
            return None;
        }
        let named = self.table?.root.as_ref().and_then(|root| self.place(root));
        named.or_else(|| self.table_place())
    }

    /// The entry script, relative to the root.
    fn entry(&self, root: &Path, scope: &mut Scope) -> Result<PathBuf, Problem> {
        let configured = self.table.and_then(|table| table.entry.as_ref());
        let (entry, place) = match (&self.args.thinkphp.entry, configured) {
            (Some(entry), _) => (entry.clone(), None),
            (None, Some(entry)) => (PathBuf::from(&entry.text), self.place(entry)),
            (None, None) => (PathBuf::from(ENTRY), None),
        };
        let help = "name the entry script, relative to the web root, with --entry";
        let entry = disk::normal(&entry);
        if entry.is_absolute() || entry.starts_with("..") {
            let message = format!("the entry script {} is not below the web root", entry.display());
            return Err(Problem::error("T-USAGE", message).at(place).help(help));
        }
        let path = disk::normal(&root.join(&entry));
        scope.file(&path);
        match disk::stat(&path) {
            Ok(_) => Ok(entry),
            Err(error) => Err(disk::unreadable(&path, &error).at(place).help(help)),
        }
    }

    /// What is mapped: the file's paths, then those of the command line, which
    /// win.
    fn mappings(&self, scope: &mut Scope) -> Result<Vec<Mapping>, Vec<Problem>> {
        let configured = self.table.map_or(&[][..], |table| &table.map_path).iter();
        let configured: Vec<_> = configured
            .map(|(deployed, local)| self.configured_mapping(deployed, local, scope))
            .collect();
        let given = self.args.thinkphp.map_path.iter();
        let given =
            given.map(|MapPath { deployed, local }| mapping(deployed, &disk::normal(local), scope));
        let (mut mappings, mut problems) = (Vec::new(), Vec::new());
        for mapping in configured.into_iter().chain(given) {
            match mapping {
                Ok(mapping) => mappings.push(mapping),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(mappings) } else { Err(problems) }
    }

    fn configured_mapping(
        &self,
        deployed: &config::Value,
        local: &config::Value,
        scope: &mut Scope,
    ) -> Result<Mapping, Problem> {
        let name = Name::absolute(deployed.text.as_bytes()).ok_or_else(|| {
            let message = format!("cannot map `{}`: it is not absolute", deployed.text);
            let help = r"begin it with / or with the letter of a drive, such as D:\";
            Problem::error("T-CONFIG", message).at(self.place(deployed)).help(help)
        })?;
        mapping(&name, &self.configured(local), scope)
            .map_err(|problem| problem.at(self.place(local)))
    }

    fn constants(
        &self,
        lexer: Options,
        scope: &mut Scope,
    ) -> Result<Option<Vec<(Bytes, Value)>>, Problem> {
        let configured = self.table.and_then(|table| table.constants.as_ref());
        let (path, place) = match (&self.args.thinkphp.constants, configured) {
            (Some(path), _) => (path.clone(), None),
            (None, Some(path)) => (self.configured(path), self.place(path)),
            (None, None) => return Ok(None),
        };
        scope.file(&path);
        let text = disk::read(&path);
        let text = text.map_err(|error| disk::unreadable(&path, &error).at(place))?;
        literal::constants(&path, &text, lexer.int_size).map(Some)
    }

    /// The constants that were given one by one; of a name, the command line's
    /// last counts, then the file's.
    fn defines(&self, lexer: Options) -> Result<Vec<(Bytes, Value)>, Problem> {
        let mut defines: Vec<(Bytes, Value)> = Vec::new();
        let mut define = |name: Bytes, value: Value| match defines
            .iter_mut()
            .find(|(other, _)| *other == name)
        {
            Some((_, old)) => *old = value,
            None => defines.push((name, value)),
        };
        for (name, literal) in self.table.map_or(&[][..], |table| &table.define) {
            define(name.as_str().into(), literal.to_value(lexer.int_size));
        }
        for Define { name, value } in &self.args.thinkphp.define {
            let parsed = literal::php(value, lexer).ok_or_else(|| no_literal(name, value))?;
            define(name.as_slice().into(), parsed);
        }
        Ok(defines)
    }

    fn php(&self) -> Option<PathBuf> {
        let table = self.table.filter(|table| table.evaluator == Evaluator::Php)?;
        let name = table.php_binary.as_ref().map_or("php", |binary| &binary.text);
        let folder = self.config.map_or(Path::new(""), |(_, folder)| folder);
        Some(php::binary(OsStr::new(name), folder))
    }

    /// The PHP and the machine that will run the application.
    fn target(&self, root: &Name, entry: &Name, lexer: Options) -> Result<Target, Problem> {
        let nothing = config::Target::default();
        let said = self.config.map_or(&nothing, |(config, _)| &config.target);
        let usual = Target::new(lexer.version);
        let server = self.server();
        let given = |name: &[u8]| {
            server.iter().find(|(given, _)| **given == *name).and_then(|(_, value)| value.clone())
        };
        let text = |text: &Option<String>| text.as_deref().map(Bytes::from);

        let script_name = given(b"SCRIPT_NAME").or_else(|| text(&said.script_name));
        let script_name = script_name.unwrap_or_else(|| script_name_of(root, entry));
        let document_root = given(b"DOCUMENT_ROOT").or_else(|| text(&said.document_root));
        let host = given(b"HTTP_HOST").or_else(|| text(&said.host));
        let implied = [
            (Bytes::from("SCRIPT_FILENAME"), Some(Bytes::from(entry.to_bytes()))),
            (Bytes::from("PHP_SELF"), Some(script_name.clone())),
        ];
        let entries = server.iter().cloned().chain(implied);
        Ok(Target {
            options: lexer,
            sapi: Some(said.sapi.clone().unwrap_or_else(|| SAPI.to_owned())),
            system: system(said, root)?,
            script_name: Some(script_name),
            document_root: Some(document_root.unwrap_or_else(|| root.to_bytes().into())),
            host: Some(host.unwrap_or_else(|| HOST.into())),
            server: entries.map(|(name, value)| (name, value.map(Value::String))).collect(),
            is_request_empty: self.args.thinkphp.empty_request
                || self.table.is_some_and(|table| table.is_request_empty),
            working_directory: Some(entry.parent().to_path()),
            magic_quotes: said.magic_quotes.unwrap_or(usual.magic_quotes),
            extensions: said.extensions.clone(),
            ..usual
        })
    }

    /// The entries of `$_SERVER` that were given, none for one that is absent; the
    /// first of a name counts.
    fn server(&self) -> Vec<(Bytes, Option<Bytes>)> {
        let given = self.args.thinkphp.server.iter().rev().map(|ServerEntry { name, value }| {
            (Bytes::from(name.as_slice()), value.as_deref().map(Bytes::from))
        });
        let configured = self.table.map_or(&[][..], |table| &table.server).iter();
        let configured = configured
            .map(|(name, value)| (name.as_str().into(), value.as_deref().map(Bytes::from)));
        given.chain(configured).collect()
    }
}

fn no_literal(name: &[u8], value: &[u8]) -> Problem {
    let (name, value) = (String::from_utf8_lossy(name), String::from_utf8_lossy(value));
    let message = format!("cannot define {name} as `{value}`: it is no literal of PHP");
    let help = format!(
        "write true, false, null, a number, or a string in quotes: --define \"{name}='text'\""
    );
    Problem::error("T-USAGE", message).help(help)
}

fn mapping(deployed: &Name, local: &Path, scope: &mut Scope) -> Result<Mapping, Problem> {
    let local = if local.as_os_str().is_empty() { Path::new(".") } else { local };
    scope.folder(local);
    Mapping::new(deployed.clone(), local).map_err(|error| {
        let reason = match error.kind() {
            ErrorKind::NotFound => "there is no such folder".to_owned(),
            _ => disk::reason(&error),
        };
        let message =
            format!("cannot map {} to {}: {reason}", deployed.to_path().display(), local.display());
        Problem::error("T-READ", message).help("--map-path wants DEPLOYED=LOCAL, in this order")
    })
}

/// The operating system: that of the root's path, which must not
/// contradict what is said.
fn system(said: &config::Target, root: &Name) -> Result<System, Problem> {
    let path = root.to_path();
    let (message, help) = match said.system {
        Some(System::Windows) if !root.is_windows() => (
            format!("the target is Windows, and {} is no path of Windows", path.display()),
            r"say where the web root lies there with --map-path 'D:\www\shop=ROOT'",
        ),
        Some(System::Linux | System::Darwin) if root.is_windows() => (
            format!("{} is a path of Windows, and the target is not", path.display()),
            "leave out `os` in [target], or map the web root to another path",
        ),
        Some(system) => return Ok(system),
        None if root.is_windows() => return Ok(System::Windows),
        None => return Ok(System::Linux),
    };
    Err(Problem::error("T-CONFIG", message).help(help))
}

/// `/index.php`
fn script_name_of(root: &Name, entry: &Name) -> Bytes {
    let (root, entry) = (root.to_bytes(), entry.to_bytes());
    let below = entry.strip_prefix(root.as_slice()).unwrap_or(&entry);
    [b"/", below.strip_prefix(b"/").unwrap_or(below)].concat().into()
}
