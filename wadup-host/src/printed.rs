//! Where the text goes that a guest prints.

use std::fmt;
use std::io;
use std::sync::Arc;

/// How much of each stream the WADUP host keeps of one call: 1 MiB.
pub(crate) const WADUP_HOSTS_BYTES: usize = 1024 * 1024;

/// One of the two streams that a guest prints to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// Receives what a guest prints, at the moment when the guest writes it.
///
/// The text is not kept, and both streams arrive in the order of their writes.
pub trait Printer: fmt::Debug + Send + Sync {
    /// Receives all of `bytes`, which may end inside a character.
    ///
    /// # Errors
    ///
    /// The error that the guest gets.
    fn print(&self, stream: Stream, bytes: &[u8]) -> io::Result<()>;
}

/// Where the text goes that a guest prints.
#[derive(Clone, Debug)]
pub enum Printed {
    /// Into the result of the call ([`crate::Call::stdout`] and `stderr`), up to so many bytes of each stream; a line after them says how
    /// many more there were. Default: 1 MiB, like the WADUP host.
    Kept(usize),
    /// To a printer, as it comes. The result of the call has none of it.
    HandedOn(Arc<dyn Printer>),
}

impl Default for Printed {
    fn default() -> Self {
        Self::Kept(WADUP_HOSTS_BYTES)
    }
}
