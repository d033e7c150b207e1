//! A host that stops a guest, by fuel or by time, gets a trap, and its next instance works.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::time::Duration;

use harness::{Shelf, Variant};
use wadup_runner::{Cause, Failure, Limits, Options};

/// Enough for the start of the interpreter and a call, and soon used up by a loop.
const FUEL: u64 = 3_000_000_000;
const TIME: Duration = Duration::from_secs(20);

#[test]
fn a_loop_without_end_is_stopped_and_a_new_instance_works() {
    for (limits, cause) in [
        (
            Limits {
                fuel: Some(FUEL),
                ..Limits::default()
            },
            Cause::Fuel,
        ),
        (
            Limits {
                timeout: Some(TIME),
                ..Limits::default()
            },
            Cause::Timeout,
        ),
    ] {
        let shelf = Shelf::with_limits(Path::new(env!("CARGO_TARGET_TMPDIR")), limits).unwrap();
        let guest = shelf.guest("failures", Variant::Release).unwrap();
        let mut stopped = guest.instantiate(&Options::default()).unwrap();
        assert!(stopped.process(b"succeed").unwrap().result.is_ok());

        let outcome = stopped.process(b"for_ever").unwrap();

        assert!(
            matches!(&outcome.result, Err(Failure::Trap(trap)) if trap.cause == cause),
            "{:?}\n{}",
            outcome.result,
            outcome.stderr
        );
        let mut new = guest.instantiate(&Options::default()).unwrap();
        assert!(new.process(b"succeed").unwrap().result.is_ok());
    }
}
