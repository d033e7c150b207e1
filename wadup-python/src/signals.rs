//! How often Python looks for signals, such as that of Ctrl-C, while it waits for a guest.

use std::time::Duration;

/// Short enough to feel immediate, and long enough to cost nothing.
pub(crate) const INTERVAL: Duration = Duration::from_millis(100);
