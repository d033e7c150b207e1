//! Tables as Arrow's record batches.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, Float64Array, Int64Array, RecordBatch, RecordBatchOptions, StringArray,
};
use arrow_buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, Schema};

use crate::error::Error;
use crate::output::{Column, ColumnType, Table, Value};

impl Table {
    /// The columns as Arrow has them: `Int64`, `Float64` and `Utf8`. None is nullable, as the contract has no spelling for a missing
    /// value.
    #[must_use]
    pub fn schema(&self) -> Schema {
        let fields = self.columns.iter().map(|column| {
            let kind = match column.data_type {
                ColumnType::Int64 => DataType::Int64,
                ColumnType::Float64 => DataType::Float64,
                ColumnType::String => DataType::Utf8,
            };
            Field::new(&column.name, kind, false)
        });
        Schema::new(fields.collect::<Vec<_>>())
    }

    /// The rows as one batch, with [`Table::schema`].
    ///
    /// # Errors
    ///
    /// [`Error::Batch`] if the texts of a column take more than 2 GiB, or if a row does not fit the columns, which cannot be in a table
    /// that a guest put out.
    ///
    /// ```
    /// use wadup_host::{Column, ColumnType, Table, Value};
    ///
    /// # fn main() -> Result<(), wadup_host::Error> {
    /// let table = Table {
    ///     name: "users".into(),
    ///     columns: vec![Column { name: "age".into(), data_type: ColumnType::Int64 }],
    ///     rows: vec![vec![Value::Int64(36)], vec![Value::Int64(41)]],
    /// };
    /// assert_eq!(table.record_batch()?.num_rows(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn record_batch(&self) -> Result<RecordBatch, Error> {
        let arrays = self
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| self.array(index, column))
            .collect::<Result<Vec<_>, _>>()?;
        // A table may have rows without a column.
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows.len()));
        RecordBatch::try_new_with_options(Arc::new(self.schema()), arrays, &options).map_err(
            |error| Error::Batch {
                table: self.name.clone(),
                reason: error.to_string(),
            },
        )
    }

    fn array(&self, index: usize, column: &Column) -> Result<ArrayRef, Error> {
        let refused = |reason: String| Error::Batch {
            table: self.name.clone(),
            reason: format!("column `{}`: {reason}", column.name),
        };
        let misfit = || refused(format!("a row has no {:?} there", column.data_type));
        let values = || self.rows.iter().map(|row| row.get(index));
        Ok(match column.data_type {
            ColumnType::Int64 => {
                let numbers = values().map(|value| match value {
                    Some(Value::Int64(number)) => Ok(*number),
                    _ => Err(misfit()),
                });
                let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
                Arc::new(Int64Array::from(numbers))
            }
            ColumnType::Float64 => {
                let numbers = values().map(|value| match value {
                    Some(Value::Float64(number)) => Ok(*number),
                    _ => Err(misfit()),
                });
                let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
                Arc::new(Float64Array::from(numbers))
            }
            ColumnType::String => {
                let texts = values().map(|value| match value {
                    Some(Value::String(text)) => Ok(text.as_str()),
                    _ => Err(misfit()),
                });
                let texts = texts.collect::<Result<Vec<_>, _>>()?;
                strings(&texts).map(Arc::new).map_err(refused)?
            }
        })
    }
}

/// Arrow's own builder panics when its 32-bit offsets do not reach.
fn strings(texts: &[&str]) -> Result<StringArray, String> {
    let total: usize = texts.iter().map(|text| text.len()).sum();
    let too_long = |_| format!("{total} bytes of text are more than a batch can hold (2 GiB)");
    i32::try_from(total).map_err(too_long)?;
    let mut bytes = Vec::with_capacity(total);
    let mut offsets = Vec::with_capacity(texts.len() + 1);
    offsets.push(0);
    for text in texts {
        bytes.extend_from_slice(text.as_bytes());
        offsets.push(i32::try_from(bytes.len()).map_err(too_long)?);
    }
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    StringArray::try_new(offsets, Buffer::from_vec(bytes), None).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float64Type, Int64Type};

    use super::*;

    fn table(columns: &[(&str, ColumnType)], rows: Vec<Vec<Value>>) -> Table {
        let columns = columns.iter().map(|&(name, data_type)| Column {
            name: name.into(),
            data_type,
        });
        Table {
            name: "t".into(),
            columns: columns.collect(),
            rows,
        }
    }

    const COLUMNS: [(&str, ColumnType); 3] = [
        ("number", ColumnType::Int64),
        ("share", ColumnType::Float64),
        ("text", ColumnType::String),
    ];

    #[test]
    fn each_type_has_its_array() {
        let rows = vec![
            vec![i64::MIN.into(), 0.5.into(), "größer".into()],
            vec![7.into(), (-0.0).into(), "".into()],
        ];

        let batch = table(&COLUMNS, rows).record_batch().unwrap();

        let column = |index: usize| batch.column(index);
        assert_eq!(
            column(0).as_primitive::<Int64Type>().values(),
            &[i64::MIN, 7]
        );
        assert_eq!(
            column(1).as_primitive::<Float64Type>().values(),
            &[0.5, -0.0]
        );
        let texts: Vec<_> = column(2).as_string::<i32>().iter().flatten().collect();
        assert_eq!(texts, ["größer", ""]);
        assert!(batch.columns().iter().all(|array| array.null_count() == 0));
        assert!(
            batch
                .schema()
                .fields()
                .iter()
                .all(|field| !field.is_nullable())
        );
    }

    #[test]
    fn a_table_without_rows_keeps_its_columns() {
        let batch = table(&COLUMNS, Vec::new()).record_batch().unwrap();

        assert_eq!((batch.num_rows(), batch.num_columns()), (0, 3));
    }

    #[test]
    fn a_row_that_does_not_fit_is_an_error() {
        let wrong = vec![vec![1.into(), 2.into(), "".into()]];
        let short = vec![vec![1.into()]];

        for rows in [wrong, short] {
            let error = table(&COLUMNS, rows).record_batch().unwrap_err();
            assert_eq!(
                error.to_string(),
                "the table `t` cannot be a record batch: column `share`: a row has no Float64 there"
            );
        }
    }
}
