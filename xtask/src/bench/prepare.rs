//! What the benchmarks run, built and installed below `target/bench`: only what is not there yet.

use std::fs;
use std::path::{Path, PathBuf};

use super::process::Program;
use super::strip::strip;
use crate::cargo::{GUEST_TARGET, Step, set_up, workspace};
use crate::python::{self, Interpreters};

/// The last release when this was written; it brings a CPython of its own.
const COMPONENTIZE: &str = "componentize-py==0.25.1";

/// The versions that the measured guests are locked to.
const PACKAGES: [&str; 3] = ["pydantic==2.12.5", "numpy==2.4.6", "pandas==2.3.3"];

/// The world of the component: one function, no imports beyond those of its Python.
const WORLD: &str = "package bench:guest;\n\nworld guest {\n  export process: func();\n}\n";

/// Where everything is.
pub(crate) struct Bench {
    pub(crate) folder: PathBuf,
    pub(crate) interpreters: Interpreters,
    /// The program that runs one module.
    pub(crate) measure: PathBuf,
}

impl Bench {
    /// Does the set-up and builds the program that measures.
    pub(crate) fn prepare() -> Result<Self, String> {
        set_up()?;
        // The workspace optimises dependencies, wasmtime among them, in this profile too. By its name as a
        // package it would get features of its own, and wasmtime would be compiled once more.
        Step::new("build --bin measure").run()?;
        let folder = workspace().join("target/bench");
        fs::create_dir_all(&folder)
            .map_err(|error| format!("could not create `{}`: {error}", folder.display()))?;
        Ok(Self {
            folder,
            interpreters: python::interpreters(&python::setup()?)?,
            measure: workspace().join("target/debug/measure"),
        })
    }

    /// The folder with the measured Python.
    pub(crate) fn programs(&self) -> PathBuf {
        workspace().join("benches/programs")
    }

    /// The guest in this folder of `benches`, stripped; built if anything changed.
    pub(crate) fn guest(&self, name: &str) -> Result<PathBuf, String> {
        Step::new("build --release --target")
            .args([GUEST_TARGET, "--package", &format!("bench-{name}")])
            .run()?;
        let release = workspace().join("target").join(GUEST_TARGET);
        let linked = release.join("release").join(format!("bench_{name}.wasm"));
        let guest = self.folder.join(name).with_extension("wasm");
        if is_older(&guest, &linked) {
            let failed = |error| format!("could not strip `{}`: {error}", linked.display());
            let wasm = fs::read(&linked).map_err(failed)?;
            let stripped =
                strip(&wasm).ok_or_else(|| format!("`{}` is cut off", linked.display()))?;
            fs::write(&guest, stripped).map_err(failed)?;
        }
        Ok(guest)
    }

    /// The guest's snapshot.
    pub(crate) fn snapshot(&self, guest: &Path) -> Result<PathBuf, String> {
        let snapshot = guest.with_extension("snapshot.wasm");
        if is_older(&snapshot, guest) {
            Program::new(&self.measure)
                .args(["snapshot"])
                .path(guest)
                .path(&snapshot)
                .run()?;
        }
        Ok(snapshot)
    }

    /// The machine code of a module or a component.
    pub(crate) fn compiled(&self, wasm: &Path, component: bool) -> Result<PathBuf, String> {
        let name = wasm.file_name().unwrap_or_default();
        let compiled = self.folder.join(name).with_extension("compiled");
        if is_older(&compiled, wasm) || is_older(&compiled, &self.measure) {
            Program::new(&self.measure)
                .args(["compile"])
                .path(wasm)
                .path(&compiled)
                .args(component.then_some("--component"))
                .run()?;
        }
        Ok(compiled)
    }

    /// A copy of the standard library with bytecode, for CPython's own command.
    pub(crate) fn stdlib(&self) -> Result<PathBuf, String> {
        let library = self.folder.join("stdlib");
        if !library.join("__pycache__").is_dir() {
            Program::new(Path::new("cp"))
                .args(["-R", "-L"])
                .path(&self.interpreters.stdlib)
                .path(&library)
                .run()?;
            // Not every file in there is for this Python, and compileall's status says so.
            let compile = "import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2, \
                           invalidation_mode=__import__('py_compile').PycInvalidationMode.UNCHECKED_HASH)";
            Program::new(&self.interpreters.native)
                .args(["-c", compile])
                .path(&library)
                .run()?;
        }
        Ok(library)
    }

    /// A folder with the packages for the native CPython, bytecode included.
    pub(crate) fn native_packages(&self) -> Result<PathBuf, String> {
        let packages = self.folder.join("packages");
        if !packages.join("pandas").is_dir() {
            python::install(&self.interpreters, &packages, PACKAGES)?;
        }
        Ok(packages)
    }

    /// A component made by componentize-py that imports `modules`.
    pub(crate) fn component(&self, modules: &[String]) -> Result<PathBuf, String> {
        let work = self.folder.join("componentize");
        let component = self.folder.join("component.wasm");
        // Its CPython is built without some of them, such as bz2.
        let imports: String = modules
            .iter()
            .map(|module| format!("try:\n    import {module}\nexcept ImportError:\n    pass\n"))
            .collect();
        let app =
            format!("{imports}\n\nclass WitWorld:\n    def process(self) -> None:\n        pass\n");
        let source = work.join("app.py");
        if component.is_file() && fs::read_to_string(&source).is_ok_and(|text| text == app) {
            return Ok(component);
        }
        let written = |file: PathBuf, text: &str| {
            fs::write(&file, text)
                .map_err(|error| format!("could not write `{}`: {error}", file.display()))
        };
        fs::create_dir_all(&work)
            .map_err(|error| format!("could not create `{}`: {error}", work.display()))?;
        written(work.join("guest.wit"), WORLD)?;
        written(source, &app)?;
        let uv = &self.interpreters.uv;
        let tool = work.join("venv/bin/componentize-py");
        if !tool.is_file() {
            Program::new(uv)
                .args(["venv", "--clear", "--python"])
                .path(&self.interpreters.native)
                .path(&work.join("venv"))
                .run()?;
            Program::new(uv)
                .args(["pip", "install", "--python"])
                .path(&work.join("venv/bin/python"))
                .args([COMPONENTIZE])
                .run()?;
        }
        Program::new(&tool)
            .args(["-d"])
            .path(&work.join("guest.wit"))
            .args(["-w", "guest", "componentize", "app", "-p"])
            .path(&work)
            .args(["-o"])
            .path(&component)
            .run()?;
        Ok(component)
    }
}

fn is_older(made: &Path, from: &Path) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    match (time(made), time(from)) {
        (Ok(made), Ok(from)) => made < from,
        _ => true,
    }
}
