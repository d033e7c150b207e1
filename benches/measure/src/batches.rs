//! The way of many rows from the guest into a record batch.

use std::time::Instant;

use serde_json::json;
use wadup_host::{Options, RecordBatch};

use crate::pool::Settings;
use crate::{Outcome, milliseconds};

/// What the guest puts out unless its input says otherwise.
const ROWS: usize = 1_000_000;

/// How often; the fastest of each step counts.
const ROUNDS: usize = 3;

pub(crate) fn run(settings: &Settings) -> Outcome {
    let guest = settings.guest()?;
    let mut fastest = [f64::INFINITY; 3];
    for _ in 0..ROUNDS {
        let mut instance = guest.instantiate(&Options::default())?;
        // The start of Python does not count.
        instance.process_by("nothing", b"")?;
        let start = Instant::now();
        let call = instance.call("rows")?;
        let guest = milliseconds(start.elapsed());
        if !matches!(call.end, Ok(0)) {
            return Err(format!("`rows` ended with {:?}: {}", call.end, call.stderr).into());
        }
        // A call that does nothing hands over what the last one left.
        let start = Instant::now();
        let outcome = instance.process_by("nothing", b"")?;
        let json = milliseconds(start.elapsed());
        let stderr = outcome.stderr;
        let output = outcome
            .result
            .map_err(|failure| format!("{failure}: {stderr}"))?;
        let start = Instant::now();
        let batches = output.tables.iter().map(wadup_host::Table::record_batch);
        let batches: Vec<RecordBatch> = batches.collect::<Result<_, _>>()?;
        let batch = milliseconds(start.elapsed());
        let found: usize = batches.iter().map(RecordBatch::num_rows).sum();
        if found != ROWS {
            return Err(format!("{found} rows instead of {ROWS}").into());
        }
        for (fastest, time) in fastest.iter_mut().zip([guest, json, batch]) {
            *fastest = fastest.min(time);
        }
    }
    let [guest, json, batch] = fastest;
    let report = json!({
        "rows": ROWS,
        "guest_ms": guest,
        "json_ms": json,
        "batch_ms": batch,
        "json_share": json / (guest + json + batch),
    });
    println!("{report}");
    Ok(())
}
