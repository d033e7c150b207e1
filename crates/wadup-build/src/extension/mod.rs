//! Native packages: each becomes one object that exports its init functions and nothing else, and its Python files.

mod isolate;
mod pydantic_core;

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, FileContext, Result};
use crate::site::NativePackage;
use crate::source::Sources;
use crate::store::{Artifact, Recipe, Store, Workshop};
use crate::toolchain::Toolchain;

/// A module that is linked into the guest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Module {
    /// The name by which Python imports it, with its package.
    pub(crate) name: String,
    /// The symbol of its init function.
    pub(crate) symbol: String,
}

impl Module {
    /// A module whose symbol carries the whole dotted name: two packages may both have a `_common`.
    ///
    /// A dot becomes `_` and an underscore `_1`, so that no two names give one symbol: no part of a
    /// Python name begins with a digit.
    fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            symbol: format!("wadup_init_{}", name.replace('_', "_1").replace('.', "_")),
        }
    }

    /// The init function's name as the package itself defines it (PEP 489).
    fn original_symbol(&self) -> String {
        format!(
            "PyInit_{}",
            self.name.rsplit('.').next().unwrap_or_default()
        )
    }
}

/// What every recipe of this folder builds with.
pub(crate) struct Workbench<'a> {
    pub(crate) toolchain: &'a Toolchain,
    pub(crate) sources: &'a Sources<'a>,
    pub(crate) cargo: &'a str,
    /// Where that Cargo keeps the sources of crates.
    pub(crate) cargo_home: &'a Path,
    /// The first lines of `rustc -vV`.
    pub(crate) rustc: &'a str,
}

/// The packages for which there is a recipe, by their normalised name (PEP 503).
pub(crate) const KNOWN: [&str; 1] = [pydantic_core::PACKAGE];

/// A native package, ready to be linked and bundled.
#[derive(Debug)]
pub(crate) struct Extension {
    name: String,
    artifact: Artifact,
    contents: Contents,
}

/// `extension.json` in the artifact of every recipe of this folder, beside `objects/` and `python/`.
#[derive(Debug, Serialize, Deserialize)]
struct Contents {
    modules: Vec<Module>,
    objects: Vec<String>,
}

impl Extension {
    /// Builds the package with the recipe for it, or finds it in the store.
    ///
    /// # Errors
    /// When the source cannot be had or does not build. A package without recipe is a bug of the
    /// caller, who resolved with [`KNOWN`], and an error too.
    pub(crate) fn build(
        package: &NativePackage,
        workbench: &Workbench<'_>,
        store: &Store,
    ) -> Result<Self> {
        let recipe: Box<dyn Recipe + '_> = match package.name.as_str() {
            pydantic_core::PACKAGE => Box::new(pydantic_core::PydanticCore { package, workbench }),
            other => {
                return Err(Error::missing(
                    format!("a recipe for {other}"),
                    "remove the requirement",
                ));
            }
        };
        let artifact = store.artifact(&*recipe)?;
        let file = artifact.join("extension.json");
        let text = fs::read(&file).on("read", &file)?;
        let contents =
            serde_json::from_slice(&text).map_err(|error| Error::malformed(&file, error))?;
        Ok(Self {
            name: package.name.clone(),
            artifact,
            contents,
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Its folder `python` holds the package's Python files and metadata, as they lie in a site folder.
    pub(crate) fn artifact(&self) -> &Artifact {
        &self.artifact
    }

    pub(crate) fn modules(&self) -> &[Module] {
        &self.contents.modules
    }

    /// What its native code imports, which no source of Python tells.
    pub(crate) fn imports(&self) -> impl Iterator<Item = &'static str> {
        let imports: &[&str] = match self.name.as_str() {
            pydantic_core::PACKAGE => &pydantic_core::IMPORTS,
            _ => &[],
        };
        imports.iter().copied()
    }

    pub(crate) fn objects(&self) -> impl Iterator<Item = PathBuf> {
        self.contents
            .objects
            .iter()
            .map(|object| self.artifact.join("objects").join(object))
    }
}

fn write_contents(workshop: &Workshop<'_>, contents: &Contents) -> Result<()> {
    let file = workshop.content.join("extension.json");
    let text =
        serde_json::to_vec_pretty(contents).map_err(|error| Error::malformed(&file, error))?;
    fs::write(&file, text).on("write", &file)
}

/// Whatever the bytes, isolating them is refused or gives an object in which nothing but the export can be seen.
#[cfg(any(test, fuzzing))]
pub(crate) fn hostile_object(bytes: &[u8]) {
    let export = isolate::Export {
        from: "PyInit_lib".to_owned(),
        to: "wadup_init_lib".to_owned(),
    };
    if let Ok(isolated) = isolate::isolate(bytes, std::slice::from_ref(&export)) {
        let visible = isolate::visible(&isolated);
        assert!(visible.iter().all(|name| *name == export.to), "{visible:?}");
        // Nothing is left to hide.
        assert!(matches!(
            isolate::isolate(&isolated, &[]),
            Ok(_) | Err(isolate::Refusal::Malformed(_))
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::Module;

    #[test]
    fn no_two_modules_share_a_symbol() {
        assert_ne!(Module::named("a._b").symbol, Module::named("a_.b").symbol);
    }

    #[test]
    fn the_symbol_of_a_module_carries_its_package() {
        let module = Module::named("pydantic_core._pydantic_core");

        assert_eq!(module.symbol, "wadup_init_pydantic_1core__1pydantic_1core");
        assert_eq!(module.original_symbol(), "PyInit__pydantic_core");
    }
}
