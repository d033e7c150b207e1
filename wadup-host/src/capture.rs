//! The streams of an instance: what the guest prints is kept up to a number of bytes, or goes to a printer; beyond a limit, it ends
//! the call.

use std::io;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

use crate::limits::{Exceeded, Limit};
use crate::printed::{Printed, Printer, Stream};
use crate::vfs::{Errno, Fault};

/// One stream of one instance. Clones share what was written.
#[derive(Clone, Debug)]
pub(crate) struct Capture {
    stream: Stream,
    /// The most bytes of one call.
    maximum: Option<u64>,
    printer: Option<Arc<dyn Printer>>,
    written: Arc<Mutex<Written>>,
}

/// What was written in this call, and the beginning of it.
#[derive(Debug, Default)]
struct Written {
    keep: usize,
    bytes: Vec<u8>,
    total: u64,
}

impl Capture {
    pub(crate) fn new(stream: Stream, printed: &Printed, maximum: Option<u64>) -> Self {
        let (keep, printer) = match printed {
            Printed::Kept(keep) => (*keep, None),
            Printed::HandedOn(printer) => (0, Some(Arc::clone(printer))),
        };
        let written = Written {
            keep,
            ..Written::default()
        };
        Self {
            stream,
            maximum,
            printer,
            written: Arc::new(Mutex::new(written)),
        }
    }

    /// How many bytes were written since the last call of [`Capture::take`].
    pub(crate) fn written(&self) -> u64 {
        self.lock().total
    }

    /// The limit, if the guest tried to write more since the last call of [`Capture::take`].
    pub(crate) fn exceeded(&self) -> Option<Exceeded> {
        let limit = match self.stream {
            Stream::Output => Limit::Stdout,
            Stream::Error => Limit::Stderr,
        };
        Exceeded::check(limit, self.maximum, self.written()).err()
    }

    /// What was written and kept since the last call, as UTF-8 with replacement characters; a last line says if some was dropped.
    pub(crate) fn take(&self) -> String {
        let mut written = self.lock();
        let bytes = mem::take(&mut written.bytes);
        let total = mem::take(&mut written.total);
        if self.printer.is_some() {
            return String::new();
        }
        let dropped = total - bytes.len() as u64;
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        if dropped > 0 {
            let limit = written.keep;
            text.push_str(&format!(
                "\n[{dropped} more bytes were dropped: {limit} of each stream are kept]\n"
            ));
        }
        text
    }

    /// Writes for the guest, or ends its call.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Fault> {
        self.print(bytes).map_err(|_| match self.exceeded() {
            Some(exceeded) => exceeded.into(),
            None => Errno::Io.into(),
        })
    }

    /// What is written beyond the limit is neither kept nor printed.
    fn print(&self, bytes: &[u8]) -> io::Result<()> {
        let mut written = self.lock();
        written.total += bytes.len() as u64;
        if self.maximum.is_some_and(|maximum| written.total > maximum) {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        if let Some(printer) = &self.printer {
            drop(written);
            return printer.print(self.stream, bytes);
        }
        let room = bytes.len().min(written.keep - written.bytes.len());
        written.bytes.extend_from_slice(&bytes[..room]);
        Ok(())
    }

    /// A panic while the lock is held cannot leave the bytes in an invalid state.
    fn lock(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
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

/// Reports to the guest that everything was written, like the WADUP host, unless a printer refused it.
impl AsyncWrite for Capture {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(self.print(bytes).map(|()| bytes.len()))
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
        Capture::new(Stream::Output, &Printed::Kept(limit), None)
    }

    #[test]
    fn takes_each_byte_once() {
        let capture = keeping(100);
        capture.print(b"first").unwrap();
        assert_eq!(capture.take(), "first");
        capture.print(b"second").unwrap();
        assert_eq!(capture.take(), "second");
    }

    #[test]
    fn says_how_much_was_dropped() {
        let capture = keeping(6);
        capture.print(b"xxxxx").unwrap();
        capture.print(b"yz").unwrap();
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
        let capture = Capture::new(Stream::Error, &Printed::HandedOn(printer.clone()), None);

        capture.print(b"first").unwrap();
        let refused = capture.print(b"second").unwrap_err();

        assert_eq!(refused.kind(), io::ErrorKind::BrokenPipe);
        assert_eq!(
            *printer.0.lock().unwrap(),
            [(Stream::Error, b"first".to_vec())]
        );
        assert_eq!(capture.take(), "");
    }

    #[test]
    fn what_is_beyond_the_limit_is_neither_kept_nor_forgotten() {
        let capture = Capture::new(Stream::Error, &Printed::Kept(100), Some(6));
        capture.print(b"first").unwrap();
        assert_eq!(capture.exceeded(), None);

        let refused = capture.write(b"second").unwrap_err();

        assert!(matches!(refused, Fault::Stop(error) if error.is::<Exceeded>()));
        let exceeded = capture.exceeded().unwrap();
        assert_eq!((exceeded.limit, exceeded.maximum), (Limit::Stderr, 6));
        assert!(capture.take().starts_with("first\n[6 more bytes"));
        assert_eq!(capture.exceeded(), None);
    }
}
