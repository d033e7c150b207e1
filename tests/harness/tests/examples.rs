//! Each example prints what its README says: `cargo wadup run` of the sample input gives `expected-output`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

// The very code that prints the tables; running the program itself would compile each guest with the slow compiler.
#[path = "../../../cargo-wadup/src/run/rows.rs"]
mod rows;

use std::fs;
use std::path::Path;

use harness::{Guests, Variant};
use rows::{Format, Rows};
use wadup_host::Options;

/// The folder of each example and its sample input.
const EXAMPLES: [(&str, &str); 3] = [
    ("lockfile", "sample.lock"),
    ("numpy-stats", "measurements.csv"),
    ("pandas-report", "orders.csv"),
];

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn every_example_prints_its_expected_output() {
    let guests = Guests::new(env!("CARGO_TARGET_TMPDIR").as_ref()).unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    for (name, sample) in EXAMPLES {
        let example = examples.join(name);
        let guest = guests
            .guest(&name.replace('-', "_"), Variant::Release)
            .unwrap_or_else(|error| panic!("{error}"));
        let mut instance = guest.instantiate(&Options::default()).unwrap();

        let outcome = instance.process(&fs::read(example.join(sample)).unwrap());

        let outcome = outcome.unwrap();
        let output = outcome
            .result
            .unwrap_or_else(|failure| panic!("{name}: {failure}\n{}", outcome.stderr));
        let mut tables = Rows::default();
        tables.add(sample, output);
        let mut printed = Vec::new();
        tables.write(Format::Table, &mut printed).unwrap();
        let expected = fs::read_to_string(example.join("expected-output")).unwrap();
        assert_eq!(String::from_utf8(printed).unwrap(), expected, "{name}");
    }
}

#[test]
fn every_example_is_tested() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");

    let found = fs::read_dir(examples).unwrap().count();

    assert_eq!(found, EXAMPLES.len());
}
