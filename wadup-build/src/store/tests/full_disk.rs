//! A disk that is full and a store that cannot be written: said plainly, and nothing half-made is kept.

use super::*;

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_with_its_file_and_the_next_build_succeeds() {
    struct Large<'a> {
        disk: &'a str,
    }
    impl Recipe for Large<'_> {
        fn name(&self) -> String {
            "large-1".into()
        }
        fn inputs(&self) -> Inputs {
            Inputs::default()
        }
        fn step(&self) -> String {
            "writing".into()
        }
        fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
            fs::write(dirs.content.join("first"), "whole").on("write", dirs.content)?;
            // The system's own file on which every write ends as on a full disk.
            let file = dirs.content.join("second");
            std::os::unix::fs::symlink(self.disk, &file).on("create", &file)?;
            fs::write(&file, "bytes").on("write", &file)
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path(), Box::new(Silent));

    let error = store
        .artifact(&Large { disk: "/dev/full" })
        .unwrap_err()
        .report();
    assert!(
        error.contains("could not write") && error.contains("second"),
        "{error}"
    );
    assert!(error.contains("No space left on device"), "{error}");
    let free = Large { disk: "/dev/null" };
    assert!(store.find(&free).is_err());

    store.artifact(&free).unwrap();
}

#[test]
fn a_store_that_cannot_be_written_is_named_with_the_variable_that_moves_it() {
    let folder = tempfile::tempdir().unwrap();
    let no_folder = folder.path().join("file");
    fs::write(&no_folder, "").unwrap();
    let store = Store::new(no_folder.join("store"), Box::new(Silent));
    let built = Cell::new(0);

    let error = store
        .artifact(&recipe("-O2", &built))
        .unwrap_err()
        .to_string();

    assert!(error.contains("WADUP_CACHE_DIR"), "{error}");
    assert_eq!(built.get(), 0);
}

#[test]
fn a_full_store_needs_no_writing() {
    let folder = tempfile::tempdir().unwrap();
    let built = Cell::new(0);
    let made = Store::new(folder.path(), Box::new(Silent))
        .artifact(&recipe("-O2", &built))
        .unwrap();
    // What a read-only disk refuses, a file in the place of a folder refuses even to root.
    for place in ["uses", "locks", "building", "logs"] {
        let place = folder.path().join(place);
        remove(&place).unwrap();
        fs::write(&place, "").unwrap();
    }

    let found = Store::new(folder.path(), Box::new(Silent))
        .artifact(&recipe("-O2", &built))
        .unwrap();

    assert_eq!(found.id(), made.id());
    assert_eq!(built.get(), 1);
}

#[test]
fn a_store_and_its_files_may_have_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(
        folder.path().join("mein Lager, größer als 数"),
        Box::new(Silent),
    );
    let built = Cell::new(0);

    let artifact = store.artifact(&recipe("-O2", &built)).unwrap();
    store.artifact(&recipe("-O2", &built)).unwrap();

    assert_eq!(built.get(), 1);
    assert_eq!(fs::read_to_string(artifact.join("lib.a")).unwrap(), "-O2");
}
