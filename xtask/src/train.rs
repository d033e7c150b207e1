//! Makes the profile for compiling the guest's CPython, by counting calls in a native run of CPython's tests.
//!
//! Needs clang 22 with its profiling runtime (`libclang-rt-22-dev`). Run it once per CPython release.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{set_up, workspace};
use crate::program::{Outcome, print_and_run};
use crate::python;

/// The file that the build of CPython for guests reads.
const PROFILE: &str = "wadup-build/src/cpython/python-3.13.5.profdata.xz";

const COUNTING: &str = "-fprofile-instr-generate";

/// The tests that CPython uses for its own profile (`Lib/test/libregrtest/pgo.py`).
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

    print_and_run(
        step("tar", &folder)
            .args(["-x", "--strip-components=1", "--one-top-level=source", "-f"])
            .arg(&interpreters.source),
    )?;
    print_and_run(
        step("../source/configure", &build)
            .env("CC", "clang-22")
            .env("CFLAGS", COUNTING)
            .env("LDFLAGS", COUNTING)
            .env("OPT", "-DNDEBUG -O1")
            .args(["--with-pymalloc", "--disable-test-modules"])
            .arg("--without-ensurepip"),
    )?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    print_and_run(
        step("make", &build)
            .arg(format!("-j{cores}"))
            // The build itself runs the interpreter, which must not be counted.
            .env("LLVM_PROFILE_FILE", folder.join("ignored-%4m")),
    )?;
    // Failed tests are counted too, and CPython's own makefile ignores their failure as well.
    let status = step("./python", &build)
        .args(TRAINING)
        .env("LLVM_PROFILE_FILE", counts.join("%4m.profraw"))
        .status()
        .map_err(|error| failed(&build.join("python"), &error))?;
    eprintln!("the tests ended with {status}");

    let profile = workspace().join(PROFILE);
    let unpacked = profile.with_extension("");
    print_and_run(
        step("llvm-profdata-22", &build)
            .args(["merge", "-sparse", "-o"])
            .arg(&unpacked)
            .args(raw(&counts)?),
    )?;
    print_and_run(step("xz", &build).args(["-9e", "--force"]).arg(&unpacked))
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
