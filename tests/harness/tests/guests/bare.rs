//! The guest `bare`: what it prints arrives with the call that printed it.

use crate::instances::{Built, HOSTS, instance};

pub(crate) fn check(built: &Built) {
    let guest = &built.load();
    for host in HOSTS {
        let mut instance = instance(guest, host);
        for _ in 0..2 {
            let outcome = instance.process(b"").unwrap();
            assert!(outcome.result.is_ok(), "{outcome:?}");
            assert_eq!(outcome.stdout, "größer 数\n");
            // The test of bills of materials knows the release.
            assert!(outcome.stderr.starts_with("to standard error "));
            assert_eq!(outcome.stderr.lines().count(), 1);
        }
    }
}
