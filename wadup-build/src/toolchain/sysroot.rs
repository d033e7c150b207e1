//! Finds a WASI sysroot that works with CPython and Rust's own libc.

use std::fs;
use std::path::{Path, PathBuf};

use super::{TARGET, sysroot_in};
use crate::environment::Environment;
use crate::error::{Error, Result};

/// The oldest WASI SDK that works. Up to 24 there is no pthread.h, so CPython defines thread functions that clash with
/// Rust's; 25 to 27 hang in `pthread_key_delete` at exit.
const MINIMUM_SDK: u32 = 28;

/// The sysroot for a system clang.
pub(super) fn find(environment: &Environment, store: &Path) -> Result<PathBuf> {
    if let Some(named) = environment.path("WASI_SYSROOT") {
        return if is_recent(&named) {
            Ok(named)
        } else {
            Err(Error::missing(
                format!(
                    "a WASI sysroot with pthread.h (wasi-libc of 2025 or later) in WASI_SYSROOT, `{}`,",
                    named.display()
                ),
                "set WASI_SYSROOT to a newer one, or unset it and run `cargo wadup setup`; without pthread.h, CPython \
                 defines thread functions that clash with Rust's",
            ))
        };
    }
    let candidates = [
        sysroot_in(store),
        "/usr".into(),
        "/usr/share/wasi-sysroot".into(),
    ];
    candidates
        .into_iter()
        .find(|sysroot| is_recent(sysroot))
        .ok_or_else(|| {
            Error::missing(
                "a WASI sysroot with pthread.h (wasi-libc of 2025 or later)",
                "run `cargo wadup setup`, or set WASI_SYSROOT",
            )
        })
}

fn is_recent(sysroot: &Path) -> bool {
    sysroot.join("lib").join(TARGET).join("libc.a").is_file()
        && sysroot
            .join("include")
            .join(TARGET)
            .join("pthread.h")
            .is_file()
}

/// Refuses WASI SDK versions that are known to hang or to clash.
pub(super) fn refuse_broken_sdk(sdk: &Path) -> Result<()> {
    let file = sdk.join("VERSION");
    // An SDK assembled by hand has no such file. Its parts are checked one by one.
    let Ok(text) = fs::read_to_string(&file) else {
        return Ok(());
    };
    match sdk_version(&text) {
        Some(version) if version < MINIMUM_SDK => Err(Error::missing(
            format!(
                "a WASI SDK of version {MINIMUM_SDK} or later (`{}` is version {version}, whose thread functions hang or \
                 clash)",
                sdk.display()
            ),
            "set WASI_SDK_PATH to a newer WASI SDK",
        )),
        _ => Ok(()),
    }
}

fn sdk_version(text: &str) -> Option<u32> {
    text.split(|character: char| !character.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_sdk_versions_are_refused_with_the_reason() {
        for version in [20, 22, 24, 25, 26, 27] {
            let sdk = tempfile::tempdir().unwrap();
            let text = format!("{version}.0\nwasi-libc: abc\n");
            fs::write(sdk.path().join("VERSION"), text).unwrap();

            let error = refuse_broken_sdk(sdk.path()).unwrap_err().to_string();

            for part in [
                "WASI SDK of version 28 or later",
                &format!("is version {version}"),
                "hang or clash",
            ] {
                assert!(error.contains(part), "{part} is not in: {error}");
            }
        }
    }

    #[test]
    fn invalid_wasi_sysroot_is_an_error_and_not_skipped() {
        let folder = tempfile::tempdir().unwrap();
        let named = folder.path().display().to_string();
        let environment = Environment::of([("WASI_SYSROOT", &named)]);

        let error = find(&environment, folder.path()).unwrap_err().to_string();

        assert!(
            error.contains(&named) && error.contains("pthread.h"),
            "{error}"
        );
    }

    #[test]
    fn recent_and_unversioned_sdks_are_accepted() {
        let sdk = tempfile::tempdir().unwrap();
        assert!(refuse_broken_sdk(sdk.path()).is_ok());

        fs::write(sdk.path().join("VERSION"), "30.0\n").unwrap();
        assert!(refuse_broken_sdk(sdk.path()).is_ok());
    }

    #[test]
    fn sysroots_without_pthread_h_are_too_old() {
        let sysroot = tempfile::tempdir().unwrap();
        let library = sysroot.path().join("lib").join(TARGET);
        fs::create_dir_all(&library).unwrap();
        fs::write(library.join("libc.a"), "").unwrap();

        assert!(!is_recent(sysroot.path()));
    }
}
