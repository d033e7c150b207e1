//! Joins pytest's reports in the format of JUnit.

use std::fs;
use std::path::Path;

use cargo_wadup::suite::Log;

use super::session::Ended;

const BEGIN: &str = "<testsuite ";
const END: &str = "</testsuites>";

/// Writes one report with all files.
pub(super) fn write<'a>(file: &Path, files: impl Iterator<Item = &'a Ended>) -> Result<(), String> {
    fs::write(file, report(files))
        .map_err(|error| format!("could not write `{}`: {error}", file.display()))
}

fn report<'a>(files: impl Iterator<Item = &'a Ended>) -> String {
    let mut suites = String::new();
    for ended in files {
        suites.extend(ended.junit.iter().filter_map(|report| suite(report)));
        suites.extend(ended.logs.iter().filter_map(broken_off));
    }
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites>{suites}</testsuites>\n")
}

/// pytest writes one element `testsuite` in one `testsuites`.
fn suite(report: &str) -> Option<&str> {
    report.get(report.find(BEGIN)?..report.rfind(END)?)
}

/// What pytest would have written if a test had not ended its instance.
fn broken_off(log: &Log) -> Option<String> {
    let end = log.end()?;
    let mut cases = String::new();
    let mut failures = 0;
    let mut tests = 1;
    for note in log.outcomes() {
        tests += 1;
        let element = match note.outcome {
            "failed" | "error" => {
                failures += 1;
                "failure"
            }
            "skipped" => "skipped",
            _ => "",
        };
        let element = match element {
            "" => String::new(),
            name => format!("<{name} message=\"{}\"/>", escaped(note.message)),
        };
        cases.push_str(&case(note.test, &element));
    }
    let error = format!(
        "<error message=\"{}\">{}</error>",
        escaped(end.message()),
        escaped(&end.reason)
    );
    cases.push_str(&case(&end.test, &error));
    Some(format!(
        "<testsuite name=\"pytest\" errors=\"1\" failures=\"{failures}\" tests=\"{tests}\">{cases}</testsuite>"
    ))
}

/// A test by pytest's names: `tests/test_a.py::TestB::test_c` is `test_c` of `tests.test_a.TestB`.
fn case(test: &str, content: &str) -> String {
    let (place, name) = test.rsplit_once("::").unwrap_or(("", test));
    let class = place
        .replace(".py", "")
        .replace("::", ".")
        .replace('/', ".");
    format!(
        "<testcase classname=\"{}\" name=\"{}\">{content}</testcase>",
        escaped(&class),
        escaped(name)
    )
}

/// The text in XML, without the characters that XML does not have.
fn escaped(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_control() || "\t\n".contains(*character))
        .map(|character| match character {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            other => other.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suites_of_all_reports_are_in_one() {
        let ended = |name: &str| Ended {
            junit: vec![format!(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites name=\"pytest tests\">\
                 <testsuite name=\"{name}\"></testsuite></testsuites>"
            )],
            ..Ended::default()
        };

        let joined = report([ended("a"), ended("b")].iter());

        assert_eq!(
            joined,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites><testsuite name=\"a\"></testsuite>\
             <testsuite name=\"b\"></testsuite></testsuites>\n"
        );
    }

    #[test]
    fn a_test_that_ended_its_instance_is_an_error_beside_those_that_ran_before() {
        let mut log = Log::read(
            br#"{"test": "tests/test_a.py::test_1", "outcome": null}
{"test": "tests/test_a.py::test_1", "outcome": "passed"}
{"test": "tests/test_a.py::test_1", "outcome": "finished"}
{"test": "tests/test_a.py::test_3", "outcome": "deselected", "message": "not asked for"}
{"test": "tests/test_a.py::test_4", "outcome": "failed", "message": "1 < 0"}
{"test": "tests/test_a.py::TestB::test_2[<]", "outcome": null}
"#,
        );
        log.break_off("tests/test_a.py", "wasm trap: \"unreachable\"\nbacktrace");
        let ended = Ended {
            logs: vec![log],
            ..Ended::default()
        };

        let report = report([ended].iter());

        for part in [
            "errors=\"1\" failures=\"1\" tests=\"3\"",
            "<testcase classname=\"tests.test_a\" name=\"test_1\"></testcase>",
            "name=\"test_4\"><failure message=\"1 &lt; 0\"/></testcase>",
            "<testcase classname=\"tests.test_a.TestB\" name=\"test_2[&lt;]\">\
             <error message=\"wasm trap: &quot;unreachable&quot;\">",
        ] {
            assert!(report.contains(part), "{part}: {report}");
        }
    }
}
