//! What the build knows of the components of a guest, in a custom section of the module.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::tree;

/// The name of the custom section that contains the [`Record`], in JSON; `shim/data.S` writes it.
pub const SECTION: &str = "wadup.sbom";

/// Where a component comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The release of CPython.
    Interpreter,
    /// The crate that carries the sources of a C library, and every other crate.
    Crate,
    /// The release of a C library.
    Library,
    /// A package of a Python index.
    Package,
    /// A Python package with local files.
    Local,
    /// A program that changed the finished guest's code.
    Tool,
}

/// A component of a guest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Where it comes from.
    pub origin: Origin,
    /// Its name there.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The hash of its archive; `None` for code that came without one.
    pub sha256: Option<String>,
    /// Its license, as its publisher states it.
    pub license: Option<String>,
}

/// What only the build knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The enabled features of the guest's crate, which decide what Cargo's graph contains.
    pub features: Vec<String>,
    /// The components that are not crates of Cargo's graph.
    pub components: Vec<Component>,
}

impl Record {
    /// Writes the file that goes into the module.
    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string(self).map_err(|error| Error::malformed(file, error))?;
        tree::write_if_changed(file, text)
    }
}
