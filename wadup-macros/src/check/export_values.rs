//! What an export can take and return.

use syn::{Error, Type};

use super::rust_type::written;
use crate::errors::Errors;
use crate::signature::Signature;

/// The types of WebAssembly that every host knows.
const TYPES: [&str; 4] = ["i32", "i64", "f32", "f64"];

/// Checks the types of an export.
pub(super) fn check(signature: &Signature, errors: &mut Errors) {
    let parameters = signature.parameters.iter().map(|parameter| &parameter.of);
    for of in parameters.chain(&signature.result) {
        let is_plain =
            matches!(of, Type::Path(path) if TYPES.iter().any(|name| path.path.is_ident(name)));
        if !is_plain {
            let message = format!(
                "`{}` cannot cross to the host: an export takes and returns `i32`, `i64`, `f32` and `f64`\n\
                 help: the host hands over other input as a file, and takes rows and content",
                written(of)
            );
            errors.add(Error::new_spanned(of, message));
        }
    }
}
