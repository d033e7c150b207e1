//! A guest with Rust of its own: exports, modules for Python, what fails in Rust, tables from both languages.

mod exports;
mod failures;
mod oncelock;
mod tables;
mod typed;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use pyo3::prelude::*;
use typed::{Options, User};

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
    },
}
