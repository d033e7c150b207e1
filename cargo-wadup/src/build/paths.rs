//! Keeps paths of this machine out of guests: the rustc flags that remap them.
//!
//! rustc stores the source location of each panic in the guest, and the sources are in the user's home folder.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_config2::{Config, Walk};
use cargo_metadata::camino::Utf8Path;
use cargo_metadata::{DependencyKind, Metadata};

use super::arguments::Arguments;
use crate::project;

/// The variable that overrides all other sources of rustc flags, which are separated by [`SEPARATOR`].
pub(crate) const VARIABLE: &str = "CARGO_ENCODED_RUSTFLAGS";

const SEPARATOR: &str = "\x1f";

/// The flag that leaves the compiler's messages unchanged, in which users want real paths.
const SCOPE: &str = "--remap-path-scope";

/// All flags for rustc: those that remap paths, then the user's own, which take precedence.
///
/// Cargo takes flags from one source only, so added flags must repeat the user's. If the user's flags already remap the
/// paths, as in the configuration that `cargo wadup new` writes, they are used unchanged, so that Cargo recompiles
/// nothing after a plain `cargo build`.
///
/// # Errors
/// Why the user's own flags cannot be determined. They must then be left to Cargo.
pub(super) fn flags(arguments: &Arguments) -> Result<String, String> {
    if arguments.may_set_flags() {
        return Err("`--config` may set flags for rustc".to_owned());
    }
    let folder = env::current_dir().map_err(|error| error.to_string())?;
    for file in Walk::new(&folder) {
        if includes_others(&file) {
            return Err(format!(
                "`{}` includes other files, which may set flags for rustc",
                file.display()
            ));
        }
    }
    let users = Config::load_with_cwd(&folder)
        .and_then(|config| config.rustflags(project::TARGET))
        .map_err(|error| format!("Cargo's configuration cannot be read: {error}"))?
        .map(|flags| flags.flags)
        .unwrap_or_default();
    let manifest = arguments
        .manifest()
        .map(|file| folder.join(file))
        .map_or_else(|| project::manifest_around(&folder), Ok);
    let own = flags_for_paths(&folder, manifest.ok().as_deref());
    Ok(combined(own, users).join(SEPARATOR))
}

/// The same for a build of the package with this manifest.
///
/// # Errors
/// Those of [`flags`].
#[cfg(feature = "stubs")]
pub(crate) fn flags_for_package(manifest: &Path) -> Result<String, String> {
    flags(&Arguments::of_cargo(vec![
        "--manifest-path".into(),
        manifest.into(),
    ]))
}

/// The flags that remap paths, then the user's other flags; or just the user's if they contain all of those.
fn combined(mut own: Vec<String>, users: Vec<String>) -> Vec<String> {
    if own.iter().all(|flag| users.contains(flag)) {
        return users;
    }
    if users.iter().any(|flag| flag.starts_with(SCOPE)) {
        own.retain(|flag| !flag.starts_with(SCOPE));
    }
    let more: Vec<String> = users
        .into_iter()
        .filter(|flag| !own.contains(flag))
        .collect();
    own.extend(more);
    own
}

/// The flags that remap the paths of this machine in what Cargo builds in `folder` for the package of `manifest`.
pub(crate) fn flags_for_paths(folder: &Path, manifest: Option<&Path>) -> Vec<String> {
    let places = places(folder, manifest);
    [format!("{SCOPE}=object")]
        .into_iter()
        .chain(places.iter().map(Place::flag))
        .collect()
}

/// Whether a file of Cargo's configuration includes others. Cargo reports unreadable files.
fn includes_others(file: &Path) -> bool {
    fs::read_to_string(file)
        .ok()
        .and_then(|text| text.parse::<toml::Table>().ok())
        .is_some_and(|table| table.contains_key("include"))
}

/// A folder, and its name in guests.
struct Place {
    folder: String,
    name: String,
}

impl Place {
    fn flag(&self) -> String {
        format!("--remap-path-prefix={}={}", self.folder, self.name)
    }
}

/// The folders whose paths may get into a guest, outer ones first: rustc applies the last that matches.
fn places(folder: &Path, manifest: Option<&Path>) -> Vec<Place> {
    let home = env::home_dir();
    let cargo_home = cargo_config2::cargo_home_with_cwd(folder);
    // Cargo reports a missing package.
    let metadata = manifest.and_then(|manifest| project::metadata(manifest).ok());
    let crates = metadata.as_ref().map(local_crates).unwrap_or_default();
    let (workspace, target) = metadata
        .map(|metadata| {
            (
                metadata.workspace_root.into_std_path_buf(),
                metadata.target_directory.into_std_path_buf(),
            )
        })
        .unzip();
    let crates = crates
        .into_iter()
        .enumerate()
        .map(|(index, folder)| match index {
            0 => (Some(folder), "/crates".to_owned()),
            _ => (Some(folder), format!("/crates-{}", index + 1)),
        });
    [(home, "~".to_owned())]
        .into_iter()
        .chain(crates)
        .chain([
            (cargo_home, "/cargo".to_owned()),
            (workspace, ".".to_owned()),
            (target, "target".to_owned()),
        ])
        .filter_map(|(folder, name)| Some((folder?, name)))
        .flat_map(|(folder, name)| {
            spellings(folder).map(move |folder| Place {
                folder,
                name: name.clone(),
            })
        })
        .collect()
}

/// The workspaces outside of this one that hold its path dependencies, in the order of the dependencies' names.
fn local_crates(metadata: &Metadata) -> Vec<PathBuf> {
    let dependencies: BTreeMap<&str, &Utf8Path> = metadata
        .packages
        .iter()
        .flat_map(|package| &package.dependencies)
        .filter(|dependency| dependency.kind == DependencyKind::Normal)
        .filter_map(|dependency| Some((&*dependency.name, dependency.path.as_deref()?)))
        .filter(|(_, folder)| !folder.starts_with(&metadata.workspace_root))
        .collect();
    let mut found = Vec::new();
    for folder in dependencies.into_values() {
        let root = workspace_around(folder.as_std_path());
        if !found.contains(&root) {
            found.push(root);
        }
    }
    found
}

/// The workspace that a package belongs to: a member's own path dependencies are often its neighbors.
fn workspace_around(package: &Path) -> PathBuf {
    let is_workspace = |folder: &&Path| {
        fs::read_to_string(folder.join("Cargo.toml"))
            .ok()
            .and_then(|text| text.parse::<toml::Table>().ok())
            .is_some_and(|manifest| manifest.contains_key("workspace"))
    };
    package
        .ancestors()
        .find(is_workspace)
        .unwrap_or(package)
        .to_owned()
}

/// The path as given, and without symlinks. Paths that are not UTF-8 cannot be passed to rustc, and the root is not
/// worth hiding.
fn spellings(folder: PathBuf) -> impl Iterator<Item = String> {
    let real = folder.canonicalize().ok().filter(|real| *real != folder);
    [Some(folder), real]
        .into_iter()
        .flatten()
        .filter(|folder| folder.is_absolute() && folder.parent().is_some())
        .filter_map(|folder| OsString::from(folder).into_string().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags<const N: usize>(flags: [&str; N]) -> Vec<String> {
        flags.map(str::to_owned).to_vec()
    }

    #[test]
    fn complete_user_flags_are_used_unchanged() {
        let own = flags(["--remap-path-scope=object", "--remap-path-prefix=/me=~"]);
        let users = flags([
            "-Cdebuginfo=2",
            "--remap-path-scope=object",
            "--remap-path-prefix=/me=~",
        ]);

        assert_eq!(combined(own, users.clone()), users);
    }

    #[test]
    fn user_flags_come_last() {
        let own = flags(["--remap-path-scope=object", "--remap-path-prefix=/me=~"]);

        let all = combined(
            own,
            flags(["--remap-path-scope=all", "--remap-path-prefix=/me=me"]),
        );

        assert_eq!(
            all,
            [
                "--remap-path-prefix=/me=~",
                "--remap-path-scope=all",
                "--remap-path-prefix=/me=me"
            ]
        );
    }
}
