//! Many inputs on several threads, with results in the order of the inputs.

use std::collections::BTreeMap;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyIterator;
use wadup_host::{CancellationToken, Error, Pool};

use crate::failure;
use crate::finished::Finished;
use crate::input::Source;
use crate::result;
use crate::signals::INTERVAL;

/// How many inputs for each thread are read ahead of the results.
const AHEAD: usize = 4;

/// The native stack of the threads; guests that need more get their own.
const STACK: usize = 2 << 20;

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
    early: BTreeMap<u64, Result<Finished, Error>>,
    started: u64,
    due: u64,
    window: u64,
    token: CancellationToken,
}

/// What a thread needs.
struct Worker {
    pool: Pool,
    export: String,
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
            // Nobody receives it when the iterator is gone.
            if self.done.send((number, self.process(source))).is_err() {
                return;
            }
        }
    }

    fn process(&self, source: Source) -> Result<Finished, Error> {
        let (bytes, input) = source.read()?;
        let outcome = self
            .pool
            .call(&self.export, input.cancelled_by(&self.token))?;
        Finished::of(outcome, &bytes)
    }
}

impl Results {
    pub(crate) fn start(
        pool: &Pool,
        inputs: Py<PyIterator>,
        threads: usize,
        export: &str,
    ) -> PyResult<Self> {
        let (jobs, taken) = mpsc::channel();
        let (sent, done) = mpsc::channel();
        let token = CancellationToken::new();
        let taken = Arc::new(Mutex::new(taken));
        for _ in 0..threads {
            let worker = Worker {
                pool: pool.clone(),
                export: export.to_owned(),
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
        })
    }

    /// Hands inputs to the threads, as many as may be ahead.
    fn fill(&mut self, py: Python<'_>) -> PyResult<()> {
        while let Some(jobs) = &self.jobs
            && self.started - self.due < self.window
        {
            match self.inputs.bind(py).clone().next() {
                Some(input) => {
                    let source = Source::of(&input?)?;
                    // The threads live as long as this sender.
                    if jobs.send((self.started, source)).is_ok() {
                        self.started += 1;
                    }
                }
                None => self.jobs = None,
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
        let finished = finished.map_err(|error| failure::of_host(py, error))?;
        result::of(py, finished).map(Some)
    }
}

impl Drop for Results {
    /// Calls that run are stopped, and the threads end.
    fn drop(&mut self) {
        self.token.cancel();
    }
}
