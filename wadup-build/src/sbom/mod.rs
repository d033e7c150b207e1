//! The build's part of a guest's bill of materials: CPython, C libraries, Python packages.
//!
//! It is a custom section of the module. `wadup-inspect` reads it and adds the crates of Cargo's graph with the recorded features.

mod components;
mod license;
mod record;

pub(crate) use components::components;
pub use record::{Component, Origin, Record, SECTION};
