//! Makes the profile for compiling the guest's CPython, by counting calls in a native run of CPython's tests.
//!
//! Needs clang 22 with its profiling runtime (`libclang-rt-22-dev`). Functions that a later release changes are compiled
//! without the profile, so it need not be made for every release.

use std::path::Path;

use wadup_build::machine::Candidate;
use xshell::{Shell, cmd};

use crate::interpreters::Interpreters;
use crate::{Result, workspace};

const COUNTING: &str = "-fprofile-instr-generate";

/// The tests that CPython uses for its own profile (`Lib/test/libregrtest/pgo.py`).
const TRAINING: [&str; 3] = ["-m", "test", "--pgo"];

/// Makes the profile for the release in guests.
pub(crate) fn run_for_guests(shell: &Shell) -> Result<()> {
    let interpreters = Interpreters::find()?;
    let checked = Candidate::of(&interpreters.version, &interpreters.source);
    let candidate = checked.map_err(|error| error.report())?;
    run(shell, &interpreters.source, &candidate)
}

/// Makes the profile of a release from its source.
pub(crate) fn run(shell: &Shell, source: &Path, candidate: &Candidate) -> Result<()> {
    let folder = workspace().join("target/train");
    let (build, counts) = (folder.join("build"), folder.join("counts"));
    shell.remove_path(&folder)?;
    shell.create_dir(&build)?;
    shell.create_dir(&counts)?;

    shell.change_dir(&folder);
    cmd!(
        shell,
        "tar -x --strip-components=1 --one-top-level=source -f {source}"
    )
    .run()?;
    shell.change_dir(&build);
    cmd!(
        shell,
        "../source/configure --with-pymalloc --disable-test-modules --without-ensurepip"
    )
    .env("CC", "clang-22")
    .env("CFLAGS", COUNTING)
    .env("LDFLAGS", COUNTING)
    .env("OPT", "-DNDEBUG -O1")
    .run()?;
    let cores = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .to_string();
    cmd!(shell, "make -j{cores}")
        // The build itself runs the interpreter, which must not be counted.
        .env("LLVM_PROFILE_FILE", folder.join("ignored-%4m"))
        .run()?;
    // Failed tests are counted too, and CPython's own makefile ignores their failure as well.
    let tested = cmd!(shell, "./python {TRAINING...}")
        .env("LLVM_PROFILE_FILE", counts.join("%4m.profraw"))
        .ignore_status()
        .output()?;
    eprintln!("the tests ended with {}", tested.status);

    // The file that the build of CPython for guests reads.
    let profile = workspace().join("wadup-build").join(&candidate.profile);
    let unpacked = profile.with_extension("");
    let raw = shell.read_dir(&counts)?;
    cmd!(
        shell,
        "llvm-profdata-22 merge -sparse -o {unpacked} {raw...}"
    )
    .run()?;
    cmd!(shell, "xz -9e --force {unpacked}").run()?;
    Ok(())
}
