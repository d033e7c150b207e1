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

/// The named inputs of a recipe, from which its key is made.
#[derive(Debug, Default)]
pub(crate) struct Inputs(BTreeMap<String, String>);

impl Inputs {
    /// `revision` counts the changes of the recipe's own code that change what it makes.
    pub(crate) fn new(revision: u32) -> Self {
        Self::default().with("revision", revision)
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
