//! What all guests share, whatever their plan: the toolchain, the build Python and libpython.

use std::path::{Path, PathBuf};

use crate::clibs::{CLibraries, CSources};
use crate::cpython::{self, BuildPython, LibPython};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::source::{self, Sources};
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
    /// Finds the toolchain, and builds missing artifacts in the store.
    pub(crate) fn prepare(
        environment: &Environment,
        store: &Store,
        sources: &Sources<'_>,
    ) -> Result<Self> {
        if sources.is_offline() {
            refuse_missing_sources(environment, store, sources)?;
        }
        Self::collect(environment, store.root(), sources, &|recipe| {
            store.artifact(recipe)
        })
    }

    /// Finds the toolchain and all artifacts without building any.
    pub(crate) fn find(
        environment: &Environment,
        store: &Store,
        sources: &Sources<'_>,
    ) -> Result<Self> {
        Self::collect(environment, store.root(), sources, &|recipe| {
            store.find(recipe)
        })
    }

    fn collect(
        environment: &Environment,
        store: &Path,
        sources: &Sources<'_>,
        artifact: &dyn Fn(&dyn Recipe) -> Result<Artifact>,
    ) -> Result<Self> {
        let toolchain = Toolchain::find(environment, store)?;
        let c_sources = artifact(&CSources {
            cargo: &cargo(environment),
            cargo_home: &cargo_home(environment)?,
            sources,
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

/// Offline, returns one error that names every missing file, instead of failing at the first.
fn refuse_missing_sources(
    environment: &Environment,
    store: &Store,
    sources: &Sources<'_>,
) -> Result<()> {
    if Base::find(environment, store, sources).is_ok() {
        return Ok(());
    }
    let c_sources = CSources {
        cargo: &cargo(environment),
        cargo_home: &cargo_home(environment)?,
        sources,
    };
    let mut missing = match store.find(&c_sources) {
        Ok(_) => Vec::new(),
        Err(_) => c_sources.missing()?,
    };
    // The build Python and the guest's CPython are built from the same archive.
    let python = cpython::archive();
    if !sources.is_here(&python)? {
        missing.push(python);
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(source::not_supplied(&missing, None))
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
        .ok_or_else(|| {
            Error::missing(
                "Cargo's home folder (CARGO_HOME or HOME/.cargo)",
                "set CARGO_HOME or HOME",
            )
        })
}

/// Where rustup keeps its toolchains, if the user has it (rustup book, "Environment variables").
pub(crate) fn rustup_home(environment: &Environment) -> Option<PathBuf> {
    let home = || Some(Path::new(&environment.system("HOME")?).join(".rustup"));
    environment
        .system("RUSTUP_HOME")
        .map(PathBuf::from)
        .or_else(home)
        .filter(|folder| folder.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn offline_error_names_every_missing_file() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().join("store"), Box::new(Silent));
        let home = folder.path().display().to_string();
        let environment = Environment::of([
            ("CARGO_NET_OFFLINE", "true".to_owned()),
            ("CARGO_HOME", home),
        ]);
        let sources = Sources::new(&environment, &store);

        let error = refuse_missing_sources(&environment, &store, &sources)
            .unwrap_err()
            .to_string();

        for wanted in [
            "Python-3.13.5.tar.xz (sha256 93e5",
            "libz-sys-1.",
            "bzip2-sys-0.",
            "liblzma-sys-0.",
            "libsqlite3-sys-0.",
            "WADUP_SOURCES",
            "CARGO_NET_OFFLINE",
        ] {
            assert!(error.contains(wanted), "{wanted} is not in: {error}");
        }
    }
}
