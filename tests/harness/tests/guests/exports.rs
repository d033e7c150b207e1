//! The exports of the guest `rust`: any export may come first, all share one interpreter, and constructors run once.

use wadup_host::Host;

use crate::instances::{Built, HOSTS, instance, pass, returns};

/// What `count_from_rust` returns before Python has been started.
const NOT_STARTED: i32 = -2;

pub(crate) fn check(built: &Built) {
    let guest = &built.load();
    for host in HOSTS {
        let mut instance = instance(guest, host);
        // In a snapshot it was started long ago.
        let first = if built.is_snapshot() { 0 } else { NOT_STARTED };
        assert_eq!(returns(&mut instance, "count_from_rust"), first);

        // Each asserts that the constructor has run exactly once.
        assert_eq!(returns(&mut instance, "remember"), 0);
        pass(&mut instance, "exports");
        assert_eq!(returns(&mut instance, "remember"), 0);
        assert_eq!(returns(&mut instance, "answer"), 42);
        assert_eq!(returns(&mut instance, "recall"), 2);

        let refused = instance.call("refuse").unwrap();
        assert_eq!(refused.end, Ok(1));
        assert!(
            refused
                .stderr
                .ends_with("PermissionError: refused on purpose\n"),
            "{}",
            refused.stderr
        );

        assert_eq!(returns(&mut instance, "recall"), 2);
        assert_eq!(returns(&mut instance, "count_from_rust"), 5);
    }

    // Nothing is left to initialize in a snapshot, but a host does not know that.
    let mut initialized_often = instance(guest, Host::Standard);
    for _ in 0..3 {
        returns(&mut initialized_often, "_initialize");
    }
    pass(&mut initialized_often, "exports");
    returns(&mut initialized_often, "_initialize");
    pass(&mut initialized_often, "exports");
}
