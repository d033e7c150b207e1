//! Decides whether an advisory affects a component, by the evaluation of the OSV schema.

use std::cmp::Ordering;
use std::str::FromStr;

use cargo_metadata::semver;
use pep440_rs::Version as PythonVersion;
use wadup_build::output::{Component, Origin};

use super::advisory::{Advisory, Affected, Event, Range};

/// What an advisory says about a component that it is about.
pub(super) struct Verdict {
    /// Whether it is certain that the component's version is affected.
    pub(super) decided: bool,
    /// The versions that fix it.
    pub(super) fixed: Vec<String>,
}

/// The verdict, or `None` if the component is not affected.
pub(super) fn verdict(component: &Component, advisory: &Advisory) -> Option<Verdict> {
    let about: Vec<&Affected> = advisory
        .affected
        .iter()
        .filter(|affected| is_about(component, affected))
        .collect();
    let holds = |entry: &&Affected| affects(component, entry);
    let certain = about.iter().any(|entry| holds(entry) == Some(true));
    let unknown = about.iter().any(|entry| holds(entry).is_none());
    (certain || unknown).then(|| Verdict {
        decided: certain,
        fixed: about.iter().flat_map(|entry| fixes(entry)).collect(),
    })
}

fn is_about(component: &Component, affected: &Affected) -> bool {
    let in_ecosystem = |ecosystem: &str, is_name: &dyn Fn(&str) -> bool| {
        affected
            .package
            .as_ref()
            .is_some_and(|package| package.ecosystem == ecosystem && is_name(&package.name))
    };
    match component.origin {
        Origin::Crate => in_ecosystem("crates.io", &|name| name == component.name),
        Origin::Package => in_ecosystem("PyPI", &|name| {
            normalized(name) == normalized(&component.name)
        }),
        // The advisories of the Python Software Foundation name a repository and its tags.
        Origin::Interpreter => affected
            .ranges
            .iter()
            .any(|range| is_of_cpython(&range.repo)),
        // The only ecosystem with C libraries under their own names.
        Origin::Library | Origin::Tool => in_ecosystem("OSS-Fuzz", &|name| name == component.name),
        // An index may have another package of the same name.
        Origin::Local => false,
    }
}

fn is_of_cpython(repository: &str) -> bool {
    let repository = repository.trim_end_matches('/').trim_end_matches(".git");
    repository.ends_with("github.com/python/cpython")
}

/// A name as indexes compare it (PEP 503).
fn normalized(name: &str) -> String {
    let words: Vec<&str> = name
        .split(['-', '_', '.'])
        .filter(|word| !word.is_empty())
        .collect();
    words.join("-").to_lowercase()
}

/// Whether the component's version is among the affected ones, or `None` if only commits say which ones are.
fn affects(component: &Component, affected: &Affected) -> Option<bool> {
    let version = component.version.as_str();
    let is_listed = |listed: &String| {
        let listed = match component.origin {
            // A tag of CPython's repository.
            Origin::Interpreter | Origin::Library | Origin::Tool => listed.trim_start_matches('v'),
            _ => listed,
        };
        listed == version || compare(component.origin, listed, version) == Some(Ordering::Equal)
    };
    if affected.versions.iter().any(is_listed) {
        return Some(true);
    }
    let (commits, versions): (Vec<&Range>, Vec<&Range>) = affected
        .ranges
        .iter()
        .partition(|range| range.kind == "GIT");
    if versions.is_empty() && affected.versions.is_empty() && !commits.is_empty() {
        return None;
    }
    let mut unknown = false;
    for range in versions {
        match contains(component, range) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(false)
}

/// Whether the component's version is in a range, or `None` if a version cannot be read.
fn contains(component: &Component, range: &Range) -> Option<bool> {
    let order = |event: &str| {
        if event == "0" {
            // Before every other version.
            return Some(Ordering::Greater);
        }
        compare(component.origin, &component.version, event)
    };
    // Whether the last event before the version starts or ends the affected ones; the order of events is free.
    let mut latest: Option<(&str, bool)> = None;
    let mut limits = Vec::new();
    for event in &range.events {
        let (at, starts, reached) = match event {
            Event::Introduced(at) => (at, true, order(at)?.is_ge()),
            Event::Fixed(at) => (at, false, order(at)?.is_ge()),
            Event::LastAffected(at) => (at, false, order(at)?.is_gt()),
            Event::Limit(at) => {
                limits.push(at == "*" || order(at)?.is_lt());
                continue;
            }
        };
        if !reached {
            continue;
        }
        let is_later = match latest {
            None | Some(("0", _)) => true,
            Some(_) if at == "0" => false,
            Some((before, _)) => compare(component.origin, at, before)?.is_ge(),
        };
        if is_later {
            latest = Some((at, starts));
        }
    }
    let within_limits = limits.is_empty() || limits.contains(&true);
    Some(within_limits && latest.is_some_and(|(_, starts)| starts))
}

/// The order of two versions in the component's ecosystem, or `None` if one cannot be read.
fn compare(origin: Origin, left: &str, right: &str) -> Option<Ordering> {
    match origin {
        Origin::Crate => {
            let [left, right] = [left, right].map(semver::Version::parse);
            // Build metadata, such as the version of a C library, has no order.
            Some(left.ok()?.cmp_precedence(&right.ok()?))
        }
        Origin::Package | Origin::Interpreter | Origin::Library | Origin::Local | Origin::Tool => {
            let [left, right] = [left, right].map(PythonVersion::from_str);
            Some(left.ok()?.cmp(&right.ok()?))
        }
    }
}

fn fixes(affected: &Affected) -> impl Iterator<Item = String> {
    let ranges = affected.ranges.iter().filter(|range| range.kind != "GIT");
    ranges
        .flat_map(|range| &range.events)
        .filter_map(|event| match event {
            Event::Fixed(version) => Some(version.clone()),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

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

    fn advisory(affected: Value) -> Advisory {
        serde_json::from_value(json!({ "id": "A", "affected": [affected] })).unwrap()
    }

    /// Whether the advisory affects the component; `None` if that is unknown.
    fn decision(component: &Component, advisory: &Advisory) -> Option<bool> {
        verdict(component, advisory).map_or(Some(false), |verdict| verdict.decided.then_some(true))
    }

    fn of_range(ecosystem: &str, kind: &str, events: Value) -> Advisory {
        advisory(json!({
            "package": { "ecosystem": ecosystem, "name": "x" },
            "ranges": [{ "type": kind, "events": events }],
        }))
    }

    #[test]
    fn a_crate_is_affected_between_two_semantic_versions() {
        let advisory = of_range(
            "crates.io",
            "SEMVER",
            json!([{ "fixed": "1.10.0" }, { "introduced": "1.2.0" }]),
        );

        for (version, expected) in [
            ("1.1.9", false),
            ("1.2.0", true),
            ("1.9.0+3.5.0", true),
            ("1.10.0-rc.1", true),
            ("1.10.0", false),
        ] {
            let component = component(Origin::Crate, "x", version);
            assert_eq!(decision(&component, &advisory), Some(expected), "{version}");
        }
    }

    #[test]
    fn a_package_is_affected_by_the_order_of_python_versions() {
        let events = json!([
            { "introduced": "0" }, { "last_affected": "2.0.post1" },
            { "introduced": "3rc1" }, { "fixed": "3.1" },
        ]);
        let advisory = of_range("PyPI", "ECOSYSTEM", events);

        for (version, expected) in [
            ("0.1.dev1", true),
            ("2.0.post1", true),
            ("2.1", false),
            ("3.0a1", false),
            ("3", true),
            ("3.1.0", false),
        ] {
            let component = component(Origin::Package, "X", version);
            assert_eq!(decision(&component, &advisory), Some(expected), "{version}");
        }
    }

    #[test]
    fn nothing_beyond_a_limit_is_affected() {
        let events = json!([{ "introduced": "0" }, { "limit": "2" }]);
        let advisory = of_range("PyPI", "ECOSYSTEM", events);

        for (version, expected) in [("1.9", true), ("2.0", false)] {
            let component = component(Origin::Package, "x", version);
            assert_eq!(decision(&component, &advisory), Some(expected), "{version}");
        }
    }

    #[test]
    fn cpython_is_affected_by_the_tags_of_its_repository() {
        let advisory = advisory(json!({
            "ranges": [{ "type": "GIT", "repo": "https://github.com/python/cpython", "events": [
                { "introduced": "0" }, { "fixed": "0123456789abcdef" },
            ] }],
            "versions": ["v3.13.4", "v3.13.5"],
        }));

        let holds = |version| {
            decision(
                &component(Origin::Interpreter, "cpython", version),
                &advisory,
            )
        };
        assert_eq!(holds("3.13.5"), Some(true));
        assert_eq!(holds("3.13.15"), Some(false));
        assert!(verdict(&component(Origin::Package, "cpython", "3.13.5"), &advisory).is_none());
    }

    #[test]
    fn commits_without_versions_and_versions_that_nobody_can_read_are_undecided() {
        let cpython = component(Origin::Interpreter, "cpython", "3.13.5");
        let commits = advisory(json!({
            "ranges": [{ "type": "GIT", "repo": "https://github.com/python/cpython/", "events": [
                { "introduced": "0" },
            ] }],
        }));
        assert_eq!(decision(&cpython, &commits), None);

        let package = component(Origin::Package, "x", "not-a-version");
        let range = of_range("PyPI", "ECOSYSTEM", json!([{ "introduced": "1" }]));
        assert_eq!(decision(&package, &range), None);
    }

    #[test]
    fn other_ecosystems_and_local_packages_are_not_affected() {
        let advisory = of_range("npm", "SEMVER", json!([{ "introduced": "0" }]));

        for origin in [
            Origin::Crate,
            Origin::Package,
            Origin::Interpreter,
            Origin::Local,
        ] {
            assert!(verdict(&component(origin, "x", "1.0.0"), &advisory).is_none());
        }
    }
}
