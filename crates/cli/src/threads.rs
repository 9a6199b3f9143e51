//! The threads of a run.
//!
//! To start one takes as long as to compile a dozen files, and most projects are
//! not much more than that. So the pool is planned at the start, with this
//! thread in it, and the others start when there is work for them. Rayon makes a
//! pool of its own for whoever asks first, and that one knows nothing of `-j`.

use std::num::NonZero;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::{mem, thread};

use rayon::{ThreadBuilder, ThreadPool, ThreadPoolBuilder};

use crate::args::ThreadsArgs;

/// So many bytes of sources are worth threads.
const WORTH: u64 = 1 << 20;

/// Who asks for more threads gets so many.
const MAX_THREADS: usize = 256;

/// Those that have not started.
static WAITING: Mutex<Vec<ThreadBuilder>> = Mutex::new(Vec::new());

/// Plans the pool. Who asks for a number of threads gets them at once.
pub(crate) fn plan(threads: &ThreadsArgs) {
    static POOL: OnceLock<Option<ThreadPool>> = OnceLock::new();
    POOL.get_or_init(|| {
        let wait = |thread| {
            WAITING.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
            Ok(())
        };
        let count = threads.threads.map_or(0, capped);
        let pool = ThreadPoolBuilder::new().num_threads(count).use_current_thread();
        // It cannot fail before a thread starts, and rayon's own pool would do.
        pool.spawn_handler(wait).build().ok()
    });
    if threads.threads.is_some() {
        start();
    }
}

/// The number of threads for a number that was asked for. More of them do
/// nothing but take memory.
pub(crate) fn capped(asked: NonZero<usize>) -> usize {
    asked.get().min(MAX_THREADS)
}

/// Says that there are so many bytes more to work on.
pub(crate) fn add_work(bytes: u64) {
    static ALL: AtomicU64 = AtomicU64::new(0);
    let before = ALL.fetch_add(bytes, Ordering::Relaxed);
    if before <= WORTH && before + bytes > WORTH {
        start();
    }
}

fn start() {
    let waiting = mem::take(&mut *WAITING.lock().unwrap_or_else(PoisonError::into_inner));
    for waiting in waiting {
        // Where no more threads are to be had, those that there are do the work.
        let _ = thread::Builder::new().spawn(|| waiting.run());
    }
}
