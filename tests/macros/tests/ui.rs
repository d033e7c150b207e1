//! What the macro says when something is wrong.
//!
//! Each case is one file in a folder of `tests/ui`, with what the compiler says of it beside it in a
//! `.stderr` file. The cases of a folder share an environment: what the build script left there, and
//! whether they are libraries or programs.
//!
//! After a change that is meant, let `TRYBUILD=overwrite cargo test -p macro-messages` write
//! the files anew, and read the difference.

use std::env;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Set for the runs of this program that check one folder. Each is a process of its own, as the
/// environment of a running program cannot be changed safely.
const FOLDER: &str = "WADUP_UI_FOLDER";

fn main() -> io::Result<ExitCode> {
    if let Ok(folder) = env::var(FOLDER) {
        trybuild::TestCases::new().compile_fail(format!("{folder}/*.rs"));
        return Ok(ExitCode::SUCCESS);
    }
    let mut code = ExitCode::SUCCESS;
    for entry in fs::read_dir("tests/ui")? {
        let folder = entry?.path();
        if folder.is_dir() && !passes(&folder)? {
            eprintln!("cases of {} failed", folder.display());
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

/// Checks the cases of one folder, whose path is relative to the package as Cargo starts tests there.
fn passes(folder: &Path) -> io::Result<bool> {
    let absolute = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut run = Command::new(env::current_exe()?);
    run.args(env::args_os().skip(1)).env(FOLDER, folder);
    if folder.ends_with("no_build_script") {
        run.env_remove("WADUP_INDEX");
    } else {
        run.env("WADUP_INDEX", absolute.join("index.json"));
    }
    // trybuild compiles whatever it is given as a program.
    if !folder.ends_with("program") {
        run.env(
            "RUSTC_WORKSPACE_WRAPPER",
            absolute.with_file_name("compile-as-library.sh"),
        );
    }
    Ok(run.status()?.success())
}
