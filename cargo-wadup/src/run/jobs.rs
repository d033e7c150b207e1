//! Shares the inputs among several instances of the guest, and reports results in the order of the inputs.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;

use wadup_host::{Failure, Guest, Instance, Options, Outcome, Output, Printed};

use super::console::{Console, Lines};
use super::progress::{EndOnDrop, Progress};

/// How many inputs each of several instances may be ahead of the reports.
const AHEAD: usize = 16;

/// The result of one input.
pub(super) struct Report {
    /// The guest's output, or why it failed.
    pub(super) result: Result<Output, String>,
    /// What the guest printed, as far as it was kept.
    pub(super) printed: String,
}

/// Why a guest could not be run at all, sent from another thread.
type Problem = Box<dyn Error + Send + Sync>;

/// Processes all inputs with at most `jobs` instances, and passes each report to `receive` in the order of the inputs.
///
/// With a console, the guest's output goes there immediately.
///
/// # Errors
/// If an instance cannot be created or called at all, or `receive` fails. No more inputs are started then.
pub(super) fn process(
    guest: &Guest,
    options: &Options,
    inputs: &[PathBuf],
    jobs: NonZero<usize>,
    console: Option<&Arc<Console>>,
    mut receive: impl FnMut(&Path, Report) -> Result<(), Problem>,
) -> Result<(), Problem> {
    // A single instance waits for each report, so that it is printed between the output of two inputs.
    let instances = jobs.get().min(inputs.len());
    let is_alone = instances == 1;
    let progress = &Progress::new(if is_alone { 1 } else { instances * AHEAD });
    let (sender, reports) = mpsc::channel();
    thread::scope(|scope| {
        let _end = EndOnDrop(progress);
        for number in 0..instances {
            let sender = sender.clone();
            let lines = console.map(|console| {
                Arc::new(if is_alone {
                    Lines::at_once(console)
                } else {
                    Lines::line_by_line(console, number)
                })
            });
            scope.spawn(move || {
                let mut worker = Worker::new(guest, options, lines);
                while let Some(index) = progress.begin() {
                    let Some(input) = inputs.get(index) else {
                        break;
                    };
                    let panicked = PanickedWhile(progress);
                    let report = worker.process(input);
                    drop(panicked);
                    // The receiver is gone if another worker failed.
                    if sender.send((index, report)).is_err() {
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
                receive(&inputs[due], report)?;
                due += 1;
                progress.report();
            }
        }
        Ok(())
    })
}

/// Ends the progress if a panic drops it, because no report will come.
struct PanickedWhile<'a>(&'a Progress);

impl Drop for PanickedWhile<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.end();
        }
    }
}

/// Processes inputs with one instance at a time, as long as it works.
struct Worker<'a> {
    guest: &'a Guest,
    options: Options,
    lines: Option<Arc<Lines>>,
    instance: Option<Instance>,
}

impl<'a> Worker<'a> {
    fn new(guest: &'a Guest, options: &Options, lines: Option<Arc<Lines>>) -> Self {
        let mut options = options.clone();
        if let Some(lines) = &lines {
            options.printed = Printed::HandedOn(lines.clone());
        }
        Self {
            guest,
            options,
            lines,
            instance: None,
        }
    }

    fn process(&mut self, path: &Path) -> Result<Report, Problem> {
        let report = self.run(path);
        match &self.lines {
            Some(lines) => lines.end_input().map_err(Problem::from).and(report),
            None => report,
        }
    }

    fn run(&mut self, path: &Path) -> Result<Report, Problem> {
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
            None => self.guest.instantiate(&self.options)?,
        };
        let Outcome {
            result,
            stdout,
            stderr,
        } = instance.process(&input)?;
        // After a trap, an instance is in no state to continue.
        if !matches!(result, Err(Failure::Trap(_))) {
            self.instance = Some(instance);
        }
        Ok(Report {
            result: result.map_err(|failure| failure.to_string()),
            printed: stdout + &stderr,
        })
    }
}
