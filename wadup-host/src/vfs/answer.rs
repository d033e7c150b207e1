//! How an operation of the guest ends: with an `errno`, or by stopping the guest.

use crate::limits::Exceeded;

/// Errors of WASI preview 1, with the numbers of its `errno`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub(crate) enum Errno {
    Badf = 8,
    Exist = 20,
    Ilseq = 25,
    Inval = 28,
    Io = 29,
    Isdir = 31,
    Loop = 32,
    Mfile = 33,
    Nametoolong = 37,
    Noent = 44,
    Notdir = 54,
    Notempty = 55,
    Notsock = 57,
    Notsup = 58,
    Overflow = 61,
    Perm = 63,
    Spipe = 70,
}

/// Why an operation does not succeed.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The guest gets this.
    Errno(Errno),
    /// The call of the guest ends here.
    Stop(wasmtime::Error),
}

impl From<Errno> for Fault {
    fn from(errno: Errno) -> Self {
        Self::Errno(errno)
    }
}

impl From<Exceeded> for Fault {
    fn from(exceeded: Exceeded) -> Self {
        Self::Stop(exceeded.into())
    }
}

impl From<wasmtime::Error> for Fault {
    fn from(error: wasmtime::Error) -> Self {
        Self::Stop(error)
    }
}

pub(crate) type Answer<T = ()> = Result<T, Fault>;
