//! The store: turns a recipe into an artifact once, and hands the same artifact to every later build.
//!
//! ```text
//! $WADUP_CACHE_DIR/
//!   artifacts/<name>-<key>/content/         what the recipe made
//!   artifacts/<name>-<key>/manifest.json    size, time and hash of each file of it
//!   building/<name>-<key>/                  a build in progress; never read by anyone else
//!   downloads/<sha256>/<file>               source archives, checked before each use
//!   locks/<name>-<key>.lock                 held while the recipe is being built
//!   logs/<name>-<key>.log                   all that the last build of it printed
//! ```

mod manifest;
mod recipe;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

pub(crate) use recipe::{Inputs, Recipe, Workshop};

use crate::environment::Environment;
use crate::error::{Error, FileContext, Result};
use crate::progress::Progress;
use manifest::Manifest;

/// The folder of the store: `WADUP_CACHE_DIR`, else `wadup` in the user's folder for caches.
pub(crate) fn folder(environment: &Environment) -> Result<PathBuf> {
    let in_home = |name: &str, rest: &str| Some(Path::new(&environment.system(name)?).join(rest));
    environment
        .path("WADUP_CACHE_DIR")
        .or_else(|| in_home("XDG_CACHE_HOME", "wadup"))
        .or_else(|| in_home("HOME", ".cache/wadup"))
        .ok_or_else(|| Error::missing("a place for the store", "set WADUP_CACHE_DIR"))
}

/// What a recipe made: a folder that is complete, checked, and never written to again.
#[derive(Debug, Clone)]
pub(crate) struct Artifact {
    id: String,
    content: PathBuf,
}

impl Artifact {
    /// The name and key of the recipe that made it; it changes whenever the content may.
    #[must_use]
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The folder that the recipe filled.
    #[must_use]
    pub(crate) fn path(&self) -> &Path {
        &self.content
    }

    /// A file or folder of the artifact.
    #[must_use]
    pub(crate) fn join(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.content.join(relative)
    }
}

/// A folder of artifacts, shared by all builds of a user.
pub(crate) struct Store {
    root: PathBuf,
    progress: Box<dyn Progress>,
}

impl Store {
    /// A store in the given folder, which need not exist yet.
    pub(crate) fn new(root: impl Into<PathBuf>, progress: Box<dyn Progress>) -> Self {
        Self {
            root: root.into(),
            progress,
        }
    }

    /// The folder of the store.
    #[must_use]
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where source archives are kept.
    pub(crate) fn downloads(&self) -> PathBuf {
        self.root.join("downloads")
    }

    pub(crate) fn progress(&self) -> &dyn Progress {
        &*self.progress
    }

    /// The artifact of a recipe if it is there and whole; builds nothing.
    pub(crate) fn find(&self, recipe: &dyn Recipe) -> Result<Artifact> {
        let id = id_of(recipe);
        self.published(&id)?
            .ok_or_else(|| Error::missing(format!("{id} in the store"), "run `cargo wadup setup`"))
    }

    /// The artifact of a recipe: found whole, or built now.
    ///
    /// # Errors
    /// When the recipe fails or the store's folder cannot be written; nothing half-made is kept but the log.
    pub(crate) fn artifact(&self, recipe: &dyn Recipe) -> Result<Artifact> {
        let id = id_of(recipe);
        if let Some(artifact) = self.published(&id)? {
            return Ok(artifact);
        }
        let _lock = self.lock(&id)?;
        // Another process may have built it while this one waited for the lock.
        if let Some(artifact) = self.published(&id)? {
            return Ok(artifact);
        }
        self.build(recipe, &id)
    }

    fn published(&self, id: &str) -> Result<Option<Artifact>> {
        let folder = self.root.join("artifacts").join(id);
        let Some(manifest) = Manifest::read(&folder.join("manifest.json"))? else {
            return Ok(None);
        };
        let content = folder.join("content");
        match manifest.first_difference(&content)? {
            None => Ok(Some(Artifact {
                id: id.to_owned(),
                content,
            })),
            Some(difference) => {
                self.progress.note(&format!(
                    "{id} in the store is damaged ({difference}); building it again"
                ));
                Ok(None)
            }
        }
    }

    /// The lock ends with the process that holds it, however that process ends.
    fn lock(&self, id: &str) -> Result<File> {
        let path = self.folder("locks")?.join(format!("{id}.lock"));
        let file = File::create(&path).on("create", &path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                self.progress
                    .note(&format!("waiting for another build of {id}"));
                file.lock().on("lock", &path)?;
            }
            Err(TryLockError::Error(error)) => return Err(error).on("lock", &path),
        }
        Ok(file)
    }

    fn build(&self, recipe: &dyn Recipe, id: &str) -> Result<Artifact> {
        let building = self.folder("building")?.join(id);
        empty(&building)?;
        let made = building.join("made");
        let content = made.join("content");
        let scratch = building.join("scratch");
        for folder in [&content, &scratch] {
            fs::create_dir_all(folder).on("create", folder)?;
        }
        let log = self.folder("logs")?.join(format!("{id}.log"));
        remove(&log)?;

        self.progress.begin(&recipe.step());
        recipe.fill(&Workshop {
            content: &content,
            scratch: &scratch,
            log: &log,
        })?;
        Manifest::of(&content)?.write(&made.join("manifest.json"))?;
        let published = self.folder("artifacts")?.join(id);
        remove(&published)?;
        fs::rename(&made, &published).on("publish", &published)?;
        remove(&building)?;
        self.progress.end(&recipe.step());
        Ok(Artifact {
            id: id.to_owned(),
            content: published.join("content"),
        })
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

fn empty(folder: &Path) -> Result<()> {
    remove(folder)?;
    fs::create_dir_all(folder).on("create", folder)
}

/// Removes a file or a folder with all it holds; its absence is success.
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
