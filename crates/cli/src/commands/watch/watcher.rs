//! Waiting for changes.
//!
//! A [`Watcher`] follows folders and yields sets of changed paths. A folder that
//! is removed and made again has lost its watch, also when its path and even its
//! inode are the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use notify::Watcher as _;
use notify::event::{EventKind, ModifyKind};
use notify::{Config, ErrorKind, Event, PollWatcher, RecommendedWatcher, RecursiveMode};

use crate::console::Console;
use crate::disk::{self, Identity, TEMPORARY_PREFIX};
use crate::problem::Problem;
use crate::scope::Scope;

/// Changes that come this close together are one.
const QUIET: Duration = Duration::from_millis(50);
/// A set of changes is complete after this time, however many still come.
const MAX_WAIT: Duration = Duration::from_millis(500);
/// How often to look where the system cannot tell.
const POLL: Duration = Duration::from_millis(500);

/// Watches folders, not what is below them.
pub(crate) struct Watcher {
    backend: Box<dyn notify::Watcher>,
    is_polling: bool,
    sender: Sender<Message>,
    receiver: Receiver<Message>,
    followed: BTreeMap<PathBuf, Identity>,
}

enum Message {
    Event(notify::Result<Event>),
    /// Standard input was closed.
    End,
}

impl Watcher {
    /// Watches nothing yet. With `poll` it looks itself, that often; without,
    /// it does so only where the system cannot tell.
    pub(crate) fn new(poll: Option<Duration>, console: Console) -> Result<Self, Problem> {
        let (sender, receiver) = mpsc::channel();
        let native = || RecommendedWatcher::new(handler(&sender), Config::default());
        let (backend, is_polling): (Box<dyn notify::Watcher>, bool) = match poll {
            Some(interval) => (polling(&sender, interval)?, true),
            None => match native() {
                Ok(native) => (Box::new(native), false),
                Err(error) => {
                    say_polling(console, &error);
                    (polling(&sender, POLL)?, true)
                }
            },
        };
        Ok(Self { backend, is_polling, sender, receiver, followed: BTreeMap::new() })
    }

    /// Ends when standard input does.
    pub(crate) fn end_with_stdin(&self) {
        let sender = self.sender.clone();
        thread::spawn(move || {
            let mut stdin = io::stdin().lock();
            let mut buffer = [0; 4096];
            while stdin.read(&mut buffer).is_ok_and(|len| len > 0) {}
            // The receiver is gone only when the program is about to be.
            let _ = sender.send(Message::End);
        });
    }

    /// Watches the folders of `scope` and no others. Returns whether some are
    /// new.
    pub(crate) fn follow(&mut self, scope: &Scope, console: Console) -> Result<bool, Problem> {
        let wanted = folders(scope);
        let gone: Vec<PathBuf> =
            self.followed.keys().filter(|folder| !wanted.contains_key(*folder)).cloned().collect();
        for folder in gone {
            self.followed.remove(&folder);
            // A folder that was removed has no watch to take back.
            let _ = self.backend.unwatch(&folder);
        }
        let mut has_new = false;
        for (folder, identity) in wanted {
            if self.followed.get(&folder) == Some(&identity) {
                continue;
            }
            has_new = true;
            if let Err(error) = self.watch(&folder) {
                match error.kind {
                    ErrorKind::MaxFilesWatch if !self.is_polling => {
                        return self.fall_back(&error, scope, console);
                    }
                    // It went away just now; the next look at it will tell.
                    ErrorKind::PathNotFound => continue,
                    _ if !folder.exists() => continue,
                    _ => return Err(unwatchable(&folder, &error)),
                }
            }
            self.followed.insert(folder, identity);
        }
        Ok(has_new)
    }

    fn watch(&mut self, folder: &Path) -> notify::Result<()> {
        let _ = self.backend.unwatch(folder);
        self.backend.watch(folder, RecursiveMode::NonRecursive)
    }

    fn fall_back(
        &mut self,
        error: &notify::Error,
        scope: &Scope,
        console: Console,
    ) -> Result<bool, Problem> {
        say_polling(console, error);
        self.backend = polling(&self.sender, POLL)?;
        self.is_polling = true;
        self.followed.clear();
        self.follow(scope, console)
    }

    /// Waits for changes. Returns the paths that have changed, absolute, or
    /// `None` when it is time to end. The set is empty when something has
    /// changed but the system cannot say what.
    pub(crate) fn next(&mut self, scope: &Scope) -> Option<BTreeSet<PathBuf>> {
        let own = own(scope);
        let mut paths = BTreeSet::new();
        while let Message::Event(event) = self.receiver.recv().ok()? {
            if self.take(event, &own, &mut paths) {
                return self.rest(&own, paths);
            }
        }
        None
    }

    /// The changes that come close after one that was seen already: a file may
    /// be half written yet.
    pub(crate) fn settle(&mut self, scope: &Scope) -> Option<BTreeSet<PathBuf>> {
        self.rest(&own(scope), BTreeSet::new())
    }

    /// The changes that come close after the first.
    fn rest(
        &mut self,
        own: &BTreeSet<PathBuf>,
        mut paths: BTreeSet<PathBuf>,
    ) -> Option<BTreeSet<PathBuf>> {
        let end = Instant::now() + MAX_WAIT;
        let mut quiet = Instant::now() + QUIET;
        loop {
            let patience = quiet.min(end).saturating_duration_since(Instant::now());
            match self.receiver.recv_timeout(patience) {
                Ok(Message::Event(event)) => {
                    if self.take(event, own, &mut paths) {
                        quiet = Instant::now() + QUIET;
                    }
                }
                Err(RecvTimeoutError::Timeout) => return Some(paths),
                Ok(Message::End) | Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// Adds the paths of an event. Returns whether it is one for us: not a mere
    /// look at a file (our own, mostly), and not a file of our own making.
    fn take(
        &mut self,
        event: notify::Result<Event>,
        own: &BTreeSet<PathBuf>,
        paths: &mut BTreeSet<PathBuf>,
    ) -> bool {
        // An error of the system means that events may be lost.
        let Ok(event) = event else { return true };
        if matches!(event.kind, EventKind::Access(_)) {
            return false;
        }
        if matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))) {
            self.followed.retain(|folder, _| !event.paths.contains(folder));
        }
        let is_own = |path: &PathBuf| own.contains(path) || is_temporary(path);
        let before = paths.len();
        paths.extend(event.paths.iter().filter(|path| !is_own(path)).cloned());
        paths.len() > before || event.need_rescan() || event.paths.iter().any(|path| !is_own(path))
    }
}

/// What the build itself writes.
fn own(scope: &Scope) -> BTreeSet<PathBuf> {
    scope.outputs.iter().map(|path| disk::place_of(path)).collect()
}

fn handler(sender: &Sender<Message>) -> impl notify::EventHandler {
    let sender = sender.clone();
    move |event| {
        let _ = sender.send(Message::Event(event));
    }
}

fn polling(
    sender: &Sender<Message>,
    interval: Duration,
) -> Result<Box<dyn notify::Watcher>, Problem> {
    let config = Config::default().with_poll_interval(interval).with_compare_contents(true);
    match PollWatcher::new(handler(sender), config) {
        Ok(watcher) => Ok(Box::new(watcher)),
        Err(error) => Err(Problem::error("T-WATCH", format!("cannot watch for changes: {error}"))),
    }
}

fn say_polling(console: Console, error: &notify::Error) {
    let reason = match error.kind {
        ErrorKind::MaxFilesWatch => "the limit fs.inotify.max_user_watches is reached".to_owned(),
        _ => error.to_string(),
    };
    console.note(format!("{reason}; looking for changes every {} ms instead", POLL.as_millis()));
}

fn unwatchable(folder: &Path, error: &notify::Error) -> Problem {
    let message = format!("cannot watch the folder {}: {error}", folder.display());
    Problem::error("T-WATCH", message).help("try --poll")
}

/// The folders of a scope by their real names, also those that links lead to.
/// For one that is missing, the nearest above that is there.
fn folders(scope: &Scope) -> BTreeMap<PathBuf, Identity> {
    let mut folders: BTreeSet<PathBuf> =
        scope.folders.iter().filter_map(|folder| existing(folder)).collect();
    let links = scope.files.iter().filter(|path| path.is_symlink());
    let targets = links.filter_map(|path| path.canonicalize().ok());
    folders.extend(targets.filter_map(|target| target.parent().map(Path::to_owned)));
    let identity = |folder: PathBuf| Some((Identity::of(&fs::metadata(&folder).ok()?), folder));
    folders.into_iter().filter_map(identity).map(|(identity, folder)| (folder, identity)).collect()
}

fn existing(folder: &Path) -> Option<PathBuf> {
    let mut folder = folder;
    loop {
        match folder.canonicalize() {
            Ok(folder) if folder.is_dir() => return Some(folder),
            _ if folder.as_os_str().is_empty() || folder == Path::new(".") => return None,
            _ => folder = disk::folder_of(folder),
        }
    }
}

fn is_temporary(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(TEMPORARY_PREFIX.as_bytes()))
}
