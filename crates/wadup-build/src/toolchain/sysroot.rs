//! Finds a WASI sysroot that CPython and Rust's own libc can live with.

use std::fs;
use std::path::{Path, PathBuf};

use super::{TARGET, sysroot_in};
use crate::environment::Environment;
use crate::error::{Error, Result};

/// The oldest WASI SDK that works: 24 and before have no pthread.h, so that CPython brings thread
/// functions of its own which clash with Rust's; 25 to 27 hang in `pthread_key_delete` at exit.
const MINIMUM_SDK: u32 = 28;

/// The sysroot for a system clang.
pub(super) fn find(environment: &Environment, store: &Path) -> Result<PathBuf> {
    let candidates = [
        environment.path("WASI_SYSROOT"),
        Some(sysroot_in(store)),
        Some("/usr".into()),
        Some("/usr/share/wasi-sysroot".into()),
    ];
    candidates
        .into_iter()
        .flatten()
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

/// Refuses the generations of the WASI SDK that are known to hang or to clash.
pub(super) fn refuse_broken_sdk(sdk: &Path) -> Result<()> {
    let file = sdk.join("VERSION");
    // An SDK that someone assembled by hand has no such file; its parts are checked one by one.
    let Ok(text) = fs::read_to_string(&file) else {
        return Ok(());
    };
    match sdk_version(&text) {
        Some(version) if version < MINIMUM_SDK => Err(Error::missing(
            format!("a WASI SDK of version {MINIMUM_SDK} or later"),
            format!(
                "`{}` is version {version}, whose thread functions hang or clash; use a newer one",
                sdk.display()
            ),
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
    fn an_sdk_that_hangs_at_exit_is_refused_with_the_reason() {
        let sdk = tempfile::tempdir().unwrap();
        fs::write(sdk.path().join("VERSION"), "27.0\nwasi-libc: abc\n").unwrap();

        let error = refuse_broken_sdk(sdk.path()).unwrap_err().to_string();

        assert!(
            error.contains("version 27") && error.contains("hang"),
            "{error}"
        );
    }

    #[test]
    fn a_recent_sdk_and_one_without_a_version_are_accepted() {
        let sdk = tempfile::tempdir().unwrap();
        assert!(refuse_broken_sdk(sdk.path()).is_ok());

        fs::write(sdk.path().join("VERSION"), "30.0\n").unwrap();
        assert!(refuse_broken_sdk(sdk.path()).is_ok());
    }

    #[test]
    fn a_sysroot_without_thread_headers_is_too_old() {
        let sysroot = tempfile::tempdir().unwrap();
        let library = sysroot.path().join("lib").join(TARGET);
        fs::create_dir_all(&library).unwrap();
        fs::write(library.join("libc.a"), "").unwrap();

        assert!(!is_recent(sysroot.path()));
    }
}
