//! A guest's bill of materials: the components that its build recorded in the module, and the crates of Cargo's graph.

mod crates;
mod cyclone_dx;
mod record;

use std::path::Path;

use fs_err as fs;
use sha2::{Digest, Sha256};
use wadup_build::output::Component;

use crate::error::{Error, Result};

/// A finished guest and what it is made of.
pub(crate) struct Guest {
    package: Component,
    sha256: String,
    pub(crate) components: Vec<Component>,
}

impl Guest {
    /// Reads the components of a module that the workspace around the folder `project` built.
    pub(crate) fn read(module: &Path, project: &Path) -> Result<Self> {
        let bytes = fs::read(module)?;
        let name = module.file_stem().unwrap_or_default().to_string_lossy();
        // A snapshot has the components of its guest.
        let name = name.trim_end_matches(".snapshot");
        let recorded = record::read(module, &bytes)?;
        let guest = crates::of_guest(name, &recorded.features, project)?;
        Ok(Self {
            package: guest.package,
            sha256: hex::encode(Sha256::digest(&bytes)),
            components: recorded
                .components
                .into_iter()
                .chain(guest.crates)
                .collect(),
        })
    }
}

/// The bill of materials of a finished guest, as CycloneDX 1.6 in JSON.
///
/// `project` is a folder of the workspace that built the guest. The output is deterministic.
///
/// # Errors
/// When the module was not built by wadup, or by another workspace.
pub fn sbom(module: &Path, project: &Path) -> Result<String> {
    let guest = Guest::read(module, project)?;
    let document = cyclone_dx::document(&guest.package, &guest.sha256, &guest.components);
    serde_json::to_string_pretty(&document).map_err(|error| Error::not_a_module(module, error))
}
