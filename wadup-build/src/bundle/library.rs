//! The standard library of a guest: all of it, or what imports can reach.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::archive::{self, Entry, ZipSlice};
use super::trace::{self, Import, Imports};
use crate::cpython::{Builtin, Series};
use crate::error::{FileContext, Result};

/// The module that raises an error for modules that were left out.
const LEFT_OUT_MODULE: &str = "_wadup_left_out";

const LEFT_OUT_SOURCE: &str = include_str!("left_out.py");

/// The part of the standard library in a guest.
pub(crate) struct Library {
    pub(crate) slices: Vec<ZipSlice>,
    /// The modules inside the interpreter.
    pub(crate) builtins: Vec<Builtin>,
    series: &'static Series,
    /// A module to import before any other.
    pub(crate) first_import: Option<&'static str>,
}

impl Library {
    /// The modules without a file in the bundle.
    pub(crate) fn built_in(&self) -> impl Iterator<Item = &str> {
        let builtins = self.builtins.iter().map(|builtin| builtin.name.as_str());
        builtins.chain(self.series.modules.frozen.iter().copied())
    }
}

/// The complete standard library, from which a guest takes all or a part.
pub(crate) struct FullLibrary {
    pub(crate) series: &'static Series,
    pub(crate) slice: ZipSlice,
    /// The imports of its modules.
    pub(crate) imports: Imports,
    pub(crate) builtins: Vec<Builtin>,
    /// Whether to take the sources of frozen modules, which only tracebacks read.
    pub(crate) with_frozen: bool,
}

impl FullLibrary {
    /// The names of all its modules, those inside the interpreter among them.
    pub(crate) fn modules(&self) -> BTreeSet<&str> {
        let builtins = self.builtins.iter().map(|builtin| builtin.name.as_str());
        let files = self.imports.keys().map(String::as_str);
        let frozen = self.series.modules.frozen.iter().copied();
        files.chain(builtins).chain(frozen).collect()
    }

    pub(crate) fn take_all(self) -> Library {
        let kept = self.imports.keys().filter(|name| self.has_file(name));
        let kept = kept.cloned().collect();
        Library {
            slices: vec![self.slice.of_modules(kept)],
            series: self.series,
            builtins: self.builtins,
            first_import: None,
        }
    }

    fn has_file(&self, module: &str) -> bool {
        self.with_frozen || !self.series.modules.frozen.contains(&module)
    }

    /// Takes what `roots` and the modules in `requested` can reach. A package in `requested` stands for all of its
    /// modules.
    ///
    /// `folder` is for the slice that lists what was left out. The inner error is a name in `requested` that is not a
    /// module.
    pub(crate) fn take_reached<'a>(
        self,
        roots: impl Iterator<Item = &'a Import>,
        requested: &'a [String],
        folder: &Path,
    ) -> Result<Result<Library, &'a str>> {
        let library = self.with_builtins();
        if let Some(unknown) = requested.iter().find(|name| !library.contains_key(*name)) {
            return Ok(Err(unknown));
        }
        let is_requested = |module: &str| {
            let names = |name: &String| {
                let rest = module.strip_prefix(name.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            requested.iter().any(names)
        };
        let requested = library.iter().filter(|(module, _)| is_requested(module));
        let by_name: Vec<Import> = requested
            .clone()
            .map(|(module, _)| Import::of(module))
            .collect();
        let their_imports = requested.clone().flat_map(|(_, imports)| imports);
        let of_interpreter = self.series.modules.of_interpreter.iter();
        let interpreter_imports: Vec<Import> =
            of_interpreter.map(|name| Import::of(name)).collect();
        let mut all: Vec<&Import> = roots.collect();
        all.extend(
            by_name
                .iter()
                .chain(their_imports)
                .chain(&interpreter_imports),
        );
        let mut reached = trace::reached(&library, all);
        reached.extend(requested.map(|(module, _)| module.as_str()));

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
                left_out_slice(self.series, &left_out, folder)?,
            ],
            series: self.series,
            builtins,
            first_import: Some(LEFT_OUT_MODULE),
        }))
    }

    fn with_builtins(&self) -> Imports {
        let builtins = self.builtins.iter().map(|builtin| {
            let imports = self.series.modules.imports_of(&builtin.name);
            let imports = imports.iter().map(|name| Import::of(name)).collect();
            (builtin.name.clone(), imports)
        });
        // These modules exist before any import.
        let bootstrap = ["_frozen_importlib", "_frozen_importlib_external"]
            .map(|name| (name.to_owned(), Vec::new()));
        let library = self.imports.clone().into_iter();
        library.chain(builtins).chain(bootstrap).collect()
    }
}

fn left_out_slice(series: &Series, left_out: &str, folder: &Path) -> Result<ZipSlice> {
    let written = |ending: &str, text: &str| {
        let file = format!("{LEFT_OUT_MODULE}.{ending}");
        let path = folder.join(&file);
        fs::write(&path, text).on("write", &path)?;
        let name = format!("{}/{file}", series.stdlib_prefix());
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

    /// The modules that a guest with these roots takes from a small library, and the list of those left out.
    fn taken(
        roots: &[&str],
        requested: &[&str],
    ) -> Result<(Vec<String>, Vec<String>, String), String> {
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
            let folder = Series::default().stdlib_prefix();
            let name = format!("{folder}/{}.pyc", module.replace('.', "/"));
            Entry { name, path }
        });
        let archive = folder.path().join("stdlib.zip");
        archive::write(entries.into(), &archive).unwrap();
        let whole = FullLibrary {
            series: Series::default(),
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
        let requested: Vec<String> = requested.iter().map(|name| (*name).to_owned()).collect();
        let library = whole
            .take_reached(roots.iter(), &requested, folder.path())
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
            .map(|name| format!("{}/{name}", Series::default().stdlib_prefix()))
            .collect();
        names.sort();
        names
    }

    #[test]
    fn reached_modules_are_taken_and_the_rest_is_listed() {
        let (names, builtins, left_out) = taken(&["csv"], &[]).unwrap();

        // The interpreter contains os, and ssl cannot be imported.
        assert_eq!(names, files(&["csv.pyc"]));
        assert_eq!(builtins, ["_csv"]);
        assert_eq!(left_out, "_json\njson\njson.tool\nxml\nxml.dom\n");
    }

    #[test]
    fn requested_packages_are_complete_and_modules_bring_their_package() {
        let (names, ..) = taken(&[], &["json", "xml.dom"]).unwrap();

        assert_eq!(
            names,
            files(&["json.pyc", "json/tool.pyc", "xml.pyc", "xml/dom.pyc"])
        );
    }

    #[test]
    fn requested_modules_must_exist() {
        assert_eq!(taken(&[], &["jsn"]).unwrap_err(), "jsn");
    }
}
