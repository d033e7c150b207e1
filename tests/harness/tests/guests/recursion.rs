//! The guest `recursion`: however deep it goes, an exception ends it and no trap.

use crate::instances::{Built, HOSTS, instance, pass};

/// What the parser needs until it reaches its own limit on nesting, see README.md.
const STACK_FOR_THE_PARSER: usize = 1024 * 1024;

pub(crate) fn check(built: &Built) {
    let ordinary = built.load();
    let roomy = built.load_with_stack(STACK_FOR_THE_PARSER);
    for host in HOSTS {
        for (guest, task) in [(&ordinary, "recurse"), (&roomy, "parse")] {
            let mut instance = instance(guest, host);
            pass(&mut instance, task);
            pass(&mut instance, task);
        }
    }
}
