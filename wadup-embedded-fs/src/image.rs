//! The tree of files and directories that a zip's names imply.

use std::borrow::Cow;

use crate::archive::{self, ArchiveEntry, Content};
use crate::error::{AccessError, ImageError};
use crate::links;
use crate::path::{by_component, trimmed};

/// A zip, parsed once, as a tree of files and directories.
///
/// Directories need no entries of their own: they are implied by the names of the files below them. A symbolic link is a
/// file with the contents of the file that it leads to.
#[derive(Clone)]
pub struct Image<'a> {
    /// Sorted by component, so that everything below a directory follows it directly. The root is first.
    records: Vec<Record<'a>>,
}

/// A file or a directory of one [`Image`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Node(u32);

impl Node {
    /// The directory that holds everything, and is its own parent.
    pub const ROOT: Node = Node(0);
}

/// What a [`Node`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
}

/// A file or directory as its parent lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The last component of its path.
    pub name: &'a str,
    /// The file or directory itself.
    pub node: Node,
}

#[derive(Clone)]
struct Record<'a> {
    /// From the root, without a slash at either end; empty for the root.
    path: &'a str,
    parent: u32,
    /// The first record after this one that does not lie below it.
    end: u32,
    /// `None` for a directory.
    content: Option<Content<'a>>,
}

impl<'a> Record<'a> {
    /// The part of `path` below this directory.
    fn below<'p>(&self, path: &'p str) -> Option<&'p str> {
        if self.path.is_empty() {
            return Some(path);
        }
        path.strip_prefix(self.path)?.strip_prefix('/')
    }

    fn name(&self) -> &'a str {
        self.path
            .rsplit_once('/')
            .map_or(self.path, |(_, name)| name)
    }
}

impl<'a> Image<'a> {
    /// Reads the tree from the bytes of a zip; no file is inflated yet.
    ///
    /// Takes time and memory in proportion to the central directory (2,000 files: under a millisecond in a guest).
    /// The sizes that the zip declares are checked against its bytes, so a later [`read`](Self::read) never allocates
    /// more than deflate can pack into them (1,032 to 1).
    ///
    /// # Errors
    ///
    /// The bytes are not exactly one zip, use features beyond stored and deflated files, or have names that do not
    /// form a tree: see [`ImageError`].
    pub fn parse(zip: &'a [u8]) -> Result<Self, ImageError> {
        let mut entries = archive::entries(zip)?;
        // A stable sort is fast for sorted input, and wadup's own zips are almost sorted.
        entries.sort_by(|left, right| by_component(trimmed(left.name), trimmed(right.name)));
        links::follow(&mut entries)?;
        let root = Record {
            path: "",
            parent: 0,
            end: 0,
            content: None,
        };
        let mut tree = Tree {
            records: vec![root],
            open: vec![0],
        };
        for entry in entries {
            tree.add(entry)?;
        }
        Ok(Image {
            records: tree.finish(),
        })
    }

    /// Finds a path as WASI's `path_open` does: relative to a directory, component by component.
    ///
    /// `.`, `..` and doubled slashes are followed; a slash at the end requires a directory.
    ///
    /// # Errors
    ///
    /// - [`AccessError::NotFound`]: a component does not exist, or the path is empty.
    /// - [`AccessError::NotDirectory`]: `base`, or a component that is not the last, is a file.
    /// - [`AccessError::Escapes`]: the path is absolute, or `..` leads out of the root.
    pub fn lookup(&self, base: Node, path: &str) -> Result<Node, AccessError> {
        if path.is_empty() {
            return Err(AccessError::NotFound);
        }
        if path.starts_with('/') {
            return Err(AccessError::Escapes);
        }
        let mut node = base;
        for component in path.split('/') {
            if self.kind(node) == Kind::File {
                return Err(AccessError::NotDirectory);
            }
            node = match component {
                "" | "." => node,
                ".." if node == Node::ROOT => return Err(AccessError::Escapes),
                ".." => self.parent(node),
                name => self.child(node, name).ok_or(AccessError::NotFound)?,
            };
        }
        Ok(node)
    }

    /// Whether a node is a file or a directory.
    ///
    /// # Panics
    ///
    /// This and all other methods that take a node may panic if it comes from another image.
    #[must_use]
    pub fn kind(&self, node: Node) -> Kind {
        match self.record(node).content {
            Some(_) => Kind::File,
            None => Kind::Directory,
        }
    }

    /// The size of a file in bytes, uncompressed; 0 for a directory.
    #[must_use]
    pub fn size(&self, node: Node) -> u64 {
        self.record(node)
            .content
            .map_or(0, |content| content.size())
    }

    /// A number that is unique among the nodes of the image, and never 0.
    #[must_use]
    pub fn inode(&self, node: Node) -> u64 {
        u64::from(node.0) + 1
    }

    /// The directory that holds a node; the root's is the root.
    #[must_use]
    pub fn parent(&self, node: Node) -> Node {
        Node(self.record(node).parent)
    }

    /// The contents of a file: borrowed from the zip if stored there, else inflated and checked against its CRC-32.
    ///
    /// # Errors
    ///
    /// - [`AccessError::IsDirectory`]: the node is not a file.
    /// - [`AccessError::Damaged`]: the bytes do not inflate to the size and checksum that the zip declares.
    /// - [`AccessError::OutOfMemory`]: the contents cannot be allocated.
    pub fn read(&self, node: Node) -> Result<Cow<'a, [u8]>, AccessError> {
        self.record(node)
            .content
            .ok_or(AccessError::IsDirectory)?
            .read()
    }

    /// The entries of a directory, sorted by name; none for a file.
    pub fn entries(&self, directory: Node) -> impl Iterator<Item = Entry<'a>> {
        let end = self.record(directory).end;
        // Each child ends where the next one starts.
        let mut next = directory.0 + 1;
        std::iter::from_fn(move || {
            let node = (next < end).then_some(Node(next))?;
            let record = self.record(node);
            next = record.end;
            Some(Entry {
                name: record.name(),
                node,
            })
        })
    }

    fn child(&self, directory: Node, name: &str) -> Option<Node> {
        let record = self.record(directory);
        let first = directory.0 + 1;
        let below = &self.records[first as usize..record.end as usize];
        let found = below
            .binary_search_by(|other| by_component(record.below(other.path).unwrap_or(""), name));
        Some(Node(first + u32::try_from(found.ok()?).ok()?))
    }

    fn record(&self, node: Node) -> &Record<'a> {
        &self.records[node.0 as usize]
    }
}

/// An image while its entries are added in their order.
struct Tree<'a> {
    records: Vec<Record<'a>>,
    /// The directories from the root down to the one that was last added to.
    open: Vec<u32>,
}

impl<'a> Tree<'a> {
    fn add(&mut self, entry: ArchiveEntry<'a>) -> Result<(), ImageError> {
        let path = trimmed(entry.name);
        if path.contains('\0')
            || path
                .split('/')
                .any(|component| matches!(component, "" | "." | ".."))
        {
            return Err(ImageError::Name {
                name: entry.name.into(),
            });
        }
        self.check_against_last(path)?;
        let below = loop {
            let directory = self.innermost();
            if let Some(below) = self.records[directory as usize].below(path) {
                break below;
            }
            self.close();
        };
        let implied = path.len() - below.len();
        for (slash, _) in below.match_indices('/') {
            self.push(&path[..implied + slash], None);
        }
        let is_directory = entry.name.ends_with('/');
        if is_directory && entry.content.size() != 0 {
            return Err(ImageError::FileAndDirectory {
                name: entry.name.into(),
            });
        }
        self.push(path, (!is_directory).then_some(entry.content));
        Ok(())
    }

    /// In the order of components, a name that clashes with a path comes directly before it.
    fn check_against_last(&self, path: &str) -> Result<(), ImageError> {
        let Some(last) = self.records.last().filter(|last| !last.path.is_empty()) else {
            return Ok(());
        };
        if last.path == path {
            return Err(ImageError::Duplicate { name: path.into() });
        }
        if last.content.is_some() && last.below(path).is_some() {
            return Err(ImageError::FileAndDirectory {
                name: last.path.into(),
            });
        }
        Ok(())
    }

    fn push(&mut self, path: &'a str, content: Option<Content<'a>>) {
        let index = self.next();
        let parent = self.innermost();
        if content.is_none() {
            self.open.push(index);
        }
        self.records.push(Record {
            path,
            parent,
            end: index + 1,
            content,
        });
    }

    fn close(&mut self) {
        let end = self.next();
        if let Some(directory) = self.open.pop() {
            self.records[directory as usize].end = end;
        }
    }

    fn finish(mut self) -> Vec<Record<'a>> {
        while !self.open.is_empty() {
            self.close();
        }
        self.records
    }

    /// The root is closed last, in `finish`, as every path is below it.
    fn innermost(&self) -> u32 {
        self.open.last().copied().unwrap_or(Node::ROOT.0)
    }

    fn next(&self) -> u32 {
        // There are at most as many records as bytes of names: 65,535 names of 65,535 bytes, with 2 bytes for each.
        u32::try_from(self.records.len()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests;
