//! Programs of other projects, from Debian's packages if they are missing.

use xshell::{Shell, cmd};

use crate::cargo::Outcome;

/// Installs `packages` if one of `programs` does not run, which needs Debian and root. `help` says what to do elsewhere.
pub(crate) fn provide(shell: &Shell, programs: &[&str], packages: &[&str], help: &str) -> Outcome {
    let is_there = |program: &&str| {
        cmd!(shell, "{program} --version")
            .quiet()
            .ignore_stderr()
            .read()
            .is_ok()
    };
    if programs.iter().all(is_there) {
        return Ok(());
    }
    let install = ["install", "--yes", "--no-install-recommends"];
    for task in [vec!["update"], [&install, packages].concat()] {
        cmd!(shell, "apt-get {task...}")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run()
            .map_err(|error| format!("{error}\nhelp: {help}"))?;
    }
    Ok(())
}
