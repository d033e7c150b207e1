//! Hosts of JavaScript for the tests that run guests there: Node, and the packages of tests/hosts.

use std::process::{Command, Stdio};

use crate::cargo::workspace;
use crate::program::{self, Outcome};

/// Set where a missing host is a fault, so that the tests do not pass over it.
pub(crate) const REQUIRED: (&str, &str) = ("WADUP_TEST_HOSTS", "1");

/// Installs Node where it is missing, which takes a Debian and root, and the pinned packages.
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
            program::tell_and_run(
                Command::new("apt-get")
                    .args(arguments)
                    .env("DEBIAN_FRONTEND", "noninteractive"),
            )
            .map_err(|problem| format!("{problem}; install Node 18 or newer with npm"))?;
        }
    }
    program::tell_and_run(
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
