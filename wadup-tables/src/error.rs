//! What can be wrong with tables and rows.

use crate::{ColumnType, NameFault, WriteError};

/// Something that the host would not have taken. Every message names the table, and the column where there is one.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A table has a name that the host's SQL would not take as it is.
    #[error("table `{table}`: {fault}")]
    TableName {
        /// The name.
        table: String,
        /// What is wrong with it.
        fault: NameFault,
    },
    /// A column has a name that the host's SQL would not take as it is.
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
    #[error("table `{table}`: a table has at least one column")]
    NoColumns {
        /// The table.
        table: String,
    },
    /// Two columns have the same name; SQLite compares names without their quotes and without case.
    #[error(
        "table `{table}`, column `{column}`: the table has another column of that name; neither case nor quotes count"
    )]
    DuplicateColumn {
        /// The table.
        table: String,
        /// The second of the two.
        column: String,
    },
    /// A table is defined again, and differently; SQLite compares names without their quotes and without case.
    #[error(
        "table `{table}`: already defined as {defined}; a table cannot be changed, and neither case nor quotes count"
    )]
    Redefined {
        /// The table.
        table: String,
        /// The first definition.
        defined: String,
    },
    /// A row is for a table that is not defined.
    #[error("table `{table}`: not defined; define it before its first row")]
    UndefinedTable {
        /// The table.
        table: String,
    },
    /// A row has too many or too few values.
    #[error("table `{table}`: a row has {expected} values ({columns}), not {found}")]
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
    /// The file could not be written. The rows are kept for another attempt.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why a value does not fit its column.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ValueFault {
    /// It is of another type.
    #[error("the column is {expected}, but the value is {found}")]
    WrongType {
        /// The type of the column.
        expected: ColumnType,
        /// The type of the value.
        found: ColumnType,
    },
    /// It is NaN or infinite.
    #[error("the host takes no {0}: a number has to be finite")]
    NotFinite(f64),
}
