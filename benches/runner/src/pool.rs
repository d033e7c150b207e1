//! Fresh instances of the guest in pools of `wadup-host`, and the way of many rows from the guest into a record batch.

use std::path::Path;

use serde_json::{Value, json};
use xshell::Shell;

use crate::Result;
use crate::prepare::Bench;
use crate::process::Program;

/// The figures of a pool: what they are, where they are in the report, and how many decimals are shown.
const FIGURES: [(&str, &str, usize); 17] = [
    ("first row, p50 ms", "/fresh/p50_ms", 3),
    ("first row, p99 ms", "/fresh/p99_ms", 3),
    (
        "instances per second, one thread",
        "/instances_per_second/0",
        0,
    ),
    (
        "instances per second, two threads",
        "/instances_per_second/1",
        0,
    ),
    ("page faults per instance", "/fresh/faults", 0),
    ("of an input, ms: all", "/phases/whole_ms", 3),
    ("  start of the instance", "/phases/start_ms", 3),
    ("  the guest's call", "/phases/call_ms", 3),
    ("  end of the instance", "/phases/end_ms", 3),
    ("  the host (all without the call)", "/phases/host_ms", 3),
    (
        "an input of a call that does nothing",
        "/phases/nothing_ms",
        3,
    ),
    ("resident KiB, a new instance", "/live/new/resident_kib", 0),
    ("dirty pages, a new instance", "/live/new/dirty_pages", 0),
    (
        "resident KiB, after a row",
        "/live/after_a_row/resident_kib",
        0,
    ),
    (
        "dirty pages, after a row",
        "/live/after_a_row/dirty_pages",
        0,
    ),
    ("MiB kept when new instances ended", "/live/new/kept_mib", 0),
    (
        "MiB kept when the others ended",
        "/live/after_a_row/kept_mib",
        0,
    ),
];

pub(crate) fn run(shell: &Shell, instances: usize) -> Result<Value> {
    let bench = Bench::prepare(shell)?;
    let snapshot = bench.snapshot(&bench.guest("guest")?)?;
    let cache = bench.folder.join("cache");
    let of = |what: &str, file: &Path| {
        Program::new(&bench.measure)
            .args([what])
            .path(file)
            .path(&cache)
    };

    let pool = of("pool", &snapshot).args(["--instances", &instances.to_string()]);
    let pool = pool.run()?.report;
    for (what, place, decimals) in FIGURES {
        println!("{what:<38} {:>10.decimals$}", figure(&pool, place));
    }
    let batches = of("batches", &snapshot).run()?.report;
    println!(
        "\n{:>9} {:>10} {:>10} {:>10} {:>12}",
        "rows", "guest ms", "JSON ms", "Arrow ms", "JSON's share"
    );
    println!(
        "{:>9} {:>10.0} {:>10.0} {:>10.0} {:>12.2}",
        figure(&batches, "/rows"),
        figure(&batches, "/guest_ms"),
        figure(&batches, "/json_ms"),
        figure(&batches, "/batch_ms"),
        figure(&batches, "/json_share"),
    );
    Ok(json!({ "pool": pool, "batches": batches }))
}

fn figure(report: &Value, place: &str) -> f64 {
    let found = report.pointer(place).and_then(Value::as_f64);
    found.unwrap_or(f64::NAN)
}
