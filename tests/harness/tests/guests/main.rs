//! Every guest under `tests/guests`, in both profiles and as a snapshot, under wasmtime as it is and under the WADUP host's own WASI.
//!
//! A guest asserts by itself and succeeds if all is well. What only the host can see is asserted here.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod bare;
mod broken;
mod command;
mod exports;
mod failures;
mod filesystem;
mod instances;
mod numpy;
mod snapshot;
mod state;
mod tables;

use std::collections::BTreeSet;

/// Makes the tests `guest::<name>::debug`, `release` and `snapshot`, each of which hands the guest to a function.
/// The name is that of the folder, with `_` for `-`.
macro_rules! guests {
    ($($name:ident => $check:path),* $(,)?) => {
        const TESTED: &[&str] = &[$(stringify!($name)),*];

        mod guest {
            $(mod $name {
                use harness::Variant::{Debug, Release, Snapshot};

                use crate::instances::Built;

                #[test]
                fn debug() {
                    $check(&Built::new(stringify!($name), Debug));
                }

                #[test]
                fn release() {
                    $check(&Built::new(stringify!($name), Release));
                }

                #[test]
                fn snapshot() {
                    $check(&Built::new(stringify!($name), Snapshot));
                }
            })*
        }
    };
}

guests! {
    bare => crate::bare::check,
    broken => crate::broken::check,
    command => crate::command::check,
    elif => crate::instances::passes,
    exports => crate::exports::check,
    failures => crate::failures::check,
    filesystem => crate::filesystem::check,
    numpy => crate::numpy::check,
    oncelock => crate::instances::passes,
    packages => crate::instances::passes,
    pandas => crate::instances::passes,
    pydantic_core => crate::instances::passes,
    pydantic_models => crate::instances::passes,
    recursion => crate::instances::passes,
    snapshot => crate::snapshot::check,
    state => crate::state::check,
    stdlib => crate::instances::passes,
    tables => crate::tables::check,
    traced => crate::instances::passes,
}

#[test]
fn every_guest_has_a_test() {
    let tested: BTreeSet<String> = TESTED.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(harness::names().unwrap(), tested);
}
