//! What `cargo wadup test` and the conformance programs of wadup's repository share; no promise is made about it.

#[cfg(feature = "wasmtime")]
pub mod suite;
