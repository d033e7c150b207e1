//! Builds CPython, and lets the linker inline the hot calls between the objects of its core.
//!
//! Clang inlines within an object only. The calls between objects that the profile calls hot cost about a twentieth of a program's
//! instructions. The evaluation loop stays as it is: what is inlined there grows its frame on the host's stack by more than half, and
//! with it what recursion takes.

use std::fs;
use std::path::Path;

use super::jobs;
use crate::command::{DATE, Program};
use crate::environment::Tool;
use crate::error::{FileContext, Result};
use crate::toolchain::Toolchain;

/// The objects of the core, by their paths in CPython's build.
const OBJECTS: [&str; 32] = [
    "Objects/abstract.o",
    "Objects/boolobject.o",
    "Objects/bytesobject.o",
    "Objects/call.o",
    "Objects/cellobject.o",
    "Objects/classobject.o",
    "Objects/descrobject.o",
    "Objects/dictobject.o",
    "Objects/enumobject.o",
    "Objects/floatobject.o",
    "Objects/frameobject.o",
    "Objects/funcobject.o",
    "Objects/genobject.o",
    "Objects/iterobject.o",
    "Objects/listobject.o",
    "Objects/longobject.o",
    "Objects/methodobject.o",
    "Objects/moduleobject.o",
    "Objects/object.o",
    "Objects/obmalloc.o",
    "Objects/rangeobject.o",
    "Objects/setobject.o",
    "Objects/sliceobject.o",
    "Objects/tupleobject.o",
    "Objects/typeobject.o",
    "Objects/unicodeobject.o",
    "Python/bltinmodule.o",
    "Python/errors.o",
    "Python/frame.o",
    "Python/gc.o",
    "Python/getargs.o",
    "Python/modsupport.o",
];

/// CPython's own command.
pub(super) const COMMAND: &str = "python.wasm";

/// What the linker optimized the objects to, beside the command.
const OPTIMIZED: &str = "python.wasm.lto.o";

/// The name of the same in the library.
const MEMBER: &str = "core.o";

/// Compiles the objects to bitcode. `configure` gave the profile by another variable.
const COMPILED: &str = "CFLAGS_NODIST=-flto";

/// Inlines what the profile calls hot, up to this size, and nothing else.
const INLINED: [(&str, u32); 5] = [
    ("inline-threshold", 0),
    ("inlinehint-threshold", 0),
    ("inline-cold-callsite-threshold", 0),
    ("locally-hot-callsite-threshold", 0),
    ("hot-callsite-threshold", 500),
];

/// Builds CPython in its configured folder, and replaces the objects in its `library`.
pub(super) fn build(toolchain: &Toolchain, folder: &Path, library: &str, log: &Path) -> Result<()> {
    let make = || {
        Program::new(Tool::Make, "make", "building CPython for wasm")
            .or_else("install make")
            .arg(jobs())
            .current_dir(folder)
            .log(log)
            // `sys.version` ends with it.
            .env(DATE.0, DATE.1)
    };
    make().arg(COMPILED).args(OBJECTS).run()?;
    make().arg(linked()).run()?;

    let ar = |action: &str| {
        Program::new(Tool::Compiler, toolchain.ar(), "changing CPython's library")
            .args([action, library])
            .current_dir(folder)
            .log(log)
    };
    ar("d").args(OBJECTS).run()?;
    let (optimized, member) = (folder.join(OPTIMIZED), folder.join(MEMBER));
    fs::rename(&optimized, &member).on("rename", &optimized)?;
    ar("q").arg(MEMBER).run()
}

/// Keeps the C API, most of which only guests call, and what the linker optimized.
///
/// Other variables of flags for the linker end up in the guest's `sysconfig`.
fn linked() -> String {
    let inlined = INLINED.map(|(option, size)| format!("-Wl,-mllvm,-{option}={size}"));
    format!(
        "LINKFORSHARED=-Wl,--export-dynamic -Wl,--save-temps {}",
        inlined.join(" ")
    )
}
