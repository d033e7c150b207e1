//! The build script's interface: settings that override or extend pyproject.toml.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use crate::cargo::{self, Line};
use crate::environment::Environment;
use crate::error::{Error, FileContext, Result};
use crate::guest;
use crate::plan::{Plan, Size, parse_requirement};
use crate::toolchain::TARGET;

/// Starts a guest's build configuration; [`Builder::build`] runs the build.
///
/// ```no_run
/// // All that `main` of a build.rs needs.
/// wadup_build::configure().build();
/// ```
pub fn configure() -> Builder {
    Builder::default()
}

/// Settings from the build script. They override those in pyproject.toml.
#[derive(Debug, Default)]
#[must_use = "nothing happens until `build` is called"]
pub struct Builder {
    entry_point: Option<String>,
    requirements: Vec<String>,
    native: Vec<String>,
    python_source: Option<PathBuf>,
    preload: Vec<String>,
    snapshot_init: Option<String>,
    stack_size: Option<u64>,
    initial_memory: Option<u64>,
    maximum_memory: Option<u64>,
}

impl Builder {
    /// The function that `process()` calls, as `module:function`, or a module to import, whose `main` it calls.
    /// Default: `[tool.wadup] entry-point`.
    pub fn entry_point(mut self, entry_point: impl Into<String>) -> Self {
        self.entry_point = Some(entry_point.into());
        self
    }

    /// Adds a requirement (PEP 508) to `[project] dependencies`.
    pub fn requirement(mut self, requirement: impl Into<String>) -> Self {
        self.requirements.push(requirement.into());
        self
    }

    /// One more package whose native code is wanted though it has a pure-Python wheel, beside `[tool.wadup] native`.
    pub fn native(mut self, package: impl Into<String>) -> Self {
        self.native.push(package.into());
        self
    }

    /// The folder with the guest's Python, relative to the package. Default: `python`, or `src` if that contains
    /// Python.
    pub fn python_source(mut self, folder: impl Into<PathBuf>) -> Self {
        self.python_source = Some(folder.into());
        self
    }

    /// Adds a module that a snapshot imports, beside `[tool.wadup] preload`.
    pub fn preload(mut self, module: impl Into<String>) -> Self {
        self.preload.push(module.into());
        self
    }

    /// A function to call once before the first input, at build time in a snapshot, as `module:function`. Default:
    /// `[tool.wadup] snapshot-init`.
    pub fn snapshot_init(mut self, function: impl Into<String>) -> Self {
        self.snapshot_init = Some(function.into());
        self
    }

    /// The size of the stack in bytes, a multiple of 64 KiB. Default: 8 MiB.
    pub fn stack_size(mut self, bytes: u64) -> Self {
        self.stack_size = Some(bytes);
        self
    }

    /// The guest's initial memory in bytes, a multiple of 64 KiB. Default: what stack and data need.
    pub fn initial_memory(mut self, bytes: u64) -> Self {
        self.initial_memory = Some(bytes);
        self
    }

    /// The guest's maximum memory in bytes, a multiple of 64 KiB. Default: 256 MiB.
    pub fn maximum_memory(mut self, bytes: u64) -> Self {
        self.maximum_memory = Some(bytes);
        self
    }

    /// Builds everything that the guest needs and tells Cargo how to link it.
    ///
    /// On failure, reports the error to Cargo and exits, which fails Cargo's build.
    pub fn build(self) {
        let Err(error) = self.try_build() else {
            return;
        };
        let report = error.report();
        // If a build script exits with a failure status, Cargo prints all of its output first and the reason last.
        if cargo::emit(&[Line::Error(report.clone())], io::stdout()).is_ok() {
            std::process::exit(0);
        }
        eprintln!("error: {report}");
        std::process::exit(1);
    }

    /// Like [`build`](Self::build), but returns the error, for a build script with more to do.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn try_build(self) -> Result<()> {
        let environment = Environment::of_process();
        let lines = self.lines(&environment)?;
        cargo::emit(&lines, io::stdout()).on("write to", "standard output")
    }

    fn lines(self, environment: &Environment) -> Result<Vec<Line>> {
        let project = PathBuf::from(required(environment, "CARGO_MANIFEST_DIR")?);
        let folder = PathBuf::from(required(environment, "OUT_DIR")?).join("wadup");
        std::fs::create_dir_all(&folder).on("create", &folder)?;

        let plan = if environment.flag("WADUP_TESTS") {
            Plan::read_for_tests(&project)?
        } else {
            Plan::read(&project)?
        };
        let mut plan = self.overlay(plan)?;
        if let Some(profile) = environment.get("WADUP_PROFILE") {
            plan.profile = profile.to_string_lossy().parse()?;
        }
        if environment.flag("WADUP_PRINT_PLAN") {
            return Err(Error::PlanPrinted(plan.to_string()));
        }
        plan.leave_in(&folder)?;
        let mut lines = if will_be_linked(environment) {
            guest::build(&plan, environment, &folder)?
        } else {
            guest::unchecked(&plan, &folder)?
        };
        lines.extend(plan.notes.iter().cloned().map(Line::Warning));
        // Also where there is none yet.
        lines.push(Line::RerunIfChanged(plan.pyproject()));
        lines.extend(environment.used().into_iter().map(Line::RerunIfEnvChanged));
        Ok(lines)
    }

    /// The plan, with the build script's settings in place of those in pyproject.toml.
    fn overlay(self, mut plan: Plan) -> Result<Plan> {
        if let Some(entry_point) = self.entry_point {
            plan.entry_point = Some(entry_point.parse().map_err(in_build_script)?);
        }
        for text in self.requirements {
            plan.dependencies
                .push(parse_requirement(&text).map_err(in_build_script)?);
        }
        for text in self.native {
            let package = parse_requirement(&text).map_err(in_build_script)?;
            plan.native.push(package.name.to_string());
        }
        if let Some(folder) = self.python_source {
            plan.python_source = plan.project.join(folder);
        }
        plan.snapshot.preload.extend(self.preload);
        if let Some(function) = self.snapshot_init {
            plan.snapshot.init = Some(function.parse().map_err(in_build_script)?);
        }
        if let Some(bytes) = self.initial_memory {
            plan.memory.initial_memory = Some(Size::of(bytes));
        }
        for (size, value) in [
            (&mut plan.memory.stack_size, self.stack_size),
            (&mut plan.memory.maximum_memory, self.maximum_memory),
        ] {
            if let Some(bytes) = value {
                *size = Size::of(bytes);
            }
        }
        match plan.memory.problem() {
            Some((key, problem)) => Err(in_build_script(format!("{key}: {problem}"))),
            None => Ok(plan),
        }
    }
}

/// Whether this build will link a guest, as far as a build script can know.
///
/// It cannot distinguish `cargo check` from `cargo build`: Cargo runs it once for both and does not say which. Clippy
/// and rust-analyzer are recognized by their rustc wrapper. Those variables are tracked, so that the next build runs
/// this script again.
fn will_be_linked(environment: &Environment) -> bool {
    let only_checks = environment.flag("WADUP_CHECK_ONLY")
        || ["RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"]
            .into_iter()
            .filter_map(|name| environment.path(name))
            .any(|wrapper| is_checker(&wrapper));
    let for_guest = environment.system("TARGET").as_deref() == Some(TARGET);
    // docs.rs has no network.
    for_guest && !only_checks && environment.system("DOCS_RS").is_none()
}

fn is_checker(wrapper: &Path) -> bool {
    let name = wrapper.file_stem().unwrap_or_default();
    name == "clippy-driver" || name == "rust-analyzer"
}

fn in_build_script(problem: impl Display) -> Error {
    Error::configuration(Path::new("build.rs"), problem)
}

fn required(environment: &Environment, name: &str) -> Result<String> {
    environment.system(name).ok_or_else(|| {
        Error::missing(
            format!("the environment variable `{name}`"),
            "call this function from a build script, where Cargo sets it",
        )
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::plan::{Method, SETTINGS};

    fn environment(project: &Path, target: &str) -> Environment {
        let text = |path: &Path| path.display().to_string();
        Environment::of([
            ("CARGO_MANIFEST_DIR", text(project)),
            ("OUT_DIR", text(&project.join("out"))),
            ("TARGET", target.to_owned()),
        ])
    }

    fn emitted(builder: Builder, environment: &Environment) -> Result<String> {
        let mut out = Vec::new();
        cargo::emit(&builder.lines(environment)?, &mut out).unwrap();
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn other_targets_build_nothing_and_write_an_unchecked_index() {
        let project = tempfile::tempdir().unwrap();
        std::fs::write(project.path().join("pyproject.toml"), "").unwrap();
        let environment = environment(project.path(), "x86_64-unknown-linux-gnu");

        let lines = emitted(configure().entry_point("users:main"), &environment).unwrap();

        let project = project.path().display();
        assert_eq!(
            lines,
            format!(
                "cargo::rustc-env=WADUP_INDEX={project}/out/wadup/index.json\n\
                 cargo::rerun-if-changed={project}/pyproject.toml\n\
                 cargo::rerun-if-env-changed=RUSTC_WORKSPACE_WRAPPER\n\
                 cargo::rerun-if-env-changed=RUSTC_WRAPPER\n\
                 cargo::rerun-if-env-changed=WADUP_CHECK_ONLY\n\
                 cargo::rerun-if-env-changed=WADUP_PRINT_PLAN\n\
                 cargo::rerun-if-env-changed=WADUP_PROFILE\n\
                 cargo::rerun-if-env-changed=WADUP_TESTS\n"
            )
        );
        let index = std::fs::read_to_string(format!("{project}/out/wadup/index.json")).unwrap();
        let index: wadup_contract::index::Index = serde_json::from_str(&index).unwrap();
        assert_eq!(index.modules, None);
        assert_eq!(index.entry.as_deref(), Some("users:main"));
    }

    #[test]
    fn a_pyproject_toml_that_is_made_later_is_noticed() {
        let project = tempfile::tempdir().unwrap();
        let environment = environment(project.path(), "x86_64-unknown-linux-gnu");

        let lines = emitted(configure(), &environment).unwrap();

        let file = project.path().join("pyproject.toml");
        let line = format!("cargo::rerun-if-changed={}\n", file.display());
        assert!(lines.contains(&line), "{lines}");
    }

    #[test]
    fn a_variable_replaces_the_profile_of_the_file() {
        let project = tempfile::tempdir().unwrap();
        let text = |path: &Path| path.display().to_string();
        let print = |profile: &str| {
            let environment = Environment::of([
                ("CARGO_MANIFEST_DIR", text(project.path())),
                ("OUT_DIR", text(&project.path().join("out"))),
                ("TARGET", TARGET.to_owned()),
                ("WADUP_PRINT_PLAN", "1".to_owned()),
                ("WADUP_PROFILE", profile.to_owned()),
            ]);
            emitted(configure(), &environment).unwrap_err().to_string()
        };
        std::fs::write(
            project.path().join("pyproject.toml"),
            "[tool.wadup]\nprofile = \"baseline\"\n",
        )
        .unwrap();

        assert!(print("").contains("\"profile\": \"baseline\""));
        assert!(print("modern").contains("\"profile\": \"modern\""));
        assert!(print("newest").contains("`newest` is not a profile"));
    }

    #[test]
    fn clippy_rust_analyzer_and_docs_rs_build_nothing() {
        let project = tempfile::tempdir().unwrap();
        for (name, value) in [
            ("WADUP_CHECK_ONLY", "1"),
            ("RUSTC_WORKSPACE_WRAPPER", "/toolchain/bin/clippy-driver"),
            ("RUSTC_WRAPPER", "/editor/rust-analyzer"),
            ("DOCS_RS", "1"),
        ] {
            let text = |path: &Path| path.display().to_string();
            let environment = Environment::of([
                ("CARGO_MANIFEST_DIR", text(project.path())),
                ("OUT_DIR", text(&project.path().join("out"))),
                ("TARGET", TARGET.to_owned()),
                // Any attempt to build fails, because there is no store.
                ("WADUP_CACHE_DIR", "/dev/null/store".to_owned()),
                (name, value.to_owned()),
            ]);

            let lines = emitted(configure(), &environment).unwrap();

            assert!(!lines.contains("rustc-link-arg"), "{name}: {lines}");
        }
    }

    #[test]
    fn compiler_wrappers_are_not_checkers() {
        assert!(!is_checker(Path::new("/usr/bin/sccache")));
    }

    #[test]
    fn invalid_builder_settings_are_reported_for_build_rs() {
        let project = tempfile::tempdir().unwrap();
        let environment = environment(project.path(), TARGET);

        for builder in [
            configure().entry_point("users:"),
            configure().snapshot_init("users"),
            configure().requirement("!!"),
            configure().stack_size(1000),
        ] {
            let error = emitted(builder, &environment).unwrap_err().to_string();
            assert!(error.starts_with("build.rs: "), "{error}");
        }
    }

    #[test]
    fn methods_replace_or_add_as_the_table_of_settings_says() {
        type Set = fn(Builder) -> Builder;
        // A key, what the file says as the plan prints it, what the build script says, and what the plan prints then.
        let cases: [(&str, &str, Set, &str); 8] = [
            (
                "entry-point",
                "users:main",
                |it| it.entry_point("other:main"),
                "other:main",
            ),
            (
                "python-source",
                "/python\"",
                |it| it.python_source("code"),
                "/code\"",
            ),
            ("preload", "decimal", |it| it.preload("json"), "json"),
            ("native", "wrapt", |it| it.native("regex"), "regex"),
            (
                "snapshot-init",
                "load_tables",
                |it| it.snapshot_init("a:set_up"),
                "a:set_up",
            ),
            (
                "stack-size",
                "16777216",
                |it| it.stack_size(1 << 20),
                "1048576",
            ),
            (
                "initial-memory",
                "67108864",
                |it| it.initial_memory(32 << 20),
                "33554432",
            ),
            (
                "maximum-memory",
                "536870912",
                |it| it.maximum_memory(1 << 30),
                "1073741824",
            ),
        ];
        let project = tempfile::tempdir().unwrap();
        std::fs::create_dir(project.path().join("python")).unwrap();

        for setting in SETTINGS {
            let case = cases.iter().find(|(key, ..)| *key == setting.key);
            let replaces = match setting.method {
                Method::Replaces(_) => true,
                Method::Adds(_) => false,
                Method::Missing => {
                    assert!(case.is_none(), "{}", setting.key);
                    continue;
                }
            };
            let (key, old, set, new) = case.unwrap();
            let text = format!("[tool.wadup]\n{key} = {}\n", setting.example);
            let plan = Plan::parse(project.path(), &text).unwrap();
            assert!(plan.to_string().contains(old), "{plan}");

            let plan = set(configure()).overlay(plan).unwrap().to_string();

            assert!(plan.contains(new), "{plan}");
            assert_eq!(plan.contains(old), !replaces, "{key}: {plan}");
        }
    }

    #[test]
    fn the_table_of_settings_lists_every_setter() {
        let setters: BTreeSet<&str> = include_str!("builder.rs")
            .lines()
            .filter_map(|line| line.trim().strip_prefix("pub fn ")?.split_once("(mut self"))
            .map(|(name, _)| name)
            .collect();

        // Of `[project] dependencies`, which is not in the table.
        let mut listed = BTreeSet::from(["requirement"]);
        listed.extend(SETTINGS.iter().filter_map(|setting| match setting.method {
            Method::Replaces(name) | Method::Adds(name) => Some(name),
            Method::Missing => None,
        }));
        assert_eq!(setters, listed);
    }

    #[test]
    fn print_plan_prints_the_plan_and_builds_nothing() {
        let project = tempfile::tempdir().unwrap();
        let environment = Environment::of([
            ("CARGO_MANIFEST_DIR", project.path().display().to_string()),
            ("OUT_DIR", project.path().join("out").display().to_string()),
            ("WADUP_PRINT_PLAN", "1".to_owned()),
        ]);

        let error = emitted(configure().maximum_memory(512 << 20), &environment).unwrap_err();

        assert!(
            matches!(&error, Error::PlanPrinted(plan) if plan.contains("536870912")),
            "{error}"
        );
    }
}
