//! Tables and content from Rust.

/// The same tables as those of Python's `wadup`.
#[pyo3::pymodule]
pub(crate) mod from_rust {
    use std::fmt::Display;

    use pyo3::exceptions::PyRuntimeError;
    use pyo3::prelude::*;
    use wadup_guest::subcontent;
    use wadup_guest::table::{self, Column, ColumnType, Error, NameFault, Value, ValueFault};

    fn raised(error: impl Display) -> PyErr {
        PyRuntimeError::new_err(error.to_string())
    }

    fn columns() -> [Column; 3] {
        [
            Column::new("text", ColumnType::String),
            Column::new("number", ColumnType::Int64),
            Column::new("ratio", ColumnType::Float64),
        ]
    }

    /// Defines a table, again and again, and inserts a row.
    #[pyfunction]
    fn insert(text: &str, number: i64, ratio: f64) -> PyResult<()> {
        table::define("shared", columns()).map_err(raised)?;
        table::define("shared", columns()).map_err(raised)?;
        table::insert("shared", [text.into(), number.into(), ratio.into()]).map_err(raised)
    }

    /// Emits content.
    #[pyfunction]
    fn emit(text: &str, filename: &str) -> PyResult<()> {
        subcontent::emit(text.as_bytes(), filename).map_err(raised)
    }

    /// Makes every mistake; panics if one of them is not noticed.
    #[pyfunction]
    fn check_errors() -> PyResult<()> {
        table::define("shared", columns()).map_err(raised)?;
        let text = || Column::new("text", ColumnType::String);
        let insert = |values: Vec<Value>| table::insert("shared", values);

        assert!(matches!(
            table::define("order", [text()]),
            Err(Error::TableName {
                fault: NameFault::Keyword,
                ..
            })
        ));
        assert!(matches!(
            table::define("other", [Column::new("content_uuid", ColumnType::String)]),
            Err(Error::ColumnName {
                fault: NameFault::ReservedColumn,
                ..
            })
        ));
        assert!(matches!(
            table::define("other", [text(), Column::new("TEXT", ColumnType::Int64)]),
            Err(Error::DuplicateColumn { .. })
        ));
        assert!(matches!(
            table::define("other", []),
            Err(Error::NoColumns { .. })
        ));
        assert!(matches!(
            table::define("shared", [text()]),
            Err(Error::Redefined { .. })
        ));
        assert!(matches!(
            table::insert("other", ["x".into()]),
            Err(Error::UndefinedTable { .. })
        ));
        assert!(matches!(
            insert(vec!["x".into(), 1.into()]),
            Err(Error::RowLength {
                expected: 3,
                found: 2,
                ..
            })
        ));
        assert!(matches!(
            insert(vec!["x".into(), 1.0.into(), 1.0.into()]),
            Err(Error::Value {
                fault: ValueFault::WrongType { .. },
                ..
            })
        ));
        assert!(matches!(
            insert(vec!["x".into(), 1.into(), f64::NAN.into()]),
            Err(Error::Value {
                fault: ValueFault::NotFinite(_),
                ..
            })
        ));
        Ok(())
    }
}
