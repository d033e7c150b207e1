//! Modules of the user's with the name of one of the interpreter's, the standard library's or a package's: which one Python takes.

use std::collections::BTreeMap;
use std::path::Path;

use super::app::App;
use super::{SITE, library_file, module_of};
use crate::command::Program;
use crate::environment::Tool;
use crate::error::{Error, Result};
use crate::tree;

/// Prints what the interpreter imports from files before it runs anything.
const AT_START: (&str, &str) = ("at_start.py", include_str!("at_start.py"));

/// The module that wadup puts into every guest.
const OF_WADUP: &str = "wadup";

/// What stands for a name at the top level of a folder on `sys.path`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A file, or a folder with `__init__.py`: Python looks no further.
    Module,
    /// A folder without one: Python takes it where no other folder on `sys.path` has a module.
    Namespace,
}

type TopLevel = BTreeMap<String, Kind>;

/// The modules of a guest that are not the user's.
pub(crate) struct Others {
    /// Those without a file, which come first.
    built_in: Vec<String>,
    library: TopLevel,
    packages: TopLevel,
}

impl Others {
    /// `entries` are the names in the bundle, `built_in` the modules that are there without a file.
    pub(crate) fn new<'a>(entries: &[String], built_in: impl Iterator<Item = &'a str>) -> Self {
        let of_library = entries.iter().filter_map(|entry| library_file(entry));
        let of_packages = entries
            .iter()
            .filter_map(|entry| entry.strip_prefix(SITE)?.strip_prefix('/'));
        Self {
            built_in: built_in.chain([OF_WADUP]).map(str::to_owned).collect(),
            library: top_level(of_library.filter_map(module_of)),
            packages: top_level(of_packages.filter_map(module_of)),
        }
    }
}

/// Tells of each module of the user's that another hides, or that hides another.
///
/// `python` is the build Python, `scratch` a folder for what it is to run.
///
/// # Errors
/// When a module takes the place of one without which the interpreter does not start.
pub(crate) fn homonyms(
    app: &App,
    others: &Others,
    python: &Path,
    scratch: &Path,
) -> Result<Vec<String>> {
    let mut warnings = Vec::new();
    for (name, kind) in top_level(app.modules.keys().cloned()) {
        let file = file_of(&name, kind, app);
        let hidden_by = |other: &str| {
            format!("{file} is never imported: {other} `{name}` comes first. help: rename it")
        };
        let hides = |other: &str| {
            format!(
                "{file} takes the place of {other} `{name}`, for the standard library and for packages as well. help: \
                 rename it, unless that is meant"
            )
        };
        if others.built_in.contains(&name) {
            warnings.push(hidden_by("the interpreter's own"));
            continue;
        }
        let owner = [
            (&others.library, "the standard library's"),
            (&others.packages, "the package"),
        ];
        for (modules, other) in owner {
            match (kind, modules.get(&name)) {
                (Kind::Module, Some(_)) => warnings.push(hides(other)),
                (Kind::Namespace, Some(Kind::Module)) => warnings.push(hidden_by(other)),
                (_, None) | (Kind::Namespace, Some(Kind::Namespace)) => continue,
            }
            break;
        }
        let hides_library = kind == Kind::Module && others.library.contains_key(&name);
        if hides_library && imported_at_start(python, scratch)?.contains(&name) {
            return Err(Error::configuration(
                Path::new(&file),
                format!(
                    "this takes the place of the standard library's `{name}`, without which Python does not start\n\
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

/// The file or the folder that makes a name of the user's.
fn file_of(name: &str, kind: Kind, app: &App) -> String {
    let file = match kind {
        Kind::Module => app.modules.get(name).map(|module| module.file.clone()),
        Kind::Namespace => Some(app.folder.join(name)),
    };
    file.unwrap_or_default().display().to_string()
}

/// What the interpreter imports from files before it runs anything. It is asked, as the next version may answer otherwise.
fn imported_at_start(python: &Path, scratch: &Path) -> Result<Vec<String>> {
    let (name, text) = AT_START;
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

/// These need a Python, though not of any particular version.
#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::Mode;
    use super::*;

    /// What is said of a guest with these files of the user's, with the name of the file or folder each begins with.
    fn told(files: &[&str]) -> Result<Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        let python = folder.path().join("python");
        for file in files {
            let path = python.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let cache = folder.path().join("cache");
        let interpreter = Path::new("python3");
        let app = App::collect(&python, false, Mode::Compiled, interpreter, &cache).unwrap();
        let entries = [
            "lib/python3.13/encodings/__init__.pyc",
            "lib/python3.13/json/__init__.pyc",
            "lib/python3.13/token.pyc",
            "site/google/cloud.pyc",
            "site/pydantic/__init__.pyc",
            "site/six.pyc",
        ]
        .map(str::to_owned);
        let others = Others::new(&entries, ["abc", "sys"].into_iter());
        let warnings = homonyms(&app, &others, interpreter, folder.path())?;
        let prefix = format!("{}/", python.display());
        Ok(warnings
            .iter()
            .map(|warning| warning.strip_prefix(&prefix).unwrap().to_owned())
            .collect())
    }

    #[test]
    fn names_of_the_users_own_and_names_inside_packages_clash_with_nothing() {
        let files = [
            "users/json.py",
            "users/abc.py",
            "jsonl.py",
            "google/mine.py",
        ];

        assert_eq!(told(&files).unwrap(), [""; 0]);
    }

    #[test]
    fn a_module_that_hides_another_is_told() {
        let told = told(&["json/__init__.py", "token.py", "pydantic.py", "google.py"]).unwrap();

        for (warning, expected) in told.iter().zip([
            "google.py takes the place of the package `google`",
            "json/__init__.py takes the place of the standard library's `json`",
            "pydantic.py takes the place of the package `pydantic`",
            "token.py takes the place of the standard library's `token`",
        ]) {
            assert!(warning.starts_with(expected), "{warning}");
        }
        assert_eq!(told.len(), 4);
    }

    #[test]
    fn a_module_that_another_hides_is_told() {
        let told = told(&["abc.py", "json/mine.py", "six/mine.py", "wadup.py"]).unwrap();

        for (warning, expected) in told.iter().zip([
            "abc.py is never imported: the interpreter's own `abc` comes first",
            "json is never imported: the standard library's `json` comes first",
            "six is never imported: the package `six` comes first",
            "wadup.py is never imported: the interpreter's own `wadup` comes first",
        ]) {
            assert!(warning.starts_with(expected), "{warning}");
        }
        assert_eq!(told.len(), 4);
    }

    #[test]
    fn a_module_without_which_python_does_not_start_cannot_be_replaced() {
        let error = told(&["json.py", "encodings.py"]).unwrap_err().to_string();

        assert!(
            error.contains(
                "encodings.py: this takes the place of the standard library's `encodings`"
            ),
            "{error}"
        );
    }
}
