//! Threads of a pool for callers that do not want to wait: they start when they are needed and end when they are not.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::panic::{self, AssertUnwindSafe};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use crate::call::Outcome;
use crate::cancellation::CancellationToken;
use crate::error::Error;

/// How long a thread without work waits for some.
const PATIENCE: Duration = Duration::from_secs(5);

/// Guests whose own stack is not larger run on these threads.
const STACK: usize = 2 << 20;

type Job = Box<dyn FnOnce() -> Result<Outcome, Error> + Send>;

/// The threads of a pool, at most one per processor.
#[derive(Clone, Default)]
pub(crate) struct Workers(Arc<Queue>);

#[derive(Default)]
struct Queue {
    work: Mutex<Work>,
    added: Condvar,
}

#[derive(Default)]
struct Work {
    jobs: VecDeque<(Job, Arc<Slot>)>,
    threads: usize,
    waiting: usize,
}

/// The place of one result.
#[derive(Default)]
struct Slot(Mutex<Progress>);

#[derive(Default)]
struct Progress {
    result: Option<Result<Outcome, Error>>,
    waker: Option<Waker>,
}

/// The future outcome of an input. Dropping it cancels the call.
#[must_use = "dropping it cancels the call"]
pub struct Pending {
    slot: Arc<Slot>,
    token: CancellationToken,
}

impl fmt::Debug for Pending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pending").finish_non_exhaustive()
    }
}

impl Workers {
    pub(crate) fn submit(&self, token: CancellationToken, job: Job) -> Pending {
        let slot = Arc::<Slot>::default();
        let mut work = self.0.work();
        work.jobs.push_back((job, slot.clone()));
        let processors = thread::available_parallelism().map_or(1, Into::into);
        if work.waiting < work.jobs.len() && work.threads < processors {
            let queue = Arc::clone(&self.0);
            let builder = thread::Builder::new().name("wadup-pool".into());
            match builder.stack_size(STACK).spawn(move || queue.serve()) {
                Ok(_) => work.threads += 1,
                // Another thread will do it, if there is one.
                Err(_) if work.threads > 0 => {}
                Err(source) => {
                    work.jobs.pop_back();
                    slot.put(Err(Error::Thread {
                        bytes: STACK,
                        source,
                    }));
                }
            }
        }
        drop(work);
        self.0.added.notify_one();
        Pending { slot, token }
    }
}

impl Queue {
    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self) {
        while let Some((job, slot)) = self.next() {
            // A report on progress is the caller's code and may panic.
            let result = panic::catch_unwind(AssertUnwindSafe(job));
            slot.put(result.unwrap_or(Err(Error::Panicked)));
        }
    }

    /// The next job. The thread ends if there is none for a while.
    fn next(&self) -> Option<(Job, Arc<Slot>)> {
        let mut work = self.work();
        work.waiting += 1;
        let (mut work, _) = self
            .added
            .wait_timeout_while(work, PATIENCE, |work| work.jobs.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        work.waiting -= 1;
        let job = work.jobs.pop_front();
        if job.is_none() {
            work.threads -= 1;
        }
        job
    }
}

impl Slot {
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, result: Result<Outcome, Error>) {
        let waker = {
            let mut progress = self.progress();
            progress.result = Some(result);
            progress.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Future for Pending {
    type Output = Result<Outcome, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut progress = self.slot.progress();
        match progress.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                progress.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.token.cancel();
    }
}
