//! CycloneDX 1.6 (ECMA-424) in JSON. It has no timestamp and no random serial number, so that it is reproducible.

use serde_json::{Map, Value, json};
use wadup_build::output::{Component, Origin};

/// The document about a guest whose module has the hash `sha256`.
pub(super) fn document(guest: &Component, sha256: &str, components: &[Component]) -> Value {
    let mut subject = entry(guest, "application");
    subject.insert("hashes".to_owned(), hashes(sha256));
    let references: Vec<String> = components.iter().map(reference).collect();
    let components: Vec<Map<String, Value>> = components
        .iter()
        .map(|component| entry(component, "library"))
        .collect();
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "tools": { "components": [
                { "type": "library", "name": "wadup-inspect", "version": env!("CARGO_PKG_VERSION") },
            ] },
            "component": subject,
        },
        "components": components,
        "dependencies": [{ "ref": reference(guest), "dependsOn": references }],
    })
}

fn entry(component: &Component, kind: &str) -> Map<String, Value> {
    let reference = reference(component);
    let mut entry = Map::new();
    let mut set = |key: &str, value: Value| entry.insert(key.to_owned(), value);
    set("type", json!(kind));
    set("bom-ref", json!(reference));
    set("name", json!(component.name));
    set("version", json!(component.version));
    set("purl", json!(reference));
    if let Some(sha256) = &component.sha256 {
        set("hashes", hashes(sha256));
    }
    if let Some(license) = &component.license {
        set("licenses", json!([{ "license": { "name": license } }]));
    }
    entry
}

fn hashes(sha256: &str) -> Value {
    json!([{ "alg": "SHA-256", "content": sha256 }])
}

/// The package URL (ECMA-427), which also identifies the component within the document.
fn reference(component: &Component) -> String {
    let Component { name, version, .. } = component;
    // The only character of a version that has a special meaning there.
    let version = version.replace('+', "%2B");
    match component.origin {
        // An index may have another package of the same name.
        Origin::Interpreter | Origin::Library | Origin::Local | Origin::Tool => {
            format!("pkg:generic/{name}@{version}")
        }
        Origin::Crate => format!("pkg:cargo/{name}@{version}"),
        Origin::Package => format!("pkg:pypi/{name}@{version}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(origin: Origin, name: &str, version: &str) -> Component {
        Component {
            origin,
            name: name.into(),
            version: version.into(),
            sha256: Some("ab".repeat(32)),
            license: Some("MIT".into()),
        }
    }

    #[test]
    fn every_component_has_its_url_hash_and_license() {
        let guest = component(Origin::Crate, "users", "0.1.0");
        let parts = [
            component(Origin::Interpreter, "cpython", "3.13.5"),
            component(Origin::Crate, "bzip2-sys", "0.1.13+1.0.8"),
            component(Origin::Package, "pydantic", "2.12.5"),
            component(Origin::Local, "helper", "3.2"),
        ];

        let document = document(&guest, &"cd".repeat(32), &parts);

        assert_eq!(
            document["metadata"]["component"]["hashes"][0]["content"],
            "cd".repeat(32)
        );
        let expected = [
            "pkg:generic/cpython@3.13.5",
            "pkg:cargo/bzip2-sys@0.1.13%2B1.0.8",
            "pkg:pypi/pydantic@2.12.5",
            "pkg:generic/helper@3.2",
        ];
        assert_eq!(document["dependencies"][0]["dependsOn"], json!(expected));
        for (entry, purl) in document["components"]
            .as_array()
            .unwrap()
            .iter()
            .zip(expected)
        {
            assert_eq!(entry["purl"], purl);
            assert_eq!(entry["hashes"][0]["alg"], "SHA-256");
            assert_eq!(entry["licenses"][0]["license"]["name"], "MIT");
        }
    }
}
