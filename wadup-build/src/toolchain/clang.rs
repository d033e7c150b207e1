//! Finds a system clang that can compile for wasm, and its tools.

use std::path::{Path, PathBuf};

use crate::command::Program;
use crate::environment::{Environment, Tool};
use crate::error::{Error, Result};

/// The oldest clang whose wasm backend compiles CPython.
pub const MINIMUM_CLANG: u32 = 19;

/// The newest versioned name to try. A plain `clang` may be newer.
const NEWEST_NAME: u32 = 30;

/// The clang that `WADUP_CLANG` names, or the newest one on PATH that is recent enough.
pub(super) fn of_system(environment: &Environment) -> Result<PathBuf> {
    if let Some(clang) = environment.path("WADUP_CLANG") {
        refuse_old(&clang, "set WADUP_CLANG to a newer one, or unset it")?;
        return Ok(clang);
    }
    let path = environment.system("PATH").unwrap_or_default();
    let names = (MINIMUM_CLANG..=NEWEST_NAME)
        .rev()
        .map(|version| format!("clang-{version}"))
        .chain(["clang".to_owned()]);
    let (mut too_old, mut broken) = (None, None);
    for name in names {
        let Some(found) = std::env::split_paths(&path)
            .map(|folder| folder.join(&name))
            .find(|file| file.is_file())
        else {
            continue;
        };
        match version(&found) {
            Ok(version) if version >= MINIMUM_CLANG => return Ok(found),
            Ok(version) => too_old = Some((found, version)),
            // Another one may work.
            Err(error) => broken = broken.or(Some(error)),
        }
    }
    if let Some(error) = broken {
        return Err(error);
    }
    let too_old = too_old
        .as_ref()
        .map(|(clang, version)| (clang.as_path(), *version));
    Err(missing(
        too_old,
        "run `cargo wadup setup`, or set WASI_SDK_PATH to a WASI SDK",
    ))
}

/// Refuses a clang that is too old for CPython, with `help` on what to do instead.
pub(super) fn refuse_old(clang: &Path, help: &str) -> Result<()> {
    match version(clang)? {
        version if version >= MINIMUM_CLANG => Ok(()),
        version => Err(missing(Some((clang, version)), help)),
    }
}

/// No clang is recent enough; `found` is one that is too old.
fn missing(found: Option<(&Path, u32)>, help: &str) -> Error {
    let found =
        found.map(|(clang, version)| format!(" (`{}` is version {version})", clang.display()));
    let found = found.unwrap_or_default();
    Error::missing(
        format!("clang {MINIMUM_CLANG} or later for wasm32-wasip1{found}"),
        help,
    )
}

/// The major version of a clang.
fn version(clang: &Path) -> Result<u32> {
    let text = ask(clang, &["--version"])?;
    major_version(&text).ok_or_else(|| {
        Error::malformed(
            clang,
            format!("`--version` did not print a version: {text}"),
        )
    })
}

pub(super) fn major_version(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once("clang version ")?;
    rest.split('.').next()?.parse().ok()
}

/// The output of clang for a query about itself.
pub(super) fn ask(clang: &Path, arguments: &[&str]) -> Result<String> {
    let answer = Program::new(Tool::Compiler, clang, "asking clang about itself")
        .or_else("run `cargo wadup setup`")
        .args(arguments)
        .output()?;
    Ok(answer.trim().to_owned())
}

/// One of clang's companion tools: where it says, or beside it.
///
/// A tool beside `/usr/bin/clang-22` may belong to an older LLVM, which cannot read what this clang writes.
pub(super) fn tool(clang: &Path, name: &str) -> Result<PathBuf> {
    let printed = PathBuf::from(ask(clang, &[&format!("-print-prog-name={name}")])?);
    // A name that it does not find is printed as it is.
    let named = printed.is_absolute().then_some(printed);
    named
        .into_iter()
        .chain([clang.with_file_name(name)])
        .find(|tool| tool.is_file())
        .ok_or_else(|| {
            Error::missing(
                format!("`{name}` of `{}`", clang.display()),
                "run `cargo wadup setup`, or install the lld and llvm packages of the same version",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fake clang that prints this version.
    #[cfg(unix)]
    fn fake_clang(folder: &Path, name: &str, version: &str) -> PathBuf {
        program(
            &folder.join(name),
            &format!("echo 'clang version {version}'"),
        )
    }

    /// A shell script at `path`.
    #[cfg(unix)]
    fn program(path: &Path, script: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path.to_owned()
    }

    #[cfg(unix)]
    #[test]
    fn tools_are_those_that_clang_names() {
        let folder = tempfile::tempdir().unwrap();
        let of_clang = folder.path().join("llvm-ar-of-clang");
        std::fs::write(&of_clang, "").unwrap();
        std::fs::write(folder.path().join("llvm-ar"), "").unwrap();
        let clang = program(
            &folder.path().join("clang-22"),
            &format!("echo {}", of_clang.display()),
        );

        assert_eq!(tool(&clang, "llvm-ar").unwrap(), of_clang);
    }

    #[cfg(unix)]
    #[test]
    fn tools_may_lie_beside_a_clang_that_does_not_find_them() {
        let folder = tempfile::tempdir().unwrap();
        let beside = folder.path().join("llvm-ar");
        std::fs::write(&beside, "").unwrap();
        let clang = program(&folder.path().join("clang-22"), "echo llvm-ar");

        assert_eq!(tool(&clang, "llvm-ar").unwrap(), beside);
    }

    #[cfg(unix)]
    #[test]
    fn tools_beside_a_clang_with_a_relative_path_are_found() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("llvm-ar"), "").unwrap();
        program(&folder.path().join("clang"), "echo llvm-ar");
        let here = std::env::current_dir().unwrap();
        let root: PathBuf = here.components().skip(1).map(|_| "..").collect();
        let clang = root
            .join(folder.path().strip_prefix("/").unwrap())
            .join("clang");

        assert!(tool(&clang, "llvm-ar").unwrap().is_file());
    }

    #[cfg(unix)]
    #[test]
    fn old_clang_is_refused_from_variable_and_path() {
        let folder = tempfile::tempdir().unwrap();
        let old = fake_clang(folder.path(), "clang", "18.1.8")
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
    fn the_newest_clang_on_path_is_used() {
        let folder = tempfile::tempdir().unwrap();
        fake_clang(folder.path(), "clang", "14.0.6");
        fake_clang(folder.path(), "clang-19", "19.1.7");
        let newest = fake_clang(folder.path(), "clang-22", "22.1.8");
        let path = folder.path().display().to_string();

        let found = of_system(&Environment::of([("PATH", path)])).unwrap();

        assert_eq!(found, newest);
    }

    #[cfg(unix)]
    #[test]
    fn a_clang_that_does_not_start_is_passed_over_and_named_if_it_is_the_only_one() {
        let folder = tempfile::tempdir().unwrap();
        let broken = program(&folder.path().join("clang-22"), "exit 1");
        let path = folder.path().display().to_string();
        let found = || of_system(&Environment::of([("PATH", &path)]));

        let error = found().unwrap_err().report();
        let working = fake_clang(folder.path(), "clang-19", "19.1.7");

        assert!(error.contains(&broken.display().to_string()), "{error}");
        assert_eq!(found().unwrap(), working);
    }

    #[test]
    fn major_version_is_parsed_from_any_vendors_line() {
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
