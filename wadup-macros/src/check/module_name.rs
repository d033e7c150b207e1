//! The names under which Python imports the crate's `#[pymodule]`s.

use std::collections::BTreeSet;

use syn::Path;
use syn::ext::IdentExt;
use wadup_contract::index::Index;

use super::python_name::RUNTIME_MODULE;
use crate::errors::Errors;

/// The names of `modules`, the last part of each path; `errors` has those that are taken.
pub(super) fn check(modules: &[Path], index: &Index, errors: &mut Errors) -> BTreeSet<String> {
    let is_in_bundle = |name: &str| {
        let modules = index.modules.as_ref();
        modules.is_some_and(|modules| modules.contains_key(name))
    };
    let mut names = BTreeSet::new();
    for segment in modules.iter().filter_map(|path| path.segments.last()) {
        let name = segment.ident.unraw().to_string();
        let span = segment.ident.span();
        if name == RUNTIME_MODULE {
            let message = format!(
                "`{name}` is not a valid module name: every guest has a Python module `{name}`\n\
                 help: rename the `#[pymodule]`"
            );
            errors.report(span, message);
        } else if is_in_bundle(&name) {
            let message = format!(
                "`{name}` is not a valid module name: the bundle has a Python module `{name}`\n\
                 help: rename the `#[pymodule]`"
            );
            errors.report(span, message);
        } else if !names.insert(name.clone()) {
            errors.report(span, format_args!("duplicate module `{name}`"));
        }
    }
    names
}
