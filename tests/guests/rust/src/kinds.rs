//! The kinds of values that few calls need: numbers at their limits, sorted collections, enumerations, types of other crates.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::net::{IpAddr, Ipv4Addr};

use chrono::{NaiveDate, NaiveTime};
use num_complex::Complex;
use num_rational::Ratio;
use pyo3::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate as calls;

/// What Python makes as a `TypedDict`.
#[derive(Debug, PartialEq, FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Place {
    name: String,
    height: Option<i32>,
}

/// Each of these kinds, there and back.
pub(crate) fn every_other_kind() -> Result<(), wadup_guest::Error> {
    numbers()?;
    collections()?;
    assert_eq!(calls::next_letter('ö')?, '÷');
    assert_eq!(calls::buffer(b"ab\xff".to_vec())?, b"ab\xff");
    assert_eq!(
        calls::next_address(Ipv4Addr::new(192, 0, 2, 255))?,
        IpAddr::from([192, 0, 3, 0])
    );
    assert_eq!(calls::color()?, "red");
    assert_eq!(calls::level()?, 3);
    assert_eq!(calls::point()?, (7, "here".to_owned()));
    let place = Place {
        name: "Zugspitze".to_owned(),
        height: Some(2962),
    };
    assert_eq!(calls::place("Zugspitze")?, place);
    of_crates()
}

fn numbers() -> Result<(), wadup_guest::Error> {
    assert_eq!(calls::negative(127)?, -127);
    assert_eq!(calls::squared(-(1 << 62))?, 1 << 124);
    assert_eq!(calls::as_number(true)?, 1);
    assert_eq!(calls::third(1.0)?, 1.0_f32 / 3.0);
    assert_eq!(calls::of_integer(-5)?, -2.5);
    Ok(())
}

fn collections() -> Result<(), wadup_guest::Error> {
    assert_eq!(calls::repeated((1, 2))?, [1, 2, 1, 2]);
    assert_eq!(
        calls::inverted(&BTreeMap::from([("a".to_owned(), 2), ("b".to_owned(), 1)]))?,
        BTreeMap::from([(1, "b".to_owned()), (2, "a".to_owned())])
    );
    assert_eq!(
        calls::odd(&BTreeSet::from([1, 2, 3]))?,
        BTreeSet::from([1, 3])
    );
    assert_eq!(
        calls::frozen(&HashSet::from([1, 2]))?,
        HashSet::from([1, 2])
    );
    assert_eq!(
        calls::nested(&[vec![Some("a"), None], vec![]])?,
        [vec![Some("A".to_owned()), None], vec![]]
    );
    Ok(())
}

fn of_crates() -> Result<(), wadup_guest::Error> {
    let day = NaiveDate::from_ymd_opt(2028, 2, 28).unwrap_or_default();
    let time = NaiveTime::from_hms_micro_opt(12, 0, 0, 5).unwrap_or_default();
    assert_eq!(calls::tomorrow(day)?, day.succ_opt().unwrap_or_default());
    assert_eq!(calls::noon(time)?, time);
    assert_eq!(calls::on_day(day.and_time(time))?, day.and_time(time));
    assert_eq!(calls::sum_of(Decimal::new(11, 1))?, Decimal::new(33, 1));
    let id = Uuid::from_u128(0x1234_5678 << 90);
    assert_eq!(calls::same(id)?, id);
    assert_eq!(
        calls::conjugate(Complex::new(1.0, 2.0))?,
        Complex::new(1.0, -2.0)
    );
    assert_eq!(calls::halved(Ratio::new(3, 1))?, Ratio::new(3, 2));
    Ok(())
}
