//! Overlays: additions to the build of a package, as data in `overlays/` and in the user's pyproject.toml.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::str::FromStr;

use pep508_rs::pep440_rs::{Version, VersionSpecifiers};
use serde::Deserialize;

use crate::error::{Error, FileContext, Result};
use crate::extension::{libraries, on_demand};
use crate::hash;
use crate::patch::Patch;
use crate::plan::Plan;
use crate::site::NativePackage;

/// The files of one package in the folder `overlays`, for all of its versions or some.
struct Source {
    package: &'static str,
    /// The file's name without `.toml`.
    file: &'static str,
    text: &'static str,
    patches: &'static [Patch],
}

macro_rules! overlay {
    ($name:literal $(, $patch:literal)*) => {
        overlay!($name, in $name $(, $patch)*)
    };
    ($name:literal, in $file:literal $(, $patch:literal)*) => {
        Source {
            package: $name,
            file: $file,
            text: include_str!(concat!("../overlays/", $file, ".toml")),
            patches: &[$(Patch {
                name: Cow::Borrowed($patch),
                text: Cow::Borrowed(include_str!(concat!("../overlays/", $patch, ".patch"))),
            }),*],
        }
    };
}

const OVERLAYS: &[Source] = &[
    overlay!("argon2-cffi-bindings"),
    overlay!("cffi", "cffi"),
    overlay!("cryptography", "cryptography"),
    overlay!("lxml"),
    overlay!("matplotlib", "matplotlib-ft2font", "matplotlib-qhull"),
    overlay!("matplotlib", in "matplotlib-3.10"),
    overlay!("pillow"),
    overlay!("pynacl"),
    overlay!("pyyaml"),
    overlay!("rapidfuzz", "rapidfuzz"),
    overlay!("safetensors", "safetensors"),
    overlay!("tokenizers"),
    overlay!("xxhash"),
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
    patches: Vec<Patch>,
    #[serde(skip)]
    identity: String,
}

impl Overlay {
    /// The overlay of a package at its version, with the user's; empty if it needs none.
    pub(super) fn of(package: &NativePackage, plan: &Plan) -> Result<Self> {
        let ours = Self::of_wadup(package)?;
        Ok(match Self::of_user(package, plan)? {
            Some(theirs) => ours.with(theirs),
            None => ours,
        })
    }

    fn of_wadup(package: &NativePackage) -> Result<Self> {
        let sources = OVERLAYS.iter();
        for source in sources.filter(|source| source.package == package.name) {
            let overlay = source.read()?;
            let is_for = overlay.is_for(&package.version);
            if is_for.map_err(|problem| source.malformed(problem))? {
                return Ok(overlay);
            }
        }
        Ok(Self::default())
    }

    fn of_user(package: &NativePackage, plan: &Plan) -> Result<Option<Self>> {
        let Some(own) = plan.overlays.get(&package.name) else {
            return Ok(None);
        };
        let file = plan.pyproject();
        let rejected = |problem: String| {
            Error::configuration(&file, format!("`native.{}`: {problem}", package.name))
        };
        let mut overlay: Self = toml::Value::Table(own.0.clone())
            .try_into()
            .map_err(|error| rejected(error.to_string()))?;
        overlay.check_libraries().map_err(rejected)?;
        for file in own.patches(&plan.project) {
            let text = fs::read_to_string(&file).on("read", &file)?;
            overlay.patches.push(Patch {
                name: Cow::Owned(file.display().to_string()),
                text: Cow::Owned(text),
            });
        }
        overlay.identity = hash::of_bytes(format!(
            "{}{}",
            own.0,
            crate::patch::identity(&overlay.patches)
        ));
        let is_for = overlay.is_for(&package.version).map_err(rejected)?;
        Ok(is_for.then_some(overlay))
    }

    /// Both: lists continue, and a variable or setting of the same name is replaced.
    fn with(mut self, other: Self) -> Self {
        self.env.extend(other.env);
        self.config_settings.extend(other.config_settings);
        for (list, added) in [
            (&mut self.cflags, other.cflags),
            (&mut self.rustflags, other.rustflags),
            (&mut self.add_requires, other.add_requires),
            (&mut self.drop_requires, other.drop_requires),
            (&mut self.libraries, other.libraries),
        ] {
            list.extend(added);
        }
        self.patches.extend(other.patches);
        self.identity = format!("{} {}", self.identity, other.identity);
        self
    }

    fn is_for(&self, version: &str) -> Result<bool, String> {
        let Some(versions) = &self.versions else {
            return Ok(true);
        };
        let specifiers = VersionSpecifiers::from_str(versions).map_err(|_| {
            format!("`versions`: `{versions}` does not compare versions, as `>=2,<3` does")
        })?;
        // Indexes accept only versions according to PEP 440.
        Ok(Version::from_str(version).is_ok_and(|version| specifiers.contains(&version)))
    }

    fn check_libraries(&self) -> Result<(), String> {
        let is_known =
            |name: &str| libraries::is_known(name) || on_demand::libraries::NAMES.contains(&name);
        match self.libraries.iter().find(|name| !is_known(name)) {
            None => Ok(()),
            Some(name) => Err(format!("`{name}` is not a known library")),
        }
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
        crate::patch::apply(&self.patches, tree)
    }
}

impl Source {
    fn read(&self) -> Result<Overlay> {
        let mut overlay: Overlay =
            toml::from_str(self.text).map_err(|error| self.malformed(error))?;
        let there: Vec<&str> = self.patches.iter().map(|patch| &*patch.name).collect();
        if overlay.named != there {
            return Err(self.malformed("`patches` does not match the files beside it"));
        }
        overlay
            .check_libraries()
            .map_err(|problem| self.malformed(problem))?;
        overlay.patches.extend_from_slice(self.patches);
        overlay.identity = hash::of_bytes(format!(
            "{}{}",
            self.text,
            crate::patch::identity(self.patches)
        ));
        Ok(overlay)
    }

    fn malformed(&self, problem: impl std::fmt::Display) -> Error {
        Error::malformed(Path::new(&format!("overlays/{}.toml", self.file)), problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::OVERLAY;

    fn source(text: &'static str) -> Source {
        Source {
            package: "x",
            file: "x",
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
    fn versions_of_a_package_may_have_overlays_of_their_own() {
        let files = |version: &str| -> Vec<&str> {
            OVERLAYS
                .iter()
                .filter(|source| source.package == "matplotlib")
                .filter(|source| source.read().unwrap().is_for(version).unwrap())
                .map(|source| source.file)
                .collect()
        };

        assert_eq!(files("3.10.8"), ["matplotlib-3.10"]);
        assert_eq!(files("3.11.0"), ["matplotlib"]);
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
    fn the_overlay_of_the_user_adds_to_the_own_and_replaces_what_has_its_name() {
        let own = "cflags = ['-DA']\nlibraries = ['yaml']\n[env]\nX = '1'\nY = '1'\n";
        let user = "cflags = ['-DB']\n[env]\nX = '2'\n";

        let both = source(own)
            .read()
            .unwrap()
            .with(source(user).read().unwrap());

        assert_eq!(both.cflags, ["-DA", "-DB"]);
        assert_eq!(both.libraries, ["yaml"]);
        let value = |name: &str| both.env[name].as_str();
        assert_eq!([value("X"), value("Y")], ["2", "1"]);
        assert_ne!(both.identity, source(own).read().unwrap().identity);
    }

    #[test]
    fn an_overlay_has_the_keys_of_the_table() {
        let error = source("x = 1").read().unwrap_err().to_string();

        assert_eq!(error.matches('`').count() / 2, OVERLAY.len() + 2, "{error}");
        for setting in OVERLAY {
            assert!(error.contains(&format!("`{}`", setting.key)), "{error}");
        }
    }

    #[test]
    fn an_overlay_applies_to_its_versions() {
        let overlay = source("versions = '>=2,<3'").read().unwrap();

        let holds = |version| overlay.is_for(version).unwrap();
        assert_eq!(["1.9", "2.0", "3.1"].map(holds), [false, true, false]);
    }

    #[test]
    fn versions_that_cannot_be_compared_are_rejected() {
        let overlay = source("versions = 'about 2'").read().unwrap();

        let error = overlay.is_for("2").unwrap_err();

        assert!(error.starts_with("`versions`: `about 2`"), "{error}");
    }
}
