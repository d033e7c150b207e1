//! The example `pandas-report` on a small CSV.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use harness::{Guests, Variant};
use wadup_host::{Failure, Instance, Options, Value};

const ORDERS: &str = "date,country,customer,amount
2024-01-05,DE,Ada,\"1,000.00\"
2024-01-20,DE,Grace,500
2024-02-03,DE,Ada,3000.5
2024-02-04,FR,Zoë,-10.25
";

fn instance() -> Instance {
    let guests = Guests::new(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap();
    let guest = guests
        .guest("pandas_report", Variant::Release)
        .unwrap_or_else(|error| panic!("{error}"));
    guest.instantiate(&Options::default()).unwrap()
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn months_and_customers_are_reported() {
    let outcome = instance().process(ORDERS.as_bytes()).unwrap();
    let tables = outcome
        .result
        .unwrap_or_else(|failure| panic!("{failure:?}\n{}", outcome.stderr))
        .tables;

    let month = |country, month, revenue, growth| {
        vec![
            text(country),
            text(month),
            Value::Float64(revenue),
            Value::Float64(growth),
        ]
    };
    assert_eq!(tables[0].rows[0], month("DE", "2024-01", 1500.0, 0.0));
    assert_eq!(tables[0].rows[2], month("FR", "2024-02", -10.25, 0.0));
    assert!(
        matches!(tables[0].rows[1][3], Value::Float64(growth) if (growth - 1.000_333).abs() < 1e-5)
    );
    assert_eq!(
        tables[1].rows[0],
        [
            text("Ada"),
            Value::Int64(2),
            Value::Float64(4000.5),
            text("2024-02-03"),
        ]
    );
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn an_amount_that_cannot_be_read_is_named() {
    let orders = ORDERS.replace("500", "a lot");

    let outcome = instance().process(orders.as_bytes()).unwrap();

    assert!(matches!(outcome.result, Err(Failure::Status(1))));
    assert!(
        outcome
            .stderr
            .contains("ValueError: `a lot` is not an amount of money"),
        "{}",
        outcome.stderr
    );
}
