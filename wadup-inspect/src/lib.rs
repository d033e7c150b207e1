//! Inspects finished guests: whether hosts can run them ([`gate`]), where their bytes come from ([`size`]), their
//! components ([`sbom()`]), and the known vulnerabilities of those ([`mod@audit`]).
//!
//! A build script cannot do this, because it runs before the linker. `cargo wadup check`, `size`, `sbom` and `audit` do.

pub mod audit;
mod error;
pub mod gate;
mod sbom;
pub mod size;

pub use error::{Error, Result};
pub use sbom::sbom;
