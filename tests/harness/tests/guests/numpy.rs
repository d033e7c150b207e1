//! NumPy in the guest `scientific`: each instance draws its own random numbers, whenever its interpreter was started.

use wadup_host::{Guest, Host};

use crate::instances::{Built, instance};

/// What an instance printed in its first call: one number of the old generator and one of a new one.
fn drawn(guest: &Guest, host: Host) -> Vec<String> {
    let mut instance = instance(guest, host);
    let [first, _] = [(); 2].map(|()| {
        let call = instance.call("arrays").unwrap();
        assert_eq!(call.end, Ok(0), "{}", call.stderr);
        call.stdout
    });
    first.split_whitespace().map(str::to_owned).collect()
}

pub(crate) fn check(built: &Built) {
    let guest = built.load();

    let [first, second] = [(); 2].map(|()| drawn(&guest, Host::Standard));
    // The WADUP host has no randomness to give: there they draw the same.
    drawn(&guest, Host::Wadup);

    assert_eq!(first.len(), 2);
    for (first, second) in first.iter().zip(second) {
        assert_ne!(*first, second);
    }
}
