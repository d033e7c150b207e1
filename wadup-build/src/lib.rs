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
//! ```toml
//! [tool.wadup]
//! entry-point = "users:main"          # what `process()` calls; default: the macro's `entry`
//! python-source = "python"            # the folder with the guest's modules; default: this, or else "src"
//! c-extensions = ["pydantic"]         # requirements, as older projects list them; default: none
//! requirements = "requirements.txt"   # pinned, with hashes, instead of [project] dependencies; default: none
//! sources = "app"                     # which .py ship beside the .pyc: "app" (default), "all", "none"
//! exclude = ["numpy.fft"]             # modules of packages to leave out; default: none
//! stdlib = "whole"                    # or "traced": what the imports of the guest and its packages can reach
//! stdlib-modules = ["csv"]            # modules and packages to add to the traced ones; default: none
//! test-modules = false                # whether to link native modules of packages' own tests; this is the default
//! snapshot = true                     # whether `cargo wadup build --release` takes a snapshot; this is the default
//! preload = ["decimal"]               # modules that a snapshot imports beside the entry point's; default: none
//! snapshot-init = "users:load_tables" # called once before the first input, in a snapshot at build time; default: none
//! stack-size = "8 MiB"                # this is the default
//! maximum-memory = "256 MiB"          # this is the default
//! initial-memory = "64 MiB"           # default: what stack and data need
//! ```
//!
//! [`Builder`] sets some of these from the build script. Its values replace those of the file; its requirements and modules to
//! preload are added to them.
//!
//! # Environment
//!
//! | variable | meaning |
//! |---|---|
//! | `WADUP_CACHE_DIR` | the store; default: `wadup` in `XDG_CACHE_HOME` or `~/.cache` |
//! | `WADUP_SOURCES` | a folder with source archives and wheels, or the URL of a mirror with source archives, searched first |
//! | `WADUP_OFFLINE`, `CARGO_NET_OFFLINE` | `1` or `true`: never use the network |
//! | `WADUP_LOCKED` | `1`: an outdated `wadup.lock` is an error |
//! | `WADUP_SKIP_PRECOMPILE` | `1`: ship `.py` only |
//! | `WADUP_C_ASSERTIONS` | `1`: compile C code with its assertions |
//! | `WADUP_CHECK_ONLY` | `1`: build nothing, as for clippy and rust-analyzer |
//! | `WADUP_PRINT_PLAN` | `1`: print the plan and stop |
//! | `WASI_SDK_PATH`, `WASI_SYSROOT`, `WADUP_CLANG`, `WADUP_UV` | tools to use instead of the ones that wadup finds |

mod base;
mod builder;
mod bundle;
mod cargo;
mod clibs;
mod command;
mod cpython;
mod environment;
mod error;
mod extension;
pub mod gate;
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
mod object;
mod patch;
mod plan;
mod progress;
mod sbom;
pub mod setup;
mod shim;
mod site;
pub mod size;
mod source;
mod store;
mod temporary;
mod toolchain;
mod tree;
mod uv;

pub use builder::{Builder, configure};
pub use error::{Error, Result};
pub use link::LINK_MAP;
pub use plan::Size;
pub use progress::{Progress, Silent};
pub use sbom::sbom;
pub use store::{Collected, Damaged, Maintenance, StoreEntry};

use std::path::Path;

/// Whether the guest in the folder `project` gets a snapshot: `[tool.wadup] snapshot` of its pyproject.toml.
///
/// # Errors
/// If pyproject.toml cannot be read or is invalid.
pub fn wants_snapshot(project: &Path) -> Result<bool> {
    Ok(plan::Plan::read(project)?.snapshot.wanted)
}

/// The path in the guest at which the embedded file system is mounted.
pub(crate) const MOUNT: &str = "/wadup";
