//! A small file system in memory: what a guest sees as `/`, and how much of it there may be.
//!
//! A node lives as long as a name or a descriptor refers to it. Bytes and nodes are counted before anything is allocated for them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::answer::{Answer, Errno};
use crate::limits::{Exceeded, Limit, Limits};

/// The longest name of an entry, as on most systems.
pub(crate) const MAX_NAME: usize = 255;

/// Which node; the number is used again once the node is gone.
pub(crate) type Id = usize;

/// The folder `/`.
pub(crate) const ROOT: Id = 0;

/// A file, folder or symbolic link.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// Never used again, unlike an [`Id`].
    pub(crate) serial: u64,
    pub(crate) names: u64,
    open: u64,
    pub(crate) accessed: u64,
    pub(crate) modified: u64,
    pub(crate) changed: u64,
}

#[derive(Debug)]
pub(crate) enum Kind {
    File(Content),
    Folder(Folder),
    Link(String),
}

impl Kind {
    /// What counts towards the limit.
    fn counted(&self) -> u64 {
        match self {
            Self::File(Content::Own(bytes)) => bytes.len() as u64,
            Self::Link(target) => target.len() as u64,
            Self::File(Content::Given(_)) | Self::Folder(_) => 0,
        }
    }
}

/// The bytes of a file.
#[derive(Debug)]
pub(crate) enum Content {
    /// The host's own, copied when the guest writes.
    Given(Arc<[u8]>),
    Own(Vec<u8>),
}

impl Content {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Given(bytes) => bytes,
            Self::Own(bytes) => bytes,
        }
    }
}

/// The entries of a folder, by name and in the order in which they were made: a listing goes on behind the last entry that it gave,
/// whatever was removed meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    entries: BTreeMap<String, (Id, u64)>,
    order: BTreeMap<u64, String>,
    next: u64,
}

impl Folder {
    pub(crate) fn get(&self, name: &str) -> Option<Id> {
        self.entries.get(name).map(|&(id, _)| id)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries made after the one with this number: their numbers, names and nodes.
    pub(crate) fn after(&self, number: u64) -> impl Iterator<Item = (u64, &str, Id)> {
        let later = number.checked_add(1).map(|first| self.order.range(first..));
        later.into_iter().flatten().filter_map(|(&number, name)| {
            let id = self.get(name)?;
            Some((number, name.as_str(), id))
        })
    }

    fn insert(&mut self, name: &str, id: Id) {
        self.next += 1;
        self.entries.insert(name.to_owned(), (id, self.next));
        self.order.insert(self.next, name.to_owned());
    }

    fn remove(&mut self, name: &str) -> Option<Id> {
        let (id, number) = self.entries.remove(name)?;
        self.order.remove(&number);
        Some(id)
    }
}

/// The nodes.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Option<Node>>,
    free: Vec<Id>,
    serial: u64,
    /// All entries of all folders.
    names: u64,
    bytes: u64,
    max_names: u64,
    max_bytes: u64,
}

impl Tree {
    /// An empty root folder.
    pub(crate) fn new(limits: &Limits) -> Self {
        let mut tree = Self {
            nodes: Vec::new(),
            free: Vec::new(),
            serial: 0,
            names: 0,
            bytes: 0,
            max_names: limits.files,
            max_bytes: limits.file_bytes,
        };
        let root = tree.node_of(Kind::Folder(Folder::default()));
        tree.nodes.push(Some(Node { names: 1, ..root }));
        tree
    }

    fn node_of(&mut self, kind: Kind) -> Node {
        self.serial += 1;
        let now = now();
        Node {
            kind,
            serial: self.serial,
            names: 0,
            open: 0,
            accessed: now,
            modified: now,
            changed: now,
        }
    }

    pub(crate) fn get(&self, id: Id) -> Answer<&Node> {
        let node = self.nodes.get(id).and_then(Option::as_ref);
        Ok(node.ok_or(Errno::Badf)?)
    }

    pub(crate) fn get_mut(&mut self, id: Id) -> Answer<&mut Node> {
        let node = self.nodes.get_mut(id).and_then(Option::as_mut);
        Ok(node.ok_or(Errno::Badf)?)
    }

    pub(crate) fn folder(&self, id: Id) -> Answer<&Folder> {
        match &self.get(id)?.kind {
            Kind::Folder(folder) => Ok(folder),
            _ => Err(Errno::Notdir.into()),
        }
    }

    fn folder_mut(&mut self, id: Id) -> Answer<&mut Folder> {
        let node = self.get_mut(id)?;
        node.modified = now();
        node.changed = node.modified;
        match &mut node.kind {
            Kind::Folder(folder) => Ok(folder),
            _ => Err(Errno::Notdir.into()),
        }
    }

    pub(crate) fn is_folder(&self, id: Id) -> bool {
        self.folder(id).is_ok()
    }

    /// The bytes of a file.
    pub(crate) fn content(&self, id: Id) -> Answer<&[u8]> {
        match &self.get(id)?.kind {
            Kind::File(content) => Ok(content.bytes()),
            Kind::Folder(_) => Err(Errno::Isdir.into()),
            Kind::Link(_) => Err(Errno::Inval.into()),
        }
    }

    /// A new node, which has no name yet and is gone after [`Tree::close`] if it gets none.
    fn add(&mut self, kind: Kind) -> Answer<Id> {
        let exceeded = Exceeded::new(Limit::FileBytes, self.max_bytes);
        let total = self.bytes.checked_add(kind.counted()).ok_or(exceeded)?;
        if total > self.max_bytes {
            return Err(exceeded.into());
        }
        self.bytes = total;
        let node = Some(self.node_of(kind));
        Ok(match self.free.pop() {
            Some(id) => {
                self.nodes[id] = node;
                id
            }
            None => {
                self.nodes.push(node);
                self.nodes.len() - 1
            }
        })
    }

    /// Makes an entry `name`, which must not exist.
    pub(crate) fn create(&mut self, folder: Id, name: &str, kind: Kind) -> Answer<Id> {
        self.check_new_name(folder, name)?;
        let id = self.add(kind)?;
        self.link(folder, name, id)?;
        Ok(id)
    }

    /// Another name for `id`.
    pub(crate) fn link(&mut self, folder: Id, name: &str, id: Id) -> Answer {
        self.check_new_name(folder, name)?;
        self.folder_mut(folder)?.insert(name, id);
        self.names += 1;
        let node = self.get_mut(id)?;
        node.names += 1;
        node.changed = now();
        Ok(())
    }

    /// Moves an entry to a name that must not exist, in a folder that [takes entries](Self::check_takes_entries). There are as many
    /// names as before, so that no limit is in the way.
    pub(crate) fn move_entry(&mut self, from: (Id, &str), to: (Id, &str)) -> Answer {
        let id = self.folder_mut(from.0)?.remove(from.1);
        let id = id.ok_or(Errno::Noent)?;
        self.folder_mut(to.0)?.insert(to.1, id);
        self.get_mut(id)?.changed = now();
        Ok(())
    }

    /// A folder that was removed while it was open takes no entries: nothing would find them.
    pub(crate) fn check_takes_entries(&self, folder: Id) -> Answer {
        self.folder(folder)?;
        if self.get(folder)?.names == 0 {
            return Err(Errno::Noent.into());
        }
        Ok(())
    }

    fn check_new_name(&self, folder: Id, name: &str) -> Answer {
        if self.names >= self.max_names.saturating_add(super::PREPARED) {
            return Err(Exceeded::new(Limit::Files, self.max_names).into());
        }
        self.check_takes_entries(folder)?;
        if name.is_empty() || self.folder(folder)?.get(name).is_some() {
            return Err(Errno::Exist.into());
        }
        Ok(())
    }

    pub(crate) fn unlink(&mut self, folder: Id, name: &str) -> Answer {
        let id = self.folder_mut(folder)?.remove(name).ok_or(Errno::Noent)?;
        self.names -= 1;
        let node = self.get_mut(id)?;
        node.names = node.names.saturating_sub(1);
        node.changed = now();
        self.free_unused(id)
    }

    pub(crate) fn open(&mut self, id: Id) -> Answer {
        self.get_mut(id)?.open += 1;
        Ok(())
    }

    pub(crate) fn close(&mut self, id: Id) -> Answer {
        let node = self.get_mut(id)?;
        node.open = node.open.saturating_sub(1);
        self.free_unused(id)
    }

    fn free_unused(&mut self, id: Id) -> Answer {
        let node = self.get(id)?;
        if node.names > 0 || node.open > 0 {
            return Ok(());
        }
        self.bytes -= node.kind.counted();
        self.nodes[id] = None;
        self.free.push(id);
        Ok(())
    }

    /// Reads what there is from `offset` on, and returns how much that was.
    pub(crate) fn read(&mut self, id: Id, offset: u64, buffer: &mut [u8]) -> Answer<usize> {
        let content = self.content(id)?;
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let rest = content.get(start..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }

    /// Writes all of `bytes` at `offset`; zeros fill what lies between the end and there.
    pub(crate) fn write(&mut self, id: Id, offset: u64, bytes: &[u8]) -> Answer {
        if bytes.is_empty() {
            return Ok(());
        }
        let end = offset.saturating_add(bytes.len() as u64);
        let length = self.content(id)?.len() as u64;
        let content = self.own(id, end.max(length))?;
        let start = end as usize - bytes.len();
        if start == content.len() {
            content.extend_from_slice(bytes);
        } else {
            if content.len() < end as usize {
                content.resize(end as usize, 0);
            }
            content[start..end as usize].copy_from_slice(bytes);
        }
        self.touch(id)
    }

    pub(crate) fn resize(&mut self, id: Id, length: u64) -> Answer {
        self.own(id, length)?.resize(length as usize, 0);
        self.touch(id)
    }

    fn touch(&mut self, id: Id) -> Answer {
        let node = self.get_mut(id)?;
        node.modified = now();
        node.changed = node.modified;
        Ok(())
    }

    /// The bytes of a file that is going to be `length` bytes long: counted, and with room for them.
    fn own(&mut self, id: Id, length: u64) -> Answer<&mut Vec<u8>> {
        let exceeded = Exceeded::new(Limit::FileBytes, self.max_bytes);
        self.content(id)?;
        let others = self.bytes - self.get(id)?.kind.counted();
        let total = others.checked_add(length).ok_or(exceeded)?;
        let wanted = usize::try_from(length).map_err(|_| exceeded)?;
        if total > self.max_bytes {
            return Err(exceeded.into());
        }
        let Kind::File(content) = &mut self.get_mut(id)?.kind else {
            return Err(Errno::Inval.into());
        };
        // A refusal changes nothing, or the file would be counted with other bytes than it has.
        match content {
            Content::Given(given) => {
                let kept = &given[..given.len().min(wanted)];
                let mut bytes = Vec::new();
                bytes.try_reserve_exact(wanted).map_err(|_| exceeded)?;
                bytes.extend_from_slice(kept);
                *content = Content::Own(bytes);
            }
            Content::Own(bytes) => {
                let more = wanted.saturating_sub(bytes.len());
                bytes.try_reserve(more).map_err(|_| exceeded)?;
            }
        }
        self.bytes = total;
        match &mut self.get_mut(id)?.kind {
            Kind::File(Content::Own(bytes)) => Ok(bytes),
            _ => Err(Errno::Io.into()),
        }
    }

    /// Does what the host itself wants: a guest that has used up its names does not keep it from making its own.
    pub(crate) fn without_limit_on_names<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        let limit = std::mem::replace(&mut self.max_names, u64::MAX);
        let done = act(self);
        self.max_names = limit;
        done
    }

    /// Replaces the file `name` as a whole: a descriptor of the old one keeps the old bytes.
    pub(crate) fn replace(&mut self, folder: Id, name: &str, bytes: Arc<[u8]>) -> Answer {
        if self.folder(folder)?.get(name).is_some() {
            self.remove_all(folder, name)?;
        }
        self.create(folder, name, Kind::File(Content::Given(bytes)))?;
        Ok(())
    }

    /// Removes an entry and, if it is a folder, everything in it.
    pub(crate) fn remove_all(&mut self, folder: Id, name: &str) -> Answer {
        let mut pending = vec![(folder, name.to_owned())];
        while let Some((folder, name)) = pending.last().cloned() {
            let id = self.folder(folder)?.get(&name).ok_or(Errno::Noent)?;
            let inside: Vec<String> = match &self.get(id)?.kind {
                Kind::Folder(entries) => entries.entries.keys().cloned().collect(),
                _ => Vec::new(),
            };
            if inside.is_empty() {
                pending.pop();
                self.unlink(folder, &name)?;
            } else {
                pending.extend(inside.into_iter().map(|name| (id, name)));
            }
        }
        Ok(())
    }

    /// Takes the bytes of a file out of it.
    pub(crate) fn take(&mut self, folder: Id, name: &str) -> Answer<Vec<u8>> {
        let id = self.folder(folder)?.get(name).ok_or(Errno::Noent)?;
        let counted = self.get(id)?.kind.counted();
        let taken = match &mut self.get_mut(id)?.kind {
            Kind::File(content) => {
                let bytes = match std::mem::replace(content, Content::Own(Vec::new())) {
                    Content::Given(bytes) => bytes.to_vec(),
                    Content::Own(bytes) => bytes,
                };
                self.bytes -= counted;
                bytes
            }
            // What a link leads to is not the host's to read. It counts as an empty file, which is not valid.
            _ => Vec::new(),
        };
        self.unlink(folder, name)?;
        Ok(taken)
    }
}

#[cfg(any(test, fuzzing))]
impl Tree {
    /// The names and bytes that count towards the limits.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.names, self.bytes)
    }
}

/// Nanoseconds since 1970.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    })
}

#[cfg(test)]
mod tests;
