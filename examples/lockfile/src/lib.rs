//! A guest that turns a Cargo.lock into one row per package: Python reads and validates, Rust compares versions.

wadup_guest::wadup_python! {
    modules: [versions],
}

/// Versions as Cargo understands them.
#[pyo3::pymodule]
mod versions {
    use pyo3::exceptions::PyValueError;
    use pyo3::prelude::*;
    use semver::Version;

    /// A text that sorts as the version does: 1.9.0 before 1.10.0, and 1.0.0-rc.1 before 1.0.0.
    #[pyfunction]
    fn sort_key(version: &str) -> PyResult<String> {
        let parsed = Version::parse(version)
            .map_err(|error| PyValueError::new_err(format!("{version}: {error}")))?;
        // `~` sorts after every character of a pre-release, so that the release itself comes last.
        let release = if parsed.pre.is_empty() {
            "~"
        } else {
            parsed.pre.as_str()
        };
        Ok(format!(
            "{:05}.{:05}.{:05}-{release}",
            parsed.major, parsed.minor, parsed.patch
        ))
    }
}
