//! Why adapters could not be added to an object.

use crate::object;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// The object cannot be parsed.
    #[error(transparent)]
    Object(#[from] object::Refusal),
    /// It repeats a section or symbol table that must be unique.
    #[error("it repeats a section or a symbol table of which an object has one")]
    Repeated,
    /// An index in it is out of range.
    #[error("it names a type, a function or a symbol that it does not hold")]
    Dangling,
    /// A constructor takes parameters or returns something.
    #[error("one of its constructors has parameters or a result")]
    Constructor,
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
