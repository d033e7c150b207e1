//! Finds the module for a command: the one that is given, or the last build of a folder's package.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cargo_metadata::Package;

use crate::project;

/// Options that select a guest or its snapshot.
#[derive(clap::Args, Clone, Copy)]
pub(crate) struct SnapshotArgs {
    /// Use the snapshot beside the guest [default: of this folder's release build, if it is up to date]
    #[arg(long, overrides_with = "no_snapshot")]
    snapshot: bool,
    /// Use the guest itself, even if there is a snapshot
    #[arg(long, overrides_with = "snapshot")]
    no_snapshot: bool,
}

impl SnapshotArgs {
    fn choice(self) -> Snapshot {
        match (self.snapshot, self.no_snapshot) {
            (true, _) => Snapshot::Wanted,
            (_, true) => Snapshot::Unwanted,
            _ => Snapshot::Auto,
        }
    }
}

/// Whether to use the snapshot beside a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Snapshot {
    /// Yes, and it is an error if there is none.
    Wanted,
    /// No.
    Unwanted,
    /// Yes if the module is the folder's release build and the snapshot is up to date.
    Auto,
}

/// The kinds of modules that a command accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A library, which hosts call.
    #[cfg(feature = "wasmtime")]
    Library,
    /// A library, or a program if the package has no library.
    Any,
}

/// Splits the guest off the front of the paths, if it is given there. The rest are inputs.
#[cfg(feature = "wasmtime")]
pub(crate) fn split(mut paths: Vec<PathBuf>) -> (Option<PathBuf>, Vec<PathBuf>) {
    let named = paths.first().is_some_and(|first| {
        first
            .extension()
            .is_some_and(|extension| extension == "wasm")
    });
    let guest = named.then(|| paths.remove(0));
    (guest, paths)
}

/// The module to use: `module` if it is given, else the newest build of the package around `folder`.
pub(crate) fn find(
    module: Option<PathBuf>,
    folder: &Path,
    wanted: Wanted,
    snapshot: SnapshotArgs,
) -> Result<PathBuf, String> {
    match module {
        Some(module) => named(module, snapshot.choice()),
        None => find_in_folder(folder, wanted, snapshot.choice()),
    }
}

fn named(module: PathBuf, snapshot: Snapshot) -> Result<PathBuf, String> {
    match snapshot {
        Snapshot::Wanted => snapshot_of(&module),
        Snapshot::Unwanted | Snapshot::Auto => Ok(module),
    }
}

fn find_in_folder(folder: &Path, wanted: Wanted, snapshot: Snapshot) -> Result<PathBuf, String> {
    let without_guest = |problem| format!("no GUEST.wasm is given, and {problem}");
    let folder = folder.canonicalize().map_err(|error| {
        without_guest(format!("`{}` cannot be read: {error}", folder.display()))
    })?;
    let manifest = project::manifest_around(&folder).map_err(without_guest)?;
    let metadata = project::metadata(&manifest)?;
    let package = project::package(&metadata, &manifest).map_err(without_guest)?;
    let file = file_of(package, wanted).ok_or_else(|| {
        without_guest(format!(
            "the package `{}` of this folder is not a guest",
            package.name
        ))
    })?;
    let built = metadata
        .target_directory
        .as_std_path()
        .join(project::TARGET);
    let release = built.join("release").join(&file);
    let debug = built.join("debug").join(&file);
    match (modified(&release), modified(&debug)) {
        (None, None) => Err(format!(
            "`{}` has not been built\nhelp: run `cargo wadup build --release`",
            package.name
        )),
        (release_time, debug_time) if release_time >= debug_time => {
            choose_release(release, snapshot)
        }
        _ => named(debug, snapshot),
    }
}

/// Cargo's file name for the module of a package.
fn file_of(package: &Package, wanted: Wanted) -> Option<String> {
    if !project::is_guest(package) {
        return None;
    }
    let modules = || {
        package
            .targets
            .iter()
            .filter(|target| project::is_module(target))
    };
    let library = modules().find(|target| !target.is_bin());
    let program = modules().find(|target| target.is_bin());
    let program = program.filter(|_| wanted == Wanted::Any);
    library
        .map(|library| format!("{}.wasm", library.name.replace('-', "_")))
        .or_else(|| program.map(|program| format!("{}.wasm", program.name)))
}

fn choose_release(module: PathBuf, snapshot: Snapshot) -> Result<PathBuf, String> {
    match snapshot {
        Snapshot::Auto => Ok(snapshot_of(&module).unwrap_or(module)),
        other => named(module, other),
    }
}

/// The snapshot beside a module, if it is up to date.
fn snapshot_of(module: &Path) -> Result<PathBuf, String> {
    let snapshot = project::snapshot_beside(module);
    let shown = snapshot.display();
    match modified(&snapshot) {
        None => Err(format!(
            "`{shown}` does not exist\nhelp: run `cargo wadup build --snapshot`"
        )),
        Some(made) if Some(made) < modified(module) => Err(format!(
            "`{shown}` is older than the module beside it\nhelp: run `cargo wadup build --snapshot`"
        )),
        Some(_) => Ok(snapshot),
    }
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|found| found.modified()).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A folder with `a.wasm`, and a snapshot made this many seconds later.
    fn built(snapshot_later_by: Option<i64>) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let module = folder.path().join("a.wasm");
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let write = |path: &Path, time| {
            fs::write(path, "").unwrap();
            fs::File::options()
                .write(true)
                .open(path)
                .unwrap()
                .set_modified(time)
                .unwrap();
        };
        write(&module, start);
        if let Some(seconds) = snapshot_later_by {
            let distance = Duration::from_secs(seconds.unsigned_abs());
            let made = if seconds < 0 {
                start - distance
            } else {
                start + distance
            };
            write(&project::snapshot_beside(&module), made);
        }
        (folder, module)
    }

    #[cfg(feature = "wasmtime")]
    #[test]
    fn leading_wasm_file_is_the_guest() {
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();

        assert_eq!(
            split(paths(&["a.wasm", "b.wasm"])),
            (Some("a.wasm".into()), paths(&["b.wasm"]))
        );
        assert_eq!(
            split(paths(&["a.txt", "b.wasm"])),
            (None, paths(&["a.txt", "b.wasm"]))
        );
    }

    #[test]
    fn release_builds_use_an_up_to_date_snapshot() {
        for (later_by, snapshot, runs) in [
            (Some(0), Snapshot::Auto, "a.snapshot.wasm"),
            (Some(5), Snapshot::Auto, "a.snapshot.wasm"),
            (Some(5), Snapshot::Unwanted, "a.wasm"),
            (Some(-5), Snapshot::Auto, "a.wasm"),
            (None, Snapshot::Auto, "a.wasm"),
            (Some(5), Snapshot::Wanted, "a.snapshot.wasm"),
        ] {
            let (_folder, module) = built(later_by);

            let chosen = choose_release(module, snapshot).unwrap();

            assert_eq!(
                chosen.file_name().unwrap(),
                runs,
                "{later_by:?} {snapshot:?}"
            );
        }
    }

    #[test]
    fn given_modules_use_their_snapshot_only_on_request() {
        let (_folder, module) = built(Some(5));

        assert_eq!(named(module.clone(), Snapshot::Auto).unwrap(), module);
        assert_eq!(
            named(module.clone(), Snapshot::Wanted).unwrap(),
            project::snapshot_beside(&module)
        );
    }

    #[test]
    fn missing_and_stale_snapshots_are_errors() {
        for (later_by, problem) in [(None, "does not exist"), (Some(-5), "is older than")] {
            let (_folder, module) = built(later_by);

            let error = named(module, Snapshot::Wanted).unwrap_err();

            assert!(error.contains(problem), "{error}");
        }
    }
}
