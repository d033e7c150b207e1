//! What is not what was published is found before it is used, and made again.

use std::time::SystemTime;

use super::*;

/// A store with the artifact of `-O2` in it, and that artifact.
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
    fn is_mended_after(&self, problem: &str) {
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
fn an_artifact_altered_by_one_byte_is_reported_and_built_again() {
    let filled = Filled::new();
    fs::write(filled.artifact.join("lib.a"), "-O0").unwrap();

    filled.is_mended_after("lib.a has other bytes");
}

#[test]
fn an_altered_byte_is_found_though_size_and_time_are_put_back() {
    let filled = Filled::new();
    let file = filled.artifact.join("lib.a");
    let time = fs::metadata(&file).unwrap().modified().unwrap();
    fs::write(&file, "-O0").unwrap();
    set_modified(&file, time);

    filled.is_mended_after("lib.a has other bytes");
}

#[test]
fn a_file_too_many_or_too_few_is_found() {
    let more = Filled::new();
    fs::write(more.artifact.join("extra.py"), "").unwrap();
    more.is_mended_after("extra.py was added");

    let fewer = Filled::new();
    fs::remove_file(fewer.artifact.join("lib.a")).unwrap();
    fewer.is_mended_after("lib.a is missing");

    let empty = Filled::new();
    fs::remove_dir_all(empty.artifact.path()).unwrap();
    empty.is_mended_after("all of it is missing");
}

#[test]
fn an_artifact_whose_manifest_is_gone_or_cut_short_is_no_artifact() {
    let cut = Filled::new();
    fs::write(cut.artifact.path().with_file_name(MANIFEST), "{\"files\":").unwrap();
    cut.is_mended_after("its manifest is no manifest");

    let gone = Filled::new();
    fs::remove_file(gone.artifact.path().with_file_name(MANIFEST)).unwrap();
    gone.is_mended_after("its manifest is missing");
}

#[test]
fn a_file_that_was_only_touched_is_still_the_same_file() {
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
