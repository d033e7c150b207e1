//! Listing, garbage collection and verification of a store.

use std::time::{Duration, SystemTime};

use super::*;
use crate::environment::Environment;
use crate::source::{Archive, Sources};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn maintenance(folder: &tempfile::TempDir) -> Maintenance {
    Maintenance::of(folder.path().to_owned())
}

/// Sets the last use of an entry, and its creation, some days back.
fn age(store: &Path, name: &str, days: u32) {
    let time = SystemTime::now() - DAY * days;
    let files = [
        store.join("uses").join(name),
        store.join("artifacts").join(name).join(MANIFEST),
    ];
    for file in files.iter().filter(|file| file.exists()) {
        let file = File::options().write(true).open(file).unwrap();
        file.set_modified(time).unwrap();
    }
}

#[test]
fn gc_removes_entries_unused_for_the_given_days() {
    let folder = tempfile::tempdir().unwrap();
    let built = Cell::new(0);
    let old = Store::new(folder.path(), Box::new(Silent))
        .artifact(&recipe("-O2", &built))
        .unwrap();
    let new = Store::new(folder.path(), Box::new(Silent))
        .artifact(&recipe("-O3", &built))
        .unwrap();
    age(folder.path(), old.id(), 31);
    age(folder.path(), new.id(), 29);

    let freed = maintenance(&folder).free(DAY * 30).unwrap();

    assert_eq!(freed.removed.len(), 1);
    assert_eq!(
        (&*freed.removed[0].name, freed.removed[0].bytes),
        (old.id(), 3)
    );
    assert!(!old.path().exists() && new.path().exists());
    assert!(
        !folder
            .path()
            .join("logs")
            .join(format!("{}.log", old.id()))
            .exists()
    );
    assert_eq!(
        crate::tree::files(&folder.path().join("building"))
            .unwrap()
            .len(),
        0
    );
}

#[test]
fn reusing_an_artifact_counts_as_a_use() {
    let folder = tempfile::tempdir().unwrap();
    let built = Cell::new(0);
    let use_it = || {
        let store = Store::new(folder.path(), Box::new(Silent));
        store
            .artifact(&recipe("-O2", &built))
            .unwrap()
            .id()
            .to_owned()
    };
    let id = use_it();
    age(folder.path(), &id, 31);
    use_it();

    assert!(
        maintenance(&folder)
            .free(DAY * 30)
            .unwrap()
            .removed
            .is_empty()
    );
    assert_eq!(built.get(), 1);
}

#[test]
fn gc_removes_leftovers_but_not_running_builds() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path(), Box::new(Silent));
    for left in ["dead-1", "alive-1"] {
        fs::create_dir_all(folder.path().join("building").join(left)).unwrap();
    }
    let _lock = store.lock("alive-1", "").unwrap();

    maintenance(&folder).free(DAY).unwrap();

    assert!(!folder.path().join("building/dead-1").exists());
    assert!(folder.path().join("building/alive-1").exists());
}

#[test]
fn archives_are_listed_by_file_name_and_collected() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive {
        file: "thing-1.0.tar.gz".into(),
        sha256: crate::hash::of_bytes("bytes"),
        urls: vec![],
    };
    {
        let store = Store::new(folder.path(), Box::new(Silent));
        let none: [(&str, &str); 0] = [];
        let sources = Sources::new(&Environment::of(none), &store);
        let fetch = |file: &Path| fs::write(file, "bytes").on("write", file);
        sources.obtain(&archive, Some(&fetch)).unwrap();

        let freed = maintenance(&folder).free(Duration::ZERO).unwrap();
        assert!(
            freed.removed.is_empty() && freed.in_use.len() == 1,
            "{freed:?}"
        );
    }

    let listed = maintenance(&folder).list().unwrap();
    assert!(
        listed[0].name.starts_with("thing-1.0.tar.gz ("),
        "{listed:?}"
    );
    assert_eq!(
        maintenance(&folder).free(Duration::ZERO).unwrap().removed,
        listed
    );
}

#[test]
fn a_file_that_is_not_the_stores_is_no_entry_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("downloads/.DS_Store");
    fs::create_dir(folder.path().join("downloads")).unwrap();
    fs::write(&file, "of a file manager").unwrap();
    let maintenance = maintenance(&folder);

    assert!(maintenance.list().unwrap().is_empty());
    assert_eq!(maintenance.verify().unwrap(), []);
    maintenance.free(Duration::ZERO).unwrap();
    assert!(file.exists());
}

#[test]
fn verify_hashes_everything_and_removes_damaged_entries() {
    let folder = tempfile::tempdir().unwrap();
    let built = Cell::new(0);
    let artifact = Store::new(folder.path(), Box::new(Silent))
        .artifact(&recipe("-O2", &built))
        .unwrap();
    let download = folder
        .path()
        .join("downloads")
        .join(crate::hash::of_bytes("bytes"));
    fs::create_dir_all(&download).unwrap();
    fs::write(download.join("thing.tar"), "bytes").unwrap();
    assert_eq!(maintenance(&folder).verify().unwrap(), []);

    fs::write(artifact.join("lib.a"), "-O0").unwrap();
    fs::write(download.join("thing.tar"), "bites").unwrap();

    let found = maintenance(&folder).verify().unwrap();
    let problems: Vec<_> = found.iter().map(|damaged| &*damaged.problem).collect();
    assert_eq!(problems, ["lib.a has changed", "thing.tar has changed"]);
    assert!(found.iter().all(|damaged| damaged.removed));
    assert!(maintenance(&folder).list().unwrap().is_empty());
}

#[test]
fn verify_reports_but_keeps_damaged_entries_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path(), Box::new(Silent));
    let built = Cell::new(0);
    let artifact = store.artifact(&recipe("-O2", &built)).unwrap();
    fs::write(artifact.join("lib.a"), "-O0").unwrap();

    let found = maintenance(&folder).verify().unwrap();

    assert_eq!((&*found[0].name, found[0].removed), (artifact.id(), false));
    assert!(artifact.path().exists());
}
