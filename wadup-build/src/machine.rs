//! Finds what builds use on this machine and in the store, for programs that install it or run the same interpreters.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub use crate::command::Program;
pub use crate::cpython::Candidate;
pub use crate::environment::Tool;
pub use crate::toolchain::MINIMUM_CLANG;

use crate::base::{Place, Request};
use crate::cpython::{self, BuildPython, Looking};
use crate::environment::Environment;
use crate::error::Result;
use crate::optimize::{self, Optimized, WasmOpt};
use crate::progress::Progress;
use crate::source::{self, Archive, Sources};
use crate::store::{self, MirrorSettings, Mirrors, Store};
use crate::toolchain::{self, Toolchain};
use crate::uv;

/// Packages of other Debian suites, through apt, without changing the machine's configuration.
pub mod debian {
    pub use crate::source::debian::{Download, is_here, package};
}

/// The CPython of guests, as it lies in the store.
#[derive(Debug)]
#[non_exhaustive]
pub struct GuestPython {
    /// Its release.
    pub version: &'static str,
    /// The release, and why it is not a newer one.
    pub description: String,
    /// The folder of the standard library below the mount.
    pub library: String,
    /// Whether a newer release was asked for.
    pub is_outdated: bool,
    /// The folder with the libpython: `bin/python.wasm` is CPython's own command, `stdlib` its standard library.
    pub folder: PathBuf,
}

/// A machine, with the store that its builds share. Only [`Machine::build_python_and_libraries`],
/// [`Machine::download`] and [`Machine::optimize`] change anything.
pub struct Machine {
    environment: Environment,
    store: Store,
}

impl Machine {
    /// The machine with the environment of this process.
    ///
    /// # Errors
    /// When the location of the store is unknown.
    pub fn new(progress: Box<dyn Progress>) -> Result<Self> {
        Self::with_environment(Environment::of_process(), progress)
    }

    /// The machine with exactly these environment variables.
    ///
    /// # Errors
    /// As for [`Machine::new`].
    pub fn of<K: Into<OsString>, V: Into<OsString>>(
        variables: impl IntoIterator<Item = (K, V)>,
        progress: Box<dyn Progress>,
    ) -> Result<Self> {
        Self::with_environment(Environment::of(variables), progress)
    }

    fn with_environment(environment: Environment, progress: Box<dyn Progress>) -> Result<Self> {
        let is_offline = source::is_offline(&environment);
        let mirrors = MirrorSettings::of(&environment, None)?;
        let mirrors = Mirrors::new(mirrors, is_offline, &*progress);
        let store = Store::new(store::folder(&environment)?, progress).with_mirrors(mirrors);
        Ok(Self { environment, store })
    }

    /// An environment variable; an empty one counts as unset.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        self.environment.system(name)
    }

    /// Receives the steps of a build.
    #[must_use]
    pub fn progress(&self) -> &dyn Progress {
        self.store.progress()
    }

    /// The folder of the store.
    #[must_use]
    pub fn store(&self) -> &Path {
        self.store.root()
    }

    /// Whether builds may not use the network.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        self.sources().is_offline()
    }

    /// The clang of a build, with the first line of its version.
    ///
    /// # Errors
    /// When it is missing or too old.
    pub fn clang(&self) -> Result<(PathBuf, String)> {
        toolchain::compiler(&self.environment, self.store())
    }

    /// The sysroot of a build.
    ///
    /// # Errors
    /// When it is missing or too old.
    pub fn sysroot(&self) -> Result<PathBuf> {
        toolchain::sysroot(&self.environment, self.store())
    }

    /// The complete C toolchain of a build, as a line with the compiler and the sysroot.
    ///
    /// # Errors
    /// When a part of it is missing or too old.
    pub fn toolchain(&self) -> Result<String> {
        let found = Toolchain::find(&self.environment, self.store())?;
        let sysroot = found.sysroot().display();
        Ok(format!("{}, sysroot {sysroot}", found.description()))
    }

    /// The linker of a build, if its toolchain is complete.
    ///
    /// # Errors
    /// When a part of the toolchain is missing or too old.
    pub fn linker(&self) -> Result<PathBuf> {
        Toolchain::find(&self.environment, self.store())
            .map(|toolchain| toolchain.wasm_ld().to_owned())
    }

    /// Where builds look for a WASI SDK that was installed for wadup.
    #[must_use]
    pub fn sdk_folder(&self) -> PathBuf {
        toolchain::sdk_in(self.store())
    }

    /// Where builds look for a sysroot that was installed for wadup.
    #[must_use]
    pub fn sysroot_folder(&self) -> PathBuf {
        toolchain::sysroot_in(self.store())
    }

    /// The uv of a build.
    ///
    /// # Errors
    /// When it is missing.
    pub fn uv(&self) -> Result<PathBuf> {
        uv::find(&self.environment, self.store())
    }

    /// Where builds look for a uv that was installed for wadup, in `bin`.
    #[must_use]
    pub fn uv_folder(&self) -> PathBuf {
        uv::folder(self.store())
    }

    /// The wasm-opt of a build.
    ///
    /// # Errors
    /// When it is missing or too old.
    pub fn wasm_opt(&self) -> Result<WasmOpt> {
        WasmOpt::find(&self.environment, self.store())
    }

    /// Where builds look for a Binaryen that npm installed for wadup.
    #[must_use]
    pub fn binaryen_folder(&self) -> PathBuf {
        optimize::folder(self.store())
    }

    /// A finished guest, optimized, with the linker's map changed to describe the result.
    ///
    /// Takes a minute or more for code that the store does not have in its optimized form.
    ///
    /// # Errors
    /// When the module is malformed or has debug information, or wasm-opt fails.
    pub fn optimize(
        &self,
        module: &[u8],
        link_map: Option<&str>,
        wasm_opt: &WasmOpt,
    ) -> Result<Optimized> {
        optimize::optimize(module, link_map, wasm_opt, &self.store)
    }

    /// The interpreter of the build Python.
    ///
    /// # Errors
    /// When it has not been built.
    pub fn build_python(&self) -> Result<PathBuf> {
        let sources = &self.sources();
        let release = self
            .place(sources)
            .choose(&Request::default(), Looking::Here)?
            .release;
        let python = self.store.find(&BuildPython { release, sources })?;
        Ok(BuildPython::interpreter(release, &python))
    }

    /// The libpython of guests that choose no Python.
    ///
    /// # Errors
    /// When it, or one of its inputs, is missing.
    pub fn guest_python(&self) -> Result<GuestPython> {
        let sources = &self.sources();
        let place = self.place(sources);
        let choice = place.choose(&Request::default(), Looking::Here)?;
        let base = place.find(&Request::default())?;
        Ok(GuestPython {
            version: base.release.version,
            description: choice.to_string(),
            library: base.release.series.stdlib_prefix(),
            is_outdated: choice.instead_of.is_some(),
            folder: base.python.path().to_owned(),
        })
    }

    /// The source archive of both Pythons, downloaded if necessary.
    ///
    /// # Errors
    /// When it is not available.
    pub fn python_source(&self) -> Result<PathBuf> {
        let sources = &self.sources();
        let choice = self
            .place(sources)
            .choose(&Request::default(), Looking::Anywhere)?;
        cpython::obtain(choice.release, sources)
    }

    /// Builds CPython and the C libraries, for this machine and for guests, if the store lacks them. Looks for the newest
    /// release wherever it may be, and reports what stands in the way.
    ///
    /// # Errors
    /// What is missing, or what failed to build.
    pub fn build_python_and_libraries(&self) -> Result<()> {
        let sources = &self.sources();
        let place = self.place(sources);
        let choice = place.choose(&Request::default(), Looking::Again)?;
        if let Some(absent) = &choice.instead_of {
            self.progress()
                .note(&format!("{choice}\n{}", absent.reason));
        }
        place.prepare(choice.release).map(drop)
    }

    /// The archive of this name and hash: from the user, the store, or the publisher's URL.
    ///
    /// # Errors
    /// When it is not available, or has another hash.
    pub fn download(&self, file: &str, sha256: &str, address: &str) -> Result<PathBuf> {
        let archive = Archive {
            file: file.to_owned(),
            sha256: sha256.to_owned(),
            urls: vec![address.to_owned()],
        };
        self.sources().obtain(&archive, None)
    }

    fn sources(&self) -> Sources<'_> {
        Sources::new(&self.environment, &self.store)
    }

    fn place<'a>(&'a self, sources: &'a Sources<'a>) -> Place<'a> {
        Place {
            environment: &self.environment,
            store: &self.store,
            sources,
        }
    }
}

/// Unpacks a source archive into a folder; returns its top folder.
///
/// # Errors
/// When it is not an archive, or has an entry outside the folder.
pub fn unpack(archive: &Path, folder: &Path) -> Result<PathBuf> {
    source::unpack(archive, folder)
}
