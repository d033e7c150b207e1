//! Overlays: additions to the build of a package, as data in `overlays/`.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use pep508_rs::pep440_rs::{Version, VersionSpecifiers};
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::extension::{libraries, on_demand};
use crate::hash;
use crate::patch::Patch;

/// The files of one package in the folder `overlays`.
struct Source {
    package: &'static str,
    text: &'static str,
    patches: &'static [Patch],
}

macro_rules! overlay {
    ($name:literal $(, $patch:literal)*) => {
        Source {
            package: $name,
            text: include_str!(concat!("../overlays/", $name, ".toml")),
            patches: &[$(Patch {
                name: $patch,
                text: include_str!(concat!("../overlays/", $patch, ".patch")),
            }),*],
        }
    };
}

const OVERLAYS: &[Source] = &[
    overlay!("argon2-cffi-bindings"),
    overlay!("cffi", "cffi"),
    overlay!("cryptography", "cryptography"),
    overlay!("lxml"),
    overlay!("matplotlib"),
    overlay!("pillow"),
    overlay!("pynacl"),
    overlay!("pyyaml"),
    overlay!("safetensors", "safetensors"),
    overlay!("tokenizers"),
];

/// Additions to the build of a package.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct Overlay {
    /// Why, for readers.
    #[serde(rename = "reason")]
    _reason: String,
    /// The versions (PEP 440) that need it; all by default.
    versions: Option<String>,
    /// Environment variables of the build.
    pub(super) env: BTreeMap<String, String>,
    /// Flags for C and C++.
    pub(super) cflags: Vec<String>,
    /// Flags for rustc.
    pub(super) rustflags: Vec<String>,
    /// Configuration settings for the backend (PEP 517).
    pub(super) config_settings: BTreeMap<String, toml::Value>,
    /// Build requirements that the package does not list.
    pub(super) add_requires: Vec<String>,
    /// Names of listed build requirements that it does not need.
    pub(super) drop_requires: Vec<String>,
    /// C libraries in addition to CPython's, by their names in `libraries`.
    pub(super) libraries: Vec<String>,
    /// Names of files beside this one, without `.patch`.
    #[serde(rename = "patches")]
    named: Vec<String>,
    #[serde(skip)]
    patches: &'static [Patch],
    #[serde(skip)]
    identity: String,
}

impl Overlay {
    /// The overlay of a package at a version; empty if it needs none.
    pub(super) fn of(package: &str, version: &str) -> Result<Self> {
        let Some(source) = OVERLAYS.iter().find(|source| source.package == package) else {
            return Ok(Self::default());
        };
        let overlay = source.read()?;
        if overlay.is_for(version, source)? {
            Ok(overlay)
        } else {
            Ok(Self::default())
        }
    }

    fn is_for(&self, version: &str, source: &Source) -> Result<bool> {
        let Some(versions) = &self.versions else {
            return Ok(true);
        };
        let specifiers =
            VersionSpecifiers::from_str(versions).map_err(|error| source.malformed(error))?;
        // Indexes accept only versions according to PEP 440.
        Ok(Version::from_str(version).is_ok_and(|version| specifiers.contains(&version)))
    }

    /// The names of libraries that guests link on demand, which the package links too.
    pub(super) fn on_demand(&self) -> impl Iterator<Item = &String> {
        let names = self.libraries.iter();
        names.filter(|name| on_demand::libraries::NAMES.contains(&name.as_str()))
    }

    /// Identifies the overlay in keys.
    pub(super) fn identity(&self) -> &str {
        &self.identity
    }

    /// The part that affects what is installed for the build.
    pub(super) fn identity_of_requires(&self) -> String {
        format!("{:?} {:?}", self.add_requires, self.drop_requires)
    }

    pub(super) fn apply_patches(&self, tree: &Path) -> Result<()> {
        crate::patch::apply(self.patches, tree)
    }
}

impl Source {
    fn read(&self) -> Result<Overlay> {
        let mut overlay: Overlay =
            toml::from_str(self.text).map_err(|error| self.malformed(error))?;
        let there: Vec<&str> = self.patches.iter().map(|patch| patch.name).collect();
        if overlay.named != there {
            return Err(self.malformed("`patches` does not match the files beside it"));
        }
        if let Some(name) = overlay.libraries.iter().find(|name| {
            !libraries::is_known(name) && !on_demand::libraries::NAMES.contains(&name.as_str())
        }) {
            return Err(self.malformed(format!("`{name}` is not a known library")));
        }
        overlay.patches = self.patches;
        overlay.identity = hash::of_bytes(format!(
            "{}{}",
            self.text,
            crate::patch::identity(self.patches)
        ));
        Ok(overlay)
    }

    fn malformed(&self, problem: impl std::fmt::Display) -> Error {
        Error::malformed(
            Path::new(&format!("overlays/{}.toml", self.package)),
            problem,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &'static str) -> Source {
        Source {
            package: "x",
            text,
            patches: &[],
        }
    }

    #[test]
    fn every_overlay_can_be_read() {
        for source in OVERLAYS {
            source.read().unwrap();
        }
    }

    #[test]
    fn an_unknown_key_is_rejected() {
        let error = source("cflag = ['-O1']").read().unwrap_err().to_string();

        assert!(error.contains("overlays/x.toml"), "{error}");
        assert!(error.contains("unknown field `cflag`"), "{error}");
    }

    #[test]
    fn a_missing_patch_is_rejected() {
        let error = source("patches = ['y']").read().unwrap_err().to_string();

        assert!(error.contains("`patches` does not match"), "{error}");
    }

    #[test]
    fn an_unknown_library_is_rejected() {
        let error = source("libraries = ['foo']")
            .read()
            .unwrap_err()
            .to_string();

        assert!(error.contains("`foo` is not a known library"), "{error}");
    }

    #[test]
    fn an_overlay_applies_to_its_versions() {
        let source = source("versions = '>=2,<3'");
        let overlay = source.read().unwrap();

        let holds = |version| overlay.is_for(version, &source).unwrap();
        assert_eq!(["1.9", "2.0", "3.1"].map(holds), [false, true, false]);
    }
}
