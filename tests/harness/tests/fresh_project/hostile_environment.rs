//! Variables of the environment that would change what a tool makes reach none.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::project::{Project, names};

/// Variables that would change the output of a tool or make it fail, one a line.
const HOSTILE: &str = include_str!("hostile_environment.txt");

/// A build script that sets those variables in its own process, not in Cargo.
const HOSTILE_BUILD_SCRIPT: &str = r#"
fn main() {
    for line in include_str!("hostile.txt").lines() {
        let (name, value) = line.split_once('=').unwrap();
        // SAFETY: this process has one thread.
        unsafe { std::env::set_var(name, value) };
    }
    wadup_build::configure().build();
}
"#;

#[test]
fn a_hundred_variables_change_neither_key_nor_byte_of_what_is_built() {
    assert!(HOSTILE.lines().count() > 100);
    let project = Project::new("hostile-environment");
    project.build(&[]);
    let guest = fs::read(project.guest()).unwrap();
    let lock = project.root.join("wadup.lock");
    let locked = fs::read_to_string(&lock).unwrap();

    // Everything quick is built again, from the lock to the module.
    fs::remove_file(&lock).unwrap();
    let own = borrowing_store();
    project.write("hostile.txt", HOSTILE);
    project.write("build.rs", HOSTILE_BUILD_SCRIPT);
    project.build(&[("WADUP_CACHE_DIR", own.path().to_str().unwrap())]);

    assert_eq!(fs::read_to_string(&lock).unwrap(), locked);
    assert!(
        fs::read(project.guest()).unwrap() == guest,
        "the modules differ"
    );
    let made: Vec<String> = names(&own.path().join("artifacts"))
        .into_iter()
        .filter(|name| !own.path().join("artifacts").join(name).is_symlink())
        .collect();
    for name in ["site-", "compiled-stdlib-", "shim-", "trial-link-"] {
        assert!(
            made.iter().any(|made| made.starts_with(name)),
            "{name}: {made:?}"
        );
    }
    for name in made {
        let content = |store: &Path| store.join("artifacts").join(&name).join("content");
        assert_same(&content(own.path()), &content(&store()));
    }
}

/// The store that builds use.
fn store() -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    variable("WADUP_CACHE_DIR")
        .or_else(|| Some(variable("XDG_CACHE_HOME")?.join("wadup")))
        .unwrap_or_else(|| std::env::home_dir().unwrap().join(".cache/wadup"))
}

/// An empty store with links to the artifacts that take minutes to build.
fn borrowing_store() -> TempDir {
    const SLOW: [&str; 5] = [
        "build-python-",
        "c-libraries-",
        "c-sources-",
        "cpython-",
        "pydantic-core-",
    ];
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("artifacts")).unwrap();
    for name in ["downloads", "toolchain"] {
        symlink(store().join(name), folder.path().join(name)).unwrap();
    }
    for name in names(&store().join("artifacts")) {
        if SLOW.iter().any(|slow| name.starts_with(slow)) {
            let name = Path::new("artifacts").join(name);
            symlink(store().join(&name), folder.path().join(&name)).unwrap();
        }
    }
    folder
}

/// Asserts that two folders hold the same files with the same bytes.
fn assert_same(one: &Path, other: &Path) {
    let sorted = |folder| names(folder).into_iter().collect::<BTreeSet<_>>();
    if !one.is_dir() {
        let same = fs::read(one).unwrap() == fs::read(other).unwrap();
        assert!(same, "{} differs from {}", one.display(), other.display());
        return;
    }
    assert_eq!(sorted(one), sorted(other), "in {}", one.display());
    for name in names(one) {
        assert_same(&one.join(&name), &other.join(&name));
    }
}
