//! What native packages in C++ expect of a system: libc++, long doubles as text, and an end where C++ throws.

use std::fs;
use std::path::PathBuf;

use crate::error::{FileContext, Result};
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};
use crate::toolchain::{Cxx, Toolchain};

const EXCEPTIONS: &str = include_str!("runtime/exceptions.c");

/// The archives in the folder `lib` of the artifact, in the order in which they are linked.
pub(super) const ARCHIVES: [&str; 3] = ["libc++.a", "libc++abi.a", "libexceptions.a"];

/// wasi-libc's `printf`, `scanf` and `strtod` that know long doubles; those in libc.a end the program at the first one.
const LONG_DOUBLE: &str = "c-printscan-long-double";

/// The recipe of the archives that a guest with C++ in it is linked with.
///
/// They lie in folders of their own because those of the toolchain may hold another libc.
pub(super) struct Runtime<'a> {
    pub(super) toolchain: &'a Toolchain,
    pub(super) cxx: &'a Cxx,
}

impl Recipe for Runtime<'_> {
    fn name(&self) -> String {
        "extension-runtime".into()
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(code!["runtime.rs"])
            .with("toolchain", self.toolchain.identity())
            .with("libc++", self.cxx.identity())
            .with("exceptions", crate::hash::of_bytes(EXCEPTIONS))
    }

    fn step(&self) -> String {
        "putting the C++ runtime together".into()
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let [lib, first] = ["lib", "first"].map(|folder| dirs.content.join(folder));
        for folder in [&lib, &first] {
            fs::create_dir_all(folder).on("create", folder)?;
        }
        let [library, abi, exceptions] = ARCHIVES.map(|name| lib.join(name));
        let [from_library, from_abi] = self.cxx.libraries();
        let name = format!("lib{LONG_DOUBLE}.a");
        let copies = [
            (from_library, library),
            (from_abi, abi),
            (self.toolchain.sysroot_library(&name), first.join(&name)),
        ];
        for (from, to) in copies {
            fs::copy(&from, &to).on("copy", &from)?;
        }
        let source = dirs.scratch.join("exceptions.c");
        fs::write(&source, EXCEPTIONS).on("write", &source)?;
        let object = dirs.scratch.join("exceptions.o");
        let flags = ["-O2", "-Wall", "-Wextra", "-Werror"];
        self.toolchain.compile(&source, &object, flags, dirs.log)?;
        self.toolchain.archive(&exceptions, &[object], dirs.log)
    }
}

/// The archives of an artifact of [`Runtime`] that may be linked in any place.
pub(super) fn archives(artifact: &Artifact) -> Vec<PathBuf> {
    ARCHIVES.map(|name| artifact.join("lib").join(name)).into()
}

/// The library that must be found before libc.
pub(super) fn before_libc(artifact: &Artifact) -> crate::link::NamedArchive {
    crate::link::NamedArchive {
        name: LONG_DOUBLE,
        folder: artifact.join("first"),
    }
}
