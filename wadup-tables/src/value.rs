//! The values in a row.

use serde::{Deserialize, Serialize};

use crate::{ColumnType, ValueFault};

/// A value in a row. Its JSON form is the host's: an object whose only key is the type.
///
/// There is no value for "nothing", as the host has no NULL: choose a value that stands for it.
///
/// ```
/// use wadup_tables::Value;
///
/// let row: [Value; 3] = ["Ada".into(), 36.into(), 1.5.into()];
/// assert_eq!(row[1], Value::Int64(36));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// For a column of type [`ColumnType::Int64`].
    Int64(i64),
    /// For a column of type [`ColumnType::Float64`]; finite.
    Float64(f64),
    /// For a column of type [`ColumnType::String`].
    String(String),
}

impl Value {
    /// The type of column that this value fits.
    pub fn column_type(&self) -> ColumnType {
        match self {
            Self::Int64(_) => ColumnType::Int64,
            Self::Float64(_) => ColumnType::Float64,
            Self::String(_) => ColumnType::String,
        }
    }

    /// Checks that a column of type `expected` can hold this value.
    pub(crate) fn check(&self, expected: ColumnType) -> Result<(), ValueFault> {
        let found = self.column_type();
        match self {
            _ if found != expected => Err(ValueFault::WrongType { expected, found }),
            Self::Float64(number) if !number.is_finite() => Err(ValueFault::NotFinite(*number)),
            _ => Ok(()),
        }
    }
}

/// Conversions that lose nothing. A truth value becomes 1 or 0.
macro_rules! from {
    ($($source:ty => $variant:ident($target:ty)),* $(,)?) => {
        $(impl From<$source> for Value {
            fn from(value: $source) -> Self {
                Self::$variant(<$target>::from(value))
            }
        })*
    };
}

from! {
    bool => Int64(i64),
    i8 => Int64(i64),
    i16 => Int64(i64),
    i32 => Int64(i64),
    i64 => Int64(i64),
    u8 => Int64(i64),
    u16 => Int64(i64),
    u32 => Int64(i64),
    f32 => Float64(f64),
    f64 => Float64(f64),
    &str => String(String),
    String => String(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_fits_a_column_of_its_own_type_only() {
        let values = [Value::from(1), Value::from(1.0), Value::from("1")];
        let types = [ColumnType::Int64, ColumnType::Float64, ColumnType::String];

        for (value, own) in values.iter().zip(types) {
            for other in types {
                assert_eq!(
                    value.check(other).is_ok(),
                    own == other,
                    "{value:?} in {other}"
                );
            }
        }
    }

    #[test]
    fn numbers_that_json_lacks_fit_nowhere() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let fault = Value::from(number).check(ColumnType::Float64);

            assert!(matches!(fault, Err(ValueFault::NotFinite(_))), "{number}");
        }
    }

    #[test]
    fn truth_values_are_one_and_zero() {
        assert_eq!(
            [Value::from(true), Value::from(false)],
            [Value::Int64(1), Value::Int64(0)]
        );
    }

    #[test]
    fn the_json_of_a_value_reads_back_equal() {
        let integers = [i64::MIN, -1, 0, i64::MAX].map(Value::from);
        let floats = [
            0.0,
            3.0,
            0.1,
            1e300,
            5e-324,
            f64::MAX,
            1e16,
            123_456_789.123_456_78,
        ]
        .map(Value::from);

        for value in integers.into_iter().chain(floats) {
            let json: serde_json::Value =
                serde_json::from_str(&serde_json::to_string(&value).unwrap()).unwrap();

            let read = match &value {
                Value::Int64(_) => Value::Int64(json["Int64"].as_i64().unwrap()),
                _ => Value::Float64(json["Float64"].as_f64().unwrap()),
            };
            assert_eq!(read, value, "{json}");
        }
    }

    #[test]
    fn the_sign_of_zero_is_kept() {
        assert_eq!(
            serde_json::to_string(&Value::from(-0.0)).unwrap(),
            r#"{"Float64":-0.0}"#
        );
    }

    #[test]
    fn text_is_escaped() {
        let json = serde_json::to_string(&Value::from("a\"\\\n\0é")).unwrap();

        assert_eq!(json, r#"{"String":"a\"\\\n\u0000é"}"#);
    }
}
