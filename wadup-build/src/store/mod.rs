//! The store: turns a recipe into an artifact once, and returns the same artifact to every later build.
//!
//! ```text
//! $WADUP_CACHE_DIR/
//!   artifacts/<name>-<key>/content/         what the recipe made
//!   artifacts/<name>-<key>/manifest.json    size, times and hash of each file
//!   artifacts/<name>-<key>/inputs.txt       the inputs of the key
//!   artifacts/<name>-<key>/origin.txt       the mirror that it was fetched from, if it was
//!   building/<name>-<key>/                  a build in progress
//!   downloads/<sha256>/<file>               source archives, checked before each use
//!   not-available/<sha256>                  why an archive could not be had, for a day
//!   locks/<name>-<key>.lock                 held while the recipe is being built
//!   uses/<name>-<key>, uses/<sha256>        shared lock of the builds that use it; its time is the last use
//!   logs/<name>-<key>.log                   the output of its last build
//!   hashes.json                             hashes of the toolchain's files, by size and times
//!   mirrors/<hash>                          the serial number of a mirror's newest index
//! ```

pub(crate) mod hashes;
mod inspection;
mod maintenance;
mod manifest;
mod mirror;
mod recipe;
mod uses;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub use maintenance::{Collected, Damaged, Maintenance, StoreEntry};
pub(crate) use mirror::{
    MirrorSettings, Mirrors, ProjectMirrors, problem_of_key, problem_of_mirror,
};
#[cfg(any(test, feature = "push"))]
pub use mirror::{Pushed, SigningKey};
pub(crate) use recipe::{Inputs, Recipe, RecipeDirs, code};

use crate::environment::Environment;
use crate::error::{Error, FileContext, Result};
use crate::progress::Progress;
use inspection::Inspection;
use manifest::{Depth, Manifest};
use uses::{Use, Uses};

const CONTENT: &str = "content";
const MANIFEST: &str = "manifest.json";
const INPUTS: &str = "inputs.txt";

/// The folder of the store: `WADUP_CACHE_DIR`, or `wadup` in the user's cache folder.
pub(crate) fn folder(environment: &Environment) -> Result<PathBuf> {
    let in_home = |name: &str, rest: &str| Some(Path::new(&environment.system(name)?).join(rest));
    environment
        .path("WADUP_CACHE_DIR")
        .or_else(|| in_home("XDG_CACHE_HOME", "wadup"))
        .or_else(|| in_home("HOME", ".cache/wadup"))
        .ok_or_else(|| Error::missing("a folder for the store", "set WADUP_CACHE_DIR or HOME"))
}

/// The result of a recipe: a folder that is complete, checked, and never written to again.
#[derive(Debug, Clone)]
pub(crate) struct Artifact {
    id: String,
    content: PathBuf,
}

impl Artifact {
    /// The name and key of its recipe, which change whenever the content may.
    #[must_use]
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The folder with the content.
    #[must_use]
    pub(crate) fn path(&self) -> &Path {
        &self.content
    }

    /// A file or folder of the artifact.
    #[must_use]
    pub(crate) fn join(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.content.join(relative)
    }

    /// A file that exists as long as the artifact does and is older than any build, for Cargo to track.
    #[must_use]
    pub(crate) fn inputs(&self) -> PathBuf {
        self.content.with_file_name(INPUTS)
    }
}

#[cfg(test)]
impl Artifact {
    /// An artifact that does not exist, for tests that never read it.
    pub(crate) fn nowhere() -> Self {
        Self {
            id: String::new(),
            content: PathBuf::new(),
        }
    }
}

/// A folder of artifacts, shared by all builds of a user.
pub(crate) struct Store {
    root: PathBuf,
    progress: Box<dyn Progress>,
    mirrors: Mirrors,
    /// The artifacts that this build used and no mirror may have.
    private: RefCell<BTreeSet<String>>,
    /// Locks on what this build uses, which protect it from garbage collection.
    held: RefCell<BTreeMap<String, Use>>,
}

impl Store {
    /// A store in the given folder, which may not exist yet.
    pub(crate) fn new(root: impl Into<PathBuf>, progress: Box<dyn Progress>) -> Self {
        Self {
            root: root.into(),
            progress,
            mirrors: Mirrors::none(),
            private: RefCell::default(),
            held: RefCell::default(),
        }
    }

    /// The same store, with mirrors to ask before a recipe is built.
    pub(crate) fn with_mirrors(self, mirrors: Mirrors) -> Self {
        Self { mirrors, ..self }
    }

    /// The folder of the store.
    #[must_use]
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of downloaded source archives.
    pub(crate) fn downloads(&self) -> PathBuf {
        self.root.join("downloads")
    }

    pub(crate) fn progress(&self) -> &dyn Progress {
        &*self.progress
    }

    /// Protects an entry from garbage collection until this store is dropped, and records its use.
    pub(crate) fn hold(&self, name: &str) {
        let mut held = self.held.borrow_mut();
        if !held.contains_key(name)
            && let Some(begun) = Uses::of(&self.root).begin(name)
        {
            held.insert(name.to_owned(), begun);
        }
    }

    /// The artifact of a recipe, if it is there and intact. Builds nothing.
    pub(crate) fn find(&self, recipe: &dyn Recipe) -> Result<Artifact> {
        let id = id_of(recipe);
        match self.inspect(&id)? {
            Inspection::Intact(artifact) => Ok(artifact),
            Inspection::Absent => Err(Error::missing(
                format!("artifact `{id}` in the store"),
                "run `cargo wadup setup`, which builds it",
            )),
            Inspection::Damaged(difference) => Err(Error::Damaged {
                artifact: id,
                difference,
            }),
        }
    }

    /// The artifact of a recipe as it is here, or as it will be, because a mirror offers it. Builds and fetches nothing.
    pub(crate) fn expect(&self, recipe: &dyn Recipe) -> Result<Artifact> {
        let found = self.find(recipe);
        let id = id_of(recipe);
        if found.is_err()
            && !self.is_private(recipe, &id)
            && self.mirrors.offer(&id, &self.root, &*self.progress)
        {
            let content = self.root.join("artifacts").join(&id).join(CONTENT);
            return Ok(Artifact { id, content });
        }
        found
    }

    /// The artifacts that this build used so far, without those that no mirror may have.
    pub(crate) fn used_artifacts(&self) -> Vec<String> {
        let private = self.private.borrow();
        let artifacts = self.root.join("artifacts");
        let held = self.held.borrow();
        let shared = held.keys().filter(|id| !private.contains(*id));
        shared
            .filter(|id| artifacts.join(id).is_dir())
            .cloned()
            .collect()
    }

    /// The artifact of a recipe: fetched or built now if the store does not contain it.
    ///
    /// # Errors
    /// If the recipe fails or the store cannot be written. A failed build leaves nothing but its log.
    pub(crate) fn artifact(&self, recipe: &dyn Recipe) -> Result<Artifact> {
        let id = id_of(recipe);
        self.hold(&id);
        let is_private = self.is_private(recipe, &id);
        if let Inspection::Intact(artifact) = self.inspect(&id)? {
            return Ok(artifact);
        }
        let _lock = self.lock(&id, &recipe.step())?;
        // Another process may have built it while this one waited for the lock.
        match self.inspect(&id)? {
            Inspection::Intact(artifact) => return Ok(artifact),
            Inspection::Absent => {}
            Inspection::Damaged(difference) => self.progress.note(&format!(
                "`{id}` in the store is damaged: {difference}; building it again"
            )),
        }
        if is_private || self.mirrors.is_empty() {
            return self.build(recipe, &id);
        }
        if let Some(artifact) = self.fetch(recipe, &id)? {
            return Ok(artifact);
        }
        let built = self.build(recipe, &id)?;
        self.progress.note(&format!("`{id}`: built"));
        Ok(built)
    }

    /// Whether no mirror may have an artifact: its recipe says so, or it is made from such an artifact.
    fn is_private(&self, recipe: &dyn Recipe, id: &str) -> bool {
        let mut private = self.private.borrow_mut();
        let is_private =
            recipe.is_private() || recipe.inputs().artifacts().any(|id| private.contains(id));
        if is_private {
            private.insert(id.to_owned());
        }
        is_private
    }

    fn inspect(&self, id: &str) -> Result<Inspection> {
        inspection::inspect(&self.root, id, Depth::Stamps)
    }

    /// Locks an artifact for building. The system releases the lock when the process ends, however it ends.
    fn lock(&self, id: &str, step: &str) -> Result<File> {
        let path = self.folder("locks")?.join(format!("{id}.lock"));
        let file = File::create(&path).on("create", &path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                self.progress
                    .note(&format!("waiting for another build: {step} ({id})"));
                file.lock().on("lock", &path)?;
            }
            Err(TryLockError::Error(error)) => return Err(error).on("lock", &path),
        }
        Ok(file)
    }

    /// The artifact from a mirror, if one has it and what it has can be trusted.
    fn fetch(&self, recipe: &dyn Recipe, id: &str) -> Result<Option<Artifact>> {
        let building = self.folder("building")?.join(id);
        empty(&building)?;
        let made = building.join("made");
        empty(&made)?;
        let wanted = mirror::Wanted {
            id,
            inputs: &recipe.inputs().text(&recipe.name()),
            store: &self.root,
        };
        let Some(origin) = self.mirrors.fetch(wanted, &made, &*self.progress)? else {
            remove(&building)?;
            return Ok(None);
        };
        let artifact = self.publish(&building, &made, id)?;
        self.progress.note(&format!("`{id}`: {origin}"));
        Ok(Some(artifact))
    }

    fn build(&self, recipe: &dyn Recipe, id: &str) -> Result<Artifact> {
        let building = self.folder("building")?.join(id);
        empty(&building)?;
        let made = building.join("made");
        let content = made.join(CONTENT);
        let scratch = building.join("scratch");
        for folder in [&content, &scratch] {
            fs::create_dir_all(folder).on("create", folder)?;
        }
        let log = self.folder("logs")?.join(format!("{id}.log"));
        remove(&log)?;

        self.progress.begin(&recipe.step());
        let filled = recipe.fill(&RecipeDirs {
            content: &content,
            scratch: &scratch,
            log: &log,
        });
        if let Err(error) = filled {
            // The log says what happened. The next build removes what cannot be removed now.
            drop(remove(&building));
            return Err(error);
        }
        let inputs = made.join(INPUTS);
        fs::write(&inputs, recipe.inputs().text(&recipe.name())).on("write", &inputs)?;
        Manifest::of(&content)?.write(&made.join(MANIFEST))?;
        let artifact = self.publish(&building, &made, id)?;
        self.progress.end(&recipe.step());
        Ok(artifact)
    }

    /// Moves the complete folder `made` of an artifact, in its folder in `building`, to its place.
    fn publish(&self, building: &Path, made: &Path, id: &str) -> Result<Artifact> {
        date(&made.join(INPUTS))?;
        let published = self.folder("artifacts")?.join(id);
        // The old artifact is moved away in one step too, so that a killed build never leaves half of it.
        if published.exists() {
            let old = building.join("old");
            fs::rename(&published, &old).on("replace", &published)?;
        }
        fs::rename(made, &published).on("publish", &published)?;
        remove(building)?;
        Ok(Artifact {
            id: id.to_owned(),
            content: published.join(CONTENT),
        })
    }

    /// An empty log for what is no recipe.
    pub(crate) fn log(&self, name: &str) -> Result<PathBuf> {
        let log = self.folder("logs")?.join(format!("{name}.log"));
        remove(&log)?;
        Ok(log)
    }

    fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.root.join(name);
        fs::create_dir_all(&folder).map_err(|source| Error::File {
            action: "create the store's folder (WADUP_CACHE_DIR chooses another place)",
            path: folder.clone(),
            source,
        })?;
        Ok(folder)
    }
}

fn id_of(recipe: &dyn Recipe) -> String {
    format!("{}-{}", recipe.name(), recipe.inputs().key(&recipe.name()))
}

/// Gives a file a modification time before any build.
fn date(file: &Path) -> Result<()> {
    let opened = File::options().append(true).open(file).on("open", file)?;
    opened.set_modified(SystemTime::UNIX_EPOCH).on("date", file)
}

fn empty(folder: &Path) -> Result<()> {
    remove(folder)?;
    fs::create_dir_all(folder).on("create", folder)
}

/// Removes a file or a folder. Succeeds if it does not exist.
fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other.on("remove", path),
    }
}

#[cfg(test)]
mod tests;
