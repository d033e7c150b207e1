//! Builds a guest with other profiles and flags: it must link, and follow the rules of every host.
//!
//! Each set of flags recompiles all crates of the guest, so this is not part of the tests.

use xshell::{Shell, cmd};

use crate::cargo::{GUEST_TARGET, Outcome, set_up};

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

pub(crate) fn run(shell: &Shell) -> Outcome {
    set_up(shell)?;
    for (command, variables) in CHECKS {
        let command = command.split(' ');
        cmd!(
            shell,
            "cargo {command...} --package guest-{GUEST} --target {GUEST_TARGET} --target-dir target/profiles/checks"
        )
        .envs(variables.iter().copied())
        // Any attempt to build fails, because there is no store.
        .env("WADUP_CACHE_DIR", "target/profiles/no-store")
        .env("WADUP_OFFLINE", "1")
        .run()?;
    }
    for case in CASES {
        eprintln!("\n{}", case.name);
        let target = format!("target/profiles/{}", case.name.replace([' ', ','], "-"));
        cmd!(
            shell,
            "cargo build --package guest-{GUEST} --target {GUEST_TARGET} --target-dir {target}"
        )
        .args((case.profile == "release").then_some("--release"))
        .envs(case.variables.iter().copied())
        .run()?;
        let guest = format!("{target}/{GUEST_TARGET}/{}/{GUEST}.wasm", case.profile);
        cmd!(
            shell,
            "cargo run --quiet --package cargo-wadup --no-default-features -- check {guest}"
        )
        .run()?;
    }
    Ok(())
}
