//! Finds libc++ for wasm: in the sysroot of a WASI SDK, or where Debian's packages install it.

use std::fs;
use std::path::{Path, PathBuf};

use super::{TARGET, Toolchain, identity};
use crate::error::{Error, FileContext, Result};

const LIBRARIES: [&str; 2] = ["libc++.a", "libc++abi.a"];

/// The C++ standard library of a toolchain.
#[derive(Debug)]
pub(crate) struct Cxx {
    /// The folder of the headers, unless clang finds them by itself.
    headers: Option<PathBuf>,
    /// The folder of `libc++.a` and `libc++abi.a`.
    libraries: PathBuf,
    identity: String,
}

impl Toolchain {
    /// Finds libc++, which only packages in C++ need.
    ///
    /// # Errors
    /// [`Error::Missing`] with what to install.
    pub(crate) fn cxx(&self) -> Result<Cxx> {
        let in_sysroot = self.sysroot().join("lib").join(TARGET);
        if is_there(&in_sysroot) {
            return Cxx::new(None, in_sysroot, &self.store);
        }
        // The path of clang may be a symlink.
        let clang = fs::canonicalize(self.clang()).on("find", self.clang())?;
        let llvm = clang.parent().and_then(Path::parent).unwrap_or(&clang);
        let libraries = llvm.join("lib/wasm32-wasi");
        if is_there(&libraries) {
            let headers = llvm.join("include/wasm32-wasi/c++/v1");
            return Cxx::new(Some(headers), libraries, &self.store);
        }
        Err(Error::missing(
            "libc++ for wasm32",
            "run `cargo wadup setup`, or install libc++-<version>-dev-wasm32 and \
             libc++abi-<version>-dev-wasm32, or set WASI_SDK_PATH",
        ))
    }
}

fn is_there(folder: &Path) -> bool {
    LIBRARIES.iter().all(|name| folder.join(name).is_file())
}

impl Cxx {
    /// `headers` is `None` if they are in the sysroot, which the toolchain's identity covers.
    fn new(headers: Option<PathBuf>, libraries: PathBuf, store: &Path) -> Result<Self> {
        let archives = LIBRARIES.map(|name| libraries.join(name));
        let folders: Vec<&Path> = headers.iter().map(PathBuf::as_path).collect();
        let identity = identity::of_files(&archives.each_ref(), &folders, store)?;
        Ok(Self {
            headers,
            libraries,
            identity,
        })
    }

    /// Identifies this libc++ by the bytes of its libraries and headers, for the inputs of recipes.
    pub(crate) fn identity(&self) -> &str {
        &self.identity
    }

    /// `libc++.a` and `libc++abi.a`.
    pub(crate) fn libraries(&self) -> [PathBuf; 2] {
        LIBRARIES.map(|name| self.libraries.join(name))
    }

    /// The flags that make clang compile C++.
    pub(crate) fn flags(&self) -> Vec<String> {
        let mut flags = vec!["--driver-mode=g++".to_owned()];
        if let Some(headers) = &self.headers {
            flags.push("-nostdinc++".to_owned());
            flags.push(format!("-isystem{}", headers.display()));
        }
        flags
    }

    /// The folder of the libraries.
    pub(crate) fn folder(&self) -> &Path {
        &self.libraries
    }

    /// The flag with the libraries' folder for the linker.
    pub(crate) fn search(&self) -> String {
        format!("-L{}", self.libraries.display())
    }
}
