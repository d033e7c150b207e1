//! The tables that a guest hands to its host: checked, and written as the files that the host reads.
//!
//! The WADUP host takes rows from JSON files. It refuses a whole file for one value that it does not understand, drops rows that do
//! not fit their table, puts names into SQL as they are, and tells the guest of none of it. So [`Tables`] checks everything before
//! it is written, and [`Folder`] writes files that are complete.
//!
//! There is no Python and no WASI in this crate: `wadup-guest` puts both around it.

#![forbid(unsafe_code)]

mod column;
mod document;
mod error;
mod folder;
mod name;
mod table;
mod tables;
mod value;

pub use column::{Column, ColumnType, UnknownColumnType};
pub use error::{Error, ValueFault};
pub use folder::{Folder, WriteError};
pub use name::{Name, NameFault};
pub use table::Table;
pub use tables::Tables;
pub use value::Value;
