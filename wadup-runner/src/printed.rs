//! What becomes of the text that a guest prints.

use std::fmt;
use std::io;
use std::sync::Arc;

/// As much of each stream as the WADUP host keeps of one call: 1 MiB.
pub(crate) const WADUP_HOSTS_BYTES: usize = 1024 * 1024;

/// One of the two streams that a guest prints to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// Takes what a guest prints at the moment in which the guest writes it.
///
/// Nothing of it is kept, and the streams stay in the order in which they were written to.
pub trait Printer: fmt::Debug + Send + Sync {
    /// Takes all of `bytes`, which may end anywhere, inside a character too.
    ///
    /// # Errors
    ///
    /// What the guest is to be told in place of success.
    fn print(&self, stream: Stream, bytes: &[u8]) -> io::Result<()>;
}

/// What becomes of what a guest prints.
#[derive(Clone, Debug)]
pub enum Printed {
    /// It comes with the result of the call ([`crate::Call::stdout`] and `stderr`), up to so many bytes of each stream; a line behind
    /// them tells how many more there were. Default: 1 MiB, as the WADUP host keeps.
    Kept(usize),
    /// It is handed on as it comes, and the result of the call has none of it.
    HandedOn(Arc<dyn Printer>),
}

impl Default for Printed {
    fn default() -> Self {
        Self::Kept(WADUP_HOSTS_BYTES)
    }
}
