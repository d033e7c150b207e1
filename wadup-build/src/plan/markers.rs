//! The environment markers (PEP 508) of a guest.

use pep508_rs::{MarkerEnvironment, MarkerEnvironmentBuilder};

use crate::cpython::Release;

/// The values of `sys`, `os` and `platform` inside a guest.
///
/// `platform` takes its values from wasi-libc's `uname`.
#[expect(
    clippy::expect_used,
    reason = "the versions are constants of this crate"
)]
pub(crate) fn of_guest(release: &Release) -> MarkerEnvironment {
    MarkerEnvironmentBuilder {
        implementation_name: "cpython",
        implementation_version: release.version,
        os_name: "posix",
        platform_machine: "wasm32",
        platform_python_implementation: "CPython",
        platform_release: "0.0.0",
        platform_system: "wasi",
        platform_version: "0.0.0",
        python_full_version: release.version,
        python_version: release.series.name,
        sys_platform: "wasi",
    }
    .try_into()
    .expect("the pinned versions are versions")
}

#[cfg(test)]
mod tests {
    use pep508_rs::Requirement;

    use super::*;
    use crate::cpython::Series;

    #[test]
    fn markers_match_posix_and_wasi_only() {
        let release = Series::default().newest();
        let holds = |marker: &str| {
            format!("x; {marker}")
                .parse::<Requirement>()
                .unwrap()
                .evaluate_markers(&of_guest(release), &[])
        };

        assert!(holds(
            "os_name == 'posix' and sys_platform == 'wasi' and platform_machine == 'wasm32'"
        ));
        assert!(holds(&format!(
            "python_full_version == '{}' and python_version == '{}'",
            release.version, release.series.name
        )));
        assert!(holds("platform_python_implementation == 'CPython'"));
        for other in ["win32", "linux", "darwin", "emscripten"] {
            assert!(!holds(&format!("sys_platform == '{other}'")), "{other}");
        }
    }
}
