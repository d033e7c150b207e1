//! The sums of a package's tests, and the table of several packages.

use std::fmt;

use crate::expected::{Expected, Files};
use crate::outcomes::Outcome;

/// How many tests of a package ended in which way.
pub(crate) struct Totals {
    /// The package and its version.
    title: String,
    passed: usize,
    failed: usize,
    /// Of those that failed, how many are about what no guest has.
    not_counted: usize,
    skipped: usize,
    /// Failed as the test itself expects.
    expected: usize,
}

impl Totals {
    pub(crate) fn of(title: String, files: &Files, expected: &Expected) -> Self {
        let sum = |outcome| files.values().map(|file| file.count(outcome)).sum();
        Self {
            title,
            passed: sum(Outcome::Passed),
            failed: sum(Outcome::Failed),
            not_counted: expected.not_counted(files),
            skipped: sum(Outcome::Skipped),
            expected: sum(Outcome::Expected),
        }
    }

    /// How many tests apply to a guest.
    fn applicable(&self) -> usize {
        self.passed + self.failed - self.not_counted
    }

    /// How many of them passed, in percent.
    fn percent(&self) -> f64 {
        100.0 * self.passed as f64 / self.applicable().max(1) as f64
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:.2} % passed of the {} tests that apply; {} failed that are about what no guest has",
            self.percent(),
            self.applicable(),
            self.not_counted
        )
    }
}

/// Prints a line for each package.
pub(crate) fn print(all: &[Totals]) {
    let width = all.iter().map(|totals| totals.title.len()).max();
    let width = width.unwrap_or_default().max("package".len());
    println!(
        "\n{:<width$}  passed  failed  of these not counted  skipped  expected by itself  % of what applies",
        "package"
    );
    for totals in all {
        println!(
            "{:<width$}  {:>6}  {:>6}  {:>20}  {:>7}  {:>18}  {:>17.2}",
            totals.title,
            totals.passed,
            totals.failed,
            totals.not_counted,
            totals.skipped,
            totals.expected,
            totals.percent()
        );
    }
}
