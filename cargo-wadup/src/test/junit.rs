//! Joins pytest's reports in the format of JUnit.

use std::fs;
use std::path::Path;

const BEGIN: &str = "<testsuite ";
const END: &str = "</testsuites>";

/// Writes one report with the test suites of `reports`.
pub(super) fn write<'a>(file: &Path, reports: impl Iterator<Item = &'a str>) -> Result<(), String> {
    fs::write(file, joined(reports))
        .map_err(|error| format!("could not write `{}`: {error}", file.display()))
}

/// pytest writes one element `testsuite` in one `testsuites`.
fn joined<'a>(reports: impl Iterator<Item = &'a str>) -> String {
    let suites: String = reports.filter_map(suite).collect();
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites>{suites}</testsuites>\n")
}

fn suite(report: &str) -> Option<&str> {
    report.get(report.find(BEGIN)?..report.rfind(END)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suites_of_all_reports_are_in_one() {
        let report = |name: &str| {
            format!(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites name=\"pytest tests\">\
                 <testsuite name=\"{name}\"></testsuite></testsuites>"
            )
        };
        let reports = [report("a"), report("b")];

        let joined = joined(reports.iter().map(String::as_str));

        assert_eq!(
            joined,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites><testsuite name=\"a\"></testsuite>\
             <testsuite name=\"b\"></testsuite></testsuites>\n"
        );
    }
}
