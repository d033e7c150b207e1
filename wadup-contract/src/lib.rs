//! The contract between a guest, its build and its host, as data.
//!
//! Each name on which two crates must agree is written down here and nowhere else: the build and the macro put it into a guest, the
//! guest's runtime uses it, and the gate, `wadup-snapshot` and `wadup-host` look for it. What the names mean for the data that passes
//! through them, such as a table that fits its columns, is the business of those crates.

#![forbid(unsafe_code)]

mod column_type;
pub mod definition;
pub mod export;
pub mod file;
pub mod index;
pub mod mount;
pub mod sql;
pub mod suite;
pub mod wasi;

pub use column_type::{ColumnType, UnknownColumnType};
