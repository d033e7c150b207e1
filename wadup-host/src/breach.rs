//! What can be wrong with the files that a guest leaves for the host.

use wadup_tables::NameFault;

use crate::output::ColumnType;

/// A file that the host would not accept as it is.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct Breach {
    /// The file's path in the guest.
    pub file: String,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with a file that the guest left.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The host ignores files of this name.
    #[error("the host ignores a file of this name")]
    Ignored,
    /// It is not the JSON that the contract requires.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// The name is not valid in the host's SQL.
    #[error("table `{table}`: {name:?} is {fault}")]
    Name {
        /// The table.
        table: String,
        /// The table's or the column's name.
        name: String,
        /// What is wrong with it.
        fault: NameFault,
    },
    /// Two columns have the same name.
    #[error("table `{table}` has the column `{column}` twice")]
    DuplicateColumn {
        /// The table.
        table: String,
        /// The column; SQLite compares names without their quotes and without case.
        column: String,
    },
    /// The table was defined before, with other columns.
    #[error("table `{table}` was defined before with other columns")]
    Redefined {
        /// The table.
        table: String,
    },
    /// A row names a table that was never defined.
    #[error("row {row} is for the table `{table}`, which is not defined")]
    UndefinedTable {
        /// The row's number in its file, from 1.
        row: usize,
        /// The table.
        table: String,
    },
    /// A row has more or fewer values than its table has columns.
    #[error("row {row} has {found} values for the {expected} columns of the table `{table}`")]
    ValueCount {
        /// The row's number in its file, from 1.
        row: usize,
        /// The table.
        table: String,
        /// How many columns there are.
        expected: usize,
        /// How many values were given.
        found: usize,
    },
    /// A value is not of its column's type.
    #[error(
        "row {row} has a value of type {found:?} for the {expected:?} column `{table}.{column}`"
    )]
    ValueType {
        /// The row's number in its file, from 1.
        row: usize,
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The column's type.
        expected: ColumnType,
        /// The value's type.
        found: ColumnType,
    },
    /// Sub-content has neither a data file nor both of `offset` and `length`, or it has both.
    #[error("expected either a file `data_N.bin` beside this one, or `offset` and `length`")]
    SubContent,
    /// Sub-content is a slice that is not inside the input. The host would end its whole run.
    #[error("the slice of {length} bytes from {offset} is not inside the input of {input} bytes")]
    Slice {
        /// Where the slice begins.
        offset: u64,
        /// Its length.
        length: u64,
        /// The length of the input.
        input: u64,
    },
}
