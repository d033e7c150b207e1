//! The C toolchain for wasm32-wasip1: found on the machine, never built, and an input of every recipe that compiles.

mod clang;
mod cxx;
mod identity;
mod sysroot;

use std::path::{Path, PathBuf};

pub use clang::MINIMUM_CLANG;
pub(crate) use cxx::Cxx;

use crate::command::Program;
use crate::environment::{Environment, Tool};
use crate::error::{Error, FileContext, Result};
use crate::plan::Profile;

/// The Rust and C target of every guest.
pub(crate) const TARGET: &str = "wasm32-wasip1";

/// The macros that wasi-libc's emulation libraries require in every C file that uses them.
const EMULATION: [&str; 4] = [
    "-D_WASI_EMULATED_SIGNAL",
    "-D_WASI_EMULATED_GETPID",
    "-D_WASI_EMULATED_PROCESS_CLOCKS",
    "-D_WASI_EMULATED_MMAN",
];

/// Set to 1 to compile all C code of a guest with assertions: slower and larger, for debugging crashes.
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
    profile: Profile,
    /// The folder of the store, which remembers hashes.
    store: PathBuf,
}

impl Toolchain {
    /// Finds the toolchain: `WASI_SDK_PATH`, `/opt/wasi-sdk`, a WASI SDK in the store, then a system clang with a WASI
    /// sysroot (`WASI_SYSROOT`, the one that `cargo wadup setup` keeps in the store, the system's own).
    ///
    /// # Errors
    /// [`Error::Missing`] with what to install, if nothing suitable is found.
    pub(crate) fn find(environment: &Environment, store: &Path) -> Result<Self> {
        let found = Self::of_machine(environment, store)?;
        if environment.flag(ASSERTIONS) {
            return Ok(found.asserting());
        }
        Ok(found)
    }

    fn of_machine(environment: &Environment, store: &Path) -> Result<Self> {
        if let Some(sdk) = sdk(environment, store) {
            return Self::of_sdk(&sdk, store);
        }
        let clang = clang::of_system(environment)?;
        let sysroot = sysroot::find(environment, store)?;
        Self::new(clang, sysroot, store)
    }

    fn of_sdk(sdk: &Path, store: &Path) -> Result<Self> {
        sysroot::refuse_broken_sdk(sdk)?;
        let clang = sdk.join("bin/clang");
        clang::refuse_old(&clang, "set WASI_SDK_PATH to a newer WASI SDK")?;
        Self::new(clang, sysroot_of(sdk), store)
    }

    fn new(clang: PathBuf, sysroot: PathBuf, store: &Path) -> Result<Self> {
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
        let wasm_ld = clang::tool(&clang, "wasm-ld")?;
        let identity = identity::of_tools(&description, &[&wasm_ld, &builtins], &sysroot, store)?;
        Ok(Self {
            wasm_ld,
            ar: clang::tool(&clang, "llvm-ar")?,
            ranlib: clang::tool(&clang, "llvm-ranlib")?,
            clang,
            sysroot,
            builtins,
            description,
            identity,
            asserts: false,
            profile: Profile::default(),
            store: store.to_owned(),
        })
    }

    /// The same toolchain, which compiles C code with assertions.
    fn asserting(self) -> Self {
        Self {
            identity: format!("{} with assertions", self.identity),
            asserts: true,
            ..self
        }
    }

    /// The same toolchain, which may use the instructions of a profile.
    pub(crate) fn with_profile(&self, profile: Profile) -> Self {
        let identity = match profile {
            Profile::Baseline => self.identity.clone(),
            Profile::Modern => format!("{}, profile {profile}", self.identity),
        };
        Self {
            identity,
            profile,
            ..self.clone()
        }
    }

    /// The flags with which rustc uses the same instructions as clang.
    pub(crate) fn rustc_flags(&self) -> &'static [&'static str] {
        self.profile.rustc_flags()
    }

    /// The same toolchain, with its folders at the paths that `place` returns for them.
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

    /// Identifies this toolchain, wherever it lies: clang's version, and the bytes of wasm-ld, clang's runtime library, and
    /// the sysroot's headers and libraries. It is an input of every recipe that compiles.
    pub(crate) fn identity(&self) -> &str {
        &self.identity
    }

    /// The first line of `clang --version`.
    #[must_use]
    pub(crate) fn description(&self) -> &str {
        &self.description
    }

    /// The major version of clang, if its first line contains it.
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

    /// The folder with `include` and `lib`.
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

    /// The flags for the target and sysroot, for build systems that find out the rest.
    pub(crate) fn machine_flags(&self) -> Vec<String> {
        vec![
            format!("--target={TARGET}"),
            format!("--sysroot={}", self.sysroot.display()),
        ]
    }

    /// Whether C code is compiled with assertions. A failed assertion ends the guest.
    pub(crate) fn asserts(&self) -> bool {
        self.asserts
    }

    /// The compiler flag for this.
    pub(crate) fn assertion_flag(&self) -> &'static str {
        if self.asserts { "-UNDEBUG" } else { "-DNDEBUG" }
    }

    /// The flags to compile any C file for the guest.
    pub(crate) fn target_flags(&self) -> Vec<String> {
        let mut flags = self.machine_flags();
        flags.extend(EMULATION.map(str::to_owned));
        flags.extend(
            self.profile
                .clang_flags()
                .iter()
                .map(|flag| (*flag).to_owned()),
        );
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

    /// Archives objects as a static library.
    pub(crate) fn archive(&self, library: &Path, objects: &[PathBuf], log: &Path) -> Result<()> {
        if let Some(parent) = library.parent() {
            std::fs::create_dir_all(parent).on("create", parent)?;
        }
        Program::new(
            Tool::Compiler,
            &self.ar,
            format!("packing {}", library.display()),
        )
        // D: no times, owners or modes, so that equal objects give equal bytes.
        .arg("rcsD")
        .arg(library)
        .args(objects)
        .log(log)
        .run()
    }
}

/// The compiler that a build would use, and the first line of its `--version`.
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
                        "set WASI_SDK_PATH to a complete WASI SDK",
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

/// Where `cargo wadup setup` keeps a downloaded WASI SDK.
pub(crate) fn sdk_in(store: &Path) -> PathBuf {
    store.join("toolchain/wasi-sdk")
}

/// Where `cargo wadup setup` keeps a WASI sysroot for the system's clang.
pub(crate) fn sysroot_in(store: &Path) -> PathBuf {
    store.join("toolchain/wasi-sysroot")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toolchain() -> Toolchain {
        Toolchain {
            clang: PathBuf::new(),
            wasm_ld: PathBuf::new(),
            ar: PathBuf::new(),
            ranlib: PathBuf::new(),
            sysroot: PathBuf::new(),
            builtins: PathBuf::new(),
            description: String::new(),
            identity: "clang and libc".to_owned(),
            asserts: false,
            profile: Profile::default(),
            store: PathBuf::new(),
        }
    }

    #[test]
    fn assertions_change_the_toolchains_identity() {
        let toolchain = toolchain();
        assert_eq!(toolchain.assertion_flag(), "-DNDEBUG");

        let asserting = toolchain.clone().asserting();

        assert_eq!(asserting.assertion_flag(), "-UNDEBUG");
        assert_ne!(asserting.identity(), toolchain.identity());
    }

    #[test]
    fn a_profile_changes_flags_and_identity() {
        let baseline = toolchain();
        let simd = "-msimd128".to_owned();

        let modern = baseline.with_profile(Profile::Modern);

        assert!(!baseline.target_flags().contains(&simd));
        assert!(modern.target_flags().contains(&simd));
        assert_eq!(modern.rustc_flags(), ["-Ctarget-feature=+simd128"]);
        assert_ne!(modern.identity(), baseline.identity());
        let same = baseline.with_profile(Profile::Baseline);
        assert_eq!(same.identity(), baseline.identity());
    }
}
