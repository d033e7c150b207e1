//! Links CPython, native extensions and Python packages into a wasm32-wasip1 guest, from the guest's build script.
//!
//! ```no_run
//! // All that `main` of a build.rs needs.
//! wadup_build::configure().build();
//! ```
//!
//! Call it from the build script of the crate that becomes the guest: Cargo passes a build script's link arguments to no other
//! crate (Cargo book, "Outputs of the Build Script").
//!
//! # What it does
//!
//! It reads `pyproject.toml` beside the guest's `Cargo.toml`, resolves the Python dependencies into `wadup.lock`, builds what the
//! store does not contain yet (CPython, C libraries, native packages), compiles and zips the standard library, packages and the
//! guest's own Python, and tells Cargo to link all of it. For targets other than wasm32-wasip1, as in an editor or on docs.rs, it
//! builds nothing.
//!
//! # `[tool.wadup]` in pyproject.toml
//!
//! All keys are optional. A size is a string or a number of bytes, and a multiple of 64 KiB. [`Builder::requirement`] adds to
//! `[project] dependencies`.
//!
#![doc = include_str!("settings.md")]
//!
//! A flag is on if it is `1` or `true`.

mod base;
mod builder;
mod bundle;
mod cargo;
mod clibs;
mod command;
mod compat;
mod cpython;
mod environment;
mod error;
mod extension;
mod guest;
mod hash;
mod hide;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
#[allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may panic"
)]
pub mod hostile;
mod link;
pub mod machine;
mod object;
mod optimize;
pub mod output;
mod patch;
mod plan;
mod progress;
mod sbom;
mod shim;
mod site;
mod source;
mod store;
mod temporary;
mod toolchain;
mod tree;
mod uv;

pub use builder::{Builder, configure};
pub use error::{Error, Result};
pub use optimize::{Optimized, WasmOpt};
pub use plan::{Profile, Size};
pub use progress::{Progress, Silent};
pub use store::{Collected, Damaged, Maintenance, StoreEntry};
#[cfg(feature = "push")]
pub use store::{Pushed, SigningKey};

use std::path::{Path, PathBuf};

/// Whether the guest in the folder `project` gets a snapshot: `[tool.wadup] snapshot` of its pyproject.toml.
///
/// # Errors
/// If pyproject.toml cannot be read or is invalid.
pub fn wants_snapshot(project: &Path) -> Result<bool> {
    Ok(plan::Plan::read(project)?.snapshot.wanted)
}

/// The artifacts of the store that a build used and other machines can use too, by name and key, as the build script of a
/// guest wrote them into `build_folder`, the folder `wadup` of its OUT_DIR.
///
/// # Errors
/// If the build script has built nothing, or the folder cannot be read.
pub fn used_artifacts(build_folder: &Path) -> Result<Vec<String>> {
    guest::artifacts_left_in(build_folder)
}

/// Whether the guest in the folder `project` is optimized where wasm-opt is installed: `[tool.wadup] wasm-opt` of its
/// pyproject.toml.
///
/// # Errors
/// If pyproject.toml cannot be read or is invalid.
pub fn wants_wasm_opt(project: &Path) -> Result<bool> {
    Ok(plan::Plan::read(project)?.wasm_opt)
}

/// The folder of the user's Python, as a build script planned it that saved its plan in `build_folder`, the folder
/// `wadup` of its OUT_DIR.
///
/// # Errors
/// If the folder has no plan, or the plan cannot be read.
pub fn python_source(build_folder: &Path) -> Result<PathBuf> {
    plan::python_source_left_in(build_folder)
}
