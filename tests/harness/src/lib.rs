//! Finds the guests under `tests/guests` where Cargo has put them once built, and makes instances of them.
//!
//! Cargo cannot build for two targets at once, so the guests are built before the tests: `cargo xtask test` does both.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use wadup_host::{Compiler, Engine, Guest, Limits};

/// How many times the native stack code of the baseline compiler gets where it recurses: its frames are larger.
pub const STACK_OF_BASELINE: usize = 4;

/// Why a guest cannot run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The guest has not been built.
    #[error("`{}` does not exist\nhelp: run `cargo xtask test`, which builds the guests first", path.display())]
    NotBuilt {
        /// Where Cargo puts it.
        path: PathBuf,
    },
    /// It was built, but it cannot be run.
    #[error(transparent)]
    Runner(#[from] wadup_host::Error),
    /// It was built, but no snapshot of it can be taken.
    #[error(transparent)]
    Snapshot(#[from] wadup_snapshot::Error),
    /// A file could not be read or written.
    #[error("`{}`: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// How a guest was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// `cargo build`
    Debug,
    /// `cargo build --release`
    Release,
    /// A snapshot of what `cargo build --release` builds.
    Snapshot,
}

impl Variant {
    /// The folder into which Cargo puts it, or what it is taken of.
    fn folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release | Self::Snapshot => "release",
        }
    }
}

/// The guests in Cargo's target folder.
#[derive(Debug)]
pub struct Guests {
    target: PathBuf,
    snapshots: PathBuf,
    engine: Engine,
}

impl Guests {
    /// The guests for a host with the WADUP host's limits, compiled by the baseline compiler.
    ///
    /// `temporary` is Cargo's folder for tests in it (`CARGO_TARGET_TMPDIR`); compiled code is kept there.
    ///
    /// # Errors
    ///
    /// [`Error::Runner`] if wasmtime does not work on this machine.
    pub fn new(temporary: &Path) -> Result<Self, Error> {
        Self::of(temporary, Limits::default(), Compiler::Baseline)
    }

    /// The guests for a host with other limits, or with the compiler of real hosts where the size of native frames matters.
    ///
    /// # Errors
    ///
    /// Those of [`Guests::new`].
    pub fn of(temporary: &Path, limits: Limits, compiler: Compiler) -> Result<Self, Error> {
        let engine =
            Engine::with_compiler(limits, compiler)?.with_cache(temporary.join("compiled"));
        let target = temporary.parent().unwrap_or(temporary).to_path_buf();
        Ok(Self {
            target,
            snapshots: temporary.join("snapshots"),
            engine,
        })
    }

    /// The guest of this name (see [`names`]), as `variant` makes it.
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`], and the other errors if it cannot be loaded.
    pub fn guest(&self, name: &str, variant: Variant) -> Result<Guest, Error> {
        let path = self.module(name, variant)?;
        // Tests share guests: the first compiles, the others wait and then find the code in the cache.
        let _lock = self.lock(&format!("{name}-{variant:?}"))?;
        if variant == Variant::Snapshot {
            return Ok(self.engine.load(&self.snapshot(name, &path)?)?);
        }
        Ok(self.engine.load(&path)?)
    }

    /// The file of a guest, as Cargo built it.
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`].
    pub fn module(&self, name: &str, variant: Variant) -> Result<PathBuf, Error> {
        let folder = self.target.join("wasm32-wasip1").join(variant.folder());
        let path = folder.join(name).with_extension("wasm");
        if path.exists() {
            Ok(path)
        } else {
            Err(Error::NotBuilt { path })
        }
    }

    /// A lock that other tests wait for, of this process and of others, until it is dropped.
    fn lock(&self, name: &str) -> Result<File, Error> {
        fs::create_dir_all(&self.snapshots).map_err(on(&self.snapshots))?;
        let path = self.snapshots.join(name).with_extension("lock");
        let file = File::create(&path).map_err(on(&path))?;
        file.lock().map_err(on(&path))?;
        Ok(file)
    }

    /// The snapshot of a guest: kept from run to run, and taken again when the guest is newer.
    fn snapshot(&self, name: &str, plain: &Path) -> Result<PathBuf, Error> {
        let path = self.snapshots.join(name).with_extension("wasm");
        let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
        let made = modified(plain).map_err(on(plain))?;
        if modified(&path).is_ok_and(|taken| taken > made) {
            return Ok(path);
        }
        let wasm = fs::read(plain).map_err(on(plain))?;
        let options = wadup_snapshot::Options {
            baseline: true,
            ..wadup_snapshot::Options::default()
        };
        let snapshot = wadup_snapshot::take(&wasm, &options)?;
        let file = NamedTempFile::new_in(&self.snapshots).map_err(on(&self.snapshots))?;
        fs::write(file.path(), snapshot.wasm).map_err(on(file.path()))?;
        file.persist(&path)
            .map_err(|error| on(&path)(error.error))?;
        Ok(path)
    }
}

/// What makes an error of the operating system one about `path`.
fn on(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_path_buf();
    move |source| Error::File { path, source }
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
