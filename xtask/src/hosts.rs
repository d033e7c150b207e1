//! JavaScript hosts for the tests that run guests in them: Node, and the packages of tests/hosts.

use std::process::{Command, Stdio};

use crate::cargo::workspace;
use crate::program::{self, Outcome};

/// Makes the tests fail if a host is missing, instead of skipping them.
pub(crate) const REQUIRED: (&str, &str) = ("WADUP_TEST_HOSTS", "1");

/// Installs Node if it is missing, which needs Debian and root, and the pinned packages.
pub(crate) fn install() -> Outcome {
    if !is_there("node") || !is_there("npm") {
        for arguments in [
            &["update"][..],
            &[
                "install",
                "--yes",
                "--no-install-recommends",
                "nodejs",
                "npm",
            ],
        ] {
            program::print_and_run(
                Command::new("apt-get")
                    .args(arguments)
                    .env("DEBIAN_FRONTEND", "noninteractive"),
            )
            .map_err(|problem| format!("{problem}; install Node 18 or newer with npm"))?;
        }
    }
    program::print_and_run(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(workspace().join("tests/hosts")),
    )
}

fn is_there(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
