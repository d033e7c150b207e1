//! A recipe: the inputs that decide an artifact's bytes, and how to fill an empty folder from them.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;

use super::Artifact;
use crate::hash;

/// A step that takes time and whose result is cached.
pub(crate) trait Recipe {
    /// The artifact's name with its version: "cpython-VERSION".
    fn name(&self) -> String;

    /// Everything that decides the bytes of the artifact.
    fn inputs(&self) -> Inputs;

    /// The step as users see it: "building CPython VERSION for wasm".
    fn step(&self) -> String;

    /// Whether the artifact has what belongs to this machine or its user, so that no mirror may have it. What is made from
    /// such an artifact is private too.
    fn is_private(&self) -> bool {
        false
    }

    /// Fills the empty folder `dirs.content`.
    fn fill(&self, dirs: &RecipeDirs<'_>) -> crate::Result<()>;
}

/// The folders and the log of a recipe.
pub(crate) struct RecipeDirs<'a> {
    /// The empty folder that becomes the artifact.
    pub(crate) content: &'a Path,
    /// A scratch folder, removed afterwards.
    pub(crate) scratch: &'a Path,
    /// The file for the output of tools.
    pub(crate) log: &'a Path,
}

/// The sources of a recipe, for its key: the given files in the folder of the calling file.
macro_rules! code {
    ($($file:literal),+ $(,)?) => {
        &[$(include_str!($file)),+]
    };
}
pub(crate) use code;

/// A source file without comments and tests, which do not affect the artifact.
fn effective(source: &str) -> String {
    let end = source.find("\n#[cfg(test)]\nmod ").unwrap_or(source.len());
    source[..end]
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// How the name of an input begins that is an artifact.
const ARTIFACT: &str = "artifact ";

/// The named inputs of a recipe, which its key is computed from.
#[derive(Debug, Default)]
pub(crate) struct Inputs(BTreeMap<String, String>);

impl Inputs {
    /// Starts with the code of the recipe: `code!["libpython.rs", ...]`.
    pub(crate) fn of_code(files: &[&str]) -> Self {
        Self::default().with_code("code", files)
    }

    /// Adds the code of another module that affects the artifact.
    pub(crate) fn with_code(self, name: &str, files: &[&str]) -> Self {
        let effective = files.iter().map(|file| effective(file));
        self.with(name, hash::of_bytes(effective.collect::<String>()))
    }

    pub(crate) fn with(mut self, name: &str, value: impl Display) -> Self {
        self.0.insert(name.to_owned(), value.to_string());
        self
    }

    pub(crate) fn with_artifact(self, artifact: &Artifact) -> Self {
        let name = format!("{ARTIFACT}{}", artifact.id());
        self.with(&name, "")
    }

    /// The names and keys of the artifacts among the inputs.
    pub(super) fn artifacts(&self) -> impl Iterator<Item = &str> {
        self.0.keys().filter_map(|name| name.strip_prefix(ARTIFACT))
    }

    /// Sixteen hexadecimal digits are enough to distinguish the artifacts of one store.
    pub(super) fn key(&self, name: &str) -> String {
        hash::of_bytes(self.text(name))[..16].to_owned()
    }

    /// All inputs as one text, with the name of the recipe.
    pub(super) fn text(&self, name: &str) -> String {
        let mut text = format!("{name}\n");
        for (name, value) in &self.0 {
            // The lengths make the text unambiguous.
            text.push_str(&format!("{} {} {name}={value}\n", name.len(), value.len()));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(source: &str) -> String {
        Inputs::of_code(&[source]).key("recipe")
    }

    #[test]
    fn code_changes_the_key() {
        assert_ne!(key("fn fill() { strip(); }\n"), key("fn fill() {}\n"));
    }

    #[test]
    fn comments_and_tests_do_not_change_the_key() {
        let source = "fn fill() {}\n";

        let explained = "//! Fills.\n/// Why.\nfn fill() {}\n";
        assert_eq!(key(explained), key(source));
        let tested = format!("{source}\n#[cfg(test)]\nmod tests {{ fn works() {{}} }}\n");
        assert_eq!(key(&tested), key(source));
    }

    #[test]
    fn code_of_another_module_changes_the_key() {
        let inputs = |rule| Inputs::of_code(&["fn fill() {}"]).with_code("isolate", &[rule]);

        assert_ne!(
            inputs("fn hide() {}").key("recipe"),
            inputs("fn show() {}").key("recipe")
        );
    }
}
