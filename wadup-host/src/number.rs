//! Numbers that cross between a host and a guest.

use wasmtime::Val;

use crate::trap::Trap;

/// A number that an export takes or returns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// `i32`
    I32(i32),
    /// `i64`
    I64(i64),
    /// `f32`
    F32(f32),
    /// `f64`
    F64(f64),
}

impl Number {
    /// The number in `value`, unless it is a reference or a vector.
    pub(crate) fn of(value: &Val) -> Option<Self> {
        Some(match value {
            Val::I32(number) => Self::I32(*number),
            Val::I64(number) => Self::I64(*number),
            Val::F32(bits) => Self::F32(f32::from_bits(*bits)),
            Val::F64(bits) => Self::F64(f64::from_bits(*bits)),
            _ => return None,
        })
    }
}

impl From<Number> for Val {
    fn from(number: Number) -> Self {
        match number {
            Number::I32(number) => Self::I32(number),
            Number::I64(number) => Self::I64(number),
            Number::F32(number) => Self::F32(number.to_bits()),
            Number::F64(number) => Self::F64(number.to_bits()),
        }
    }
}

/// A call with numbers, after its end.
#[derive(Debug)]
pub struct CallWithNumbers {
    /// What it returned.
    pub end: Result<Option<Number>, Trap>,
    /// What it printed to standard output.
    pub stdout: String,
    /// What it printed to standard error.
    pub stderr: String,
}
