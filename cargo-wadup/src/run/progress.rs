//! Limits how far the instances may be ahead of the reports.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Which input is next, and whether it may be started.
///
/// Reports are in the order of the inputs. Early ones wait in memory, so their number must be limited.
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
    /// At most `window` inputs are started beyond the reported ones.
    pub(super) fn new(window: usize) -> Self {
        Self {
            state: Mutex::default(),
            moved: Condvar::new(),
            window,
        }
    }

    /// Waits until the next input may be started. Returns `None` if all is over.
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

    /// Records that one more input was reported.
    pub(super) fn report(&self) {
        self.state().reported += 1;
        self.moved.notify_all();
    }

    /// Starts no more inputs.
    pub(super) fn end(&self) {
        self.state().is_over = true;
        self.moved.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the progress when it is dropped, so that no thread waits for one that failed.
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
    fn inputs_start_only_within_the_window() {
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
    fn ending_the_progress_wakes_all_waiters() {
        let progress = Progress::new(0);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| progress.begin());
            drop(EndOnDrop(&progress));
            assert_eq!(waiting.join().unwrap(), None);
        });
    }
}
