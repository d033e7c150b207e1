//! Runs the hooks of a package's build backend (PEP 517), and says why a build failed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::machine::Machine;
use super::offline;
use crate::error::{Error, FileContext, Result};
use crate::extension::libraries;

pub(super) const DRIVER: &str = include_str!("driver.py");

/// A package's backend, in the build Python with the guest's sysconfig.
pub(super) struct Backend<'a> {
    pub(super) machine: &'a Machine<'a>,
    /// The package with its version, for errors.
    pub(super) titled: &'a str,
    pub(super) log: &'a Path,
}

impl Backend<'_> {
    /// The build requirements that pyproject.toml does not list.
    pub(super) fn dynamic_requires(&self) -> Result<Vec<String>> {
        self.call("get_requires_for_build_wheel", None)
    }

    /// Builds the wheel into a folder, and returns its path.
    pub(super) fn build_wheel(&self, folder: &Path) -> Result<PathBuf> {
        fs::create_dir_all(folder).on("create", folder)?;
        let name: String = self.call("build_wheel", Some(folder))?;
        Ok(folder.join(name))
    }

    fn call<T: DeserializeOwned>(&self, hook: &str, folder: Option<&Path>) -> Result<T> {
        let scratch = self.machine.scratch;
        let (driver, result) = (scratch.join("driver.py"), scratch.join("result.json"));
        fs::write(&driver, DRIVER).on("write", &driver)?;
        let begins = fs::metadata(self.log).map_or(0, |metadata| metadata.len());
        let purpose = "its own build".to_owned();
        // -P: the driver's folder has no modules. -I would also ignore the variables.
        offline::program(&self.machine.context.base.interpreter(), purpose)
            .args(["-P", "-s"])
            .arg(&driver)
            .arg(hook)
            .arg(self.settings().to_string())
            .arg(&result)
            .args(folder)
            .current_dir(self.machine.tree)
            .envs(self.machine.variables()?)
            .log(self.log)
            .run()
            .map_err(|error| self.explained(error, begins))?;
        let text = fs::read(&result).on("read", &result)?;
        serde_json::from_slice(&text).map_err(|error| Error::malformed(&result, error))
    }

    fn settings(&self) -> serde_json::Value {
        let machine = self.machine;
        let mut settings = serde_json::Map::new();
        if machine.has_meson() {
            let options = machine.meson_options().to_vec();
            settings.insert("setup-args".to_owned(), options.into());
        }
        for (name, value) in &machine.overlay.config_settings {
            let value = serde_json::json!(value);
            match (settings.get_mut(name), value) {
                (Some(Value::Array(listed)), Value::Array(more)) => listed.extend(more),
                (_, value) => drop(settings.insert(name.clone(), value)),
            }
        }
        settings.into()
    }

    /// The error, with what the build did not find.
    fn explained(&self, error: Error, begins: u64) -> Error {
        let printed = fs::read(self.log).unwrap_or_default();
        let printed = printed.get(begins as usize..).unwrap_or_default();
        let findings = fs::read_to_string(self.machine.findings()).unwrap_or_default();
        Error::Package {
            package: self.titled.to_owned(),
            problem: error.to_string(),
            help: help(
                self.machine.package,
                &String::from_utf8_lossy(printed),
                &findings,
            ),
        }
    }
}

/// The help for a failed build of a package, from its output and what the compiler did not find.
fn help(package: &str, printed: &str, findings: &str) -> String {
    if findings.lines().any(|line| line == "fortran") {
        return "the package is written in Fortran, and there is no Fortran compiler for guests: remove it".to_owned();
    }
    let libraries: BTreeSet<&str> = findings
        .lines()
        .filter_map(|line| line.strip_prefix("library "))
        .collect();
    let headers: BTreeSet<&str> = printed
        .lines()
        .filter_map(|line| {
            line.split_once("fatal error: '")?
                .1
                .split_once("' file not found")
        })
        .map(|(header, _)| header)
        .collect();
    let listed = |names: &BTreeSet<&str>| names.iter().copied().collect::<Vec<_>>().join("`, `");
    let table = format!("[tool.wadup.native.{package}]");
    let (has, lacks): (BTreeSet<&str>, BTreeSet<&str>) = libraries
        .into_iter()
        .partition(|name| libraries::is_known(name));
    if !has.is_empty() && lacks.is_empty() {
        return format!(
            "it needs the library `{}`, which wadup can build: write `libraries = [{}]` into {table} of pyproject.toml",
            listed(&has),
            has.iter()
                .map(|name| format!("{name:?}"))
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    if !lacks.is_empty() {
        return format!(
            "it needs the library `{}`, which guests do not have: remove the package, or use a version that bundles the library",
            listed(&lacks)
        );
    }
    if !headers.is_empty() {
        return format!(
            "it includes `{}`, which guests do not have: the package uses something that WASI lacks, or a library that it does not bundle",
            listed(&headers)
        );
    }
    if [
        "Could not resolve host",
        "Temporary failure in name resolution",
        "Network is unreachable",
        "--offline was specified",
    ]
    .iter()
    .any(|message| printed.contains(message))
    {
        return "it downloads while it builds, which wadup does not allow: remove the package"
            .to_owned();
    }
    format!(
        "try another version, one with a pure-Python wheel, or an overlay: {table} of pyproject.toml adds flags, variables, requirements and patches to its build"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_what_the_build_did_not_find() {
        let of_unknown = help("x", "", "library yaml\nlibrary zmq\nlibrary zmq\n");
        let of_known = help("x", "", "library yaml\nlibrary yaml\n");
        let of_header = help("x", "x.c:1:10: fatal error: 'zmq.h' file not found\n", "");
        let of_fortran = help("x", "", "library blas\nfortran\n");
        let of_network = help("x", "curl: (6) Could not resolve host: example.org\n", "");
        let of_others = help("x", "NameError\n", "");

        assert!(
            of_unknown.contains("the library `zmq`, which guests do not have"),
            "{of_unknown}"
        );
        assert!(
            of_known.contains("write `libraries = [\"yaml\"]` into [tool.wadup.native.x]"),
            "{of_known}"
        );
        assert!(of_others.contains("[tool.wadup.native.x]"), "{of_others}");
        assert!(of_header.contains("it includes `zmq.h`"), "{of_header}");
        assert!(of_fortran.contains("Fortran"), "{of_fortran}");
        assert!(
            of_network.contains("downloads while it builds"),
            "{of_network}"
        );
    }
}
