//! Shares the inputs among several instances of the guest, and reports on them in their own order.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use wadup_runner::{Error, Failure, Guest, Instance, Options, Outcome, Output};

/// What came of one input.
pub(super) struct Report {
    /// What the guest put out, or why there is nothing.
    pub(super) result: Result<Output, String>,
    /// What the guest printed on the way.
    pub(super) printed: String,
}

/// Processes all inputs with at most `jobs` instances, and hands on each report when those before it have been.
///
/// # Errors
/// What keeps an instance from being made or called at all; the inputs that come after are not begun then.
pub(super) fn process(
    guest: &Guest,
    options: &Options,
    inputs: &[PathBuf],
    jobs: NonZero<usize>,
    mut receive: impl FnMut(&Path, Report),
) -> Result<(), Error> {
    let next = AtomicUsize::new(0);
    let (sender, reports) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..jobs.get().min(inputs.len()) {
            let sender = sender.clone();
            let next = &next;
            scope.spawn(move || {
                let mut worker = Worker {
                    guest,
                    options,
                    instance: None,
                };
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(input) = inputs.get(index) else {
                        break;
                    };
                    // Nobody listens any more once another worker has failed.
                    if sender.send((index, worker.process(input))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut due = 0;
        for (index, report) in reports {
            early.insert(index, report?);
            while let Some(report) = early.remove(&due) {
                receive(&inputs[due], report);
                due += 1;
            }
        }
        Ok(())
    })
}

/// One instance at a time, used as long as it can be.
struct Worker<'a> {
    guest: &'a Guest,
    options: &'a Options,
    instance: Option<Instance>,
}

impl Worker<'_> {
    fn process(&mut self, path: &Path) -> Result<Report, Error> {
        let input = match fs::read(path) {
            Ok(input) => input,
            Err(error) => {
                return Ok(Report {
                    result: Err(error.to_string()),
                    printed: String::new(),
                });
            }
        };
        let mut instance = match self.instance.take() {
            Some(instance) => instance,
            None => self.guest.instantiate(self.options)?,
        };
        let Outcome {
            result,
            stdout,
            stderr,
        } = instance.process(&input)?;
        // A guest that was stopped half-way is in no state to go on from.
        if !matches!(result, Err(Failure::Trap(_))) {
            self.instance = Some(instance);
        }
        Ok(Report {
            result: result.map_err(|failure| failure.to_string()),
            printed: stdout + &stderr,
        })
    }
}
