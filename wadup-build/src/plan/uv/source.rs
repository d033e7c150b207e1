//! One entry of `[tool.uv.sources]`.

use toml::{Table, Value};

use super::project::Project;
use crate::error::Error;
use crate::plan::{markers, parse_requirement};

/// Where a name is to come from, and who says so.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub(super) project: &'a Project,
    pub(super) line: usize,
    pub(super) place: Place,
}

impl Source<'_> {
    pub(super) fn refused(&self, problem: impl std::fmt::Display) -> Error {
        self.project
            .refused(format!("line {}: {problem}", self.line))
    }
}

/// A place on this machine.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Relative to the file that names it.
    Path(String),
    Workspace,
}

/// Keys that choose between several sources by what an installation asks for; a guest asks for nothing.
const CHOICES: [&str; 2] = ["extra", "group"];

/// The place that a source stands for in a guest; none if its markers hold elsewhere alone.
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
            "`{name}` has {} sources whose markers hold in a guest\nhelp: leave one of them",
            places.len()
        ));
    }
    Ok(places.pop())
}

/// Whether the source's marker holds in a guest.
fn holds(name: &str, source: &Table) -> Result<bool, String> {
    if let Some(choice) = CHOICES.iter().find(|key| source.contains_key(**key)) {
        return Err(format!(
            "the source of `{name}` is for one `{choice}` alone, and a guest asks for none\n\
             help: remove `{choice}`, or the source"
        ));
    }
    let Some(marker) = source.get("marker") else {
        return Ok(true);
    };
    let text = marker.as_str().unwrap_or_default();
    let requirement = parse_requirement(&format!("{name} ; {text}")).map_err(|problem| {
        format!("the marker of the source of `{name}` is not one: {problem}\nhelp: write it as after the `;` of a dependency")
    })?;
    Ok(requirement.evaluate_markers(&markers::of_guest(), &[]))
}

fn one(name: &str, source: &Table) -> Result<Place, String> {
    let text = |key: &str| source.get(key).and_then(Value::as_str);
    if source.get("package").and_then(Value::as_bool) == Some(false) {
        return Err(format!(
            "the source of `{name}` says `package = false`, so that there is nothing to install\n\
             help: remove that, or list the requirements of `{name}` in `dependencies`"
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
            "`{name}` comes from the git repository {url}, and wadup.lock can hold files with hashes alone\n\
             help: check the repository out beside this project and write `{name} = {{ path = \"...\" }}`"
        ));
    }
    if let Some(url) = text("url") {
        return Err(format!(
            "`{name}` comes from {url}, and wadup.lock holds no addresses\n\
             help: download the file and write `{name} = {{ path = \"...\" }}`"
        ));
    }
    if let Some(index) = text("index") {
        return Err(format!(
            "`{name}` is to come from the index `{index}` alone, which wadup cannot tell uv\n\
             help: remove this source, and `explicit` from that index in [[tool.uv.index]]: uv then asks it before the public one"
        ));
    }
    Err(unknown(name))
}

fn unknown(name: &str) -> String {
    format!(
        "the source of `{name}` is not one that wadup knows\n\
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
    fn a_path_and_a_workspace_are_places_editable_or_not() {
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
    fn of_several_sources_the_one_counts_whose_marker_holds_in_a_guest() {
        let windows = "{ git = 'https://example.org/x', marker = \"sys_platform == 'win32'\" }";
        let guest = "{ path = 'x', marker = \"sys_platform == 'wasi'\" }";

        assert_eq!(
            place_of(&format!("[{windows}, {guest}]")),
            Ok(Some(Place::Path("x".into())))
        );
        assert_eq!(place_of(windows), Ok(None));
        let both = place_of(&format!("[{guest}, {guest}]")).unwrap_err();
        assert!(both.contains("2 sources whose markers hold"), "{both}");
    }

    #[test]
    fn what_cannot_be_had_is_refused_with_what_to_write_instead() {
        for (source, expected) in [
            ("{ git = 'https://example.org/x' }", "git repository"),
            (
                "{ url = 'https://example.org/x.whl' }",
                "holds no addresses",
            ),
            ("{ index = 'private' }", "the index `private` alone"),
            ("{ path = 'x', package = false }", "nothing to install"),
            ("{ path = 'x', extra = 'gpu' }", "for one `extra` alone"),
            (
                "{ path = 'x', marker = 'frob' }",
                "the marker of the source",
            ),
            ("{ workspace = false }", "not one that wadup knows"),
            ("{ path = 1 }", "not one that wadup knows"),
            ("4", "not one that wadup knows"),
        ] {
            let problem = place_of(source).unwrap_err();

            assert!(problem.contains(expected), "{source}: {problem}");
            assert!(problem.contains("\nhelp: "), "{problem}");
        }
    }
}
