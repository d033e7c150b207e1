//! What a guest has open.

use super::answer::{Answer, Errno};
use super::tree::Id;
use crate::printed::Stream;

/// The most descriptors of one guest.
pub(crate) const MAX_DESCRIPTORS: usize = 4096;

/// What a number stands for.
#[derive(Debug)]
pub(crate) enum Descriptor {
    /// Standard input, which is at its end.
    Input,
    Stream(Stream),
    Folder {
        node: Id,
        /// The path under which the guest was given it.
        preopened: Option<&'static str>,
    },
    File(File),
}

/// An open file.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) node: Id,
    pub(crate) offset: u64,
    pub(crate) is_readable: bool,
    pub(crate) is_writable: bool,
    /// `fdflags` of preview 1.
    pub(crate) flags: u16,
}

/// Descriptors by number.
#[derive(Debug)]
pub(crate) struct Descriptors(Vec<Option<Descriptor>>);

impl Descriptors {
    /// The standard streams, and the folder `root`.
    pub(crate) fn new(root: Option<Id>) -> Self {
        let mut open = vec![
            Some(Descriptor::Input),
            Some(Descriptor::Stream(Stream::Output)),
            Some(Descriptor::Stream(Stream::Error)),
        ];
        open.extend(root.map(|node| {
            Some(Descriptor::Folder {
                node,
                preopened: Some("/"),
            })
        }));
        Self(open)
    }

    pub(crate) fn get(&self, number: u32) -> Answer<&Descriptor> {
        let found = self.0.get(number as usize).and_then(Option::as_ref);
        Ok(found.ok_or(Errno::Badf)?)
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Answer<&mut Descriptor> {
        let found = self.0.get_mut(number as usize).and_then(Option::as_mut);
        Ok(found.ok_or(Errno::Badf)?)
    }

    pub(crate) fn folder(&self, number: u32) -> Answer<Id> {
        match self.get(number)? {
            Descriptor::Folder { node, .. } => Ok(*node),
            Descriptor::File(_) => Err(Errno::Notdir.into()),
            _ => Err(Errno::Badf.into()),
        }
    }

    pub(crate) fn file(&self, number: u32) -> Answer<&File> {
        match self.get(number)? {
            Descriptor::File(file) => Ok(file),
            _ => Err(Errno::Badf.into()),
        }
    }

    pub(crate) fn file_mut(&mut self, number: u32) -> Answer<&mut File> {
        match self.get_mut(number)? {
            Descriptor::File(file) => Ok(file),
            _ => Err(Errno::Badf.into()),
        }
    }

    /// A file whose position counts.
    pub(crate) fn seekable(&mut self, number: u32) -> Answer<&mut File> {
        match self.get_mut(number)? {
            Descriptor::File(file) => Ok(file),
            Descriptor::Input | Descriptor::Stream(_) => Err(Errno::Spipe.into()),
            Descriptor::Folder { .. } => Err(Errno::Badf.into()),
        }
    }

    /// The node behind a file or a folder.
    pub(crate) fn node(&self, number: u32) -> Answer<Id> {
        match self.get(number)? {
            Descriptor::Folder { node, .. } | Descriptor::File(File { node, .. }) => Ok(*node),
            _ => Err(Errno::Badf.into()),
        }
    }

    /// The lowest free number.
    ///
    /// # Errors
    /// [`Errno::Mfile`] if there is none.
    pub(crate) fn free(&self) -> Answer<u32> {
        let number = self.0.iter().position(Option::is_none);
        let number = number.unwrap_or(self.0.len());
        if number >= MAX_DESCRIPTORS {
            return Err(Errno::Mfile.into());
        }
        Ok(number as u32)
    }

    /// Removes a descriptor. What it refers to is the caller's to close.
    pub(crate) fn remove(&mut self, number: u32) -> Answer<Descriptor> {
        let found = self.0.get_mut(number as usize).and_then(Option::take);
        Ok(found.ok_or(Errno::Badf)?)
    }

    /// Puts a descriptor at a free number.
    pub(crate) fn put(&mut self, number: u32, descriptor: Descriptor) {
        match self.0.get_mut(number as usize) {
            Some(place) => *place = Some(descriptor),
            None => self.0.push(Some(descriptor)),
        }
    }
}
