//! Names of what a build leaves in a guest and beside it, for programs that read finished guests.

pub use crate::link::LINK_MAP;
pub use crate::plan::Memory;
pub use crate::sbom::{Component, Origin, Record, SECTION as SBOM_SECTION};

use crate::cpython::Series;
use crate::{bundle, clibs, extension, shim, toolchain};

/// The Rust and C target of every guest.
pub const TARGET: &str = toolchain::TARGET;

/// The path of a file of the bundle below the folder of the standard library, if it is there.
#[must_use]
pub fn library_file(entry: &str) -> Option<&str> {
    bundle::library_file(entry)
}

/// Whether an archive, by its file name, is CPython itself rather than a library that CPython brings.
#[must_use]
pub fn is_libpython(archive: &str) -> bool {
    Series::all().any(|series| series.libraries[0] == archive)
}

/// Whether an archive, by its file name, comes from CPython's build.
#[must_use]
pub fn is_of_python(archive: &str) -> bool {
    Series::all().any(|series| series.libraries.contains(&archive))
}

/// The name of the shim's artifact in the store.
pub const SHIM: &str = shim::NAME;

/// The folder and the file name of the object with the bundle.
pub const BUNDLE_OBJECT: (&str, &str) = (shim::FOLDER, shim::DATA_OBJECT);

/// Whether an archive, by its file name, is a C or C++ library that wadup links beside CPython.
#[must_use]
pub fn is_c_library(archive: &str) -> bool {
    extension::is_shared(archive) || clibs::archives().any(|library| library == archive)
}
