//! A self-contained HTML page with a map of the bytes.

use super::groups::Report;

const PAGE: &str = include_str!("page.html");

/// The page.
pub(super) fn of(report: &Report) -> serde_json::Result<String> {
    // Only a tag could end the script early.
    let json = serde_json::to_string(report)?.replace('<', "\\u003c");
    let title = report.guest.replace('&', "&amp;").replace('<', "&lt;");
    Ok(PAGE.replace("@title@", &title).replace("@report@", &json))
}

#[cfg(test)]
mod tests {
    use super::super::groups::tests::report;
    use super::*;

    #[test]
    fn the_page_contains_the_report_and_uses_no_network() {
        let page = of(&report()).unwrap();

        assert!(page.contains("\"bytes\":1234567"), "{page}");
        assert!(page.contains("<title>users.wasm</title>"), "{page}");
        for request in ["http:", "https:", "src=", "href=", "@import", "url("] {
            assert!(
                !page
                    .replace("http://www.w3.org/2000/svg", "")
                    .contains(request),
                "{request}"
            );
        }
    }

    #[test]
    fn names_cannot_end_the_script() {
        let page = of(&report()).unwrap();

        assert_eq!(page.matches("</script>").count(), 1);
        assert!(page.contains("\\u003c/script>"));
    }
}
