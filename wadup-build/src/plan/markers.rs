//! The environment markers (PEP 508) of a guest.

use pep508_rs::{MarkerEnvironment, MarkerEnvironmentBuilder};

use crate::cpython::{SERIES, VERSION};

/// The values of `sys`, `os` and `platform` inside a guest.
///
/// `platform` takes its values from wasi-libc's `uname`.
#[expect(
    clippy::expect_used,
    reason = "the versions are constants of this crate"
)]
pub(crate) fn of_guest() -> MarkerEnvironment {
    MarkerEnvironmentBuilder {
        implementation_name: "cpython",
        implementation_version: VERSION,
        os_name: "posix",
        platform_machine: "wasm32",
        platform_python_implementation: "CPython",
        platform_release: "0.0.0",
        platform_system: "wasi",
        platform_version: "0.0.0",
        python_full_version: VERSION,
        python_version: SERIES,
        sys_platform: "wasi",
    }
    .try_into()
    .expect("the pinned versions are versions")
}

#[cfg(test)]
mod tests {
    use pep508_rs::Requirement;

    use super::*;

    #[test]
    fn markers_match_posix_and_wasi_only() {
        let holds = |marker: &str| {
            format!("x; {marker}")
                .parse::<Requirement>()
                .unwrap()
                .evaluate_markers(&of_guest(), &[])
        };

        assert!(holds(
            "os_name == 'posix' and sys_platform == 'wasi' and platform_machine == 'wasm32'"
        ));
        assert!(holds(
            "python_full_version >= '3.13.5' and python_version < '3.14'"
        ));
        assert!(holds("platform_python_implementation == 'CPython'"));
        for other in ["win32", "linux", "darwin", "emscripten"] {
            assert!(!holds(&format!("sys_platform == '{other}'")), "{other}");
        }
    }
}
