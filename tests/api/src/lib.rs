//! The public items of each crate are in a file beside this folder. `tests/baseline.rs` compares them.
