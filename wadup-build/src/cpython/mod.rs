//! CPython: the release's source, a native build of it, and the static library for the guest.

mod build_python;
mod builtin;
mod libpython;
mod plain_path;
mod profile;
mod source;
mod stdlib;

pub(crate) use build_python::BuildPython;
pub(crate) use builtin::{Builtin, FROZEN, OF_INTERPRETER, imports_of};
pub(crate) use libpython::{LibPython, stdlib_prefix};
pub(crate) use source::{archive, obtain};

use crate::environment;

/// The CPython release in guests.
pub(crate) const VERSION: &str = "3.13.5";

/// The part of the version in the names of folders and libraries.
pub(crate) const SERIES: &str = "3.13";

/// The module with the build configuration that `sysconfig` reads. CPython names it after the ABI, the system and the
/// machine of the target (`sysconfig._get_sysconfigdata_name`).
pub(crate) const SYSCONFIG_MODULE: &str = "_sysconfigdata__wasi_wasm32-wasi";

/// The files in `lib` of the artifact of [`LibPython`], in link order.
pub(crate) const LIBRARIES: [&str; 4] = [
    "libpython3.13.a",
    "libmpdec.a",
    "libexpat.a",
    "libHacl_Hash_SHA2.a",
];

/// The option for the number of parallel jobs of make.
fn jobs() -> String {
    format!("-j{}", environment::jobs())
}
