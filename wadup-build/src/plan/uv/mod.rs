//! What `[tool.uv]` says of the packages: taken as uv takes it, or refused at its line.
//!
//! wadup hands uv names alone, and uv looks at the sources of a project only where it is handed the project itself. A name that a
//! project takes from its own machine would be looked up in the public index, where it is anybody's.

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

/// A package whose files lie on this machine, by a source of the guest's project or of another such package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LocalPackage {
    /// The normalized name.
    pub(crate) name: String,
    /// A folder with a project, or a wheel or a source archive.
    pub(crate) path: PathBuf,
    /// The pyproject.toml that names it.
    pub(crate) asked_in: PathBuf,
    /// The line there.
    pub(crate) line: usize,
}

impl LocalPackage {
    /// A problem with this package, reported where it is named.
    pub(crate) fn refused(&self, problem: impl std::fmt::Display) -> Error {
        let problem = format!("line {}: {problem}", self.line);
        Error::configuration(&self.asked_in, problem)
    }
}

/// What the tables of uv mean for a guest.
#[derive(Debug, Default)]
pub(crate) struct UvTables {
    /// The packages on this machine that the dependencies lead to.
    pub(crate) packages: Vec<LocalPackage>,
    /// The settings that decide what uv resolves, in one spelling; empty without any. uv reads them by itself.
    pub(crate) settings: String,
    /// Every file that was read.
    pub(crate) files: BTreeSet<PathBuf>,
}

impl UvTables {
    /// Reads what there is for the dependencies of a plan.
    ///
    /// # Errors
    /// When a dependency has a source that a guest cannot have, or a setting would falsify the lock; the error names the line.
    pub(crate) fn of(plan: &Plan) -> Result<Self> {
        let mut tables = Self::default();
        // A file of pins decides by its hashes, and nothing is resolved.
        if plan.dependencies.is_empty() || plan.requirements.is_some() {
            return Ok(tables);
        }
        let Some(project) = Project::read(&plan.project)? else {
            tables.settings = settings::of_ancestors(&plan.project, &mut tables.files)?;
            return Ok(tables);
        };
        let workspace = Workspace::of(&project)?;
        let of_workspace = workspace.as_ref().map(|workspace| &workspace.root);
        tables.settings = settings::read(of_workspace.unwrap_or(&project), &mut tables.files)?;
        let mut names: BTreeSet<String> = plan
            .dependencies
            .iter()
            .map(|dependency| dependency.name.to_string())
            .collect();
        names.extend(of_workspace.unwrap_or(&project).overridden());
        tables.packages = closure(project, workspace, names, &mut tables.files)?;
        Ok(tables)
    }
}

/// The packages on this machine that `names` lead to, from project to project.
fn closure(
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
            let package = located(name, &source, workspace.as_ref())?;
            if let Some(other) = found.get(&package.name) {
                if other.path == package.path {
                    continue;
                }
                return Err(package.refused(format!(
                    "`{}` comes from `{}` here, and from `{}` by line {} of {}\n\
                     help: let both name the same folder",
                    package.name,
                    package.path.display(),
                    other.path.display(),
                    other.line,
                    other.asked_in.display()
                )));
            }
            // Of an archive nothing but its own metadata is known, and those know no sources.
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

/// What a package is built with is installed where its sources are out of reach, and so from an index.
fn refuse_local_backend(
    package: &LocalPackage,
    project: &Project,
    workspace: Option<&Workspace>,
) -> Result<()> {
    for name in project.built_with() {
        if source_of(&name, project, workspace)?.is_some() {
            return Err(package.refused(format!(
                "`{}` is built with `{name}`, which has a source: wadup builds with packages of an index alone\n\
                 help: build a wheel of it and write `{} = {{ path = \"....whl\" }}`",
                package.name, package.name
            )));
        }
    }
    Ok(())
}

/// The source that a project has for a name: its own comes before that of its workspace.
fn source_of<'a>(
    name: &str,
    project: &'a Project,
    workspace: Option<&'a Workspace>,
) -> Result<Option<Source<'a>>> {
    let of_workspace = workspace.map(|workspace| &workspace.root);
    for project in [project].into_iter().chain(of_workspace) {
        if let Some(source) = project.source(name)? {
            return Ok(Some(source));
        }
    }
    Ok(None)
}

fn located(
    name: String,
    source: &Source<'_>,
    workspace: Option<&Workspace>,
) -> Result<LocalPackage> {
    let package = |path: PathBuf| LocalPackage {
        name: name.clone(),
        path,
        asked_in: source.project.file.clone(),
        line: source.line,
    };
    match &source.place {
        Place::Path(path) => {
            let path = source.project.folder().join(path);
            let there = path.canonicalize().ok().filter(|path| is_package(path));
            there.map(package).ok_or_else(|| {
                source.refused(format!(
                    "`{name}` is to come from `{}`, where there is no project, wheel or source archive\n\
                     help: name a folder with a pyproject.toml, or a file that ends in .whl or .tar.gz",
                    path.display()
                ))
            })
        }
        Place::Workspace => {
            let Some(workspace) = workspace else {
                return Err(source.refused(format!(
                    "`{name}` is to come from the workspace, and this project is in none\n\
                     help: write `{name} = {{ path = \"...\" }}`"
                )));
            };
            let member = workspace.member(&name)?.ok_or_else(|| {
                source.refused(format!(
                    "no member of the workspace of `{}` is called `{name}`\n\
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
