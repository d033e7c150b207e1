//! The example `lockfile` on real and on broken lock files.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use harness::{Guests, Variant};
use wadup_host::{Failure, Instance, Options, Value};

/// The guest as it was linked, and its snapshot: they must not differ.
const VARIANTS: [Variant; 2] = [Variant::Release, Variant::Snapshot];

fn instance(variant: Variant) -> Instance {
    let guests = Guests::new(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap();
    let guest = guests
        .guest("lockfile", variant)
        .unwrap_or_else(|error| panic!("{error}"));
    guest.instantiate(&Options::default()).unwrap()
}

fn rows(variant: Variant, lockfile: &str) -> Vec<Vec<Value>> {
    let outcome = instance(variant).process(lockfile.as_bytes()).unwrap();
    let mut output = outcome.result.unwrap();
    assert_eq!(output.tables.len(), 1);
    output.tables.remove(0).rows
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn every_package_of_this_workspace_becomes_a_row() {
    let lockfile = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    let text = fs::read_to_string(lockfile).unwrap();
    let packages = text.lines().filter(|line| *line == "[[package]]").count();

    let [plain, snapshot] = VARIANTS.map(|variant| rows(variant, &text));

    assert_eq!(plain.len(), packages);
    assert_eq!(plain, snapshot);
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn versions_are_in_the_order_that_rust_gives_them() {
    let lockfile = r#"
        version = 4
        [[package]]
        name = "a"
        version = "1.10.0"
        [[package]]
        name = "a"
        version = "1.9.0"
        [[package]]
        name = "a"
        version = "1.10.0-rc.1"
    "#;

    let expected =
        ["1.9.0", "1.10.0-rc.1", "1.10.0"].map(|version| Value::String(version.to_owned()));
    for variant in VARIANTS {
        let rows = rows(variant, lockfile);
        let versions: Vec<&Value> = rows.iter().map(|row| &row[1]).collect();
        assert_eq!(versions, expected.iter().collect::<Vec<_>>());
    }
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn a_malformed_lock_file_fails_with_a_traceback_and_without_rows() {
    for variant in VARIANTS {
        refuses_malformed_lock_files(variant);
    }
}

fn refuses_malformed_lock_files(variant: Variant) {
    let mut instance = instance(variant);
    for (lockfile, exception) in [
        ("[[package]\nname = 1", "tomllib.TOMLDecodeError"),
        (
            "[[package]]\nname = \"a\"\nversion = 1",
            "pydantic_core._pydantic_core.ValidationError",
        ),
        (
            "[[package]]\nname = \"a\"\nversion = \"not a version\"\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"",
            "ValueError",
        ),
    ] {
        let outcome = instance.process(lockfile.as_bytes()).unwrap();

        assert!(
            matches!(outcome.result, Err(Failure::Status(1))),
            "{:?}",
            outcome.result
        );
        let traceback = outcome.stderr;
        assert!(
            traceback.contains("Traceback (most recent call last)"),
            "{traceback}"
        );
        assert!(
            traceback.contains("File \"/wadup/app/lockfile/__init__.py\", line "),
            "{traceback}"
        );
        assert!(traceback.contains(exception), "{traceback}");
    }

    let empty = instance.process(b"version = 4").unwrap().result.unwrap();
    assert!(empty.tables.iter().all(|table| table.rows.is_empty()));
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn its_snapshot_depends_on_nothing_that_the_imports_read() {
    let path =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("../wasm32-wasip1/release/lockfile.wasm");
    let options = wadup_snapshot::Options {
        strict: true,
        baseline: true,
    };

    let taken = wadup_snapshot::take(&fs::read(path).unwrap(), &options);

    assert!(taken.is_ok(), "{}", taken.unwrap_err());
}
