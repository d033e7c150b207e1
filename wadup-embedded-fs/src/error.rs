//! What can go wrong: with the zip as a whole, and with one access to a file.

/// Why the bytes are not a zip that can be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// There is no end-of-central-directory record that reaches exactly to the end of the bytes.
    #[error("this is no zip: its last record, the end of the central directory, was not found")]
    NotAnArchive,
    /// A record lies outside the bytes, or two records contradict each other.
    #[error("the zip is damaged: {what}")]
    Damaged {
        /// The record and what is wrong with it.
        what: String,
    },
    /// The zip is well-formed, but uses what this crate does not read.
    #[error(
        "the zip uses {feature}; write it as plain files that are stored or deflated, without zip64"
    )]
    Unsupported {
        /// The feature, and the entry that uses it.
        feature: String,
    },
    /// An entry's name is not a relative path of plain components.
    #[error(
        "the zip's entry {name:?} has no usable name: names are relative paths without empty, `.` or `..` components"
    )]
    Name {
        /// The name as it stands in the zip.
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
    /// A directory was needed, and there is a file (`ENOTDIR`).
    #[error("not a directory")]
    NotDirectory,
    /// A file was needed, and there is a directory (`EISDIR`).
    #[error("is a directory")]
    IsDirectory,
    /// Something of that name is there already (`EEXIST`).
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
    /// A position before the start of the file, or a cookie that no listing of the directory handed out (`EINVAL`).
    #[error("invalid argument")]
    Invalid,
    /// The operation makes no sense here, such as closing the mount itself (`ENOTSUP`).
    #[error("not supported")]
    NotSupported,
    /// [`Descriptors::MOST`](crate::Descriptors::MOST) files are open (`EMFILE`).
    #[error("too many open files")]
    TooManyOpen,
    /// What the zip holds for the file does not inflate to what it declares (`EIO`).
    #[error("the file's contents are damaged")]
    Damaged,
    /// There is no memory for the contents of the file (`ENOMEM`).
    #[error("not enough memory for the file's contents")]
    OutOfMemory,
}
