//! The types of columns.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a column holds. Every version of the host knows these types; in JSON, a type is its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnType {
    /// Whole numbers from -2^63 to 2^63 - 1. Truth values are written as 1 and 0.
    Int64,
    /// IEEE 754 double precision numbers except NaN and the infinities, which JSON cannot express.
    Float64,
    /// Text in Unicode.
    String,
}

impl ColumnType {
    /// Every type.
    pub const ALL: [Self; 3] = [Self::Int64, Self::Float64, Self::String];

    /// The name, spelled as the host spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Int64 => "Int64",
            Self::Float64 => "Float64",
            Self::String => "String",
        }
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for ColumnType {
    type Err = UnknownColumnType;

    /// Reads the name of a type, spelled as the host spells it.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|column_type| column_type.name() == name)
            .ok_or_else(|| UnknownColumnType(name.to_owned()))
    }
}

/// A text that is not the name of a [`ColumnType`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownColumnType(String);

impl fmt::Display for UnknownColumnType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(given) = self;
        write!(
            formatter,
            "`{given}` is not a valid column type: expected `Int64`, `Float64` or `String`"
        )?;
        if ["bool", "boolean"].contains(&given.to_ascii_lowercase().as_str()) {
            formatter.write_str("\nhelp: use `Int64`, which takes truth values as 1 and 0")?;
        }
        Ok(())
    }
}

impl Error for UnknownColumnType {}

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
            "`Text` is not a valid column type: expected `Int64`, `Float64` or `String`"
        );
    }

    #[test]
    fn booleans_are_refused_with_what_to_use_instead() {
        for name in ["Boolean", "Bool", "bool"] {
            let message = name.parse::<ColumnType>().unwrap_err().to_string();

            assert!(
                message.ends_with("\nhelp: use `Int64`, which takes truth values as 1 and 0"),
                "{message}"
            );
        }
    }
}
