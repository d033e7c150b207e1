//! Continuous integration: what must hold of every commit.

use crate::cargo::{GUEST_TARGET, Outcome, Step, set_up};
use crate::{conformance, deny, test};

const CRATES_OF_GUESTS: [&str; 2] = ["--package=wadup-guest", "--package=wadup-guest-sys"];

pub(crate) fn run() -> Outcome {
    Step::new("fmt --all --check").run()?;
    deny::run()?;
    set_up()?;
    Step::new("clippy --all-targets -- --deny warnings").run()?;
    Step::new("clippy --target")
        .args([GUEST_TARGET])
        .args(CRATES_OF_GUESTS)
        .args(test::packages_of_guests()?)
        .args(["--", "--deny", "warnings"])
        .run()?;
    Step::new("doc --no-deps")
        .env("RUSTDOCFLAGS", "--deny warnings")
        .run()?;
    Step::new("doc --no-deps --target")
        .args([GUEST_TARGET])
        .args(CRATES_OF_GUESTS)
        .env("RUSTDOCFLAGS", "--deny warnings")
        .run()?;
    test::run()?;
    conformance::samples()
}
