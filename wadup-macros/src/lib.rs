//! The macro [`wadup_python!`], which turns a crate into a guest that runs Python.
//!
//! Crates use it by its other name, `wadup_guest::wadup_python!`: what it generates calls the runtime in `wadup-guest`.
//!
//! The modules, in order: `input` parses, `index` reads what the build script knows of the Python code, `check` compares the two, and
//! `expand` generates. They work on tokens without a compiler around them, so plain tests can call them.

mod check;
mod errors;
mod expand;
mod index;
mod input;
mod nearest;
mod signature;
mod symbols;
mod target;

use std::env;

use proc_macro2::TokenStream;

use check::CrateKind;

/// Turns a crate into a guest that runs Python.
///
/// Every key is optional, and most guests need none:
///
/// ```ignore (needs the index that a build script writes)
/// wadup_guest::wadup_python! {
///     // The Python function that the host runs. A module without a function, as in "users", is imported, and its `main` called
///     // if it has one.
///     // Default: `entry-point` under [tool.wadup] in pyproject.toml. One of the two is needed.
///     entry: "users:main",
///
///     // Paths to the `#[pymodule]`s of this crate that Python can import, each under the last part of its path.
///     // Default: none.
///     modules: [fast, geometry::shapes],
///
///     // Further functions for the host to call: the name of the export, and the Python function. Libraries only.
///     // Default: none.
///     exports: {
///         reset: "users:reset",
///         // With numbers: `i32`, `i64`, `f32` and `f64`.
///         clamp: fn(value: f64, low: f64, high: f64) -> f64 = "users:clamp",
///     },
///
///     // Python functions for Rust to call.
///     // Default: none.
///     functions: {
///         /// How well `text` fits.
///         pub fn score(text: &str, weight: f64) -> f64 = "users.scoring:score";
///         // `None` leaves the argument out.
///         pub fn first(items: &[i64], limit: Option<usize> = None) -> Option<i64> = "users:first";
///     },
/// }
/// ```
///
/// The crate needs a build script that calls `wadup_build`: the macro checks every Python name against the bundle that it made. Names
/// that only running a module would show, such as those of packages, are checked at run time.
///
/// # In a library
///
/// With `crate-type = ["cdylib"]`, the guest exports
///
/// - `process() -> i32`, which calls the entry (the result of a module's `main` is ignored),
/// - each function of `exports`, of the same type if it has no signature,
/// - `wadup_status() -> i32`, if an export has a result: how the last call of such an export ended, where 0 means success. The result
///   of a call that failed is 0, or NaN,
/// - `_initialize()`, for hosts that call it.
///
/// The functions that call Python return 0 for success, and another number if it raised an exception. All can be called any number of
/// times and in any order; the first call into Python starts the interpreter.
///
/// # Functions
///
/// Each function of `functions` is a Rust function at the place of the macro. It returns `Result<T, wadup_guest::Error>`, or
/// `Result<(), _>` without `->`. In a `#[pyfunction]` it is a part of the running call; in an export that is written in Rust it is a call
/// of its own, as one of `wadup_guest::with_python`, and starts the interpreter. The Python function is looked up once.
///
/// Arguments go to the parameters of their names. The macro checks parameters and annotations against the source of the crate's Python.
/// The chapter "Calling across" of the book has the table of types.
///
/// # In a program
///
/// In `main.rs`, the macro writes `fn main`, which calls the entry once with the arguments of the program in `sys.argv`.
///
/// # Errors
///
/// The macro reports, each at its place: a key that is unknown, duplicate or without a valid value; a module or function that the
/// bundle does not have; a Python function that does not take or return the values of its signature; a path that is not a `#[pymodule]`; the name of a module or an export that is taken.
///
/// An export is a symbol of the link, so it cannot have the name of a C function in the guest, such as `free` or `read`: CPython would
/// call the export instead.
///
/// # Lints
///
/// The code does not cause warnings of rustc or clippy. It marks its exports `#[unsafe(no_mangle)]`, and has no other unsafe code.
/// A crate may still use `#![forbid(unsafe_code)]`, as the lint ignores code from macros of other crates.
#[proc_macro]
pub fn wadup_python(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    // Cargo sets it for the programs of a package, and not for its library.
    let is_program = env::var_os("CARGO_BIN_NAME").is_some();
    let kind = if is_program {
        CrateKind::Program
    } else {
        CrateKind::Library
    };
    generate(input.into(), kind)
        .unwrap_or_else(|error| expand::failure(&error, kind))
        .into()
}

/// The code of the guest that `tokens` describe.
fn generate(tokens: TokenStream, kind: CrateKind) -> syn::Result<TokenStream> {
    let input = input::parse(tokens)?;
    let (path, index) = index::read(env::var_os(wadup_contract::index::VARIABLE))?;
    let guest = check::check(input, kind, &index)?;
    Ok(expand::guest(&guest, kind, &path))
}
