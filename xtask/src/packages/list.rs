//! The list of packages to try, which is data in `xtask/packages`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{read, repository};
use crate::cargo::Outcome;

const LIST: &str = "xtask/packages/packages.toml";

/// A package to build.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Package {
    #[serde(skip)]
    pub(super) name: String,
    /// The package that it requires for its native code, if it has none itself.
    pub(super) code: Option<String>,
    /// Packages that its smoke operation needs beside it.
    pub(super) with: Vec<String>,
    /// Whether it has a pure-Python wheel too, so that `native` must ask for its native code.
    pub(super) native: bool,
    /// What does not work, for the book.
    pub(super) limits: Option<String>,
    /// Why it does not work at all.
    pub(super) fails: Option<String>,
    /// Why it cannot share a guest with the others.
    pub(super) apart: Option<String>,
}

impl Package {
    /// The package with the native code.
    pub(super) fn code(&self) -> &str {
        self.code.as_ref().unwrap_or(&self.name)
    }

    /// Its smoke operation.
    pub(super) fn smoke(&self) -> Outcome<String> {
        read(&repository(&format!(
            "xtask/packages/smoke/{}.py",
            self.name
        )))
    }

    /// What its smoke operation tries: the first line of the file, which is a docstring.
    pub(super) fn tried(&self) -> Outcome<String> {
        let text = self.smoke()?;
        let line = text.lines().next().unwrap_or_default();
        let inside = line
            .strip_prefix("\"\"\"")
            .and_then(|rest| rest.strip_suffix(".\"\"\""));
        Ok(inside
            .ok_or_else(|| {
                format!(
                    "{}: the smoke operation does not begin with a line `\"\"\"...\"\"\"`",
                    self.name
                )
            })?
            .to_owned())
    }
}

/// All packages of the list, by name.
pub(super) fn all() -> Outcome<Vec<Package>> {
    parse(&read(&repository(LIST))?)
}

fn parse(text: &str) -> Outcome<Vec<Package>> {
    let packages: BTreeMap<String, Package> =
        toml::from_str(text).map_err(|error| format!("{LIST}: {error}"))?;
    let named = |(name, package)| Package { name, ..package };
    Ok(packages.into_iter().map(named).collect())
}

/// The packages of these names, or all.
pub(super) fn chosen(names: &[String]) -> Outcome<Vec<Package>> {
    let mut packages = all()?;
    if let Some(name) = names
        .iter()
        .find(|name| !packages.iter().any(|package| package.name == **name))
    {
        return Err(
            format!("`{name}` is not in {LIST}\nhelp: add it, with a smoke operation").into(),
        );
    }
    if !names.is_empty() {
        packages.retain(|package| names.contains(&package.name));
    }
    Ok(packages)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    #[test]
    fn every_package_has_a_smoke_operation_and_every_smoke_operation_a_package() {
        let packages = all().unwrap();

        let listed: BTreeSet<String> = packages.iter().map(|it| it.name.clone()).collect();
        let files = fs::read_dir(repository("xtask/packages/smoke")).unwrap();
        let files = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let written: BTreeSet<String> = files
            .map(|file| file.strip_suffix(".py").unwrap().to_owned())
            .collect();
        assert_eq!(listed, written);
        for package in packages {
            let text = package.smoke().unwrap();
            assert!(text.contains("\ndef check()"), "{}", package.name);
            assert!(text.contains("assert "), "{}", package.name);
            assert!(!package.tried().unwrap().is_empty());
        }
    }

    #[test]
    fn unknown_keys_and_names_are_rejected() {
        let key = parse("[x]\nwithout = []\n").unwrap_err().to_string();
        let name = chosen(&["no-such".to_owned()]).unwrap_err().to_string();

        assert!(key.contains("unknown field `without`"), "{key}");
        assert!(name.contains("`no-such` is not in"), "{name}");
    }
}
