//! Uses the packed packages as someone does who has no checkout: installs `cargo wadup`, makes a guest, builds it and runs it.

use std::fs;
use std::path::Path;

use xshell::{Shell, cmd};

use super::packages::Published;
use super::registry;
use crate::cargo::{GUEST_TARGET, Outcome, shell, workspace};

/// The trial, in a folder that keeps what was compiled. With `is_thorough`, `cargo wadup` is installed with all its features, so
/// that wasmtime is compiled once more; without, a guest runs in the workspace's own.
pub(crate) fn run(is_thorough: bool) -> Outcome {
    let shell = &shell()?;
    let published = Published::read(shell)?;
    registry::package(shell, &published.names)?;
    let kept = workspace().join("target/packed");
    fs::create_dir_all(&kept)?;
    // Outside of any checkout: Cargo and `cargo wadup` look for one in the folders above.
    let outside = std::env::temp_dir().join(format!("wadup-packed-{}", std::process::id()));
    let tried = registry::serve(shell, &published, &kept.join("crates"), &outside).and_then(|()| {
        use_packages(
            shell,
            &published,
            &outside,
            &kept.join("target"),
            is_thorough,
        )
    });
    fs::remove_dir_all(&outside)?;
    tried
}

fn use_packages(
    shell: &Shell,
    published: &Published,
    outside: &Path,
    target: &Path,
    is_thorough: bool,
) -> Outcome {
    let user = Shell::new()?;
    user.change_dir(outside);
    user.set_var("CARGO_TARGET_DIR", target);
    // Cargo takes packages of one version for the same, and these have changed.
    for name in &published.names {
        forget(target, name)?;
    }
    let features = (!is_thorough).then_some("--no-default-features");
    // `cargo install` ignores the configuration of the folder it is run in.
    let configuration = outside.join(".cargo/config.toml");
    cmd!(
        user,
        "cargo install --quiet --debug --config {configuration} --root {outside} cargo-wadup {features...}"
    )
    .run()?;

    let wadup = outside.join("bin/cargo-wadup");
    let said = cmd!(user, "{wadup} new users").output()?;
    let said = String::from_utf8(said.stderr)?;
    eprint!("{said}");
    let version = &published.version;
    expect(
        &said,
        &format!("with wadup from the registry, version {version}"),
    )?;
    let project = outside.join("users");
    let manifest = fs::read_to_string(project.join("Cargo.toml"))?;
    for name in ["wadup-guest", "wadup-build"] {
        expect(&manifest, &format!("{name} = \"{version}\""))?;
    }

    user.change_dir(&project);
    cmd!(user, "cargo build --release --target {GUEST_TARGET}").run()?;
    let guest = target.join(GUEST_TARGET).join("release/users.wasm");
    let input = workspace().join("Cargo.lock");
    let rows = match is_thorough {
        true => cmd!(user, "{wadup} run --no-snapshot {guest} {input}").read()?,
        false => cmd!(
            shell,
            "cargo run --quiet --bin cargo-wadup -- run --no-snapshot {guest} {input}"
        )
        .read()?,
    };
    println!("{rows}");
    let lines = fs::read_to_string(input)?.lines().count();
    expect(&rows, &format!("{lines}"))?;
    document(&user, published, outside)
}

/// What guests are documented for (`default-target` in their manifests).
const OF_GUESTS: [&str; 2] = ["wadup-guest", "wadup-guest-sys"];

/// With wasmtime behind it, or a program.
const NOT_DOCUMENTED: [&str; 3] = ["cargo-wadup", "wadup-host", "wadup-snapshot"];

/// Documents packages as docs.rs does: without a network, and without a toolchain for guests, so that the store stays empty.
fn document(user: &Shell, published: &Published, outside: &Path) -> Outcome {
    let names = || {
        published
            .names
            .iter()
            .filter(|name| !NOT_DOCUMENTED.contains(&&***name))
    };
    let dependencies: String = names()
        .map(|name| format!("{name} = \"{}\"\n", published.version))
        .collect();
    let project = outside.join("documented");
    fs::create_dir_all(project.join("src"))?;
    fs::write(project.join("src/lib.rs"), "")?;
    fs::write(
        project.join("Cargo.toml"),
        format!(
            "[package]\nname = \"documented\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}"
        ),
    )?;
    user.change_dir(&project);
    let store = outside.join("no-store");
    for is_of_guests in [true, false] {
        let packages = names()
            .filter(|name| OF_GUESTS.contains(&&***name) == is_of_guests)
            .map(|name| format!("--package={name}"));
        let target = is_of_guests.then_some(["--target", GUEST_TARGET]);
        let target = target.iter().flatten();
        cmd!(
            user,
            "cargo doc --offline --no-deps {target...} {packages...}"
        )
        .env("DOCS_RS", "1")
        .env("RUSTDOCFLAGS", "--deny warnings")
        .env("WADUP_CACHE_DIR", &store)
        .run()?;
    }
    match store.exists() {
        false => Ok(()),
        true => Err(format!("documenting has written to `{}`", store.display()).into()),
    }
}

fn expect(text: &str, part: &str) -> Outcome {
    match text.contains(part) {
        true => Ok(()),
        false => Err(format!("`{part}` is not in: {text}").into()),
    }
}

/// Makes Cargo compile a package again.
fn forget(target: &Path, name: &str) -> Outcome {
    for folder in ["debug", "release", "wasm32-wasip1/release"] {
        let folder = target.join(folder).join(".fingerprint");
        // Nothing was compiled there yet.
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let entry = entry?;
            if entry
                .file_name()
                .to_string_lossy()
                .starts_with(&format!("{name}-"))
            {
                fs::remove_dir_all(entry.path())?;
            }
        }
    }
    Ok(())
}
