//! The Python package `wadup`: builds its wheel, and tests it in an environment of its own.

use std::path::{Path, PathBuf};

use xshell::{Shell, cmd};

use crate::cargo::{Outcome, set_up, uv, workspace};

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

/// The profile of the other tests, with which the wheel shares what is compiled.
pub(crate) const PROFILE: &str = "dev";

/// An environment for Python with the wheel in it, below the target folder.
pub(crate) struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// Makes the environment, unless it is there, and installs `requirements` and the wheel. Needs the setup.
    pub(crate) fn prepare(
        shell: &Shell,
        name: &str,
        requirements: &[&str],
        profile: &str,
    ) -> Outcome<Self> {
        let folder = workspace().join("target/python").join(name);
        let environment = Self { folder };
        let python = environment.program("python");
        // A machine's own Python may lack pip, or what `venv` needs; uv is part of the setup.
        let uv = uv(shell)?;
        if !python.is_file() {
            let folder = &environment.folder;
            cmd!(shell, "{uv} venv --quiet --clear {folder}").run()?;
        }
        let install = ["pip", "install", "--quiet", "--python"];
        cmd!(
            shell,
            "{uv} {install...} {python} maturin {requirements...}"
        )
        .run()?;
        let wheel = environment.wheel(shell, &python, profile)?;
        cmd!(
            shell,
            "{uv} {install...} {python} --reinstall --no-deps {wheel}"
        )
        .run()?;
        Ok(environment)
    }

    /// Builds the wheel, and returns its path.
    fn wheel(&self, shell: &Shell, python: &Path, profile: &str) -> Outcome<PathBuf> {
        let wheels = self.folder.join("wheels");
        shell.remove_path(&wheels)?;
        let maturin = self.program("maturin");
        cmd!(
            shell,
            "{maturin} build --quiet --profile {profile} --manifest-path {CRATE}/Cargo.toml --interpreter {python} --out {wheels}"
        )
        .run()?;
        let built = shell.read_dir(&wheels)?.into_iter().next();
        built.ok_or_else(|| format!("maturin left no wheel in `{}`", wheels.display()).into())
    }

    /// A program of the environment.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }
}

/// Does the setup, and returns the folder with the snapshots of the guests.
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
    let environment = Environment::prepare(shell, "tests", &REQUIREMENTS, PROFILE)?;
    let python = environment.program("python");
    let _folder = shell.push_dir(CRATE);
    Ok(cmd!(shell, "{python} -m pytest --quiet")
        .env("WADUP_TEST_GUESTS", guests)
        .run()?)
}
