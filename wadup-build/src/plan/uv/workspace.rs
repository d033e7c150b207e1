//! The workspace of a project, found as uv finds it.

use std::path::{Path, PathBuf};

use glob::Pattern;

use super::project::{Members, Project};
use crate::error::Result;

#[derive(Debug)]
pub(super) struct Workspace {
    pub(super) root: Project,
    members: Members,
}

impl Workspace {
    /// The workspace of a project: its own, or that of the nearest project above it, if this project is a member.
    pub(super) fn of(project: &Project) -> Result<Option<Self>> {
        if let Some(members) = project.members() {
            let members = members.clone();
            let root = Project::read(project.folder())?;
            return Ok(root.map(|root| Self { root, members }));
        }
        // A relative path has no ancestors above its first component.
        let folder = absolute(project.folder());
        for above in folder.ancestors().skip(1) {
            let Some(root) = Project::read(above)? else {
                continue;
            };
            let Some(members) = root.members().cloned() else {
                return Ok(None);
            };
            let workspace = Self { root, members };
            return Ok(workspace.has(&folder)?.then_some(workspace));
        }
        Ok(None)
    }

    /// The folder of the member with this normalized name.
    pub(super) fn member(&self, name: &str) -> Result<Option<PathBuf>> {
        let root = absolute(self.root.folder());
        if self.root.name().as_deref() == Some(name) {
            return Ok(Some(root));
        }
        for pattern in &self.members.members {
            let pattern = self.pattern(pattern);
            let folders = glob::glob(&pattern).map_err(|error| self.malformed(&pattern, &error))?;
            for folder in folders.flatten() {
                if let Some(project) = Project::read(&folder)?
                    && project.name().as_deref() == Some(name)
                    && !self.matches(&self.members.exclude, &folder)?
                {
                    return Ok(Some(absolute(&folder)));
                }
            }
        }
        Ok(None)
    }

    fn has(&self, folder: &Path) -> Result<bool> {
        Ok(self.matches(&self.members.members, folder)?
            && !self.matches(&self.members.exclude, folder)?)
    }

    fn matches(&self, patterns: &[String], folder: &Path) -> Result<bool> {
        for pattern in patterns {
            let pattern = self.pattern(pattern);
            let parsed =
                Pattern::new(&pattern).map_err(|error| self.malformed(&pattern, &error))?;
            if parsed.matches_path(folder) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A pattern of pyproject.toml as one for absolute paths.
    fn pattern(&self, pattern: &str) -> String {
        let root = absolute(self.root.folder());
        let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
        format!("{}/{pattern}", Pattern::escape(&root.to_string_lossy()))
    }

    fn malformed(&self, pattern: &str, error: &glob::PatternError) -> crate::error::Error {
        self.root
            .refused(format!("[tool.uv.workspace]: `{pattern}`: {error}"))
    }
}

/// The path without symlinks, or unchanged if it does not exist.
fn absolute(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
