//! The columns of a table.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::Value;

/// What a column holds. The host knows these types and no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ColumnType {
    /// Whole numbers from -2^63 to 2^63 - 1. Truth values are written as 1 and 0.
    Int64,
    /// IEEE 754 double precision numbers but NaN and the infinities, which JSON cannot express.
    Float64,
    /// Text in Unicode.
    String,
}

impl fmt::Display for ColumnType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Int64 => "Int64",
            Self::Float64 => "Float64",
            Self::String => "String",
        })
    }
}

/// A text that names no [`ColumnType`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no column type; they are Int64, Float64 and String{hint}", hint = boolean_hint(.0))]
pub struct UnknownColumnType(String);

/// What to use in place of the type that everybody looks for.
fn boolean_hint(given: &str) -> &'static str {
    match given.to_ascii_lowercase().as_str() {
        "bool" | "boolean" => {
            ". Not every host has truth values: use Int64, which takes them as 1 and 0"
        }
        _ => "",
    }
}

impl FromStr for ColumnType {
    type Err = UnknownColumnType;

    /// Reads the name of a type, spelled as the host spells it.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [Self::Int64, Self::Float64, Self::String]
            .into_iter()
            .find(|column_type| column_type.to_string() == name)
            .ok_or_else(|| UnknownColumnType(name.to_owned()))
    }
}

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

    /// What stands for `None`, if the column has such a value.
    pub fn none_value(&self) -> Option<&Value> {
        self.none_value.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_spelled_as_the_host_spells_them() {
        assert_eq!("Int64".parse(), Ok(ColumnType::Int64));
        assert_eq!("Float64".parse(), Ok(ColumnType::Float64));
        assert_eq!("String".parse(), Ok(ColumnType::String));
        assert!("int64".parse::<ColumnType>().is_err());
    }

    #[test]
    fn an_unknown_type_is_answered_with_the_known_ones() {
        let error = "Text".parse::<ColumnType>().unwrap_err();

        assert_eq!(
            error.to_string(),
            "`Text` is no column type; they are Int64, Float64 and String"
        );
    }

    #[test]
    fn booleans_are_refused_with_the_reason_and_the_way_out() {
        for name in ["Boolean", "Bool", "bool"] {
            let message = name.parse::<ColumnType>().unwrap_err().to_string();

            assert!(
                message.ends_with("use Int64, which takes them as 1 and 0"),
                "{message}"
            );
        }
    }
}
