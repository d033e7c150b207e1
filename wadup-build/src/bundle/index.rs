//! The index: which modules the bundle holds and which names they define. The macro checks names against it.

use std::collections::BTreeMap;

use wadup_contract::index::{Index, PythonModule, Snapshot};

use super::app::{self, App};
use super::compile::{Names, Outcome};
use super::refused::Refused;
use super::{library_file, module_of};
use crate::plan::{self, Plan};

/// A module that is there, and may define any name.
fn open() -> PythonModule {
    PythonModule {
        open: true,
        ..PythonModule::default()
    }
}

fn of_user(name: &str, module: &app::SourceModule, refused: &Refused, app: &App) -> PythonModule {
    let (Names { names, open }, definitions) = match &module.outcome {
        Outcome::Compiled(compiled) => (compiled.names.clone(), compiled.definitions.clone()),
        Outcome::Refused(_) => Default::default(),
    };
    PythonModule {
        names,
        open,
        file: Some(module.file.display().to_string()),
        definitions,
        problem: refused.culprit(name).and_then(|culprit| {
            let refused = &app.modules[culprit];
            let problem = format!("{}: {}", refused.file.display(), refused.refused()?);
            Some(if culprit == name {
                problem
            } else {
                format!(
                    "its imports reach `{culprit}`\n{problem}\nhelp: correct the file; if this guest never imports it, put \
                     the import under a condition or in `try` with `except SyntaxError`"
                )
            })
        }),
    }
}

/// The index of a guest whose `modules` may be known.
pub(crate) fn of(plan: &Plan, modules: Option<BTreeMap<String, PythonModule>>) -> Index {
    let plan::Snapshot {
        wanted,
        preload,
        init,
    } = &plan.snapshot;
    Index {
        entry: plan.entry_point.as_ref().map(ToString::to_string),
        snapshot: Snapshot {
            wanted: *wanted,
            preload: preload.clone(),
            init: init.as_ref().map(ToString::to_string),
        },
        modules,
        tests: plan.is_for_tests,
    }
}

/// The index of a guest with a bundle; `entries` are the names in it, `builtins` the modules inside the interpreter.
///
/// The names in the user's modules are known. Modules of packages and of the standard library are listed as open: they
/// exist and may define any name.
pub(crate) fn index<'a>(
    plan: &Plan,
    app: &App,
    entries: &[String],
    builtins: impl Iterator<Item = &'a str>,
) -> Index {
    let mut modules: BTreeMap<String, PythonModule> = entries
        .iter()
        .filter_map(|name| name.strip_prefix("site/").or_else(|| library_file(name)))
        .filter_map(module_of)
        .chain(builtins.map(str::to_owned))
        .map(|module| (module, open()))
        .collect();
    let refused = Refused::of(app);
    // Python searches the user's folder first.
    for (name, module) in &app.modules {
        add_namespaces(name, &mut modules);
        modules.insert(name.clone(), of_user(name, module, &refused, app));
    }
    of(plan, Some(modules))
}

/// A folder without `__init__.py` is a module too, without names.
fn add_namespaces(module: &str, modules: &mut BTreeMap<String, PythonModule>) {
    for (end, _) in module.match_indices('.') {
        modules.entry(module[..end].to_owned()).or_default();
    }
}

/// The tests with modules of the user need a Python of any version.
#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use serde_json::{Value, json};

    use super::super::{Mode, Python};
    use super::*;
    use crate::cpython::Series;

    /// The index of a guest with these modules of the user, and the folder they were in.
    fn index_of(plan: &Plan, files: &[(&str, &str)], entries: &[&str]) -> (Value, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let python = folder.path().join("python");
        for (file, text) in files {
            let path = python.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let cache = folder.path().join("cache");
        let app = App::collect(
            &python,
            false,
            Mode::Compiled,
            &Python {
                interpreter: Path::new("python3"),
                release: Series::default().newest(),
            },
            &cache,
        )
        .unwrap();
        let entries: Vec<String> = entries.iter().map(|&entry| entry.to_owned()).collect();
        let index = index(plan, &app, &entries, ["sys"].into_iter());
        (serde_json::to_value(index).unwrap(), python)
    }

    #[test]
    fn index_lists_the_users_names_and_all_modules() {
        let mut plan = Plan::new(Path::new("guest"));
        plan.entry_point = "tools.users:main".parse().ok();
        plan.snapshot.preload.push("json".to_owned());

        let (index, python) = index_of(
            &plan,
            &[("tools/users.py", "def main(): pass")],
            &[
                "app/tools/users.py",
                "lib/python3.13/json/__init__.pyc",
                "site/six-1.dist-info/METADATA",
                "site/pydantic/v1/main.py",
                "site/pydantic/v1/__pycache__/main.cpython-313.pyc",
            ],
        );

        assert_eq!(
            index,
            json!({
                "entry": "tools.users:main",
                "snapshot": {"wanted": true, "preload": ["json"], "init": null},
                "modules": {
                    "json": {"names": [], "open": true},
                    "pydantic.v1.main": {"names": [], "open": true},
                    "sys": {"names": [], "open": true},
                    "tools": {"names": [], "open": false},
                    "tools.users": {
                        "names": ["main"],
                        "open": false,
                        "file": python.join("tools/users.py"),
                        "definitions": {
                            "main": {"kind": "function", "line": 1, "form": "plain", "parameters": [], "returns": null},
                        },
                    },
                },
            })
        );
    }

    #[test]
    fn syntax_errors_are_a_problem_of_all_importing_modules() {
        let (index, python) = index_of(
            &Plan::new(Path::new("guest")),
            &[
                ("old.py", "print 1\n"),
                ("late.py", "def main():\n    import old\n"),
                ("far/__init__.py", "import late\n"),
                ("far/inner.py", ""),
                (
                    "careful.py",
                    "try:\n    import old\nexcept SyntaxError:\n    pass\n",
                ),
                ("fine.py", "import json\n"),
            ],
            &[],
        );

        let problem = |module: &str| index["modules"][module]["problem"].as_str();
        let fault = format!("{}: line 1: SyntaxError: ", python.join("old.py").display());
        let own = problem("old").unwrap();
        assert!(own.starts_with(&fault), "{own}");
        for module in ["late", "far", "far.inner"] {
            let reported = problem(module).unwrap();
            let expected = format!("its imports reach `old`\n{fault}");
            assert!(reported.starts_with(&expected), "{reported}");
        }
        assert_eq!((problem("careful"), problem("fine")), (None, None));
    }

    #[test]
    fn missing_entry_point_is_null_in_the_index() {
        let (index, _) = index_of(&Plan::new(Path::new("guest")), &[], &[]);

        assert_eq!(index["entry"], Value::Null);
    }
}
