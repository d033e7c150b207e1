//! The call that a store is running: until when it may, who may stop it, and who is told how far it has come.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use wasmtime::Engine;

use crate::alarm::{AGAIN, Alarm};
use crate::cancellation::CancellationToken;
use crate::error::Error;
use crate::profile::Ticks;
use crate::trap::{Cancelled, TimedOut};

/// How far a running call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How long the call has been running.
    pub elapsed: Duration,
    /// The size of the guest's memory in bytes.
    pub memory: usize,
    /// What the call has written to both standard streams, in bytes.
    pub printed: u64,
}

/// Receives the progress of a call, on the thread that runs it.
pub(crate) type Report = Arc<dyn Fn(&Progress) + Send + Sync>;

/// What is asked of one call besides its result.
#[derive(Clone, Default)]
pub(crate) struct Wishes {
    pub(crate) token: Option<CancellationToken>,
    pub(crate) progress: Option<(Duration, Report)>,
}

/// The call that a store is running.
#[derive(Default)]
pub(crate) struct Running {
    pub(crate) wishes: Wishes,
    started: Option<Instant>,
    deadline: Option<Instant>,
    next_report: Option<Instant>,
    alarm: Option<Alarm>,
    ticks: Option<Ticks>,
}

impl Running {
    /// Whether the call may go on.
    pub(crate) fn check(&self) -> wasmtime::Result<()> {
        if self
            .wishes
            .token
            .as_ref()
            .is_some_and(CancellationToken::is_cancelled)
        {
            return Err(Cancelled.into());
        }
        if self
            .deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
        {
            return Err(TimedOut.into());
        }
        Ok(())
    }

    /// Sleeps for the guest, as long as the call may go on.
    pub(crate) fn sleep(&self, duration: Duration) -> wasmtime::Result<()> {
        self.check()?;
        let left = self
            .deadline
            .map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let duration = duration.min(left.unwrap_or(Duration::MAX));
        if duration.is_zero() {
            return Ok(());
        }
        match &self.wishes.token {
            Some(token) => token.sleep(duration),
            None => thread::sleep(duration),
        }
        self.check()
    }

    /// A call begins: until `timeout` has passed, with the `ticks` of its samples.
    pub(crate) fn begin(
        &mut self,
        now: Instant,
        timeout: Option<Duration>,
        ticks: Option<Ticks>,
        engine: &Engine,
    ) -> Result<(), Error> {
        self.ticks = ticks;
        self.started = Some(now);
        self.deadline = timeout.and_then(|timeout| now.checked_add(timeout));
        let every = self.wishes.progress.as_ref().map(|(every, _)| *every);
        self.next_report = every.and_then(|every| now.checked_add(every));
        self.set_alarm(engine)?;
        if let Some(token) = &self.wishes.token {
            token.watch(engine);
        }
        Ok(())
    }

    /// The call has ended: no alarm goes off for it, and nothing ticks.
    pub(crate) fn end(&mut self) {
        self.alarm = None;
        self.ticks = None;
    }

    /// Tells how far the call has come, if it is time to, and what `sizes` says: the bytes of memory and those that were printed.
    pub(crate) fn report(
        &mut self,
        now: Instant,
        engine: &Engine,
        sizes: impl FnOnce() -> (usize, u64),
    ) -> Result<(), Error> {
        if self.next_report.is_none_or(|next| now < next) {
            return Ok(());
        }
        let Some((every, report)) = self.wishes.progress.clone() else {
            return Ok(());
        };
        let (memory, printed) = sizes();
        report(&Progress {
            elapsed: self.started.map_or(Duration::ZERO, |started| now - started),
            memory,
            printed,
        });
        self.next_report = Instant::now().checked_add(every);
        self.set_alarm(engine)
    }

    /// Sets an alarm for a cancellation from here on, unless there is one: wasmtime counts from the epoch at the end of the
    /// function that it calls when an epoch ends.
    pub(crate) fn keep_alarm(&mut self, engine: &Engine) -> Result<(), Error> {
        if self.alarm.is_none() {
            self.alarm = Some(Alarm::set(Instant::now() + AGAIN, engine.weak())?);
        }
        Ok(())
    }

    /// Sets the alarm for the next moment at which something is to be done.
    fn set_alarm(&mut self, engine: &Engine) -> Result<(), Error> {
        let moments = [self.deadline, self.next_report];
        self.alarm = match moments.into_iter().flatten().min() {
            Some(next) => Some(Alarm::set(next, engine.weak())?),
            None => None,
        };
        Ok(())
    }
}
