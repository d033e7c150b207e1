//! The one warning is that of `careless`: the code of the macro is clean under the strictest lints.

#![deny(warnings, missing_docs, unsafe_op_in_unsafe_fn, unused_qualifications, unreachable_pub)]
#![deny(let_underscore_drop, non_ascii_idents, unused_extern_crates, unused_import_braces)]
#![forbid(unsafe_code)]

mod native {
    #[pyo3::pymodule]
    pub mod fast {}
}

/// A Rust function may have the name of an export.
pub fn score() {}

wadup_guest::wadup_python! {
    entry: "users:main",
    modules: [native::fast],
    exports: { score: "users.scoring:score", schema: "pydantic:BaseModel" },
}

fn careless() {
    let unused = 1;
}

fn main() {
    score();
}
