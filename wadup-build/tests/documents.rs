//! What the documents say: each setting of the parser is described, in the book and here, and each link leads somewhere.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

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

/// What stands between backticks.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// The names in the first column of a table, below the heading row that begins with `head`.
fn first_column(text: &str, head: &str) -> BTreeSet<String> {
    let (_, table) = text.split_once(head).unwrap();
    table
        .lines()
        .skip(2)
        .map_while(|line| line.trim_start_matches("//! ").strip_prefix("| "))
        .flat_map(|row| quoted(row.split(" | ").next().unwrap()))
        .map(|name| name.split('=').next().unwrap().to_owned())
        .collect()
}

/// The keys of `[tool.wadup]`, as the parser lists them when it meets another.
fn keys() -> BTreeSet<String> {
    let project = tempfile::tempdir().unwrap();
    let file = project.path().join("pyproject.toml");
    fs::write(file, "[tool.wadup]\nno-such-key = 1\n").unwrap();
    let message = wadup_build::wants_snapshot(project.path())
        .unwrap_err()
        .to_string();
    let (_, known) = message.split_once("expected one of ").unwrap();
    quoted(known)
}

#[test]
fn the_book_describes_every_setting_and_no_other() {
    let described = first_column(&read("docs/src/settings.md"), "| key |");

    assert_eq!(described, keys());
}

#[test]
fn the_crates_own_documentation_has_every_setting_and_no_other() {
    let text = read(Path::new(PACKAGE).join("src/lib.rs"));
    let (_, block) = text.split_once("//! ```toml\n").unwrap();
    let (block, _) = block.split_once("//! ```\n").unwrap();

    let described: BTreeSet<String> = block
        .lines()
        .filter_map(|line| line.strip_prefix("//! ")?.split_once(" = "))
        .map(|(key, _)| key.to_owned())
        .collect();

    assert_eq!(described, keys());
}

#[test]
fn the_book_and_the_crates_own_documentation_name_the_same_variables() {
    let book = first_column(&read("docs/src/settings.md"), "| variable |");
    let documentation = first_column(&read(Path::new(PACKAGE).join("src/lib.rs")), "| variable |");

    assert!(book.contains("WADUP_CACHE_DIR"), "{book:?}");
    assert_eq!(book, documentation);
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
                let headings = headings(&prose(&fs::read_to_string(path).unwrap()));
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
