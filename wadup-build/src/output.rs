//! Names of what a build leaves in a guest and beside it, for programs that read finished guests.

pub use crate::link::LINK_MAP;
pub use crate::plan::Memory;
pub use crate::sbom::{Component, Origin, SECTION as SBOM_SECTION};

use crate::{clibs, cpython, extension, shim, toolchain};

/// The Rust and C target of every guest.
pub const TARGET: &str = toolchain::TARGET;

/// The part of CPython's version that names the folder of its standard library in the bundle: `lib/python3.13`.
pub const PYTHON_SERIES: &str = cpython::SERIES;

/// The file names of CPython's archives, libpython first.
pub const PYTHON_LIBRARIES: [&str; 4] = cpython::LIBRARIES;

/// The name of the shim's artifact in the store.
pub const SHIM: &str = shim::NAME;

/// The folder and the file name of the object with the bundle.
pub const BUNDLE_OBJECT: (&str, &str) = (shim::FOLDER, shim::DATA_OBJECT);

/// Whether an archive, by its file name, is a C or C++ library that wadup links beside CPython.
#[must_use]
pub fn is_c_library(archive: &str) -> bool {
    extension::is_shared(archive) || clibs::archives().any(|library| library == archive)
}
