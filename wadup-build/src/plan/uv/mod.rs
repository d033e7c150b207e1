//! `[tool.uv]`: package sources and settings, followed as uv does, or refused with their line.
//!
//! wadup passes only names to uv, and uv reads a project's sources only if it is given the project itself. Without this
//! module, a name with a local source would be looked up in the public index, where anyone may own it.

mod project;
mod settings;
mod source;
mod workspace;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use project::Project;
use source::{Place, Source};
use workspace::Workspace;

use super::Plan;
use crate::error::{Error, Result};

/// A package on this machine, from a source of the guest's project or of another such package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LocalPackage {
    /// The normalized name.
    pub(crate) name: String,
    /// A folder with a project, a wheel or a source archive.
    pub(crate) path: PathBuf,
    /// The pyproject.toml with its source.
    pub(crate) declared_in: PathBuf,
    /// The line of the source.
    pub(crate) line: usize,
}

impl LocalPackage {
    /// An error about this package that points to its source.
    pub(crate) fn refused(&self, problem: impl std::fmt::Display) -> Error {
        let problem = format!("line {}: {problem}", self.line);
        Error::configuration(&self.declared_in, problem)
    }
}

/// The tables of uv, as far as they concern a guest.
#[derive(Debug, Default)]
pub(crate) struct UvTables {
    /// The packages on this machine that the dependencies require, directly or not.
    pub(crate) packages: Vec<LocalPackage>,
    /// The settings that affect resolution, normalized; empty if there are none. uv reads them by itself.
    pub(crate) settings: String,
    /// Every file that was read.
    pub(crate) files: BTreeSet<PathBuf>,
}

impl UvTables {
    /// Reads the tables for the dependencies of a plan.
    ///
    /// # Errors
    /// If a guest cannot use the source of a dependency, or a setting would make the lock file wrong. The error names
    /// the line.
    pub(crate) fn of(plan: &Plan) -> Result<Self> {
        let mut tables = Self::default();
        // Pinned requirements with hashes are used as they are, so nothing is resolved.
        if plan.dependencies.is_empty() || plan.requirements.is_some() {
            return Ok(tables);
        }
        let Some(project) = Project::read(&plan.project)? else {
            tables.settings = settings::of_ancestors(&plan.project, &mut tables.files)?;
            return Ok(tables);
        };
        let workspace = Workspace::of(&project)?;
        let root = workspace.as_ref().map(|workspace| &workspace.root);
        tables.settings = settings::read(root.unwrap_or(&project), &mut tables.files)?;
        let mut names: BTreeSet<String> = plan
            .dependencies
            .iter()
            .map(|dependency| dependency.name.to_string())
            .collect();
        names.extend(root.unwrap_or(&project).overridden());
        tables.packages = local_packages(project, workspace, names, &mut tables.files)?;
        Ok(tables)
    }
}

/// The packages on this machine that `names` require, followed from project to project.
fn local_packages(
    project: Project,
    workspace: Option<Workspace>,
    names: BTreeSet<String>,
    files: &mut BTreeSet<PathBuf>,
) -> Result<Vec<LocalPackage>> {
    let mut found: BTreeMap<String, LocalPackage> = BTreeMap::new();
    let mut waiting = VecDeque::from([(project, workspace, names)]);
    while let Some((project, workspace, names)) = waiting.pop_front() {
        files.insert(project.file.clone());
        files.extend(
            workspace
                .iter()
                .map(|workspace| workspace.root.file.clone()),
        );
        for name in names {
            let Some(source) = source_of(&name, &project, workspace.as_ref())? else {
                continue;
            };
            let package = locate(name, &source, workspace.as_ref())?;
            if let Some(other) = found.get(&package.name) {
                if other.path == package.path {
                    continue;
                }
                return Err(package.refused(format!(
                    "`{}` has two sources: `{}` here, and `{}` in line {} of {}\n\
                     help: use the same folder in both",
                    package.name,
                    package.path.display(),
                    other.path.display(),
                    other.line,
                    other.declared_in.display()
                )));
            }
            // An archive has metadata of its own and no sources.
            if let Some(project) = Project::read(&package.path)? {
                let names = project.required();
                let workspace = Workspace::of(&project)?;
                refuse_local_backend(&package, &project, workspace.as_ref())?;
                waiting.push_back((project, workspace, names));
            }
            found.insert(package.name.clone(), package);
        }
    }
    Ok(found.into_values().collect())
}

/// Refuses a local build requirement: uv installs those from an index, where sources do not apply.
fn refuse_local_backend(
    package: &LocalPackage,
    project: &Project,
    workspace: Option<&Workspace>,
) -> Result<()> {
    for name in project.build_requirements() {
        if source_of(&name, project, workspace)?.is_some() {
            return Err(package.refused(format!(
                "`{}` needs `{name}` to build, which has a source: build requirements can only come from an index\n\
                 help: build a wheel of `{}` and write `{} = {{ path = \"....whl\" }}`",
                package.name, package.name, package.name
            )));
        }
    }
    Ok(())
}

/// The source of a name: the project's own, or else that of its workspace.
fn source_of<'a>(
    name: &str,
    project: &'a Project,
    workspace: Option<&'a Workspace>,
) -> Result<Option<Source<'a>>> {
    let root = workspace.map(|workspace| &workspace.root);
    for project in [project].into_iter().chain(root) {
        if let Some(source) = project.source(name)? {
            return Ok(Some(source));
        }
    }
    Ok(None)
}

fn locate(
    name: String,
    source: &Source<'_>,
    workspace: Option<&Workspace>,
) -> Result<LocalPackage> {
    let package = |path: PathBuf| LocalPackage {
        name: name.clone(),
        path,
        declared_in: source.file.to_owned(),
        line: source.line,
    };
    match &source.place {
        Place::Path(path) => {
            let path = source.folder().join(path);
            let existing = path.canonicalize().ok().filter(|path| is_package(path));
            existing.map(package).ok_or_else(|| {
                source.refused(format!(
                    "the source of `{name}` is not a project, wheel or source archive: `{}`\n\
                     help: use a folder with a pyproject.toml, or a .whl or .tar.gz file",
                    path.display()
                ))
            })
        }
        Place::Workspace => {
            let Some(workspace) = workspace else {
                return Err(source.refused(format!(
                    "the source of `{name}` is a workspace, but this project is in no workspace\n\
                     help: write `{name} = {{ path = \"...\" }}`"
                )));
            };
            let member = workspace.member(&name)?.ok_or_else(|| {
                source.refused(format!(
                    "the workspace of `{}` has no member `{name}`\n\
                     help: add its folder to `members` of [tool.uv.workspace]",
                    workspace.root.file.display()
                ))
            })?;
            Ok(package(member))
        }
    }
}

fn is_package(path: &Path) -> bool {
    if path.is_dir() {
        return ["pyproject.toml", "setup.py"]
            .iter()
            .any(|file| path.join(file).is_file());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.is_file()
        && [".whl", ".tar.gz", ".zip"]
            .iter()
            .any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests;
