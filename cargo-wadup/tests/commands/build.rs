//! `cargo wadup build` as a user meets it, where Cargo has the last word. Guests themselves are built by the harness.

use std::fs;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use crate::{assert_complains, assert_success, stderr, wadup};

/// A package without dependencies whose library is `source`.
pub(crate) fn package(source: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/lib.rs"), source).unwrap();
    fs::write(
        folder.path().join("Cargo.toml"),
        "[package]\nname = \"plain\"\nedition = \"2024\"\n[lib]\ncrate-type = [\"cdylib\"]\n[workspace]\n",
    )
    .unwrap();
    folder
}

fn build(folder: &Path, arguments: &[&str]) -> Output {
    wadup("build")
        .args(arguments)
        .env_remove("CARGO_TARGET_DIR")
        .current_dir(folder)
        .output()
        .unwrap()
}

#[test]
fn cargo_failures_keep_cargos_message_and_status() {
    let folder = package("fn broken( {}");

    let output = build(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(101));
    assert_complains(&output, "src/lib.rs:1:");
    assert_complains(&output, "could not compile `plain`");
    assert!(output.stdout.is_empty());

    let output = build(folder.path(), &["--no-such-option"]);
    assert_eq!(output.status.code(), Some(1));
    assert_complains(&output, "--no-such-option");
}

#[test]
fn other_packages_are_only_built() {
    let folder = package("#[unsafe(no_mangle)] pub extern \"C\" fn process() -> i32 { 0 }");

    let output = build(folder.path(), &["--release", "--quiet"]);

    assert_success(&output);
    assert_eq!(stderr(&output), "");
    let built = folder.path().join("target/wasm32-wasip1/release");
    assert!(built.join("plain.wasm").is_file());
    assert!(!built.join("plain.snapshot.wasm").exists());
}

/// A panic whose place is written into the module, in a crate of Cargo's home, and what flags its code was compiled with.
const CRATE: &str = r#"
pub fn fail(number: i32) -> i32 {
    if cfg!(users_flag) { assert!(number > 0, "by the user's flags"); }
    number.checked_add(1).unwrap()
}
"#;

/// A package that uses a crate in `cargo_home`; what was made of it with the variables given, and what was said.
fn built_with(cargo_home: &Path, configuration: &str, arguments: &[&str]) -> (Vec<u8>, String) {
    let own = package(
        "#[unsafe(no_mangle)] pub extern \"C\" fn process(n: i32) -> i32 { used::fail(n) }",
    );
    let used = cargo_home.join("registry/src/used");
    fs::create_dir_all(used.join("src")).unwrap();
    fs::write(used.join("src/lib.rs"), CRATE).unwrap();
    fs::write(
        used.join("Cargo.toml"),
        "[package]\nname = \"used\"\nedition = \"2024\"\n[lints.rust]\nunexpected_cfgs = \"allow\"\n",
    )
    .unwrap();
    let manifest = own.path().join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let path = used.display();
    fs::write(
        manifest,
        format!("{text}[dependencies]\nused.path = \"{path}\"\n"),
    )
    .unwrap();
    fs::create_dir(own.path().join(".cargo")).unwrap();
    fs::write(own.path().join(".cargo/config.toml"), configuration).unwrap();
    fs::write(own.path().join(".cargo/more.toml"), FLAG_OF_ALL).unwrap();
    let output = wadup("build")
        .arg("--release")
        .args(arguments)
        .env_remove("CARGO_TARGET_DIR")
        .env("CARGO_HOME", cargo_home)
        .current_dir(own.path())
        .output()
        .unwrap();
    assert_success(&output);
    let module = own.path().join("target/wasm32-wasip1/release/plain.wasm");
    (fs::read(module).unwrap(), stderr(&output).to_owned())
}

const FLAG_OF_ALL: &str = "[build]\nrustflags = '--cfg users_flag'\n";

fn holds(module: &[u8], text: &str) -> bool {
    module
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[test]
fn modules_contain_no_paths_of_this_machine_and_use_the_users_flags() {
    let folder = tempfile::tempdir().unwrap();
    let cargo_home = folder.path().join("cargo's home");
    for configuration in [
        "",
        FLAG_OF_ALL,
        "[target.wasm32-wasip1]\nrustflags = ['--cfg', 'users_flag']\n[build]\nrustflags = '-Cdebuginfo=2'\n",
        "[target.'cfg(target_os = \"wasi\")']\nrustflags = '--cfg=users_flag --remap-path-scope=all'\n",
    ] {
        let (module, said) = built_with(&cargo_home, configuration, &["--config", "build.jobs=1"]);

        assert!(holds(&module, "/cargo/registry/src/used/src/lib.rs"));
        assert!(!holds(&module, folder.path().to_str().unwrap()));
        let is_kept = holds(&module, "by the user's flags");
        assert_eq!(is_kept, !configuration.is_empty(), "{configuration}");
        assert!(!said.contains("note:"), "{said}");
    }
}

#[test]
fn unreadable_user_flags_are_kept_instead_of_remapping_paths() {
    let folder = tempfile::tempdir().unwrap();
    for (configuration, arguments) in [
        ("include = ['more.toml']\n", &[][..]),
        ("", &["--config", "build.rustflags='--cfg users_flag'"]),
        ("", &["--config=.cargo/more.toml"]),
    ] {
        let (module, said) = built_with(folder.path(), configuration, arguments);

        assert!(holds(&module, "by the user's flags"), "{said}");
        assert!(holds(&module, folder.path().to_str().unwrap()));
        assert!(
            said.contains("note: the guest may contain paths of this machine"),
            "{said}"
        );
    }
}
