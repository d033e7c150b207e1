//! State in the guest `pydantic`: globals live from call to call, and memory does not grow with their number.

use wadup_host::{Host, Instance, Value};

use crate::instances::{Built, instance, pass, rows};

const CALLS: i64 = 3500;

/// For the other host and for snapshots, whose heap is the same.
const FEW_CALLS: i64 = 50;

/// By then everything is imported, all caches are full, and the heap has held the most garbage that the collector ever leaves.
const SETTLED: i64 = 2500;

/// How much the heap may still grow by fragmentation: a few small objects for each of the calls.
const FRAGMENTS: usize = 256 << 10;

pub(crate) fn check(built: &Built) {
    let guest = &built.load();
    let mut first = instance(guest, Host::Standard);
    let calls = match built.is_snapshot() {
        true => 1..=FEW_CALLS,
        false => 1..=CALLS,
    };
    let mut settled = usize::MAX;
    for call in calls {
        counts(&mut first, call);
        if call == SETTLED {
            settled = first.memory_bytes();
        }
    }
    let grown = first.memory_bytes().saturating_sub(settled);
    assert!(
        grown <= FRAGMENTS,
        "{grown} bytes more after {CALLS} calls than after {SETTLED}"
    );

    let mut other = instance(guest, Host::Wadup);
    for call in 1..=FEW_CALLS {
        counts(&mut other, call);
    }
}

/// A call, which the guest counts.
fn counts(instance: &mut Instance, call: i64) {
    let (output, stdout) = pass(instance, "");
    assert_eq!(rows(&output, "calls")[0][0], Value::Int64(call));
    assert_eq!(stdout, format!("{call}\n"));
}
