//! The commands of `cargo wadup` as a user meets them: what is printed where, and the exit status.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod audit;
mod build;
mod development;
mod doctor;
mod new;
mod run;
mod scaffold;
#[cfg(feature = "stubs")]
mod stubs;
mod unread;

use std::process::{Command, Output};

/// `cargo wadup COMMAND`.
fn wadup(command: &str) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_cargo-wadup"));
    program.args(["wadup", command]);
    program
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

#[track_caller]
fn assert_success(output: &Output) {
    assert!(output.status.success(), "{}", stderr(output));
}

#[track_caller]
fn assert_complains(output: &Output, text: &str) {
    assert!(stderr(output).contains(text), "{}", stderr(output));
}
