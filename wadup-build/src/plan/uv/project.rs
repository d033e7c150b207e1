//! A pyproject.toml as uv sees it: what it requires, and its table `[tool.uv]`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use pep508_rs::PackageName;
use serde::Deserialize;
use toml::{Spanned, Value};

use super::source::{self, Source};
use crate::error::{Error, FileContext, Result};
use crate::plan::document::Document;
use crate::plan::{parse_requirement, pyproject};

#[derive(Debug)]
pub(super) struct Project {
    pub(super) file: PathBuf,
    text: String,
    content: Content,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Content {
    build_system: Option<BuildSystem>,
    project: Option<Metadata>,
    #[serde(default)]
    tool: Tool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Metadata {
    name: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
    #[serde(default)]
    optional_dependencies: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    dynamic: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct BuildSystem {
    #[serde(default)]
    requires: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Tool {
    #[serde(default)]
    uv: Table,
}

/// The tables in `[tool.uv]` that are not settings.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Table {
    #[serde(default)]
    sources: BTreeMap<String, Spanned<Value>>,
    workspace: Option<Members>,
    #[serde(default)]
    override_dependencies: Vec<Value>,
}

/// `[tool.uv.workspace]`.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Members {
    /// Glob patterns of folders, relative to the root.
    #[serde(default)]
    pub(super) members: Vec<String>,
    #[serde(default)]
    pub(super) exclude: Vec<String>,
}

impl Project {
    /// The project in a folder, or `None` if it has no pyproject.toml.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>> {
        let file = folder.join(pyproject::FILE);
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error)
                if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory]
                    .contains(&error.kind()) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(error).on("read", &file),
        };
        let content = Document {
            path: &file,
            text: &text,
        }
        .read()?;
        Ok(Some(Self {
            file,
            text,
            content,
        }))
    }

    pub(super) fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new("."))
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn document(&self) -> Document<'_> {
        Document {
            path: &self.file,
            text: &self.text,
        }
    }

    /// The normalized name.
    pub(super) fn name(&self) -> Option<String> {
        let name = self.content.project.as_ref()?.name.as_ref()?;
        Some(normalized(name))
    }

    pub(super) fn members(&self) -> Option<&Members> {
        self.content.tool.uv.workspace.as_ref()
    }

    /// The names of all packages that the project may require. If only its build tool knows them, all names with a
    /// source.
    pub(super) fn required(&self) -> BTreeSet<String> {
        let is_dynamic = |field: &String| field.ends_with("dependencies");
        match &self.content.project {
            Some(project) if !project.dynamic.iter().any(is_dynamic) => {
                let optional = project.optional_dependencies.values().flatten();
                names(
                    project
                        .dependencies
                        .iter()
                        .chain(optional)
                        .map(String::as_str),
                )
            }
            _ => {
                let sources = &self.content.tool.uv.sources;
                sources.keys().map(|name| normalized(name)).collect()
            }
        }
    }

    /// The names in `override-dependencies`, which uv resolves like dependencies.
    pub(super) fn overridden(&self) -> BTreeSet<String> {
        let texts = &self.content.tool.uv.override_dependencies;
        names(texts.iter().filter_map(Value::as_str))
    }

    /// The names of the project's build requirements.
    pub(super) fn build_requirements(&self) -> BTreeSet<String> {
        let systems = self.content.build_system.iter();
        names(
            systems
                .flat_map(|system| &system.requires)
                .map(String::as_str),
        )
    }

    /// The source of a name in a guest, if it has one.
    ///
    /// # Errors
    /// If a guest cannot use it.
    pub(super) fn source(&self, name: &str) -> Result<Option<Source<'_>>> {
        let sources = &self.content.tool.uv.sources;
        let Some((_, value)) = sources.iter().find(|(key, _)| normalized(key) == name) else {
            return Ok(None);
        };
        let place = source::place(name, value.as_ref())
            .map_err(|problem| self.document().error(&value.span(), problem))?;
        Ok(place.map(|place| Source {
            file: &self.file,
            line: self.document().line(&value.span()),
            place,
        }))
    }

    /// An error about this file as a whole.
    pub(super) fn refused(&self, problem: impl std::fmt::Display) -> Error {
        Error::configuration(&self.file, problem)
    }
}

/// The normalized names in requirements. The package's build tool reports invalid ones.
fn names<'a>(requirements: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let requirements = requirements.filter_map(|text| parse_requirement(text).ok());
    requirements.map(|found| found.name.to_string()).collect()
}

/// The name as normalized by PEP 503. An invalid name is returned unchanged and equals no other.
fn normalized(name: &str) -> String {
    PackageName::from_str(name).map_or_else(|_| name.to_owned(), |name| name.to_string())
}
