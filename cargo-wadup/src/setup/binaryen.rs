//! Finds Binaryen, whose wasm-opt makes guests smaller, and installs it into the store. Builds work without it.

use wadup_build::machine::{Machine, Program, Tool};
use wadup_build::{Error, Result};

/// The release that npm installs. The same release optimizes a guest to the same bytes on every machine.
const VERSION: &str = "132.0.0";

const WHAT: &str = "wasm-opt";

/// Finds wasm-opt.
pub(super) fn find(machine: &Machine) -> Result<String> {
    let found = machine.wasm_opt()?;
    Ok(format!(
        "{}, {}",
        found.version(),
        found.program().display()
    ))
}

/// Installs Binaryen if no wasm-opt is there that is new enough.
pub(super) fn set_up(machine: &Machine) -> Result<()> {
    let progress = machine.progress();
    if find(machine).is_err() {
        progress.begin(WHAT);
        install(machine)?;
        progress.end(WHAT);
    }
    progress.note(&format!("{WHAT}: {}", find(machine)?));
    Ok(())
}

/// Installs it with npm, which has a current release for every system; Debian 12 has one of 2022.
fn install(machine: &Machine) -> Result<()> {
    if machine.is_offline() {
        return Err(Error::Missing {
            what: WHAT.into(),
            help: "this build is offline; install Binaryen or set WADUP_WASM_OPT".into(),
        });
    }
    Program::new(Tool::Npm, "npm", "installing Binaryen")
        .or_else("install Node.js with npm, or Binaryen itself")
        .args([
            "install",
            "--silent",
            "--no-save",
            "--ignore-scripts",
            "--prefix",
        ])
        .arg(machine.binaryen_folder())
        .arg(format!("binaryen@{VERSION}"))
        .run()
}
