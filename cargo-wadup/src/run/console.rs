//! The console of guests: standard error, shared by all instances and by reports on inputs.

use std::fmt;
use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use wadup_host::{Printer, Stream};

/// How many bytes of an incomplete line an instance may hold back.
const LONG_LINE: usize = 64 << 10;

/// Output of several writers, whose lines are never mixed.
pub(crate) struct Console {
    page: Mutex<Page>,
    line_ended: Condvar,
}

struct Page {
    out: Box<dyn Write + Send>,
    /// The writer that is continuing an incomplete line.
    writer: Option<usize>,
    /// Whether the last line is incomplete, whether or not its writer will continue it.
    is_inside_line: bool,
}

impl fmt::Debug for Console {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Console").finish_non_exhaustive()
    }
}

impl Console {
    pub(crate) fn new(out: Box<dyn Write + Send>) -> Self {
        Self {
            page: Mutex::new(Page {
                out,
                writer: None,
                is_inside_line: false,
            }),
            line_ended: Condvar::new(),
        }
    }

    /// Writes `text` as lines of its own.
    pub(crate) fn say(&self, text: &str) -> io::Result<()> {
        self.write(None, text.as_bytes())
    }

    /// Waits until no other writer is inside a line, then writes. `writer` continues the line that `bytes` leave
    /// incomplete.
    fn write(&self, writer: Option<usize>, bytes: &[u8]) -> io::Result<()> {
        let Some(last) = bytes.last() else {
            return Ok(());
        };
        let mut page = self.turn_of(writer);
        if page.is_inside_line && page.writer.is_none() {
            page.out.write_all(b"\n")?;
        }
        page.out.write_all(bytes)?;
        page.out.flush()?;
        page.is_inside_line = *last != b'\n';
        page.writer = writer.filter(|_| page.is_inside_line);
        self.line_ended.notify_all();
        Ok(())
    }

    /// Lets others write, even if the last line of `writer` is incomplete.
    fn leave(&self, writer: usize) {
        let mut page = self.turn_of(Some(writer));
        page.writer = None;
        self.line_ended.notify_all();
    }

    fn turn_of(&self, writer: Option<usize>) -> MutexGuard<'_, Page> {
        let page = self.page.lock().unwrap_or_else(PoisonError::into_inner);
        self.line_ended
            .wait_while(page, |page| page.writer.is_some() && page.writer != writer)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Prints the output of one instance, both streams in their order.
#[derive(Debug)]
pub(crate) struct Lines {
    console: Arc<Console>,
    writer: usize,
    /// How many bytes of an incomplete line may be held back.
    max_pending: usize,
    begun: Mutex<Vec<u8>>,
}

impl Lines {
    /// Prints everything immediately, for a single instance.
    pub(crate) fn at_once(console: &Arc<Console>) -> Self {
        Self::new(console, 0, 0)
    }

    /// Prints line by line, for instance number `writer` of several.
    pub(crate) fn line_by_line(console: &Arc<Console>, writer: usize) -> Self {
        Self::new(console, writer, LONG_LINE)
    }

    fn new(console: &Arc<Console>, writer: usize, max_pending: usize) -> Self {
        Self {
            console: Arc::clone(console),
            writer,
            max_pending,
            begun: Mutex::default(),
        }
    }

    /// Prints the rest of an input's output, and lets others print.
    pub(crate) fn end_input(&self) -> io::Result<()> {
        let rest = mem::take(&mut *self.begun());
        let written = self.console.write(Some(self.writer), &rest);
        self.console.leave(self.writer);
        written
    }

    fn begun(&self) -> MutexGuard<'_, Vec<u8>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Printer for Lines {
    fn print(&self, _: Stream, bytes: &[u8]) -> io::Result<()> {
        let mut begun = self.begun();
        begun.extend_from_slice(bytes);
        let lines = begun
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |end| end + 1);
        let is_too_long = begun.len() - lines > self.max_pending;
        let ready = if is_too_long { begun.len() } else { lines };
        let ready: Vec<u8> = begun.drain(..ready).collect();
        self.console.write(Some(self.writer), &ready)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    /// What was written, shared with the console.
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Written {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    fn console() -> (Arc<Console>, Written) {
        let written = Written::default();
        (Arc::new(Console::new(Box::new(written.clone()))), written)
    }

    #[test]
    fn single_instance_prints_immediately_and_in_order() {
        let (console, written) = console();
        let lines = Lines::at_once(&console);

        lines.print(Stream::Output, b"one ").unwrap();
        assert_eq!(written.text(), "one ");
        lines.print(Stream::Error, b"two ").unwrap();
        lines.print(Stream::Output, b"three").unwrap();

        assert_eq!(written.text(), "one two three");
    }

    #[test]
    fn output_after_an_incomplete_line_starts_a_new_line() {
        let (console, written) = console();
        let lines = Lines::at_once(&console);

        lines.print(Stream::Output, b"tail").unwrap();
        lines.end_input().unwrap();
        assert_eq!(written.text(), "tail");
        console.say("report\n").unwrap();
        lines.print(Stream::Output, b"next").unwrap();

        assert_eq!(written.text(), "tail\nreport\nnext");
    }

    #[test]
    fn several_instances_print_whole_lines() {
        let (console, written) = console();
        let [a, b] = [0, 1].map(|writer| Lines::line_by_line(&console, writer));

        a.print(Stream::Output, b"a1").unwrap();
        b.print(Stream::Output, b"b1\nb2").unwrap();
        a.print(Stream::Error, b"a2\na3").unwrap();
        a.end_input().unwrap();
        b.end_input().unwrap();

        assert_eq!(written.text(), "b1\na1a2\na3\nb2");
    }

    #[test]
    fn very_long_lines_block_other_writers() {
        let (console, written) = console();
        let [a, b] = [0, 1].map(|writer| Lines::line_by_line(&console, writer));
        let long = vec![b'a'; LONG_LINE + 1];

        a.print(Stream::Output, &long).unwrap();
        assert_eq!(written.text().len(), long.len());
        thread::scope(|scope| {
            scope.spawn(|| b.print(Stream::Output, b"b\n").unwrap());
            a.print(Stream::Output, b"end\n").unwrap();
        });

        let expected = format!("{}end\nb\n", "a".repeat(long.len()));
        assert_eq!(written.text(), expected);
        assert!(a.begun().is_empty());
    }
}
