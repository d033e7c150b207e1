//! The tables of a guest, and the rows that it has not handed over yet.

use std::sync::Arc;

use wadup_contract::file::{TABLES_PREFIX, TABLES_SUFFIX};

use crate::document::{self, Row};
use crate::{Column, Error, Folder, Table, Value};

/// The tables of a guest, and the rows that it has not handed over yet.
///
/// Tables stay defined as long as the guest lives. Rows stay until they are written or discarded.
#[derive(Debug, Default)]
pub struct Tables {
    defined: Vec<Arc<Table>>,
    rows: Vec<Row>,
    /// Whether there may be tables that the host does not know.
    unannounced: bool,
}

impl Tables {
    /// No tables and no rows.
    pub const fn new() -> Self {
        Self {
            defined: Vec::new(),
            rows: Vec::new(),
            unannounced: false,
        }
    }

    /// Defines the table `name`. Repeating the same definition changes nothing for the guest; the host gets it again, and so knows the
    /// table of a call without rows.
    ///
    /// # Errors
    ///
    /// A name that is not valid in the host's SQL, a duplicate column, no columns, a value for `None` that does not fit its
    /// column, or a table of that name with other columns.
    pub fn define(&mut self, name: &str, columns: Vec<Column>) -> Result<(), Error> {
        let table = Table::new(name, columns)?;
        match self
            .defined
            .iter()
            .find(|other| other.identity() == table.identity())
        {
            None => {
                self.defined.push(Arc::new(table));
                self.unannounced = true;
                Ok(())
            }
            Some(same) if **same == table => {
                self.unannounced = true;
                Ok(())
            }
            Some(other) => Err(Error::Redefined {
                table: name.to_owned(),
                defined: other.to_string(),
            }),
        }
    }

    /// The table `name`.
    ///
    /// # Errors
    ///
    /// [`Error::UndefinedTable`] if there is none.
    pub fn table(&self, name: &str) -> Result<Arc<Table>, Error> {
        let found = self.defined.iter().find(|table| table.name() == name);
        found.cloned().ok_or_else(|| Error::UndefinedTable {
            table: name.to_owned(),
        })
    }

    /// Adds a row to the table `name`: one value per column, in the order of the columns.
    ///
    /// # Errors
    ///
    /// A table that is not defined, too many or too few values, or a value that does not fit its column. The row is not added then.
    pub fn insert(&mut self, name: &str, values: Vec<Value>) -> Result<(), Error> {
        let table = self.table(name)?;
        table.check_row(&values)?;
        self.rows.push(Row { table, values });
        Ok(())
    }

    /// Drops the rows that have not been written. The tables stay, and come with the next file.
    pub fn discard_rows(&mut self) {
        self.rows = Vec::new();
        // The host drops everything that a failed call wrote, including its tables.
        self.unannounced = !self.defined.is_empty();
    }

    /// Writes one file with all tables and the rows since the last file, if there is anything new.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] if the file cannot be written. The rows are kept then.
    pub fn flush(&mut self, folder: &mut Folder<'_>) -> Result<(), Error> {
        if self.rows.is_empty() && !self.unannounced {
            return Ok(());
        }
        let document = document::json(&self.defined, &self.rows);
        folder.write_numbered(TABLES_PREFIX, TABLES_SUFFIX, &document)?;
        self.rows = Vec::new();
        self.unannounced = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;
    use tempfile::TempDir;

    use super::*;
    use crate::{ColumnType, ValueFault};

    /// Tables with one defined, `users(name String, age Int64)`.
    fn users() -> Tables {
        let mut tables = Tables::new();
        tables.define("users", users_columns()).unwrap();
        tables
    }

    fn users_columns() -> Vec<Column> {
        vec![
            Column::new("name", ColumnType::String),
            Column::new("age", ColumnType::Int64),
        ]
    }

    /// A folder as the host provides it, and what is written there.
    struct Host(TempDir);

    impl Host {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn folder(&self) -> Folder<'_> {
            Folder::new(self.0.path().to_str().unwrap())
        }

        fn file(&self, name: &str) -> serde_json::Value {
            serde_json::from_slice(&fs::read(self.0.path().join(name)).unwrap()).unwrap()
        }

        fn files(&self) -> usize {
            fs::read_dir(self.0.path()).unwrap().count()
        }
    }

    #[test]
    fn a_file_has_the_tables_and_the_rows() {
        let host = Host::new();
        let mut tables = users();
        tables
            .insert("users", vec!["Ada".into(), 36.into()])
            .unwrap();

        tables.flush(&mut host.folder()).unwrap();

        let expected = json!({
            "tables": [{"name": "users", "columns": [
                {"name": "name", "data_type": "String"},
                {"name": "age", "data_type": "Int64"},
            ]}],
            "rows": [{"table_name": "users", "values": [{"String": "Ada"}, {"Int64": 36}]}],
        });
        assert_eq!(host.file("rows_1.json"), expected);
    }

    #[test]
    fn rows_are_written_once() {
        let host = Host::new();
        let mut folder = host.folder();
        let mut tables = users();
        tables
            .insert("users", vec!["Ada".into(), 36.into()])
            .unwrap();
        tables.flush(&mut folder).unwrap();

        tables.flush(&mut folder).unwrap();

        assert_eq!(host.files(), 1);
    }

    #[test]
    fn tables_stay_defined_and_come_with_every_file() {
        let host = Host::new();
        let mut folder = host.folder();
        let mut tables = users();
        tables.flush(&mut folder).unwrap();
        tables
            .insert("users", vec!["Ada".into(), 36.into()])
            .unwrap();

        tables.flush(&mut folder).unwrap();

        let second = host.file("rows_2.json");
        assert_eq!(second["tables"], host.file("rows_1.json")["tables"]);
        assert_eq!(second["rows"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_table_that_is_defined_again_comes_without_rows_too() {
        let host = Host::new();
        let mut folder = host.folder();
        let mut tables = users();
        tables.flush(&mut folder).unwrap();

        tables.define("users", users_columns()).unwrap();
        tables.flush(&mut folder).unwrap();

        let second = host.file("rows_2.json");
        assert_eq!(second["tables"], host.file("rows_1.json")["tables"]);
        assert_eq!(second["rows"], json!([]));
    }

    #[test]
    fn discarded_rows_are_never_written_and_their_tables_are() {
        let host = Host::new();
        let mut tables = users();
        tables
            .insert("users", vec!["Ada".into(), 36.into()])
            .unwrap();
        tables.discard_rows();

        tables.flush(&mut host.folder()).unwrap();

        let file = host.file("rows_1.json");
        assert_eq!(file["rows"], json!([]));
        assert_eq!(file["tables"][0]["name"], "users");
    }

    #[test]
    fn rows_that_could_not_be_written_are_kept() {
        let host = Host::new();
        let mut tables = users();
        tables
            .insert("users", vec!["Ada".into(), 36.into()])
            .unwrap();
        let failed = tables.flush(&mut Folder::new("/no/such/folder"));

        tables.flush(&mut host.folder()).unwrap();

        assert!(matches!(failed, Err(Error::Write(_))));
        assert_eq!(
            host.file("rows_1.json")["rows"].as_array().unwrap().len(),
            1
        );
    }

    #[test]
    fn the_same_definition_again_changes_nothing() {
        let mut tables = users();

        tables.define("users", users_columns()).unwrap();

        assert_eq!(tables.defined.len(), 1);
    }

    #[test]
    fn another_definition_of_the_same_table_is_refused() {
        for name in ["users", "Users", "\"users\""] {
            let error = users()
                .define(name, vec![Column::new("age", ColumnType::Int64)])
                .unwrap_err();

            let expected = format!(
                "table `{name}`: already defined as users(name String, age Int64), and a table cannot be changed; case and quotes do not make names different"
            );
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn another_value_for_none_is_another_definition() {
        let mut tables = users();
        let [name, age] = users_columns().try_into().unwrap();

        let result = tables.define("users", vec![name, age.with_none_value(-1)]);

        assert!(matches!(result, Err(Error::Redefined { .. })));
    }

    #[test]
    fn a_row_for_an_undefined_table_is_refused() {
        let result = users().insert("accounts", vec!["Ada".into(), 36.into()]);

        assert!(matches!(result, Err(Error::UndefinedTable { table }) if table == "accounts"));
    }

    #[test]
    fn a_row_of_the_wrong_length_is_refused_with_the_columns() {
        let error = users().insert("users", vec!["Ada".into()]).unwrap_err();

        assert_eq!(
            error.to_string(),
            "table `users`: expected 2 values (name, age), found 1"
        );
    }

    #[test]
    fn a_row_with_a_wrong_value_is_not_added() {
        let mut tables = users();

        let result = tables.insert("users", vec!["Ada".into(), 36.5.into()]);

        let expected = ValueFault::WrongType {
            expected: ColumnType::Int64,
            found: ColumnType::Float64,
        };
        assert!(
            matches!(result, Err(Error::Value { column, fault, .. }) if column == "age" && fault == expected)
        );
        assert!(tables.rows.is_empty());
    }
}
