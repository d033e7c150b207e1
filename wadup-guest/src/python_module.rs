//! The Python module `wadup`: the functions of [`table`](crate::table) and [`subcontent`](crate::subcontent).

use pyo3::pymodule;

/// Hands rows and content to the host that runs this guest.
///
/// A guest defines a table and inserts rows into it:
///
/// >>> wadup.define_table("users", [("name", "String"), ("age", "Int64", -1)])
/// >>> wadup.insert_row("users", ["Ada", 36])
/// >>> wadup.insert_row("users", ["Bob", None])  # writes -1
///
/// Rows are handed over when the call of the host succeeds, and dropped when it fails.
#[pymodule]
pub(crate) mod wadup {
    use pyo3::buffer::PyBuffer;
    use pyo3::prelude::*;

    use crate::exceptions::{from_table_error, from_write_error};
    use crate::{from_python, subcontent, table};

    /// Define a table. Repeating the same definition changes nothing.
    ///
    /// Each column is (name, type) or (name, type, none_value). The types are "Int64", "Float64" and "String". The host has no NULL:
    /// none_value is written where a row has None. It has no truth values either: an Int64 column takes them as 1 and 0.
    ///
    /// Names are those that SQLite accepts: letters, digits, `_` and `$`, except reserved words ("order", "select"). In double quotes,
    /// which are part of the name, any text is a name: '"two words"'.
    #[pyfunction]
    fn define_table(name: &str, columns: &Bound<'_, PyAny>) -> PyResult<()> {
        let columns = from_python::columns(name, columns)?;
        table::define(name, columns).map_err(from_table_error)
    }

    /// Add a row to a table: one value per column, in the order of the columns.
    ///
    /// Raises ValueError, TypeError or OverflowError if the row does not fit, and KeyError if the table is not defined. The row is not
    /// added then.
    #[pyfunction]
    fn insert_row(table: &str, values: &Bound<'_, PyAny>) -> PyResult<()> {
        let definition = table::find(table).map_err(from_table_error)?;
        let values = from_python::row(&definition, values)?;
        table::insert(table, values).map_err(from_table_error)
    }

    /// Hand over the rows so far, which frees their memory. The end of a successful call does the same.
    #[pyfunction]
    fn flush() -> PyResult<()> {
        table::flush().map_err(from_table_error)
    }

    /// Hand bytes to the host as further content, which it processes after this one.
    #[pyfunction]
    fn emit_bytes(py: Python<'_>, data: PyBuffer<u8>, filename: &str) -> PyResult<()> {
        subcontent::emit(&data.to_vec(py)?, filename).map_err(|error| from_write_error(&error))
    }
}
