//! `cargo wadup sbom` prints CycloneDX 1.6, by that format's own schema; `cargo wadup audit` finds planted advisories.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};

use boon::{Compiler, SchemaIndex, Schemas};
use harness::{Guests, Variant};
use serde_json::{Value, json};
use wadup_host::Options;
use wadup_inspect::audit::{Database, audit};

const ADDRESS: &str = "http://cyclonedx.org/schema/bom-1.6.schema.json";

/// The schema and those that it refers to.
const RESOURCES: [(&str, &str); 3] = [
    (ADDRESS, include_str!("schema/bom-1.6.schema.json")),
    (
        "http://cyclonedx.org/schema/spdx.schema.json",
        include_str!("schema/spdx.schema.json"),
    ),
    (
        "http://cyclonedx.org/schema/jsf-0.82.schema.json",
        include_str!("schema/jsf-0.82.schema.json"),
    ),
];

/// The schema of the format; it checks the formats of strings too.
struct Schema {
    schemas: Schemas,
    root: SchemaIndex,
}

impl Schema {
    fn new() -> Self {
        let mut schemas = Schemas::new();
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        for (address, text) in RESOURCES {
            let resource = serde_json::from_str(text).unwrap();
            compiler.add_resource(address, resource).unwrap();
        }
        let root = compiler.compile(ADDRESS, &mut schemas).unwrap();
        Self { schemas, root }
    }

    /// What is wrong with a document, in words.
    fn problem(&self, document: &Value) -> Option<String> {
        let outcome = self.schemas.validate(document, self.root);
        outcome.err().map(|error| format!("{error:#}"))
    }
}

fn module(guest: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    target.join(format!("wasm32-wasip1/release/{guest}.wasm"))
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sbom(guest: &str) -> Value {
    let text = wadup_inspect::sbom(&module(guest), project()).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// An advisory about all versions of a package.
fn advisory(id: &str, ecosystem: &str, package: &str) -> Value {
    json!({
        "id": id,
        "affected": [{
            "package": { "ecosystem": ecosystem, "name": package },
            "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }] }],
        }],
    })
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn the_bill_of_materials_of_each_guest_is_valid() {
    let schema = Schema::new();
    for guest in harness::names().unwrap() {
        let document = sbom(&guest);

        assert_eq!(schema.problem(&document), None, "{guest}");
        let components = document["components"].as_array().unwrap();
        assert!(components.len() > 5, "{guest}");
    }
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn only_a_guest_that_reaches_openssl_lists_it_with_its_license() {
    let listed = |guest| {
        let document = sbom(guest);
        let components = document["components"].as_array().unwrap();
        let mut found = components
            .iter()
            .filter(|part| part["name"] == "openssl-src");
        found.next().map(|part| part["licenses"].to_string())
    };

    assert!(listed("stdlib").unwrap().contains("Apache-2.0"));
    assert_eq!(listed("bare"), None);
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn the_bill_of_materials_names_the_python_that_runs() {
    let guests = Guests::new(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap();
    let guest = guests.guest("bare", Variant::Release).unwrap();

    let mut instance = guest.instantiate(&Options::default()).unwrap();
    let outcome = instance.process(b"").unwrap();

    let document = sbom("bare");
    let components = document["components"].as_array().unwrap();
    let python = components.iter().find(|part| part["name"] == "cpython");
    let listed = python.unwrap()["version"].as_str().unwrap();
    assert_eq!(outcome.stderr, format!("to standard error {listed}\n"));
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn the_schema_refuses_an_invalid_bill_of_materials() {
    let schema = Schema::new();
    let valid = sbom("bare");
    for (place, wrong) in [
        ("/specVersion", json!(1.6)),
        ("/components/0/type", json!("programme")),
        ("/components/0/hashes/0/content", json!("no hash")),
        ("/components/0/licenses/0/license/name", json!(null)),
        ("/metadata/component/bom-ref", json!("")),
    ] {
        let mut document = valid.clone();
        *document.pointer_mut(place).unwrap() = wrong;

        assert!(schema.problem(&document).is_some(), "{place}");
    }
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn an_audit_finds_planted_advisories_about_components_of_each_kind() {
    let folder = tempfile::tempdir().unwrap();
    let interpreter = json!({
        "id": "interpreter",
        "affected": [{
            "ranges": [{ "type": "GIT", "repo": "https://github.com/python/cpython", "events": [] }],
            "versions": [format!("v{}", version_of(&sbom("pydantic"), "cpython"))],
        }],
    });
    let planted = [
        interpreter,
        advisory("package", "PyPI", "Pydantic_Core"),
        advisory("crate", "crates.io", "pyo3"),
        advisory("c-library", "crates.io", "libz-sys"),
        advisory("absent", "PyPI", "requests"),
    ];
    for (number, advisory) in planted.iter().enumerate() {
        let file = folder.path().join(format!("{number}.json"));
        std::fs::write(file, advisory.to_string()).unwrap();
    }
    let database = Database::open(&[folder.path()]).unwrap();

    let report = audit(&module("pydantic"), project(), &database, &[]).unwrap();

    let mut ids: Vec<&str> = report
        .findings
        .iter()
        .map(|found| found.id.as_str())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, ["c-library", "crate", "interpreter", "package"]);
}

fn version_of<'a>(document: &'a Value, component: &str) -> &'a str {
    let components = document["components"].as_array().unwrap();
    let found = components.iter().find(|entry| entry["name"] == component);
    found.and_then(|entry| entry["version"].as_str()).unwrap()
}
