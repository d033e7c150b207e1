//! Shows the steps of the setup: spinners with the time on a terminal, plain lines elsewhere.

use std::cell::RefCell;
use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use wadup_build::Progress;

/// The display that suits standard error.
pub(crate) fn for_this_terminal() -> Box<dyn Progress> {
    if std::io::stderr().is_terminal() {
        Box::new(Spinners::default())
    } else {
        Box::new(Lines)
    }
}

/// One line for each event.
struct Lines;

impl Progress for Lines {
    fn begin(&self, step: &str) {
        eprintln!("{step} ...");
    }

    fn end(&self, step: &str) {
        eprintln!("{step}: done");
    }

    fn note(&self, message: &str) {
        eprintln!("{message}");
    }
}

/// One spinner for each step in progress.
#[derive(Default)]
struct Spinners {
    all: MultiProgress,
    under_way: RefCell<Vec<(String, ProgressBar)>>,
}

impl Progress for Spinners {
    fn begin(&self, step: &str) {
        let spinner = self.all.add(ProgressBar::new_spinner());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed:>4} {msg}") {
            spinner.set_style(style);
        }
        spinner.set_message(step.to_owned());
        spinner.enable_steady_tick(Duration::from_millis(120));
        self.under_way.borrow_mut().push((step.to_owned(), spinner));
    }

    fn end(&self, step: &str) {
        let mut under_way = self.under_way.borrow_mut();
        if let Some(index) = under_way.iter().rposition(|(name, _)| name == step) {
            let (_, spinner) = under_way.remove(index);
            spinner.finish_and_clear();
            // Failing to print a line does not stop the setup.
            drop(
                self.all
                    .println(format!("done {step} ({} s)", spinner.elapsed().as_secs())),
            );
        }
    }

    fn note(&self, message: &str) {
        drop(self.all.println(message));
    }
}
