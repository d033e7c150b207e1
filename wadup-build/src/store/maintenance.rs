//! Maintains a store: lists its entries, removes unused ones, finds damaged ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::inspection::{Inspection, inspect};
use super::manifest::{Depth, Manifest};
use super::mirror;
#[cfg(any(test, feature = "push"))]
use super::mirror::{Pushed, SigningKey};
use super::uses::{Uses, try_lock};
use super::{MANIFEST, remove};
use crate::environment::Environment;
use crate::error::{FileContext, Result};
use crate::{hash, tree};

/// A user's store, for maintenance.
#[derive(Debug)]
pub struct Maintenance {
    root: PathBuf,
}

/// An artifact or a download in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreEntry {
    /// The name of an artifact with its key, or of a downloaded archive with its hash.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When the last build that used it started.
    pub last_used: SystemTime,
    /// The mirror that an artifact was fetched from: "fetched from ADDRESS".
    pub origin: Option<String>,
}

/// The result of a garbage collection.
#[derive(Debug, Default)]
pub struct Collected {
    /// The entries that were removed.
    pub removed: Vec<StoreEntry>,
    /// The entries that are old enough, but in use by a running build.
    pub in_use: Vec<String>,
}

/// A damaged entry of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// Its name, as in [`StoreEntry`].
    pub name: String,
    /// What is wrong with it.
    pub problem: String,
    /// Whether it was removed, so that the next build makes it again. Entries in use by a running build stay.
    pub removed: bool,
}

/// The folders of the store whose entries can be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Artifacts,
    Downloads,
}

impl Section {
    const ALL: [Self; 2] = [Self::Artifacts, Self::Downloads];

    fn folder(self) -> &'static str {
        match self {
            Self::Artifacts => "artifacts",
            Self::Downloads => "downloads",
        }
    }
}

impl Maintenance {
    /// The store that all builds of this user share.
    ///
    /// # Errors
    /// If the folder of the store cannot be determined.
    pub fn new() -> Result<Self> {
        super::folder(&Environment::of_process()).map(Self::of)
    }

    /// The store in the given folder.
    #[must_use]
    pub fn of(root: PathBuf) -> Self {
        Self { root }
    }

    /// The folder of the store.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.root
    }

    /// All entries, least recently used first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn list(&self) -> Result<Vec<StoreEntry>> {
        let mut all = Vec::new();
        for section in Section::ALL {
            for name in self.names(section.folder())? {
                all.push(self.entry(section, &name)?);
            }
        }
        all.sort_by(|first, second| {
            (first.last_used, &first.name).cmp(&(second.last_used, &second.name))
        });
        Ok(all)
    }

    /// Packs artifacts, by name and key, into the folder of a mirror, and signs its index anew.
    ///
    /// What the mirror has already is kept, if the key has signed it. Artifacts with paths of the store are left out.
    ///
    /// # Errors
    /// If an artifact is not in the store, the folder has the index of another key, or a file cannot be read or written.
    #[cfg(any(test, feature = "push"))]
    pub fn push(&self, artifacts: &[String], mirror: &Path, key: &SigningKey) -> Result<Pushed> {
        mirror::push(&self.root, artifacts, mirror, key)
    }

    /// Removes entries that no build has used for this long, and leftovers of killed builds.
    ///
    /// Entries that a running build uses or makes stay. After a build script has ended, while the linker still reads
    /// the artifacts, only `unused_for` protects them.
    ///
    /// # Errors
    /// If the store cannot be read or written.
    pub fn free(&self, unused_for: Duration) -> Result<Collected> {
        let mut freed = Collected::default();
        for section in Section::ALL {
            for name in self.names(section.folder())? {
                let entry = self.entry(section, &name)?;
                if !is_older(entry.last_used, unused_for) {
                    continue;
                }
                if self.discard(section, &name)? {
                    freed.removed.push(entry);
                } else {
                    freed.in_use.push(entry.name);
                }
            }
        }
        for name in self.names("building")? {
            if let Some(_lock) = try_lock(&self.root.join("locks"), &format!("{name}.lock"))? {
                remove(&self.root.join("building").join(&name))?;
            }
        }
        self.free_logs(unused_for)?;
        Ok(freed)
    }

    /// Hashes every file, and removes damaged entries, so that the next build makes them again.
    ///
    /// # Errors
    /// If the store cannot be read or written.
    pub fn verify(&self) -> Result<Vec<Damaged>> {
        let mut all = Vec::new();
        for section in Section::ALL {
            for name in self.names(section.folder())? {
                let Some(problem) = self.problem(section, &name)? else {
                    continue;
                };
                all.push(Damaged {
                    // Read before the entry is removed.
                    name: self.title(section, &name)?,
                    problem,
                    removed: self.discard(section, &name)?,
                });
            }
        }
        Ok(all)
    }

    fn problem(&self, section: Section, name: &str) -> Result<Option<String>> {
        match section {
            Section::Artifacts => Ok(match inspect(&self.root, name, Depth::Bytes)? {
                Inspection::Damaged(problem) => Some(problem),
                Inspection::Absent | Inspection::Intact(_) => None,
            }),
            Section::Downloads => {
                let folder = self.place(section, name);
                for file in tree::files(&folder)? {
                    // A partial file belongs to a download in progress.
                    if !file.ends_with(".partial") && hash::of_file(&folder.join(&file))? != name {
                        return Ok(Some(format!("{file} has changed")));
                    }
                }
                Ok(None)
            }
        }
    }

    /// Removes an entry atomically, unless it is in use or being made.
    fn discard(&self, section: Section, name: &str) -> Result<bool> {
        let Some(_use) = Uses::of(&self.root).exclude(name)? else {
            return Ok(false);
        };
        let Some(_lock) = try_lock(&self.root.join("locks"), &format!("{name}.lock"))? else {
            return Ok(false);
        };
        let discarded = self.root.join("building").join(name);
        remove(&discarded)?;
        fs::create_dir_all(&discarded).on("create", &discarded)?;
        let place = self.place(section, name);
        fs::rename(&place, discarded.join("old")).on("remove", &place)?;
        remove(&discarded)?;
        remove(&self.root.join("logs").join(format!("{name}.log")))?;
        Ok(true)
    }

    /// Removes the logs of failed builds. The logs of artifacts are removed with the artifacts.
    fn free_logs(&self, unused_for: Duration) -> Result<()> {
        for name in self.names("logs")? {
            let log = self.root.join("logs").join(&name);
            let written = fs::metadata(&log).and_then(|metadata| metadata.modified());
            let artifact = self.place(Section::Artifacts, name.trim_end_matches(".log"));
            if !artifact.exists() && is_older(written.on("read", &log)?, unused_for) {
                remove(&log)?;
            }
        }
        Ok(())
    }

    fn entry(&self, section: Section, name: &str) -> Result<StoreEntry> {
        let place = self.place(section, name);
        let (bytes, made) = match section {
            Section::Artifacts => {
                let manifest = Manifest::read(&place.join(MANIFEST)).ok().flatten();
                manifest.map_or_else(
                    || Ok((0, SystemTime::UNIX_EPOCH)),
                    |(manifest, written)| Ok((manifest.size(), written)),
                )?
            }
            Section::Downloads => size_and_time(&place)?,
        };
        let last_used = Uses::of(&self.root).last(name)?.unwrap_or(made).max(made);
        Ok(StoreEntry {
            name: self.title(section, name)?,
            bytes,
            last_used,
            // Only artifacts that were fetched have the file.
            origin: fs::read_to_string(place.join(mirror::ORIGIN)).ok(),
        })
    }

    /// The name to show for an entry.
    fn title(&self, section: Section, name: &str) -> Result<String> {
        if section == Section::Artifacts || !self.place(section, name).is_dir() {
            return Ok(name.to_owned());
        }
        let files = tree::files(&self.place(section, name))?;
        let short = name.get(..16).unwrap_or(name);
        Ok(match files.first() {
            Some(file) => format!("{file} ({short})"),
            None => format!("an empty folder ({short})"),
        })
    }

    fn place(&self, section: Section, name: &str) -> PathBuf {
        self.root.join(section.folder()).join(name)
    }

    fn names(&self, folder: &str) -> Result<Vec<String>> {
        let folder = self.root.join(folder);
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut names = Vec::new();
        for entry in fs::read_dir(&folder).on("list", &folder)? {
            let entry = entry.on("list", &folder)?;
            // Each entry is a folder; a file is not the store's, such as what file managers leave.
            if entry.file_type().on("look at", entry.path())?.is_dir() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort_unstable();
        Ok(names)
    }
}

fn size_and_time(folder: &Path) -> Result<(u64, SystemTime)> {
    let mut bytes = 0;
    let mut newest = SystemTime::UNIX_EPOCH;
    for file in tree::files(folder)? {
        let file = folder.join(file);
        let metadata = fs::metadata(&file).on("read", &file)?;
        bytes += metadata.len();
        newest = newest.max(metadata.modified().on("read", &file)?);
    }
    Ok((bytes, newest))
}

fn is_older(time: SystemTime, age: Duration) -> bool {
    // A time in the future is never old.
    SystemTime::now()
        .duration_since(time)
        .is_ok_and(|unused| unused >= age)
}
