//! One entry of `[tool.uv.sources]`.

use std::path::Path;

use toml::{Table, Value};

use crate::cpython::Series;
use crate::error::Error;
use crate::plan::{markers, parse_requirement};

/// Where a package comes from, and where that is written.
#[derive(Debug)]
pub(super) struct Source<'a> {
    /// The pyproject.toml with the entry.
    pub(super) file: &'a Path,
    pub(super) line: usize,
    pub(super) place: Place,
}

impl Source<'_> {
    /// The folder of the pyproject.toml.
    pub(super) fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new("."))
    }

    /// An error about this entry, with its line.
    pub(super) fn refused(&self, problem: impl std::fmt::Display) -> Error {
        Error::configuration(self.file, format!("line {}: {problem}", self.line))
    }
}

/// A place on this machine.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A path relative to the pyproject.toml.
    Path(String),
    Workspace,
}

/// Keys that select among several sources by extra or group, which a guest never asks for.
const SELECTORS: [&str; 2] = ["extra", "group"];

/// The location of a source in a guest, or `None` if its markers do not match a guest.
///
/// # Errors
/// What is wrong with the source, and what to write instead.
pub(super) fn place(name: &str, source: &Value) -> Result<Option<Place>, String> {
    let sources = match source {
        Value::Table(table) => vec![table],
        Value::Array(tables) => tables.iter().filter_map(Value::as_table).collect(),
        _ => Vec::new(),
    };
    if sources.is_empty() {
        return Err(unknown(name));
    }
    let mut places = Vec::new();
    for source in sources {
        if holds(name, source)? {
            places.push(one(name, source)?);
        }
    }
    if places.len() > 1 {
        return Err(format!(
            "`{name}` has {} sources whose markers match a guest\nhelp: keep one of them",
            places.len()
        ));
    }
    Ok(places.pop())
}

/// Whether the source's marker matches a guest.
fn holds(name: &str, source: &Table) -> Result<bool, String> {
    if let Some(key) = SELECTORS.iter().find(|key| source.contains_key(**key)) {
        return Err(format!(
            "the source of `{name}` applies to one `{key}` only, and a guest uses none\n\
             help: remove `{key}`, or the source"
        ));
    }
    let Some(marker) = source.get("marker") else {
        return Ok(true);
    };
    let text = marker.as_str().unwrap_or_default();
    let requirement = parse_requirement(&format!("{name} ; {text}")).map_err(|problem| {
        format!("the source of `{name}` has an invalid marker: {problem}\nhelp: use the syntax of markers in dependencies")
    })?;
    // A source is part of the lock, which holds for all releases of a series.
    let guest = markers::of_guest(Series::default().oldest());
    Ok(requirement.evaluate_markers(&guest, &[]))
}

fn one(name: &str, source: &Table) -> Result<Place, String> {
    let text = |key: &str| source.get(key).and_then(Value::as_str);
    if source.get("package").and_then(Value::as_bool) == Some(false) {
        return Err(format!(
            "the source of `{name}` has `package = false`, so there is nothing to install\n\
             help: remove it, or list the requirements of `{name}` in `dependencies`"
        ));
    }
    if let Some(path) = text("path") {
        return Ok(Place::Path(path.to_owned()));
    }
    if source.get("workspace").and_then(Value::as_bool) == Some(true) {
        return Ok(Place::Workspace);
    }
    if let Some(url) = text("git") {
        return Err(format!(
            "the source of `{name}` is the git repository {url}, but wadup.lock can only pin files with hashes\n\
             help: clone the repository beside this project and write `{name} = {{ path = \"...\" }}`"
        ));
    }
    if let Some(url) = text("url") {
        return Err(format!(
            "the source of `{name}` is {url}, but wadup.lock contains no URLs\n\
             help: download the file and write `{name} = {{ path = \"...\" }}`"
        ));
    }
    if let Some(index) = text("index") {
        return Err(format!(
            "the source of `{name}` is the index `{index}`, which wadup cannot pass to uv\n\
             help: remove this source, and `explicit` of that index in [[tool.uv.index]], so that uv searches it before the public one"
        ));
    }
    Err(unknown(name))
}

fn unknown(name: &str) -> String {
    format!(
        "the source of `{name}` is not supported\n\
         help: write `{name} = {{ path = \"...\" }}` or `{name} = {{ workspace = true }}`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place_of(source: &str) -> Result<Option<Place>, String> {
        let table: Table = toml::from_str(&format!("helper = {source}")).unwrap();
        place("helper", &table["helper"])
    }

    #[test]
    fn paths_and_workspaces_are_places_editable_or_not() {
        let path = Some(Place::Path("../helper".into()));

        assert_eq!(place_of("{ path = '../helper' }"), Ok(path));
        assert_eq!(
            place_of("{ workspace = true, editable = false }"),
            Ok(Some(Place::Workspace))
        );
        assert_eq!(
            place_of("{ path = 'x.whl', editable = true }"),
            Ok(Some(Place::Path("x.whl".into())))
        );
    }

    #[test]
    fn the_source_with_a_matching_marker_is_used() {
        let windows = "{ git = 'https://example.org/x', marker = \"sys_platform == 'win32'\" }";
        let guest = "{ path = 'x', marker = \"sys_platform == 'wasi'\" }";

        assert_eq!(
            place_of(&format!("[{windows}, {guest}]")),
            Ok(Some(Place::Path("x".into())))
        );
        assert_eq!(place_of(windows), Ok(None));
        let both = place_of(&format!("[{guest}, {guest}]")).unwrap_err();
        assert!(both.contains("2 sources whose markers match"), "{both}");
    }

    #[test]
    fn unsupported_sources_are_refused_with_help() {
        for (source, expected) in [
            ("{ git = 'https://example.org/x' }", "git repository"),
            ("{ url = 'https://example.org/x.whl' }", "contains no URLs"),
            ("{ index = 'private' }", "the index `private`"),
            ("{ path = 'x', package = false }", "nothing to install"),
            ("{ path = 'x', extra = 'gpu' }", "to one `extra` only"),
            ("{ path = 'x', marker = 'frob' }", "an invalid marker"),
            ("{ workspace = false }", "is not supported"),
            ("{ path = 1 }", "is not supported"),
            ("4", "is not supported"),
        ] {
            let problem = place_of(source).unwrap_err();

            assert!(problem.contains(expected), "{source}: {problem}");
            assert!(problem.contains("\nhelp: "), "{problem}");
        }
    }
}
