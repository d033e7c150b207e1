//! Continuous integration: the checks that every commit must pass, with a table of the time of each.

use crate::cargo::{GUEST_TARGET, Outcome, Step, set_up};
use crate::timetable::Timetable;
use crate::{book, conformance, deny, program, test};

const CRATES_OF_GUESTS: [&str; 2] = ["--package=wadup-guest", "--package=wadup-guest-sys"];

pub(crate) fn run() -> Outcome {
    let mut timetable = Timetable::default();
    let outcome = steps(&mut timetable);
    timetable.print();
    outcome
}

fn steps(timetable: &mut Timetable) -> Outcome {
    timetable.step("format", || Step::new("fmt --all --check").run())?;
    let mut unchecked = None;
    timetable.step("dependencies", || {
        unchecked = deny::run()?;
        Ok(())
    })?;
    unchecked.into_iter().for_each(|note| timetable.note(note));
    timetable.step("set-up", set_up)?;
    let mut unbuilt = None;
    timetable.step("book", || {
        unbuilt = book::run()?;
        Ok(())
    })?;
    unbuilt.into_iter().for_each(|note| timetable.note(note));
    timetable.step("lints", || {
        Step::new("clippy --all-targets -- --deny warnings").run()
    })?;
    timetable.step("lints of guests", || {
        Step::new("clippy --target")
            .args([GUEST_TARGET])
            .args(CRATES_OF_GUESTS)
            .args(test::packages_of_guests()?)
            .args(["--", "--deny", "warnings"])
            .run()
    })?;
    timetable.step("documentation", || {
        Step::new("doc --no-deps")
            .env("RUSTDOCFLAGS", "--deny warnings")
            .run()
    })?;
    timetable.step("documentation of guests", || {
        Step::new("doc --no-deps --target")
            .args([GUEST_TARGET])
            .args(CRATES_OF_GUESTS)
            .env("RUSTDOCFLAGS", "--deny warnings")
            .run()
    })?;
    let tests = test::steps(timetable);
    let conformance = conformance::samples(timetable);
    program::all([tests, conformance])
}
