//! The table of open files and directories.

use std::borrow::Cow;
use std::io::SeekFrom;

use slab::Slab;

use crate::directory;
use crate::error::AccessError;
use crate::image::{Image, Kind, Node};

/// The open files and directories of an [`Image`], with the operations of WASI preview 1.
///
/// Paths are relative to an open directory; [`Descriptor::ROOT`] is always open. The numbers of closed descriptors
/// are used again, so memory grows only with what is open at once. A deflated file is
/// inflated when it is first read, and freed when it is closed.
pub struct Descriptors<'a> {
    image: Image<'a>,
    open: Slab<Open<'a>>,
}

/// The number of an open file or directory: a small integer, 0 for the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Descriptor(u32);

impl Descriptor {
    /// The root directory, which cannot be closed.
    pub const ROOT: Descriptor = Descriptor(0);

    /// Makes a descriptor from a number; using it reports whether it is open.
    #[must_use]
    pub const fn from_number(number: u32) -> Self {
        Descriptor(number)
    }

    /// The number, which is below [`Descriptors::MOST`].
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    fn key(self) -> usize {
        self.0 as usize
    }
}

/// How a path is opened, after the flags of POSIX's `open` of the same names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenOptions {
    /// `O_DIRECTORY`: anything else is an error.
    pub directory: bool,
    /// `O_CREAT`: an error only if nothing is there.
    pub create: bool,
    /// `O_EXCL`: with `create`, an error if something is there.
    pub exclusive: bool,
    /// `O_TRUNC`: always an error.
    pub truncate: bool,
    /// `O_WRONLY` or `O_RDWR`: always an error.
    pub write: bool,
}

struct Open<'a> {
    node: Node,
    position: u64,
    /// Filled by the first read.
    contents: Option<Cow<'a, [u8]>>,
}

impl Open<'_> {
    fn new(node: Node) -> Self {
        Open {
            node,
            position: 0,
            contents: None,
        }
    }
}

impl<'a> Descriptors<'a> {
    /// The most that can be open at once, so that a program that forgets to close files gets an error.
    pub const MOST: usize = 1 << 16;

    /// A table in which only the root is open.
    #[must_use]
    pub fn new(image: Image<'a>) -> Self {
        let mut open = Slab::new();
        open.insert(Open::new(Node::ROOT));
        Descriptors { image, open }
    }

    /// The image that is served.
    #[must_use]
    pub fn image(&self) -> &Image<'a> {
        &self.image
    }

    /// Opens a path relative to an open directory, at position 0.
    ///
    /// # Errors
    ///
    /// Those of [`lookup`](Self::lookup), and:
    ///
    /// - [`AccessError::NotDirectory`]: a directory was requested, and the path is a file.
    /// - [`AccessError::Exists`]: a new file was requested, and the path exists.
    /// - [`AccessError::IsDirectory`]: a directory cannot be written.
    /// - [`AccessError::ReadOnly`]: the file would have to be created, truncated or written.
    /// - [`AccessError::TooManyOpen`]: [`MOST`](Self::MOST) are open.
    pub fn open(
        &mut self,
        base: Descriptor,
        path: &str,
        options: OpenOptions,
    ) -> Result<Descriptor, AccessError> {
        if options.create && options.exclusive {
            return Err(self.refuse_creation(base, path));
        }
        let node = match self.lookup(base, path) {
            Err(AccessError::NotFound) if options.create => {
                return Err(self.refuse_creation(base, path));
            }
            found => found?,
        };
        let changes = options.write || options.truncate;
        match self.image.kind(node) {
            Kind::File if options.directory => return Err(AccessError::NotDirectory),
            Kind::Directory if changes => return Err(AccessError::IsDirectory),
            Kind::File if changes => return Err(AccessError::ReadOnly),
            Kind::File | Kind::Directory => {}
        }
        if self.open.len() >= Self::MOST {
            return Err(AccessError::TooManyOpen);
        }
        let key = self.open.insert(Open::new(node));
        u32::try_from(key)
            .map(Descriptor)
            .map_err(|_| AccessError::TooManyOpen)
    }

    /// Closes a descriptor and frees what it holds.
    ///
    /// # Errors
    ///
    /// [`AccessError::BadDescriptor`] if it is not open, [`AccessError::NotSupported`] if it is the root.
    pub fn close(&mut self, descriptor: Descriptor) -> Result<(), AccessError> {
        if descriptor == Descriptor::ROOT {
            return Err(AccessError::NotSupported);
        }
        self.open
            .try_remove(descriptor.key())
            .map(drop)
            .ok_or(AccessError::BadDescriptor)
    }

    /// The file or directory of a descriptor.
    ///
    /// # Errors
    ///
    /// [`AccessError::BadDescriptor`] if it is not open.
    pub fn node(&self, descriptor: Descriptor) -> Result<Node, AccessError> {
        Ok(self
            .open
            .get(descriptor.key())
            .ok_or(AccessError::BadDescriptor)?
            .node)
    }

    /// Finds a path relative to an open directory.
    ///
    /// # Errors
    ///
    /// Those of [`Image::lookup`], and [`AccessError::BadDescriptor`] if `base` is not open.
    pub fn lookup(&self, base: Descriptor, path: &str) -> Result<Node, AccessError> {
        self.image.lookup(self.node(base)?, path)
    }

    /// Why nothing can be created at a path.
    ///
    /// It exists, or its directory does not, or the file system is read-only.
    #[must_use]
    pub fn refuse_creation(&self, base: Descriptor, path: &str) -> AccessError {
        match self.lookup(base, path) {
            Ok(_) => AccessError::Exists,
            Err(AccessError::NotFound) => self.refuse_in_parent(base, path),
            Err(error) => error,
        }
    }

    /// Why a path can be neither changed nor removed.
    ///
    /// It does not exist, or the file system is read-only.
    #[must_use]
    pub fn refuse_change(&self, base: Descriptor, path: &str) -> AccessError {
        self.lookup(base, path)
            .err()
            .unwrap_or(AccessError::ReadOnly)
    }

    /// Reads at most `limit` bytes from the current position, and moves it past them; nothing at the end.
    ///
    /// # Errors
    ///
    /// Those of [`read_at`](Self::read_at).
    pub fn read(&mut self, descriptor: Descriptor, limit: usize) -> Result<&[u8], AccessError> {
        let open = opened(&mut self.open, descriptor)?;
        let contents = contents(&self.image, open.node, &mut open.contents)?;
        let read = part(contents, open.position, limit);
        open.position += read.len() as u64;
        Ok(read)
    }

    /// Reads at most `limit` bytes from a given position; nothing at the end and beyond.
    ///
    /// # Errors
    ///
    /// Those of [`Image::read`], and [`AccessError::BadDescriptor`] if the descriptor is not open.
    pub fn read_at(
        &mut self,
        descriptor: Descriptor,
        position: u64,
        limit: usize,
    ) -> Result<&[u8], AccessError> {
        let open = opened(&mut self.open, descriptor)?;
        Ok(part(
            contents(&self.image, open.node, &mut open.contents)?,
            position,
            limit,
        ))
    }

    /// Moves the position of a file and returns the new one; it may lie beyond the end.
    ///
    /// # Errors
    ///
    /// - [`AccessError::BadDescriptor`]: the descriptor is not open.
    /// - [`AccessError::IsDirectory`]: a directory has no position.
    /// - [`AccessError::Invalid`]: the new position would be before the start, or beyond `i64::MAX`.
    pub fn seek(&mut self, descriptor: Descriptor, to: SeekFrom) -> Result<u64, AccessError> {
        let open = opened(&mut self.open, descriptor)?;
        if self.image.kind(open.node) == Kind::Directory {
            return Err(AccessError::IsDirectory);
        }
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(distance) => open.position.checked_add_signed(distance),
            SeekFrom::End(distance) => self.image.size(open.node).checked_add_signed(distance),
        };
        open.position = position
            .filter(|position| i64::try_from(*position).is_ok())
            .ok_or(AccessError::Invalid)?;
        Ok(open.position)
    }

    /// Lists a directory in the form of WASI's `fd_readdir`: from the entry that `cookie` names (0 is the first),
    /// at most `limit` bytes, the last entry cut off where they end.
    ///
    /// # Errors
    ///
    /// [`AccessError::BadDescriptor`] if the descriptor is not open, [`AccessError::NotDirectory`] if it is a file.
    pub fn list(
        &self,
        descriptor: Descriptor,
        cookie: u64,
        limit: usize,
    ) -> Result<Vec<u8>, AccessError> {
        let node = self.node(descriptor)?;
        match self.image.kind(node) {
            Kind::Directory => Ok(directory::listing(&self.image, node, cookie, limit)),
            Kind::File => Err(AccessError::NotDirectory),
        }
    }

    fn refuse_in_parent(&self, base: Descriptor, path: &str) -> AccessError {
        let parent = match path.trim_end_matches('/').rsplit_once('/') {
            Some((parent, _)) => parent,
            None if path.is_empty() => return AccessError::NotFound,
            None => ".",
        };
        self.refuse_change(base, parent)
    }
}

fn opened<'t, 'a>(
    open: &'t mut Slab<Open<'a>>,
    descriptor: Descriptor,
) -> Result<&'t mut Open<'a>, AccessError> {
    open.get_mut(descriptor.key())
        .ok_or(AccessError::BadDescriptor)
}

fn contents<'t, 'a>(
    image: &Image<'a>,
    node: Node,
    kept: &'t mut Option<Cow<'a, [u8]>>,
) -> Result<&'t [u8], AccessError> {
    match kept {
        Some(contents) => Ok(contents),
        None => Ok(kept.insert(image.read(node)?)),
    }
}

/// At most `limit` bytes of the contents from `position` on.
fn part(contents: &[u8], position: u64, limit: usize) -> &[u8] {
    let rest = usize::try_from(position)
        .ok()
        .and_then(|start| contents.get(start..))
        .unwrap_or_default();
    &rest[..limit.min(rest.len())]
}

#[cfg(test)]
mod tests;
