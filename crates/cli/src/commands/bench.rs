//! `tilde bench`: what a build gains, with requests of the user's own.
//!
//! Every way to run PHP (without OPcache, with it, …) has a server for each variant, and a
//! round asks all of them, in an order that moves on. All have the same settings; before
//! the rounds each has answered several times. The first request after a start is measured
//! on its own, by starting several times.

mod client;
mod copies;
mod figures;
mod report;
mod server;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bstr::ByteSlice as _;
use serde_json::Value as Json;

use self::client::Answer;
use self::copies::{Copies, Variant, below};
use self::report::{Pair, Row, Table};
use self::server::{Program, Regime, Server};
use crate::args::BenchArgs;
use crate::commands::trace::{SCAN_DIR, Settings};
use crate::composer::{self, App};
use crate::console::Console;
use crate::disk;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::php;
use crate::problem::{Error, Problem};
use crate::signals;

/// How often each server starts for the first request.
const STARTS: usize = 7;
/// How often each request comes before it is measured.
const WARM_UP: usize = 30;
/// A time of a round is not shorter, as the clock would show; nor much longer, as other
/// processes would.
const MIN_TIME: Duration = Duration::from_millis(3);
/// So many rounds at least, whatever time they take.
const MIN_ROUNDS: usize = 10;
/// A command has so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Says what OPcache holds.
const PROBE: (&str, &str) = (
    "tilde-bench.php",
    "<?php
$status = function_exists('opcache_get_status') ? opcache_get_status(false) : false;
echo json_encode($status ? [$status['memory_usage']['used_memory'],
    $status['opcache_statistics']['num_cached_scripts']] : null);
",
);

pub(crate) fn run(args: &BenchArgs, console: Console) -> Result<ExitStatus, Error> {
    let app = composer::in_folder(args.project.as_deref(), None)?;
    let bench = if args.command.is_empty() {
        Subject::Requests(Requests::of(args, &app)?)
    } else {
        Subject::Command(&args.command)
    };
    let copies = Copies::make(&app, &args.composer, console)?;
    inputs::print(bench.title(&copies).as_bytes())?;
    let mut tables = Vec::new();
    for regime in bench.regimes() {
        let time = Duration::from_secs(args.seconds);
        let table = match &bench {
            Subject::Requests(requests) => requests.measure(&copies, &app, *regime, time)?,
            Subject::Command(words) => command(words, &copies, *regime, time)?,
        };
        inputs::print(table.text().as_bytes())?;
        tables.push(table);
    }
    let verdict = report::verdict(&tables, copies.is_guess);
    inputs::print(verdict.text.as_bytes())?;
    Ok(if verdict.has_lost { ExitStatus::Findings } else { ExitStatus::Done })
}

/// What is measured.
enum Subject<'a> {
    Requests(Requests),
    Command(&'a [std::ffi::OsString]),
}

impl Subject<'_> {
    fn regimes(&self) -> &'static [Regime] {
        match self {
            Self::Requests(_) => {
                &[Regime::Off, Regime::Checked, Regime::Unchecked, Regime::Preloaded]
            }
            Self::Command(_) => &[Regime::Off, Regime::FileCache],
        }
    }

    fn title(&self, copies: &Copies) -> String {
        let what = match self {
            Self::Requests(requests) => {
                format!("{}: {}", requests.program.version, requests.urls.join(" "))
            }
            Self::Command(words) => {
                let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
                words.join(" ")
            }
        };
        let basis =
            if copies.is_guess { "a guess, since nothing was recorded" } else { "by records" };
        format!("{what}\n{} files are compiled, {basis}\n", copies.files)
    }
}

/// Requests for a server.
struct Requests {
    program: Program,
    urls: Vec<String>,
    /// The front controller, below the project.
    front: PathBuf,
}

impl Requests {
    fn of(args: &BenchArgs, app: &App) -> Result<Self, Problem> {
        let mut urls = args.urls.clone();
        if let Some(path) = &args.urls_from {
            let text = fs::read_to_string(path).map_err(|error| disk::unreadable(path, &error))?;
            urls.extend(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
        }
        if urls.is_empty() {
            urls.push("/".to_owned());
        }
        let is_plain = |url: &String| url.starts_with('/') && !url.contains([' ', '\r', '\n']);
        if let Some(url) = urls.iter().find(|url| !is_plain(url)) {
            let message = format!("`{url}` is no path to ask for");
            return Err(Problem::error("T-USAGE", message).help("a path starts with a slash"));
        }
        Ok(Self { program: Program::find(args.server.as_deref())?, urls, front: front(args, app)? })
    }

    /// Measures all variants in one way to run PHP.
    fn measure(
        &self,
        copies: &Copies,
        app: &App,
        regime: Regime,
        time: Duration,
    ) -> Result<Table, Error> {
        let variants = &copies.variants;
        let mut rows: Vec<Row> = variants.iter().map(|it| Row::new(it.kind)).collect();
        let mut servers = Vec::new();
        for start in 0..STARTS {
            servers.clear();
            for index in turns(start, variants.len()) {
                let mut server = self.start(copies, app, regime, index)?;
                let begin = Begin::of(&server);
                self.answer(&mut server, &self.urls[0])?;
                begin.add_to(&mut rows[index].first, &server, 1);
                servers.push((index, server));
            }
        }
        servers.sort_by_key(|(index, _)| *index);
        let mut servers: Vec<Server> = servers.into_iter().map(|(_, server)| server).collect();
        let repeats = self.warm_up(&mut servers, variants)?;
        let end = Instant::now() + time;
        let mut round = 0;
        while Instant::now() < end || round < MIN_ROUNDS {
            for index in turns(round, servers.len()) {
                let server = &mut servers[index];
                let begin = Begin::of(server);
                for _ in 0..repeats {
                    for url in &self.urls {
                        self.answer(server, url)?;
                    }
                }
                begin.add_to(&mut rows[index].steady, server, repeats * self.urls.len());
            }
            round += 1;
        }
        for (server, row) in servers.iter_mut().zip(&mut rows) {
            row.opcache = held(server);
        }
        Ok(Table { regime, rows })
    }

    fn start(
        &self,
        copies: &Copies,
        app: &App,
        regime: Regime,
        index: usize,
    ) -> Result<Server, Problem> {
        let variant = &copies.variants[index];
        let folder = copies.folder.path().join(format!("run-{index}"));
        let settings = regime.settings(variant, &variant.root.join(below(app)), &folder);
        let probe = variant.root.join(disk::folder_of(&self.front)).join(PROBE.0);
        let written = fs::write(probe, PROBE.1);
        written.map_err(|error| self.unanswered("/", &disk::reason(&error)))?;
        Server::start(&self.program, variant, &self.front, &settings, &folder)
    }

    /// Has each answer several times, the same as the others. Returns how often a round asks.
    fn warm_up(&self, servers: &mut [Server], variants: &[Variant]) -> Result<usize, Problem> {
        let mut least = Duration::MAX;
        for url in &self.urls {
            let mut answers = Vec::new();
            for (server, variant) in servers.iter_mut().zip(variants) {
                let answer = self.answer(server, url)?;
                // What an application says of its own place is no difference.
                let place = variant.root.as_os_str().as_encoded_bytes();
                answers.push((answer.status, answer.body.replace(place, b"")));
            }
            let again = self.answer(&mut servers[0], url)?.body;
            let place = variants[0].root.as_os_str().as_encoded_bytes();
            let is_steady = again.replace(place, b"") == answers[0].1;
            for ((status, body), variant) in answers.iter().zip(variants) {
                if *status != answers[0].0 || (is_steady && *body != answers[0].1) {
                    return Err(differing(url, variant));
                }
            }
        }
        for server in servers.iter_mut() {
            for _ in 0..WARM_UP {
                let begin = Instant::now();
                for url in &self.urls {
                    self.answer(server, url)?;
                }
                least = least.min(begin.elapsed());
            }
        }
        let repeats = MIN_TIME.as_nanos().div_ceil(least.as_nanos().max(1));
        Ok(usize::try_from(repeats).unwrap_or(usize::MAX).min(1000))
    }

    fn answer(&self, server: &mut Server, url: &str) -> Result<Answer, Problem> {
        let answer = server.get(url).map_err(|error| self.unanswered(url, &error.to_string()))?;
        if answer.status >= 500 {
            let log = String::from_utf8_lossy(&answer.log);
            return Err(self.unanswered(url, &format!("status {} {}", answer.status, log.trim())));
        }
        Ok(answer)
    }

    fn unanswered(&self, url: &str, reason: &str) -> Problem {
        let message = format!("{url} is not answered: {reason}");
        Problem::error("T-USAGE", message).help(format!("{} is asked", self.front.display()))
    }
}

fn differing(url: &str, variant: &Variant) -> Problem {
    let message = format!("{url} is answered differently by: {}", variant.kind.words());
    Problem::error("T-COMPOSER", message)
        .help("that is a mistake of tilde's, unless the project reads where it is or when")
}

/// When something began.
struct Begin {
    time: Instant,
    work: Option<Duration>,
}

impl Begin {
    fn of(server: &Server) -> Self {
        let work = server.work();
        Self { time: Instant::now(), work }
    }

    /// Adds what it took a server to answer so many requests.
    fn add_to(self, pair: &mut Pair, server: &Server, requests: usize) {
        pair.clock.add(self.time.elapsed(), requests);
        let work = self.work.zip(server.work());
        if let Some(work) = work.and_then(|(begin, end)| end.checked_sub(begin)) {
            pair.work.add(work, requests);
        }
    }
}

/// The order in which a round goes through so many.
fn turns(round: usize, len: usize) -> impl Iterator<Item = usize> {
    (0..len).map(move |index| (index + round) % len)
}

/// The front controller, below the project.
fn front(args: &BenchArgs, app: &App) -> Result<PathBuf, Problem> {
    let named = args.front.as_ref();
    let named =
        named.map(|path| path.canonicalize().map_err(|error| disk::unreadable(path, &error)));
    let usual = || {
        let mut entries = app.entries().into_iter();
        let index = entries.find(|path| path.file_name().is_some_and(|it| it == "index.php"));
        index.ok_or_else(|| {
            Problem::error("T-USAGE", "there is no front controller where they usually are")
                .help("name it with --front, or give a command after two dashes")
        })
    };
    let path = named.unwrap_or_else(usual)?;
    path.strip_prefix(app.root()).map(Path::to_owned).map_err(|_| {
        let message = format!("{} is not in the project", path.display());
        Problem::error("T-USAGE", message).help("name a script of the project")
    })
}

/// The bytes and the scripts in a server's OPcache.
fn held(server: &mut Server) -> Option<(u64, u64)> {
    let answer = server.script(PROBE.0).ok()?;
    let numbers: Json = serde_json::from_slice(&answer.body).ok()?;
    Some((numbers[0].as_u64()?, numbers[1].as_u64()?))
}

/// Measures a command in one way to run PHP.
fn command(
    words: &[std::ffi::OsString],
    copies: &Copies,
    regime: Regime,
    time: Duration,
) -> Result<Table, Error> {
    let mut rows = Vec::new();
    let mut commands = Vec::new();
    let failed = |reason: String| {
        let message = format!("cannot run `{}`: {reason}", words[0].to_string_lossy());
        Problem::error("T-USAGE", message).help("it runs in a copy of the project")
    };
    for (index, variant) in copies.variants.iter().enumerate() {
        let files = copies.folder.path().join(format!("cache-{index}"));
        fs::create_dir_all(&files).map_err(|error| failed(disk::reason(&error)))?;
        let settings = Settings::with(&regime.settings(variant, &variant.root, &files))?;
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).current_dir(&variant.root);
        command.env(SCAN_DIR, settings.scan_dir()).env_remove("TILDE_DEV");
        // The first run fills the cache, and says whether all is well.
        let said = php::run(&mut command, Vec::new(), PATIENCE);
        let said = said.map_err(|error| failed(disk::reason(&error)))?;
        commands.push((command, settings, said));
        rows.push(Row::new(variant.kind));
    }
    let first = (commands[0].2.status, commands[0].2.stdout.clone());
    for ((_, _, said), variant) in commands.iter().zip(&copies.variants) {
        if said.status != first.0 {
            let end = said.complaint();
            let kind = variant.kind.words();
            return Err(failed(format!("{kind} it ends with {}: {end}", said.status)).into());
        }
    }
    let end = Instant::now() + time;
    let mut round = 0;
    while Instant::now() < end || round < MIN_ROUNDS {
        for index in turns(round, rows.len()) {
            let begin = Instant::now();
            once(&mut commands[index].0).map_err(|error| failed(disk::reason(&error)))?;
            rows[index].steady.clock.add(begin.elapsed(), 1);
        }
        round += 1;
    }
    Ok(Table { regime, rows })
}

/// Runs a command to its end, and says nothing of what it says.
fn once(command: &mut Command) -> std::io::Result<()> {
    use std::os::unix::process::CommandExt as _;
    let null = || File::options().write(true).open("/dev/null");
    command.stdin(Stdio::null()).stdout(null()?).stderr(null()?).process_group(0);
    let mut live = signals::live();
    let mut child = command.spawn()?;
    let leader = child.id().cast_signed();
    live.groups.insert(leader);
    drop(live);
    let status = child.wait();
    signals::live().groups.remove(&leader);
    status.map(drop)
}
