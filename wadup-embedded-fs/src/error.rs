//! Errors: of the zip as a whole, and of one access to a file.

/// Why the bytes are not a zip that can be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// The bytes do not end with the record that ends the central directory.
    #[error("this is not a valid zip: it does not end with the end of the central directory")]
    NotAnArchive,
    /// A record lies outside the bytes, or two records contradict each other.
    #[error("the zip is damaged: {what}")]
    Damaged {
        /// The record and what is wrong with it.
        what: String,
    },
    /// The zip is well-formed, but uses what this crate does not read.
    #[error(
        "the zip uses {feature}, which is not supported\nhelp: write plain files, stored or deflated, without zip64"
    )]
    Unsupported {
        /// The feature, and the entry that uses it.
        feature: String,
    },
    /// An entry's name is not a relative path of plain components.
    #[error(
        "{name:?} is not a valid name of a zip's entry: expected a relative path without empty, `.` or `..` components"
    )]
    Name {
        /// The name in the zip.
        name: String,
    },
    /// Two entries have the same name.
    #[error("the zip has two entries named {name:?}")]
    Duplicate {
        /// The name that occurs twice.
        name: String,
    },
    /// One name is a file in one entry, and a directory in another.
    #[error("the zip's entry {name:?} is a file and a directory at once")]
    FileAndDirectory {
        /// The name of the file.
        name: String,
    },
}

/// Why one access to a file or directory was refused; each has an equivalent among the error numbers of POSIX.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccessError {
    /// No file or directory has this name (`ENOENT`).
    #[error("no such file or directory")]
    NotFound,
    /// Expected a directory, found a file (`ENOTDIR`).
    #[error("not a directory")]
    NotDirectory,
    /// Expected a file, found a directory (`EISDIR`).
    #[error("is a directory")]
    IsDirectory,
    /// The name exists already (`EEXIST`).
    #[error("file exists")]
    Exists,
    /// The path leaves the file system, by `..` or by being absolute (`ENOTCAPABLE`).
    #[error("the path leads out of the embedded file system")]
    Escapes,
    /// The file system cannot be changed (`EROFS`).
    #[error("read-only file system")]
    ReadOnly,
    /// The descriptor is not open, or not open for writing (`EBADF`).
    #[error("bad file descriptor")]
    BadDescriptor,
    /// A position before the start of the file, or a cookie that is not from a listing of the directory (`EINVAL`).
    #[error("invalid argument")]
    Invalid,
    /// The operation makes no sense here, such as closing the mount itself (`ENOTSUP`).
    #[error("not supported")]
    NotSupported,
    /// [`Descriptors::MOST`](crate::Descriptors::MOST) files are open (`EMFILE`).
    #[error("too many open files")]
    TooManyOpen,
    /// The file does not inflate to the size and checksum that the zip declares (`EIO`).
    #[error("the file's contents are damaged")]
    Damaged,
    /// The contents of the file do not fit into memory (`ENOMEM`).
    #[error("not enough memory for the file's contents")]
    OutOfMemory,
}
