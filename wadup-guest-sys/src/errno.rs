//! The error numbers with which the mount answers.

use wadup_embedded_fs::AccessError;
use wasip1::Errno;

/// The error number for a refused access.
pub(crate) fn errno(error: AccessError) -> Errno {
    match error {
        AccessError::NotFound => wasip1::ERRNO_NOENT,
        AccessError::NotDirectory => wasip1::ERRNO_NOTDIR,
        AccessError::IsDirectory => wasip1::ERRNO_ISDIR,
        AccessError::Exists => wasip1::ERRNO_EXIST,
        AccessError::Escapes => wasip1::ERRNO_NOTCAPABLE,
        AccessError::ReadOnly => wasip1::ERRNO_ROFS,
        AccessError::BadDescriptor => wasip1::ERRNO_BADF,
        AccessError::Invalid => wasip1::ERRNO_INVAL,
        AccessError::NotSupported => wasip1::ERRNO_NOTSUP,
        AccessError::TooManyOpen => wasip1::ERRNO_MFILE,
        AccessError::OutOfMemory => wasip1::ERRNO_NOMEM,
        // Damaged contents, and errors that the file system may report in the future: an error of the medium.
        _ => wasip1::ERRNO_IO,
    }
}
