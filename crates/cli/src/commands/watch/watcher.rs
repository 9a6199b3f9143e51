//! Waiting for changes.
//!
//! A [`Watcher`] follows folders and yields batches of changed paths. A folder that
//! is removed and made again has lost its watch, also when its path and even its
//! inode are the same. Where the system cannot tell of changes, a batch comes every
//! so often and says nothing: whoever gets it has to look.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use notify::Watcher as _;
use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind, RenameMode};
use notify::{Config, ErrorKind, Event, RecommendedWatcher, RecursiveMode};

use super::view::View;
use crate::console::Console;
use crate::disk::{self, Identity, TEMPORARY_PREFIX};
use crate::problem::Problem;
use crate::scope::Scope;

/// Changes that come this close together are one.
const QUIET: Duration = Duration::from_millis(50);
/// The same for files that were written to their ends.
const QUIET_AFTER_SAVE: Duration = Duration::from_millis(8);
/// Who changes more files than this is no editor, and has not done yet.
const MAX_SAVED: usize = 8;
/// A set of changes is complete after this time, however many still come.
const MAX_WAIT: Duration = Duration::from_millis(500);
/// So long a git that is at work is waited for.
const MAX_LOCKED: Duration = Duration::from_secs(10);
/// How often to see whether it has done.
const LOCK_POLL: Duration = Duration::from_millis(10);
/// How often to look where the system cannot tell.
const POLL: Duration = Duration::from_millis(500);

/// Watches folders, not what is below them.
pub(super) struct Watcher {
    backend: Backend,
    sender: Sender<Message>,
    receiver: Receiver<Message>,
    followed: BTreeMap<PathBuf, Identity>,
}

enum Backend {
    Native(RecommendedWatcher),
    /// Nobody tells; this often somebody has to look.
    Polling(Duration),
}

enum Message {
    Event(notify::Result<Event>),
    /// Standard input was closed.
    End,
}

/// What has happened since the last build.
#[derive(Default)]
pub(super) struct Batch {
    /// What has changed, absolute.
    pub(super) paths: BTreeSet<PathBuf>,
    /// Something may have happened that no path tells.
    pub(super) is_vague: bool,
    /// What is being written, and inputs that are gone for the moment.
    open: BTreeSet<PathBuf>,
}

impl Batch {
    /// The first one: nothing is known.
    pub(super) fn vague() -> Self {
        Self { is_vague: true, ..Self::default() }
    }

    /// How long nothing must happen until it is complete.
    fn patience(&self) -> Duration {
        let is_saved = self.open.is_empty() && self.paths.len() <= MAX_SAVED && !self.is_vague;
        if is_saved { QUIET_AFTER_SAVE } else { QUIET }
    }

    /// Notes how far somebody is with a path.
    fn note(&mut self, kind: EventKind, path: &Path, view: &View) {
        let is_gone = matches!(
            kind,
            EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From))
        );
        let is_open = match kind {
            EventKind::Create(CreateKind::File) | EventKind::Modify(ModifyKind::Data(_)) => true,
            EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => return,
            _ => is_gone && view.is_input(path),
        };
        if is_open {
            self.open.insert(path.to_owned());
        } else {
            self.open.remove(path);
        }
    }
}

impl Watcher {
    /// Watches nothing yet. With `poll` somebody has to look, that often; without,
    /// only where the system cannot tell.
    pub(super) fn new(poll: Option<Duration>, console: Console) -> Self {
        let (sender, receiver) = mpsc::channel();
        let backend = match poll {
            Some(interval) => Backend::Polling(interval),
            None => RecommendedWatcher::new(handler(&sender), Config::default()).map_or_else(
                |error| {
                    say_polling(console, &reason(&error));
                    Backend::Polling(POLL)
                },
                Backend::Native,
            ),
        };
        Self { backend, sender, receiver, followed: BTreeMap::new() }
    }

    /// Whether the system does not tell of changes.
    pub(super) fn is_polling(&self) -> bool {
        matches!(self.backend, Backend::Polling(_))
    }

    /// Ends when standard input does.
    pub(super) fn end_with_stdin(&self) {
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
    pub(super) fn follow(&mut self, scope: &Scope, console: Console) -> Result<bool, Problem> {
        let Backend::Native(backend) = &mut self.backend else { return Ok(false) };
        let wanted = folders(scope);
        let gone: Vec<PathBuf> =
            self.followed.keys().filter(|folder| !wanted.contains_key(*folder)).cloned().collect();
        for folder in gone {
            self.followed.remove(&folder);
            // A folder that was removed has no watch to take back.
            let _ = backend.unwatch(&folder);
        }
        let mut has_new = false;
        for (folder, identity) in wanted {
            if self.followed.get(&folder) == Some(&identity) {
                continue;
            }
            has_new = true;
            if is_remote(&folder) {
                let reason = format!("{} is on a network or shared drive", folder.display());
                return Ok(self.fall_back(&reason, console));
            }
            let _ = backend.unwatch(&folder);
            if let Err(error) = backend.watch(&folder, RecursiveMode::NonRecursive) {
                match error.kind {
                    ErrorKind::MaxFilesWatch => return Ok(self.fall_back(&reason(&error), console)),
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

    /// From now on somebody has to look. What has changed until now may be unknown.
    fn fall_back(&mut self, reason: &str, console: Console) -> bool {
        say_polling(console, reason);
        self.backend = Backend::Polling(POLL);
        self.followed.clear();
        true
    }

    /// Waits for changes. `None` when it is time to end.
    pub(super) fn next(&mut self, view: &View) -> Option<Batch> {
        let mut batch = Batch::default();
        loop {
            let message = match self.backend {
                Backend::Native(_) => self.receiver.recv().ok()?,
                Backend::Polling(interval) => match self.receiver.recv_timeout(interval) {
                    Ok(message) => message,
                    Err(RecvTimeoutError::Timeout) => return Some(Batch::vague()),
                    Err(RecvTimeoutError::Disconnected) => return None,
                },
            };
            match message {
                Message::End => return None,
                Message::Event(event) => {
                    if self.take(event, view, &mut batch) {
                        return self.rest(view, batch);
                    }
                }
            }
        }
    }

    /// The changes that come close after some that were seen already: a file may
    /// be half written yet.
    pub(super) fn settle(&mut self, view: &View) -> Option<Batch> {
        self.rest(view, Batch::vague())
    }

    /// The changes that come close after the first.
    fn rest(&mut self, view: &View, mut batch: Batch) -> Option<Batch> {
        let start = Instant::now();
        let mut quiet = start + batch.patience();
        loop {
            let is_locked = start.elapsed() < MAX_LOCKED && view.is_locked();
            let end = if is_locked { Instant::now() + LOCK_POLL } else { start + MAX_WAIT };
            let patience = quiet.min(end).saturating_duration_since(Instant::now());
            match self.receiver.recv_timeout(if is_locked { LOCK_POLL } else { patience }) {
                Ok(Message::Event(event)) => {
                    if self.take(event, view, &mut batch) {
                        quiet = Instant::now() + batch.patience();
                    }
                }
                Err(RecvTimeoutError::Timeout) if is_locked => {
                    quiet = Instant::now() + batch.patience();
                }
                Err(RecvTimeoutError::Timeout) => return Some(batch),
                Ok(Message::End) | Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// Adds the paths of an event. Returns whether it is one for us: not a mere
    /// look at a file (our own, mostly), and not a file of our own making.
    fn take(&mut self, event: notify::Result<Event>, view: &View, batch: &mut Batch) -> bool {
        // An error of the system means that events may be lost.
        let Ok(event) = event else {
            batch.is_vague = true;
            return true;
        };
        let is_written = EventKind::Access(AccessKind::Close(AccessMode::Write));
        if matches!(event.kind, EventKind::Access(_)) && event.kind != is_written {
            return false;
        }
        batch.is_vague |= event.need_rescan();
        if matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))) {
            let followed = self.followed.len();
            self.followed.retain(|folder, _| !event.paths.contains(folder));
            batch.is_vague |= self.followed.len() < followed;
        }
        let before = batch.paths.len();
        for path in event.paths.iter().filter(|path| !is_temporary(path)) {
            batch.note(event.kind, path, view);
            if view.concerns(path) {
                batch.paths.insert(path.clone());
            }
        }
        batch.paths.len() > before
            || batch.is_vague
            || event.paths.iter().any(|path| batch.paths.contains(path))
    }
}

fn handler(sender: &Sender<Message>) -> impl notify::EventHandler {
    let sender = sender.clone();
    move |event| {
        let _ = sender.send(Message::Event(event));
    }
}

/// What inotify says when a user has no more watchers; std has no name for it.
const TOO_MANY_FILES: i32 = rustix::io::Errno::MFILE.raw_os_error();

fn reason(error: &notify::Error) -> String {
    match error.kind {
        ErrorKind::MaxFilesWatch => "the limit fs.inotify.max_user_watches is reached".to_owned(),
        ErrorKind::Io(ref error) if error.raw_os_error() == Some(TOO_MANY_FILES) => {
            "the limit fs.inotify.max_user_instances is reached".to_owned()
        }
        _ => error.to_string(),
    }
}

fn say_polling(console: Console, reason: &str) {
    console.note(format!("{reason}; looking for changes every {} ms instead", POLL.as_millis()));
}

fn unwatchable(folder: &Path, error: &notify::Error) -> Problem {
    let message = format!("cannot watch the folder {}: {error}", folder.display());
    Problem::error("T-WATCH", message).help("try --poll")
}

/// Whether others may change a folder without this system being told.
#[cfg(target_os = "linux")]
fn is_remote(folder: &Path) -> bool {
    /// NFS, SMB and CIFS, 9P, FUSE (virtiofs too), VirtualBox, AFS, Ceph.
    const REMOTE: [i64; 9] = [
        0x6969,
        0x517b,
        0xff53_4d42,
        0xfe53_4d42,
        0x0102_1997,
        0x6573_5546,
        0x786f_4256,
        0x5346_414f,
        0x00c3_6400,
    ];
    rustix::fs::statfs(folder).is_ok_and(|it| REMOTE.contains(&it.f_type))
}

#[cfg(not(target_os = "linux"))]
fn is_remote(_: &Path) -> bool {
    false
}

/// The folders of a scope by their real names, those that links lead to, and those in
/// which such a link lies. For one that is missing, the nearest above that is there.
fn folders(scope: &Scope) -> BTreeMap<PathBuf, Identity> {
    let mut folders: BTreeSet<PathBuf> =
        scope.folders.iter().filter_map(|folder| existing(folder)).collect();
    let links = scope.files.iter().filter(|path| path.is_symlink());
    let targets = links.filter_map(|path| path.canonicalize().ok());
    folders.extend(targets.filter_map(|target| target.parent().map(Path::to_owned)));
    let above = scope.above().into_iter().filter(|it| it.is_dir());
    folders.extend(above.filter_map(|folder| folder.canonicalize().ok()));
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
