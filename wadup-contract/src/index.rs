//! The index of a guest's Python code: the build script writes it, and the macro checks names against it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::definition::Definitions;

/// The variable in which the build script gives the macro the absolute path of the index.
pub const VARIABLE: &str = "WADUP_INDEX";

/// The name of the file.
pub const FILE: &str = "index.json";

/// What is known of the Python code in the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// `[tool.wadup] entry-point` of pyproject.toml.
    pub entry: Option<String>,
    /// What a snapshot begins with, as pyproject.toml says.
    pub snapshot: Snapshot,
    /// The modules by dotted name. `None` if there is no bundle, as in a check on the build machine: then nothing is known.
    pub modules: Option<BTreeMap<String, PythonModule>>,
    /// Whether the guest also exports what runs its tests.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tests: bool,
}

/// What is done before a snapshot is written out, besides importing the modules of the entry and the exports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// `[tool.wadup] snapshot`: whether `cargo wadup build --release` takes one.
    pub wanted: bool,
    /// `[tool.wadup] preload`: modules to import.
    pub preload: Vec<String>,
    /// `[tool.wadup] snapshot-init`: a function to call after the imports, as `module:function`.
    pub init: Option<String>,
}

/// What is known of one Python module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PythonModule {
    /// What the module defines at its top level.
    pub names: Vec<String>,
    /// Whether it may define other names, which only running it would show.
    pub open: bool,
    /// The path of its source, for messages. Only that of the user's modules is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What its names stand for, where the source says so.
    #[serde(default, skip_serializing_if = "Definitions::is_empty")]
    pub definitions: Definitions,
    /// Why a guest cannot begin with it, if it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}
