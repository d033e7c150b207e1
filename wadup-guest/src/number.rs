//! Numbers that an export returns.

use pyo3::conversion::FromPyObjectOwned;

/// A number that an export returns.
pub trait Number: for<'py> FromPyObjectOwned<'py> {
    /// What it returns if there is no result.
    const FAILED: Self;
}

impl Number for i32 {
    const FAILED: Self = 0;
}

impl Number for i64 {
    const FAILED: Self = 0;
}

impl Number for f32 {
    const FAILED: Self = Self::NAN;
}

impl Number for f64 {
    const FAILED: Self = Self::NAN;
}
