//! CPython: the releases, the source of one, a native build of it, and the static library for the guest.

mod available;
mod build_python;
mod builtin;
mod candidate;
mod default;
mod interpreter;
mod libpython;
mod plain_path;
mod profile;
mod releases;
mod source;
mod stdlib;
mod wanted;

pub(crate) use available::{Choice, Choosing, Looking};
pub(crate) use build_python::BuildPython;
pub(crate) use builtin::Builtin;
pub use candidate::Candidate;
pub(crate) use default::DEFAULT_AS_TOML;
pub(crate) use libpython::LibPython;
pub(crate) use releases::{Release, Series};
pub(crate) use source::{archive, obtain};
pub(crate) use wanted::Wanted;

use crate::environment;

/// The module with the build configuration that `sysconfig` reads. CPython names it after the ABI, the system and the
/// machine of the target (`sysconfig._get_sysconfigdata_name`).
pub(crate) const SYSCONFIG_MODULE: &str = "_sysconfigdata__wasi_wasm32-wasi";

/// The option for the number of parallel jobs of make.
fn jobs() -> String {
    format!("-j{}", environment::jobs())
}
