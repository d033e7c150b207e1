//! The columns of a table.

use crate::{ColumnType, Value};

/// A column: its name, its type, and what is written for a missing value.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    name: String,
    column_type: ColumnType,
    none_value: Option<Value>,
}

impl Column {
    /// A column that has a value in every row. Its name is checked when the table is defined.
    pub fn new(name: impl Into<String>, column_type: ColumnType) -> Self {
        Self {
            name: name.into(),
            column_type,
            none_value: None,
        }
    }

    /// Writes `value` where Python has `None`, since the host has no NULL.
    #[must_use]
    pub fn with_none_value(self, value: impl Into<Value>) -> Self {
        Self {
            none_value: Some(value.into()),
            ..self
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The type.
    pub fn column_type(&self) -> ColumnType {
        self.column_type
    }

    /// The value for `None`, if the column has one.
    pub fn none_value(&self) -> Option<&Value> {
        self.none_value.as_ref()
    }
}
