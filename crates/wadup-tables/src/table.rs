//! One table: its definition, and whether a row fits it.

use std::fmt;

use crate::{Column, Error, Value, name};

/// A table that is defined.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    name: String,
    columns: Vec<Column>,
}

impl Table {
    /// Checks the names, and the values that stand for `None`.
    pub(crate) fn new(name: &str, columns: Vec<Column>) -> Result<Self, Error> {
        let table = Self {
            name: name.to_owned(),
            columns,
        };
        name::check(name).map_err(|fault| Error::TableName {
            table: name.to_owned(),
            fault,
        })?;
        if table.columns.is_empty() {
            return Err(Error::NoColumns {
                table: name.to_owned(),
            });
        }
        for (index, column) in table.columns.iter().enumerate() {
            table.check_column(column, &table.columns[..index])?;
        }
        Ok(table)
    }

    /// Checks one column; `earlier` are those before it.
    fn check_column(&self, column: &Column, earlier: &[Column]) -> Result<(), Error> {
        let (table, name) = (&self.name, column.name());
        name::check(name).map_err(|fault| Error::ColumnName {
            table: table.clone(),
            column: name.to_owned(),
            fault,
        })?;
        if earlier
            .iter()
            .any(|other| other.name().eq_ignore_ascii_case(name))
        {
            return Err(Error::DuplicateColumn {
                table: table.clone(),
                column: name.to_owned(),
            });
        }
        column
            .none_value()
            .map_or(Ok(()), |value| self.check_value(column, value))
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
    /// [`Error::RowLength`] if it has not.
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

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The columns, at least one, in the order of the values in a row.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }
}

impl fmt::Display for Table {
    /// The table as a person would sum it up: `users(name String, age Int64)`.
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
            "table `users`, column `content_uuid`: the host keeps for itself `content_uuid` and what begins with `sqlite_` or `__wadup`"
        );
    }

    #[test]
    fn a_table_has_columns_and_each_only_once() {
        let none = users(Vec::new());
        let twice = users(vec![
            Column::new("age", ColumnType::Int64),
            Column::new("AGE", ColumnType::Int64),
        ]);

        assert!(matches!(none, Err(Error::NoColumns { .. })));
        assert!(matches!(twice, Err(Error::DuplicateColumn { column, .. }) if column == "AGE"));
    }

    #[test]
    fn the_value_for_none_fits_its_column() {
        let result = users(vec![
            Column::new("age", ColumnType::Int64).with_none_value("unknown"),
        ]);

        assert_eq!(
            result.unwrap_err().to_string(),
            "table `users`, column `age`: the column is Int64, but the value is String"
        );
    }
}
