//! The hosts of JavaScript, each a script in tests/hosts.

use std::env;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use crate::{Printed, Run};

/// Set where a missing host is a fault.
const REQUIRED: &str = "WADUP_TEST_HOSTS";

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../hosts");

/// The host that a script is; nothing if it cannot be run here.
pub(crate) fn host(script: &'static str) -> Option<impl Fn(&Run<'_>) -> Printed> {
    match missing() {
        None => Some(move |run: &Run<'_>| node(script, run)),
        Some(missing) if env::var_os(REQUIRED).is_some() => panic!("{missing}"),
        Some(missing) => {
            // Not by `eprintln!`, which nobody sees of a test that passes.
            let mut stderr = io::stderr();
            writeln!(stderr, "skipped the host {script}: {missing}").unwrap();
            None
        }
    }
}

/// What there is to install.
fn missing() -> Option<&'static str> {
    let is_there = Command::new("node")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    if !is_there {
        Some("there is no `node` on PATH: install Node, 18 or newer")
    } else if !Path::new(FOLDER).join("node_modules").is_dir() {
        Some("its packages are not there: run `npm ci` in tests/hosts")
    } else {
        None
    }
}

fn node(script: &str, run: &Run<'_>) -> Printed {
    let output = Command::new("node")
        // That its WASI is experimental.
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
