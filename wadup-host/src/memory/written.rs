//! Which pages of a private mapping this process has copies of, because it wrote to them.
//!
//! Source: `Documentation/admin-guide/mm/pagemap.rst` of Linux.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// One number for each page of the process. It tells everybody the bits below, and only the privileged the rest.
const PAGE_MAP: &str = "/proc/self/pagemap";
const ENTRY: usize = size_of::<u64>();

const PRESENT: u64 = 1 << 63;
const SWAPPED: u64 = 1 << 62;
/// Of a file, as opposed to memory that only this process has.
const OF_A_FILE: u64 = 1 << 61;

/// The pages of one mapping.
#[derive(Debug, Default)]
pub(super) struct Written {
    entries: Vec<u8>,
}

impl Written {
    /// The ranges of pages in `addresses` that were written to, as offsets from its start, and all anonymous pages that were read.
    ///
    /// Both must be multiples of `page`, the system's page size.
    ///
    /// # Errors
    ///
    /// If the kernel does not say so, as in a sandbox without `/proc`.
    pub(super) fn find(
        &mut self,
        addresses: Range<usize>,
        page: usize,
    ) -> io::Result<impl Iterator<Item = Range<usize>>> {
        let pages = addresses.len() / page;
        self.entries.resize(pages * ENTRY, 0);
        // It is opened each time because a file stays with the process that opened it, and this one may be its fork.
        let map = File::open(PAGE_MAP)?;
        map.read_exact_at(&mut self.entries, (addresses.start / page * ENTRY) as u64)?;
        let (entries, _) = self.entries.as_chunks::<ENTRY>();
        let mut written = entries
            .iter()
            .map(|entry| is_written(u64::from_ne_bytes(*entry)));
        let mut next = 0;
        Ok(std::iter::from_fn(move || {
            let start = next + written.position(|is_written| is_written)?;
            let more = written
                .by_ref()
                .take_while(|is_written| *is_written)
                .count();
            let end = start + 1 + more;
            // The page that ended the range, if the mapping did not, was taken too.
            next = end + 1;
            Some(start * page..end * page)
        }))
    }
}

/// What was written is nowhere else, so it must be in memory or swapped out.
fn is_written(entry: u64) -> bool {
    entry & (PRESENT | SWAPPED) != 0 && entry & OF_A_FILE == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_written_if_it_is_this_process_alone_that_has_it() {
        for (entry, expected) in [
            (0, false),
            (PRESENT, true),
            (SWAPPED, true),
            (PRESENT | OF_A_FILE, false),
            (SWAPPED | OF_A_FILE, false),
        ] {
            assert_eq!(is_written(entry), expected, "{entry:#x}");
        }
    }

    #[test]
    fn ranges_end_where_pages_are_as_they_were() {
        let page = rustix::param::page_size();
        let mut memory = vec![0_u8; 64 << 20];
        let start = memory.as_ptr().addr().next_multiple_of(page);
        let offset = start - memory.as_ptr().addr();
        for index in [0, 1, 5, 7, 8, 9] {
            memory[offset + index * page] = 1;
        }

        let mut written = Written::default();
        let found: Vec<_> = written
            .find(start..start + 10 * page, page)
            .unwrap()
            .map(|range| range.start / page..range.end / page)
            .collect();

        assert_eq!(found, [0..2, 5..6, 7..10]);
    }
}
