//! Full disks and read-only stores give clear errors, and nothing incomplete is kept.

use super::*;

#[cfg(target_os = "linux")]
#[test]
fn full_disk_error_names_the_file_and_the_next_build_succeeds() {
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
            // Every write to `/dev/full` fails as on a full disk.
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
fn unwritable_store_error_names_the_variable() {
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
fn complete_stores_work_read_only() {
    let folder = tempfile::tempdir().unwrap();
    let built = Cell::new(0);
    let made = Store::new(folder.path(), Box::new(Silent))
        .artifact(&recipe("-O2", &built))
        .unwrap();
    // A file in place of a folder stops writes even by root, like a read-only disk.
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
fn store_paths_may_contain_any_characters() {
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
