//! Sets `cfg(guests)` if the guests have been built, so that `cargo test` alone ignores the tests that run them.

use std::path::{Path, PathBuf};

/// Cargo builds it after most of the others.
const LAST: &str = "wasm32-wasip1/release/traced.wasm";

fn main() {
    println!("cargo::rustc-check-cfg=cfg(guests)");
    // target/PROFILE/build/harness-HASH/out
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    let target = out.ancestors().nth(4).unwrap_or(Path::new("target"));
    let guest = target.join(LAST);
    println!("cargo::rerun-if-changed={}", guest.display());
    if guest.is_file() {
        println!("cargo::rustc-cfg=guests");
    }
}
