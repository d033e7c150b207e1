//! Cross-compiles packages with meson, which gets the guest's sysconfig.
//!
//! meson asks a Python for the headers, sizes and names that extension modules must have, and Cython runs in that same
//! Python. It is the build Python with the guest's sysconfig data, as in CPython's cross builds.
//! Each module that meson "links" becomes one relocatable object (`compile.sh`), which is isolated afterwards.

mod package;
mod signatures;
mod tools;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

pub(super) use package::{BeforeAll, Meson, MesonPackage, Package};
pub(super) use signatures::Accepted;
pub(super) use tools::Tools;

use super::isolate::{self, Constructors, Export};
use super::{BuildContext, Contents, ExtensionModule};
use crate::command::Program;
use crate::cpython;
use crate::environment::{self, Tool};
use crate::error::{Error, FileContext, Result};
use crate::hash;
use crate::store::{Artifact, Inputs, RecipeDirs, code};
use crate::toolchain::{Cxx, Toolchain};
use crate::tree;

const COMPILE: &str = include_str!("compile.sh");

/// The options of all packages, in addition to their own.
const OPTIONS: [&str; 4] = [
    "--prefix=/",
    "--buildtype=release",
    "-Dpython.platlibdir=/site",
    "-Dpython.purelibdir=/site",
];

/// The libraries of wasi-libc that meson's test programs may need.
const EMULATION: [&str; 4] = [
    "-lwasi-emulated-signal",
    "-lwasi-emulated-getpid",
    "-lwasi-emulated-process-clocks",
    "-lwasi-emulated-mman",
];

/// A package's source, and how it wants to be built.
pub(super) struct Project<'a> {
    pub(super) name: &'a str,
    pub(super) tree: &'a Path,
    pub(super) context: &'a BuildContext<'a>,
    pub(super) cxx: &'a Cxx,
    pub(super) tools: &'a Artifact,
    /// The arguments to Python that start meson: the package may bring its own.
    pub(super) meson: Vec<OsString>,
    pub(super) options: &'a [&'a str],
    /// Flags for all C and C++ files of the package.
    pub(super) flags: Vec<String>,
    /// Folders whose Python modules the build itself imports.
    pub(super) python_path: Vec<PathBuf>,
    /// Findings about signatures that are known to be harmless.
    pub(super) accepted: &'a [Accepted],
}

/// The code that decides the bytes of every package that is built here.
fn inputs(code: &[&str], context: &BuildContext<'_>, cxx: &Cxx, tools: &Artifact) -> Inputs {
    isolate::with_code(Inputs::of_code(code))
        .with_code("meson", code!["mod.rs", "package.rs", "signatures.rs"])
        .with("toolchain", context.base.toolchain.identity())
        .with("libc++", cxx.identity())
        .with("compile", hash::of_bytes(COMPILE))
        .with("options", OPTIONS.join(" "))
        .with_artifact(tools)
        .with_artifact(&context.base.python)
}

impl Project<'_> {
    /// Configures, compiles and installs the package, and returns the site folder with its files.
    ///
    /// # Errors
    /// When any of it fails, and when a function would be called through a pointer of another signature.
    pub(super) fn build(&self, dirs: &RecipeDirs<'_>) -> Result<PathBuf> {
        let machine = dirs.scratch.join("machine");
        fs::create_dir_all(&machine).on("create", &machine)?;
        let cross = self.describe_machine(&machine)?;
        let build = dirs.scratch.join("build");

        self.python(&machine, dirs, "configuring")
            .args(&self.meson)
            .arg("setup")
            .arg(&build)
            .arg("--cross-file")
            .arg(&cross)
            .args(OPTIONS)
            .args(self.options)
            .run()?;
        self.program(
            Program::new(
                Tool::Make,
                self.tools.join("bin/ninja"),
                self.purpose("building"),
            ),
            &machine,
            dirs,
        )
        .arg(format!("-j{}", environment::jobs()))
        .arg("-C")
        .arg(&build)
        .run()?;
        signatures::check_casts(dirs.log, self.accepted)?;

        let installed = dirs.scratch.join("installed");
        self.python(&machine, dirs, "installing")
            .env("DESTDIR", &installed)
            .args(&self.meson)
            .args(["install", "--no-rebuild", "--quiet", "-C"])
            .arg(&build)
            .run()?;
        Ok(installed.join("site"))
    }

    fn purpose(&self, doing: &str) -> String {
        format!("{doing} {}", self.name)
    }

    /// The build Python, with the guest's sysconfig.
    fn python(&self, machine: &Path, dirs: &RecipeDirs<'_>, doing: &str) -> Program {
        let python = Program::new(
            Tool::Make,
            self.context.base.interpreter(),
            self.purpose(doing),
        );
        self.program(python, machine, dirs)
    }

    fn program(&self, program: Program, machine: &Path, dirs: &RecipeDirs<'_>) -> Program {
        let mut modules = self.python_path.clone();
        modules.extend([machine.to_owned(), self.tools.path().to_owned()]);
        program
            .current_dir(self.tree)
            .log(dirs.log)
            .env("PYTHONPATH", joined(&modules))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            // Cython writes dictionaries and sets in hash order.
            .env("PYTHONHASHSEED", "0")
            .env("_PYTHON_SYSCONFIGDATA_NAME", cpython::SYSCONFIG_MODULE)
            .env("_PYTHON_HOST_PLATFORM", "wasi-wasm32")
            .env("PATH", self.context.path_with(&self.tools.join("bin")))
    }

    /// Writes what meson cannot detect about the guest.
    fn describe_machine(&self, folder: &Path) -> Result<PathBuf> {
        let base = &self.context.base;
        let data = format!("{}.py", cpython::SYSCONFIG_MODULE);
        tree::copy_file(&base.python.join("stdlib").join(&data), &folder.join(&data))?;
        let compile = folder.join("compile.sh");
        fs::write(&compile, COMPILE).on("write", &compile)?;
        let file = folder.join("cross.ini");
        let text = self.cross_file(&compile);
        fs::write(&file, text).on("write", &file)?;
        Ok(file)
    }

    fn cross_file(&self, compile: &Path) -> String {
        let toolchain: &Toolchain = &self.context.base.toolchain;
        let include = self.context.base.python.join("include");
        let mut c = vec![
            "sh".to_owned(),
            compile.display().to_string(),
            toolchain.wasm_ld().display().to_string(),
            toolchain.clang().display().to_string(),
            // Before all that meson adds: it believes that the headers are the build Python's.
            format!("-I{}", include.display()),
        ];
        c.extend(toolchain.target_flags());
        c.extend([
            format!("-ffile-prefix-map={}=/{}", self.tree.display(), self.name),
            signatures::WARNING.to_owned(),
        ]);
        let cpp: Vec<String> = c.iter().cloned().chain(self.cxx.flags()).collect();
        let flags = list(&self.flags);
        let libraries = list(EMULATION);
        let search = self.cxx.search();
        let cpp_libraries = list(EMULATION.into_iter().chain([search.as_str()]));
        format!(
            "[binaries]\n\
             c = {c}\n\
             cpp = {cpp}\n\
             ar = {ar}\n\
             python = {python}\n\
             cython = 'cython'\n\
             pkg-config = 'false'\n\
             [properties]\n\
             needs_exe_wrapper = true\n\
             skip_sanity_check = true\n\
             longdouble_format = 'IEEE_QUAD_LE'\n\
             [built-in options]\n\
             b_ndebug = '{without_assertions}'\n\
             c_args = {flags}\n\
             cpp_args = {flags}\n\
             c_link_args = {libraries}\n\
             cpp_link_args = {cpp_libraries}\n\
             [host_machine]\n\
             system = 'wasi'\n\
             cpu_family = 'wasm32'\n\
             cpu = 'wasm32'\n\
             endian = 'little'\n",
            c = list(c),
            cpp = list(cpp),
            without_assertions = !toolchain.asserts(),
            ar = quoted(&toolchain.ar().display().to_string()),
            python = quoted(&self.context.base.interpreter().display().to_string()),
        )
    }

    /// Creates the artifact's content from the installed files: an isolated object for each module, and the Python files and
    /// data that a guest can use.
    pub(super) fn collect(
        &self,
        site: &Path,
        is_for_tests: impl Fn(&str) -> bool,
        dirs: &RecipeDirs<'_>,
    ) -> Result<Contents> {
        let objects = dirs.content.join("objects");
        fs::create_dir_all(&objects).on("create", &objects)?;
        let python = dirs.content.join("python");
        let mut contents = Contents {
            cxx: true,
            ..Contents::default()
        };
        for file in tree::files(site)? {
            if let Some(name) = module_name(&file) {
                let module = ExtensionModule::named(&name);
                let object = module.object();
                let linked = site.join(&file);
                self.isolate(&linked, &module, &objects.join(&object), dirs.log)?;
                if is_for_tests(&name) {
                    contents.test_modules.push(module);
                } else {
                    contents.modules.push(module);
                    contents.objects.push(object);
                }
            } else if is_for_guests(&file) {
                tree::copy_file(&site.join(&file), &python.join(&file))?;
            }
        }
        if contents.modules.is_empty() {
            return Err(Error::malformed(site, "the build made no extension module"));
        }
        Ok(contents)
    }

    fn isolate(
        &self,
        linked: &Path,
        module: &ExtensionModule,
        object: &Path,
        log: &Path,
    ) -> Result<()> {
        let export = Export {
            from: module.original_symbol(),
            to: module.symbol.clone(),
        };
        isolate::merge_isolated(
            self.context.base.toolchain.wasm_ld(),
            &[linked.to_owned()],
            &[export],
            Constructors::AtImport,
            object,
            log,
        )
    }

    /// Removes the paths of this machine from a file that the build wrote.
    pub(super) fn without_private_paths(&self, file: &Path, scratch: &Path) -> Result<()> {
        let base = &self.context.base;
        let mut text = fs::read_to_string(file).on("read", file)?;
        let private = [
            (scratch, "/build"),
            (base.build_python.path(), "/build-python"),
            (base.python.path(), "/python"),
            (base.toolchain.sysroot(), "/sysroot"),
        ];
        for (path, stands_for) in private {
            text = text.replace(&path.display().to_string(), stands_for);
        }
        fs::write(file, text).on("write", file)
    }
}

/// The dotted name of an extension module, by its path in a site folder.
fn module_name(file: &str) -> Option<String> {
    let stem = file.strip_suffix(".so")?;
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let name = name.split('.').next()?;
    let dotted = format!("{folder}/{name}").replace('/', ".");
    Some(dotted.trim_start_matches('.').to_owned())
}

/// Whether a file of a package is of any use at run time: not what other packages are built with, nor the tests.
fn is_for_guests(file: &str) -> bool {
    let folder_of_tests = file.split('/').any(|part| part == "tests");
    let for_builds = [".pyi", ".pxd", ".pyx", ".pyc", ".h", ".a", ".pc", ".pxi"]
        .iter()
        .any(|ending| file.ends_with(ending));
    !folder_of_tests && !for_builds
}

fn joined(paths: &[PathBuf]) -> OsString {
    let mut text = OsString::new();
    for path in paths {
        if !text.is_empty() {
            text.push(":");
        }
        text.push(path);
    }
    text
}

/// A list in meson's own notation.
fn list<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> String {
    let items: Vec<String> = items
        .into_iter()
        .map(|item| quoted(item.as_ref()))
        .collect();
    format!("[{}]", items.join(", "))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// The metadata that `importlib.metadata` reads.
fn write_metadata(tree: &Path, package: &str, version: &str, dirs: &RecipeDirs<'_>) -> Result<()> {
    let info = format!("python/{package}-{version}.dist-info/METADATA");
    tree::copy_file(&tree.join("PKG-INFO"), &dirs.content.join(info))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_module_is_its_path_in_the_site_folder() {
        assert_eq!(
            module_name("numpy/_core/_multiarray_umath.cpython-313-wasm32-wasi.so").as_deref(),
            Some("numpy._core._multiarray_umath")
        );
        assert_eq!(module_name("top.so").as_deref(), Some("top"));
        assert_eq!(module_name("numpy/__init__.py"), None);
    }

    #[test]
    fn tests_and_headers_stay_out_of_guests() {
        for file in [
            "numpy/testing/__init__.py",
            "pandas/io/formats/templates/html.tpl",
        ] {
            assert!(is_for_guests(file), "{file}");
        }
        for file in [
            "numpy/tests/test_lib.py",
            "numpy/_core/include/numpy/ndarrayobject.h",
            "numpy/__init__.pyi",
        ] {
            assert!(!is_for_guests(file), "{file}");
        }
    }

    #[test]
    fn a_list_is_written_as_meson_reads_it() {
        assert_eq!(list(["a b", "it's"]), r"['a b', 'it\'s']");
    }
}
