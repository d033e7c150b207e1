//! Checks a guest's components against databases of advisories in the format of OSV.

mod advisory;
mod affected;
mod database;

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;
use wadup_build::output::Component;

use crate::error::Result;
use crate::sbom;

pub use database::Database;

/// What an audit found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The number of components that were checked.
    pub components: usize,
    /// The number of advisories that the databases hold, without withdrawn ones.
    pub advisories: usize,
    /// The advisories that affect a component, by component and ID.
    pub findings: Vec<Finding>,
    /// The advisories about a component whose ranges are commits only: whether they affect its version is unknown.
    pub undecided: Vec<Finding>,
    /// The ignored IDs that no finding has.
    pub unused_ignores: Vec<String>,
}

/// An advisory about a component.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The component's name.
    pub component: String,
    /// The component's version.
    pub version: String,
    /// The advisory's ID.
    pub id: String,
    /// Its IDs in other databases, such as its CVE.
    pub aliases: Vec<String>,
    /// A sentence about it; may be empty.
    pub summary: String,
    /// The versions that fix it.
    pub fixed: Vec<String>,
}

/// Checks the components of a finished guest.
///
/// `project` is a folder of the workspace that built the guest. Findings whose ID or alias is in `ignored` are left
/// out. The evaluation of versions is that of the [OSV schema](https://ossf.github.io/osv-schema/#evaluation).
///
/// # Errors
/// When the module was not built by wadup, or by another workspace.
pub fn audit(
    module: &Path,
    project: &Path,
    database: &Database,
    ignored: &[String],
) -> Result<Report> {
    let guest = sbom::Guest::read(module, project)?;
    Ok(report(&guest.components, database, ignored))
}

fn report(components: &[Component], database: &Database, ignored: &[String]) -> Report {
    let mut unused: BTreeSet<&String> = ignored.iter().collect();
    let mut findings = BTreeSet::new();
    let mut undecided = BTreeSet::new();
    for component in components {
        for advisory in database.advisories() {
            let Some(verdict) = affected::verdict(component, advisory) else {
                continue;
            };
            let ids: Vec<&String> = advisory.ids().collect();
            if ids.iter().any(|id| ignored.contains(id)) {
                unused.retain(|ignored| !ids.contains(ignored));
                continue;
            }
            let finding = Finding {
                component: component.name.clone(),
                version: component.version.clone(),
                id: advisory.id.clone(),
                aliases: advisory.aliases.clone(),
                summary: advisory.summary.clone(),
                fixed: verdict.fixed,
            };
            if verdict.decided {
                findings.insert(finding);
            } else {
                undecided.insert(finding);
            }
        }
    }
    Report {
        components: components.len(),
        advisories: database.advisories().len(),
        findings: findings.into_iter().collect(),
        undecided: undecided.into_iter().collect(),
        unused_ignores: unused.into_iter().cloned().collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use wadup_build::output::Origin;

    use super::*;

    fn component(origin: Origin, name: &str, version: &str) -> Component {
        Component {
            origin,
            name: name.into(),
            version: version.into(),
            sha256: None,
            license: None,
        }
    }

    fn database(advisories: &[Value]) -> Database {
        let folder = tempfile::tempdir().unwrap();
        for (number, advisory) in advisories.iter().enumerate() {
            let file = folder.path().join(format!("{number}.json"));
            fs_err::write(file, advisory.to_string()).unwrap();
        }
        Database::open(&[folder.path()]).unwrap()
    }

    fn about_six(id: &str, fixed: &str) -> Value {
        json!({
            "id": id,
            "aliases": [format!("CVE-{id}")],
            "affected": [{
                "package": { "ecosystem": "PyPI", "name": "Six" },
                "ranges": [{
                    "type": "ECOSYSTEM",
                    "events": [{ "introduced": "0" }, { "fixed": fixed }],
                }],
            }],
        })
    }

    #[test]
    fn an_advisory_about_the_version_of_a_component_is_a_finding() {
        let components = [
            component(Origin::Package, "six", "1.16.0"),
            component(Origin::Crate, "six", "1.16.0"),
        ];
        let database = database(&[about_six("A", "1.17"), about_six("B", "1.16")]);

        let report = report(&components, &database, &[]);

        let expected = Finding {
            component: "six".into(),
            version: "1.16.0".into(),
            id: "A".into(),
            aliases: vec!["CVE-A".into()],
            summary: String::new(),
            fixed: vec!["1.17".into()],
        };
        assert_eq!(report.findings, [expected]);
        assert_eq!((report.components, report.advisories), (2, 2));
    }

    #[test]
    fn findings_are_ignored_by_id_or_alias_and_other_ids_are_reported() {
        let components = [component(Origin::Package, "six", "1.16.0")];
        let database = database(&[about_six("A", "1.17"), about_six("B", "1.18")]);
        let ignored = ["A", "CVE-B", "C"].map(str::to_owned);

        let report = report(&components, &database, &ignored);

        assert_eq!(report.findings, []);
        assert_eq!(report.unused_ignores, ["C"]);
    }
}
