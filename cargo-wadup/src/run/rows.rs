//! Prints rows: as aligned tables, as CSV, or as one JSON object per line.

use std::error::Error;
use std::io::Write;

use comfy_table::{Cell, CellAlignment, presets};
use serde_json::{Map, json};
use wadup_host::{Column, Reason, Value};

/// How to print rows.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns below each table's name; with several inputs, the input is a column
    #[default]
    Table,
    /// One JSON object per row and line: input, table, row
    Json,
    /// A header and rows for each table, an empty line between tables; the input is the first column
    Csv,
}

/// The rows of all inputs, by table.
#[derive(Default)]
pub(crate) struct Rows {
    inputs: usize,
    tables: Vec<Table>,
}

struct Table {
    name: String,
    columns: Vec<Column>,
    /// Each with the input that it comes from.
    rows: Vec<(String, Vec<Value>)>,
}

impl Rows {
    /// Adds the tables that the guest put out for `input`.
    ///
    /// # Errors
    /// When another input has a table of this name with other columns, which one instance would refuse. Nothing is added then.
    pub(crate) fn add(
        &mut self,
        input: &str,
        tables: Vec<wadup_host::Table>,
    ) -> Result<(), String> {
        for table in &tables {
            let known = self.tables.iter().find(|known| known.is(&table.name));
            if known.is_some_and(|known| known.columns != table.columns) {
                let table = table.name.clone();
                return Err(Reason::Redefined { table }.to_string());
            }
        }
        self.inputs += 1;
        for table in tables {
            let rows = table.rows.into_iter().map(|row| (input.to_owned(), row));
            match self.tables.iter_mut().find(|known| known.is(&table.name)) {
                Some(known) => known.rows.extend(rows),
                None => {
                    self.tables.push(Table {
                        name: table.name,
                        columns: table.columns,
                        rows: rows.collect(),
                    });
                }
            }
        }
        Ok(())
    }

    pub(crate) fn write(&self, format: Format, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
        for (index, table) in self.tables.iter().enumerate() {
            if index > 0 && !matches!(format, Format::Json) {
                writeln!(out)?;
            }
            match format {
                Format::Table => table.write_aligned(self.inputs > 1, out)?,
                Format::Json => table.write_json(out)?,
                Format::Csv => table.write_csv(out)?,
            }
        }
        Ok(())
    }
}

impl Table {
    /// Whether this is its name, for the host as SQL reads it.
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    fn write_aligned(&self, with_input: bool, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
        let mut aligned = comfy_table::Table::new();
        aligned.load_style(presets::NOTHING);
        let input = |text: &str| with_input.then(|| Cell::new(text));
        aligned.set_header(
            input("input")
                .into_iter()
                .chain(self.columns.iter().map(|column| Cell::new(&column.name))),
        );
        for (path, row) in &self.rows {
            aligned.add_row(input(path).into_iter().chain(row.iter().map(cell)));
        }
        for column in aligned.column_iter_mut() {
            column.set_padding((0, 2));
        }
        writeln!(out, "{}", self.name)?;
        writeln!(out, "{}", aligned.trim_fmt())?;
        Ok(())
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
        for (input, row) in &self.rows {
            let columns = self.columns.iter().map(|column| column.name.clone());
            let row: Map<_, _> = columns.zip(row.iter().map(json_value)).collect();
            writeln!(
                out,
                "{}",
                json!({"input": input, "table": self.name, "row": row})
            )?;
        }
        Ok(())
    }

    fn write_csv(&self, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(
            ["input"]
                .into_iter()
                .chain(self.columns.iter().map(|column| &*column.name)),
        )?;
        for (input, row) in &self.rows {
            csv.write_record([input.clone()].into_iter().chain(row.iter().map(text)))?;
        }
        out.write_all(&csv.into_inner()?)?;
        Ok(())
    }
}

fn cell(value: &Value) -> Cell {
    let alignment = if matches!(value, Value::String(_)) {
        CellAlignment::Left
    } else {
        CellAlignment::Right
    };
    Cell::new(text(value)).set_alignment(alignment)
}

fn text(value: &Value) -> String {
    match value {
        Value::Int64(number) => number.to_string(),
        Value::Float64(number) => number.to_string(),
        Value::String(text) => text.clone(),
    }
}

fn json_value(value: &Value) -> serde_json::Value {
    match value {
        Value::Int64(number) => json!(number),
        Value::Float64(number) => json!(number),
        Value::String(text) => json!(text),
    }
}

#[cfg(test)]
mod tests {
    use wadup_host::ColumnType;

    use super::*;

    fn output(table: &str, rows: Vec<Vec<Value>>) -> Vec<wadup_host::Table> {
        let column = |name: &str, data_type| Column {
            name: name.to_owned(),
            data_type,
        };
        let columns = vec![
            column("name", ColumnType::String),
            column("size", ColumnType::Int64),
        ];
        vec![wadup_host::Table {
            name: table.to_owned(),
            columns,
            rows,
        }]
    }

    fn row(name: &str, size: i64) -> Vec<Value> {
        vec![Value::String(name.to_owned()), Value::Int64(size)]
    }

    fn printed(rows: &Rows, format: Format) -> String {
        let mut out = Vec::new();
        rows.write(format, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn one_input() -> Rows {
        let mut rows = Rows::default();
        rows.add(
            "a.txt",
            output("files", vec![row("größer", 5), row("b", 1000)]),
        )
        .unwrap();
        rows
    }

    fn two_inputs() -> Rows {
        let mut rows = one_input();
        rows.add("b.txt", output("files", vec![row("c, \"d\"", -1)]))
            .unwrap();
        rows.add("c.txt", output("more", vec![])).unwrap();
        rows
    }

    #[test]
    fn a_table_with_other_columns_is_refused_with_all_of_its_input() {
        let mut rows = one_input();
        let mut tables = output("more", vec![row("b", 1)]);
        tables.extend(output("FILES", vec![row("b", 1)]));
        tables[1].columns.swap(0, 1);

        let problem = rows.add("b.txt", tables).unwrap_err();

        assert_eq!(
            problem,
            "table `FILES` was defined before with other columns"
        );
        assert_eq!(
            printed(&rows, Format::Json),
            printed(&one_input(), Format::Json)
        );
    }

    #[test]
    fn tables_are_aligned_with_numbers_to_the_right() {
        assert_eq!(
            printed(&one_input(), Format::Table),
            "files\nname    size\ngrößer     5\nb       1000\n"
        );
    }

    #[test]
    fn several_inputs_get_an_input_column() {
        assert_eq!(
            printed(&two_inputs(), Format::Table),
            "files\ninput  name    size\na.txt  größer     5\na.txt  b       1000\nb.txt  c, \"d\"    -1\n\nmore\ninput  name  size\n"
        );
    }

    #[test]
    fn json_is_one_object_per_row() {
        assert_eq!(
            printed(&one_input(), Format::Json),
            concat!(
                "{\"input\":\"a.txt\",\"row\":{\"name\":\"größer\",\"size\":5},\"table\":\"files\"}\n",
                "{\"input\":\"a.txt\",\"row\":{\"name\":\"b\",\"size\":1000},\"table\":\"files\"}\n",
            )
        );
    }

    #[test]
    fn csv_is_quoted_and_tables_are_separated() {
        assert_eq!(
            printed(&two_inputs(), Format::Csv),
            "input,name,size\na.txt,größer,5\na.txt,b,1000\nb.txt,\"c, \"\"d\"\"\",-1\n\ninput,name,size\n"
        );
    }
}
