//! Finds the guests under `tests/guests` where Cargo has put them once built, and makes instances of them.
//!
//! Cargo cannot build for two targets at once, so the guests are built before the tests: `cargo xtask test` does both.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use wadup_runner::{Engine, Guest, Limits};

/// Why there is no guest to run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The guest has not been built.
    #[error("{} is not there: run `cargo xtask test`, which builds the guests first", path.display())]
    NotBuilt {
        /// Where Cargo puts it.
        path: PathBuf,
    },
    /// It was built, but it cannot be run.
    #[error(transparent)]
    Runner(#[from] wadup_runner::Error),
}

/// How a guest was built.
#[derive(Clone, Copy, Debug)]
pub enum Profile {
    /// `cargo build`
    Debug,
    /// `cargo build --release`
    Release,
}

impl Profile {
    /// The folder that Cargo puts it into.
    fn folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }
}

/// The folder that Cargo builds into, seen as a shelf of guests.
#[derive(Debug)]
pub struct Shelf {
    target: PathBuf,
    engine: Engine,
}

impl Shelf {
    /// The shelf in Cargo's target folder, for a host with the limits of WADUP's.
    ///
    /// `temporary` is Cargo's folder for tests in it (`CARGO_TARGET_TMPDIR`); compiled code is kept there.
    ///
    /// # Errors
    ///
    /// [`Error::Runner`] if wasmtime does not work on this machine.
    pub fn new(temporary: &Path) -> Result<Self, Error> {
        Self::with_stack(temporary, Limits::default().stack)
    }

    /// The same, for a host that allows so many bytes of native stack.
    ///
    /// # Errors
    ///
    /// Those of [`Shelf::new`].
    pub fn with_stack(temporary: &Path, stack: usize) -> Result<Self, Error> {
        let limits = Limits {
            stack,
            ..Limits::default()
        };
        let engine = Engine::new(limits)?.with_cache(temporary.join("compiled"));
        let target = temporary.parent().unwrap_or(temporary).to_path_buf();
        Ok(Self { target, engine })
    }

    /// The guest of this name (see [`names`]), built with `profile`.
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`], and [`Error::Runner`] if it does not compile.
    pub fn guest(&self, name: &str, profile: Profile) -> Result<Guest, Error> {
        let folder = self.target.join("wasm32-wasip1").join(profile.folder());
        let path = folder.join(name).with_extension("wasm");
        if !path.exists() {
            return Err(Error::NotBuilt { path });
        }
        Ok(self.engine.load(&path)?)
    }
}

/// The names of all guests: the folders under `tests/guests`, with `_` for `-` as Cargo names the files.
///
/// # Errors
///
/// If they cannot be listed.
pub fn names() -> io::Result<BTreeSet<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../guests");
    fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().replace('-', "_")))
        .collect()
}
