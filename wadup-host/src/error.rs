//! Errors on the host's side of a run.

use std::io;
use std::path::{Path, PathBuf};

use crate::call::Call;

/// Why a guest could not be compiled, instantiated or called at all.
///
/// If a call fails inside the guest, that is not an `Error`: see [`crate::Call`] and [`crate::Failure`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// wasmtime refuses these limits.
    #[error("wasmtime refuses these limits: {reason}")]
    Limits {
        /// wasmtime's message.
        reason: String,
    },
    /// A file or folder could not be read, written or removed.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or folder on the host.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The bytes are not a wasm module that wasmtime and the WADUP host accept.
    #[error("cannot compile {guest}: {reason}")]
    Compile {
        /// The guest's name.
        guest: String,
        /// wasmtime's message.
        reason: String,
    },
    /// What the module puts into its memory could not be mapped.
    #[error("cannot map the first contents of the guest's memory: {source}")]
    Memory {
        /// The error of the operating system.
        source: io::Error,
    },
    /// The guest imports what the WADUP host does not provide.
    #[error("the WADUP host does not provide the import `{module}.{name}`")]
    UnknownImport {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// The module could not be linked, or its memory could not be allocated.
    #[error("cannot instantiate the guest: {reason}")]
    Instantiate {
        /// wasmtime's message.
        reason: String,
    },
    /// The module's start section or its `_initialize` trapped.
    #[error("the guest failed during its initialization: {}", .0.failure())]
    Initialize(Box<Call>),
    /// The guest does not export a function of this name that takes nothing and returns an `i32` or nothing.
    #[error("the guest does not have an export `{name}` of type `() -> i32` or `() -> ()`")]
    Export {
        /// The name of the export.
        name: String,
    },
    /// [`crate::Instance::process`] was called on an instance without a root folder.
    #[error("the instance does not have a root folder for the input (Root::None)")]
    NoRoot,
    /// The guest's folder in memory does not take the input, or what the guest left cannot be taken out of it.
    #[error("cannot use the guest's folder: {reason}")]
    Folder {
        /// What is wrong with it.
        reason: String,
    },
    /// A table cannot be an Arrow record batch.
    #[cfg(feature = "arrow")]
    #[error("the table `{table}` cannot be a record batch: {reason}")]
    Batch {
        /// The table's name.
        table: String,
        /// What is in the way.
        reason: String,
    },
    /// The caller's report on progress panicked on a thread of the pool.
    #[error("the call panicked on a thread of the pool")]
    Panicked,
    /// A thread could not be started.
    #[error("cannot start a thread with {bytes} bytes of stack: {source}")]
    Thread {
        /// The requested size.
        bytes: usize,
        /// The error of the operating system.
        source: io::Error,
    },
}

impl Error {
    /// For `map_err`: an [`Error::Limits`] in wasmtime's message.
    pub(crate) fn limits(error: wasmtime::Error) -> Self {
        Self::Limits {
            reason: format!("{error:#}"),
        }
    }

    /// For `map_err`: an [`Error::Memory`].
    pub(crate) fn memory(source: io::Error) -> Self {
        Self::Memory { source }
    }

    /// For `map_err`: an [`Error::Instantiate`] in wasmtime's message.
    pub(crate) fn instantiate(error: wasmtime::Error) -> Self {
        Self::Instantiate {
            reason: format!("{error:#}"),
        }
    }

    /// For `map_err`: an [`Error::Folder`] in wasmtime's message.
    pub(crate) fn folder(error: wasmtime::Error) -> Self {
        Self::Folder {
            reason: format!("{error:#}"),
        }
    }

    /// For `map_err`: an [`Error::File`] about `path`.
    pub(crate) fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::File {
            action,
            path,
            source,
        }
    }
}
