//! The series of guests that choose none, apart from the table of releases because the documents need no more of it.

/// It as a value of `[tool.wadup] python`, in TOML.
pub(crate) const DEFAULT_AS_TOML: &str = r#""3.13""#;
