//! A recipe: inputs that decide its bytes, and how to fill an empty folder from them.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;

use super::Artifact;
use crate::hash;

/// Everything that takes time and whose result can be kept.
pub(crate) trait Recipe {
    /// The artifact's name with its version: "cpython-3.13.5".
    fn name(&self) -> String;

    /// Everything that decides the bytes of the artifact.
    fn inputs(&self) -> Inputs;

    /// What a waiting user reads: "building CPython 3.13.5 for wasm".
    fn step(&self) -> String;

    /// Fills the empty folder `dirs.content`.
    fn fill(&self, dirs: &RecipeDirs<'_>) -> crate::Result<()>;
}

/// Where a recipe works.
pub(crate) struct RecipeDirs<'a> {
    /// The empty folder that becomes the artifact.
    pub(crate) content: &'a Path,
    /// A folder for everything else, removed afterwards.
    pub(crate) scratch: &'a Path,
    /// The file for all that tools print.
    pub(crate) log: &'a Path,
}

/// The sources of a recipe, for its key: the names of files beside the one that calls this.
macro_rules! code {
    ($($file:literal),+ $(,)?) => {
        &[$(include_str!($file)),+]
    };
}
pub(crate) use code;

/// A source file without its comments and tests, which decide no bytes.
fn effective(source: &str) -> String {
    let end = source.find("\n#[cfg(test)]\nmod ").unwrap_or(source.len());
    source[..end]
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// The named inputs of a recipe, from which its key is made.
#[derive(Debug, Default)]
pub(crate) struct Inputs(BTreeMap<String, String>);

impl Inputs {
    /// Begins with the code of the recipe itself: `code!["libpython.rs", ...]`.
    pub(crate) fn of_code(files: &[&str]) -> Self {
        Self::default().with_code("code", files)
    }

    /// Adds the code of another module that decides bytes.
    pub(crate) fn with_code(self, name: &str, files: &[&str]) -> Self {
        let effective = files.iter().map(|file| effective(file));
        self.with(name, hash::of_bytes(effective.collect::<String>()))
    }

    pub(crate) fn with(mut self, name: &str, value: impl Display) -> Self {
        self.0.insert(name.to_owned(), value.to_string());
        self
    }

    pub(crate) fn with_artifact(self, artifact: &Artifact) -> Self {
        let name = format!("artifact {}", artifact.id());
        self.with(&name, "")
    }

    /// Sixteen hexadecimal digits are plenty to tell the artifacts of one store apart.
    pub(super) fn key(&self, name: &str) -> String {
        hash::of_bytes(self.text(name))[..16].to_owned()
    }

    /// All of them as one text, under the name of the recipe.
    pub(super) fn text(&self, name: &str) -> String {
        let mut text = format!("{name}\n");
        for (name, value) in &self.0 {
            // The lengths keep two different lists from making one text.
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
