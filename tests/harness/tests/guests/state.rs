//! The guest `state`: globals live from call to call, and memory does not grow with their number.

use wadup_runner::Value;

use crate::instances::{Built, HOSTS, instance, pass, rows};

const CALLS: i64 = 3500;

/// By then everything is imported, every cache that fills up is full, and the heap has had to hold the most garbage that the
/// collector ever leaves.
const SETTLED: i64 = 2500;

/// What the heap may still need as its free pieces are cut up: a few small objects for each of the calls.
const FRAGMENTS: usize = 256 << 10;

pub(crate) fn check(built: &Built) {
    let guest = &built.load();
    for host in HOSTS {
        let mut instance = instance(guest, host);
        let mut settled = 0;
        for call in 1..=CALLS {
            let (output, stdout) = pass(&mut instance, "");
            assert_eq!(rows(&output, "calls")[0][0], Value::Int64(call));
            assert_eq!(stdout, format!("{call}\n"));
            if call == SETTLED {
                settled = instance.memory_bytes();
            }
        }
        let grown = instance.memory_bytes() - settled;
        assert!(
            grown <= FRAGMENTS,
            "{grown} bytes more after {CALLS} calls than after {SETTLED}"
        );
    }
}
