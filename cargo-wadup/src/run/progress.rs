//! How far the instances may be ahead of the reports on their inputs.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Which input is next, and which may be begun.
///
/// Reports are given in the order of the inputs. Those that are early wait in memory, so there must not be any number of them.
pub(super) struct Progress {
    state: Mutex<State>,
    moved: Condvar,
    window: usize,
}

#[derive(Default)]
struct State {
    next: usize,
    reported: usize,
    is_over: bool,
}

impl Progress {
    /// At most `window` inputs are begun beyond those that were reported on.
    pub(super) fn new(window: usize) -> Self {
        Self {
            state: Mutex::default(),
            moved: Condvar::new(),
            window,
        }
    }

    /// The next input, when it may be begun; nothing if all is over.
    pub(super) fn begin(&self) -> Option<usize> {
        let state = self.state();
        let mut state = self
            .moved
            .wait_while(state, |state| {
                !state.is_over && state.next >= state.reported + self.window
            })
            .unwrap_or_else(PoisonError::into_inner);
        if state.is_over {
            return None;
        }
        state.next += 1;
        Some(state.next - 1)
    }

    /// One more input was reported on.
    pub(super) fn report(&self) {
        self.state().reported += 1;
        self.moved.notify_all();
    }

    /// No more inputs are begun, whatever the reason.
    pub(super) fn end(&self) {
        self.state().is_over = true;
        self.moved.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the progress when it is dropped, so that nobody waits for somebody who failed.
pub(super) struct EndOnDrop<'a>(pub(super) &'a Progress);

impl Drop for EndOnDrop<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn inputs_are_begun_as_far_as_the_reports_allow() {
        let progress = Progress::new(2);
        assert_eq!([progress.begin(), progress.begin()], [Some(0), Some(1)]);
        thread::scope(|scope| {
            let (sender, begun) = mpsc::channel();
            let progress = &progress;
            scope.spawn(move || sender.send(progress.begin()).unwrap());
            assert!(begun.recv_timeout(Duration::from_millis(50)).is_err());

            progress.report();

            assert_eq!(begun.recv().unwrap(), Some(2));
        });
    }

    #[test]
    fn nobody_waits_when_it_is_over() {
        let progress = Progress::new(0);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| progress.begin());
            drop(EndOnDrop(&progress));
            assert_eq!(waiting.join().unwrap(), None);
        });
    }
}
