//! The C toolchain for wasm32-wasip1: found on the machine, never built, and part of every key.

mod clang;
mod cxx;
mod sysroot;

use std::path::{Path, PathBuf};

pub(crate) use clang::MINIMUM_CLANG;
pub(crate) use cxx::Cxx;

use crate::command::Program;
use crate::environment::{Environment, Tool};
use crate::error::{Error, FileContext, Result};
use crate::hash;

/// The Rust and C target of every guest.
pub(crate) const TARGET: &str = "wasm32-wasip1";

/// What the emulation libraries of wasi-libc ask for in every C file that uses them.
const EMULATION: [&str; 4] = [
    "-D_WASI_EMULATED_SIGNAL",
    "-D_WASI_EMULATED_GETPID",
    "-D_WASI_EMULATED_PROCESS_CLOCKS",
    "-D_WASI_EMULATED_MMAN",
];

/// Set to 1, all C code of a guest is compiled with its assertions: slower, larger, and for finding out why it crashes.
const ASSERTIONS: &str = "WADUP_C_ASSERTIONS";

/// A clang that targets wasm32-wasip1, with its linker, archiver and a WASI sysroot.
#[derive(Debug, Clone)]
pub(crate) struct Toolchain {
    clang: PathBuf,
    wasm_ld: PathBuf,
    ar: PathBuf,
    ranlib: PathBuf,
    sysroot: PathBuf,
    builtins: PathBuf,
    description: String,
    identity: String,
    asserts: bool,
}

impl Toolchain {
    /// Finds the toolchain: `WASI_SDK_PATH`, `/opt/wasi-sdk`, then a system clang with a WASI sysroot
    /// (`WASI_SYSROOT`, the one that `cargo wadup setup` keeps in the store, the system's own).
    ///
    /// # Errors
    /// [`Error::Missing`] with what to install, when none is good enough.
    pub(crate) fn find(environment: &Environment, store: &Path) -> Result<Self> {
        let found = Self::of_machine(environment, store)?;
        if environment.flag(ASSERTIONS) {
            return Ok(found.asserting());
        }
        Ok(found)
    }

    fn of_machine(environment: &Environment, store: &Path) -> Result<Self> {
        if let Some(sdk) = sdk(environment, store) {
            return Self::of_sdk(&sdk);
        }
        let clang = clang::of_system(environment)?;
        let sysroot = sysroot::find(environment, store)?;
        Self::new(clang, sysroot)
    }

    fn of_sdk(sdk: &Path) -> Result<Self> {
        sysroot::refuse_broken_sdk(sdk)?;
        let clang = sdk.join("bin/clang");
        clang::refuse_old(&clang, "use a newer WASI SDK")?;
        Self::new(clang, sysroot_of(sdk))
    }

    fn new(clang: PathBuf, sysroot: PathBuf) -> Result<Self> {
        let builtins = clang::ask(
            &clang,
            &[
                &format!("--target={TARGET}"),
                &format!("--sysroot={}", sysroot.display()),
                "-print-libgcc-file-name",
            ],
        )?;
        let builtins = PathBuf::from(builtins);
        if !builtins.is_file() {
            return Err(Error::missing(
                "clang's runtime library for wasm32",
                "run `cargo wadup setup`, or install libclang-rt-<version>-dev-wasm32",
            ));
        }
        let description = first_line(&clang)?;
        let libc = sysroot.join("lib").join(TARGET).join("libc.a");
        let identity = hash::of_bytes(format!(
            "{description}\n{}\n{}",
            hash::of_file(&libc)?,
            hash::of_file(&builtins)?,
        ));
        Ok(Self {
            wasm_ld: clang::tool(&clang, "wasm-ld")?,
            ar: clang::tool(&clang, "llvm-ar")?,
            ranlib: clang::tool(&clang, "llvm-ranlib")?,
            clang,
            sysroot,
            builtins,
            description,
            identity,
            asserts: false,
        })
    }

    /// The same toolchain, for code that checks the assertions of its authors.
    fn asserting(self) -> Self {
        Self {
            identity: format!("{} with assertions", self.identity),
            asserts: true,
            ..self
        }
    }

    /// The same toolchain, its folders under the paths that `place` gives them by name.
    pub(crate) fn relocated(&self, place: &dyn Fn(&str, &Path) -> Result<PathBuf>) -> Result<Self> {
        let tool = |name: &str, tool: &Path| match (tool.parent(), tool.file_name()) {
            (Some(folder), Some(file)) => Ok(place(name, folder)?.join(file)),
            _ => Ok(tool.to_owned()),
        };
        Ok(Self {
            clang: tool("clang", &self.clang)?,
            ar: tool("ar", &self.ar)?,
            ranlib: tool("ranlib", &self.ranlib)?,
            sysroot: place("sysroot", &self.sysroot)?,
            ..self.clone()
        })
    }

    /// What tells this toolchain from every other: it is an input of each recipe that compiles.
    pub(crate) fn identity(&self) -> &str {
        &self.identity
    }

    /// The compiler's own first line about itself.
    #[must_use]
    pub(crate) fn description(&self) -> &str {
        &self.description
    }

    /// The major version of the compiler, if its first line tells it.
    pub(crate) fn clang_version(&self) -> Option<u32> {
        clang::major_version(&self.description)
    }

    pub(crate) fn clang(&self) -> &Path {
        &self.clang
    }

    pub(crate) fn wasm_ld(&self) -> &Path {
        &self.wasm_ld
    }

    pub(crate) fn ar(&self) -> &Path {
        &self.ar
    }

    pub(crate) fn ranlib(&self) -> &Path {
        &self.ranlib
    }

    /// The folder that holds `include` and `lib`.
    #[must_use]
    pub(crate) fn sysroot(&self) -> &Path {
        &self.sysroot
    }

    /// Clang's runtime library for wasm32.
    pub(crate) fn builtins(&self) -> &Path {
        &self.builtins
    }

    /// A library of the sysroot, by file name.
    pub(crate) fn sysroot_library(&self, file: &str) -> PathBuf {
        self.sysroot.join("lib").join(TARGET).join(file)
    }

    /// The flags that choose the guest's machine and headers, for build systems that find out the rest.
    pub(crate) fn machine_flags(&self) -> Vec<String> {
        vec![
            format!("--target={TARGET}"),
            format!("--sysroot={}", self.sysroot.display()),
        ]
    }

    /// Whether C code is to check the assertions of its authors, which stop a guest at the first that does not hold.
    pub(crate) fn asserts(&self) -> bool {
        self.asserts
    }

    /// The flag that says so to a C compiler.
    pub(crate) fn assertion_flag(&self) -> &'static str {
        if self.asserts { "-UNDEBUG" } else { "-DNDEBUG" }
    }

    /// The flags that make clang compile any C file for the guest.
    pub(crate) fn target_flags(&self) -> Vec<String> {
        let mut flags = self.machine_flags();
        flags.extend(EMULATION.map(str::to_owned));
        flags
    }

    /// Compiles one C file for the guest.
    pub(crate) fn compile<S: AsRef<std::ffi::OsStr>>(
        &self,
        source: &Path,
        object: &Path,
        flags: impl IntoIterator<Item = S>,
        log: &Path,
    ) -> Result<()> {
        Program::new(
            Tool::Compiler,
            &self.clang,
            format!("compiling {}", source.display()),
        )
        .args(self.target_flags())
        .args(flags)
        .arg("-c")
        .arg(source)
        .arg("-o")
        .arg(object)
        .log(log)
        .run()
    }

    /// Packs objects into a static library.
    pub(crate) fn archive(&self, library: &Path, objects: &[PathBuf], log: &Path) -> Result<()> {
        if let Some(parent) = library.parent() {
            std::fs::create_dir_all(parent).on("create", parent)?;
        }
        Program::new(
            Tool::Compiler,
            &self.ar,
            format!("packing {}", library.display()),
        )
        // D: no times, owners or modes, so that the same objects give the same bytes.
        .arg("rcsD")
        .arg(library)
        .args(objects)
        .log(log)
        .run()
    }
}

/// The compiler that a build would use, and its own first line about itself.
pub(crate) fn compiler(environment: &Environment, store: &Path) -> Result<(PathBuf, String)> {
    let clang = match sdk(environment, store) {
        Some(sdk) => sdk.join("bin/clang"),
        None => clang::of_system(environment)?,
    };
    let description = first_line(&clang)?;
    Ok((clang, description))
}

/// The sysroot that a build would use.
pub(crate) fn sysroot(environment: &Environment, store: &Path) -> Result<PathBuf> {
    match sdk(environment, store) {
        Some(sdk) => {
            sysroot::refuse_broken_sdk(&sdk)?;
            Some(sysroot_of(&sdk))
                .filter(|sysroot| sysroot.is_dir())
                .ok_or_else(|| {
                    Error::missing(
                        format!("the sysroot of `{}`", sdk.display()),
                        "set WASI_SDK_PATH to a whole WASI SDK",
                    )
                })
        }
        None => sysroot::find(environment, store),
    }
}

/// The WASI SDK to use, if there is one.
fn sdk(environment: &Environment, store: &Path) -> Option<PathBuf> {
    environment.path("WASI_SDK_PATH").or_else(|| {
        [PathBuf::from("/opt/wasi-sdk"), sdk_in(store)]
            .into_iter()
            .find(|sdk| sdk.join("bin/clang").is_file())
    })
}

fn sysroot_of(sdk: &Path) -> PathBuf {
    sdk.join("share/wasi-sysroot")
}

fn first_line(clang: &Path) -> Result<String> {
    let text = clang::ask(clang, &["--version"])?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Where set-up keeps a downloaded WASI SDK.
pub(crate) fn sdk_in(store: &Path) -> PathBuf {
    store.join("toolchain/wasi-sdk")
}

/// Where set-up keeps a WASI sysroot for the system's clang.
pub(crate) fn sysroot_in(store: &Path) -> PathBuf {
    store.join("toolchain/wasi-sysroot")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_with_assertions_is_other_code() {
        let toolchain = Toolchain {
            clang: PathBuf::new(),
            wasm_ld: PathBuf::new(),
            ar: PathBuf::new(),
            ranlib: PathBuf::new(),
            sysroot: PathBuf::new(),
            builtins: PathBuf::new(),
            description: String::new(),
            identity: "clang and libc".to_owned(),
            asserts: false,
        };
        assert_eq!(toolchain.assertion_flag(), "-DNDEBUG");

        let asserting = toolchain.clone().asserting();

        assert_eq!(asserting.assertion_flag(), "-UNDEBUG");
        assert_ne!(asserting.identity(), toolchain.identity());
    }
}
