//! The one warning is that of `careless`: the code of the macro is clean under the strictest lints.

#![deny(warnings, missing_docs, unused_qualifications)]
#![forbid(unsafe_code)]

#[pyo3::pymodule]
mod fast {}

wadup_guest::wadup_python! {
    modules: [crate::fast],
}

fn careless() {
    let unused = 1;
}
