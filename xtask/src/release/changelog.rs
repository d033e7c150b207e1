//! The part of CHANGELOG.md that has not been released.

const HEADING: &str = "## Unreleased";

/// The headings of the unreleased part, each with the number of its entries.
pub(super) fn sections(text: &str) -> Vec<(&str, usize)> {
    let Some((_, rest)) = text.split_once(HEADING) else {
        return Vec::new();
    };
    let unreleased = rest.split("\n## ").next().unwrap_or_default();
    unreleased
        .split("\n### ")
        .skip(1)
        .filter_map(|section| {
            let (heading, entries) = section.split_once('\n')?;
            let count = entries
                .lines()
                .filter(|line| line.starts_with("- "))
                .count();
            (count > 0).then_some((heading, count))
        })
        .collect()
}

/// The changelog after the release of a version, with an empty part for the next.
pub(super) fn released(text: &str, version: &str, date: &str) -> String {
    text.replacen(HEADING, &format!("{HEADING}\n\n## {version} - {date}"), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Changelog\n\n## Unreleased\n\n### Added\n\n- One,\n  in two lines.\n- Two.\n\n### Fixed\n\n\
                        ## 0.1.0 - 2026-01-01\n\n### Added\n\n- Old.\n";

    #[test]
    fn only_unreleased_entries_count() {
        assert_eq!(sections(TEXT), [("Added", 2)]);
        assert!(sections("# Changelog\n").is_empty());
    }

    #[test]
    fn a_release_leaves_an_empty_part_for_the_next() {
        let text = released(TEXT, "0.2.0", "2026-02-02");

        assert!(text.contains("## Unreleased\n\n## 0.2.0 - 2026-02-02\n\n### Added\n\n- One"));
        assert!(sections(&text).is_empty());
    }
}
