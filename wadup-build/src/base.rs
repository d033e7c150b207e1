//! What all guests share, whatever their plan: the toolchain, the build Python and libpython.

use std::path::{Path, PathBuf};

use pep508_rs::pep440_rs::VersionSpecifiers;

use crate::clibs::{CLibraries, CSources};
use crate::compat::Compat;
use crate::cpython::{self, BuildPython, Choice, Choosing, LibPython, Looking, Release, Wanted};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::plan::Profile;
use crate::source::{self, Sources};
use crate::store::{Artifact, Recipe, Store};
use crate::toolchain::Toolchain;

/// The toolchain and the artifacts that all guests with one Python share.
#[derive(Clone)]
pub(crate) struct Base {
    pub(crate) toolchain: Toolchain,
    pub(crate) release: &'static Release,
    pub(crate) build_python: Artifact,
    pub(crate) c_libraries: Artifact,
    pub(crate) compat: Artifact,
    pub(crate) python: Artifact,
}

/// The Python that a project asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) wanted: Wanted,
    /// `requires-python`, which another release than the wanted one must fulfil too.
    pub(crate) requires: Option<&'a VersionSpecifiers>,
}

impl Request<'_> {
    /// That of a project that says nothing.
    pub(crate) fn default() -> Self {
        Self {
            wanted: Wanted::default(),
            requires: None,
        }
    }
}

/// Where a base is looked for, or made.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) store: &'a Store,
    pub(crate) sources: &'a Sources<'a>,
}

impl Place<'_> {
    /// Chooses the release for a request.
    ///
    /// # Errors
    /// If no release can be had.
    pub(crate) fn choose(&self, request: &Request<'_>, looking: Looking) -> Result<Choice> {
        let choosing = Choosing {
            sources: self.sources,
            requires: request.requires,
            locked: self.environment.flag("WADUP_LOCKED"),
            is_built: &|release| match looking {
                Looking::Here => self.find_release(release).is_ok(),
                Looking::Anywhere | Looking::Again => self.expect_release(release).is_ok(),
            },
            looking,
        };
        let choice = choosing.choose(request.wanted);
        match choice {
            Err(Error::Unavailable { .. }) if self.sources.is_offline() => {
                // It names the other missing files too.
                self.refuse_missing_sources(request.wanted.first_choice())?;
                choice
            }
            _ => choice,
        }
    }

    /// Finds the toolchain, and builds missing artifacts in the store.
    pub(crate) fn prepare(&self, release: &'static Release) -> Result<Base> {
        if self.sources.is_offline() {
            self.refuse_missing_sources(release)?;
        }
        self.collect(release, &|recipe| self.store.artifact(recipe))
    }

    /// Finds the toolchain and all artifacts of what a request gives here, without building or downloading any.
    pub(crate) fn find(&self, request: &Request<'_>) -> Result<Base> {
        self.find_release(self.choose(request, Looking::Here)?.release)
    }

    fn find_release(&self, release: &'static Release) -> Result<Base> {
        self.collect(release, &|recipe| self.store.find(recipe))
    }

    /// As [`Place::find_release`], with what the mirrors of the store offer.
    fn expect_release(&self, release: &'static Release) -> Result<Base> {
        self.collect(release, &|recipe| self.store.expect(recipe))
    }

    fn collect(
        &self,
        release: &'static Release,
        artifact: &dyn Fn(&dyn Recipe) -> Result<Artifact>,
    ) -> Result<Base> {
        let toolchain = Toolchain::find(self.environment, self.store.root())?;
        let sources = self.sources;
        let c_sources = artifact(&CSources {
            cargo: &cargo(self.environment),
            cargo_home: &cargo_home(self.environment)?,
            sources,
        })?;
        let c_libraries = artifact(&CLibraries {
            sources: &c_sources,
            toolchain: &toolchain,
        })?;
        let compat = artifact(&Compat {
            toolchain: &toolchain,
        })?;
        let build_python = artifact(&BuildPython { release, sources })?;
        let python = artifact(&LibPython {
            release,
            sources,
            build_python: &build_python,
            c_libraries: &c_libraries,
            compat: &compat,
            toolchain: &toolchain,
        })?;
        Ok(Base {
            toolchain,
            release,
            build_python,
            c_libraries,
            compat,
            python,
        })
    }

    /// Offline, returns one error that names every missing file, instead of failing at the first.
    fn refuse_missing_sources(&self, release: &'static Release) -> Result<()> {
        if self.expect_release(release).is_ok() {
            return Ok(());
        }
        let c_sources = CSources {
            cargo: &cargo(self.environment),
            cargo_home: &cargo_home(self.environment)?,
            sources: self.sources,
        };
        let mut missing = match self.store.expect(&c_sources) {
            Ok(_) => Vec::new(),
            Err(_) => c_sources.missing()?,
        };
        // The build Python and the guest's CPython are built from the same archive.
        let python = cpython::archive(release);
        if !self.sources.is_here(&python)? {
            missing.push(python);
        }
        if missing.is_empty() {
            Ok(())
        } else {
            Err(source::not_supplied(&missing, None))
        }
    }
}

impl Base {
    /// The base of packages whose code may use the instructions of a profile. Python and its libraries stay as they are, since
    /// these gain nothing from them.
    pub(crate) fn for_packages(&self, profile: Profile) -> Self {
        Self {
            toolchain: self.toolchain.with_profile(profile),
            ..self.clone()
        }
    }

    /// The build Python's interpreter.
    pub(crate) fn interpreter(&self) -> PathBuf {
        BuildPython::interpreter(self.release, &self.build_python)
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

        let place = Place {
            environment: &environment,
            store: &store,
            sources: &sources,
        };

        let error = place
            .choose(&Request::default(), Looking::Anywhere)
            .unwrap_err()
            .to_string();

        let newest = cpython::archive(Wanted::default().first_choice()).to_string();
        for wanted in [
            &newest,
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
