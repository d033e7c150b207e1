//! Reads the license from the metadata of a Python package.

/// From the text of a METADATA file: `License-Expression` (PEP 639), else `License`, else the classifiers.
pub(crate) fn of_metadata(text: &str) -> Option<String> {
    let headers = || text.lines().take_while(|line| !line.is_empty());
    let field = |name: &str| {
        headers()
            .filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            .map(str::trim)
            .find(|value| !value.is_empty() && *value != "UNKNOWN")
            .map(str::to_owned)
    };
    field("License-Expression")
        // Some packages put the whole text there; its first line is the name.
        .or_else(|| field("License"))
        .or_else(|| {
            headers()
                .filter_map(|line| line.strip_prefix("Classifier: License :: "))
                .filter_map(|classifier| classifier.rsplit(" :: ").next())
                .find(|name| *name != "OSI Approved")
                .map(str::to_owned)
        })
}

#[cfg(test)]
mod tests {
    use super::of_metadata;

    #[test]
    fn the_most_precise_field_wins() {
        let of = |lines: &str| of_metadata(&format!("Name: x\n{lines}\n\nLicense: in the text\n"));

        assert_eq!(
            of("License: MIT License\nLicense-Expression: MIT OR Apache-2.0").as_deref(),
            Some("MIT OR Apache-2.0")
        );
        assert_eq!(of("License: BSD").as_deref(), Some("BSD"));
        assert_eq!(
            of("License: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License").as_deref(),
            Some("MIT License")
        );
        assert_eq!(of("Version: 1"), None);
    }
}
