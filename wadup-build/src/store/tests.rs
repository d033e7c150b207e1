//! The store's guarantees, tested with a recipe that counts its builds.

mod damage;
mod full_disk;
mod maintenance;
mod mirror;
mod processes;

use std::cell::{Cell, RefCell};
use std::process::Command;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::progress::Silent;

struct Counted<'a> {
    flag: &'a str,
    built: &'a Cell<u32>,
    fails: bool,
}

impl Recipe for Counted<'_> {
    fn name(&self) -> String {
        "counted-1".into()
    }

    fn inputs(&self) -> Inputs {
        Inputs::default().with("flag", self.flag)
    }

    fn step(&self) -> String {
        "counting".into()
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        self.built.set(self.built.get() + 1);
        let file = dirs.content.join("lib.a");
        fs::write(&file, self.flag).on("write", &file)?;
        fs::write(dirs.log, "compiling").on("write", dirs.log)?;
        if self.fails {
            return Err(Error::missing("a thing", "get it"));
        }
        Ok(())
    }
}

#[derive(Clone, Default)]
struct Notes(Rc<RefCell<Vec<String>>>);

impl Progress for Notes {
    fn begin(&self, _: &str) {}
    fn end(&self, _: &str) {}
    fn note(&self, message: &str) {
        self.0.borrow_mut().push(message.to_owned());
    }
}

fn recipe<'a>(flag: &'a str, built: &'a Cell<u32>) -> Counted<'a> {
    Counted {
        flag,
        built,
        fails: false,
    }
}

#[test]
fn recipes_are_built_once_per_set_of_inputs() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path(), Box::new(Silent));
    let built = Cell::new(0);

    let first = store.artifact(&recipe("-O2", &built)).unwrap();
    let again = store.artifact(&recipe("-O2", &built)).unwrap();
    let other = store.artifact(&recipe("-O3", &built)).unwrap();

    assert_eq!(built.get(), 2);
    assert_eq!(first.path(), again.path());
    assert_ne!(first.id(), other.id());
    assert_eq!(fs::read_to_string(other.join("lib.a")).unwrap(), "-O3");
}

#[test]
fn failed_builds_leave_a_log_and_no_artifact() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path(), Box::new(Silent));
    let built = Cell::new(0);
    let failing = Counted {
        fails: true,
        ..recipe("-O2", &built)
    };

    assert!(store.artifact(&failing).is_err());

    assert!(store.find(&failing).is_err());
    let log = folder
        .path()
        .join("logs")
        .join(format!("{}.log", id_of(&failing)));
    assert_eq!(fs::read_to_string(log).unwrap(), "compiling");
    store.artifact(&recipe("-O2", &built)).unwrap();
    assert_eq!(built.get(), 2);
}

#[test]
fn leftovers_of_interrupted_builds_are_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path(), Box::new(Silent));
    let built = Cell::new(0);
    let left = folder
        .path()
        .join("building")
        .join(id_of(&recipe("-O2", &built)))
        .join("made/content");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("stale.a"), "half").unwrap();

    let artifact = store.artifact(&recipe("-O2", &built)).unwrap();

    assert_eq!(crate::tree::files(artifact.path()).unwrap(), ["lib.a"]);
}

#[test]
fn concurrent_builds_of_one_recipe_build_once() {
    struct Slow<'a>(&'a AtomicUsize);
    impl Recipe for Slow<'_> {
        fn name(&self) -> String {
            "slow-1".into()
        }
        fn inputs(&self) -> Inputs {
            Inputs::default()
        }
        fn step(&self) -> String {
            "waiting".into()
        }
        fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
            self.0.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(std::time::Duration::from_millis(50));
            fs::write(dirs.content.join("done"), "").on("write", dirs.content)
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let built = AtomicUsize::new(0);

    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let store = Store::new(folder.path(), Box::new(Silent));
                store.artifact(&Slow(&built)).unwrap();
            });
        }
    });

    assert_eq!(built.load(Ordering::SeqCst), 1);
}
