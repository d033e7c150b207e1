//! What the system says about the memory of this process (proc(5)).

use std::fs;

use crate::Outcome;

/// Memory of this process in KiB.
pub(crate) struct Memory {
    /// All of it, pages of files that others share too.
    pub(crate) resident: u64,
    /// Pages that this process has written, its own heap too.
    pub(crate) dirty: u64,
}

impl Memory {
    pub(crate) fn now() -> Outcome<Self> {
        let text = fs::read_to_string("/proc/self/smaps_rollup")?;
        let of = |name: &str| -> Outcome<u64> {
            let value = text.lines().find_map(|line| line.strip_prefix(name));
            let value = value.and_then(|value| value.trim().strip_suffix(" kB"));
            let value = value.ok_or_else(|| format!("/proc/self/smaps_rollup has no `{name}`"))?;
            Ok(value.trim().parse()?)
        };
        Ok(Self {
            resident: of("Rss:")?,
            dirty: of("Anonymous:")?,
        })
    }
}

/// The page faults of this process that needed no disk.
pub(crate) fn minor_faults() -> Outcome<u64> {
    let text = fs::read_to_string("/proc/self/stat")?;
    // Behind the name of the program, which may contain spaces: state, seven numbers, minflt.
    let fields = text.rsplit(')').next().unwrap_or_default();
    let faults = fields.split_whitespace().nth(7);
    Ok(faults.ok_or("/proc/self/stat is cut off")?.parse()?)
}
