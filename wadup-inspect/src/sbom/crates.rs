//! The crates that a guest is compiled from: Cargo's graph for the guest's target, without build dependencies.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cargo_metadata::{
    CargoOpt, CrateType, DependencyKind, Metadata, MetadataCommand, Package, Target,
};
use fs_err as fs;
use serde::Deserialize;
use wadup_build::output::{Component, Origin, TARGET};

use crate::error::{Error, Result};

/// The guest's own package, and the crates that it is compiled from.
#[derive(Debug)]
pub(super) struct Guest {
    pub(super) package: Component,
    pub(super) crates: Vec<Component>,
}

/// The part of Cargo.lock that `cargo metadata` does not repeat.
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

/// The guest whose module has this name, in the workspace that the folder `project` belongs to, as it is with these features.
pub(super) fn of_guest(name: &str, features: &[String], project: &Path) -> Result<Guest> {
    let failed = |answer| Error::Cargo {
        project: project.to_owned(),
        answer: Box::new(answer),
    };
    let unknown = || Error::UnknownModule {
        project: project.to_owned(),
        module: name.to_owned(),
    };
    let packages = MetadataCommand::new()
        .current_dir(project)
        .no_deps()
        .exec()
        .map_err(failed)?;
    let package = linked_as(name, &packages).ok_or_else(unknown)?;
    let options = ["--locked", "--filter-platform", TARGET].map(str::to_owned);
    // Features without the package's name would be those of each package in the workspace.
    let features = features
        .iter()
        .map(|feature| format!("{}/{feature}", package.name));
    let metadata = MetadataCommand::new()
        .manifest_path(&package.manifest_path)
        .features(CargoOpt::NoDefaultFeatures)
        .features(CargoOpt::SomeFeatures(features.collect()))
        .other_options(options)
        .exec()
        .map_err(failed)?;
    let lock = metadata.workspace_root.join("Cargo.lock");
    let checksums = checksums(&fs::read_to_string(&lock)?)
        .map_err(|error| Error::malformed(lock.as_ref(), error, "let Cargo write it again"))?;
    select(name, &metadata, &checksums).ok_or_else(unknown)
}

type Checksums = BTreeMap<(String, String), String>;

fn checksums(lock: &str) -> Result<Checksums, toml::de::Error> {
    let lock: Lock = toml::from_str(lock)?;
    let packages = lock.package.into_iter();
    Ok(packages
        .filter_map(|package| Some(((package.name, package.version), package.checksum?)))
        .collect())
}

fn select(name: &str, metadata: &Metadata, checksums: &Checksums) -> Option<Guest> {
    let root = linked_as(name, metadata)?;
    let mut reached = BTreeSet::new();
    let mut waiting = vec![&root.id];
    while let Some(id) = waiting.pop() {
        let is_macro = metadata[id].targets.iter().any(Target::is_proc_macro);
        // A procedural macro and its dependencies run in the compiler.
        if is_macro || !reached.insert(id) {
            continue;
        }
        let nodes = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
        waiting.extend(
            nodes
                .filter(|node| node.id == *id)
                .flat_map(|node| &node.deps)
                // Dependencies of tests and build scripts are not in the module.
                .filter(|dependency| {
                    let mut kinds = dependency.dep_kinds.iter();
                    kinds.any(|kind| kind.kind == DependencyKind::Normal)
                })
                .map(|dependency| &dependency.pkg),
        );
    }
    let component = |package: &Package| {
        let (name, version) = (package.name.to_string(), package.version.to_string());
        Component {
            origin: Origin::Crate,
            sha256: checksums.get(&(name.clone(), version.clone())).cloned(),
            name,
            version,
            license: package.license.as_deref().map(as_spdx),
        }
    };
    let mut crates: Vec<Component> = metadata
        .packages
        .iter()
        .filter(|package| package.id != root.id && reached.contains(&package.id))
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

/// The package with a target that Cargo links to `name.wasm`.
fn linked_as<'a>(name: &str, metadata: &'a Metadata) -> Option<&'a Package> {
    metadata.packages.iter().find(|package| {
        package
            .targets
            .iter()
            .any(|target| is_linked_as(target, name))
    })
}

/// Whether Cargo links a target to `name.wasm`: the file name of a library has underscores, that of a program is its name. A
/// test is linked like a program but does not count.
fn is_linked_as(target: &Target, name: &str) -> bool {
    let is_linked = target.is_bin() || target.crate_types.contains(&CrateType::CDyLib);
    is_linked && (target.name == name || target.name.replace('-', "_") == name)
}

/// A license as an SPDX expression; Cargo still accepts a slash for `OR`.
fn as_spdx(license: &str) -> String {
    license.replace('/', " OR ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crates_of_a_guest_are_listed_with_hash_and_license() {
        let guest = of_guest("lockfile", &[], env!("CARGO_MANIFEST_DIR").as_ref()).unwrap();

        assert_eq!(guest.package.name, "lockfile");
        assert_eq!(guest.package.sha256, None);
        let named = |name: &str| guest.crates.iter().find(|package| package.name == name);
        let pyo3 = named("pyo3").unwrap();
        assert_eq!(pyo3.sha256.as_ref().map(String::len), Some(64));
        assert_eq!(pyo3.license.as_deref(), Some("MIT OR Apache-2.0"));
        assert!(named("wadup-guest").is_some_and(|own| own.sha256.is_none()));
        // A macro, its dependency, a build dependency and a dev-dependency.
        for absent in ["wadup-macros", "syn", "wadup-build", "wasmtime"] {
            assert!(named(absent).is_none(), "{absent}");
        }
    }

    #[test]
    fn a_module_of_another_workspace_is_rejected() {
        let error = of_guest("other", &[], env!("CARGO_MANIFEST_DIR").as_ref()).unwrap_err();

        assert!(matches!(error, Error::UnknownModule { .. }), "{error}");
    }

    #[test]
    fn a_license_with_a_slash_is_written_as_spdx() {
        assert_eq!(as_spdx("MIT/Apache-2.0"), "MIT OR Apache-2.0");
    }
}
