//! Builds small packages, one for each behavior.
//!
//! They need a package index and the tools of `cargo wadup setup`, so only `cargo xtask test` runs them.

use std::fs::File;
use std::path::PathBuf;

use super::*;
use crate::base::{self, Place, Request};
use crate::environment::Environment;
use crate::extension::Extension;
use crate::extension::build_all;
use crate::object;
use crate::plan::Plan;
use crate::progress::Silent;
use crate::site::{DistributionFile, LockPolicy, Uv};
use crate::source::Sources;
use crate::{store, uv};

/// A guest's folder, with its own store.
struct Guest {
    folder: tempfile::TempDir,
    store: Store,
    environment: Environment,
}

impl Guest {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            store: Store::new(folder.path().join("store"), Box::new(Silent)),
            environment: Environment::of_process(),
            folder,
        }
    }

    /// An sdist of setuptools with these files beside its setup.py, which calls `setup` with `arguments`.
    fn sdist(&self, name: &str, arguments: &str, files: &[(&str, &str)]) -> NativePackage {
        let setup = format!(
            "from setuptools import setup, Extension\nsetup(name='{name}', version='1', {arguments})\n"
        );
        let file = self.folder.path().join(format!("{name}-1.tar.gz"));
        let packed = flate2::write::GzEncoder::new(
            File::create(&file).unwrap(),
            flate2::Compression::fast(),
        );
        let mut archive = tar::Builder::new(packed);
        for (path, text) in files.iter().chain(&[("setup.py", &*setup)]) {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            archive
                .append_data(&mut header, format!("{name}-1/{path}"), text.as_bytes())
                .unwrap();
        }
        archive.into_inner().unwrap().finish().unwrap();
        NativePackage {
            name: name.to_owned(),
            version: "1".to_owned(),
            sdist: DistributionFile {
                name: format!("{name}-1.tar.gz"),
                address: file.display().to_string(),
                sha256: hash::of_file(&file).unwrap(),
            },
            reason: "required by pyproject.toml".to_owned(),
            has_native_wheels: true,
        }
    }

    /// The same with a pyproject.toml that names another backend.
    fn sdist_of(&self, backend: &str, name: &str, files: &[(&str, &str)]) -> NativePackage {
        let requires = backend.split(['.', ':']).next().unwrap().replace('_', "-");
        let requires = requires.replace("mesonpy", "meson-python");
        let pyproject = format!(
            "[build-system]\nrequires = ['{requires}']\nbuild-backend = '{backend}'\n\
             [project]\nname = '{name}'\nversion = '1'\n"
        );
        let pyproject = [("pyproject.toml", &*pyproject)];
        self.sdist(name, "", &[files, &pyproject].concat())
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.folder.path().join(file), text).unwrap();
    }

    fn build(&self, packages: &[NativePackage], locked: bool) -> Result<Vec<Extension>> {
        let environment = &self.environment;
        let shared = Store::new(store::folder(environment).unwrap(), Box::new(Silent));
        let base = Place {
            environment,
            store: &shared,
            sources: &Sources::new(environment, &shared),
        }
        .find(&Request::default())
        .unwrap();
        let rustc = Program::new(Tool::Rust, "rustc", "testing")
            .arg("-vV")
            .output()
            .unwrap();
        let python = base.interpreter();
        let rustup_home = base::rustup_home(environment);
        let plan = Plan::read(self.folder.path()).unwrap();
        let context = BuildContext {
            base: &base,
            plan: &plan,
            sources: &Sources::new(environment, &self.store),
            uv: Uv {
                program: &uv::find(environment, shared.root()).unwrap(),
                python: &python,
                release: base.release,
                project: self.folder.path(),
                supplied: None,
                offline: false,
            },
            path: &environment.system("PATH").unwrap(),
            cargo: &base::cargo(environment),
            cargo_home: &base::cargo_home(environment).unwrap(),
            rustup_home: rustup_home.as_deref(),
            rustc: &rustc,
        };
        let policy = LockPolicy {
            locked,
            spare: self.folder.path(),
        };
        let lock = BuildLock::read(&plan, None, &policy).unwrap();
        Ok(build_all(packages, &context, &self.store, lock)?.0)
    }

    fn lock(&self) -> String {
        fs::read_to_string(self.folder.path().join("wadup.lock")).unwrap()
    }

    fn rejected(&self, name: &str, arguments: &str, files: &[(&str, &str)]) -> String {
        let package = self.sdist(name, arguments, files);
        self.build(&[package], false).unwrap_err().to_string()
    }
}

fn object(extension: &Extension, module: &str) -> PathBuf {
    extension
        .artifact()
        .join("objects")
        .join(format!("{module}.o"))
}

/// A module that contains its source path, and calls a function that wasi-libc lacks.
const FAST: &str = r#"
#include <Python.h>
#include <unistd.h>
static PyObject *where(PyObject *self) { return fork() < 0 ? PyUnicode_FromString(__FILE__) : NULL; }
static PyMethodDef methods[] = {{"where", (PyCFunction)(void (*)(void))where, METH_NOARGS, ""}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_fast", "", 0, methods};
PyMODINIT_FUNC PyInit__fast(void) { return PyModule_Create(&module); }
"#;

const OF_FAST: &str = "packages=['fast'], ext_modules=[Extension('fast._fast', ['fast/_fast.c'])]";

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn a_module_is_reproducible_in_every_store_and_contains_no_path_of_this_machine() {
    let files = [("fast/__init__.py", ""), ("fast/_fast.c", FAST)];
    let guests = [Guest::new(), Guest::new()];

    let [first, second] = guests.each_ref().map(|guest| {
        let package = guest.sdist("fast", OF_FAST, &files);
        let built = guest.build(&[package], false).unwrap();
        fs::read(object(&built[0], "fast._fast")).unwrap()
    });

    assert_eq!(
        object::definitions(&first).unwrap(),
        ["wadup_init_fast__1fast"]
    );
    let text = String::from_utf8_lossy(&first);
    for guest in &guests {
        assert!(!text.contains(&*guest.folder.path().to_string_lossy()));
    }
    assert!(first == second, "the objects differ");
}

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn build_requirements_are_locked_and_wadup_locked_keeps_the_lock() {
    let guest = Guest::new();
    let files = [("fast/__init__.py", ""), ("fast/_fast.c", FAST)];
    let package = guest.sdist("fast", OF_FAST, &files);

    let missing = guest
        .build(std::slice::from_ref(&package), true)
        .unwrap_err()
        .to_string();
    guest.build(std::slice::from_ref(&package), false).unwrap();
    let lock = guest.lock();
    guest.build(&[package], true).unwrap();

    assert!(
        missing.contains("does not lock the build requirements of fast"),
        "{missing}"
    );
    assert!(lock.contains("\n# to build fast: sha256:"), "{lock}");
    assert!(
        lock.contains("\nsetuptools==") && lock.contains("--hash=sha256:"),
        "{lock}"
    );
    assert!(!lock.contains("://"), "{lock}");
    assert_eq!(guest.lock(), lock);
}

const MESON: &str = "project('meson-built', 'c')
py = import('python').find_installation()
py.extension_module('_fast', 'fast.c', install: true, subdir: 'meson_built', dependencies: py.dependency())
";

const CMAKE: &str = "cmake_minimum_required(VERSION 3.15)
project(cmake_built LANGUAGES C)
find_package(Python REQUIRED COMPONENTS Interpreter Development.Module)
python_add_library(_fast MODULE fast.c WITH_SOABI)
install(TARGETS _fast DESTINATION cmake_built)
";

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn every_backend_builds_for_the_guest() {
    let guest = Guest::new();
    let packages = [
        guest.sdist_of(
            "scikit_build_core.build",
            "cmake_built",
            &[("CMakeLists.txt", CMAKE), ("fast.c", FAST)],
        ),
        guest.sdist_of("hatchling.build", "hatched", &[("hatched/__init__.py", "")]),
        guest.sdist_of(
            "mesonpy",
            "meson_built",
            &[("meson.build", MESON), ("fast.c", FAST)],
        ),
    ];

    let built = guest.build(&packages, false).unwrap();

    for (extension, module) in [
        (&built[0], "cmake_built._fast"),
        (&built[2], "meson_built._fast"),
    ] {
        let bytes = fs::read(object(extension, module)).unwrap();
        assert_eq!(object::definitions(&bytes).unwrap().len(), 1, "{module}");
        // A package with one module and no file would be empty otherwise.
        let package = module.replace("._fast", "/__init__.py");
        assert!(extension.artifact().join("python").join(package).is_file());
    }
    assert!(
        built[1]
            .artifact()
            .join("python/hatched/__init__.py")
            .is_file()
    );
}

const THREADS: &str = r#"
#include <Python.h>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>
static std::mutex mutex;
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "locks", "", 0, nullptr};
PyMODINIT_FUNC PyInit_locks(void) {
    std::vector<int> seen;
    std::thread thread([&] { std::lock_guard<std::mutex> lock(mutex); seen.push_back(1); });
    thread.join();
    void (std::vector<int>::*clear)() = &std::vector<int>::clear;
    std::thread(clear, std::ref(seen)).join();
    seen.push_back(2);
    return seen.size() == 1 ? PyModule_Create(&module) : nullptr;
}
"#;

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn cxx_threads_and_packages_without_native_code_build() {
    let guest = Guest::new();
    let threads = guest.sdist(
        "locks",
        "ext_modules=[Extension('locks', ['locks.cpp'])]",
        &[("locks.cpp", THREADS)],
    );
    let pure = guest.sdist(
        "pure",
        "packages=['pure', 'pure.tests']",
        &[("pure/__init__.py", ""), ("pure/tests/__init__.py", "")],
    );

    let built = guest.build(&[threads, pure], false).unwrap();

    assert!(built[0].warning().is_none());
    assert!(object(&built[0], "locks").is_file());
    assert!(
        built[1]
            .warning()
            .unwrap()
            .starts_with("pure: was built without its native code")
    );
    let files = tree::files(&built[1].artifact().join("python")).unwrap();
    for file in ["pure/tests/__init__.py", "pure-1.dist-info/RECORD"] {
        assert!(files.iter().any(|found| found == file), "{files:?}");
    }
}

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn a_failed_build_names_what_was_missing() {
    let guest = Guest::new();
    let source = |text: &'static str| [("x.c", text)];
    let extension = "ext_modules=[Extension('x', ['x.c']";

    let failing = guest.rejected("fails", "**no_such", &[]);
    let library = guest.rejected(
        "library",
        &format!("{extension}, libraries=['zmq'])]"),
        &source("int PyInit_x;"),
    );
    let header = guest.rejected(
        "header",
        &format!("{extension})]"),
        &source("#include <zmq.h>\n"),
    );
    let no_module = guest.rejected(
        "dlopened",
        &format!("{extension})]"),
        &source("int encrypt(void) { return 1; }"),
    );
    let known = guest.rejected(
        "known",
        &format!("{extension}, libraries=['yaml'])]"),
        &source("int PyInit_x;"),
    );
    let fortran = guest.rejected(
        "fortran",
        "py_modules=__import__('subprocess').check_call(['gfortran', '-c', 'x.f90'])",
        &[],
    );

    for (error, expected) in [
        (
            &failing,
            "fails 1 (required by pyproject.toml) could not be built: ",
        ),
        (&failing, "NameError: name 'no_such' is not defined"),
        (&failing, "full log: "),
        (&failing, "or an overlay: [tool.wadup.native.fails]"),
        (
            &library,
            "help: it needs the library `zmq`, which guests do not have",
        ),
        (
            &known,
            "help: it needs the library `yaml`, which wadup can build: write `libraries = [\"yaml\"]`",
        ),
        (&header, "help: it includes `zmq.h`"),
        (
            &no_module,
            "it is not a Python module: it does not define `PyInit_x`",
        ),
        (&fortran, "help: the package is written in Fortran"),
    ] {
        assert!(error.contains(expected), "{expected} is not in: {error}");
    }
}

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn packages_that_fail_are_reported_together() {
    let guest = Guest::new();
    // One fails when it lists its build requirements, the other when it is built.
    let packages = [
        guest.sdist("first", "**no_such", &[]),
        guest.sdist(
            "second",
            "ext_modules=[Extension('second', ['missing.c'])]",
            &[],
        ),
    ];

    let error = guest.build(&packages, false).unwrap_err().to_string();

    for name in ["first 1 (", "second 1 ("] {
        assert!(error.contains(name), "{error}");
    }
}

/// Cannot be compiled without the patch, nor without the flag.
const BROKEN: &str = "#error broken\n#include <Python.h>\n#define QUOTED(text) #text\n#define NAMED(name) QUOTED(name)\n\
    static PyMethodDef methods[] = {{NULL}};\n\
    static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, \"mended\", NAMED(FROM_OVERLAY), 0, methods};\n\
    PyMODINIT_FUNC PyInit_mended(void) { return PyModule_Create(&module); }\n";

const PATCH: &str = "It is broken.\n\n--- a/mended.c\n+++ b/mended.c\n@@ -1,2 +1 @@\n-#error broken\n #include <Python.h>\n";

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn the_users_overlay_reaches_the_build_and_is_part_of_its_key() {
    let guest = Guest::new();
    let arguments = "ext_modules=[Extension('mended', ['mended.c'])]";
    let package = guest.sdist("mended", arguments, &[("mended.c", BROKEN)]);
    let overlaid = |value: &str| {
        guest.write(
            "pyproject.toml",
            &format!("[tool.wadup.native.mended]\ncflags = ['-DFROM_OVERLAY={value}']\npatches = ['fix.patch']\n"),
        );
        let built = guest.build(std::slice::from_ref(&package), false).unwrap();
        fs::read(object(&built[0], "mended")).unwrap()
    };

    let without = guest.build(std::slice::from_ref(&package), false);
    guest.write("fix.patch", PATCH);
    let [first, second] = ["first", "second"].map(overlaid);

    assert!(without.unwrap_err().to_string().contains("#error broken"));
    let contains = |bytes: &[u8], text: &str| String::from_utf8_lossy(bytes).contains(text);
    assert!(contains(&first, "first") && contains(&second, "second"));
}

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn a_build_that_asks_for_the_network_says_so() {
    if super::offline::way().is_none() {
        // The system does not allow it, as TRUST.md says.
        return;
    }
    let asking = "py_modules=__import__('urllib.request').request.urlopen('http://example.org')";

    let error = Guest::new().rejected("asking", asking, &[]);

    assert!(
        error.contains("help: it downloads while it builds"),
        "{error}"
    );
}

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn crates_that_cannot_be_fetched_are_an_error_of_the_package() {
    let guest = Guest::new();
    let package = guest.sdist_of(
        "maturin",
        "stale",
        &[
            (
                "Cargo.toml",
                "[package]\nname = 'stale'\nversion = '1.0.0'\n[dependencies]\nitoa = '1'\n",
            ),
            ("Cargo.lock", "version = 4\n"),
            ("src/lib.rs", ""),
        ],
    );

    let error = guest.build(&[package], false).unwrap_err().to_string();

    assert!(
        error.starts_with("stale 1 (required by pyproject.toml) could not be built: fetching the crates of stale failed"),
        "{error}"
    );
    assert!(error.contains("--locked"), "{error}");
}
