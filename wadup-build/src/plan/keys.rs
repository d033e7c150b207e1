//! Suggests a key of `[tool.wadup]` in place of a misspelled one.

use super::table::SETTINGS;

/// The key of `[tool.wadup]` nearest to a misspelled one.
pub(super) fn nearest(text: &str) -> Option<&'static str> {
    nearest_of(text, SETTINGS.iter().map(|setting| setting.key))
}

/// The one of these keys that is nearest to a misspelled one.
pub(super) fn nearest_of(
    text: &str,
    keys: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    keys.map(|key| (strsim::damerau_levenshtein(text, key), key))
        .min()
        .filter(|(distance, key)| *distance <= key.len() / 3)
        .map(|(_, key)| key)
}
