//! What Python hands over as an input: bytes, or the path of a file.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMemoryView};
use wadup_host::{Error, Input};

/// An input, or where it is.
pub(crate) enum Source {
    Bytes(Arc<[u8]>),
    File(PathBuf),
}

impl Source {
    /// Bytes are copied: Python may change them while the guest runs.
    pub(crate) fn of(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(bytes) = given.cast::<PyBytes>() {
            return Ok(Self::Bytes(Arc::from(bytes.as_bytes())));
        }
        if let Ok(view) = PyMemoryView::from(given) {
            let bytes = view.call_method0("tobytes")?;
            return Ok(Self::Bytes(Arc::from(bytes.cast::<PyBytes>()?.as_bytes())));
        }
        given.extract().map(Self::File).map_err(|_| {
            let kind = given.get_type();
            PyTypeError::new_err(format!(
                "an input is bytes or the path of a file, not {kind}"
            ))
        })
    }

    /// Reads the file, if it is one.
    pub(crate) fn read(self) -> Result<(Arc<[u8]>, Input), Error> {
        match self {
            Self::Bytes(bytes) => Ok((Arc::clone(&bytes), Input::bytes(bytes))),
            Self::File(path) => {
                let input = Input::file(path)?;
                Ok((Arc::clone(input.content()), input))
            }
        }
    }
}
