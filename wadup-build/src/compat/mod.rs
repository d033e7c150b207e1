//! Headers that CPython and packages expect and both wasi-libc and libc++ lack, and the functions of POSIX that they declare.
//!
//! What WASI cannot do fails when it is called, with ENOSYS; what a guest can answer truly, such as how many processors it
//! has or what an address in digits stands for, it answers. A header precedes the toolchain's header of that name, and
//! includes it.
//!
//! CPython and packages each have the functions that they call: CPython in a hidden archive, a package in its object.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{FileContext, Result};
use crate::hash;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};
use crate::toolchain::Toolchain;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!($name))),*]
    };
}

const HEADERS: &[(&str, &str)] = files![
    "c++/condition_variable",
    "c++/future",
    "c++/mutex",
    "c++/shared_mutex",
    "c++/thread",
    "c++/wadup_threads",
    "include/__typedef_sigset_t.h",
    "include/fcntl.h",
    "include/grp.h",
    "include/locale.h",
    "include/net/if.h",
    "include/netdb.h",
    "include/pthread.h",
    "include/pty.h",
    "include/pwd.h",
    "include/sched.h",
    "include/setjmp.h",
    "include/signal.h",
    "include/spawn.h",
    "include/stdlib.h",
    "include/sys/ioctl.h",
    "include/sys/resource.h",
    "include/sys/select.h",
    "include/sys/socket.h",
    "include/sys/stat.h",
    "include/sys/sysmacros.h",
    "include/sys/time.h",
    "include/sys/times.h",
    "include/sys/wait.h",
    "include/syslog.h",
    "include/termios.h",
    "include/unistd.h",
    "include/utmp.h",
    "include/wchar.h",
];

/// Functions for packages and CPython.
const FUNCTIONS: &[(&str, &str)] = files![
    "c/jumps.c",
    "c/locale.c",
    "c/names.c",
    "c/posix.c",
    "c/processes.c",
    "c/select.c",
    "c/signals.c",
    "c/sockets.c",
    "c/terminals.c",
    "c/threads.c",
    "c/time.c",
    "c/users.c",
];

/// Functions for CPython alone: they replace those of libc, and share state with each other.
const MAPS: &[(&str, &str)] = files!["c/maps.c"];

/// What the sources include.
const FAILS: (&str, &str) = ("c/fails.h", include_str!("c/fails.h"));

/// The archives with the functions, by file name and in link order.
pub(crate) const ARCHIVES: [&str; 2] = ["libmaps.a", "libposix.a"];

/// The recipe of the folders `include` and `c++`, and of the archives in `lib`.
pub(crate) struct Compat<'a> {
    pub(crate) toolchain: &'a Toolchain,
}

impl Recipe for Compat<'_> {
    fn name(&self) -> String {
        "compat".into()
    }

    fn inputs(&self) -> Inputs {
        let listed = |files: &[(&str, &str)]| {
            let texts = files.iter().map(|(name, text)| format!("{name}\n{text}"));
            hash::of_bytes(texts.collect::<String>())
        };
        Inputs::of_code(code!["mod.rs"])
            .with("toolchain", self.toolchain.identity())
            .with("headers", listed(HEADERS))
            .with("functions", listed(FUNCTIONS))
            .with("maps", listed(MAPS))
            .with("failures", listed(&[FAILS]))
    }

    fn step(&self) -> String {
        "compiling functions that wasi-libc lacks".into()
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        for file in HEADERS {
            write(file, dirs.content)?;
        }
        write(&FAILS, dirs.scratch)?;
        let [maps, posix] = ARCHIVES;
        self.archive(MAPS, maps, dirs)?;
        self.archive(FUNCTIONS, posix, dirs)
    }
}

impl Compat<'_> {
    /// Compiles sources to one archive.
    fn archive(&self, sources: &[(&str, &str)], name: &str, dirs: &RecipeDirs<'_>) -> Result<()> {
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
        let mut objects = Vec::new();
        for file in sources {
            let source = write(file, dirs.scratch)?;
            let object = source.with_extension("o");
            self.toolchain.compile(&source, &object, flags, dirs.log)?;
            objects.push(object);
        }
        let archive = dirs.content.join("lib").join(name);
        self.toolchain.archive(&archive, &objects, dirs.log)
    }
}

fn write((name, text): &(&str, &str), folder: &Path) -> Result<PathBuf> {
    let file = folder.join(name);
    let parent = file.parent().unwrap_or(folder);
    fs::create_dir_all(parent).on("create", parent)?;
    fs::write(&file, text).on("write", &file)?;
    Ok(file)
}

/// The flags to compile CPython with the headers.
pub(crate) fn flags(artifact: &Path) -> String {
    // wasi-libc's header for maps wants to be asked for.
    format!(
        "-isystem {} -D_WASI_EMULATED_MMAN",
        artifact.join("include").display()
    )
}

/// The flags to link CPython with the functions.
pub(crate) fn link_flags(artifact: &Path) -> String {
    format!("-L{} -lmaps -lposix", artifact.join(FOLDER).display())
}

/// The archives for CPython, in link order.
pub(crate) fn archives(artifact: &Artifact) -> [PathBuf; 2] {
    ARCHIVES.map(|name| artifact.join(FOLDER).join(name))
}

/// The folder of the archives.
const FOLDER: &str = "lib";

/// The archive for packages, which link the functions that they call.
pub(crate) fn library(artifact: &Artifact) -> PathBuf {
    let [_, posix] = ARCHIVES;
    artifact.join(FOLDER).join(posix)
}
