//! The Python package `wadup`: builds its wheel, and tests it in an environment of its own.

use std::path::PathBuf;

use xshell::{Shell, cmd};

use crate::cargo::{Outcome, set_up, workspace};

const CRATE: &str = "wadup-python";

/// The guests that its tests run.
const GUESTS: [&str; 2] = ["lockfile", "guest-pydantic"];

/// What the tests of the package need besides it.
const REQUIREMENTS: [&str; 7] = [
    "duckdb",
    "mypy",
    "pandas>=3",
    "polars",
    "pyarrow",
    "pytest",
    "typing-extensions",
];

/// An environment for Python with the wheel in it, below the target folder.
pub(crate) struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// Makes the environment, unless it is there, and installs `requirements` and the wheel.
    pub(crate) fn prepare(shell: &Shell, name: &str, requirements: &[&str]) -> Outcome<Self> {
        let folder = workspace().join("target/python").join(name);
        let environment = Self { folder };
        let python = environment.program("python");
        if !python.is_file() {
            let folder = &environment.folder;
            cmd!(shell, "python3 -m venv --clear {folder}").run()?;
        }
        let pip = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ];
        cmd!(shell, "{python} {pip...} maturin {requirements...}").run()?;
        let wheels = environment.folder.join("wheels");
        shell.remove_path(&wheels)?;
        let maturin = environment.program("maturin");
        // The profile of the other tests, with which it shares what is compiled.
        cmd!(
            shell,
            "{maturin} build --quiet --profile dev --manifest-path {CRATE}/Cargo.toml --interpreter {python} --out {wheels}"
        )
        .run()?;
        let wheels = shell.read_dir(&wheels)?;
        cmd!(
            shell,
            "{python} {pip...} --force-reinstall --no-deps {wheels...}"
        )
        .run()?;
        Ok(environment)
    }

    /// A program of the environment.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }
}

/// The folder with the snapshots of the guests.
pub(crate) fn guests(shell: &Shell) -> Outcome<PathBuf> {
    set_up(shell)?;
    for package in GUESTS {
        cmd!(
            shell,
            "cargo run --quiet --package cargo-wadup -- build --quiet --release --snapshot --baseline --package {package}"
        )
        .run()?;
    }
    Ok(workspace().join("target/wasm32-wasip1/release"))
}

/// Builds the wheel and runs its tests.
pub(crate) fn test(shell: &Shell) -> Outcome {
    let guests = guests(shell)?;
    let environment = Environment::prepare(shell, "tests", &REQUIREMENTS)?;
    let python = environment.program("python");
    let _folder = shell.push_dir(CRATE);
    Ok(cmd!(shell, "{python} -m pytest --quiet")
        .env("WADUP_TEST_GUESTS", guests)
        .run()?)
}
