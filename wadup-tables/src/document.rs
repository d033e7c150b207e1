//! The file that the host reads: one JSON object with tables and rows.

use std::sync::Arc;

use serde::Serialize;

use crate::{ColumnType, Table, Value};

/// A row that fits its table.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) table: Arc<Table>,
    pub(crate) values: Vec<Value>,
}

#[derive(Serialize)]
struct Document<'a> {
    tables: Vec<TableObject<'a>>,
    rows: Vec<RowObject<'a>>,
}

#[derive(Serialize)]
struct TableObject<'a> {
    name: &'a str,
    columns: Vec<ColumnObject<'a>>,
}

#[derive(Serialize)]
struct ColumnObject<'a> {
    name: &'a str,
    data_type: ColumnType,
}

#[derive(Serialize)]
struct RowObject<'a> {
    table_name: &'a str,
    values: &'a [Value],
}

/// The bytes of a file with `tables` and `rows`.
pub(crate) fn json(tables: &[Arc<Table>], rows: &[Row]) -> Vec<u8> {
    let document = Document {
        tables: tables.iter().map(|table| table_object(table)).collect(),
        rows: rows.iter().map(row_object).collect(),
    };
    #[expect(
        clippy::expect_used,
        reason = "only a map with keys other than strings could fail, and the document has no map"
    )]
    serde_json::to_vec(&document).expect("tables and rows have a JSON form")
}

fn table_object(table: &Table) -> TableObject<'_> {
    let columns = table.columns().iter().map(|column| ColumnObject {
        name: column.name(),
        data_type: column.column_type(),
    });
    TableObject {
        name: table.name(),
        columns: columns.collect(),
    }
}

fn row_object(row: &Row) -> RowObject<'_> {
    RowObject {
        table_name: row.table.name(),
        values: &row.values,
    }
}
