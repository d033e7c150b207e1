//! What a build finds on this machine and in the store, for programs that set machines up or run the same interpreters.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub use crate::command::Program;
pub use crate::environment::Tool;
pub use crate::toolchain::MINIMUM_CLANG;

use crate::base::Base;
use crate::cpython::{self, BuildPython};
use crate::environment::Environment;
use crate::error::Result;
use crate::progress::Progress;
use crate::source::{self, Archive, Sources};
use crate::store::{self, Store};
use crate::toolchain::{self, Toolchain};
use crate::uv;

/// The release of CPython that guests run.
pub const PYTHON_VERSION: &str = cpython::VERSION;

/// Packages of Debian's other suites, through apt, without touching the machine's own set-up.
pub mod debian {
    pub use crate::source::debian::{Download, is_here, package};
}

/// One machine, with the store that its builds share. But for [`Machine::build_python_and_libraries`] and
/// [`Machine::download`], its methods only look.
pub struct Machine {
    environment: Environment,
    store: Store,
}

impl Machine {
    /// The machine as this process sees it.
    ///
    /// # Errors
    /// When nothing says where the store is.
    pub fn new(progress: Box<dyn Progress>) -> Result<Self> {
        Self::with_environment(Environment::of_process(), progress)
    }

    /// The machine as a process would see it that was started with the given variables and no others.
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
        let store = Store::new(store::folder(&environment)?, progress);
        Ok(Self { environment, store })
    }

    /// A variable of the environment; an empty one counts as not set.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        self.environment.system(name)
    }

    /// Where the steps of a build are reported.
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

    /// The clang of a build, with the first line that it prints about itself.
    ///
    /// # Errors
    /// When there is none, or it is too old.
    pub fn clang(&self) -> Result<(PathBuf, String)> {
        toolchain::compiler(&self.environment, self.store())
    }

    /// The sysroot of a build.
    ///
    /// # Errors
    /// When there is none, or it is too old.
    pub fn sysroot(&self) -> Result<PathBuf> {
        toolchain::sysroot(&self.environment, self.store())
    }

    /// The whole C toolchain of a build, in a line that names the compiler and the sysroot.
    ///
    /// # Errors
    /// When a part of it is missing or too old.
    pub fn toolchain(&self) -> Result<String> {
        let found = Toolchain::find(&self.environment, self.store())?;
        let sysroot = found.sysroot().display();
        Ok(format!("{}, sysroot {sysroot}", found.description()))
    }

    /// The linker of a build, if its whole toolchain is there.
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
    /// When there is none.
    pub fn uv(&self) -> Result<PathBuf> {
        uv::find(&self.environment, self.store())
    }

    /// Where builds look for a uv that was installed for wadup, in `bin`.
    #[must_use]
    pub fn uv_folder(&self) -> PathBuf {
        uv::folder(self.store())
    }

    /// The interpreter of the build Python.
    ///
    /// # Errors
    /// When it has not been built.
    pub fn build_python(&self) -> Result<PathBuf> {
        let sources = &self.sources();
        let python = self.store.find(&BuildPython { sources })?;
        Ok(BuildPython::interpreter(&python))
    }

    /// The folder with the libpython of guests: `bin/python.wasm` is CPython's own command, `stdlib` its standard library.
    ///
    /// # Errors
    /// When it, or something that it is built on, is missing.
    pub fn guest_python(&self) -> Result<PathBuf> {
        Base::find(&self.environment, &self.store, &self.sources())
            .map(|base| base.python.path().to_owned())
    }

    /// The archive with the source of both Pythons, downloaded if need be.
    ///
    /// # Errors
    /// When it cannot be had.
    pub fn python_source(&self) -> Result<PathBuf> {
        cpython::obtain(&self.sources())
    }

    /// Builds CPython and the C libraries, for this machine and for guests, if the store lacks them.
    ///
    /// # Errors
    /// What is missing, or what failed to build.
    pub fn build_python_and_libraries(&self) -> Result<()> {
        Base::prepare(&self.environment, &self.store, &self.sources()).map(drop)
    }

    /// The archive of this name and hash: the user's, the store's, or from the publisher's address.
    ///
    /// # Errors
    /// When it cannot be had, or has another hash.
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
}

/// Unpacks a source archive into a folder; returns the folder in it that holds everything.
///
/// # Errors
/// When it is not an archive, or has an entry that would lie outside the folder.
pub fn unpack(archive: &Path, folder: &Path) -> Result<PathBuf> {
    source::unpack(archive, folder)
}
