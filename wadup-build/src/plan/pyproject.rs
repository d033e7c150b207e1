//! Reads pyproject.toml: `[project]` as PEP 621 defines it, and `[tool.wadup]`.

use std::fs;
use std::io;
use std::path::Path;
use std::str::FromStr;

use pep508_rs::pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::{Requirement, VersionOrUrl};
use serde::Deserialize;
use toml::Spanned;

use super::document::Document;
use super::groups::Groups;
use super::settings::Settings;
use super::{Plan, Purpose, parse_requirement};
use crate::error::{FileContext, Result};

pub(super) const FILE: &str = "pyproject.toml";

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Pyproject {
    project: Option<Project>,
    #[serde(default)]
    dependency_groups: Groups,
    #[serde(default)]
    tool: Tool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Project {
    name: Option<String>,
    requires_python: Option<Spanned<String>>,
    #[serde(default)]
    dependencies: Vec<Spanned<String>>,
    #[serde(default)]
    dynamic: Vec<Spanned<String>>,
}

/// The tables of other tools are ignored.
#[derive(Deserialize, Default)]
struct Tool {
    #[serde(default)]
    wadup: Settings,
}

pub(super) fn read(project: &Path, purpose: Purpose) -> Result<Plan> {
    let path = project.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        // A guest does not need a pyproject.toml.
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).on("read", &path),
    };
    parse(project, &path, &text, purpose)
}

/// The plan that the text of a pyproject.toml describes.
pub(super) fn parse(project: &Path, path: &Path, text: &str, purpose: Purpose) -> Result<Plan> {
    let document = Document { path, text };
    let parsed: Pyproject = document.read()?;
    let mut plan = Plan::new(project);
    let mut requires = None;
    if let Some(mut project) = parsed.project {
        requires = project.requires_python.take();
        document.apply_project(project, &mut plan)?;
    }
    document.apply_settings(parsed.tool.wadup, &mut plan)?;
    if let Some(requires) = requires {
        document.apply_requires(&requires, &mut plan)?;
    }
    if purpose == Purpose::Tests {
        document.apply_tests(&parsed.dependency_groups, &mut plan)?;
    }
    Ok(plan)
}

impl Document<'_> {
    fn apply_project(&self, project: Project, plan: &mut Plan) -> Result<()> {
        plan.name = project.name;
        if let Some(dynamic) = project
            .dynamic
            .iter()
            .find(|field| field.as_ref() == "dependencies")
        {
            return Err(self.error(
                &dynamic.span(),
                "dynamic dependencies are not supported: only their build tool knows them\nhelp: list them in `dependencies`",
            ));
        }
        plan.dependencies = project
            .dependencies
            .iter()
            .map(|dependency| self.dependency(dependency))
            .collect::<Result<_>>()?;
        Ok(())
    }

    fn apply_requires(&self, requires: &Spanned<String>, plan: &mut Plan) -> Result<()> {
        let specifiers = self.parse::<VersionSpecifiers>(requires)?;
        let version = plan.python.first_choice().version;
        let ours =
            Version::from_str(version).map_err(|error| self.error(&requires.span(), error))?;
        if !specifiers.contains(&ours) {
            return Err(self.error(
                &requires.span(),
                format!(
                    "`requires-python = \"{specifiers}\"` excludes Python {version}, which this guest runs\n\
                     help: change it, or choose another with `python` in [tool.wadup]"
                ),
            ));
        }
        plan.requires_python = Some(specifiers);
        Ok(())
    }

    pub(super) fn dependency(&self, text: &Spanned<String>) -> Result<Requirement> {
        let requirement = parse_requirement(text.as_ref())
            .map_err(|problem| self.error(&text.span(), problem))?;
        if let Some(VersionOrUrl::Url(_)) = requirement.version_or_url {
            return Err(self.error(
                &text.span(),
                format!(
                    "dependency `{}` has a URL: expected a name with a version\n\
                     help: code that is in no package index can go into the folder `python`, or be a source in [tool.uv.sources]",
                    requirement.name
                ),
            ));
        }
        Ok(requirement)
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::{Default, SETTINGS, Setting, Value};
    use super::super::{Memory, Size, Sources, Stdlib};
    use super::*;
    use crate::cpython::Series;

    fn plan_of(text: &str) -> Result<Plan> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), text).unwrap();
        fs::create_dir(folder.path().join("code")).unwrap();
        fs::write(folder.path().join("pins.txt"), "").unwrap();
        read(folder.path(), Purpose::Hosts)
    }

    #[track_caller]
    fn assert_problem(text: &str, expected: &str) {
        let error = plan_of(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn a_whole_file_becomes_a_plan() {
        let plan = plan_of(
            r#"
            [project]
            name = "lockfile"
            requires-python = ">=3.12"
            dependencies = ["pydantic==2.12.5", "tzdata; sys_platform == 'wasi'"]
            [tool.wadup]
            entry-point = "users:main"
            c-extensions = ["Pydantic", "numpy>=2"]
            exclude = ["numpy.fft"]
            requirements = "pins.txt"
            python-source = "code"
            stack-size = "16 MiB"
            maximum-memory = 536870912
            sources = "all"
            test-modules = true
            [tool.other]
            anything = 1
            "#,
        )
        .unwrap();

        assert_eq!(plan.name.as_deref(), Some("lockfile"));
        let dependencies: Vec<String> = plan.dependencies.iter().map(ToString::to_string).collect();
        assert_eq!(
            dependencies,
            [
                "pydantic==2.12.5",
                "tzdata ; sys_platform == 'wasi'",
                "numpy>=2"
            ]
        );
        assert!(
            plan.notes[0].contains("pyproject.toml: line 8: `c-extensions` lists requirements"),
            "{:?}",
            plan.notes
        );
        assert_eq!(
            plan.entry_point
                .as_ref()
                .map(ToString::to_string)
                .as_deref(),
            Some("users:main")
        );
        assert_eq!(plan.requirements, Some(plan.project.join("pins.txt")));
        assert_eq!(plan.python_source, plan.project.join("code"));
        assert_eq!(plan.memory.stack_size, Size::mebibytes(16));
        assert_eq!(plan.memory.initial_memory, None);
        assert_eq!(plan.memory.maximum_memory, Size::mebibytes(512));
        assert_eq!(plan.sources, Sources::All);
        assert!(plan.exclude.contains("numpy.fft"));
        assert!(plan.test_modules);
    }

    #[test]
    fn missing_pyproject_gives_the_defaults() {
        let folder = tempfile::tempdir().unwrap();

        let plan = read(folder.path(), Purpose::Hosts).unwrap();

        assert!(plan.dependencies.is_empty());
        assert_eq!(plan.python_source, folder.path().join("python"));
        assert_eq!(plan.memory, Memory::default());
    }

    #[test]
    fn unknown_keys_are_reported_with_line_and_suggestion() {
        assert_problem(
            "[tool.wadup]\nentry_point = \"a:b\"\n",
            "line 2: unknown field `entry_point`",
        );
        assert_problem(
            "[tool.wadup]\nentrypoint = \"a:b\"\n",
            "did you mean `entry-point`?",
        );
        let far = plan_of("[tool.wadup]\ncompletely-different = 1\n")
            .unwrap_err()
            .to_string();
        assert!(
            far.contains("expected one of") && !far.contains("did you mean"),
            "{far}"
        );
    }

    #[test]
    fn invalid_values_are_reported_with_line_and_expectation() {
        assert_problem(
            "[tool.wadup]\nentry-point = \"my-main\"\n",
            "line 2: `my-main` is not a valid entry point: expected",
        );
        assert_problem(
            "[tool.wadup]\nc-extensions = [\n  \"numpy ==\",\n]\n",
            "line 3: ",
        );
        assert_problem(
            "[tool.wadup]\nexclude = [\"numpy/fft\"]\n",
            "line 2: `numpy/fft` is not a valid module name: expected",
        );
        assert_problem(
            "[tool.wadup]\nstack-size = \"8 MB\"\n",
            "line 2: `8 MB` is not a valid size: expected",
        );
        assert_problem(
            "[tool.wadup]\nstack-size = true\n",
            "line 2: invalid type: boolean `true`, expected a number",
        );
        assert_problem(
            "[tool.wadup]\nsources = \"some\"\n",
            "line 2: unknown variant `some`, expected one of",
        );
        assert_problem(
            "[tool.wadup]\npython-source = \"gone\"\n",
            "line 2: folder `",
        );
        assert_problem(
            "[tool.wadup]\nrequirements = \"gone.txt\"\n",
            "line 2: file `",
        );
        assert_problem("[tool.wadup\n", "line 1: ");
        assert_problem(
            "[tool.wadup]\npreload = [\n  \"json\",\n  \"my-module\",\n]\n",
            "line 4: `my-module` is not a valid module name",
        );
        assert_problem(
            "[tool.wadup]\nsnapshot-init = \"users\"\n",
            "line 2: `users` is not a valid function: expected `module:function`",
        );
    }

    #[test]
    fn stdlib_modules_require_a_traced_stdlib_unless_they_are_linked_on_demand() {
        let plan =
            plan_of("[tool.wadup]\nstdlib = \"traced\"\nstdlib-modules = [\"xml.dom\"]\n").unwrap();

        assert_eq!(plan.stdlib, Stdlib::Traced);
        assert_eq!(plan.stdlib_modules, ["xml.dom"]);
        let plan = plan_of("[tool.wadup]\nstdlib-modules = [\"ssl\"]\n").unwrap();
        assert_eq!(plan.stdlib_modules, ["ssl"]);
        assert_problem(
            "[tool.wadup]\nstdlib-modules = [\"ssl\", \"csv\"]\n",
            "line 2: `stdlib-modules` has no effect on the whole standard library",
        );
        assert_problem(
            "[tool.wadup]\nstdlib = \"traced\"\nstdlib-modules = [\n\"x-y\"]\n",
            "line 4: `x-y` is not a valid module name",
        );
    }

    #[test]
    fn conflicts_with_default_memory_are_reported_at_the_users_value() {
        assert_problem(
            "[tool.wadup]\n\nmaximum-memory = \"4 MiB\"\n",
            "line 3: `stack-size`: a stack of 8 MiB does not fit into `maximum-memory`, which is 4 MiB",
        );
    }

    #[test]
    fn url_and_dynamic_dependencies_are_refused() {
        assert_problem(
            "[project]\ndependencies = [\n  \"a\",\n  \"b ==\",\n]\n",
            "line 4: ",
        );
        assert_problem(
            "[project]\ndependencies = [\"a @ https://example.org/a.whl\"]\n",
            "line 2: dependency `a` has a URL",
        );
        assert_problem(
            "[project]\ndynamic = [\"dependencies\"]\n",
            "line 2: dynamic dependencies",
        );
    }

    #[test]
    fn requires_python_must_include_the_guests_version() {
        let newest = Series::default().newest().version;
        assert_problem(
            &format!("[project]\nrequires-python = \">{newest}\"\n"),
            &format!("line 2: `requires-python = \">{newest}\"` excludes Python {newest}"),
        );
    }

    /// The plan of a project that has what the examples of the table name, with one key set to a value.
    fn plan_with(project: &Path, setting: &Setting, value: &str) -> Result<String> {
        fs::create_dir_all(project.join("python")).unwrap();
        fs::write(project.join("requirements.txt"), "").unwrap();
        let stdlib = match setting.key {
            "stdlib-modules" => "stdlib = \"traced\"\n",
            _ => "",
        };
        let text = format!("[tool.wadup]\n{stdlib}{} = {value}\n", setting.key);
        Plan::parse(project, &text).map(|plan| plan.to_string())
    }

    #[test]
    fn the_table_lists_the_keys_of_the_parser() {
        let error = plan_of("[tool.wadup]\nx = 1\n").unwrap_err().to_string();
        assert_eq!(error.matches('`').count() / 2, SETTINGS.len() + 1);
        for setting in SETTINGS {
            assert!(error.contains(&format!("`{}`", setting.key)), "{error}");
        }
    }

    #[test]
    fn keys_accept_the_values_in_the_table_only() {
        let project = tempfile::tempdir().unwrap();
        for setting in SETTINGS {
            let taken = match setting.value {
                Value::Text | Value::List | Value::Flag | Value::Texts | Value::Table => vec![],
                Value::Packages => vec!["{ wrapt = {} }".to_owned()],
                Value::Size => vec!["33554432".to_owned()],
                Value::OneOf(names) => names.iter().map(|name| format!("\"{name}\"")).collect(),
            };
            let refused = match setting.value {
                Value::Text | Value::Size | Value::OneOf(_) => "[\"a\"]",
                Value::List | Value::Packages | Value::Texts | Value::Table => "\"a\"",
                Value::Flag => "1",
            };

            for value in taken.iter().map(String::as_str).chain([setting.example]) {
                let plan = plan_with(project.path(), setting, value);
                assert!(plan.is_ok(), "{} = {value}: {plan:?}", setting.key);
            }
            assert!(
                plan_with(project.path(), setting, refused).is_err(),
                "{}",
                setting.key
            );
            if let Value::OneOf(_) = setting.value {
                assert!(plan_with(project.path(), setting, "\"other\"").is_err());
            }
        }
    }

    #[test]
    fn missing_keys_mean_the_default_in_the_table() {
        let project = tempfile::tempdir().unwrap();
        for setting in SETTINGS {
            let Default::Toml(value) = setting.default else {
                continue;
            };
            let bare = match setting.key {
                "stdlib-modules" => "[tool.wadup]\nstdlib = \"traced\"\n",
                _ => "",
            };

            let plan = plan_with(project.path(), setting, value).unwrap();

            let without = Plan::parse(project.path(), bare).unwrap();
            assert_eq!(plan, without.to_string(), "{}", setting.key);
        }
    }
}
