//! Reads what the build recorded in a custom section of the module.

use std::path::Path;

use wadup_build::output::{Record, SBOM_SECTION};
use wasmparser::{Parser, Payload};

use crate::error::{Error, Result};

/// Reads the record of a module.
pub(super) fn read(file: &Path, module: &[u8]) -> Result<Record> {
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.map_err(|error| Error::not_a_module(file, error))?;
        if let Payload::CustomSection(section) = payload
            && section.name() == SBOM_SECTION
        {
            return serde_json::from_slice(section.data())
                .map_err(|error| built_by_another(file, error));
        }
    }
    Err(built_by_another(file, "it has no record of its components"))
}

fn built_by_another(file: &Path, problem: impl std::fmt::Display) -> Error {
    Error::malformed(file, problem, "build it with this version of wadup")
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use wadup_build::output::{Component, Origin};
    use wasm_encoder::{CustomSection, Module};

    use super::*;

    #[test]
    fn the_record_is_read_from_the_section_of_the_module() {
        let record = Record {
            features: vec!["extra".into()],
            components: vec![Component {
                origin: Origin::Package,
                name: "six".into(),
                version: "1.17.0".into(),
                sha256: Some("aa".into()),
                license: None,
            }],
        };
        let mut module = Module::new();
        module.section(&CustomSection {
            name: SBOM_SECTION.into(),
            data: Cow::Owned(serde_json::to_vec(&record).unwrap()),
        });

        let read = read(Path::new("guest.wasm"), &module.finish()).unwrap();

        assert_eq!(read, record);
    }

    #[test]
    fn a_module_without_the_section_is_rejected_with_help() {
        let module = Module::new().finish();

        let error = read(Path::new("guest.wasm"), &module)
            .unwrap_err()
            .to_string();

        assert!(error.contains("help: build it with"), "{error}");
    }
}
