//! Finds a clang of the system that can compile for wasm, and asks it for its tools.

use std::path::{Path, PathBuf};

use crate::command::Program;
use crate::environment::{Environment, Tool};
use crate::error::{Error, Result};

/// The oldest clang whose wasm back end builds CPython 3.13 as shipped.
pub(crate) const MINIMUM_CLANG: u32 = 19;

/// The newest versioned name to look for; a plain `clang` may be newer still.
const NEWEST_NAME: u32 = 30;

/// The newest clang on PATH that is recent enough, or the one that `WADUP_CLANG` names.
pub(super) fn of_system(environment: &Environment) -> Result<PathBuf> {
    if let Some(clang) = environment.path("WADUP_CLANG") {
        refuse_old(&clang, "name a newer one in WADUP_CLANG")?;
        return Ok(clang);
    }
    let path = environment.system("PATH").unwrap_or_default();
    let names = (MINIMUM_CLANG..=NEWEST_NAME)
        .rev()
        .map(|version| format!("clang-{version}"))
        .chain(["clang".to_owned()]);
    let mut too_old = None;
    for name in names {
        let Some(found) = std::env::split_paths(&path)
            .map(|folder| folder.join(&name))
            .find(|file| file.is_file())
        else {
            continue;
        };
        match version(&found)? {
            version if version >= MINIMUM_CLANG => return Ok(found),
            version => too_old = Some(format!("`{}` is version {version}; ", found.display())),
        }
    }
    Err(Error::missing(
        format!("clang {MINIMUM_CLANG} or later for wasm32-wasip1"),
        format!(
            "{}run `cargo wadup setup`, or set WASI_SDK_PATH to a WASI SDK",
            too_old.unwrap_or_default()
        ),
    ))
}

/// Refuses a clang that is older than CPython's wasm code needs, and says what to do instead.
pub(super) fn refuse_old(clang: &Path, help: &str) -> Result<()> {
    match version(clang)? {
        version if version >= MINIMUM_CLANG => Ok(()),
        version => Err(Error::missing(
            format!("clang {MINIMUM_CLANG} or later for wasm32-wasip1"),
            format!("`{}` is version {version}; {help}", clang.display()),
        )),
    }
}

/// The major version of a clang.
fn version(clang: &Path) -> Result<u32> {
    let text = ask(clang, &["--version"])?;
    major_version(&text)
        .ok_or_else(|| Error::malformed(clang, format!("`--version` printed no version: {text}")))
}

pub(super) fn major_version(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once("clang version ")?;
    rest.split('.').next()?.parse().ok()
}

/// What clang prints when asked something about itself.
pub(super) fn ask(clang: &Path, arguments: &[&str]) -> Result<String> {
    let answer = Program::new(Tool::Compiler, clang, "asking clang about itself")
        .or_else("run `cargo wadup setup`")
        .args(arguments)
        .output()?;
    Ok(answer.trim().to_owned())
}

/// One of clang's companions: beside it, where it says, or under its versioned name.
pub(super) fn tool(clang: &Path, name: &str) -> Result<PathBuf> {
    let beside = clang.with_file_name(name);
    if beside.is_file() {
        return Ok(beside);
    }
    let told = PathBuf::from(ask(clang, &[&format!("-print-prog-name={name}")])?);
    if told.is_absolute() && told.is_file() {
        return Ok(told);
    }
    Err(Error::missing(
        format!("`{name}` of `{}`", clang.display()),
        "run `cargo wadup setup`, or install the lld and llvm packages of the same version",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that answers as a clang of this version does.
    #[cfg(unix)]
    pub(in super::super) fn stand_in(folder: &Path, name: &str, version: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        std::fs::create_dir_all(folder).unwrap();
        let clang = folder.join(name);
        std::fs::write(
            &clang,
            format!("#!/bin/sh\necho 'clang version {version}'\n"),
        )
        .unwrap();
        std::fs::set_permissions(&clang, std::fs::Permissions::from_mode(0o755)).unwrap();
        clang
    }

    #[cfg(unix)]
    #[test]
    fn an_old_clang_is_refused_whether_it_was_named_or_found() {
        let folder = tempfile::tempdir().unwrap();
        let old = stand_in(folder.path(), "clang", "18.1.8")
            .display()
            .to_string();
        let path = folder.path().display().to_string();

        for environment in [
            Environment::of([("WADUP_CLANG", &old)]),
            Environment::of([("PATH", &path)]),
        ] {
            let error = of_system(&environment).unwrap_err().to_string();
            for part in ["clang 19 or later", &old, "is version 18"] {
                assert!(error.contains(part), "{part} is not in: {error}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_newest_clang_on_path_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        stand_in(folder.path(), "clang", "14.0.6");
        stand_in(folder.path(), "clang-19", "19.1.7");
        let newest = stand_in(folder.path(), "clang-22", "22.1.8");
        let path = folder.path().display().to_string();

        let found = of_system(&Environment::of([("PATH", path)])).unwrap();

        assert_eq!(found, newest);
    }

    #[test]
    fn the_major_version_is_read_from_any_vendors_line() {
        assert_eq!(
            major_version("Debian clang version 22.1.8 (1~deb12u1)\nTarget: x"),
            Some(22)
        );
        assert_eq!(
            major_version("clang version 19.1.5-wasi-sdk (https://example)"),
            Some(19)
        );
        assert_eq!(major_version("gcc (Debian) 12"), None);
    }
}
