//! Mirrors: what they save, and what they offer in vain.

mod forged;
mod server;
mod transport;

use super::*;
use crate::environment::Environment;
use crate::store::mirror::Mirrors;
use server::Server;

/// A recipe whose artifact has a program, a folder in a folder and an empty folder.
struct Varied<'a> {
    built: &'a Cell<u32>,
    is_private: bool,
    input: Option<&'a Artifact>,
}

impl<'a> Varied<'a> {
    fn new(built: &'a Cell<u32>) -> Self {
        Self {
            built,
            is_private: false,
            input: None,
        }
    }
}

const TEXT: &str = "the library";

impl Recipe for Varied<'_> {
    fn name(&self) -> String {
        "varied-1".into()
    }

    fn inputs(&self) -> Inputs {
        let private = Inputs::default().with("private", self.is_private);
        self.input.into_iter().fold(private, Inputs::with_artifact)
    }

    fn step(&self) -> String {
        "varying".into()
    }

    fn is_private(&self) -> bool {
        self.is_private
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        self.built.set(self.built.get() + 1);
        let [nested, empty] = ["lib/nested", "empty"].map(|folder| dirs.content.join(folder));
        for folder in [&nested, &empty] {
            fs::create_dir_all(folder).on("create", folder)?;
        }
        for (file, text) in [("lib/nested/lib.a", TEXT), ("program", "#!/bin/sh\n")] {
            fs::write(dirs.content.join(file), text).on("write", dirs.content)?;
        }
        set_executable(&dirs.content.join("program"));
        Ok(())
    }
}

#[cfg(unix)]
fn set_executable(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A mirror with the artifact of [`Varied`], beside the store that filled it.
struct Filled {
    folder: tempfile::TempDir,
    keys: SigningKey,
}

impl Filled {
    fn new() -> Self {
        let filled = Self {
            folder: tempfile::tempdir().unwrap(),
            keys: SigningKey::generate().unwrap(),
        };
        let built = Cell::new(0);
        filled.push(&Varied::new(&built));
        assert_eq!(built.get(), 1);
        filled
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("mirror")
    }

    /// Builds the artifact of a recipe elsewhere, and pushes all that may be.
    fn push(&self, recipe: &dyn Recipe) -> Pushed {
        let origin = self.folder.path().join("origin");
        let store = Store::new(&origin, Box::new(Silent));
        store.artifact(recipe).unwrap();
        Maintenance::of(origin)
            .push(&store.used_artifacts(), &self.path(), &self.keys)
            .unwrap()
    }

    /// The archive of [`Varied`]'s artifact.
    fn archive(&self) -> PathBuf {
        let id = id_of(&Varied::new(&Cell::new(0)));
        self.path().join(format!("{id}.tar.xz"))
    }

    /// Changes the index and signs it with the same key.
    fn change_index(&self, change: impl Fn(&mut serde_json::Value)) {
        let file = self.path().join("index.json");
        let mut index = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        change(&mut index);
        let text = serde_json::to_vec(&index).unwrap();
        fs::write(
            self.path().join("index.json.minisig"),
            self.keys.sign(&text),
        )
        .unwrap();
        fs::write(file, text).unwrap();
    }

    /// Another archive for the artifact, in a signed index.
    fn replace_archive(&self, bytes: &[u8], unpacked: u64) {
        fs::write(self.archive(), bytes).unwrap();
        let id = id_of(&Varied::new(&Cell::new(0)));
        self.change_index(|index| {
            index["artifacts"][&id] = serde_json::json!({
                "sha256": crate::hash::of_bytes(bytes), "size": bytes.len(), "unpacked": unpacked,
            });
        });
    }
}

/// A user's empty store, and what a build in it says.
struct User {
    folder: tempfile::TempDir,
    notes: Notes,
}

impl User {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            notes: Notes::default(),
        }
    }

    /// The store with these mirrors, separated by commas, and this key.
    fn store(&self, mirrors: &str, key: &str) -> Store {
        self.store_with(&[
            ("WADUP_STORE_MIRROR", mirrors),
            ("WADUP_STORE_MIRROR_KEY", key),
        ])
    }

    fn store_with(&self, variables: &[(&str, &str)]) -> Store {
        let environment = Environment::of(variables.iter().copied());
        let settings = MirrorSettings::of(&environment, None).unwrap();
        let is_offline = environment.flag("WADUP_OFFLINE");
        // A mirror that hangs costs a second.
        let mirrors = Mirrors::new(settings, is_offline, &self.notes).waiting(1);
        Store::new(self.folder.path(), Box::new(self.notes.clone())).with_mirrors(mirrors)
    }

    fn notes(&self) -> String {
        self.notes.0.borrow().join("\n")
    }

    /// Builds with a mirror that must be refused for this reason.
    fn refuses(&self, mirror: &str, key: &str, reason: &str) {
        let built = Cell::new(0);

        let artifact = self
            .store(mirror, key)
            .artifact(&Varied::new(&built))
            .unwrap();

        let notes = self.notes();
        assert!(notes.contains(reason), "{reason} is not in: {notes}");
        assert_eq!(built.get(), 1, "{notes}");
        assert!(!artifact.path().with_file_name("origin.txt").exists());
        assert_eq!(crate::tree::files(artifact.path()).unwrap().len(), 2);
    }
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn artifacts_are_fetched_instead_of_built() {
    let (filled, user) = (Filled::new(), User::new());
    let built = Cell::new(0);
    let mirror = text(&filled.path());

    let store = user.store(&mirror, &filled.keys.public());
    let artifact = store.artifact(&Varied::new(&built)).unwrap();

    assert_eq!(built.get(), 0);
    assert_eq!(
        user.notes(),
        format!("`{}`: fetched from {mirror}", artifact.id())
    );
    assert_eq!(
        fs::read_to_string(artifact.join("lib/nested/lib.a")).unwrap(),
        TEXT
    );
    assert!(artifact.join("empty").is_dir());
    assert!(
        Command::new(artifact.join("program"))
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(
        maintenance_of(&user).list().unwrap()[0].origin.as_deref(),
        Some(&*format!("fetched from {mirror}"))
    );
    assert_eq!(maintenance_of(&user).verify().unwrap(), []);
}

fn maintenance_of(user: &User) -> Maintenance {
    Maintenance::of(user.folder.path().to_owned())
}

#[test]
fn what_no_mirror_has_is_built_and_said() {
    let (filled, user) = (Filled::new(), User::new());
    let built = Cell::new(0);
    let store = user.store(&text(&filled.path()), &filled.keys.public());

    let artifact = store.artifact(&recipe("-O2", &built)).unwrap();

    assert_eq!(built.get(), 1);
    assert_eq!(user.notes(), format!("`{}`: built", artifact.id()));
}

#[test]
fn damaged_artifacts_are_fetched_again() {
    let (filled, user) = (Filled::new(), User::new());
    let built = Cell::new(0);
    let fetch = || {
        let store = user.store(&text(&filled.path()), &filled.keys.public());
        store.artifact(&Varied::new(&built)).unwrap()
    };
    let file = fetch().join("lib/nested/lib.a");
    fs::write(&file, "damage").unwrap();

    fetch();

    assert_eq!(fs::read_to_string(file).unwrap(), TEXT);
    assert_eq!(built.get(), 0);
}

#[test]
fn expected_artifacts_are_those_that_are_here_or_offered() {
    let (filled, user) = (Filled::new(), User::new());
    let built = Cell::new(0);
    let store = user.store(&text(&filled.path()), &filled.keys.public());

    let expected = store.expect(&Varied::new(&built)).unwrap();
    assert!(!expected.path().exists());
    assert!(store.expect(&recipe("-O2", &built)).is_err());

    assert_eq!(
        expected.path(),
        store.artifact(&Varied::new(&built)).unwrap().path()
    );
}

#[test]
fn private_artifacts_and_what_is_made_from_them_are_neither_pushed_nor_fetched() {
    let filled = Filled::new();
    let built = Cell::new(0);
    let private = Varied {
        is_private: true,
        ..Varied::new(&built)
    };
    let user = User::new();
    let store = user.store(&text(&filled.path()), &filled.keys.public());
    let from_private = store.artifact(&private).unwrap();
    store
        .artifact(&Varied {
            input: Some(&from_private),
            ..Varied::new(&built)
        })
        .unwrap();

    assert_eq!(built.get(), 2);
    assert_eq!(store.used_artifacts(), [""; 0]);
    assert_eq!(user.notes(), "");
}

#[test]
fn pushing_again_adds_only_what_is_new() {
    let filled = Filled::new();
    let built = Cell::new(0);

    let again = filled.push(&Varied::new(&built));
    let other = filled.push(&recipe("-O2", &built));

    assert_eq!((again.added.len(), again.kept.len()), (0, 1));
    assert_eq!((other.added.len(), other.kept.len()), (1, 0));
    let user = User::new();
    let store = user.store(&text(&filled.path()), &filled.keys.public());
    built.set(0);
    store.artifact(&Varied::new(&built)).unwrap();
    store.artifact(&recipe("-O2", &built)).unwrap();
    assert_eq!(built.get(), 0);
}

#[test]
fn what_was_deleted_from_a_mirror_is_withdrawn() {
    let filled = Filled::new();
    fs::remove_file(filled.archive()).unwrap();
    filled.push(&recipe("-O2", &Cell::new(0)));

    let index = fs::read_to_string(filled.path().join("index.json")).unwrap();

    assert!(
        index.contains("counted-1") && !index.contains("varied-1"),
        "{index}"
    );
}

#[test]
fn an_artifact_with_a_path_of_its_store_is_left_out() {
    struct Placed;
    impl Recipe for Placed {
        fn name(&self) -> String {
            "placed-1".into()
        }
        fn inputs(&self) -> Inputs {
            Inputs::default()
        }
        fn step(&self) -> String {
            "placing".into()
        }
        fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
            let store = dirs.content.ancestors().nth(4).unwrap();
            let prefix = format!("prefix={}/artifacts/other-1", store.display());
            fs::write(dirs.content.join("lib.pc"), prefix).on("write", dirs.content)
        }
    }

    let pushed = Filled::new().push(&Placed);

    assert_eq!(pushed.added, []);
    assert_eq!(pushed.left_out[0].1, "lib.pc contains a path of the store");
}

#[test]
fn a_folder_with_the_index_of_another_key_is_not_added_to() {
    let filled = Filled::new();
    let others = SigningKey::generate().unwrap();

    let error = Maintenance::of(filled.folder.path().join("origin"))
        .push(&[], &filled.path(), &others)
        .unwrap_err()
        .report();

    assert!(error.contains("its index cannot be added to"), "{error}");
}

#[test]
fn two_stores_pack_the_same_bytes() {
    let (one, other) = (Filled::new(), Filled::new());

    assert_eq!(
        crate::hash::of_file(&one.archive()).unwrap(),
        crate::hash::of_file(&other.archive()).unwrap()
    );
}

#[test]
fn without_a_key_no_mirror_is_used() {
    let filled = Filled::new();

    User::new().refuses(&text(&filled.path()), "", "set WADUP_STORE_MIRROR_KEY");
}

#[test]
fn malformed_settings_are_errors() {
    for (variable, value, problem) in [
        (
            "WADUP_STORE_MIRROR",
            "s3://bucket",
            "`s3://bucket` is not a mirror",
        ),
        (
            "WADUP_STORE_MIRROR_KEY",
            "secret",
            "`secret` is not a public key",
        ),
    ] {
        let error = MirrorSettings::of(&Environment::of([(variable, value)]), None)
            .unwrap_err()
            .to_string();

        assert!(
            error.starts_with(variable) && error.contains(problem),
            "{error}"
        );
    }
}

#[test]
fn variables_replace_what_the_project_names() {
    let filled = Filled::new();
    let (project, mirrors) = (filled.folder.path(), ["mirror".to_owned()]);
    let key = filled.keys.public();
    let named = ProjectMirrors {
        project,
        mirrors: &mirrors,
        key: Some(&key),
    };
    let builds = |variables: &[(&str, &str)]| {
        let environment = Environment::of(variables.iter().copied());
        let settings = MirrorSettings::of(&environment, Some(named)).unwrap();
        let store = tempfile::tempdir().unwrap();
        let mirrors = Mirrors::new(settings, false, &Silent);
        let store = Store::new(store.path(), Box::new(Silent)).with_mirrors(mirrors);
        let built = Cell::new(0);
        store.artifact(&Varied::new(&built)).unwrap();
        built.get()
    };

    assert_eq!(builds(&[]), 0);
    assert_eq!(builds(&[("WADUP_STORE_MIRROR", "/nowhere")]), 1);
    assert_eq!(
        builds(&[(
            "WADUP_STORE_MIRROR_KEY",
            &SigningKey::generate().unwrap().public()
        )]),
        1
    );
}
