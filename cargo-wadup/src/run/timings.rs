//! The last line of `cargo wadup run --timings`.

use std::error::Error;
use std::fmt;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use wadup_host::{Guest, Options};

/// The timings of a guest for its first input, processed twice.
pub(crate) struct Timings {
    /// The number of rows from one call.
    rows: usize,
    guest_bytes: u64,
    instantiate: Duration,
    first_call: Duration,
    second_call: Duration,
}

impl Timings {
    /// Creates an instance and processes the input twice. Returns `None` if that fails.
    pub(crate) fn take(
        module: &Path,
        guest: &Guest,
        options: &Options,
        input: &Path,
    ) -> Result<Option<Self>, Box<dyn Error>> {
        // The run itself reports an input that cannot be read or processed.
        let Ok(content) = fs::read(input) else {
            return Ok(None);
        };
        let started = Instant::now();
        let mut instance = guest.instantiate(options)?;
        let instantiate = started.elapsed();
        let mut call = || {
            let started = Instant::now();
            let outcome = instance.process(&content)?;
            Ok::<_, wadup_host::Error>((outcome.result.ok(), started.elapsed()))
        };
        let (Some(output), first_call) = call()? else {
            return Ok(None);
        };
        let (_, second_call) = call()?;
        Ok(Some(Self {
            rows: output.tables.iter().map(|table| table.rows.len()).sum(),
            guest_bytes: fs::metadata(module)?.len(),
            instantiate,
            first_call,
            second_call,
        }))
    }
}

impl fmt::Display for Timings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "rows: {}, guest: {:.1} MB, instantiate: {} ms, first call: {} ms, second call: {} ms",
            self.rows,
            self.guest_bytes as f64 / 1e6,
            milliseconds(self.instantiate),
            milliseconds(self.first_call),
            milliseconds(self.second_call),
        )
    }
}

/// Three significant digits, but at most two decimals.
fn milliseconds(duration: Duration) -> String {
    let milliseconds = duration.as_secs_f64() * 1e3;
    let digits = match milliseconds {
        100.0.. => 0,
        10.0.. => 1,
        _ => 2,
    };
    format!("{milliseconds:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timings_are_one_line() {
        let timings = Timings {
            rows: 312,
            guest_bytes: 15_449_000,
            instantiate: Duration::from_micros(1_234),
            first_call: Duration::from_micros(164_400),
            second_call: Duration::from_micros(12_345),
        };
        assert_eq!(
            timings.to_string(),
            "rows: 312, guest: 15.4 MB, instantiate: 1.23 ms, first call: 164 ms, second call: 12.3 ms"
        );
    }
}
