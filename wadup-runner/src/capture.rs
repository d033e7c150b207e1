//! The streams of an instance: what the guest prints is kept up to a limit, or goes to a printer.

use std::io;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

use crate::printed::{Printed, Printer, Stream};

/// One stream of one instance. Clones share what was written.
#[derive(Clone, Debug)]
pub(crate) enum Capture {
    Kept(Arc<Mutex<Kept>>),
    HandedOn(Stream, Arc<dyn Printer>),
}

/// The beginning of what was written.
#[derive(Debug)]
pub(crate) struct Kept {
    limit: usize,
    bytes: Vec<u8>,
    dropped: usize,
}

impl Capture {
    pub(crate) fn new(stream: Stream, printed: &Printed) -> Self {
        match printed {
            Printed::Kept(limit) => Self::Kept(Arc::new(Mutex::new(Kept {
                limit: *limit,
                bytes: Vec::new(),
                dropped: 0,
            }))),
            Printed::HandedOn(printer) => Self::HandedOn(stream, Arc::clone(printer)),
        }
    }

    /// What was written and kept since the last call, as UTF-8 with replacement characters; a last line says if some was dropped.
    pub(crate) fn take(&self) -> String {
        let Self::Kept(kept) = self else {
            return String::new();
        };
        let mut kept = lock(kept);
        let bytes = mem::take(&mut kept.bytes);
        let dropped = mem::take(&mut kept.dropped);
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        if dropped > 0 {
            let limit = kept.limit;
            text.push_str(&format!(
                "\n[{dropped} more bytes were dropped: {limit} of each stream are kept]\n"
            ));
        }
        text
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Kept(kept) => {
                let mut kept = lock(kept);
                let room = bytes.len().min(kept.limit - kept.bytes.len());
                kept.bytes.extend_from_slice(&bytes[..room]);
                kept.dropped += bytes.len() - room;
                Ok(())
            }
            Self::HandedOn(stream, printer) => printer.print(*stream, bytes),
        }
    }
}

/// A panic while the lock is held cannot leave the bytes in an invalid state.
fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
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

/// Reports to the guest that everything was written, like the WADUP host, unless a printer refused it.
impl AsyncWrite for Capture {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(self.write(bytes).map(|()| bytes.len()))
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

    fn keeping(limit: usize) -> Capture {
        Capture::new(Stream::Output, &Printed::Kept(limit))
    }

    #[test]
    fn takes_each_byte_once() {
        let capture = keeping(100);
        capture.write(b"first").unwrap();
        assert_eq!(capture.take(), "first");
        capture.write(b"second").unwrap();
        assert_eq!(capture.take(), "second");
    }

    #[test]
    fn says_how_much_was_dropped() {
        let capture = keeping(6);
        capture.write(b"xxxxx").unwrap();
        capture.write(b"yz").unwrap();
        assert_eq!(
            capture.take(),
            "xxxxxy\n[1 more bytes were dropped: 6 of each stream are kept]\n"
        );
    }

    #[test]
    fn a_printer_gets_what_is_not_kept_and_its_error_reaches_the_guest() {
        #[derive(Debug, Default)]
        struct OneLine(Mutex<Vec<(Stream, Vec<u8>)>>);
        impl Printer for OneLine {
            fn print(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
                let mut printed = self.0.lock().unwrap();
                if !printed.is_empty() {
                    return Err(io::ErrorKind::BrokenPipe.into());
                }
                printed.push((stream, bytes.to_vec()));
                Ok(())
            }
        }
        let printer = Arc::new(OneLine::default());
        let capture = Capture::new(Stream::Error, &Printed::HandedOn(printer.clone()));

        capture.write(b"first").unwrap();
        let refused = capture.write(b"second").unwrap_err();

        assert_eq!(refused.kind(), io::ErrorKind::BrokenPipe);
        assert_eq!(
            *printer.0.lock().unwrap(),
            [(Stream::Error, b"first".to_vec())]
        );
        assert_eq!(capture.take(), "");
    }
}
