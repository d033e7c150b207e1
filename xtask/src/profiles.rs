//! Builds a guest with other profiles and flags: it must link, and follow the rules of every host.
//!
//! Each set of flags recompiles all crates of the guest, so this is not part of the tests.

use crate::cargo::{GUEST_TARGET, Outcome, Step, set_up, workspace};

const GUEST: &str = "bare";

/// The settings of a build, and the folder of its profile.
struct Case {
    name: &'static str,
    profile: &'static str,
    variables: &'static [(&'static str, &'static str)],
}

const CASES: [Case; 4] = [
    Case {
        name: "small and whole",
        profile: "release",
        variables: &[
            ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "s"),
            ("CARGO_PROFILE_RELEASE_LTO", "fat"),
            ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
            ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
        ],
    },
    Case {
        name: "smallest, with flags",
        profile: "release",
        variables: &[
            ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "z"),
            ("CARGO_PROFILE_RELEASE_STRIP", "symbols"),
            ("RUSTFLAGS", "-Ctarget-feature=+bulk-memory -Cdebuginfo=1"),
        ],
    },
    Case {
        name: "thin, unwinding",
        profile: "release",
        variables: &[
            ("CARGO_PROFILE_RELEASE_LTO", "thin"),
            ("CARGO_PROFILE_RELEASE_PANIC", "unwind"),
        ],
    },
    Case {
        name: "debug",
        profile: "debug",
        variables: &[("CARGO_PROFILE_DEV_DEBUG", "2")],
    },
];

/// Commands that analyze the code without linking it, and must work with an empty store and no network.
const CHECKS: [(&str, &[(&str, &str)]); 3] = [
    ("check", &[("WADUP_CHECK_ONLY", "1")]),
    ("clippy", &[]),
    ("doc --no-deps", &[("DOCS_RS", "1")]),
];

pub(crate) fn run() -> Outcome {
    set_up()?;
    let folder = "target/profiles";
    for (command, variables) in CHECKS {
        Step::new(command)
            .args([
                format!("--package=guest-{GUEST}"),
                format!("--target={GUEST_TARGET}"),
                format!("--target-dir={folder}/checks"),
            ])
            .envs(variables.iter().copied())
            // Any attempt to build fails, because there is no store.
            .env("WADUP_CACHE_DIR", "target/profiles/no-store")
            .env("WADUP_OFFLINE", "1")
            .run()?;
    }
    for case in CASES {
        eprintln!("\n{}", case.name);
        let target = format!("{folder}/{}", case.name.replace([' ', ','], "-"));
        Step::new("build")
            .args([
                format!("--package=guest-{GUEST}"),
                format!("--target={GUEST_TARGET}"),
                format!("--target-dir={target}"),
                format!(
                    "--profile={}",
                    if case.profile == "debug" {
                        "dev"
                    } else {
                        case.profile
                    }
                ),
            ])
            .envs(case.variables.iter().copied())
            .run()?;
        let guest = workspace()
            .join(&target)
            .join(GUEST_TARGET)
            .join(case.profile)
            .join(format!("{GUEST}.wasm"));
        Step::new("run --quiet --package cargo-wadup --no-default-features -- check")
            .args([guest.display().to_string()])
            .run()?;
    }
    Ok(())
}
