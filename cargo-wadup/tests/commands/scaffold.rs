//! Guests as `cargo wadup new` and `cargo wadup build --release` make them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::{assert_success, stdout, wadup};

/// A new project. It lies in the same place at each run, and shares what it depends on with the fresh projects of the harness:
/// only the guest is built again.
pub(crate) struct Scaffold {
    pub(crate) root: PathBuf,
    target: PathBuf,
}

impl Scaffold {
    pub(crate) fn new(name: &str) -> Self {
        let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let folder = temporary.join("scaffolds");
        let root = folder.join(name);
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        let output = wadup("new").arg(name).current_dir(&folder).output();
        assert_success(&output.unwrap());
        Self {
            root,
            target: temporary.join("projects"),
        }
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        fs::write(self.root.join(file), text).unwrap();
    }

    pub(crate) fn append(&self, file: &str, text: &str) {
        let present = fs::read_to_string(self.root.join(file)).unwrap();
        self.write(file, &(present + text));
    }

    /// A command in the project.
    pub(crate) fn command(&self, command: &str) -> Command {
        let mut program = wadup(command);
        for (name, _) in std::env::vars() {
            if name.starts_with("PYO3_") || name.starts_with("CARGO_") && name != "CARGO_HOME" {
                program.env_remove(name);
            }
        }
        program
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target);
        program
    }

    fn build(&self, arguments: &[&str], variables: &[(&str, String)]) {
        let mut build = self.command("build");
        build
            .arg("--release")
            .args(arguments)
            .envs(variables.iter().cloned());
        assert_success(&build.output().unwrap());
    }

    /// A file that the build made.
    fn built(&self, ending: &str) -> PathBuf {
        let name = self.root.file_name().unwrap().to_str().unwrap();
        let name = name.replace('-', "_");
        self.target
            .join(format!("wasm32-wasip1/release/{name}{ending}"))
    }

    /// What `cargo wadup size` says of a file that the build made.
    fn size(&self, ending: &str) -> Value {
        let mut size = self.command("size");
        let output = size.arg("--json").arg(self.built(ending)).output().unwrap();
        assert_success(&output);
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// The share of a group in a guest, in percent.
fn share(size: &Value, group: &str) -> u64 {
    let groups = size["groups"].as_array().unwrap();
    let of_group = groups.iter().filter(|found| found["group"] == group);
    let bytes: u64 = of_group.map(|found| found["bytes"].as_u64().unwrap()).sum();
    100 * bytes / size["bytes"].as_u64().unwrap()
}

#[test]
fn the_size_of_a_new_guest_and_of_its_snapshot_is_told_apart_by_the_linkers_map() {
    let scaffold = Scaffold::new("measured");
    scaffold.build(&[], &[]);

    for ending in [".wasm", ".snapshot.wasm"] {
        let size = scaffold.size(ending);

        assert_eq!(size["basis"], "link map", "{ending}: {size}");
        let in_the_rest = share(&size, "the rest");
        assert!(in_the_rest < 5, "{in_the_rest} % of {ending}: {size}");
        for group in [
            "interpreter",
            "C libraries",
            "extension",
            "standard library",
        ] {
            assert!(share(&size, group) >= 2, "{group} in {ending}: {size}");
        }
        let app = share(&size, "app") + share(&size, "Rust code");
        assert!(app < 5, "{app} % of {ending}: {size}");
    }
}

const DEPENDENCIES: &str = r#"
# As old as they are, their C libraries are of other versions than CPython's.
[dependencies.rusqlite]
version = "=0.31.0"
features = ["bundled"]
optional = true

[dependencies.flate2]
version = "1"
default-features = false
features = ["zlib"]

[dependencies.libz-sys]
version = "=1.1.20"
default-features = false
features = ["static"]

[dependencies.pyo3]
version = "0.30"
features = ["abi3-py313"]

# Compiled quickly.
[profile.release.package.libsqlite3-sys]
opt-level = 0
[profile.release.package.libz-sys]
opt-level = 0
"#;

const RUST: &str = r#"
use std::ffi::CStr;
use std::io::Write;

#[pyo3::pymodule]
mod crates {
    use super::*;

    #[pyo3::pyfunction]
    fn sqlite() -> (&'static str, String) {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let answer = connection.query_row("select sqlite_version()", [], |row| row.get(0));
        (rusqlite::version(), answer.unwrap())
    }

    #[pyo3::pyfunction]
    fn zlib() -> &'static str {
        // SAFETY: it gives a constant.
        unsafe { CStr::from_ptr(libz_sys::zlibVersion()) }.to_str().unwrap()
    }

    #[pyo3::pyfunction]
    fn compressed(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }
}

/// A name of CPython's that no header of C gives away.
#[unsafe(no_mangle)]
pub extern "C" fn PyInit_math() -> i32 {
    unreachable!("the user's function is not Python's")
}

wadup_guest::wadup_python! { modules: [crates] }
"#;

const PYTHON: &str = r#"
import math
import sqlite3
import zlib

import crates
import wadup


def main() -> None:
    text = b"twofold " * 10_000
    assert zlib.decompress(crates.compressed(text)) == text
    assert math.floor(2.5) == 2
    connection = sqlite3.connect(":memory:")
    versions = {
        "CPython's SQLite": (sqlite3.sqlite_version, *connection.execute("select sqlite_version()").fetchone()),
        "CPython's zlib": (zlib.ZLIB_VERSION, zlib.ZLIB_RUNTIME_VERSION),
        "the crates' SQLite": crates.sqlite(),
        "the crates' zlib": (crates.zlib(),) * 2,
    }
    wadup.define_table("versions", [("library", "String"), ("compiled", "String"), ("running", "String")])
    for library, (compiled, running) in versions.items():
        wadup.insert_row("versions", [library, compiled, running])
"#;

/// The variables by which the `cc` crate finds the compiler and the sysroot that `doctor` names.
fn variables_of_cc() -> [(&'static str, String); 2] {
    let output = wadup("doctor").arg("--json").output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = |what: &str| {
        let findings = report["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| finding["what"] == what);
        finding.unwrap()["found"].as_str().unwrap().to_owned()
    };
    let clang = found("clang").rsplit(", ").next().unwrap().to_owned();
    let sysroot = found("WASI sysroot");
    [
        ("CC_wasm32_wasip1", clang),
        ("CFLAGS_wasm32_wasip1", format!("--sysroot={sysroot}")),
    ]
}

#[test]
fn a_crates_c_library_and_the_one_behind_cpython_keep_to_themselves() {
    let scaffold = Scaffold::new("two-of-a-library");
    scaffold.append("Cargo.toml", DEPENDENCIES);
    scaffold.write("src/lib.rs", RUST);
    scaffold.write("python/two_of_a_library/__init__.py", PYTHON);
    // Neither packages nor a snapshot say anything about the linker.
    let pyproject = fs::read_to_string(scaffold.root.join("pyproject.toml")).unwrap();
    let pyproject = pyproject.replace("\"pydantic==2.12.5\"", "") + "snapshot = false\n";
    scaffold.write("pyproject.toml", &pyproject);

    scaffold.build(&["--features=rusqlite"], &variables_of_cc());
    let mut run = scaffold.command("run");
    let output = run
        .arg("--format=csv")
        .arg(scaffold.built(".wasm"))
        .arg("Cargo.toml");
    let output = output.output().unwrap();

    assert_success(&output);
    let mut versions = Vec::new();
    for row in stdout(&output).lines().skip(1) {
        let columns: Vec<&str> = row.split(',').collect();
        let [.., library, compiled, running] = columns[..] else {
            panic!("{row}");
        };
        assert_eq!(running, compiled, "{library}");
        versions.push(running);
    }
    let [sqlite, zlib, sqlite_of_crates, zlib_of_crates] = versions[..] else {
        panic!("{}", stdout(&output));
    };
    let mut sbom = scaffold.command("sbom");
    let bill = sbom.arg(scaffold.built(".wasm")).output().unwrap();
    assert!(
        stdout(&bill).contains("\"name\": \"rusqlite\""),
        "a crate behind a feature is not in the bill of materials"
    );
    // SQLite's header is not seen from Python; but there are only two of it in this guest.
    assert_eq!(sqlite_of_crates, "3.45.0");
    assert_ne!(sqlite, sqlite_of_crates);
    assert_ne!(zlib, zlib_of_crates);
}
