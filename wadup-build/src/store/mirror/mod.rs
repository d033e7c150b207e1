//! Mirrors: places that offer artifacts which others built, asked before a recipe is built.
//!
//! A mirror is a folder of files, on a disk or behind a web server:
//!
//! ```text
//! index.json            each artifact with the hash and the sizes of its archive
//! index.json.minisig    the index's signature
//! <name>-<key>.tar.xz   an artifact
//! ```
//!
//! Only the signature is trusted. What a mirror offers is refused with a reason, and then built, unless the index is signed
//! by the user's key and no older than the last one, the archive is the one in the index, and it holds exactly what its
//! manifest and the recipe's inputs say.

mod archive;
mod index;
mod memory;
mod natives;
#[cfg(any(test, feature = "push"))]
mod pack;
mod place;
#[cfg(any(test, feature = "push"))]
mod push;
mod settings;
#[cfg(any(test, feature = "push"))]
mod signing;

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use minisign_verify::PublicKey;

#[cfg(any(test, feature = "push"))]
pub use push::Pushed;
#[cfg(any(test, feature = "push"))]
pub(super) use push::push;
pub(crate) use settings::{MirrorSettings, ProjectMirrors, problem_of_key, problem_of_mirror};
#[cfg(any(test, feature = "push"))]
pub use signing::SigningKey;

use super::inspection;
use super::manifest::Manifest;
use super::{CONTENT, INPUTS, MANIFEST};
use crate::error::{Error, FileContext, Result};
use crate::hash;
use crate::progress::Progress;
use index::{Index, Packed};
use memory::Memory;
use place::{Patience, Place};

/// The file of an artifact that was fetched which says where it came from.
pub(super) const ORIGIN: &str = "origin.txt";

/// The mirrors of a build, in the order in which they are asked.
pub(crate) struct Mirrors {
    key: Option<PublicKey>,
    mirrors: Vec<Mirror>,
    patience: Patience,
}

/// One mirror, and what this process knows of it.
struct Mirror {
    place: Place,
    state: RefCell<State>,
}

enum State {
    NotAsked,
    Trusted(Index),
    /// It did not answer, or its index is not to be trusted; it is not asked again.
    Refused,
}

/// The artifact that a build wants.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Its name and key.
    pub(super) id: &'a str,
    /// The text of its recipe's inputs, of which the key is only the beginning of the hash.
    pub(super) inputs: &'a str,
    /// The folder of the store.
    pub(super) store: &'a Path,
}

impl Mirrors {
    /// No mirrors.
    pub(crate) fn none() -> Self {
        Self {
            key: None,
            mirrors: Vec::new(),
            patience: Patience::default(),
        }
    }

    /// The mirrors that the user named, without those that need the network if the build is offline. Without a key,
    /// there are none, which is said.
    pub(crate) fn new(settings: MirrorSettings, is_offline: bool, progress: &dyn Progress) -> Self {
        let mut places = settings.places;
        places.retain(|place| !(is_offline && place.needs_network()));
        if settings.key.is_none() && !places.is_empty() {
            progress.note(
                "no mirror of the store is used, because no key says whose artifacts to trust: set WADUP_STORE_MIRROR_KEY, or \
                 `store-mirror-key` of [tool.wadup]",
            );
            return Self::none();
        }
        let of_place = |place| Mirror {
            place,
            state: RefCell::new(State::NotAsked),
        };
        Self {
            key: settings.key,
            mirrors: places.into_iter().map(of_place).collect(),
            patience: Patience::default(),
        }
    }

    /// Waits for slow mirrors only for so many seconds.
    #[cfg(test)]
    pub(super) fn waiting(mut self, seconds: u32) -> Self {
        self.patience = Patience::of(seconds);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.mirrors.is_empty()
    }

    /// Whether a mirror says that it has an artifact.
    pub(super) fn offer(&self, id: &str, store: &Path, progress: &dyn Progress) -> bool {
        self.mirrors
            .iter()
            .any(|mirror| self.packed(mirror, id, store, progress).is_some())
    }

    /// Fetches an artifact into the empty folder `made`, from the first mirror whose artifact is as its index and the recipe
    /// say. Returns what to tell the user, or `None` after a note for each refusal.
    ///
    /// # Errors
    /// If the folder cannot be emptied after a refusal.
    pub(super) fn fetch(
        &self,
        wanted: Wanted<'_>,
        made: &Path,
        progress: &dyn Progress,
    ) -> Result<Option<String>> {
        for mirror in &self.mirrors {
            let Some(packed) = self.packed(mirror, wanted.id, wanted.store, progress) else {
                continue;
            };
            let refusal = match self.fetch_from(mirror, &packed, wanted, made) {
                Ok(()) => {
                    let origin = format!("fetched from {}", mirror.place);
                    let file = made.join(ORIGIN);
                    fs::write(&file, &origin).on("write", &file)?;
                    return Ok(Some(origin));
                }
                Err(refusal) => refusal,
            };
            progress.note(&format!(
                "`{}` of the mirror {} is refused: {}",
                wanted.id,
                mirror.place,
                refusal.report()
            ));
            super::empty(made)?;
        }
        Ok(None)
    }

    fn fetch_from(
        &self,
        mirror: &Mirror,
        packed: &Packed,
        wanted: Wanted<'_>,
        made: &Path,
    ) -> Result<()> {
        let name = archive::file_name(wanted.id);
        let file = made.join(&name);
        let fetched = mirror.place.get(&name, packed.size, &file, self.patience);
        if fetched.is_err() {
            // What made this one fail would make the others wait too.
            mirror.state.replace(State::Refused);
        }
        fetched?;
        hash::expect(&file, &packed.sha256)?;
        archive::unpack(&file, made, packed.unpacked)?;
        fs::remove_file(&file).on("remove", &file)?;

        let inputs = made.join(INPUTS);
        if fs::read_to_string(&inputs).on("read", &inputs)? != wanted.inputs {
            return Err(Error::malformed(
                &inputs,
                "it was made from other inputs than this build's",
            ));
        }
        let content = made.join(CONTENT);
        let manifest = made.join(MANIFEST);
        inspection::refuse_differences(&content, &manifest)?;
        natives::refuse_foreign(&content)?;
        // The times of these files are their own.
        Manifest::of(&content)?.write(&manifest)
    }

    /// What the index of a mirror says of an artifact. Asks for the index the first time.
    fn packed(
        &self,
        mirror: &Mirror,
        id: &str,
        store: &Path,
        progress: &dyn Progress,
    ) -> Option<Packed> {
        let key = self.key.as_ref()?;
        if matches!(*mirror.state.borrow(), State::NotAsked) {
            let asked = self.ask(mirror, key, store);
            let state = asked.map(State::Trusted).unwrap_or_else(|refusal| {
                progress.note(&format!(
                    "the mirror {} is not used: {}",
                    mirror.place,
                    refusal.report()
                ));
                State::Refused
            });
            mirror.state.replace(state);
        }
        match &*mirror.state.borrow() {
            State::Trusted(index) => index.artifacts.get(id).cloned(),
            State::NotAsked | State::Refused => None,
        }
    }

    /// The index of a mirror, if it is signed by the key and not older than the last one from there.
    fn ask(&self, mirror: &Mirror, key: &PublicKey, store: &Path) -> Result<Index> {
        let folder = crate::temporary::folder()?;
        let index = Index::read(key, |name, limit| {
            let file = folder.path().join(name);
            mirror.place.get(name, limit, &file, self.patience)?;
            fs::read(&file).on("read", &file)
        })?;
        Memory::of(store, &mirror.place.to_string(), key).accept(index.serial)?;
        Ok(index)
    }
}
