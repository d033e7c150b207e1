//! The licences and the sources of all crates, held against deny.toml.
//!
//! `cargo deny check` says the same and more; it is no part of Rust and compiles for minutes, so this asks Cargo alone.

use std::fs;
use std::process::Command;

use serde::Deserialize;
use spdx::{Expression, ParseMode};

use crate::cargo::{Outcome, workspace};

/// The part of deny.toml that is read here.
#[derive(Deserialize)]
struct Deny {
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
}

/// The part of `cargo metadata` that is read here.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

pub(crate) fn run() -> Outcome {
    let file = workspace().join("deny.toml");
    let text =
        fs::read_to_string(&file).map_err(|error| format!("`{}`: {error}", file.display()))?;
    let deny: Deny = toml::from_str(&text).map_err(|error| format!("deny.toml: {error}"))?;
    let packages = packages()?;
    let problems: Vec<String> = packages
        .iter()
        .filter_map(|package| {
            let problem = deny.problem(package)?;
            Some(format!("{} {}: {problem}", package.name, package.version))
        })
        .collect();
    if problems.is_empty() {
        println!("{} crates, all under licences of deny.toml", packages.len());
        Ok(())
    } else {
        Err(problems.join("\n"))
    }
}

impl Deny {
    fn problem(&self, package: &Package) -> Option<String> {
        if self
            .bans
            .deny
            .iter()
            .any(|banned| banned.name == package.name)
        {
            return Some("it is banned".to_owned());
        }
        if let Some(source) = &package.source
            && !source.starts_with("registry+")
        {
            return Some(format!("it comes from {source}"));
        }
        let Some(licence) = &package.license else {
            return Some("it has no licence".to_owned());
        };
        match Expression::parse_mode(licence, ParseMode::LAX) {
            Err(error) => Some(format!("`{licence}` is no licence: {}", error.reason)),
            Ok(expression) => {
                let is_allowed = expression
                    .evaluate(|licence| self.licenses.allow.contains(&licence.to_string()));
                (!is_allowed).then(|| format!("nobody agreed to `{licence}`"))
            }
        }
    }
}

fn packages() -> Result<Vec<Package>, String> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(workspace())
        .output()
        .map_err(|error| format!("could not run cargo: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("what cargo metadata printed cannot be read: {error}"))?;
    Ok(metadata.packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deny() -> Deny {
        let text = fs::read_to_string(workspace().join("deny.toml")).unwrap();
        toml::from_str(&text).unwrap()
    }

    fn package(name: &str, license: Option<&str>, source: Option<&str>) -> Package {
        Package {
            name: name.into(),
            version: "1.0.0".into(),
            license: license.map(str::to_owned),
            source: source.map(str::to_owned),
        }
    }

    #[test]
    fn every_crate_of_this_workspace_is_agreed_to() {
        run().unwrap();
    }

    #[test]
    fn what_nobody_agreed_to_is_named() {
        let registry = "registry+https://example.org/index".to_owned();
        for (package, problem) in [
            (
                package("a", Some("GPL-3.0-only"), Some(&registry)),
                "nobody agreed to `GPL-3.0-only`",
            ),
            (package("a", None, Some(&registry)), "it has no licence"),
            (
                package("a", Some("MIT"), Some("git+https://example.org/a")),
                "it comes from git+https://example.org/a",
            ),
            (
                package("openssl-sys", Some("MIT"), Some(&registry)),
                "it is banned",
            ),
        ] {
            assert_eq!(deny().problem(&package).as_deref(), Some(problem));
        }
        let mixed = package("a", Some("MIT/GPL-3.0-only"), Some(&registry));
        assert_eq!(deny().problem(&mixed), None);
    }
}
