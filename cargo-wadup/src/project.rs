//! Guest packages in Cargo's metadata, and where their modules are after a build.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use cargo_metadata::{CrateType, Metadata, MetadataCommand, Package, Target};

pub(crate) use wadup_build::output::TARGET;

/// The crate that every guest depends on.
const RUNTIME: &str = "wadup-guest";

/// Runs `cargo metadata` for a manifest, without dependencies.
pub(crate) fn metadata(manifest: &Path) -> Result<Metadata, String> {
    MetadataCommand::new()
        .no_deps()
        .manifest_path(manifest)
        .exec()
        .map_err(|error| format!("could not read `{}`: {error}", manifest.display()))
}

/// Cargo's folder for what it builds of the package around a folder.
#[cfg(feature = "wasmtime")]
pub(crate) fn target_folder(folder: &Path) -> Result<PathBuf, String> {
    let metadata = metadata(&manifest_around(folder)?)?;
    Ok(metadata.target_directory.into())
}

/// The package with this manifest.
pub(crate) fn package<'a>(metadata: &'a Metadata, manifest: &Path) -> Result<&'a Package, String> {
    metadata
        .packages
        .iter()
        .find(|package| package.manifest_path == manifest)
        .ok_or_else(|| format!("no package has the manifest `{}`", manifest.display()))
}

/// Whether a package depends on the guest's runtime.
pub(crate) fn is_guest(package: &Package) -> bool {
    package
        .dependencies
        .iter()
        .any(|dependency| dependency.name == RUNTIME)
}

/// Whether hosts can run what a target builds: a cdylib or a program.
pub(crate) fn is_module(target: &Target) -> bool {
    target.is_bin() || target.crate_types.contains(&CrateType::CDyLib)
}

/// The Cargo that called this program, or the one on PATH.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The Cargo.toml in a folder, or in its nearest ancestor that has one.
pub(crate) fn manifest_around(folder: &Path) -> Result<PathBuf, String> {
    // A relative path has none of the folders above the current one.
    let folder = folder
        .canonicalize()
        .map_err(|error| format!("could not find `{}`: {error}", folder.display()))?;
    folder
        .ancestors()
        .map(|folder| folder.join("Cargo.toml"))
        .find(|file| file.is_file())
        .ok_or_else(|| format!("there is no Cargo.toml in `{}` or above", folder.display()))
}

/// The path of a module's snapshot: `NAME.snapshot.wasm` beside `NAME.wasm`.
pub(crate) fn snapshot_beside(module: &Path) -> PathBuf {
    module.with_extension("snapshot.wasm")
}

/// The path of the record beside a snapshot.
#[cfg(feature = "wasmtime")]
pub(crate) fn record_beside(module: &Path) -> PathBuf {
    module.with_extension("snapshot.json")
}

/// The path of the linker's map of a module. A snapshot shares the map of its module.
pub(crate) fn map_beside(module: &Path) -> PathBuf {
    let name = module.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.strip_suffix(".wasm").unwrap_or(&name);
    let stem = stem.strip_suffix(".snapshot").unwrap_or(stem);
    module.with_file_name(format!("{stem}.map"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshots_share_their_modules_map() {
        for module in ["release/users.wasm", "release/users.snapshot.wasm"] {
            assert_eq!(
                map_beside(Path::new(module)),
                Path::new("release/users.map")
            );
        }
    }

    #[test]
    fn manifest_is_found_in_the_nearest_ancestor() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));

        let manifest = manifest_around(&folder.join("src/run")).unwrap();

        assert_eq!(manifest, folder.join("Cargo.toml"));
    }

    #[test]
    fn manifest_is_found_above_a_relative_folder() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();

        let manifest = manifest_around(Path::new("../docs")).unwrap();

        assert_eq!(manifest, workspace.join("Cargo.toml"));
    }

    #[test]
    fn metadata_identifies_guests_and_modules() {
        let manifest = |package: &str| {
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .parent()
                .unwrap()
                .join(package)
                .join("Cargo.toml")
        };
        let metadata = metadata(&manifest("cargo-wadup")).unwrap();

        let own = package(&metadata, &manifest("cargo-wadup")).unwrap();
        assert!(!is_guest(own));
        assert!(own.targets.iter().any(Target::is_bin));
        let guest = package(&metadata, &manifest("examples/lockfile")).unwrap();
        assert!(is_guest(guest));
        assert!(
            guest
                .targets
                .iter()
                .any(|target| is_module(target) && !target.is_bin())
        );
        assert!(package(&metadata, Path::new("/none/Cargo.toml")).is_err());
    }
}
