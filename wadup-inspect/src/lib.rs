//! Inspects finished guests: whether hosts can run them ([`gate`]), where their bytes come from ([`size`]), and their
//! components ([`sbom()`]).
//!
//! A build script cannot do this, because it runs before the linker. `cargo wadup check`, `size` and `sbom` do.

mod error;
pub mod gate;
mod sbom;
pub mod size;

pub use error::{Error, Result};
pub use sbom::sbom;
