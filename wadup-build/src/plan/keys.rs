//! The names of the keys of `[tool.wadup]`.

/// Every key of `[tool.wadup]`.
pub(super) const KEYS: [&str; 15] = [
    "c-extensions",
    "entry-point",
    "exclude",
    "initial-memory",
    "maximum-memory",
    "preload",
    "python-source",
    "requirements",
    "snapshot",
    "snapshot-init",
    "sources",
    "stack-size",
    "stdlib",
    "stdlib-modules",
    "test-modules",
];

/// The key of `[tool.wadup]` nearest to a misspelled one.
pub(super) fn nearest(text: &str) -> Option<&'static str> {
    KEYS.into_iter()
        .map(|key| (strsim::damerau_levenshtein(text, key), key))
        .min()
        .filter(|(distance, key)| *distance <= key.len() / 3)
        .map(|(_, key)| key)
}
