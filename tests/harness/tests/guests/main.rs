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
mod first_row;
mod instances;
mod isolation;
mod numpy;
mod packages;
mod snapshot;
mod src_layout;
mod state;
mod tables;
mod typed;

use std::collections::BTreeSet;

/// The guest of a test: the last of the names.
macro_rules! name {
    ($test:ident) => {
        stringify!($test)
    };
    ($test:ident $guest:ident) => {
        stringify!($guest)
    };
}

/// Makes the tests `guest::<test>::<variant>`, each of which hands a guest to a function. The guest is named by its folder, with `_` for
/// `-`; `of` names it where one guest serves several tests.
macro_rules! guests {
    ($($test:ident $(of $guest:ident)? ($($variant:ident)*) => $check:expr),* $(,)?) => {
        const TESTED: &[&str] = &[$(guest::$test::GUEST),*];

        mod guest {
            $(pub(super) mod $test {
                pub(crate) const GUEST: &str = name!($test $($guest)?);

                $(#[test]
                #[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
                fn $variant() {
                    let built = crate::instances::Built::new(GUEST, stringify!($variant));
                    let check: fn(&crate::instances::Built) = $check;
                    check(&built);
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
    exports of rust(debug release snapshot) => crate::exports::check,
    failures of rust(debug release snapshot) => crate::failures::check,
    filesystem of stdlib(debug release snapshot) => crate::filesystem::check,
    first_row of pydantic(snapshot) => crate::first_row::check,
    isolation of pydantic(debug release snapshot) => crate::isolation::check,
    modern(release snapshot) => crate::instances::passes,
    native(release snapshot) => crate::instances::passes,
    numpy of scientific(release snapshot) => crate::numpy::check,
    oncelock of rust(debug release snapshot) => |built| crate::instances::processes(built, "oncelock"),
    packages(release snapshot) => crate::packages::check,
    pandas of scientific(release snapshot) => crate::snapshot::passes_and_depends_on_nothing,
    pydantic_core of pydantic(release snapshot) => |built| crate::instances::succeeds(built, "schemas"),
    pydantic_models of pydantic(release snapshot) => |built| crate::instances::succeeds(built, "models"),
    recursion of pydantic(debug release snapshot) => |built| crate::instances::succeeds(built, "recurse"),
    snapshot(debug release snapshot) => crate::snapshot::check,
    src_layout(release snapshot) => crate::src_layout::check,
    state of pydantic(release snapshot) => crate::state::check,
    stdlib(release snapshot) => crate::instances::passes,
    tables of rust(debug release snapshot) => crate::tables::check,
    traced(release snapshot) => crate::instances::passes,
    typed of rust(debug release snapshot) => crate::typed::check,
}

#[test]
fn every_guest_has_a_test() {
    let tested: BTreeSet<String> = TESTED.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(harness::names().unwrap(), tested);
}

#[test]
fn guests_that_were_built_for_this_run_are_not_ignored() {
    let required = std::env::var_os("WADUP_TEST_GUESTS").is_some();

    assert!(cfg!(guests) || !required, "the tests of guests are ignored");
}
