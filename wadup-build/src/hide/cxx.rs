//! The C++ runtime of native packages, and the objects that call it.

use std::fs;
use std::path::PathBuf;

use super::library::{Library, names_of};
use super::names::{PREFIX, Public};
use crate::error::{Error, FileContext, Result};
use crate::object;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};
use crate::toolchain::Toolchain;
use crate::tree;

/// The recipe of a C++ runtime without visible symbols.
pub(crate) struct CxxLibraries<'a> {
    /// The artifact that contains the libraries.
    pub(crate) runtime: &'a Artifact,
    pub(crate) libraries: &'a [PathBuf],
    pub(crate) toolchain: &'a Toolchain,
}

impl Recipe for CxxLibraries<'_> {
    fn name(&self) -> String {
        "c++-libraries".into()
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(super::CODE)
            .with_code("cxx", code!["cxx.rs"])
            .with_code("object", object::CODE)
            .with_artifact(self.runtime)
            .with("toolchain", self.toolchain.identity())
            .with("prefix", PREFIX)
    }

    fn step(&self) -> String {
        "hiding the C++ runtime of native packages from other code".into()
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let libraries = read(self.libraries)?;
        let names = names_of(&libraries)?;
        libraries
            .iter()
            .try_for_each(|library| library.write_renamed(&names, self.toolchain, dirs))
    }
}

/// The recipe of a native package's folder `objects`, with objects that call the hidden runtime.
pub(crate) struct CxxUser<'a> {
    pub(crate) package: &'a Artifact,
    pub(crate) runtime: &'a Artifact,
    /// The libraries of the runtime, before hiding.
    pub(crate) libraries: &'a [PathBuf],
}

impl Recipe for CxxUser<'_> {
    /// Starts with the package's name and version, which identify its objects in the linker's map.
    fn name(&self) -> String {
        let id = self.package.id();
        let name = id.rsplit_once('-').map_or(id, |(name, _key)| name);
        format!("{name}+c++")
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(super::CODE)
            .with_code("cxx", code!["cxx.rs"])
            .with_code("object", object::CODE)
            .with_artifact(self.package)
            .with_artifact(self.runtime)
            .with("prefix", PREFIX)
    }

    fn step(&self) -> String {
        format!(
            "linking {} with a C++ runtime of its own",
            self.package.id()
        )
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let names = names_of(&read(self.libraries)?)?;
        let from = self.package.join("objects");
        let to = dirs.content.join("objects");
        fs::create_dir_all(&to).on("create", &to)?;
        for name in tree::files(&from)? {
            let file = from.join(&name);
            let object = fs::read(&file).on("read", &file)?;
            let renamed = names
                .rename(&object)
                .map_err(|refusal| Error::malformed(&file, refusal))?;
            let file = to.join(&name);
            fs::write(&file, renamed).on("write", &file)?;
        }
        Ok(())
    }
}

fn read(libraries: &[PathBuf]) -> Result<Vec<Library>> {
    libraries
        .iter()
        .map(|library| Library::read(library, Public::Nothing))
        .collect()
}
