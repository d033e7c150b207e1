//! Guest packages in Cargo's metadata, and where their modules are after a build.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

/// The target that every guest is built for.
pub(crate) const TARGET: &str = "wasm32-wasip1";

/// The crate that every guest depends on.
const RUNTIME: &str = "wadup-guest";

/// The output of `cargo metadata` (Cargo book, "cargo metadata").
#[derive(Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) workspace_root: PathBuf,
    pub(crate) target_directory: PathBuf,
}

/// A package of the workspace.
#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) manifest_path: PathBuf,
    pub(crate) targets: Vec<Target>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
}

/// A target of a package: a library, a program, a test.
#[derive(Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    kind: Vec<String>,
    crate_types: Vec<String>,
}

impl Target {
    /// Whether hosts can run what it builds: a cdylib or a program.
    pub(crate) fn is_module(&self) -> bool {
        self.is_program() || self.crate_types.iter().any(|kind| kind == "cdylib")
    }

    /// Whether it is a program, as opposed to a library, test or example.
    pub(crate) fn is_program(&self) -> bool {
        self.kind.iter().any(|kind| kind == "bin")
    }
}

impl Package {
    /// Whether it depends on the guest's runtime.
    pub(crate) fn is_guest(&self) -> bool {
        self.dependencies
            .iter()
            .any(|dependency| dependency.name == RUNTIME)
    }
}

impl Metadata {
    /// Runs `cargo metadata` for a manifest.
    pub(crate) fn of(manifest: &Path) -> Result<Self, String> {
        let failed =
            |problem: String| format!("could not read `{}`: {problem}", manifest.display());
        let output = Command::new(cargo())
            .args([
                "metadata",
                "--no-deps",
                "--format-version=1",
                "--manifest-path",
            ])
            .arg(manifest)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| failed(format!("could not run Cargo: {error}")))?;
        if !output.status.success() {
            let stderr = String::from_utf8_lossy(&output.stderr);
            return Err(failed(stderr.trim().to_owned()));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| failed(error.to_string()))
    }

    /// The package with this manifest.
    pub(crate) fn package(&self, manifest: &Path) -> Result<&Package, String> {
        self.packages
            .iter()
            .find(|package| package.manifest_path == manifest)
            .ok_or_else(|| format!("no package has the manifest `{}`", manifest.display()))
    }
}

/// The Cargo that called this program, or the one on PATH.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The Cargo.toml in a folder, or in its nearest ancestor that has one.
pub(crate) fn manifest_around(folder: &Path) -> Result<PathBuf, String> {
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
    fn metadata_identifies_guests_and_modules() {
        let manifest = |package: &str| {
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .parent()
                .unwrap()
                .join(package)
                .join("Cargo.toml")
        };
        let metadata = Metadata::of(&manifest("cargo-wadup")).unwrap();

        let own = metadata.package(&manifest("cargo-wadup")).unwrap();
        assert!(!own.is_guest());
        assert!(own.targets.iter().any(Target::is_program));
        let guest = metadata.package(&manifest("examples/lockfile")).unwrap();
        assert!(guest.is_guest());
        assert!(
            guest
                .targets
                .iter()
                .any(|target| target.is_module() && !target.is_program())
        );
        assert!(metadata.package(Path::new("/none/Cargo.toml")).is_err());
    }
}
