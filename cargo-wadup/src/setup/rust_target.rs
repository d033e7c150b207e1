//! The Rust target of every guest.

use std::path::Path;

use wadup_build::machine::{Machine, Program, Tool};
use wadup_build::output::TARGET;
use wadup_build::{Error, Result};

pub(super) fn find(machine: &Machine) -> Result<String> {
    let rustc = machine.variable("RUSTC").unwrap_or_else(|| "rustc".into());
    let sysroot = Program::new(Tool::Rust, &rustc, "asking rustc for its folder")
        .or_else("install Rust with rustup")
        .args(["--print", "sysroot"])
        .output()?;
    let library = Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(TARGET)
        .join("lib");
    if library.is_dir() {
        return Ok(TARGET.to_owned());
    }
    Err(Error::Missing {
        what: format!("the Rust target {TARGET}"),
        help: format!("run `rustup target add {TARGET}`"),
    })
}

pub(super) fn install() -> Result<()> {
    Program::new(Tool::Rust, "rustup", "adding the Rust target")
        .or_else(format!(
            "install Rust's standard library for {TARGET} with your system's packages"
        ))
        .args(["target", "add", TARGET])
        .run()
}
