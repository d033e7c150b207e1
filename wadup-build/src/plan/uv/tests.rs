//! Resolves sources and settings of projects in temporary folders.

use std::fs;

use super::*;

struct Projects(tempfile::TempDir);

impl Projects {
    fn new(files: &[(&str, &str)]) -> Self {
        let projects = Self(tempfile::tempdir().unwrap());
        for (file, text) in files {
            projects.write(file, text);
        }
        projects
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.0.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn tables(&self, guest: &str) -> Result<UvTables> {
        UvTables::of(&Plan::read(&self.0.path().join(guest)).unwrap())
    }

    /// Each package as `name=folder`.
    fn packages(&self, guest: &str) -> Vec<String> {
        let root = self.0.path().canonicalize().unwrap();
        let packages = self.tables(guest).unwrap().packages;
        packages
            .iter()
            .map(|package| {
                let path = package.path.strip_prefix(&root).unwrap();
                format!("{}={}", package.name, path.display())
            })
            .collect()
    }

    fn problem(&self, guest: &str) -> String {
        let problem = self.tables(guest).unwrap_err().to_string();
        problem.replace(&self.0.path().display().to_string(), "")
    }
}

fn project(name: &str, dependencies: &str, rest: &str) -> String {
    format!("[project]\nname = \"{name}\"\ndependencies = [{dependencies}]\n{rest}")
}

fn member(name: &str) -> String {
    project(name, "", "")
}

#[test]
fn path_sources_are_followed_to_their_own_dependencies() {
    let projects = Projects::new(&[
        (
            "guest/pyproject.toml",
            &project(
                "guest",
                "'Helper_4711>=3', 'six'",
                "[tool.uv.sources]\nhelper-4711 = { path = '../helper', editable = true }\nunused = { path = '../gone' }\n",
            ),
        ),
        (
            "helper/pyproject.toml",
            &project(
                "helper-4711",
                "'wheel-too; os_name == \"posix\"', 'six'",
                "[tool.uv.sources]\nwheel-too = { path = '../wheel_too-1-py3-none-any.whl' }\nback = { path = '../guest' }\n",
            ),
        ),
        ("wheel_too-1-py3-none-any.whl", ""),
    ]);

    assert_eq!(
        projects.packages("guest"),
        [
            "helper-4711=helper",
            "wheel-too=wheel_too-1-py3-none-any.whl"
        ]
    );
}

#[test]
fn workspace_members_are_found_by_name_and_inherit_the_roots_sources() {
    let projects = Projects::new(&[
        (
            "pyproject.toml",
            "[tool.uv.workspace]\nmembers = ['./packages/*', 'guest']\nexclude = ['packages/old']\n\
             [tool.uv.sources]\nfirst = { workspace = true }\nbeside = { path = 'beside' }\n",
        ),
        (
            "guest/pyproject.toml",
            &project("guest", "'first', 'beside'", ""),
        ),
        (
            "packages/a/pyproject.toml",
            &project(
                "first",
                "'second'",
                "[tool.uv.sources]\nsecond = { workspace = true }\n",
            ),
        ),
        ("packages/old/pyproject.toml", &member("second")),
        ("packages/zz/pyproject.toml", &member("Second")),
        ("beside/pyproject.toml", &member("beside")),
    ]);

    assert_eq!(
        projects.packages("guest"),
        ["beside=beside", "first=packages/a", "second=packages/zz"]
    );
}

#[test]
fn excluded_and_nested_projects_are_not_members() {
    let workspace = "[tool.uv.workspace]\nmembers = ['*']\nexclude = ['out']\n[tool.uv.sources]\nx = { path = 'x' }\n";
    let projects = Projects::new(&[
        ("pyproject.toml", workspace),
        ("x/pyproject.toml", &member("x")),
        ("out/pyproject.toml", &project("out", "'x'", "")),
        ("other/pyproject.toml", &member("other")),
        ("other/in/pyproject.toml", &project("in", "'x'", "")),
        ("fine/pyproject.toml", &project("fine", "'x'", "")),
    ]);

    assert_eq!(projects.packages("fine"), ["x=x"]);
    for outside in ["out", "other/in"] {
        assert!(projects.packages(outside).is_empty(), "{outside}");
    }
}

#[test]
fn unsupported_sources_are_reported_with_their_line() {
    for (source, expected) in [
        (
            "helper = { git = 'https://example.org/helper' }",
            "/guest/pyproject.toml: line 5: the source of `helper` is the git repository",
        ),
        (
            "helper = { index = 'private' }",
            "line 5: the source of `helper` is the index `private`",
        ),
        (
            "helper = { path = '../gone' }",
            "line 5: the source of `helper` is not a project",
        ),
        (
            "helper = { workspace = true }",
            "line 5: the source of `helper` is a workspace, but",
        ),
    ] {
        let sources = format!("[tool.uv.sources]\n{source}\n");
        let guest = project("guest", "'helper'", &sources);
        let projects = Projects::new(&[("guest/pyproject.toml", &guest)]);

        let problem = projects.problem("guest");

        assert!(problem.contains(expected), "{problem}");
        assert!(problem.contains("\nhelp: "), "{problem}");
    }
}

#[test]
fn sources_of_other_packages_are_ignored() {
    let sources = "[tool.uv.sources]\nlinter = { git = 'https://example.org/linter' }\n";
    let projects = Projects::new(&[("pyproject.toml", &project("guest", "'six'", sources))]);

    assert!(projects.packages("").is_empty());
}

#[test]
fn sources_apply_to_overrides_and_builder_requirements() {
    let sources = "[tool.uv]\noverride-dependencies = ['helper']\n\
                   [tool.uv.sources]\nhelper = { path = 'helper' }\nother = { path = 'other' }\n";
    let projects = Projects::new(&[
        ("pyproject.toml", &project("guest", "'six'", sources)),
        ("helper/pyproject.toml", &member("helper")),
        ("other/setup.py", ""),
    ]);
    let mut plan = Plan::read(projects.0.path()).unwrap();
    plan.dependencies.push("other".parse().unwrap());

    let packages = UvTables::of(&plan).unwrap().packages;

    let names: Vec<&str> = packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    assert_eq!(names, ["helper", "other"]);
}

#[test]
fn local_build_requirements_are_refused() {
    let helper = format!(
        "[build-system]\nrequires = ['backend']\n{}",
        member("helper")
    );
    let sources = "[tool.uv.sources]\nhelper = { path = 'helper' }\nbackend = { path = 'backend' }\n\
                   [tool.uv.workspace]\nmembers = ['helper']\n";
    let projects = Projects::new(&[
        ("pyproject.toml", &project("guest", "'helper'", sources)),
        ("helper/pyproject.toml", &helper),
        ("backend/pyproject.toml", &member("backend")),
    ]);

    let problem = projects.problem("");

    assert!(
        problem.starts_with("/pyproject.toml: line 5: `helper` needs `backend` to build"),
        "{problem}"
    );
}

#[test]
fn conflicting_sources_are_reported_with_both_lines() {
    let sources = |path: &str| format!("[tool.uv.sources]\nx = {{ path = '{path}' }}\n");
    let both = format!("{}y = {{ path = 'y' }}\n", sources("x"));
    let projects = Projects::new(&[
        ("pyproject.toml", &project("guest", "'x', 'y'", &both)),
        ("x/pyproject.toml", &member("x")),
        ("y/pyproject.toml", &project("y", "'x'", &sources("z"))),
        ("y/z/pyproject.toml", &member("x")),
    ]);

    let problem = projects.problem("");

    assert!(
        problem.starts_with("/y/pyproject.toml: line 5: `x` has two sources: `"),
        "{problem}"
    );
    assert!(
        problem.contains("in line 5 of /pyproject.toml"),
        "{problem}"
    );
}

#[test]
fn settings_that_affect_resolution_are_normalized() {
    let settings = |text: &str| {
        let guest = project("guest", "'six'", text);
        let projects = Projects::new(&[("pyproject.toml", &guest)]);
        projects.tables("").unwrap().settings
    };

    let first = settings("[tool.uv]\nresolution = 'lowest'\nconstraint-dependencies = ['six<2']\n");
    let second = settings(
        "[tool.uv]\nconstraint-dependencies = ['six<2']\nmanaged = true\nresolution = 'lowest'\n",
    );

    assert_eq!(first, second);
    assert!(
        first.contains("constraint-dependencies") && first.contains("lowest"),
        "{first}"
    );
    assert!(
        settings("[tool.uv.sources]\nx = { path = 'x' }\n[tool.uv.workspace]\nmembers = []\n")
            .is_empty()
    );
    assert_ne!(
        settings("[[tool.uv.index]]\nurl = 'https://a'\n[[tool.uv.index]]\nurl = 'https://b'\n"),
        settings("[[tool.uv.index]]\nurl = 'https://b'\n[[tool.uv.index]]\nurl = 'https://a'\n")
    );
}

#[test]
fn settings_are_read_where_uv_reads_them() {
    let table = |value: &str| format!("[tool.uv]\nresolution = '{value}'\n");
    let projects = Projects::new(&[
        (
            "above/pyproject.toml",
            &project("above", "", &table("above")),
        ),
        ("above/guest/pyproject.toml", &project("guest", "'six'", "")),
        (
            "above/own/pyproject.toml",
            &project("guest", "'six'", &table("own")),
        ),
        (
            "above/file/pyproject.toml",
            &project("guest", "'six'", &table("not-this")),
        ),
        ("above/file/uv.toml", "resolution = 'file'\n"),
        (
            "space/pyproject.toml",
            &format!("{}[tool.uv.workspace]\nmembers = ['*']\n", table("root")),
        ),
        (
            "space/member/pyproject.toml",
            &project("guest", "'six'", &table("member")),
        ),
    ]);

    for (guest, expected) in [
        ("above/guest", "above"),
        ("above/own", "own"),
        ("above/file", "file"),
        ("space/member", "root"),
    ] {
        let settings = projects.tables(guest).unwrap().settings;
        assert_eq!(
            settings,
            format!("resolution = \"{expected}\"\n"),
            "{guest}"
        );
    }
}

#[test]
fn settings_that_would_break_the_lock_are_refused() {
    let settings = "[tool.uv.pip]\nno-emit-package = ['six']\n";
    let projects = Projects::new(&[("pyproject.toml", &project("guest", "'six'", settings))]);

    let problem = projects.problem("");

    assert!(
        problem.starts_with("/pyproject.toml: line 5: `no-emit-package` would make uv write"),
        "{problem}"
    );
}
