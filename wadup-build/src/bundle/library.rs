//! The standard library of a guest: all of it, or what imports can reach.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::archive::{self, Entry, ZipSlice};
use super::trace::{self, Import, Imports};
use crate::cpython::{Builtin, Series};
use crate::error::{FileContext, Result};
use crate::plan::Excluded;

/// The module that raises an error for modules that were left out.
const LEFT_OUT_MODULE: &str = "_wadup_left_out";

const LEFT_OUT_SOURCE: &str = include_str!("left_out.py");

/// The part of the standard library in a guest.
pub(crate) struct Library {
    pub(crate) slices: Vec<ZipSlice>,
    /// The modules inside the interpreter.
    pub(crate) builtins: Vec<Builtin>,
    series: &'static Series,
    /// The modules on demand that are linked.
    pub(crate) demanded: BTreeSet<&'static str>,
    /// A module to import before any other.
    pub(crate) first_import: Option<&'static str>,
}

/// A module that is linked only if the guest demands it.
pub(crate) struct OnDemand {
    pub(crate) name: &'static str,
    /// The modules that its C code imports.
    pub(crate) imports: &'static [&'static str],
    pub(crate) is_demanded: bool,
}

impl Library {
    /// The modules without a file in the bundle.
    pub(crate) fn built_in(&self) -> impl Iterator<Item = &str> {
        let builtins = self.builtins.iter().map(|builtin| builtin.name.as_str());
        let demanded = self.demanded.iter().copied();
        let frozen = self.series.modules.frozen.iter().copied();
        builtins.chain(demanded).chain(frozen)
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
    pub(crate) on_demand: Vec<OnDemand>,
}

impl FullLibrary {
    /// The names of all its modules, those inside the interpreter and those on demand among them.
    pub(crate) fn modules(&self) -> BTreeSet<&str> {
        let builtins = self.builtins.iter().map(|builtin| builtin.name.as_str());
        let files = self.imports.keys().map(String::as_str);
        let on_demand = self.on_demand.iter().map(|module| module.name);
        let frozen = self.series.modules.frozen.iter().copied();
        files
            .chain(builtins)
            .chain(on_demand)
            .chain(frozen)
            .collect()
    }

    /// Finds the modules on demand that `roots` or a module in `requested` cannot do without, except those in `excluded`.
    pub(crate) fn demand(&mut self, roots: &[&Import], requested: &[String], excluded: &Excluded) {
        let requested: Vec<Import> = requested.iter().map(|name| Import::of(name)).collect();
        let names: Vec<&str> = self.on_demand.iter().map(|module| module.name).collect();
        let roots = roots.iter().copied().chain(&requested);
        let mut library = self.imports.clone();
        library.extend(self.on_demand.iter().map(|module| {
            let needed = |name: &&str| Import {
                needed: true,
                ..Import::of(name)
            };
            (
                module.name.to_owned(),
                module.imports.iter().map(needed).collect(),
            )
        }));
        let demanded = trace::demanded(&names, &library, roots);
        for module in &mut self.on_demand {
            module.is_demanded = demanded.contains(module.name) && !excluded.contains(module.name);
        }
    }

    fn demanded(&self) -> BTreeSet<&'static str> {
        let demanded = self.on_demand.iter().filter(|module| module.is_demanded);
        demanded.map(|module| module.name).collect()
    }

    /// Takes all modules, but of those on demand only what is demanded. `folder` is for the slice that lists the others.
    pub(crate) fn take_all(self, folder: &Path) -> Result<Library> {
        let kept = self.imports.keys().filter(|name| self.has_file(name));
        let kept = kept.cloned().collect();
        let demanded = self.demanded();
        let mut slices = vec![self.slice.of_modules(kept)];
        let left_out = self
            .on_demand
            .iter()
            .filter(|module| !module.is_demanded)
            .fold(String::new(), |text, module| text + module.name + "\n");
        let first_import = (!left_out.is_empty()).then_some(LEFT_OUT_MODULE);
        if first_import.is_some() {
            slices.push(left_out_slice(self.series, &left_out, folder)?);
        }
        Ok(Library {
            slices,
            series: self.series,
            builtins: self.builtins,
            demanded,
            first_import,
        })
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
        let library = self.with_builtins(|module| module.is_demanded);
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

        let left_out = trace::importable(&self.with_builtins(|_| true))
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
        let demanded = self.demanded();
        Ok(Ok(Library {
            slices: vec![
                self.slice.of_modules(kept),
                left_out_slice(self.series, &left_out, folder)?,
            ],
            series: self.series,
            builtins,
            demanded,
            first_import: Some(LEFT_OUT_MODULE),
        }))
    }

    /// The imports of all modules, of those on demand only of some.
    fn with_builtins(&self, is_there: impl Fn(&OnDemand) -> bool) -> Imports {
        let builtins = self.builtins.iter().map(|builtin| {
            let imports = self.series.modules.imports_of(&builtin.name);
            let imports = imports.iter().map(|name| Import::of(name)).collect();
            (builtin.name.clone(), imports)
        });
        // These modules exist before any import.
        let bootstrap = ["_frozen_importlib", "_frozen_importlib_external"]
            .map(|name| (name.to_owned(), Vec::new()));
        let on_demand = self.on_demand.iter().filter(|module| is_there(module));
        let on_demand = on_demand.map(|module| {
            let imports = module.imports.iter().map(|name| Import::of(name));
            (module.name.to_owned(), imports.collect())
        });
        let library = self.imports.clone().into_iter();
        library
            .chain(builtins)
            .chain(on_demand)
            .chain(bootstrap)
            .collect()
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

    /// A small library, in which ssl needs a module on demand.
    fn full_library(folder: &Path) -> FullLibrary {
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
            let path = folder.join(module);
            fs::write(&path, module).unwrap();
            let folder = Series::default().stdlib_prefix();
            let name = format!("{folder}/{}.pyc", module.replace('.', "/"));
            Entry { name, path }
        });
        let archive = folder.join("stdlib.zip");
        archive::write(entries.into(), &archive).unwrap();
        FullLibrary {
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
            on_demand: vec![OnDemand {
                name: "_ssl",
                imports: &[],
                is_demanded: false,
            }],
        }
    }

    /// The modules that a guest with these roots takes from the library, and the list of those left out.
    fn taken(
        roots: &[&str],
        requested: &[&str],
    ) -> Result<(Vec<String>, Vec<String>, String), String> {
        let folder = tempfile::tempdir().unwrap();
        let roots: Vec<Import> = roots.iter().map(|name| Import::of(name)).collect();
        let requested: Vec<String> = requested.iter().map(|name| (*name).to_owned()).collect();
        let mut whole = full_library(folder.path());
        let all: Vec<&Import> = roots.iter().collect();
        whole.demand(&all, &requested, &Excluded::default());
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

        // The interpreter contains os.
        assert_eq!(names, files(&["csv.pyc"]));
        assert_eq!(builtins, ["_csv"]);
        assert_eq!(
            left_out,
            "_json\n_ssl\njson\njson.tool\nssl\nxml\nxml.dom\n"
        );
    }

    #[test]
    fn a_module_on_demand_comes_with_what_needs_it() {
        let (names, _, left_out) = taken(&["ssl"], &[]).unwrap();

        assert_eq!(names, files(&["ssl.pyc"]));
        assert!(!left_out.contains("ssl"), "{left_out}");
    }

    #[test]
    fn a_whole_library_has_modules_on_demand_only_if_something_demands_them() {
        let (ssl, requested) = (Import::of("ssl"), vec!["ssl".to_owned()]);
        let excluded = Excluded(vec!["_ssl".parse().unwrap()]);
        for (roots, requested, excluded, demanded) in [
            (vec![], vec![], Excluded::default(), vec![]),
            (vec![&ssl], vec![], Excluded::default(), vec!["_ssl"]),
            (vec![], requested, Excluded::default(), vec!["_ssl"]),
            (vec![&ssl], vec![], excluded, vec![]),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let mut whole = full_library(folder.path());

            whole.demand(&roots, &requested, &excluded);
            let library = whole.take_all(folder.path()).unwrap();

            let left_out = library.first_import == Some(LEFT_OUT_MODULE);
            assert_eq!(left_out, demanded.is_empty());
            assert_eq!(library.demanded.into_iter().collect::<Vec<_>>(), demanded);
        }
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
