//! What every guest is built on, whatever its plan: the toolchain, the build Python and libpython.

use std::path::{Path, PathBuf};

use crate::clibs::{CLibraries, CSources};
use crate::cpython::{BuildPython, LibPython};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::source::Sources;
use crate::store::{Artifact, Recipe, Store};
use crate::toolchain::Toolchain;

/// The toolchain and the artifacts that all guests share.
pub(crate) struct Base {
    pub(crate) toolchain: Toolchain,
    pub(crate) build_python: Artifact,
    pub(crate) c_libraries: Artifact,
    pub(crate) python: Artifact,
}

impl Base {
    /// Finds the toolchain, and builds in the store what is not there yet.
    pub(crate) fn prepare(
        environment: &Environment,
        store: &Store,
        sources: &Sources<'_>,
    ) -> Result<Self> {
        Self::of(environment, store.root(), sources, &|recipe| {
            store.artifact(recipe)
        })
    }

    /// Finds all of it, and builds nothing.
    pub(crate) fn find(
        environment: &Environment,
        store: &Store,
        sources: &Sources<'_>,
    ) -> Result<Self> {
        Self::of(environment, store.root(), sources, &|recipe| {
            store.find(recipe)
        })
    }

    fn of(
        environment: &Environment,
        store: &Path,
        sources: &Sources<'_>,
        artifact: &dyn Fn(&dyn Recipe) -> Result<Artifact>,
    ) -> Result<Self> {
        let toolchain = Toolchain::find(environment, store)?;
        let c_sources = artifact(&CSources {
            cargo: &cargo(environment),
            offline: sources.is_offline(),
        })?;
        let c_libraries = artifact(&CLibraries {
            sources: &c_sources,
            toolchain: &toolchain,
        })?;
        let build_python = artifact(&BuildPython { sources })?;
        let python = artifact(&LibPython {
            sources,
            build_python: &build_python,
            c_libraries: &c_libraries,
            toolchain: &toolchain,
        })?;
        Ok(Self {
            toolchain,
            build_python,
            c_libraries,
            python,
        })
    }

    /// The build Python's interpreter.
    pub(crate) fn interpreter(&self) -> PathBuf {
        BuildPython::interpreter(&self.build_python)
    }
}

/// The Cargo that runs this build.
pub(crate) fn cargo(environment: &Environment) -> String {
    environment
        .system("CARGO")
        .unwrap_or_else(|| "cargo".into())
}

/// Where that Cargo keeps what it downloads (Cargo book, "Cargo Home").
pub(crate) fn cargo_home(environment: &Environment) -> Result<PathBuf> {
    environment
        .system("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| {
            environment
                .system("HOME")
                .map(|home| Path::new(&home).join(".cargo"))
        })
        .ok_or_else(|| Error::missing("Cargo's home folder", "set CARGO_HOME"))
}
