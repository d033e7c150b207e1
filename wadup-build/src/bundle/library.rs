//! The standard library's share of a guest: the whole of it, or what imports can reach.

use std::fs;
use std::path::Path;

use super::archive::{self, Entry, ZipSlice};
use super::trace::{self, Import, Imports};
use crate::cpython::{self, Builtin, stdlib_prefix};
use crate::error::{FileContext, Result};

/// The module that tells of what was left out.
const LEFT_OUT_MODULE: &str = "_wadup_left_out";

const LEFT_OUT_SOURCE: &str = include_str!("left_out.py");

/// What of the standard library goes into a guest.
pub(crate) struct Library {
    pub(crate) slices: Vec<ZipSlice>,
    /// The modules inside the interpreter.
    pub(crate) builtins: Vec<Builtin>,
    /// A module to import before anything else.
    pub(crate) first_import: Option<&'static str>,
}

impl Library {
    /// The modules that are there without a file in the bundle.
    pub(crate) fn built_in(&self) -> impl Iterator<Item = &str> {
        let builtins = self.builtins.iter().map(|builtin| builtin.name.as_str());
        builtins.chain(cpython::FROZEN)
    }
}

/// The whole of the standard library, of which a guest takes its share.
pub(crate) struct FullLibrary {
    pub(crate) slice: ZipSlice,
    /// What its modules import.
    pub(crate) imports: Imports,
    pub(crate) builtins: Vec<Builtin>,
    /// Whether to take the files of frozen modules, which the interpreter never reads, for tracebacks.
    pub(crate) with_frozen: bool,
}

impl FullLibrary {
    pub(crate) fn take_all(self) -> Library {
        let kept = self.imports.keys().filter(|name| self.has_file(name));
        let kept = kept.cloned().collect();
        Library {
            slices: vec![self.slice.of_modules(kept)],
            builtins: self.builtins,
            first_import: None,
        }
    }

    fn has_file(&self, module: &str) -> bool {
        self.with_frozen || !cpython::FROZEN.contains(&module)
    }

    /// What `roots` and the modules in `asked` can reach; a package in `asked` stands for all of its modules.
    ///
    /// `folder` is for the slice that tells of what was left out. The inner error is a name in `asked` for which
    /// there is no module.
    pub(crate) fn take_reached<'a>(
        self,
        roots: impl Iterator<Item = &'a Import>,
        asked: &'a [String],
        folder: &Path,
    ) -> Result<Result<Library, &'a str>> {
        let library = self.with_builtins();
        if let Some(unknown) = asked.iter().find(|name| !library.contains_key(*name)) {
            return Ok(Err(unknown));
        }
        let is_asked = |module: &str| {
            let names = |name: &String| {
                let rest = module.strip_prefix(name.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            asked.iter().any(names)
        };
        let asked = library.iter().filter(|(module, _)| is_asked(module));
        let by_name: Vec<Import> = asked
            .clone()
            .map(|(module, _)| Import::of(module))
            .collect();
        let of_asked = asked.clone().flat_map(|(_, imports)| imports);
        let of_interpreter = cpython::OF_INTERPRETER.map(Import::of);
        let mut all: Vec<&Import> = roots.collect();
        all.extend(by_name.iter().chain(of_asked).chain(&of_interpreter));
        let mut reached = trace::reached(&library, all);
        reached.extend(asked.map(|(module, _)| module.as_str()));

        let left_out = trace::importable(&library)
            .filter(|module| !reached.contains(module))
            .fold(String::new(), |text, module| text + module + "\n");
        let kept = reached
            .iter()
            .filter(|name| self.has_file(name))
            .map(|name| (*name).to_owned())
            .collect();
        let builtins = self
            .builtins
            .iter()
            .filter(|builtin| reached.contains(builtin.name.as_str()))
            .cloned()
            .collect();
        Ok(Ok(Library {
            slices: vec![
                self.slice.of_modules(kept),
                left_out_piece(&left_out, folder)?,
            ],
            builtins,
            first_import: Some(LEFT_OUT_MODULE),
        }))
    }

    fn with_builtins(&self) -> Imports {
        let of_builtins = self.builtins.iter().map(|builtin| {
            let imports = cpython::imports_of(&builtin.name);
            let imports = imports.iter().map(|name| Import::of(name)).collect();
            (builtin.name.clone(), imports)
        });
        // Modules by these names are there before any import.
        let of_start = ["_frozen_importlib", "_frozen_importlib_external"]
            .map(|name| (name.to_owned(), Vec::new()));
        let of_library = self.imports.clone().into_iter();
        of_library.chain(of_builtins).chain(of_start).collect()
    }
}

fn left_out_piece(left_out: &str, folder: &Path) -> Result<ZipSlice> {
    let written = |ending: &str, text: &str| {
        let file = format!("{LEFT_OUT_MODULE}.{ending}");
        let path = folder.join(&file);
        fs::write(&path, text).on("write", &path)?;
        let name = format!("{}/{file}", stdlib_prefix());
        Ok(Entry { name, path })
    };
    let entries = vec![written("py", LEFT_OUT_SOURCE)?, written("txt", left_out)?];
    let archive = folder.join("left-out.zip");
    archive::write(entries, &archive)?;
    Ok(ZipSlice::new("stdlib", archive))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a guest with these roots takes of a small library; the modules in it, and what was left out.
    fn taken(roots: &[&str], asked: &[&str]) -> Result<(Vec<String>, Vec<String>, String), String> {
        let folder = tempfile::tempdir().unwrap();
        let modules = ["csv", "json", "json.tool", "os", "ssl", "xml", "xml.dom"];
        let mut imports: Imports = modules.map(|name| (name.to_owned(), Vec::new())).into();
        imports.insert("csv".into(), vec![Import::of("_csv")]);
        imports.insert(
            "ssl".into(),
            vec![Import {
                needed: true,
                ..Import::of("_ssl")
            }],
        );
        let entries = modules.map(|module| {
            let path = folder.path().join(module);
            fs::write(&path, module).unwrap();
            let name = format!("{}/{}.pyc", stdlib_prefix(), module.replace('.', "/"));
            Entry { name, path }
        });
        let archive = folder.path().join("stdlib.zip");
        archive::write(entries.into(), &archive).unwrap();
        let whole = FullLibrary {
            slice: ZipSlice::new("stdlib", archive),
            imports,
            builtins: ["_csv", "_json"]
                .map(|name| Builtin {
                    name: name.into(),
                    function: None,
                })
                .into(),
            with_frozen: false,
        };
        let roots: Vec<Import> = roots.iter().map(|name| Import::of(name)).collect();
        let asked: Vec<String> = asked.iter().map(|name| (*name).to_owned()).collect();
        let library = whole
            .take_reached(roots.iter(), &asked, folder.path())
            .unwrap()
            .map_err(str::to_owned)?;
        let names = archive::assemble(&library.slices, &folder.path().join("bundle.zip")).unwrap();
        let left_out = folder.path().join(format!("{LEFT_OUT_MODULE}.txt"));
        let builtins = library.builtins.into_iter().map(|builtin| builtin.name);
        Ok((
            names,
            builtins.collect(),
            fs::read_to_string(left_out).unwrap(),
        ))
    }

    fn files(names: &[&str]) -> Vec<String> {
        let names = names
            .iter()
            .chain(&["_wadup_left_out.py", "_wadup_left_out.txt"]);
        let mut names: Vec<String> = names
            .map(|name| format!("{}/{name}", stdlib_prefix()))
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_reached_goes_in_and_the_rest_is_listed() {
        let (names, builtins, left_out) = taken(&["csv"], &[]).unwrap();

        // The interpreter has os inside, and ssl can never be imported.
        assert_eq!(names, files(&["csv.pyc"]));
        assert_eq!(builtins, ["_csv"]);
        assert_eq!(left_out, "_json\njson\njson.tool\nxml\nxml.dom\n");
    }

    #[test]
    fn a_package_that_is_asked_for_comes_whole_and_a_module_with_its_package() {
        let (names, ..) = taken(&[], &["json", "xml.dom"]).unwrap();

        assert_eq!(
            names,
            files(&["json.pyc", "json/tool.pyc", "xml.pyc", "xml/dom.pyc"])
        );
    }

    #[test]
    fn what_is_asked_for_must_be_there() {
        assert_eq!(taken(&[], &["jsn"]).unwrap_err(), "jsn");
    }
}
