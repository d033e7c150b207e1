//! What a successful call hands to the host.

use serde::Deserialize;
pub use wadup_tables::{ColumnType, Value};

/// Everything one call put out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// The tables that the call defined or inserted into, in the order in which they were defined.
    pub tables: Vec<Table>,
    /// New content for the host to process in its turn.
    pub sub_content: Vec<SubContent>,
}

/// A table and the rows that one call inserted into it.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The table's name as SQLite has it, without quotes.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The rows, each with one value per column, of the column's type.
    pub rows: Vec<Vec<Value>>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The column's name as SQLite has it, without quotes.
    pub name: String,
    /// The type of its values.
    pub data_type: ColumnType,
}

/// New content that the guest found in its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubContent {
    /// The name that the guest gave it.
    pub filename: String,
    /// Its bytes, or where they stand.
    pub content: Content,
}

/// The bytes of a [`SubContent`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Bytes of their own.
    Bytes(Vec<u8>),
    /// A part of the input of the same call, which it does not exceed.
    Slice {
        /// Where it begins, in bytes.
        offset: u64,
        /// How long it is, in bytes.
        length: u64,
    },
}
