//! Temporary folders, where TMPDIR says.

use tempfile::TempDir;

use crate::error::{Error, Result};

/// A folder that is removed with this value.
pub(crate) fn folder() -> Result<TempDir> {
    tempfile::tempdir().map_err(|answer| Error::TemporaryFolder {
        folder: std::env::temp_dir(),
        answer,
    })
}
