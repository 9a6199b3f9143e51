//! What is undone when a signal ends tilde: its temporary files go, and so do
//! the processes that it has started. While a command runs in the place of tilde, signals
//! are for that command, and tilde ends after it.
//!
//! A signal waits while files are put into their places, which is a matter of
//! microseconds, and then ends tilde as it would have without this. What the
//! caller ignores stays ignored (`nohup tilde watch`). Nothing here helps against
//! KILL: the next build sweeps the files away, and `group.rs` has a process that
//! notices.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, mpsc};
use std::thread;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXFSZ};
use signal_hook::iterator::Signals;
use signal_hook::{flag, low_level};
use tempfile::TempDir;

const ENDING: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];

/// What must not outlive this process.
pub(crate) struct Live {
    pub(crate) files: BTreeSet<PathBuf>,
    /// Folders that go with all that is in them.
    pub(crate) folders: BTreeSet<PathBuf>,
    /// Process groups, by the process that leads each.
    pub(crate) groups: BTreeSet<i32>,
    /// What gets the signals in the place of tilde.
    pub(crate) command: Option<Commanded>,
}

/// A command that runs in the place of tilde.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Commanded {
    /// It leads a process group.
    Group(Pid),
    /// It is in our own group, where it gets by itself what a terminal sends.
    Process(Pid),
}

static LIVE: Mutex<Live> = Mutex::new(Live {
    files: BTreeSet::new(),
    folders: BTreeSet::new(),
    groups: BTreeSet::new(),
    command: None,
});

/// What must not outlive this process, for whoever adds to it or takes from it.
/// No signal is heeded while the guard is held.
pub(crate) fn live() -> MutexGuard<'static, Live> {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(listen);
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends a process group. There is an error when all have ended, which is what is
/// wanted.
pub(crate) fn kill_group(leader: i32) {
    let _ = Pid::from_raw(leader).map(|leader| kill_process_group(leader, Signal::KILL));
}

/// Starts the thread that waits for signals. It costs as much as a few files, so
/// that a run that writes nothing does without.
fn listen() {
    // A file beyond `ulimit -f` is an error of the write then, as any other.
    let _ = flag::register(SIGXFSZ, Arc::default());
    let (sender, receiver) = mpsc::channel();
    let wait = move || {
        let ignored = ignored();
        let heeded = ENDING.into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0);
        let signals = Signals::new(heeded);
        let _ = sender.send(());
        let Ok(mut signals) = signals else { return };
        if let Some(signal) = signals.forever().find(|signal| !is_passed_on(*signal)) {
            end(signal);
        }
    };
    // Where there are no more threads, tilde ends as if none of this was here.
    if thread::Builder::new().spawn(wait).is_ok() {
        let _ = receiver.recv();
    }
}

/// A temporary folder, which goes with the value and with tilde.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// An empty one, whose name begins so.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub(crate) fn new(prefix: &str) -> io::Result<Self> {
        // A signal comes before both or after both.
        let mut live = live();
        let folder = tempfile::Builder::new().prefix(prefix).tempdir()?;
        live.folders.insert(folder.path().to_owned());
        Ok(Self(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        live().folders.remove(self.path());
    }
}

/// Sends a signal to the command that runs in our place, if there is one.
fn is_passed_on(signal: i32) -> bool {
    let live = LIVE.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(command) = live.command else { return false };
    let is_of_terminal = signal == SIGINT || signal == SIGQUIT;
    let signal = match signal {
        SIGHUP => Signal::HUP,
        SIGINT => Signal::INT,
        SIGQUIT => Signal::QUIT,
        _ => Signal::TERM,
    };
    // It may have ended just now, which is as well.
    let _ = match command {
        Commanded::Group(leader) => kill_process_group(leader, signal),
        Commanded::Process(_) if is_of_terminal => Ok(()),
        Commanded::Process(process) => kill_process(process, signal),
    };
    true
}

/// The signals that the caller had ignored, a bit each, where the system tells.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// Undoes and ends. The guard is kept, so that nothing new begins.
fn end(signal: i32) {
    let live = LIVE.lock().unwrap_or_else(PoisonError::into_inner);
    for path in &live.files {
        let _ = fs::remove_file(path);
    }
    for leader in &live.groups {
        kill_group(*leader);
    }
    for path in &live.folders {
        let _ = fs::remove_dir_all(path);
    }
    let _ = low_level::emulate_default_handler(signal);
    low_level::exit(128 + signal);
}
