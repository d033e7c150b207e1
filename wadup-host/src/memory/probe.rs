//! Whether the system tells which pages were written and forgets what is there, as Linux documents it.
//!
//! Emulators of Linux, which run programs for another processor or in a sandbox, know too little of memory for that: some have the page
//! map of another process, or one of zeros, and some ignore that a page is to be forgotten.

#![allow(unsafe_code)]

use std::io;
use std::sync::OnceLock;

use super::initial::WASM_PAGE;
use super::region::Region;
use super::source::Source;
use super::written::Written;

/// Whether memories can be used again in this process.
pub(crate) fn works() -> bool {
    static WORKS: OnceLock<bool> = OnceLock::new();
    *WORKS.get_or_init(|| try_all().unwrap_or(false))
}

/// Reads, writes and forgets a page of a file and one of none.
fn try_all() -> io::Result<bool> {
    let page = rustix::param::page_size();
    let source = Source::of(0, &[1; WASM_PAGE])?;
    let all = 0..2 * WASM_PAGE;
    let mut region = Region::reserve(all.end)?;
    region.open(&all)?;
    region.show(0, &source)?;
    region.keep_pages_small(&all)?;
    let start = region.address(0).addr();
    let mut written = Written::default();
    let mut found = |is_at: usize| -> io::Result<bool> {
        let mut ranges = written.find(start..start + all.end, page)?;
        Ok(ranges.any(|range| range.contains(&is_at)))
    };

    // SAFETY: all bytes of the region are accessible.
    let before = unsafe { region.bytes(&all)? }[0];
    let is_told_apart = before == 1 && !found(0)?;
    // SAFETY: as above, and no instance has the region.
    let bytes = unsafe { region.bytes_mut(&all)? };
    (bytes[0], bytes[WASM_PAGE]) = (2, 2);
    let is_found = found(0)? && found(WASM_PAGE)?;
    region.forget(&all)?;
    // SAFETY: as above.
    let bytes = unsafe { region.bytes(&all)? };
    Ok(is_told_apart && is_found && bytes[0] == 1 && bytes[WASM_PAGE] == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_can_be_used_again_here() {
        assert!(try_all().unwrap());
    }
}
