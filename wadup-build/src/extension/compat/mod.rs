//! Headers that packages expect and both wasi-libc and libc++ lack, and functions that fail when called.

use std::fs;
use std::path::PathBuf;

use crate::error::{FileContext, Result};
use crate::hash;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};
use crate::toolchain::Toolchain;

macro_rules! headers {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!($name))),*]
    };
}

/// Each precedes the toolchain's header of that name, and includes it.
const HEADERS: &[(&str, &str)] = headers![
    "c++/condition_variable",
    "c++/future",
    "c++/mutex",
    "c++/shared_mutex",
    "c++/thread",
    "c++/wadup_threads",
    "include/netdb.h",
    "include/pthread.h",
    "include/pwd.h",
    "include/setjmp.h",
    "include/signal.h",
    "include/sys/wait.h",
    "include/unistd.h",
];

const POSIX: &str = include_str!("posix.c");

/// The recipe of the folders `include` and `c++` and the library with the functions.
pub(super) struct Compat<'a> {
    pub(super) toolchain: &'a Toolchain,
}

impl Recipe for Compat<'_> {
    fn name(&self) -> String {
        "compat".into()
    }

    fn inputs(&self) -> Inputs {
        let headers = HEADERS.iter().map(|(name, text)| format!("{name}\n{text}"));
        Inputs::of_code(code!["mod.rs"])
            .with("toolchain", self.toolchain.identity())
            .with("headers", hash::of_bytes(headers.collect::<String>()))
            .with("functions", hash::of_bytes(POSIX))
    }

    fn step(&self) -> String {
        "compiling functions that wasi-libc lacks".into()
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        for (name, text) in HEADERS {
            let file = dirs.content.join(name);
            let folder = file.parent().unwrap_or(dirs.content);
            fs::create_dir_all(folder).on("create", folder)?;
            fs::write(&file, text).on("write", &file)?;
        }
        let source = dirs.scratch.join("posix.c");
        fs::write(&source, POSIX).on("write", &source)?;
        let object = dirs.scratch.join("posix.o");
        let headers = format!("-isystem{}", dirs.content.join("include").display());
        let flags = [
            "-O2",
            "-Wall",
            "-Wextra",
            "-Wno-unused-parameter",
            "-Werror",
            // Only functions that are called are linked.
            "-ffunction-sections",
            &headers,
        ];
        self.toolchain.compile(&source, &object, flags, dirs.log)?;
        self.toolchain
            .archive(&dirs.content.join("libposix.a"), &[object], dirs.log)
    }
}

/// The library: packages link the functions that they call.
pub(super) fn library(artifact: &Artifact) -> PathBuf {
    artifact.join("libposix.a")
}
