//! The command of `--exec`, which runs after each change of an output.
//!
//! It never runs twice at once: a change that comes while it runs either ends it and
//! everything that it has started, or lets it run once more when it has ended.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::console::Console;
use crate::signals;

/// How often to see whether the command has ended.
const PATIENCE: Duration = Duration::from_millis(20);

/// Runs a command, on a thread of its own.
pub(super) struct Runner {
    sender: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Runner {
    pub(super) fn new(command: OsString, restarts: bool, console: Console) -> Self {
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || serve(&command, restarts, &receiver, console));
        Self { sender: Some(sender), thread: Some(thread) }
    }

    /// An output has changed.
    pub(super) fn run(&self) {
        // The thread lives as long as this value.
        let _ = self.sender.as_ref().map(|sender| sender.send(()));
    }
}

impl Drop for Runner {
    /// Ends the command.
    fn drop(&mut self) {
        self.sender = None;
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn serve(command: &OsStr, restarts: bool, receiver: &Receiver<()>, console: Console) {
    while receiver.recv().is_ok() {
        let mut is_wanted = true;
        while std::mem::take(&mut is_wanted) {
            receiver.try_iter().for_each(drop);
            let Some(mut running) = Running::start(command, console) else { break };
            loop {
                match receiver.recv_timeout(PATIENCE) {
                    Ok(()) if restarts => {
                        running.kill();
                        is_wanted = true;
                        break;
                    }
                    Ok(()) => is_wanted = true,
                    Err(RecvTimeoutError::Disconnected) => return running.kill(),
                    Err(RecvTimeoutError::Timeout) => {}
                }
                if running.has_ended(console) {
                    break;
                }
            }
        }
    }
}

/// A command that runs, in a process group that a signal to tilde ends as well.
struct Running {
    child: Child,
    leader: i32,
}

impl Running {
    fn start(command: &OsStr, console: Console) -> Option<Self> {
        let mut live = signals::live();
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(command).stdin(Stdio::null()).process_group(0);
        match shell.spawn() {
            Ok(child) => {
                let leader = child.id().cast_signed();
                live.groups.insert(leader);
                Some(Self { child, leader })
            }
            Err(error) => {
                console.note(format!("cannot run the command: {error}"));
                None
            }
        }
    }

    fn has_ended(&mut self, console: Console) -> bool {
        match self.child.try_wait() {
            Ok(None) => false,
            Ok(Some(status)) => {
                if !status.success() {
                    console.note(format!("the command has failed: {status}"));
                }
                true
            }
            Err(_) => true,
        }
    }

    fn kill(&mut self) {
        signals::kill_group(self.leader);
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        signals::live().groups.remove(&self.leader);
    }
}
