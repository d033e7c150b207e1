//! Continuous integration: the checks that every commit must pass, with a table of the time of each.

use xshell::cmd;

use crate::cargo::{GUEST_TARGET, Outcome, all, set_up, shell};
use crate::timetable::Timetable;
use crate::{book, deny, runners, scale, test, wheel};

const CRATES_OF_GUESTS: [&str; 2] = ["--package=wadup-guest", "--package=wadup-guest-sys"];

pub(crate) fn run() -> Outcome {
    let mut timetable = Timetable::default();
    let outcome = steps(&mut timetable);
    timetable.print();
    outcome
}

fn steps(timetable: &mut Timetable) -> Outcome {
    let shell = &shell()?;
    timetable.step("format", || cmd!(shell, "cargo fmt --all --check").run())?;
    let mut unchecked = None;
    timetable.step("dependencies", || -> Outcome {
        unchecked = deny::run(shell)?;
        Ok(())
    })?;
    unchecked.into_iter().for_each(|note| timetable.note(note));
    timetable.step("setup", || set_up(shell))?;
    let mut unbuilt = None;
    timetable.step("book", || -> Outcome {
        unbuilt = book::run(shell)?;
        Ok(())
    })?;
    unbuilt.into_iter().for_each(|note| timetable.note(note));
    timetable.step("lints", || {
        cmd!(
            shell,
            "cargo clippy --all-targets --features wadup-host/arrow -- --deny warnings"
        )
        .run()
    })?;
    let guests = test::packages_of_guests()?;
    timetable.step("lints of guests", || {
        cmd!(
            shell,
            "cargo clippy --target {GUEST_TARGET} {CRATES_OF_GUESTS...} {guests...} -- --deny warnings"
        )
        .run()
    })?;
    timetable.step("documentation", || {
        cmd!(shell, "cargo doc --no-deps --features wadup-host/arrow")
            .env("RUSTDOCFLAGS", "--deny warnings")
            .run()
    })?;
    timetable.step("documentation of guests", || {
        cmd!(
            shell,
            "cargo doc --no-deps --target {GUEST_TARGET} {CRATES_OF_GUESTS...}"
        )
        .env("RUSTDOCFLAGS", "--deny warnings")
        .run()
    })?;
    let tests = test::steps(shell, timetable);
    let conformance = runners::conformance(shell, timetable, true);
    let wheel = timetable.step("tests of the Python package", || wheel::test(shell));
    let scale = timetable.step("Python package on Ray", || scale::sample(shell));
    all([tests, conformance, wheel, scale])
}
