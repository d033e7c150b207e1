//! The names of a zip's entries as paths, and their order.

use std::cmp::Ordering;

/// The name of a directory's own entry ends in a slash.
pub(crate) fn trimmed(name: &str) -> &str {
    name.strip_suffix('/').unwrap_or(name)
}

/// Orders paths component by component, so that everything below a directory follows it directly: `/` comes first.
pub(crate) fn by_component(left: &str, right: &str) -> Ordering {
    let rank = |byte: u8| if byte == b'/' { 0 } else { byte };
    left.bytes().map(rank).cmp(right.bytes().map(rank))
}
