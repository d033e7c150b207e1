//! The environment variables of a package's build, except for paths of this machine.

use std::ffi::OsString;
use std::path::PathBuf;

use super::machine::{Machine, quoted};
use crate::command::DATE;
use crate::cpython;
use crate::environment;
use crate::error::{Error, Result};
use crate::store::Artifact;
use crate::toolchain::TARGET;

/// Settings of Cargo's release profile, which override a crate's.
const PROFILE: [(&str, &str); 2] = [
    ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
];

impl Machine<'_> {
    /// The variables of a backend and its child processes, except for paths of this machine.
    pub(super) fn variables(&self) -> Result<Vec<(String, OsString)>> {
        let program = |name: &str| self.programs().join(name).into_os_string();
        let file = |name: &str| self.folder().join(name).into_os_string();
        let jobs = environment::jobs().to_string();
        let cc = self.programs().join("cc").display().to_string();
        let mut variables: Vec<(String, OsString)> = [
            ("HOME", self.home().into_os_string()),
            ("PATH", self.path()?),
            ("PYTHONPATH", self.python_path()?),
            ("PYTHONDONTWRITEBYTECODE", "1".into()),
            // Cython writes dictionaries and sets in hash order.
            ("PYTHONHASHSEED", "0".into()),
            ("PYTHONUTF8", "1".into()),
            ("LC_ALL", "C.UTF-8".into()),
            (DATE.0, DATE.1.into()),
            (
                "_PYTHON_SYSCONFIGDATA_NAME",
                cpython::SYSCONFIG_MODULE.into(),
            ),
            ("_PYTHON_HOST_PLATFORM", "wasi-wasm32".into()),
            ("CC", program("cc")),
            ("CXX", program("c++")),
            ("AR", program("ar")),
            ("RANLIB", program("ranlib")),
            ("LDSHARED", format!("{cc} -shared").into()),
            ("CFLAGS", self.cflags().into()),
            ("CXXFLAGS", self.cflags().into()),
            ("CMAKE_TOOLCHAIN_FILE", file("toolchain.cmake")),
            ("CMAKE_GENERATOR", "Ninja".into()),
            // CMake 4 rejects projects that require an older version, although they build.
            ("CMAKE_POLICY_VERSION_MINIMUM", "3.5".into()),
            ("CMAKE_BUILD_PARALLEL_LEVEL", jobs.clone().into()),
            ("CARGO", self.context.cargo.into()),
            ("CARGO_HOME", self.context.cargo_home.into()),
            ("CARGO_BUILD_JOBS", jobs.into()),
            ("CARGO_BUILD_TARGET", TARGET.into()),
            ("CARGO_ENCODED_RUSTFLAGS", self.rustflags().into()),
            ("CARGO_NET_OFFLINE", "true".into()),
            ("CARGO_TARGET_DIR", self.scratch.join("target").into()),
            ("CARGO_TARGET_WASM32_WASIP1_LINKER", program("wasm-ld")),
            // The user's compiler wrapper does not apply to this build.
            ("RUSTC_WRAPPER", OsString::new()),
            ("CC_wasm32_wasip1", program("cc")),
            ("CXX_wasm32_wasip1", program("c++")),
            ("AR_wasm32_wasip1", program("ar")),
            ("CFLAGS_wasm32_wasip1", self.cflags().into()),
            ("PYO3_CONFIG_FILE", file("pyo3.txt")),
            ("PYO3_PYTHON", self.context.base.interpreter().into()),
            (
                "MATURIN_PEP517_ARGS",
                format!("-i {}", quoted(&self.context.base.interpreter())).into(),
            ),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        variables.extend(self.of_build_machine());
        // For the crate openssl-sys, which looks for no library when it builds for another machine.
        let openssl = self.on_demand.iter().map(Artifact::path);
        let mut openssl = openssl.filter(|path| path.join("include/openssl").is_dir());
        variables.extend(
            openssl
                .next()
                .map(|path| ("OPENSSL_DIR".to_owned(), path.into())),
        );
        if let Some(home) = self.context.rustup_home {
            variables.push(("RUSTUP_HOME".to_owned(), home.into()));
        }
        variables.extend(PROFILE.map(|(name, value)| (name.to_owned(), value.into())));
        let of_overlay = self.overlay.env.iter();
        variables.extend(of_overlay.map(|(name, value)| (name.clone(), value.into())));
        Ok(variables)
    }

    /// The compilers for programs that run during the build, such as Rust's build scripts.
    fn of_build_machine(&self) -> Vec<(String, OsString)> {
        let host = self
            .context
            .rustc
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .unwrap_or_default();
        let name = host.replace('-', "_");
        [
            (format!("CARGO_TARGET_{}_LINKER", name.to_uppercase()), "cc"),
            ("HOST_CC".to_owned(), "cc"),
            (format!("CC_{name}"), "cc"),
            (format!("CXX_{name}"), "c++"),
            (format!("AR_{name}"), "ar"),
        ]
        .into_iter()
        .filter_map(|(variable, program)| Some((variable, self.found(program)?.into_os_string())))
        .chain([(format!("CFLAGS_{name}"), "-O1".into())])
        .collect()
    }

    fn rustflags(&self) -> String {
        let remapped = self.private().map(|(path, stands_for)| {
            format!("--remap-path-prefix={}={stands_for}", path.display())
        });
        let features = self.context.base.toolchain.rustc_flags().iter();
        let flags: Vec<String> = remapped
            .chain(features.map(|flag| (*flag).to_owned()))
            .chain(self.overlay.rustflags.iter().cloned())
            .collect();
        flags.join("\u{1f}")
    }

    fn path(&self) -> Result<OsString> {
        let ours = [self.programs(), self.tools.join("bin")];
        let path = std::env::split_paths(self.context.path);
        joined(ours.into_iter().chain(path))
    }

    fn python_path(&self) -> Result<OsString> {
        let folders = [self.modules()].into_iter().chain(self.numpy.clone());
        joined(folders.chain([self.tools.path().to_owned()]))
    }
}

fn joined(folders: impl Iterator<Item = PathBuf>) -> Result<OsString> {
    std::env::join_paths(folders).map_err(|error| {
        Error::missing(
            format!("a folder for builds without `:` in its path ({error})"),
            "choose one with WADUP_CACHE_DIR",
        )
    })
}
