//! Keeps the folders of this machine out of guests: the flags with which rustc writes other names for them.
//!
//! rustc writes into a guest where each panic of a crate is, and crates lie in the user's home.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_config2::{Config, Walk};

use super::arguments::Arguments;
use crate::project::{self, Metadata};

/// The variable that Cargo prefers to every other source of flags, with [`SEPARATOR`] between them.
pub(super) const VARIABLE: &str = "CARGO_ENCODED_RUSTFLAGS";

const SEPARATOR: &str = "\x1f";

/// Leaves the compiler's messages alone: there the user wants to find the file.
const SCOPE: &str = "--remap-path-scope";

/// All flags for rustc: those for the paths, and the user's own after them, so that these win.
///
/// Cargo takes flags from one source only, so flags that are added must repeat the others. Where the user's own have
/// those for the paths, as in the configuration that `cargo wadup new` writes, the flags are those of a plain `cargo build`,
/// and Cargo compiles nothing again after one.
///
/// # Errors
/// Why the user's own flags are not known for sure; they must then be left to Cargo.
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

/// The flags for the paths before those of the user's that are not among them, or the user's if all are.
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

/// The flags that keep the folders of this machine out of what Cargo builds in `folder` for the package of `manifest`.
pub(crate) fn flags_for_paths(folder: &Path, manifest: Option<&Path>) -> Vec<String> {
    let places = places(folder, manifest);
    [format!("{SCOPE}=object")]
        .into_iter()
        .chain(places.iter().map(Place::flag))
        .collect()
}

/// Whether a file of Cargo's configuration names others; one that cannot be read is for Cargo to complain of.
fn includes_others(file: &Path) -> bool {
    fs::read_to_string(file)
        .ok()
        .and_then(|text| text.parse::<toml::Table>().ok())
        .is_some_and(|table| table.contains_key("include"))
}

/// A folder, and what a guest calls it.
struct Place {
    folder: String,
    name: &'static str,
}

impl Place {
    fn flag(&self) -> String {
        format!("--remap-path-prefix={}={}", self.folder, self.name)
    }
}

/// The folders that may get into a guest, wide ones first: of those that match, rustc takes the last.
fn places(folder: &Path, manifest: Option<&Path>) -> Vec<Place> {
    let home = env::home_dir();
    let cargo_home = cargo_config2::cargo_home_with_cwd(folder);
    // Where there is no package, Cargo says so.
    let metadata = manifest.and_then(|manifest| Metadata::of(manifest).ok());
    let (workspace, target) = metadata
        .map(|metadata| (metadata.workspace_root, metadata.target_directory))
        .unzip();
    [
        (home, "~"),
        (cargo_home, "/cargo"),
        (workspace, "."),
        (target, "target"),
    ]
    .into_iter()
    .filter_map(|(folder, name)| Some((folder?, name)))
    .flat_map(|(folder, name)| spellings(folder).map(move |folder| Place { folder, name }))
    .collect()
}

/// The path as it is known, and what it is without symbolic links. One that is not UTF-8 cannot be given to rustc, and the
/// root of the file system tells nothing.
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
    fn the_users_flags_stay_as_they_are_where_they_have_those_for_the_paths() {
        let own = flags(["--remap-path-scope=object", "--remap-path-prefix=/me=~"]);
        let users = flags([
            "-Cdebuginfo=2",
            "--remap-path-scope=object",
            "--remap-path-prefix=/me=~",
        ]);

        assert_eq!(combined(own, users.clone()), users);
    }

    #[test]
    fn else_they_come_last_and_win() {
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
