//! What a guest prints, kept up to a limit.

use std::io;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

/// As much of each stream as the WADUP host keeps of one call.
const MAXIMUM_BYTES: usize = 1024 * 1024;

/// One stream of one instance. Clones share what was written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Capture(Arc<Mutex<Printed>>);

#[derive(Debug, Default)]
struct Printed {
    bytes: Vec<u8>,
    dropped: usize,
}

impl Capture {
    /// What was written since the last call, as UTF-8 with replacement characters; a last line tells if some of it was dropped.
    pub(crate) fn take(&self) -> String {
        let printed = mem::take(&mut *self.lock());
        let mut text = String::from_utf8_lossy(&printed.bytes).into_owned();
        if printed.dropped > 0 {
            text.push_str(&format!(
                "\n[{} more bytes were dropped]\n",
                printed.dropped
            ));
        }
        text
    }

    fn write(&self, bytes: &[u8]) {
        let mut printed = self.lock();
        let kept = bytes.len().min(MAXIMUM_BYTES - printed.bytes.len());
        printed.bytes.extend_from_slice(&bytes[..kept]);
        printed.dropped += bytes.len() - kept;
    }

    /// A panic while the lock was held cannot leave the bytes in a state that matters.
    fn lock(&self) -> MutexGuard<'_, Printed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl IsTerminal for Capture {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Capture {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }
}

/// The guest is always told that everything was written, as the WADUP host does.
impl AsyncWrite for Capture {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.write(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_each_byte_once() {
        let capture = Capture::default();
        capture.write(b"first");
        assert_eq!(capture.take(), "first");
        capture.write(b"second");
        assert_eq!(capture.take(), "second");
    }

    #[test]
    fn says_how_much_was_dropped() {
        let capture = Capture::default();
        capture.write(&vec![b'x'; MAXIMUM_BYTES - 1]);
        capture.write(b"yz");
        let text = capture.take();
        assert_eq!(
            text.find("y\n[1 more bytes were dropped]\n"),
            Some(MAXIMUM_BYTES - 1)
        );
    }
}
