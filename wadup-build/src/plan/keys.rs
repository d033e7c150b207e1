//! Suggests a key of `[tool.wadup]` in place of a misspelled one.

use super::table::SETTINGS;

/// The key of `[tool.wadup]` nearest to a misspelled one.
pub(super) fn nearest(text: &str) -> Option<&'static str> {
    SETTINGS
        .iter()
        .map(|setting| (strsim::damerau_levenshtein(text, setting.key), setting.key))
        .min()
        .filter(|(distance, key)| *distance <= key.len() / 3)
        .map(|(_, key)| key)
}
