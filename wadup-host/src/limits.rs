//! Limits on what a guest uses.

use std::fmt;
use std::time::Duration;

/// wasmtime's default, which is what the WADUP host runs its guests with.
pub(crate) const DEFAULT_STACK: usize = 512 * 1024;

/// Far more than a guest needs that is no attack, and what a host can spare.
const DEFAULT_FILES: u64 = 1 << 16;
const DEFAULT_FILE_BYTES: u64 = 1 << 30;

/// Limits on what a guest uses; the defaults are the WADUP host's, which has few.
///
/// A guest that exceeds one is stopped at once. There are two exceptions: beyond [`Limits::memory`] it sees a failed allocation, and
/// rows and sub-content are counted when the call has returned. In each case, the failure of the call names the limit
/// ([`crate::Failure::limit`]).
///
/// ```
/// use std::time::Duration;
/// use wadup_host::Limits;
///
/// let limits = Limits::default().memory(256 << 20).deadline(Duration::from_secs(2)).rows(100_000);
/// assert_eq!(limits.rows, Some(100_000));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all linear memories together. Growth beyond it is refused, which the guest sees as a failed allocation. Default: none.
    pub memory: Option<usize>,
    /// Bytes of native stack for wasm frames; beyond it the call traps. Default: 512 KiB, wasmtime's own.
    pub stack: usize,
    /// Fuel per call (and for the instantiation); one unit is about one wasm instruction. Default: none.
    pub fuel: Option<u64>,
    /// Wall time per call (and for the instantiation). A guest that waits in the host is stopped as well, unless it was given folders of
    /// the disk: then it is stopped when it wakes. Default: none.
    pub timeout: Option<Duration>,
    /// Bytes that a call may write to standard output. Default: none; [`crate::Printed`] says how much is kept.
    pub stdout: Option<u64>,
    /// Bytes that a call may write to standard error. Default: none; [`crate::Printed`] says how much is kept.
    pub stderr: Option<u64>,
    /// Rows of all tables of a call. Default: none.
    pub rows: Option<u64>,
    /// Bytes of the files in `/metadata` that a call leaves. Default: none but [`Limits::file_bytes`].
    pub row_bytes: Option<u64>,
    /// Sub-contents of a call. Default: none.
    pub sub_contents: Option<u64>,
    /// Bytes of the files in `/subcontent` that a call leaves. Default: none but [`Limits::file_bytes`].
    pub sub_content_bytes: Option<u64>,
    /// Names of files, folders and links in the guest's folders in memory, besides those that the host makes. Default: 65,536.
    pub files: u64,
    /// Bytes of the files and links in the guest's folders in memory, without an input that the guest does not change; on the disk, of
    /// the files in `/metadata` and in `/subcontent` each. Default: 1 GiB.
    pub file_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: None,
            stack: DEFAULT_STACK,
            fuel: None,
            timeout: None,
            stdout: None,
            stderr: None,
            rows: None,
            row_bytes: None,
            sub_contents: None,
            sub_content_bytes: None,
            files: DEFAULT_FILES,
            file_bytes: DEFAULT_FILE_BYTES,
        }
    }
}

macro_rules! setters {
    ($($(#[doc = $doc:literal])* $name:ident($field:ident: $kind:ty) = $value:expr;)*) => {
        $($(#[doc = $doc])* #[must_use] pub fn $name(mut self, $field: $kind) -> Self {
            self.$field = $value;
            self
        })*
    };
}

impl Limits {
    setters! {
        /// Sets [`Limits::memory`].
        memory(memory: usize) = Some(memory);
        /// Sets [`Limits::stack`].
        stack(stack: usize) = stack;
        /// Sets [`Limits::fuel`].
        fuel(fuel: u64) = Some(fuel);
        /// Sets [`Limits::timeout`].
        deadline(timeout: Duration) = Some(timeout);
        /// Sets [`Limits::stdout`].
        stdout(stdout: u64) = Some(stdout);
        /// Sets [`Limits::stderr`].
        stderr(stderr: u64) = Some(stderr);
        /// Sets [`Limits::rows`].
        rows(rows: u64) = Some(rows);
        /// Sets [`Limits::row_bytes`].
        row_bytes(row_bytes: u64) = Some(row_bytes);
        /// Sets [`Limits::sub_contents`].
        sub_contents(sub_contents: u64) = Some(sub_contents);
        /// Sets [`Limits::sub_content_bytes`].
        sub_content_bytes(sub_content_bytes: u64) = Some(sub_content_bytes);
        /// Sets [`Limits::files`].
        files(files: u64) = files;
        /// Sets [`Limits::file_bytes`].
        file_bytes(file_bytes: u64) = file_bytes;
    }
}

/// One of the [`Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// [`Limits::memory`].
    Memory,
    /// [`Limits::timeout`].
    Deadline,
    /// [`Limits::fuel`].
    Fuel,
    /// [`Limits::stack`].
    Stack,
    /// [`Limits::stdout`].
    Stdout,
    /// [`Limits::stderr`].
    Stderr,
    /// [`Limits::rows`].
    Rows,
    /// [`Limits::row_bytes`].
    RowBytes,
    /// [`Limits::sub_contents`].
    SubContents,
    /// [`Limits::sub_content_bytes`].
    SubContentBytes,
    /// [`Limits::files`].
    Files,
    /// [`Limits::file_bytes`].
    FileBytes,
}

impl Limit {
    /// Its name as programs write it: `memory`, `deadline`, `row_bytes`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Deadline => "deadline",
            Self::Fuel => "fuel",
            Self::Stack => "stack",
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
            Self::Rows => "rows",
            Self::RowBytes => "row_bytes",
            Self::SubContents => "sub_contents",
            Self::SubContentBytes => "sub_content_bytes",
            Self::Files => "files",
            Self::FileBytes => "file_bytes",
        }
    }

    /// What is counted.
    fn unit(self) -> &'static str {
        match self {
            Self::Memory => "bytes of memory",
            Self::Deadline => "milliseconds",
            Self::Fuel => "units of fuel",
            Self::Stack => "bytes of wasm stack",
            Self::Stdout => "bytes of standard output",
            Self::Stderr => "bytes of standard error",
            Self::Rows => "rows",
            Self::RowBytes => "bytes of rows",
            Self::SubContents => "sub-contents",
            Self::SubContentBytes => "bytes of sub-content",
            Self::Files => "files",
            Self::FileBytes => "bytes in files",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.unit())
    }
}

/// A guest exceeded one of its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the guest exceeded its limit of {maximum} {limit}")]
pub struct Exceeded {
    /// Which limit.
    pub limit: Limit,
    /// Its value, in the limit's unit (a time in milliseconds).
    pub maximum: u64,
}

impl Exceeded {
    pub(crate) fn new(limit: Limit, maximum: u64) -> Self {
        Self { limit, maximum }
    }

    /// Refuses a number beyond a limit, if there is one.
    pub(crate) fn check(limit: Limit, maximum: Option<u64>, number: u64) -> Result<(), Self> {
        match maximum {
            Some(maximum) if number > maximum => Err(Self { limit, maximum }),
            _ => Ok(()),
        }
    }
}
