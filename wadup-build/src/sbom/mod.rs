//! A guest's bill of materials as far as only the build knows it: CPython, C libraries, Python packages.
//!
//! It lies in a custom section of the module. `wadup-inspect` reads it back and adds the crates of Cargo's own graph.

mod components;
mod licence;
mod record;

pub(crate) use components::components;
pub(crate) use record::write;
pub use record::{Component, Origin, SECTION};
