//! The names under which the host finds the exports.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Error, Result};

use crate::symbols;

/// Checks that the host can find an export under `name`, and that nothing else in the guest has this name.
pub(super) fn check(name: &Ident) -> Result<()> {
    let text = name.unraw().to_string();
    let fault = if text.is_ascii() {
        symbols::owner(&text)
    } else {
        Some("Rust allows only ASCII letters, digits and `_` in a symbol".to_owned())
    };
    fault.map_or(Ok(()), |fault| {
        let message = format!(
            "`{text}` is not a valid export name: {fault}\n\
             help: choose another name; the Python function keeps its own"
        );
        Err(Error::new(name.span(), message))
    })
}
