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
mod packages;
mod snapshot;
mod src_layout;
mod state;
mod tables;

use std::collections::BTreeSet;

/// Makes the tests `guest::<name>::<variant>`, each of which hands the guest to a function.
/// The name is that of the folder, with `_` for `-`.
macro_rules! guests {
    ($($name:ident ($($variant:ident)*) => $check:path),* $(,)?) => {
        const TESTED: &[&str] = &[$(stringify!($name)),*];

        mod guest {
            $(mod $name {
                $(#[test]
                #[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
                fn $variant() {
                    $check(&crate::instances::Built::new(stringify!($name), stringify!($variant)));
                })*
            })*
        }
    };
}

// In debug as well where Rust of our own does more than start Python.
guests! {
    bare(debug release snapshot) => crate::bare::check,
    broken(debug release snapshot) => crate::broken::check,
    command(debug release snapshot) => crate::command::check,
    elif(release snapshot) => crate::instances::passes,
    exports(debug release snapshot) => crate::exports::check,
    failures(debug release snapshot) => crate::failures::check,
    filesystem(debug release snapshot) => crate::filesystem::check,
    numpy(release snapshot) => crate::numpy::check,
    oncelock(debug release snapshot) => crate::instances::passes,
    packages(release snapshot) => crate::packages::check,
    pandas(release snapshot) => crate::snapshot::passes_and_depends_on_nothing,
    pydantic_core(release snapshot) => crate::instances::passes,
    pydantic_models(release snapshot) => crate::instances::passes,
    recursion(debug release snapshot) => crate::instances::passes,
    snapshot(debug release snapshot) => crate::snapshot::check,
    src_layout(release snapshot) => crate::src_layout::check,
    state(release snapshot) => crate::state::check,
    stdlib(release snapshot) => crate::instances::passes,
    tables(debug release snapshot) => crate::tables::check,
    traced(release snapshot) => crate::instances::passes,
}

#[test]
fn every_guest_has_a_test() {
    let tested: BTreeSet<String> = TESTED.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(harness::names().unwrap(), tested);
}

#[test]
fn guests_that_were_built_for_this_run_are_not_passed_over() {
    let required = std::env::var_os("WADUP_TEST_GUESTS").is_some();

    assert!(cfg!(guests) || !required, "the tests of guests are ignored");
}
