//! The settings by which uv resolves, found where uv looks for them.
//!
//! uv follows them by itself, as it runs in the guest's folder. Here they are read for what uv does not do: a lock must be renewed
//! when one of them changes, and none of them may falsify it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::project::Project;
use crate::error::{Error, FileContext, Result};

/// uv's own file for the same settings; where it is, uv looks at no other beside it.
const FILE: &str = "uv.toml";

/// Keys of `[tool.uv]` that say nothing of which version of what is taken.
const INDIFFERENT: [&str; 37] = [
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

/// Keys of `[tool.uv.pip]` with which uv would write a lock that does not hold all packages, or an address.
const FALSIFYING: [&str; 9] = [
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

/// The settings of a project, or of those above it.
pub(super) fn read(project: &Project, files: &mut BTreeSet<PathBuf>) -> Result<String> {
    let of_uv = project.folder().join(FILE);
    if !of_uv.is_file()
        && let Some(table) = table_of(&project.file, project.text())?
    {
        return deciding(&project.file, project.text(), &table, files);
    }
    of_ancestors(project.folder(), files)
}

/// The settings in the nearest folder, from this one upwards, that has any.
pub(super) fn of_ancestors(folder: &Path, files: &mut BTreeSet<PathBuf>) -> Result<String> {
    let folder = std::path::absolute(folder).on("find", folder)?;
    for above in folder.ancestors() {
        let of_uv = above.join(FILE);
        if of_uv.is_file() {
            let text = fs::read_to_string(&of_uv).on("read", &of_uv)?;
            let table: Table =
                toml::from_str(&text).map_err(|error| Error::configuration(&of_uv, error))?;
            return deciding(&of_uv, &text, &table, files);
        }
        let Some(project) = Project::read(above)? else {
            continue;
        };
        if let Some(table) = table_of(&project.file, project.text())? {
            return deciding(&project.file, project.text(), &table, files);
        }
    }
    Ok(String::new())
}

/// `[tool.uv]`, if the file has it.
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

/// The settings that decide, in one spelling whatever their order.
fn deciding(
    file: &Path,
    text: &str,
    table: &Table,
    files: &mut BTreeSet<PathBuf>,
) -> Result<String> {
    files.insert(file.to_owned());
    let of_pip = table.get("pip").and_then(Value::as_table);
    let falsifying = of_pip
        .into_iter()
        .flat_map(Table::keys)
        .find(|key| FALSIFYING.contains(&key.as_str()));
    if let Some(key) = falsifying {
        let line = text.lines().position(|line| line.contains(key.as_str()));
        return Err(Error::configuration(
            file,
            format!(
                "line {}: with `{key}` uv would write a wadup.lock that does not tell of all packages\n\
                 help: remove `{key}` from [tool.uv.pip]; `exclude` of [tool.wadup] leaves modules out",
                line.map_or(1, |line| line + 1)
            ),
        ));
    }
    let mut settings: Vec<String> = table
        .iter()
        .filter(|(key, _)| !INDIFFERENT.contains(&key.as_str()))
        .filter(|(_, value)| value.as_table().is_none_or(|table| !table.is_empty()))
        .map(|(key, value)| format!("{key} = {}\n", sorted(value)))
        .collect();
    settings.sort_unstable();
    Ok(settings.concat())
}

/// The text of a value with the keys of its tables in order. Arrays keep theirs: of two indexes, the first is asked first.
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
