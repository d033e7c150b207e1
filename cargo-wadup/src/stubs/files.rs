//! The stubs as files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use pyo3_introspection::{introspect_cdylib, module_stub_files};
use serde::Deserialize;

use super::carrier;
use super::fragments::Fragment;

/// The module of the runtime, whose stub `cargo wadup new` writes: by hand, as PyO3 knows less of its arguments.
const OF_THE_RUNTIME: &str = "wadup";

/// What each file begins with.
const HEAD: &str = "\
# Written by `cargo wadup stubs`. `Incomplete` stands for types that PyO3 does not know.
";

/// What PyO3 calls the file of a module itself.
const OF_MODULE: &str = "__init__.pyi";

/// The files by their paths in the folder for stubs.
pub(super) struct Stubs {
    files: BTreeMap<PathBuf, String>,
}

/// The part of PyO3's fragments that says which modules contain which.
#[derive(Deserialize)]
struct Node {
    r#type: String,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    members: Vec<String>,
}

impl Stubs {
    /// The stubs of the modules in the fragments.
    ///
    /// # Errors
    /// If the fragments are in another format than the one of this version of PyO3.
    pub(super) fn of(fragments: &[Fragment]) -> Result<Self, String> {
        let carrier = carrier::file(fragments)?;
        let mut files = BTreeMap::new();
        for module in top_level(fragments)? {
            let read = introspect_cdylib(carrier.path(), &module).map_err(|error| {
                format!(
                    "PyO3's signatures of `{module}` cannot be read: {error:#}\nhelp: use the version of PyO3 that wadup-guest uses"
                )
            })?;
            let made = module_stub_files(&read);
            let is_alone = made.len() == 1;
            for (path, text) in made {
                let path = if is_alone {
                    PathBuf::from(format!("{module}.pyi"))
                } else {
                    Path::new(&module).join(path)
                };
                files.insert(path, format!("{HEAD}{text}"));
            }
        }
        Ok(Self { files })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Writes the files that are not up to date, and names them.
    pub(super) fn write(&self, folder: &Path) -> Result<(), String> {
        for (path, text) in &self.files {
            let file = folder.join(path);
            remove_other_form(path, folder)?;
            if is_up_to_date(&file, text) {
                continue;
            }
            file.parent()
                .map_or(Ok(()), fs::create_dir_all)
                .and_then(|()| fs::write(&file, text))
                .map_err(|error| format!("could not write `{}`: {error}", file.display()))?;
            eprintln!("wrote {}", file.display());
        }
        Ok(())
    }

    /// Fails if a file is not up to date.
    pub(super) fn check(&self, folder: &Path) -> Result<(), String> {
        let outdated = self
            .files
            .iter()
            .map(|(path, text)| (folder.join(path), text))
            .find(|(file, text)| !is_up_to_date(file, text));
        outdated.map_or(Ok(()), |(file, _)| {
            Err(format!(
                "`{}` is not up to date\nhelp: run `cargo wadup stubs`",
                file.display()
            ))
        })
    }
}

fn is_up_to_date(file: &Path, text: &str) -> bool {
    fs::read_to_string(file).is_ok_and(|present| present == text)
}

/// Removes the stub that a module had when it contained other modules, or did not: type checkers would read that one.
fn remove_other_form(path: &Path, folder: &Path) -> Result<(), String> {
    let other = match path.parent() {
        Some(parent) if path.ends_with(OF_MODULE) => parent.with_extension("pyi"),
        _ => path.with_extension("").join(OF_MODULE),
    };
    let other = folder.join(other);
    match fs::remove_file(&other) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(format!("could not remove `{}`: {error}", other.display()))
        }
        _ => Ok(()),
    }
}

/// The names of the modules that no other module contains, without the runtime's own.
fn top_level(fragments: &[Fragment]) -> Result<BTreeSet<String>, String> {
    let nodes: Vec<Node> = fragments
        .iter()
        .map(|fragment| serde_json::from_slice(fragment.json()))
        .collect::<Result<_, _>>()
        .map_err(|error| format!("PyO3's signatures cannot be read: {error}"))?;
    let contained: BTreeSet<&String> = nodes.iter().flat_map(|node| &node.members).collect();
    Ok(nodes
        .iter()
        .filter(|node| node.r#type == "module" && node.name != OF_THE_RUNTIME)
        .filter(|node| node.id.as_ref().is_none_or(|id| !contained.contains(id)))
        .map(|node| node.name.clone())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragment(number: u8, json: &str) -> Fragment {
        let mut bytes = u32::try_from(json.len()).unwrap().to_le_bytes().to_vec();
        bytes.extend(json.as_bytes());
        Fragment {
            symbol: format!("PYO3_INTROSPECTION_1_{number}"),
            bytes,
        }
    }

    fn module(number: u8, name: &str, members: &[&str]) -> Fragment {
        let members = serde_json::to_string(members).unwrap();
        fragment(
            number,
            &format!(
                r#"{{"type":"module","id":"{number}","name":"{name}","members":{members},"incomplete":false}}"#
            ),
        )
    }

    const DOUBLE: &str = r#"{"type":"function","id":"9","name":"double","arguments":{"args":[
        {"name":"number","annotation":{"type":"name","id":"int"}}]},
        "returns":{"type":"name","id":"int"}}"#;

    fn names(stubs: &Stubs) -> Vec<&str> {
        stubs
            .files
            .keys()
            .filter_map(|path| path.to_str())
            .collect()
    }

    #[test]
    fn a_module_is_a_file_with_its_signatures() {
        let stubs = Stubs::of(&[module(1, "fast", &["9"]), fragment(2, DOUBLE)]).unwrap();

        assert_eq!(names(&stubs), ["fast.pyi"]);
        let text = &stubs.files[Path::new("fast.pyi")];
        assert!(text.starts_with(HEAD), "{text}");
        assert!(
            text.contains("def double(number: int) -> int: ..."),
            "{text}"
        );
    }

    #[test]
    fn a_module_that_contains_others_is_a_folder() {
        let stubs = Stubs::of(&[module(1, "fast", &["2"]), module(2, "inner", &[])]).unwrap();

        assert_eq!(names(&stubs), ["fast/__init__.pyi", "fast/inner.pyi"]);
    }

    #[test]
    fn the_module_of_the_runtime_gets_no_stub() {
        assert!(Stubs::of(&[module(1, "wadup", &[])]).unwrap().is_empty());
    }

    #[test]
    fn only_outdated_stubs_fail_a_check() {
        let folder = tempfile::tempdir().unwrap();
        let stubs = Stubs::of(&[module(1, "fast", &[])]).unwrap();

        let problem = stubs.check(folder.path()).unwrap_err();
        assert!(problem.contains("fast.pyi` is not up to date"), "{problem}");
        stubs.write(folder.path()).unwrap();
        stubs.check(folder.path()).unwrap();
    }

    #[test]
    fn the_stub_of_a_module_that_became_a_folder_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        Stubs::of(&[module(1, "fast", &[])])
            .unwrap()
            .write(folder.path())
            .unwrap();

        let grown = Stubs::of(&[module(1, "fast", &["2"]), module(2, "inner", &[])]).unwrap();
        grown.write(folder.path()).unwrap();

        assert!(!folder.path().join("fast.pyi").exists());
        assert!(folder.path().join("fast/inner.pyi").is_file());
    }
}
