//! Outputs on their way to the disk, when there is time for it.
//!
//! A build does not wait for the disk, and the next one may replace the output before
//! the system has written any of it. So outputs are synced after a while of quiet, on a
//! thread of its own: to sync each of many would slow down whoever uses the disk.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// So long nothing must be written.
const QUIET: Duration = Duration::from_secs(1);

/// Outputs by their places, open.
type Outputs = BTreeMap<PathBuf, File>;

/// Syncs outputs. What is left is synced when it goes.
pub(super) struct Syncer {
    sender: Option<Sender<Outputs>>,
    thread: Option<JoinHandle<()>>,
}

impl Syncer {
    pub(super) fn new() -> Self {
        let (sender, receiver) = mpsc::channel();
        // Where there are no more threads, outputs are synced when the system likes.
        let thread = thread::Builder::new().spawn(move || serve(&receiver)).ok();
        Self { sender: Some(sender), thread }
    }

    /// These were written just now.
    pub(super) fn sync(&self, outputs: Outputs) {
        if !outputs.is_empty() {
            let _ = self.sender.as_ref().map(|sender| sender.send(outputs));
        }
    }
}

impl Drop for Syncer {
    fn drop(&mut self) {
        self.sender = None;
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn serve(receiver: &Receiver<Outputs>) {
    while let Ok(mut outputs) = receiver.recv() {
        let end = loop {
            match receiver.recv_timeout(QUIET) {
                Ok(newer) => outputs.extend(newer),
                Err(end) => break end,
            }
        };
        for file in outputs.values() {
            let _ = file.sync_data();
        }
        if end == RecvTimeoutError::Disconnected {
            return;
        }
    }
}
