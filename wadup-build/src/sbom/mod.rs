//! A guest's bill of materials: the build writes down what it put in, and this reads it back from the finished module.
//!
//! What only the build knows (CPython, C libraries, Python packages) lies in a custom section of the module; the crates
//! are those of Cargo's own graph.

mod components;
mod crates;
mod cyclone_dx;
mod licence;
mod record;

use std::path::Path;

pub(crate) use components::components;
pub(crate) use record::write;

use record::Component;

use crate::error::{Error, FileContext, Result};
use crate::hash;

/// The bill of materials of a finished guest, as CycloneDX 1.6 in JSON.
///
/// `project` is a folder of the workspace that built the guest. The same guest gives the same text.
///
/// # Errors
/// When the module was not built by this library, or is none of the workspace's.
pub fn sbom(module: &Path, project: &Path) -> Result<String> {
    let bytes = std::fs::read(module).on("read", module)?;
    let name = module.file_stem().unwrap_or_default().to_string_lossy();
    // A snapshot is made of what the guest is made of.
    let name = name.trim_end_matches(".snapshot");
    let recorded = record::read(module, &bytes)?.ok_or_else(|| {
        Error::malformed(
            module,
            "it holds no list of what it was made from; build it with this version of wadup",
        )
    })?;
    let guest = crates::of_guest(name, project)?;
    let components: Vec<Component> = recorded.into_iter().chain(guest.crates).collect();
    let document = cyclone_dx::document(&guest.package, &hash::of_bytes(&bytes), &components);
    serde_json::to_string_pretty(&document).map_err(|error| Error::malformed(module, error))
}
