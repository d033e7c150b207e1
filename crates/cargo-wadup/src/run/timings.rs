//! The last line of `cargo wadup run --timings`.

use std::fmt;
use std::time::Duration;

/// What one guest took for its first input, processed twice.
pub(crate) struct Timings {
    /// How many rows one call emitted.
    pub(crate) rows: usize,
    pub(crate) guest_bytes: u64,
    pub(crate) instantiate: Duration,
    pub(crate) first_call: Duration,
    pub(crate) second_call: Duration,
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

/// Three significant digits, but no fraction beyond hundredths.
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
    fn is_one_line_of_figures() {
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
