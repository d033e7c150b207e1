//! Measures the steps of a task, and prints a table at the end.

use std::error::Error;
use std::time::{Duration, Instant};

use crate::cargo::Outcome;

/// The finished steps of a task, in order.
#[derive(Default)]
pub(crate) struct Timetable {
    steps: Vec<(String, Duration)>,
    notes: Vec<String>,
}

impl Timetable {
    /// Runs a step and records how long it took, whether or not it succeeded.
    pub(crate) fn step<E: Into<Box<dyn Error>>>(
        &mut self,
        name: impl Into<String>,
        run: impl FnOnce() -> Result<(), E>,
    ) -> Outcome {
        let started = Instant::now();
        let outcome = run();
        self.steps.push((name.into(), started.elapsed()));
        outcome.map_err(Into::into)
    }

    /// Adds a note below the table, about something that is not a failure.
    pub(crate) fn note(&mut self, text: String) {
        self.notes.push(text);
    }

    /// Prints the table, with the total as its last line, and the notes.
    pub(crate) fn print(&self) {
        eprintln!("\n{self}");
    }
}

impl std::fmt::Display for Timetable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let total: Duration = self.steps.iter().map(|(_, time)| *time).sum();
        let rows = self.steps.iter().map(|(name, time)| (&**name, *time));
        let width = rows
            .clone()
            .map(|(name, _)| name.len())
            .max()
            .unwrap_or_default();
        writeln!(formatter, "{:<width$}  seconds", "step")?;
        for (name, time) in rows {
            writeln!(formatter, "{name:<width$}  {:>7.0}", time.as_secs_f64())?;
        }
        write!(
            formatter,
            "{:<width$}  {:>7.0}",
            "total",
            total.as_secs_f64()
        )?;
        self.notes
            .iter()
            .try_for_each(|note| write!(formatter, "\nnote: {note}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_includes_failed_steps_and_notes() {
        let mut timetable = Timetable::default();

        let outcome = timetable.step("unit tests", || Err("broken"));
        timetable.note("advisories were not looked up".to_owned());

        assert_eq!(outcome.unwrap_err().to_string(), "broken");
        assert_eq!(
            timetable.to_string(),
            "step        seconds\nunit tests        0\ntotal             0\n\
             note: advisories were not looked up"
        );
    }
}
