//! The tables that a guest hands to its host: checked, and written as the files that the host reads.
//!
//! The WADUP host reads rows from JSON files. It refuses a whole file for one value that it does not understand, drops rows that do
//! not fit their table, and puts names into SQL as they are, all without an error in the guest. So [`Tables`] checks everything
//! before it is written, and [`Folder`] writes only complete files.
//!
//! This crate knows neither Python nor WASI: `wadup-guest` adds both.

#![forbid(unsafe_code)]

mod column;
mod document;
mod error;
mod folder;
mod name;
mod table;
mod tables;
mod value;

pub use column::Column;
pub use error::{Error, ValueFault};
pub use folder::{Folder, WriteError};
pub use name::{Name, NameFault};
pub use table::Table;
pub use tables::Tables;
pub use value::Value;
pub use wadup_contract::{ColumnType, UnknownColumnType};
