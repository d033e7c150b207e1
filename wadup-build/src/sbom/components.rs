//! The components that only the build knows: CPython, C libraries, Python packages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use super::license;
use super::record::{Component, Origin};
use crate::cpython::Release;
use crate::error::{FileContext, Result};
use crate::extension::CLibrary;
use crate::site::Resolution;
use crate::{clibs, tree};

/// The license of each C library. The license of its crate is that of the Rust code.
const C_LICENSES: [(&str, &str); 4] = [
    ("libz-sys", "Zlib"),
    ("bzip2-sys", "bzip2-1.0.6"),
    ("liblzma-sys", "0BSD"),
    ("libsqlite3-sys", "blessing"),
];

/// The components of a guest. `libraries` are those that its native packages contain, and `installed` the folders with its
/// packages and their metadata.
pub(crate) fn components(
    python: &Release,
    resolution: &Resolution,
    libraries: &BTreeSet<&CLibrary>,
    installed: &[PathBuf],
) -> Result<Vec<Component>> {
    let mut components = vec![Component {
        origin: Origin::Interpreter,
        name: "cpython".to_owned(),
        version: python.version.to_owned(),
        sha256: Some(python.sha256.to_owned()),
        license: Some("PSF-2.0".to_owned()),
    }];
    for archive in clibs::locked()? {
        let stem = archive.file.trim_end_matches(".crate");
        for (name, license) in C_LICENSES {
            let version = stem
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('-'));
            components.extend(version.map(|version| Component {
                origin: Origin::Crate,
                name: name.to_owned(),
                version: version.to_owned(),
                sha256: Some(archive.sha256.clone()),
                license: Some(license.to_owned()),
            }));
        }
    }
    for library in libraries {
        components.push(Component {
            origin: if library.is_crate {
                Origin::Crate
            } else {
                Origin::Library
            },
            name: library.name.clone(),
            version: library.version.clone(),
            sha256: Some(library.sha256.clone()),
            license: Some(library.license.clone()),
        });
    }
    let mut licenses = BTreeMap::new();
    for folder in installed {
        for file in tree::files(folder)? {
            if file.ends_with(".dist-info/METADATA") {
                let path = folder.join(&file);
                // Old packages have names in other encodings; what is read here is ASCII.
                let text = fs::read(&path).on("read", &path)?;
                let text = String::from_utf8_lossy(&text);
                licenses.insert(normal_name(&text), license::of_metadata(&text));
            }
        }
    }
    let package = |origin, name: &str, version: &str, sha256: &str| Component {
        origin,
        name: name.to_owned(),
        version: version.to_owned(),
        sha256: Some(sha256.to_owned()),
        license: licenses.get(name).cloned().flatten(),
    };
    for pure in &resolution.pure {
        let sha256 = &pure.file.sha256;
        components.push(package(Origin::Package, &pure.name, &pure.version, sha256));
    }
    for native in &resolution.native {
        let sha256 = &native.sdist.sha256;
        components.push(package(
            Origin::Package,
            &native.name,
            &native.version,
            sha256,
        ));
    }
    for local in &resolution.local {
        components.push(package(
            Origin::Local,
            &local.name,
            &local.version,
            &local.sha256,
        ));
    }
    Ok(components)
}

/// The normalized name (PEP 503) in the text of a METADATA file.
fn normal_name(metadata: &str) -> String {
    let name = metadata
        .lines()
        .find_map(|line| line.strip_prefix("Name: "))
        .unwrap_or_default();
    let parts = name.trim().split(['-', '_', '.']);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("-").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpython::Series;

    #[test]
    fn the_interpreter_and_every_c_library_are_listed_with_hash_and_license() {
        let nothing = Resolution {
            lock: None,
            pure: Vec::new(),
            native: Vec::new(),
            local: Vec::new(),
            asked: std::collections::BTreeSet::new(),
        };

        let in_a_package = CLibrary {
            name: "libxml2".to_owned(),
            version: "2.15.4".to_owned(),
            sha256: "a".repeat(64),
            license: "MIT".to_owned(),
            is_crate: false,
        };

        let components = components(
            Series::default().newest(),
            &nothing,
            &BTreeSet::from([&in_a_package]),
            &[],
        )
        .unwrap();

        let names: Vec<&str> = components.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "cpython",
                "libz-sys",
                "bzip2-sys",
                "liblzma-sys",
                "libsqlite3-sys",
                "libxml2"
            ]
        );
        for part in components {
            assert_eq!(
                part.sha256.map(|hash| hash.len()),
                Some(64),
                "{}",
                part.name
            );
            assert!(part.license.is_some(), "{}", part.name);
        }
    }

    #[test]
    fn a_package_is_known_by_its_normalized_name() {
        assert_eq!(
            normal_name("Metadata-Version: 2.1\nName: Typing_Extensions\n"),
            "typing-extensions"
        );
    }
}
