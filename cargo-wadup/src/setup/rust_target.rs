//! Adds the Rust target of guests.

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

#[cfg(test)]
mod tests {
    use wadup_build::Silent;

    use super::*;

    #[test]
    fn missing_target_error_names_the_command_that_adds_it() {
        let store = tempfile::tempdir().unwrap();
        let store = store.path().display().to_string();
        // `echo` answers with a sysroot that does not exist, so it lacks the target.
        let variables = [("RUSTC", "echo"), ("WADUP_CACHE_DIR", &store)];
        let machine = Machine::of(variables, Box::new(Silent)).unwrap();

        let error = find(&machine).unwrap_err();

        assert_eq!(
            error.to_string(),
            "the Rust target wasm32-wasip1 is missing\nhelp: run `rustup target add wasm32-wasip1`"
        );
    }
}
