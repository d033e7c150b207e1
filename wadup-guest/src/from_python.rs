//! Reads tables and rows from Python objects.

use pyo3::exceptions::{PyOverflowError, PyTypeError, PyUnicodeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFrozenSet, PySet, PyString};
use wadup_tables::Table;

use crate::exceptions::{from_table_error, type_name};
use crate::table::{Column, ColumnType, Value};

/// The columns of the table `table`, each `(name, type)` or `(name, type, none_value)`.
///
/// # Errors
///
/// `TypeError` or `ValueError`, or what iterating raises.
pub(crate) fn columns(table: &str, columns: &Bound<'_, PyAny>) -> PyResult<Vec<Column>> {
    let columns = items(table, columns, "a list of columns")?;
    columns.iter().map(|item| column(table, item)).collect()
}

/// A row of `table`: one value per column.
///
/// # Errors
///
/// `TypeError`, `ValueError` or `OverflowError`, or what iterating and converting raise.
pub(crate) fn row(table: &Table, values: &Bound<'_, PyAny>) -> PyResult<Vec<Value>> {
    let values = items(table.name(), values, "a list of values")?;
    table.check_length(values.len()).map_err(from_table_error)?;
    let columns = table.columns().iter().zip(&values);
    columns
        .map(|(column, object)| value(table.name(), column, object))
        .collect()
}

/// One column.
fn column(table: &str, item: &Bound<'_, PyAny>) -> PyResult<Column> {
    const FORM: &str = "a column as (name, type) or (name, type, none_value)";
    let parts = items(table, item, FORM)?;
    let (name, column_type, none_value) = match parts.as_slice() {
        [name, column_type] => (name, column_type, None),
        [name, column_type, none_value] => (name, column_type, Some(none_value)),
        _ => return Err(expected(table, FORM, item)),
    };
    let name: String = name
        .extract()
        .map_err(|_| expected(table, "the name of a column", name))?;
    let place = place(table, &name);
    let column_type: String = column_type.extract().map_err(|_| {
        let found = type_name(&column_type.get_type());
        PyTypeError::new_err(format!("{place}: expected the type as a str, not {found}"))
    })?;
    let column_type = column_type
        .parse()
        .map_err(|error| PyValueError::new_err(format!("{place}: {error}")))?;
    let column = Column::new(name, column_type);
    let none_value = none_value.map(|object| value(table, &column, object));
    Ok(match none_value.transpose()? {
        None => column,
        Some(none_value) => column.with_none_value(none_value),
    })
}

/// Converts `object` to a value of `column`.
fn value(table: &str, column: &Column, object: &Bound<'_, PyAny>) -> PyResult<Value> {
    let place = place(table, column.name());
    if object.is_none() {
        let message = "None is not a valid value, as the host has no NULL\n\
                       help: define the column as (name, type, none_value), where none_value is written instead";
        return column
            .none_value()
            .cloned()
            .ok_or_else(|| PyValueError::new_err(format!("{place}: {message}")));
    }
    let converted = match column.column_type() {
        ColumnType::Int64 => object.extract::<i64>().map(Value::from),
        ColumnType::Float64 => object.extract::<f64>().map(Value::from),
        ColumnType::String => object.extract::<String>().map(Value::from),
    };
    converted.map_err(|cause| misfit(&place, column.column_type(), object, cause))
}

/// The exception for an `object` that could not be converted because of `cause`.
fn misfit(place: &str, column_type: ColumnType, object: &Bound<'_, PyAny>, cause: PyErr) -> PyErr {
    let py = object.py();
    let found = type_name(&object.get_type());
    let reason = cause.value(py);
    let message = format!("{place}: {found} does not fit into {column_type}: {reason}");
    let error = if cause.is_instance_of::<PyTypeError>(py) {
        PyTypeError::new_err(message)
    } else if cause.is_instance_of::<PyOverflowError>(py) {
        PyOverflowError::new_err(message)
    } else if cause.is_instance_of::<PyUnicodeError>(py) {
        PyValueError::new_err(message)
    } else {
        // The object's own code raised it, and not because of the value.
        return cause;
    };
    error.set_cause(py, Some(cause));
    error
}

/// The items of `object`, which must be ordered and not a single value; `form` describes it for the error.
fn items<'py>(
    table: &str,
    object: &Bound<'py, PyAny>,
    form: &str,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let one_value = object.is_instance_of::<PyString>() || object.is_instance_of::<PyBytes>();
    let unordered = object.is_instance_of::<PyDict>()
        || object.is_instance_of::<PySet>()
        || object.is_instance_of::<PyFrozenSet>();
    if one_value || unordered {
        return Err(expected(table, form, object));
    }
    match object.try_iter() {
        Ok(iterator) => iterator.collect(),
        Err(_) if !is_iterable(object)? => Err(expected(table, form, object)),
        // The object's own code raised it.
        Err(cause) => Err(cause),
    }
}

/// Whether a type has what `iter()` calls.
fn is_iterable(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    let kind = object.get_type();
    Ok(kind.hasattr("__iter__")? || kind.hasattr("__getitem__")?)
}

fn expected(table: &str, form: &str, found: &Bound<'_, PyAny>) -> PyErr {
    PyTypeError::new_err(format!(
        "table `{table}`: expected {form}, not {}",
        type_name(&found.get_type())
    ))
}

fn place(table: &str, column: &str) -> String {
    format!("table `{table}`, column `{column}`")
}
