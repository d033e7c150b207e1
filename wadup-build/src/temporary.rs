//! Temporary folders, in TMPDIR.

use tempfile::TempDir;

use crate::error::{Error, Result};

/// Creates a temporary folder that is removed when the value is dropped.
pub(crate) fn folder() -> Result<TempDir> {
    tempfile::tempdir().map_err(|answer| Error::TemporaryFolder {
        folder: std::env::temp_dir(),
        answer,
    })
}
