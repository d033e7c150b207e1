//! What the documents say: their tables of settings are those of the code, and each link leads somewhere.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../src/cpython/default.rs"]
mod cpython;
mod python;
mod settings;
mod trust;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The documents of the repository that are part of the book or lead into it.
const DOCUMENTS: [&str; 7] = [
    "README.md",
    "ARCHITECTURE.md",
    "BENCHMARKS.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "TRUST.md",
];
const BOOK: &str = "docs/src";

const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");

fn workspace() -> PathBuf {
    let mut folders = Path::new(PACKAGE).ancestors();
    folders
        .find(|folder| folder.join(BOOK).is_dir())
        .unwrap()
        .to_owned()
}

fn read(file: impl AsRef<Path>) -> String {
    let path = workspace().join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    for document in documents() {
        let text = prose(&read(&document));
        for target in links(&text) {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = match file {
                "" => document.clone(),
                file => document.parent().unwrap().join(file),
            };
            let path = workspace().join(&file);
            assert!(path.is_file(), "{}: {target}", document.display());
            if !heading.is_empty() {
                let headings = headings(&prose(&included(&path)));
                assert!(
                    headings.contains(heading),
                    "{}: {target}: {headings:?}",
                    document.display()
                );
            }
        }
    }
}

#[test]
fn the_summary_has_every_page_of_the_book() {
    let summary = read("docs/src/SUMMARY.md");
    let linked: BTreeSet<PathBuf> = links(&summary)
        .into_iter()
        .map(|page| Path::new(BOOK).join(page))
        .collect();

    let pages: BTreeSet<PathBuf> = pages().into_iter().collect();

    assert_eq!(linked, pages);
}

/// The pages of the book but for its summary.
fn pages() -> Vec<PathBuf> {
    fs::read_dir(workspace().join(BOOK))
        .unwrap()
        .map(|entry| Path::new(BOOK).join(entry.unwrap().file_name()))
        .filter(|page| page.extension().is_some_and(|extension| extension == "md"))
        .filter(|page| !page.ends_with("SUMMARY.md"))
        .collect()
}

fn documents() -> Vec<PathBuf> {
    let mut documents = pages();
    documents.extend(DOCUMENTS.map(PathBuf::from));
    documents
}

/// The text of a page, or of the document that mdBook includes in its place.
fn included(page: &Path) -> String {
    let text = fs::read_to_string(page).unwrap();
    match text.strip_prefix("{{#include ") {
        Some(rest) => {
            let file = rest.split("}}").next().unwrap();
            fs::read_to_string(page.parent().unwrap().join(file)).unwrap()
        }
        None => text,
    }
}

/// The text without blocks of code.
fn prose(text: &str) -> String {
    text.split("```").step_by(2).collect()
}

/// The targets of links to files of the repository.
fn links(text: &str) -> Vec<&str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target)
        .filter(|target| !target.contains("://"))
        .collect()
}

/// The names by which links find headings.
fn headings(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .replace(' ', "-")
                .chars()
                .filter(|letter| letter.is_alphanumeric() || "-_".contains(*letter))
                .collect()
        })
        .collect()
}
