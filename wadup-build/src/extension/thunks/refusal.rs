//! Why an object could not be given adapters.

use crate::object;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// It cannot be read.
    #[error(transparent)]
    Object(#[from] object::Refusal),
    /// It has two sections or symbol tables where a linker makes one.
    #[error("it has two sections, or two tables of symbols, of a kind of which there is one")]
    Repeated,
    /// There is no code behind which adapters could be put.
    #[error("its tables name functions of other objects: merge it with these by `wasm-ld -r`")]
    NoCode,
    /// The functions that no adapter can call, one a line.
    #[error(
        "CPython calls functions by another signature than theirs, which traps on wasm, and no adapter can stand between:\n  {}\n\
         help: patch the package, so that they have the parameters and results that CPython expects",
        .0.join("\n  ")
    )]
    Functions(Vec<String>),
}

impl From<wasmparser::Error> for Refusal {
    fn from(error: wasmparser::Error) -> Self {
        object::Refusal::from(error).into()
    }
}
