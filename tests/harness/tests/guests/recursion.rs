//! The guest `recursion`: however deep it goes, an exception ends it and no trap.

use crate::instances::{Built, HOSTS, instance, pass};

pub(crate) fn check(built: &Built) {
    let guest = built.load();
    for host in HOSTS {
        let mut instance = instance(&guest, host);
        pass(&mut instance, "");
        pass(&mut instance, "");
    }
}
