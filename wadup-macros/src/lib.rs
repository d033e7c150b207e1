//! The macro [`wadup_python!`], which turns a crate into a guest that runs Python.
//!
//! Crates use it by its other name, `wadup_guest::wadup_python!`: what it generates calls the runtime in `wadup-guest`.
//!
//! The modules follow the way from tokens to tokens: `input` parses, `index` reads what the build script knows of the Python code,
//! `check` compares the two, `expand` generates. None of them needs a compiler around it, so that plain tests can call them.

mod check;
mod errors;
mod expand;
mod index;
mod input;
mod nearest;
mod symbols;
mod target;

use std::env;

use proc_macro2::TokenStream;

use check::CrateKind;

/// Turns a crate into a guest that runs Python.
///
/// Every key may be left out, and most guests need none:
///
/// ```ignore (needs the index that a build script writes)
/// wadup_guest::wadup_python! {
///     // The Python function that the host runs. A module without a function, "users", is imported, then its `main` called if it
///     // has one.
///     // Default: `entry-point` under [tool.wadup] in pyproject.toml. One of the two is needed.
///     entry: "users:main",
///
///     // Paths to the `#[pymodule]`s of this crate that Python can import, each under the last part of its path.
///     // Default: none.
///     modules: [fast, geometry::shapes],
///
///     // Further functions for the host to call: the name that the host knows, and what it stands for. Libraries only.
///     // Default: none.
///     exports: { score: "users.scoring:score", reset: "users:reset" },
/// }
/// ```
///
/// The crate needs a build script that calls `wadup_build`: the macro checks every Python name against what that put into the
/// bundle. Names that only running the module would show, such as those of required packages, are found missing at run time.
///
/// # In a library
///
/// With `crate-type = ["cdylib"]`, the guest exports
///
/// - `process() -> i32`, which calls the entry (what `main` of a module returns is not looked at),
/// - each function of `exports`, of the same type,
/// - `_initialize()`, for hosts that look for it.
///
/// The functions that call Python return 0 when that returned, and another number when it raised an exception. All can be called any
/// number of times and in any order; the first call into Python starts the interpreter.
///
/// # In a program
///
/// In `main.rs`, the macro writes `fn main`, which calls the entry once with the arguments of the program in `sys.argv`.
///
/// # Errors
///
/// The macro reports, each at its place: a key that is unknown, given twice or without a value of the right kind; a module or
/// function that the bundle does not have; a path that is no `#[pymodule]`; the name of a module or an export that is taken.
///
/// An export is a symbol of the link, hence it cannot have the name of a C function in the guest, such as `free` or `read`: CPython
/// would call it in place of that.
///
/// # Lints
///
/// The code is without warnings of rustc and clippy. It marks its exports `#[unsafe(no_mangle)]`, and holds no other unsafe code;
/// a crate may `#![forbid(unsafe_code)]` all the same, as the lint leaves out what macros of other crates write.
#[proc_macro]
pub fn wadup_python(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    // Cargo sets it for each program of a package, and not for its library.
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
    let index = index::read(env::var_os(index::VARIABLE))?;
    let guest = check::check(input, kind, &index)?;
    Ok(expand::guest(&guest, kind, &index.path))
}
