//! CPython and the libraries that it calls.

use std::path::PathBuf;

use super::library::{Library, names_of};
use super::names::{PREFIX, Public};
use crate::cpython::Series;
use crate::error::Result;
use crate::object;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};
use crate::toolchain::Toolchain;
use crate::{clibs, compat};

/// The emulation of what WASI lacks, which CPython calls: signals, process id, clocks, `mmap`.
const OF_SYSROOT: [&str; 5] = [
    "libwasi-emulated-signal.a",
    "libwasi-emulated-getpid.a",
    "libwasi-emulated-process-clocks.a",
    "libwasi-emulated-mman.a",
    "libdl.a",
];

/// The recipe of CPython's archives with only the C API visible, and of the libraries that it calls with nothing
/// visible.
pub(crate) struct PythonLibraries<'a> {
    python: &'a Artifact,
    series: &'static Series,
    c_libraries: &'a Artifact,
    compat: &'a Artifact,
    toolchain: &'a Toolchain,
}

impl<'a> PythonLibraries<'a> {
    /// The recipe for these artifacts and this toolchain.
    pub(crate) fn of(
        python: &'a Artifact,
        series: &'static Series,
        c_libraries: &'a Artifact,
        compat: &'a Artifact,
        toolchain: &'a Toolchain,
    ) -> Self {
        Self {
            python,
            series,
            c_libraries,
            compat,
            toolchain,
        }
    }

    /// The archives in the artifact, in link order.
    pub(crate) fn archives(artifact: &Artifact, series: &Series) -> impl Iterator<Item = PathBuf> {
        let names = series
            .libraries
            .map(str::to_owned)
            .into_iter()
            .chain(clibs::archives())
            // Before the emulation, whose `mmap` one of them replaces.
            .chain(compat::ARCHIVES.map(str::to_owned))
            .chain(OF_SYSROOT.map(str::to_owned));
        names.map(|name| artifact.join("lib").join(name))
    }
}

/// The emulation libraries as they are, for the user's crates and native packages that call them.
pub(crate) fn of_sysroot(toolchain: &Toolchain) -> impl Iterator<Item = PathBuf> {
    OF_SYSROOT
        .map(|library| toolchain.sysroot_library(library))
        .into_iter()
}

impl Recipe for PythonLibraries<'_> {
    fn name(&self) -> String {
        "python-libraries".into()
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(super::CODE)
            .with_code("python", code!["python.rs"])
            .with_code("object", object::CODE)
            .with_artifact(self.python)
            .with_artifact(self.c_libraries)
            .with_artifact(self.compat)
            .with("toolchain", self.toolchain.identity())
            .with("prefix", PREFIX)
    }

    fn step(&self) -> String {
        "hiding the libraries of CPython from other code".into()
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let names = self.series.libraries;
        let python = names.iter().map(|name| self.python.join("lib").join(name));
        let rest = clibs::archives().map(|name| self.c_libraries.join("lib").join(name));
        let mut libraries = Vec::new();
        let compat = compat::archives(self.compat);
        let files = python.chain(rest).chain(compat);
        for file in files.chain(of_sysroot(self.toolchain)) {
            let public = if file.ends_with(names[0]) {
                Public::PythonApi
            } else {
                Public::Nothing
            };
            libraries.push(Library::read(&file, public)?);
        }
        let names = names_of(&libraries)?;
        libraries
            .iter()
            .try_for_each(|library| library.write_renamed(&names, self.toolchain, dirs))
    }
}
