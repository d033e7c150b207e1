//! Many inputs on several threads, with results in the order of the inputs.

use std::collections::BTreeMap;
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use pyo3::exceptions::{PyException, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::PyIterator;
use wadup_host::{CancellationToken, Error, Pool};

use crate::failure;
use crate::finished::Finished;
use crate::input::Source;
use crate::maker::Maker;
use crate::result;
use crate::signals::INTERVAL;

/// How many inputs for each thread are read ahead of the results.
const AHEAD: usize = 4;

/// The native stack of the threads; guests that need more get their own.
const STACK: usize = 2 << 20;

/// What the threads do with each input.
type Process = dyn Fn(Source, &CancellationToken) -> Result<Finished, Error> + Send + Sync;

type Job = (u64, Source);
type Done = (u64, Result<Finished, Error>);

/// The results of `Guest.process_many`, in the order of the inputs: an iterator.
#[pyclass(module = "wadup")]
pub(crate) struct Results {
    inputs: Py<PyIterator>,
    /// Absent once there are no more inputs, which ends the threads.
    jobs: Option<Sender<Job>>,
    /// Only for the threads: nothing else waits for it.
    done: Mutex<Receiver<Done>>,
    /// What came before its turn.
    early: BTreeMap<u64, PyResult<Finished>>,
    started: u64,
    due: u64,
    window: u64,
    token: CancellationToken,
    maker: Maker,
}

/// What a thread needs.
struct Worker {
    process: Arc<Process>,
    token: CancellationToken,
    jobs: Arc<Mutex<Receiver<Job>>>,
    done: Sender<Done>,
}

impl Worker {
    fn serve(&self) {
        loop {
            let job = self
                .jobs
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .recv();
            let Ok((number, source)) = job else {
                return;
            };
            let process = AssertUnwindSafe(|| (self.process)(source, &self.token));
            // Without an answer, Python would wait for it forever.
            let finished = panic::catch_unwind(process).unwrap_or(Err(Error::Panicked));
            // Nobody receives it when the iterator is gone.
            if self.done.send((number, finished)).is_err() {
                return;
            }
        }
    }
}

impl Results {
    /// Calls `export` for each input.
    pub(crate) fn of_pool(
        pool: &Pool,
        export: &str,
        inputs: Py<PyIterator>,
        threads: usize,
    ) -> PyResult<Self> {
        let (pool, export) = (pool.clone(), export.to_owned());
        let process = move |source: Source, token: &CancellationToken| {
            let (bytes, input) = match source.read() {
                Ok(read) => read,
                Err(error) => return Ok(Finished::unread(error)),
            };
            let outcome = pool.call(&export, input.cancelled_by(token))?;
            Ok(Finished::of(outcome, &bytes))
        };
        Self::start(Arc::new(process), inputs, threads)
    }

    /// Starts the threads.
    pub(crate) fn start(
        process: Arc<Process>,
        inputs: Py<PyIterator>,
        threads: usize,
    ) -> PyResult<Self> {
        let (jobs, taken) = mpsc::channel();
        let (sent, done) = mpsc::channel();
        let token = CancellationToken::new();
        let taken = Arc::new(Mutex::new(taken));
        for _ in 0..threads {
            let worker = Worker {
                process: Arc::clone(&process),
                token: token.clone(),
                jobs: Arc::clone(&taken),
                done: sent.clone(),
            };
            let builder = thread::Builder::new().name("wadup-many".into());
            builder
                .stack_size(STACK)
                .spawn(move || worker.serve())
                .map_err(|error| {
                    PyRuntimeError::new_err(format!("cannot start a thread: {error}"))
                })?;
        }
        Ok(Self {
            inputs,
            jobs: Some(jobs),
            done: Mutex::new(done),
            early: BTreeMap::new(),
            started: 0,
            due: 0,
            window: (threads * AHEAD) as u64,
            token,
            maker: Maker::this(),
        })
    }

    /// Hands inputs to the threads, as many as may be ahead. An input that raises does so in its turn, after the results before it.
    fn fill(&mut self, py: Python<'_>) -> PyResult<()> {
        while let Some(jobs) = &self.jobs
            && self.started - self.due < self.window
        {
            let Some(input) = self.inputs.bind(py).clone().next() else {
                self.jobs = None;
                break;
            };
            let is_last = input.is_err();
            match input.and_then(|input| Source::of(&input)) {
                // If no thread is left, waiting for the result says so.
                Ok(source) => drop(jobs.send((self.started, source))),
                // Whoever presses Ctrl-C does not want to wait for the results before.
                Err(error) if !error.is_instance_of::<PyException>(py) => {
                    self.jobs = None;
                    return Err(error);
                }
                Err(error) => drop(self.early.insert(self.started, Err(error))),
            }
            self.started += 1;
            if is_last {
                self.jobs = None;
            }
        }
        Ok(())
    }
}

#[pymethods]
impl Results {
    fn __iter__(own: PyRef<'_, Self>) -> PyRef<'_, Self> {
        own
    }

    fn __next__<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.maker.check()?;
        self.fill(py)?;
        if self.due == self.started {
            return Ok(None);
        }
        let finished = loop {
            if let Some(finished) = self.early.remove(&self.due) {
                break finished;
            }
            let done = &mut self.done;
            let received = py.detach(|| {
                let done = done.get_mut().unwrap_or_else(PoisonError::into_inner);
                done.recv_timeout(INTERVAL)
            });
            match received {
                Ok((number, finished)) => {
                    let finished = finished.map_err(|error| failure::of_host(py, error));
                    self.early.insert(number, finished);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(PyRuntimeError::new_err("a thread of wadup panicked"));
                }
            }
            py.check_signals()?;
        };
        self.due += 1;
        result::of(py, finished?).map(Some)
    }
}

impl Drop for Results {
    /// Calls that run are stopped, and the threads end.
    fn drop(&mut self) {
        if self.maker.is_this() {
            self.token.cancel();
            return;
        }
        // A thread may have held a lock in one of these when the process forked, and is not here to let go of it.
        mem::forget(self.jobs.take());
        mem::forget(mem::replace(&mut self.done, Mutex::new(mpsc::channel().1)));
        mem::forget(self.token.clone());
    }
}
