//! Finds the files of tests, by pytest's rules.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Where tests are if neither the command nor pytest's settings say so.
const DEFAULT: &str = "tests";

/// Folders that pytest does not search (its option `norecursedirs`).
const NOT_SEARCHED: [&str; 7] = [
    "CVS",
    "_darcs",
    "build",
    "dist",
    "node_modules",
    "target",
    "venv",
];

/// The files of tests below `paths`, relative to the project if they lie in it; a path may go on with `::` and a test.
///
/// # Errors
/// If a path does not exist, is outside of the project, or no path leads to a file of tests.
pub(super) fn find(project: &Path, paths: &[PathBuf]) -> Result<Vec<String>, String> {
    let chosen = chosen(project, paths)?;
    let mut found = BTreeSet::new();
    for Chosen { path, test, .. } in &chosen {
        if path.is_dir() {
            collect(project, path, &mut found)?;
        } else {
            let suffix = if test.is_empty() {
                String::new()
            } else {
                format!("::{test}")
            };
            found.insert(below(project, path)? + &suffix);
        }
    }
    if found.is_empty() {
        return Err(format!(
            "there are no tests in {}\n\
             help: write functions `test_...` into files `test_*.py` or `*_test.py` there, or name other paths",
            chosen
                .iter()
                .map(|chosen| format!("`{}`", chosen.named))
                .collect::<Vec<_>>()
                .join(", ")
        ));
    }
    Ok(found.into_iter().collect())
}

/// The folders in which [`find`] looks, and those of single files.
///
/// # Errors
/// If a path does not exist.
pub(super) fn folders(project: &Path, paths: &[PathBuf]) -> Result<BTreeSet<PathBuf>, String> {
    let chosen = chosen(project, paths)?.into_iter();
    let folder = |Chosen { path, .. }: Chosen| match path.is_dir() {
        true => path,
        false => path.parent().unwrap_or(project).to_owned(),
    };
    Ok(chosen.map(folder).collect())
}

/// A file or folder of tests.
struct Chosen {
    /// As the user names it, or pytest's settings do.
    named: String,
    /// It exists, and is absolute.
    path: PathBuf,
    /// A test in the file; empty for all.
    test: String,
}

/// The paths of the command line, or else those of the project.
fn chosen(project: &Path, paths: &[PathBuf]) -> Result<Vec<Chosen>, String> {
    let (base, names) = if paths.is_empty() {
        (project.to_owned(), configured(project)?)
    } else {
        let base = std::env::current_dir().map_err(|error| error.to_string())?;
        let names = paths.iter().map(|path| path.display().to_string());
        (base, names.collect())
    };
    let one = |named: String| {
        let (file, test) = named.split_once("::").unwrap_or((&named, ""));
        let path = base.join(file).canonicalize();
        Ok(Chosen {
            path: path.map_err(|error| format!("`{file}`: {error}"))?,
            test: test.to_owned(),
            named,
        })
    };
    names.into_iter().map(one).collect()
}

/// `testpaths` of pytest's settings, or else `tests`.
fn configured(project: &Path) -> Result<Vec<String>, String> {
    let file = project.join("pyproject.toml");
    let text = fs::read_to_string(&file).unwrap_or_default();
    let settings: toml::Table = text
        .parse()
        .map_err(|error| format!("`{}`: {error}", file.display()))?;
    let paths = settings
        .get("tool")
        .and_then(|tool| tool.get("pytest")?.get("ini_options")?.get("testpaths"))
        .map(|paths| match paths {
            toml::Value::String(text) => text.split_whitespace().map(str::to_owned).collect(),
            other => other
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|path| path.as_str().map(str::to_owned))
                .collect::<Vec<_>>(),
        });
    let paths = paths.unwrap_or_else(|| vec![DEFAULT.to_owned()]);
    match paths.iter().find(|path| !project.join(path).exists()) {
        None => Ok(paths),
        Some(missing) => Err(format!(
            "there is no `{missing}` in `{}`\nhelp: put tests there, or name the paths of tests",
            project.display()
        )),
    }
}

fn collect(project: &Path, folder: &Path, found: &mut BTreeSet<String>) -> Result<(), String> {
    let unreadable = |error| format!("could not list `{}`: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !name.starts_with('.') && !NOT_SEARCHED.contains(&&*name) {
                collect(project, &path, found)?;
            }
        } else if is_of_tests(&name) {
            found.insert(below(project, &path)?);
        }
    }
    Ok(())
}

/// pytest's option `python_files`.
fn is_of_tests(name: &str) -> bool {
    name.strip_suffix(".py")
        .is_some_and(|stem| stem.starts_with("test_") || stem.ends_with("_test"))
}

fn below(project: &Path, file: &Path) -> Result<String, String> {
    let project = project
        .canonicalize()
        .map_err(|error| format!("`{}`: {error}", project.display()))?;
    file.strip_prefix(&project)
        .map(|path| path.display().to_string())
        .map_err(|_| {
            format!(
                "`{}` is not in the project's folder, which is all that the guest sees",
                file.display()
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        folder
    }

    #[test]
    fn files_are_found_by_pytests_rules() {
        let project = project(&[
            "tests/test_b.py",
            "tests/deep/a_test.py",
            "tests/conftest.py",
            "tests/.hidden/test_c.py",
            "tests/node_modules/test_d.py",
            "test_outside.py",
        ]);

        let found = find(project.path(), &[]).unwrap();

        assert_eq!(found, ["tests/deep/a_test.py", "tests/test_b.py"]);
    }

    #[test]
    fn settings_of_pytest_say_where_tests_are() {
        let project = project(&["checks/test_a.py", "tests/test_b.py"]);
        let settings = "[tool.pytest.ini_options]\ntestpaths = [\"checks\"]\n";
        fs::write(project.path().join("pyproject.toml"), settings).unwrap();

        assert_eq!(find(project.path(), &[]).unwrap(), ["checks/test_a.py"]);
    }

    #[test]
    fn single_tests_can_be_named_and_other_places_are_refused() {
        let project = project(&["tests/test_a.py", "empty/x.py"]);
        let path = |name: &str| vec![project.path().join(name)];

        let found = find(project.path(), &path("tests/test_a.py::test_x[1]")).unwrap();
        assert_eq!(found, ["tests/test_a.py::test_x[1]"]);

        let none = find(project.path(), &path("empty")).unwrap_err();
        assert!(none.contains("there are no tests in"), "{none}");
        let outside = find(project.path(), &[std::env::temp_dir().join("..")]);
        assert!(outside.is_err());
        assert!(find(project.path(), &path("gone.py")).is_err());
    }
}
