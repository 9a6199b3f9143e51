//! From arguments and configuration to a ThinkPHP application.
//!
//! The usual application needs no more than its web root: everything else has
//! the value that it would have behind an ordinary web server. Paths are of two
//! machines: those of the [`Recipe`] are where the application runs, and
//! [`Deployed`] knows where they are here.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use bstr::ByteSlice as _;
use tilde_eval::{Bytes, System, Target, Value};
use tilde_lexer::{Options, Version};
use tilde_thinkphp::{Application as Recipe, Cache};

use crate::args::{Define, MapPath, ProjectArgs, ServerEntry};
use crate::config::{self, Config, Evaluator, ThinkPhp};
use crate::deployed::{self, Deployed, Mapping, Name};
use crate::discover::Choice;
use crate::disk::{self, Identity};
use crate::literal;
use crate::php;
use crate::problem::{Place, Problem, Severity};
use crate::reach::Reach;
use crate::rules::Rules;
use crate::scope::Scope;
use crate::versions::Versions;

const ENTRY: &str = "index.php";
/// Where entry scripts of projects mostly lie, which are no web roots themselves.
const PUBLIC: &str = "public";
/// What most servers run PHP as.
const SAPI: &str = "fpm-fcgi";
const HOST: &str = "localhost";

/// An application that is ready to be compiled.
pub(crate) struct Application {
    /// The web root, as a person wrote it.
    root: PathBuf,
    pub(crate) recipe: Recipe,
    pub(crate) files: Deployed,
    /// The PHP that runs what tilde cannot, if that is wanted.
    pub(crate) php: Option<PathBuf>,
    /// The configuration wants PHP, and nobody has allowed it.
    pub(crate) is_php_refused: bool,
    /// Whether the command line lets caches go anywhere.
    pub(crate) may_write_outside: bool,
    /// The folder of `--out`.
    pub(crate) out: Option<PathBuf>,
    /// Where the configuration says that there is an application.
    pub(crate) place: Option<Place>,
    /// Whose PHP was taken because nothing names one: the release's.
    chosen: Option<Chosen>,
    /// The web root, if nothing says where it is deployed.
    local_root: Option<Name>,
    is_one_of_several: bool,
}

impl Application {
    /// What messages call its outputs: `thinkphp-3.1`, and of one of several also
    /// the entry script.
    pub(crate) fn name(&self, generation: Option<&str>) -> String {
        let name =
            generation.map_or("thinkphp".into(), |generation| format!("thinkphp-{generation}"));
        if self.is_one_of_several {
            format!("{name} {}", self.shown(&self.recipe.entry).display())
        } else {
            name
        }
    }

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

    /// Which PHP was taken because nothing names one, or many.
    pub(crate) fn default_php(&self) -> Option<Problem> {
        let Chosen { release, newest, range } = self.chosen?;
        let version = self.recipe.target.options.version;
        let message = match range {
            None => format!("built for PHP {version}, the newest that runs ThinkPHP {release}"),
            Some(range) => format!(
                "built for PHP {version}: the project is for {range}, and ThinkPHP {release} runs \
                 under up to {newest}"
            ),
        };
        let problem = Problem::error("T-VERSION", message).at(self.place.clone());
        let problem =
            problem.help("name the PHP of the server with --php VERSION, or as `php` in [target]");
        Some(Problem { severity: Severity::Note, ..problem })
    }

    /// That caches have paths of this machine: those of constants, or of settings.
    pub(crate) fn local_paths(
        &self,
        constants: &[(Bytes, Value)],
        caches: &[Cache],
    ) -> Option<Problem> {
        let root = self.local_root.as_ref()?.to_bytes();
        let has = |text: &[&[u8]]| caches.iter().any(|it| it.bytes.contains_str(text.concat()));
        let is_local = |value: &Value| match value {
            Value::String(text) => text.contains_str(&root) && has(&[b"'", text, b"'"]),
            _ => false,
        };
        let local = constants.iter().filter(|(_, value)| is_local(value));
        let names: Vec<String> = local.map(|(name, _)| name.to_string()).collect();
        if names.is_empty() && !has(&[b"'", &root, b"/"]) && !has(&[b"'", &root, b"'"]) {
            return None;
        }
        let from = if names.is_empty() { "the configuration".into() } else { names.join(", ") };
        let message = format!("the caches have paths of this machine, from {from}");
        let problem = Problem::error("T-PATH", message).at(self.place.clone());
        let problem = problem.help(format!(
            "if the application runs elsewhere, say where: --map-path /srv/www/app={}",
            self.root.display()
        ));
        Some(Problem { severity: Severity::Note, ..problem })
    }

    /// The release of ThinkPHP that it is of, and the newest PHP that runs that; none if
    /// nothing leads to a framework.
    pub(crate) fn release(&self) -> Option<(&'static str, Version)> {
        tilde_thinkphp::newest_php(&self.files, &self.recipe)
    }

    /// Whether a cache may go to this local path.
    pub(crate) fn may_write(&self, path: &Path) -> bool {
        self.may_write_outside || self.files.may_write(path)
    }

    /// Where a deployed file is here, for messages.
    pub(crate) fn shown(&self, path: &Path) -> PathBuf {
        self.files.local(path).unwrap_or_else(|| path.to_owned())
    }
}

/// Why a PHP was taken: a cache is made by one, and nobody named that.
#[derive(Clone, Copy)]
struct Chosen {
    release: &'static str,
    /// The newest that runs the release.
    newest: Version,
    /// Those that the project is for.
    range: Option<Versions>,
}

impl Chosen {
    /// None if one is named, or no release found.
    fn new(php: Choice, files: &Deployed, recipe: &Recipe) -> Option<Self> {
        let range = Versions { oldest: php.oldest, newest: php.options.version };
        if !php.is_default && range.oldest == range.newest {
            return None;
        }
        let (release, newest) = tilde_thinkphp::newest_php(files, recipe)?;
        Some(Self { release, newest, range: (!php.is_default).then_some(range) })
    }

    /// The newest of the project's that runs the release, or the next after it.
    fn version(self) -> Version {
        self.range.map_or(self.newest, |range| self.newest.clamp(range.oldest, range.newest))
    }
}

/// Works out the applications that the arguments and the configuration, which
/// lies in a folder, mean.
pub(crate) fn plan_all(
    args: &ProjectArgs,
    config: Option<(&Config, &Path)>,
    php: Choice,
    scope: &mut Scope,
) -> Result<Vec<Application>, Vec<Problem>> {
    let tables = meant(args, config)?;
    let is_one_of_several = tables.len() > 1;
    let (mut applications, mut problems) = (Vec::new(), Vec::new());
    for table in tables {
        match plan(&Settings { args, config, table }, php, scope) {
            Ok(application) => applications.push(Application { is_one_of_several, ..application }),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(applications) } else { Err(problems) }
}

/// The tables that count: all, or those that have the root and the entry script
/// of the arguments. A single one says everything about whatever is named.
fn meant<'c>(
    args: &ProjectArgs,
    config: Option<(&'c Config, &Path)>,
) -> Result<Vec<Option<&'c ThinkPhp>>, Problem> {
    let all = config.map_or(&[][..], |(config, _)| &config.thinkphp);
    if let [] | [_] = all {
        return Ok(vec![all.first()]);
    }
    let is_meant = |table: &&ThinkPhp| {
        let settings = Settings { args, config, table: Some(table) };
        let (root, entry) = (&args.thinkphp.root, &args.thinkphp.entry);
        root.as_ref().is_none_or(|root| is_same(root, &settings.configured_root()))
            && entry.as_ref().is_none_or(|entry| disk::normal(entry) == settings.configured_entry())
    };
    let meant: Vec<_> = all.iter().filter(is_meant).map(Some).collect();
    let help = "name the application by its folder and entry script: --thinkphp ROOT --entry FILE";
    match &*meant {
        [] if args.thinkphp.root.is_some() => Ok(vec![None]),
        [] => {
            Err(Problem::error("T-USAGE", "no [[thinkphp]] has the entry script of --entry")
                .help(help))
        }
        [_, _, ..] if args.thinkphp.constants.is_some() => {
            let message =
                format!("--constants is for one application, and {} are meant", meant.len());
            Err(Problem::error("T-USAGE", message).help(help))
        }
        [..] => Ok(meant),
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn plan(
    settings: &Settings<'_>,
    php: Choice,
    scope: &mut Scope,
) -> Result<Application, Vec<Problem>> {
    let (lexer, Settings { args, table, .. }) = (php.oldest(), settings);
    let root = settings.root();
    scope.folder(&root);
    let real = real_root(&root).map_err(|problem| problem.at(settings.root_place()))?;
    let entry = settings.entry(&root, scope)?;

    let mut mappings = settings.mappings(scope)?;
    let mapped_root = deployed::name_of(&real, &mappings);
    check_windows(&root, mapped_root.as_ref(), &mappings)?;
    let local_root = mapped_root.is_none().then(|| name_here(&real));
    let deployed_root = mapped_root.unwrap_or_else(|| name_here(&real));
    if mappings.is_empty() {
        mappings.push(Mapping::identity());
    }
    let mapping = Mapping::new(deployed_root.clone(), &root);
    mappings.push(mapping.map_err(|error| no_root(&root, &disk::reason(&error)))?);

    let deployed_entry = deployed_root.join(entry.as_os_str().as_bytes());
    let folder = deployed_entry.parent();
    let target = settings.target(&deployed_root, &deployed_entry, lexer)?;
    let known = table.map_or(&[][..], |table| &table.known);
    let mut recipe = Recipe {
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
    let files = Deployed::new(folder, mappings, settings.reach(&root));
    let chosen = Chosen::new(php, &files, &recipe);
    if let Some(chosen) = chosen {
        let lexer = lexer.with_version(chosen.version());
        recipe.target = settings.target(&deployed_root, &deployed_entry, lexer)?;
    }
    let may_run_php = args.thinkphp.allow_php;
    Ok(Application {
        root,
        recipe,
        files,
        php: settings.php().filter(|_| may_run_php),
        is_php_refused: settings.php().is_some() && !may_run_php,
        may_write_outside: Rules { allow: args.allow.clone(), deny: Vec::new() }.allow_outside(),
        out: args.out.clone(),
        place: settings.table_place(),
        chosen,
        local_root,
        is_one_of_several: false,
    })
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

/// An error if something lies on Windows where the application runs, and nothing
/// says where the web root lies there.
fn check_windows(root: &Path, mapped: Option<&Name>, mappings: &[Mapping]) -> Result<(), Problem> {
    let on_windows = mappings.iter().find(|mapping| mapping.deployed.is_windows());
    let Some(mapping) = on_windows.filter(|_| mapped.is_none()) else { return Ok(()) };
    let (deployed, root) = (mapping.deployed.to_path(), root.display());
    let message = format!("{} is mapped, and the web root {root} is not", deployed.display());
    let help = format!(r"map the web root too: --map-path 'D:\www\shop={root}'");
    Err(Problem::error("T-CONFIG", message).help(help))
}

/// The name of a folder that is deployed where it lies.
fn name_here(real: &Path) -> Name {
    Name::absolute(real.as_os_str().as_bytes()).expect("a path without links begins at the root")
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

    /// The web root by the configuration.
    fn configured_root(&self) -> PathBuf {
        let here = config::Value { text: ".".to_owned(), span: 0..0 };
        let configured = self.table.and_then(|table| table.root.as_ref()).unwrap_or(&here);
        let root = self.configured(configured);
        if root.as_os_str().is_empty() { PathBuf::from(".") } else { root }
    }

    /// The entry script by the configuration.
    fn configured_entry(&self) -> PathBuf {
        let entry = self.table.and_then(|table| table.entry.as_ref());
        disk::normal(Path::new(entry.map_or(ENTRY, |entry| &entry.text)))
    }

    /// What the user names, and what of the configuration stays in its folder: a
    /// project cannot say itself that it may read elsewhere.
    fn reach(&self, root: &Path) -> Reach {
        let mut reach = Reach::default();
        for MapPath { local, .. } in &self.args.thinkphp.map_path {
            reach.add(local);
        }
        if let Some((_, folder)) = self.config {
            reach.add(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
        }
        if self.args.thinkphp.root.is_some() || reach.reads(root) {
            reach.add_project(root);
        }
        reach
    }

    /// The folder of the web root; `.` if it is the current one.
    fn root(&self) -> PathBuf {
        let Some(root) = &self.args.thinkphp.root else { return self.configured_root() };
        let root = disk::normal(root);
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
        let (entry, place) = match &self.args.thinkphp.entry {
            Some(entry) => (disk::normal(entry), None),
            None => (self.configured_entry(), configured.and_then(|entry| self.place(entry))),
        };
        let help = "name the entry script, relative to the web root, with --entry";
        if entry.is_absolute() || entry.starts_with("..") {
            let message = format!("the entry script {} is not below the web root", entry.display());
            return Err(Problem::error("T-USAGE", message).at(place).help(help));
        }
        let path = disk::normal(&root.join(&entry));
        scope.file(&path);
        match disk::stat(&path) {
            Ok(_) => Ok(entry),
            Err(error) => {
                let public = root.join(PUBLIC);
                let help = if public.join(&entry).is_file() {
                    format!(
                        "it is in {0}: name that folder, as in --thinkphp {0}",
                        public.display()
                    )
                } else {
                    help.to_owned()
                };
                Err(disk::unreadable(&path, &error).at(place).help(help))
            }
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
        let text = if place.is_some() {
            disk::read_regular(&path).map(|(text, _)| text)
        } else {
            disk::read(&path)
        };
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
