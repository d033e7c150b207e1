//! Why a table or a row is refused.

use crate::{ColumnType, NameFault, WriteError};

/// A table or a row that the host would not accept. Every message names the table, and the column if it is about one.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The name of a table is not valid in the host's SQL.
    #[error("table `{table}`: {fault}")]
    TableName {
        /// The name.
        table: String,
        /// What is wrong with it.
        fault: NameFault,
    },
    /// The name of a column is not valid in the host's SQL.
    #[error("table `{table}`, column `{column}`: {fault}")]
    ColumnName {
        /// The table.
        table: String,
        /// The name.
        column: String,
        /// What is wrong with it.
        fault: NameFault,
    },
    /// A table is defined without columns.
    #[error("table `{table}`: a table needs at least one column")]
    NoColumns {
        /// The table.
        table: String,
    },
    /// Two columns have the same name; SQLite compares names without their quotes and without case.
    #[error(
        "table `{table}`, column `{column}`: duplicate column; case and quotes do not make names different"
    )]
    DuplicateColumn {
        /// The table.
        table: String,
        /// The second of the two.
        column: String,
    },
    /// A table is defined again, and differently; SQLite compares names without their quotes and without case.
    #[error(
        "table `{table}`: already defined as {defined}, and a table cannot be changed; case and quotes do not make names different"
    )]
    Redefined {
        /// The table.
        table: String,
        /// The first definition.
        defined: String,
    },
    /// A row is for a table that is not defined.
    #[error("table `{table}` is not defined\nhelp: define it before its first row")]
    UndefinedTable {
        /// The table.
        table: String,
    },
    /// A row has too many or too few values.
    #[error("table `{table}`: expected {expected} values ({columns}), found {found}")]
    RowLength {
        /// The table.
        table: String,
        /// The names of the columns, with commas.
        columns: String,
        /// How many columns there are.
        expected: usize,
        /// How many values the row has.
        found: usize,
    },
    /// A value does not fit its column.
    #[error("table `{table}`, column `{column}`: {fault}")]
    Value {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// What is wrong with the value.
        fault: ValueFault,
    },
    /// The file could not be written. The rows are kept.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why a value does not fit its column.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ValueFault {
    /// It is of another type.
    #[error("expected a value of type {expected}, found {found}")]
    WrongType {
        /// The type of the column.
        expected: ColumnType,
        /// The type of the value.
        found: ColumnType,
    },
    /// It is NaN or infinite.
    #[error("`{0}` is not a valid value: expected a finite number")]
    NotFinite(f64),
}
