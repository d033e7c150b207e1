//! Installs Debian packages, and unpacks some without installing them.

use std::path::Path;

use wadup_build::Result;
use wadup_build::machine::{Program, Tool, debian};

/// Whether this is Debian and the process may install packages.
pub(super) fn may_install() -> bool {
    debian::is_here()
        && Program::new(Tool::System, "id", "asking who runs this")
            .arg("-u")
            .output()
            .is_ok_and(|user| user.trim() == "0")
}

pub(super) fn install(packages: &[&str]) -> Result<()> {
    let apt = |purpose: &str| {
        Program::new(Tool::System, "apt-get", purpose).env("DEBIAN_FRONTEND", "noninteractive")
    };
    apt("reading the machine's package index")
        .arg("update")
        .run()?;
    apt("installing Debian packages")
        .args(["install", "--yes", "--no-install-recommends"])
        .args(packages)
        .run()
}

/// Unpacks a package of another suite without installing it.
pub(super) fn unpack(suite: &str, package: &str, into: &Path) -> Result<()> {
    let file = debian::package(suite, package)?;
    Program::new(
        Tool::System,
        "dpkg",
        format!("unpacking {}", file.path().display()),
    )
    .arg("-x")
    .arg(file.path())
    .arg(into)
    .run()
}
