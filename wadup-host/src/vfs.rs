//! A virtual file system: the files of an instance in memory, and the descriptors that it has open.
//!
//! [`tree`] holds the files, `path` says where a path leads, `descriptors` what a number stands for, and `answer` how an operation
//! ends. `handover` puts the host's files into the tree and takes the guest's out.

mod answer;
mod descriptors;
mod handover;
#[cfg(any(test, fuzzing))]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
pub(crate) mod hostile;
mod path;
pub(crate) mod tree;

pub(crate) use self::answer::{Answer, Errno, Fault};
pub(crate) use self::descriptors::{Descriptor, Descriptors, File, MAX_DESCRIPTORS};
pub(crate) use self::path::{MAX_PATH, Place};
use self::tree::{ROOT, Tree};
use crate::limits::Limits;

/// How many entries the host makes, which do not count.
const PREPARED: u64 = 4;

/// The files of one instance.
#[derive(Debug)]
pub(crate) struct Vfs {
    pub(crate) tree: Tree,
    pub(crate) descriptors: Descriptors,
}

impl Vfs {
    /// An empty root folder, which the guest gets to see if `has_root`.
    pub(crate) fn new(limits: &Limits, has_root: bool) -> Self {
        Self {
            tree: Tree::new(limits),
            descriptors: Descriptors::new(has_root.then_some(ROOT)),
        }
    }
}
