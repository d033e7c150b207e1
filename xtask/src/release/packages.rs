//! The packages that users get from a registry, in the order of their dependencies.

use std::collections::BTreeMap;

use serde::Deserialize;
use xshell::{Shell, cmd};

use crate::cargo::Outcome;

/// What is released together.
pub(super) struct Published {
    /// Each after those that it depends on.
    pub(super) names: Vec<String>,
    /// The version of all.
    pub(super) version: String,
    pub(super) repositories: Vec<String>,
    /// What a registry would refuse.
    pub(super) problems: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    /// The registries that may have it; `None` is any, and an empty list none.
    publish: Option<Vec<String>>,
    description: Option<String>,
    license: Option<String>,
    readme: Option<String>,
    repository: Option<String>,
    rust_version: Option<String>,
    keywords: Vec<String>,
    categories: Vec<String>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    req: String,
    kind: Option<String>,
    path: Option<String>,
}

impl Published {
    /// Reads the workspace's packages from Cargo.
    pub(super) fn read(shell: &Shell) -> Outcome<Self> {
        let text = cmd!(shell, "cargo metadata --no-deps --format-version=1")
            .quiet()
            .read()?;
        let metadata: Metadata = serde_json::from_str(&text)?;
        Self::of(metadata.packages)
    }

    fn of(packages: Vec<Package>) -> Outcome<Self> {
        let mut left: BTreeMap<String, Package> = packages
            .into_iter()
            .filter(|package| package.publish.is_none())
            .map(|package| (package.name.clone(), package))
            .collect();
        let mut published = Self {
            names: Vec::new(),
            version: left
                .values()
                .next()
                .map(|package| package.version.clone())
                .ok_or("no package may be published")?,
            repositories: left
                .values()
                .filter_map(|package| package.repository.clone())
                .collect(),
            problems: Vec::new(),
        };
        for package in left.values() {
            published
                .problems
                .extend(package.problems(&published.version));
        }
        while !left.is_empty() {
            let ready = left
                .values()
                .find(|package| {
                    let mut needed = package
                        .dependencies
                        .iter()
                        .filter(|other| other.is_needed());
                    needed.all(|other| !left.contains_key(&other.name))
                })
                .map(|package| package.name.clone())
                .ok_or_else(|| {
                    let names: Vec<&str> = left.keys().map(String::as_str).collect();
                    format!("these packages depend on each other: {}", names.join(", "))
                })?;
            left.remove(&ready);
            published.names.push(ready);
        }
        Ok(published)
    }
}

impl Package {
    fn problems(&self, version: &str) -> Vec<String> {
        let name = &self.name;
        let mut problems = Vec::new();
        let missing = [
            ("description", self.description.is_none()),
            ("license", self.license.is_none()),
            ("readme", self.readme.is_none()),
            ("repository", self.repository.is_none()),
            ("rust-version", self.rust_version.is_none()),
            ("keywords", self.keywords.is_empty()),
            ("categories", self.categories.is_empty()),
        ];
        for (field, is_missing) in missing {
            if is_missing {
                problems.push(format!("{name} has no `{field}`"));
            }
        }
        if self.version != version {
            problems.push(format!(
                "{name} has version {}, others have {version}",
                self.version
            ));
        }
        for other in self.dependencies.iter().filter(|other| other.is_needed()) {
            if other.path.is_some() && other.req != format!("={version}") {
                problems.push(format!("{name} depends on {} {}", other.name, other.req));
            }
        }
        problems
    }
}

impl Dependency {
    /// Whether those who use the package need it too.
    fn is_needed(&self) -> bool {
        self.kind.as_deref() != Some("dev")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, needs: &[(&str, &str)]) -> Package {
        let dependencies: Vec<_> = needs
            .iter()
            .map(|(name, req)| serde_json::json!({ "name": name, "req": req, "path": "/there" }))
            .collect();
        serde_json::from_value(serde_json::json!({
            "name": name, "version": "0.1.0", "description": "It.", "license": "MIT", "readme": "README.md",
            "repository": "https://example.org", "rust_version": "1.95", "keywords": ["wasm"],
            "categories": ["wasm"], "dependencies": dependencies,
        }))
        .unwrap()
    }

    #[test]
    fn packages_follow_those_that_they_need() {
        let packages = vec![
            package("a", &[("b", "=0.1.0"), ("c", "=0.1.0")]),
            package("b", &[("c", "=0.1.0")]),
            package("c", &[]),
        ];

        let published = Published::of(packages).unwrap();

        assert_eq!(published.names, ["c", "b", "a"]);
        assert_eq!(published.problems, [""; 0]);
    }

    #[test]
    fn circles_are_refused() {
        let packages = vec![
            package("a", &[("b", "=0.1.0")]),
            package("b", &[("a", "=0.1.0")]),
        ];

        let error = Published::of(packages).err().unwrap().to_string();

        assert_eq!(error, "these packages depend on each other: a, b");
    }

    #[test]
    fn other_versions_of_own_packages_are_problems() {
        let packages = vec![package("a", &[("b", "^0.1")]), package("b", &[])];

        let published = Published::of(packages).unwrap();

        assert_eq!(published.problems, ["a depends on b ^0.1"]);
    }
}
