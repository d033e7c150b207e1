//! The definition of one table, and whether a row fits it.

use std::fmt;

use crate::{Column, Error, Name, Value};

/// A table that is defined.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    name: String,
    identity: Name,
    columns: Vec<Column>,
}

impl Table {
    /// Checks the names, and the values that stand for `None`.
    pub(crate) fn new(name: &str, columns: Vec<Column>) -> Result<Self, Error> {
        let identity = Name::of_table(name).map_err(|fault| Error::TableName {
            table: name.to_owned(),
            fault,
        })?;
        if columns.is_empty() {
            return Err(Error::NoColumns {
                table: name.to_owned(),
            });
        }
        let table = Self {
            name: name.to_owned(),
            identity,
            columns,
        };
        let mut taken = Vec::new();
        for column in &table.columns {
            taken.push(table.check_column(column, &taken)?);
        }
        Ok(table)
    }

    /// Checks one column; `taken` are the names of those before it.
    fn check_column(&self, column: &Column, taken: &[Name]) -> Result<Name, Error> {
        let name = Name::of_column(column.name()).map_err(|fault| Error::ColumnName {
            table: self.name.clone(),
            column: column.name().to_owned(),
            fault,
        })?;
        if taken.contains(&name) {
            return Err(Error::DuplicateColumn {
                table: self.name.clone(),
                column: column.name().to_owned(),
            });
        }
        if let Some(value) = column.none_value() {
            self.check_value(column, value)?;
        }
        Ok(name)
    }

    fn check_value(&self, column: &Column, value: &Value) -> Result<(), Error> {
        value
            .check(column.column_type())
            .map_err(|fault| Error::Value {
                table: self.name.clone(),
                column: column.name().to_owned(),
                fault,
            })
    }

    /// Checks that a row has as many values as the table has columns.
    ///
    /// # Errors
    ///
    /// [`Error::RowLength`] if it does not.
    pub fn check_length(&self, found: usize) -> Result<(), Error> {
        if found == self.columns.len() {
            return Ok(());
        }
        let names: Vec<_> = self.columns.iter().map(Column::name).collect();
        Err(Error::RowLength {
            table: self.name.clone(),
            columns: names.join(", "),
            expected: self.columns.len(),
            found,
        })
    }

    /// Checks a whole row.
    pub(crate) fn check_row(&self, values: &[Value]) -> Result<(), Error> {
        self.check_length(values.len())?;
        self.columns
            .iter()
            .zip(values)
            .try_for_each(|(column, value)| self.check_value(column, value))
    }

    /// The name as it was given, with its quotes.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name as SQLite reads it.
    pub(crate) fn identity(&self) -> &Name {
        &self.identity
    }

    /// The columns, at least one, in the order of the values in a row.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }
}

impl fmt::Display for Table {
    /// The table in one line: `users(name String, age Int64)`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let describe = |column: &Column| match column.none_value() {
            None => format!("{} {}", column.name(), column.column_type()),
            Some(value) => format!(
                "{} {} with {value:?} for None",
                column.name(),
                column.column_type()
            ),
        };
        let columns: Vec<_> = self.columns.iter().map(describe).collect();
        write!(formatter, "{}({})", self.name, columns.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ColumnType, NameFault};

    fn users(columns: Vec<Column>) -> Result<Table, Error> {
        Table::new("users", columns)
    }

    #[test]
    fn names_are_checked() {
        let table = Table::new("order", vec![Column::new("age", ColumnType::Int64)]);
        let column = users(vec![Column::new("content_uuid", ColumnType::String)]);

        assert!(matches!(
            table,
            Err(Error::TableName {
                fault: NameFault::Keyword,
                ..
            })
        ));
        assert_eq!(
            column.unwrap_err().to_string(),
            "table `users`, column `content_uuid`: not a valid column name: the host adds a column `content_uuid` to every table"
        );
    }

    #[test]
    fn a_table_has_columns_and_each_only_once() {
        let none = users(Vec::new());
        let twice = users(vec![
            Column::new("age", ColumnType::Int64),
            Column::new("\"AGE\"", ColumnType::Int64),
        ]);

        assert!(matches!(none, Err(Error::NoColumns { .. })));
        assert!(matches!(twice, Err(Error::DuplicateColumn { column, .. }) if column == "\"AGE\""));
    }

    #[test]
    fn the_value_for_none_fits_its_column() {
        let result = users(vec![
            Column::new("age", ColumnType::Int64).with_none_value("unknown"),
        ]);

        assert_eq!(
            result.unwrap_err().to_string(),
            "table `users`, column `age`: expected a value of type Int64, found String"
        );
    }
}
