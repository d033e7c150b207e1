//! A host that stops a guest, by fuel or by time, gets a trap, and its next instance works.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::time::Duration;

use harness::{Guests, Variant};
use wadup_host::{Cause, Compiler, Failure, Limits, Options};

/// Enough for a call of a snapshot; a loop uses it up within seconds.
const FUEL: u64 = 300_000_000;
const TIME: Duration = Duration::from_secs(5);

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
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
        let guests = Guests::of(
            Path::new(env!("CARGO_TARGET_TMPDIR")),
            limits,
            Compiler::Baseline,
        )
        .unwrap();
        let guest = guests.guest("rust", Variant::Snapshot).unwrap();
        let mut stopped = guest.instantiate(&Options::default()).unwrap();
        assert!(stopped.process(b"failures succeed").unwrap().result.is_ok());

        let outcome = stopped.process(b"failures for_ever").unwrap();

        assert!(
            matches!(&outcome.result, Err(Failure::Trap(trap)) if trap.cause == cause),
            "{:?}\n{}",
            outcome.result,
            outcome.stderr
        );
        let mut new = guest.instantiate(&Options::default()).unwrap();
        assert!(new.process(b"failures succeed").unwrap().result.is_ok());
    }
}
