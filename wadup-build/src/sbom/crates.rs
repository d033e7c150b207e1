//! The crates that a guest is compiled from: Cargo's graph for the guest's target, without what only builds use.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::record::{Component, Origin};
use crate::command::Program;
use crate::environment::Tool;
use crate::error::{Error, FileContext, Result};
use crate::toolchain::TARGET;

/// The guest's own package, and the crates that it is compiled from.
pub(super) struct Guest {
    pub(super) package: Component,
    pub(super) crates: Vec<Component>,
}

/// The part of `cargo metadata` that is read here.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    targets: Vec<Target>,
}

impl Package {
    fn is_macro(&self) -> bool {
        let mut kinds = self.targets.iter().flat_map(|target| &target.crate_types);
        kinds.any(|kind| kind == "proc-macro")
    }
}

#[derive(Deserialize)]
struct Target {
    name: String,
    crate_types: Vec<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

/// The guest whose module has this name, in the workspace that the folder `project` belongs to.
pub(super) fn of_guest(name: &str, project: &Path) -> Result<Guest> {
    let printed = Program::new(
        Tool::UsersCargo,
        "cargo",
        "asking Cargo for the crates of the guest",
    )
    .current_dir(project)
    .args(["metadata", "--format-version", "1", "--locked"])
    .args(["--filter-platform", TARGET])
    .output()?;
    let file = project.join("Cargo.toml");
    let metadata: Metadata =
        serde_json::from_str(&printed).map_err(|error| Error::malformed(&file, error))?;
    let lock = metadata.workspace_root.join("Cargo.lock");
    let text = fs::read_to_string(&lock).on("read", &lock)?;
    let checksums = checksums(&text).map_err(|error| Error::malformed(&lock, error))?;
    select(name, &metadata, &checksums).ok_or_else(|| {
        Error::configuration(
            &file,
            format!("its workspace has no package that builds `{name}.wasm`"),
        )
    })
}

type Checksums = BTreeMap<(String, String), String>;

fn checksums(lock: &str) -> std::result::Result<Checksums, toml::de::Error> {
    let lock: Lock = toml::from_str(lock)?;
    let packages = lock.package.into_iter();
    Ok(packages
        .filter_map(|package| Some(((package.name, package.version), package.checksum?)))
        .collect())
}

fn select(name: &str, metadata: &Metadata, checksums: &Checksums) -> Option<Guest> {
    let root = metadata.packages.iter().find(|package| {
        package.targets.iter().any(|target| {
            let is_linked = ["cdylib", "bin"]
                .iter()
                .any(|kind| target.crate_types.iter().any(|found| found == kind));
            // Cargo names a library's file with underscores, and a program's as it is.
            is_linked && (target.name == name || target.name.replace('-', "_") == name)
        })
    })?;
    let mut reached = BTreeSet::new();
    let mut waiting = vec![&*root.id];
    while let Some(id) = waiting.pop() {
        let package = metadata.packages.iter().find(|package| package.id == id);
        // A macro runs in the compiler, with all that it is made of.
        if package.is_some_and(Package::is_macro) || !reached.insert(id) {
            continue;
        }
        let node = metadata.resolve.nodes.iter().find(|node| node.id == id);
        waiting.extend(
            node.iter()
                .flat_map(|node| &node.deps)
                // Neither what tests use nor what build scripts do is in the module.
                .filter(|dependency| dependency.dep_kinds.iter().any(|kind| kind.kind.is_none()))
                .map(|dependency| &*dependency.pkg),
        );
    }
    let component = |package: &Package| Component {
        origin: Origin::Crate,
        name: package.name.clone(),
        version: package.version.clone(),
        sha256: checksums
            .get(&(package.name.clone(), package.version.clone()))
            .cloned(),
        // The form of old, which SPDX no longer knows.
        licence: package
            .license
            .as_ref()
            .map(|text| text.replace('/', " OR ")),
    };
    let mut crates: Vec<Component> = metadata
        .packages
        .iter()
        .filter(|package| package.id != root.id && reached.contains(&*package.id))
        .map(component)
        .collect();
    crates.sort_by(|first, second| {
        (&first.name, &first.version).cmp(&(&second.name, &second.version))
    });
    Some(Guest {
        package: component(root),
        crates,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const METADATA: &str = r#"{
        "workspace_root": "/work",
        "packages": [
            {"id": "guest", "name": "my-guest", "version": "1.0.0", "license": null,
             "targets": [{"name": "my_guest", "crate_types": ["cdylib"]}]},
            {"id": "slab", "name": "slab", "version": "0.4.12", "license": "MIT/Apache-2.0",
             "targets": [{"name": "slab", "crate_types": ["lib"]}]},
            {"id": "cc", "name": "cc", "version": "1.0.0", "license": "MIT",
             "targets": [{"name": "cc", "crate_types": ["lib"]}]},
            {"id": "macros", "name": "macros", "version": "1.0.0", "license": "MIT",
             "targets": [{"name": "macros", "crate_types": ["proc-macro"]}]}
        ],
        "resolve": {"nodes": [
            {"id": "guest", "deps": [
                {"pkg": "slab", "dep_kinds": [{"kind": null}]},
                {"pkg": "macros", "dep_kinds": [{"kind": null}]},
                {"pkg": "cc", "dep_kinds": [{"kind": "build"}]}]},
            {"id": "slab", "deps": []},
            {"id": "macros", "deps": [{"pkg": "cc", "dep_kinds": [{"kind": null}]}]},
            {"id": "cc", "deps": []}
        ]}
    }"#;
    const LOCK: &str = "[[package]]\nname = \"slab\"\nversion = \"0.4.12\"\nchecksum = \"aa\"\n\
                        [[package]]\nname = \"my-guest\"\nversion = \"1.0.0\"\n";

    #[test]
    fn the_crates_that_are_compiled_into_the_guest_are_listed_with_their_hashes() {
        let metadata: Metadata = serde_json::from_str(METADATA).unwrap();

        let guest = select("my_guest", &metadata, &checksums(LOCK).unwrap()).unwrap();

        assert_eq!(guest.package.name, "my-guest");
        assert_eq!(guest.package.sha256, None);
        let [slab] = &guest.crates[..] else {
            panic!("{:?}", guest.crates);
        };
        assert_eq!(
            (
                slab.name.as_str(),
                slab.sha256.as_deref(),
                slab.licence.as_deref()
            ),
            ("slab", Some("aa"), Some("MIT OR Apache-2.0"))
        );
    }

    #[test]
    fn a_module_of_another_workspace_is_nobodys() {
        let metadata: Metadata = serde_json::from_str(METADATA).unwrap();

        assert!(select("other", &metadata, &Checksums::new()).is_none());
    }
}
