//! Which module `cargo wadup run` runs: the one that is named, or the one that Cargo built last in this folder's package.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::project::{self, Metadata};

/// Whether the snapshot beside a module is run in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Snapshot {
    /// It is, or there is an error.
    Wanted,
    /// It is not.
    Unwanted,
    /// It is if the module is this folder's release build and the snapshot is up to date.
    Unsaid,
}

/// Takes the guest from the front of the paths if it is named there; what remains are inputs.
pub(super) fn split(mut paths: Vec<PathBuf>) -> (Option<PathBuf>, Vec<PathBuf>) {
    let named = paths.first().is_some_and(|first| {
        first
            .extension()
            .is_some_and(|extension| extension == "wasm")
    });
    let guest = named.then(|| paths.remove(0));
    (guest, paths)
}

/// The module to run when one is named.
pub(super) fn named(module: PathBuf, snapshot: Snapshot) -> Result<PathBuf, String> {
    match snapshot {
        Snapshot::Wanted => snapshot_of(&module),
        Snapshot::Unwanted | Snapshot::Unsaid => Ok(module),
    }
}

/// The module to run when none is named: the newest that Cargo built of the package around the current folder.
pub(super) fn of_this_folder(snapshot: Snapshot) -> Result<PathBuf, String> {
    let here = env::current_dir().map_err(|error| format!("the current folder: {error}"))?;
    let unnamed = |problem| format!("no GUEST.wasm is named, and {problem}");
    let manifest = project::manifest_around(&here).map_err(unnamed)?;
    let metadata = Metadata::of(&manifest)?;
    let package = metadata.package(&manifest).map_err(unnamed)?;
    let library = package
        .targets
        .iter()
        .find(|target| package.is_guest() && target.is_module() && !target.is_program())
        .ok_or_else(|| {
            unnamed(format!(
                "the package `{}` of this folder is no guest",
                package.name
            ))
        })?;
    let file = format!("{}.wasm", library.name.replace('-', "_"));
    let built = metadata.target_directory.join(project::TARGET);
    let release = built.join("release").join(&file);
    let debug = built.join("debug").join(&file);
    match (modified(&release), modified(&debug)) {
        (None, None) => Err(format!(
            "`{}` has not been built: run `cargo wadup build --release`",
            package.name
        )),
        (release_time, debug_time) if release_time >= debug_time => of_release(release, snapshot),
        _ => named(debug, snapshot),
    }
}

fn of_release(module: PathBuf, snapshot: Snapshot) -> Result<PathBuf, String> {
    match snapshot {
        Snapshot::Unsaid => Ok(snapshot_of(&module).unwrap_or(module)),
        other => named(module, other),
    }
}

/// The snapshot beside a module, if it was made from it as it is.
fn snapshot_of(module: &Path) -> Result<PathBuf, String> {
    let snapshot = project::snapshot_beside(module);
    let shown = snapshot.display();
    match modified(&snapshot) {
        None => Err(format!(
            "there is no `{shown}`: make it with `cargo wadup build --snapshot`"
        )),
        Some(made) if Some(made) < modified(module) => Err(format!(
            "`{shown}` is older than the module beside it: make it again with `cargo wadup build --snapshot`"
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

    /// A folder with `a.wasm`, and its snapshot made so many seconds later.
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

    #[test]
    fn a_wasm_file_in_front_is_the_guest_and_all_else_is_input() {
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
    fn a_release_build_runs_as_its_snapshot_while_that_is_up_to_date() {
        for (later_by, snapshot, runs) in [
            (Some(0), Snapshot::Unsaid, "a.snapshot.wasm"),
            (Some(5), Snapshot::Unsaid, "a.snapshot.wasm"),
            (Some(5), Snapshot::Unwanted, "a.wasm"),
            (Some(-5), Snapshot::Unsaid, "a.wasm"),
            (None, Snapshot::Unsaid, "a.wasm"),
            (Some(5), Snapshot::Wanted, "a.snapshot.wasm"),
        ] {
            let (_folder, module) = built(later_by);

            let chosen = of_release(module, snapshot).unwrap();

            assert_eq!(
                chosen.file_name().unwrap(),
                runs,
                "{later_by:?} {snapshot:?}"
            );
        }
    }

    #[test]
    fn a_named_module_runs_as_it_is_unless_its_snapshot_is_asked_for() {
        let (_folder, module) = built(Some(5));

        assert_eq!(named(module.clone(), Snapshot::Unsaid).unwrap(), module);
        assert_eq!(
            named(module.clone(), Snapshot::Wanted).unwrap(),
            project::snapshot_beside(&module)
        );
    }

    #[test]
    fn a_snapshot_that_is_missing_or_stale_is_said_to_be() {
        for (later_by, problem) in [(None, "there is no"), (Some(-5), "is older than")] {
            let (_folder, module) = built(later_by);

            let error = named(module, Snapshot::Wanted).unwrap_err();

            assert!(error.contains(problem), "{error}");
        }
    }
}
