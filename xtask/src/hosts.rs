//! JavaScript hosts for the tests that run guests in them: Node, and the packages of tests/hosts.

use xshell::{Shell, cmd};

use crate::cargo::Outcome;
use crate::debian;

/// Makes the tests fail if a host is missing, instead of skipping them.
pub(crate) const REQUIRED: (&str, &str) = ("WADUP_TEST_HOSTS", "1");

/// Installs Node if it is missing, which needs Debian and root, and the pinned packages.
pub(crate) fn install(shell: &Shell) -> Outcome {
    debian::provide(
        shell,
        &["node", "npm"],
        &["nodejs", "npm"],
        "install Node, 18 or newer, with npm",
    )?;
    let _folder = shell.push_dir("tests/hosts");
    Ok(cmd!(shell, "npm ci --no-audit --no-fund").run()?)
}
