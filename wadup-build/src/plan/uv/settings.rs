//! The settings that affect uv's resolution, found where uv looks for them.
//!
//! uv follows them by itself, because it runs in the guest's folder. wadup reads them for what uv does not do: the lock
//! file must be renewed when one of them changes, and none of them may make it wrong.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::project::Project;
use crate::error::{Error, FileContext, Result};

/// uv's own settings file. In a folder with this file, uv ignores pyproject.toml.
const FILE: &str = "uv.toml";

/// Keys of `[tool.uv]` that do not affect which packages and versions are resolved.
const IRRELEVANT: [&str; 37] = [
    "add-bounds",
    "audit",
    "build-backend",
    "cache-dir",
    "cache-keys",
    "check-url",
    "compile-bytecode",
    "concurrent-builds",
    "concurrent-downloads",
    "concurrent-installs",
    "conflicts",
    "default-groups",
    "dependency-groups",
    "dev-dependencies",
    "graalpy-install-mirror",
    "http-proxy",
    "https-proxy",
    "link-mode",
    "managed",
    "native-tls",
    "no-cache",
    "no-proxy",
    "offline",
    "package",
    "preview",
    "preview-features",
    "publish-url",
    "pypy-install-mirror",
    "python-downloads",
    "python-downloads-json-url",
    "python-install-mirror",
    "python-preference",
    "required-version",
    "sources",
    "system-certs",
    "trusted-publishing",
    "workspace",
];

/// Keys of `[tool.uv.pip]` that would make uv write an incomplete lock file, or one with URLs.
const REFUSED: [&str; 9] = [
    "all-extras",
    "emit-build-options",
    "emit-find-links",
    "emit-index-url",
    "extra",
    "group",
    "no-annotate",
    "no-deps",
    "no-emit-package",
];

/// The settings of a project, or else of the folders above it.
pub(super) fn read(project: &Project, files: &mut BTreeSet<PathBuf>) -> Result<String> {
    let uv_toml = project.folder().join(FILE);
    if !uv_toml.is_file()
        && let Some(table) = table_of(&project.file, project.text())?
    {
        return relevant(&project.file, project.text(), &table, files);
    }
    of_ancestors(project.folder(), files)
}

/// The settings in the nearest folder that has any, from this one upwards.
pub(super) fn of_ancestors(folder: &Path, files: &mut BTreeSet<PathBuf>) -> Result<String> {
    let folder = std::path::absolute(folder).on("find", folder)?;
    for above in folder.ancestors() {
        let uv_toml = above.join(FILE);
        if uv_toml.is_file() {
            let text = fs::read_to_string(&uv_toml).on("read", &uv_toml)?;
            let table: Table =
                toml::from_str(&text).map_err(|error| Error::configuration(&uv_toml, error))?;
            return relevant(&uv_toml, &text, &table, files);
        }
        let Some(project) = Project::read(above)? else {
            continue;
        };
        if let Some(table) = table_of(&project.file, project.text())? {
            return relevant(&project.file, project.text(), &table, files);
        }
    }
    Ok(String::new())
}

/// The table `[tool.uv]` of a file.
fn table_of(file: &Path, text: &str) -> Result<Option<Table>> {
    let mut whole: Table =
        toml::from_str(text).map_err(|error| Error::configuration(file, error))?;
    let tool = whole.get_mut("tool").and_then(Value::as_table_mut);
    Ok(tool
        .and_then(|tool| tool.remove("uv"))
        .and_then(|table| match table {
            Value::Table(table) => Some(table),
            _ => None,
        }))
}

/// The settings that affect resolution, normalized so that their order does not matter.
fn relevant(
    file: &Path,
    text: &str,
    table: &Table,
    files: &mut BTreeSet<PathBuf>,
) -> Result<String> {
    files.insert(file.to_owned());
    let pip = table.get("pip").and_then(Value::as_table);
    let refused = pip
        .into_iter()
        .flat_map(Table::keys)
        .find(|key| REFUSED.contains(&key.as_str()));
    if let Some(key) = refused {
        let line = text.lines().position(|line| line.contains(key.as_str()));
        return Err(Error::configuration(
            file,
            format!(
                "line {}: `{key}` would make uv write an incomplete wadup.lock\n\
                 help: remove `{key}` from [tool.uv.pip]; to leave modules out, use `exclude` of [tool.wadup]",
                line.map_or(1, |line| line + 1)
            ),
        ));
    }
    let mut settings: Vec<String> = table
        .iter()
        .filter(|(key, _)| !IRRELEVANT.contains(&key.as_str()))
        .filter(|(_, value)| value.as_table().is_none_or(|table| !table.is_empty()))
        .map(|(key, value)| format!("{key} = {}\n", sorted(value)))
        .collect();
    settings.sort_unstable();
    Ok(settings.concat())
}

/// The value as text, with the keys of its tables sorted. Arrays keep their order, because uv tries indexes in order.
fn sorted(value: &Value) -> String {
    match value {
        Value::Table(table) => {
            let mut entries: Vec<String> = table
                .iter()
                .map(|(key, value)| format!("{key} = {}", sorted(value)))
                .collect();
            entries.sort_unstable();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(sorted).collect();
            format!("[{}]", values.join(", "))
        }
        other => other.to_string(),
    }
}
