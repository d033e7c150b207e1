//! Installs uv, the resolver and installer of Python packages, into the store.

use wadup_build::machine::{Machine, Program, Tool};
use wadup_build::{Error, Result};

use super::debian;

/// Other installed versions are accepted, because the lock file fixes what uv resolves.
const VERSION: &str = "0.13.8";

/// Installs uv with the system Python's pip.
pub(super) fn install(machine: &Machine) -> Result<()> {
    if machine.is_offline() {
        return Err(Error::Missing {
            what: "uv".into(),
            help: "this build is offline; install uv or set WADUP_UV".into(),
        });
    }
    let has_pip = Program::new(Tool::Pip, "python3", "looking for pip")
        .args(["-m", "pip", "--version"])
        .run()
        .is_ok();
    if !has_pip && debian::may_install() {
        debian::install(&["python3-pip"])?;
    }
    Program::new(Tool::Pip, "python3", "installing uv")
        .or_else("install Python 3 with pip, or uv itself")
        .args(["-m", "pip", "install", "--quiet", "--upgrade", "--target"])
        .arg(machine.uv_folder())
        .arg(format!("uv=={VERSION}"))
        .run()
}
