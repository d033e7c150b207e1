//! `cargo wadup audit`: its output and exit status. The harness audits guests.

use std::fs;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use crate::build::package;
use crate::{assert_complains, assert_success, stderr, stdout, wadup};

/// A library with the section of a guest, whose only component is CPython 3.0.0.
const SOURCE: &str = r#"
const RECORD: &str = "{\"features\": [],\n\"components\": [{\"origin\": \"interpreter\", \"name\": \"cpython\", \"version\": \"3.0.0\"}]}";
#[used]
#[unsafe(link_section = "wadup.sbom")]
static SECTION: [u8; RECORD.len()] = *RECORD.as_bytes().first_chunk().unwrap();
"#;

const ADVISORY: &str = r#"{
    "id": "PSF-0", "aliases": ["CVE-0"], "summary": "Made up",
    "affected": [{
        "ranges": [{ "type": "GIT", "repo": "https://github.com/python/cpython", "events": [{ "introduced": "0" }] }],
        "versions": ["v3.0.0"]
    }]
}"#;

/// A project with a built library and a database.
fn project(advisory: &str) -> TempDir {
    let folder = package(SOURCE);
    let built = wadup("build")
        .env_remove("CARGO_TARGET_DIR")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_success(&built);
    fs::write(folder.path().join("advisory.json"), advisory).unwrap();
    folder
}

fn audit(folder: &Path, arguments: &[&str]) -> Output {
    wadup("audit")
        .args([
            "target/wasm32-wasip1/debug/plain.wasm",
            "--database",
            "advisory.json",
        ])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

#[test]
fn the_exit_status_says_whether_an_advisory_affects_the_guest() {
    let folder = project(ADVISORY);

    let affected = audit(folder.path(), &[]);
    assert_eq!(affected.status.code(), Some(1), "{}", stderr(&affected));
    assert_eq!(
        stdout(&affected),
        "cpython 3.0.0: PSF-0, CVE-0\n  Made up\n  no version is known to fix it\n\
         1 component, 1 advisory: 1 affects this guest\n"
    );

    let ignored = audit(folder.path(), &["--ignore", "CVE-0"]);
    assert_success(&ignored);
    assert!(stdout(&ignored).ends_with("none is known to affect this guest\n"));

    let malformed = project("{}");
    let failed = audit(malformed.path(), &[]);
    assert_eq!(failed.status.code(), Some(2));
    assert_complains(&failed, "`advisory.json` is malformed: no advisory");
}
