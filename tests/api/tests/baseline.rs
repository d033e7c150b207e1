//! The public items of the crates that users name are those that the files of this package list, one in a line.
//!
//! A change of these files is a change of what users may have built on: see "Release" in CONTRIBUTING.md. After a change that is
//! meant, let `WADUP_UPDATE_API=1 cargo test -p api` write the files anew, and read the difference.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-wasip1";

/// For build scripts and for programs that run guests.
const OF_HOSTS: [&str; 2] = ["wadup-build", "wadup-host"];

/// For the Rust in a guest.
const OF_GUESTS: [&str; 1] = ["wadup-guest"];

#[test]
fn the_public_items_of_each_crate_are_those_of_its_file() {
    let documented = [
        (&OF_HOSTS[..], document(&["--features", "wadup-host/arrow"])),
        (
            &OF_GUESTS[..],
            document(&["--target", TARGET, "--package", "wadup-guest"]),
        ),
    ];

    let mut changed = Vec::new();
    for (crates, folder) in documented {
        for name in crates {
            let json = folder.join(format!("{}.json", name.replace('-', "_")));
            let found = items(&json);
            let file = package().join(format!("{name}.txt"));
            if env::var_os("WADUP_UPDATE_API").is_some() {
                fs::write(&file, &found).unwrap();
            }
            let expected = fs::read_to_string(&file).unwrap_or_default();
            changed.extend(difference(name, &expected, &found));
        }
    }
    assert!(
        changed.is_empty(),
        "the public items have changed:\n{}\n\
         help: if this is meant, run `WADUP_UPDATE_API=1 cargo test -p api`, and say in CHANGELOG.md what users must change",
        changed.join("\n")
    );
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Writes the documentation of the workspace's packages as JSON, and returns the folder.
fn document(arguments: &[&str]) -> PathBuf {
    let workspace = package().ancestors().nth(2).unwrap();
    let status = Command::new(env!("CARGO"))
        .args(["doc", "--no-deps", "--quiet"])
        .args(arguments)
        .current_dir(workspace)
        .env("RUSTDOC", package().join("rustdoc.sh"))
        .env("RUSTDOCFLAGS", "-Zunstable-options --output-format json")
        .status()
        .unwrap();
    assert!(status.success(), "`cargo doc` failed");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    match arguments.contains(&TARGET) {
        true => target.join(TARGET).join("doc"),
        false => target.join("doc"),
    }
}

/// The items of a crate, without those that every type has.
fn items(json: &Path) -> String {
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .unwrap();
    api.items().map(|item| format!("{item}\n")).collect()
}

/// The lines that one of the texts lacks.
fn difference(name: &str, expected: &str, found: &str) -> Vec<String> {
    let only = |sign: char, text: &str, other: &str| -> Vec<String> {
        text.lines()
            .filter(|line| !other.lines().any(|known| known == *line))
            .map(|line| format!("{name}: {sign} {line}"))
            .collect()
    };
    [only('-', expected, found), only('+', found, expected)].concat()
}
