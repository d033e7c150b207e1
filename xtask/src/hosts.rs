//! JavaScript hosts for the tests that run guests in them: Node, and the packages of tests/hosts.

use xshell::{Shell, cmd};

use crate::cargo::Outcome;

/// Makes the tests fail if a host is missing, instead of skipping them.
pub(crate) const REQUIRED: (&str, &str) = ("WADUP_TEST_HOSTS", "1");

/// Installs Node if it is missing, which needs Debian and root, and the pinned packages.
pub(crate) fn install(shell: &Shell) -> Outcome {
    let is_there = |program| {
        cmd!(shell, "{program} --version")
            .quiet()
            .ignore_stderr()
            .read()
            .is_ok()
    };
    if !is_there("node") || !is_there("npm") {
        for task in ["update", "install --yes --no-install-recommends nodejs npm"] {
            let arguments = task.split(' ');
            cmd!(shell, "apt-get {arguments...}")
                .env("DEBIAN_FRONTEND", "noninteractive")
                .run()
                .map_err(|error| format!("{error}\nhelp: install Node, 18 or newer, with npm"))?;
        }
    }
    let _folder = shell.push_dir("tests/hosts");
    Ok(cmd!(shell, "npm ci --no-audit --no-fund").run()?)
}
