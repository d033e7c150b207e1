//! A package for the tests of what `wadup_python!` says.
//!
//! They are not in `wadup-macros` itself: Cargo takes the development dependencies of a procedural macro for build dependencies, and
//! their features would make it compile wasmtime once more.
