//! The list of what a guest is made of, in a custom section of the module.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::tree;

/// The name of the custom section that holds the list, in JSON; `shim/data.S` writes it.
pub const SECTION: &str = "wadup.sbom";

/// Where a component was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The release of CPython.
    Interpreter,
    /// The crate that carries the sources of a C library, and every other crate.
    Crate,
    /// A package of a Python index.
    Package,
    /// A Python package whose files lay on the machine of the build.
    Local,
}

/// One thing that a guest is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Where it was taken from.
    pub origin: Origin,
    /// Its name there.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Of the archive that it was taken from; none for code that came from no archive.
    pub sha256: Option<String>,
    /// As its publisher states it.
    pub licence: Option<String>,
}

/// Writes the list to the file that goes into the module.
pub(crate) fn write(components: &[Component], file: &Path) -> Result<()> {
    let text = serde_json::to_string(components).map_err(|error| Error::malformed(file, error))?;
    tree::write_if_changed(file, text)
}
