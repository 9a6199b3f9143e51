//! Many files to standard output, in their order.
//!
//! Threads take a few files at a time and need two buffers each, however many
//! files there are. Memory is bounded. A group of files that is done before its
//! turn has to wait, but only so many do; a thread with more waits with them.
//! The group whose turn it is never waits, so the work always goes on.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind, Write as _};
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread;

use crate::args::ThreadsArgs;
use crate::disk;
use crate::inputs::Inputs;
use crate::problem::{Error, Problem};
use crate::progress::Progress;
use crate::threads;

/// So many files are one group.
const GROUP_FILES: usize = 16;

/// A thread with so many bytes waits for its turn to write them.
const MAX_BYTES: usize = 1 << 20;

/// So many groups may wait for their turn.
const MAX_WAITING: usize = 16;

/// Writes what `work` makes of each input to standard output; it puts that at
/// the end of its buffer. Returns the problems of the inputs that failed.
pub(crate) fn print_each(
    inputs: &Inputs,
    threads: &ThreadsArgs,
    progress: &Progress,
    work: impl Fn(&Path, &[u8], &mut Vec<u8>) -> Result<(), Problem> + Sync,
) -> Result<Vec<Problem>, Error> {
    let stdout = io::stdout().as_fd().try_clone_to_owned().map_err(Error::Stdout)?;
    let groups: Vec<&[PathBuf]> = inputs.paths.chunks(GROUP_FILES).collect();
    let asked = threads.threads.or_else(|| thread::available_parallelism().ok());
    let threads = asked.map_or(1, threads::capped).min(groups.len());
    let queue = Queue {
        groups,
        stdout: stdout.into(),
        state: Mutex::new(State::default()),
        changed: Condvar::new(),
    };
    let run = || {
        let mut source = Vec::new();
        queue.run(|path, out| {
            progress.step();
            if let Some(stdin) = inputs.stdin.as_ref().filter(|_| disk::is_dash(path)) {
                return work(path, stdin, out);
            }
            let read = disk::read_into(path, &mut source);
            work(path, read.map_err(|error| disk::unreadable(path, &error))?, out)
        });
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where no more threads can be had, fewer do all the work.
            let _ = thread::Builder::new().spawn_scoped(scope, run);
        }
        run();
    });
    let mut state = queue.lock();
    match state.error.take() {
        Some(error) => Err(Error::Stdout(error)),
        None => Ok(std::mem::take(&mut state.problems).into_values().collect()),
    }
}

/// The groups of files, and how far they are.
struct Queue<'a> {
    groups: Vec<&'a [PathBuf]>,
    /// Only the thread whose turn it is writes.
    stdout: File,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The first group that no thread has taken.
    next: usize,
    /// The first group that is not written.
    turn: usize,
    /// Groups that are done before their turn.
    waiting: BTreeMap<usize, Vec<u8>>,
    /// Buffers to use again.
    spare: Vec<Vec<u8>>,
    /// By the group and the file's place in it.
    problems: BTreeMap<(usize, usize), Problem>,
    /// What ends the work early.
    error: Option<io::Error>,
}

impl State {
    fn take_turn(&mut self) -> Option<Vec<u8>> {
        self.waiting.remove(&self.turn)
    }
}

impl Queue<'_> {
    /// Works on one group after the other until there is none.
    fn run(&self, mut work: impl FnMut(&Path, &mut Vec<u8>) -> Result<(), Problem>) {
        while let Some((group, mut out)) = self.take_group() {
            for (index, path) in self.groups[group].iter().enumerate() {
                if let Err(problem) = work(path, &mut out) {
                    self.lock().problems.insert((group, index), problem);
                }
                if out.len() > MAX_BYTES {
                    drop(self.wait_while(|state| state.turn != group));
                    self.write(&out);
                    out.clear();
                }
            }
            self.end_group(group, out);
        }
    }

    fn take_group(&self) -> Option<(usize, Vec<u8>)> {
        let mut state = self.lock();
        let group = state.next;
        if group == self.groups.len() || state.error.is_some() {
            return None;
        }
        state.next += 1;
        Some((group, state.spare.pop().unwrap_or_default()))
    }

    fn end_group(&self, group: usize, out: Vec<u8>) {
        let mut state =
            self.wait_while(|state| state.turn != group && state.waiting.len() >= MAX_WAITING);
        state.waiting.insert(group, out);
        if state.turn != group {
            return;
        }
        // The turn moves on only after the write, so nobody else gets here.
        while let Some(mut out) = state.take_turn() {
            drop(state);
            self.write(&out);
            out.clear();
            state = self.lock();
            state.spare.push(out);
            state.turn += 1;
        }
        self.changed.notify_all();
    }

    fn write(&self, bytes: &[u8]) {
        // A reader who has closed the pipe does not change how the run ends.
        if let Err(error) = (&self.stdout).write_all(bytes)
            && error.kind() != ErrorKind::BrokenPipe
        {
            self.lock().error.get_or_insert(error);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect(NO_PANIC)
    }

    fn wait_while(&self, mut is_early: impl FnMut(&State) -> bool) -> MutexGuard<'_, State> {
        self.changed.wait_while(self.lock(), |state| is_early(state)).expect(NO_PANIC)
    }
}

const NO_PANIC: &str = "no thread panics while it holds the lock";
