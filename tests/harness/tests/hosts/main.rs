//! Guests of each kind under hosts that are not wasmtime: each does there what it does under wasmtime.
//!
//! The JavaScript hosts need Node, and the packages that `npm ci` installs into tests/hosts. Where these are missing, their tests say so
//! and pass, unless `WADUP_TEST_HOSTS` is set, as `cargo xtask ci` does.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod javascript;
mod wasmi;
mod wasmtime;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use harness::{Guests, Variant};
use serde::Serialize;

/// Cargo's folder for what tests write.
const TEMPORARY: &str = env!("CARGO_TARGET_TMPDIR");

/// A way to use a guest.
struct Use {
    guest: &'static str,
    /// The content of `/data.bin`; without it the guest has no folders.
    input: Option<&'static str>,
    arguments: &'static [&'static str],
    /// `None` where the host is given no variables.
    variables: Option<(&'static str, &'static str)>,
    /// How often `process` is called; a command is run instead if it is 0.
    calls: u32,
    status: i32,
}

/// The input of the guest `rust` needs a file system, which not every host here has.
const USES: [Use; 6] = [
    Use {
        guest: "bare",
        input: None,
        arguments: &[],
        variables: None,
        calls: 2,
        status: 0,
    },
    Use {
        guest: "rust",
        input: Some("tables rows"),
        arguments: &[],
        variables: None,
        calls: 2,
        status: 0,
    },
    Use {
        guest: "modern",
        input: Some(""),
        arguments: &[],
        variables: None,
        calls: 1,
        status: 0,
    },
    Use {
        guest: "command",
        input: None,
        // The shim reserves as many bytes as an argument has characters.
        arguments: &["command", "echo", "two words", ""],
        variables: None,
        calls: 0,
        status: 0,
    },
    Use {
        guest: "command",
        input: None,
        arguments: &["command", "environment", "NAME"],
        variables: Some(("NAME", "größer")),
        calls: 0,
        status: 0,
    },
    Use {
        guest: "command",
        input: None,
        arguments: &["command", "exit", "3"],
        variables: None,
        calls: 0,
        status: 3,
    },
];

impl fmt::Display for Use {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` {:?}", self.guest, self.arguments)
    }
}

/// What a host must do.
#[derive(Serialize)]
struct Run<'a> {
    module: &'a Path,
    /// What the guest sees as `/`.
    folder: Option<&'a Path>,
    arguments: &'a [&'a str],
    variables: Option<serde_json::Value>,
    calls: u32,
}

/// What a guest does under a host.
#[derive(Debug, PartialEq)]
struct Done {
    status: i32,
    stdout: String,
    stderr: String,
    /// The content of `/metadata`, by name.
    metadata: Vec<(String, serde_json::Value)>,
}

/// What a guest printed, and its exit status.
struct Printed {
    status: i32,
    stdout: String,
    stderr: String,
}

/// The module of a guest in the release profile, or its snapshot.
fn module(guest: &str, variant: Variant) -> PathBuf {
    let temporary = Path::new(TEMPORARY);
    // Takes the snapshot if there is none.
    let guests = Guests::new(temporary).unwrap();
    guests
        .guest(guest, variant)
        .unwrap_or_else(|error| panic!("{error}"));
    let folder = match variant {
        Variant::Snapshot => temporary.join("snapshots"),
        _ => temporary.with_file_name("wasm32-wasip1").join("release"),
    };
    folder.join(guest).with_extension("wasm")
}

/// Uses a guest under a host; `run` is the host.
fn done(of: &Use, variant: Variant, run: impl FnOnce(&Run<'_>) -> Printed) -> Done {
    let module = module(of.guest, variant);
    let folder = tempfile::tempdir().unwrap();
    if let Some(input) = of.input {
        fs::write(folder.path().join("data.bin"), input).unwrap();
        for name in ["metadata", "subcontent", "tmp"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
    }
    let Printed {
        status,
        stdout,
        stderr,
    } = run(&Run {
        module: &module,
        folder: of.input.is_some().then(|| folder.path()),
        arguments: of.arguments,
        variables: of
            .variables
            .map(|(name, value)| serde_json::json!({ name: value })),
        calls: of.calls,
    });
    let mut metadata: Vec<_> = of
        .input
        .iter()
        .flat_map(|_| fs::read_dir(folder.path().join("metadata")).unwrap())
        .map(|entry| {
            let path = entry.unwrap().path();
            let content = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, content)
        })
        .collect();
    metadata.sort_by(|(one, _), (other, _)| one.cmp(other));
    Done {
        status,
        stdout,
        stderr,
        metadata,
    }
}

/// Compares a host with what wasmtime does with the guest as it was built.
#[track_caller]
fn check(
    variant: Variant,
    uses: impl Iterator<Item = &'static Use>,
    host: impl Fn(&Run<'_>) -> Printed,
) {
    for of in uses {
        let expected = done(of, Variant::Release, wasmtime::run);
        assert_eq!(expected.status, of.status, "{of}: {}", expected.stderr);
        assert_eq!(expected.metadata.is_empty(), of.input.is_none());

        assert_eq!(done(of, variant, &host), expected, "{of}");
    }
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn wasmtime_runs_snapshots_as_the_guests_they_are_of() {
    check(Variant::Snapshot, USES.iter(), wasmtime::run);
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn node_runs_guests() {
    if let Some(node) = javascript::host("node.mjs") {
        check(Variant::Release, USES.iter(), node);
    }
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn node_runs_snapshots() {
    if let Some(node) = javascript::host("node.mjs") {
        check(Variant::Snapshot, USES.iter(), node);
    }
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn the_wasi_of_web_pages_runs_guests() {
    if let Some(shim) = javascript::host("shim.mjs") {
        check(Variant::Release, USES.iter(), shim);
    }
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn the_wasi_of_web_pages_runs_snapshots() {
    if let Some(shim) = javascript::host("shim.mjs") {
        check(Variant::Snapshot, USES.iter(), shim);
    }
}

/// The uses that need no folder.
fn without_folder() -> impl Iterator<Item = &'static Use> {
    USES.iter().filter(|of| of.input.is_none())
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn an_interpreter_runs_guests_without_a_file_system() {
    check(Variant::Release, without_folder(), wasmi::run);
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn an_interpreter_runs_snapshots_without_a_file_system() {
    check(Variant::Snapshot, without_folder(), wasmi::run);
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn an_interpreter_without_simd_refuses_guests_of_the_profile_modern() {
    let refusal = wasmi::refusal(&module("modern", Variant::Release));

    assert!(refusal.contains("SIMD"), "{refusal}");
}
