//! `cargo wadup new` as a user meets it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::{assert_complains, assert_success, stderr, wadup};

fn new(folder: &Path, arguments: &[&str]) -> Output {
    wadup("new")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

#[test]
fn creates_a_project_that_cargo_reads_inside_another_workspace() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Cargo.toml"), "[workspace]\n").unwrap();

    let output = new(folder.path(), &["guests/my-guest"]);

    assert_success(&output);
    let project = folder.path().join("guests/my-guest");
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
        .current_dir(&project)
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", stderr(&metadata));
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let package = &metadata["packages"][0];
    assert_eq!(package["name"], "my-guest");
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for dependency in package["dependencies"].as_array().unwrap() {
        let name = dependency["name"].as_str().unwrap();
        assert_eq!(
            dependency["path"].as_str(),
            crates.join(name).to_str(),
            "{name}"
        );
    }
    assert!(project.join("python/my_guest/__init__.py").is_file());
    assert!(project.join("typings/wadup/__init__.pyi").is_file());
    let pyproject = fs::read_to_string(project.join("pyproject.toml")).unwrap();
    assert!(pyproject.contains("entry-point = \"my_guest:main\""));
    let ignored = fs::read_to_string(project.join(".gitignore")).unwrap();
    assert!(
        project.join(".cargo/config.toml").is_file() && ignored.contains("/.cargo/config.toml")
    );
}

#[test]
fn existing_folders_are_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let mine = folder.path().join("mine");
    fs::create_dir(&mine).unwrap();

    let output = new(folder.path(), &["mine"]);

    assert_eq!(output.status.code(), Some(1));
    assert_complains(&output, "already exists");
    assert_eq!(fs::read_dir(&mine).unwrap().count(), 0);
}

#[test]
fn other_folders_are_refused_as_checkouts_and_nothing_is_created() {
    let folder = tempfile::tempdir().unwrap();

    let output = new(folder.path(), &["users", "--wadup", "."]);

    assert_eq!(output.status.code(), Some(1));
    assert_complains(&output, "`.` is not a checkout of wadup");
    assert!(!folder.path().join("users").exists());
}

#[test]
fn invalid_guest_names_are_refused() {
    let folder = tempfile::tempdir().unwrap();

    let output = new(folder.path(), &["json"]);

    assert_eq!(output.status.code(), Some(1));
    assert_complains(&output, "`json` is not a valid name for a guest");
    assert!(!folder.path().join("json").exists());
}
