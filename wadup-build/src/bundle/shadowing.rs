//! Finds the user's modules that shadow a module of the standard library or a package, or are shadowed by one.

use std::collections::BTreeMap;
use std::path::Path;

use super::app::App;
use super::{SITE, library_file, module_of};
use crate::command::Program;
use crate::environment::Tool;
use crate::error::{Error, Result};
use crate::tree;

/// Prints the modules that the interpreter imports from files before it runs any code.
const STARTUP_SCRIPT: (&str, &str) = ("at_start.py", include_str!("at_start.py"));

/// The module that wadup adds to every guest.
const WADUP_MODULE: &str = "wadup";

/// The kind of a name at the top level of a folder on `sys.path`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A file, or a folder with `__init__.py`. Python stops searching here.
    Module,
    /// A folder without `__init__.py`. Python uses it only if no other folder on `sys.path` has a module of the name.
    Namespace,
}

type TopLevel = BTreeMap<String, Kind>;

/// The modules of a guest that are not the user's.
pub(crate) struct OtherModules {
    /// Modules without a file, which Python tries first.
    built_in: Vec<String>,
    library: TopLevel,
    packages: TopLevel,
}

impl OtherModules {
    /// `entries` are the names in the bundle, `built_in` the modules without a file.
    pub(crate) fn new<'a>(entries: &[String], built_in: impl Iterator<Item = &'a str>) -> Self {
        let library_files = entries.iter().filter_map(|entry| library_file(entry));
        let package_files = entries
            .iter()
            .filter_map(|entry| entry.strip_prefix(SITE)?.strip_prefix('/'));
        Self {
            built_in: built_in.chain([WADUP_MODULE]).map(str::to_owned).collect(),
            library: top_level(library_files.filter_map(module_of)),
            packages: top_level(package_files.filter_map(module_of)),
        }
    }
}

/// Warnings about the user's modules that shadow another module or are shadowed by one.
///
/// `python` is the build Python, `scratch` a folder for its script.
///
/// # Errors
/// If a module shadows one that the interpreter needs to start.
pub(crate) fn shadowing_warnings(
    app: &App,
    others: &OtherModules,
    python: &Path,
    scratch: &Path,
) -> Result<Vec<String>> {
    let mut warnings = Vec::new();
    for (name, kind) in top_level(app.modules.keys().cloned()) {
        let file = file_of(&name, kind, app);
        let shadowed_by = |other: &str| {
            format!("{file} is never imported: {other} `{name}` is found first. help: rename it")
        };
        let shadows = |other: &str| {
            format!(
                "{file} shadows {other} `{name}`, also for the standard library and for packages. help: \
                 rename it, unless this is intended"
            )
        };
        if others.built_in.contains(&name) {
            warnings.push(shadowed_by("the interpreter's own"));
            continue;
        }
        let owner = [
            (&others.library, "the standard library's"),
            (&others.packages, "the package"),
        ];
        for (modules, other) in owner {
            match (kind, modules.get(&name)) {
                (Kind::Module, Some(_)) => warnings.push(shadows(other)),
                (Kind::Namespace, Some(Kind::Module)) => warnings.push(shadowed_by(other)),
                (_, None) | (Kind::Namespace, Some(Kind::Namespace)) => continue,
            }
            break;
        }
        let shadows_library = kind == Kind::Module && others.library.contains_key(&name);
        if shadows_library && imported_at_start(python, scratch)?.contains(&name) {
            return Err(Error::configuration(
                Path::new(&file),
                format!(
                    "this shadows the standard library's `{name}`, without which Python does not start\n\
                     help: rename it"
                ),
            ));
        }
    }
    Ok(warnings)
}

fn top_level(modules: impl Iterator<Item = String>) -> TopLevel {
    let mut found = TopLevel::new();
    for module in modules {
        match module.split_once('.') {
            None => {
                found.insert(module, Kind::Module);
            }
            Some((top, _)) => {
                found.entry(top.to_owned()).or_insert(Kind::Namespace);
            }
        }
    }
    found
}

/// The user's file or folder with this name.
fn file_of(name: &str, kind: Kind, app: &App) -> String {
    let file = match kind {
        Kind::Module => app.modules.get(name).map(|module| module.file.clone()),
        Kind::Namespace => Some(app.folder.join(name)),
    };
    file.unwrap_or_default().display().to_string()
}

/// The modules that the interpreter imports from files before it runs any code. It is run for the answer, because the
/// next version may import others.
fn imported_at_start(python: &Path, scratch: &Path) -> Result<Vec<String>> {
    let (name, text) = STARTUP_SCRIPT;
    let script = scratch.join(name);
    tree::write_if_changed(&script, text)?;
    let printed = Program::new(
        Tool::Python,
        python,
        "asking Python what it imports at its start",
    )
    .args(["-I", "-S", "-B", "-X", "utf8"])
    .arg(script)
    .output()?;
    Ok(printed.lines().map(str::to_owned).collect())
}

/// These tests need a Python of any version.
#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::{Mode, Python};
    use super::*;
    use crate::cpython::Series;

    /// The warnings for a guest with these files, each without the path of the folder.
    fn warnings_for(files: &[&str]) -> Result<Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        let python = folder.path().join("python");
        for file in files {
            let path = python.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let cache = folder.path().join("cache");
        let interpreter = Path::new("python3");
        let build_python = Python {
            interpreter,
            release: Series::default().newest(),
        };
        let app = App::collect(&python, false, Mode::Compiled, &build_python, &cache).unwrap();
        let entries = [
            "lib/python3.13/encodings/__init__.pyc",
            "lib/python3.13/json/__init__.pyc",
            "lib/python3.13/token.pyc",
            "site/google/cloud.pyc",
            "site/pydantic/__init__.pyc",
            "site/six.pyc",
        ]
        .map(str::to_owned);
        let others = OtherModules::new(&entries, ["abc", "sys"].into_iter());
        let warnings = shadowing_warnings(&app, &others, interpreter, folder.path())?;
        let prefix = format!("{}/", python.display());
        Ok(warnings
            .iter()
            .map(|warning| warning.strip_prefix(&prefix).unwrap().to_owned())
            .collect())
    }

    #[test]
    fn unique_and_nested_names_give_no_warning() {
        let files = [
            "users/json.py",
            "users/abc.py",
            "jsonl.py",
            "google/mine.py",
        ];

        assert_eq!(warnings_for(&files).unwrap(), [""; 0]);
    }

    #[test]
    fn modules_that_hide_others_give_warnings() {
        let warnings =
            warnings_for(&["json/__init__.py", "token.py", "pydantic.py", "google.py"]).unwrap();

        for (warning, expected) in warnings.iter().zip([
            "google.py shadows the package `google`",
            "json/__init__.py shadows the standard library's `json`",
            "pydantic.py shadows the package `pydantic`",
            "token.py shadows the standard library's `token`",
        ]) {
            assert!(warning.starts_with(expected), "{warning}");
        }
        assert_eq!(warnings.len(), 4);
    }

    #[test]
    fn hidden_modules_give_warnings() {
        let warnings =
            warnings_for(&["abc.py", "json/mine.py", "six/mine.py", "wadup.py"]).unwrap();

        for (warning, expected) in warnings.iter().zip([
            "abc.py is never imported: the interpreter's own `abc` is found first",
            "json is never imported: the standard library's `json` is found first",
            "six is never imported: the package `six` is found first",
            "wadup.py is never imported: the interpreter's own `wadup` is found first",
        ]) {
            assert!(warning.starts_with(expected), "{warning}");
        }
        assert_eq!(warnings.len(), 4);
    }

    #[test]
    fn hiding_a_module_needed_at_startup_is_an_error() {
        let error = warnings_for(&["json.py", "encodings.py"])
            .unwrap_err()
            .to_string();

        assert!(
            error.contains("encodings.py: this shadows the standard library's `encodings`"),
            "{error}"
        );
    }
}
