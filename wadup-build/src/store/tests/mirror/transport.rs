//! What is refused by how it comes: web servers that fail, hang, cut off or never end.

use super::server::Behavior;
use super::*;

fn serve(filled: &Filled, behavior: Behavior) -> Server {
    Server::start(filled.path(), behavior)
}

#[test]
fn artifacts_are_fetched_over_http() {
    let (filled, user) = (Filled::new(), User::new());
    let server = serve(&filled, Behavior::Honest);
    let built = Cell::new(0);

    let store = user.store(server.address(), &filled.keys.public());
    let artifact = store.artifact(&Varied::new(&built)).unwrap();

    assert_eq!(built.get(), 0);
    assert_eq!(
        fs::read_to_string(artifact.join("lib/nested/lib.a")).unwrap(),
        TEXT
    );
}

#[test]
fn a_truncated_download_is_refused() {
    let filled = Filled::new();
    let server = serve(&filled, Behavior::Truncates);

    User::new().refuses(server.address(), &filled.keys.public(), "transfer closed");
}

#[test]
fn a_mirror_that_sends_more_than_it_says_is_refused() {
    let filled = Filled::new();
    let server = serve(&filled, Behavior::NeverEnds);

    let size = fs::metadata(filled.archive()).unwrap().len();
    let reason = format!("it has more than the {size} bytes that it should have");
    User::new().refuses(server.address(), &filled.keys.public(), &reason);
}

#[test]
fn a_mirror_that_hangs_is_asked_once() {
    let (filled, user) = (Filled::new(), User::new());
    let server = serve(&filled, Behavior::Hangs);
    let built = Cell::new(0);

    let store = user.store(server.address(), &filled.keys.public());
    store.artifact(&Varied::new(&built)).unwrap();
    store.artifact(&recipe("-O2", &built)).unwrap();

    assert_eq!(built.get(), 2);
    assert_eq!(server.requests(), ["index.json"]);
    let notes = user.notes();
    assert_eq!(notes.matches("is not used").count(), 1, "{notes}");
}

#[test]
fn the_next_mirror_is_asked_when_one_fails() {
    let (filled, user) = (Filled::new(), User::new());
    let failing = serve(&filled, Behavior::Fails(503));
    let honest = serve(&filled, Behavior::Honest);
    let built = Cell::new(0);

    let mirrors = format!("{}, {}", failing.address(), honest.address());
    user.store(&mirrors, &filled.keys.public())
        .artifact(&Varied::new(&built))
        .unwrap();

    assert_eq!(built.get(), 0);
    let notes = user.notes();
    assert!(
        notes.contains("503") && notes.contains(&format!("fetched from {}", honest.address())),
        "{notes}"
    );
}

#[test]
fn offline_builds_ask_folders_only() {
    let (filled, user) = (Filled::new(), User::new());
    let server = serve(&filled, Behavior::Honest);
    let built = Cell::new(0);
    let key = filled.keys.public();
    let offline = |mirror: &str| {
        let store = user.store_with(&[
            ("WADUP_STORE_MIRROR", mirror),
            ("WADUP_STORE_MIRROR_KEY", &key),
            ("WADUP_OFFLINE", "1"),
        ]);
        let artifact = store.artifact(&Varied::new(&built)).unwrap();
        fs::remove_dir_all(artifact.path()).unwrap();
        built.replace(0)
    };

    assert_eq!(offline(server.address()), 1);
    assert_eq!(server.requests(), [""; 0]);
    assert_eq!(offline(&text(&filled.path())), 0);
}

#[test]
fn builds_at_once_fetch_once() {
    let (filled, user) = (Filled::new(), User::new());
    let server = serve(&filled, Behavior::Honest);
    let key = filled.keys.public();
    let folder = user.folder.path();

    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let variables = [
                    ("WADUP_STORE_MIRROR", server.address()),
                    ("WADUP_STORE_MIRROR_KEY", &key),
                ];
                let settings = MirrorSettings::of(&Environment::of(variables), None).unwrap();
                let mirrors = Mirrors::new(settings, false, &Silent);
                let store = Store::new(folder, Box::new(Silent)).with_mirrors(mirrors);
                let built = Cell::new(0);
                store.artifact(&Varied::new(&built)).unwrap();
                assert_eq!(built.get(), 0);
            });
        }
    });

    let requests = server.requests();
    let archives = requests.iter().filter(|name| name.ends_with(".tar.xz"));
    assert_eq!(archives.count(), 1, "{requests:?}");
}
