//! Reads what a guest left for the host, and refuses what the host would lose.
//!
//! Without an error in the guest, the WADUP host drops a metadata file with any fault as a whole, a row of the wrong length by itself,
//! and sub-content that it does not understand. Here each of them is a [`Breach`] that names the file and the reason.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use wadup_contract::file::{
    BYTES_PREFIX, BYTES_SUFFIX, DESCRIPTION_PREFIX, DESCRIPTION_SUFFIX, METADATA, SUB_CONTENT,
    TABLES_SUFFIX,
};
use wadup_tables::Name;

use crate::breach::{Breach, Reason};
use crate::call::Failure;
use crate::folder::Files;
use crate::limits::{Exceeded, Limit, Limits};
use crate::output::{Column, Content, Output, SubContent, Table, Value};

/// The tables that the successful calls of one instance have defined, by [`Name::key`].
///
/// The host keeps them from one call to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tables(BTreeMap<String, Columns>);

/// The columns of one table.
#[derive(Clone, Debug)]
struct Columns {
    /// As the guest wrote their names, in quotes or not: another definition of the table has to be the same to the letter.
    written: Vec<Column>,
    /// As SQLite has their names.
    read: Vec<Column>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MetadataFile {
    #[serde(default)]
    tables: Vec<TableDefinition>,
    #[serde(default)]
    rows: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableDefinition {
    name: String,
    columns: Vec<Column>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    table_name: String,
    values: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubContentFile {
    filename: String,
    offset: Option<u64>,
    length: Option<u64>,
}

/// Reads the files of a call that returned 0, whose input was `input_bytes` long.
///
/// Returns the output and `known` with the tables that the call defined.
pub(crate) fn read(
    files: Files,
    known: &Tables,
    input_bytes: u64,
    limits: &Limits,
) -> Result<(Output, Tables), Failure> {
    let bytes =
        |files: &[(String, Vec<u8>)]| files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    if let Some(exceeded) = files.exceeded {
        return Err(exceeded.into());
    }
    Exceeded::check(Limit::RowBytes, limits.row_bytes, bytes(&files.metadata))?;
    let sub_content_bytes = bytes(&files.sub_content);
    Exceeded::check(
        Limit::SubContentBytes,
        limits.sub_content_bytes,
        sub_content_bytes,
    )?;
    let (tables, known) = read_tables(files.metadata, known)?;
    let rows = tables.iter().map(|table| table.rows.len() as u64).sum();
    Exceeded::check(Limit::Rows, limits.rows, rows)?;
    let sub_content = read_sub_content(files.sub_content, input_bytes)?;
    let sub_contents = sub_content.len() as u64;
    Exceeded::check(Limit::SubContents, limits.sub_contents, sub_contents)?;
    Ok((
        Output {
            tables,
            sub_content,
        },
        known,
    ))
}

fn read_tables(
    files: Vec<(String, Vec<u8>)>,
    known: &Tables,
) -> Result<(Vec<Table>, Tables), Breach> {
    let mut known = known.clone();
    let mut tables = Defined::default();
    let mut rows = Vec::new();
    // The host defines all tables of a call before it inserts the first row.
    for (name, bytes) in files {
        let file = format!("{METADATA}/{name}");
        let breach = |reason| Breach {
            file: file.clone(),
            reason,
        };
        if !name.ends_with(TABLES_SUFFIX) {
            return Err(breach(Reason::Ignored));
        }
        let content: MetadataFile =
            serde_json::from_slice(&bytes).map_err(|error| breach(error.into()))?;
        for definition in content.tables {
            define(definition, &mut known, &mut tables).map_err(breach)?;
        }
        rows.push((file, content.rows));
    }
    for (file, rows) in rows {
        for (index, row) in rows.into_iter().enumerate() {
            insert(index + 1, row, &known, &mut tables).map_err(|reason| Breach {
                file: file.clone(),
                reason,
            })?;
        }
    }
    Ok((tables.tables, known))
}

fn define(
    definition: TableDefinition,
    known: &mut Tables,
    tables: &mut Defined,
) -> Result<(), Reason> {
    let TableDefinition { name, columns } = definition;
    let refused = |refused: &str, fault| Reason::Name {
        table: name.clone(),
        name: refused.to_owned(),
        fault,
    };
    let identity = Name::of_table(&name).map_err(|fault| refused(&name, fault))?;
    let mut taken = BTreeSet::new();
    let mut read = Vec::new();
    for column in &columns {
        let name_read =
            Name::of_column(&column.name).map_err(|fault| refused(&column.name, fault))?;
        if !taken.insert(name_read.key()) {
            return Err(Reason::DuplicateColumn {
                table: name,
                column: column.name.clone(),
            });
        }
        read.push(Column {
            name: name_read.as_str().to_owned(),
            data_type: column.data_type,
        });
    }
    tables.entry(&identity, &read);
    match known.0.get(&identity.key()) {
        Some(before) if before.written != columns => return Err(Reason::Redefined { table: name }),
        Some(_) => {}
        None => {
            let columns = Columns {
                written: columns,
                read,
            };
            known.0.insert(identity.key(), columns);
        }
    }
    Ok(())
}

fn insert(row: usize, values: Row, known: &Tables, tables: &mut Defined) -> Result<(), Reason> {
    let Row {
        table_name: table,
        values,
    } = values;
    let (identity, columns) = Name::of_table(&table)
        .ok()
        .and_then(|identity| {
            let columns = known.0.get(&identity.key())?;
            Some((identity, &columns.read))
        })
        .ok_or_else(|| Reason::UndefinedTable {
            row,
            table: table.clone(),
        })?;
    if values.len() != columns.len() {
        return Err(Reason::ValueCount {
            row,
            table,
            expected: columns.len(),
            found: values.len(),
        });
    }
    for (value, column) in values.iter().zip(columns) {
        let (expected, found) = (column.data_type, value.column_type());
        if found != expected {
            return Err(Reason::ValueType {
                row,
                table,
                column: column.name.clone(),
                expected,
                found,
            });
        }
    }
    tables.entry(&identity, columns).rows.push(values);
    Ok(())
}

/// The tables of one call, in the order in which they were defined.
#[derive(Default)]
struct Defined {
    tables: Vec<Table>,
    /// Where they are, by [`Name::key`]: a guest may define as many as it likes.
    places: BTreeMap<String, usize>,
}

impl Defined {
    /// The table of this name, added if it is not there yet.
    fn entry(&mut self, name: &Name, columns: &[Column]) -> &mut Table {
        let place = *self.places.entry(name.key()).or_insert_with(|| {
            self.tables.push(Table {
                name: name.as_str().to_owned(),
                columns: columns.to_vec(),
                rows: Vec::new(),
            });
            self.tables.len() - 1
        });
        &mut self.tables[place]
    }
}

fn read_sub_content(
    files: Vec<(String, Vec<u8>)>,
    input_bytes: u64,
) -> Result<Vec<SubContent>, Breach> {
    let path = |name: &str| format!("{SUB_CONTENT}/{name}");
    let mut descriptions = Vec::new();
    let mut data = BTreeMap::new();
    for (name, bytes) in files {
        if let Some(number) = between(&name, DESCRIPTION_PREFIX, DESCRIPTION_SUFFIX) {
            descriptions.push((number.to_owned(), name, bytes));
        } else if let Some(number) = between(&name, BYTES_PREFIX, BYTES_SUFFIX) {
            data.insert(number.to_owned(), (name, bytes));
        } else {
            return Err(Breach {
                file: path(&name),
                reason: Reason::Ignored,
            });
        }
    }
    let mut sub_content = Vec::new();
    for (number, name, bytes) in descriptions {
        let data = data.remove(&number).map(|(_, bytes)| bytes);
        let one = one_sub_content(&bytes, data, input_bytes).map_err(|reason| Breach {
            file: path(&name),
            reason,
        })?;
        sub_content.push(one);
    }
    match data.into_values().next() {
        Some((name, _)) => Err(Breach {
            file: path(&name),
            reason: Reason::Ignored,
        }),
        None => Ok(sub_content),
    }
}

fn one_sub_content(
    description: &[u8],
    data: Option<Vec<u8>>,
    input: u64,
) -> Result<SubContent, Reason> {
    let SubContentFile {
        filename,
        offset,
        length,
    } = serde_json::from_slice(description)?;
    let content = match (data, offset, length) {
        (Some(bytes), None, None) => Content::Bytes(bytes),
        (None, Some(offset), Some(length))
            if offset.checked_add(length).is_some_and(|end| end <= input) =>
        {
            Content::Slice { offset, length }
        }
        (None, Some(offset), Some(length)) => {
            return Err(Reason::Slice {
                offset,
                length,
                input,
            });
        }
        _ => return Err(Reason::SubContent),
    };
    Ok(SubContent { filename, content })
}

fn between<'name>(name: &'name str, prefix: &str, suffix: &str) -> Option<&'name str> {
    name.strip_prefix(prefix)?.strip_suffix(suffix)
}

#[cfg(test)]
mod tests;
