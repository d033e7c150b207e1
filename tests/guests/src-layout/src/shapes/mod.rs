//! Rust code in the folder of a Python package.

pub(crate) const SIDES: [u32; 2] = [0, 4];
