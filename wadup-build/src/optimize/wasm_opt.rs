//! Finds Binaryen's wasm-opt, asks for its version, and runs it.

use std::path::{Path, PathBuf};

use crate::command::Program;
use crate::environment::{Environment, Tool};
use crate::error::{Error, Result};
use crate::store::hashes;

/// The oldest release that knows all features that clang 22 and rustc name in a module.
const MINIMUM: u32 = 120;

const HELP: &str = "run `cargo wadup setup --wasm-opt`, or install Binaryen, or set WADUP_WASM_OPT";

/// Binaryen's wasm-opt, as it is installed on this machine.
#[derive(Debug)]
pub struct WasmOpt {
    program: PathBuf,
    /// Its release.
    version: String,
    /// The version and the hash of the program, which decide the bytes of what it writes.
    pub(super) identity: String,
}

impl WasmOpt {
    /// Finds wasm-opt: `WADUP_WASM_OPT`, then the one that `cargo wadup setup` installed into the store, then the first on
    /// PATH that is new enough.
    pub(crate) fn find(environment: &Environment, store: &Path) -> Result<Self> {
        if let Some(program) = environment.path("WADUP_WASM_OPT") {
            return Self::at(program, store);
        }
        let path = environment.system("PATH").unwrap_or_default();
        [folder(store).join("node_modules/.bin")]
            .into_iter()
            .chain(std::env::split_paths(&path))
            .map(|folder| folder.join("wasm-opt"))
            .filter(|program| program.is_file())
            .map(|program| Self::at(program, store))
            .reduce(Result::or)
            .unwrap_or_else(|| Err(Error::missing("wasm-opt", HELP)))
    }

    fn at(program: PathBuf, store: &Path) -> Result<Self> {
        let line = Program::new(Tool::Compiler, &program, "asking wasm-opt for its version")
            .arg("--version")
            .or_else(HELP)
            .output()?;
        let version = version(&line).ok_or_else(|| {
            let what = format!("wasm-opt {MINIMUM} or later: `{}`", program.display());
            Error::missing(format!("{what} says `{}`, and that", line.trim()), HELP)
        })?;
        let identity = hashes::of_files(store, std::slice::from_ref(&program))?;
        Ok(Self {
            program,
            identity: format!("{version} {}", identity.join(" ")),
            version,
        })
    }

    /// Its release: "132".
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The program's file.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Optimizes `input` into `output`; names of functions are kept.
    pub(super) fn run(
        &self,
        input: &Path,
        output: &Path,
        passes: &[&str],
        log: &Path,
    ) -> Result<()> {
        Program::new(Tool::Compiler, &self.program, "optimizing the guest")
            .args(passes)
            .arg("--debuginfo")
            .arg(input)
            .arg("--output")
            .arg(output)
            .log(log)
            .run()
    }
}

/// Where setup installs it.
pub(crate) fn folder(store: &Path) -> PathBuf {
    store.join("toolchain/binaryen")
}

/// The release in `wasm-opt version 132 (version_132)`, unless it is too old.
fn version(line: &str) -> Option<String> {
    let version = line
        .split_whitespace()
        .skip_while(|word| *word != "version")
        .nth(1)?;
    let number: u32 = version.split('.').next()?.parse().ok()?;
    (number >= MINIMUM).then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn install(folder: &Path, version: &str) -> PathBuf {
        fs::create_dir_all(folder).unwrap();
        let program = folder.join("wasm-opt");
        fs::write(
            &program,
            format!("#!/bin/sh\necho 'wasm-opt version {version}'\n"),
        )
        .unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        program
    }

    #[test]
    fn an_old_one_on_path_is_passed_over() {
        let machine = tempfile::tempdir().unwrap();
        let path = [machine.path().join("old"), machine.path().join("new")];
        install(&path[0], "108");
        let new = install(&path[1], "130 (version_130-7-gabc)");
        let joined = std::env::join_paths(&path).unwrap();
        let environment = Environment::of([("PATH", joined)]);

        let found = WasmOpt::find(&environment, machine.path()).unwrap();

        assert_eq!(found.program(), new);
        assert_eq!(found.version(), "130");
    }

    #[test]
    fn one_that_is_too_old_is_named() {
        let machine = tempfile::tempdir().unwrap();
        let old = install(machine.path(), "108");
        let environment = Environment::of([("WADUP_WASM_OPT", &old)]);

        let error = WasmOpt::find(&environment, machine.path())
            .unwrap_err()
            .to_string();

        assert!(error.contains("wasm-opt 120 or later"), "{error}");
        assert!(error.contains("108"), "{error}");
        assert!(
            error.contains("help: run `cargo wadup setup --wasm-opt`"),
            "{error}"
        );
    }
}
