//! The list of what a guest is made of, in a custom section of the module.

use std::path::Path;

use serde::{Deserialize, Serialize};
use wasmparser::{Parser, Payload};

use crate::error::{Error, Result};
use crate::tree;

/// The section's name; `shim/data.S` writes it.
const SECTION: &str = "wadup.sbom";

/// Where a component was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Origin {
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
pub(crate) struct Component {
    pub(crate) origin: Origin,
    pub(crate) name: String,
    pub(crate) version: String,
    /// Of the archive that it was taken from; none for code that came from no archive.
    pub(crate) sha256: Option<String>,
    /// As its publisher states it.
    pub(crate) licence: Option<String>,
}

/// Writes the list to the file that goes into the module.
pub(crate) fn write(components: &[Component], file: &Path) -> Result<()> {
    let text = serde_json::to_string(components).map_err(|error| Error::malformed(file, error))?;
    tree::write_if_changed(file, text)
}

/// The list in a module; none if it has no such section.
pub(super) fn read(file: &Path, module: &[u8]) -> Result<Option<Vec<Component>>> {
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.map_err(|error| Error::malformed(file, error))?;
        if let Payload::CustomSection(section) = payload
            && section.name() == SECTION
        {
            return serde_json::from_slice(section.data())
                .map(Some)
                .map_err(|error| Error::malformed(file, error));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use wasm_encoder::{CustomSection, Module};

    use super::*;

    #[test]
    fn what_was_written_is_read_from_the_section_of_the_module() {
        let components = [Component {
            origin: Origin::Package,
            name: "six".into(),
            version: "1.17.0".into(),
            sha256: Some("aa".into()),
            licence: None,
        }];
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sbom.json");
        write(&components, &file).unwrap();
        let mut module = Module::new();
        module.section(&CustomSection {
            name: SECTION.into(),
            data: Cow::Owned(std::fs::read(&file).unwrap()),
        });

        let read = read(Path::new("guest.wasm"), &module.finish()).unwrap();

        assert_eq!(read.as_deref(), Some(&components[..]));
    }

    #[test]
    fn a_module_without_the_section_says_nothing() {
        let module = Module::new().finish();

        assert_eq!(read(Path::new("guest.wasm"), &module).unwrap(), None);
    }
}
