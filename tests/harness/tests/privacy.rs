//! A guest holds nothing about the machine that built it: no path of the user, no name, no value of the environment.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use memchr::memmem;
use wadup_embedded_fs::{Image, Kind, Node};

/// Prefixes and suffixes of values that are the same on many machines, and in the texts of the standard library.
const COMMON: [&str; 8] = [
    "/usr/", "/bin/", "/sbin/", "/etc/", "/dev/", "/tmp/", "/proc/", "/lib/",
];
const ENCODING: &str = "UTF-8";

/// The shortest value to look for; shorter ones would be found by chance.
const SHORTEST: usize = 5;

/// What to look for: a home like `/me` begins other words too, `/me/` is a path.
fn needle(value: &str) -> String {
    if value.starts_with('/') && value.matches('/').count() < 3 {
        format!("{}/", value.trim_end_matches('/'))
    } else {
        value.to_owned()
    }
}

/// What must not be in a guest, with where it comes from.
fn private() -> BTreeMap<String, String> {
    let mut private = BTreeMap::new();
    // Cargo adds some about this test; the others are the user's.
    for (name, value) in std::env::vars() {
        if !name.starts_with("CARGO_PKG_") && name != "CARGO_CRATE_NAME" {
            for part in value.split([':', ' ', '\n']) {
                private.insert(needle(part), format!("the value of {name}"));
            }
        }
    }
    let home = std::env::home_dir().unwrap();
    private.insert(
        home.join(".cache").display().to_string(),
        "the store".into(),
    );
    private.insert(
        home.join(".cargo").display().to_string(),
        "Cargo's home".into(),
    );
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let workspace = workspace.canonicalize().unwrap();
    private.insert(format!("{}/", workspace.display()), "the workspace".into());
    private.retain(|value, _| {
        value.len() >= SHORTEST
            && !COMMON.iter().any(|common| value.starts_with(common))
            && !value.ends_with(ENCODING)
            // Plain words are not secrets; paths, keys and addresses are.
            && value.contains(|letter: char| !letter.is_ascii_lowercase())
            && !value.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
    });
    private
}

/// The module without the paths of crates that rustc records for panics: they are in Cargo's home, and a plain `cargo build` keeps
/// them.
fn without_places_of_panics(module: &[u8]) -> Vec<u8> {
    let registry = std::env::home_dir().unwrap().join(".cargo/registry/src/");
    let registry = registry.display().to_string();
    let mut rest = module;
    let mut kept = Vec::with_capacity(module.len());
    while let Some(at) = memmem::find(rest, registry.as_bytes()) {
        kept.extend(&rest[..at]);
        rest = &rest[at + registry.len()..];
    }
    kept.extend(rest);
    kept
}

/// The contents of the files of the bundle in a module, one after the other.
fn files_of_bundle(module: &[u8]) -> Vec<u8> {
    let image = bundle(module);
    let mut contents = Vec::new();
    let mut folders = vec![Node::ROOT];
    while let Some(folder) = folders.pop() {
        for entry in image.entries(folder) {
            match image.kind(entry.node) {
                Kind::Directory => folders.push(entry.node),
                Kind::File => contents.extend(&*image.read(entry.node).unwrap()),
            }
        }
    }
    contents
}

/// The zip in the data of a module, found by the record at its end (APPNOTE 4.3.16).
fn bundle(module: &[u8]) -> Image<'_> {
    let number = |at: usize| u32::from_le_bytes(module[at..at + 4].try_into().unwrap()) as usize;
    memmem::find_iter(module, b"PK\x05\x06")
        .filter_map(|end| {
            let start = end.checked_sub(number(end + 12) + number(end + 16))?;
            Image::parse(module.get(start..end + 22)?).ok()
        })
        .max_by_key(|image| image.entries(Node::ROOT).count())
        .unwrap()
}

/// Asserts that a part of the module at `path` holds nothing private.
fn assert_reveals_nothing(
    private: &BTreeMap<String, String>,
    path: &Path,
    part: &str,
    bytes: &[u8],
) {
    for (value, origin) in private {
        let found = memmem::find(bytes, value.as_bytes()).is_some();
        let path = path.display();
        assert!(!found, "{part} of {path} reveals {origin}: `{value}`");
    }
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn no_guest_reveals_anything_of_the_machine_that_built_it() {
    let private = private();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let names = harness::names().unwrap();
    for name in names.iter().map(String::as_str).chain(["lockfile"]) {
        let path = target.join(format!("wasm32-wasip1/release/{name}.wasm"));
        let module = fs::read(&path).unwrap();
        let code = without_places_of_panics(&module);
        assert_reveals_nothing(&private, &path, "the module", &code);
        let files = files_of_bundle(&module);
        assert_reveals_nothing(&private, &path, "a file of the bundle", &files);
    }
}

/// Cargo, without the variables of this test's own Cargo.
fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    for (name, _) in std::env::vars() {
        if name.starts_with("CARGO_") && name != "CARGO_HOME" {
            cargo.env_remove(name);
        }
    }
    cargo.current_dir(folder);
    cargo
}

/// What a command printed on its standard error; it must succeed.
fn succeeds(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{printed}");
    printed
}

/// `cargo wadup`, run in `folder`.
fn wadup(folder: &Path, arguments: &[&str]) -> String {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml");
    succeeds(
        cargo(folder)
            .args([
                "run",
                "--quiet",
                "--package=cargo-wadup",
                "--no-default-features",
            ])
            .arg("--manifest-path")
            .arg(manifest)
            .arg("--")
            .args(arguments),
    )
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn a_new_guest_reveals_nothing_and_both_ways_to_build_it_share_their_work() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scaffold");
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects");
    wadup(Path::new(env!("CARGO_TARGET_TMPDIR")), &["new", "scaffold"]);

    let target_folder = target.to_str().unwrap();
    wadup(
        &folder,
        &[
            "build",
            "--release",
            "--no-snapshot",
            // So that it is the module that Cargo's own build makes.
            "--no-wasm-opt",
            "--target-dir",
            target_folder,
        ],
    );
    let path = target.join("wasm32-wasip1/release/scaffold.wasm");
    let module = fs::read(&path).unwrap();
    let plain = succeeds(
        cargo(&folder)
            .args([
                "build",
                "--release",
                "--target=wasm32-wasip1",
                "--target-dir",
            ])
            .arg(&target),
    );

    assert_reveals_nothing(&private(), &path, "the module", &module);
    // Panics still name their place.
    assert!(memmem::find(&module, b"/cargo/registry/src/").is_some());
    assert!(!plain.contains("Compiling"), "{plain}");
    assert!(fs::read(&path).unwrap() == module, "the modules differ");
}
