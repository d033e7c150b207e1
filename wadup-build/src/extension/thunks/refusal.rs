//! Why an object could not be given adapters.

use crate::object;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// It cannot be read.
    #[error(transparent)]
    Object(#[from] object::Refusal),
    /// It has two sections or symbol tables of a kind of which a linker makes one.
    #[error("it repeats a section or a symbol table of which an object has one")]
    Repeated,
    /// An index in it leads nowhere.
    #[error("it names a type, a function or a symbol that it does not hold")]
    Dangling,
    /// It has no code section to which adapters could be added.
    #[error(
        "its tables name functions, but it has no code: merge it with the objects that define them (`wasm-ld -r`)"
    )]
    NoCode,
    /// The functions that no adapter can call, one a line.
    #[error(
        "CPython calls these functions by another signature, which traps on wasm, and no adapter can convert the parameters:\n  {}\n\
         help: patch the package, so that the functions take and return what CPython expects",
        .0.join("\n  ")
    )]
    Functions(Vec<String>),
}

impl From<wasmparser::Error> for Refusal {
    fn from(error: wasmparser::Error) -> Self {
        object::Refusal::from(error).into()
    }
}
