//! A guest with Rust of its own: exports, modules for Python, what fails in Rust, tables from both languages.

mod exports;
mod failures;
mod kinds;
mod oncelock;
mod tables;
mod typed;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use kinds::Place;
use num_complex::Complex;
use num_rational::Ratio;
use pyo3::prelude::*;
use rust_decimal::Decimal;
use typed::{Options, User};
use uuid::Uuid;

wadup_guest::wadup_python! {
    modules: [
        exports::constructor,
        failures::faults,
        oncelock::cells,
        oncelock::chained,
        tables::from_rust,
        typed::back,
    ],
    exports: {
        remember: "exports:remember",
        recall: "exports.memory:recall",
        answer: "exports:answer",
        refuse: "exports:refuse",
        fails: "failures:fails",
        clamp: fn(value: f64, low: f64, high: f64) -> f64 = "typed:clamp",
        product: fn(first: i32, second: i64) -> i64 = "typed:product",
        check: fn(number: i32) = "typed:check",
    },
    functions: {
        fn negated(flag: bool) -> bool = "typed:negated";
        fn incremented(number: u64) -> u64 = "typed:incremented";
        fn half(number: f64) -> f64 = "typed:half";
        fn upper(text: &str) -> String = "typed:upper";
        fn mirrored(data: &[u8]) -> Vec<u8> = "typed:mirrored";
        fn doubled(numbers: &[i64]) -> Vec<i64> = "typed:doubled";
        fn lengths(words: &[&str]) -> HashMap<String, usize> = "typed:lengths";
        fn keys(table: &HashMap<&str, i64>) -> HashSet<String> = "typed:keys";
        fn swapped(pair: (&str, i64)) -> (i64, String) = "typed:swapped";
        fn maybe(number: Option<i32>) -> Option<i32> = "typed:maybe";
        fn later(moment: SystemTime, wait: Duration) -> SystemTime = "typed:later";
        fn parent(path: &Path) -> PathBuf = "typed:parent";
        fn user(name: &str, age: u8) -> User = "typed:user";
        fn chosen(numbers: &[i64], options: &Options) -> Vec<i64> = "typed:chosen";
        fn person() -> Py<PyAny> = "typed:person";
        fn name_of(user: &Py<PyAny>) -> String = "typed:name_of";
        fn described(first: &str, number: Option<i64> = None, last: &str) -> String = "typed:described";
        fn total(a: i64, b: i64, c: i64) -> i64 = "typed:total";
        fn reexported(number: i64) -> i64 = "typed:reexported";
        fn ignored() = "typed:ignored";
        fn anything(what: &str) -> u8 = "typed:anything";
        fn leave_row(name: &str, fail: bool) = "typed:leave_row";

        fn next_letter(letter: char) -> char = "kinds:next_letter";
        fn negative(number: i8) -> i8 = "kinds:negative";
        fn squared(number: i128) -> i128 = "kinds:squared";
        fn as_number(flag: bool) -> u32 = "kinds:as_number";
        fn third(number: f32) -> f32 = "kinds:third";
        fn of_integer(number: i16) -> f64 = "kinds:of_integer";
        fn buffer(data: Vec<u8>) -> Vec<u8> = "kinds:buffer";
        fn repeated(pair: (i64, i64)) -> Vec<i64> = "kinds:repeated";
        fn inverted(table: &BTreeMap<String, i64>) -> BTreeMap<i64, String> = "kinds:inverted";
        fn odd(numbers: &BTreeSet<i64>) -> BTreeSet<i64> = "kinds:odd";
        fn frozen(numbers: &HashSet<i64>) -> HashSet<i64> = "kinds:frozen";
        fn nested(rows: &[Vec<Option<&str>>]) -> Vec<Vec<Option<String>>> = "kinds:nested";
        fn next_address(address: Ipv4Addr) -> IpAddr = "kinds:next_address";
        fn color() -> String = "kinds:color";
        fn level() -> u8 = "kinds:level";
        fn point() -> (i64, String) = "kinds:point";
        fn place(name: &str) -> Place = "kinds:place";
        fn tomorrow(day: NaiveDate) -> NaiveDate = "kinds:tomorrow";
        fn noon(moment: NaiveTime) -> NaiveTime = "kinds:noon";
        fn on_day(moment: NaiveDateTime) -> NaiveDateTime = "kinds:on_day";
        fn sum_of(number: Decimal) -> Decimal = "kinds:sum_of";
        fn same(id: Uuid) -> Uuid = "kinds:same";
        fn conjugate(number: Complex<f64>) -> Complex<f64> = "kinds:conjugate";
        fn halved(number: Ratio<i64>) -> Ratio<i64> = "kinds:halved";
    },
}
