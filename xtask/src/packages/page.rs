//! The table of packages in the book, written from the results in the repository.

use std::fmt::Write;
use std::fs;

use super::report::{Report, Results};
use super::{RESULTS, read, repository};
use crate::cargo::Outcome;

const PAGE: &str = "docs/src/packages.md";

const BEGIN: &str = "<!-- packages: generated, see CONTRIBUTING.md -->\n";
const END: &str = "<!-- end of packages -->\n";

/// Writes the table anew.
pub(super) fn write() -> Outcome {
    let page = repository(PAGE);
    Ok(fs::write(page, current()?)?)
}

/// The page as it should be.
fn current() -> Outcome<String> {
    let results = Results::read(Some(&repository(RESULTS)))?;
    let page = read(&repository(PAGE))?;
    let missing = || format!("{PAGE} has no comments that mark the table of packages");
    let (before, rest) = page.split_once(BEGIN).ok_or_else(missing)?;
    let (_, after) = rest.split_once(END).ok_or_else(missing)?;
    let table = table(&results)?;
    Ok(format!("{before}{BEGIN}\n{table}\n{END}{after}"))
}

fn table(results: &Results) -> Outcome<String> {
    let mut text = String::new();
    let (works, fails): (Vec<&Report>, Vec<&Report>) =
        results.all().partition(|report| report.works());
    let unaided = works.iter().filter(|report| report.lines == 0).count();
    writeln!(
        text,
        "{} packages work; wadup has nothing written for {unaided} of them.\n\n\
         | package | version | backend | size | tried | notes |\n|---|---|---|--:|---|---|",
        works.len()
    )?;
    for report in works {
        let (version, backend, size) = match &report.facts {
            Some(facts) => (&*facts.version, &*facts.backend, size(facts.bytes)),
            None => ("", "", String::new()),
        };
        writeln!(
            text,
            "| {} | {version} | {backend} | {size} | {} | {} |",
            report.name,
            report.tried,
            notes(report)
        )?;
    }
    if !fails.is_empty() {
        writeln!(text, "\nThese do not work:\n\n| package | why |\n|---|---|")?;
    }
    for report in fails {
        let why = report.limits.as_deref().unwrap_or("it fails");
        writeln!(text, "| {} | {why} |", report.name)?;
    }
    Ok(text)
}

fn notes(report: &Report) -> String {
    let mut notes = Vec::new();
    if report.native {
        notes.push(format!("set `native = [\"{}\"]`", report.name));
    }
    notes.extend(report.limits.clone());
    match report.lines {
        0 => {}
        1 => notes.push("an overlay of 1 line".to_owned()),
        lines => notes.push(format!("an overlay of {lines} lines")),
    }
    notes.join("; ")
}

/// The size of the objects before the guest's link, which drops what nothing reaches.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_agrees_with_the_results() {
        let page = read(&repository(PAGE)).unwrap();

        assert!(
            page == current().unwrap(),
            "{PAGE} differs from {RESULTS}\nhelp: run `cargo xtask packages --page`, and read the diff"
        );
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(
            [999, 1001, 12_345_678].map(size),
            ["1 kB", "2 kB", "12.3 MB"]
        );
    }
}
