//! Nothing is wrong with the functions; the one error shows that the file is compiled with these lints.

#![deny(warnings, missing_docs, unsafe_op_in_unsafe_fn, unused_qualifications, unreachable_pub)]

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::{Duration, SystemTime};

use pyo3::prelude::*;

/// A row.
#[derive(FromPyObject)]
pub struct Row {
    /// Its name.
    pub name: String,
}

wadup_guest::wadup_python! {
    exports: {
        export_of_score: fn(text: f64) -> f64 = "pydantic:not_known",
        export_of_reset: fn() = "users.scoring:reset",
    },
    functions: {
        /// Scores.
        pub fn score(text: &str, weight: Option<f64> = None) -> f64 = "users.scoring:score";
        /// Tokens.
        #[must_use]
        pub fn tokens(s: &str, limit: u8) -> Vec<String> = "users.scoring:tokens";
        /// The total.
        pub fn total(a: i64, b: i32, r#unit: &str) -> u64 = "users.scoring:total";
        /// The first.
        pub fn first(items: &[Py<PyAny>], limit: Option<usize> = None) -> Option<Row> = "users.scoring:first";
        /// Through another module.
        pub fn rate(weight: f32, text: String) -> f32 = "users:rate";
        /// Not annotated.
        pub fn untyped(a: bool, b: Option<i8> = None) -> Py<PyAny> = "users.scoring:untyped";
        /// Not known.
        pub fn model(data: &[u8], strict: Option<bool> = None) -> Py<PyAny> = "pydantic:model";
        /// Everything.
        pub fn everything(
            flag: bool,
            number: u64,
            ratio: i32,
            data: &[u8],
            when: SystemTime,
            day: SystemTime,
            wait: Duration,
            price: Py<PyAny>,
            key: &Py<PyAny>,
            path: &Path,
            names: &[&str],
            counts: &HashMap<String, u32>,
        ) = "pydantic:everything";
        /// In any order.
        pub fn give(row: &Py<PyAny>) -> HashSet<i64> = "pydantic:give";
    },
}

/// Uses them.
pub fn all() -> Result<f64, wadup_guest::Error> {
    let unused = 1;
    let _ = tokens("", 1)?;
    score("", None)
}

fn main() {}
