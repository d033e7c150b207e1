//! Splits a wheel into modules to link, and Python files and metadata for the guest.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::error::{Error, FileContext, Result};
use crate::object;
use crate::site::dist_info;
use crate::tree;

/// A module of a wheel.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Its dotted name in Python.
    pub(super) name: String,
    /// Its file in the site folder.
    pub(super) file: String,
}

/// Installs a wheel into a site folder, as installers do (binary distribution format of wheels).
pub(super) fn install(wheel: &Path, site: &Path) -> Result<()> {
    let file = File::open(wheel).on("open", wheel)?;
    let malformed = |error: zip::result::ZipError| Error::malformed(wheel, error);
    let mut archive = zip::ZipArchive::new(file).map_err(malformed)?;
    fs::create_dir_all(site).on("create", site)?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(malformed)?;
        let Some(name) = entry.enclosed_name() else {
            return Err(Error::malformed(wheel, "it has a file outside of its root"));
        };
        let name = name.to_string_lossy().into_owned();
        let (true, Some(place)) = (entry.is_file(), place(&name)) else {
            continue;
        };
        let path = site.join(place);
        let folder = path.parent().unwrap_or(site);
        fs::create_dir_all(folder).on("create", folder)?;
        let mut file = File::create(&path).on("create", &path)?;
        io::copy(&mut entry, &mut file).on("write", &path)?;
    }
    Ok(())
}

/// Where a file of a wheel goes in a site folder. Scripts, headers and data are not installed.
fn place(name: &str) -> Option<&str> {
    let (first, rest) = name.split_once('/').unwrap_or(("", name));
    if !first.ends_with(".data") {
        return Some(name);
    }
    rest.strip_prefix("purelib/")
        .or_else(|| rest.strip_prefix("platlib/"))
}

/// The modules in a site folder.
///
/// # Errors
/// When a file with the name of a module is not one.
pub(super) fn modules(site: &Path) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for file in tree::files(site)? {
        let Some(name) = module_name(&file) else {
            continue;
        };
        let path = site.join(&file);
        let bytes = fs::read(&path).on("read", &path)?;
        let function = format!("PyInit_{}", name.rsplit('.').next().unwrap_or_default());
        let defined = object::definitions(&bytes).map_err(|refusal| {
            Error::malformed(
                &path,
                format!("it is not an object file for guests: {refusal}"),
            )
        })?;
        if !defined.contains(&function.as_str()) {
            return Err(Error::malformed(
                &path,
                format!(
                    "it is not a Python module: it does not define `{function}`; libraries that a package loads at run time do \
                     not work in guests"
                ),
            ));
        }
        found.push(Found { name, file });
    }
    Ok(found)
}

/// The dotted name of an extension module, by its path in a site folder.
fn module_name(file: &str) -> Option<String> {
    let stem = file
        .strip_suffix(".so")
        .or_else(|| file.strip_suffix(".wasm"))?;
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let name = name.split('.').next()?;
    let dotted = format!("{folder}/{name}").replace('/', ".");
    Some(dotted.trim_start_matches('.').to_owned())
}

/// Whether an object refers to undefined functions of the C++ runtime.
pub(super) fn calls_cxx(object: &Path) -> Result<bool> {
    let bytes = fs::read(object).on("read", object)?;
    for payload in wasmparser::Parser::new(0).parse_all(&bytes) {
        let payload = payload.map_err(|error| Error::malformed(object, error))?;
        let wasmparser::Payload::ImportSection(imports) = payload else {
            continue;
        };
        for import in imports.into_imports() {
            let import = import.map_err(|error| Error::malformed(object, error))?;
            // Their names in the Itanium ABI.
            if import.name.starts_with("_Z") || import.name.starts_with("__cxa_") {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Removes from a site folder what guests do not need, including the linked modules.
pub(super) fn tidy(site: &Path, modules: &[Found]) -> Result<()> {
    for folder in hollow(site)? {
        let file = site.join(folder).join("__init__.py");
        fs::write(&file, "").on("write", &file)?;
    }
    let is_module = |file: &str| modules.iter().any(|module| module.file == file);
    let files = tree::files(site)?;
    let unused = unused_tests(site, &files)?;
    let with_tests = modules.is_empty();
    dist_info::drop_files(site, &|file| {
        is_module(file)
            || is_of_this_build(file)
            || !with_tests && (is_for_builds(file) || unused.contains(file))
            || dist_info::is_dropped(file)
    })
}

/// Puts the license texts of a library that the package contains beside the package's own (PEP 639).
pub(super) fn add_licenses(library: &str, texts: &Path, site: &Path) -> Result<()> {
    let files = tree::files(site)?;
    let metadata = files.iter().find_map(|file| file.strip_suffix("/METADATA"));
    let Some(metadata) = metadata else {
        return Ok(());
    };
    let record = site.join(metadata).join("RECORD");
    let mut lines = fs::read_to_string(&record).on("read", &record)?;
    for text in tree::files(texts)? {
        let name = format!("{metadata}/licenses/{library}/{text}");
        tree::copy_file(&texts.join(&text), &site.join(&name))?;
        lines.push_str(&format!("{name},,\n"));
    }
    fs::write(&record, lines).on("write", &record)
}

/// Replaces paths of this machine in the text files of a site folder by what they stand for.
pub(super) fn hide_paths(site: &Path, private: &[(String, String)]) -> Result<()> {
    for file in tree::files(site)? {
        let path = site.join(&file);
        let bytes = fs::read(&path).on("read", &path)?;
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        let hidden = private
            .iter()
            .fold(text.clone(), |text, (path, stands_for)| {
                text.replace(path, stands_for)
            });
        if hidden != text {
            fs::write(&path, hidden).on("write", &path)?;
        }
    }
    Ok(())
}

/// Folders that contain only modules. Without an `__init__.py`, nothing would be left of such a package.
fn hollow(site: &Path) -> Result<BTreeSet<String>> {
    let files = tree::files(site)?;
    let folder = |file: &str| file.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let of_modules: BTreeSet<String> = files
        .iter()
        .filter(|file| module_name(file).is_some())
        .filter_map(|file| folder(file))
        .collect();
    let kept: BTreeSet<String> = files
        .iter()
        .filter(|file| module_name(file).is_none() && !is_for_builds(file))
        .filter_map(|file| folder(file))
        .collect();
    Ok(of_modules.difference(&kept).cloned().collect())
}

/// Whether a backend wrote a file about this build, with paths of this machine: a bill of materials (PEP 770).
fn is_of_this_build(file: &str) -> bool {
    file.contains(".dist-info/sboms/")
}

/// Whether only builds and type checkers use a file of a native package.
fn is_for_builds(file: &str) -> bool {
    [
        ".pyi", ".pxd", ".pyx", ".pxi", ".h", ".hpp", ".c", ".cc", ".cpp", ".a", ".pc", ".rs",
    ]
    .iter()
    .any(|ending| file.ends_with(ending))
}

/// Tests of a package that nothing outside of them imports.
fn unused_tests(site: &Path, files: &[String]) -> Result<BTreeSet<String>> {
    let (tests, others): (Vec<&String>, Vec<&String>) = files
        .iter()
        .partition(|file| file.split('/').rev().skip(1).any(|part| part == "tests"));
    for file in others.into_iter().filter(|file| file.ends_with(".py")) {
        let path = site.join(file);
        let text = fs::read(&path).on("read", &path)?;
        let text = String::from_utf8_lossy(&text);
        let imports_tests = |line: &str| {
            let line = line.trim_start();
            (line.starts_with("from ") || line.starts_with("import ")) && line.contains("tests")
        };
        if text.lines().any(imports_tests) {
            return Ok(BTreeSet::new());
        }
    }
    Ok(tests.into_iter().cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_of(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn found(name: &str, file: &str) -> Found {
        Found {
            name: name.to_owned(),
            file: file.to_owned(),
        }
    }

    #[test]
    fn bills_of_materials_of_the_build_are_dropped() {
        let site = folder_of(&[
            ("x/__init__.py", ""),
            ("x-1.0.dist-info/METADATA", "Name: x\nVersion: 1.0\n"),
            ("x-1.0.dist-info/sboms/x.cyclonedx.json", "/home/me/x"),
        ]);

        tidy(site.path(), &[]).unwrap();

        assert!(site.path().join("x-1.0.dist-info/METADATA").is_file());
        assert!(
            !site
                .path()
                .join("x-1.0.dist-info/sboms/x.cyclonedx.json")
                .exists()
        );
    }

    #[test]
    fn paths_of_this_machine_are_hidden_in_text_and_nowhere_else() {
        let site = folder_of(&[
            ("x/_build_config.py", "at = '/tmp/a/b/x.c'\n"),
            ("x/y.py", ""),
        ]);
        let binary = site.path().join("x/data.bin");
        fs::write(&binary, b"\xff/tmp/a").unwrap();

        let private = [("/tmp/a/b", "/x"), ("/tmp/a", "/build")];
        let private = private.map(|(path, stands_for)| (path.to_owned(), stands_for.to_owned()));
        hide_paths(site.path(), &private).unwrap();

        let text = fs::read_to_string(site.path().join("x/_build_config.py")).unwrap();
        assert_eq!(text, "at = '/x/x.c'\n");
        assert_eq!(fs::read(binary).unwrap(), b"\xff/tmp/a");
    }

    #[test]
    fn the_licenses_of_a_library_are_part_of_the_metadata() {
        let site = folder_of(&[
            ("x-1.0.dist-info/METADATA", "Name: x\nVersion: 1.0\n"),
            ("x-1.0.dist-info/RECORD", "x/__init__.py,,\n"),
        ]);
        let texts = folder_of(&[("COPYING", "free\n")]);

        add_licenses("y", texts.path(), site.path()).unwrap();

        let metadata = site.path().join("x-1.0.dist-info");
        assert!(metadata.join("licenses/y/COPYING").is_file());
        let record = fs::read_to_string(metadata.join("RECORD")).unwrap();
        assert!(
            record.ends_with("\nx-1.0.dist-info/licenses/y/COPYING,,\n"),
            "{record}"
        );
    }

    #[test]
    fn the_name_of_a_module_is_its_path_in_the_site_folder() {
        for (file, name) in [
            ("yaml/_yaml.cpython-313-wasm32-wasi.so", Some("yaml._yaml")),
            ("x/fast.abi3.so", Some("x.fast")),
            ("top.so", Some("top")),
            ("x/__init__.py", None),
        ] {
            assert_eq!(module_name(file).as_deref(), name);
        }
    }

    #[test]
    fn the_data_of_a_wheel_goes_where_an_installer_puts_it() {
        assert_eq!(place("x/__init__.py"), Some("x/__init__.py"));
        assert_eq!(place("x-1.data/purelib/x/y.py"), Some("x/y.py"));
        assert_eq!(place("x-1.data/scripts/x"), None);
    }

    #[test]
    fn a_folder_with_only_modules_stays_a_package() {
        let site = folder_of(&[
            ("google/_upb/_message.abi3.so", ""),
            ("google/_upb/_message.pyi", ""),
        ]);
        let modules = [found(
            "google._upb._message",
            "google/_upb/_message.abi3.so",
        )];

        tidy(site.path(), &modules).unwrap();

        assert_eq!(
            tree::files(site.path()).unwrap(),
            ["google/_upb/__init__.py"]
        );
    }

    #[test]
    fn tests_stay_only_if_something_imports_them() {
        let modules = [found("x.y", "x/y.so")];
        let files = [("x/y.so", ""), ("x/tests/test_x.py", ""), ("x/y.h", "")];
        let alone = folder_of(&[&files[..], &[("x/__init__.py", "import x.y\n")]].concat());
        let imported = folder_of(
            &[
                &files[..],
                &[("x/__init__.py", "from x.tests.util import test\n")],
            ]
            .concat(),
        );

        tidy(alone.path(), &modules).unwrap();
        tidy(imported.path(), &modules).unwrap();

        assert_eq!(tree::files(alone.path()).unwrap(), ["x/__init__.py"]);
        assert_eq!(
            tree::files(imported.path()).unwrap(),
            ["x/__init__.py", "x/tests/test_x.py"]
        );
    }

    #[test]
    fn a_library_that_is_not_a_module_is_rejected() {
        let bench = crate::object::bench::Bench::new();
        let object = bench.object("x.c", "int encrypt(void) { return 1; }");
        let site = folder_of(&[]);
        fs::copy(object, site.path().join("_raw_aes.so")).unwrap();

        let error = modules(site.path()).unwrap_err().to_string();

        assert!(
            error.contains("it does not define `PyInit__raw_aes`"),
            "{error}"
        );
    }
}
