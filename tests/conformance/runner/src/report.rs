//! Prints a line for each file, then what was not expected, then the sums.

use std::collections::BTreeMap;

use crate::expected::{Differences, Files};
use crate::guest::Ended;
use crate::outcomes::{FileOutcomes, Outcome};
use crate::totals::Totals;

/// How many tests are listed under one message.
const NAMED: usize = 4;

/// Prints the line of one file; `done` of `all` have run.
pub(crate) fn file(ended: &Ended, done: usize, all: usize) {
    println!(
        "[{done:>3}/{all}] {:<52} {} {:>6.1} s",
        ended.file,
        counts([&ended.outcomes]),
        ended.seconds
    );
    if let Some(broken) = &ended.outcomes.broken {
        println!("          BROKE OFF {broken}");
    }
}

/// Prints the outcomes of all files, and returns whether they are as expected.
pub(crate) fn summary(
    files: &Files,
    totals: &Totals,
    differences: &Differences,
    seconds: f64,
) -> bool {
    let mut by_message: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (test, message) in &differences.failed {
        by_message.entry(message).or_default().push(test);
    }
    for (message, tests) in by_message {
        println!("\n{} failed: {message}", tests.len());
        list(&tests);
    }
    let groups: [(&str, &[String]); 3] = [
        ("passed, but are listed as failing", &differences.passed),
        ("listed, but no such test ran", &differences.idle),
        ("listed without a reason", &differences.unexplained),
    ];
    for (what, tests) in groups.into_iter().filter(|(_, tests)| !tests.is_empty()) {
        println!("\n{} {what}:", tests.len());
        list(tests);
    }
    let broken = files.values().filter(|file| file.broken.is_some()).count();
    println!(
        "\n{} files:{} in {seconds:.0} s; {} not expected, {broken} files broke off",
        files.len(),
        counts(files.values()),
        differences.failed.len() + differences.passed.len() + differences.idle.len(),
    );
    println!("{totals}");
    *differences == Differences::default() && broken == 0
}

fn list(tests: &[impl AsRef<str>]) {
    for test in tests.iter().take(NAMED) {
        println!("    {}", test.as_ref());
    }
    if tests.len() > NAMED {
        println!("    and {} more", tests.len() - NAMED);
    }
}

fn counts<'a>(files: impl IntoIterator<Item = &'a FileOutcomes> + Clone) -> String {
    let columns = [
        ("passed", Outcome::Passed),
        ("failed", Outcome::Failed),
        ("skipped", Outcome::Skipped),
        ("expected by itself", Outcome::Expected),
    ];
    columns
        .iter()
        .map(|(name, outcome)| {
            let count: usize = files
                .clone()
                .into_iter()
                .map(|file| file.count(*outcome))
                .sum();
            format!(" {count:>6} {name}")
        })
        .collect()
}
