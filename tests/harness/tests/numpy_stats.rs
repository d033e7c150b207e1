//! The example `numpy-stats` on small CSVs.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use harness::{Guests, Variant};
use wadup_host::{Failure, Instance, Options, Table, Value};

fn instance() -> Instance {
    let guests = Guests::new(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap();
    let guest = guests
        .guest("numpy_stats", Variant::Release)
        .unwrap_or_else(|error| panic!("{error}"));
    guest.instantiate(&Options::default()).unwrap()
}

fn tables(csv: &str) -> Vec<Table> {
    let outcome = instance().process(csv.as_bytes()).unwrap();
    outcome
        .result
        .unwrap_or_else(|failure| panic!("{failure:?}\n{}", outcome.stderr))
        .tables
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn every_column_is_summarized_without_its_gaps() {
    let tables = tables("height,weight\n1,10\n2,\n3,30\n");

    let expected = |name: &str, count, numbers: [f64; 5]| {
        let mut row = vec![Value::String(name.to_owned()), Value::Int64(count)];
        row.extend(numbers.map(Value::Float64));
        row
    };
    assert_eq!(
        tables[0].rows,
        [
            expected("height", 3, [2.0, (2.0_f64 / 3.0).sqrt(), 1.0, 2.0, 3.0]),
            expected("weight", 2, [20.0, 10.0, 10.0, 20.0, 30.0]),
        ]
    );
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn the_row_that_lies_far_from_all_others_is_found() {
    let mut csv = String::from("x,y\n");
    for number in 0..100 {
        csv.push_str(&format!("{},{}\n", number % 10, number / 10));
    }
    csv.push_str("100,100\n");

    let tables = tables(&csv);

    let numbers: Vec<&Value> = tables[1].rows.iter().map(|row| &row[0]).collect();
    assert_eq!(numbers, [&Value::Int64(100)]);
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn a_column_without_numbers_fails_with_a_traceback() {
    let outcome = instance().process(b"name,size\nx,1\ny,2\n").unwrap();

    assert!(matches!(outcome.result, Err(Failure::Status(1))));
    assert!(
        outcome
            .stderr
            .contains("ValueError: the column name holds no number"),
        "{}",
        outcome.stderr
    );
}
