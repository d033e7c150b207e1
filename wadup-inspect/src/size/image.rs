//! The initial memory of a module, and the origin of each address.

use std::collections::BTreeMap;
use std::ops::{Bound, Range};

use super::layout::Layout;
use super::{Form, Group};

/// More than the initial memory of any guest; data above is ignored.
const LARGEST: u64 = 1 << 30;

/// The bytes of memory from address 0 to the end of the last segment.
pub(super) fn of(layout: &Layout, file: &[u8]) -> Vec<u8> {
    let segments = || {
        layout
            .segments
            .iter()
            .filter(|segment| segment.addresses.end <= LARGEST)
    };
    let end = segments().map(|segment| segment.addresses.end).max();
    let mut memory = vec![0; end.unwrap_or(0) as usize];
    for segment in segments() {
        let start = segment.addresses.start as usize;
        let content = &file[segment.bytes.start as usize..segment.bytes.end as usize];
        memory[start..start + content.len()].copy_from_slice(content);
    }
    memory
}

/// A range of addresses with one origin.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Region {
    pub(super) addresses: Range<u64>,
    pub(super) group: Group,
    pub(super) name: String,
    pub(super) form: Form,
}

/// Regions that do not overlap, by where they start.
#[derive(Debug, Default)]
pub(super) struct Regions(BTreeMap<u64, Region>);

impl Regions {
    /// Adds a region, without the addresses that others already cover.
    pub(super) fn add(&mut self, region: Region) {
        let free: Vec<_> = self
            .cut(region.addresses.clone())
            .into_iter()
            .filter(|(_, taken)| taken.is_none())
            .map(|(addresses, _)| addresses)
            .collect();
        for addresses in free {
            let region = Region {
                addresses: addresses.clone(),
                ..region.clone()
            };
            self.0.insert(addresses.start, region);
        }
    }

    /// Splits a range of addresses where regions begin and end.
    pub(super) fn cut(&self, range: Range<u64>) -> Vec<(Range<u64>, Option<&Region>)> {
        let before = self.0.range(..=range.start).next_back();
        let within = self.0.range((
            Bound::Excluded(range.start),
            Bound::Excluded(range.end.max(range.start + 1)),
        ));
        let mut pieces = Vec::new();
        let mut next = range.start;
        for (_, region) in before.into_iter().chain(within) {
            let start = region.addresses.start.max(next);
            let end = region.addresses.end.min(range.end);
            if start >= end {
                continue;
            }
            if next < start {
                pieces.push((next..start, None));
            }
            pieces.push((start..end, Some(region)));
            next = end;
        }
        if next < range.end {
            pieces.push((next..range.end, None));
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(name: &str, addresses: Range<u64>) -> Region {
        Region {
            addresses,
            group: Group::App,
            name: name.into(),
            form: Form::Data,
        }
    }

    fn cut(regions: &Regions, range: Range<u64>) -> Vec<(Range<u64>, Option<&str>)> {
        regions
            .cut(range)
            .into_iter()
            .map(|(addresses, region)| (addresses, region.map(|region| region.name.as_str())))
            .collect()
    }

    #[test]
    fn a_range_is_split_where_regions_begin_and_end() {
        let mut regions = Regions::default();
        regions.add(region("a", 10..20));
        regions.add(region("b", 20..25));
        regions.add(region("c", 40..50));

        assert_eq!(
            cut(&regions, 15..45),
            [
                (15..20, Some("a")),
                (20..25, Some("b")),
                (25..40, None),
                (40..45, Some("c")),
            ]
        );
        assert_eq!(cut(&regions, 25..30), [(25..30, None)]);
        assert!(cut(&regions, 12..12).is_empty());
    }

    #[test]
    fn the_first_region_keeps_its_addresses() {
        let mut regions = Regions::default();
        regions.add(region("entry", 12..14));
        regions.add(region("bundle", 10..20));

        assert_eq!(
            cut(&regions, 0..30),
            [
                (0..10, None),
                (10..12, Some("bundle")),
                (12..14, Some("entry")),
                (14..20, Some("bundle")),
                (20..30, None),
            ]
        );
    }
}
