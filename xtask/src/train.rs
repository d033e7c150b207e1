//! Makes the profile by which clang compiles the guest's CPython: a native build counts what its own tests call.
//!
//! Needs clang 22 with the libraries of its profiler (`libclang-rt-22-dev`). Once for each release of CPython.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{set_up, workspace};
use crate::program::{Outcome, tell_and_run};
use crate::python;

/// What the build of CPython for guests reads.
const PROFILE: &str = "wadup-build/src/cpython/python-3.13.5.profdata.xz";

const COUNTING: &str = "-fprofile-instr-generate";

/// CPython's own tests that are thought to be typical (`Lib/test/libregrtest/pgo.py`).
const TRAINING: [&str; 3] = ["-m", "test", "--pgo"];

pub(crate) fn run() -> Outcome {
    set_up()?;
    let interpreters = python::interpreters(&python::setup()?)?;
    let folder = workspace().join("target/train");
    let (build, counts) = (folder.join("build"), folder.join("counts"));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
    }
    for folder in [&build, &counts] {
        fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    }

    tell_and_run(
        step("tar", &folder)
            .args(["-x", "--strip-components=1", "--one-top-level=source", "-f"])
            .arg(&interpreters.source),
    )?;
    tell_and_run(
        step("../source/configure", &build)
            .env("CC", "clang-22")
            .env("CFLAGS", COUNTING)
            .env("LDFLAGS", COUNTING)
            .env("OPT", "-DNDEBUG -O1")
            .args(["--with-pymalloc", "--disable-test-modules"])
            .arg("--without-ensurepip"),
    )?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    tell_and_run(
        step("make", &build)
            .arg(format!("-j{cores}"))
            // The build runs what it has built: that is not what a guest does.
            .env("LLVM_PROFILE_FILE", folder.join("ignored-%4m")),
    )?;
    // A test that fails has been counted too; CPython's own makefile passes over it as well.
    let status = step("./python", &build)
        .args(TRAINING)
        .env("LLVM_PROFILE_FILE", counts.join("%4m.profraw"))
        .status()
        .map_err(|error| failed(&build.join("python"), &error))?;
    eprintln!("the tests ended with {status}");

    let profile = workspace().join(PROFILE);
    let unpacked = profile.with_extension("");
    tell_and_run(
        step("llvm-profdata-22", &build)
            .args(["merge", "-sparse", "-o"])
            .arg(&unpacked)
            .args(raw(&counts)?),
    )?;
    tell_and_run(step("xz", &build).args(["-9e", "--force"]).arg(&unpacked))
}

fn raw(counts: &Path) -> Result<Vec<PathBuf>, String> {
    fs::read_dir(counts)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .map_err(|error| failed(counts, &error))
}

fn step(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    command
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("`{}`: {error}", path.display())
}
