//! The hosts of JavaScript, each a script in tests/hosts.

use std::env;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use crate::{Printed, Run};

/// Set where a missing host is an error.
const REQUIRED: &str = "WADUP_TEST_HOSTS";

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../hosts");

/// The host in a script; `None` if it cannot run here.
pub(crate) fn host(script: &'static str) -> Option<impl Fn(&Run<'_>) -> Printed> {
    match missing() {
        None => Some(move |run: &Run<'_>| node(script, run)),
        Some(missing) if env::var_os(REQUIRED).is_some() => panic!("{missing}"),
        Some(missing) => {
            // Not by `eprintln!`: libtest hides the output of tests that pass.
            let mut stderr = io::stderr();
            writeln!(stderr, "skipped the host {script}: {missing}").unwrap();
            None
        }
    }
}

/// What is not installed.
fn missing() -> Option<&'static str> {
    let is_there = Command::new("node")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    if !is_there {
        Some("`node` is not on PATH: install Node, 18 or newer")
    } else if !Path::new(FOLDER).join("node_modules").is_dir() {
        Some("its packages are not installed: run `npm ci` in tests/hosts")
    } else {
        None
    }
}

fn node(script: &str, run: &Run<'_>) -> Printed {
    let output = Command::new("node")
        // Its WASI is experimental.
        .arg("--no-warnings")
        .arg(Path::new(FOLDER).join(script))
        .arg(serde_json::to_string(run).unwrap())
        .output()
        .unwrap();
    Printed {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
