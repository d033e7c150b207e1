//! A table, for libraries that know Arrow's C interface and for Python itself.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{RecordBatch, RecordBatchIterator};
use arrow_schema::DataType;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyList, PyString, PyTuple};

/// A table that a guest put out.
///
/// Libraries that know Arrow's PyCapsule interface take it without a copy: `pyarrow.table(table)`, `polars.DataFrame(table)`,
/// `pandas.DataFrame.from_arrow(table)`, and in DuckDB, `FROM table`. Columns are of the types Int64, Float64 and Utf8, without nulls.
///
/// >>> import wadup
/// >>> result = wadup.Guest("lockfile.wasm").process("sample.lock")
/// >>> table = result.tables["packages"]
/// >>> table.column_names[:2]
/// ['name', 'version']
/// >>> len(table) == len(table.rows())
/// True
#[pyclass(frozen, module = "wadup")]
pub(crate) struct Table {
    name: String,
    batch: RecordBatch,
}

impl Table {
    pub(crate) fn new(name: String, batch: RecordBatch) -> Self {
        Self { name, batch }
    }
}

#[pymethods]
impl Table {
    /// The table's name.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// The names of the columns, in order.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        let schema = self.batch.schema();
        let names = schema.fields().iter().map(|field| field.name().clone());
        names.collect()
    }

    /// The number of rows.
    #[getter]
    fn num_rows(&self) -> usize {
        self.batch.num_rows()
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    fn __repr__(&self) -> String {
        let columns = self.column_names().join(", ");
        format!(
            "<wadup.Table {} ({columns}): {} rows>",
            self.name,
            self.batch.num_rows()
        )
    }

    /// The rows as a list of tuples of int, float and str.
    fn rows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let columns = self.batch.columns().iter().map(|array| {
            let items: Vec<Bound<'py, PyAny>> = match array.data_type() {
                DataType::Int64 => (array.as_primitive::<Int64Type>().values().iter())
                    .map(|number| Ok(number.into_pyobject(py)?.into_any()))
                    .collect::<PyResult<_>>()?,
                DataType::Float64 => (array.as_primitive::<Float64Type>().values().iter())
                    .map(|number| Ok(number.into_pyobject(py)?.into_any()))
                    .collect::<PyResult<_>>()?,
                _ => (array.as_string::<i32>().iter())
                    .map(|text| PyString::new(py, text.unwrap_or_default()).into_any())
                    .collect(),
            };
            Ok(items)
        });
        let columns: Vec<_> = columns.collect::<PyResult<_>>()?;
        let rows = (0..self.batch.num_rows())
            .map(|row| PyTuple::new(py, columns.iter().map(|column| &column[row])))
            .collect::<PyResult<Vec<_>>>()?;
        PyList::new(py, rows)
    }

    /// The table as a stream of Arrow's PyCapsule interface. Another schema than the table's own may be requested, but is not provided.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface allows to provide what there is instead: whoever asks looks at the schema of the stream.
        drop(requested_schema);
        let batches = RecordBatchIterator::new([Ok(self.batch.clone())], self.batch.schema());
        let stream = FFI_ArrowArrayStream::new(Box::new(batches));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    /// The schema of Arrow's PyCapsule interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(Arc::as_ref(&self.batch.schema()))
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }
}
