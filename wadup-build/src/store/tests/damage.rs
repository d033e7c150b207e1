//! Damaged artifacts are detected before use and built again.

use std::time::SystemTime;

use super::*;

/// A store with the artifact of `-O2`.
struct Filled {
    store: Store,
    notes: Notes,
    built: Cell<u32>,
    artifact: Artifact,
    _folder: tempfile::TempDir,
}

impl Filled {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let notes = Notes::default();
        let store = Store::new(folder.path(), Box::new(notes.clone()));
        let built = Cell::new(0);
        let artifact = store.artifact(&recipe("-O2", &built)).unwrap();
        Self {
            store,
            notes,
            built,
            artifact,
            _folder: folder,
        }
    }

    #[track_caller]
    fn assert_rebuilt_after(&self, problem: &str) {
        assert!(self.store.find(&recipe("-O2", &self.built)).is_err());

        let artifact = self.store.artifact(&recipe("-O2", &self.built)).unwrap();

        assert_eq!(fs::read_to_string(artifact.join("lib.a")).unwrap(), "-O2");
        assert_eq!(crate::tree::files(artifact.path()).unwrap(), ["lib.a"]);
        assert_eq!(self.built.get(), 2);
        let notes = self.notes.0.borrow();
        assert!(notes[0].contains(problem), "{notes:?}");
    }
}

#[test]
fn altered_artifacts_are_reported_and_rebuilt() {
    let filled = Filled::new();
    fs::write(filled.artifact.join("lib.a"), "-O0").unwrap();

    filled.assert_rebuilt_after("lib.a has changed");
}

#[test]
fn altered_bytes_are_found_despite_restored_size_and_time() {
    let filled = Filled::new();
    let file = filled.artifact.join("lib.a");
    let time = fs::metadata(&file).unwrap().modified().unwrap();
    fs::write(&file, "-O0").unwrap();
    set_modified(&file, time);

    filled.assert_rebuilt_after("lib.a has changed");
}

#[test]
fn added_and_missing_files_are_found() {
    let more = Filled::new();
    fs::write(more.artifact.join("extra.py"), "").unwrap();
    more.assert_rebuilt_after("extra.py was added");

    let fewer = Filled::new();
    fs::remove_file(fewer.artifact.join("lib.a")).unwrap();
    fewer.assert_rebuilt_after("lib.a is missing");

    let empty = Filled::new();
    fs::remove_dir_all(empty.artifact.path()).unwrap();
    empty.assert_rebuilt_after("all files are missing");
}

#[test]
fn artifacts_without_a_valid_manifest_are_rebuilt() {
    let cut = Filled::new();
    fs::write(cut.artifact.path().with_file_name(MANIFEST), "{\"files\":").unwrap();
    cut.assert_rebuilt_after("its manifest is malformed");

    let gone = Filled::new();
    fs::remove_file(gone.artifact.path().with_file_name(MANIFEST)).unwrap();
    gone.assert_rebuilt_after("its manifest is missing");
}

#[test]
fn touched_files_count_as_unchanged() {
    let filled = Filled::new();
    set_modified(&filled.artifact.join("lib.a"), SystemTime::UNIX_EPOCH);

    let artifact = filled
        .store
        .artifact(&recipe("-O2", &filled.built))
        .unwrap();

    assert_eq!(filled.built.get(), 1);
    let manifest = fs::read_to_string(artifact.path().with_file_name(MANIFEST)).unwrap();
    assert!(
        manifest.contains("\"modified\":0"),
        "the new stamp is noted: {manifest}"
    );
}

fn set_modified(file: &Path, time: SystemTime) {
    let file = File::options().write(true).open(file).unwrap();
    file.set_modified(time).unwrap();
}
